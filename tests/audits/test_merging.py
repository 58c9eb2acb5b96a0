"""Two records of one organisation that were both asked: what goes with the record that is kept, and what stays."""

import pytest

from audits.models import Answer, AuditReturn, Submission
from partnership.directory.merging import services as merging
from partnership.people.models import Agency
from tests.audits import making

pytestmark = pytest.mark.django_db
WHY = making.WHY


@pytest.fixture
def pair():
    """(the record that is kept, the one that goes)."""
    return [Agency.objects.create(name=name, slug=name.lower(), kind="provider") for name in ("Quill", "Kwill")]


def _answered(round, agency, code):
    row = making.audit_return(round, agency, status="submitted", answers={"policy": {"code": code}})
    Submission.objects.create(
        folder=row.folder, agency=agency, audit_return=row, reference=row.pk.hex[:12], content={}, sha256="0" * 64
    )
    return row


def _whose(row) -> set:
    """The organisations of a return and of what hangs on it."""
    found = {AuditReturn.objects.unscoped(WHY).get(pk=row.pk).agency_id}
    for model in (Answer, Submission):
        found |= set(model.objects.unscoped(WHY).filter(audit_return=row).values_list("agency", flat=True))
    return found


def test_where_both_have_a_return_each_stays_whole_and_where_one_has_it_is_the_kept_ones(world, pair):
    kept, gone = pair
    making.question_set()
    both, alone = (making.audit_round(world, title=title) for title in ("Both", "Alone"))
    own, other, only = _answered(both, kept, "met"), _answered(both, gone, "not"), _answered(alone, gone, "partly")
    done = merging.merge(gone, into=kept, by=None, seen=merging.seen_of(kept, gone))
    assert _whose(own) == {kept.pk} and _whose(only) == {kept.pk}
    assert _whose(other) == {gone.pk}, "nothing of a return moves without it"
    assert other in AuditReturn.objects.visible_to(world.officer), "the business unit reads it in the other's history"
    merging.undo(done, by=None)
    assert _whose(own) == {kept.pk} and _whose(only) == _whose(other) == {gone.pk}


def test_the_schools_of_a_trust_are_found_under_the_record_that_is_kept(world, pair):
    kept, gone = pair
    row = making.audit_return(making.audit_round(world), world.agencies["school"])
    AuditReturn.objects.unscoped(WHY).filter(pk=row.pk).update(trust=gone)
    merging.merge(gone, into=kept, by=None, seen=merging.seen_of(kept, gone))
    assert AuditReturn.objects.unscoped(WHY).get(pk=row.pk).trust == kept
