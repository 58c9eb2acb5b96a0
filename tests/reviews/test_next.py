"""'Next for you' says what, why and by when, and says it rightly for each of those who read a review."""

from datetime import timedelta

import time_machine
from django.urls import reverse
from django.utils import timezone

from partnership.access import services as access
from partnership.deadlines import services as deadlines
from partnership.deadlines.models import Milestone
from partnership.deadlines.rules import RAPID_REVIEW
from partnership.people.models import NamedDuty
from reviews import clocks, reads, services
from reviews.asking import services as asking
from reviews.models import AgencyReturn, Review
from reviews.next_steps import next_for, why_nothing
from reviews.steps import steps
from tests.world import open_case


def said(world, user, case=None):
    """(what is next, its reason, its day), or the sentence that says why nothing is."""
    rows = Review.objects.select_related("folder", "notification__authority")
    page = reads.review_page(user, rows.get(pk=(case or world.ours).review.pk))
    found = next_for(page, user, steps(page))
    return (found.what, found.why, found.due_on) if found else why_nothing(page)


def local_day(case, code):
    return Milestone.objects.get(deadline=deadlines.running(case.review, RAPID_REVIEW), code=code).on


def test_a_case_lead_begins_with_what_those_asked_need_and_why(world):
    case = open_case(world, "fresh", by=world.officer, days_ago=1)
    what, why, day = said(world, world.officer, case)
    assert (what, day) == ("Let the safeguarding partners in", local_day(case, clocks.SIGNED))
    assert "Not let in yet" in why
    for name in ("signer_council", "signer_icb", "signer_police"):
        access.grant(case.folder, world.people[name], "sg", by=world.officer, reason="Signs.")
    assert said(world, world.officer, case)[::2] == (
        "Ask the agencies for their returns", local_day(case, clocks.REQUESTS_OUT),
    )  # fmt: skip


def test_a_case_lead_answers_who_waits_before_anything_else(world):
    row = world.ours.returns["uhnm"]
    asking.ask_for_more_time(row, by=world.author, wanted_on=row.due_on + timedelta(days=2), reason="Archive.")
    what, why, day = said(world, world.officer)
    assert what == f"Say whether {row.body} has more time" and "asks for time until" in why and day == row.due_on


def test_a_return_that_is_late_comes_before_the_report_and_on_the_last_day_the_sending_before_all(world):
    clocks.step_done(world.ours.review, clocks.MEETING, by=world.officer)
    AgencyReturn.objects.filter(pk=world.ours.returns["uhnm"].pk).update(
        due_on=timezone.localdate() - timedelta(days=1)
    )
    what, why, _ = said(world, world.officer)
    assert what == "Ask after the returns that are late" and world.agencies["uhnm"].name in why
    page = reads.review_page(
        world.officer, Review.objects.select_related("folder", "notification").get(pk=world.ours.review.pk)
    )
    last = page.clock.due_on
    with time_machine.travel(timezone.make_aware(timezone.datetime(last.year, last.month, last.day, 9)), tick=False):
        what, why, day = said(world, world.officer)
    assert (what, day) == ("Send the report to the Panel", last) and "does not hold it up" in why


def test_an_author_on_the_case_writes_her_own_return_first(world):
    access.grant(world.ours.folder, world.author, "pm", by=world.officer, reason="Sits on it.")
    row = world.ours.returns["uhnm"]
    what, _, day = said(world, world.author)
    assert (what, day) == (f"Write the return of {row.body}", row.due_on)


def test_a_partner_and_a_deputy_sign_and_the_deputy_is_told_when_the_delegate_has(world):
    for name in ("signer_police", "deputy_police"):
        what, why, _ = said(world, world.people[name])
        assert what == "Sign the decision" and "chief officer of police has not spoken" in why
    services.sign_off(world.ours.decision, by=world.signer_police, seat="police", stance="agrees", reason="")
    assert said(world, world.deputy_police) == (
        f"There is nothing for you to do: {world.signer_police.name} has signed for the chief officer of police."
    )


def test_a_partner_waits_for_the_decision_and_whose_duty_ended_has_nothing_to_sign(world):
    case = open_case(world, "fresh", by=world.officer, days_ago=1)
    access.grant(case.folder, world.signer_icb, "sg", by=world.officer, reason="Signs.")
    assert "You are asked to sign when the decision is recorded, by " in said(world, world.signer_icb, case)
    NamedDuty.objects.filter(holder=world.signer_icb).update(ends=timezone.localdate())
    assert "You hold no duty of a safeguarding partner today" in said(world, world.signer_icb, case)


def test_a_panel_member_has_nothing_to_do_and_is_told_so(world, sign_in):
    assert said(world, world.panel) == "There is nothing for you to do on this review now."
    page = sign_in(world.panel).get(reverse("reviews:review", args=[world.ours.review.pk])).content.decode()
    assert "There is nothing for you to do on this review now." in page and "Next for you" not in page


def test_the_page_says_what_why_and_by_when(world, sign_in):
    page = sign_in(world.signer_icb).get(reverse("reviews:review", args=[world.ours.review.pk])).content.decode()
    line = " ".join(page[page.index("Next for you") :].split())[:700]
    assert "Sign the decision</a>, by " in line and "has not spoken." in line


def test_who_has_no_part_in_the_case_has_no_page_to_be_told_on(world, sign_in):
    at = reverse("reviews:review", args=[world.ours.review.pk])
    for name in ("scrutineer", "author", "board_member", "lead_same"):
        assert sign_in(world.people[name]).get(at).status_code == 404
