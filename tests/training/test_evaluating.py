"""What training was worth: asked once, answered by nobody else, counted by pairs, told without names."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership.access import links
from partnership.access import services as access
from partnership.access.flow import Stale
from partnership.access.models import Link
from partnership.access.work import work_of
from partnership.notify.letters import NoLongerWanted, compose
from partnership.notify.models import Outgoing
from partnership.people.roles import Role
from tests.training import making
from tests.world import sign_in
from training.booking import services as booking
from training.evaluating import asking, letters, results, services
from training.evaluating import sweep as sweeping
from training.events import services as events
from training.figures import reads as figures
from training.models import Booking, Certificate, Evaluation, Learner
from training.register import services as register

pytestmark = pytest.mark.django_db
A = Booking.Attended
BOSS = "boss@uhnm.example"
NOON = "2026-11-25 12:00"
REPLY = {"score_risk": "4", "score_challenge": "5"}


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


def day(text):
    return time_machine.travel(f"{text} 12:00", tick=False)


def sweep():
    return sweeping.sweep(now=timezone.now())


@pytest.fixture
def booked(world):
    """booked(n): an event with n booked who have an address; `days` from now."""

    def make(n=1, *, days=-1 / 24, user=None, **facts):
        event = making.event(world, days=10)
        rows = []
        for i in range(n):
            said = {"email": f"p{i}@mpft.example"} | facts
            who = making.learner(world, world.agencies["mpft"], f"Person {i}", **said)
            rows.append(booking.book(event, who, by=world.officer))
        if user:
            who = making.learner(
                world, world.agencies["uhnm"], "Own Account", user=user, manager_email="boss@uhnm.example"
            )
            rows.append(booking.book(event, who, by=world.officer))
        begins = timezone.now() + timedelta(days=days)
        type(event).objects.filter(pk=event.pk).update(starts_at=begins, ends_at=begins + timedelta(hours=6))
        return making.fresh(event), rows

    return make


@pytest.fixture
def over(world, booked):
    """over(n): the same, whose register is complete: everybody was present."""

    def make(n=1, **facts):
        event, rows = booked(n, **facts)
        register.mark_rest(event, by=world.officer, answer=A.PRESENT)
        return register.complete(event, by=world.officer), [making.fresh(row) for row in rows]

    return make


def _all(**facts):
    return Evaluation.objects.unscoped(making.WHY).filter(**facts)


def _link(row) -> str:
    link = links.live(Link.Purpose.AFTER_TRAINING).get(object_id=row.pk)
    return reverse("training:evaluation_by_link", args=[links.token_of(link)])


def _letter(code, row):
    rows = Outgoing.objects.filter(template=code, about_id=row.pk).select_related("recipient")
    return compose(rows.latest("created_at"))[0]


def test_who_came_is_asked_at_the_end_and_the_certificate_waits_for_the_answer(world, booked):
    event, _ = booked(3, user=world.colleague)
    rows = list(Booking.objects.unscoped(making.WHY).filter(event=event).order_by("name"))
    own, one, nowhere, absent = rows
    Learner.objects.unscoped(making.WHY).filter(pk=nowhere.learner_id).update(email="", key="")
    marks = {own.pk: A.PRESENT, one.pk: A.LATE, nowhere.pk: A.PRESENT, absent.pk: A.ABSENT}
    register.mark(event, by=world.officer, marks=marks, read=dict.fromkeys(marks, ""))
    register.complete(event, by=world.officer)
    assert set(_all().values_list("booking", "stage")) == {(own.pk, "end"), (one.pk, "end")}
    certificates = Certificate.objects.unscoped(making.WHY)
    assert [row.booking_id for row in certificates] == [nowhere.pk], "who cannot be asked does not wait"
    mine, client = making.evaluation(own), sign_in(Client(), world.colleague)
    letter, url = _letter(letters.ASK, mine), reverse("training:evaluation", args=[mine.pk])
    assert letter.to == world.colleague.email and "then your certificate comes" in letter.body and url in letter.body
    page = client.get(reverse("training:booking", args=[own.pk])).text
    assert "then your certificate comes" in page and url in page
    assert url in client.get(reverse("training:mine")).text
    assert [work.url for work in work_of(world.colleague)[0] if "worth" in work.what] == [url]
    answer = client.post(url, REPLY | {"version": "1", "words_differently": "Ask the child."}, follow=True)
    assert certificates.filter(booking=own).exists() and "Your certificate is ready" in answer.text
    assert not [work for work in work_of(world.colleague)[0] if "worth" in work.what]
    lead = sign_in(Client(), world.lead_same)
    assert lead.get(url).status_code == 404, "no single answer for the organisation"
    assert "Ask the child." not in lead.get(reverse("training:booking", args=[own.pk])).text
    with pytest.raises(NoLongerWanted):
        _letter(letters.ASK, mine)
    assert _link(making.evaluation(one)) in _letter(letters.ASK, making.evaluation(one)).body


def test_before_is_asked_once_on_the_day_of_the_first_reminder_and_until_the_event_begins(world, booked):
    event, rows = booked(2, days=20)
    assert sweep() == 0
    with day("2026-12-02"):
        assert (sweep(), sweep()) == (1, 0)
        assert _all(stage="before").count() == 2
        row = making.evaluation(rows[0], "before")
        assert row.due_on == timezone.localdate(event.starts_at)
        making.say(rows[0], "before", score=2)
        booking.give_up(rows[1], by=world.officer)
        assert not _all(booking=rows[1]), "what nobody had answered is taken back"
    with day("2026-12-16"):
        assert "has begun" in Client().get(_link(row)).text
        with pytest.raises(Stale, match="has begun"):
            making.say(rows[0], "before")


def test_a_moved_event_moves_the_last_day_and_a_cancelled_one_takes_the_question_back(world, booked):
    event, (row,) = booked(1, days=10)
    sweep()
    begins = event.starts_at + timedelta(days=5)
    facts = {
        name: getattr(event, name) for name in ("mode", "venue", "area", "capacity", "minimum", "opens_on", "closes_on")
    }
    event = events.change(
        event, by=world.officer, version=event.version, starts_at=begins, ends_at=begins + timedelta(hours=6), **facts
    )
    assert making.evaluation(row, "before").due_on == timezone.localdate(begins)
    booking.cancel_event(event, by=world.officer, why="Ill.")
    assert not _all()


def test_after_three_months_the_person_and_the_manager_are_asked_once_and_reminded_once(world, over):
    _, (plain, own) = over(1, user=world.colleague)
    with day("2027-02-24"):
        assert sweep() == 0
    with time_machine.travel("2027-02-25 07:30", tick=False):
        assert sweep() == 0, "nobody is asked at night"
    with day("2027-02-25"):
        assert (sweep(), sweep()) == (1, 0)
        assert set(_all(stage__in=("later", "manager")).values_list("booking", "stage")) == {
            (plain.pk, "later"), (own.pk, "later"), (own.pk, "manager"),
        }  # fmt: skip
        asked = making.evaluation(own, "manager")
        letter = _letter(letters.MANAGER, asked)
        assert letter.to == BOSS and "Own Account reads what you write" in letter.body
        assert "three months ago" in _letter(letters.ASK, making.evaluation(own, "later")).body.lower()
    with day("2027-03-06"):
        sweep()
        sweep()
        assert Outgoing.objects.filter(template=letters.REMIND, about_id=asked.pk).count() == 1
        assert "a reminder" in _letter(letters.REMIND, asked).body


def test_the_manager_says_it_by_the_link_until_the_last_day_and_the_person_reads_it(world, over):
    _, (own,) = over(0, user=world.colleague)
    with day("2027-02-25"):
        sweep()
        row = making.evaluation(own, "manager")
        url, client = _link(row), sign_in(Client(), world.colleague)
        page = Client().get(url).text
        assert "Own Account" in page and "reads what you write here" in page and "uhnm" not in page
        said = {f"score_{key}": "4" for key in ("risk", "challenge", "improved", "grown")}
        assert client.post(url, said | {"version": "1"}).status_code == 403, "a forwarded link does nothing"
        assert Client().post(url, said | {"version": "1", "words_seen": "Surer at meetings."}).status_code == 302
        own_page = reverse("training:evaluation", args=[row.pk])
        assert "Surer at meetings." in client.get(own_page).text
        assert client.post(own_page, said | {"version": "2"}).status_code == 403, "the person does not write it"
    with day("2027-03-12"):
        assert "does nothing more" in Client().get(url).text
        late = Client().post(url, said | {"version": "2", "words_seen": "Typed too late."})
        assert late.status_code == 409 and "Typed too late." in late.text


def test_partly_answered_is_refused_with_what_is_missing_and_nothing_is_lost(world, over):
    _, (own,) = over(0, user=world.colleague)
    row, client = making.evaluation(own), sign_in(Client(), world.colleague)
    url = reverse("training:evaluation", args=[row.pk])
    half = {"score_risk": "5", "words_better": "More time.", "version": "1"}
    answer = client.post(url, half)
    assert answer.status_code == 422 and "Choose how far you agree: ‘I am confident to challenge" in answer.text
    assert "More time." in answer.text and not making.fresh(row).answered_at
    assert client.post(url, half | {"score_challenge": "2"}).status_code == 302
    old = client.post(url, half | {"score_challenge": "4", "words_better": "Less time."})
    assert old.status_code == 409 and "More time." in old.text and "Less time." in old.text
    assert client.post(url, half | {"score_challenge": "4", "version": "2"}).status_code == 302, (
        "changed until the last day"
    )
    assert sign_in(Client(), world.officer).post(url, half | {"version": "3"}).status_code == 403
    with day("2026-12-10"):
        client = sign_in(Client(), world.colleague)
        assert client.post(url, half | {"score_challenge": "1", "version": "3"}).status_code == 409
    assert making.fresh(row).scores == {"risk": 5, "challenge": 4}


def test_a_corrected_mark_takes_back_the_question_and_an_answer_counts_no_more(world, over):
    event, rows = over(3)
    making.say(rows[0])
    link = _link(making.evaluation(rows[1]))
    register.correct(event, by=world.officer)
    marks = {row.pk: A.ABSENT for row in rows[:2]}
    register.mark(event, by=world.officer, marks=marks, read=dict.fromkeys(marks, A.PRESENT))
    assert set(_all().values_list("booking", flat=True)) == {rows[0].pk, rows[2].pk}
    assert Client().get(link).status_code == 404
    found = results.results(world.officer, event, named=True)
    assert found.replies == [("At the end", 1, 0, 1)], "what she had said stays with her, and is not counted"
    assert making.evaluation(rows[0]).answered_at
    year = figures.replies(world.officer, 2026, named=True)
    assert not year


def _with_answers(world, over):
    """Six who answered before (2 each) and at the end: four score 4, two score 2; a seventh did not answer."""
    event, rows = over(7)
    name = making.evaluation(rows[0]).edition
    for row in rows[:6]:
        Evaluation.objects.create(
            folder_id=row.folder_id, learner=row.learner, booking=row, stage="before", edition=name,
            scores={"risk": 2, "challenge": 2}, answered_at=timezone.now(), due_on=timezone.localdate(),
        )  # fmt: skip
    for n, row in enumerate(rows[:6]):
        making.say(row, score=4 if n < 4 else 2, better=f"Words of {n}")
    return event, rows


def test_change_is_counted_of_pairs_and_who_did_not_answer_stands_beside_it(world, over):
    event, _ = _with_answers(world, over)
    found = results.results(world.officer, event, named=True)
    line = next(line for line in found.parts[0].lines if line.stage == "end")
    assert (line.asked, line.answered, line.agreed, line.mean) == (7, 6, "67\u00a0%", Decimal("3.3"))
    assert (line.pairs, line.change, line.improved) == (6, Decimal("1.3"), "67\u00a0%")
    assert found.finding == (
        "6 of 7 who were asked at the end answered (86\u00a0%); of the 6 who answered before as well, 4 (67\u00a0%) "
        "score higher now."
    )  # fmt: skip
    client, url = sign_in(Client(), world.officer), reverse("training:event_evaluation", args=[event.pk])
    page = client.get(url).text
    assert "Words of 3" in page and "Person 3" not in page and "portal-bar" in page
    assert "All events of this course" in page and client.get(url, {"year": "2026"}).status_code == 200
    assert "score higher now" in b"".join(client.post(url, {"take": "csv"}).streaming_content).decode()
    assert sign_in(Client(), world.lead_same).get(url).status_code == 403


def test_a_trainer_has_totals_of_five_or_more_once_nobody_can_reply(world, over):
    event, rows = _with_answers(world, over)
    access.grant(event.folder, world.colleague, Role.TRAINER, by=world.officer, reason="trains")
    url = reverse("training:event_evaluation", args=[event.pk])
    client = sign_in(Client(), world.colleague)
    page = client.get(url).text
    assert "Not shown" in page and "Words of" not in page, "the seventh may still reply"
    with day("2026-12-10"):
        page = sign_in(Client(), world.colleague).get(url).text
        assert "Words of 3" in page and "67\u00a0%" in page and "portal-bar" not in page
        Booking.objects.unscoped(making.WHY).filter(pk__in=[row.pk for row in rows[:2]]).update(attended="absent")
        page = sign_in(Client(), world.colleague).get(url).text
        assert "Words of" not in page and "Not shown" in page, "four are too few"


def test_who_did_not_answer_in_time_is_asked_again_by_the_unit_because_certificates_wait(world, over):
    event, (row, _) = over(2)
    url = reverse("training:event_evaluation", args=[event.pk])
    with day("2026-12-15"):
        client = sign_in(Client(), world.officer)
        assert "2 did not answer at the end in time" in client.get(url).text
        assert client.post(url, {"do": "again"}).status_code == 302
        asked = making.evaluation(row)
        assert asked.due_on > timezone.localdate() and Outgoing.objects.filter(about_id=asked.pk).count() == 2
        answer = Client().post(_link(asked), REPLY | {"version": "1"}, follow=True)
        assert "your organisation has it for you" in answer.text
        assert Certificate.objects.unscoped(making.WHY).filter(booking=row).exists()


def test_nobody_is_asked_who_is_her_own_manager(world, booked):
    event, (row,) = booked(1, manager_email="P0@mpft.example")
    Booking.objects.unscoped(making.WHY).filter(pk=row.pk).update(attended=A.PRESENT)
    (found,) = asking.bookings(event)
    assert asking.ask(event, [found], "manager") == []
    assert services.MISSING.format(1, 2, "has").startswith("Answer every statement: 1 of 2")
