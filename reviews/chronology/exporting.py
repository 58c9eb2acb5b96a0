"""The chronology as PDF and as spreadsheet: a job's work. Rows are read a part at a time; no cell is a formula."""

import io
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from partnership.access import scope
from partnership.documents.models import Document, Marking
from partnership.documents.services import keep
from partnership.ui.dates import plain
from partnership.ui.sheets import CELL, SAFE, XLSX
from reviews.after import moments_of
from reviews.chronology import reads

PART = 250
TITLES = {"pdf": "Chronology (PDF)", "xlsx": "Chronology (spreadsheet)"}
TYPES = {"pdf": "application/pdf", "xlsx": XLSX}
COLUMNS = (
    ("Date", 24), ("First day", 13), ("Last day", 13), ("Time", 8), ("Date as it was written", 18), ("Source", 30),
    ("Child", 18), ("Event", 70), ("Analysis of practice", 50), ("Child’s voice", 40), ("Beside it", 50),
    ("Recorded by", 22), ("Recorded on", 18),
)  # fmt: skip
GAP = 90


class Withheld(Exception):
    """The person who asked still owes a return of this review."""


def in_order(user, review) -> list:
    """What `reads.in_order` gives, held as ids. Raises Withheld."""
    if reads.owes(user, review):
        raise Withheld
    return list(reads.in_order(reads.entries(user, review)))


def parts(user, review, ordered, progress):
    """Lists of at most PART Shown rows of `ordered`; their words are read only a part at a time."""
    names = {child.pk: child.pseudonym for child in reads.children(user, review)}
    moments = moments_of(user, review.pk)
    for at in range(0, len(ordered), PART):
        progress(5 + 85 * at // len(ordered), f"Row {at + 1:,} of {len(ordered):,}")
        yield reads.dressed(user, ordered[at : at + PART], gap=GAP, names=names, moments=moments)


@dataclass(frozen=True)
class Part:
    """A drawn part: its number, the dates of its first and last entry in words, its first page, how many pages."""

    number: int
    first: str
    last: str
    page: int
    pages: int


def draw(user, review, ordered, progress, *, context, first_page):
    """Yields (Part, bytes) of the chronology in parts of PART entries, numbered on from `first_page` (0: it stands
    alone); a single part has no number. A part at a time: memory stays as it is, however long the chronology."""
    from partnership.ui import pdf  # only a worker draws
    from partnership.ui.pdf_join import pages_of

    many = len(ordered) > PART
    for at, rows in enumerate(parts(user, review, ordered, progress), start=1):
        number = at if many else 0
        told = context | {"rows": rows, "number": number, "first_page": first_page}
        content = pdf.render("reviews/chronology_pdf.html", told)
        part = Part(number, rows[0].entry.when, rows[-1].entry.when, first_page, pages_of(content))
        yield part, content
        first_page += part.pages


def make_pdf(review, *, by, progress) -> bytes:
    """One tagged document (PDF/UA-1), however long: where it has parts, under a page that says where each begins."""
    from partnership.ui import pdf
    from partnership.ui.pdf_join import join

    context = {
        "title": f"Chronology {review.folder.reference}", "review": review, "made_at": timezone.now(), "made_by": by,
    }  # fmt: skip
    with scope.entered():
        ordered = in_order(by, review)
        many = len(ordered) > PART
        drawn = list(draw(by, review, ordered, progress, context=context, first_page=2 if many else 0))
    if not drawn:
        return pdf.render("reviews/chronology_pdf.html", context)
    if not many:
        return drawn[0][1]
    progress(92, "Putting the parts together")
    told = [part for part, _ in drawn]
    facts = {"parts": told, "entries": len(ordered), "last_page": told[-1].page + told[-1].pages - 1, "first_page": 1}
    return join([pdf.render("reviews/chronology_front_pdf.html", context | facts), *(each for _, each in drawn)])


def make_xlsx(review, *, by, progress) -> bytes:
    """Every text is written as a text: nothing becomes a formula or a link."""
    import xlsxwriter

    out = io.BytesIO()
    with scope.entered(), xlsxwriter.Workbook(out, {"constant_memory": True, **SAFE}) as book:
        sheet = book.add_worksheet("Chronology")
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "d mmm yyyy", "valign": "top"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        local = timezone.localtime()
        sheet.write_string(0, 0, f"OFFICIAL-SENSITIVE. Chronology of {review.folder.reference}, taken out on "
                                 f"{local:%-d %B %Y} at {local:%H:%M} by {by.name}.", bold)  # fmt: skip
        for column, (title, width) in enumerate(COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(2, column, title, bold)
        sheet.freeze_panes(3, 1)
        number = 3
        for rows in parts(by, review, in_order(by, review), progress):
            for each in rows:
                for column, value in enumerate(_cells(each)):
                    if isinstance(value, datetime):
                        sheet.write_datetime(number, column, value, day)
                    elif value:
                        sheet.write_string(number, column, str(value)[:CELL], wrap)
                number += 1
    return out.getvalue()


def _cells(each):
    """Of what was withdrawn stand its date, who withdrew it and when: its words leave the portal no more."""
    entry = each.entry
    if each.wrong:
        said = f"Withdrawn as wrong by {each.wrong.by.name} on {plain(timezone.localtime(each.wrong.at))}."
        source = entry.agency.name if entry.agency_id else "Outside the directory"
        days = (entry.when, _as_cell(entry.starts), _as_cell(entry.ends))
        return (*days, "", "", source, each.about, "", "", "", said, entry.recorded_by.name, "")
    return (
        entry.when, _as_cell(entry.starts), _as_cell(entry.ends), f"{entry.time:%H:%M}" if entry.time else "",
        entry.written, entry.source_name, each.about, entry.event, entry.analysis, entry.voice, beside(each),
        entry.recorded_by.name, f"{timezone.localtime(entry.recorded_at):%-d %B %Y %H:%M}",
    )  # fmt: skip


def _as_cell(day):
    return datetime(day.year, day.month, day.day) if day else None  # noqa: DTZ001  (a spreadsheet knows no zones)


def beside(each) -> str:
    """What stands beside an entry, in words."""
    said = [f"{each.after}."] if each.after else []
    said += [f"{note.by.name}: {note.note}" for note in each.notes]
    said += [
        f"Contradicts {other.source_name}, {other.when}, says {note.by.name}: {note.note}"
        for note, other in each.against
    ]
    said += [f"{other.source_name} gives {other.when} in the same words." for other in each.alike]
    if each.gap:
        said.append(f"Before it nothing is recorded for {each.gap} days.")
    return "\n".join(said)


def keeper(kind):
    """The `keep` of a job: the next version of the review's chronology in this form."""

    def keep_it(review, content, *, by):
        title = TITLES[kind]
        document = Document.objects.unscoped("the job asked for the requester's power").filter(
            folder_id=review.folder_id, title=title
        )
        version = keep(
            content, folder=review.folder, title=title, name=f"Chronology {review.folder.reference}.{kind}",
            content_type=TYPES[kind], marking=Marking.SENSITIVE, by=by, document=document.first(),
        )  # fmt: skip
        return version.pk

    return keep_it
