"""Being called to a meeting: who is, what their calendar is told, what they answer, and who may not."""

from datetime import date, datetime, timedelta
from email import message_from_bytes, policy

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from boards.calling import answering, assistants, feeds, letters, services
from boards.flow import MEETING
from boards.groups import services as groups
from boards.groups.grants import sync
from boards.meetings import services as planning
from boards.models import Assistant, Highlight, Invitee, Item, Meeting, Proposal
from partnership.access import links
from partnership.access import services as access
from partnership.access.flow import Stale
from partnership.access.models import FolderGrant, Link
from partnership.access.rows import can
from partnership.actions.models import Update
from partnership.notify.models import Notice, Outgoing
from partnership.notify.relay import relay
from partnership.notify.senders import Smtp
from partnership.people.models import Agency, Membership
from partnership.people.roles import Perm, Role
from tests.actions.ground import in_days, make_action
from tests.boards import making
from tests.notify.conftest import due_now
from tests.world import london, person, sign_in

pytestmark = pytest.mark.django_db
WHY = "a test of invitations"


@pytest.fixture
def group(world):
    """The colleague chairs, the lead of another trust is a member with a deputy, one seat is vacant."""
    row = making.group(world, "Quality group")
    seat(world, row, world.colleague, role="chair", agency=world.agencies["uhnm"])
    held = seat(world, row, world.lead_other, agency=world.agencies["mpft"])
    row.deputy = person("mpft_deputy", Role.AGENCY_STAFF, world.agencies["mpft"])
    seat(world, row, row.deputy, agency=world.agencies["mpft"], deputy_for=held)
    seat(world, row, None, post="Public health")
    row.seat = held
    return row


def seat(world, group, user, **facts):
    facts = {"role": "member", "post": "Head of nursing", "starts": in_days(-30)} | facts
    return groups.add_seat(group, by=world.manager, user=user, **facts)


@pytest.fixture
def called(world, group):
    starts = (timezone.now() + timedelta(days=10)).replace(microsecond=0)  # a calendar has whole seconds
    meeting = making.meeting(group, title="Autumn meeting", place="Civic Centre", by=world.officer, starts_at=starts)
    return services.call(meeting, by=world.officer)


def invited(meeting, user) -> Invitee:
    rows = Invitee.objects.unscoped(WHY).select_related("meeting__folder", "user", "seat__agency")
    return rows.get(meeting=meeting, user=user)


def sent() -> dict:
    """address -> (subject, words, iCalendar, method) of what left now, as a mail program reads it."""
    mail.outbox.clear()
    due_now()
    relay(sender=Smtp())
    found = {}
    for each in mail.outbox:
        read = message_from_bytes(each.message().as_bytes(), policy=policy.default)
        part = next((p for p in read.walk() if p.get_content_type() == "text/calendar"), None)
        words = read.get_body(preferencelist=("plain",)).get_content()
        method = part and part["Content-Type"].params["method"]
        file = next((p for p in read.iter_attachments() if p.get_filename() == "invite.ics"), None)
        if part:
            assert file.get_content() == part.get_content().replace("\n", "\r\n").encode()
        found[each.to[0]] = (read["Subject"], words, part and Calendar.from_ical(part.get_content()), method)
    return found


def event_of(calendar):
    (event,) = calendar.walk("VEVENT")
    return event


def fresh(row):
    return type(row)._base_manager.get(pk=row.pk)


# --- who is called ----------------------------------------------------------------------------------------------------


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
    gone = planning.cancel(called, by=world.officer, note="No quorum")
    _, words, calendar, method = sent()[world.colleague.email]
    event = event_of(calendar)
    assert (method, event["status"], event["sequence"]) == ("CANCEL", "CANCELLED", 1)
    assert "does not take place" in words and "No quorum" not in words
    assert not links.live(Link.Purpose.MEETING).filter(object_id=row.pk).exists()
    again = planning.reinstate(gone, by=world.officer)
    services.call(again, by=world.officer)
    _, _, calendar, method = sent()[world.colleague.email]
    assert (method, event_of(calendar)["sequence"]) == ("REQUEST", 2)
    assert links.live(Link.Purpose.MEETING).filter(object_id=row.pk).count() == 1


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


