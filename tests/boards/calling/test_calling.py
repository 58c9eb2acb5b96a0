"""Being called to a meeting: who is, and what their calendar is told."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from boards.calling import answering, letters, services
from boards.groups import services as groups
from boards.meetings import services as planning
from boards.models import Invitee, Meeting
from partnership.access import links
from partnership.access import services as access
from partnership.access.flow import Stale
from partnership.access.models import Conflict, FolderKind, Link
from partnership.access.services import open_folder
from partnership.notify.models import DemoMail, Notice, Outgoing
from partnership.notify.relay import relay
from partnership.people.models import User
from partnership.people.roles import Role
from tests.boards import making
from tests.boards.calling.ground import WHY, event_of, fresh, invited, sent
from tests.notify.conftest import due_now
from tests.world import london, person

pytestmark = pytest.mark.django_db


def test_calling_writes_once_to_each_holder_of_a_seat_of_that_day_and_to_no_deputy_or_vacancy(world, group, called):
    with pytest.raises(Stale):
        services.call(called, by=world.officer)
    rows = Invitee.objects.unscoped(WHY).filter(meeting=called)
    assert {row.user for row in rows} == {world.colleague, world.lead_other}
    letter_of = sent()
    assert set(letter_of) == {world.colleague.email, world.lead_other.email}
    _, words, calendar, method = letter_of[world.colleague.email]
    assert method == "REQUEST" and "Autumn meeting" in words and "Civic Centre" in words
    event = event_of(calendar)
    assert calendar["method"] == "REQUEST" and event["sequence"] == 0 and str(called.uid) in event["uid"]
    assert event["attendee"] == f"mailto:{world.colleague.email}" and event["attendee"].params["RSVP"] == "TRUE"
    assert event["organizer"] and event["dtstart"].params["TZID"] == "Europe/London"
    assert calendar.walk("VTIMEZONE")[0]["tzid"] == "Europe/London"
    assert sent() == {}, "nothing is sent twice"
    assert {row.kind for row in Notice.objects.unscoped(WHY).filter(subject_id=called.pk)} == {"meeting_called"}


def test_who_is_barred_or_cannot_open_the_group_is_not_called(world, group):
    access.bar(group.folder, world.colleague, by=world.manager, reason="other")
    meeting = services.call(making.meeting(group), by=world.officer)
    assert [row.user for row in Invitee.objects.unscoped(WHY).filter(meeting=meeting)] == [world.lead_other]
    with pytest.raises(ValidationError, match="cannot be called"):
        services.invite(meeting, by=world.officer, user=world.colleague)


def test_a_member_cannot_call_and_nobody_is_called_to_what_has_begun(world, group):
    with pytest.raises(PermissionDenied):
        services.call(making.meeting(group), by=world.colleague)
    with pytest.raises(ValidationError, match="has begun"):
        services.call(making.meeting(group, days=-1), by=world.officer)


def test_another_time_is_an_update_that_asks_anew_and_another_place_keeps_the_answer(world, called):
    row = invited(called, world.colleague)
    answering.answer(row, by=world.colleague, answer="coming")
    sent()
    facts = {name: getattr(called, name) for name in planning.FIELDS}
    moved = planning.change(called, by=world.officer, version=called.version, **facts | {"place": "Town Hall"})
    calendar = sent()[world.colleague.email][2]
    event = event_of(calendar)
    assert event["sequence"] == 1 and event["location"] == "Town Hall"
    assert event["attendee"].params["PARTSTAT"] == "ACCEPTED" and fresh(row).answer == "coming"
    later = facts | {"starts_at": called.starts_at + timedelta(days=7)}
    planning.change(moved, by=world.officer, version=fresh(moved).version, **later)
    _, words, calendar, method = sent()[world.colleague.email]
    event = event_of(calendar)
    assert (method, event["sequence"]) == ("REQUEST", 2) and "has changed" in words
    assert event["dtstart"].dt == later["starts_at"] and str(called.uid) in event["uid"]
    assert event["attendee"].params["PARTSTAT"] == "NEEDS-ACTION" and fresh(row).answer == ""
    assert links.live(Link.Purpose.MEETING).get(object_id=row.pk).expires_at == later["starts_at"]


def test_two_changes_before_the_mail_leaves_are_one_letter_of_the_last(world, called):
    facts = {name: getattr(called, name) for name in planning.FIELDS}
    planning.change(called, by=world.officer, version=called.version, **facts | {"place": "Town Hall"})
    _, _, calendar, _ = sent()[world.colleague.email]
    assert event_of(calendar)["sequence"] == 1 and len(mail.outbox) == 2
    assert Outgoing.objects.filter(template=letters.CALL, state="cancelled").count() == 2


def test_a_cancelled_meeting_goes_from_calendars_and_comes_back_with_a_higher_sequence(world, called):
    row = invited(called, world.colleague)
    sent()
    answering.answer(row, by=world.colleague, answer="coming")
    gone = planning.cancel(called, by=world.officer, note="No quorum")
    _, words, calendar, method = sent()[world.colleague.email]
    event = event_of(calendar)
    assert (method, event["status"], event["sequence"]) == ("CANCEL", "CANCELLED", 1)
    assert "does not take place" in words and "No quorum" not in words
    assert not links.live(Link.Purpose.MEETING).filter(object_id=row.pk).exists()
    again = planning.reinstate(gone, by=world.officer)
    services.call(again, by=world.officer)
    _, words, calendar, method = sent()[world.colleague.email]
    assert (method, event_of(calendar)["sequence"]) == ("REQUEST", 2)
    assert "takes place after all" in words and "answer again" in words
    assert links.live(Link.Purpose.MEETING).filter(object_id=row.pk).count() == 1
    assert invited(called, world.colleague).answer == "", "who would have come then is asked anew"


def test_a_seat_that_goes_to_somebody_else_after_the_call_takes_the_invitation_with_it(world, group, called):
    new = person("new_lead", Role.AGENCY_LEAD, world.agencies["mpft"])
    sent()
    link = links.live(Link.Purpose.MEETING).get(object_id=invited(called, world.lead_other).pk)
    groups.give_seat(group.seat, by=world.manager, user=new, starts=timezone.localdate())
    assert services.sweep() == 2 and services.sweep() == 0
    found = sent()
    assert set(found) == {new.email, world.lead_other.email}
    assert found[new.email][3] == "REQUEST" and found[world.lead_other.email][3] == "CANCEL"
    assert "no longer called" in found[world.lead_other.email][1]
    assert Client().get(reverse("boards:reply_by_link", args=[links.token_of(link)])).status_code == 404


def test_whoever_was_taken_off_by_hand_stays_off_and_somebody_without_a_sign_in_is_only_listed(world, called):
    sent()
    services.withdraw(invited(called, world.colleague), by=world.officer)
    assert services.sweep() == 0
    made = services.invite(called, by=world.officer, post="Head of the Royal School", organisation="Royal School")
    assert set(sent()) == {world.colleague.email} and made.told_sequence is None
    again = services.invite(called, by=world.officer, user=world.colleague)
    assert sent()[world.colleague.email][3] == "REQUEST" and again.withdrawn_at is None


def test_whom_the_portal_took_off_is_called_again_once_they_can_open_the_group(world, group, called):
    services.invite(called, by=world.officer, user=world.manager)  # without a seat
    sent()
    access.bar(group.folder, world.colleague, by=world.manager, reason="other")
    User.objects.filter(pk=world.manager.pk).update(is_active=False)
    assert services.sweep() == 2 and services.sweep() == 0
    assert event_of(sent()[world.colleague.email][2])["sequence"] == 1
    access.lift_bar(Conflict.objects.get(user=world.colleague), by=world.officer, why="It was another of that name.")
    User.objects.filter(pk=world.manager.pk).update(is_active=True)
    assert services.sweep() == 2 and services.sweep() == 0
    found = sent()
    assert {found[each.email][3] for each in (world.colleague, world.manager)} == {"REQUEST"}
    assert event_of(found[world.colleague.email][2])["sequence"] == 2
    assert links.live(Link.Purpose.MEETING).filter(object_id=invited(called, world.colleague).pk).count() == 1


def test_an_account_that_waits_for_a_second_person_stays_called_and_is_not_left_with_an_old_hour(world, called):
    sent()
    User.objects.filter(pk=world.lead_other.pk).update(suspended_at=timezone.now())
    assert services.sweep() == 0 and sent() == {}
    facts = {name: getattr(called, name) for name in planning.FIELDS}
    planning.change(called, by=world.officer, version=called.version, **facts | {"place": "Town Hall"})
    assert sent()[world.lead_other.email][3] == "CANCEL"
    User.objects.filter(pk=world.lead_other.pk).update(suspended_at=None)
    assert services.sweep() == 1
    _, _, calendar, method = sent()[world.lead_other.email]
    assert method == "REQUEST" and event_of(calendar)["location"] == "Town Hall"


def test_an_older_letter_that_comes_back_says_nothing_of_the_newest(world, called):
    row = invited(called, world.colleague)
    older = Outgoing.objects.get(template=letters.CALL, about_id=row.pk)
    facts = {name: getattr(called, name) for name in planning.FIELDS}
    planning.change(called, by=world.officer, version=called.version, **facts | {"place": "Town Hall"})
    letters.came_back(older, [])
    assert fresh(row).bounced_at is None
    letters.came_back(Outgoing.objects.exclude(pk=older.pk).get(template=letters.CALL, about_id=row.pk), [])
    assert fresh(row).bounced_at


def test_the_cancelling_of_a_meeting_of_no_group_says_nothing_of_it(world):
    folder = open_folder(kind=FolderKind.CHALLENGE, title="Canary folder", partnership=world.partnership, by=None)
    starts = timezone.now() + timedelta(days=3)
    meeting = Meeting.objects.create(folder=folder, title="Canary title", place="Canary place", starts_at=starts)
    row = Invitee(folder=folder, meeting=meeting, user=world.colleague, told_sequence=1, called_for=starts)
    file = letters.file_of(row, "CANCEL")
    assert event_of(Calendar.from_ical(file))["summary"] == "Meeting" and b"Canary" not in file


def test_the_demos_outbox_keeps_the_lines_of_an_invitation_whole(world, called, settings):
    settings.MAIL_SENDER = "demo"
    due_now()
    relay()
    body = DemoMail.objects.get(recipient=world.colleague).body
    assert "BEGIN:VCALENDAR" in body and f"mailto:{settings.PARTNERSHIP_EMAIL}" in body
    assert not [line for line in body.splitlines() if line.startswith(" ") and "@" in line]


def test_who_has_not_answered_is_reminded_once_a_day(world, called):
    answering.answer(invited(called, world.colleague), by=world.colleague, answer="apologies")
    sent()
    assert services.remind(called, by=world.officer) == 1
    assert services.remind(called, by=world.officer) == 0
    assert set(sent()) == {world.lead_other.email}


def test_a_letter_of_a_case_says_when_and_nothing_else(world):
    folder = world.ours.folder
    meeting = Meeting.objects.create(
        folder=folder, title="Canary title", place="Canary place", starts_at=timezone.now() + timedelta(days=3),
        changed_by=world.officer,
    )  # fmt: skip
    services.invite(meeting, by=world.officer, user=world.panel)
    services.invite(meeting, by=world.officer, user=world.colleague)  # an invitation lets nobody in
    services.call(meeting, by=world.officer)
    letters_of = sent()
    assert world.colleague.email not in letters_of
    subject, words, calendar, _ = letters_of[world.panel.email]
    said = subject + words + calendar.to_ical().decode()
    assert "Canary" not in said and folder.reference not in said and folder.title not in said
    assert event_of(calendar)["summary"] == "Meeting (restricted)" and "Sign in" in words
    token = links.token_of(links.live(Link.Purpose.MEETING).get(acts_as=world.panel))
    page = Client().get(reverse("boards:reply_by_link", args=[token]))
    assert page.status_code == 200 and "Canary" not in page.content.decode()
    assert folder.reference not in page.content.decode()
    access.bar(folder, world.panel, by=world.officer, reason="other")
    assert Client().get(reverse("boards:reply_by_link", args=[token])).status_code == 404


def test_govuk_notify_gets_words_alone_and_the_file_lies_behind_the_link(world, called, settings):
    settings.MAIL_SENDER = "notify"
    row = invited(called, world.colleague)
    outgoing = Outgoing.objects.get(template=letters.CALL, about_id=row.pk)
    words = letters._call(outgoing)
    assert not words["attached"]
    answer = Client().get(words["answer_url"].removeprefix(settings.PORTAL_URL) + "?calendar=1")
    assert answer["Content-Type"].startswith("text/calendar") and b"METHOD:REQUEST" in answer.content


def last_sunday(month):
    """Of next year: the clocks change on those of March and October."""
    last = date(timezone.localdate().year + 1, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


@pytest.mark.parametrize("month, days, offset", [(3, -1, 0), (3, 1, 1), (10, -1, 1), (10, 1, 0)])
def test_an_invitation_keeps_its_local_hour_on_both_sides_of_both_clock_changes(world, group, month, days, offset):
    day = last_sunday(month) + timedelta(days=days)
    with time_machine.travel(london(day.year, 3, 1, 9), tick=False):
        meeting = making.meeting(group, title="Spring", by=world.officer)
        starts = london(day.year, day.month, day.day, 10)
        Meeting.objects.filter(pk=meeting.pk).update(starts_at=starts, ends_at=starts + timedelta(hours=2))
        called = services.call(fresh(meeting), by=world.officer)
        event = event_of(Calendar.from_ical(letters.file_of(invited(called, world.colleague))))
        assert event["dtstart"].to_ical().decode() == f"{day:%Y%m%d}T100000"
        assert event["dtstart"].dt.utcoffset() == timedelta(hours=offset) and event["dtstart"].dt == starts
