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
LABELS_CM, ANSWERS_CM = 3.5, 13.5  # of the 17 cm between the margins of an A4 page
MARGIN_CM = 2


def document_of(row, user) -> bytes:
    """The DOCX of a return as `user` may read it. row: with its agency and its round's version and set."""
    from docx import Document  # loads lxml, which no other page needs

    answers, evidence = answers_of(row, user), shown_of(row, user)
    asking = asked_by(row.round.set_version)
    document = Document()
    _look(document)
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
            document.add_heading(marks.clean_text(wording.section.called), 1)
        answer = answers.get(wording.question_id)
        _question(document, wording, answer, evidence.get(answer.pk, ()) if answer else ())
    written = io.BytesIO()
    document.save(written)
    return _without_clock(written)


def _look(document):
    """A4, British English, and letters that print well in black."""
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    (page,) = document.sections
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(MARGIN_CM)
    for name, size in (("Normal", 10.5), ("Title", 20), ("Heading 1", 15), ("Heading 2", 11.5)):
        style = document.styles[name]
        style.font.size, style.font.name, style.font.color.rgb = Pt(size), "Arial", RGBColor(0, 0, 0)
        fonts = style.element.rPr.rFonts
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")


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
        _above(document, marks.OF_CHOICES + "; ".join(label for _, label, _ in scale_of(wording)))
    if not wording.required:
        _above(document, marks.OPTIONAL)
    if answer and answer.to_confirm:
        _above(document, f"{marks.OF_TAKEN_OVER}and still to be confirmed in the portal.")
    for each in evidence:
        _above(document, marks.clean_text(f"{marks.OF_EVIDENCE}{each.evidence.title}"))
    cells = marks.cells_of(wording, answer)
    lines = [(label, cells[label]) for label in cells]
    table = _table(
        document, [(marks.QUESTION, wording.text), *lines, (marks.REFERENCE, marks.of_question(wording, answer))]
    )
    if marks.ROWS in cells:
        _rows(table.cell(1 + list(cells).index(marks.ROWS), 1), wording.columns, cells[marks.ROWS] or [])
    document.add_paragraph()


def _above(document, words):
    document.add_paragraph(words).paragraph_format.keep_with_next = True


def _table(document, lines):
    from docx.shared import Cm

    table = document.add_table(rows=len(lines), cols=2)
    table.style, table.autofit = "Table Grid", False
    for column, width in zip(table.columns, (LABELS_CM, ANSWERS_CM), strict=True):
        column.width = Cm(width)
    for (label, value), (left, right) in zip(lines, (row.cells for row in table.rows), strict=True):
        left.text, right.text = label, value if isinstance(value, str) else ""
        left.width, right.width = Cm(LABELS_CM), Cm(ANSWERS_CM)
    return table


def _rows(cell, columns, rows):
    """The rows of a table within its cell, a heading above and some empty rows below."""
    filled = [*rows, *([""] * len(columns) for _ in range(SPARE_ROWS))]
    table = cell.add_table(rows=1 + len(filled), cols=len(columns))
    table.style = "Table Grid"
    for line, row in zip([columns, *filled], table.rows, strict=True):
        for value, each in zip(line, row.cells, strict=True):
            each.text = marks.clean_text(value)