@pytest.mark.parametrize("day, offset", [(date(2027, 3, 27), 0), (date(2027, 3, 29), 1), (date(2027, 11, 1), 0)])
def test_an_invitation_keeps_its_local_hour_on_both_sides_of_both_clock_changes(world, group, day, offset):
    with time_machine.travel(london(2027, 3, 1, 9), tick=False):
        meeting = making.meeting(group, title="Spring", by=world.officer)
        starts = london(day.year, day.month, day.day, 10)
        Meeting.objects.filter(pk=meeting.pk).update(starts_at=starts, ends_at=starts + timedelta(hours=2))
        called = services.call(fresh(meeting), by=world.officer)
        event = event_of(Calendar.from_ical(letters.file_of(invited(called, world.colleague))))
        assert event["dtstart"].to_ical().decode() == f"{day:%Y%m%d}T100000"
        assert event["dtstart"].dt.utcoffset() == timedelta(hours=offset) and event["dtstart"].dt == starts


# --- answers ----------------------------------------------------------------------------------------------------------


def door(meeting, user):
    found = links.live(Link.Purpose.MEETING).get(object_id=invited(meeting, user).pk)
    return reverse("boards:reply_by_link", args=[links.token_of(found)])


def test_the_link_answers_and_answers_again_until_the_meeting_begins(world, group, called):
    url, client = door(called, world.lead_other), Client()
    page = client.get(url)
    read = page.context["form"]["read"].value()
    assert invited(called, world.lead_other).answer == "" and "Autumn meeting" in page.content.decode()
    assert client.post(url, {"answer": "deputy", "deputy": group.deputy.pk, "read": read}).status_code == 302
    row = invited(called, world.lead_other)
    assert (row.answer, row.deputy, row.by_link) == ("deputy", group.deputy, True)
    assert Notice.objects.unscoped(WHY).get(recipient=group.deputy).kind == "meeting_stand_in"
    both = client.post(url, {"answer": "coming", "read": read})
    assert both.status_code == 409, "an old page is shown both answers"
    assert ("Will you come?", "I am coming", "I send a deputy") in both.context["clash"].rows
    read = both.context["form"]["read"].value()
    assert client.post(url, {"answer": "apologies", "read": read}).status_code == 302
    assert "meeting_apologies" in {each.kind for each in Notice.objects.unscoped(WHY).filter(recipient=group.deputy)}
    with time_machine.travel(called.starts_at + timedelta(minutes=1)):
        assert client.post(url, {"answer": "coming", "read": ""}).status_code == 404
    assert invited(called, world.lead_other).answer == "apologies"


def test_a_link_opens_to_nobody_else_and_ends_with_the_account(world, called):
    url = door(called, world.lead_other)
    other = sign_in(Client(), world.colleague).get(url)
    assert other.status_code == 403 and "for somebody else" in other.content.decode()
    world.lead_other.is_active = False
    world.lead_other.save()
    assert Client().get(url).status_code == 404


def test_one_page_keeps_the_answer_the_action_the_item_and_the_highlight_or_nothing(world, group, called):
    other = making.group(world, "Second group")
    seat(world, other, world.colleague, agency=world.agencies["uhnm"])
    next_one = making.meeting(other, days=20, title="Other meeting")
    action = make_action(world, group.folder, what="Review the pathway")
    client, url = sign_in(Client(), world.colleague), reverse("boards:reply", args=[called.pk])
    page = client.get(url)
    shown = page.content.decode()
    assert page.status_code == 200 and "Review the pathway" in shown and "Other meeting" in shown
    form = page.context["form"]
    assert form["also"].value() == [str(next_one.pk)], "it is offered to her other groups, ticked"
    data = {
        "read": form["read"].value(), "answer": "coming", "title": "", "why": "The winter is near.",
        f"said_{action.pk.hex}": "Half of the wards were asked.", f"how_{action.pk.hex}": "at_risk",
        "highlight": "Two more health visitors.", "also": [str(next_one.pk)],
    }  # fmt: skip
    wrong = client.post(url, data)
    assert wrong.status_code == 422 and "Half of the wards were asked." in wrong.content.decode()
    assert invited(called, world.colleague).answer == "" and not Update.objects.unscoped(WHY).exists()
    assert client.post(url, data | {"title": "Beds for the winter"}).status_code == 302
    assert invited(called, world.colleague).answer == "coming"
    assert Update.objects.unscoped(WHY).get(action=action).outlook == "at_risk"
    assert Proposal.objects.unscoped(WHY).get(meeting=called).title == "Beds for the winter"
    said = Highlight.objects.unscoped(WHY).filter(agency=world.agencies["uhnm"])
    assert {row.meeting_id for row in said} == {called.pk, next_one.pk} and len({row.words for row in said}) == 1
    meeting_page = client.get(reverse("boards:meeting", args=[called.pk])).content.decode()
    assert "Two more health visitors." in meeting_page and "Beds for the winter" in meeting_page


