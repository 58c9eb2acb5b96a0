"""The partnership's own list of organisations that no register has: practices, charities, housing bodies, others."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.text import slugify

from partnership.directory.importing.authorities import code_of, no_authority
from partnership.directory.importing.entries import (
    Entry,
    Odd,
    Source,
    Wrong,
    postcode,
    register,
    telephone,
    text,
    website,
)
from partnership.documents.tables.reading import Column, Layout
from partnership.people.finding import fold, plain_number
from partnership.people.models import AgencyKind, Register

COLUMNS = (
    Column("name", ("Name", "Organisation", "Organisation name", "Name of organisation"), essential=True),
    Column("type", ("Type", "Type of organisation", "Kind"), essential=True),
    Column("number", ("Number", "Charity or company number", "Charity number", "Company number")),
    Column("town", ("Town", "Town or city", "City")),
    Column("postcode", ("Postcode", "Post code")),
    Column("area", ("Area", "Local authority", "Areas")),
    Column("website", ("Website", "Web site", "Web address", "URL")),
    Column("email", ("Office email", "Office e-mail", "Email", "E-mail", "Email address")),
    Column("telephone", ("Telephone", "Office telephone", "Phone", "Phone number", "Tel")),
    Column("other_names", ("Other names", "Also known as", "Aliases")),
)
# What people write -> (type, number in the Schedule).
TYPES = {
    "general practice": (AgencyKind.PRACTICE, None),
    "gp practice": (AgencyKind.PRACTICE, None),
    "gp surgery": (AgencyKind.PRACTICE, None),
    "dental practice": (AgencyKind.PRACTICE, None),
    "dentist": (AgencyKind.PRACTICE, None),
    "practice": (AgencyKind.PRACTICE, None),
    "charity": (AgencyKind.PROVIDER, 36),
    "voluntary organisation": (AgencyKind.PROVIDER, None),
    "company": (AgencyKind.PROVIDER, None),
    "provider": (AgencyKind.PROVIDER, None),
    "religious organisation": (AgencyKind.PROVIDER, 37),
    "faith organisation": (AgencyKind.PROVIDER, 37),
    "sport or leisure body": (AgencyKind.PROVIDER, 38),
    "sports club": (AgencyKind.PROVIDER, 38),
    "childrens home": (AgencyKind.PROVIDER, 21),
    "fostering agency": (AgencyKind.PROVIDER, 20),
    "adoption support agency": (AgencyKind.PROVIDER, 18),
    "residential family centre": (AgencyKind.PROVIDER, 22),
    "holiday scheme for disabled children": (AgencyKind.PROVIDER, 23),
    "housing body": (AgencyKind.HOUSING, None),
    "housing association": (AgencyKind.HOUSING, None),
    "group": (AgencyKind.GROUP, None),
    "inspectorate": (AgencyKind.INSPECTORATE, None),
    "government": (AgencyKind.GOVERNMENT, None),
    "relevant agency": (AgencyKind.RELEVANT_AGENCY, None),
}
KNOWN = "general practice, dental practice, charity, company, housing body, religious organisation, sports club"
OWN = {"school", "academy", "nursery", "early years setting"}


def parse(cells, columns):
    number = name = ""
    try:
        name = text(cells["name"], name="name")
        if not name:
            return Wrong("The row has no name.")
        given = plain_number(text(cells.get("number", ""), 40, "number"))
        number = given or plain_number(slugify(name)[:40])
        if not number:
            return Wrong(
                "The name has no letter or figure that the portal knows it by: give the row a number.", "", name
            )
        kind = fold(cells["type"])
        if kind in OWN:
            return Wrong("Schools and early-years settings come in by their own register.", number, name)
        if not kind:
            return Wrong(f"The row has no type. Write one of: {KNOWN}.", number, name)
        if kind not in TYPES:
            return Wrong(f"‘{cells['type'][:40]}’ is no type that is known. Write one of: {KNOWN}.", number, name)
        return _entry(cells, number, name, *TYPES[kind], given)
    except Odd as odd:
        return Wrong(str(odd), number, name)


def _entry(cells, number, name, kind, item, given):
    facts = {"name": name, "kind": kind, "item": item, "register": {"Type": text(cells["type"], 60, "type")}}
    if item is None:
        del facts["item"]
    if given:
        facts["register"]["Charity or company number"] = given
    if cells.get("town"):
        facts["town"] = text(cells["town"], 100, "town")
    if cells.get("postcode"):
        facts["postcode"] = postcode(cells["postcode"])
    codes = []
    for each in re.split(r"[;,/]| and (?=\w+ ?$)", cells.get("area", "")):
        if each.strip():
            if not (code := code_of(each)):
                return Wrong(no_authority(each), number, name)
            codes.append(code)
    address, remark = website(cells.get("website", ""))
    if address:
        facts["website"] = address
    if email := cells.get("email", "").strip():
        try:
            validate_email(email)
        except ValidationError:
            return Wrong(f"‘{email[:60]}’ is not an email address.", number, name)
        facts["email"] = text(email, 254, "email address")
    said, odd = telephone(cells.get("telephone", ""))
    if odd:
        return Wrong(odd, number, name)
    if said:
        facts["telephone"] = said
    others = [text(each, name="other name") for each in cells.get("other_names", "").split(";")]
    if others := [each for each in dict.fromkeys(others) if each]:
        facts["aliases"] = others
    return Entry(number, facts, " ".join(sorted(set(codes))), remark)


OWN_LIST = register(
    Source(
        code="own_list",
        title="Our own list of organisations",
        licence="The partnership’s own list.",
        hint="Practices, charities, housing bodies and others that no register has. Start from the empty list above.",
        layout=Layout(COLUMNS, origin="Start from the empty list that the portal offers."),
        parse=parse,
        kind=AgencyKind.PROVIDER,
        register=Register.LOCAL,
        number_name="Number",
        areas=False,
        links=(AgencyKind.PRACTICE, AgencyKind.PROVIDER, AgencyKind.HOUSING, AgencyKind.RELEVANT_AGENCY),
        template=(
            ("Name", "What it is called. Needed.", "Canal Bridge Housing"),
            ("Type", f"Needed. One of: {KNOWN}.", "housing body"),
            (
                "Number",
                "Its charity or company number, if it has one: the next list knows it again by that.",
                "1234567",
            ),
            ("Town", "", "Stoke-on-Trent"),
            ("Postcode", "In full.", "ST1 9ZZ"),
            ("Area", "Local authorities, with semicolons between them.", "Stoke-on-Trent; Staffordshire"),
            ("Website", "", "www.canal-bridge.example"),
            ("Office email", "Of the office or post, never somebody’s own.", "office@canal-bridge.example"),
            ("Telephone", "Of the office.", "01632 960001"),
            ("Other names", "With semicolons between them.", "CBH; Canal Bridge"),
        ),
    )
)
