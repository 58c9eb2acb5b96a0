"""A case's meeting: inviting lets nobody in, its host says what is particular, nothing of it leaves the case."""

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from boards.attending import minuting
from boards.attending import services as attending
from boards.attending.rows import key_of, rows_of
from boards.calling import answering, notices
from boards.calling import services as calling
from boards.calling.reads import work
from boards.meetings import services as planning
from boards.models import Attendance, Invitee, Item, Meeting, Minute, Proposal
from partnership.access import services as access
from partnership.access.flow import Stale
from partnership.access.gatherings import chairs_of, gatherings
from partnership.access.models import FolderGrant
from partnership.deadlines import services as deadlines
from partnership.deadlines.models import Milestone
from partnership.deadlines.rules import RAPID_REVIEW
from partnership.identities.services import change_identity
from partnership.notify.models import Notice, Outgoing
from partnership.notify.reads import described
from partnership.people.roles import Role
from partnership.trail.models import new_id
from reviews import clocks
from reviews.meeting import services as held
from tests.boards import making
from tests.walk.post import moment
from tests.world import london

pytestmark = pytest.mark.django_db
WHY = "a test of a case's meeting"


def at(name, row):
    return reverse(f"boards:{name}", args=[row.pk])


def plan(world, *, days=2, **facts):
    facts = {"title": "Rapid review meeting", "place": "Room 4"} | facts
    starts = timezone.now().replace(second=0, microsecond=0) + timedelta(days=days)
    return planning.plan(world.ours.folder, by=world.officer, **{"starts_at": starts} | facts)


@pytest.fixture
def meeting(world):
    return plan(world)


def fresh(row):
    return type(row)._base_manager.get(pk=row.pk)


def marks_of(meeting):
    return dict(Attendance.objects.unscoped(WHY).filter(meeting=meeting).values_list("name", "mark"))


def told(user, *kinds):
    return Notice.objects.unscoped(WHY).filter(kind__in=kinds, recipient=user)


def test_an_item_proposed_in_a_case_is_named_with_its_case(world, meeting):
    row = Proposal.objects.create(folder=meeting.folder, meeting=meeting, user=world.panel, title="The ward’s notes")
    (line,) = [each for each in work(world.officer) if row.title in each.what]
    assert line.case == meeting.folder.reference
    notices.tell_proposed(row, but=world.panel)
    (notice,) = told(world.officer, notices.PROPOSED)
    (said,) = described([notice], world.officer)
    assert meeting.folder.reference in said.text


# --- who is invited ---------------------------------------------------------------------------------------------------


def test_an_invitation_lets_nobody_in_and_says_so_with_a_way_to_do_it(world, meeting, sign_in):
    before = FolderGrant.objects.count()
    for user in (world.colleague, world.panel):
        calling.invite(meeting, by=world.officer, user=user)
    calling.invite(meeting, by=world.officer, post="Consultant paediatrician")
    assert FolderGrant.objects.count() == before
    let_in = reverse("access:let_in", args=[world.ours.folder.pk])
    for name in ("meeting", "invitations"):
        words = sign_in(world.officer).get(at(name, meeting)).content.decode()
        assert words.count("Not on the list") == 1 and let_in in words and "lets nobody in" in words
    readers = sign_in(world.panel).get(at("meeting", meeting)).content.decode()
    assert "Not on the list" in readers and let_in not in readers
    assert sign_in(world.colleague).get(at("meeting", meeting)).status_code == 404


def test_only_who_is_on_the_list_is_told_and_anybody_else_once_they_are_let_in(world, meeting):
    for user in (world.panel, world.colleague):
        calling.invite(meeting, by=world.officer, user=user)
    calling.call(meeting, by=world.officer)
    (notice,) = told(world.panel, "meeting_called")
    (line,) = described([notice], world.panel)
    assert world.ours.folder.reference in line.text and "Room 4" not in line.text
    assert not told(world.colleague, "meeting_called") and calling.sweep() == 0
    row = fresh(meeting)
    planning.change(
        row, by=world.officer, version=row.version, title=row.title, starts_at=row.starts_at + timedelta(days=1),
        ends_at=None, place="Room 5", link="",
    )  # fmt: skip
    assert told(world.panel, "meeting_moved").count() == 1
    assert not told(world.colleague, "meeting_called", "meeting_moved")
    assert not Outgoing.objects.filter(recipient=world.colleague, template="meeting_call").exists()
    access.grant(world.ours.folder, world.colleague, Role.PANEL_MEMBER, by=world.officer, reason="Sits on the panel.")
    assert calling.sweep() == 1 and calling.sweep() == 0
    assert told(world.colleague, "meeting_called").count() == 1


