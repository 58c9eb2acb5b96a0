"""Planning meetings: one, a year of them, standing items; who may, and what is refused."""

import re
from datetime import date, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from boards.agenda.reads import agenda
from boards.demo import fill_groups
from boards.demo_meetings import PATTERNS, fill_meetings
from boards.groups.services import add_seat, close_group
from boards.meetings import hooks, reads, services, standing
from boards.meetings.pattern import day_of
from boards.models import Group, Invitee, Item, Meeting, Series
from partnership.access import services as access
from partnership.access.flow import Stale
from partnership.access.kept import new_token
from partnership.access.work import ahead_of
from partnership.actions.planning import calendar, feeds
from partnership.directory.demo import people
from partnership.people.models import Area, Closure
from partnership.people.roles import Role
from partnership.trail.models import Event
from tests.boards import making
from tests.world import london, sign_in

pytestmark = pytest.mark.django_db

ITEM = {
    "purpose": "note", "months": [], "minutes_allowed": None, "presenter": "", "priority": None, "duty": None,
}  # fmt: skip


def read(client, user, name, *args):
    return sign_in(client, user).get(reverse(f"boards:{name}", args=args))


def fresh(row):
    return type(row).objects.unscoped("a test looks").get(pk=row.pk)


def facts_of(row, **changed):
    return {name: getattr(row, name) for name in services.FIELDS} | changed


def test_a_meeting_shows_when_where_and_the_agenda_that_its_reader_sees(client, world):
    group = making.group(world)
    meeting = making.meeting(group, title="Spring meeting", place="Civic Centre")
    making.item(meeting, "Learning from audits")
    hidden = making.restricted_item(meeting, "A hidden matter", by=world.manager)
    access.grant(hidden.folder, world.manager, Role.CASE_LEAD, by=None, reason="Takes the item")
    making.item(meeting, "Next steps")
    page = read(client, world.officer, "meeting", meeting.pk).content.decode()
    assert "Civic Centre" in page and "Learning from audits" in page
    assert "A hidden matter" not in page and ">R1<" not in page
    assert [line.number for line in agenda(world.officer, meeting)] == ["1", "2"], "no gap tells of another"
    shown = read(client, world.manager, "meeting", meeting.pk).content.decode()
    assert "A hidden matter" in shown
    assert [line.number for line in agenda(world.manager, meeting)] == ["1", "2", "R1"]
    assert read(client, world.colleague, "meeting", meeting.pk).status_code == 404


def test_the_list_has_the_meetings_that_one_may_see_and_no_filter_tells_of_others(client, world):
    ours, theirs = making.group(world, "Practice"), making.group(world, "Quality of practice")
    making.meeting(ours, title="Of the group")
    case = making.Meeting.objects.create(
        folder=world.ours.folder, title="Panel of the case", starts_at=timezone.now() + timedelta(days=3)
    )
    making.meeting(theirs, title="Of the other group", days=40)
    page = read(client, world.panel, "meetings").content.decode()
    assert case.title in page and world.ours.folder.reference in page
    assert "Of the group" not in page and f'value="{ours.pk}"' not in page
    page = read(client, world.officer_outside, "meetings").content.decode()
    assert "Of the group" in page and case.title not in page and world.ours.folder.reference not in page


def test_a_meeting_of_a_group_that_has_ended_or_after_its_last_day_is_refused_in_a_sentence(world):
    group, today = making.group(world), timezone.localdate()
    close_group(group, by=world.manager, ends=today + timedelta(days=20))
    group = Group.objects.select_related("folder").get(pk=group.pk)
    plan = {"by": world.officer, "title": "Late"}
    services.plan(group.folder, starts_at=timezone.now() + timedelta(days=10), **plan)
    with pytest.raises(ValidationError, match="The last day of this group is"):
        services.plan(group.folder, starts_at=timezone.now() + timedelta(days=20), **plan)
    Group.objects.filter(pk=group.pk).update(ends=today)
    with pytest.raises(ValidationError, match="This group has ended"):
        services.plan(group.folder, starts_at=timezone.now(), **plan)
    with pytest.raises(PermissionDenied):
        services.plan(making.group(world, "Other").folder, by=world.board_member, title="A", starts_at=timezone.now())


