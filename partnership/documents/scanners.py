"""Who looks for viruses: ClamAV over its socket or, in the demo and the tests, a check that knows the test virus.

Nothing but the exact answer 'clean' is clean. A scanner that does not answer, or says something that we do not know,
raises Away: the file stays in quarantine and the sweep asks again.
"""

import io
import re
import socket
import struct
import time
import zipfile
import zlib
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from partnership.documents.refusals import MB, most_bytes

# The test virus of EICAR, in two halves: whole, it would make a scanner take this module away.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
CLAMAV_PORT = 3310


class Away(RuntimeError):
    """The scanner gave no answer that we know. The message says why, without a word of the file."""


@dataclass(frozen=True)
class Verdict:
    """clean, or the code of a refusal (refusals.py); infected tells a virus from what could not be scanned."""

    clean: bool = False
    infected: bool = False
    reason: str = ""


CLEAN = Verdict(clean=True)


def scanner():
    """ClamAV where CLAMAV_URL names it; else the built-in check, which settings.py allows in few places."""
    return ClamAV(settings.CLAMAV_URL) if settings.CLAMAV_URL else BuiltInCheck()


def named(signature) -> Verdict:
    """What a name that a scanner gave means to us."""
    lower = signature.lower()
    if lower.startswith("heuristics.encrypted"):
        return Verdict(reason="password")
    if lower.startswith("heuristics.ole2.containsmacros"):
        return Verdict(reason="macros")
    if lower.startswith("heuristics.limits"):
        return Verdict(reason="not_scanned")
    return Verdict(infected=True, reason="test_virus" if "eicar" in lower else "virus")


class ClamAV:
    """clamd by INSTREAM (docs.clamav.net, 'ClamD Protocol'). url: tcp://host:3310 or unix:///run/clamav/clamd.ctl."""

    CONNECT_SECONDS = 5
    ANSWER_SECONDS = 120
    CHUNK = 64 * 1024
    MOST_ANSWER = 4096
    FOUND = re.compile(r"stream: (\S.*) FOUND")

    def __init__(self, url):
        self.url = urlsplit(url)

    def scan(self, content: bytes) -> Verdict:
        """Raises Away."""
        answer = self._ask(b"INSTREAM", content)
        if answer == "stream: OK":
            return CLEAN
        if found := self.FOUND.fullmatch(answer):
            return named(found[1])
        if "size limit exceeded" in answer:
            raise Away("StreamMaxLength of clamd is below DOCUMENTS_MAX_MB")
        raise Away("an answer that is not in the protocol")

    def signatures(self) -> str:
        """The version of its signatures: '27450'. '' where clamd keeps that to itself. Raises Away."""
        parts = self._ask(b"VERSION").split("/")
        return parts[1][:60] if len(parts) > 1 and parts[0].startswith("ClamAV ") else ""

    def _ask(self, command, content=None) -> str:
        self.until = time.monotonic() + self.ANSWER_SECONDS
        try:
            with self._connected() as link:
                self._send(link, b"z" + command + b"\0")
                if content is not None:
                    for start in range(0, len(content), self.CHUNK):
                        part = content[start : start + self.CHUNK]
                        self._send(link, struct.pack("!I", len(part)) + part)
                    self._send(link, struct.pack("!I", 0))
                return self._answer(link)
        except OSError as error:
            raise Away(f"no connection: {type(error).__name__}") from error

    def _connected(self):
        if self.url.scheme == "unix":
            link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            link.settimeout(self.CONNECT_SECONDS)
            try:
                link.connect(self.url.path)
            except BaseException:
                link.close()
                raise
            return link
        return socket.create_connection((self.url.hostname, self.url.port or CLAMAV_PORT), self.CONNECT_SECONDS)

    def _send(self, link, data):
        link.settimeout(self._left())
        link.sendall(data)

    def _answer(self, link) -> str:
        said = b""
        while not said.endswith(b"\0"):
            link.settimeout(self._left())
            part = link.recv(1024)
            if not part:
                raise Away("the connection was closed before an answer")
            said += part
            if len(said) > self.MOST_ANSWER:
                raise Away("an answer without an end")
        try:
            return said[:-1].decode("ascii").strip()
        except UnicodeDecodeError as error:
            raise Away("an answer that is no text") from error

    def _left(self) -> float:
        left = self.until - time.monotonic()
        if left <= 0:
            raise Away("no answer in time")
        return left


class BuiltInCheck:
    """Knows one thing, the EICAR test virus: plain, and inside zip files and Office files. It is no virus scanner."""

    MOST_DEPTH = 3
    MOST_ENTRIES = 5_000

    def scan(self, content: bytes) -> Verdict:
        try:
            return self._look(content, self.MOST_DEPTH)
        except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError, ValueError):
            return Verdict(reason="unreadable")

    def signatures(self) -> str:
        return "built-in"

    def _look(self, content, depth) -> Verdict:
        if EICAR in content:
            return Verdict(infected=True, reason="test_virus")
        if not zipfile.is_zipfile(io.BytesIO(content)):
            return CLEAN
        if not depth:
            return Verdict(reason="not_scanned")
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > self.MOST_ENTRIES or sum(each.file_size for each in entries) > 250 * MB:
                return Verdict(reason="not_scanned")
            for each in entries:
                if each.flag_bits & 0x1:
                    return Verdict(reason="password")
                verdict = self._look(archive.read(each), depth - 1)
                if not verdict.clean:
                    return verdict
        return CLEAN


def probes():
    """What a scanner that works must call infected: the test virus alone, and behind as much as may be uploaded.

    The second finds a scanner whose limits are below ours: such a one answers 'OK' without having looked.
    """
    yield EICAR
    large = io.BytesIO()
    with zipfile.ZipFile(large, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("padding.bin", bytes(most_bytes() - 4096))
        archive.writestr("eicar.com", EICAR)
    yield large.getvalue()
