"""The returns of one round as a list: filtered, sorted, on a page or all at once, and as a file."""

from dataclasses import dataclass

from django import forms
from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Page
from django.db.models import Count, F, OuterRef, Q, Window
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.text import slugify

from audits.models import AuditReturn
from audits.population import area_words
from audits.rounds.reads import returns
from partnership.people.matching import searched
from partnership.people.models import Agency, Membership
from partnership.people.roles import Perm, roles_with
from partnership.trail.services import record
from partnership.ui import sheets
from partnership.ui.forms import GovForm
from partnership.ui.listing import FoldedFilters, cut_page, page_number

ON_A_PAGE = 50
OWING, LATE = "owing", "late"
STATUSES = [("", "Any"), (OWING, "Owes its return"), (LATE, "Owes it, and is late"), *AuditReturn.Status.choices]
COLOURS = {
    AuditReturn.Status.ASKED: "grey",
    AuditReturn.Status.BEGUN: "blue",
    AuditReturn.Status.SIGNING: "yellow",
    AuditReturn.Status.SUBMITTED: "green",
    AuditReturn.Status.EXCUSED: "",
}
SORTS = {
    "name": ("Name", False),
    "progress": ("Progress", False),
    "deadline": ("Deadline", False),
    "status": ("How it stands", False),
}
ORDERS = {
    "name": ("agency__name",),
    "progress": ("part", "agency__name"),
    "deadline": ("closes_at", "agency__name"),
    "status": ("status", "agency__name"),
}
NEEDED = (
    *("pk", "agency_id", "agency__name", "status", "closes_at", "phase", "district", "late_joiner", "invented"),
    *("wanted", "answered", "to_confirm", "submitted_at", "area__name", "trust__name", "window__name", "why_excused"),
    "facts__area",
)
OF = ("district", "area", "phase", "trust", "window")


class ReturnFilter(FoldedFilters, GovForm):
    """The filters of the list, from the address. choices: of `choices_of`."""

    q = forms.CharField(label="Name or number", required=False, max_length=100)
    status = forms.ChoiceField(label="How it stands", required=False, choices=STATUSES)
    window = forms.ChoiceField(label="Window", required=False)
    phase = forms.ChoiceField(label="Phase", required=False)
    area = forms.ChoiceField(label="Area", required=False)
    district = forms.ChoiceField(label="District", required=False)
    trust = forms.ChoiceField(label="Academy trust", required=False)
    late_joiner = forms.BooleanField(label="Asked after the others only", required=False)
    all = forms.BooleanField(label="All on one page", required=False)

    first = ("q", "status", "phase")

    def __init__(self, data, *, choices):
        super().__init__(data)
        for name in OF:
            self.fields[name].choices = [("", "Any"), *choices[name]]

    def asked(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if value and name != "all"}

    def in_words(self) -> str:
        """'Secondary, Cannock Chase: owes its return'."""
        said = []
        for name in ("phase", *(each for each in OF if each != "phase"), "status"):
            if value := self.cleaned_data[name]:
                said.append(str(dict(self.fields[name].choices)[value]))
        if self.cleaned_data["late_joiner"]:
            said.append("asked after the others")
        if self.cleaned_data["q"]:
            said.append(f"found by ‘{self.cleaned_data['q']}’")
        return ", ".join(said) or "All returns"


@dataclass
class Found:
    """count: of all that fit. page: a Django page of rows as dicts, dressed. order_by: of SORTS, '-' before it."""

    count: int
    page: Page
    order_by: str


def choices_of(user, round) -> dict:
    """Field of the filter -> its choices, of the returns of this round that the reader may see; one question."""
    rows = returns(user, round).order_by().distinct()
    names = ("district", "phase", "area_id", "area__name", "trust_id", "trust__name", "window_id", "window__name")
    found = {name: {} for name in OF}
    for district, phase, area, area_name, trust, trust_name, window, window_name in rows.values_list(*names):
        pairs = (
            ("district", district, district), ("phase", phase, phase), ("area", area, area_name),
            ("trust", trust, trust_name), ("window", window, window_name),
        )  # fmt: skip
        for name, value, label in pairs:
            if value:
                found[name][str(value)] = label
    return {name: sorted(each.items(), key=lambda pair: pair[1]) for name, each in found.items()}


