"""What the list of the directory is asked for, and the same in words."""

from functools import cache

from django import forms
from django.db.models import Q

from partnership.access.reach import reach_of
from partnership.directory.areas.tree import ByArea
from partnership.directory.gaps.standing import LACKS, STANDINGS
from partnership.people.models import AgencyKind, DutyKind, ScheduleItem, School
from partnership.people.roles import Perm
from partnership.ui.dates import plain
from partnership.ui.forms import GovDateField, GovForm, spoken
from partnership.ui.listing import FoldedFilters

# Phases as the register words them; a middle school is deemed one or the other there. A special school has no phase
# in the register: its type says it.
PHASES = {
    "nursery": "Nursery",
    "primary": "Primary",
    "middle": "Middle",
    "secondary": "Secondary",
    "16-plus": "16 plus",
    "all-through": "All-through",
    "special": "Special",
    "not-applicable": "Not applicable",
}
NOUNS = {
    "statutory partner": "Statutory safeguarding partners",
    "relevant agency": "Relevant agencies",
    "school": "Schools",
    "early years": "Early-years settings",
    "group": "Academy trusts and other groups",
    "practice": "General and dental practices",
    "housing": "Housing bodies",
    "partnership": "Predecessor and successor partnerships",
    "other partnership": "Other boards and partnerships",
    "inspectorate": "Inspectorates",
    "government": "Government and regulators",
    "provider": "Providers and charities",
}
HOLDERS = {
    DutyKind.LEAD_PARTNER: "lead safeguarding partners",
    DutyKind.DELEGATED_PARTNER: "delegated safeguarding partners",
    DutyKind.DSL: "designated safeguarding leads",
    DutyKind.DEPUTY_DSL: "deputy designated safeguarding leads",
    DutyKind.SECTION_11_LEAD: "section 11 leads",
    DutyKind.SINGLE_POINT: "single points of contact",
    DutyKind.HEADTEACHER: "headteachers",
    DutyKind.CHAIR_OF_GOVERNORS: "chairs of governors",
    DutyKind.CASE_CONTACT: "case contacts",
    DutyKind.DEPUTY_CASE_CONTACT: "deputy case contacts",
    DutyKind.CLOSURE_COVER: "cover while they are closed",
    DutyKind.LEAD_MEMBER: "lead members for children’s services",
    DutyKind.SCRUTINEER: "independent scrutineers",
    DutyKind.LAY_MEMBER: "lay members",
}


def of_phase(phase) -> Q:
    """Schools of a phase. `phase`: a key of PHASES."""
    words = PHASES[phase]
    rule = Q(phase__istartswith=words)
    if phase == "special":
        rule |= Q(establishment_type__icontains="special")
    return Q(pk__in=School.objects.filter(rule).order_by().values("agency_id"))


class AgencyFilter(ByArea, FoldedFilters, GovForm):
    """The filters of the list, from the address. Nothing here is stored: an address is a list to keep."""

    q = forms.CharField(label="Name, number, postcode or town", required=False, max_length=100)
    kind = forms.ChoiceField(label="Type", required=False, choices=[("", "All types"), *AgencyKind.choices])
    area = forms.ChoiceField(label="Area, with its parts", required=False)
    phase = forms.ChoiceField(label="Phase of school", required=False, choices=[("", "All phases"), *PHASES.items()])
    duty = forms.ChoiceField(label="Named duty", required=False, choices=[("", "Any"), *DutyKind.choices])
    standing = forms.ChoiceField(label="The duty is", required=False, choices=[("", "Any"), *STANDINGS.items()])
    item = forms.ChoiceField(label="Schedule item", required=False)
    lacks = forms.ChoiceField(label="What is missing", required=False, choices=[("", "Any"), *LACKS.items()])
    as_on = GovDateField(label="As on", subject="as-on date", required=False)
    closed = forms.BooleanField(label="Show closed ones too", required=False)

    first = ("q", "kind", "area", "phase", "duty")

    def __init__(self, data, *, user):
        super().__init__(data, user=user)
        self.fields["item"].choices = [("", "All"), *_items(user)]

    def asked(self) -> dict:
        """What `rows.find` takes: the cleaned answers, the area as its ids and those of its parts."""
        asked = self.cleaned_data | {"areas": self.area_ids()}
        del asked["area"]
        return asked

    def in_words(self) -> str:
        """'Primary schools in North Stoke-on-Trent: designated safeguarding leads, without a holder'."""
        asked = self.cleaned_data
        noun = NOUNS.get(asked["kind"], "Organisations")
        if asked["phase"] and asked["kind"] in ("", "school"):
            noun = f"{PHASES[asked['phase']]} schools"
        text = f"{noun} in {self.tree.by_slug[asked['area']].name}" if asked["area"] else noun
        if asked["item"]:
            text += f" under item {asked['item']} of the Schedule"
        more = [STANDINGS[asked["standing"]].lower()] if asked["standing"] else []
        if asked["duty"]:
            more.insert(0, HOLDERS[asked["duty"]])
        elif more:
            more[0] = {"Held by somebody": "a duty held", "Without a holder": "a duty without a holder"}.get(
                STANDINGS[asked["standing"]], "a duty held by somebody without a sign-in"
            )
        if asked["lacks"]:
            more.append(spoken(LACKS[asked["lacks"]]))
        if asked["q"]:
            more.append(f"found by ‘{asked['q']}’")
        if asked["as_on"]:
            more.append(f"as on {plain(asked['as_on'])}")
        if asked["closed"]:
            more.append("closed ones too")
        return f"{text}: {', '.join(more)}" if more else text


@cache
def _schedule() -> tuple:
    """The items of the Schedule: they change with the law and so with a release of the portal, not while it runs."""
    return tuple((str(item.number), str(item)) for item in ScheduleItem.objects.all())


def _items(user):
    found = _schedule()
    if not found:
        _schedule.cache_clear()  # before the portal has loaded what it starts with
    return found if reach_of(user).holds(Perm.DIRECTORY_VIEW) else ()
