"""The reports: duties without a holder, holders without a sign-in, and the gaps of an area in numbers and words."""

from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import CharField, Count, F, Q, Value
from django.utils import timezone

from partnership.access.rows import allowing
from partnership.directory.areas.tree import in_areas
from partnership.directory.gaps import standing
from partnership.directory.gaps.expected import grouped, how_expected
from partnership.directory.joining.asking import asked_since_a_week
from partnership.directory.joining.reads import invited_on
from partnership.directory.listing.filters import NOUNS, of_phase
from partnership.people.models import Agency, AgencyKind, DutyKind, NamedDuty
from partnership.people.roles import Perm
from partnership.ui.listing import page_number

PAGE_SIZE = 50


def _agencies(user, perm, day, *, kind="", areas=None, phase=""):
    rows = allowing(Agency, user, perm).on(day)
    if kind:
        rows = rows.filter(kind=kind)
    rows = in_areas(rows, areas)
    return rows.filter(of_phase(phase)) if phase else rows


@dataclass
class Vacancy:
    """A duty that nobody holds: expected of the organisation (`expected` says how), or standing open in its list."""

    agency: object
    name: str
    kind: str
    duty: DutyKind
    post: str = ""
    expected: object = None
    asked: object = None  # when who holds it was asked last, within a week


def vacancies(user, *, duty="", page=1, **where):
    """A Django page of Vacancy of the organisations whose people `user` keeps, by name; five questions at most."""
    day = timezone.localdate()
    base = _agencies(user, Perm.COLLEAGUES, day, **where)
    parts = []
    for kinds, of in grouped(day).items():
        if not duty or kinds[0] == duty:
            rows = base.filter(standing.lacking(kinds, of, day)).order_by()
            code = Value(kinds[0], output_field=CharField())
            parts.append(rows.annotate(a=F("pk"), n=F("name"), k=F("kind"), d=code).values_list("a", "n", "k", "d"))
    rows = _open_unexpected(base, day, duty)
    named = {"a": F("agency_id"), "n": F("agency__name"), "k": F("agency__kind"), "d": F("kind")}
    parts.append(rows.annotate(**named).values_list("a", "n", "k", "d").distinct())
    found = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    cut = _page(found.order_by("n", "a", "d"), page)
    posts = _posts(cut.object_list, day)
    asked = asked_since_a_week({row[0] for row in cut.object_list})
    cut.object_list = [
        Vacancy(
            a, n, AgencyKind(k).label, DutyKind(d), posts.get((a, d), ""), how_expected(k, d, day), asked.get((a, d))
        )
        for a, n, k, d in cut.object_list
    ]
    return cut


def _open_unexpected(base, day, duty=""):
    """Duties that stand vacant in the list of an organisation of `base`, though nothing expects them of its kind."""
    expected = Q(pk__in=[])
    for kinds, of in grouped(day).items():
        expected |= Q(kind=kinds[0], agency__kind__in=of)
    rows = standing.open_rows(day, duty).exclude(expected)
    return rows.filter(agency__in=base.order_by().values("pk")).order_by()


def _posts(rows, day):
    """(organisation, duty) -> the post that carries a duty which stands open."""
    agencies = {row[0] for row in rows}
    found = standing.duties(day).filter(agency__in=agencies, holder=None).exclude(post="")
    return {(agency, kind): post for agency, kind, post in found.values_list("agency_id", "kind", "post")}


def unreachable(user, *, duty="", page=1, **where):
    """A Django page of the NamedDuty rows whose holder cannot sign in, of the organisations whose people one keeps.

    Each carries `invited`: when an invitation there went to its holder last that is still open; or None.
    """
    day = timezone.localdate()
    base = _agencies(user, Perm.COLLEAGUES, day, **where)
    rows = standing.without_sign_in(NamedDuty.objects.on(day)).filter(agency__in=base.order_by().values("pk"))
    rows = rows.filter(kind=duty) if duty else rows
    cut = _page(rows.select_related("agency", "holder").order_by("agency__name", "kind", "pk"), page)
    cut.object_list = list(cut.object_list)
    sent = invited_on(user, {row.holder_id for row in cut.object_list})
    for row in cut.object_list:
        row.invited = sent.get((row.holder_id, row.agency_id))
    return cut


def _page(rows, number):
    return Paginator(rows, PAGE_SIZE).get_page(page_number(number))


