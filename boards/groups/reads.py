"""Facts about groups. They are published: every reader of a page of theirs sees the same."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.utils import timezone

from boards.groups.nearing import NEAR, REVIEW, TASK_ENDS, Nearing
from boards.groups.quorum import quorum_on
from boards.groups.rotation import chair_on, chairing, kept_agencies, rotation_on
from boards.meetings.reads import patterns_now
from boards.models import Arrangement, Decision, Group, Meeting, OtherBody, Rotation, Seat, Terms
from partnership.documents.reads import files

_RANK = {Seat.SeatRole.CHAIR: 0, Seat.SeatRole.VICE: 1, Seat.SeatRole.MEMBER: 2}


@dataclass
class Line:
    """A group in a list. above: the name of the group that it reports to. chairs: the organisation whose turn it is,
    where the chair goes round. terms: how its terms of reference stand for their review, of nearing; ends: its end.
    meets: how often it meets, of `today`."""

    group: Group
    above: str
    leads: list = field(default_factory=list)  # its chair and vice chair, as seats
    held: int = 0
    vacant: int = 0
    seats: list = field(default_factory=list)
    chairs: str = ""
    terms: str = ""
    ends: str = ""
    meets: str = ""

    @property
    def count(self) -> str:
        """How many seats, and of how many it is known who held them: of the past often of none."""
        seats = f"{len(self.seats)} seat{'s' if len(self.seats) > 1 else ''}"
        return f"{seats}, {self.held} with a name" if self.held else f"{seats}, no names entered"


def tree(day: date | None = None) -> list[Line]:
    """The groups of a day (today), each below the one that it reports to; the same questions however many there are."""
    day = day or timezone.localdate()
    rows = list(_meeting_on(day).select_related("folder", "arrangement"))
    here = {row.pk for row in rows}
    below = defaultdict(list)
    for row in rows:
        below[row.parent_id if row.parent_id in here else None].append(row)
    seats, whose, nearing = defaultdict(list), _turns_of(here, day), Nearing(TASK_ENDS, day)
    for seat in Seat.objects.on(day).filter(group__in=here).select_related("user", "agency"):
        seats[seat.group_id].append(seat)
    terms = _terms_of(here, day)

    def lines(above, name):
        for row in below[above]:
            mine = sorted((seat for seat in seats[row.pk] if seat.deputy_for_id is None), key=_order)
            held = [seat for seat in mine if seat.user_id]
            leads = [seat for seat in held if seat.role in Seat.LEADS]
            yield Line(
                row, name, leads, len(held), len(mine) - len(held), mine, whose.get(row.pk, ""), terms.get(row.pk, ""),
                nearing.of(row.last_day) if row.kind == Group.Kind.TASK else "",
            )  # fmt: skip
            yield from lines(row.pk, row.name)

    return list(lines(None, ""))


def today(user) -> list[Line]:
    """The tree of today. A group that does not say how often it meets is shown by the pattern of its series, to who may
    see its meetings."""
    lines = tree()
    said = patterns_now(user, [line.group.pk for line in lines if not line.group.meets])
    for line in lines:
        line.meets = line.group.meets or said.get(line.group.pk, "")
    return lines


def _meeting_on(day):
    """Groups that there were on a day; one whose first day is not known began with its arrangement."""
    begun = Q(starts__isnull=False) | Q(arrangement=None) | Q(arrangement__starts=None)
    return Group.objects.on(day).filter(begun | Q(arrangement__starts__lte=day))


def _turns_of(groups, day) -> dict:
    """group id -> the name of the organisation whose turn it is to chair."""
    rows = [(row.group_id, chair_on(row, day)) for row in Rotation.objects.on(day).filter(group__in=groups)]
    names = kept_agencies({turn.agency_id for _, turn in rows if turn})
    return {pk: names[turn.agency_id].name for pk, turn in rows if turn}


def _terms_of(groups, day) -> dict:
    """group id -> how the terms in force stand for their review (nearing.OVERDUE, NEAR)."""
    nearing = Nearing(REVIEW, day)
    rows = Terms.objects.filter(group__in=groups, in_force_from__lte=day).order_by("group", "number")
    newest = {row.group_id: row for row in rows.only("group", "number", "review_on")}
    return {pk: nearing.of(row.review_on) for pk, row in newest.items()}


@dataclass
class Earlier:
    """Groups that have ended, or are to begin: those of one arrangement, or (None) of none."""

    arrangement: Arrangement | None
    groups: list

    @property
    def title(self) -> str:
        return self.arrangement.name if self.arrangement else "Of no arrangements"


def former() -> list[Earlier]:
    """Groups that are none of today's, by arrangement, the latest first; those of none come first."""
    today = timezone.localdate()
    rows = Group.objects.exclude(pk__in=_meeting_on(today).values("pk")).select_related("folder", "arrangement")
    found = defaultdict(list)
    for row in rows.order_by("folder__title", "pk"):
        found[row.arrangement].append(row)
    latest = sorted(found, key=lambda each: each.starts if each and each.starts else date.max, reverse=True)
    return [Earlier(each, found[each]) for each in latest]


def arrangements():
    return Arrangement.objects.order_by("-starts", "name")


def in_force(day) -> list:
    return list(Arrangement.objects.on(day).order_by("-starts", "name"))


