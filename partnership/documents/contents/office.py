"""Word, Excel and PowerPoint files of the open format: no macros, nothing fetched from elsewhere, no other programs."""

import posixpath
import re
from functools import partial

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from partnership.documents.contents import zips
from partnership.documents.refusals import MB, Refused

TYPES = "[Content_Types].xml"
MOST_XML = 20 * MB
MOST_EMBEDDED = 20
CLICKED = ("http://", "https://", "mailto:", "tel:", "#")
_MAIN = {
    "word": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xl": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "ppt": "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
}
_MACRO_PARTS = ("vbaproject", "vbadata", "macrosheets/", "dialogsheets/", "attachedtoolbars")
_REMOTE_PARTS = ("externallinks/", "xl/connections", "querytables/", "webextensions/")
# A field of Word that starts a program or fetches a file. One that is broken into runs is the scanner's to find.
_FETCHING_FIELD = re.compile(
    rb"(?:<w:instrText[^>]*>|w:instr=\")[^<>]*\b(?:DDE(?:AUTO)?|INCLUDE(?:PICTURE|TEXT)\b[^<>]*(?:https?:|file:|\\\\))"
)
# A chart carries its numbers as a workbook of its own, which is looked at like any other.
_CARRIED = {"docx": "word", "xlsx": "xl", "pptx": "ppt"}


def looks_like(family):
    return partial(look, family)


def look(family, content: bytes, *, depth=0) -> bytes:
    """family: 'word', 'xl' or 'ppt', the folder of its parts. Returns the content as it is. Raises Refused."""
    with zips.opened(content) as archive:
        names = archive.namelist()
        if TYPES not in names:
            raise Refused("other_type")
        _parts(archive, names, depth)
        _types(_xml(archive, TYPES), family)
        for name in names:
            if name.lower().endswith(".rels"):
                _relations(_xml(archive, name))
    return content


def _parts(archive, names, depth):
    carried = 0
    for name in names:
        lower = name.lower()
        if any(part in lower for part in _MACRO_PARTS):
            raise Refused("macros")
        if any(part in lower for part in _REMOTE_PARTS):
            raise Refused("remote")
        if "activex/" in lower or "oleobject" in lower:
            raise Refused("objects")
        if "embeddings/" in lower and not lower.endswith("/"):
            carried += 1
            family = _CARRIED.get(posixpath.splitext(lower)[1][1:])
            if family is None or depth or carried > MOST_EMBEDDED:
                raise Refused("objects")
            look(family, archive.read(name), depth=depth + 1)
        if lower.startswith("word/") and lower.endswith(".xml") and _FETCHING_FIELD.search(archive.read(name)):
            raise Refused("remote")


def _types(root, family):
    declared = [each.get("ContentType", "").lower() for each in root]
    if any("macroenabled" in each or "vbaproject" in each for each in declared):
        raise Refused("macros")
    if _MAIN[family] not in declared:
        raise Refused("other_type")


def _relations(root):
    """A link that a reader clicks on may lead to the web; nothing else may lead anywhere."""
    for each in root:
        kind, target = each.get("Type", "").rpartition("/")[2].lower(), each.get("Target", "").strip().lower()
        if kind in ("vbaproject", "wordvbadata", "xlmacrosheet"):
            raise Refused("macros")
        away = each.get("TargetMode", "").lower() == "external" or ":" in target or target.startswith(("//", "\\"))
        if away and (kind != "hyperlink" or not target.startswith(CLICKED)):
            raise Refused("remote")


def _xml(archive, name):
    if archive.getinfo(name).file_size > MOST_XML:
        raise Refused("bomb")
    try:
        return fromstring(archive.read(name), forbid_dtd=True)
    except (DefusedXmlException, ParseError, ValueError, LookupError) as error:
        raise Refused("unreadable") from error
