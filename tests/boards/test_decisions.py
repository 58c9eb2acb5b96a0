"""The log of decisions, and what one group asks another: said anew, answered, late, taken back."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from boards.groups.services import add_seat
from boards.minutes import matters, reads, sending
from boards.models import Decision, Item, OtherBody, SentUp
from partnership.access.flow import Stale
from partnership.access.services import grant
from partnership.notify.models import Notice
from partnership.people.roles import Role
from partnership.trail.models import Event
from tests.boards.making import group, item, meeting, restricted_item
from tests.world import sign_in

SECRET = "The placement at Larkfield ends"
SOON = timedelta(days=30)


@pytest.fixture
def above(world):
    row = group(world, "The Executive")
    seat(world, row, world.partner_outside, "chair")
    return row


@pytest.fixture
def below(world, above):
    row = group(world, "Quality of practice", parent=above)
    seat(world, row, world.board_member, "chair")
    seat(world, row, world.colleague, "member")
    return row


def seat(world, group, user, role):
    facts = {"role": role, "post": f"Post of {user.name}", "starts": timezone.localdate()}
    return add_seat(group, by=world.manager, user=user, **facts)


@pytest.fixture
def decision(below):
    return decided(item(meeting(below, days=-9, status="held"), "Workforce"), "A campaign begins.")


def decided(row, text, **facts):
    facts = {"folder": row.folder, "meeting": row.meeting, "item": row, "number": row.position} | facts
    return Decision.objects.create(text=text, **facts)


def hidden(world, below):
    row = restricted_item(meeting(below, days=-9, status="held"), "A placement", by=world.manager)
    for user, role in ((world.officer, Role.CASE_OFFICER), (world.board_member, Role.CHAIR)):
        grant(row.folder, user, role, by=world.manager, reason="Sees it")
    return decided(row, SECRET)


def loaded(row):
    return type(row).objects.select_related("folder", "item", "meeting__group__parent").get(pk=row.pk)


def sent(world, decision, above, *, by=None, **facts):
    facts = {"words": "May we spend on it?", "due_on": timezone.localdate() + SOON, "to_group": above} | facts
    return sending.send(loaded(decision), by=by or world.board_member, **facts)


def whole(row):
    return SentUp.objects.select_related(*sending.LOADED).get(pk=row.pk)


def own_client(user):
    return sign_in(Client(), user)


def test_the_log_holds_what_its_reader_may_see_and_counts_nothing_else(world, below, decision):
    hidden(world, below)
    page = own_client(world.colleague).get(reverse("boards:decisions")).content.decode()
    assert "A campaign begins." in page and "1 decision<" in page and SECRET not in page
    page = own_client(world.officer).get(reverse("boards:decisions")).content.decode()
    assert SECRET in page and "Quality of practice" in page
    assert (
        "A campaign"
        not in own_client(world.partner_outside).get(reverse("boards:decisions"), follow=True).content.decode()
    )


def test_the_spreadsheet_holds_the_same_rows_as_texts_and_is_written_down(world, below, decision):
    hidden(world, below)
    Decision.objects.filter(pk=decision.pk).update(text="=HYPERLINK(1)", reason="-5")
    client = own_client(world.colleague)
    answer = client.post(reverse("boards:decisions"))
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    cells = [cell.value for line in sheet.iter_rows() for cell in line]
    assert "=HYPERLINK(1)" in cells and SECRET not in cells and not any(c.data_type == "f" for r in sheet for c in r)
    assert Event.objects.get(verb="decisions_exported").data == {"count": 1, "restricted": 0, "filters": []}


def test_filters_narrow_by_group_year_and_words_and_refuse_what_is_not_offered(world, below, decision):
    Decision.objects.filter(pk=decision.pk).update(made_on="2024-03-31")
    client, url = own_client(world.colleague), reverse("boards:decisions")
    for query, found in (("year=2023", True), (f"group={below.pk}", True), ("q=campaign", True), ("q=nothing", False)):
        assert ("A campaign begins." in client.get(f"{url}?{query}").content.decode()) is found, query
    for query in ("year=2024", "group=password", "sent=x' OR 1=1"):
        assert client.get(f"{url}?{query}").status_code == 422


def test_a_decision_goes_to_the_parent_and_its_answer_comes_back_to_the_sender(world, above, below, decision):
    client = own_client(world.board_member)
    form = client.get(reverse("boards:send_up", args=[decision.pk])).context["form"]
    assert form.initial["to_group"] == above.pk and form.initial["words"] == decision.text
    row = sent(world, decision, above)
    told = set(Notice.objects.filter(kind="sent_up_received").values_list("recipient_id", flat=True))
    assert world.partner_outside.pk in told and world.board_member.pk not in told
    chair = own_client(world.partner_outside)
    assert "May we spend" in chair.get(reverse("boards:received", args=[above.pk])).content.decode()
    assert any("Answer what Quality of practice asks" in each.what for each in reads.work(world.partner_outside))
    answer = chair.post(reverse("boards:sent_up", args=[row.pk]), {"do": "answer", "words": "Yes, up to £5,000."})
    assert answer.status_code == 302
    decision.refresh_from_db()
    assert decision.answer == "The Executive: Yes, up to £5,000." and decision.answered_on == timezone.localdate()
    page = own_client(world.colleague).get(reverse("boards:decision_view", args=[decision.pk])).content.decode()
    assert "up to £5,000" in page
    assert Notice.objects.filter(kind="sent_up_answered", recipient=world.board_member).exists()


def test_who_receives_does_not_open_the_senders_decision_and_the_sender_not_the_receivers_page(
    world, above, below, decision
):
    row = sent(world, decision, above)
    chair, member = own_client(world.partner_outside), own_client(world.colleague)
    assert chair.get(reverse("boards:decision_view", args=[decision.pk])).status_code == 404
    assert "A campaign" not in chair.get(reverse("boards:sent_up", args=[row.pk])).content.decode()
    assert member.get(reverse("boards:sent_up", args=[row.pk])).status_code == 404
    assert "Waits for an answer" in member.get(reverse("boards:received", args=[below.pk])).content.decode()


def test_a_restricted_decision_is_said_anew_and_never_in_its_own_words(world, above, below):
    row = hidden(world, below)
    client = own_client(world.board_member)
    assert client.get(reverse("boards:send_up", args=[row.pk])).context["form"].initial["words"] == ""
    for words in (f"we ask: {SECRET.upper()}.", f"About {row.folder.reference}"):
        with pytest.raises(ValidationError, match="restricted"):
            sent(world, row, above, words=words)
    sent(world, row, above, words="May one placement be paid for?")
    page = own_client(world.colleague).get(reverse("boards:received", args=[below.pk])).content.decode()
    assert "placement" not in page and "has sent nothing up" in page
    ahead = meeting(below, days=4)
    assert matters.matters(world.colleague, ahead).nothing and matters.counts(world.colleague, ahead) == []


def test_only_who_chairs_or_runs_sends_and_only_the_chair_that_receives_answers(world, above, below, decision):
    with pytest.raises(PermissionDenied):
        sent(world, decision, above, by=world.colleague)
    row = whole(sent(world, decision, above))
    with pytest.raises(PermissionDenied):
        sending.answer(row, by=world.officer, words="Yes.")
    with pytest.raises(ValidationError, match="Enter the answer"):
        sending.answer(row, by=world.partner_outside, words=" ")
    with pytest.raises(ValidationError, match="waits for an answer there already"):
        sent(world, decision, above)


def test_two_who_answer_at_once_leave_one_answer_and_the_other_keeps_the_words(world, above, below, decision):
    row = whole(sent(world, decision, above))
    sending.answer(row, by=world.partner_outside, words="Yes.")
    with pytest.raises(Stale):
        sending.answer(row, by=world.manager, words="No.")
    typed = {"do": "answer", "words": "My careful words."}
    answer = own_client(world.manager).post(reverse("boards:sent_up", args=[row.pk]), typed)
    assert answer.status_code == 409 and "My careful words." in answer.content.decode()


def test_what_is_overdue_is_marked_and_on_the_senders_home(world, above, below, decision):
    row = sent(world, decision, above)
    SentUp.objects.filter(pk=row.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    assert "overdue" in own_client(world.colleague).get(reverse("boards:decisions")).content.decode()
    assert any("No answer yet from The Executive" in each.what for each in reads.work(world.officer))
    assert sending.take_back(whole(row), by=world.manager).status == SentUp.Status.TAKEN_BACK
    assert not any("No answer yet" in each.what for each in reads.work(world.officer))


def test_who_does_not_see_the_decision_takes_nothing_back(world, above, below):
    row = whole(sent(world, hidden(world, below), above, words="May one be paid for?"))
    assert "take_back" not in reads.sent_up_page(world.manager, row).steps
    with pytest.raises(PermissionDenied):
        sending.take_back(row, by=world.manager)


def test_it_is_put_on_an_agenda_of_the_group_that_received_it_once(world, above, below, decision):
    row = whole(sent(world, decision, above))
    ahead, other = meeting(above, days=8), meeting(below, days=8)
    with pytest.raises(ValidationError, match="this group"):
        sending.put_on_agenda(row, by=world.manager, meeting=other)
    with pytest.raises(PermissionDenied):
        sending.put_on_agenda(row, by=world.partner_outside, meeting=ahead)
    restricted_item(ahead, "A placement", by=world.manager)
    client = own_client(world.manager)
    typed = {"do": "agenda", "meeting_ahead": str(ahead.pk)}
    assert client.post(reverse("boards:sent_up", args=[row.pk]), typed).status_code == 302
    found, _ = Item.objects.filter(meeting=ahead).order_by("position")  # restricted ones stay behind it
    assert (found.title, found.about) == ("Asked by Quality of practice", "May we spend on it?")
    with pytest.raises(ValidationError, match="already"):
        sending.put_on_agenda(whole(row), by=world.manager, meeting=ahead)


def test_the_board_of_somebody_else_is_asked_and_asks(world, above, below, decision):
    body = OtherBody.objects.create(group=below, name="Adults board", through="The chair")
    row = sent(world, decision, None, to_group=None, body=body, by=world.manager)
    assert row.folder_id == below.pk
    with pytest.raises(PermissionDenied):
        sending.answer(whole(row), by=world.board_member, words="They agree.")  # whoever runs it records it
    sending.answer(whole(row), by=world.manager, words="They agree.")
    decision.refresh_from_db()
    assert decision.answer == "Adults board: They agree."
    client = own_client(world.officer)
    day = timezone.localdate() + SOON
    typed = {"body": body.pk, "words": "Share your plan.", "due_on_day": day.day, "due_on_month": day.month}
    url = reverse("boards:received", args=[below.pk])
    assert own_client(world.colleague).post(url, typed | {"due_on_year": day.year}).status_code == 403
    assert client.post(url, typed | {"due_on_year": day.year}).status_code == 302
    asked = whole(SentUp.objects.get(decision=None))
    sending.answer(asked, by=world.board_member, words="In May.")
    assert "Share your plan." in own_client(world.colleague).get(url).content.decode()


def test_a_decision_that_was_taken_back_or_is_of_a_case_is_not_sent_and_not_in_the_log(world, above, below, decision):
    Decision.objects.filter(pk=decision.pk).update(taken_back_at=timezone.now())
    with pytest.raises(ValidationError, match="taken back"):
        sent(world, decision, above)
    assert "A campaign" not in own_client(world.colleague).get(reverse("boards:decisions")).content.decode()
    assert own_client(world.board_member).get(reverse("boards:send_up", args=[decision.pk])).status_code == 302


def test_matters_arising_name_what_waits_on_both_sides(world, above, below, decision):
    sent(world, decision, above)
    ahead = meeting(below, days=4)
    assert len(matters.matters(world.colleague, ahead).waiting) == 1
    assert matters.counts(world.colleague, ahead) == [(1, "decision sent up and not answered")]
    found = matters.matters(world.partner_outside, meeting(above, days=4))
    assert len(found.asked) == 1 and not found.waiting
    page = own_client(world.partner_outside).get(
        reverse("boards:matters_arising", args=[found and meeting(above, days=5).pk])
    )
    assert "Asked of this group and not answered" in page.content.decode()
