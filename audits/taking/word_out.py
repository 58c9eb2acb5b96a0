"""A return as a Word document, in which its answers can be changed and read in again (taking.word_in)."""

import io
import zipfile

from django.utils import timezone

from audits.asking import asked_by, scale_of, shown
from audits.models import Wording
from audits.signing.content import answers_of, shown_of
from audits.taking import marks
from partnership.ui.dates import plain

MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HOW = (
    "Answer in the right-hand column and read the document in again in the portal: it shows you each change before it "
    "takes one. Leave the lines called ‘Reference’ as they are. Files are added in the portal. No names of children or "
    "families."
)
SPARE_ROWS = 3


def document_of(row, user) -> bytes:
    """The DOCX of a return as `user` may read it. row: with its agency and its round's version and set."""
    from docx import Document  # loads lxml, which no other page needs

    answers, evidence = answers_of(row, user), shown_of(row, user)
    asking = asked_by(row.round.set_version)
    document = Document()
    document.core_properties.title = marks.clean_text(f"{row.agency.name}: {row.round.title}")
    document.core_properties.author = ""
    document.add_heading(marks.clean_text(row.agency.name), 0)
    document.add_paragraph(marks.clean_text(row.round.title))
    document.add_paragraph(f"{marks.OF_THE_DAY}{plain(timezone.localdate())}. {HOW}")
    _table(document, [(marks.REFERENCE, marks.of_document(row))])
    section = None
    for wording in shown(asking, row.facts, {pk: each.code for pk, each in answers.items()}):
        if wording.section_id != section:
            section = wording.section_id
            document.add_heading(marks.clean_text(f"{wording.section.ref} {wording.section.title}"), 1)
        answer = answers.get(wording.question_id)
        _question(document, wording, answer, evidence.get(answer.pk, ()) if answer else ())
    written = io.BytesIO()
    document.save(written)
    return _without_clock(written)


def _without_clock(written) -> bytes:
    """The same answers make the same file: its parts bear no time of day."""
    settled = io.BytesIO()
    with zipfile.ZipFile(written) as made, zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as file:
        for name in made.namelist():
            file.writestr(zipfile.ZipInfo(name), made.read(name), zipfile.ZIP_DEFLATED)
    return settled.getvalue()


def _question(document, wording, answer, evidence):
    document.add_heading(marks.clean_text(f"{wording.ref} {wording.text}"), 2)
    if wording.kind in Wording.CHOSEN:
        document.add_paragraph(marks.OF_CHOICES + "; ".join(label for _, label, _ in scale_of(wording)))
    if answer and answer.to_confirm:
        document.add_paragraph(f"{marks.OF_TAKEN_OVER}and still to be confirmed in the portal.")
    for each in evidence:
        document.add_paragraph(marks.clean_text(f"{marks.OF_EVIDENCE}{each.evidence.title}"))
    cells = marks.cells_of(wording, answer)
    lines = [(label, cells[label]) for label in cells]
    table = _table(
        document, [(marks.QUESTION, wording.text), *lines, (marks.REFERENCE, marks.of_question(wording, answer))]
    )
    if marks.ROWS in cells:
        _rows(table.cell(1 + list(cells).index(marks.ROWS), 1), wording.columns, cells[marks.ROWS] or [])
    document.add_paragraph()


def _table(document, lines):
    table = document.add_table(rows=len(lines), cols=2)
    table.style = "Table Grid"
    for (label, value), row in zip(lines, table.rows, strict=True):
        left, right = row.cells
        left.text, right.text = label, value if isinstance(value, str) else ""
    return table


def _rows(cell, columns, rows):
    """The rows of a table within its cell, a heading above and some empty rows below."""
    filled = [*rows, *([""] * len(columns) for _ in range(SPARE_ROWS))]
    table = cell.add_table(rows=1 + len(filled), cols=len(columns))
    table.style = "Table Grid"
    for line, row in zip([columns, *filled], table.rows, strict=True):
        for value, each in zip(line, row.cells, strict=True):
            each.text = marks.clean_text(value)
