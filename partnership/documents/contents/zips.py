"""A zip container, measured before any part of it is opened."""

import io
import re
import stat
import zipfile
import zlib

from partnership.documents.refusals import MB, Refused

MOST_ENTRIES = 5_000
MOST_UNPACKED = 250 * MB
MOST_RATIO = 100
RATIO_FROM = 5 * MB  # an empty page of a spreadsheet packs to nothing, and harms nobody
CHUNK = MB
_ARCHIVE = re.compile(r"\.(zip|jar|7z|rar|gz|tgz|tar|bz2|xz|cab|iso|arj|lzh|ace)$", re.IGNORECASE)
_END = b"PK\x05\x06"


def opened(content: bytes) -> zipfile.ZipFile:
    """The measured archive, each part of it read once. Raises Refused."""
    _nothing_around(content)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError) as error:
        raise Refused("unreadable") from error
    _measure(archive.infolist(), len(content))
    _read_through(archive)
    return archive


def _nothing_around(content):
    """A zip begins and ends with its own bytes: in front of or behind it another file could be hidden."""
    end = content.rfind(_END)
    if end < 0:
        raise Refused("cut_off")
    comment = int.from_bytes(content[end + 20 : end + 22], "little")
    if len(content) - end - 22 != comment:
        raise Refused("two_in_one" if len(content) - end - 22 > comment else "cut_off")
    if comment > 1024:
        raise Refused("two_in_one")


def _measure(entries, packed):
    if len(entries) > MOST_ENTRIES:
        raise Refused("bomb")
    unpacked = sum(each.file_size for each in entries)
    if unpacked > MOST_UNPACKED or (unpacked > RATIO_FROM and unpacked > packed * MOST_RATIO):
        raise Refused("bomb")
    names = [each.filename for each in entries]
    if len({name.lower() for name in names}) != len(names):  # two programs would read two different files
        raise Refused("zip_names")
    for each in entries:
        if each.flag_bits & 0x1:
            raise Refused("password")
        if _leads_out(each.orig_filename) or stat.S_ISLNK(each.external_attr >> 16):
            raise Refused("zip_names")
        if each.file_size > RATIO_FROM and each.file_size > max(each.compress_size, 1) * MOST_RATIO * 10:
            raise Refused("bomb")
        if _ARCHIVE.search(each.filename):
            raise Refused("nested")


def _leads_out(name):
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or name.startswith(("/", "\\")) or ":" in name or "\0" in name or "\\" in name


def _read_through(archive):
    """Each part once, in pieces: a part that lies about its size or is damaged is found here."""
    for each in archive.infolist():
        try:
            with archive.open(each) as part:
                while part.read(CHUNK):
                    pass
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError) as error:
            raise Refused("unreadable") from error
