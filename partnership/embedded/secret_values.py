"""The secrets of an evaluation portal: made once, kept beside the database but never in it."""

import base64
import os
import secrets
from pathlib import Path


def load(path: Path) -> dict[str, str]:
    """Return {SECRET_KEY, IDENTITY_KEYS}, making the file (mode 0600) when it is not there.

    IDENTITY_KEYS is one Fernet key: 32 random bytes in URL-safe base64.
    """
    values = read(path)
    if values is None:
        made = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "IDENTITY_KEYS": base64.urlsafe_b64encode(os.urandom(32)).decode(),
        }
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.writelines(f"{name}={value}\n" for name, value in made.items())
            file.flush()
            os.fsync(file.fileno())
        # link() refuses to replace: of several first starts at once exactly one set of keys wins, for all of them.
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        values = read(path)
    return values or {}


def read(path: Path) -> dict[str, str] | None:
    """Return the NAME=value lines of `path`, or None when it is not there."""
    try:
        lines = path.read_text().splitlines()
    except FileNotFoundError:
        return None
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
