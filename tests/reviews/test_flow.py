"""The tables of the review and of the return: what may follow what, and who may do it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from partnership.access.flow import Stale
from partnership.people.roles import POWERS, Perm
from partnership.trail.models import Event
from reviews import returns, sending, services
from reviews.flow import RETURN, REVIEW
from reviews.models import AgencyReturn, Decision, Review
from tests.world import answer, open_case

WHY = "the test looks"


def status_of(row):
    return type(row)._base_manager.values_list("status", flat=True).get(pk=row.pk)


def send(case, by):
    return sending.record_sending(
        case.review, by=by, version=case.version, sent_at=timezone.now(), due_on=timezone.localdate()
    )


def test_a_decision_may_be_taken_again_until_the_report_is_sent(world):
    case = world.ours
    for code in ("lcspr", "local"):
        services.decide(case.review, by=world.officer, code=code, rationale="Read again.")
    assert [d.number for d in Decision.objects.unscoped(WHY).filter(review=case.review)] == [3, 2, 1]
    send(case, world.officer)
    with pytest.raises(Stale, match="sent to the panel now"):
        services.decide(case.review, by=world.officer, code="none", rationale="Too late.")
    assert Decision.objects.unscoped(WHY).filter(review=case.review).count() == 3


def test_a_review_is_sent_from_every_status_but_sent(world):
    """A statutory sending is warned about, never blocked: a review without a decision goes too."""
    undecided = open_case(world, "undecided", by=world.officer)
    undecided.version = world.ours.version
    assert status_of(undecided.review) == Review.Status.OPEN
    send(undecided, world.officer)
    send(world.ours, world.officer)
    assert status_of(undecided.review) == status_of(world.ours.review) == Review.Status.SENT


def test_a_return_goes_to_and_fro_until_it_is_withdrawn(world):
    case, author = world.ours, world.author
    row = answer(case, case.returns["uhnm"], by=author)
    assert status_of(row) == AgencyReturn.Status.SUBMITTED and row.submitted_at
    today = timezone.localdate()
    row = returns.send_back(row, by=world.officer, note="Add the dates.", due_on=today)
    row = answer(case, row, by=author)
    row = returns.send_back(row, by=world.case_officer, note="And the names of the services.", due_on=today)
    RETURN.take(row, "withdraw", by=world.officer, note="Asked by mistake.")
    for step in RETURN.steps:
        with pytest.raises((Stale, PermissionDenied)):
            RETURN.take(row, step, by=world.officer, note="Once more.")
    told = list(Event.objects.filter(object_id=row.pk).order_by("pk").values_list("verb", flat=True))
    assert [verb for verb in told if verb.startswith("return_") and verb != "return_saved"] == [
        "return_asked", "return_submit", "return_send_back", "return_submit", "return_send_back", "return_withdraw",
    ]  # fmt: skip


def test_an_agency_is_asked_again_after_its_request_was_withdrawn(world):
    case = world.ours
    RETURN.take(case.returns["uhnm"], "withdraw", by=world.officer, note="Wrong author.")
    again = returns.ask_agency(
        case.review, by=world.officer, agency=world.agencies["uhnm"], author=world.colleague,
        due_on=timezone.localdate(), purpose="Search.",
    )  # fmt: skip
    assert status_of(again) == AgencyReturn.Status.ASKED


@pytest.mark.parametrize("persona", ["officer", "case_officer", "panel", "signer_icb", "lead_same", "colleague"])
def test_only_its_author_submits_a_return(world, persona):
    with pytest.raises(PermissionDenied):
        answer(world.ours, world.ours.returns["uhnm"], by=world.people[persona])


def test_nobody_both_takes_the_decision_and_signs_it_by_one_role():
    assert [role for role, held in POWERS.items() if {Perm.DECIDE, Perm.SIGN_OFF} <= held] == []
    assert [role for role, held in POWERS.items() if {Perm.RETURN_EDIT} & held] == [], "a return is its author's alone"


@pytest.mark.parametrize("persona", ["panel", "signer_icb", "author", "officer_outside", "barred", "ended", "stranger"])
def test_those_who_read_a_case_neither_decide_nor_send(world, persona):
    user = world.people[persona]
    with pytest.raises(PermissionDenied):
        services.decide(world.ours.review, by=user, code="none", rationale="Mine.")
    with pytest.raises(PermissionDenied):
        send(world.ours, user)
    assert status_of(world.ours.review) == Review.Status.DECIDED
    assert not Decision.objects.unscoped(WHY).filter(review=world.ours.review, number=2).exists()
    assert [code for code, _ in REVIEW.open_to(user, world.ours.review)] == []