def test_who_reads_in_an_emergency_or_lost_access_is_told_nothing(world, meeting):
    access.let_in_for_emergency(
        world.ours.folder, world.officer_outside, reason="A child.", ends=timezone.now() + timedelta(hours=24)
    )
    calling.invite(meeting, by=world.officer, user=world.officer_outside)
    ended = calling.invite(meeting, by=world.officer, user=world.people["ended"])
    calling.call(meeting, by=world.officer)
    for user in (world.officer_outside, world.people["ended"]):
        assert not told(user, "meeting_called") and not Outgoing.objects.filter(recipient=user).exists()
    assert fresh(ended).withdrawn_at is None, "an invitation of who is not let in waits"


def test_one_is_invited_once_and_by_person_or_post(world, meeting, sign_in):
    calling.invite(meeting, by=world.officer, user=world.panel)
    with pytest.raises(ValidationError, match="called already"):
        calling.invite(meeting, by=world.officer, user=world.panel)
    client, path = sign_in(world.officer), at("invite", meeting)
    assert client.post(path, {}).status_code == 422
    assert client.post(path, {"user": world.author.pk, "post": "A nurse"}).status_code == 422
    assert client.post(path, {"user": world.author.pk}).status_code == 302


@pytest.mark.parametrize("who", ["operator", "directory_admin"])
def test_who_keeps_the_machinery_or_the_directory_is_offered_for_no_case_meeting(world, meeting, sign_in, who):
    keeper, client = world.people[who], sign_in(world.officer)
    assert keeper.name not in client.get(at("invite", meeting)).content.decode()
    assert client.post(at("invite", meeting), {"user": keeper.pk}).status_code == 422, "nor by a forged id"
    with pytest.raises(ValidationError, match="cannot be invited"):
        calling.invite(meeting, by=world.officer, user=keeper)


def test_whom_a_conflict_bars_is_not_invited_and_only_who_lets_people_in_learns_why(world, meeting, sign_in):
    answer = sign_in(world.case_officer).post(at("invite", meeting), {"user": world.barred.pk})
    words = answer.content.decode()
    assert answer.status_code == 422 and "cannot be invited to this meeting" in words
    assert "conflict" not in words and not Invitee.objects.unscoped(WHY).filter(user=world.barred).exists()


def test_an_invitee_a_guest_and_minutes_that_name_somebody_of_the_case_are_warned_of(world, meeting, sign_in):
    facts = {"name": "Robin Testfield", "date_of_birth": None}
    change_identity(world.ours.identity, facts=facts, version=1, by=world.officer)
    client, advice = sign_in(world.officer), "Use ‘Child A’ instead of the name"
    page = client.post(at("invite", meeting), {"post": "Robin Testfield’s headteacher"}, follow=True).content.decode()
    assert advice in page and "Take the invitation back" in page
    now = plan(world, days=0)
    page = client.post(at("guest_add", now), {"name": "Robin Testfield’s nurse"}, follow=True).content.decode()
    assert advice in page and "No names of people" in client.get(at("guest_add", now)).content.decode()
    item = making.item(now, "Notes")
    typed = {"text": "Robin Testfield was seen.", "version": 0}
    assert advice in client.post(at("item_minutes", item), typed, headers={"HX-Request": "true"}).json()["advice"]


# --- who chairs -------------------------------------------------------------------------------------------------------


