"""The types that can be kept, by extension, each with the look at its content that must agree."""

from collections.abc import Callable
from dataclasses import dataclass

from partnership.documents.contents import office, pdfs, pictures, texts
from partnership.documents.contents.sniffing import obvious
from partnership.documents.names import extension_of
from partnership.documents.refusals import Refused, most_bytes

_OOXML = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True)
class Kind:
    """look(content) -> the bytes to keep. It raises Refused. label: for people."""

    label: str
    content_type: str
    look: Callable[[bytes], bytes]


KINDS = {
    "pdf": Kind("PDF", pdfs.CONTENT_TYPE, pdfs.look),
    "docx": Kind("Word (DOCX)", f"{_OOXML}.wordprocessingml.document", office.looks_like("word")),
    "xlsx": Kind("Excel (XLSX)", f"{_OOXML}.spreadsheetml.sheet", office.looks_like("xl")),
    "pptx": Kind("PowerPoint (PPTX)", f"{_OOXML}.presentationml.presentation", office.looks_like("ppt")),
    "png": Kind("PNG", "image/png", pictures.looks_like("PNG")),
    "jpg": Kind("JPEG", "image/jpeg", pictures.looks_like("JPEG")),
    "jpeg": Kind("JPEG", "image/jpeg", pictures.looks_like("JPEG")),
    "txt": Kind("TXT", "text/plain", texts.look),
    "csv": Kind("CSV", "text/csv", texts.look_at_csv),
}
_ARCHIVES = {"zip", "7z", "rar", "gz", "tgz", "tar", "bz2", "xz", "iso", "cab", "jar"}
_MACROS = {"docm", "xlsm", "pptm", "dotm", "xltm", "potm", "xlsb", "ppsm", "xlam"}
_OLD = {"doc", "xls", "ppt", "dot", "xlt", "pot", "pps"}
_WEB = {"html": "html", "htm": "html", "xhtml": "html", "mht": "html", "svg": "svg"}


def labels() -> str:
    """'PDF, Word (DOCX), … or CSV'."""
    found = list(dict.fromkeys(kind.label for kind in KINDS.values()))
    return f"{', '.join(found[:-1])} or {found[-1]}"


def kind_of(name) -> Kind:
    """By the extension of a cleaned name. Raises Refused for what cannot be kept."""
    extension = extension_of(name)
    if extension in KINDS:
        return KINDS[extension]
    if extension in _ARCHIVES:
        raise Refused("zip")
    if extension in _MACROS:
        raise Refused("macros")
    if extension in _OLD:
        raise Refused("old_office")
    raise Refused(_WEB.get(extension, "not_allowed"))


def check_size(size) -> None:
    """Raises Refused for 0 bytes and for one byte more than the limit."""
    if size == 0:
        raise Refused("empty")
    if size > most_bytes():
        raise Refused("too_large")


def look(name, content: bytes) -> bytes:
    """The bytes to keep of a file whose name and content agree. Raises Refused."""
    kind = kind_of(name)
    check_size(len(content))
    obvious(content, kind.content_type)
    return kind.look(content)
