"""The lines of a Word document by which it is read in again: whose return it is, and which question a table is of.

Reference of the document:  Return <id of the return>
Reference of a question:    <number> | <code of the question> | <version of its answer> | <mark of what was taken out>
"""

import hashlib
import json
import re
import uuid
from dataclasses import dataclass

from audits.answering.values import plain_number
from audits.asking import scale_of
from audits.models import Wording
from partnership.ui.dates import plain
from partnership.ui.listing import id_of

Kind = Wording.Kind
RETURN = "Return"
OF_QUESTION = re.compile(
    r"(?P<ref>[^|]*)\|\s*(?P<code>[-\w]+)\s*\|\s*(?P<version>\d{1,9})\s*\|\s*(?P<mark>[0-9a-f]{12})"
)
# What XML 1.0 cannot carry, and a Word file therefore cannot either.
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

REFERENCE, ANSWER, WORDS, NOT_APPLY, ROWS = "Reference", "Answer", "In words", "Does not apply, because", "Rows"
QUESTION = "Question"
OPTIONAL = "May be left empty."
# How the lines beside the tables begin.
OF_CHOICES, OF_EVIDENCE, OF_TAKEN_OVER, OF_THE_DAY = (
    "Answer with one of: ",
    "Evidence: ",
    "Taken over, ",
    "Taken out on ",
)


@dataclass(frozen=True)
class Reference:
    code: str
    version: int
    mark: str


def clean_text(text) -> str:
    """A text as a Word document carries it: line ends as one character, none that XML lacks, no spaces at line ends."""
    text = NOT_IN_XML.sub("", str(text or "").replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " "))
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def of_document(row) -> str:
    return f"{RETURN} {row.pk}"


def return_named(text) -> uuid.UUID | None:
    """The return that the reference of a document names."""
    found = re.fullmatch(rf"{RETURN}\s+([0-9a-f-]{{36}})", clean_text(text))
    return id_of(found[1]) if found else None


def of_question(wording, answer) -> str:
    version = answer.version if answer else 0
    return f"{wording.ref} | {wording.question.code} | {version} | {mark_of(wording, answer)}"


def question_named(text) -> Reference | None:
    found = OF_QUESTION.fullmatch(clean_text(text))
    return Reference(found["code"], int(found["version"]), found["mark"]) if found else None


def mark_of(wording, answer) -> str:
    """Twelve characters of SHA-256 over what the document says of an answer: whether it was changed in Word."""
    return mark_of_cells(cells_of(wording, answer))


def mark_of_cells(cells: dict) -> str:
    text = json.dumps({name: cells[name] for name in sorted(cells) if cells[name]}, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def labels_of(wording) -> list[str]:
    """The lines of a question's table in which something can be answered."""
    own = {Kind.TEXT: [], Kind.FILE: [], Kind.TABLE: [ROWS]}.get(wording.kind, [ANSWER])
    return [*own, WORDS, *([NOT_APPLY] if wording.may_not_apply else [])]


def cells_of(wording, answer) -> dict:
    """label -> what stands in the document: a text, or (ROWS) a list of rows."""
    found = dict.fromkeys(labels_of(wording), "")
    if answer is None:
        return found
    if ANSWER in found:
        found[ANSWER] = clean_text(_own(wording, answer))
    if ROWS in found:
        found[ROWS] = [[clean_text(cell) for cell in row] for row in answer.rows]
    found[WORDS] = clean_text(answer.text)
    if NOT_APPLY in found:
        found[NOT_APPLY] = clean_text(answer.na_reason)
    return found


def _own(wording, answer) -> str:
    if wording.kind in Wording.CHOSEN:
        return {code: label for code, label, _ in scale_of(wording)}.get(answer.code, answer.code)
    if answer.number is not None:
        return plain_number(answer.number)
    return plain(answer.day) if answer.day else ""
