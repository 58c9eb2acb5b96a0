"""Charges for places that nobody used: raised by the tariff of the day, taken back with what they were for, waived."""

from django.db import transaction
from django.utils import timezone

from partnership.trail.services import record
from training.charges.pricing import in_force, worded
from training.flow import CHARGE
from training.models import Charge, Course

WHY = "the service keeps the charge of a booking whose event its caller holds"


@transaction.atomic
def charge(booking, kind, *, on, by) -> Charge | None:
    """Charge the organisation of a booking by the tariff that is in force on the day `on`. None where there is none, or
    where organisations of its kind pay nothing. Safe to repeat: a booking is charged once."""
    rows = Charge.objects.unscoped(WHY)
    if row := rows.filter(booking=booking).first():
        return row
    hours = Course.objects.values_list("hours", flat=True).get(events=booking.event_id)
    tariff = in_force(kind, hours, on)
    if tariff is None or not tariff.amount or booking.agency.kind in tariff.free:
        return None
    row, new = rows.get_or_create(
        booking=booking,
        defaults={
            "folder_id": booking.folder_id, "agency_id": booking.agency_id, "amount": tariff.amount,
            "words": worded(tariff)[:300],
        },
    )  # fmt: skip
    if new:
        record("training_charged", by=by, obj=row, tariff=tariff.pk, kind=kind)
    return row


@transaction.atomic
def take_back(booking, *, by) -> None:
    """What was charged for a booking that the register says otherwise of now; a waiver goes with it."""
    for row in Charge.objects.unscoped(WHY).select_for_update(of=("self",)).filter(booking=booking):
        record("training_charge_taken_back", by=by, folder_id=row.folder_id, charge=row.pk, booking=row.booking_id)
        row.delete()


def waive(row, *, by, why) -> Charge:
    """Raises ValidationError without a reason, Stale where it was waived already, PermissionDenied."""
    return CHARGE.take(row, "waive", by=by, why_waived=why.strip(), waived_by=by, waived_at=timezone.now())
