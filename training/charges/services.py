"""Charges for places that nobody used: raised by the tariff of the day, taken back with what they were for, waived."""

from django.db import transaction
from django.utils import timezone

from partnership.trail.services import record, record_each
from training.charges.pricing import in_force, pays, worded
from training.flow import CHARGE
from training.models import Charge, Course

WHY = "the service keeps the charge of a booking whose event its caller holds"


def charge(booking, kind, *, on, by) -> Charge | None:
    """`charge_each` of one; its charge."""
    charge_each([booking], kind, on=on, by=by)
    return Charge.objects.unscoped(WHY).filter(booking=booking).first()


@transaction.atomic
def charge_each(bookings, kind, *, on, by) -> None:
    """Charge the organisations of bookings of one event, which the caller has locked, by the tariff that is in force on
    the day `on`; nothing where there is none, or where organisations of a kind pay nothing. Safe to repeat: a booking
    is charged once. A few questions, however many there are."""
    had = set(Charge.objects.unscoped(WHY).filter(booking__in=bookings).values_list("booking_id", flat=True))
    bookings = [row for row in bookings if row.pk not in had]
    if not bookings:
        return
    hours = Course.objects.values_list("hours", flat=True).get(events=bookings[0].event_id)
    tariff = in_force(kind, hours, on)
    made = Charge.objects.bulk_create(
        Charge(
            folder_id=row.folder_id, agency_id=row.agency_id, booking=row, amount=tariff.amount,
            words=worded(tariff)[:300],
        )
        for row in bookings if pays(row.agency, tariff)
    )  # fmt: skip
    record_each("training_charged", by=by, objects=[(row, {"tariff": tariff.pk, "kind": kind}) for row in made])


@transaction.atomic
def take_back(booking, *, by) -> None:
    """What was charged for a booking that the register says otherwise of now; a waiver goes with it."""
    for row in Charge.objects.unscoped(WHY).select_for_update(of=("self",)).filter(booking=booking):
        record("training_charge_taken_back", by=by, folder_id=row.folder_id, charge=row.pk, booking=row.booking_id)
        row.delete()


def waive(row, *, by, why) -> Charge:
    """Raises ValidationError without a reason, Stale where it was waived already, PermissionDenied."""
    return CHARGE.take(row, "waive", by=by, why_waived=why.strip(), waived_by=by, waived_at=timezone.now())
