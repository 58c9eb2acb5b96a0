"""The rows of every list of actions, by the row rule: what they show, how they are narrowed, sorted and counted."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import BooleanField, Case, Count, Exists, F, JSONField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from partnership.access.called import nameable
from partnership.access.scope import show_folders
from partnership.actions import rag
from partnership.actions.models import Action, DateChange
from partnership.actions.orphans import owner_left
from partnership.actions.rag_rows import WORST_FIRST, colour_on, overdue_on, wants_update_on, worst_first
from partnership.actions.reads import standing_of, with_facts
from partnership.actions.sources import sources_of
from partnership.ui.listing import cut_page, page_number

PAGE_SIZE = 50
S = Action.Status
NONE, LEFT, ME, ENDED = "none", "left", "me", "closed"
# The way in which each sort begins; a '-' before its name turns it round.
ORDERS = {
    "due": ("Due", F("due_on"), False),
    "rating": ("Rating", worst_first(), False),
    "age": ("Age", F("agreed_on"), False),
    "slips": ("Slips", Coalesce(F("slips"), 0), True),
    "agency": ("Organisation", F("agency__name"), False),
    "owner": ("Owner", F("owner__name"), False),
}


@dataclass
class Line:
    """One row of a list. group: what its folder is called, or 'Restricted' to whoever may not know.

    source: sources.Told, to whoever may see the source. left: its owner answers for that organisation no longer.
    """

    action: Action
    standing: rag.Standing
    group: str
    overdue: bool
    source: object = None

    @property
    def left(self) -> bool:
        return bool(self.action.owner_left)


@dataclass
class Section:
    """A part of a list. total: how many there are, of which `lines` are shown. more: the register's query of all."""

    title: str
    lines: list
    total: int
    more: str = ""
    open: bool = True
    empty: str = ""
    anchor: str = ""  # where another page leads to it


@dataclass
class Listing:
    """page: a page of Lines. ratings: (colour, word, how many) of the same rows whatever the rating asked for."""

    page: object
    order_by: str
    ratings: list = field(default_factory=list)

    @property
    def count(self):
        return self.page.paginator.count


def kept(user):
    """What the row rule opens to `user`, but for what was taken back with the log that it came in by."""
    return Action.objects.visible_to(user).exclude(status=S.TAKEN_BACK)


def shown(rows, user):
    """Guarded rows with what a line needs: the rating's facts, the parts that `user` may see, who left."""
    parts = Action.objects.visible_to(user).filter(parent=OuterRef("pk")).order_by().values("parent")
    return (
        with_facts(rows)
        .annotate(
            part_count=Subquery(parts.annotate(n=Count("pk")).values("n")),
            parts_over=Subquery(parts.annotate(n=Count("pk", filter=Q(status__in=Action.OVER))).values("n")),
            owner_left=Case(When(owner_left(), then=Value(True)), default=Value(False), output_field=BooleanField()),
        )
        .select_related("agency", "owner")
    )


def unowned() -> Q:
    """Whether somebody should own it and nobody does: not a parked idea, nor a whole whose parts have owners."""
    parts = Action.objects.unscoped("one bit of the row itself: was it split?").filter(parent=OuterRef("pk"))
    return Q(owner=None) & ~Q(status=S.PARKED) & ~Exists(parts)


def agency_over(day) -> Q:
    """Whether its organisation has closed, or went into another."""
    return Q(agency__ends__lte=day.today) | Q(agency__merged_into__isnull=False)


def find(user, day, *, status="", words="", rating="", owner="", group="", agency="", priority="", duty="", origin="",
         older=0, slips=0, due_from=None, due_to=None):  # fmt: skip
    """The actions that `user` may see and that these narrow down to, annotated with `colour`; `rating` aside.

    status: '' for those that go on, else a key of filters.STATUSES. owner: a user's id, NONE, LEFT or ME. older: days
    since it was agreed. slips: as many at least. due_from, due_to: both days count.
    """
    rows = kept(user).filter(_of_status(status, day))
    if group:
        rows = rows.filter(folder_id=group)
    if agency == ENDED:
        rows = rows.filter(agency_over(day))
    for name, value in (("agency", agency if agency != ENDED else ""), ("priority", priority), ("duty", duty)):
        if value:
            rows = rows.filter(**({f"{name}__isnull": True} if value == NONE else {f"{name}_id": value}))
    if origin:
        rows = rows.filter(origin=origin)
    if owner:
        rows = rows.filter(_of_owner(owner, user))
    for word in words.split():
        rows = rows.filter(Q(what__icontains=word) | Q(reference__icontains=word))
    if older:
        rows = rows.filter(agreed_on__lte=day.today - timedelta(days=older))
    if due_from:
        rows = rows.filter(due_on__gte=due_from)
    if due_to:
        rows = rows.filter(due_on__lte=due_to)
    if slips:
        rows = rows.filter(pk__in=slipped(slips))
    return rows.annotate(colour=colour_on(day))


