"""NHS bodies: the list of trusts of the Organisation Data Service (27 columns without names), its list of trust sites
in the same form, and lists with column names and a successor's code.

Clinical commissioning groups and integrated care boards are bodies of the safeguarding partners: an import never makes
one, and never changes the name or the seat of one that the directory has. Their days and successors it does take.
"""

import re

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
)
from partnership.directory.importing.sources.early_years import town
from partnership.documents.tables.reading import Column, Layout
from partnership.people.finding import fold, plain_number
from partnership.people.models import AgencyKind, PartnerSeat, Register, Registration

HEADLESS = (
    "number", "name", "", "board", "", "", "", "town", "", "postcode", "opened", "closed", *[""] * 15
)  # fmt: skip
COLUMNS = (
    Column("number", ("Code", "Organisation code", "OrgId"), essential=True),
    Column("name", ("Name", "Organisation name"), essential=True),
    Column("board", ("STP20CDH", "ICB code", "High level health geography", "STP code")),
    Column("board_name", ("STP20NM", "ICB name", "STP name")),
    Column("sector", ("Sector", "Organisation type", "Primary role")),
    Column("town", ("Town", "Address line 4")),
    Column("postcode", ("Postcode",)),
    Column("opened", ("Start", "Open date", "Operational start")),
    Column("closed", ("Close", "Close date", "Operational end")),
    Column("successor", ("Successor.Code", "Successor code", "Successor")),
)
CODE = re.compile(r"[A-Z0-9]{3,6}", re.ASCII)
BOARD = "Integrated care board code"
# The board that the portal's own partnership lies in, until the directory knows the code of another.
OURS = ("QNC",)
BOARDS = {"staffordshire and stoke on trent": "QNC"}
PARTNERS = re.compile(r"\b(CCG|CLINICAL COMMISSIONING GROUP|ICB|INTEGRATED CARE BOARD)\b")
TRUST, FOUNDATION = 16, 17
CAPITALS = frozenset({"NHS", "ICB", "CCG", "GP", "UK", "II", "III", "IV", "CIC"})
SMALL = frozenset({"and", "at", "by", "for", "in", "of", "on", "the", "under", "upon", "with"})


def readable(name: str) -> str:
    """A name in capitals as people write it; one that has small letters already is left alone."""
    if not name.isupper():
        return name
    parts = re.split(r"([ \-/(&,]+)", name)
    return "".join(_word(part, first=at == 0) for at, part in enumerate(parts))


def _word(word, first):
    if word in CAPITALS:
        return word
    small = word.lower()
    return small if small in SMALL and not first else small[:1].upper() + small[1:]


def parse(cells, columns):
    number = name = ""
    try:
        number, name = plain_number(cells["number"]), text(cells["name"], name="name")
        if not number:
            return Wrong("The row has no NHS organisation code.", "", name)
        if not CODE.fullmatch(number):
            return Wrong(f"‘{cells['number'][:20]}’ is not an NHS organisation code.", number, name)
        if not name:
            return Wrong("The row has no name.", number)
        partners = bool(PARTNERS.search(name.upper()) or PARTNERS.search(cells.get("sector", "").upper()))
        site = re.fullmatch(r"R\w{4}", number) is not None
        item = FOUNDATION if "FOUNDATION TRUST" in name.upper() else TRUST
        if not partners and not site and not re.search(r"\bTRUST\b", name.upper()):
            return LeftOut("neither NHS trusts nor their sites")
        return _entry(cells, number, readable(name), partners=partners, site=site, item=item)
    except Odd as odd:
        return Wrong(str(odd), number, name)


def _entry(cells, number, name, *, partners, site, item):
    facts = {"name": name}
    board = cells.get("board", "").upper() or BOARDS.get(fold(cells.get("board_name", "")), "")
    if board:
        facts["register"] = {BOARD: text(board, 10, "code of the board")}
    opened, closed = day(cells.get("opened", ""), "open date"), day(cells.get("closed", ""), "close date")
    if opened:
        facts["starts"] = opened.isoformat()
    facts["ends"] = day_after(closed)
    if opened and closed and closed < opened:
        return Wrong("It closed before it opened: one of the two days is wrong.", number, name)
    if cells.get("town"):
        facts["town"] = town(cells["town"])
    if cells.get("postcode"):
        facts["postcode"] = postcode(cells["postcode"])
    if partners:
        facts["partners_body"] = True
    elif site:
        facts |= {"kind": AgencyKind.PROVIDER, "provider": {"number": number[:3], "name": ""}}
    else:
        facts["item"] = item
    successor = plain_number(cells.get("successor", ""))
    if successor and not CODE.fullmatch(successor):
        return Wrong(f"The successor’s code ‘{successor[:20]}’ is not an NHS organisation code.", number, name)
    return Entry(number, facts, within=board, successor=successor)


def new(entry):
    if entry.facts.get("partners_body"):
        return "commissioning groups and care boards, the partners’ own bodies, which are kept by hand"
    return "closed, and never in the directory" if entry.facts.get("ends") else ""


def boards():
    """The codes of the integrated care boards that are safeguarding partners here."""
    mine = Registration.objects.filter(register=Register.NHS, agency__partner_seat=PartnerSeat.HEALTH)
    codes = mine.filter(agency__ends=None, number__startswith="Q").values_list("number", flat=True)
    return sorted(codes) or list(OURS)


NHS = register(
    Source(
        code="nhs",
        title="NHS bodies",
        licence="Contains public sector information licensed under the Open Government Licence v3.0 (NHS England).",
        hint="Organisation Data Service: etr.csv (trusts) or ets.csv (their sites), or a list with a successor’s code.",
        layout=Layout(COLUMNS, headless=HEADLESS, origin="It should be etr.csv of the Organisation Data Service."),
        parse=parse,
        kind=AgencyKind.RELEVANT_AGENCY,
        register=Register.NHS,
        owner_register=Register.NHS,
        number_name="NHS code",
        new=new,
        scope="integrated care board",
        scope_kept=boards,
        scope_fact=BOARD,
        links=(AgencyKind.RELEVANT_AGENCY, AgencyKind.STATUTORY_PARTNER),
        capitals=True,
    )
)
