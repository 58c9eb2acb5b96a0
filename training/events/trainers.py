"""Who trains at an event. A row and its grant come and go together: somebody with an account is let into the event to
keep its register, until the rule's days after its end; a name alone is let in nowhere."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access.flow import lock
from partnership.access.models import ROLE_PREFIX, FolderGrant
from partnership.access.services import grant, revoke, shorten
from partnership.deadlines.periods import end_of_day
from partnership.people.models import User
from partnership.people.roles import Role
from partnership.trail.services import record
from training import rules
from training.catalogue.services import must_run
from training.models import Event, Trainer

REASON = "Trains at the event"
TWICE = "{} trains at this event already."
OVER = "This event is cancelled: nobody trains at it."


@transaction.atomic
def add(event, *, by, name, user=None, agency=None) -> Trainer:
    """Name a trainer; user: her account, which then keeps the register. Raises ValidationError for who is named already
    and for who can be let in nowhere.

    Whoever plans the event has its register anyway, so naming oneself gives no grant.
    """
    event = lock(event)
    must_run(event, by)
    if event.status == Event.Status.CANCELLED:
        raise ValidationError(OVER)
    same = event.trainers.filter(user=user) if user else event.trainers.filter(user=None, name__iexact=name)
    if same.exists():
        raise ValidationError({"name": TWICE.format(name)})
    row = Trainer(event=event, user=user, name=name.strip(), agency=agency)
    row.clean_fields(exclude=["event", "user", "agency"])
    row.save()
    record("trainer_added", by=by, obj=event, trainer=row.pk, user=user.pk if user else None)
    keep(event, by=by, about=user)
    return row


@transaction.atomic
def remove(trainer, *, by) -> None:
    """Take a trainer off an event, and out of its register."""
    event = lock(trainer.event)
    must_run(event, by)
    record("trainer_removed", by=by, obj=event, trainer=trainer.pk, user=trainer.user_id)
    trainer.delete()
    keep(event, by=by)


def keep(event, *, by, about=None) -> None:
    """Bring the grants on the event to what its trainers and its day say.

    Who cannot be let in (an account that is switched off, a conflict of interest) is passed over; for `about`, a User,
    that is a ValidationError naming `user`.
    """
    ends = end_of_day(rules.day_of(rules.TRAINER_ENDS, event.ends_at))
    wanted = set()
    if event.status != Event.Status.CANCELLED and ends > timezone.now():
        wanted = set(event.trainers.exclude(user=None).values_list("user_id", flat=True))
    for row in _grants(event):
        if row.user_id not in wanted:
            revoke(row, by=by)
        elif row.user_id == by.pk or row.ends == ends:  # nobody lets herself in, so hers stays as it is
            wanted.discard(row.user_id)
        elif row.ends is None or row.ends > ends:
            shorten(row, by=by, ends=ends)
            wanted.discard(row.user_id)
        else:
            revoke(row, by=by)
    for user in User.objects.filter(pk__in=wanted - {by.pk}).order_by("pk"):
        try:
            with transaction.atomic():
                grant(event.folder, user, Role.TRAINER, by=by, reason=REASON, ends=ends)
        except ValidationError:
            if user == about:
                raise


def _grants(event):
    rows = FolderGrant.objects.live().filter(
        content_object=event.pk, permission__codename=f"{ROLE_PREFIX}{Role.TRAINER}"
    )
    return rows.select_related("permission").order_by("pk")
