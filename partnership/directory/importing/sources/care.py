"""Care providers: the directory of the Care Quality Commission, with its preamble above the column names.

A location's published telephone and website are the organisation's. A provider that is a private person is not kept.
Children's homes, fostering and adoption agencies are inspected by Ofsted, so hardly a row of this list has a number in
the Schedule; one that says so has.
"""

import re

from partnership.directory.importing.authorities import code_of, no_authority
from partnership.directory.importing.entries import (
    Entry,
    Odd,
    Source,
    Wrong,
    organisation,
    postcode,
    register,
    telephone,
    text,
    website,
)
from partnership.documents.tables.reading import Column, Layout
from partnership.people.finding import plain_number
from partnership.people.models import AgencyKind, Register

COLUMNS = (
    Column("name", ("Name", "Location name"), essential=True),
    Column("number", ("CQC Location ID (for office use only)", "CQC Location ID", "Location ID"), essential=True),
    Column("authority", ("Local authority", "Location local authority"), essential=True),
    Column("other_name", ("Also known as",)),
    Column("address", ("Address",)),
    Column("postcode", ("Postcode", "Location postal code")),
    Column("telephone", ("Phone number", "Location telephone number")),
    Column("website", ("Service's website (if available)", "Service's website", "Location web address")),
    Column("services", ("Service types", "Service type")),
    Column("for_whom", ("Specialisms/services",)),
    Column("provider_name", ("Provider name",)),
    Column("provider", ("CQC Provider ID (for office use only)", "CQC Provider ID", "Provider ID")),
)
NUMBER = re.compile(r"(1-\d{6,15}|[A-Z0-9]{3,15})", re.ASCII)
PRACTICES = ("dentist", "doctor", "gps", "general practice", "gp practice")
# What a service type must say for a number of the Schedule.
ITEMS = (
    ("residential family centre", 22),
    ("children's home", 21),
    ("fostering", 20),
    ("adoption support", 18),
    ("holiday scheme", 23),
)


def parse(cells, columns):
    number = name = ""
    try:
        number, name = plain_number(cells["number"]), text(cells["name"], name="name")
        if not number:
            return Wrong("The row has no number of a location.", "", name)
        if not NUMBER.fullmatch(number):
            return Wrong(f"‘{cells['number'][:20]}’ is not a location’s number of the Commission.", number, name)
        if not name:
            return Wrong("The row has no name.", number)
        authority = code_of(text(cells["authority"], name="local authority"))
        if not authority:
            return Wrong(no_authority(cells["authority"]), number, name)
        return _entry(cells, number, name, authority)
    except Odd as odd:
        return Wrong(str(odd), number, name)


def _entry(cells, number, name, authority):
    services = text(cells.get("services", "").replace("|", ", "), 500, "service types")
    low = services.casefold().replace("’", "'")
    facts = {"name": name, "ends": None, "register": {}}
    if any(words in low for words in PRACTICES):
        facts["kind"] = AgencyKind.PRACTICE
    for words, item in ITEMS:
        if words in low:
            facts["item"] = item
            break
    if services:
        facts["register"]["Services"] = services
    if for_whom := text(cells.get("for_whom", "").replace("|", ", "), 1000, "specialisms"):
        facts["register"]["For whom"] = for_whom
    # The address is one cell; its last part is the town.
    parts = [part.strip() for part in cells.get("address", "").split(",") if part.strip()]
    if len(parts) > 1:
        facts["town"] = text(parts[-1], 100, "town")
    if cells.get("postcode"):
        facts["postcode"] = postcode(cells["postcode"])
    if other := text(cells.get("other_name", ""), name="other name"):
        facts["aliases"] = [other]
    address, remark = website(cells.get("website", ""))
    if address:
        facts["website"] = address
    number_said, odd = telephone(cells.get("telephone", ""))
    if number_said:
        facts["telephone"] = number_said
    owner = organisation(cells.get("provider_name", ""))
    if owner and cells.get("provider"):
        facts["provider"] = {"number": plain_number(cells["provider"])[:40], "name": owner}
    return Entry(number, facts, authority, " ".join(filter(None, [remark, odd])))


CARE = register(
    Source(
        code="care",
        title="Care providers",
        licence="Contains information from the Care Quality Commission under the Open Government Licence v3.0.",
        hint="Care Quality Commission: the care directory, as CSV or XLSX.",
        layout=Layout(COLUMNS, origin="It should be the care directory of the Care Quality Commission."),
        parse=parse,
        kind=AgencyKind.PROVIDER,
        register=Register.CARE,
        owner_register=Register.CARE,
        owner_kind=AgencyKind.PROVIDER,
        number_name="Location number",
        links=(AgencyKind.PRACTICE, AgencyKind.PROVIDER),
    )
)
