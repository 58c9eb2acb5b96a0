"""Where the embedded services keep their things.

Everything lies in the data folder (PORTAL_DATA, else `.data` in the checkout), except for root: postgres refuses to
run as root, and the unprivileged user it runs as may be unable to enter the checkout (a home folder of mode 0700).
Its cluster and a copy of its program then lie below /var/lib, and no permission outside our own folders is changed.
"""

import json
import os
import pwd
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from .errors import EmbeddedError
from .locks import is_free

CHECKOUT = Path(__file__).resolve().parents[2]
SHARED_BASES = (
    Path("/var/lib/partnership-portal"),
    Path("/var/tmp/partnership-portal"),  # noqa: S108 - shared_base() checks whose it is
)


@dataclass(frozen=True)
class Places:
    data: Path  # the portal's data folder
    home: Path  # the cluster and the credentials of the services
    base: Path | None  # as root: the folder that everybody may enter, with the copied programs; else None
    uid: int | None  # as root: whom the services run as; else None
    gid: int | None

    @property
    def run(self) -> Path:
        return self.data / "run"

    @property
    def secrets(self) -> Path:
        return self.data / "secrets.env"

    @property
    def state(self) -> Path:
        return self.run / "state.json"

    @property
    def log(self) -> Path:
        return self.run / "supervisor.log"

    @property
    def users_lock(self) -> Path:
        return self.run / "users.lock"

    @property
    def joining_lock(self) -> Path:
        return self.run / "joining.lock"

    @property
    def supervisor_lock(self) -> Path:
        return self.run / "supervisor.lock"

    @classmethod
    def find(cls) -> "Places":
        """Return the places for PORTAL_DATA, making the folders.

        Raises EmbeddedError when the data folder cannot be made or belongs to somebody else.
        """
        data = Path(os.environ.get("PORTAL_DATA") or CHECKOUT / ".data").absolute()
        try:
            make_private(data)
            make_private(data / "run")
        except OSError as error:
            raise EmbeddedError(
                f"The data folder {data} cannot be used ({error.strerror}). "
                "Set PORTAL_DATA to a folder that you may write to."
            ) from None
        owner = data.stat().st_uid
        if owner != os.geteuid():
            # A file that root made in another's folder would lock its owner out at the next start.
            raise EmbeddedError(
                f"The data folder {data} belongs to {account(owner)}. "
                "Run this as the same user, or set PORTAL_DATA to a folder of your own."
            )
        if os.geteuid() != 0:
            return cls(data=data, home=data / "services", base=None, uid=None, gid=None)
        nobody = pwd.getpwnam("nobody")
        base = shared_base()
        return cls(data=data, home=base / home_name(data), base=base, uid=nobody.pw_uid, gid=nobody.pw_gid)


def make_private(folder: Path) -> None:
    """Make `folder` (mode 0700) unless it is there; one that is there keeps its mode."""
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(13, "permission denied")


def account(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def shared_base() -> Path:
    for base in SHARED_BASES:
        try:
            base.mkdir(mode=0o755, exist_ok=True)
        except OSError:
            continue
        found = base.lstat()
        # /var/tmp is writable for all: a folder that somebody else laid there is not ours.
        if base.is_dir() and not base.is_symlink() and found.st_uid == 0 and os.access(base, os.W_OK):
            base.chmod(0o755)
            return base
    raise EmbeddedError(f"None of {', '.join(map(str, SHARED_BASES))} can be written to, even as root.")


def home_name(data: Path) -> str:
    """Return the name of the cluster's folder for this data folder, kept in the data folder itself.

    So a data folder that was deleted never meets its old database (whose keys went with it), a moved one keeps its
    database, and a copied one gets a new database instead of sharing the first one's.
    """
    path = data / "place.json"
    try:
        place = json.loads(path.read_text())
        if place["data"] == str(data):
            return place["home"]
        moved = not (Path(place["data"]) / "place.json").exists()
    except (FileNotFoundError, ValueError, KeyError):
        place, moved = {}, False
    home = place["home"] if moved else secrets.token_hex(8)
    draft = path.with_name(f"place.{os.getpid()}")
    draft.write_text(json.dumps({"data": str(data), "home": home}))
    if moved or place:
        draft.replace(path)
        return home
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return json.loads(path.read_text())["home"]


def sweep(base: Path) -> None:
    """Delete the clusters below `base` whose data folder was deleted or no longer names them."""
    for home in base.iterdir():
        try:
            data = Path((home / "data-folder").read_text())
        except OSError:
            continue
        try:
            named = json.loads((data / "place.json").read_text())["home"]
        except FileNotFoundError:
            named = None
        except (OSError, ValueError, KeyError):
            continue
        if named != home.name and is_free(home / "supervisor.lock"):
            shutil.rmtree(home, ignore_errors=True)
