"""ClamAV over its socket: only the exact answer 'clean' is clean; whatever else happens, the file waits."""

import socket
import socketserver
import struct
import threading
import time

import pytest

from partnership.documents.scanners import CLEAN, EICAR, Away, BuiltInCheck, ClamAV, Verdict, probes, scanner


class Clamd(socketserver.BaseRequestHandler):
    """Speaks clamd's side of INSTREAM and VERSION; `answer` is what it says, `limit` its StreamMaxLength."""

    answer = b"stream: OK\0"
    version = b"ClamAV 1.4.3/27450/Sat Nov 21 08:26:00 2026\0"
    limit = 1 << 30
    behaviour = ""
    taken: list = []

    def handle(self):
        command = b""
        while not command.endswith(b"\0"):
            part = self.request.recv(1)
            if not part:
                return
            command += part
        if command == b"zVERSION\0":
            self.request.sendall(self.version)
        elif command == b"zINSTREAM\0":
            self._stream()
        else:
            self.request.sendall(b"UNKNOWN COMMAND\0")

    def _stream(self):
        content = b""
        if self.behaviour == "close before":
            return
        while size := struct.unpack("!I", self._exactly(4))[0]:
            content += self._exactly(size)
            if len(content) > self.limit:
                self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.taken.append(content)
        if self.behaviour == "close":
            return
        if self.behaviour == "hang":
            time.sleep(3)
        if self.behaviour == "drip":
            for _ in range(30):
                self.request.sendall(b"s")
                time.sleep(0.1)
        if EICAR in content and self.answer == Clamd.answer:
            self.request.sendall(b"stream: Eicar-Test-Signature FOUND\0")
        else:
            self.request.sendall(self.answer)

    def _exactly(self, size):
        found = b""
        while len(found) < size:
            part = self.request.recv(min(65536, size - len(found)))
            if not part:
                raise ConnectionError
            found += part
        return found


class Quiet(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def handle_error(self, request, client_address):
        pass


class QuietUnix(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


@pytest.fixture
def clamd():
    """clamd(answer=…, behaviour=…) -> a ClamAV that is connected to such a server, which notes what it took."""
    opened = []

    def serve(at=("127.0.0.1", 0), **said):
        handler = type("Scripted", (Clamd,), {"taken": [], **said})
        server = (QuietUnix if isinstance(at, str) else Quiet)(at, handler)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        opened.append(server)
        url = f"unix://{at}" if isinstance(at, str) else f"tcp://127.0.0.1:{server.server_address[1]}"
        asked = ClamAV(url)
        asked.taken = handler.taken
        return asked

    yield serve
    for server in opened:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("size", [1, ClamAV.CHUNK - 1, ClamAV.CHUNK, 3 * ClamAV.CHUNK + 7])
def test_a_file_is_sent_whole_and_its_answer_understood(size, clamd):
    asked = clamd()
    content = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    assert asked.scan(content) == CLEAN
    assert asked.taken == [content]


def test_over_a_unix_socket_too(clamd, tmp_path):
    assert clamd(str(tmp_path / "clamd.ctl")).scan(b"words") == CLEAN


@pytest.mark.parametrize(
    "answer, verdict",
    [
        (b"stream: Win.Trojan.Agent-1 FOUND\0", Verdict(infected=True, reason="virus")),
        (b"stream: Win.Test.EICAR_HDB-1 FOUND\0", Verdict(infected=True, reason="test_virus")),
        (b"stream: Heuristics.Encrypted.Zip FOUND\0", Verdict(reason="password")),
        (b"stream: Heuristics.OLE2.ContainsMacros FOUND\0", Verdict(reason="macros")),
        (b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0", Verdict(reason="not_scanned")),
    ],
)
def test_what_it_names_is_refused(answer, verdict, clamd):
    assert clamd(answer=answer).scan(b"words") == verdict


@pytest.mark.parametrize(
    "answer",
    [
        b"\0", b"OK\0", b"stream: OK", b"stream: ok\0", b"stream: OK FOUND OK\0", b"stream:  FOUND\0", b"stream: OK\n",
        b"PONG\0", b"stream: Can't allocate memory ERROR\0", b"<html>502 Bad Gateway</html>\0", b"\xff\xfe\0",
        b"x" * 9000, b"COMMAND UNAVAILABLE\0",
    ],
)  # fmt: skip
def test_nonsense_is_no_answer(answer, clamd):
    with pytest.raises(Away):
        clamd(answer=answer, behaviour="").scan(b"words")


@pytest.mark.parametrize("behaviour", ["close", "close before"])
def test_a_connection_that_is_closed_is_no_answer(behaviour, clamd):
    with pytest.raises(Away):
        clamd(behaviour=behaviour).scan(b"words" * 100_000)


@pytest.mark.parametrize("behaviour", ["hang", "drip"])
def test_one_that_does_not_answer_in_time_is_not_waited_for(behaviour, clamd, monkeypatch):
    monkeypatch.setattr(ClamAV, "ANSWER_SECONDS", 0.5)
    asked, begun = clamd(behaviour=behaviour), time.monotonic()
    with pytest.raises(Away):
        asked.scan(b"words")
    assert time.monotonic() - begun < 2


def test_one_that_is_not_there_is_away():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Away, match="ConnectionRefusedError"):
        ClamAV(f"tcp://127.0.0.1:{port}").scan(b"words")
    with pytest.raises(Away):
        ClamAV("unix:///nowhere/clamd.ctl").scan(b"words")


def test_a_limit_below_ours_is_no_answer_and_says_whose_fault_it_is(clamd):
    with pytest.raises(Away):
        clamd(limit=1000).scan(b"x" * 200_000)


def test_signatures_are_known_by_their_number_where_it_is_told(clamd):
    assert clamd().signatures() == "27450"
    assert clamd(version=b"COMMAND UNAVAILABLE\0").signatures() == ""
    assert clamd(version=b"ClamAV 1.4.3\0").signatures() == ""


def test_the_probes_are_found_by_a_scanner_that_works_and_fill_what_may_be_uploaded(clamd, settings):
    settings.DOCUMENTS_MAX_MB = 2
    small, large = probes()
    assert small == EICAR and 2 * 1024 * 1024 - 4096 < len(large) <= 2 * 1024 * 1024
    for asked in (clamd(), BuiltInCheck()):
        assert [asked.scan(content).infected for content in (small, large)] == [True, True]


def test_clamav_is_asked_where_it_is_named_and_the_built_in_check_elsewhere(settings):
    assert isinstance(scanner(), BuiltInCheck)
    settings.CLAMAV_URL = "tcp://clamav:3310"
    assert isinstance(scanner(), ClamAV)
