"""The chronology taken out as a spreadsheet and as a PDF."""

import io

import openpyxl
import pikepdf
import pytest
from django.urls import reverse
from pdfua import validate
from pypdf import PdfReader

from partnership.jobs import services as jobs
from reviews.chronology import exporting, services
from tests.reviews.chronology import told
from tests.world import sign_in


@pytest.fixture
def hostile(world):
    review, by = world.ours.review, world.officer
    told(review, "3 April 2024", '=HYPERLINK("http://evil","x")', "@SUM(A1)", by=by, analysis="+1", voice="-1")
    told(review, "5/8/24", "<script>alert(1)</script><img src=file:///etc/passwd>", by=by)
    wrong = told(review, "about 2025", "Not this family", by=by)
    services.annotate(wrong, by=by, kind="wrong", note="=1+1")
    return review


def test_the_spreadsheet_holds_everything_and_no_formula(world, hostile):
    content = exporting.make_xlsx(hostile, by=world.officer, progress=lambda *said: None)
    (page,) = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    cells = [cell for row in page.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "d", "n"} and not any(cell.hyperlink for cell in cells)
    said = [cell.value for cell in cells]
    assert '=HYPERLINK("http://evil","x")' in said and "About 2025" in said
    assert any("nothing is recorded for 123 days" in str(each) for each in said)
    titles = [cell.value for cell in page[3]]
    beside = [cell.value for cell in page[page.max_row]][titles.index("Beside it")]
    assert beside.startswith("Withdrawn as wrong by"), "the entry of 2025 stands last"
    assert "Not this family" not in said and "=1+1" not in said, "no word of what was withdrawn leaves"


def test_the_pdf_holds_the_entries_marked(world, hostile):
    content = exporting.make_pdf(hostile, by=world.officer, progress=lambda *said: None)
    pages = PdfReader(io.BytesIO(content)).pages
    words = " ".join(page.extract_text() for page in pages).replace("\n", " ")
    assert "HYPERLINK" in words and "<script>" in words and "Nothing is recorded for 123 days" in words
    assert "Written: 5/8/24" in words and "about 2025" not in words, "a date stands as it was written, too"
    assert all("OFFICIAL-SENSITIVE" in page.extract_text() for page in pages)


def test_a_long_one_is_put_together_of_parts_that_are_all_still_tagged(world, hostile, monkeypatch, tmp_path):
    monkeypatch.setattr(exporting, "PART", 2)
    content = exporting.make_pdf(hostile, by=world.officer, progress=lambda *said: None)
    document = PdfReader(io.BytesIO(content))
    pages = [" ".join(page.extract_text().split()) for page in document.pages]
    assert "3 entries in 2 parts" in pages[0] and "Withdrawn as wrong by" in " ".join(pages)
    assert "Not this family" not in " ".join(pages), "no word of what was withdrawn leaves"
    assert all(f"Page {number}" in page for number, page in enumerate(pages, start=1))
    (tmp_path / "long.pdf").write_bytes(content)
    found = validate(str(tmp_path / "long.pdf"))
    # The package overlooks the Headers of table cells; tests/ui/test_pdf.py reads those.
    assert {each.rule_id for each in found.findings} <= {"UA-15-003"}
    with pikepdf.open(io.BytesIO(content)) as tagged:
        tree = tagged.Root.StructTreeRoot
        numbers = list(tree.ParentTree.Nums)
        parents = {int(number): parts for number, parts in zip(numbers[::2], numbers[1::2], strict=True)}
        for page in tagged.pages:
            assert all(part.Pg.objgen == page.objgen for part in parents[int(page.obj.StructParents)])
        parts = [each for each in tagged.objects if isinstance(each, pikepdf.Dictionary)]
        heads = [str(each.ID) for each in parts if each.get("/S") == "/TH"]
        cells = [each for each in parts if each.get("/S") == "/TD"]
        assert len(heads) == len(set(heads)), "a heading's name is its own in the whole document"
        assert cells and all({str(name) for name in each.A.Headers} <= set(heads) for each in cells)
        assert all(kid.P.objgen == tree.objgen for kid in tree.K)


@pytest.mark.parametrize("kind", ["pdf", "xlsx"])
def test_the_job_keeps_it_as_a_document_of_the_review(world, hostile, client, kind, monkeypatch):
    monkeypatch.setattr(exporting, "PART", 2)
    job = jobs.ask(f"chronology_{kind}", hostile, by=world.officer)
    assert jobs.run(job.pk) == "done"
    job.refresh_from_db()
    answer = sign_in(client, world.officer).get(reverse("documents:download", args=[job.result_id]))
    assert answer.status_code == 200
    again = jobs.ask(f"chronology_{kind}", hostile, by=world.officer)
    assert jobs.run(again.pk) == "done"