def test_what_a_colleague_said_for_the_same_organisation_meanwhile_is_shown_beside_it(world, group, called):
    seat(world, group, world.lead_same, agency=world.agencies["uhnm"])
    services.refresh(called)
    client, url = sign_in(Client(), world.colleague), reverse("boards:reply", args=[called.pk])
    read = client.get(url).context["form"]["read"].value()
    saved = answering.as_saved(invited(called, world.lead_same))
    answering.reply(
        invited(called, world.lead_same), by=world.lead_same, read=answering.mark_of(saved),
        attendance={"answer": "coming"}, highlight="Hers.",
    )  # fmt: skip
    both = client.post(url, {"read": read, "answer": "coming", "highlight": "Mine."})
    assert both.status_code == 409 and "Hers." in both.content.decode() and "Mine." in both.content.decode()
    again = {"read": both.context["form"]["read"].value(), "answer": "coming", "highlight": "Hers. Mine."}
    assert client.post(url, again).status_code == 302
    assert Highlight.objects.unscoped(WHY).get(meeting=called).words == "Hers. Mine."


def test_a_late_answer_is_refused_and_given_back_and_who_is_not_called_has_no_page(world, called):
    url = reverse("boards:reply", args=[called.pk])
    assert sign_in(Client(), world.officer_outside).get(url).status_code == 404
    with time_machine.travel(called.starts_at + timedelta(minutes=5)):
        client = sign_in(Client(), world.colleague)
        answer = client.post(url, {"answer": "coming", "words": "I join online", "read": ""})
        assert answer.status_code == 409
        assert "comes too late" in answer.content.decode() and "I join online" in answer.content.decode()


def test_who_runs_the_meeting_keeps_what_was_said_by_telephone_and_it_stands_under_their_name(world, called):
    row = invited(called, world.lead_other)
    client, url = sign_in(Client(), world.officer), reverse("boards:invitee", args=[row.pk])
    read = client.get(url).context["form"]["read"].value()
    client.post(url, {"answer": "deputy", "deputy_words": "Ada Lovelace, nurse", "read": read})
    row = fresh(row)
    assert (row.answer, row.deputy_words, row.answered_by) == ("deputy", "Ada Lovelace, nurse", world.officer)
    page = client.get(reverse("boards:invitations", args=[called.pk])).content.decode()
    assert "Ada Lovelace" in page and f"by {world.officer.name}" in page and "Public health" in page
    assert sign_in(Client(), world.lead_other).get(url).status_code == 403


def test_a_proposed_item_is_answered_by_who_runs_the_meeting_and_not_by_who_proposed_it(world, called):
    facts = {"meeting": called, "user": world.colleague, "title": "Beds", "why": "Winter"}
    row = Proposal.objects.create(folder=called.folder, **facts)
    url = reverse("boards:proposal", args=[row.pk])
    assert sign_in(Client(), world.colleague).get(url).status_code == 404
    with pytest.raises(PermissionDenied):
        answering.decide(row, by=world.colleague, outcome="taken")
    with pytest.raises(ValidationError):
        answering.decide(row, by=world.officer, outcome="declined")
    assert sign_in(Client(), world.officer).post(url, {"outcome": "taken"}).status_code == 302
    item = Item.objects.unscoped(WHY).get(meeting=called)
    assert (item.title, item.about, item.presenter, fresh(row).item) == ("Beds", "Winter", world.colleague, item)
    with pytest.raises(Stale):
        answering.decide(row, by=world.officer, outcome="declined", words="No.")


