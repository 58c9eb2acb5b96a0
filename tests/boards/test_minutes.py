"""Minutes as editions: circulated, corrected, checked, agreed, put right and published; who reads which word."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import Error, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from boards.attending.minuting import must_be_draft
from boards.demo import fill_groups
from boards.demo_minutes import CHAIRS, fill_minutes
from boards.groups.services import add_seat
from boards.minutes import editions, matters, prints, publishing, reads, services
from boards.models import (
    Attendance,
    Correction,
    Decision,
    Edition,
    Group,
    Meeting,
    Minute,
    MinutesPrint,
    Part,
    Publication,
    SentUp,
)
from boards.templatetags.minutes import when_and_where
from partnership.access import scope
from partnership.access.flow import Stale
from partnership.access.models import FolderGrant
from partnership.access.services import grant
from partnership.directory.demo import people
from partnership.jobs.models import Job
from partnership.jobs.services import Refused
from partnership.notify.models import Notice
from partnership.people.roles import Role
from partnership.trail.models import Event
from tests.boards.making import group, item, meeting, restricted_item
from tests.walk.canaries import text_of_pdf
from tests.world import sign_in

SECRET = "The placement at Larkfield ends"


@pytest.fixture
def board(world):
    """A group with its chair and two members."""
    row = group(world, "Quality of practice")
    for user, role in ((world.board_member, "chair"), (world.colleague, "member"), (world.lead_other, "member")):
        seat = {"role": role, "post": f"Post of {user.name}", "agency": world.agencies["uhnm"], "voting": "yes"}
        add_seat(row, by=world.manager, user=user, starts=timezone.localdate() - timedelta(days=90), **seat)
    return row


@pytest.fixture
def held(world, board):
    """A meeting that was held, with two open items and a restricted one that its chair and an officer see."""
    row = meeting(board, days=-20, status="held", minutes_status="draft", title="Autumn meeting", place="Civic Centre")
    write(world, item(row, "Learning from audits"), "Three audits were read.\n- Two are good")
    hidden = restricted_item(row, "A placement", by=world.manager)
    for user, role in ((world.officer, Role.CASE_OFFICER), (world.board_member, Role.CHAIR)):
        grant(hidden.folder, user, role, by=world.manager, reason="Sees it")
    write(world, hidden, SECRET)
    decide(hidden, SECRET, number=1)
    open_item = item(row, "Workforce")
    write(world, open_item, "Recruitment is slow.")
    decide(open_item, "A campaign begins.", number=2, reason="Vacancies have risen.")
    for user, mark in ((world.board_member, "present"), (world.colleague, "present"), (world.lead_other, "apologies")):
        came(row, user, mark)
    Attendance.objects.filter(user=world.board_member).update(chairs=True)
    Attendance.objects.create(folder=row.folder, meeting=row, name="Sam Guest", organisation="A club", mark="present")
    return row


def write(world, row, text, by=None):
    return Minute.objects.create(folder=row.folder, item=row, text=text, changed_by=by or world.officer)


def decide(row, text, *, number, **facts):
    facts = {"folder": row.folder, "meeting": row.meeting, "item": row} | facts
    return Decision.objects.create(text=text, number=number, **facts)


def came(row, user, mark):
    seat = user.seats.get(group=row.group_id)
    facts = {"folder": row.folder, "meeting": row, "seat": seat, "place": seat.place, "user": user, "name": user.name}
    facts |= {"post": seat.post, "agency": seat.agency, "voting": "yes", "mark": mark}
    return Attendance.objects.create(**facts)


def fresh(row):
    return type(row).objects.select_related("folder", "group__folder").get(pk=row.pk)


def circulated(world, held):
    services.circulate(held, by=world.manager)
    return fresh(held)


def agreed(world, held):
    row = circulated(world, held)
    services.check(row, by=world.board_member, edition=editions.newest(row).pk)
    later = meeting(held.group, days=-1, status="held")
    services.agree(fresh(row), by=world.manager, agreed_in=later)
    return fresh(held)


def words_of(user, row, edition=None):
    found = editions.reading(user, row, edition)
    return json.dumps([found.head, [line.said for line in found.lines]])


def own_client(user):
    return sign_in(Client(), user)


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


def test_an_edition_says_who_was_there_as_it_was_and_is_never_rewritten(world, held):
    row = circulated(world, held)
    head = editions.reading(world.colleague, row).head
    assert [each["name"] for each in head["present"]] == [world.board_member.name, world.colleague.name]
    assert [each["name"] for each in head["apologies"]] == [world.lead_other.name]
    assert [each["name"] for each in head["attending"]] == ["Sam Guest"]
    assert head["quorum"] == "2 of 3 members were there or had a deputy there."
    head |= {"from": "09:55", "until": "12:00"}
    assert when_and_where(head) == f"{head['day_said']}, 9:55am to 12pm, Civic Centre"
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


def test_nobody_checks_their_own_minutes_and_a_manager_says_who_checked_them(world, held):
    Minute.objects.update(changed_by=world.board_member)
    row = circulated(world, held)
    edition = editions.newest(row).pk
    with pytest.raises(ValidationError, match="somebody else"):
        services.check(row, by=world.board_member, edition=edition)
    with pytest.raises(ValidationError, match="who checked"):
        services.check(row, by=world.manager, edition=edition)
    done = services.check(row, by=world.manager, edition=edition, outside="Dr Bell, by letter of 3 May")
    assert (done.checked_by, done.checked_words) == (world.manager, "Dr Bell, by letter of 3 May")


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


def test_marks_that_are_put_right_after_the_agreement_make_an_edition_and_before_it_none(world, held):
    assert services.marks_changed(held, by=world.manager, reason="She came") is None
    row = agreed(world, held)
    Attendance.objects.filter(user=world.lead_other).update(mark="present")
    with pytest.raises(ValidationError, match="why"):
        services.marks_changed(row, by=world.manager, reason=" ")
    services.marks_changed(row, by=world.manager, reason="She came late.")
    found = editions.reading(world.colleague, row)
    assert found.head["quorum"].startswith("3 of 3") and found.edition.reason == "She came late."
    assert "Recruitment is slow" in words_of(world.colleague, row)


# --- published --------------------------------------------------------------------------------------------------------


def publish(world, row):
    edition = publishing.to_publish(row)
    content = publishing.make(edition, by=world.manager, progress=lambda *args: None)
    return edition, content


def test_only_agreed_minutes_of_a_group_are_published_and_never_those_of_a_case(world, held):
    row = circulated(world, held)
    client = own_client(world.manager)
    edition = editions.newest(row)
    assert client.post(reverse("boards:publish", args=[edition.pk]), {"read": "x"}).status_code == 302
    assert not Job.objects.filter(kind="minutes_published").exists()
    assert "case" in publishing.why_not(type(row)(folder=world.ours.folder, group=None, minutes_status="agreed"))


def test_the_published_file_has_posts_and_no_people_and_nothing_restricted(world, held):
    row = agreed(world, held)
    edition, content = publish(world, row)
    text = " ".join(text_of_pdf(content).decode().split())
    assert "A campaign begins" in text and "A club" in text and "Post of Colleague" in text
    for word in (SECRET, "placement", "Larkfield", "Sam Guest", "R1"):
        assert word not in text
    assert publishing.keep(edition, content, by=world.manager) == row.pk
    published = Publication.objects.get()
    stranger = own_client(world.author)  # she sits on no group
    for name in ("publication", "publication_file"):
        assert stranger.get(reverse(f"boards:{name}", args=[published.pk])).status_code == 200
    assert "Quality of practice" in stranger.get(reverse("boards:published")).content.decode()
    assert stranger.get(reverse("documents:download", args=[published.document.versions.get().pk])).status_code == 404
    again = publishing.keep(edition, content, by=world.manager)
    assert isinstance(again, Refused) and Publication.objects.count() == 1
    assert fresh(row).minutes_status == "published"


def test_a_restricted_word_in_a_finished_file_is_found_wherever_it_hides(world, held):
    from io import BytesIO

    from pypdf import PdfReader, PdfWriter

    row = agreed(world, held)
    edition, content = publish(world, row)
    edition = publishing._whole(edition)
    found = publishing.published(edition)
    assert not publishing.leaks(content, edition, found)
    for hide in (
        lambda writer: writer.add_metadata({"/Subject": SECRET}),
        lambda writer: writer.add_attachment("note.txt", SECRET.encode()),
    ):
        writer, out = PdfWriter(clone_from=PdfReader(BytesIO(content))), BytesIO()
        hide(writer)
        writer.write(out)
        assert publishing.leaks(out.getvalue(), edition, found)


def test_names_in_the_words_are_pointed_out_and_must_be_let_stand(world, held):
    Minute.objects.filter(item__title="Workforce").update(text=f"{world.colleague.name} spoke to A PLACEMENT.")
    row = agreed(world, held)
    edition = publishing.to_publish(row)
    url = reverse("boards:publish", args=[edition.pk])
    client = own_client(world.manager)
    page = client.get(url)
    assert world.colleague.name in page.content.decode() and "restricted item" not in page.content.decode()
    read = page.context["form"].initial["read"]
    assert client.post(url, {"read": read}).status_code == 422
    assert client.post(url, {"read": read, "stays": "on"}).status_code == 302
    assert Job.objects.get(kind="minutes_published").subject_id == edition.pk
    warned = publishing.warnings(world.board_member, publishing._whole(edition), publishing.published(edition))
    assert any("A placement" in each for each in warned)  # the chair sees it and is warned


def test_words_that_look_like_markup_stay_words_in_the_page_and_the_file(world, held):
    nasty = '<script>alert(1)</script> {{7*7}} {% load x %} <link rel=attachment href=file:///etc/passwd> @import "x"'
    Minute.objects.filter(item__title="Workforce").update(text=nasty)
    row = agreed(world, held)
    page = own_client(world.colleague).get(reverse("boards:minutes", args=[row.pk])).content.decode()
    assert "<script>alert" not in page and "{{7*7}}" in page
    _, content = publish(world, row)
    assert "href=file:///etc/passwd" in " ".join(text_of_pdf(content).decode().split())


# --- a PDF of one's own -----------------------------------------------------------------------------------------------


def test_a_pdf_holds_what_its_reader_may_read_and_is_given_while_that_is_so(world, held):
    row = circulated(world, held)
    edition = editions.newest(row)
    job = prints.ask(edition, by=world.board_member)
    mine = MinutesPrint.objects.get()
    content, parts = prints.make(mine, by=world.board_member, progress=lambda *args: None)
    text = " ".join(text_of_pdf(content).decode().split())
    assert SECRET in text and "OFFICIAL-SENSITIVE" in text
    prints.keep(mine, (content, parts), by=world.board_member)
    url = reverse("boards:minutes_file", args=[mine.pk])
    client = own_client(world.board_member)
    assert client.get(url).status_code == 200
    assert own_client(world.colleague).get(url).status_code == 404
    hidden = services.items_to_correct(world.board_member, row).get(restricted=True)
    FolderGrant.objects.filter(user=world.board_member, content_object=hidden.folder).delete()
    assert client.get(url).status_code == 302 and prints.why_not(world.board_member, job)


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
    found = matters.matters(world.colleague, row)
    assert found.since == held and found.nothing
    matters.put_first(row, by=world.manager)
    titles = list(services.items_to_correct(world.colleague, row).values_list("title", flat=True))
    assert titles == ["Matters arising", "Welcome"]
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
