"""A copy that leaves carries its reader's name and the moment on every page; the kept file stays as it is."""

import io
from datetime import UTC, datetime

import pikepdf
import pytest
from pdfua import validate
from pypdf import PdfReader, PdfWriter

from partnership.documents import copies, services
from partnership.documents.copies import Unmarkable, mark
from partnership.ui import pdf
from tests.documents import bad_files
from tests.world import small_pdf

WHEN = datetime(2026, 7, 1, 14, 5, tzinfo=UTC)


def pages(content):
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


def sheets(count, *, size=(595, 842), turned=0):
    writer = PdfWriter()
    for _ in range(count):
        page = writer.add_blank_page(*size)
        page.rotate(turned)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


@pytest.fixture(params=["rewritten", "appended"], autouse=True)
def way(request, monkeypatch):
    """Every rule holds for a short file, which is rewritten, and for a long one, behind which the mark is written."""
    monkeypatch.setattr(copies, "LARGE", 0 if request.param == "appended" else copies.LARGE)
    return request.param


def test_every_page_says_whose_copy_it_is_and_when(taken, check, world):
    version = taken("x.pdf", sheets(3))
    check(version)
    copy = copies.copy_for(version, world.panel, at=WHEN)
    assert copy.marked
    expected = f"Copy for {world.panel.name}, 1 July 2026 at 3:05pm. Do not pass it on."
    assert [expected in text for text in pages(copy.content)] == [True] * 3


def test_the_kept_file_and_its_hash_stay(taken, check, world):
    content = small_pdf("words")
    version = taken("x.pdf", content)
    check(version)
    copy = copies.copy_for(version, world.panel)
    assert services.sha256(copy.content) != version.sha256
    assert services.read(version) == content and "words" in pages(copy.content)[0]


@pytest.mark.parametrize("name", ["Siân Ŵyn O'Brien-Ní Dhomhnaill", "محمد علي", "李小龙", "<b>&amp;</b>", "A" * 150])
def test_any_name_can_be_written(name):
    text = pages(mark(small_pdf("words"), f"Copy for {name}"))[0]
    assert "words" in text
    if name.isascii() or name.startswith("Si"):
        assert name[:20] in text.replace("\n", "")


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
@pytest.mark.parametrize("size", [(595, 842), (842, 595), (200, 200), (3000, 1000)])
def test_the_mark_stands_at_the_foot_however_the_page_is_turned(turned, size):
    page = PdfReader(io.BytesIO(mark(sheets(1, size=size, turned=turned), "Copy for her"))).pages[0]
    a, b, c, d, e, f = copies.place_at_foot(page)
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (0, copies.WIDTH) for y in (0, copies.HEIGHT)]
    width, height = size
    assert all(-0.1 <= x <= width + 0.1 and -0.1 <= y <= height + 0.1 for x, y in corners)
    # Where the eye sees it: the page turned clockwise.
    seen = {0: lambda x, y: y, 90: lambda x, y: width - x, 180: lambda x, y: height - y, 270: lambda x, y: x}[turned]
    assert max(seen(*corner) for corner in corners) <= 16 * max(width, height) / copies.WIDTH + 0.1


def test_a_page_that_leaves_its_state_open_does_not_move_the_mark():
    writer = PdfWriter(clone_from=io.BytesIO(small_pdf("words")))
    contents = writer.pages[0]["/Contents"].get_object()
    contents.set_data(b"q 0.01 0 0 0.01 0 0 cm " + contents.get_data())
    written = io.BytesIO()
    writer.write(written)
    assert "Copy for her" in pages(mark(written.getvalue(), "Copy for her"))[0]


def test_what_is_no_pdf_is_given_as_it_is(taken, check, world):
    content = bad_files.office("docx")
    version = taken("x.docx", content)
    check(version)
    copy = copies.copy_for(version, world.panel)
    assert (copy.marked, copy.content) == (False, content)


def test_a_pdf_that_takes_no_mark_is_not_given(taken, check, world, sign_in, monkeypatch):
    version = taken("x.pdf", small_pdf("words"))
    check(version)
    with pytest.raises(Unmarkable):
        mark(b"%PDF-1.4 nothing", "x")
    monkeypatch.setattr(services, "read", lambda version: b"%PDF-1.4 nothing")
    answer = sign_in(world.panel).get(f"/documents/{version.pk}/download")
    assert answer.status_code == 500 and "attachment" not in str(answer.headers)


def test_without_a_mark_only_what_is_made_to_be_sent(taken, check, world):
    version, report = taken("x.pdf", small_pdf("x")), taken("y.pdf", small_pdf("y"), goes_out=True)
    check(version), check(report)
    with pytest.raises(ValueError, match="does not leave without a mark"):
        copies.copy_for(version, world.officer, marked=False)
    copy = copies.copy_for(report, world.officer, marked=False)
    assert (copy.marked, services.sha256(copy.content)) == (False, report.sha256)


def test_a_report_of_the_portals_own_keeps_the_rules_of_pdf_ua(tmp_path):
    drawn = pdf.from_html('<html lang="en-GB"><title>T</title><h1>A report</h1><p>words</p></html>')
    marked = mark(drawn, "Copy for her")
    found = []
    for name, content in (("drawn", drawn), ("marked", marked)):
        (tmp_path / name).write_bytes(content)
        found.append({finding.rule_id for finding in validate(str(tmp_path / name)).findings})
    assert found[1] <= found[0]
    root = PdfReader(io.BytesIO(marked)).trailer["/Root"]
    assert root["/Lang"] == "en-GB" and root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root


@pytest.mark.parametrize("streams", [False, True])
def test_what_is_written_behind_a_file_is_sound_and_leaves_its_bytes(way, streams):
    """Both kinds of tables, read by a library that repairs nothing in silence."""
    out = io.BytesIO()
    mode = pikepdf.ObjectStreamMode.generate if streams else pikepdf.ObjectStreamMode.disable
    with pikepdf.open(io.BytesIO(sheets(3))) as file:
        file.save(out, object_stream_mode=mode)
    content = out.getvalue()
    copy = mark(mark(content, "Copy for Ann Example"), "Copy for Jo Example")
    with pikepdf.open(io.BytesIO(copy)) as file:
        assert file.check_pdf_syntax() == [] and len(file.pages) == 3
    assert all("Copy for Jo Example" in text for text in pages(copy))
    assert copy.startswith(content) == (way == "appended")


def test_a_file_whose_end_is_damaged_is_rewritten(way):
    content = sheets(2)
    damaged = content[: content.rindex(b"startxref")] + b"startxref\n7\n%%EOF\n"
    assert all("Copy for Ann Example" in text for text in pages(mark(damaged, "Copy for Ann Example")))
