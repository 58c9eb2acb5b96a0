"""Booking by pages, letters and links: for oneself, for several, without an account; what each is told, and once."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bench.measure import asked as asked_of
from partnership.access import links
from partnership.access.kept import new_token
from partnership.access.models import Link
from partnership.notify.kinds import bounced_hooks
from partnership.notify.letters import NoLongerWanted, compose
from partnership.notify.models import Notice, Outgoing
from partnership.people.models import Membership
from partnership.people.roles import Role
from partnership.people.services import join
from tests.training import making
from tests.world import sign_in
from training import rules
from training.booking import letters, services, sweep
from training.models import Booking, Charge, Event, Joining, Learner, Tariff
from training.people.services import own_at

pytestmark = pytest.mark.django_db
WHY = making.WHY
MANAGER = {"approver_name": "A Manager", "approver_email": "manager@council.example"}


def browse(user) -> Client:
    return sign_in(Client(), user)


def bookings(event):
    return list(Booking.objects.unscoped(WHY).filter(event=event).order_by("made_at", "pk"))


def book(event, user, **said):
    return browse(user).post(reverse("training:book", args=[event.pk]), {"needs": "", **said})


def composed(code, row):
    """The newest letter of a kind about a booking, as it would leave now."""
    outgoing = Outgoing.objects.filter(template=code, about_id=row.pk).select_related("recipient").latest("created_at")
    return compose(outgoing)[0]


def told(code):
    return Outgoing.objects.filter(template=code).count()


@pytest.fixture
def at(world):
    def make(key, n=1, **facts):
        return making.learner(
            world, world.agencies[key], f"Person {n}", **{"email": f"person{n}@{key}.example"} | facts
        )

    return make


# --- for oneself ------------------------------------------------------------------------------------------------------


def test_who_books_for_herself_is_entered_at_her_organisation_and_gets_the_calendar_file(world):
    event = making.event(world)
    Joining.objects.create(folder=event.folder, event=event, address="https://meet.example/1", words="Bring a pen.")
    answer = book(event, world.colleague, needs="A loop")
    (row,) = bookings(event)
    assert answer["Location"] == reverse("training:booking", args=[row.pk])
    assert (row.learner.user, row.agency, row.needs) == (world.colleague, world.agencies["uhnm"], "A loop")
    letter = composed(letters.PLACE, row)
    assert (
        letter.to == world.colleague.email and "Bring a pen." in letter.body and "https://meet.example/1" in letter.body
    )
    assert b"METHOD:REQUEST" in letter.invitation.data and answer["Location"] in letter.body
    assert "How to join" in browse(world.colleague).get(answer["Location"]).text
    assert not Link.objects.filter(purpose=Link.Purpose.PLACE).exists(), "who has an account needs no link"


def test_who_belongs_to_two_organisations_says_for_which_she_goes(world):
    event = making.event(world)
    join(world.colleague, role=Role.AGENCY_STAFF, partnership=world.partnership, agency=world.agencies["mpft"])
    answer = book(event, world.colleague)
    assert answer.status_code == 422 and "Choose the organisation" in answer.text and not bookings(event)
    book(event, world.colleague, agency=world.agencies["police"].pk)
    assert not bookings(event), "of an organisation that is not hers"
    book(event, world.colleague, agency=world.agencies["mpft"].pk)
    assert bookings(event)[0].agency == world.agencies["mpft"]


def test_an_account_is_tied_to_who_was_entered_with_its_address(world):
    entered = making.learner(world, world.agencies["uhnm"], "Other Spelling", email=world.colleague.email.upper())
    book(making.event(world), world.colleague)
    assert making.fresh(entered).user == world.colleague and Learner.objects.unscoped(WHY).count() == 1


def test_a_course_that_filled_while_the_form_was_open_is_waited_for_and_says_so(world, at):
    event = making.event(world, places=1)
    page = browse(world.colleague).get(reverse("training:book", args=[event.pk])).text
    assert "1 place free" in page
    services.book(event, at("mpft"), by=world.officer)
    answer = browse(world.colleague).post(reverse("training:book", args=[event.pk]), {"needs": ""}, follow=True)
    assert "you are on the waiting list" in answer.text and "Number 1" in answer.text


def test_a_second_click_and_a_second_tab_make_no_second_booking(world):
    event, url = making.event(world), None
    client = browse(world.colleague)
    url = reverse("training:book", args=[event.pk])
    token = client.get(url).context["form"]["form_token"].value()
    first, second = (client.post(url, {"needs": "", "form_token": token}) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert "has a place at this event" in client.post(url, {"needs": ""}).text
    assert len(bookings(event)) == 1 and making.fresh(event).taken == 1


def test_what_comes_before_is_said_and_refuses_nobody(world):
    course, before = making.course(world, "Level 3"), making.course(world, "Level 2")
    course.prerequisites.add(before)
    event = making.event(world, course)
    assert "no record for you: Level 2" in browse(world.colleague).get(reverse("training:book", args=[event.pk])).text
    assert book(event, world.colleague).status_code == 302


def test_an_event_that_is_only_planned_is_found_by_who_runs_the_training_alone(world):
    event = making.event(world, status="planned")
    for name in ("training:book", "training:book_people"):
        url = reverse(name, args=[event.pk])
        assert [browse(user).get(url).status_code for user in (world.colleague, world.lead_same)] == [404, 404]
        assert browse(world.officer).get(url).status_code == 200


def test_a_place_is_booked_with_at_most_fifteen_questions(world):
    event, client = making.event(world), browse(world.colleague)
    own_at(world.colleague, world.agencies["uhnm"])
    said = {"needs": "A loop", "form_token": new_token(world.colleague)}
    with CaptureQueriesContext(connection) as captured:
        assert client.post(reverse("training:book", args=[event.pk]), said).status_code == 302
    assert asked_of(captured) <= 15, [each["sql"][:90] for each in captured]


# --- the manager ------------------------------------------------------------------------------------------------------


@pytest.fixture
def asked(world):
    event = making.event(world, making.course(world, approval=True), places=1)
    book(event, world.colleague, **MANAGER)
    return bookings(event)[0]


def door(row, purpose, name):
    return reverse(f"training:{name}", args=[links.token_of(links.live(purpose).get(object_id=row.pk))])


def test_the_manager_approves_by_a_link_that_looking_at_does_not_use(world, asked):
    letter, url = composed(letters.APPROVE, asked), door(asked, Link.Purpose.APPROVAL, "approve_by_link")
    assert letter.to == MANAGER["approver_email"] and url in letter.body and letter.invitation is None
    scanner = Client()
    assert [scanner.get(url).status_code for _ in range(3)] == [200] * 3 and scanner.head(url).status_code == 200
    assert making.fresh(asked).status == "asked"
    assert browse(world.colleague).post(url, {"says": "approve"}).status_code == 403, "nobody approves their own"
    assert scanner.post(url, {"says": "refuse", "note": ""}).status_code == 422
    assert scanner.post(url, {"says": "approve"}).status_code == 302
    assert making.fresh(asked).status == "booked" and "manager approved" in composed(letters.PLACE, asked).body
    again = scanner.post(url, {"says": "refuse", "note": "No"})
    assert again.status_code in (404, 409) and making.fresh(asked).status == "booked"


def test_a_refusal_is_told_with_its_reason_and_the_place_goes_on(world, asked, at):
    waits = services.book(asked.event, at("mpft"), by=world.officer)
    url = door(asked, Link.Purpose.APPROVAL, "approve_by_link")
    answer = Client().post(url, {"says": "refuse", "note": "Too few on shift."}, follow=True)
    assert "It was answered" in answer.text and "Too few on shift." in composed(letters.ENDED, asked).body
    assert making.fresh(waits).status == "offered" and told(letters.OFFER) == 1


def test_nobody_names_herself_as_the_manager(world):
    event = making.event(world, making.course(world, approval=True))
    answer = book(event, world.colleague, approver_name="Me", approver_email=world.colleague.email.upper())
    assert answer.status_code == 422 and "not approved by whoever asks" in answer.text and not bookings(event)


# --- several at once --------------------------------------------------------------------------------------------------


def people_url(event):
    return reverse("training:book_people", args=[event.pk])


def test_a_coordinator_books_who_is_entered_and_who_is_new_and_the_last_wait(world, at):
    event, here = making.event(world, places=2), at("uhnm")
    said = {
        "do": "book", "many": "3", "people": [str(here.pk)],
        "name_0": "New One", "email_0": "new@uhnm.example", "post_0": "Nurse", "name_1": "No Address",
    }  # fmt: skip
    answer = browse(world.lead_same).post(people_url(event), said, follow=True)
    assert "2 people are booked, 1 person is on the waiting list." in answer.text
    assert [(row.name, row.status) for row in bookings(event)] == [
        ("Person 1", "booked"), ("New One", "booked"), ("No Address", "waiting"),
    ]  # fmt: skip
    new, nowhere = bookings(event)[1:]
    assert composed(letters.PLACE, new).to == "new@uhnm.example"
    letter = composed(letters.WAITS, nowhere)
    assert letter.to == world.lead_same.email and "No Address is on its waiting list" in letter.body


def test_who_cannot_be_booked_stays_on_the_form_with_the_reason_and_the_others_are_booked(world, at):
    event, here = making.event(world), at("uhnm")
    said = {"do": "book", "many": "3", "people": [str(here.pk)], "name_2": "Somebody Else", "email_2": here.email}
    answer = browse(world.lead_same).post(people_url(event), said)
    assert answer.status_code == 200 and "with another name" in answer.text and "Somebody Else" in answer.text
    assert [row.name for row in bookings(event)] == ["Person 1"]
    assert Learner.objects.unscoped(WHY).count() == 1, "never merged silently, never doubled"


def test_looking_for_somebody_keeps_what_was_ticked_and_typed(world, at):
    event, first, second = making.event(world), at("uhnm", 1), at("uhnm", 2)
    said = {"many": "3", "people": [str(first.pk)], "name_0": "Half Typed", "q": "person 2"}
    answer = browse(world.lead_same).post(people_url(event), {"do": "find", **said})
    assert f'value="{first.pk}" checked' in " ".join(answer.text.split()) or "checked" in answer.text
    assert str(second.pk) in answer.text and "Half Typed" in answer.text and not bookings(event)
    more = browse(world.lead_same).post(people_url(event), {"do": "more", **said})
    assert 'name="name_5"' in more.text and "Half Typed" in more.text


def test_people_of_another_organisation_are_neither_offered_nor_taken(world, at):
    event, theirs = making.event(world), at("mpft")
    client = browse(world.lead_same)
    assert str(theirs.pk) not in client.get(people_url(event)).text
    answer = client.post(people_url(event), {"do": "book", "many": "3", "people": [str(theirs.pk)]})
    assert answer.status_code == 422 and not bookings(event)
    other = f"{people_url(event)}?agency={world.agencies['mpft'].pk}"
    assert theirs.name not in client.get(other).text
    client.post(other, {"do": "book", "many": "3", "name_0": "Smuggled"})
    assert not bookings(event)
    assert browse(world.colleague).get(people_url(event)).status_code == 403


# --- without an account -----------------------------------------------------------------------------------------------


def test_somebody_without_an_account_sees_to_the_place_by_the_link_of_the_letter(world, at):
    event = making.event(world, places=1)
    first = services.book(event, at("uhnm"), by=world.lead_same)
    second = services.book(event, at("uhnm", 2), by=world.lead_same)
    url = door(first, Link.Purpose.PLACE, "place_by_link")
    assert url in composed(letters.PLACE, first).body
    nobody = Client()
    assert nobody.get(url).status_code == 200 and nobody.get(f"{url}?calendar=1")["Content-Type"].startswith("text/cal")
    assert browse(world.lead_other).get(url).status_code == 403
    assert making.fresh(first).status == "booked"
    nobody.post(url, {"do": "give_up"})
    assert making.fresh(first).why_ended == "cancelled" and making.fresh(second).status == "offered"
    assert "given up already" in nobody.post(url, {"do": "give_up"}, follow=True).text
    nobody.post(door(second, Link.Purpose.PLACE, "place_by_link"), {"do": "take"})
    assert (
        making.fresh(second).status == "booked" and b"METHOD:REQUEST" in composed(letters.PLACE, second).invitation.data
    )


def test_an_email_that_comes_back_is_told_to_whoever_booked(world, at):
    row = services.book(making.event(world), at("uhnm"), by=world.lead_same)
    outgoing = Outgoing.objects.get(template=letters.PLACE, about_id=row.pk)
    for hook in bounced_hooks():
        hook(outgoing, [])
    assert Notice.objects.filter(kind="training_came_back", recipient=world.lead_same).exists()


# --- moving, handing on, giving up ------------------------------------------------------------------------------------


def page_of(row):
    return reverse("training:booking", args=[row.pk])


def test_the_page_says_the_last_day_and_what_comes_after_it(world, at):
    early = services.book(making.event(world, days=30), at("uhnm"), by=world.lead_same)
    late = services.book(making.event(world, days=1), early.learner, by=world.lead_same)
    client = browse(world.lead_same)
    assert "The last day to give it up in time is" in client.get(page_of(early)).text
    assert "The last day to give it up in time was" in client.get(page_of(late)).text
    assert "Today nothing is charged for it" in client.get(page_of(late)).text, "there is no tariff"
    day = timezone.localdate() - timedelta(days=1)
    Tariff.objects.create(kind=Tariff.Kind.LATE_CANCEL, amount=30, starts=day, source="A test")
    other = making.event(world, days=2)
    assert "costs the organisation £30.00" in client.get(reverse("training:book", args=[other.pk])).text, "before"
    assert "The organisation is charged £30.00 for it" in client.get(page_of(late)).text
    assert "in time," in composed(letters.PLACE, late).body and "give it up by" in composed(letters.PLACE, early).body
    client.post(page_of(late), {"do": "give_up"})
    assert making.fresh(late).why_ended == "late" and "may be charged" in composed(letters.ENDED, late).body


def test_a_place_is_moved_and_handed_to_a_colleague_who_is_told(world):
    of = making.course(world)
    event, other = making.event(world, of), making.event(world, of, days=60)
    book(event, world.colleague)
    client, row = browse(world.colleague), bookings(event)[0]
    composed(letters.PLACE, row)
    Outgoing.objects.update(state=Outgoing.State.ACCEPTED)
    client.post(page_of(row), {"do": "move", "to": str(other.pk)})
    (moved,) = bookings(other)
    assert (making.fresh(row).why_ended, moved.status) == ("moved", "booked")
    assert b"METHOD:CANCEL" in composed(letters.ENDED, row).invitation.data
    said = {"do": "hand", "name": world.author.name, "email": world.author.email}
    wrong = client.post(page_of(moved), said | {"name": "", "email": "x"})
    assert wrong.status_code == 422 and "Enter the full name" in wrong.text
    client.post(page_of(moved), said)
    new = bookings(other)[-1]
    assert (new.name, new.learner.user, new.status) == (world.author.name, world.author, "booked")
    assert composed(letters.PLACE, new).to == world.author.email
    assert browse(world.author).get(page_of(new)).status_code == 200
    assert client.get(page_of(new)).status_code == 404, "it is the colleague's now"


def test_the_colleagues_of_the_list_are_called_by_name_and_none_has_a_place_already(world):
    event = making.event(world)
    free, there, goes = (
        making.learner(world, world.agencies["uhnm"], f"Colleague {n}", email=f"{n}@uhnm.example") for n in "abc"
    )
    services.book(event, there, by=world.lead_same)
    row = services.book(event, goes, by=world.lead_same)
    page = browse(world.lead_same).get(page_of(row)).text
    assert f"{free.name}, " in page and free.email in page and there.email not in page


def test_needs_that_somebody_changed_meanwhile_are_not_overwritten(world, at):
    row = services.book(making.event(world), at("uhnm"), by=world.lead_same)
    client = browse(world.lead_same)
    assert client.post(page_of(row), {"do": "needs", "needs": "A loop", "version": "1"}).status_code == 302
    stale = client.post(page_of(row), {"do": "needs", "needs": "A ramp", "version": "1"})
    assert stale.status_code == 409 and "A ramp" in stale.text and making.fresh(row).needs == "A loop"


# --- the event --------------------------------------------------------------------------------------------------------


def test_a_cancelled_event_tells_each_person_once_and_clears_the_calendars_that_have_it(world, at):
    event = making.event(world, places=1)
    first, second = (services.book(event, at("uhnm", n), by=world.lead_same) for n in range(2))
    Outgoing.objects.update(state=Outgoing.State.ACCEPTED)
    services.cancel_event(event, by=world.officer, why="The trainer is ill.")
    assert told(letters.ENDED) == 2
    letter, other = composed(letters.ENDED, first), composed(letters.ENDED, second)
    assert letter.subject == "A training event was cancelled" and "The trainer is ill." in letter.body
    assert b"METHOD:CANCEL" in letter.invitation.data and other.invitation is None, "who waited has it in no calendar"


def test_a_changed_event_is_told_with_a_file_that_replaces_the_one_before(world, at):
    event = making.event(world)
    row = services.book(event, at("uhnm"), by=world.lead_same)
    before = composed(letters.PLACE, row).invitation.data
    event.starts_at, event.ends_at, event.version = (
        *(each + timedelta(days=2) for each in (event.starts_at, event.ends_at)),
        2,
    )
    event.save()
    letters.owe_changed(event)
    after = composed(letters.CHANGED, row).invitation.data
    assert b"SEQUENCE:1" in before and b"SEQUENCE:2" in after
    uid = lambda data: next(line for line in data.splitlines() if line.startswith(b"UID"))  # noqa: E731
    assert uid(before) == uid(after)


def test_the_unit_ends_a_booking_with_a_reason_and_gives_a_kept_place_to_who_waits(world, at):
    event = making.event(world, places=2)
    making.reserved(event, places=1, agency=world.agencies["police"])
    first, waits = (services.book(event, at("uhnm", n), by=world.lead_same) for n in range(2))
    client, url = browse(world.officer), reverse("training:event_bookings", args=[event.pk])
    for nobody in ("-" * 36, "nonsense", str(event.pk)):
        assert client.post(url, {"do": "promote", "booking": nobody}).status_code == 404
    client.post(url, {"do": "promote", "booking": str(waits.pk)})
    assert (making.fresh(waits).status, making.fresh(event).taken) == ("booked", 2)
    assert client.post(url, {"do": "end", "booking": str(first.pk), "why": ""}).status_code == 422
    client.post(url, {"do": "end", "booking": str(first.pk), "why": "Asked by telephone."})
    assert "Asked by telephone." in composed(letters.ENDED, first).body
    assert browse(world.lead_same).get(url).status_code == 403


# --- by their day -----------------------------------------------------------------------------------------------------


def test_the_sweep_sends_an_offer_on_and_a_second_run_says_nothing(world, at, monkeypatch):
    event, other = making.event(world, places=1), making.event(world, days=25, places=1)
    for each in (event, other):
        first = services.book(each, at("uhnm", 10 * each.capacity + (each == other)), by=world.lead_same)
        for n in (2, 3):
            learner = Learner.objects.unscoped(WHY).filter(name=f"Person {n}").first() or at("uhnm", n)
            services.book(each, learner, by=world.lead_same)
        services.give_up(first, by=world.lead_same)
    real = services.by_its_day
    monkeypatch.setattr(services, "by_its_day", lambda row: 1 / 0 if row.pk == other.pk else real(row))
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        sweep.sweep(now=timezone.now())
        assert [row.status for row in bookings(event)] == ["ended", "ended", "offered"], (
            "one that breaks stops no other"
        )
        assert [row.status for row in bookings(other)] == ["ended", "offered", "waiting"]
        letters_then = Outgoing.objects.count()
        sweep.sweep(now=timezone.now())
        assert Outgoing.objects.count() == letters_then


def test_two_reminders_leave_by_day_once_each_and_not_to_who_booked_after_them(world, at):
    with time_machine.travel("2026-10-01 09:00", tick=False):
        event = making.event(world, days=40)
        row = services.book(event, at("uhnm"), by=world.lead_same)
    first, second = (rules.day_of(code, event.starts_at) for code in (rules.FIRST_REMINDER, rules.SECOND_REMINDER))
    assert [(timezone.localdate(event.starts_at) - each).days for each in (first, second)] == [14, 5]

    def run(day, hour):
        with time_machine.travel(f"{day}T{hour:02d}:30:00+00:00", tick=False):
            sweep.sweep(now=timezone.now())
            return told(letters.REMIND)

    assert run(first - timedelta(days=1), 12) == 0
    assert run(first, 5) == 0, "nobody is reminded at night"
    assert [run(first, 9), run(first, 10)] == [1, 1]
    with time_machine.travel(f"{second}T08:30:00+00:00", tick=False):
        services.book(event, at("uhnm", 2), by=world.lead_same)
    assert [run(second, 9), run(second, 15)] == [2, 2], "who booked on that day was just told"
    with time_machine.travel(f"{second}T10:00:00+00:00", tick=False):
        assert "You have a place" in composed(letters.REMIND, row).body
        services.give_up(row, by=world.lead_same)
        with pytest.raises(NoLongerWanted):
            composed(letters.REMIND, row)


# --- the list ---------------------------------------------------------------------------------------------------------


def test_a_coordinator_sees_and_takes_out_her_organisation_and_no_other(world, at):
    event = making.event(world)
    evil = making.learner(world, world.agencies["uhnm"], "=1+1", email="evil@uhnm.example")
    ours = services.book(event, evil, by=world.lead_same)
    services.book(event, making.learner(world, world.agencies["mpft"], "Their Person"), by=world.officer)
    Charge.objects.create(folder=event.folder, agency=ours.agency, booking=ours, amount="75.00", words="A tariff")
    client, url = browse(world.lead_same), reverse("training:agency_bookings")
    page = client.get(url, {"time": "all"}).text
    assert "1 booking<" in page and "£75.00" in page and "Their Person" not in page
    file = b"".join(client.post(url, {"take": "csv"}).streaming_content).decode()
    assert "'=1+1" in file and "75.0" in file and "Their Person" not in file
    assert client.get(url, {"agency": str(world.agencies["mpft"].pk)}).text.count("Their Person") == 0
    assert "Their Person" in browse(world.officer).get(url).text


def test_my_training_shows_ones_own_and_leads_on_from_home(world, at):
    event = making.event(world, places=1)
    first = services.book(event, at("mpft"), by=world.officer)
    book(event, world.colleague)
    services.give_up(first, by=world.officer)
    client = browse(world.colleague)
    page = client.get(reverse("training:mine")).text
    assert "A place is offered to you" in page and "Person 1" not in page
    assert "A place is offered to you: " in client.get(reverse("reporting:home")).text


def test_an_event_that_has_begun_is_booked_by_nobody(world):
    event = making.event(world, days=0)
    Event.objects.filter(pk=event.pk).update(starts_at=timezone.now() - timedelta(minutes=1))
    answer = book(event, world.colleague)
    assert answer.status_code == 422 and "has begun" in answer.text and not bookings(event)


def test_who_left_the_organisation_books_there_no_more(world):
    event = making.event(world)
    Membership.objects.filter(user=world.colleague).update(ends=timezone.localdate() - timedelta(days=1))
    assert book(event, world.colleague).status_code in (403, 404) and not bookings(event)
