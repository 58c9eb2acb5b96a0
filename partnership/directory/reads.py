"""What the directory's pages show, in a fixed number of queries whatever the rows."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache

from django import forms
from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Paginator
from django.db.models import Case, F, IntegerField, OuterRef, Q, When
from django.db.models.functions import JSONObject
from django.utils import timezone

from partnership.access.rows import allowing
from partnership.directory.rules import last_day, life
from partnership.people.models import (
    Agency,
    AgencyKind,
    Alias,
    Area,
    Classification,
    Membership,
    NamedDuty,
    PartnerSeat,
    ScheduleItem,
    School,
    Site,
    Succession,
)
from partnership.people.roles import LABELS, Perm, Role
from partnership.ui.forms import GovDateField, GovForm

PAGE_SIZE = 50
WORDS_SEARCHED = 8
ORDERS = {"name": "name", "kind": "kind", "starts": "starts", "ends": "ends"}


class AgencyFilter(GovForm):
    """The filters of the list, from the address. Nothing here is stored."""

    q = forms.CharField(label="Name, URN or town", required=False, max_length=100)
    kind = forms.ChoiceField(label="Type", required=False, choices=[("", "All types"), *AgencyKind.choices])
    area = forms.ChoiceField(label="Area", required=False)
    item = forms.ChoiceField(label="Schedule item", required=False)
    as_on = GovDateField(label="As on", subject="as-on date", required=False)
    closed = forms.BooleanField(label="Show closed ones too", required=False)

    def __init__(self, data, *, user):
        super().__init__(data)
        areas = allowing(Area, user, Perm.DIRECTORY_VIEW).values_list("slug", "name")
        items = allowing(ScheduleItem, user, Perm.DIRECTORY_VIEW)
        self.fields["area"].choices = [("", "All areas"), *areas]
        self.fields["item"].choices = [("", "All"), *((str(item.number), str(item)) for item in items)]


@dataclass
class AgencyList:
    page: object
    order_by: str
    day: date
    past: bool
    closed_found: int = 0

    @property
    def count(self):
        return self.page.paginator.count


def agencies(user, *, q="", kind="", area="", item="", as_on=None, closed=False, order_by="name", page=1) -> AgencyList:
    """A page of organisations that existed on `as_on` (None: today), or of all with `closed`.

    order_by: a key of ORDERS, with '-' for descending; else the best
    match of `q` first, or by name. page: a number; what is none is 1.
    Each row carries `area_names`, `items` (numbers), `other_names`, `towns`, `life` and `state` (closed, to come).
    """
    day = as_on or timezone.localdate()
    rows = allowing(Agency, user, Perm.DIRECTORY_VIEW)
    for word in _words(q):
        rows = rows.filter(_holds(word))
    if kind:
        rows = rows.filter(kind=kind)
    if area:
        rows = rows.filter(pk__in=Agency.areas.through.objects.filter(area__slug=area).values("agency_id"))
    if item:
        live = Classification.objects.filter(*_on(day), item_id=int(item))
        rows = rows.filter(pk__in=live.values("agency_id"))
    any_day, rows = rows, rows if closed else rows.on(day)
    order_by = order_by if order_by.removeprefix("-") in ORDERS else "" if q else "name"
    rows = (
        (_in_order(rows, order_by) if order_by else _best_first(rows, q))
        .annotate(**_columns(day))
        .select_related("school")
    )
    found = Paginator(rows, PAGE_SIZE).get_page(page if str(page).isdecimal() and int(str(page)[:9]) else 1)
    for row in found.object_list:
        row.state, row.life = state_on(row, day), life(row.starts, row.ends, open_words="–")
    elsewhere = any_day.count() if not closed and not found.paginator.count else 0
    return AgencyList(found, order_by, day, day != timezone.localdate(), elsewhere)


def state_on(row, day):
    if row.ends and row.ends <= day:
        return "closed"
    return "to come" if row.starts and row.starts > day else ""


def _words(q):
    return unicodedata.normalize("NFC", q).replace("’", "'").split()[:WORDS_SEARCHED]


def _named(word):
    return Q(name__icontains=word) | Q(pk__in=Alias.objects.filter(name__icontains=word).values("agency_id"))


def _holds(word):
    rule = _named(word)
    rule |= Q(pk__in=Site.objects.filter(Q(town__icontains=word) | Q(postcode__icontains=word)).values("agency_id"))
    if re.fullmatch(r"[0-9]{1,6}", word):
        rule |= Q(pk__in=School.objects.filter(urn=int(word)).values("agency_id"))
    return rule


def _on(day):
    return Q(starts__isnull=True) | Q(starts__lte=day), Q(ends__isnull=True) | Q(ends__gt=day)


def _best_first(rows, q):
    """Who is named so, then whose name begins so, then whose name holds the words, then the rest, each by name."""
    called = Q(name__iexact=q) | Q(pk__in=Alias.objects.filter(name__iexact=q).values("agency_id"))
    named = Q()
    for word in _words(q):
        named &= _named(word)
    ranks = (called, Q(name__istartswith=q), named)
    cases = [When(rule, then=number) for number, rule in enumerate(ranks) if rule]
    rank = Case(*cases, default=len(ranks), output_field=IntegerField())
    return rows.order_by(rank, "name", "pk")


def _in_order(rows, order_by):
    column = F(ORDERS[order_by.removeprefix("-")])
    first = column.desc(nulls_last=True) if order_by.startswith("-") else column.asc(nulls_last=True)
    return rows.order_by(first, "name", "pk")


def _area_names():
    through = Agency.areas.through.objects.filter(agency_id=OuterRef("pk"))
    return ArraySubquery(through.order_by("area__name").values("area__name"))


def _columns(day):
    me = OuterRef("pk")
    return {
        "area_names": _area_names(),
        "items": ArraySubquery(
            Classification.objects.filter(*_on(day), agency_id=me).order_by("item_id").values("item_id").distinct()
        ),
        "other_names": ArraySubquery(Alias.objects.filter(agency_id=me).order_by("name").values("name")),
        "towns": ArraySubquery(
            Site.objects.filter(*_on(day), agency_id=me).exclude(town="").order_by("town").values("town").distinct()
        ),
    }


@dataclass
class AgencyFacts:
    """One organisation as it was on `day`: lists of dicts and rows, ready for its page."""

    agency: Agency
    day: date
    past: bool
    state: str
    facts: object
    known_since: date | None
    sites: list = field(default_factory=list)
    former_sites: list = field(default_factory=list)
    classifications: list = field(default_factory=list)
    former_classifications: list = field(default_factory=list)
    predecessors: list = field(default_factory=list)
    successors: list = field(default_factory=list)
    duties: list = field(default_factory=list)
    former_duties: list = field(default_factory=list)
    coming_duties: list = field(default_factory=list)
    people: list = field(default_factory=list)
    changes: list = field(default_factory=list)

    @property
    def last_day(self):
        return last_day(self.facts.ends)

    @property
    def life(self):
        return life(self.facts.starts, self.facts.ends)

    @property
    def kind(self):
        return AgencyKind(self.facts.kind).label

    @property
    def seat(self):
        return PartnerSeat(self.facts.partner_seat).label if self.facts.partner_seat else ""


def agency_facts(user, agency, *, day=None) -> AgencyFacts:
    """Everything that the page of `agency` shows, in four queries beside the row itself.

    Dated rows are those of `day`; the organisation's own words are those that the portal held at the end of it (the
    earliest that it holds for an earlier day).
    """
    from partnership.directory.history import changes_of

    today = timezone.localdate()
    shown_day = day or today
    related = allowing(Agency, user, Perm.DIRECTORY_VIEW).annotate(**_related()).get(pk=agency.pk)
    versions = list(agency.history.select_related("history_user").order_by("-history_date", "-history_id"))
    facts = _as_on(agency, versions, shown_day) if shown_day != today else agency
    page = AgencyFacts(
        agency=related,
        day=shown_day,
        past=shown_day != today,
        state=state_on(facts, shown_day),
        facts=facts,
        known_since=versions[-1].history_date if versions else None,
        changes=changes_of(Agency, versions)[:5],
    )
    page.sites, page.former_sites, _ = _sorted(_dated(related.site_rows), shown_day)
    page.classifications, page.former_classifications, _ = _sorted(_dated(related.item_rows), shown_day)
    page.successors, page.predecessors = _dated(related.after_rows), _dated(related.before_rows)
    duties = NamedDuty.objects.filter(agency=agency).select_related("holder", "deputy_for__holder")
    page.duties, page.former_duties, page.coming_duties = _sorted(list(duties), shown_day)
    page.people = _people(agency, shown_day)
    return page


@cache  # expressions are copied when a query takes them; building these anew took a tenth of the page
def _related():
    me = OuterRef("pk")
    dated = {"pk": "pk", "starts": "starts", "ends": "ends"}

    def rows(model, order, fields, **where):
        return ArraySubquery(model.objects.filter(**where).order_by(*order).values(data=JSONObject(**fields)))

    def other(side):
        return {"row": "pk", "pk": f"{side}__pk", "name": f"{side}__name", "on": "on", "kind": "kind", "note": "note"}

    return {
        "area_names": _area_names(),
        "alias_rows": rows(Alias, ["name"], {"pk": "pk", "name": "name"}, agency_id=me),
        "site_rows": rows(
            Site, ["name"], {**dated, "name": "name", "town": "town", "postcode": "postcode"}, agency_id=me
        ),
        "item_rows": rows(
            Classification,
            ["item_id"],
            {
                **dated,
                "number": "item__number",
                "heading": "item__heading",
                "label": "item__label",
                "note": "item__note",
                "basis": "basis",
            },
            agency_id=me,
        ),
        "after_rows": rows(Succession, ["on"], other("successor"), predecessor_id=me),
        "before_rows": rows(Succession, ["on"], other("predecessor"), successor_id=me),
    }


def _dated(rows):
    """The rows of a JSON array with their days as dates and their codes as words."""
    for row in rows:
        for name in ("starts", "ends", "on"):
            row[name] = date.fromisoformat(row[name]) if row.get(name) else None
        row["life"] = life(row["starts"], row["ends"])
        if "basis" in row:
            row["basis"] = Classification.Basis(row["basis"]).label
        if row["on"]:
            row["how"] = Succession.Kind(row["kind"]).label
    return rows


def _sorted(rows, day):
    """(live, former, to come) on `day`; rows are dicts or models."""
    live, former, coming = [], [], []
    for row in rows:
        starts, ends = (row["starts"], row["ends"]) if isinstance(row, dict) else (row.starts, row.ends)
        if not isinstance(row, dict):
            row.life = life(starts, ends)
        (former if ends and ends <= day else coming if starts and starts > day else live).append(row)
    return live, former, coming


def _people(agency, day):
    """[{"user", "roles"}] of the people with an account at the organisation on `day`, by name."""
    members = Membership.objects.on(day).filter(agency=agency, user__is_active=True).select_related("user")
    people = {}
    for each in members.order_by("user__name", "role"):
        people.setdefault(each.user_id, {"user": each.user, "roles": []})["roles"].append(LABELS[Role(each.role)])
    return list(people.values())


def _as_on(agency, versions, day):
    end = timezone.make_aware(datetime.combine(day, time.max))
    for version in versions:
        if version.history_date <= end:
            return version
    return versions[-1] if versions else agency
