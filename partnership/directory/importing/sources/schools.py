"""The national schools register: 'edubasealldata' of Get Information about Schools, in all its vintages.

Heads' and proprietors' names and telephone numbers stand in the file too: they are not among the columns that are kept.
"""

from partnership.directory.importing.entries import (
    Entry,
    LeftOut,
    Odd,
    Source,
    Wrong,
    day,
    day_after,
    postcode,
    register,
    text,
    website,
    whole,
)
from partnership.directory.reference import item_of_school, place_name
from partnership.documents.tables.reading import Column, Layout
from partnership.people.models import AgencyKind

COLUMNS = (
    Column("urn", ("URN",), essential=True),
    Column("la", ("LA (code)", "la_code"), essential=True),
    Column("name", ("EstablishmentName", "name_gias"), essential=True),
    Column("type", ("TypeOfEstablishment (name)", "type_of_establishment"), essential=True),
    Column("group", ("EstablishmentTypeGroup (name)",)),
    Column("status", ("EstablishmentStatus (name)",)),
    Column("opened", ("OpenDate", "open_date")),
    Column("closed", ("CloseDate", "close_date")),
    Column("phase", ("PhaseOfEducation (name)",)),
    Column("low_age", ("StatutoryLowAge",)),
    Column("high_age", ("StatutoryHighAge",)),
    Column("trust", ("Trusts (code)",)),
    Column("trust_name", ("Trusts (name)",)),
    Column("federation", ("Federations (code)",)),
    Column("federation_name", ("Federations (name)",)),
    Column("town", ("Town",)),
    Column("postcode", ("Postcode",)),
    Column("website", ("SchoolWebsite",)),
    Column("district", ("DistrictAdministrative (name)", "district")),
)
WALES = range(660, 682)
ELSEWHERE = range(700, 710)  # Crown dependencies, service children's schools, British schools overseas
GROUP_NAMES = {"LA maintained schools": "Local authority maintained schools"}
NO_SCHOOL = {"Children's centres", "Universities"}


def parse(cells, columns):
    number = name = ""
    try:
        name = text(cells["name"], name="name")
        urn = whole(cells["urn"], "URN")
        number = str(urn or "")
        if urn is None:
            return Wrong("The row has no number (URN).", "", name)
        if not 100_000 <= urn <= 999_999:
            return Wrong(f"The URN ‘{cells['urn'][:20]}’ is not a number of six figures.", number, name)
        authority = f"{whole(cells['la'], 'local authority code') or 0:03}"
        group = GROUP_NAMES.get(cells.get("group", ""), cells.get("group", ""))
        if why := _elsewhere(int(authority), group):
            return LeftOut(why)
        if not name:
            return Wrong("The row has no name.", number)
        return _entry(cells, columns, number, name, authority, group)
    except Odd as odd:
        return Wrong(str(odd), number, name)


def _elsewhere(authority, group):
    if authority in WALES or group == "Welsh schools":
        return "in Wales"
    if authority in ELSEWHERE:
        return "outside England"
    return f"not schools ({group})" if group in NO_SCHOOL else ""


def _entry(cells, columns, number, name, authority, group):
    said = {column: value for column, value in cells.items() if value}
    facts = {
        "name": name,
        "local_authority_code": authority,
        "establishment_type": text(said.get("type", ""), 100, "type"),
    }
    facts["item"] = item_of_school(facts["establishment_type"])
    opened, closed = day(cells.get("opened", ""), "OpenDate"), day(cells.get("closed", ""), "CloseDate")
    if opened:
        facts["starts"] = opened.isoformat()
    if problem := _life(facts, cells, columns, opened, closed):
        return Wrong(problem, number, name)
    if group:
        facts["establishment_group"] = text(group, 60, "type group")
    if "phase" in said:
        facts["phase"] = "" if said["phase"] == "Not applicable" else text(said["phase"], 40, "phase")
    for code in ("low_age", "high_age"):
        age = whole(cells.get(code, ""), "age")
        if age is not None:
            if age > 120:
                return Wrong(f"The age {age} cannot be.", number, name)
            facts[code] = age
    if "town" in said:
        facts["town"] = place_name(text(said["town"], 100, "town"))
    if "postcode" in said:
        facts["postcode"] = postcode(said["postcode"])
    if "district" in said:
        facts["district"] = text(said["district"], 100, "district")
    address, remark = website(cells.get("website", ""))
    if address:
        facts["website"] = address
    for code in ("trust", "federation"):
        if code in columns and not facts.get("ends"):  # a closed school is still listed under its last trust
            facts[code] = _owner(cells, code)
    return Entry(number, facts, authority, remark)


def _life(facts, cells, columns, opened, closed):
    """Puts the status and the last day among the facts; returns what is wrong with them.

    Only a status Closed closes, or a CloseDate in a file that has no statuses: 'Open, but proposed to close' goes on.
    """
    status = text(cells.get("status", ""), 40, "status")
    if status:
        facts["register_status"] = status
    if status.startswith("Closed"):
        if not closed:
            facts["closed_without_day"] = True
        else:
            facts["ends"] = day_after(closed)
    elif status:
        facts["ends"] = None
    elif closed and "status" not in columns:
        facts["ends"] = day_after(closed)
    if opened and facts.get("ends") and facts["ends"] <= opened.isoformat():
        return "It closed before it opened: one of the two days is wrong."
    return ""


def _owner(cells, code):
    number = whole(cells[code], f"{code} code")
    name = text(cells.get(f"{code}_name", ""), name=f"name of the {code}")
    return {"number": str(number), "name": name or f"Group {number}"} if number else None


def new(entry):
    """Why a school that the directory never held is left out, if it is."""
    if entry.facts.get("ends") or entry.facts.get("closed_without_day"):
        return "closed, and never in the directory"
    if entry.facts.get("register_status") == "Proposed to open" and "starts" not in entry.facts:
        return "proposed to open, without a day"
    return ""


SCHOOLS = register(
    Source(
        code="schools",
        title="National schools register",
        licence="Contains public sector information licensed under the Open Government Licence v3.0.",
        hint="Get Information about Schools, ‘Establishment fields’ (edubasealldata), as CSV or XLSX.",
        layout=Layout(
            COLUMNS,
            origin="It should be the whole register, ‘Establishment fields CSV’, from Get Information about Schools.",
        ),
        parse=parse,
        kind=AgencyKind.SCHOOL,
        number_name="URN",
        new=new,
    )
)
