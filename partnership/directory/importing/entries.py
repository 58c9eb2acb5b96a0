"""What a source makes of a row, in the words that comparing and taking share, and the sources that there are."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.exceptions import ValidationError

from partnership.documents.tables.reading import Layout
from partnership.people.models import AgencyKind, Register
from partnership.ui import telephones


@dataclass(frozen=True, slots=True)
class Entry:
    """One organisation as the register says it is.

    number: the register's number. authority: the three figures of its local authority, or "". facts: code of
    facts.FACTS -> value; a fact that is not there is not said by the file and is left as it is. remark: what people
    should know, though the row can be taken. within: what the choice of areas goes by, where that is not the local
    authority. successor: the number of the organisation that carries it on.
    """

    number: str
    facts: dict
    authority: str = ""
    remark: str = ""
    within: str = ""
    successor: str = ""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A row that cannot be taken, and why."""

    problem: str
    number: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that is not meant to be taken: `why` is counted and shown."""

    why: str


@dataclass(frozen=True)
class Source:
    """A register or list: how its file looks, what a row of it says, and how its numbers name an organisation.

    parse(cells, columns) -> Entry | Wrong | LeftOut; `columns`: the codes that the file has. kind: what a new
    organisation of it is. register: the code of people.Register that keeps its numbers; "": the school's own number.
    licence: what is said where it is shown. areas: whether people choose local authorities from it. new(entry) -> "" or
    why an organisation that the directory does not hold is left out. compare, take: in place of those of organisations
    (comparing.compare, taking.take), for a list of something else; `labels` and `say` are then the words of its facts.

    scope: what its areas are called; scope_kept() -> the codes that are taken without being named, and scope_fact, the
    register's fact that holds the code (none: those of the directory's local authorities). links: kinds of organisation
    that get their number from it when they are called alike and have none yet. capitals: its names come in capitals, so
    that another case is no change. owner_register, owner_kind: how those that run its organisations are kept. template:
    (column, explanation, example) of the empty form that people fill in, for a list that is nobody else's.
    """

    code: str
    title: str
    licence: str
    hint: str
    layout: Layout
    parse: Callable
    kind: str
    register: str = ""
    number_name: str = "Number"
    areas: bool = True
    new: Callable = field(default=lambda entry: "")
    compare: Callable | None = None
    take: Callable | None = None
    labels: dict | None = None
    say: Callable | None = None
    scope: str = "local authority"
    scope_kept: Callable | None = None
    scope_fact: str = ""
    links: tuple = ()
    capitals: bool = False
    owner_register: str = Register.GROUPS
    owner_kind: str = AgencyKind.GROUP
    template: tuple = ()


SOURCES: dict[str, Source] = {}


def register(source: Source) -> Source:
    SOURCES[source.code] = source
    return source


# --- what sources share when they read a cell -------------------------------------------------------------------------


class Odd(ValueError):
    """A cell that says what cannot be; the words are for people."""


_UNSEEN = {"Cc", "Cf", "Co", "Cs"}


def text(value: str, limit: int = 200, name: str = "text") -> str:
    """One line, single blanks, composed accents, nothing invisible. Raises Odd where it is too long."""
    kept = "".join(
        " " if c in "\r\n\t" else c for c in value if c in "\r\n\t" or unicodedata.category(c) not in _UNSEEN
    )
    line = unicodedata.normalize("NFC", " ".join(kept.split()))
    if len(line) > limit:
        raise Odd(f"The {name} is longer than {limit} characters.")
    return line


def whole(value: str, name: str) -> int | None:
    """A whole number, None where the cell is empty. A number as a spreadsheet shortens it is refused, not guessed."""
    squeezed = value.replace(" ", "").replace("\xa0", "")
    if not squeezed:
        return None
    if re.fullmatch(r"\d{1,15}(\.0+)?", squeezed, re.ASCII):
        return int(squeezed.split(".")[0])
    if re.fullmatch(r"[\d.,]+[eE][+-]?\d+", squeezed, re.ASCII):
        raise Odd(
            f"The {name} ‘{value[:20]}’ was shortened by a spreadsheet, so its figures are lost. Use the file "
            "as it was downloaded."
        )
    raise Odd(f"The {name} ‘{value[:40]}’ is not a number.")


def day(value: str, name: str) -> date | None:
    """dd-mm-yyyy, dd/mm/yyyy or ISO. None where it is empty and for 1 January 1900, which means 'unknown'."""
    value = value.strip()
    if not value:
        return None
    if found := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})( 00:00(:00)?)?", value, re.ASCII):
        d, m, y = (int(found[n]) for n in (1, 2, 3))
    elif found := re.fullmatch(r"(\d{4})(-?)(\d{2})\2(\d{2})([T ]00:00(:00)?)?", value, re.ASCII):
        y, m, d = (int(found[n]) for n in (1, 3, 4))
    else:
        raise Odd(f"The {name} ‘{value[:20]}’ is not a day like 31-08-2024.")
    try:
        found = date(y, m, d)
    except ValueError:
        raise Odd(f"The {name} ‘{value[:20]}’ is no day of the calendar.") from None
    if not 1000 <= y <= 2100:
        raise Odd(f"The {name} ‘{value[:20]}’ is not a day of our time.")
    return None if found == date(1900, 1, 1) else found


def day_after(value: date | None) -> str | None:
    """A last day as the directory keeps it: the first day no longer, ISO."""
    return (value + timedelta(days=1)).isoformat() if value else None


def postcode(value: str) -> str:
    compact = re.sub(r"\s+", "", value.upper())
    if not compact:
        return ""
    if not re.fullmatch(r"[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}", compact, re.ASCII):
        raise Odd(f"‘{value[:12]}’ is not a full UK postcode.")
    return f"{compact[:-3]} {compact[-3:]}"


def website(value: str) -> tuple:
    """(address with its scheme, remark). What is no address is left out with a remark: no school is lost by it."""
    value = "".join(c for c in value.strip() if unicodedata.category(c) not in _UNSEEN)
    if not value:
        return "", ""
    address = value if re.match(r"https?://", value, re.IGNORECASE) else f"http://{value.removeprefix('//')}"
    if len(address) > 200 or not re.fullmatch(
        r"https?://[\w-]+(\.[\w-]+)+(:\d+)?([/?#][^\s<>\"]*)?", address, re.IGNORECASE
    ):
        return "", f"The website ‘{value[:60]}’ is no address and is left out."
    return address, ""


ORGANISATIONS = re.compile(
    r"\b(limited|ltd|llp|plc|cic|cio|company|council|trust|charity|charitable|association|committee|group|"
    r"foundation|academy|academies|school|schools|nursery|nurseries|pre-?school|playgroup|university|"
    r"diocese|ymca|centre|services|society|partnership|practice|surgery|nhs|healthcare|"
    r"community|clinic|hospital|housing|federation|holdings)\b",
    re.IGNORECASE,
)


def organisation(name: str) -> str:
    """A name in the owner's place where it is plainly an organisation's; "" for what may be a private person's."""
    name = text(name, name="name of the provider")
    if re.match(r"(mr|mrs|miss|ms|mx|dr|doctor|prof|professor|rev|reverend|sir|dame|lady)\b", name, re.IGNORECASE):
        return ""
    return name if ORGANISATIONS.search(name) else ""


LONGEST = 40  # what a telephone's field holds


def telephone(value: str) -> tuple:
    """(number as people write it, what is odd about it): the rule of the forms. A spreadsheet takes the first 0 away;
    it is put back."""
    said = text(value, 200, "telephone")
    if said.isdecimal() and len(said) == 10 and said[0] in "1237":
        said = f"0{said}"
    try:
        number = telephones.telephone(said)
    except ValidationError as error:
        return "", f"‘{said[:30]}’ is not a telephone number. {error.messages[0]}."
    if len(number) > LONGEST:
        return "", f"‘{said[:30]}…’ is too long for a telephone number: at most {LONGEST} characters."
    return number, ""
