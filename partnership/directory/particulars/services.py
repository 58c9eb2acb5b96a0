"""Every write to an organisation’s contacts, closed days, agreements, owners, register numbers and school facts.

Days as in directory.services: `ends` is the first day no longer. ValidationError is for what people can put right.
"""

from django.core.exceptions import ValidationError
from django.db import transaction

from partnership.access.flow import lock
from partnership.directory.rules import ends_no_later
from partnership.directory.services import fresh, lock_agencies, save, set_facts
from partnership.people.finding import plain_number, refresh
from partnership.people.models import Closure, ContactPoint, Ownership, Registration, School, SharingAgreement
from partnership.trail.services import record

CONTACT_FIELDS = ("purpose", "post", "email", "telephone", "shown", "starts", "ends", "source")
AGREEMENT_FIELDS = ("title", "officer", "starts", "ends", "review_on", "source")
CLOSURE_FIELDS = ("name", "starts", "ends", "source")
SCHOOL_FIELDS = ("phase", "register_status", "establishment_type", "district", "low_age", "high_age")


@transaction.atomic
def add_contact(agency, *, by, **facts) -> ContactPoint:
    row = ContactPoint(agency=lock(agency), **facts)
    save(row, by)
    record("contact_added", by=by, obj=agency, contact=row.pk, shown=row.shown)
    return row


@transaction.atomic
def change_contact(contact, *, by, version, **facts) -> ContactPoint:
    lock(contact.agency)
    row = fresh(contact, version)
    if changed := set_facts(row, facts):
        save(row, by)
        record("contact_changed", by=by, obj=row.agency, contact=row.pk, fields=sorted(changed))
    return row


@transaction.atomic
def end_contact(contact, *, by, ends) -> ContactPoint:
    row = lock(contact)
    _end(row, ends, by)
    record("contact_ended", by=by, obj=row.agency, contact=row.pk)
    return row


@transaction.atomic
def add_agreement(agency, *, by, **facts) -> SharingAgreement:
    row = SharingAgreement(agency=lock(agency), **facts)
    _review_fits(row)
    save(row, by)
    record("agreement_added", by=by, obj=agency, agreement=row.pk)
    return row


@transaction.atomic
def change_agreement(agreement, *, by, version, **facts) -> SharingAgreement:
    lock(agreement.agency)
    row = fresh(agreement, version)
    if changed := set_facts(row, facts):
        _review_fits(row)
        save(row, by)
        record("agreement_changed", by=by, obj=row.agency, agreement=row.pk, fields=sorted(changed))
    return row


@transaction.atomic
def end_agreement(agreement, *, by, ends) -> SharingAgreement:
    row = lock(agreement)
    _end(row, ends, by)
    record("agreement_ended", by=by, obj=row.agency, agreement=row.pk)
    return row


def _review_fits(row):
    if row.review_on and row.starts and row.review_on < row.starts:
        raise ValidationError({"review_on": "The review comes after the first day of the agreement."})


@transaction.atomic
def add_closure(*, by, agency=None, area=None, **facts) -> Closure:
    """Days on which `agency`, or every school of `area`, is closed."""
    lock(agency or area)
    row = Closure(agency=agency, area=area, **facts)
    _closure_is_new(row)
    save(row, by)
    record("closure_added", by=by, obj=agency or area, closure=row.pk, name=row.name)
    return row


@transaction.atomic
def change_closure(closure, *, by, version, **facts) -> Closure:
    lock(closure.agency or closure.area)
    row = fresh(closure, version)
    if changed := set_facts(row, facts):
        _closure_is_new(row)
        save(row, by)
        record("closure_changed", by=by, obj=row.agency or row.area, closure=row.pk, fields=sorted(changed))
    return row


@transaction.atomic
def remove_closure(closure, *, by) -> None:
    """Take away days that are not closed after all; the history keeps that they were recorded."""
    row = lock(closure)
    record("closure_removed", by=by, obj=row.agency or row.area, closure=row.pk, name=row.name)
    row._history_user = by
    row.delete()


def _closure_is_new(row):
    same = Closure.objects.filter(agency=row.agency, area=row.area, starts__lt=row.ends, ends__gt=row.starts)
    if other := same.exclude(pk=row.pk).first():
        raise ValidationError({"starts": f"These days overlap with {other.name}. Change that one instead."})


@transaction.atomic
def add_ownership(*, by, owner, agency, kind, starts=None, source="") -> Ownership:
    """Say that `owner` runs `agency`. Raises ValidationError where it is said already, or the other way round."""
    lock_agencies(owner, agency)
    row = Ownership(owner=owner, agency=agency, kind=kind, starts=starts, source=source)
    if owner.pk == agency.pk:
        raise ValidationError({"other": "An organisation does not own itself."})
    if Ownership.objects.filter(owner=owner, agency=agency, kind=kind, ends=None).exists():
        raise ValidationError({"other": "This is recorded already."})
    if Ownership.objects.live().filter(owner=agency, agency=owner).exists():
        raise ValidationError({"other": "It is recorded the other way round already. End that one first."})
    save(row, by)
    _of_both("ownership_added", row, by)
    return row


@transaction.atomic
def end_ownership(ownership, *, by, ends) -> Ownership:
    row = lock(ownership)
    _end(row, ends, by)
    _of_both("ownership_ended", row, by)
    return row


@transaction.atomic
def remove_ownership(ownership, *, by) -> None:
    """Take back who runs whom where it was recorded by mistake; the history keeps that it was."""
    row = lock(ownership)
    _of_both("ownership_removed", row, by)
    row._history_user = by
    row.delete()


def _of_both(verb, row, by):
    for agency, other in ((row.owner, row.agency), (row.agency, row.owner)):
        record(verb, by=by, obj=agency, agency=other.pk, kind=row.kind)


@transaction.atomic
def add_number(agency, *, by, register, number) -> Registration:
    """The number by which a register knows the organisation; each number belongs to one organisation."""
    lock(agency)
    number = plain_number(number)
    same = Registration.objects.filter(register=register, number=number).select_related("agency").first()
    if same:
        whose = "This organisation" if same.agency_id == agency.pk else same.agency.name
        raise ValidationError({"number": f"{whose} has this number already."})
    row = Registration(agency=agency, register=register, number=number)
    row.full_clean()
    row.save()
    refresh([agency.pk])
    record("number_added", by=by, obj=agency, register=register, number=number)
    return row


@transaction.atomic
def remove_number(registration, *, by) -> None:
    """Take away a number that was recorded by mistake; the trail keeps that it was."""
    lock(registration.agency)
    row = lock(registration)
    record("number_removed", by=by, obj=row.agency, register=row.register, number=row.number)
    row.delete()
    refresh([row.agency_id])


@transaction.atomic
def change_school(agency, *, by, version, **facts) -> School:
    """Change what is known of a school; its number stays. What a person says of the phase is no longer inferred."""
    locked = fresh(agency, version)
    row = School.objects.select_for_update().get(agency=agency)
    if changed := set_facts(row, facts):
        if row.low_age is not None and row.high_age is not None and row.high_age < row.low_age:
            raise ValidationError({"high_age": "The highest age must not be below the lowest."})
        if "phase" in changed:
            row.phase_inferred = False
        row.full_clean()
        row.save()
        locked.version += 1
        save(locked, by)
        record("school_changed", by=by, obj=agency, fields=sorted(changed))
    return row


def _end(row, ends, by):
    ends_no_later(row, ends)
    row.ends = ends
    save(row, by)
