"""In the meeting: who came, the quorum by it, minutes that nobody loses, decisions and actions as rows, interests."""

import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from boards.attending import interests, minuting, services
from boards.attending.quorum import quorate
from boards.attending.rows import rows_of
from boards.attending.text import tidied
from boards.demo_attending import fill_attending
from boards.groups import services as groups
from boards.meetings import services as planning
from boards.models import Attendance, Decision, Interest, Invitee, Meeting, Minute, Quorum, Seat
from partnership.access.flow import Stale
from partnership.access.models import FolderGrant
from partnership.access.services import grant, revoke
from partnership.actions.models import Action, Origin
from partnership.people.roles import Role
from partnership.trail.models import Event
from tests.boards import making
from tests.world import person

SEAT = {"role": "member", "organisation": "", "voting": "yes", "source": ""}
M = Attendance.Mark


def seat(world, group, agency, post, user=None, **facts):
    agency = world.agencies[agency]
    return groups.add_seat(group, by=world.manager, user=user, post=post, agency=agency, **SEAT | facts)


class Room:
    """A meeting that began an hour ago, of a group with the seats of the three partners and a vacant one."""

    def __init__(self, world, **facts):
        self.group = making.group(world)
        self.council = seat(world, self.group, "council", "Director", world.signer_council, role="chair")
        self.icb = seat(world, self.group, "icb", "Chief nurse", world.signer_icb)
        self.police = seat(world, self.group, "police", "Superintendent", world.signer_police)
        self.vacant = seat(world, self.group, "mpft", "Named doctor")
        self.meeting = making.meeting(self.group, days=0, **facts)
        self.item = making.item(self.meeting)
        self.key = {name: f"p{getattr(self, name).place.hex}" for name in ("council", "icb", "police", "vacant")}

    def mark(self, by, **marks):
        marks = {self.key[name]: mark if isinstance(mark, tuple) else (mark, "", "") for name, mark in marks.items()}
        now = {row.key: row.read for row in rows_of(self.meeting)}
        return services.mark(self.meeting, by=by, marks=marks, read=now)

    def marks(self):
        rows = Attendance.objects.filter(meeting=self.meeting).select_related("seat")
        return {row.seat.post: row.mark for row in rows if row.seat}


@pytest.fixture
def room(world):
    return Room(world)


def restricted(world, room, title="About a child"):
    """An item that the manager leads, and no other of the unit."""
    item = making.restricted_item(room.meeting, title, by=world.manager)
    grant(item.folder, world.manager, Role.CASE_LEAD, by=None, reason="Leads it.")
    return item


def fresh(row):
    return type(row).objects.unscoped("the test looks").get(pk=row.pk)


# --- who came ---------------------------------------------------------------------------------------------------------


def test_ticks_copy_what_each_seat_was_and_stay_when_the_seat_is_given_on(world, room):
    room.mark(world.officer, council=M.PRESENT, icb=M.APOLOGIES)
    assert room.marks() == {"Director": "present", "Chief nurse": "apologies", "Superintendent": "", "Named doctor": ""}
    groups.change_seat(room.council, by=world.manager, version=room.council.version, **SEAT | {
        "role": "chair", "post": "Another post", "agency": world.agencies["mpft"], "voting": "no"})  # fmt: skip
    row = next(row for row in rows_of(room.meeting) if row.mark == M.PRESENT)
    assert (row.post, row.agency_id, row.voting, row.name) == (
        "Director", world.agencies["council"].pk, "yes", world.signer_council.name)  # fmt: skip


def test_two_tabs_each_write_what_they_ticked_and_meet_where_both_ticked_one(world, room):
    read = {row.key: row.read for row in rows_of(room.meeting)}
    tick = lambda **marks: services.mark(  # noqa: E731
        room.meeting,
        by=world.officer,
        read=read,
        marks={room.key[name]: (mark, "", "") for name, mark in marks.items()},
    )
    tick(council=M.PRESENT, icb="")
    tick(council="", icb=M.PRESENT)  # untouched since it was read: the other tab's tick stays
    assert (room.marks()["Director"], room.marks()["Chief nurse"]) == (M.PRESENT, M.PRESENT)
    with pytest.raises(Stale):
        tick(council=M.ABSENT, police=M.PRESENT)
    assert room.marks()["Superintendent"] == ""


