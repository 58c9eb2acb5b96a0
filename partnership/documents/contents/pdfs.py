"""PDF: no password, nothing that runs, no files inside, and a mark can be put on its pages."""

import io
import zipfile

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from partnership.documents.refusals import Refused

CONTENT_TYPE = "application/pdf"
MOST_PAGES = 2_000
MOST_OBJECTS = 300_000
MOST_DEPTH = 60
TAIL = 2048
# Names of a dictionary's keys, or the values of /S and /Type, by what they do.
_RUNS = {"/JS", "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/RichMedia", "/XFA", "/Movie"}
_CARRIES = {"/EmbeddedFiles", "/EmbeddedFile", "/EF", "/FileAttachment", "/GoToE"}


def look(content: bytes) -> bytes:
    """Returns the content as it is. Raises Refused."""
    tail = content[-TAIL:]
    if b"%%EOF" not in tail:
        raise Refused("cut_off" if b"%%EOF" not in content else "two_in_one")
    if tail.rsplit(b"%%EOF", 1)[1].strip(b"\r\n\t \0") or zipfile.is_zipfile(io.BytesIO(content)):
        raise Refused("two_in_one")
    try:
        _walk(content)
    except Refused:
        raise
    # A damaged PDF makes the reader fail in as many ways as there are damages.
    except (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OSError) as error:
        raise Refused("unreadable") from error
    except (NotImplementedError, AssertionError, ArithmeticError, LookupError) as error:
        raise Refused("unreadable") from error
    return content


def _walk(content):
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted:
        raise Refused("password")
    if len(reader.pages) > MOST_PAGES:
        raise Refused("too_many_pages")
    writer = PdfWriter(clone_from=reader)  # what the mark is put on later must be possible now
    for seen, each in enumerate([reader.trailer, *_objects(reader), *writer._objects]):
        if seen > MOST_OBJECTS:
            raise Refused("too_many_pages")
        _harmless(each, 0)
    if not writer.pages:
        raise Refused("unreadable")
    writer.write(io.BytesIO())


def _objects(reader):
    """Every object of the file, also one that no page leads to: another program may find it."""
    numbers = {(number, generation) for generation, each in reader.xref.items() for number in each}
    numbers |= {(number, 0) for number in reader.xref_objStm}
    for number, generation in sorted(numbers)[: MOST_OBJECTS + 1]:
        yield reader.get_object(IndirectObject(number, generation, reader))


def _harmless(value, depth):
    if depth > MOST_DEPTH:
        raise Refused("unreadable")
    if isinstance(value, DictionaryObject):
        words = set(value) | {str(value[key]) for key in ("/S", "/Type", "/Subtype") if key in value}
        if words & _RUNS:
            raise Refused("scripts")
        if words & _CARRIES:
            raise Refused("attachments")
        for key in value:
            _harmless(value.raw_get(key), depth + 1)
    elif isinstance(value, ArrayObject):
        for each in list.__iter__(value):
            _harmless(each, depth + 1)
