"""Whom a request about a case goes to on a day."""

from dataclasses import dataclass

from partnership.people.models import AgencyKind, DutyKind, NamedDuty
from partnership.people.models.dated import last_day
from partnership.ui.dates import plain


@dataclass(frozen=True)
class Asked:
    """To whom a request about a case goes: `duty` (None: to nobody), and why, in a sentence."""

    duty: NamedDuty | None
    reason: str

    @property
    def holder(self):
        return self.duty.holder if self.duty else None


def who_is_asked(kind, duties, closure) -> Asked:
    """Who gets a request about a case: the cover while the organisation is closed, else the case contact,
    else the deputy, else a school's designated safeguarding lead.

    duties: the live ones of a day. closure: a dict of name and ends, or None where it is open.
    """
    found = {}
    for duty in duties:
        if duty.holder and duty.holder.closed_at is None and not duty.deputy_for_id:
            found.setdefault(duty.kind, duty)
    closed = f"It is closed ({closure['name']}, until {plain(last_day(closure['ends']))})" if closure else ""
    if closed and (cover := found.get(DutyKind.CLOSURE_COVER)):
        return Asked(cover, f"{closed}, so its cover is asked.")
    start = f"{closed} and nobody covers for it; " if closed else ""
    if contact := found.get(DutyKind.CASE_CONTACT):
        return Asked(contact, _sentence(f"{start}its case contact is asked."))
    if deputy := found.get(DutyKind.DEPUTY_CASE_CONTACT):
        return Asked(deputy, _sentence(f"{start}it has no case contact, so the deputy is asked."))
    if kind == AgencyKind.SCHOOL and (lead := found.get(DutyKind.DSL)):
        return Asked(lead, _sentence(f"{start}it names no case contact, so its designated safeguarding lead is asked."))
    return Asked(None, _sentence(f"{start}nobody is named to be asked."))


def _sentence(text):
    return text[:1].upper() + text[1:]


def late(review_on, day) -> str:
    """'42 days past its review date', or nothing."""
    days = (day - review_on).days if review_on else 0
    return f"{days} day{'' if days == 1 else 's'} past its review date" if days > 0 else ""
