"""What Home says of places on training: one's own offers and places, and offers to people whom one has booked."""

from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from partnership.access.reach import reach_of
from partnership.access.work import Work
from partnership.people.roles import Perm
from training.booking.wording import called
from training.models import Booking

S = Booking.Status
AHEAD = timedelta(days=28)


def work(user):
    """Offers that end: one's own, and of people without an account whom one has booked."""
    if not reach_of(user).holds(Perm.TRAINING_LIST):
        return
    mine = Q(learner__user=user) | Q(learner__user=None, booked_by=user)
    rows = Booking.objects.visible_to(user).filter(mine, status=S.OFFERED, event__starts_at__gt=timezone.now())
    for row in rows.select_related("event__course", "learner").order_by("offered_until"):
        whom = "you" if row.learner.user_id == user.pk else row.name
        yield Work(
            f"A place is offered to {whom}: {called(row.event)}", reverse("training:booking", args=[row.pk]),
            due_on=timezone.localdate(row.offered_until),
        )  # fmt: skip


def ahead(user):
    """One's own places in the next four weeks."""
    if not reach_of(user).holds(Perm.TRAINING_LIST):
        return
    now = timezone.now()
    rows = Booking.objects.visible_to(user).filter(
        learner__user=user, status=S.BOOKED, event__status="open", event__starts_at__gt=now,
        event__starts_at__lte=now + AHEAD,
    )  # fmt: skip
    for row in rows.select_related("event__course").order_by("event__starts_at"):
        yield Work(
            f"Training: {row.event.course.title}", reverse("training:booking", args=[row.pk]),
            due_on=timezone.localdate(row.event.starts_at), owed=False,
        )  # fmt: skip