def test_a_clash_shows_both_ticks_and_ends_the_autosave(world, room, sign_in):
    client, url = sign_in(world.officer), reverse("boards:in_meeting", args=[room.meeting.pk])
    read = json.dumps({row.key: row.read for row in rows_of(room.meeting)} | {"chair": ""})
    room.mark(world.manager, council=M.ABSENT)
    typed = {f"mark_{room.key['council']}": M.PRESENT, "read_marks": read, "chair": ""}
    assert client.post(url, typed, headers={"HX-Request": "true"}).status_code == 409
    answer = client.post(url, typed)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "recorded meanwhile by Manager" in text and "What is saved now" in text
    again = answer.context["form"]
    sent = {name: again.data.get(name, "") for name in (*typed, "read_marks")}
    assert client.post(url, sent).status_code == 302
    assert room.marks()["Director"] == M.PRESENT


def test_nothing_is_ticked_before_the_meeting_begins_nor_of_one_that_was_cancelled(world):
    early = Room(world)
    Meeting.objects.filter(pk=early.meeting.pk).update(starts_at=timezone.now() + timezone.timedelta(hours=1))
    early.meeting.refresh_from_db()
    with pytest.raises(ValidationError, match="not begun"):
        early.mark(world.officer, council=M.PRESENT)
    with pytest.raises(ValidationError, match="not begun"):
        planning.hold(early.meeting, by=world.officer)
    Meeting.objects.filter(pk=early.meeting.pk).update(starts_at=timezone.now(), status="cancelled")
    with pytest.raises(ValidationError, match="cancelled"):
        early.mark(world.officer, council=M.PRESENT)


def test_what_was_answered_before_is_ticked_already_but_that_somebody_comes_is_not(world, room):
    deputy = person("stands_in", Role.AGENCY_STAFF, world.agencies["police"])
    facts = SEAT | {"post": "Deputy", "agency": world.agencies["police"]}
    groups.add_seat(room.group, by=world.manager, user=deputy, deputy_for=room.police, **facts)
    call = lambda seat, **said: Invitee.objects.create(  # noqa: E731
        folder=room.group.folder, meeting=room.meeting, seat=seat, user=seat.user, **said
    )
    call(room.council, answer="coming")
    call(room.icb, answer="apologies")
    call(room.police, answer="deputy", deputy=deputy)
    first = {row.post: row.first[:2] for row in rows_of(room.meeting)}
    assert first["Director"] == ("", "")
    assert first["Chief nurse"] == (M.APOLOGIES, "")
    assert first["Superintendent"] == (M.DEPUTY, str(deputy.pk))
    assert first["Named doctor"] == (M.NOT_APPLICABLE, "")  # nobody holds it


def test_who_said_that_they_come_are_ticked_by_one_button(world, room, sign_in):
    facts = {"folder": room.group.folder, "meeting": room.meeting, "answer": "coming"}
    Invitee.objects.create(seat=room.council, user=world.signer_council, **facts)
    sign_in(world.officer).post(reverse("boards:in_meeting", args=[room.meeting.pk]), {"rest": "yes"})
    assert room.marks()["Director"] == M.PRESENT and room.marks()["Chief nurse"] == ""


def test_a_guest_is_a_name_and_is_let_in_to_nothing(world, room):
    before = FolderGrant.objects.live().count()
    facts = {"name": "Zoë O’Brien-Ní Dhomhnaill", "organisation": "Puddle Lane Nursery"}
    guest = services.add_guest(room.meeting, by=world.officer, **facts)
    assert FolderGrant.objects.live().count() == before
    with pytest.raises(ValidationError, match="stands in the list already"):
        services.add_guest(room.meeting, by=world.officer, **facts)
    assert [row.name for row in rows_of(room.meeting) if not row.place] == ["Zoë O’Brien-Ní Dhomhnaill"]
    services.take_off(guest, by=world.officer)
    assert [row for row in rows_of(room.meeting) if not row.place] == []


