"""The chair goes on to the next organisation: who is told before, and how it is handed over."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from boards.groups import services
from boards.groups.nearing import HAND_OVER, NEAR, Nearing
from boards.groups.rotation import chairing, next_turn, rotation_on
from boards.groups.writing import holding, must_keep
from boards.models import Group, Rotation, Seat
from partnership.access.flow import Stale
from partnership.notify.kinds import NoticeKind, register
from partnership.notify.telling import Told, tell
from partnership.people.models import Agency, Membership
from partnership.people.roles import Perm, roles_with
from partnership.trail.services import record
from partnership.ui.dates import plain

PASSES = "chair_passes"


@dataclass(frozen=True)
class Offer:
    """starts: from when on. agency: whose turn it then is, None where the chair does not go round. chairs: the seats
    that chair until then. seats: those that could chair, a queryset."""

    starts: date
    agency: Agency | None
    chairs: list
    seats: object


def offer(group, today) -> Offer:
    """Who could chair next. Where the turn of an organisation has begun and another's seat still chairs, it is that
    turn's, from today on; else it is the next one's, from its first day on."""
    rotation = rotation_on(group, today)
    said = chairing(rotation, today) if rotation else None
    on = (
        Seat.objects.on(today).filter(group=group, deputy_for=None, user__isnull=False).select_related("user", "agency")
    )
    chairs = list(on.filter(role=Seat.SeatRole.CHAIR))
    starts, agency = today, None
    if said:
        due = said.now and all(seat.agency_id != said.who.pk for seat in chairs)
        agency = said.who if due or not said.then else said.who_next
        starts = today if due or not said.then else said.then.starts
    rows = on.filter(standing=Seat.Standing.MEMBER).exclude(voting=Seat.Voting.NO).exclude(role=Seat.SeatRole.CHAIR)
    return Offer(
        starts, agency, chairs, (rows.filter(agency=agency) if agency else rows).order_by("agency__name", "post")
    )


@transaction.atomic
def hand_over(group, *, by, to, starts):
    """`to`, a seat, chairs from `starts` on, and who chaired until then is a member. Both keep their seats; the rows
    before end, so that who chaired on an earlier day stays known."""
    must_keep(by)
    group = holding(group)
    seats = Seat.objects.on(starts).filter(group=group, deputy_for=None)
    taker = seats.filter(pk=to.pk, user__isnull=False).first()
    if taker is None:
        raise Stale("This seat has another holder meanwhile. Open the group’s page again.")
    if taker.standing != Seat.Standing.MEMBER:
        raise ValidationError({"to": "Whoever observes or advises does not chair. Choose a member’s seat."})
    for seat in seats.filter(role=Seat.SeatRole.CHAIR).exclude(pk=taker.pk):
        services.change_role(seat, by=by, role=Seat.SeatRole.MEMBER, starts=starts)
    row = services.change_role(taker, by=by, role=Seat.SeatRole.CHAIR, starts=starts)
    record("chair_handed_over", by=by, obj=group, user=row.user_id, starts=starts.isoformat())
    return row


def remind(today=None) -> int:
    """Tell those who chair, those of the next organisation and the business unit that the chair passes on, once each;
    returns how many were told. Asked again and again by the sweep."""
    today = today or timezone.localdate()
    nearing, told = Nearing(HAND_OVER, today), []
    live = Group.objects.on(today)
    for rotation in Rotation.objects.on(today).filter(group__in=live):
        turn = next_turn(rotation, today)
        if turn is None or nearing.of(turn.starts) != NEAR:
            continue
        agency = chairing(rotation, today).who_next
        key = f"{PASSES}:{rotation.group_id}:{turn.starts}:{agency.pk}"
        data = {"on": turn.starts.isoformat(), "agency": str(agency.pk)}
        people = _whom(rotation.group_id, agency, today)
        told += [Told(key, pk, rotation.group_id, None, data) for pk in people]
    return tell(PASSES, told)


def _whom(group_id, agency, today) -> set:
    seats = Seat.objects.on(today).filter(group=group_id, user__is_active=True)
    chairs = seats.filter(role=Seat.SeatRole.CHAIR, deputy_for=None)
    unit = Membership.objects.on(today).filter(role__in=roles_with(Perm.GROUP_EDIT), agency=None, user__is_active=True)
    people = set(chairs.values_list("user_id", flat=True)) | set(unit.values_list("user_id", flat=True))
    return people | set(seats.filter(agency=agency).values_list("user_id", flat=True))


def _describe(notices, user):
    """{notice's id: sentence}; the groups are published, so each reader is told the same."""
    rows = Group.objects.select_related("folder").in_bulk([each.subject_id for each in notices])
    agencies = Agency.objects.in_bulk({each.data["agency"] for each in notices})
    agencies = {str(pk): row.name for pk, row in agencies.items()}
    return {
        each.pk: f"The chair of {rows[each.subject_id].name} passes to {agencies[each.data['agency']]} on "
        f"{plain(date.fromisoformat(each.data['on']))}."
        for each in notices
        if each.subject_id in rows
    }


def _next_turns(groups) -> dict:
    """group id -> Chairing, of those whose chair goes on."""
    today = timezone.localdate()
    found = {}
    for row in Rotation.objects.on(today).filter(group__in=groups):
        said = chairing(row, today)
        if said.then:
            found[row.group_id] = said
    return found


def _still_wanted(notices):
    turns = _next_turns({each.subject_id for each in notices})
    return {
        each.pk
        for each in notices
        if each.subject_id in turns and each.data.get("on") == turns[each.subject_id].then.starts.isoformat()
    }


def register_notices():
    register(
        NoticeKind(
            PASSES, "The chair of a group passes on", Group, Perm.GROUP_VIEW, _describe,
            lambda notice: reverse("boards:group", args=[notice.subject_id]), still_wanted=_still_wanted,
        )
    )  # fmt: skip
