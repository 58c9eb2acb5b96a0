"""The register of an event: who keeps it and when, two who tick at once, what follows from it and what goes again."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partnership.access import services as access
from partnership.access.flow import Stale
from partnership.access.models import Link
from partnership.access.work import ahead_of, work_of
from partnership.notify.models import Outgoing
from partnership.people.roles import Role
from tests.training import making
from tests.world import sign_in
from training.booking import services as booking
from training.charges import pricing
from training.models import Booking, Certificate, Charge, Completion, Evaluation, Event, Learner, Trainer
from training.register import services

pytestmark = pytest.mark.django_db
A = Booking.Attended
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def at_noon():
    """An event of an hour ago and one in an hour are of today."""
    with time_machine.travel("2026-11-25 12:00", tick=False):
        yield


@pytest.fixture
def held(world):
    """held(n): an event that began an hour ago with n booked, whose trainer is `world.colleague`."""

    def make(n=3, *, key="mpft", **facts):
        event = making.event(world, days=-1 / 24, **facts)
        rows = []
        with time_machine.travel(timezone.now() - timedelta(days=1), tick=False):
            for i in range(n):
                of = making.learner(world, world.agencies[key], f"Person {i}", email=f"p{i}@{key}.example")
                rows.append(booking.book(event, of, by=world.officer, needs=f"Need {i}"))
        _let_in(world, event)
        return event, rows

    return make


def _let_in(world, event):
    access.grant(event.folder, world.colleague, Role.TRAINER, by=world.officer, reason="trains")
    Trainer.objects.create(event=event, user=world.colleague, name="A trainer")


def _marked(world, event, rows, *answers, by=None):
    marks = {row.pk: answer for row, answer in zip(rows, answers, strict=True)}
    read = {row.pk: making.fresh(row).attended for row in rows}
    services.mark(event, by=by or world.colleague, marks=marks, read=read)


def _charged(world):
    pricing.add(
        by=world.officer, kind="absent", until_hours=None, amount=Decimal(50), free=[],
        starts=timezone.localdate() - timedelta(days=2), source="The board",
    )  # fmt: skip


def _all(model, **facts):
    return model.objects.unscoped(making.WHY).filter(**facts)


def test_a_trainer_keeps_the_register_that_she_was_let_into_and_no_other(world, held):
    event, rows = held(1)
    other = making.event(world, days=-1 / 24)
    client = sign_in(Client(), world.colleague)
    page = client.get(reverse("training:register", args=[event.pk])).text
    assert "Person 0" in page and "Need 0" in page
    assert world.agencies["mpft"].name not in page and "p0@" not in page, "the names and no more"
    assert client.get(reverse("training:register", args=[other.pk])).status_code == 403
    assert client.get(reverse("training:came", args=[other.pk, rows[0].pk])).status_code == 403
    with pytest.raises(PermissionDenied):
        services.mark(other, by=world.colleague, marks={}, read={})


def test_two_of_one_name_are_told_apart_by_their_organisation(world, held):
    event, _ = held(1)
    uhnm = world.agencies["uhnm"]
    facts = {"agency": uhnm, "email": "same@uhnm.example", "answer": A.PRESENT}
    services.add_unexpected(event, by=world.colleague, name="person 0", **facts)
    page = sign_in(Client(), world.colleague).get(reverse("training:register", args=[event.pk])).text
    assert world.agencies["mpft"].name in page and uhnm.name in page


def test_a_register_is_kept_from_the_morning_of_the_day_and_complete_once_the_event_has_begun(world):
    event = making.event(world, days=1)  # at noon tomorrow
    row = booking.book(event, making.learner(world, world.agencies["mpft"]), by=world.officer)
    with pytest.raises(ValidationError, match="from the morning of 26 November 2026"):
        services.mark(event, by=world.officer, marks={row.pk: A.PRESENT}, read={})
    with time_machine.travel("2026-11-26 11:00", tick=False):
        services.mark(event, by=world.officer, marks={row.pk: A.PRESENT}, read={})
        with pytest.raises(ValidationError, match="has not begun"):
            services.complete(event, by=world.officer)
        assert booking.give_up(making.fresh(row), by=world.officer).attended == "", "ticked, and gone before it began"


def test_one_tick_is_saved_by_itself_and_another_trainers_is_not_overwritten(world, held):
    event, (row, _, _) = held()
    client, url = sign_in(Client(), world.colleague), reverse("training:register", args=[event.pk])
    tick = {"part": str(row.pk), "version": "", f"mark_{row.pk}": "late"}
    saved = client.post(url, tick, headers=HTMX).json()
    assert saved["version"] == "late" and saved["live"]["counted"].startswith("1 of 3 marked")
    assert client.post(url, tick, headers=HTMX).status_code == 200, "sent twice is saved once"
    assert client.post(url, tick | {f"mark_{row.pk}": "absent"}, headers=HTMX).status_code == 409
    assert making.fresh(row).attended == "late"


def test_without_javascript_all_ticks_go_together_and_a_clash_keeps_what_was_ticked(world, held):
    event, rows = held()
    services.mark(event, by=world.officer, marks={rows[0].pk: A.LATE}, read={})
    client, url = sign_in(Client(), world.colleague), reverse("training:register", args=[event.pk])
    read = json.dumps({str(row.pk): "" for row in rows})
    ticks = {f"mark_{rows[0].pk}": "absent", f"mark_{rows[1].pk}": "present", "read_answers": read}
    clash = client.post(url, ticks)
    assert clash.status_code == 409 and "marked Person 0 as ‘Came late’" in clash.text
    assert making.fresh(rows[1]).attended == "", "nothing of it was saved"
    now = json.dumps({str(row.pk): making.fresh(row).attended for row in rows})
    assert client.post(url, ticks | {"read_answers": now}).status_code == 302
    assert [making.fresh(row).attended for row in rows] == ["absent", "present", ""]


def test_what_is_ticked_is_saved_before_the_rest_are_marked(world, held):
    event, rows = held()
    client, url = sign_in(Client(), world.colleague), reverse("training:register", args=[event.pk])
    read = json.dumps({str(row.pk): "" for row in rows})
    assert (
        client.post(url, {f"mark_{rows[1].pk}": "absent", "read_answers": read, "rest": "present"}).status_code == 302
    )
    assert [making.fresh(row).attended for row in rows] == ["present", "absent", "present"]
    assert client.post(url, {"undo": "nonsense", "read_answers": "{}"}).status_code == 404
    client.post(url, {"undo": str(rows[0].pk), "read_answers": "nonsense"})
    assert making.fresh(rows[0]).attended == ""


def test_a_tick_for_a_place_that_was_given_up_meanwhile_is_refused(world, held):
    event, (row, *_) = held()
    _all(Booking, pk=row.pk).update(status="ended", why_ended="cancelled")
    tick = {"part": str(row.pk), "version": "", f"mark_{row.pk}": "late"}
    url = reverse("training:register", args=[event.pk])
    assert sign_in(Client(), world.colleague).post(url, tick, headers=HTMX).status_code == 409


def test_the_code_of_a_ticket_shows_a_button_and_marks_nobody_by_being_looked_at(world, held):
    event, (row, *_) = held()
    client, url = sign_in(Client(), world.colleague), reverse("training:came", args=[event.pk, row.pk])
    assert "Person 0" in client.get(url).text and making.fresh(row).attended == ""
    client.post(url, {"read": ""})
    assert making.fresh(row).attended == "present"
    assert sign_in(Client(), world.author_other).get(url).status_code == 403
    another = making.event(world)
    assert sign_in(Client(), world.officer).get(reverse("training:came", args=[another.pk, row.pk])).status_code == 404


def test_somebody_at_the_door_is_found_by_the_address_and_a_full_event_gets_one_place_more(world, held):
    event, _ = held(2, places=2)
    known = making.learner(world, world.agencies["uhnm"], "Known", email="known@uhnm.example")
    facts = {"by": world.colleague, "agency": known.agency, "answer": A.PRESENT}
    row = services.add_unexpected(event, name="Known", email="KNOWN@uhnm.example", **facts)
    event = making.fresh(event)
    assert (row.learner_id, row.unexpected, event.taken, event.capacity) == (known.pk, True, 3, 3)
    for name, email in (("Known", "known@uhnm.example"), ("Somebody", "p0@mpft.example")):
        with pytest.raises(ValidationError, match="on the register already"):
            services.add_unexpected(event, name=name, email=email, **facts)
    nameless = services.add_unexpected(event, name=" <b>New</b>  One", email="", **facts)
    with pytest.raises(ValidationError, match="on the register already"):
        services.add_unexpected(event, name="<b>new</b> one", email="", **facts)
    assert "<b>New" not in sign_in(Client(), world.colleague).get(reverse("training:register", args=[event.pk])).text
    services.undo(event, nameless.pk, by=world.colleague)
    assert (making.fresh(nameless).why_ended, making.fresh(event).taken) == ("mistake", 3)


def test_who_waits_for_a_place_and_comes_to_the_door_gets_one(world):
    event = making.event(world, days=1 / 24, places=1)
    booking.book(event, making.learner(world, world.agencies["mpft"], email="a@mpft.example"), by=world.officer)
    of = making.learner(world, world.agencies["uhnm"], email="b@uhnm.example")
    waiting = booking.book(event, of, by=world.officer)
    facts = {"name": of.name, "agency": of.agency, "email": of.email, "answer": A.PRESENT}
    row = services.add_unexpected(event, by=world.officer, **facts)
    assert (making.fresh(waiting).why_ended, row.status) == ("no_room", "booked")


def test_a_person_at_the_door_with_an_account_there_is_tied_to_it(world, held):
    event, _ = held(0)
    facts = {"agency": world.agencies["mpft"], "email": world.lead_other.email, "answer": A.PRESENT}
    services.add_unexpected(event, by=world.officer, name="Her", **facts)
    assert _all(Learner, name="Her").get().user_id == world.lead_other.pk
    type(world.author).objects.filter(pk=world.author.pk).update(shared_address=True)
    facts |= {"agency": world.author.memberships.first().agency, "email": world.author.email}
    services.add_unexpected(event, by=world.officer, name="Of An Office", **facts)
    assert _all(Learner, name="Of An Office").get().user is None, "whoever reads an office's post is not her"


def test_a_complete_register_makes_what_follows_from_it_and_is_refused_with_a_name_unmarked(world, held):
    event, rows = held(4)
    _charged(world)
    _marked(world, event, rows[:3], A.PRESENT, A.LEFT_EARLY, A.ABSENT)
    with pytest.raises(ValidationError, match="1 of those booked has no mark"):
        services.complete(event, by=world.colleague)
    services.mark_rest(event, by=world.colleague, answer=A.LEFT_EARLY)
    services.complete(event, by=world.colleague, counting={rows[1].pk})
    assert making.fresh(event).status == Event.Status.DELIVERED
    assert {row.booking_id for row in _all(Completion)} == {rows[0].pk, rows[1].pk}
    assert {(row.booking_id, row.amount) for row in _all(Charge)} == {(rows[2].pk, 50)}
    for row in (*rows[:2], rows[3]):
        making.say(row)
    assert {row.booking_id for row in _all(Certificate)} == {rows[0].pk, rows[1].pk}
    with pytest.raises(Stale):
        services.complete(event, by=world.colleague)


def test_a_long_register_is_complete_with_as_many_questions_as_a_short_one(world, held):
    _charged(world)
    asked, made = [], []
    for n, key in ((1, "uhnm"), (5, "mpft")):
        event, rows = held(5 * n, key=key, places=30)
        for row in rows[::5]:  # without an account or an address nobody can be asked: the certificate waits for nothing
            Learner.objects.unscoped(making.WHY).filter(pk=row.learner_id).update(email="", key="")
        _marked(world, event, rows, *[A.PRESENT, A.PRESENT, A.ABSENT, A.LEFT_EARLY, A.LEFT_EARLY] * n)
        with CaptureQueriesContext(connection) as queries:
            services.complete(event, by=world.colleague, counting={row.pk for row in rows[3::5]})
        asked.append(len(queries))
        of = {"booking__event": event}
        models = (Completion, Charge, Evaluation, Certificate)
        letters = Outgoing.objects.filter(about_id__in=_all(Evaluation, **of).values("pk"))
        kept = Link.objects.filter(object_id__in=_all(Evaluation, **of).values("pk"))
        made.append([*(_all(model, **of).count() for model in models), letters.count(), kept.count()])
    assert made == [[3, 1, 3, 1, 3, 3], [15, 5, 15, 5, 15, 15]]
    assert asked[0] == asked[1] < 60


def test_a_corrected_mark_takes_back_what_hung_on_it_and_nothing_else(world, held):
    event, rows = held(3)
    _charged(world)
    _marked(world, event, rows, A.PRESENT, A.PRESENT, A.ABSENT)
    services.complete(event, by=world.colleague)
    making.say(rows[0])
    making.say(rows[1])
    kept = _all(Certificate, booking=rows[1]).get()
    with pytest.raises(Stale):
        _marked(world, event, rows[:1], A.ABSENT)
    with pytest.raises(PermissionDenied):
        services.correct(event, by=world.colleague)
    services.correct(event, by=world.officer)
    _marked(world, event, [rows[0], rows[2]], A.ABSENT, A.PRESENT)
    services.complete(event, by=world.officer)
    gone = _all(Certificate, booking=rows[0]).get()
    assert gone.revoked_at and "register was corrected" in gone.why_revoked
    assert making.fresh(kept).revoked_at is None, "who was marked rightly keeps the certificate"
    assert {row.booking_id for row in _all(Charge)} == {rows[0].pk}
    assert {row.booking_id for row in _all(Completion)} == {rows[1].pk, rows[2].pk}


def test_an_upload_of_the_same_day_counts_once_and_the_certificate_is_issued_all_the_same(world, held):
    event, (row,) = held(1)
    of = making.fresh(row).learner
    uploaded = Completion.objects.create(
        folder=of.folder, agency=of.agency, learner=of, course=event.course, how="single",
        completed_on=timezone.localdate(event.ends_at),
    )  # fmt: skip
    _marked(world, event, [row], A.PRESENT)
    services.complete(event, by=world.colleague)
    making.say(row)
    assert list(_all(Completion)) == [uploaded] and _all(Certificate).count() == 1


def test_home_tells_the_trainer_of_her_registers_and_the_unit_how_many_are_not_complete(world):
    past, coming = making.event(world, days=-3), making.event(world, days=3)
    for event in (past, coming):
        _let_in(world, event)
    url = {event.pk: reverse("training:register", args=[event.pk]) for event in (past, coming)}
    assert [work.url for work in work_of(world.colleague)[0] if "egister" in work.what] == [url[past.pk]]
    assert [work.url for work in ahead_of(world.colleague) if "train" in work.what] == [url[coming.pk]]
    assert any("1 register of past events" in work.what for work in work_of(world.officer)[0])
    assert not [work for work in work_of(world.lead_other)[0] if "egister" in work.what]
    assert "To be completed" in sign_in(Client(), world.colleague).get(reverse("training:registers")).text


def _more(world, n):
    """One more event that is over, on it one more with a certificate, and one who was charged."""
    event = making.event(world, days=-4 - n, status="open")
    first = Event.objects.order_by("starts_at").last()
    for on in (event, first):
        of = making.learner(world, world.agencies["uhnm"], f"Person {n}", email=f"p{n}-{on.pk}@uhnm.example")
        row = Booking.objects.create(
            folder=on.folder, event=on, agency=of.agency, learner=of, name=of.name, status="booked", needs="A loop"
        )
    shared = {"folder": row.folder, "agency": row.agency, "booking": row}
    Certificate.objects.create(
        **shared, learner=row.learner, code=f"{n}", name=of.name, title="Course", completed_on=timezone.localdate()
    )
    Charge.objects.create(**shared, amount=Decimal(50), words="Tariff")


@pytest.mark.parametrize("page", ["registers", "register", "certificates", "charges"])
def test_a_page_asks_as_much_for_five_rows_as_for_one(world, page):
    first = making.event(world, days=-1 / 24)
    url = reverse(f"training:{page}", args=[first.pk] if page == "register" else [])
    client = sign_in(Client(), world.officer)
    counts = []
    for n in range(6):
        _more(world, n)
        with CaptureQueriesContext(connection) as asked:
            text = client.get(url).text
        counts.append((len(asked), len(text)))
    assert counts[5][1] > counts[1][1] and counts[5][0] == counts[1][0]
