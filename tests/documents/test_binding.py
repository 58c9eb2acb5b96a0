"""Many PDFs as one: numbers below every page, bookmarks, and nothing of a file that cannot be bound."""

import io

import pikepdf
import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import RectangleObject

from partnership.documents import copies
from partnership.documents.binding import STRIP, Binding, Unbindable
from tests.world import small_pdf


def turned(degrees, box=(0, 0, 595, 842)) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(small_pdf(f"turned {degrees}"))))
    writer.pages[0].rotation = degrees
    writer.pages[0].mediabox = RectangleObject(box)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def bound(*contents, first=1) -> bytes:
    binding, page = Binding("Page {} of the pack".format), first
    for content in contents:
        last = binding.add(content, page)
        binding.mark(f"Paper on page {page}", page, level=int(page > first))
        page = last + 1
    return binding.finish("Pack")


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_the_number_stands_in_a_strip_that_hides_nothing_however_the_page_is_turned(degrees):
    content = bound(turned(degrees), first=7)
    (page,) = PdfReader(io.BytesIO(content)).pages
    assert "turned" in page.extract_text() and "Page 7 of the pack" in page.extract_text()
    width, height = float(page.mediabox.width), float(page.mediabox.height)
    shown = (width, height) if degrees in (0, 180) else (height, width)
    across = 595 if degrees in (0, 180) else 842
    assert shown == pytest.approx((across, (1437 - across) + STRIP * across / 595))


def test_what_is_bound_is_sound_and_takes_a_readers_mark():
    content = bound(small_pdf("one"), turned(90), small_pdf("three"))
    with pikepdf.open(io.BytesIO(content)) as opened:
        assert opened.check_pdf_syntax() == []
        assert str(opened.docinfo["/Title"]) == "Pack"
    reader = PdfReader(io.BytesIO(content))
    top, (second, third) = reader.outline
    assert [reader.get_destination_page_number(each) for each in (top, second, third)] == [0, 1, 2]
    marked = PdfReader(io.BytesIO(copies.mark(content, "Copy for Anna Ek.")))
    assert all("Copy for Anna Ek." in page.extract_text() for page in marked.pages)


def test_of_a_file_that_breaks_half_way_nothing_is_taken():
    binding = Binding("Page {}".format)
    binding.add(small_pdf("good"), 1)
    size, places = binding.out.tell(), len(binding.places)
    with pytest.raises(Unbindable):
        binding.add(turned(0, box=(0, 0, 0, 0)), 2)
    with pytest.raises(Unbindable):
        binding.add(b"%PDF-1.7\nnonsense", 2)
    assert (binding.out.tell(), len(binding.places), list(binding.sheets)) == (size, places, [1])
    binding.add(small_pdf("after"), 2)
    assert len(PdfReader(io.BytesIO(binding.finish("Pack"))).pages) == 2