def test_a_meeting_that_was_called_tells_those_who_listen_of_a_move_and_of_its_end(world, monkeypatch):
    told = []
    monkeypatch.setattr(hooks, "_changed", [lambda row, by: told.append(("moved", row.starts_at))])
    monkeypatch.setattr(hooks, "_cancelled", [lambda row, by: told.append(("cancelled", row.note))])
    row, later = making.meeting(making.group(world)), timezone.now() + timedelta(days=30)
    services.change(row, by=world.officer, version=1, **facts_of(row, starts_at=later))
    assert not told, "nobody is called yet"
    Meeting.objects.filter(pk=row.pk).update(status=Meeting.Status.CALLED)
    row = fresh(row)
    services.change(row, by=world.officer, version=2, **facts_of(row))
    assert not told, "nothing was changed"
    services.change(row, by=world.officer, version=2, **facts_of(row, starts_at=later + timedelta(hours=1)))
    services.cancel(fresh(row), by=world.officer, note="Too few can come.")
    assert told == [("moved", later + timedelta(hours=1)), ("cancelled", "Too few can come.")]
    with pytest.raises(Stale, match="is cancelled"):
        services.change(row, by=world.officer, version=3, **facts_of(row, place="Elsewhere"))
    assert services.reinstate(fresh(row), by=world.officer).status == Meeting.Status.PLANNED
    assert "Too few" not in str(list(Event.objects.filter(object_id=row.pk).values_list("data")))


def test_an_edit_in_two_tabs_keeps_both_texts(client, world):
    row = making.meeting(making.group(world), place="Room 1")
    services.change(row, by=world.manager, version=1, **facts_of(row, place="Room 2"))
    sign_in(client, world.officer)
    local = timezone.localtime(row.starts_at)
    typed = {
        "title": row.title, "place": "Room 3", "version": 1, "until": "",
        "starts_at_day": local.day, "starts_at_month": local.month, "starts_at_year": local.year,
        "starts_at_time": local.strftime("%H:%M"),
    }  # fmt: skip
    url = reverse("boards:meeting_edit", args=[row.pk])
    answer = client.post(url, typed)
    assert answer.status_code == 409
    assert "Room 2" in answer.content.decode() and "Room 3" in answer.content.decode()
    assert client.post(url, typed | {"version": 2}).status_code == 302
    assert fresh(row).place == "Room 3"


def test_a_meeting_is_held_when_it_has_begun_and_not_before(world):
    row = making.meeting(making.group(world), days=1)
    with pytest.raises(ValidationError, match="has not begun yet"):
        services.hold(row, by=world.officer)
    Meeting.objects.filter(pk=row.pk).update(starts_at=timezone.now() - timedelta(hours=2))
    held = services.hold(fresh(row), by=world.officer)
    assert held.status == Meeting.Status.HELD and held.held_at == held.starts_at
    with pytest.raises(ValidationError, match="must not lie ahead"):
        later = timezone.now() + timedelta(days=1)
        services.change(held, by=world.officer, version=1, **facts_of(held, starts_at=later))
    Meeting.objects.filter(pk=row.pk).update(minutes_status=Meeting.Minutes.CIRCULATED)
    with pytest.raises(ValidationError, match="circulated"):
        services.unhold(fresh(row), by=world.officer)


# --- a year of meetings -----------------------------------------------------------------------------------------------

TYPED = {
    "title": "Practice board", "begins_at": "10am", "minutes": "120", "place": "Civic Centre", "link": "",
    "every_1": "1", "week_1": "2", "weekday_1": "1", "every_2": "3", "week_2": "2", "weekday_2": "1",
}  # fmt: skip


def days_typed(year):
    spans = {"first_1": (1, 4, year), "last_1": (31, 7, year), "first_2": (1, 8, year), "last_2": (31, 3, year + 1)}
    return {
        f"{name}_{part}": value
        for name, triple in spans.items()
        for part, value in zip(("day", "month", "year"), triple, strict=True)
    }


def hidden_of(page):
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.split("<table")[0].split("<h1")[1])
    ticked = re.findall(r'name="day" value="([^"]+)" id="day-\d+" checked', page)
    return dict(found) | {"day": ticked}


