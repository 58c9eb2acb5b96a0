"""The rapid review meeting: inviting lets nobody in, who came stands beside who was asked, and notes are not lost."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from partnership.access.flow import Stale
from partnership.access.models import FolderGrant
from partnership.deadlines import services as deadlines
from partnership.deadlines.models import Milestone
from partnership.deadlines.rules import RAPID_REVIEW
from partnership.identities.services import change_identity
from partnership.notify.models import Notice
from reviews import clocks, notices
from reviews.meeting import reads, services
from reviews.models import Invitee, Meeting
from tests.walk.post import moment


def at(name, row):
    return reverse(f"reviews:{name}", args=[row.pk])


@pytest.fixture
def meeting(world):
    when = timezone.now() + timedelta(days=2)
    return services.plan(world.ours.review, by=world.officer, starts_at=when, place="Room 4", link="")


def told(user):
    return Notice.objects.unscoped("who was told").filter(kind=notices.MEETING, recipient=user).count()


def test_an_invitation_lets_nobody_in_and_says_so_with_a_way_to_do_it(world, meeting, sign_in):
    before = FolderGrant.objects.count()
    services.invite(meeting, by=world.officer, user=world.colleague)
    services.invite(meeting, by=world.officer, user=world.panel)
    services.invite(meeting, by=world.officer, post="Consultant paediatrician")
    assert FolderGrant.objects.count() == before
    page = sign_in(world.officer).get(at("meeting", world.ours.review))
    listed = {each.called: each.on_list for each in page.context["invitees"]}
    assert listed[world.panel.name] and not listed[world.colleague.name]
    words = page.content.decode()
    assert words.count("Not on the list") == 1 and reverse("access:let_in", args=[world.ours.folder.pk]) in words
    readers = sign_in(world.panel).get(at("meeting", world.ours.review)).content.decode()
    assert "Not on the list" in readers and reverse("access:let_in", args=[world.ours.folder.pk]) not in readers
    assert sign_in(world.colleague).get(at("meeting", world.ours.review)).status_code == 404


def test_who_is_on_the_list_is_told_without_the_case_and_again_of_another_time(world, meeting):
    services.invite(meeting, by=world.officer, user=world.panel)
    services.invite(meeting, by=world.officer, user=world.colleague)
    assert (told(world.panel), told(world.colleague)) == (1, 0), "who may not open the case is told nothing of it"
    (notice,) = Notice.objects.unscoped("who was told").filter(kind=notices.MEETING, recipient=world.panel)
    (words,) = notices.describe_meetings([notice], world.panel).values()
    assert world.ours.folder.reference in words and "Room 4" not in words
    assert notices.describe_meetings([notice], world.colleague) == {}
    later = meeting.starts_at + timedelta(days=1)
    services.plan(world.ours.review, by=world.officer, version=1, starts_at=later)
    assert (told(world.panel), told(world.colleague)) == (2, 0)


def test_one_is_invited_once_and_by_person_or_post(world, meeting, sign_in):
    services.invite(meeting, by=world.officer, user=world.panel)
    with pytest.raises(ValidationError, match="invited already"):
        services.invite(meeting, by=world.officer, user=world.panel)
    client = sign_in(world.officer)
    assert client.post(at("invite", meeting), {}).status_code == 422
    assert client.post(at("invite", meeting), {"user": world.author.pk, "post": "A nurse"}).status_code == 422
    assert client.post(at("invite", meeting), {"user": world.author.pk}).status_code == 302


def test_a_meeting_has_a_place_or_a_safe_link_and_a_stale_change_shows_both(world, meeting, sign_in):
    client, path = sign_in(world.case_officer), at("plan_meeting", world.ours.review)
    typed = moment("starts_at", meeting.starts_at) | {"version": 1}
    assert client.post(path, typed).status_code == 422
    assert client.post(path, typed | {"link": "javascript:alert(1)"}).status_code == 422
    assert client.post(path, typed | {"link": "http://meet.example"}).status_code == 422
    services.plan(world.ours.review, by=world.officer, version=1, place="Room 5")
    answer = client.post(path, typed | {"place": "Room 6"})
    assert answer.status_code == 409
    assert ("Place", "Room 6", "Room 5") in answer.context["clash"].rows
    assert client.post(path, typed | {"place": "Room 6", "version": 2}).status_code == 302
    assert Meeting.objects.get(pk=meeting.pk).place == "Room 6"


def test_who_came_is_recorded_for_each_and_shown(world, meeting, sign_in):
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=timezone.now() - timedelta(hours=1))
    one = services.invite(meeting, by=world.officer, user=world.panel)
    two = services.invite(meeting, by=world.officer, post="Consultant paediatrician")
    client = sign_in(world.officer)
    typed = {f"came_{one.pk}": "apologies", f"came_{two.pk}": "present"}
    assert client.post(at("attendance", meeting), typed).status_code == 302
    assert client.post(at("attendance", meeting), {f"came_{two.pk}": "absent"}).status_code == 302
    assert [row.attendance for row in Invitee.objects.filter(meeting=meeting)] == ["apologies", "absent"]
    assert client.post(at("attendance", meeting), {f"came_{two.pk}": "asleep"}).status_code == 422
    page = sign_in(world.panel).get(at("meeting", world.ours.review)).content.decode()
    assert "Apologies" in page and "Not there" in page and "Record who came" not in page


def test_the_notes_save_themselves_and_two_who_write_see_both_texts(world, meeting, sign_in):
    client, path = sign_in(world.officer), at("meeting_notes", meeting)
    answer = client.post(path, {"notes": "First words.", "version": 1}, headers={"HX-Request": "true"})
    assert answer.json()["version"] == 2 and answer.json()["error"] == ""
    with pytest.raises(Stale):
        services.save_notes(meeting, by=world.case_officer, version=1, notes="Another's.")
    services.save_notes(meeting, by=world.case_officer, version=2, notes="Another's.")
    clash = client.post(path, {"notes": "Mine.", "version": 2})
    assert clash.status_code == 409 and clash.context["clash"].rows == [("Notes", "Mine.", "Another's.")]
    services.plan(world.ours.review, by=world.case_officer, version=1, place="Room 7")
    assert client.post(path, {"notes": "Mine.", "version": 3}).status_code == 302, "the place is no part of the notes"
    assert Meeting.objects.get(pk=meeting.pk).notes == "Mine."


def step_of(world):
    return Milestone.objects.get(deadline=deadlines.running(world.ours.review, RAPID_REVIEW), code=clocks.MEETING)


def test_held_is_asked_with_the_day_said_on_the_meetings_page_and_taken_back(world, sign_in):
    client, path = sign_in(world.officer), at("meeting_held", world.ours.review)
    assert path in client.get(at("meeting", world.ours.review)).content.decode(), "before it is planned too"
    assert client.post(path).status_code == 422, "one press is not enough"
    when = (timezone.now() - timedelta(days=2)).replace(second=0, microsecond=0)
    answer = client.post(path, moment("held_at", when))
    assert answer["Location"] == at("meeting", world.ours.review)
    assert step_of(world).done_at == when and reads.local_step(world.panel, world.ours.review).done_at == when
    again = client.post(path, moment("held_at", timezone.now() - timedelta(days=1)), follow=True).content.decode()
    assert "It is recorded already" in again and step_of(world).done_at == when
    assert "Take it back" in client.get(at("meeting", world.ours.review)).content.decode()
    client.post(path, {"undo": "yes"})
    assert reads.local_step(world.panel, world.ours.review).done_at is None


def test_a_meeting_is_not_held_before_its_time_nor_before_the_review_began(world, meeting, sign_in):
    client, path = sign_in(world.officer), at("meeting_held", world.ours.review)
    page = client.get(path)
    assert page.context["form"]["held_at"].value() is None, "a planned day that lies ahead is not offered"
    for when in (meeting.starts_at, timezone.now() - timedelta(days=400)):
        assert client.post(path, moment("held_at", when)).status_code == 422
    assert step_of(world).done_at is None
    with pytest.raises(ValidationError, match="lies ahead"):
        clocks.step_done(world.ours.review, clocks.MEETING, by=world.officer, at=meeting.starts_at)
    with time_machine.travel(meeting.starts_at + timedelta(hours=3), tick=False):
        assert sign_in(world.officer).get(path).context["form"]["held_at"].value() == meeting.starts_at


def test_before_the_meeting_has_begun_only_apologies_are_recorded(world, meeting, sign_in):
    row = services.invite(meeting, by=world.officer, user=world.panel)
    client, path = sign_in(world.officer), at("attendance", meeting)
    assert client.post(path, {f"came_{row.pk}": "present"}).status_code == 422
    assert client.post(path, {f"came_{row.pk}": "apologies"}).status_code == 302


def test_a_stale_page_of_who_came_shows_both_answers_and_replaces_none(world, meeting, sign_in):
    one, two = (services.invite(meeting, by=world.officer, post=post) for post in ("Nurse", "Teacher"))
    client, path = sign_in(world.officer), at("attendance", meeting)
    with time_machine.travel(meeting.starts_at + timedelta(hours=1)):
        client = sign_in(world.officer)
        read = client.get(path).context["form"]["read"].value()
        services.attend(meeting, by=world.manager, came={one.pk: "present", two.pk: "present"})
        sent = {f"came_{one.pk}": "apologies", f"came_{two.pk}": "", "read": read}
        page = client.post(path, sent)
        words = page.content.decode()
        assert page.status_code == 409 and world.manager.name in words
        assert page.context["clash"].rows == [("Nurse", "Apologies", "Present")]
        assert set(Invitee.objects.values_list("attendance", flat=True)) == {"present"}
        form = page.context["form"]
        again = {name: form[name].value() for name in sent}
        assert client.post(path, again).status_code == 302
    found = dict(Invitee.objects.values_list("pk", "attendance"))
    assert found == {one.pk: "apologies", two.pk: "present"}, "what she did not touch stays as the other left it"


def test_an_invitee_whose_post_names_somebody_says_so(world, meeting, sign_in):
    facts = {"name": "Robin Testfield", "date_of_birth": None}
    change_identity(world.ours.identity, facts=facts, version=1, by=world.officer)
    sent = {"post": "Robin Testfield’s headteacher"}
    page = sign_in(world.officer).post(at("invite", meeting), sent, follow=True).content.decode()
    assert "Use ‘Child A’ instead of the name" in page and "Take the invitation back" in page
