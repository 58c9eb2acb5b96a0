"""Three days stand beside a request: the one it is asked for by, the partnership's own step, and the statutory one."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from partnership.notify.models import Notice
from reviews import clocks, notices, returns
from reviews.answering import signing
from reviews.asking import reads, services
from reviews.models import AgencyReturn, Extension
from tests.walk.post import day
from tests.world import answer, sign_in

STEP = "After the partnership’s own step"


@pytest.fixture
def row(world):
    return world.ours.returns["uhnm"]


@pytest.fixture
def waiting(world, row):
    """The return of the trust, written and waiting for its lead's signature."""
    row = answer(world.ours, row, by=world.author, submit=False)
    return signing.finish(row, by=world.author, version=row.version, signer=world.lead_same)


def at(name, row):
    return reverse(f"reviews:{name}", args=[row.pk])


def page(world, user, name, row):
    return sign_in(Client(), user).get(at(name, row)).content.decode()


def fresh(row):
    return AgencyReturn.objects.unscoped("the test looks").get(pk=row.pk)


def told(kind, user):
    (notice,) = Notice.objects.unscoped("who was told").filter(kind=kind, recipient=user)
    return notice


def test_a_return_asked_for_after_the_local_step_is_said_to_be_beside_both_days(world, client):
    local, last = clocks.dates_of_request(world.officer, world.ours.review)
    path = at("ask_agency", world.ours.review)
    words = sign_in(client, world.officer).get(path).content.decode()
    assert f"The partnership’s own step is to have all returns in by {local.day} {local:%B %Y}." in words
    assert (
        STEP not in client.get(at("review", world.ours.review)).content.decode()
        or fresh(world.ours.returns["uhnm"]).due_on > local
    )
    asked = {"agency": world.agencies["mpft"].pk, "author": world.lead_other.pk, "purpose": "Please search."}
    between = max(local + timedelta(days=1), world.ours.returns["uhnm"].due_on)
    assert local < between <= last, "the test needs a day between the two"
    done = client.post(path, asked | day("due_on", between), follow=True).content.decode()
    assert "later than the partnership’s own step of" in done and STEP in done


def test_while_it_waits_for_its_signature_more_time_can_be_asked_and_is_answered(world, waiting):
    """It is owed until it is signed, so its day matters; and the question waits, it is not 'not answered'."""
    day_now = waiting.due_on
    assert at("ask_for_more_time", waiting) in page(world, world.author, "agency_return", waiting)
    asked = services.ask_for_more_time(
        waiting, by=world.author, reason="Our director is away.", wanted_on=day_now + timedelta(days=1)
    )
    shown = page(world, world.author, "agency_return", waiting)
    assert "the day above stands until it is answered" in shown and "Not answered" not in shown
    assert asked in reads.to_answer(world.officer)
    services.grant(asked, by=world.officer, due_on=day_now + timedelta(days=1), knows_past=True)
    assert fresh(waiting).due_on == day_now + timedelta(days=1)


def test_what_waits_for_its_signature_is_listed_as_not_in_and_both_are_reminded(world, waiting):
    (owed,) = reads.outstanding(world.officer, [world.ours.review])
    assert owed.standing.startswith("written, waits for its signature; ")
    shown = page(world, world.officer, "outstanding", world.ours.review)
    assert "Remind the author and the signer" in shown
    services.chase(waiting, by=world.officer)
    for user in (world.author, world.lead_same):
        assert told(notices.CHASED, user).subject_id == waiting.pk
    listed = sign_in(Client(), world.lead_same).get(reverse("notify:notices")).content.decode()
    assert "It waits for its signature." in listed


def test_more_time_is_in_the_history_of_the_return_for_its_author_and_the_team(world, row):
    extension = services.ask_for_more_time(
        row, by=world.author, reason="Paper notes.", wanted_on=row.due_on + timedelta(days=1)
    )
    services.refuse(extension, by=world.officer, answer="The day stands.")
    for user in (world.author, world.officer):
        shown = page(world, user, "agency_return", row)
        assert "asked for more time for the return of" in shown and "gave a return no more time" in shown


def test_a_refusal_that_was_followed_by_another_day_names_the_day_that_stands(world, row):
    first = row.due_on
    extension = services.ask_for_more_time(row, by=world.author, reason="Paper.", wanted_on=first + timedelta(days=1))
    services.refuse(extension, by=world.officer, answer="The day stands.")
    services.extend(
        fresh(row), by=world.officer, due_on=first + timedelta(days=2), reason="After all.", knows_past=True
    )
    listed = sign_in(Client(), world.author).get(reverse("notify:notices")).content.decode()
    later = first + timedelta(days=2)
    assert f"Since then it is due on {later.day} {later:%B %Y}." in listed


def test_whoever_reads_the_question_later_is_told_its_answer(world, row):
    later = row.due_on + timedelta(days=1)
    services.grant(
        services.ask_for_more_time(row, by=world.author, reason="Paper.", wanted_on=later),
        by=world.officer, due_on=later, knows_past=True,
    )  # fmt: skip
    listed = sign_in(Client(), world.case_officer).get(reverse("notify:notices")).content.decode()
    assert f"It has it, until {later.day} {later:%B %Y}." in listed and "Answer it." not in listed
    assert Extension.objects.get().status == Extension.Status.GRANTED
    returns.withdraw(fresh(row), by=world.officer, note="A mistake.")
