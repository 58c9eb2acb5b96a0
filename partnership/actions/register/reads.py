"""The lists of actions beside the register: mine, my organisation's, a group's, what is owed, what is out of order.

Every list and every count follows the row rule of its reader.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from urllib.parse import urlencode

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, Subquery, Value, When, Window
from django.db.models.functions import Coalesce, RowNumber

from partnership.access.models import Folder, FolderKind
from partnership.access.over import going_on
from partnership.access.reach import reach_of
from partnership.access.rows import allowing
from partnership.actions.models import Action, Plan, Priority
from partnership.actions.orphans import owner_left
from partnership.actions.rag_rows import overdue_on, wants_update_on
from partnership.actions.register.rows import (
    ENDED,
    LEFT,
    NONE,
    Section,
    agency_over,
    dressed,
    kept,
    names_of,
    shown,
    slipped,
    unowned,
)
from partnership.people.models import Agency
from partnership.people.roles import Perm

S = Action.Status
NOBODY = "nobody"  # the first of the parts that tell of what has nobody: Home leads to it
SHOWN = 50  # of one part; the register has the rest
OF_ONE = 10  # of one person of an organisation

DUE_FIRST = (F("due_on").asc(nulls_last=True), "reference")
LATEST_FIRST = (F("closed_at").desc(nulls_last=True), "-changed_at", "reference")


def _first(rows, *parts, most):
    """Of `rows` the first `most` of each part, by the day on which they are due. parts: names of columns."""
    place = Window(RowNumber(), partition_by=[F(each) for each in parts], order_by=DUE_FIRST)
    return rows.filter(pk__in=rows.order_by().annotate(place=place).filter(place__lte=most).values("pk"))


def _lines(user, rows, day):
    return dressed(user, list(shown(rows, user).order_by(*DUE_FIRST)), day)


def _section(title, lines, more, *, total, **facts):
    return Section(title, lines, total, urlencode(more) if total > SHOWN else "", **facts)


def _part_on(day):
    """Where a row that is not over stands in `mine` and in a group's list: late, near, later, waits, parked."""
    return Case(
        When(status=S.TO_APPROVE, then=Value("waits")),
        When(status=S.PARKED, then=Value("parked")),
        When(overdue_on(day), then=Value("late")),
        When(due_on__lte=day.near, then=Value("near")),
        default=Value("later"),
        output_field=CharField(),
    )


def _by_part(user, rows, day, more) -> dict:
    """part -> Section, of the rows that are not over: the first of each, and how many there are."""
    rows = rows.annotate(part=_part_on(day))
    totals = dict(rows.order_by().values_list("part").annotate(n=Count("pk")))
    lines = {part: [] for part in ("late", "near", "later", "waits", "parked")}
    for line in _lines(user, _first(rows, "part", most=SHOWN), day):
        lines[line.action.part].append(line)
    told = {
        "late": ("Overdue", {"status": "overdue"}),
        "near": ("Due soon", {}),
        "later": ("Later", {}),
        "waits": ("Waiting for approval", {"status": "approve"}),
        "parked": ("Parked ideas", {"status": "parked"}),
    }
    return {
        part: _section(title, lines[part], more | query, total=totals.get(part, 0))
        for part, (title, query) in told.items()
    }


def _closed(user, rows, day, more) -> Section:
    """Those that are over, folded, the latest first."""
    over = rows.filter(status__in=Action.OVER)
    lines = dressed(user, list(shown(over, user).order_by(*LATEST_FIRST)[:SHOWN]), day)
    return _section("Closed or no longer needed", lines, more | {"status": "closed"}, total=over.count(), open=False)


def mine(user, day) -> list[Section]:
    """What `user` owns: overdue, due soon, later, waiting for approval, and folded what is over."""
    rows = kept(user).filter(owner=user)
    more = {"owner": "me"}
    found = _by_part(user, rows.filter(status__in=Action.LIVE), day, more)
    return [*(found[part] for part in ("late", "near", "later", "waits")), _closed(user, rows, day, more)]