def test_a_deputy_is_ticked_with_a_name_and_old_attendance_without_one_stays(world, room, sign_in):
    client, url = sign_in(world.officer), reverse("boards:in_meeting", args=[room.meeting.pk])
    typed = {f"mark_{room.key['council']}": M.PRESENT, f"mark_{room.key['icb']}": M.DEPUTY}
    answer = client.post(url, typed)
    assert answer.status_code == 422 and f"Say who stood in for {world.signer_icb.name}" in answer.content.decode()
    reply = client.post(url, typed, headers={"HX-Request": "true"}).json()  # saves the rest
    assert reply["error"].startswith("Say who stood in")
    assert (room.marks()["Director"], room.marks()["Chief nurse"]) == (M.PRESENT, "")
    Attendance.objects.filter(seat=room.icb).update(mark=M.DEPUTY)
    assert client.post(url, typed | {f"mark_{room.key['police']}": M.ABSENT}).status_code == 302
    assert room.marks()["Chief nurse"] == M.DEPUTY and room.marks()["Superintendent"] == M.ABSENT


def test_one_chairs_and_only_somebody_who_was_there(world, room):
    room.mark(world.officer, council=M.PRESENT, icb=M.PRESENT, police=M.APOLOGIES)
    chair = lambda name, was: services.mark(  # noqa: E731
        room.meeting, by=world.officer, marks={}, read={}, chair=room.key[name], chair_read=was
    )
    chair("council", "")
    chair("icb", room.key["council"])
    assert [row.post for row in rows_of(room.meeting) if row.chairs] == ["Chief nurse"]
    with pytest.raises(ValidationError, match="was not there"):
        chair("police", room.key["icb"])
    with pytest.raises(Stale):
        chair("council", "")


def test_a_mark_of_agreed_minutes_changes_with_a_reason_alone(world, room, sign_in):
    room.mark(world.officer, council=M.ABSENT)
    Meeting.objects.filter(pk=room.meeting.pk).update(minutes_status="agreed")
    with pytest.raises(ValidationError) as refused:
        room.mark(world.officer, council=M.PRESENT)
    assert "reason" in refused.value.message_dict
    client, url = sign_in(world.officer), reverse("boards:in_meeting", args=[room.meeting.pk])
    assert "Why it is put right" in client.get(url).content.decode()
    typed = {f"mark_{room.key['council']}": M.PRESENT, "reason": "She came late."}
    assert client.post(url, typed).status_code == 302
    row = Attendance.objects.get(seat=room.council)
    assert (row.mark, row.reason) == (M.PRESENT, "She came late.")
    assert "came late" not in str(Event.objects.latest("pk").data)


# --- quorum -----------------------------------------------------------------------------------------------------------


def test_the_quorum_follows_each_tick_observers_and_who_does_not_vote_aside(world, room, sign_in):
    rule = Quorum.objects.create(group=room.group, at_least=2)
    rule.all_of.set([world.agencies["council"], world.agencies["icb"]])
    observer = seat(world, room.group, "uhnm", "Lead member", world.lead_same)
    Seat.objects.filter(pk=observer.pk).update(standing="observer")
    room.key["observer"] = f"p{observer.place.hex}"
    room.mark(world.officer, council=M.PRESENT, observer=M.PRESENT)
    now = quorate(room.meeting, rows_of(room.meeting))
    assert (
        now.words.startswith("The meeting is not quorate. 1 of at least 2") and "Care Board is not there" in now.words
    )
    client, url = sign_in(world.officer), reverse("boards:in_meeting", args=[room.meeting.pk])
    read = json.dumps({row.key: row.read for row in rows_of(room.meeting)} | {"chair": ""})
    typed = {f"mark_{room.key['icb']}": M.DEPUTY, f"name_{room.key['icb']}": "A. Deputy", "read_marks": read}
    reply = client.post(url, typed, headers={"HX-Request": "true"}).json()
    assert reply["live"]["quorum"] == "The meeting is quorate."
    assert json.loads(reply["read"]["read_marks"])[room.key["icb"]] == [M.DEPUTY, "", "A. Deputy"]
    Attendance.objects.filter(seat=room.council).update(voting="no")
    assert quorate(room.meeting, rows_of(room.meeting)).ok is False


