"""The facts of `audits.asking` in words: what each of them can be, and whom a condition on them means."""

from partnership.people.models import AgencyKind, Area, School
from partnership.ui.forms import spoken

# 'Phase of education' of the national register of schools (Get information about schools). A special school has none
# there: its type says it (`population.phase_of`).
PHASES = (
    "Nursery", "Primary", "Middle deemed primary", "Middle deemed secondary", "Secondary", "All-through", "16 plus",
    "Special",
)  # fmt: skip
NEVER_ASKED = (
    AgencyKind.PARTNERSHIP, AgencyKind.OTHER_PARTNERSHIP, AgencyKind.INSPECTORATE, AgencyKind.GOVERNMENT,
)  # fmt: skip
FACTS = {
    "kind": "Type of organisation",
    "phase": "Phase of school",
    "establishment": "Type of school, as the national register calls it",
    "early_years": "Children under five",
    "trust": "Academy trust",
    "area": "Area",
    "district": "District",
}
OF_SCHOOLS = ("phase", "establishment", "district")  # nobody else has them, so nobody else lacks them
UNKNOWN = {
    "phase": "No phase in the directory",
    "establishment": "No type in the directory",
    "area": "No area in the directory",
    "district": "No district in the directory",
}
SAID = {
    ("early_years", "yes"): "with children under five",
    ("early_years", "no"): "without children under five",
    ("trust", "yes"): "of an academy trust",
    ("trust", "no"): "of no academy trust",
}


def choices_of(name, used=(), *, unknown=False) -> list[tuple[str, str]]:
    """What a fact can be, as (value, words): one list for populations, windows, questions and trying them. used: values
    that stay among them whatever the directory has. unknown: whether '' is one, for whom the directory does not say."""
    if name == "kind":
        return [(value, words) for value, words in AgencyKind.choices if value not in NEVER_ASKED or value in used]
    if name in ("early_years", "trust"):
        return [("yes", "Yes"), ("no", "No")]
    known = _known(name)
    known |= {each: each for each in used if each and each not in known}
    return [*known.items(), ("", UNKNOWN[name])] if unknown else list(known.items())


def _known(name) -> dict:
    """value -> words."""
    if name == "area":
        return area_names()
    column = {"phase": "phase", "establishment": "establishment_type", "district": "district"}[name]
    held = School.objects.exclude(**{column: ""}).order_by(column).values_list(column, flat=True).distinct()
    return {each: each for each in dict.fromkeys([*(PHASES if name == "phase" else ()), *held])}


def area_names() -> dict:
    """slug -> name of the local authority areas, by name."""
    return dict(Area.objects.filter(kind=Area.Kind.AUTHORITY).order_by("name").values_list("slug", "name"))


def whom_in_words(who) -> str:
    """'School; Primary or Nursery; with children under five'; '' for everybody. who: field -> values, as in
    Wording.applies and Window.who."""
    return "; ".join(_or(name, who[name]) for name in (*FACTS, *(set(who) - set(FACTS))) if who.get(name))


def _or(name, values) -> str:
    known = dict(AgencyKind.choices) if name == "kind" else area_names() if name == "area" else {}
    words = (SAID.get((name, each)) or known.get(each, each) or spoken(UNKNOWN[name]) for each in values)
    return " or ".join(str(each) for each in words)
