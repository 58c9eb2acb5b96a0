"""Who else of a body has a part in its return: a colleague who helps to write it, and a co-ordinator on the case."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from partnership.access.flow import Stale, lock
from partnership.access.rows import can
from partnership.people.roles import Perm
from partnership.trail.services import record
from reviews import whom
from reviews.answering import beside, notices, signing
from reviews.models import AgencyReturn, Coordinator
from reviews.services import must_be_open


@transaction.atomic
def name_helper(row, *, by, helper) -> AgencyReturn:
    """One colleague sees and edits the return while it is owed; she neither submits nor signs it.

    Raises Stale for a return that is not being written, ValidationError for somebody who cannot be chosen.
    """
    row = _being_written(row)
    if not can(by, Perm.RETURN_SUBMIT, row):
        raise PermissionDenied("return.helper")
    signing.must_be_colleague(row, helper, field="helper", but=[row.helper_id])
    row.helper = helper
    row.save(update_fields=["helper"])
    beside.give_files_to_author(row, by=by)
    record("return_helper_named", by=by, obj=row, user=helper.pk)
    notices.tell_helper(row)
    return row


@transaction.atomic
def take_off_helper(row, *, by) -> AgencyReturn:
    row = _being_written(row)
    if not can(by, Perm.RETURN_SUBMIT, row):
        raise PermissionDenied("return.helper")
    if row.helper_id:
        record("return_helper_off", by=by, obj=row, user=row.helper_id)
        notices.tell_help_over(row)
        row.helper = None
        row.save(update_fields=["helper"])
        beside.give_files_to_author(row, by=by)
    return row


def _being_written(row):
    row = lock(row)
    if row.status != AgencyReturn.Status.ASKED:
        raise Stale("This return is not being written any more, so nobody can help with it.")
    return row


@transaction.atomic
def name_coordinator(review, *, by, agency, user) -> Coordinator:
    """Somebody of a body sees how its returns on this case stand, and what they say once they are submitted.

    Raises Stale once the report was sent, ValidationError for somebody of another body, a shared address, a person
    barred from the case, or a body that has one already.
    """
    review = must_be_open(review)
    whom.must_be_askable(user, agency, review, by=by, field="user")
    try:
        with transaction.atomic():
            row = Coordinator.objects.create(
                folder_id=review.folder_id, review=review, agency=agency, user=user, named_by=by
            )
    except IntegrityError:
        raise ValidationError({"agency": f"{agency.name} has a co-ordinator on this case already."}) from None
    _on_its_returns(row, user)
    record("coordinator_named", by=by, obj=row, agency=agency.pk, user=user.pk)
    return row


@transaction.atomic
def take_off_coordinator(row, *, by) -> Coordinator:
    row = lock(row)
    if row.ended_at is None:
        row.ended_at, row.ended_by = timezone.now(), by
        row.save(update_fields=["ended_at", "ended_by"])
        _on_its_returns(row, None)
        record("coordinator_off", by=by, obj=row, agency=row.agency_id, user=row.user_id)
    return row


def _on_its_returns(row, user):
    rows = AgencyReturn.objects.unscoped("the returns of the body whose co-ordinator is named or taken off")
    rows.filter(review_id=row.review_id, agency_id=row.agency_id).update(coordinator=user)
