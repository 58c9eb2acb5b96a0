"""Reading a Word document in again: what it says, beside what is saved, row by row. Nothing is written here.

The file is looked at as every upload is (no macros, nothing fetched, no bombs), read in memory and not kept, so nobody
is ever given it.
"""

import io
import re
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core import signing
from django.core.exceptions import ValidationError

from audits.answering import values as valued
from audits.asking import asked_by, matches, scale_of
from audits.models import Answer
from audits.signing.content import answers_of
from audits.taking import marks
from partnership.documents.contents import kinds
from partnership.documents.names import clean_name
from partnership.documents.refusals import Refused, reason_of

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SALT = "audits.word_in"
LASTS = 60 * 60 * 4  # seconds for which a preview can be taken
MOST_TABLES = 600
WIDE = "\0"  # no label of a line
OUR_WORDS = (marks.OPTIONAL, marks.OF_CHOICES, marks.OF_EVIDENCE, marks.OF_TAKEN_OVER, marks.OF_THE_DAY)
CHANGED, SAME, MEANWHILE, WRONG = KINDS = ("changed", "same", "meanwhile", "wrong")
DAYS = ("%d %B %Y", "%d %b %Y", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %m %Y", "%Y-%m-%d")
NO_REFERENCE = (
    "This document was not taken out of the portal, or its first line called ‘Reference’ is gone. Take the return out "
    "as Word, and answer in that document."
)
OF_ANOTHER = (
    "This document was taken out of another return. Open the return that it belongs to, or take this one out anew."
)
NOT_WORD = "Choose a Word document (DOCX) that was taken out of this return."
CHANGED_REFERENCE = "Its line called ‘Reference’ was changed or is gone."
TOO_WIDE = "It has more than two columns now. Answer in the right-hand column of the table as it was taken out."
ANOTHER_QUESTION = "Its line called ‘Question’ is not that of the question which its ‘Reference’ names."
NO_LINE = "Its line called ‘{}’ is gone or has another name, so it is not known what was answered there."
TABLE_INSIDE = "A table stands in its line called ‘{}’. Write it as text there, or add it to the portal as a file."
NO_HEADINGS = "The first row of its table, with the names of the columns, was changed or is gone."
TOO_LONG_AGO = "This was read too long ago, or is incomplete. Choose the document again: nothing of it was taken."


@dataclass(frozen=True)
class Row:
    """One question of the document. place: 'Table 4'. mine, saved: in words. why: of one that is not understood."""

    place: str
    kind: str
    ref: str
    text: str = ""
    mine: str = ""
    saved: str = ""
    why: str = ""
    question: str = ""
    values: dict = field(default_factory=dict)
    version: int = 0


@dataclass(frozen=True)
class Found:
    """What a document says. absent: how many questions that are asked are not in it. outside: what was written beside
    the tables, which is not read."""

    rows: list
    absent: int
    outside: list

    def of(self, kind) -> list:
        return [row for row in self.rows if row.kind == kind]


def read(row, upload, *, user) -> Found:
    """What an uploaded document says of a return. Raises ValidationError naming `file` for one that is not read."""
    body = _body(upload)
    tables = [each for each in body.iter(f"{W}tbl") if not _inside_table(each)]
    if len(tables) > MOST_TABLES:
        raise ValidationError({"file": "This document has more tables than a return has questions."})
    lines = [_lines(each) for each in tables]
    _must_be_of(row, lines)
    asking = asked_by(row.round.set_version)
    wordings = {each.question.code: each for each in asking.wordings if matches(each.applies, row.facts)}
    answers, rows, seen = answers_of(row, user), [], set()
    for number, table in enumerate(lines, start=1):
        place, reference = f"Table {number}", marks.question_named(_text(table, marks.REFERENCE))
        wording = wordings.get(reference.code) if reference else None
        if reference is None:
            if marks.QUESTION in table:
                rows.append(Row(place, WRONG, "", why=CHANGED_REFERENCE, mine=_as_typed(table)))
        elif wording is None or reference.code in seen:
            why = "It stands twice: the first one counts." if wording else "This question is not asked in this return."
            rows.append(Row(place, WRONG, "", why=why, mine=_as_typed(table)))
        else:
            seen.add(reference.code)
            rows.append(_compared(place, table, reference, wording, answers.get(wording.question_id)))
    return Found(rows, len(wordings) - len(seen), _outside(body, row, asking))


def _compared(place, table, reference, wording, answer) -> Row:
    base = {"place": place, "ref": wording.ref, "text": wording.text, "question": str(wording.question_id)}
    saved, version = valued.in_words(wording, answer), answer.version if answer else 0
    try:
        if _flat(_text(table, marks.QUESTION)) != _flat(marks.clean_text(wording.text)):
            raise ValidationError(ANOTHER_QUESTION)
        cells = _cells(table, wording)
        typed = _values(cells, wording)
        cleaned = valued.clean(wording, typed)
    except ValidationError as wrong:
        return Row(kind=WRONG, why=" ".join(wrong.messages), saved=saved, mine=_as_typed(table), **base)
    untouched = marks.mark_of_cells(cells) == reference.mark
    if untouched or valued.same(cleaned, valued.of(answer)):
        return Row(kind=SAME, saved=saved, **base)
    kind = CHANGED if version == reference.version else MEANWHILE
    mine = valued.in_words(wording, Answer(**cleaned))
    return Row(kind=kind, mine=mine, saved=saved, values=_plain(typed), version=version, **base)


# --- a preview that is carried to the button --------------------------------------------------------------------------


def carried(row, rows) -> str:
    """What the page of the preview carries: the values of the rows that can be taken, sealed for this return."""
    found = [{"q": each.question, "v": each.version, "values": each.values} for each in rows]
    return signing.dumps({"return": str(row.pk), "rows": found}, salt=SALT, compress=True)


def brought(row, text) -> list:
    """The rows of `carried`. Raises ValidationError for what was not made by it, for another return, or too old."""
    try:
        found = signing.loads(text, salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        raise ValidationError(TOO_LONG_AGO) from None
    if found["return"] != str(row.pk):
        raise ValidationError(OF_ANOTHER)
    return found["rows"]


def again(row, stale) -> list[Row]:
    """The rows that `services.take_in` could not save, to be chosen again over what is saved now."""
    wordings = {str(each.question_id): each for each in asked_by(row.round.set_version).wordings}
    found = []
    for each in stale:
        wording, now = wordings[each["q"]], each["now"]
        mine = valued.in_words(wording, Answer(**valued.clean(wording, each["values"])))
        facts = {"question": each["q"], "values": each["values"], "version": now.version if now else 0}
        saved = valued.in_words(wording, now)
        found.append(Row("", MEANWHILE, wording.ref, text=wording.text, mine=mine, saved=saved, **facts))
    return found


# --- the document -----------------------------------------------------------------------------------------------------


def _body(upload):
    from docx import Document  # loads lxml, which no other page needs
    from docx.opc.exceptions import PackageNotFoundError
    from lxml.etree import LxmlError

    name = clean_name(upload.name or "")
    if not name.lower().endswith(".docx"):
        raise ValidationError({"file": NOT_WORD})
    content = upload.read()
    try:
        kinds.look(name, content)
    except Refused as refused:
        raise ValidationError({"file": str(reason_of(refused.code))}) from None
    try:
        return Document(io.BytesIO(content)).element.body
    except (PackageNotFoundError, LxmlError, KeyError, ValueError, AttributeError):
        raise ValidationError({"file": str(reason_of("unreadable"))}) from None


def _must_be_of(row, lines):
    named = next((pk for table in lines if (pk := marks.return_named(_text(table, marks.REFERENCE)))), None)
    if named is None:
        raise ValidationError({"file": NO_REFERENCE})
    if named != row.pk:
        raise ValidationError({"file": OF_ANOTHER})


def _inside_table(element) -> bool:
    return next(element.iterancestors(f"{W}tbl"), None) is not None


def _lines(table) -> dict:
    """label -> the cell beside it, and WIDE -> a further cell, of the rows of a table."""
    found = {}
    for line in table.iterchildren(f"{W}tr"):
        cells = [each for each in line.iter(f"{W}tc") if next(each.iterancestors(f"{W}tbl")) is table]
        if len(cells) > 1:
            found.setdefault(words_of(cells[0]), cells[1])
        if len(cells) > 2:
            found[WIDE] = cells[2]
    return found


def _outside(body, row, asking) -> list[str]:
    """The paragraphs beside the tables which a document does not have when it is taken out."""
    known = {row.agency.name, row.round.title}
    known |= {each.called for each in asking.sections}
    known |= {f"{each.ref} {each.text}" for each in asking.wordings}
    known = {_flat(marks.clean_text(each)) for each in known}
    said = (words_of(each) for each in body.iter(f"{W}p") if not _inside_table(each))
    return [each for each in said if each and _flat(each) not in known and not each.startswith(OUR_WORDS)]


def _flat(text) -> str:
    return " ".join(text.split())


def _text(table, label) -> str:
    return words_of(table[label]) if label in table else ""


def words_of(element) -> str:
    """The words of a cell outside tables in it, with what was inserted and without what was deleted in review."""
    parts: list[str] = []
    _gather(element, parts)
    return marks.clean_text("".join(parts))


def _gather(element, parts):
    for each in element.iterchildren():
        if each.tag in (f"{W}tbl", f"{W}del", f"{W}moveFrom"):
            continue
        if each.tag == f"{W}t":
            parts.append(each.text or "")
        elif each.tag in (f"{W}br", f"{W}cr"):
            parts.append("\n")
        elif each.tag == f"{W}tab":
            parts.append("\t")
        elif each.tag == f"{W}noBreakHyphen":
            parts.append("-")
        else:
            _gather(each, parts)
        if each.tag == f"{W}p":
            parts.append("\n")


def _cells(table, wording) -> dict:
    """As marks.cells_of, of what stands in the document now. Raises ValidationError where it is not plain."""
    if WIDE in table:
        raise ValidationError(TOO_WIDE)
    found = {}
    for label in marks.labels_of(wording):
        if label not in table:
            raise ValidationError(NO_LINE.format(label))
        if label != marks.ROWS and _full_table_in(table[label]):
            raise ValidationError(TABLE_INSIDE.format(label))
        found[label] = _rows(table[label], wording) if label == marks.ROWS else _text(table, label)
    return found


def _full_table_in(cell) -> bool:
    return any("".join(each.itertext()).strip() for each in cell.iter(f"{W}tbl"))


def _rows(cell, wording) -> list:
    inner = next(cell.iter(f"{W}tbl"), None)
    if inner is None:
        raise ValidationError("The table within its line ‘Rows’ is gone. Take the return out anew.")
    lines = [[words_of(each) for each in line.iterchildren(f"{W}tc")] for line in inner.iterchildren(f"{W}tr")]
    heads = [_flat(marks.clean_text(each)) for each in wording.columns]
    if not lines or [_flat(each) for each in lines[0][: len(heads)]] != heads:
        raise ValidationError(NO_HEADINGS)
    return [line for line in lines[1:] if any(line)]


def _values(cells, wording) -> dict:
    found = {"text": cells[marks.WORDS]}
    if marks.NOT_APPLY in cells:
        found["na_reason"] = cells[marks.NOT_APPLY]
    if marks.ROWS in cells:
        found["rows"] = cells[marks.ROWS]
    if said := cells.get(marks.ANSWER, ""):
        name = valued.FIELD_OF[wording.kind]
        found[name] = {"code": _code, "day": _day}.get(name, lambda text, _: text)(said, wording)
    return found


def _code(text, wording) -> str:
    said = _flat(text).rstrip(" .").casefold()
    for code, label, _ in scale_of(wording):
        if said in (code.casefold(), _flat(label).rstrip(".").casefold()):
            return code
    choices = "; ".join(label for _, label, _ in scale_of(wording))
    raise ValidationError(f"‘{text[:80]}’ is none of its answers. Answer with one of: {choices}.")


def _day(text, wording) -> date:
    said = re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", _flat(text))
    for form in DAYS:
        try:
            return datetime.strptime(said, form).date()  # noqa: DTZ007
        except ValueError:
            continue
    raise ValidationError(f"‘{text[:80]}’ is not a date that is understood. Write it like 27 March 2026.")


def _as_typed(table) -> str:
    said = (f"{label}: {words}" for label, cell in table.items()
            if label not in (marks.QUESTION, marks.REFERENCE) and (words := _all_words(cell)))  # fmt: skip
    return "\n".join(said)


def _all_words(cell) -> str:
    """The words of a cell with those of tables in it."""
    inner = (words_of(each) for each in cell.iter(f"{W}tc") if each is not cell)
    return "\n".join(filter(None, [words_of(cell), *inner]))


def _plain(values) -> dict:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
