"""What the directory's pages show, in a fixed number of queries whatever the rows."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject, Now
from django.utils import timezone

from partnership.access.reach import reach_of
from partnership.access.rows import allowing
from partnership.directory.listing.rows import area_names, state_on
from partnership.directory.models.merging import UNDO_DAYS, AgencyMerge, SecondNumber
from partnership.directory.particulars.reads import Asked, late, who_is_asked
from partnership.directory.particulars.visibility import shown_to
from partnership.directory.rules import life
from partnership.directory.successions import is_conversion
from partnership.people.models import (
    Agency,
    AgencyKind,
    Alias,
    Classification,
    Closure,
    ContactPoint,
    Membership,
    NamedDuty,
    Ownership,
    PartnerSeat,
    Register,
    Registration,
    SharingAgreement,
    Shown,
    Site,
    Succession,
)
from partnership.people.models.dated import last_day
from partnership.people.roles import LABELS, Perm, Role


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
    contacts: list = field(default_factory=list)
    agreements: list = field(default_factory=list)
    former_agreements: list = field(default_factory=list)
    closures: list = field(default_factory=list)
    owners: list = field(default_factory=list)
    owned: list = field(default_factory=list)
    registrations: list = field(default_factory=list)
    asked: Asked | None = None
    merges: list = field(default_factory=list)
    second_numbers: list = field(default_factory=list)
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

    def closes(self, closure):
        """The holidays of an area close its schools, and nobody else."""
        return closure["own"] or self.facts.kind == AgencyKind.SCHOOL

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
        known_since=timezone.localdate(versions[-1].history_date) if versions else None,
        changes=changes_of(Agency, versions, internal=reach_of(user).holds_wide(Perm.DIRECTORY_INTERNAL))[:5],
    )
    page.sites, page.former_sites, _ = _sorted(_dated(related.site_rows), shown_day)
    page.classifications, page.former_classifications, _ = _sorted(_dated(related.item_rows), shown_day)
    page.successors, page.predecessors = _dated(related.after_rows), _dated(related.before_rows)
    mine = agency.school.establishment_type if hasattr(agency, "school") else ""
    for row in page.successors:
        if is_conversion(mine, row["type"]):
            row["how"] = "Became an academy:"
    for row in page.predecessors:
        row["academy"] = is_conversion(row["type"], mine)
    duties = NamedDuty.objects.filter(agency=agency).select_related("holder", "deputy_for__holder")
    page.duties, page.former_duties, page.coming_duties = _sorted(list(duties), shown_day)
    page.people = _people(agency, shown_day)
    _particulars(page, user, shown_day)
    return page


def _particulars(page, user, day):
    """Contacts, owners, agreements and closures of the day; who is asked about a case on it."""
    related, internal = page.agency, reach_of(user).holds_wide(Perm.DIRECTORY_INTERNAL)
    shown = [row for row in _dated(related.contact_rows) if row["shown"] in shown_to(internal)]
    page.contacts, _, coming = _sorted(shown, day)
    page.contacts += coming
    page.agreements, page.former_agreements, coming = _sorted(_dated(related.agreement_rows), day)
    page.agreements += coming
    for row in page.agreements:
        row["late"] = late(row["review_on"], day)
    closures = _dated(related.closure_rows)
    page.closures = [row for row in closures if row["ends"] > day and page.closes(row)]
    page.owners, _, _ = _sorted(_dated(related.owner_rows), day)
    page.owned, _, _ = _sorted(_dated(related.owned_rows), day)
    page.merges = related.merge_rows if not page.past else []
    page.second_numbers = related.second_rows
    page.registrations = related.number_rows
    for row in page.registrations:
        row["register"] = Register(row["register"]).label
    closed = next((row for row in closures if row["starts"] <= day < row["ends"] and page.closes(row)), None)
    page.asked = who_is_asked(page.facts.kind, page.duties, closed)


@cache  # expressions are copied when a query takes them; building these anew took a tenth of the page
def _related():
    me = OuterRef("pk")
    dated = {"pk": "pk", "starts": "starts", "ends": "ends"}

    def rows(model, order, fields, **where):
        return ArraySubquery(model.objects.filter(**where).order_by(*order).values(data=JSONObject(**fields)))

    def same(*names):
        return dict(zip(names, names, strict=True))

    def other(side):
        its = {"pk": f"{side}__pk", "name": f"{side}__name", "type": f"{side}__school__establishment_type"}
        return {"row": "pk", **its, **same("on", "kind", "note")}

    return {
        "area_names": area_names(),
        "alias_rows": rows(Alias, ["former", "name"], same("pk", "name", "former"), agency_id=me),
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
        "contact_rows": rows(
            ContactPoint,
            ["purpose", "pk"],
            {**dated, **same("purpose", "post", "email", "telephone", "shown")},
            agency_id=me,
        ),
        "agreement_rows": rows(
            SharingAgreement, ["-starts"], {**dated, **same("title", "officer", "review_on")}, agency_id=me
        ),
        "closure_rows": ArraySubquery(
            Closure.objects.filter(Q(agency_id=me) | _of_my_areas())
            .order_by("starts")
            .values(data=JSONObject(**dated, name="name", own="agency_id", area="area__name"))
        ),
        "owner_rows": rows(
            Ownership, ["owner__name"], {**dated, "kind": "kind", "other": "owner_id", "name": "owner__name"},
            agency_id=me,
        ),
        "owned_rows": rows(
            Ownership, ["agency__name"], {**dated, "kind": "kind", "other": "agency_id", "name": "agency__name"},
            owner_id=me,
        ),
        "merge_rows": ArraySubquery(
            AgencyMerge.objects.filter(kept_id=me, undone_at=None, made_at__gt=Now() - timedelta(days=UNDO_DAYS))
            .order_by("made_at")
            .values(data=JSONObject(pk="pk", name="merged__name", merged="merged_id"))
        ),
        "second_rows": ArraySubquery(
            SecondNumber.objects.filter(merged_id=me, answered_at=None).values(
                data=JSONObject(kept="kept_id", name="kept__name")
            )
        ),
        "number_rows": rows(
            Registration, ["register", "number"], {"pk": "pk", **same("register", "number", "facts")}, agency_id=me
        ),
    }  # fmt: skip


def _of_my_areas():
    """Closures of the organisation's areas and of what these are parts of, four levels up at most."""
    mine = Agency.areas.through.objects.filter(agency_id=OuterRef(OuterRef("pk"))).order_by()
    above = ("area_id", "area__parent_id", "area__parent__parent_id", "area__parent__parent__parent_id")
    rule = Q(pk__in=[])
    for level in above:
        rule |= Q(area_id__in=mine.values(level))
    return rule


WORDS = {"purpose": ContactPoint.Purpose, "shown": Shown}


def _dated(rows):
    """The rows of a JSON array with their days as dates and their codes as words."""
    for row in rows:
        for name in ("starts", "ends", "on", "review_on"):
            row[name] = date.fromisoformat(row[name]) if row.get(name) else None
        row["life"] = life(row["starts"], row["ends"])
        for name, words in WORDS.items():
            if row.get(name):
                row[f"{name}_words"] = words(row[name]).label
        if "basis" in row:
            row["basis"] = Classification.Basis(row["basis"]).label
        if row["on"]:
            row["how"] = Succession.Kind(row["kind"]).label
        elif row.get("other"):
            row["how"] = Ownership.Kind(row["kind"]).label
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
    for each in people.values():
        each["roles"] = list(dict.fromkeys(each["roles"]))  # one role, given for two times that meet
    return list(people.values())


def _as_on(agency, versions, day):
    end = timezone.make_aware(datetime.combine(day, time.max))
    for version in versions:
        if version.history_date <= end:
            return version
    return versions[-1] if versions else agency
