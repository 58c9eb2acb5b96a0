"""Child processes that cannot outlive their supervisor."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def dies_with_parent(parent: int, sent: signal.Signals) -> Callable[[], None]:
    """Return a preexec_fn: the kernel sends `sent` to the child when `parent` dies, even by SIGKILL."""

    def before_exec() -> None:
        os.umask(0o077)
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, sent, 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return before_exec


def spawn(
    command: Sequence[str | Path],
    *,
    uid: int | None,
    gid: int | None,
    log: IO[bytes],
    on_parent_death: signal.Signals,
    library_path: Path | None = None,
    stdin: int = subprocess.DEVNULL,
) -> subprocess.Popen:
    """Start `command` as `uid` (None: as ourselves) with an environment that the caller's locale cannot spoil."""
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
    if library_path is not None:
        environment["LD_LIBRARY_PATH"] = str(library_path)
    return subprocess.Popen(  # noqa: S603 - the programs of the two wheels, no shell
        command,
        cwd="/",
        env=environment,
        stdin=stdin,
        stdout=log,
        stderr=log,
        user=uid,
        group=gid,
        extra_groups=None if uid is None else [],
        # After setuid, which clears the parent-death signal; subprocess calls this last.
        preexec_fn=dies_with_parent(os.getpid(), on_parent_death),
    )


def stop(process: subprocess.Popen, signals: Sequence[tuple[signal.Signals, float]]) -> None:
    """Send each signal in turn and wait its seconds, then SIGKILL."""
    for sent, seconds in signals:
        if process.poll() is not None:
            return
        process.send_signal(sent)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
            return
    process.kill()
    process.wait()


def end_stray(pid: int, *, mentions: str, seconds: float) -> None:
    """Wait until `pid`, if its command line mentions `mentions`, is gone; after `seconds` kill it.

    It is a service whose supervisor was killed and that is shutting down. Without /proc nothing is done.
    """
    deadline = time.monotonic() + seconds
    while mentions in command_line(pid):
        if time.monotonic() > deadline:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            deadline += seconds
        time.sleep(0.05)


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
