"""What leaves the portal: a copy of a clean file. A PDF carries its reader's name and the moment on every page.

The kept bytes and their hash stay as they are; the hash is of the kept file, so a marked copy has another one.
"""

import io
from dataclasses import dataclass
from functools import cache

from django.utils import timezone
from django.utils.html import escape
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PdfReadError, PyPdfError
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
)

from partnership.documents import services
from partnership.documents.appending import Appended
from partnership.documents.contents.pdfs import CONTENT_TYPE
from partnership.ui import pdf
from partnership.ui.dates import clock_time, plain

NAME = NameObject("/PortalMark")
LARGE = 2_000_000  # bytes: rewriting takes some two seconds of processor a megabyte
WIDTH, HEIGHT = 595, 16  # of the strip, in points; it is scaled to the width of each page
_STRIP = """<!DOCTYPE html><html lang="en-GB"><title>Mark</title><style>
@page {{ size: {width}pt {height}pt; margin: 0 }}
body {{ margin: 0; font: 7pt/{height}pt Arial, "Liberation Sans", sans-serif; color: #505a5f; text-align: center;
  white-space: nowrap }}
</style><p style="margin: 0">{words}</p></html>"""


class Unmarkable(RuntimeError):
    """No mark can be put on this PDF, so no copy of it is given."""


@dataclass(frozen=True)
class Copy:
    """content: the bytes that leave. marked: whether a reader's name stands on its pages."""

    content: bytes
    marked: bool


def can_be_marked(version) -> bool:
    """Whether copies of this file carry a mark: PDFs do. Pages say so of the others."""
    return version.content_type == CONTENT_TYPE


def may_leave_unmarked(version) -> bool:
    """Whether it was made to be sent as it is; the page has asked for Perm.SEND on it."""
    return version.document.goes_out


def copy_for(version, reader, *, marked=True, at=None) -> Copy:
    """A copy of a clean version for `reader`. marked=False only where `may_leave_unmarked`; else ValueError.

    Raises services.NotReady, services.Damaged, Unmarkable.
    """
    if not marked and not may_leave_unmarked(version):
        raise ValueError("this document does not leave without a mark")
    content = services.read(version)
    if not marked or not can_be_marked(version):
        return Copy(content, marked=False)
    return Copy(mark(content, words_for(reader, at or timezone.now())), marked=True)


def words_for(reader, at) -> str:
    local = timezone.localtime(at)
    return f"Copy for {reader.name}, {plain(local)} at {clock_time(local)}. Do not pass it on."


def mark(content: bytes, words: str) -> bytes:
    """The PDF with `words` at the foot of every page, outside its tags: a screen reader does not read them out.

    A long one is marked behind its end, in seconds and in little memory. Raises Unmarkable.
    """
    try:
        return _appended(content, words) if len(content) > LARGE else _rewritten(content, words)
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError) as error:
        raise Unmarkable(type(error).__name__) from error


def _rewritten(content, words):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    strip, draw = _strip(writer, words), _drawer(writer._add_object)
    for page in writer.pages:
        _put(draw, page, strip)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def _appended(content, words):
    """Raises PyPdfError for a file that cannot be added to, which is then rewritten however long it takes."""
    try:
        file = Appended(content)
    except PdfReadError:
        return _rewritten(content, words)
    drawn = PdfWriter()
    place = _strip(drawn, words).idnum
    strip = IndirectObject(place + file.take_over(drawn._objects), 0, file.reader)
    draw, done = _drawer(file.add), set()
    for page in file.reader.pages:
        if page.indirect_reference.idnum not in done:  # one page may stand in a file twice
            done.add(page.indirect_reference.idnum)
            _put(draw, page, strip)
            file.change(page)
    return file.bytes()


def _drawer(add):
    """draw(operators) -> what points at a stream of them; the same operators are one stream. add: as of a writer."""

    @cache
    def draw(operators):
        stream = DecodedStreamObject()
        stream.set_data(operators)
        return add(stream)

    return draw


def _strip(writer, words):
    """The words as one form that every page draws, with their font inside: any alphabet."""
    drawn = pdf.from_html(_STRIP.format(width=WIDTH, height=HEIGHT, words=escape(words)), variant=None)
    page = PdfReader(io.BytesIO(drawn)).pages[0]
    form = DecodedStreamObject()
    form.set_data(page.get_contents().get_data())
    form.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): ArrayObject(map(FloatObject, (0, 0, WIDTH, HEIGHT))),
            NameObject("/Resources"): page["/Resources"].clone(writer),
        }
    )
    return writer._add_object(form.flate_encode())


def _put(draw, page, strip):
    contents = page.get("/Contents")
    own = contents.get_object() if contents is not None else None
    parts = list(own) if isinstance(own, ArrayObject) else [contents] if own is not None else []
    matrix = " ".join(f"{each:.4f}" for each in place_at_foot(page))
    # What the page left open is closed by Q; an artefact is no part of the tagged content (PDF/UA-1, 7.1).
    after = draw(f"\nQ\n/Artifact BMC\nq {matrix} cm {NAME} Do Q\nEMC\n".encode())
    page[NameObject("/Contents")] = ArrayObject([draw(b"q\n"), *parts, after])
    resources = DictionaryObject(inherited(page, "/Resources"))
    objects = DictionaryObject(resources.get("/XObject", DictionaryObject()).get_object())
    objects[NAME] = strip
    resources[NameObject("/XObject")] = objects
    page[NameObject("/Resources")] = resources


def inherited(page, name):
    """A page may leave this to the node above it."""
    for _ in range(50):
        if name in page:
            return page[name].get_object()
        if "/Parent" not in page:
            break
        page = page["/Parent"].get_object()
    return DictionaryObject()


def place_at_foot(page) -> tuple:
    """The matrix that lays the strip along the edge that a reader sees at the foot, however the page is turned."""
    box, turned = page.cropbox, (page.rotation or 0) % 360
    left, low, right, high = (float(each) for each in (box.left, box.bottom, box.right, box.top))
    across = right - left if turned in (0, 180) else high - low
    scale = max(0.2, across / WIDTH)
    if turned == 90:
        return (0, scale, -scale, 0, right, low)
    if turned == 180:
        return (-scale, 0, 0, -scale, right, high)
    if turned == 270:
        return (0, -scale, scale, 0, left, high)
    return (scale, 0, 0, scale, left, low)