def test_a_decision_of_a_meeting_that_is_not_quorate_is_recorded_and_says_so(world, room, sign_in):
    Quorum.objects.create(group=room.group, share=75)
    room.mark(world.officer, council=M.PRESENT)
    client, url = sign_in(world.officer), reverse("boards:decision_add", args=[room.item.pk])
    assert "not quorate. 1 of 4" in client.get(url).content.decode()
    typed = {"text": "A joint audit is made.", "how": "consensus"}
    answer = client.post(url, typed, follow=True)
    assert "not quorate" in answer.content.decode()
    row = Decision.objects.get(item=room.item)
    assert (row.number, row.quorate, row.made_on) == (1, False, room.meeting.day)
    room.mark(world.officer, icb=M.PRESENT, police=M.PRESENT)
    assert minuting.decide(room.item, by=world.officer, text="A second.").quorate is True
    assert fresh(row).quorate is False  # as it stood at that moment


# --- minutes ----------------------------------------------------------------------------------------------------------

WORD = (
    "Present:\r\n·\tSgt O’Brien\r\no\tZoe\u0308\r\n\uf0b7 \u200bTwice\x0bnext line\x00\r\n1.\tFirst\r\na)\tsub\r\n"
    "Cost £5 · not a list\r\n\r\n\r\n\r\nEnd\u202e\ud800"
)


def test_a_paste_from_word_keeps_its_lists_and_every_word():
    kept = "Present:\n- Sgt O’Brien\n  - Zoë\n- Twice\nnext line\n1. First\na) sub\nCost £5 · not a list\n\nEnd"
    assert tidied(WORD) == kept
    assert tidied(kept) == kept
    assert tidied("o clock is a word\n-5 degrees") == "o clock is a word\n-5 degrees"
    assert len(tidied("w" * 99_999 + "\n" + "x")) == 100_001


def test_minutes_are_saved_as_typed_and_a_second_writer_meets_both_texts(world, room, sign_in):
    client, url = sign_in(world.officer), reverse("boards:item_minutes", args=[room.item.pk])
    autosave = {"HX-Request": "true"}
    reply = client.post(url, {"text": "·\tAgreed <script>", "version": 0}, headers=autosave).json()
    assert (reply["version"], Minute.objects.get().text) == (1, "- Agreed <script>")
    # The same text again is one whose answer was lost on its way; another text is somebody else's.
    assert client.post(url, {"text": "·\tAgreed <script>", "version": 0}, headers=autosave).status_code == 200
    assert client.post(url, {"text": "Mine", "version": 0}, headers=autosave).status_code == 409
    answer = client.post(url, {"text": "Mine", "version": 0})
    text = answer.content.decode()
    assert answer.status_code == 409 and "Mine" in text and "- Agreed &lt;script&gt;" in text
    assert 'name="version" value="1"' in text
    assert client.post(url, {"text": "w" * 100_001, "version": 1}, headers=autosave).status_code == 422
    assert client.post(url, {"text": "w " * 50_000, "version": 1}, headers=autosave).status_code == 200


def test_minutes_by_somebody_who_lost_the_folder_since_the_page_come_back_to_them(world, room, sign_in):
    item = restricted(world, room)
    given = grant(item.folder, world.colleague, Role.CASE_OFFICER, by=world.manager, reason="Writes.")
    client, url = sign_in(world.colleague), reverse("boards:item_minutes", args=[item.pk])
    assert client.get(url).status_code == 200
    grant(item.folder, world.case_officer, Role.CASE_OFFICER, by=world.manager, reason="Writes instead.")
    revoke(given, by=world.manager)
    answer = client.post(url, {"text": "What I typed", "version": 0})
    assert answer.status_code == 404
    text = answer.content.decode()
    assert "What I typed" in text and "About a child" not in text
    assert not Minute.objects.unscoped("the test looks").exists()


