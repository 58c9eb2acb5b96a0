"""Certificates: issued once they are earned, revoked, issued anew on a corrected name. Each is frozen as it was."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access.flow import Stale, lock
from partnership.access.rows import can
from partnership.deadlines.periods import add_months
from partnership.people.roles import Perm
from partnership.trail.services import record, record_each
from training.certificates.codes import new_code
from training.certificates.notices import tell_issued
from training.models import Booking, Certificate, Completion, Evaluation, Event

WHY = "the service keeps the certificates of a booking whose event or row its caller holds"
# Of the portal's own revocations: whoever turns out to have attended after all gets another one by itself.
NOT_ATTENDED = "The register was corrected: it does not say any more that this person attended."
REPLACED = "It was issued anew on a corrected name."
REVOKED = "This certificate was revoked already, so nothing was changed."
SAME = "This is the name that the certificate bears. Enter the name as it should be."


def issue_if_earned(booking, *, by=None) -> Certificate | None:
    """`issue_each` of one."""
    return issue_each([booking], by=by).get(booking.pk)


@transaction.atomic
def issue_each(bookings, *, by=None) -> dict:
    """Booking id -> its certificate in force, issued now where it is earned: the register is complete and says that the
    person attended, and an evaluation at the end that was asked for is answered. Nothing where it is not, and where
    somebody revoked it with a reason of their own. Safe to repeat; call it whenever one of these has changed. A few
    questions, however many there are.
    """
    rows = Booking.objects.unscoped(WHY).select_related("event__course").select_for_update(of=("self",))
    rows = list(rows.filter(pk__in=[row.pk for row in bookings]).order_by("pk"))
    had = Certificate.objects.unscoped(WHY).filter(booking__in=rows).order_by("booking_id", "-issued_at")
    newest = {row.booking_id: row for row in had.distinct("booking_id")}
    open_to = [row for row in rows if row.pk not in newest or newest[row.pk].why_revoked == NOT_ATTENDED]
    made = _issued(_earned(open_to), by)
    return {row.booking_id: row for row in (*newest.values(), *made) if row.revoked_at is None}


def _earned(rows) -> list[Booking]:
    asked = Evaluation.objects.unscoped(WHY).filter(booking__in=rows, stage=Evaluation.Stage.END, answered_at=None)
    silent = set(asked.values_list("booking_id", flat=True))
    rows = [row for row in rows if row.event.status == Event.Status.DELIVERED and row.pk not in silent]
    # Whoever left early completed the course where the register says so, by a row of its own.
    early = [row.pk for row in rows if row.attended == Booking.Attended.LEFT_EARLY]
    stayed = set(Completion.objects.unscoped(WHY).filter(booking__in=early).values_list("booking_id", flat=True))
    return [row for row in rows if row.attended in Booking.CAME and (row.pk not in early or row.pk in stayed)]


def _issued(rows, by) -> list[Certificate]:
    made = Certificate.objects.bulk_create(_certificate(row, row.event) for row in rows)
    record_each("certificate_issued", by=by, objects=[(row, {}) for row in made])
    tell_issued(made)
    return made


def _certificate(row, event) -> Certificate:
    day, months = timezone.localdate(event.ends_at), event.course.refresh_months
    return Certificate(
        folder_id=row.folder_id, agency_id=row.agency_id, learner_id=row.learner_id, booking=row, code=new_code(),
        name=row.name, title=event.course.title, hours=event.course.hours, completed_on=day,
        expires_on=add_months(day, months) if months else None,
    )  # fmt: skip


@transaction.atomic
def take_back(bookings, *, by) -> None:
    """Revoke the certificates of bookings whose register says no longer that these people attended."""
    rows = Certificate.objects.unscoped(WHY).select_for_update(of=("self",))
    for row in rows.filter(booking__in=bookings, revoked_at=None).order_by("pk"):
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
    tell_issued([new])
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
