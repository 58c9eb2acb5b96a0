"""Print the Debian packages that are missing on this machine, on one line; nothing when all are there.

With --browser, exit status 1 when there is no Chromium for the browser tests.
"""

import ctypes
import shutil
import subprocess
import sys
from pathlib import Path

LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz.so.0": "libharfbuzz0b",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
    "libfontconfig.so.1": "libfontconfig1",
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def missing_packages() -> list[str]:
    """Return the packages of the libraries that cannot be loaded, and of the font when fontconfig finds none."""
    missing = [package for library, package in LIBRARIES.items() if not loads(library)]
    if not has_font():
        missing.append("fonts-liberation")
    return missing


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_font() -> bool:
    """True if the Liberation fonts are installed: the reports' measures are theirs, and other fonts move the pages."""
    lister = shutil.which("fc-list")
    if lister:
        said = subprocess.run([lister, "Liberation Sans"], capture_output=True, check=False, text=True)
        return bool(said.stdout.strip())
    return any(Path("/usr/share/fonts").glob("**/LiberationSans-Regular.*"))


def browser() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


if __name__ == "__main__":
    if "--browser" in sys.argv:
        sys.exit(browser() is None)
    print(" ".join(missing_packages()))