def places_to_add(user) -> list:
    """The folders in which `user` adds actions from the register: groups that meet, and the partnership's business. To
    a case one is added from the case."""
    rows = allowing(Folder, user, Perm.ACTION_ADD).filter(kind__in=(FolderKind.GROUP, FolderKind.OFFICE), sealed=False)
    return list(going_on(rows).order_by("title"))


@dataclass
class OfPerson:
    """A person's live actions in the name of an organisation. owner: None for those that nobody owns yet. lines: the
    first of them; more: the register's query of all, where there are more."""

    owner: object
    left: bool
    lines: list
    total: int
    overdue: int
    more: str = ""


@dataclass
class OfAgency:
    """An organisation's live actions by person: nobody's first, then those of who has left, then by name."""

    agency: Agency
    people: list

    @property
    def total(self) -> int:
        return sum(each.total for each in self.people)


def of_agencies(user, day) -> list[OfAgency]:
    """The organisations whose actions `user` gives out, with their live actions that the row rule opens."""
    agencies = list(Agency.objects.filter(pk__in=reach_of(user).agencies(Perm.ACTION_GIVE)).order_by("name"))
    rows = kept(user).filter(agency__in=agencies, status__in=Action.LIVE)
    counted = rows.order_by().values_list("agency_id", "owner_id")
    counted = counted.annotate(n=Count("pk"), late=Count("pk", filter=overdue_on(day)))
    totals = {(agency, owner): numbers for agency, owner, *numbers in counted}
    found = {}
    for line in _lines(user, _first(rows, "agency_id", "owner_id", most=OF_ONE), day):
        found.setdefault((line.action.agency_id, line.action.owner_id), []).append(line)
    people = {agency.pk: [] for agency in agencies}
    for (agency, owner), lines in found.items():
        total, late = totals[agency, owner]
        more = urlencode({"agency": agency, "owner": owner or NONE}) if total > len(lines) else ""
        first = lines[0]
        left = owner is not None and first.left
        people[agency].append(OfPerson(first.action.owner, left, lines, total, late, more))
    for each in people.values():
        each.sort(key=lambda person: (person.owner is not None, not person.left, str(person.owner).casefold()))
    return [OfAgency(agency, people[agency.pk]) for agency in agencies]


def of_group(user, folder, day, *, approves) -> list[Section]:
    """The actions of one folder. approves: whether `user` decides about closing, so that what waits comes first."""
    rows = kept(user).filter(folder=folder)
    more = {"group": str(folder.pk)}
    found = _by_part(user, rows.exclude(status__in=Action.OVER), day, more)
    order = ("waits", "late", "near", "later", "parked") if approves else ("late", "near", "later", "waits", "parked")
    return [*(found[part] for part in order), _closed(user, rows, day, more)]


# --- what is owed to a meeting --------------------------------------------------------------------------------------


@dataclass
class Owed:
    """What one organisation owes a meeting. agency: None where no organisation is named. A line stands in one list:
    overdue before due, due before an update alone. totals: how many each of them has, of which the first are shown."""

    agency: Agency | None
    overdue: list = field(default_factory=list)
    due: list = field(default_factory=list)
    update: list = field(default_factory=list)
    totals: dict = field(default_factory=dict)

    @property
    def parts(self):
        """(title, lines, how many there are)"""
        titles = {"overdue": "Overdue", "due": "Due before the meeting", "update": "An update is owed"}
        return [(title, getattr(self, part), self.totals.get(part, 0)) for part, title in titles.items()]

    @property
    def total(self) -> int:
        return sum(self.totals.values())


def owed(user, folder, day, *, before: date, whole=False) -> list[Owed]:
    """What each organisation owes the meeting of a group on `before`: overdue, due until then, or a word owed.

    A whole that was split is answered for by its parts, so it is left out. whole: every line, not the first of each.
    """
    part = Case(
        When(overdue_on(day), then=Value("overdue")), When(due_on__lte=before, then=Value("due")),
        default=Value("update"), output_field=CharField(),
    )  # fmt: skip
    split = Exists(Action.objects.visible_to(user).filter(parent=OuterRef("pk")))
    wants = Q(due_on__lte=before) | wants_update_on(day)
    rows = kept(user).filter(wants, ~split, folder=folder, status=S.OPEN).annotate(part=part)
    cut = rows if whole else _first(rows, "agency_id", "part", most=SHOWN)
    found: dict = {}
    for line in _lines(user, cut, day):
        row = found.setdefault(line.action.agency_id, Owed(line.action.agency))
        getattr(row, line.action.part).append(line)
    for agency, part, number in rows.order_by().values_list("agency_id", "part").annotate(n=Count("pk")):
        found[agency].totals[part] = number
    return sorted(found.values(), key=lambda each: (each.agency is None, str(each.agency).casefold()))