def test_a_year_is_shown_with_what_moved_and_then_planned_once(client, world):
    group, area = making.group(world), Area.objects.get(slug="stoke-on-trent")
    year = timezone.localdate().year + 1
    Closure.objects.create(
        name="Half term", area=area, starts=date(year, 5, 8), ends=date(year, 5, 15), source="A list"
    )
    other = making.group(world, "Performance")
    making.meeting(other, starts_at=london(*day_of(date(year, 6, 1), 2, 1).timetuple()[:3], 14))
    url = reverse("boards:series_add", args=[group.pk])
    typed = TYPED | days_typed(year) | {"schools": area.pk, "form_token": new_token(world.officer)}
    page = sign_in(client, world.officer).post(url, typed).content.decode()
    second_tuesday = day_of(date(year, 5, 1), 2, 1)
    assert f"From Tuesday {second_tuesday.day} May {year}: the schools are closed" in page
    assert "Performance, 2pm" in page, "who else meets on that day"
    assert not Series.objects.unscoped("a test looks").exists(), "nothing is made before it was shown"
    hidden = hidden_of(page)
    assert len(hidden["day"]) == 7, "four months, then three quarters"
    first = client.post(url, hidden | {"confirm": "1"})
    again = client.post(url, hidden | {"confirm": "1"})
    assert first.status_code == again.status_code == 302 and first["Location"] == again["Location"]
    made = Meeting.objects.unscoped("a test looks").filter(group=group)
    assert made.count() == 7 and {timezone.localtime(row.starts_at).hour for row in made} == {10}, "on both clocks"
    assert made.earliest("starts_at").ends_at - made.earliest("starts_at").starts_at == timedelta(hours=2)
    assert Event.objects.filter(verb="series_planned").count() == 1
    page = read(client, world.officer, "series", Series.objects.unscoped("a test looks").get().pk).content.decode()
    assert f"from 1 April {year} to 31 July {year}" in page


def test_days_that_moved_between_preview_and_confirmation_are_shown_again(client, world):
    group, year = making.group(world), timezone.localdate().year + 1
    url = reverse("boards:series_add", args=[group.pk])
    area = Area.objects.get(slug="stoke-on-trent")
    holiday = Closure.objects.create(name="Trips", area=area, starts=date(year, 8, 1), ends=date(year, 8, 2))
    page = sign_in(client, world.officer).post(url, TYPED | days_typed(year) | {"schools": area.pk}).content.decode()
    Closure.objects.filter(pk=holiday.pk).update(starts=date(year, 6, 1), ends=date(year, 6, 16))
    answer = client.post(url, hidden_of(page) | {"confirm": "1"})
    assert "The days are others now" in answer.content.decode()
    assert not Meeting.objects.unscoped("a test looks").filter(group=group).exists()


def test_what_the_portal_does_not_know_of_holidays_is_said(client, world):
    group, area, year = making.group(world), Area.objects.get(slug="stoke-on-trent"), timezone.localdate().year + 3
    Closure.objects.create(name="Trips", area=area, starts=date(year - 3, 8, 1), ends=date(year - 3, 8, 2))
    typed = TYPED | days_typed(year) | {"schools": area.pk}
    page = sign_in(client, world.officer).post(reverse("boards:series_add", args=[group.pk]), typed).content.decode()
    assert f"Bank holidays of {year + 1} are not known yet" in page
    assert f"No school holidays of Stoke-on-Trent are kept for {year}/{(year + 1) % 100:02}" in page


def test_a_pattern_that_ends_before_it_begins_or_is_half_typed_says_where(client, world):
    url = reverse("boards:series_add", args=[making.group(world).pk])
    wrong = days_typed(2027) | {"last_1_year": 2026, "first_2_year": 2026}
    answer = sign_in(client, world.officer).post(url, TYPED | wrong | {"week_1": "", "begins_at": "25:00"})
    page = answer.content.decode()
    assert answer.status_code == 422
    for sentence in ("The last day must not be before the first day", "Select which week", "must be like 14:30"):
        assert sentence in page


# --- standing items ---------------------------------------------------------------------------------------------------


def titles(meeting):
    rows = Item.objects.unscoped("a test looks").filter(meeting=meeting, removed_at=None)
    return list(rows.order_by("position").values_list("title", flat=True))


