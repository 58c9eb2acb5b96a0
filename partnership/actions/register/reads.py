"""The lists of actions beside the register: mine, my organisation's, a group's, what is owed, what is out of order.

Every list and every count follows the row rule of its reader.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from urllib.parse import urlencode

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from partnership.access.models import Folder, FolderKind
from partnership.access.reach import reach_of
from partnership.access.rows import allowing
from partnership.actions.models import Action, Plan, Priority
from partnership.actions.orphans import owner_left
from partnership.actions.rag_rows import wants_update_on
from partnership.actions.register.rows import (
    ENDED,
    LEFT,
    NONE,
    Section,
    agency_over,
    dressed,
    names_of,
    seen_by,
    shown,
    slipped,
    unowned,
)
from partnership.people.models import Agency
from partnership.people.roles import Perm

S = Action.Status
NOBODY = "nobody"  # the first of the parts that tell of what has nobody: Home leads to it
SHOWN = 50  # of one part; the register has the rest

DUE_FIRST = (F("due_on").asc(nulls_last=True), "reference")
LATEST_FIRST = (F("closed_at").desc(nulls_last=True), "-changed_at", "reference")


def _lines(user, rows, day):
    return dressed(user, list(rows.order_by(*DUE_FIRST)), day)


def _section(title, lines, more, *, total=None, **facts):
    total = len(lines) if total is None else total
    return Section(title, lines[:SHOWN], total, urlencode(more) if total > SHOWN else "", **facts)


def _by_date(lines, more, *, empty="") -> list[Section]:
    """Overdue, near and later: of actions that go on and whose closing waits for nobody."""
    going = [each for each in lines if each.action.status == S.OPEN]
    parts = (
        ("Overdue", [each for each in going if each.overdue], more | {"status": "overdue"}),
        ("Due soon", [each for each in going if each.near and not each.overdue], more),
        ("Later", [each for each in going if not each.near], more),
    )
    return [_section(title, rows, query, empty=empty if title == "Overdue" else "") for title, rows, query in parts]


def _closed(user, rows, day, more) -> Section:
    """Those that are over, folded, the latest first."""
    over = rows.filter(status__in=Action.OVER)
    lines = dressed(user, list(over.order_by(*LATEST_FIRST)[:SHOWN]), day)
    return _section("Closed or no longer needed", lines, more | {"status": "closed"}, total=over.count(), open=False)


def mine(user, day) -> list[Section]:
    """What `user` owns: overdue, due soon, later, waiting for approval, and folded what is over."""
    rows = seen_by(user).filter(owner=user)
    more = {"owner": "me"}
    lines = _lines(user, rows.filter(status__in=Action.LIVE), day)
    waiting = [each for each in lines if each.action.status == S.TO_APPROVE]
    return [
        *_by_date(lines, more),
        _section("Waiting for approval", waiting, more | {"status": "approve"}),
        _closed(user, rows, day, more),
    ]


@dataclass
class OfPerson:
    """A person's live actions in the name of an organisation. owner: None for those that nobody owns yet."""

    owner: object
    left: bool
    lines: list

    @property
    def overdue(self) -> int:
        return sum(each.overdue for each in self.lines)


@dataclass
class OfAgency:
    """An organisation's live actions by person: nobody's first, then those of who has left, then by name."""

    agency: Agency
    people: list
    total: int


def of_agencies(user, day) -> list[OfAgency]:
    """The organisations whose actions `user` gives out, with their live actions that the row rule opens."""
    agencies = list(Agency.objects.filter(pk__in=reach_of(user).agencies(Perm.ACTION_GIVE)).order_by("name"))
    rows = seen_by(user).filter(agency__in=agencies, status__in=Action.LIVE)
    found = {agency.pk: {} for agency in agencies}
    for line in _lines(user, rows, day):
        found[line.action.agency_id].setdefault(line.action.owner, []).append(line)
    return [
        OfAgency(agency, _people(found[agency.pk]), sum(map(len, found[agency.pk].values()))) for agency in agencies
    ]


def _people(by_owner):
    people = [OfPerson(owner, owner is not None and lines[0].left, lines) for owner, lines in by_owner.items()]
    return sorted(people, key=lambda each: (each.owner is not None, not each.left, str(each.owner).casefold()))


def of_group(user, folder, day, *, approves) -> list[Section]:
    """The actions of one folder. approves: whether `user` decides about closing, so that what waits comes first."""
    rows = seen_by(user).filter(folder=folder)
    more = {"group": str(folder.pk)}
    lines = _lines(user, rows.exclude(status__in=Action.OVER), day)
    waiting = [each for each in lines if each.action.status == S.TO_APPROVE]
    parked = [each for each in lines if each.action.status == S.PARKED]
    waits = _section("Waiting for approval", waiting, more | {"status": "approve"})
    return [
        *([waits] if approves else []),
        *_by_date(lines, more),
        *([] if approves else [waits]),
        _section("Parked ideas", parked, more | {"status": "parked"}),
        _closed(user, rows, day, more),
    ]


# --- what is owed to a meeting --------------------------------------------------------------------------------------


@dataclass
class Owed:
    """What one organisation owes a meeting. agency: None where no organisation is named. A line stands in one list:
    overdue before due, due before an update alone."""

    agency: Agency | None
    overdue: list = field(default_factory=list)
    due: list = field(default_factory=list)
    update: list = field(default_factory=list)

    @property
    def parts(self):
        return [("Overdue", self.overdue), ("Due before the meeting", self.due), ("An update is owed", self.update)]

    @property
    def total(self) -> int:
        return len(self.overdue) + len(self.due) + len(self.update)


def owed(user, folder, day, *, before: date) -> list[Owed]:
    """What each organisation owes the meeting of a group on `before`: overdue, due until then, or a word owed.

    A whole that was split is answered for by its parts, so it is left out.
    """
    wants = Q(due_on__lte=before) | wants_update_on(day)
    rows = seen_by(user).filter(wants, folder=folder, status=S.OPEN, part_count=None)
    found: dict = {}
    for line in _lines(user, rows, day):
        row = found.setdefault(line.action.agency_id, Owed(line.action.agency))
        late, due = line.overdue, line.action.due_on <= before
        (row.overdue if late else row.due if due else row.update).append(line)
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
