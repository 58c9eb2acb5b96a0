"""Certificates: issued once they are earned, revoked, issued anew on a corrected name. Each is frozen as it was."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access.flow import Stale, lock
from partnership.access.rows import can
from partnership.deadlines.periods import add_months
from partnership.people.roles import Perm
from partnership.trail.services import record
from training.certificates.codes import new_code
from training.certificates.notices import tell_issued
from training.models import Booking, Certificate, Completion, Evaluation, Event

WHY = "the service keeps the certificates of a booking whose event or row its caller holds"
# Of the portal's own revocations: whoever turns out to have attended after all gets another one by itself.
NOT_ATTENDED = "The register was corrected: it does not say any more that this person attended."
REPLACED = "It was issued anew on a corrected name."
REVOKED = "This certificate was revoked already, so nothing was changed."
SAME = "This is the name that the certificate bears. Enter the name as it should be."


@transaction.atomic
def issue_if_earned(booking, *, by=None) -> Certificate | None:
    """The certificate of a booking in force, issued now where it is earned: the register is complete and says that the
    person attended, and an evaluation at the end that was asked for is answered. None where it is not, and where
    somebody revoked it with a reason of their own. Safe to repeat; call it whenever one of these has changed.
    """
    row = lock(booking)
    newest = Certificate.objects.unscoped(WHY).filter(booking=row).order_by("-issued_at").first()
    if newest is not None and (newest.revoked_at is None or newest.why_revoked != NOT_ATTENDED):
        return newest if newest.revoked_at is None else None
    event = Event.objects.select_related("course").get(pk=row.event_id)
    return _issued(row, event, by) if _earned(row, event) else None


def _earned(row, event) -> bool:
    if event.status != Event.Status.DELIVERED or row.attended not in Booking.CAME:
        return False
    # Whoever left early completed the course where the register says so, by a row of its own.
    stayed = row.attended != Booking.Attended.LEFT_EARLY
    if not stayed and not Completion.objects.unscoped(WHY).filter(booking=row).exists():
        return False
    asked = Evaluation.objects.unscoped(WHY).filter(booking=row, stage=Evaluation.Stage.END, answered_at=None)
    return not asked.exists()


def _issued(row, event, by) -> Certificate:
    day, months = timezone.localdate(event.ends_at), event.course.refresh_months
    made = Certificate.objects.create(
        folder_id=row.folder_id, agency_id=row.agency_id, learner_id=row.learner_id, booking=row, code=new_code(),
        name=row.name, title=event.course.title, hours=event.course.hours, completed_on=day,
        expires_on=add_months(day, months) if months else None,
    )  # fmt: skip
    record("certificate_issued", by=by, obj=made)
    tell_issued(made)
    return made


@transaction.atomic
def take_back(booking, *, by) -> None:
    """Revoke the certificate of a booking whose register says no longer that the person attended."""
    rows = Certificate.objects.unscoped(WHY).select_for_update(of=("self",))
    for row in rows.filter(booking=booking, revoked_at=None):
        _revoked(row, by, NOT_ATTENDED)


@transaction.atomic
def revoke(certificate, *, by, why) -> Certificate:
    """Revoke it, with a reason that the person and their organisation read. Raises ValidationError, Stale."""
    row = _held(certificate, by)
    if not why.strip():
        raise ValidationError({"why": "Say why it is revoked: the person and their organisation read it."})
    return _revoked(row, by, why.strip())


@transaction.atomic
def reissue(certificate, *, by, name) -> Certificate:
    """The same certificate on another name; the old one says that it was replaced. Raises ValidationError, Stale."""
    row = _held(certificate, by)
    name = " ".join(name.split())
    if not name or name == row.name:
        raise ValidationError({"name": SAME})
    _revoked(row, by, REPLACED)
    same = ("folder_id", "agency_id", "learner_id", "booking_id", "title", "hours", "completed_on", "expires_on")
    new = Certificate.objects.create(
        **{field: getattr(row, field) for field in same}, code=new_code(), name=name, instead_of=row
    )
    record("certificate_reissued", by=by, obj=new, instead_of=row.pk)
    tell_issued(new)
    return new


def _held(certificate, by) -> Certificate:
    row = lock(certificate)
    if not can(by, Perm.TRAINING_RUN, row):
        raise PermissionDenied("certificate")
    if row.revoked_at:
        raise Stale(REVOKED)
    return row


def _revoked(row, by, why) -> Certificate:
    row.revoked_at, row.revoked_by, row.why_revoked = timezone.now(), by, why
    row.save(update_fields=["revoked_at", "revoked_by", "why_revoked"])
    record("certificate_revoked", by=by, obj=row)
    return row
