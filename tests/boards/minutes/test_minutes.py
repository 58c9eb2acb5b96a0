"""Minutes as editions: circulated, corrected, checked, agreed and put right; who reads which word."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import Error, connection, transaction
from django.urls import reverse

from boards.attending import minuting
from boards.attending.minuting import must_be_draft
from boards.demo import fill_groups
from boards.demo_minutes import CHAIRS, fill_minutes
from boards.groups.services import add_seat
from boards.minutes import editions, matters, reads, services
from boards.models import (
    Attendance,
    Correction,
    Decision,
    Edition,
    Group,
    Item,
    Meeting,
    Minute,
    Part,
    Publication,
    Quorum,
    SentUp,
)
from boards.templatetags.minutes import when_and_where
from partnership.access import scope
from partnership.access.flow import Stale
from partnership.access.models import FolderGrant
from partnership.access.work import work_of
from partnership.directory.demo import people
from partnership.notify.models import Notice
from partnership.trail.models import Event
from tests.boards.making import group, item, meeting, restricted_item
from tests.boards.minutes.ground import SECRET, agreed, circulated, fresh, own_client, words_of, write

# --- editions ---------------------------------------------------------------------------------------------------------


def test_who_circulates_circulates_items_that_they_do_not_see_and_meets_no_word_of_them(world, held):
    row = circulated(world, held)
    assert Part.objects.filter(content__title="A placement").exists()
    page = own_client(world.manager).get(reverse("boards:minutes", args=[row.pk])).content.decode()
    assert "Learning from audits" in page and SECRET not in page and "placement" not in page.lower()
    assert SECRET in words_of(world.officer, row) and SECRET not in words_of(world.colleague, row)


def test_items_and_decisions_are_numbered_without_a_gap_for_every_reader(world, held):
    row = circulated(world, held)
    assert [line.number for line in editions.reading(world.colleague, row).lines] == ["", "1", "2"]
    assert [line.number for line in editions.reading(world.officer, row).lines] == ["", "1", "R1", "2"]
    page = own_client(world.colleague).get(reverse("boards:minutes", args=[row.pk])).content.decode()
    assert "Decision 2.1" in page and "R1. " not in page


def test_members_read_no_draft_and_those_who_write_it_see_their_own_part_of_it(world, held):
    page = own_client(world.colleague).get(reverse("boards:minutes", args=[held.pk])).content.decode()
    assert "Three audits" not in page
    page = own_client(world.officer).get(reverse("boards:minutes", args=[held.pk])).content.decode()
    assert "Three audits" in page and SECRET in page
    assert SECRET not in own_client(world.manager).get(reverse("boards:minutes", args=[held.pk])).content.decode()


def test_a_meeting_that_has_not_taken_place_has_no_draft(world, board):
    row = meeting(board, days=5)
    item(row, "Learning from audits")
    page = own_client(world.officer).get(reverse("boards:minutes", args=[row.pk])).content.decode()
    assert "begun when it is recorded that the meeting was held" in page
    assert "Nothing was minuted" not in page and "quorate" not in page


def test_the_quorum_of_an_edition_counts_the_seats_of_the_day_as_decisions_do(world, board, held):
    Quorum.objects.create(group=board, share=60)
    assert editions.content(held)[0].content["quorum"] == "The meeting was quorate."  # 2 of 3
    seat = {"role": "member", "agency": world.agencies["uhnm"], "voting": "yes"}
    add_seat(board, by=world.manager, user=None, post="Named doctor", starts=held.day, **seat)
    decided = minuting.decide(services.items_to_correct(world.officer, held).first(), by=world.officer, text="So")
    assert decided.quorate is False  # 2 of 4
    assert editions.content(held)[0].content["quorum"] == "The meeting was not quorate."


def test_an_edition_says_who_was_there_as_it_was_and_is_never_rewritten(world, held):
    row = circulated(world, held)
    head = editions.reading(world.colleague, row).head
    assert [each["name"] for each in head["present"]] == [world.board_member.name, world.colleague.name]
    assert [each["name"] for each in head["apologies"]] == [world.lead_other.name]
    assert [each["name"] for each in head["attending"]] == ["Sam Guest"]
    assert head["quorum"] == "2 of 3 members were there or had a deputy there."
    assert (
        when_and_where(head | {"from": "09:55", "until": "12:00"}) == f"{held.day_words}, 9:55am to 12pm, Civic Centre"
    )
    with pytest.raises(Error), transaction.atomic():
        Part.objects.update(position=9)
    edition = Edition.objects.get()
    parts = list(Part.objects.order_by("position"))
    assert edition.sha256 == editions.digest(editions.drafts_of(parts))


def test_nothing_is_circulated_before_the_meeting_was_held_or_without_a_word(world, board):
    row = meeting(board, days=-2, minutes_status="draft")
    with pytest.raises(ValidationError, match="held"):
        services.circulate(row, by=world.manager)
    empty = meeting(board, days=-3, status="held", minutes_status="draft")
    item(empty)
    with pytest.raises(ValidationError, match="Nothing is written"):
        services.circulate(empty, by=world.manager)


# --- corrected and checked --------------------------------------------------------------------------------------------


def test_those_who_were_there_are_told_and_nobody_who_may_not_open_it(world, held):
    FolderGrant.objects.filter(user=world.colleague, content_object=held.folder).delete()
    row = circulated(world, held)
    told = set(Notice.objects.filter(kind="minutes_circulated").values_list("recipient_id", flat=True))
    assert told == {world.board_member.pk}
    notice = Notice.objects.get(kind="minutes_circulated")
    assert "Ask for corrections by" in own_client(world.board_member).get(reverse("notify:notices")).content.decode()
    assert row.pk == notice.subject_id


def test_who_was_there_asks_for_a_correction_in_the_folder_of_its_item_and_nobody_else_asks(world, held):
    row = circulated(world, held)
    edition = editions.newest(row)
    hidden = services.items_to_correct(world.officer, row).get(restricted=True)
    services.ask_correction(row, by=world.officer, words="It ended in May.", edition=edition, item=hidden)
    asked = services.ask_correction(row, by=world.colleague, words="Four audits.", edition=edition)
    with pytest.raises(PermissionDenied):
        services.ask_correction(row, by=world.lead_other, words="I was away.", edition=edition)
    client = own_client(world.colleague)
    page = client.get(reverse("boards:minutes", args=[row.pk])).content.decode()
    assert "Four audits." in page and "It ended in May." not in page
    forged = {"do": "ask", "words": "Mine.", "item": str(hidden.pk)}
    assert client.post(reverse("boards:minutes", args=[row.pk]), forged).status_code == 422
    with pytest.raises(ValidationError, match="why"):
        services.answer_correction(asked, by=world.manager, taken=False)
    assert services.answer_correction(asked, by=world.manager, taken=True).outcome == Correction.Outcome.TAKEN


def test_words_are_locked_while_they_are_circulated_and_open_again_in_the_draft(world, held):
    row = circulated(world, held)
    with pytest.raises(ValidationError, match="back to draft"):
        must_be_draft(row)
    with pytest.raises(ValidationError, match="what is to be changed"):
        services.back(row, by=world.board_member)
    services.back(row, by=world.board_member, note="Four audits, not three.")
    must_be_draft(row)
    assert Correction.objects.get().words == "Four audits, not three."


def test_the_chair_checks_the_edition_that_was_read_and_a_newer_one_refuses(world, held):
    row = circulated(world, held)
    old = editions.newest(row).pk
    services.back(row, by=world.manager)
    services.circulate(fresh(row), by=world.manager)
    with pytest.raises(Stale, match="Newer minutes"):
        services.check(fresh(row), by=world.board_member, edition=old)
    with pytest.raises(PermissionDenied):
        services.check(fresh(row), by=world.colleague, edition=editions.newest(row).pk)


def test_a_check_ends_nobodys_days_to_ask_for_a_correction_and_one_that_waits_is_answered_before_the_agreement(
    world, board, held
):
    row = circulated(world, held)
    edition = editions.newest(row)
    services.check(row, by=world.board_member, edition=edition.pk)
    asked = services.ask_correction(fresh(row), by=world.colleague, words="Four audits.", edition=edition)
    assert any("Look at corrections" in work.what for work in work_of(world.manager)[0])
    later = meeting(board, days=-1, status="held")
    with pytest.raises(ValidationError, match="not looked at"):
        services.agree(fresh(row), by=world.manager, agreed_in=later)
    services.answer_correction(asked, by=world.manager, taken=False, words="There were three.")
    services.agree(fresh(row), by=world.manager, agreed_in=later)
    with pytest.raises(Stale):
        services.ask_correction(fresh(row), by=world.colleague, words="Four.", edition=edition)


def test_nobody_checks_their_own_minutes_and_a_manager_says_who_checked_them(world, held):
    audits = services.items_to_correct(world.officer, held).first()
    minuting.write(audits, by=world.board_member, version=1, text="Three audits were read")
    minuting.write(audits, by=world.officer, version=2, text="Three audits were read.")  # the last hand is another's
    row = circulated(world, held)
    edition = editions.newest(row).pk
    with pytest.raises(ValidationError, match="somebody else"):
        services.check(row, by=world.board_member, edition=edition)
    with pytest.raises(ValidationError, match="who checked"):
        services.check(row, by=world.manager, edition=edition)
    done = services.check(row, by=world.manager, edition=edition, outside="Dr Bell, by letter of 3 May")
    assert (done.checked_by, done.checked_words) == (world.manager, "Dr Bell, by letter of 3 May")


def test_who_recorded_a_decision_wrote_part_of_the_minutes(world, held):
    audits = services.items_to_correct(world.officer, held).first()
    decided = minuting.decide(audits, by=world.board_member, text="A joint audit")
    minuting.change_decision(decided, by=world.officer, version=1, text="A joint audit.")
    row = circulated(world, held)
    with pytest.raises(ValidationError, match="somebody else"):
        services.check(row, by=world.board_member, edition=editions.newest(row).pk)


def test_no_step_is_skipped_whatever_is_posted(world, held):
    client = own_client(world.manager)
    for do in ("check", "agree"):
        answer = client.post(
            reverse("boards:minutes", args=[held.pk]),
            {"do": do, "edition": held.pk, "agreed_words": "May", "outside": "The chair, in May"},
        )
        assert answer.status_code == 409
    assert fresh(held).minutes_status == "draft" and not Edition.objects.exists()


# --- agreed and put right ---------------------------------------------------------------------------------------------


def test_what_was_checked_is_agreed_word_for_word_at_a_later_meeting_of_the_group(world, board, held):
    row = circulated(world, held)
    services.check(row, by=world.board_member, edition=editions.newest(row).pk)
    Minute.objects.filter(item__title="Workforce").update(text="Typed past the lock.")
    earlier, other = meeting(board, days=-40, status="held"), meeting(group(world, "Other"), days=-1, status="held")
    for wrong in (earlier, other):
        with pytest.raises(ValidationError, match="later meeting"):
            services.agree(fresh(row), by=world.manager, agreed_in=wrong)
    with pytest.raises(ValidationError, match="Choose the meeting"):
        services.agree(fresh(row), by=world.manager)
    services.agree(fresh(row), by=world.manager, words="The old board, 3 May")
    assert "Typed past" not in words_of(world.colleague, row) and "Recruitment is slow" in words_of(
        world.colleague, row
    )
    with pytest.raises(ValidationError, match="put right by a correction"):
        must_be_draft(row)


def test_agreed_minutes_are_put_right_by_an_edition_with_its_reason_and_the_old_one_stays(world, held):
    row = agreed(world, held)
    client = own_client(world.manager)
    url = reverse("boards:item_correct", args=[services.items_to_correct(world.manager, row).get(title="Workforce").pk])
    form = client.get(url).context["form"]
    typed = {"read": form.initial["read"], "text": "Slower than last year.", "text_1": "A campaign begins in May."}
    assert client.post(url, typed | {"reason": ""}).status_code == 422
    assert client.post(url, typed | {"reason": "The month was left out."}).status_code == 302
    assert Decision.objects.get(number=2).text == "A campaign begins in May."
    newest = words_of(world.colleague, row)
    assert "Slower than last year" in newest and "Three audits" in newest
    old = editions.reading(world.colleague, row).editions[1]
    assert "Recruitment is slow" in words_of(world.colleague, row, old)
    again = client.post(url, typed | {"reason": "Twice.", "text": "My own words."})
    assert again.status_code == 409 and "My own words." in again.content.decode()


def test_a_restricted_item_is_corrected_without_a_trace_for_those_who_lack_it(world, held):
    row = agreed(world, held)
    before = editions.reading(world.colleague, row)
    hidden = services.items_to_correct(world.officer, row).get(restricted=True)
    part = next(line.part for line in editions.reading(world.officer, row).lines if line.part.item_id == hidden.pk)
    facts = {"read": part.pk, "text": "It ended in May.", "decisions": {}}
    edition = services.correct(hidden, by=world.officer, reason="Larkfield wrote", **facts)
    after = editions.reading(world.colleague, row)
    assert (before.edition, before.place, before.part_ids) == (after.edition, after.place, after.part_ids)
    assert editions.reading(world.officer, row).place == before.place + 1
    client = own_client(world.colleague)
    assert client.get(reverse("boards:edition", args=[edition.pk])).status_code == 404
    assert "Larkfield" not in client.get(reverse("boards:minutes", args=[row.pk])).content.decode()
    # The next open correction has the next number that she sees.
    services.correct(
        services.items_to_correct(world.manager, row).get(title="Workforce"), by=world.manager, reason="Typing",
        read=next(line.part.pk for line in after.lines if line.said["title"] == "Workforce"), text="Slow.",
        decisions={},
    )  # fmt: skip
    assert editions.reading(world.colleague, row).place == before.place + 1


def test_marks_that_are_put_right_after_the_agreement_make_an_edition(world, held):
    row = agreed(world, held)
    Attendance.objects.filter(user=world.lead_other).update(mark="present")
    services.marks_changed(row, by=world.manager, reason="She came late.")
    found = editions.reading(world.colleague, row)
    assert found.head["quorum"].startswith("3 of 3") and found.edition.reason == "She came late."
    assert "Recruitment is slow" in words_of(world.colleague, row)


# --- around it --------------------------------------------------------------------------------------------------------


def test_home_asks_the_runner_to_circulate_and_the_chair_before_the_manager_to_check(world, held):
    said = lambda user: [each.what for each in reads.work(user)]  # noqa: E731
    assert any("Circulate" in each for each in said(world.officer))
    circulated(world, held)
    assert any("Check the minutes" in each for each in said(world.board_member))
    assert not any("Check the minutes" in each for each in said(world.manager))
    assert said(world.colleague) == []


def test_matters_arising_stand_once_and_first_on_the_agenda(world, board, held):
    row = meeting(board, days=5)
    item(row, "Welcome")
    restricted_item(row, "A placement", by=world.manager)
    found = matters.matters(world.colleague, row)
    assert found.since == held and found.nothing
    matters.put_first(row, by=world.manager)
    titles = list(Item.objects.filter(meeting=row).order_by("position").values_list("title", flat=True))
    assert titles == ["Matters arising", "Welcome", "A placement"]
    with pytest.raises(ValidationError, match="already"):
        matters.put_first(row, by=world.manager)


def test_the_page_of_minutes_asks_as_much_for_many_items_as_for_few(world, held):
    row = circulated(world, held)
    client, url = own_client(world.colleague), reverse("boards:minutes", args=[row.pk])
    few = _counted(client, url)
    services.back(row, by=world.manager)
    for number in range(6):
        write(world, item(row, f"More {number}"), "Read.")
    services.circulate(fresh(row), by=world.manager)
    assert _counted(client, url) <= few


def _counted(client, url):
    from django.test.utils import CaptureQueriesContext

    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_no_word_of_the_minutes_is_in_the_trail(world, held):
    row = agreed(world, held)
    with scope.outside():
        told = str(list(Event.objects.filter(folder_id__in=[row.folder_id]).values_list("verb", "data")))
    assert "minutes_agree" in told and "audits" not in told and "Larkfield" not in told


def test_the_demo_has_minutes_in_every_state_once(world, now_in_the_demo):
    everybody = now_in_the_demo
    fill_minutes(everybody)
    fill_minutes(everybody)
    states = set(Meeting.objects.values_list("minutes_status", flat=True))
    assert {"circulated", "agreed", "published"} <= states
    assert Correction.objects.get().outcome == "waiting" and Publication.objects.count() == 1
    assert set(SentUp.objects.values_list("status", flat=True)) == {"waiting", "answered"}


@pytest.fixture
def now_in_the_demo(world):
    """The demo's people on their seats, and three meetings of each group that were held."""
    everybody = people()
    fill_groups(everybody)
    for row in Group.objects.filter(ref__in=CHAIRS).select_related("folder"):
        for days in (-120, -70, -10):
            meeting(row, days=days, status="held")
    return everybody
