"""Whether a text names somebody of a case's identity records: nobody is named in what leaves the portal.

One rule for every page. It says where to look and which pseudonym to use, never which word it found. Only people who
may read the identities are told: to anybody else 'this is a name of the case' would be an answer (docs/identities.md).
The rule is a hint and blocks nothing: a word may be another's too.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

from django import forms
from django.contrib import messages

from partnership.access.replies import saved
from partnership.access.rows import can
from partnership.documents.tables.days import MONTHS
from partnership.identities.services import compare_identities
from partnership.people.roles import Perm
from reviews.partners import names_of

WORD = re.compile(r"[^\W\d_]{2,}")
NUMERIC_DAY = re.compile(r"(?<!\d)(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?(\d{4}|\d{2})(?!\d)")
ISO_DAY = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
WRITTEN_DAY = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?\s+([a-z]{3,9})\.?,?\s+(\d{4}|\d{2})(?!\d)")
POSTCODE = re.compile(r"\b([a-z]{1,2}\d[a-z\d]?)\s*(\d[a-z]{2})\b")
HOUSE = re.compile(r"\b(\d{1,4}[a-z]?),?\s+([^\W\d_]{3,})")
NUMBER = re.compile(r"(?<!\d)\d(?:[ -]?\d){6,}(?!\d)")  # an NHS number has ten figures, a telephone eleven
# Given names and family names that are ordinary words of a report, and names of two letters: only with a capital.
ORDINARY = {
    "april", "art", "august", "autumn", "baker", "bill", "bishop", "black", "bond", "brook", "brown", "carol",
    "chance", "charity", "chase", "church", "clay", "cliff", "cook", "cross", "daisy", "dale", "dawn", "day",
    "dean", "drew", "eve", "faith", "field", "flora", "forest", "frank", "gale", "gene", "glen", "grace", "grant",
    "gray", "green", "guy", "hall", "harmony", "hart", "hazel", "heather", "hill", "holly", "hope", "hunt",
    "hunter", "iris", "ivy", "jack", "jasmine", "jay", "jean", "joy", "june", "king", "knight", "lane", "law",
    "lee", "lily", "long", "love", "lucky", "major", "march", "mark", "mason", "may", "mercy", "miles", "mill",
    "moss", "noble", "olive", "page", "park", "parker", "pat", "patience", "peace", "pearl", "penny", "pepper",
    "pip", "poppy", "precious", "price", "prince", "ray", "read", "reed", "rich", "rob", "rock", "rose", "ruby",
    "rush", "sage", "sandy", "savannah", "shade", "short", "sky", "smart", "stone", "storm", "stormy", "sue",
    "summer", "sunny", "swift", "taylor", "temple", "trinity", "turner", "violet", "wade", "walker", "ward",
    "warren", "way", "wells", "west", "white", "will", "winter", "wolf", "wood", "woods", "young",
}  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What no text that leaves may say. Folded words and marks -> the pseudonyms of those whose they are."""

    names: dict = field(default_factory=dict)
    births: dict = field(default_factory=dict)
    traces: dict = field(default_factory=dict)  # postcodes, house and street, long numbers

    @property
    def empty(self):
        return not (self.names or self.births or self.traces)


@dataclass(frozen=True)
class Found:
    """What a text gives away: each a tuple of pseudonyms, or None where it gives nothing of the kind."""

    names: tuple | None = None
    births: tuple | None = None
    traces: tuple | None = None

    def __bool__(self):
        return (self.names, self.births, self.traces) != (None, None, None)

    def advice(self, where) -> str:
        """What to do, as sentences. where: 'Event', as the page calls the passage."""
        said = []
        if self.names is not None:
            said.append(f"Use {_any_of(self.names)} instead of the name in ‘{where}’.")
        if self.births is not None:
            said.append(f"Give an age instead of the date of birth in ‘{where}’.")
        if self.traces is not None:
            said.append(f"Take the address or the number of an identity record out of ‘{where}’.")
        return " ".join(said)


def _any_of(labels) -> str:
    return names_of([f"‘{each}’" for each in labels], between="or") if labels else "the pseudonym"


def known_of(folder_id) -> Known:
    """The names, birth dates, addresses and numbers of a case, in one question. They are shown to nobody."""
    known = Known()
    people = compare_identities(folder_id, why="texts are compared with them; nobody is shown what they say")
    for person in people:
        for word in _names_of(f"{person.name}\n{person.other_names}"):
            known.names.setdefault(word, set()).add(person.label)
        if person.date_of_birth:
            known.births.setdefault(person.date_of_birth, set()).add(person.label)
        addresses, other = (_bare(text).casefold() for text in (person.addresses, person.other))
        for trace in _traces(addresses) | _marks(other):
            known.traces.setdefault(trace, set()).add(person.label)
    return known


