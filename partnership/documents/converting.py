"""An Office file to a PDF by LibreOffice, in a sandbox (docs/adr/0031): a process that has no network, a profile that
is made for this file and thrown away, limits of time, memory and size, and an environment without a secret.

A worker converts, never a request. Where LibreOffice is missing or no sandbox can be made, nothing is converted: it is
never run with a network.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from partnership.documents.contents import kinds
from partnership.documents.names import extension_of
from partnership.documents.refusals import MB, Refused

OFFICE = ("docx", "pptx", "xlsx")
SECONDS = 120
MEMORY = 3 * 1024 * MB  # of address space; LibreOffice begins at about one
MOST = 100 * MB  # of what it writes
PROGRAM = "soffice"
# No macro runs, whatever a document says, and no link is followed to update it.
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse">
<value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse">
<value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse">
<value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse">
<value>2</value></prop></item>
</oor:items>
"""


class Failed(RuntimeError):
    """No PDF came of it. `code` names why: too_long, no_pdf, or a code of refusals.py for the PDF that came."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Unavailable(RuntimeError):
    """Nothing can be converted on this machine: the message says what is missing."""


def wants_pdf(name) -> bool:
    return extension_of(name) in OFFICE


def to_pdf(name, content: bytes) -> bytes:
    """The PDF of a file that the check found clean. Raises Failed, Unavailable."""
    program, boxed = found()
    with tempfile.TemporaryDirectory(prefix="portal-convert-", ignore_cleanup_errors=True) as folder:
        work = Path(folder)
        source = work / f"paper.{extension_of(name)}"
        source.write_bytes(content)
        profile = work / "profile" / "user"
        profile.mkdir(parents=True)
        (profile / "registrymodifications.xcu").write_text(SETTINGS, encoding="utf-8")
        _run(
            [*boxed(work), *_limits(), program, "--headless", "--norestore", "--nolockcheck", "--nodefault",
             f"-env:UserInstallation=file://{work}/profile", "--convert-to", "pdf", "--outdir", str(work), str(source)],
            work,
        )  # fmt: skip
        made = work / "paper.pdf"
        if made.is_symlink() or not made.is_file() or not 0 < made.stat().st_size <= MOST:
            raise Failed("no_pdf")
        pdf = made.read_bytes()
    try:
        return kinds.KINDS["pdf"].look(pdf)
    except Refused as refused:
        raise Failed(refused.code) from None


@cache
def found():
    """(program, boxed): boxed(work) -> how a command is begun without a network. Asked once a process.

    Raises Unavailable.
    """
    program = shutil.which(PROGRAM)
    if program is None:
        raise Unavailable("LibreOffice is not installed")
    for boxed in (_bubblewrap, _unshare):
        if _works(boxed):
            return program, boxed
    raise Unavailable("neither bubblewrap nor unshare can take the network away here")


def _bubblewrap(work) -> list:
    """Nothing to read but the programs, nothing to write but the work."""
    places = [
        each for each in ("/usr", "/bin", "/lib", "/lib64", "/etc/fonts", "/etc/ld.so.cache") if os.path.exists(each)
    ]
    seen = [part for place in places for part in ("--ro-bind", place, place)]
    return [
        "bwrap", "--unshare-all", "--die-with-parent", "--new-session", *seen, "--proc", "/proc", "--dev", "/dev",
        "--tmpfs", tempfile.gettempdir(), "--bind", str(work), str(work), "--chdir", str(work),
    ]  # fmt: skip


def _unshare(work) -> list:
    return ["unshare", "--map-root-user", "--net", "--ipc", "--"]


def _works(boxed) -> bool:
    if shutil.which(boxed(Path())[0]) is None:
        return False
    with tempfile.TemporaryDirectory(prefix="portal-convert-") as folder:
        try:
            said = subprocess.run(  # noqa: S603 - our own words
                [*boxed(Path(folder)), "true"], capture_output=True, timeout=20, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
    return said.returncode == 0


def _limits() -> list:
    return ["prlimit", f"--as={MEMORY}", f"--fsize={MOST}", f"--cpu={SECONDS}", "--core=0", "--"]


def _run(command, work):
    """In a group of its own, all of which is ended when the time is over, or the worker is told to stop."""
    plain = {"PATH": "/usr/bin:/bin", "HOME": str(work), "TMPDIR": str(work), "LANG": "C.UTF-8"}
    process = subprocess.Popen(  # noqa: S603 - our own words; the file has a name of ours
        command, cwd=work, env=plain, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        process.wait(SECONDS)
    except subprocess.TimeoutExpired:
        raise Failed("too_long") from None
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