def vacant(*, group=None):
    """The seats of today's groups that nobody holds, deputies' apart: a queryset in the order of the groups."""
    rows = Seat.objects.live().filter(user=None, deputy_for=None, group__in=_meeting_on(timezone.localdate()))
    if group is not None:
        rows = rows.filter(group=group)
    return rows.select_related("group__folder", "agency").order_by("group__folder__title", "role", "post", "pk")


def today_groups():
    return _meeting_on(timezone.localdate()).select_related("folder").order_by("folder__title")


@dataclass
class OnDay:
    """What stood on one day. lines: the groups with their seats, each with `met`: the meetings of that day that the
    reader may see, or of its month where the source of a meeting gives no more."""

    day: date
    arrangements: list
    lines: list


def on_day(user, day: date) -> OnDay:
    lines = tree(day)
    met = defaultdict(list)
    month = {"starts_at__year": day.year, "starts_at__month": day.month}
    rows = Meeting.objects.visible_to(user).filter(
        Q(starts_at__date=day) | Q(month_only=True, **month),
        status=Meeting.Status.HELD,
        group__in=[line.group.pk for line in lines],
    )
    for row in rows.order_by("starts_at", "pk"):
        met[row.group_id].append(row)
    for line in lines:
        line.met = met[line.group.pk]
    return OnDay(day, in_force(day), lines)


@dataclass
class Places:
    """Who sits on a group on a day. held, vacant: seats, each with its deputies as `stands_in`."""

    held: list
    vacant: list
    coming: list
    earlier: list


def places(group, *, day: date | None = None) -> Places:
    """The seats of a group on `day` (today); one query."""
    today = day or timezone.localdate()
    rows = sorted(Seat.objects.filter(group=group).select_related("user", "agency"), key=_order)
    now = [row for row in rows if (not row.starts or row.starts <= today) and (not row.ends or row.ends > today)]
    deputies = defaultdict(list)
    for row in now:
        deputies[row.deputy_for_id].append(row)
    for row in now:
        row.stands_in = deputies[row.pk]
    sit = deputies[None]
    return Places(
        held=[row for row in sit if row.user_id],
        vacant=[row for row in sit if not row.user_id],
        coming=[row for row in rows if row.starts and row.starts > today],
        earlier=sorted((row for row in rows if row.ends and row.ends <= today), key=lambda row: row.ends, reverse=True),
    )


def _order(seat):
    return _RANK[seat.role], seat.of if "agency" in seat._state.fields_cache else "", seat.post, str(seat.pk)


@dataclass
class Workings:
    """How a group works on a day. terms: the version in force; review: how it stands for its review (nearing).
    rule: a quorum.Rule; chairing: a rotation.Chairing; behind: whether a seat of another organisation still chairs than
    the one whose turn it is. near_end: whether a task and finish group ends soon."""

    below: list
    followed_by: list
    terms: Terms | None
    review: str
    rule: object
    chairing: object
    behind: bool
    others: list
    near_end: bool


def workings(group, places, day) -> Workings:
    """places: who sits on it on that day. Nine questions at most."""
    rotation, terms = rotation_on(group, day), terms_on(group, day)
    said = chairing(rotation, day) if rotation else None
    chairs = [seat for seat in places.held if seat.role == Seat.SeatRole.CHAIR]
    return Workings(
        below=list(_meeting_on(day).filter(parent=group).select_related("folder").order_by("folder__title")),
        followed_by=list(group.followed_by.select_related("folder").order_by("folder__title")),
        terms=terms,
        review=Nearing(REVIEW).of(terms.review_on) if terms else "",
        rule=quorum_on(group, day),
        chairing=said,
        behind=bool(said and said.now and chairs and all(seat.agency_id != said.who.pk for seat in chairs)),
        others=list(OtherBody.objects.on(day).filter(group=group)),
        near_end=group.kind == Group.Kind.TASK and Nearing(TASK_ENDS).of(group.last_day) == NEAR,
    )


def terms_on(group, day) -> Terms | None:
    return Terms.objects.filter(group=group, in_force_from__lte=day).order_by("-number").first()


def review_of(versions, today) -> str:
    """How the version in force stands for its review (nearing). versions: of `versions_of`."""
    now = next((each.row for each in versions if each.row.in_force_from <= today), None)
    return Nearing(REVIEW, today).of(now.review_on) if now else ""


@dataclass
class TermsVersion:
    """A version of terms of reference as `user` may read it. file: a documents.reads.File or None; kept_apart: it is a
    document that this reader has no access to. decision: that approved it, for who may see it."""

    row: Terms
    file: object
    kept_apart: bool
    decision: object


def versions_of(user, group) -> list[TermsVersion]:
    """All versions, the newest first; the same questions however many."""
    rows = list(Terms.objects.filter(group=group).order_by("-number"))
    found = files(user, documents={row.document_id for row in rows if row.document_id})
    by_document = {each.version.document_id: each for each in found}
    decisions = (
        Decision.objects.visible_to(user)
        .select_related("meeting")
        .in_bulk({row.decision_id for row in rows if row.decision_id})
    )
    return [
        TermsVersion(
            row,
            by_document.get(row.document_id),
            bool(row.document_id) and row.document_id not in by_document and not row.words,
            decisions.get(row.decision_id),
        )
        for row in rows
    ]


def ended():
    """The folders of the groups that meet no more."""
    return Group.objects.filter(ends__lte=timezone.localdate()).values_list("pk", flat=True)
