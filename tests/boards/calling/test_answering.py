"""What whoever is called answers, by the link and by the page, and who may not."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from boards.calling import answering, services
from boards.models import Highlight, Item, Proposal
from partnership.access import links
from partnership.access.flow import Stale
from partnership.access.models import Link
from partnership.actions.models import Update
from partnership.notify.models import Notice
from partnership.people.models import Agency
from partnership.people.roles import Role
from tests.actions.ground import make_action
from tests.boards import making
from tests.boards.calling.ground import WHY, fresh, invited, seat
from tests.world import person, sign_in

pytestmark = pytest.mark.django_db


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
    assert [pk for pk, _ in form["also"].field.choices] == [str(next_one.pk)], "it is offered to her other groups"
    assert form["also"].value() == [], "and whom it is given to is her choice"
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
    assert sign_in(Client(), world.colleague).get(url).status_code == 403
    with pytest.raises(PermissionDenied):
        answering.decide(row, by=world.colleague, step="take")
    client = sign_in(Client(), world.officer)
    assert "Say why it is not taken" in client.post(url, {"step": "decline"}).content.decode()
    assert client.post(url, {"step": "take"}).status_code == 302
    item = Item.objects.unscoped(WHY).get(meeting=called)
    assert (item.title, item.about, item.presenter, fresh(row).item) == ("Beds", "Winter", world.colleague, item)
    with pytest.raises(Stale):
        answering.decide(row, by=world.officer, step="decline", words="No.")


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
        Highlight.objects.create(agency=agency, words="Words", changed_by=user, **shared)
        make_action(world, group.folder, what=f"Action {number}")

    more(1)
    before = counted()
    for number in range(2, 6):
        more(number)
    assert counted() == before
