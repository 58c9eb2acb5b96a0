"""An organisation that is added by hand: a school is asked for what puts it into the lists of its phase and its area.

What is left out is taken from what is known: the phase from the name and the type, areas from the local authority's
code, the district and the postcode, as a register's row is placed.
"""

import re

from django import forms

from partnership.directory.forms import AgencyForm, full_postcode, text
from partnership.directory.importing.entries import Entry
from partnership.directory.importing.facts import Places
from partnership.directory.listing.filters import PHASES
from partnership.directory.reference import phase_in
from partnership.people.models import AgencyKind
from partnership.people.models.places import Area

SCHOOL = ("urn", "establishment_type", "phase", "local_authority_code", "district")
# A word of the register's type of establishment -> the phase of all schools of it; the first counts.
PHASES_OF_TYPES = (
    ("nursery school", "Nursery"),
    ("special post 16", "16 plus"),
    ("special", "Special"),
    ("16-19", "16 plus"),
    ("16 to 19", "16 plus"),
    ("sixth form", "16 plus"),
    ("further education", "16 plus"),
    ("pupil referral", "Not applicable"),
    ("alternative provision", "Not applicable"),
)
DEEMED = ("Middle deemed primary", "Middle deemed secondary")
PHASE_CHOICES = tuple((words, words) for words in (*PHASES.values(), *DEEMED))


def phase_of(name, establishment_type) -> str:
    """The phase that a school's type says, or its name; '' where neither does."""
    kind = establishment_type.lower()
    return next((phase for words, phase in PHASES_OF_TYPES if words in kind), "") or phase_in(name)


def placed(ticked, *, authority="", district="", postcode="") -> list:
    """The areas that were ticked, and of each kind that was not those in which the three facts place it."""
    slugs, _ = Places().of(Entry("", {"district": district, "postcode": postcode}, authority))
    kinds = {area.kind for area in ticked}
    return [*ticked, *Area.objects.filter(slug__in=slugs).exclude(kind__in=kinds)]


class AgencyAddForm(AgencyForm):
    """A new organisation with its first address; a school's number comes with it once, and its phase."""

    urn = forms.IntegerField(label="Unique reference number", required=False, help_text="Six figures, like 124003.")
    establishment_type = text("Type of establishment", limit=100, hint="As in the national register: Community school.")
    phase = forms.ChoiceField(
        label="Phase", required=False, choices=[("", "As its name and type say"), *PHASE_CHOICES],
        help_text="The lists of primary or secondary schools go by it.",
    )  # fmt: skip
    local_authority_code = text("Local authority code", limit=3, hint="861 Stoke-on-Trent, 860 Staffordshire.")
    district = text("District", limit=100)
    town = text("Town", limit=100)
    postcode = text("Postcode", limit=10, wide=False, autocomplete="postal-code")

    reveals = {"kind": {AgencyKind.SCHOOL: SCHOOL}}
    field_order = ("name", "kind", *SCHOOL, "partner_seat", "town", "postcode", "areas")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields[
            "areas"
        ].help_text = (
            "Areas that you leave out are taken from the local authority’s code, the district and the postcode."
        )

    def clean_postcode(self):
        return full_postcode(self.cleaned_data["postcode"])

    def clean(self):
        data = super().clean()
        if data.get("kind") == AgencyKind.SCHOOL:
            self._clean_school(data)
        return data

    def _clean_school(self, data):
        if not re.fullmatch(r"[1-9]\d{5}", str(data.get("urn") or "")) and "urn" not in self.errors:
            self.add_error("urn", "Enter the unique reference number of the school: six figures.")
        if not re.fullmatch(r"\d{3}", data.get("local_authority_code") or ""):
            self.add_error("local_authority_code", "Enter the local authority code: three figures.")
        if not data.get("postcode") and "postcode" not in self.errors:
            self.add_error("postcode", "Enter the postcode of the school: the lists of its area go by it.")
        data["phase_inferred"] = not data.get("phase")
        data["phase"] = data.get("phase") or phase_of(data.get("name", ""), data.get("establishment_type", ""))
        if not data["phase"] and "phase" not in self.errors:
            self.add_error("phase", "Select the phase: neither the name nor the type says it.")

    def facts(self):
        facts = super().facts()
        site = {name: facts.pop(name) for name in ("town", "postcode")}
        school = {name: facts.pop(name, None) for name in (*SCHOOL, "phase_inferred")}
        facts["areas"] = placed(
            facts["areas"],
            authority=school["local_authority_code"] or "",
            district=school["district"] or "",
            postcode=site["postcode"],
        )
        if facts["kind"] == AgencyKind.SCHOOL:
            facts["school"] = school
        return facts | ({"site": site} if any(site.values()) else {})
