"""The returns that are not in, as PDF and as spreadsheet: a job's work, for those who make reports of the review."""

import io

from django.utils import timezone

from partnership.access import scope
from partnership.documents.models import Document, Marking
from partnership.documents.services import keep
from partnership.ui.sheets import CELL, SAFE, XLSX
from reviews.asking import reads

TITLES = {"pdf": "Returns that are not in (PDF)", "xlsx": "Returns that are not in (spreadsheet)"}
TYPES = {"pdf": "application/pdf", "xlsx": XLSX}
COLUMNS = (
    ("Organisation", 40), ("About", 30), ("Author", 24), ("Asked on", 14), ("Due", 14), ("Standing", 22),
    ("Working days late", 12), ("More time", 50), ("What was done", 70),
)  # fmt: skip


def make_pdf(review, *, by, progress) -> bytes:
    from partnership.ui import pdf  # only a worker draws

    progress(10, "Collecting what is not in")
    with scope.entered():
        context = {
            "title": f"Returns that are not in: {review.folder.reference}", "review": review, "made_by": by,
            "made_at": timezone.now(), "rows": reads.outstanding(by, [review]), "in_number": reads.came_in(by, review),
        }  # fmt: skip
    progress(50, "Drawing the pages")
    return pdf.render("reviews/outstanding_pdf.html", context)


def make_xlsx(review, *, by, progress) -> bytes:
    """Every text is written as a text: nothing becomes a formula or a link."""
    import xlsxwriter

    progress(10, "Collecting what is not in")
    out, local = io.BytesIO(), timezone.localtime()
    with scope.entered(), xlsxwriter.Workbook(out, SAFE) as book:
        sheet = book.add_worksheet("Not in")
        bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        told = f"OFFICIAL-SENSITIVE. Returns of {review.folder.reference} that are not in, taken out on "
        sheet.write_string(0, 0, f"{told}{local:%-d %B %Y} at {local:%H:%M} by {by.name}.", bold)
        for column, (title, width) in enumerate(COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(2, column, title, bold)
        sheet.freeze_panes(3, 1)
        for number, owed in enumerate(reads.outstanding(by, [review]), start=3):
            for column, value in enumerate(_cells(owed)):
                if isinstance(value, int):
                    sheet.write_number(number, column, value, wrap)
                elif value:
                    sheet.write_string(number, column, value[:CELL], wrap)
    return out.getvalue()


def _cells(owed):
    row = owed.row
    given = [f"From {each.due_before:%-d %B} to {each.due_on:%-d %B %Y}: {each.reason}" for each in owed.granted]
    if owed.waiting:
        given.append(f"Asked until {owed.waiting.wanted_on:%-d %B %Y}, not answered yet: {owed.waiting.reason}")
    return (
        row.body, row.subject.name if row.subject else "", row.author_name,
        f"{timezone.localtime(row.asked_at):%-d %B %Y}", f"{row.due_on:%-d %B %Y}", owed.standing, owed.late or 0,
        "\n".join(given), "\n".join(_tried(each) for each in owed.tried),
    )  # fmt: skip


def _tried(each) -> str:
    who = f", {each.by}" if each.by else ""
    said = f". {each.said}" if each.said else ""
    return f"{timezone.localtime(each.at):%-d %B %Y %H:%M}: {each.what}{who}{said}"


def keeper(kind):
    """The `keep` of a job: the next version of the review's list in this form."""

    def keep_it(review, content, *, by):
        title = TITLES[kind]
        document = Document.objects.unscoped("the job asked for the requester's power").filter(
            folder_id=review.folder_id, title=title, kind="", goes_out=False
        )
        version = keep(
            content, folder=review.folder, title=title, name=f"Returns not in {review.folder.reference}.{kind}",
            content_type=TYPES[kind], marking=Marking.SENSITIVE, by=by, document=document.first(),
        )  # fmt: skip
        return version.pk

    return keep_it