# --- what is out of order -------------------------------------------------------------------------------------------


@dataclass
class Unserved:
    """A priority in force that no live action serves, as far as its reader sees. ever: how many served it once."""

    priority: Priority
    group: str
    ever: int


@dataclass
class Reports:
    """unserved: None where `user` sees too little of the actions to say."""

    unserved: list | None
    sections: list


def reports(user, day) -> Reports:
    """What wants putting in order, of the live actions that `user` may see."""
    live = Action.objects.visible_to(user).filter(status__in=Action.LIVE)
    old, slips = 180, 2
    parts = (
        ("Actions without a priority or a duty", live.filter(priority=None, duty=None), DUE_FIRST,
         {"priority": NONE, "duty": NONE}),
        ("Actions that nobody owns yet", live.filter(unowned()), DUE_FIRST, {"owner": NONE}),
        ("Actions whose owner can no longer open them", live.filter(owner_left()), DUE_FIRST, {"owner": LEFT}),
        ("Actions of organisations that have closed", live.filter(agency_over(day)), DUE_FIRST, {"agency": ENDED}),
        ("The oldest: agreed more than six months ago", live.filter(agreed_on__lte=day.today - timedelta(days=old)),
         ("agreed_on", "reference"), {"older": old, "order_by": "age"}),
        ("Those whose date was moved twice or more", live.filter(pk__in=slipped(slips)),
         (F("slips").desc(nulls_last=True), *DUE_FIRST), {"slips": slips, "order_by": "slips"}),
    )  # fmt: skip
    counts = live.aggregate(**{f"n{n}": Count("pk", filter=Q(pk__in=rows.order_by().values("pk")))
                               for n, (_, rows, _, _) in enumerate(parts)})  # fmt: skip
    found = [list(shown(rows, user).order_by(*order)[:SHOWN]) for _, rows, order, _ in parts]
    lines = iter(dressed(user, [row for rows in found for row in rows], day))
    sections = [
        _section(
            title,
            list(islice(lines, len(rows))),
            more,
            total=counts[f"n{n}"],
            empty="None that you may see.",
            anchor=NOBODY if more == {"owner": NONE} else "",
        )
        for n, ((title, _, _, more), rows) in enumerate(zip(parts, found, strict=True))
    ]
    return Reports(unserved(user, day), sections)


def unserved(user, day) -> list | None:
    """The priorities in force without a live action that `user` may see.

    Whoever sees the actions of every open group is told of all priorities; a chair or member of those that the group
    carries; anybody else of none (None): that they see no action for it says nothing.
    """
    running = Q(ended_on=None) | Q(ended_on__gt=day.today)
    rows = allowing(Priority, user, Priority.access.view).filter(running, plan__in=Plan.objects.on(day.today))
    if not reach_of(user).holds_wide(Perm.ACTION_VIEW):
        folders = allowing(Folder, user, Perm.ACTION_VIEW).filter(kind=FolderKind.GROUP)
        rows = rows.filter(group__in=folders.values("pk"))
        if not rows.exists():
            return None
    seen = Action.objects.visible_to(user).filter(priority=OuterRef("pk")).order_by()
    served = seen.values("priority").annotate(n=Count("pk")).values("n")
    rows = rows.exclude(pk__in=Action.objects.visible_to(user).filter(status__in=Action.LIVE, priority__isnull=False)
                        .order_by().values("priority")).annotate(ever=Coalesce(Subquery(served), 0))  # fmt: skip
    rows = list(rows.select_related("plan"))
    names = names_of(user, {row.group_id for row in rows if row.group_id})
    return [Unserved(row, names.get(row.group_id, ""), row.ever) for row in rows]
