"""What the words of a log mean: dates, statuses, ratings, scores; and what speaks of a child, so that it is held back.

Nothing is guessed: what can mean two things is an Unclear, which somebody answers once for all rows that say it.
"""

import re
from dataclasses import dataclass
from datetime import date

from partnership.actions.models import Outlook
from partnership.documents.tables.days import NoDate, read_day

OPEN, CLOSED, PARKED, LEAVE = "open", "closed", "parked", "leave"
STATUSES = {
    OPEN: {"", "open", "ongoing", "on going", "on-going", "in progress", "in-progress", "not started", "started",
           "on track", "outstanding", "overdue", "new", "live", "current", "active", "underway", "under way", "delayed",
           "no", "n", "incomplete", "not complete", "carried forward", "o", "to do", "amber", "red", "green"},
    CLOSED: {"closed", "complete", "completed", "done", "achieved", "finished", "actioned", "yes", "y", "discharged",
             "resolved", "c"},
    PARKED: {"on hold", "hold", "parked", "paused", "deferred", "future", "idea"},
    LEAVE: {"withdrawn", "superseded", "no longer required", "no longer needed", "cancelled", "not needed", "deleted",
            "merged", "duplicate"},
}  # fmt: skip
STATUS_OF = {word: status for status, words in STATUSES.items() for word in words}
OUTLOOKS = {
    "red": Outlook.OFF_TRACK, "r": Outlook.OFF_TRACK, "off track": Outlook.OFF_TRACK,
    "amber": Outlook.AT_RISK, "a": Outlook.AT_RISK, "yellow": Outlook.AT_RISK, "at risk": Outlook.AT_RISK,
    "green": Outlook.ON_TRACK, "g": Outlook.ON_TRACK, "on track": Outlook.ON_TRACK,
}  # fmt: skip
SCALES = {
    "likelihood": {
        1: {"rare", "remote", "very unlikely", "very low"}, 2: {"unlikely"}, 3: {"possible"}, 4: {"likely", "probable"},
        5: {"almost certain", "very likely", "certain"},
    },
    "impact": {
        1: {"negligible", "insignificant", "very low"}, 2: {"minor"}, 3: {"moderate"}, 4: {"major", "significant"},
        5: {"severe", "catastrophic", "critical", "extreme"},
    },
}  # fmt: skip
SCALE_OF = {name: {word: at for at, words in scale.items() for word in words} for name, scale in SCALES.items()}
NO_DATE = {"", "tbc", "tba", "tbd", "n/a", "na", "none", "-", "–", "?"}
END_OF = re.compile(r"^(?:by\s+)?(?:the\s+)?end\s+(?:of\s+)?", re.I)
BEFORE = re.compile(r"^(?:by|before|due|due by|from)\s+", re.I)
# What a log may not carry: a date of birth, an NHS number, a unique pupil number, words that announce one of them.
BORN = re.compile(
    r"\bd\.?\s?o\.?\s?b\b|\bdate of birth\b|\bborn\s+(?:on\s+)?(?:the\s+)?\d|\bnhs\s*(?:no|num|number)\b|\bupn\b", re.I
)
TEN = re.compile(r"(?<!\d)(\d{3})[ -]?(\d{3})[ -]?(\d{4})(?!\d)")
WHY_HELD = (
    "It looks as if {} stands in this row. A log of actions or risks carries nothing by which a child is known: take "
    "it out of the file and send the row again."
)


@dataclass(frozen=True)
class Unclear:
    """What somebody must say before the row comes in. field: of QUESTIONS. words: as they were written. offered: the
    day that they most probably mean, to be confirmed."""

    field: str
    words: str
    offered: date | None = None

    @property
    def key(self) -> str:
        return f"{self.field} {self.words.casefold()}"


def plain(text) -> str:
    return " ".join(str(text or "").split())


def read_date(field, text, day_zero, answers):
    """A date, None for none, PARKED where somebody said so, or an Unclear. Day before month, always."""
    said = plain(text)
    if said.casefold() in ("", "-", "–") and field != "due":
        return None
    if (answer := answers.get(f"{field} {said.casefold()}")) is not None:
        return PARKED if answer == PARKED else date.fromisoformat(answer) if answer else None
    if said.casefold() in NO_DATE:
        return Unclear(field, said) if field == "due" else None
    end = END_OF.match(said)
    rest = BEFORE.sub("", END_OF.sub("", said, count=1), count=1).strip()
    try:
        found = read_day(rest, day_zero=day_zero, ahead=True)
    except NoDate:
        return Unclear(field, said)
    if found.precision == "day" and not found.about and not end:
        return found.starts
    return Unclear(field, said, found.ends if found.precision == "month" else None)


def read_status(text, answers):
    """OPEN, CLOSED, PARKED, LEAVE or an Unclear."""
    said = plain(text).casefold()
    if found := answers.get(f"status {said}"):
        return found
    return STATUS_OF.get(said) or Unclear("status", plain(text))


def read_scale(name, text, answers):
    """1 to 5, or an Unclear: 'high' is another number in every partnership."""
    said = plain(text).casefold()
    if found := answers.get(f"{name} {said}"):
        return int(found)
    if match := re.fullmatch(r"([1-5])(?:\.0)?(?:\s*[-–:(].*)?", said):
        return int(match[1])
    return SCALE_OF[name].get(said) or Unclear(name, plain(text))


def outlook_of(text) -> str:
    """The owner's outlook that a rating stands for; empty for any other word."""
    return OUTLOOKS.get(plain(text).casefold(), "")


def why_held(texts) -> str:
    """Why a row is held back: it seems to carry what a child is known by. Empty where it does not.

    It knows patterns and no names: that a name is a child's only people can see.
    """
    for text in texts:
        if found := BORN.search(text):
            return WHY_HELD.format(f"a date of birth or a number of a person (‘{found[0].strip()}’)")
        for match in TEN.finditer(text):
            if _nhs("".join(match.groups())):
                return WHY_HELD.format("an NHS number")
    return ""


def _nhs(digits) -> bool:
    """Whether ten digits are an NHS number: the last is the check of the others (modulus 11, NHS Data Dictionary)."""
    check = 11 - sum(int(digit) * (10 - at) for at, digit in enumerate(digits[:9])) % 11
    return check != 10 and check % 11 == int(digits[9])