def test_the_independent_scrutineer_chairs_nothing_and_one_chairs_a_meeting(world, meeting, sign_in):
    scrutineer = calling.invite(meeting, by=world.officer, user=world.scrutineer)
    member, other = (calling.invite(meeting, by=world.officer, user=each) for each in (world.panel, world.signer_icb))
    client = sign_in(world.officer)
    page = client.post(at("invitee", scrutineer), {"do": "chair"}, follow=True).content.decode()
    assert "independent scrutineer of this case and cannot chair" in page and "Independent scrutineer" in page
    assert page.count("Make chair") == 2, "it is not offered"
    for row in (member, other):
        client.post(at("invitee", row), {"do": "chair"})
    assert [fresh(row).chairs for row in (scrutineer, member, other)] == [False, False, True]
    assert sign_in(world.scrutineer).post(at("invitee", member), {"do": "chair"}).status_code == 404
    with time_machine.travel(meeting.starts_at + timedelta(hours=1)):
        key = key_of(None, world.scrutineer.pk, "", "")
        with pytest.raises(ValidationError, match="cannot chair its meeting"):
            attending.mark(meeting, by=world.officer, marks={key: ("present", "", "")}, read={}, chair=key)


def test_who_chaired_takes_the_place_of_who_was_to_chair(world, meeting):
    folder = world.ours.folder.pk
    first = calling.invite(meeting, by=world.officer, user=world.panel)
    calling.invite(meeting, by=world.officer, user=world.signer_icb)
    assert chairs_of([folder]) == {}
    calling.chair(first, by=world.officer, chairs=True)
    assert chairs_of([folder]) == {folder: {world.panel.pk}}
    key = key_of(None, world.signer_icb.pk, "", "")
    with time_machine.travel(meeting.starts_at + timedelta(hours=1)):
        attending.mark(meeting, by=world.officer, marks={key: ("present", "", "")}, read={}, chair=key)
    assert chairs_of([folder]) == {folder: {world.signer_icb.pk}}


# --- when and where ---------------------------------------------------------------------------------------------------


def test_it_is_named_by_its_host_and_has_a_place_or_a_safe_link(world, sign_in):
    client, path = sign_in(world.case_officer), at("meeting_add", world.ours.folder)
    assert client.get(path).context["form"]["title"].value() == "Rapid review meeting"
    typed = moment("starts_at", timezone.now() + timedelta(days=2)) | {"title": "Rapid review meeting"}
    for more in ({}, {"link": "javascript:alert(1)"}, {"link": "http://meet.example"}):
        assert client.post(path, typed | more).status_code == 422
    assert client.post(path, typed | {"place": "Room 6"}).status_code == 302
    assert client.post(path, typed | {"link": "https://meet.example/room"}).status_code == 302, "it may meet twice"
    assert len(gatherings(world.panel, world.ours.folder)) == 2 and gatherings(world.colleague, world.ours.folder) == []


def test_a_stale_change_of_its_place_shows_both(world, meeting, sign_in):
    client, path = sign_in(world.case_officer), at("meeting_edit", meeting)
    typed = moment("starts_at", meeting.starts_at) | {"title": meeting.title, "place": "Room 6", "version": 1}
    facts = {name: getattr(meeting, name) for name in planning.FIELDS}
    planning.change(meeting, by=world.officer, version=1, **facts | {"place": "Room 5"})
    answer = client.post(path, typed)
    assert answer.status_code == 409 and ("Where", "Room 6", "Room 5") in answer.context["clash"].rows
    assert client.post(path, typed | {"version": 2}).status_code == 302 and fresh(meeting).place == "Room 6"


def test_a_day_after_its_local_step_or_the_last_day_is_warned_about_and_stands(world, sign_in):
    local, last = clocks.dates_of_meeting(world.officer, world.ours.review)
    client, path = sign_in(world.officer), at("meeting_add", world.ours.folder)
    assert f"{last.day} {last:%B %Y}" in client.get(path).content.decode()
    home = reverse("reviews:meeting", args=[world.ours.review.pk])
    for on, words in (
        (last + timedelta(days=1), f"The meeting is after {last.day} {last:%B %Y}"),
        (local + timedelta(days=1), "later than the partnership’s own step"),
        (local, ""),
    ):
        starts = moment("starts_at", london(on.year, on.month, on.day, 9, 30))
        done = client.post(path, starts | {"title": "Meeting", "place": "Civic Centre"}, follow=True)
        assert done.status_code == 200 and words in done.content.decode()
        assert ("It is planned later than that." in client.get(home).content.decode()) == (on > local)


def test_a_case_that_is_only_considered_has_no_rapid_review_meeting(world):
    type(world.ours.review)._base_manager.filter(pk=world.ours.review.pk).update(status="considered")
    with pytest.raises(ValidationError, match="No rapid review was begun"):
        plan(world)


