"""Naming an assistant, and ending it: by the member, by the assistant, and by the portal when the reason is gone. What
they may open follows by `boards.groups.grants.keep`."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from boards.calling.assisting import of_today
from boards.groups.grants import keep
from boards.models import Assistant, Group, Seat
from partnership.access.flow import lock
from partnership.access.open_work import Held
from partnership.people.models import Membership, User
from partnership.people.services import near_cases
from partnership.trail.services import record

NO_SEAT = "You sit on no group, so there is nothing to assist with."
NOT_HERE = "{} does not belong to your organisation today, or cannot be let in. Choose a colleague."
ALREADY = "{} assists you already."


def seats_held():
    """The seats that somebody holds today or later, deputies' apart."""
    running = Q(ends=None) | Q(ends__gt=timezone.localdate())
    return Seat.objects.filter(running, user__isnull=False, deputy_for=None)


def may_assist(member):
    """The colleagues of a member who may assist her: a sign-in of their own, and near cases."""
    here = Membership.objects.live().filter(user=member, agency__isnull=False).values("agency")
    there = Membership.objects.live().filter(agency__in=here).values("user")
    people = User.objects.filter(pk__in=there, is_active=True, shared_address=False, suspended_at=None)
    return near_cases(people).exclude(pk=member.pk)


@transaction.atomic
def name_assistant(member, *, assistant, ends=None) -> Assistant:
    """A member of groups names a colleague, until `ends` (the first day no longer). Raises ValidationError."""
    if not seats_held().filter(user=member).exists():
        raise ValidationError(NO_SEAT)
    if not may_assist(member).filter(pk=assistant.pk).exists():
        raise ValidationError({"assistant": NOT_HERE.format(assistant.name)})
    if ends and ends <= timezone.localdate():
        raise ValidationError({"ends": "The last day must not be before today."})
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=member.pk)  # two windows at once
    if Assistant.objects.live().filter(member=member, assistant=assistant).exists():
        raise ValidationError({"assistant": ALREADY.format(assistant.name)})
    row = Assistant.objects.create(member=member, assistant=assistant, ends=ends)
    record("assistant_named", by=member, obj=row, user=assistant.pk)
    _follow(member, by=member)
    return row


@transaction.atomic
def end(row, *, by) -> Assistant:
    """The member or the assistant ends it, today. by None: the portal."""
    row = lock(row)
    if by is not None and by.pk not in (row.member_id, row.assistant_id):
        raise PermissionDenied("assistant.end")
    today = timezone.localdate()
    if row.ends and row.ends <= today:
        return row
    row.ends = today
    row.save(update_fields=["ends"])
    record("assistant_ended", by=by, obj=row, user=row.assistant_id)
    _follow(row.member, by=by)
    return row


def _follow(member, *, by):
    groups = seats_held().filter(user=member).values("group")
    rows = Group.objects.select_for_update(of=("self",)).select_related("folder").filter(pk__in=groups)
    for group in rows.order_by("pk"):
        keep(group, by=by)


def sweep() -> int:
    """End what has lost its reason: a member without a seat, two who belong to no organisation together any more."""
    right = of_today().filter(member__in=seats_held().values("user"))
    over = list(Assistant.objects.live().exclude(pk__in=right.values("pk")).order_by("pk"))
    for row in over:
        end(row, by=None)
    return len(over)


def held_by(user):
    """For a leaving: it ends with it, on either side."""
    rows = Assistant.objects.live().filter(Q(member=user) | Q(assistant=user)).select_related("member", "assistant")
    for row in rows.order_by("pk"):
        other = row.assistant if row.member_id == user.pk else row.member
        yield Held(
            key=f"assistant:{row.pk}",
            what=f"Assistance {'by' if row.member_id == user.pk else 'to'} {other.name}"[:200],
            candidates=lambda by: None,
            hand_over=_is_not_handed_over,
            must_hand_over=False,
            vacate=lambda *, by, row=row: end(row, by=None),
            vacant="Ends with the leaving",
        )


def _is_not_handed_over(to, *, by):
    raise PermissionDenied("assistant.hand_over")
