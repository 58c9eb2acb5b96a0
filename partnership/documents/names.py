"""The name of a file as it may be shown, kept and put into a header: any name becomes a harmless one."""

import re
import unicodedata

MOST = 120
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[<>:"|?*/\\]')


def clean_name(name: str) -> str:
    """The last part of a name, without what cannot be seen or what Windows, a shell or a spreadsheet would obey.

    At most 120 characters, its extension kept. 'file' where nothing is left.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    # C*: control characters (CR, LF, NUL), formats (right-to-left override), surrogates, private use.
    seen = "".join(each for each in unicodedata.normalize("NFC", last) if unicodedata.category(each)[0] != "C")
    # The line and paragraph separators are spaces to nobody.
    seen = re.sub(r"\s+", " ", _FORBIDDEN.sub("_", seen)).strip().lstrip("=+-@ ").rstrip(". ")
    stem, dot, extension = seen.rpartition(".")
    if not dot:
        stem, extension = extension, ""
    stem = stem.lstrip(". ") or "file"
    if _RESERVED.fullmatch(stem.split(".")[0]):
        stem = f"_{stem}"
    tail = f".{extension[:10]}" if extension else ""
    return f"{stem[: MOST - len(tail)].rstrip('. ')}{tail}"


def extension_of(name: str) -> str:
    """'pdf' of 'Report.PDF'; '' where there is none."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def title_of(name: str) -> str:
    """A title from a cleaned name: 'Minutes 3 May' of 'Minutes_3_May.docx'."""
    return name.rpartition(".")[0].replace("_", " ").strip() or name
