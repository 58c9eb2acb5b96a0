"""The early-years register: Ofsted's list of childcare providers, in its forms since 2018.

Childminders, nannies and whoever minds children in a home are private persons and are never taken in. The person or
body that registered is kept where its name is plainly that of an organisation.
"""

import re

from partnership.directory.importing.authorities import code_of, no_authority
from partnership.directory.importing.entries import (
    Entry,
    LeftOut,
    Odd,
    Source,
    Wrong,
    day,
    day_after,
    organisation,
    postcode,
    register,
    text,
    whole,
)
from partnership.directory.reference import place_name
from partnership.documents.tables.reading import Column, Layout
from partnership.people.finding import plain_number
from partnership.people.models import AgencyKind, Register

COLUMNS = (
    Column("number", ("Provider URN", "URN", "Provider unique reference number"), essential=True),
    Column("name", ("Provider name", "Setting name"), essential=True),
    Column("type", ("Provider type",), essential=True),
    Column("authority", ("Local authority", "Local Authority name"), essential=True),
    Column("subtype", ("Provider subtype",)),
    Column("status", ("Provider status", "Registration status")),
    Column("opened", ("Registration date", "Date of registration")),
    Column("closed", ("Resignation date", "Date closed", "Closed date")),
    Column("town", ("Provider town", "Town")),
    Column("postcode", ("Postcode", "Provider postcode")),
    Column("region", ("Region",)),
    Column("places", ("Places", "Registered places")),
    Column("owner", ("Registered person URN", "Registered person reference number")),
    Column("owner_name", ("Registered person name",)),
)
AT_HOME = ("childminder", "domestic premises", "home child", "home-child", "nanny", "nannies")
OPEN = ("active", "open", "registered", "suspended")
NUMBER = re.compile(r"(EY|VC|RP|SC)?\d{5,8}", re.ASCII)
ITEM = 13


def parse(cells, columns):
    number = name = ""
    try:
        kind = cells["type"].casefold()
        if any(words in kind for words in AT_HOME) and "non-domestic" not in kind and "agency" not in kind:
            return LeftOut("childminders and childcare in a home, who are private persons")
        number = plain_number(cells["number"])
        name = text(cells["name"], name="name")
        if not number:
            return Wrong("The row has no number of the early-years register.", "", name)
        if not NUMBER.fullmatch(number):
            return Wrong(f"‘{cells['number'][:20]}’ is not a number of the early-years register.", number, name)
        if not name or name.casefold() in ("redacted", "not available"):
            return Wrong("The row has no name.", number)
        authority = code_of(text(cells["authority"], name="local authority"))
        if not authority:
            return Wrong(no_authority(cells["authority"]), number, name)
        return _entry(cells, number, name, authority)
    except Odd as odd:
        return Wrong(str(odd), number, name)


def _entry(cells, number, name, authority):
    facts = {"name": name, "item": ITEM, "register": _said(cells)}
    if opened := day(cells.get("opened", ""), "registration date"):
        facts["starts"] = opened.isoformat()
    closed = day(cells.get("closed", ""), "closing date")
    status = cells.get("status", "").casefold()
    if status in OPEN:
        facts["ends"] = None
    elif closed:
        facts["ends"] = day_after(closed)
    elif status.startswith("proposed"):
        facts["proposed"] = True
    elif status:
        facts["closed_without_day"] = True
    if facts.get("ends") and facts.get("starts") and facts["ends"] <= facts["starts"]:
        return Wrong("It closed before it was registered: one of the two days is wrong.", number, name)
    if cells.get("town"):
        facts["town"] = town(cells["town"])
    remark = ""
    if cells.get("postcode"):
        facts["postcode"] = postcode(cells["postcode"])
    if cells.get("owner") and (owner := organisation(cells.get("owner_name", ""))):
        facts["provider"] = {"number": plain_number(cells["owner"])[:40], "name": owner}
    return Entry(number, facts, authority, remark)


def _said(cells):
    said = {"Registered for": text(cells["type"], 100, "type")}
    for code, label in (("subtype", "Kind of care"), ("region", "Region"), ("status", "Status")):
        if cells.get(code):
            said[label] = text(cells[code], 100, label.lower())
    if (places := whole(cells.get("places", ""), "number of places")) is not None:
        said["Places"] = str(places)
    return said


def town(value):
    value = text(value, 100, "town")
    return place_name(value.title().replace("'S", "'s") if value.isupper() else value)


def new(entry):
    if entry.facts.get("ends") or entry.facts.get("closed_without_day"):
        return "no longer registered, and never in the directory"
    return "proposed, and not registered yet" if entry.facts.get("proposed") else ""


EARLY_YEARS = register(
    Source(
        code="early_years",
        title="Early-years register",
        licence="Contains public sector information licensed under the Open Government Licence v3.0 (Ofsted).",
        hint="Ofsted, childcare providers and inspections: the list of providers, as CSV or XLSX.",
        layout=Layout(COLUMNS, origin="It should be Ofsted’s list of childcare providers."),
        parse=parse,
        kind=AgencyKind.EARLY_YEARS,
        register=Register.EARLY_YEARS,
        owner_register=Register.EARLY_YEARS,
        owner_kind=AgencyKind.PROVIDER,
        number_name="Ofsted number",
        new=new,
        links=(AgencyKind.EARLY_YEARS, AgencyKind.PROVIDER),
    )
)
