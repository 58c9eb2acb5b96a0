"""Whom a question is asked of, as people choose and read it: the facts of `audits.asking` in words."""

from audits.asking import scale_of
from partnership.people.models import AgencyKind, School

# 'Phase of education' of the national register of schools (Get information about schools).
PHASES = (
    "Nursery", "Primary", "Middle deemed primary", "Middle deemed secondary", "Secondary", "All-through", "16 plus",
    "Not applicable",
)  # fmt: skip
NEVER_ASKED = (
    AgencyKind.PARTNERSHIP, AgencyKind.OTHER_PARTNERSHIP, AgencyKind.INSPECTORATE, AgencyKind.GOVERNMENT,
)  # fmt: skip
FACTS = {
    "kind": "Kind of organisation",
    "phase": "Phase",
    "establishment": "Type of school",
    "early_years": "Children under five",
    "trust": "Academy trust",
    "area": "Area",
    "district": "District",
}
SAID = {
    ("early_years", "yes"): "with children under five",
    ("early_years", "no"): "without children under five",
    ("trust", "yes"): "of an academy trust",
    ("trust", "no"): "of no academy trust",
}


def choices(name, used=()) -> list[tuple[str, str]]:
    """What a fact can be, as (value, words). used: values that stay among them whatever the directory has."""
    if name == "kind":
        return [(value, words) for value, words in AgencyKind.choices if value not in NEVER_ASKED or value in used]
    if name in ("early_years", "trust"):
        return [("yes", "Yes"), ("no", "No")]
    known = PHASES if name == "phase" else ()
    if name == "establishment":
        known = School.objects.exclude(establishment_type="").values_list("establishment_type", flat=True).distinct()
        known = sorted(known)
    return [(value, value) for value in (*known, *(each for each in used if each not in known))]


def whom(applies) -> str:
    """'Primary, Nursery; with children under five'; '' for everybody. applies: as Wording.applies."""
    parts = []
    for name in (*FACTS, *(each for each in applies if each not in FACTS)):
        values = applies.get(name)
        if values:
            said = dict(AgencyKind.choices) if name == "kind" else {}
            parts.append(
                " or ".join(str(SAID.get((name, each)) or said.get(each, each) or "unknown") for each in values)
            )
    return "; ".join(parts)


def after(row, asking) -> str:
    """'after ‘No’ or ‘Partly’ to 1b'; '' for one that hangs on nothing."""
    if row.shown_if_id is None:
        return ""
    before = asking.of_question.get(row.shown_if_id)
    if before is None:
        return "after an answer to a question that is not in this version"
    labels = {code: label for code, label, _ in scale_of(before)}
    said = " or ".join(f"‘{labels.get(code, code)}’" for code in row.shown_codes) or "an answer that is not chosen yet"
    return f"after {said} to {before.ref}"