def _bare(text) -> str:
    """Without accents: 'Zoë' is 'Zoe', however the ë was typed."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKD", text)
    # A sign is looked up once, not at each place: a file of 5,000 rows has two million.
    accents = {ord(each): None for each in set(text) if unicodedata.combining(each)}
    return text.translate(accents) if accents else text


def _names_of(text) -> set:
    """The words of names. In 'known as Kai' only what begins with a capital is one, if anything does."""
    words = WORD.findall(_bare(text))
    with_capital = [word for word in words if word[0].isupper()]
    return {word.casefold() for word in with_capital or [word for word in words if len(word) > 2]}


def _days(folded) -> set:
    found = set()
    for year, month, day in ISO_DAY.findall(folded):
        found.add((int(year), int(month), int(day)))
    for day, month, year in NUMERIC_DAY.findall(folded):
        found.add((int(year), int(month), int(day)))
    for day, month, year in WRITTEN_DAY.findall(folded):
        if month in MONTHS:
            found.add((int(year), MONTHS[month], int(day)))
    return found


def _born_in(days, born: date) -> bool:
    return not days.isdisjoint({(born.year, born.month, born.day), (born.year % 100, born.month, born.day)})


def _traces(folded) -> set:
    return _marks(folded) | {f"{house} {street}" for house, street in HOUSE.findall(folded)}


def _marks(folded) -> set:
    found = {f"{out}{inward}" for out, inward in POSTCODE.findall(folded)}
    return found | {re.sub(r"\D", "", each) for each in NUMBER.findall(folded)}


def found_in(text, known) -> Found:
    """What this text gives away of what is `known`; falsy for nothing."""
    if not text:
        return Found()
    bare = _bare(text)
    folded = bare.casefold()
    hits = {word for word in set(WORD.findall(folded)) & known.names.keys() if _as_name(word, bare)}
    single = [known.names[word] for word in hits if len(known.names[word]) == 1]
    days, traces = (_days(folded) if known.births else set()), (_traces(folded) if known.traces else set())
    births = [whose for born, whose in known.births.items() if _born_in(days, born)]
    marks = [known.traces[trace] for trace in traces & known.traces.keys()]
    # A family's name is several people's: where a first name stands too, it says whose pseudonym is wanted.
    return Found(
        _sorted(single or [known.names[word] for word in hits]) if hits else None,
        _sorted(births) if births else None,
        _sorted(marks) if marks else None,
    )


def _sorted(groups) -> tuple:
    return tuple(sorted(set().union(*groups)))


def _as_name(word, bare) -> bool:
    """Whether an ordinary word or a short one stands with a capital, and is no month before a year or after a day."""
    if len(word) > 2 and word not in ORDINARY:
        return True
    stands = re.finditer(rf"(\d\w*\s+)?\b(?:{word.capitalize()}|{word.upper()})\b(,?\s+\d)?", bare)
    return any(word not in MONTHS or not (each[1] or each[2]) for each in stands)


def may_be_told(user, row) -> bool:
    """Whether this person may read the identities by this row, a review or an own return: nobody else is told."""
    return can(user, Perm.IDENTITY_SEARCH, row)


def finds(user, row, texts) -> list:
    """(where, Found) of those texts that give somebody away. row: the review, or their own return.

    texts: (where it stands, text). Empty for whoever may not read the identities.
    """
    texts = [(where, text) for where, text in texts if text and text.strip()]
    if not texts or not may_be_told(user, row):
        return []
    known = known_of(row.folder_id)
    return [(where, found) for where, text in texts if (found := found_in(text, known))]


def advice(user, row, texts) -> list:
    """Sentences about texts that this person has before them. texts: (what the page calls it, text); as of `finds`."""
    return [found.advice(where) for where, found in finds(user, row, texts)]


def advice_in(user, folder, texts) -> list:
    """As `advice`, about what is typed of a whole case: for an action of it, which its owner reads."""
    if not can(user, Perm.IDENTITY_SEARCH, folder):
        return []
    known = known_of(folder.pk)
    return [found.advice(where) for where, text in texts if (found := found_in(text, known))]


def typed(form) -> list:
    """(label, words) of what was typed in a form, for `advice`; what was chosen from a list is nobody’s own word."""
    fields = [bound for bound in form.visible_fields() if isinstance(bound.field, forms.CharField)]
    return [(bound.label, form.cleaned_data.get(bound.name) or "") for bound in fields]


def in_saved(user, row, fields, also=()) -> list:
    """Advice about the words of a return as they are saved. fields: name -> the field of its form, for the labels.

    also: more of it, as of `advice`.
    """
    words = [(field.label, getattr(row, name, None)) for name, field in fields.items()]
    return advice(user, row, [*((label, value) for label, value in words if isinstance(value, str)), *also])


def autosaved(request, done, form, row):
    """What autosave is told of `done`, with the advice about what was typed. row: as of `advice`."""
    return saved(done, form, advice=" ".join(advice(request.user, row, typed(form))))


def warn(request, row, texts, then="") -> None:
    """After a saving: a warning where what was saved names somebody. then: what to do where it cannot be changed."""
    if found := advice(request.user, row, texts):
        messages.warning(request, " ".join([*found, then]).strip())
