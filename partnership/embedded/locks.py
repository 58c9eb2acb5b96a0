"""flock(2): the kernel drops such a lock with its last holder, however that one died."""

import errno
import fcntl
import os
import time
from pathlib import Path

from .errors import EmbeddedError


def open_lock(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def try_lock(descriptor: int, *, shared: bool = False) -> bool:
    """Take the lock now, or return False because another process holds it."""
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
            return False
        raise
    return True


def wait_lock(descriptor: int, *, seconds: float, shared: bool = False, what: str) -> None:
    """Take the lock within `seconds`. Raises EmbeddedError, naming `what` it waited for."""
    deadline = time.monotonic() + seconds
    while not try_lock(descriptor, shared=shared):
        if time.monotonic() > deadline:
            raise EmbeddedError(f"Waited {seconds:.0f} seconds for {what}, in vain.")
        time.sleep(0.03)


def unlock(descriptor: int) -> None:
    fcntl.flock(descriptor, fcntl.LOCK_UN)


def is_free(path: Path) -> bool:
    """True if no process holds `path` exclusively (nor shared)."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return True
    try:
        return try_lock(descriptor)
    finally:
        os.close(descriptor)