def test_circulated_minutes_are_not_written_and_what_was_typed_stays_on_the_page(world, room, sign_in):
    Meeting.objects.filter(pk=room.meeting.pk).update(
        minutes_status="circulated", status="held", held_at=timezone.now()
    )
    client, url = sign_in(world.officer), reverse("boards:item_minutes", args=[room.item.pk])
    answer = client.post(url, {"text": "Late words", "version": 0})
    assert answer.status_code == 422 and "Late words" in answer.content.decode()
    for act in (
        lambda: minuting.decide(room.item, by=world.officer, text="X"),
        lambda: interests.declare(room.item, by=world.signer_icb, words="X"),
    ):
        with pytest.raises(ValidationError, match="circulated"):
            act()


def test_held_begins_the_minutes_and_can_be_taken_back_until_they_are_circulated(world, room):
    row = fresh(planning.hold(room.meeting, by=world.officer))
    assert (row.status, row.minutes_status, row.held_at) == ("held", "draft", row.starts_at)
    with pytest.raises(Stale):
        planning.hold(room.meeting, by=world.officer)
    assert planning.unhold(row, by=world.officer).status == "planned"
    row = planning.hold(room.meeting, by=world.officer)
    Meeting.objects.filter(pk=row.pk).update(minutes_status="circulated")
    with pytest.raises(ValidationError, match="circulated"):
        planning.unhold(row, by=world.officer)


# --- decisions and actions --------------------------------------------------------------------------------------------


def test_decisions_are_numbered_so_that_a_restricted_one_leaves_no_gap(world, room):
    hidden = restricted(world, room)
    numbers = [minuting.decide(each, by=world.manager, text="So").number for each in (room.item, hidden, room.item)]
    assert numbers == [1, 1, 2]
    assert set(Decision.objects.visible_to(world.signer_icb).values_list("number", flat=True)) == {1, 2}
    assert Decision.objects.visible_to(world.signer_icb).count() == 2


def test_a_decision_is_changed_by_version_and_taken_back_with_its_number(world, room, sign_in):
    row = minuting.decide(room.item, by=world.officer, text="A joint audit.", reason="Two cases.")
    client, url = sign_in(world.officer), reverse("boards:decision", args=[row.pk])
    typed = {"text": "A joint audit in May.", "how": "majority", "dissent": "The police.", "version": 1}
    assert client.post(url, typed).status_code == 302
    answer = client.post(url, typed | {"text": "Another"})
    assert answer.status_code == 409 and "A joint audit in May." in answer.content.decode()
    assert fresh(row).dissent == "The police."
    client.post(url, {"take_back": "yes", "version": 2})
    assert fresh(row).taken_back_at is not None
    assert minuting.decide(room.item, by=world.officer, text="Next").number == 2


def test_an_action_arises_under_the_item_in_its_folder_and_of_a_sealed_one_is_sensitive(world, room, sign_in):
    hidden = restricted(world, room)
    client, owner = sign_in(world.manager), f"{world.agencies['uhnm'].pk}:{world.colleague.pk}"
    for item in (room.item, hidden):
        typed = {"what": f"Write to the school {item.restricted}", "when": "days", "days": "10"}
        day = {f"agreed_on_{part}": getattr(room.meeting.day, part) for part in ("day", "month", "year")}
        answer = client.post(reverse("boards:item_action", args=[item.pk]), typed | {"owner": owner} | day)
        assert answer.status_code == 302
    rows = {row.source_id: row for row in Action.objects.unscoped("the test looks")}
    assert rows[room.item.pk].folder_id == room.group.folder_id and not rows[room.item.pk].sensitive
    assert rows[hidden.pk].folder_id == hidden.folder_id and rows[hidden.pk].sensitive
    assert {row.origin for row in rows.values()} == {Origin.MEETING}
    text = client.get(reverse("boards:in_meeting", args=[room.meeting.pk])).content.decode()
    assert all(row.reference in text for row in rows.values())


