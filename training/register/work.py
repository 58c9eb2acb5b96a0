"""What Home tells of registers: a trainer of those that are not complete and of the next events, the unit how many."""

from django.urls import reverse
from django.utils import timezone

from partnership.access.reach import reach_of
from partnership.access.work import Work
from partnership.people.roles import Perm
from partnership.ui.dates import clock_time
from training.register import reads

AHEAD = 3


def work(user):
    """A register is owed from the end of its event on; the unit hears of it from the day after."""
    reach = reach_of(user)
    if not reach.holds(Perm.REGISTER_KEEP):
        return
    over = reads.to_complete(user)
    for event in over.filter(trainers__user=user):
        yield Work(
            "Complete the register", reverse("training:register", args=[event.pk]), event.course.title,
            due_on=timezone.localdate(event.ends_at), folder_id=event.pk, perm=Perm.REGISTER_KEEP,
        )  # fmt: skip
    if reach.holds(Perm.TRAINING_RUN):
        today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        many = over.filter(ends_at__lt=today).exclude(trainers__user=user).count()
        if many:
            words = f"{many} register{'' if many == 1 else 's'} of past events not complete"
            yield Work(words, reverse("training:registers"), perm=Perm.TRAINING_RUN)


def ahead(user):
    """The next events at which this person trains."""
    if not reach_of(user).holds(Perm.REGISTER_KEEP):
        return
    for event in reads.mine(user).filter(
        trainers__user=user, status="open", starts_at__gt=timezone.now()
    ).order_by("starts_at")[:AHEAD]:  # fmt: skip
        local = timezone.localtime(event.starts_at)
        yield Work(
            f"You train: {event.course.title}", reverse("training:register", args=[event.pk]), due_on=local.date(),
            note=f"{clock_time(local)}, {event.booked} booked",
        )  # fmt: skip
