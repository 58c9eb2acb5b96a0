"""More time for a return: its author asks, one answer, another date of its clock; a late day only after the warning."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership.access import services as access
from partnership.access.flow import Stale
from partnership.deadlines import services as deadlines
from partnership.deadlines.editions import add_edition, days_now
from partnership.deadlines.models import Deadline, Milestone
from partnership.deadlines.rules import RAPID_REVIEW
from partnership.deadlines.telling import MOVED
from partnership.notify.models import Notice
from partnership.people.models import Membership
from reviews import clocks, notices, returns, sending
from reviews.asking import reads, services
from reviews.models import AgencyReturn, Extension
from tests.walk.post import day
from tests.world import answer, sign_in
from tests.world import ask as ask_agency


@pytest.fixture
def row(world):
    return world.ours.returns["uhnm"]


@pytest.fixture
def client_of():
    """client_of(user) -> a browser of its own: people work side by side."""
    return lambda user: sign_in(Client(), user)


def at(name, row):
    return reverse(f"reviews:{name}", args=[row.pk])


def later(row, days=1):
    return row.due_on + timedelta(days=days)


def ask(world, row, **more):
    facts = {"reason": "Two notes are on paper.", "wanted_on": later(row)} | more
    return services.ask_for_more_time(row, by=world.author, **facts)


def told(kind, user):
    return Notice.objects.unscoped("who was told").filter(kind=kind, recipient=user).count()


def sent(world):
    """The report of our case goes to the Panel."""
    type(world.ours.version).objects.filter(pk=world.ours.version.pk).update(
        made_at=timezone.now() - timedelta(hours=2)
    )
    version = type(world.ours.version).objects.get(pk=world.ours.version.pk)
    sending.record_sending(
        world.ours.review, by=world.officer, version=version, sent_at=timezone.now(),
        due_on=timezone.localdate() + timedelta(days=9), late_reason="",
    )  # fmt: skip


def test_an_author_asks_and_the_lead_gives_another_day_and_the_clock_is_superseded(world, row, client_of):
    before = deadlines.running(row, clocks.AGENCY_RETURN)
    author, lead = client_of(world.author), client_of(world.officer)
    typed = day("wanted_on", later(row, 2)) | {"reason": "Two notes are on paper."}
    assert author.post(at("ask_for_more_time", row), typed).status_code == 302
    extension = Extension.objects.get()
    assert told(notices.MORE_TIME, world.officer) == 1 and told(notices.MORE_TIME, world.panel) == 0
    mine = author.get(at("agency_return", row)).content.decode()
    assert "the day above stands until it is answered" in mine and at("ask_for_more_time", row) not in mine
    assert at("answer_extension", extension) in lead.get(at("review", world.ours.review)).content.decode()
    given = day("due_on", later(row, 1)) | {"given": "yes", "answer": "One day only."}
    assert lead.post(at("answer_extension", extension), given).status_code == 302
    now = deadlines.running(row, clocks.AGENCY_RETURN)
    before.refresh_from_db()
    assert (now.due_on, now.supersedes_id, now.owner) == (later(row, 1), before.pk, world.author)
    assert (before.status, before.reason) == (Deadline.Status.SUPERSEDED, "Two notes are on paper.")
    assert AgencyReturn.objects.get(pk=row.pk).due_on == later(row, 1)
    assert told(MOVED, world.author) == 1
    mine = author.get(at("agency_return", row)).content.decode()
    assert "One day only." in mine and "Officer" in mine, "who asked is named already"
    page = client_of(world.panel).get(at("review", world.ours.review)).content.decode()
    assert "Extended once" in page and "Two notes are on paper." in page


def test_a_refusal_needs_a_word_and_the_author_reads_it(world, row, client_of):
    extension, lead = ask(world, row), client_of(world.officer)
    wrong = lead.post(at("answer_extension", extension), {"given": "no"})
    assert wrong.status_code == 422 and set(wrong.context["form"].errors) == {"answer"}
    assert (
        lead.post(at("answer_extension", extension), {"given": "no", "answer": "The Panel waits."}).status_code == 302
    )
    assert told(notices.REFUSED_TIME, world.author) == 1
    assert "The Panel waits." in client_of(world.author).get(at("agency_return", row)).content.decode()
    assert AgencyReturn.objects.get(pk=row.pk).due_on == row.due_on
    assert ask(world, row, reason="It is worse now.").status == Extension.Status.WAITING, "a new reason may be given"


def test_two_tabs_answer_once_and_what_the_second_typed_is_not_lost(world, row, client_of):
    extension, lead = ask(world, row), client_of(world.officer)
    given = day("due_on", later(row)) | {"given": "yes"}
    assert lead.post(at("answer_extension", extension), given).status_code == 302
    second = client_of(world.case_officer).post(
        at("answer_extension", extension), {"given": "no", "answer": "No, it stands."}
    )
    assert second.status_code == 409 and "No, it stands." in second.content.decode()
    extension.refresh_from_db()
    assert extension.status == Extension.Status.GRANTED
    assert Deadline.objects.filter(subject_id=row.pk, rule=clocks.AGENCY_RETURN).count() == 2


def test_a_day_after_the_last_day_to_send_is_warned_about_and_must_be_answered(world, row, client_of):
    last = deadlines.running(world.ours.review, RAPID_REVIEW).due_on
    extension, lead = ask(world, row, wanted_on=last + timedelta(days=2)), client_of(world.officer)
    path, past = at("answer_extension", extension), day("due_on", last + timedelta(days=1)) | {"given": "yes"}
    assert "knows_past" in lead.get(path).context["form"].fields, "the day that was asked for lies after it"
    assert lead.post(path, past).status_code == 422
    with pytest.raises(ValidationError, match="last day to send the review"):
        services.grant(extension, by=world.officer, due_on=last + timedelta(days=1))
    fine = lead.post(path, day("due_on", row.due_on) | {"given": "yes"})
    assert "knows_past" not in fine.context["form"].fields and "due_on" in fine.context["form"].errors
    assert lead.post(path, past | {"knows_past": "on"}).status_code == 302
    extension.refresh_from_db()
    assert extension.past_sending and extension.due_on == last + timedelta(days=1)
    assert "last day to send" not in client_of(world.author).get(at("agency_return", row)).content.decode()


def test_the_lead_gives_time_unasked_but_answers_the_author_who_waits(world, row, client_of):
    lead = client_of(world.case_officer)
    typed = day("due_on", later(row)) | {"reason": "Its systems are down."}
    assert lead.post(at("extend_return", row), typed).status_code == 302
    assert Extension.objects.get().by_the_team
    row.refresh_from_db()
    waiting = ask(world, row)
    assert lead.get(at("extend_return", row)).url == at("answer_extension", waiting)
    stale = lead.post(
        at("extend_return", row), day("due_on", later(row, 3)) | {"reason": "Still down.", "knows_past": "on"}
    )
    assert stale.status_code == 409 and "Still down." in stale.content.decode()


@pytest.mark.parametrize("days", [-30, 0])
def test_the_new_day_is_later_than_the_one_that_stands_and_not_past(world, row, days):
    with pytest.raises(ValidationError) as refused:
        ask(world, row, wanted_on=row.due_on + timedelta(days=days))
    assert set(refused.value.message_dict) == {"wanted_on"}
    with pytest.raises(ValidationError) as refused:
        services.extend(row, by=world.officer, reason="Why.", due_on=row.due_on + timedelta(days=days))
    assert set(refused.value.message_dict) == {"due_on"}


def test_nobody_but_its_author_asks_and_nobody_but_those_who_ask_for_returns_answers(world, row, client_of):
    extension = ask(world, row)
    for name in ("author_other", "colleague", "lead_same", "stranger"):
        browser = client_of(world.people[name])
        assert browser.get(at("ask_for_more_time", row)).status_code == 404, name
        assert browser.post(at("answer_extension", extension), {"given": "yes"}).status_code == 404, name
        assert browser.post(at("chase", row)).status_code == 404, name
    for name in ("panel", "signer_icb", "author"):
        browser = client_of(world.people[name])
        assert browser.post(at("answer_extension", extension), {"given": "yes"}).status_code == 403, name
        assert browser.post(at("extend_return", row), {}).status_code == 403, name
    extension.refresh_from_db()
    assert extension.status == Extension.Status.WAITING


def test_after_the_report_was_sent_no_time_is_given_and_the_author_learns_nothing_of_it(world, row, client_of):
    extension = ask(world, row)
    sent(world)
    with pytest.raises(Stale, match="report was sent"):
        services.grant(extension, by=world.officer, due_on=later(row))
    typed = day("due_on", later(row)) | {"reason": "Holidays."}
    assert client_of(world.officer).post(at("extend_return", row), typed).status_code == 409
    Extension.objects.all().delete()
    late = client_of(world.author).post(
        at("ask_for_more_time", row), day("wanted_on", later(row)) | {"reason": "Holidays."}
    )
    words = late.content.decode()
    assert late.status_code == 409 and "Holidays." in words and "sent to the Panel" not in words
    services.chase(row, by=world.officer)  # a return that comes after the report is still wanted


def test_once_the_return_is_in_or_withdrawn_nobody_waits_for_an_answer(world, row, client_of):
    extension = ask(world, row)
    assert list(reads.to_answer(world.officer)) == [extension]
    answer(world.ours, row, by=world.author)
    assert not reads.to_answer(world.officer).exists()
    gone = client_of(world.officer).post(
        at("answer_extension", extension), day("due_on", later(row)) | {"given": "yes"}
    )
    assert gone.status_code == 409 and "no longer owed" in gone.content.decode()
    row.refresh_from_db()
    returns.send_back(row, by=world.officer, note="Dates.", due_on=later(row, 3))
    assert not reads.to_answer(world.officer).exists(), "another day was set since"
    row.refresh_from_db()
    assert ask(world, row).pk != extension.pk


def test_what_was_asked_goes_with_the_return_to_another_author(world, row, client_of):
    ask(world, row)
    Membership.objects.filter(user=world.colleague).update(starts=timezone.localdate() - timedelta(days=40))
    returns.reassign(row, by=world.officer, author=world.colleague)
    assert "Two notes are on paper." in client_of(world.colleague).get(at("agency_return", row)).content.decode()
    assert reads.extensions_of(world.author, row) == []


def test_a_barred_author_asks_for_nothing(world, row, client_of):
    access.bar(world.ours.folder, world.author, by=world.officer, reason="personal")
    assert client_of(world.author).get(at("ask_for_more_time", row)).status_code == 404


def test_reminders_run_from_the_new_day_and_end_with_the_return(world, row):
    services.extend(row, by=world.officer, due_on=later(row, 2), reason="Holidays.", knows_past=True)
    standing = deadlines.running(row, clocks.AGENCY_RETURN)
    days = {each.code: each for each in Milestone.objects.filter(deadline=standing)}
    assert {"chased_1", "chased_3", "late_manager", "late_partners"} <= set(days)
    assert days["due_today"].on == later(row, 2) and days["chased_1"].on > later(row, 2)
    earlier = Milestone.objects.filter(deadline=standing.supersedes, state=Milestone.State.PENDING)
    assert not earlier.exists(), "the old day reminds nobody any more"
    row.refresh_from_db()
    answer(world.ours, row, by=world.author)
    assert not Milestone.objects.filter(deadline=standing, state=Milestone.State.PENDING).exists()


def test_the_days_of_the_chasers_are_a_rule_that_the_partnership_sets(world, row):
    stands = days_now(clocks.AGENCY_RETURN, timezone.localdate())
    add_edition(
        clocks.AGENCY_RETURN, by=world.manager, length=None, trigger="the request is sent",
        days=stands | {"chased_1": 2, "chased_3": None}, effective_from=timezone.localdate(), source="Minutes",
        reason="One chaser is enough.",
    )  # fmt: skip
    returns.withdraw(row, by=world.officer, note="Asked anew.")
    again = ask_agency(world, world.ours, "author", "uhnm", by=world.officer)
    days = {each.code: each.on for each in Milestone.objects.filter(deadline__subject_id=again.pk)}
    assert "chased_3" not in days and days["chased_1"] > again.due_on + timedelta(days=1)