def find(user, round, asked, *, order_by="", number="", all=False) -> Found:
    """The list; one question whatever its size. asked: of ReturnFilter; number: a page behind the last is the first."""
    rows, order_by = _rows(user, round, asked, order_by)
    rows = rows.annotate(total=Window(Count("pk")), people=_people()).values(*NEEDED, "total", "people")
    if all:
        found, number, size = list(rows), 1, 10**9
    else:
        number, size = page_number(number), ON_A_PAGE
        found = list(rows[(number - 1) * size : number * size])
        if not found and number > 1:
            found, number = list(rows[:size]), 1
    _dress(found, is_open=round.status == round.Status.OPEN)
    total = found[0]["total"] if found else 0
    return Found(total, cut_page(found, total, number, size), order_by)


def _people():
    """Who signs for an organisation, as `audits.leads` has them, in the question of the list itself."""
    members = Membership.objects.live().filter(agency=OuterRef("agency"), role__in=roles_with(Perm.ANSWERS_SIGN))
    people = members.filter(user__is_active=True).order_by("user__name", "user__pk")
    return ArraySubquery(people.values(data=JSONObject(name="user__name", email="user__email")))


def _rows(user, round, asked, order_by):
    rows = returns(user, round).filter(_rule(asked))
    if words := asked.get("q"):
        rows = rows.filter(agency__in=searched(Agency.objects.all(), words).order_by().values("pk"))
    name = order_by.removeprefix("-")
    if name not in ORDERS:
        name = order_by = "name"
    if name == "progress":
        rows = rows.annotate(part=(F("answered") + 0.0) / (F("wanted") + 0.001))
    first, *then = ORDERS[name]
    return rows.order_by(f"-{first}" if order_by.startswith("-") else first, *then, "pk"), order_by


def _rule(asked) -> Q:
    rule = Q(**{name: asked[name] for name in ("district", "phase", "area", "trust", "window") if name in asked})
    if asked.get("late_joiner"):
        rule &= Q(late_joiner=True)
    status = asked.get("status")
    if status in (OWING, LATE):
        rule &= Q(status__in=AuditReturn.OWES)
        return rule & Q(closes_at__lt=timezone.now()) if status == LATE else rule
    return rule & Q(status=status) if status else rule


def _dress(rows, *, is_open) -> None:
    """Who leads, how it stands in words and colour, whether it is late: of a round that is closed nothing is."""
    now = timezone.now()
    for row in rows:
        row["name"] = row["agency__name"]
        row["said"], row["colour"] = AuditReturn.Status(row["status"]).label, COLOURS[row["status"]]
        row["leads"] = ", ".join(dict.fromkeys(each["name"] for each in row["people"]))
        row["reached"] = any(each["email"] for each in row["people"])
        row["late"] = is_open and row["status"] in AuditReturn.OWES and row["closes_at"] < now


COLUMNS = (
    ("Organisation", 44, lambda row: row["name"]),
    ("Phase", 16, lambda row: row["phase"]),
    ("District", 22, lambda row: row["district"]),
    ("Area", 22, lambda row: area_words(row["area__name"], row["facts__area"])),
    ("Academy trust", 36, lambda row: row["trust__name"]),
    ("Window", 18, lambda row: row["window__name"]),
    ("How it stands", 18, lambda row: row["said"]),
    ("Deadline", 14, lambda row: timezone.localdate(row["closes_at"])),
    ("Late", 8, lambda row: "Late" if row["late"] else ""),
    ("Answered", 10, lambda row: row["answered"]),
    ("Of", 8, lambda row: row["wanted"]),
    ("To confirm", 10, lambda row: row["to_confirm"]),
    ("Submitted", 14, lambda row: row["submitted_at"] and timezone.localdate(row["submitted_at"])),
    ("Who leads", 36, lambda row: row["leads"]),
    ("Asked after the others", 20, lambda row: "Yes" if row["late_joiner"] else ""),
    ("Why it owes none", 40, lambda row: row["why_excused"]),
)


def take_out(user, round, form, *, order_by, kind):
    """(open file, its name, its content type) of the list as it is filtered; one event without words."""
    found = find(user, round, form.asked(), order_by=order_by, all=True)
    head = [
        [f"Returns of {round.title}"],
        [form.in_words()],
        [sheets.taken_out(user)],
        [],
        [name for name, *_ in COLUMNS],
    ]
    rows = ([value(row) for *_, value in COLUMNS] for row in found.page.object_list)
    file, _ = sheets.made(kind, "Returns", head, rows, [width for _, width, _ in COLUMNS])
    record("audit_returns_exported", by=user, obj=round, format=kind, count=found.count)
    today = timezone.localdate()
    return file, f"returns-{slugify(round.title)[:60]}-{today:%Y-%m-%d}.{kind}", sheets.FORMATS[kind]