def test_of_a_restricted_item_who_may_not_see_it_meets_nothing(world, room, sign_in):
    """The officer runs the group's meetings and was not let in to this item."""
    hidden = restricted(world, room, "canary-item")
    minuting.write(hidden, by=world.manager, version=0, text="canary-minutes")
    minuting.decide(hidden, by=world.manager, text="canary-decision")
    interests.declare(hidden, by=world.manager, words="canary-interest", name="canary-name")
    later = making.item(room.meeting, "Any other business")
    client, url = sign_in(world.officer), reverse("boards:in_meeting", args=[room.meeting.pk])
    text = client.get(url).content.decode()
    assert "canary" not in text and f"2. {later.title}" in text and ">R1<" not in text
    for name in ("item_minutes", "decision_add", "interest", "item_action"):
        assert client.get(reverse(f"boards:{name}", args=[hidden.pk])).status_code == 404
    assert "canary-item" in sign_in(world.manager).get(url).content.decode()


# --- interests --------------------------------------------------------------------------------------------------------


def test_a_member_declares_her_own_interest_and_withdraws_it_until_the_meeting_begins(world, room):
    with pytest.raises(PermissionDenied):
        interests.declare(room.item, by=world.signer_icb, words="His.", user=world.signer_police)
    with pytest.raises(PermissionDenied):
        interests.declare(room.item, by=world.signer_icb, words="Mine.", effect="leaves")
    row = interests.declare(room.item, by=world.signer_icb, words="My trust bids for it.")
    with pytest.raises(ValidationError, match="has begun"):
        interests.withdraw(row, by=world.signer_icb)
    with pytest.raises(PermissionDenied):
        interests.withdraw(row, by=world.signer_police)
    interests.settle(row, by=world.officer, effect="silent")
    assert fresh(row).effect == "silent"
    ahead = making.item(making.meeting(room.group))
    row = interests.declare(ahead, by=world.signer_icb, words="My trust bids for it.")
    interests.withdraw(row, by=world.signer_icb)
    assert not Interest.objects.filter(pk=row.pk).exists()


def test_whoever_runs_it_records_anybodys_interest_and_the_items_readers_read_it(world, room, sign_in):
    client, url = sign_in(world.officer), reverse("boards:interest", args=[room.item.pk])
    typed = {"whose": room.key["police"], "words": "Her brother works there.", "effect": "leaves"}
    assert client.post(url, typed).status_code == 302
    assert client.post(url, {"words": "Mine?"}).status_code == 422  # the officer has no seat
    row = Interest.objects.get()
    assert (row.user, row.effect, row.declared_by) == (world.signer_police, "leaves", world.officer)
    page = sign_in(world.signer_icb).get(url).content.decode()
    assert "Her brother works there." in page and "Leaves for the item" in page and "Record what follows" not in page


# --- the page ---------------------------------------------------------------------------------------------------------


def test_the_page_costs_the_same_for_more_items_and_seats(world, room, sign_in, django_assert_max_num_queries):
    client, url = sign_in(world.manager), reverse("boards:in_meeting", args=[room.meeting.pk])
    for n in range(2):
        _more(world, room, n)
    client.get(url)
    with django_assert_max_num_queries(1000) as few:
        client.get(url)
    for n in range(2, 6):
        _more(world, room, n)
    with django_assert_max_num_queries(len(few)):
        assert client.get(url).status_code == 200


def _more(world, room, n):
    item = making.item(room.meeting, f"Item {n}")
    minuting.write(item, by=world.manager, version=0, text="Words")
    minuting.decide(item, by=world.manager, text="So")
    seat(world, room.group, "uhnm", f"Post {n}", person(f"sits{n}", Role.AGENCY_STAFF, world.agencies["uhnm"]))
    interests.declare(item, by=world.manager, words="One", name=f"Somebody {n}")


def test_the_demos_held_meetings_have_who_came_decisions_and_actions_once(world):
    room = Room(world, status="held")
    for _ in range(2):
        fill_attending({"officer": world.officer})
    assert room.marks()["Named doctor"] == M.NOT_APPLICABLE and "" not in room.marks().values()
    assert Minute.objects.count() == Decision.objects.count() == Action.objects.unscoped("the test looks").count() == 1
