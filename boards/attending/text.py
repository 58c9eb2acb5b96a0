"""What is pasted into minutes, made plain: Word's bullets and hidden characters go, no word does."""

import re
import unicodedata

MOST = 100_000  # characters of one item's minutes

# The signs that Word and its kin put before a point of a list; some lie where only their own fonts have a picture.
_BULLETS = "·•‣◦▪▫■□●○❖➢➤✓§¨\uf0a7\uf0b7\uf0d8\uf0fc\uf076"
_BULLET = re.compile(rf"^([ \t]*)(?:[{_BULLETS}][ \t]+|[–—-]\t[ \t]*)")
_SECOND = re.compile(r"^([ \t]*)o\t[ \t]*")  # Word's round bullet of the second level is a letter
_NUMBER = re.compile(r"^([ \t]*)(\d{1,3}(?:\.\d{1,3})*[.)]|\(?[a-z]\)|\(?[ivx]{1,5}\)|[a-z]\.)\t[ \t]*", re.IGNORECASE)
_BREAKS = re.compile("\r\n?|[\x0b\x0c\u0085\u2028\u2029]")
# What changes how the text about it is read, or nothing at all: soft hyphens, marks of direction, byte order marks. The
# joiners of Arabic and of emoji stay.
_HIDDEN = {ord(each): None for each in "\u00ad\u200b\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}
_HIDDEN |= {ord(each): " " for each in "\u00a0\u2007\u202f"}
_HIDDEN |= {code: None for code in [*range(32), *range(0x7F, 0xA0), *range(0xD800, 0xE000)] if code not in (9, 10)}


def tidied(text: str) -> str:
    """A text as it is kept: lists as '- ' and '1. ', a second level indented by two blanks, one blank line at most
    between paragraphs, composed letters (NFC). What is tidy stays as it is."""
    plain = unicodedata.normalize("NFC", _BREAKS.sub("\n", text).translate(_HIDDEN))
    lines = [_line(line) for line in plain.split("\n")]
    return re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _line(line: str) -> str:
    line = line.rstrip()
    for pattern, put in ((_SECOND, "  - "), (_BULLET, "- ")):
        if found := pattern.match(line):
            return _indent(found[1]) + put + line[found.end() :]
    if found := _NUMBER.match(line):
        return f"{_indent(found[1])}{found[2]} {line[found.end() :]}"
    return line


def _indent(blanks: str) -> str:
    return blanks.replace("\t", "  ")