def _of_status(status, day) -> Q:
    return {
        "": Q(status__in=Action.LIVE),
        "overdue": overdue_on(day),
        "update": wants_update_on(day),
        "approve": Q(status=S.TO_APPROVE),
        "date": Q(date_changes__status=DateChange.Status.WAITING),  # one at most waits
        "parked": Q(status=S.PARKED),
        "closed": Q(status__in=Action.OVER),
        "all": Q(),
    }[status]


def _of_owner(owner, user) -> Q:
    if owner == LEFT:
        return owner_left()
    if owner == NONE:
        return unowned()
    return Q(owner_id=user.pk if owner == ME else owner)


def slipped(least):
    """Ids of actions whose date moved to a later day so often."""
    dates = DateChange.objects.unscoped("it opens with its action, which the row rule let through")
    moved = dates.filter(status=DateChange.Status.GRANTED, wanted__gt=F("was")).order_by()
    return moved.values("action").annotate(n=Count("pk")).filter(n__gte=least).values("action")


class Counted(Subquery):
    """How many rows there are of each colour, asked within another question: {colour: how many}."""

    template = "(SELECT jsonb_object_agg(_each.colour, _each.n) FROM (%(subquery)s) _each)"
    output_field = JSONField()


def listing(user, day, *, rating="", order_by="", page=1, group_names=None, **asked) -> Listing:
    """A page of what `find` finds, and how many there are of each rating: one question, and one a kind of source; two
    more where the page is empty.

    page: a number; what is none is 1, what lies beyond the last is the last. group_names: as from `names_of`.
    """
    found = find(user, day, **asked)
    counted = found.order_by().values("colour").annotate(n=Count("pk"))
    order_by, number = known_order(order_by), page_number(page)
    rows = shown(found.filter(colour=rating) if rating else found, user).annotate(counts=Counted(counted))
    rows = in_order(rows, order_by)
    cut = list(rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE])
    counts = cut[0].counts if cut else dict(counted.values_list("colour", "n"))
    total = counts.get(rating, 0) if rating else sum(counts.values())
    if not cut:
        number = max(1, -(-total // PAGE_SIZE))
        cut = list(rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]) if total else []
    lines = dressed(user, cut, day, group_names)
    ratings = [(each, rag.COLOURS[each], counts.get(each, 0)) for each in WORST_FIRST]
    return Listing(cut_page(lines, total, number, PAGE_SIZE), order_by, ratings)


def known_order(said) -> str:
    """A key of ORDERS, with '-' before it or without; by the day for anything else."""
    return said if said.removeprefix("-") in ORDERS else "due"


def in_order(rows, order_by):
    """order_by: as from `known_order`."""
    _, column, downwards = ORDERS[order_by.removeprefix("-")]
    downwards ^= order_by.startswith("-")
    first = column.desc(nulls_last=True) if downwards else column.asc(nulls_last=True)
    return rows.order_by(first, F("due_on").asc(nulls_last=True), "reference")


def dressed(user, rows, day, group_names=None) -> list[Line]:
    """Rows of `shown` as Lines. group_names: folder id -> name; asked for where it is not known yet.

    That sensitive actions were read is an event of their folders, as the reading of a case is.
    """
    show_folders({row.folder_id for row in rows if row.sensitive})
    names = names_of(user, {row.folder_id for row in rows}) if group_names is None else group_names
    sources = sources_of(user, rows)
    return [
        Line(
            row,
            standing_of(row, day),
            names.get(row.folder_id, "Restricted"),
            row.status == S.OPEN and row.due_on < day.today,
            sources.get(row.pk),
        )
        for row in rows
    ]


def names_of(user, folder_ids) -> dict:
    """folder id -> what it is called, of those that `user` may know by name."""
    return dict(nameable(user).filter(pk__in=folder_ids).values_list("pk", "called"))
