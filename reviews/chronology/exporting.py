"""The chronology as PDF and as spreadsheet: a job's work. Rows are read a part at a time; no cell is a formula."""

import io
import itertools
from datetime import datetime

from django.template.loader import render_to_string
from django.utils import timezone

from partnership.access import scope
from partnership.directory.listing.exporting import XLSX
from partnership.documents.models import Document, Marking
from partnership.documents.services import keep
from reviews.chronology import reads

PART = 500
TITLES = {"pdf": "Chronology (PDF)", "xlsx": "Chronology (spreadsheet)"}
TYPES = {"pdf": "application/pdf", "xlsx": XLSX}
COLUMNS = (
    ("Date", 24), ("First day", 13), ("Last day", 13), ("Time", 8), ("Date as it was written", 18), ("Source", 30),
    ("Child", 18), ("Event", 70), ("Analysis of practice", 50), ("Child’s voice", 40), ("Beside it", 50),
    ("Recorded by", 22), ("Recorded on", 18),
)  # fmt: skip
CELL = 32_000
GAP = 90


class Withheld(Exception):
    """The person who asked still owes a return of this review."""


def parts(user, review, progress):
    """Lists of at most PART Shown rows. The order of all is held as ids; their words only a part at a time."""
    if reads.owes(user, review):
        raise Withheld
    names = {child.pk: child.pseudonym for child in reads.children(user, review)}
    ordered = list(reads.in_order(reads.entries(user, review)))
    for at in range(0, len(ordered), PART):
        progress(5 + 85 * at // len(ordered), f"Row {at + 1:,} of {len(ordered):,}")
        yield reads.dressed(user, ordered[at : at + PART], gap=GAP, names=names)


def make_pdf(review, *, by, progress) -> bytes:
    """One tagged document where it is short; else parts of 500 rows, put together."""
    from partnership.ui import pdf  # only a worker draws

    made_at, drawn = timezone.now(), []
    with scope.entered():
        found = parts(by, review, progress)
        ahead = next(found, [])
        for number in itertools.count(1):
            rows, ahead = ahead, next(found, None)
            context = {
                "title": f"Chronology {review.folder.reference}", "review": review, "rows": rows, "made_at": made_at,
                "made_by": by, "number": number, "only": number == 1 and ahead is None, "marking": "OFFICIAL-SENSITIVE",
            }  # fmt: skip
            html = render_to_string("reviews/chronology_pdf.html", context)
            drawn.append(pdf.from_html(html))
            if ahead is None:
                break
    return drawn[0] if len(drawn) == 1 else _together(drawn)


def _together(drawn):
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter()
    for content in drawn:
        writer.append(PdfReader(io.BytesIO(content)))
    writer.add_metadata({"/Title": PdfReader(io.BytesIO(drawn[0])).metadata.title})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def make_xlsx(review, *, by, progress) -> bytes:
    """Every text is written as a text: nothing becomes a formula or a link."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with scope.entered(), xlsxwriter.Workbook(out, options) as book:
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
        for rows in parts(by, review, progress):
            for each in rows:
                for column, value in enumerate(_cells(each)):
                    if isinstance(value, datetime):
                        sheet.write_datetime(number, column, value, day)
                    elif value:
                        sheet.write_string(number, column, str(value)[:CELL], wrap)
                number += 1
    return out.getvalue()


def _cells(each):
    entry = each.entry
    return (
        entry.when, _as_cell(entry.starts), _as_cell(entry.ends), f"{entry.time:%H:%M}" if entry.time else "",
        entry.written, entry.source_name, each.about, entry.event, entry.analysis, entry.voice, beside(each),
        entry.recorded_by.name, f"{timezone.localtime(entry.recorded_at):%-d %B %Y %H:%M}",
    )  # fmt: skip


def _as_cell(day):
    return datetime(day.year, day.month, day.day) if day else None  # noqa: DTZ001  (a spreadsheet knows no zones)


def beside(each) -> str:
    """What stands beside an entry, in words."""
    said = []
    if each.wrong:
        said.append(f"Withdrawn as wrong by {each.wrong.by.name}: {each.wrong.note}")
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