COLUMNS = {
    "vacant": ("A duty without a holder", {"standing": standing.VACANT}),
    "nosignin": ("A holder without a sign-in", {"standing": standing.NO_SIGN_IN}),
    "case": ("No case contact", {"lacks": "case"}),
    "cover": ("No cover while closed", {"lacks": "cover"}),
    "agreement": ("No sharing agreement in date", {"lacks": "agreement"}),
    "contact": ("No contact", {"lacks": "contact"}),
}


@dataclass(frozen=True)
class Number:
    """A number of the table with the list that it counts."""

    label: str
    count: int
    query: str


@dataclass(frozen=True)
class GapsOfKind:
    noun: str
    total: Number
    numbers: list


@dataclass(frozen=True)
class Gaps:
    """vacant: how many duties that are expected have no holder. more: how many others stand vacant all the same."""

    kinds: list
    sentences: list
    total: int
    vacant: int
    more: int

    @property
    def in_report(self):
        """How many the report of duties without a holder counts, for whoever sees it of all organisations."""
        return self.vacant + self.more


def gaps(user, *, area="", areas=None) -> Gaps:
    """How many organisations of an area (None: of all) lack what, by kind, in three questions.

    Each number is counted by the very condition of the list that it leads to.
    """
    day = timezone.localdate()
    conditions = {
        "vacant": standing.standing(standing.VACANT, day),
        "nosignin": standing.standing(standing.NO_SIGN_IN, day),
    } | {code: standing.lacks(code, day) for code in ("case", "cover", "agreement", "contact")}
    base = _agencies(user, Perm.DIRECTORY_VIEW, day, areas=areas)
    counts = {f"n_{code}": Count("pk", filter=rule) for code, rule in conditions.items()}
    rows = {row["kind"]: row for row in base.order_by().values("kind").annotate(total=Count("pk"), **counts)}
    kinds = [_of_kind(kind, rows[kind], area) for kind in AgencyKind.values if kind in rows]
    vacant = _expected_and_vacant(base, day)
    more = _open_unexpected(base, day).values("agency_id", "kind").distinct().count()
    total = sum(row["total"] for row in rows.values())
    return Gaps(kinds, _sentences(rows, vacant), total, sum(vacant.values()), more)


def _of_kind(kind, row, area):
    def number(label, count, **filters):
        asked = {"kind": kind, "area": area, **filters}
        return Number(label, count, urlencode({name: value for name, value in asked.items() if value}))

    numbers = [number(label, row[f"n_{code}"], **filters) for code, (label, filters) in COLUMNS.items()]
    return GapsOfKind(NOUNS[kind], number("Organisations", row["total"]), numbers)


def _expected_and_vacant(base, day):
    """duty -> how many organisations are expected to have it and name nobody; in one question."""
    counts = {}
    for number, (kinds, of) in enumerate(grouped(day).items()):
        counts[f"n{number}"] = Count("pk", filter=standing.lacking(kinds, of, day))
    found = base.order_by().aggregate(**counts)
    vacant = Counter()  # one duty may be expected of several kinds, each with its own ways to fill it
    for number, kinds in enumerate(grouped(day)):
        vacant[kinds[0]] += found[f"n{number}"]
    return +vacant


def _sentences(rows, vacant):
    total = sum(row["total"] for row in rows.values())
    if not total:
        return ["No organisation is recorded here."]
    named = sorted(vacant.items(), key=lambda pair: -pair[1])
    said = [f"{_many(total)} {'is' if total == 1 else 'are'} recorded here."]
    if named:
        worst = ", ".join(f"{DutyKind(duty).label.lower()} ({count})" for duty, count in named[:3])
        every = sum(vacant.values())
        verb = "duty that is expected has" if every == 1 else "duties that are expected have"
        said.append(f"{every:,} {verb} no holder; most often missing: {worst}.")
    else:
        said.append("Every duty that is expected has a holder.")
    for code, (one, many) in {
        "nosignin": ("has a duty whose holder cannot sign in", "have a duty whose holder cannot sign in"),
        "contact": ("has no contact", "have no contact"),
        "agreement": (
            "has no sharing agreement, or one past its review date",
            "have no sharing agreement, or one past its review date",
        ),
    }.items():
        count = sum(row[f"n_{code}"] for row in rows.values())
        if count:
            said.append(f"{_many(count)} {one if count == 1 else many}.")
    return said


def _many(count):
    return f"{count:,} organisation{'' if count == 1 else 's'}"
