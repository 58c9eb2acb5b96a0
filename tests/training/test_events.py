"""Events as the business unit plans them: their day, their places, their trainers; moved, cancelled, copied."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from partnership.access.flow import Stale
from partnership.access.models import FolderGrant
from partnership.access.rows import can
from partnership.notify.models import Outgoing
from partnership.people.models import Area, Closure
from partnership.people.roles import Perm
from tests.training import making
from tests.walk.post import day, moment
from tests.world import sign_in
from training import rules
from training.booking import letters
from training.booking import services as booking
from training.events import copying, forms, reads, reserving, services, trainers
from training.models import Booking, Event, Joining

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
NOW = "2027-01-11 09:00"  # a Monday


def london(*parts) -> datetime:
    return datetime(*parts, tzinfo=LONDON)


@pytest.fixture
def people(world):
    """people(n): so many of one organisation, each with an address."""
    return lambda many: [
        making.learner(world, world.agencies["uhnm"], f"Person {n}", email=f"p{n}@uhnm.example") for n in range(many)
    ]


@pytest.fixture
def course(world):
    return making.course(world, summary="S", audience="A", capacity=20, minimum=4)


@pytest.fixture
def planned(world, course):
    """An event on Tuesday 2 March 2027, ten to four."""
    with time_machine.travel(NOW, tick=False):
        facts = {"starts_at": london(2027, 3, 2, 10), "ends_at": london(2027, 3, 2, 16), "mode": "venue"}
        row = services.plan(by=world.officer, course=course, venue="Town Hall", words="Ring the bell.", **facts)
        yield row


def written(code) -> int:
    """How many letters of a kind are owed."""
    return Outgoing.objects.filter(template=code).count()


def facts_of(row, **otherwise):
    facts = {name: getattr(row, name) for name in forms.FACTS}
    return facts | {"version": row.version, "words": "Ring the bell."} | otherwise


def change(world, row, **otherwise):
    return services.change(row, by=world.officer, **facts_of(making.fresh(row), **otherwise))


def test_an_event_takes_the_numbers_of_its_course_and_is_seen_by_the_unit_alone(client, world, planned):
    assert (planned.capacity, planned.minimum, planned.status) == (20, 4, "planned")
    assert planned.folder.path[:-1] == planned.course.folder.path
    with pytest.raises(PermissionDenied):
        services.plan(by=world.lead_same, course=planned.course, starts_at=planned.starts_at, ends_at=planned.ends_at)
    told = Joining.objects.unscoped(making.WHY).get(event=planned)
    assert told.words == "Ring the bell."


@pytest.mark.parametrize(
    "field, otherwise",
    [
        ("ends_at", {"ends_at": london(2027, 3, 2, 9)}),
        ("ends_at", {"ends_at": london(2027, 4, 2, 16)}),
        ("starts_at", {"starts_at": london(2026, 3, 2, 10), "ends_at": london(2026, 3, 2, 16)}),
        ("starts_at", {"starts_at": london(2072, 3, 2, 10), "ends_at": london(2072, 3, 2, 16)}),
        ("minimum", {"minimum": 21}),
        ("closes_on", {"closes_on": date(2027, 3, 3)}),
        ("opens_on", {"opens_on": date(2027, 3, 2), "closes_on": date(2027, 3, 1)}),
    ],
)
def test_what_cannot_be_is_refused_at_the_box_that_is_wrong(world, planned, field, otherwise):
    with pytest.raises(ValidationError) as refused:
        change(world, planned, **otherwise)
    assert list(refused.value.error_dict) == [field]


def test_an_event_opens_with_a_place_and_an_offered_course(world, planned):
    row = change(world, planned, venue="")
    with pytest.raises(ValidationError, match="Say where"):
        services.open_for_booking(row, by=world.officer)
    row = change(world, row, venue="Town Hall")
    type(row.course).objects.update(status="withdrawn")
    row.course.refresh_from_db()
    with pytest.raises(ValidationError, match="not in the catalogue"):
        services.open_for_booking(row, by=world.officer)
    type(row.course).objects.update(status="offered")
    row.course.refresh_from_db()
    assert services.open_for_booking(row, by=world.officer).status == "open"


def test_fewer_places_than_are_booked_are_refused_with_their_number_and_nothing_typed_is_lost(client, world, people):
    event = making.event(world, places=3)
    for who in people(2):
        booking.book(event, who, by=world.officer)
    sign_in(client, world.officer)
    sent = moment("starts_at", event.starts_at) | moment("ends_at", event.ends_at) | {"version": event.version}
    sent |= {"mode": "venue", "venue": "Another hall", "capacity": "1", "minimum": "0"}
    page = client.post(reverse("training:event_edit", args=[event.pk]), sent)
    assert page.status_code == 422
    assert "2 people have a place" in page.content.decode() and "Another hall" in page.content.decode()
    assert making.fresh(event).capacity == 3 and making.fresh(event).venue == "Town Hall"


def test_places_and_minimum_shrink_and_grow_together_and_more_places_serve_who_waits(world, planned, people):
    row = change(world, planned, capacity=3, minimum=3)
    row = services.open_for_booking(row, by=world.officer)
    rows = [booking.book(row, who, by=world.officer) for who in people(4)]
    assert rows[3].status == "waiting"
    row = change(world, row, capacity=12, minimum=10)
    assert (row.capacity, row.minimum, making.fresh(rows[3]).status) == (12, 10, "offered")


def test_a_change_of_day_moves_everybody_and_what_hangs_on_the_day(world, planned, people):
    row = services.open_for_booking(planned, by=world.officer)
    trainers.add(row, by=world.officer, name="Tess", user=world.colleague)
    kept = reserving.reserve(row, by=world.officer, places=2, kind="school")
    rows = [booking.book(row, who, by=world.officer) for who in people(19)]
    booking.give_up(rows[0], by=world.officer)
    offered = Booking.objects.unscoped(making.WHY).get(event=row, status="offered")
    row = change(world, row, starts_at=london(2027, 1, 12, 10), ends_at=london(2027, 1, 12, 16))
    assert written(letters.CHANGED) == 18
    assert making.fresh(offered).offered_until <= row.starts_at
    assert making.fresh(kept).release_on == kept.release_on - timedelta(days=49)
    (grant,) = FolderGrant.objects.live().filter(content_object=row.pk, user=world.colleague)
    assert timezone.localdate(grant.ends) == rules.day_of(rules.TRAINER_ENDS, row.ends_at)
    change(world, row, minimum=2)
    assert written(letters.CHANGED) == 18, "what nobody has to know is told to nobody"


def test_an_event_that_is_moved_over_the_clock_change_keeps_its_hour_in_london(client, world, planned):
    sign_in(client, world.officer)
    url = reverse("training:event_edit", args=[planned.pk])
    sent = {"version": planned.version, "mode": "venue", "venue": "Town Hall", "capacity": "20", "minimum": "4"}
    at = day("starts_at", date(2027, 3, 30)) | {"starts_at_time": "10:00"}
    at |= day("ends_at", date(2027, 3, 30)) | {"ends_at_time": "16:00"}
    assert client.post(url, sent | at).status_code == 302
    row = making.fresh(planned)
    assert row.starts_at == london(2027, 3, 30, 10) == datetime(2027, 3, 30, 9, tzinfo=ZoneInfo("UTC"))
    skipped = at | day("starts_at", date(2027, 3, 28)) | {"starts_at_time": "01:30"}
    page = client.post(url, sent | skipped | {"version": row.version})
    assert page.status_code == 422 and "did not exist" in page.content.decode()


def test_two_windows_on_one_event_lose_no_word(client, world, planned):
    sign_in(client, world.officer)
    url = reverse("training:event_edit", args=[planned.pk])
    sent = moment("starts_at", planned.starts_at) | moment("ends_at", planned.ends_at)
    sent |= {"version": planned.version, "mode": "venue", "capacity": "20", "minimum": "4", "venue": "Town Hall"}
    assert client.post(url, sent | {"words": "Their words."}).status_code == 302
    clash = client.post(url, sent | {"words": "My words."})
    said = clash.content.decode()
    assert clash.status_code == 409 and "Their words." in said and "My words." in said


def test_a_cancelled_event_lets_its_trainers_out_and_tells_each_once(client, world, planned, people):
    row = services.open_for_booking(planned, by=world.officer)
    trainers.add(row, by=world.officer, name="Tess", user=world.colleague)
    for who in people(2):
        booking.book(row, who, by=world.officer)
    sign_in(client, world.officer)
    url = reverse("training:event_cancel", args=[row.pk])
    assert client.post(url, {"why": " "}).status_code == 422
    assert client.post(url, {"why": "The trainer is ill."}).status_code == 302
    assert written(letters.ENDED) == 2
    assert not can(world.colleague, Perm.REGISTER_KEEP, row.folder)
    again = client.post(url, {"why": "Another reason."})
    assert again.status_code == 409 and "Another reason." in again.content.decode() and written(letters.ENDED) == 2


def test_a_trainer_keeps_the_register_of_this_event_and_of_no_other(world, planned):
    other = making.event(world, planned.course)
    row = trainers.add(planned, by=world.officer, name="Tess", user=world.colleague)
    keeps = lambda of: can(world.colleague, Perm.REGISTER_KEEP, of.folder)  # noqa: E731
    assert keeps(planned) and not keeps(other)
    with pytest.raises(ValidationError, match="already"):
        trainers.add(planned, by=world.officer, name="Tess again", user=world.colleague)
    with pytest.raises(PermissionDenied):
        trainers.add(planned, by=world.lead_same, name="Me", user=world.lead_same)
    trainers.remove(row, by=world.officer)
    assert not keeps(planned)
    trainers.add(planned, by=world.officer, name="I myself", user=world.officer)
    trainers.add(planned, by=world.officer, name="A name alone")
    assert not FolderGrant.objects.live().filter(content_object=planned.pk).exists()


def test_a_trainer_whose_account_is_off_does_not_stop_the_event_from_moving(world, planned):
    trainers.add(planned, by=world.officer, name="Tess", user=world.colleague)
    type(world.colleague).objects.filter(pk=world.colleague.pk).update(is_active=False)
    row = change(world, planned, starts_at=london(2027, 4, 6, 10), ends_at=london(2027, 4, 6, 16))
    assert row.starts_at == london(2027, 4, 6, 10) and row.trainers.count() == 1


def test_no_more_places_are_reserved_than_are_free_and_the_usual_day_is_the_rules(world, planned, people):
    row = services.open_for_booking(change(world, planned, capacity=4), by=world.officer)
    rows = [booking.book(row, who, by=world.officer) for who in people(3)]
    police = world.agencies["police"]
    with pytest.raises(ValidationError, match="Only 1 of the free places"):
        reserving.reserve(row, by=world.officer, places=2, agency=police)
    kept = reserving.reserve(row, by=world.officer, places=1, agency=police)
    assert kept.release_on == date(2027, 2, 16), "ten working days before 2 March 2027"
    with pytest.raises(ValidationError, match="already"):
        reserving.reserve(row, by=world.officer, places=1, agency=police)
    with pytest.raises(ValidationError, match="day"):
        reserving.reserve(row, by=world.officer, places=1, kind="school", release_on=date(2027, 3, 3))
    waits = booking.book(row, making.learner(world, world.agencies["mpft"], "Waits"), by=world.officer)
    reserving.release(kept, by=world.officer)
    assert (waits.status, making.fresh(waits).status, len(rows)) == ("waiting", "offered", 3)


# --- a term copied ----------------------------------------------------------------------------------------------------

TERM = {"first": date(2027, 3, 1), "last": date(2027, 3, 31)}


def copy(world, found, **otherwise):
    chosen = {str(line.event.pk) for line in found.lines}
    facts = {"seen": found.seen, "chosen": chosen, **TERM} | otherwise
    return copying.copy(by=world.officer, partnership=world.partnership, **facts)


def test_a_copied_term_keeps_its_hours_and_what_was_said_and_asks_nobody(world, planned):
    row = services.open_for_booking(
        change(world, planned, mode="online", address="https://meet.example"), by=world.officer
    )
    trainers.add(row, by=world.officer, name="Tess")
    reserving.reserve(row, by=world.officer, places=2, agency=world.agencies["police"])
    (made,) = copy(world, copying.preview(**TERM, weeks=4), weeks=4)
    assert made.starts_at == london(2027, 3, 30, 10) and made.ends_at == london(2027, 3, 30, 16), (
        "over the clock change"
    )
    assert (made.status, made.copied_from_id, made.taken) == ("planned", row.pk, 0)
    told = Joining.objects.unscoped(making.WHY).get(event=made)
    assert (told.words, told.address) == ("Ring the bell.", "")
    assert made.reserved.get().release_on == date(2027, 3, 16) and not made.trainers.exists()


def test_a_copy_goes_round_bank_holidays_and_school_holidays(world, planned):
    easter = 4  # weeks after Monday 1 March 2027 is Easter Monday
    monday = {"starts_at": london(2027, 3, 1, 10), "ends_at": london(2027, 3, 1, 16)}
    change(world, planned, **monday)
    (line,) = copying.preview(**TERM, weeks=easter).lines
    assert line.day == date(2027, 4, 5) and "bank holiday" in line.why
    area = Area.objects.filter(kind="authority").first()
    days = {"starts": date(2027, 4, 3), "ends": date(2027, 4, 17)}
    Closure.objects.create(area=area, name="Easter", **days)
    (line,) = copying.preview(**TERM, weeks=easter, schools=area).lines
    assert line.day == date(2027, 4, 19)


def test_no_event_is_copied_twice(world, planned):
    found = copying.preview(**TERM, weeks=8)
    copy(world, found, weeks=8)
    again = copying.preview(**TERM, weeks=8)
    assert again.lines[0].is_there and not again.lines[0].chosen
    with pytest.raises(Stale):
        copy(world, found, weeks=8)
    assert Event.objects.count() == 2
    change(world, planned, starts_at=london(2027, 3, 3, 10), ends_at=london(2027, 3, 3, 16))
    with pytest.raises(Stale, match="others now"):
        copy(world, found, weeks=8)


def test_a_term_is_copied_by_two_pages(client, world, planned):
    sign_in(client, world.officer)
    url = reverse("training:events_copy")
    sent = day("first", TERM["first"]) | day("last", TERM["last"]) | {"weeks": "8"}
    page = client.post(url, sent)
    assert page.status_code == 200 and "Nothing is planned yet" in page.content.decode() and Event.objects.count() == 1
    seen = {"confirm": "1", "seen": page.context["preview"].seen}
    assert "Tick the events" in client.post(url, sent | seen).content.decode()
    assert client.post(url, sent | seen | {"take": [str(planned.pk)]}).status_code == 302
    assert client.post(url, sent | seen | {"take": [str(planned.pk)]}).status_code == 200
    assert Event.objects.count() == 2


# --- lists ------------------------------------------------------------------------------------------------------------


def test_the_list_finds_what_has_too_few_people_and_what_is_over(world, people):
    course = making.course(world)
    few = making.event(world, course, minimum=3)
    enough = making.event(world, course, minimum=1, places=1)
    over = making.event(world, course, days=-2)
    for who in people(2):
        booking.book(enough, who, by=world.officer)
    ids = lambda **asked: [each.event.pk for each in reads.events(world.officer, asked)]  # noqa: E731
    assert ids(shown="few") == [few.pk] and ids(shown="full") == [enough.pk] and ids(shown="past") == [over.pk]
    (line,) = reads.events(world.officer, {"shown": "full"})
    assert line.waiting == 1 and not line.too_few


def test_open_events_stand_in_everybodys_forward_plan_and_planned_ones_in_the_units(world):
    course = making.course(world)
    opened, planned = making.event(world, course), making.event(world, course, status="planned")
    today = timezone.localdate()
    keys = lambda user: [each.key for each in reads.entries(user, today, today + timedelta(days=60), None)]  # noqa: E731
    assert keys(world.colleague) == [f"training-{opened.pk}"]
    assert set(keys(world.officer)) == {f"training-{opened.pk}", f"training-{planned.pk}"}
    assert keys(world.nobody) == []
