"""How partnerships write who came: spellings that mean one thing, and those that somebody has to be asked about."""

import re
from dataclasses import dataclass

from boards.models import Attendance

M = Attendance.Mark
NOTHING = "nothing"  # the answer for a spelling that records nothing
SURE = {
    M.PRESENT: "p present attended attending yes y ✓ ✔ ✅ ☑ √ 🗸 pres",
    M.APOLOGIES: "apologies apols apol apology apologised ap apg",
    M.ABSENT: "absent abs dna none ✗ ✘ ✕ ❌ ☒",
    M.DEPUTY: "d dep deputy rep substitute sub",
    M.NOT_APPLICABLE: "n/a na n.a not_applicable not_required",
    M.OBSERVER: "observer observed obs",
}
SURE = {word.replace("_", " "): mark for mark, words in SURE.items() for word in words.split()}
SURE |= {"deputy sent": M.DEPUTY, "sent deputy": M.DEPUTY, "did not attend": M.ABSENT, "not a member": M.NOT_APPLICABLE}
# What is one thing in one partnership and another in the next: asked, with what it mostly is. A tick and a cross of
# the printer's font Zapf Dingbats come out of a PDF as 4 and 8.
ASKED = {
    "a": M.APOLOGIES, "x": M.ABSENT, "n": M.NOT_APPLICABLE, "no": M.ABSENT, "o": M.OBSERVER, "4": M.PRESENT,
    "8": M.ABSENT, "1": M.PRESENT, "0": M.ABSENT, "-": NOTHING, "–": NOTHING, "—": NOTHING,
}  # fmt: skip
DEPUTY = re.compile(r"(?:d|dep|deputy|substitute)\s*[:(–-]\s*(?P<who>[^()]{2,200}?)\s*\)?", re.I)
BEHIND = re.compile(r"(?P<who>[^()]{2,200}?)\s*\((?:deputy|dep|for|sub)[^()]*\)", re.I)


@dataclass(frozen=True)
class Mark:
    """code: of Attendance.Mark; '' for nothing recorded, None where it has to be asked. who: the deputy who came."""

    code: str | None
    who: str = ""


def spelling(text: str) -> str:
    """What is compared: one blank between words, no full stop at the end, case folded."""
    return " ".join(text.replace("\ufe0f", "").split()).strip(" .").casefold()


def read_mark(text: str, answers: dict) -> Mark:
    """What a cell says. answers: spelling -> a code or NOTHING, for those that were asked about."""
    said = spelling(text)
    if not said:
        return Mark("")
    if said in answers:
        return Mark("" if answers[said] == NOTHING else answers[said])
    if said in SURE:
        return Mark(SURE[said])
    if found := DEPUTY.fullmatch(text.strip()) or BEHIND.fullmatch(text.strip()):
        return Mark(M.DEPUTY, " ".join(found["who"].split()))
    return Mark(None)
