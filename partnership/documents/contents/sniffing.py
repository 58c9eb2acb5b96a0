"""What a file obviously is by its first bytes, so that a person is told what it is and not only what it is not."""

from partnership.documents.refusals import Refused

PDF, ZIP, OLE = b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC = {
    "application/pdf": PDF,
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "application/vnd.": ZIP,
}
# Windows and Linux programs, RTF, GIF, archives.
_OTHERS = (b"MZ", b"\x7fELF", b"{\\rtf", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")


def obvious(content: bytes, content_type: str) -> None:
    """Raises Refused where the first bytes are another type's than `content_type`."""
    head = content[:4096]
    words = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if words.startswith(b"<svg") or (words.startswith((b"<?xml", b"<!doctype svg", b"<!--")) and b"<svg" in words):
        raise Refused("svg")
    if words.startswith((b"<!doctype", b"<html", b"<script", b"<head", b"<body")) or b"<html" in words[:1024]:
        raise Refused("html")
    expected = next((magic for start, magic in _MAGIC.items() if content_type.startswith(start)), None)
    if expected:
        if not head.startswith(expected):
            raise Refused("old_office" if head.startswith(OLE) else "other_type")
        return
    if head.startswith((*_MAGIC.values(), *_OTHERS, OLE)):
        raise Refused("other_type")