# --- who came, what was said ------------------------------------------------------------------------------------------


def test_apologies_are_an_answer_before_it_begins_and_who_came_is_ticked_from_then_on(world, meeting, sign_in):
    one = calling.invite(meeting, by=world.officer, user=world.panel)
    two = calling.invite(meeting, by=world.officer, post="Consultant paediatrician")
    calling.call(meeting, by=world.officer)
    keys = [key_of(None, world.panel.pk, "", ""), key_of(None, None, two.post, "")]
    marks = {key: ("present", "", "") for key in keys}
    with pytest.raises(ValidationError, match="has not begun"):
        attending.mark(meeting, by=world.officer, marks=marks, read={})
    answering.answer(fresh_invitee(one), by=world.officer, answer="apologies")
    with time_machine.travel(meeting.starts_at + timedelta(hours=1)):
        assert {row.key: row.first[0] for row in rows_of(fresh(meeting))} == {keys[0]: "apologies", keys[1]: ""}
        client, path = sign_in(world.officer), at("in_meeting", meeting)
        assert client.post(path, {f"mark_{keys[0]}": "apologies", f"mark_{keys[1]}": "present"}).status_code == 302
        assert client.post(path, {f"mark_{keys[1]}": "asleep"}).status_code == 422
        page = sign_in(world.panel).get(at("meeting", meeting)).content.decode()
        assert "Apologies" in page and "Consultant paediatrician" in page
        assert sign_in(world.panel).get(path).status_code == 403
    found = marks_of(meeting)
    assert found == {world.panel.name: "apologies", "Consultant paediatrician": "present"}


def fresh_invitee(row):
    return Invitee.objects.unscoped(WHY).select_related("meeting__folder", "user").get(pk=row.pk)


def test_two_who_tick_are_shown_both_answers_and_what_was_not_touched_stays(world, meeting, sign_in):
    for post in ("Nurse", "Teacher"):
        calling.invite(meeting, by=world.officer, post=post)
    nurse, teacher = (key_of(None, None, post, "") for post in ("Nurse", "Teacher"))
    with time_machine.travel(meeting.starts_at + timedelta(hours=1)):
        client, path = sign_in(world.officer), at("in_meeting", meeting)
        read = client.get(path).context["form"]["read_marks"].value()
        there = {nurse: ("present", "", ""), teacher: ("present", "", "")}
        attending.mark(meeting, by=world.manager, marks=there, read={})
        sent = {f"mark_{nurse}": "apologies", f"mark_{teacher}": "", "read_marks": read}
        page = client.post(path, sent)
        assert page.status_code == 409 and world.manager.name in page.content.decode()
        assert page.context["clash"].rows == [("Nurse", "Apologies", "Present")]
        assert set(marks_of(meeting).values()) == {"present"}
        again = {name: page.context["form"][name].value() for name in sent}
        assert client.post(path, again).status_code == 302
    found = marks_of(meeting)
    assert found == {"Nurse": "apologies", "Teacher": "present"}


def test_its_minutes_are_read_when_they_are_circulated_and_never_published_or_sent_up(world, meeting, sign_in):
    item = making.item(meeting, "Notes")
    minuting.write(item, by=world.officer, version=0, text="First words.")
    with pytest.raises(Stale):
        minuting.write(item, by=world.case_officer, version=0, text="Another’s.")
    minuting.write(item, by=world.case_officer, version=1, text="Another’s.")
    clash = sign_in(world.officer).post(at("item_minutes", item), {"text": "Mine.", "version": 1})
    assert clash.status_code == 409 and clash.context["clash"].rows == [("Minutes", "Mine.", "Another’s.")]
    assert "Another’s." not in sign_in(world.panel).get(at("minutes", meeting)).content.decode()
    decision = None
    with time_machine.travel(meeting.starts_at + timedelta(hours=1)):
        planning.hold(meeting, by=world.officer)
        decision = minuting.decide(item, by=world.officer, text="It is done.", how="consensus")
        client = sign_in(world.officer)
        assert client.post(at("minutes", meeting), {"do": "circulate"}).status_code == 302
        assert "Another’s." in sign_in(world.panel).get(at("minutes", meeting)).content.decode()
        page = sign_in(world.officer).get(reverse("boards:send_up", args=[decision.pk]), follow=True).content.decode()
        assert "it is of a case" in page and "Publish" not in page


