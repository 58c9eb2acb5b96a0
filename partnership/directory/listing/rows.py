"""The rows of the list: one question for the page with its total, whatever the filters and the number of rows."""

from dataclasses import dataclass, field
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef
from django.db.models.functions import JSONObject
from django.utils import timezone

from partnership.access.rows import allowing
from partnership.access.searching import Total
from partnership.directory.areas.tree import in_areas
from partnership.directory.gaps import standing as standings
from partnership.directory.gaps.expected import how_expected
from partnership.directory.listing.filters import of_phase
from partnership.directory.listing.offers import Offers, offers
from partnership.directory.rules import life
from partnership.people.matching import best_first, searched
from partnership.people.models import Agency, Alias, Classification, NamedDuty, Site
from partnership.people.roles import Perm
from partnership.ui.listing import cut_page, page_number

PAGE_SIZE = 50
ORDERS = {"name": "name", "kind": "kind", "starts": "starts", "ends": "ends"}


@dataclass
class AgencyList:
    page: object
    order_by: str
    day: date
    past: bool
    closed_found: int = 0
    duty: str = ""
    offers: Offers | None = None

    @property
    def count(self):
        return self.page.paginator.count


@dataclass
class Found:
    """What a filter finds. rows: of the day, in order. any_day: the same without the day."""

    rows: object
    any_day: object
    order_by: str
    day: date
    duty: str = ""


def find(
    user, *, q="", kind="", areas=None, phase="", duty="", standing="", item="", lacks="", as_on=None, closed=False,
    order_by="name",
) -> Found:  # fmt: skip
    """Organisations that existed on `as_on` (None: today), or of all days with `closed`.

    areas: ids, or None for everywhere. standing: of `duty`, or of any. order_by: a key of ORDERS, with '-' for
    descending; else the best match of `q` first, or by name.
    """
    day = as_on or timezone.localdate()
    rows = searched(allowing(Agency, user, Perm.DIRECTORY_VIEW).filter(merged_into=None), q)
    if kind:
        rows = rows.filter(kind=kind)
    rows = in_areas(rows, areas)
    if phase:
        rows = rows.filter(of_phase(phase))
    if item:
        live = Classification.objects.on(day).filter(item_id=int(item))
        rows = rows.filter(pk__in=live.order_by().values("agency_id"))
    if duty and not standing:
        rows = rows.filter(standings.concerns(duty, day))
    if standing:
        rows = rows.filter(standings.standing(standing, day, duty))
    if lacks:
        rows = rows.filter(standings.lacks(lacks, day))
    any_day, rows = rows, rows if closed else rows.on(day)
    order_by = order_by if order_by.removeprefix("-") in ORDERS else "" if q.strip() else "name"
    rows = _in_order(rows, order_by) if order_by else best_first(rows, q)
    return Found(rows, any_day, order_by, day, duty)


def agencies(user, *, page=1, closed=False, **asked) -> AgencyList:
    """A page of what `find` finds. page: a number; what is none is 1.

    Each row carries `area_names`, `items` (numbers), `other_names`, `towns`, `life`, `state` (closed, to come) and,
    where a duty is asked for, `holders` and `standing`.
    """
    found = find(user, closed=closed, **asked)
    cut = _cut(found, page_number(page))
    total = cut.paginator.count
    for row in cut.object_list:
        dress(row, found)
    elsewhere = found.any_day.count() if not closed and not total else 0
    others = None if total else offers(user, found, asked.get("q", ""))
    past = found.day != timezone.localdate()
    return AgencyList(cut, found.order_by, found.day, past, elsewhere, found.duty, others)


def _cut(found, number):
    """A page with its total in one question; a second one beyond the last page."""
    total = Total(found.rows.order_by().values("pk"))
    rows = annotated(found).annotate(total=total)
    first = (number - 1) * PAGE_SIZE
    cut = list(rows[first : first + PAGE_SIZE])
    count = cut[0].total if cut else found.rows.order_by().count() if number > 1 else 0
    if not cut and count:
        number = -(-count // PAGE_SIZE)
        cut = list(rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE])
    return cut_page(cut, count, number if count else 1, PAGE_SIZE)


def annotated(found):
    """The rows with what the list shows of each, ready to be cut."""
    rows = found.rows.annotate(**_columns(found.day)).select_related("school")
    if found.duty:
        rows = rows.annotate(holder_rows=_holders(found.duty, found.day))
    return rows.defer("words", "note", "source", "website")


def dress(row, found):
    row.state, row.life = state_on(row, found.day), life(row.starts, row.ends, open_words="–")
    if found.duty:
        row.holders = [Holder.of(each) for each in row.holder_rows]
        named = [each for each in row.holders if not each.deputy] or row.holders
        row.standing = _standing(named)
        row.expected = how_expected(row.kind, found.duty, found.day) if not row.holders else None


@dataclass(frozen=True)
class Holder:
    """One who holds the duty that was asked for: name (empty: vacant), post, and how it stands."""

    name: str
    post: str
    standing: str
    deputy: bool = field(default=False)

    @classmethod
    def of(cls, row):
        if row["left"] or not row["name"]:
            return cls("", row["post"], "vacant", bool(row["deputy"]))
        return cls(row["name"], row["post"], "held" if row["active"] else "no sign-in", bool(row["deputy"]))


def _standing(holders):
    """'held', 'no sign-in' or 'vacant': the best that somebody makes it."""
    return next((word for word in ("held", "no sign-in") if word in {each.standing for each in holders}), "vacant")


def _holders(duty, day):
    facts = {
        "name": "holder__name",
        "post": "post",
        "active": "holder__is_active",
        "left": "holder__closed_at",
        "deputy": "deputy_for_id",
    }
    rows = NamedDuty.objects.on(day).filter(agency_id=OuterRef("pk"), kind=duty)
    return ArraySubquery(rows.order_by("starts", "pk").values(data=JSONObject(**facts)))


def state_on(row, day):
    if row.ends and row.ends <= day:
        return "closed"
    return "to come" if row.starts and row.starts > day else ""


def _in_order(rows, order_by):
    column = F(ORDERS[order_by.removeprefix("-")])
    first = column.desc(nulls_last=True) if order_by.startswith("-") else column.asc(nulls_last=True)
    return rows.order_by(first, "name", "pk")


def area_names():
    through = Agency.areas.through.objects.filter(agency_id=OuterRef("pk"))
    return ArraySubquery(through.order_by("area__name").values("area__name"))


def _columns(day):
    me = OuterRef("pk")
    names = Alias.objects.filter(agency_id=me).order_by("name")
    return {
        "area_names": area_names(),
        "items": ArraySubquery(
            Classification.objects.on(day).filter(agency_id=me).order_by("item_id").values("item_id").distinct()
        ),
        "other_names": ArraySubquery(names.filter(former=False).values("name")),
        "former_names": ArraySubquery(names.filter(former=True).values("name")),
        "towns": ArraySubquery(
            Site.objects.on(day).filter(agency_id=me).exclude(town="").order_by("town").values("town").distinct()
        ),
    }
