"""TXT and CSV: words in a known encoding, and no cell that a spreadsheet program would run."""

import re

from partnership.documents.refusals import Refused

# '=cmd|', '=HYPERLINK(…)', '@SUM(…)' at the beginning of a cell; a plus or minus before a number is a number.
_FORMULA = re.compile(r"""(?:^|[,;\t\r\n])[ ]*"?[ ]*(?:=|[@+-] *[A-Za-z_'][\w.']* *[(!|])""")
_DDE = re.compile(r"(?:cmd|powershell|mshta|rundll32|msexcel)\s*\|", re.IGNORECASE)


def look(content: bytes) -> bytes:
    """Returns the content as it is. Raises Refused for what is no text."""
    _words(content)
    return content


def look_at_csv(content: bytes) -> bytes:
    words = _words(content)
    if _FORMULA.search(words) or _DDE.search(words):
        raise Refused("formulas")
    return content


def _words(content) -> str:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return _decoded(content, encoding)
    try:
        return _plain(content.decode())
    except UnicodeDecodeError:
        return _decoded(content, "cp1252")


def _decoded(content, encoding):
    try:
        return _plain(content.decode(encoding))
    except UnicodeError as error:
        raise Refused("other_type") from error


def _plain(words):
    if "\0" in words:
        raise Refused("other_type")
    return words