def test_the_pages_ask_the_same_number_of_questions_for_two_and_for_six_who_are_called(world, group, called):
    pages = (
        (world.officer, reverse("boards:invitations", args=[called.pk])),
        (world.colleague, reverse("boards:meeting", args=[called.pk])),
        (world.colleague, reverse("boards:reply", args=[called.pk])),
        (world.officer, reverse("reporting:home")),
    )

    def counted():
        found = []
        for user, url in pages:
            client = sign_in(Client(), user)
            client.get(url)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(url).status_code == 200
            found.append(len(asked))
        return found

    def more(number):
        user = person(f"member{number}", Role.AGENCY_STAFF, world.agencies["uhnm"])
        seat(world, group, user, agency=world.agencies["uhnm"])
        services.refresh(called)
        shared = {"folder": called.folder, "meeting": called}
        Proposal.objects.create(user=user, title=f"Item {number}", **shared)
        agency = Agency.objects.live().filter(kind="provider").order_by("pk")[number]
        Highlight.objects.create(agency=agency, words="Words", written_by=user, changed_by=user, **shared)
        make_action(world, group.folder, what=f"Action {number}")

    more(1)
    before = counted()
    for number in range(2, 6):
        more(number)
    assert counted() == before


# --- assistants -------------------------------------------------------------------------------------------------------


@pytest.fixture
def assistant(world):
    return person("secretary", Role.AGENCY_STAFF, world.agencies["uhnm"])


def roles(group, user):
    rows = FolderGrant.objects.live().filter(content_object=group.folder_id, user=user).select_related("permission")
    return {row.role for row in rows}


def test_an_assistant_reads_the_open_meeting_and_answers_whether_the_member_comes_and_no_more(
    world, group, called, assistant
):
    assistants.name_assistant(world.colleague, assistant=assistant)
    assert roles(group, assistant) == {Role.ASSISTANT} and sync() == (0, [])
    hidden = making.restricted_item(called, "A hidden matter", by=world.manager)
    action = make_action(world, group.folder, what="Review the pathway")
    assert can(assistant, Perm.MEETING_VIEW, called)
    assert not can(assistant, Perm.MEETING_VIEW, hidden) and not can(assistant, Perm.ACTION_VIEW, action)
    client, url = sign_in(Client(), assistant), reverse("boards:reply", args=[called.pk])
    page = client.get(url)
    assert page.status_code == 200 and "Review the pathway" not in page.content.decode()
    assert "title" not in page.context["form"].fields
    client.post(url, {"answer": "coming", "read": page.context["form"]["read"].value(), "title": "Smuggled"})
    row = invited(called, world.colleague)
    assert (row.answer, row.answered_by) == ("coming", assistant) and not Proposal.objects.unscoped(WHY).exists()
    with pytest.raises(PermissionDenied):
        answering.answer(invited(called, world.lead_other), by=assistant, answer="coming")
    keeper = sign_in(Client(), world.officer).get(reverse("boards:group", args=[group.pk])).content.decode()
    assert f"Assistant: {assistant.name}" in keeper


def test_an_assistant_answers_nothing_of_a_case(world, assistant):
    group = making.group(world)
    seat(world, group, world.panel, agency=world.agencies["icb"])
    helper = person("icb_secretary", Role.AGENCY_STAFF, world.agencies["icb"])
    assistants.name_assistant(world.panel, assistant=helper)
    meeting = Meeting.objects.create(
        folder=world.ours.folder, title="Panel", starts_at=timezone.now() + timedelta(days=3)
    )
    services.invite(meeting, by=world.officer, user=world.panel)
    services.call(meeting, by=world.officer)
    assert not can(helper, Perm.MEETING_VIEW, meeting)
    access.grant(world.ours.folder, helper, Role.PANEL_MEMBER, by=world.officer, reason="Sits on it.")
    with pytest.raises(PermissionDenied):
        answering.answer(invited(meeting, world.panel), by=helper, answer="coming")