# --- held -------------------------------------------------------------------------------------------------------------


def step_of(world):
    return Milestone.objects.get(deadline=deadlines.running(world.ours.review, RAPID_REVIEW), code=clocks.MEETING)


def test_that_it_was_held_meets_the_step_of_the_review_and_back(world, meeting, sign_in):
    with pytest.raises(ValidationError, match="not begun"):
        planning.hold(meeting, by=world.officer)
    second = plan(world, days=3)
    with time_machine.travel(second.starts_at + timedelta(hours=3), tick=False):
        row = planning.hold(meeting, by=world.officer)
        assert step_of(world).done_at == meeting.starts_at
        planning.hold(second, by=world.officer)
        assert step_of(world).done_at == meeting.starts_at, "the first meets it"
        facts = {name: getattr(row, name) for name in planning.FIELDS} | {
            "starts_at": meeting.starts_at - timedelta(hours=1)
        }
        planning.change(meeting, by=world.officer, version=row.version, **facts)
        assert step_of(world).done_at == facts["starts_at"], "its day was put right"
        planning.unhold(meeting, by=world.officer)
        assert step_of(world).done_at == second.starts_at
        planning.unhold(second, by=world.officer)
        assert step_of(world).done_at is None


def test_the_reviews_page_records_and_takes_back_that_the_meeting_of_that_day_was_held(world, meeting, sign_in):
    path = reverse("reviews:meeting_held", args=[world.ours.review.pk])
    home = reverse("reviews:meeting", args=[world.ours.review.pk])
    with time_machine.travel(meeting.starts_at + timedelta(hours=3), tick=False):
        client = sign_in(world.officer)
        assert client.get(path).context["form"]["held_at"].value() == meeting.starts_at
        really = meeting.starts_at + timedelta(minutes=10)
        assert client.post(path, moment("held_at", really))["Location"] == home
        row = fresh(meeting)
        assert (row.status, row.held_at, row.minutes_status) == ("held", really, "draft")
        assert step_of(world).done_at == really and "Take it back" in client.get(home).content.decode()
        client.post(path, {"undo": "yes"})
        assert fresh(meeting).status == "planned" and step_of(world).done_at is None
        held.record_held(world.ours.review, by=world.officer, at=really)
        item = making.item(meeting, "Notes")
        minuting.write(item, by=world.officer, version=0, text="Words.")
        client.post(at("minutes", meeting), {"do": "circulate"})
        assert "minutes have been circulated" in client.post(path, {"undo": "yes"}, follow=True).content.decode()
        assert step_of(world).done_at == really


def test_a_meeting_of_a_review_that_was_sent_goes_on_and_moves_no_step(world, meeting, sign_in):
    clock = deadlines.running(world.ours.review, RAPID_REVIEW)
    deadlines.meet(clock, by=world.officer, at=timezone.now())
    type(world.ours.review)._base_manager.filter(pk=world.ours.review.pk).update(status="sent")
    with time_machine.travel(meeting.starts_at + timedelta(hours=3)):
        planning.hold(meeting, by=world.officer)
        minuting.write(making.item(meeting, "Notes"), by=world.officer, version=0, text="Said afterwards.")
        path = reverse("reviews:meeting_held", args=[world.ours.review.pk])
        words = sign_in(world.officer).post(path, {"undo": "yes"}, follow=True).content.decode()
    assert "can no longer be changed here" in words and fresh(meeting).status == "held"


def test_a_challenges_folder_has_meetings_too(world, sign_in):
    from boards.challenges import services as challenges

    row = challenges.raise_challenge(
        by=world.lead_same, partnership=world.partnership, agency=world.agencies["uhnm"],
        challenged=world.agencies["council"], about_child=True, post="Lead", urgency="standard",
        challenged_post="Team manager", subject="A referral", words="It was closed.", wanted="A visit.", safety="",
    )  # fmt: skip
    client = sign_in(world.officer)
    path = reverse("boards:meetings_of", args=[row.folder_id])
    assert path in client.get(reverse("boards:challenge", args=[row.pk])).content.decode()
    assert client.get(path).status_code == 200
    page = client.get(reverse("boards:meeting_add", args=[row.folder_id]))
    assert page.context["form"]["title"].value() == "Meeting on the challenge"
    assert sign_in(world.colleague).get(path).status_code == 404


