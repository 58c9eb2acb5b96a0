"""A row of a list of people as it is read: what it says, before it is known of whom."""

import re
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from partnership.directory.importing.entries import Odd, telephone, text
from partnership.directory.importing.people.words import NOBODY, day_of
from partnership.directory.rules import ADDRESS
from partnership.people.finding import fold
from partnership.people.models.dated import after

MAILBOXES = {
    "office", "admin", "info", "enquiries", "reception", "contact", "mail", "secretary", "safeguarding", "dsl", "head",
}  # fmt: skip


def since(starts, ends):
    """From which day a row speaks: one without days is of today, so that a duty that ended long ago is another."""
    today = timezone.localdate()
    return starts or (today if ends is None or ends > today else None)


@dataclass(frozen=True, slots=True)
class Said:
    """email: "" where none. duty: the cell's words. ends: the first day no longer. name: "" where nobody is named."""

    organisation: str
    number: str
    name: str = ""
    email: str = ""
    telephone: str = ""
    post: str = ""
    duty: str = ""
    starts: date | None = None
    ends: date | None = None
    office_email: str = ""
    office_telephone: str = ""

    @property
    def shared(self):
        """Whether the address looks like that of an office."""
        return self.email.split("@")[0].casefold() in MAILBOXES


def read(cells: dict, day_zero: date) -> Said:
    """Raises Odd with what is wrong."""
    starts = day_of(cells.get("from", ""), "first day", day_zero)
    until = day_of(cells.get("until", ""), "last day", day_zero)
    if starts and until and until < starts:
        raise Odd("It ends before it begins: one of the two days is wrong.")
    numbers = {}
    for code in ("telephone", "office_telephone"):
        numbers[code], odd = telephone("" if fold(cells.get(code, "")) in NOBODY else cells[code])
        if odd:
            raise Odd(odd)
    said = Said(
        organisation=text(cells.get("organisation", ""), name="name of the organisation"),
        number=re.sub(r"\s", "", cells.get("number", "")).upper()[:40],
        name=_name(cells),
        email=_address(cells.get("email", "")),
        post=text(cells.get("post", ""), name="post"),
        duty=text(cells.get("duty", ""), 300, "duty"),
        starts=starts,
        ends=after(until),
        office_email=_address(cells.get("office_email", "")),
        **numbers,
    )
    if not said.organisation and not said.number:
        raise Odd("The row names no organisation.")
    if said.email and not said.name:
        raise Odd("The row has an address and no name. An office’s address belongs into the office’s column.")
    if not said.duty and said.name:
        raise Odd("The row names a person without a duty: the directory keeps people for what they hold.")
    if not said.duty and not said.office_email and not said.office_telephone:
        raise Odd("The row says nothing that is kept: no duty, no contact of the office.")
    return said


def _name(cells):
    name = text(cells.get("name", ""), name="name of the person")
    if not name:
        parts = [text(cells.get(code, ""), name="name of the person") for code in ("first", "last")]
        name = " ".join(filter(None, parts))
    if fold(name) in NOBODY:
        return ""
    if name.count(",") == 1 and all(part.strip() for part in name.split(",")):
        last, first = (part.strip() for part in name.split(","))
        name = f"{first} {last}"
    if len(name) > 200:
        raise Odd("The name of the person is longer than 200 characters.")
    if ADDRESS.search(name) or not any(c.isalpha() for c in name):
        raise Odd(f"‘{name[:60]}’ is not a person’s name.")
    return name


def _address(value):
    value = text(value, 300, "email address").removeprefix("mailto:")
    if fold(value) in NOBODY:
        return ""
    if found := re.fullmatch(r"[^<>]*<([^<>]+)>", value):
        value = found[1]
    value = value.strip(" ;,")
    if not value.isascii():
        raise Odd(f"‘{value[:60]}’ is not an email address: it has letters that look like others.")
    try:
        validate_email(value)
    except ValidationError:
        raise Odd(f"‘{value[:60]}’ is not an email address.") from None
    if len(value) > 254:
        raise Odd("The email address is longer than 254 characters.")
    return value
