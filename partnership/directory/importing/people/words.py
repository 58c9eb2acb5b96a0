"""What people write for duties and days, and how a row of a list of people is shown."""

import re
from datetime import date, timedelta

from partnership.directory.importing.entries import Odd, day
from partnership.people.finding import fold
from partnership.people.models import AgencyKind, DutyKind
from partnership.people.models.dated import last_day
from partnership.ui.dates import MONTHS, plain

LABELS = {
    "person": "Person",
    "email": "Email address",
    "telephone": "Telephone",
    "job_title": "Job title",
    "duty": "Duty",
    "holder": "Holder",
    "post": "Post that carries the duty",
    "starts": "From",
    "ends": "Until",
    "office_email": "Email address of the office",
    "office_telephone": "Telephone of the office",
}
D = DutyKind
DUTIES = {
    "dsl": D.DSL,
    "designated safeguarding lead": D.DSL,
    "designated lead": D.DSL,
    "safeguarding lead": D.DSL,
    "lead dsl": D.DSL,
    "primary dsl": D.DSL,
    "deputy dsl": D.DEPUTY_DSL,
    "ddsl": D.DEPUTY_DSL,
    "dep dsl": D.DEPUTY_DSL,
    "deputy designated safeguarding lead": D.DEPUTY_DSL,
    "deputy designated lead": D.DEPUTY_DSL,
    "deputy safeguarding lead": D.DEPUTY_DSL,
    "section 11 lead": D.SECTION_11_LEAD,
    "section 11": D.SECTION_11_LEAD,
    "s11 lead": D.SECTION_11_LEAD,
    "s11": D.SECTION_11_LEAD,
    "s 11 lead": D.SECTION_11_LEAD,
    "spoc": D.SINGLE_POINT,
    "single point of contact": D.SINGLE_POINT,
    "head": D.HEADTEACHER,
    "headteacher": D.HEADTEACHER,
    "head teacher": D.HEADTEACHER,
    "principal": D.HEADTEACHER,
    "chair of governors": D.CHAIR_OF_GOVERNORS,
    "chair of the governors": D.CHAIR_OF_GOVERNORS,
    "chair of the governing body": D.CHAIR_OF_GOVERNORS,
    "chair of governing body": D.CHAIR_OF_GOVERNORS,
    "case contact": D.CASE_CONTACT,
    "deputy case contact": D.DEPUTY_CASE_CONTACT,
    "deputy contact": D.DEPUTY_CASE_CONTACT,
    "closure cover": D.CLOSURE_COVER,
    "cover": D.CLOSURE_COVER,
    "holiday cover": D.CLOSURE_COVER,
    "cover while closed": D.CLOSURE_COVER,
    "cover while it is closed": D.CLOSURE_COVER,
}
OFFERED = (
    "DSL, Deputy DSL, section 11 lead, SPOC, head, chair of governors, case contact, deputy case contact, closure cover"
)
# These sign, scrutinise or sit by appointment: a spreadsheet does not appoint.
BY_HAND = {
    "lead safeguarding partner": D.LEAD_PARTNER,
    "lsp": D.LEAD_PARTNER,
    "delegated safeguarding partner": D.DELEGATED_PARTNER,
    "dsp": D.DELEGATED_PARTNER,
    "lead member": D.LEAD_MEMBER,
    "scrutineer": D.SCRUTINEER,
    "independent scrutineer": D.SCRUTINEER,
    "lay member": D.LAY_MEMBER,
}
NOBODY = {"", "vacant", "tbc", "to be confirmed", "n a", "na", "none", "nobody", "tba", "unknown", "vacancy"}
ENDLESS = {"present", "ongoing", "current", "now", "to date", "open", "tbc", "n a"}


def duties_of(words: str, kind: str) -> list:
    """The duties that a cell names. Raises Odd where it is not known which. kind: that of the organisation."""
    whole = fold(words)
    if not whole or whole in NOBODY:
        return []
    if found := _duty(whole, kind):
        return [found]
    parts = [fold(part) for part in re.split(r"[/;,+&\n]|\band\b", words, flags=re.IGNORECASE)]
    found = [_duty(part, kind) for part in parts if part]
    if not all(found):
        raise Odd(f"‘{words[:60]}’ is no duty that is known. Write one of: {OFFERED}.")
    return list(dict.fromkeys(found))


def _duty(folded, kind):
    if folded in BY_HAND:
        raise Odd(f"{BY_HAND[folded].label}: this is an appointment. Record it on the organisation’s own page.")
    if folded == "deputy":
        if kind in (AgencyKind.SCHOOL, AgencyKind.EARLY_YEARS):
            raise Odd("‘Deputy’ may be the deputy DSL or the deputy case contact: write it in full.")
        return D.DEPUTY_CASE_CONTACT
    return DUTIES.get(folded)


def day_of(value: str, name: str, day_zero: date) -> date | None:
    """A day in any of the forms that lists use, or as the bare number that a spreadsheet keeps it as."""
    value = value.strip()
    if fold(value) in ENDLESS:
        return None
    if re.fullmatch(r"\d{5}(\.\d+)?", value, re.ASCII):
        found = day_zero + timedelta(days=int(value.split(".")[0]))
    elif re.fullmatch(r"\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2}", value, re.ASCII):
        raise Odd(f"The {name} ‘{value}’ has a year of two figures: write four.")
    elif spelt := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?[ -]+([a-z]+)\.?,?[ -]+(\d{4})", value.casefold(), re.ASCII):
        month = MONTHS.get(spelt[2])
        found = day(f"{spelt[1]}/{month}/{spelt[3]}", name) if month else day(value, name)
    else:
        found = day(value, name)
    if found and not 1950 <= found.year <= 2100:
        raise Odd(f"The {name} ‘{value[:20]}’ is not a day of our time.")
    return found


def say(code, value, names=None) -> str:
    if value in (None, "", []):
        return {"ends": "open", "holder": "vacant"}.get(code, "nothing")
    if code in ("starts", "ends"):
        found = date.fromisoformat(value)
        return plain(last_day(found) if code == "ends" else found)
    if code == "duty":
        return "; ".join(str(DutyKind(each).label) for each in value)
    return str(value)