# --- what was recorded before -----------------------------------------------------------------------------------------


class Old:
    """The tables that go, as the migration reads them; every other table is the real one."""

    def __init__(self, meetings, invitees):
        self.rows = {("reviews", "Meeting"): meetings, ("reviews", "Invitee"): invitees}

    def get_model(self, app, name):
        if (app, name) in self.rows:
            return SimpleNamespace(_base_manager=Rows(self.rows[app, name]))
        if (app, name) == ("boards", "Item"):
            return SimpleNamespace(_base_manager=Items())
        return apps.get_model(app, name)


class Items:
    """A column of theirs went after the move."""

    def using(self, alias):
        return self

    def create(self, *, standing_business, **facts):
        return Item._base_manager.create(**facts)


class Rows(list):
    def using(self, alias):
        return self

    def order_by(self, *names):
        return self

    def select_related(self, *names):
        return self

    def filter(self, *, meeting):
        return [row for row in self if row.meeting is meeting] and Rows(row for row in self if row.meeting is meeting)


def test_what_was_planned_and_noted_before_is_moved_with_its_ids(world):
    review, now = world.ours.review, timezone.now().replace(microsecond=0)
    starts = now - timedelta(hours=5)
    clocks.step_done(review, clocks.MEETING, by=world.officer, at=now - timedelta(hours=4))
    invitee = lambda old, **facts: SimpleNamespace(  # noqa: E731
        **{
            "pk": facts.pop("key"), "folder_id": old.folder_id, "meeting": old, "user_id": None, "user": None,
            "post": "", "chairs": False, "attendance": "", "invited_by_id": world.officer.pk, "invited_at": now,
            "recorded_by_id": world.officer.pk,
        } | facts
    )  # fmt: skip
    keys = [new_id() for _ in range(6)]
    shared = {"place": "Room 4", "link": "", "version": 3, "changed_by_id": world.officer.pk, "changed_at": now}
    noted = {"notes_version": 4, "notes_saved_at": now, "notes_saved_by_id": world.case_officer.pk}
    met = SimpleNamespace(
        pk=keys[0], folder_id=world.ours.folder.pk, review_id=review.pk, starts_at=starts, notes="Said.",
        **shared, **noted,
    )  # fmt: skip
    ahead = SimpleNamespace(
        pk=keys[1], folder_id=world.theirs.folder.pk, review_id=world.theirs.review.pk,
        starts_at=now + timedelta(days=2), notes="", **shared, **noted,
    )  # fmt: skip
    panel = {"user_id": world.panel.pk, "user": world.panel}
    rows = [
        invitee(met, key=keys[2], attendance="present", chairs=True, **panel),
        invitee(met, key=keys[3], attendance="absent", post="Nurse"),
        invitee(met, key=keys[4], attendance="present", post="Nurse"),
        invitee(ahead, key=keys[5], attendance="apologies", post="Teacher"),
    ]
    move = import_module("reviews.migrations.0002_meetings_move").move
    move(Old(Rows([met, ahead]), Rows(rows)), SimpleNamespace(connection=connection))
    row = fresh(Meeting(pk=keys[0]))
    assert (row.status, row.held_at, row.minutes_status) == ("held", now - timedelta(hours=4), "draft")
    assert (row.group, row.version, row.place) == (None, 3, "Room 4")
    came = {each.key: each.mark for each in rows_of(row)}
    assert came == {
        key_of(None, world.panel.pk, "", ""): "present", key_of(None, None, "Nurse", ""): "absent",
        key_of(None, None, "Nurse (2)", ""): "present",
    }  # fmt: skip
    assert chairs_of([row.folder_id]) == {row.folder_id: {world.panel.pk}}
    item = Item.objects.unscoped(WHY).get(meeting=row)
    minute = Minute.objects.unscoped(WHY).get(item=item)
    assert (item.title, minute.text, minute.version, minute.changed_by) == ("Notes", "Said.", 4, world.case_officer)
    later = fresh(Meeting(pk=keys[1]))
    guest = fresh(Invitee(pk=keys[5]))
    assert (later.status, later.minutes_status, guest.answer) == ("planned", "none", "apologies")
    assert not Attendance.objects.unscoped(WHY).filter(meeting=later).exists()