def test_assisting_ends_by_either_with_the_seat_and_with_the_organisation(world, group, assistant):
    row = assistants.name_assistant(world.colleague, assistant=assistant)
    with pytest.raises(PermissionDenied):
        assistants.end(row, by=world.lead_other)
    assistants.end(row, by=assistant)
    assert roles(group, assistant) == set()
    assistants.name_assistant(world.colleague, assistant=assistant)
    Membership.objects.filter(user=assistant).update(ends=timezone.localdate())
    assert assistants.sweep() == 1 and sync()[0] == 0 and roles(group, assistant) == set()
    Membership.objects.filter(user=assistant).update(ends=None)
    assistants.name_assistant(world.colleague, assistant=assistant)
    groups.end_seat(group.seats.get(user=world.colleague), by=world.manager, ends=timezone.localdate())
    assert roles(group, assistant) == set(), "what came with the seat went with the seat"
    assert assistants.sweep() == 1 and not Assistant.objects.live().exists()
    with pytest.raises(ValidationError, match="sit on no group"):
        assistants.name_assistant(world.colleague, assistant=assistant)


def test_only_a_colleague_can_be_named_and_who_has_a_seat_keeps_what_it_gives(world, group, assistant):
    with pytest.raises(ValidationError, match="does not belong"):
        assistants.name_assistant(world.colleague, assistant=world.lead_other)
    seat(world, group, assistant, agency=world.agencies["uhnm"])
    assistants.name_assistant(world.colleague, assistant=assistant)
    assert roles(group, assistant) == {Role.GROUP_MEMBER}
    page = sign_in(Client(), world.colleague).get(reverse("boards:assistants")).content.decode()
    assert assistant.name in page and world.lead_other.name not in page


# --- the group's calendar ---------------------------------------------------------------------------------------------


def test_a_group_calendar_says_when_and_where_and_ends_with_the_seat(world, group, called):
    making.item(called, "Canary item")
    link = feeds.make(world.colleague, group.folder)
    url = reverse("boards:group_feed", args=[links.token_of(link)])
    answer = Client().get(url)
    calendar = Calendar.from_ical(answer.content)
    event = event_of(calendar)
    assert event["summary"] == "Meeting of Quality group" and event["location"] == "Civic Centre"
    assert event["dtstart"].dt == called.starts_at and b"Canary" not in answer.content
    assert b"Autumn" not in answer.content
    MEETING.take(called, "cancel", by=world.officer, note="No quorum")
    assert event_of(Calendar.from_ical(Client().get(url).content))["status"] == "CANCELLED"
    groups.end_seat(group.seats.get(user=world.colleague), by=world.manager, ends=timezone.localdate())
    assert Client().get(url).status_code == 404
    assert feeds.sweep() == 1 and feeds.link_of(world.colleague, group.pk) is None


def test_a_group_calendar_has_one_address_and_its_owner_ends_it(world, group):
    client, page = sign_in(Client(), world.colleague), reverse("boards:group_calendar", args=[group.pk])
    assert "no address yet" in client.get(page).content.decode()
    client.post(page)
    first = links.token_of(feeds.link_of(world.colleague, group.pk))
    client.post(page)
    assert Client().get(reverse("boards:group_feed", args=[first])).status_code == 404
    second = links.token_of(feeds.link_of(world.colleague, group.pk))
    assert Client().get(reverse("boards:group_feed", args=[second])).status_code == 200
    client.post(page, {"end": "yes"})
    assert Client().get(reverse("boards:group_feed", args=[second])).status_code == 404
    assert sign_in(Client(), world.board_member).get(page).status_code == 404


def test_day_only_and_words_with_marks_are_written_as_a_calendar_reads_them(world, group):
    starts = timezone.make_aware(datetime(2027, 1, 5))  # noqa: DTZ001 (made aware in the same breath)
    Meeting.objects.create(
        folder=group.folder, group=group, title="x", place="Room 1; left,\x07 \\ side\nBEGIN:VEVENT " + "é" * 90,
        starts_at=starts, day_only=True,
    )  # fmt: skip
    data = feeds.written(world.colleague, group.folder, "https://portal.example")
    event = event_of(Calendar.from_ical(data))
    assert event["dtstart"].dt == date(2027, 1, 5) and "\x07" not in event["location"]
    assert all(len(line) <= 75 for line in data.split(b"\r\n")) and event["location"].startswith("Room 1; left, \\")