def test_a_standing_item_stands_on_each_agenda_of_its_months(world):
    group, year = making.group(world), timezone.localdate().year + 1
    may = making.meeting(group, starts_at=london(year, 5, 4, 10))
    june = making.meeting(group, starts_at=london(year, 6, 1, 10))
    called = making.meeting(group, starts_at=london(year, 6, 8, 10), status=Meeting.Status.CALLED)
    every = standing.add(group, by=world.officer, **ITEM | {"title": "Actions"})
    report = standing.add(group, by=world.officer, **ITEM | {"title": "Annual report", "months": [6]})
    assert titles(may) == ["Actions"] and titles(june) == ["Actions", "Annual report"] and titles(called) == []
    new = services.plan(group.folder, by=world.officer, title="Extra", starts_at=london(year, 6, 15, 10))
    assert titles(new) == ["Actions", "Annual report"]
    Item.objects.unscoped("by hand").filter(meeting=june, standing=every).update(title="Actions, at length", version=2)
    standing.change(every, by=world.officer, version=1, **ITEM | {"title": "Action log"})
    standing.change(report, by=world.officer, version=1, **ITEM | {"title": "Annual report", "months": [5]})
    assert titles(may) == ["Action log", "Annual report"] and titles(june) == ["Actions, at length"]
    standing.end(fresh(report), by=world.officer)
    assert titles(may) == ["Action log"]


def test_the_years_plan_says_which_item_has_no_meeting(client, world):
    group = making.group(world)
    standing.add(group, by=world.officer, **ITEM | {"title": "Annual report", "months": [9]})
    months = reads.year_of_items(world.officer, group.folder, 2027)
    assert [month.first.month for month in months if month.missing] == [9]
    page = read(client, world.officer, "standing_items", group.pk).content.decode()
    assert "No meeting" in page and "Annual report" in page


def test_a_group_that_does_not_say_how_often_it_meets_is_shown_by_its_series_to_who_may_see_its_meetings(client, world):
    group, today = making.group(world), timezone.localdate()
    over = {"from": "2020-01-01", "to": "2020-12-31", "every_months": 1, "week": 1, "weekday": 0}
    now = over | {"from": str(today), "to": str(today + timedelta(days=200)), "every_months": 3, "week": 2}
    Series.objects.create(folder=group.folder, group=group, title="Year", pattern=[over, now], begins_at=time(10))
    for name, args in (("groups", ()), ("group", (group.pk,))):
        page = read(client, world.officer, name, *args).content.decode()
        assert "The second Monday, every quarter" in page and "first Monday" not in page
        assert "second Monday" not in read(client, world.colleague, name, *args).content.decode()
    Group.objects.filter(pk=group.pk).update(meets="Quarterly")
    page = read(client, world.officer, "groups").content.decode()
    assert "Quarterly" in page and "second Monday" not in page


# --- home and the forward plan ----------------------------------------------------------------------------------------


def test_home_and_ones_calendar_show_the_next_meetings_and_nothing_of_a_case(client, world):
    group = making.group(world)
    spring = making.meeting(group, title="Spring meeting", days=5)
    case = Meeting.objects.create(
        folder=world.ours.folder, title="Panel of the case", starts_at=timezone.now() + timedelta(days=3)
    )
    assert ahead_of(world.case_officer) == [], "who may see every group's meetings is not called to them by that"
    for row in (case, spring):
        Invitee.objects.create(folder=row.folder, meeting=row, user=world.case_officer)
    assert [work.what for work in ahead_of(world.case_officer)] == [case.title, "Spring meeting"]
    assert ahead_of(world.colleague) == []
    add_seat(group, by=world.manager, user=world.colleague, role="member", post="Nurse", starts=timezone.localdate())
    assert [work.what for work in ahead_of(world.colleague)] == ["Spring meeting"]
    assert "Your next meetings" in sign_in(client, world.colleague).get(reverse("reporting:home")).content.decode()
    feed = feeds.written(world.case_officer, "https://portal.example").decode()
    assert "Spring meeting" in feed and case.title not in feed and world.ours.folder.reference not in feed
    found, _ = calendar.entries(world.lead_other, *calendar.stretch(timezone.localdate()))
    assert not [each for each in found if each.kind == "meeting"]


def test_the_demo_plans_its_years_once_and_past_meetings_were_held(db):
    everybody = people()
    fill_groups(everybody)
    fill_meetings(everybody)
    rows = Meeting.objects.unscoped("a test looks").exclude(series=None)
    made, now = rows.count(), timezone.now()
    assert set(rows.values_list("group__ref", flat=True)) == set(PATTERNS)
    assert rows.filter(starts_at__lt=now, status="held").exists() and rows.filter(starts_at__gt=now).exists()
    assert not rows.filter(starts_at__lt=now).exclude(status="held").exists()
    fill_meetings(everybody)
    assert rows.count() == made
    assert "not confirmed" in Closure.objects.filter(agency=None).first().source
