"""What an organisation says of its people: who they are, since when, that they left, which account is theirs, and what
they completed elsewhere."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from partnership.access import edits
from partnership.access.flow import Stale, lock
from partnership.trail.services import record
from training.models import Completion, Course, Learner
from training.people import services
from training.people.matching import found, key_of
from training.people.services import account_at, may_keep

WHY = "the service asked whether this organisation's people are the caller's to keep"
FACTS = ("name", "email", "role", "post", "manager_name", "manager_email", "began_on")
THERE = "Your organisation has this address already, for {}. Open that record, or check the address."
OF_ACCOUNT = "The address is that of their account, so it is changed in the account."
NO_ACCOUNT = "No account of your organisation has this address today."
BEFORE = "They cannot have left before their first day in post, {:%-d %B %Y}."
AHEAD = "Enter the day on which they completed it: it lies in the future."
TWICE = "This is on their record already: they completed {} on that day."


@transaction.atomic
def enter(agency, *, by, **facts) -> Learner:
    """Somebody new of an organisation. facts: of FACTS. Raises ValidationError where the address is known there
    already, PermissionDenied."""
    if not may_keep(by, agency):
        raise PermissionDenied("people.enter")
    if there := found(agency, facts.get("email", "")):
        raise ValidationError({"email": THERE.format(there.name)})
    who = {name: facts.pop(name) for name in ("name", "email", "role", "post") if name in facts}
    row = services.add(agency, by=by, **who)
    rest = {name: value for name, value in facts.items() if value}
    return edits.change(row, "learner_changed", by=by, version=row.version, facts=rest) if rest else row


@transaction.atomic
def change(row, *, by, version, **facts) -> Learner:
    """Put right what is recorded of somebody. Raises Stale, ValidationError, PermissionDenied."""
    _keeps(row, by)
    facts = {name: value for name, value in facts.items() if name in FACTS}
    facts["name"] = " ".join(facts["name"].split())
    if key_of(facts["email"]) != row.key:
        if row.user_id:
            raise ValidationError({"email": OF_ACCOUNT})
        there = found(row.agency, facts["email"])
        if there and there.pk != row.pk:
            raise ValidationError({"email": THERE.format(there.name)})
    facts["key"] = key_of(facts["email"])
    if row.left_on and facts["began_on"] and row.left_on < facts["began_on"]:
        raise ValidationError({"began_on": "This is after the day on which they left."})
    try:
        with transaction.atomic():
            return edits.change(row, "learner_changed", by=by, version=version, facts=facts)
    except IntegrityError:
        raise ValidationError({"email": THERE.format("somebody who was entered a moment ago")}) from None


@transaction.atomic
def left(row, *, by, version, on) -> Learner:
    """They work there no longer from the day `on`, or do after all (None). What they completed stays."""
    _keeps(row, by)
    if on and row.began_on and on < row.began_on:
        raise ValidationError({"left_on": BEFORE.format(row.began_on)})
    return edits.change(row, "learner_left" if on else "learner_back", by=by, version=version, facts={"left_on": on})


@transaction.atomic
def link(row, *, by) -> Learner:
    """Tie the account of this address, which belongs to the organisation today, to the record."""
    _keeps(row, by)
    row = lock(row)
    user = None if row.user_id else account_at(row.agency, row.email)
    if user is None or user.shared_address:
        raise ValidationError(NO_ACCOUNT)
    row.user, row.changed_by, row.changed_at = user, by, timezone.now()
    row.version += 1
    row.save(update_fields=["user", "version", "changed_by", "changed_at"])
    record("learner_tied", by=by, obj=row)
    return row


def how_of(course) -> str:
    """How a course counts that was not taken at an event."""
    online = course.kind == Course.Kind.E_LEARNING
    return Completion.How.E_LEARNING if online else Completion.How.SINGLE_AGENCY


@transaction.atomic
def completed(row, *, by, course, completed_on, provider="") -> Completion:
    """Record a course that they took elsewhere. Raises ValidationError, PermissionDenied."""
    _keeps(row, by)
    if completed_on > timezone.localdate():
        raise ValidationError({"completed_on": AHEAD})
    made, new = Completion.objects.unscoped(WHY).get_or_create(
        learner=row, course=course, completed_on=completed_on,
        defaults={
            "folder_id": row.folder_id, "agency_id": row.agency_id, "how": how_of(course), "hours": course.hours,
            "provider": provider.strip(), "said_by": by,
        },
    )  # fmt: skip
    if not new:
        raise ValidationError({"completed_on": TWICE.format(course)})
    record("completion_added", by=by, obj=made)
    return made


@transaction.atomic
def take_off(row, completion, *, by) -> None:
    """Take a completion off that was said by hand or by a file; one that was attended goes with its register."""
    _keeps(row, by)
    rows = Completion.objects.unscoped(WHY).select_for_update(of=("self",))
    found_row = rows.filter(pk=completion, learner=row, booking=None).first()
    if found_row is None:
        raise Stale("It is on the record no longer, or the register of an event says so.")
    record("completion_taken_off", by=by, folder_id=row.folder_id, learner=row.pk, completion=found_row.pk)
    found_row.delete()


def _keeps(row, by) -> None:
    if not may_keep(by, row.agency):
        raise PermissionDenied("people.keeping")
