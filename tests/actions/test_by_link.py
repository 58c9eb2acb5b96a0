"""The link of a reminder: it answers the person's own actions that its email named, each once; nothing else shows."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership.access import links
from partnership.access.models import Link
from partnership.access.services import bar
from partnership.actions import closing, services, telling
from partnership.actions.models import Action, DateChange, Evidence, Lineup, LineupItem, Update
from partnership.directory.leaving.ending import close_account
from partnership.directory.requests.services import suspend
from partnership.notify.models import Notice
from partnership.people.models import User
from partnership.trail.models import Event
from tests.actions.ground import in_days, make_action, make_group
from tests.actions.test_orphans import leaves
from tests.walk.post import day

WORDS = "The wards were asked on Monday."
UPDATE = {"says": "update", "outlook": "at_risk", "words": WORDS}


@pytest.fixture
def group(world):
    return make_group(world)


@pytest.fixture
def row(world, group):
    return make_action(world, group, due_on=in_days(2))


def mailed(user, *rows, days=14):
    """The address of the link of a reminder about `rows`."""
    lineup = Lineup.objects.create(user=user, made_on=timezone.localdate())
    for row in rows:
        LineupItem.objects.create(
            folder_id=row.folder_id,
            lineup=lineup,
            action=row,
            named=not row.sensitive,
            due_on=row.due_on,
            overdue=False,
        )
    link = links.make_mailed(Link.Purpose.ACTIONS, acts_as=user, object_id=lineup.pk, days=days)
    return reverse("actions:answer_by_link", args=[links.token_of(link)])


@pytest.fixture
def at(world, row):
    return mailed(world.colleague, row)


def send(client, at, row, **data):
    return client.post(at, {"about": row.reference} | data)


def text(response):
    return response.content.decode()


def test_an_update_by_link_is_dated_marked_and_told_to_its_owner(world, client, row, at):
    page = client.get(at)
    assert world.colleague.name in text(page) and row.reference in text(page) and "close this page" in text(page)
    answer = send(client, at, row, **UPDATE)
    assert answer.status_code == 302 and answer["Location"] == at
    said = Update.objects.get(action=row)
    assert (said.words, said.outlook, said.channel, said.by) == (WORDS, "at_risk", "link", world.colleague)
    assert Event.objects.filter(verb="action_answered_by_link", object_id=row.pk, actor_id=world.colleague.pk).exists()
    assert Notice.objects.filter(kind=telling.BY_LINK, recipient=world.colleague).exists()
    assert "One action was answered by this link" in text(client.get(at))


def test_looking_uses_nothing_up_and_writes_nothing(world, client, row, at):
    before = Event.objects.count()
    for _ in range(3):
        assert client.get(at).status_code == 200
        assert client.get(f"{at}?about={row.reference}").status_code == 200
    assert Event.objects.count() == before and LineupItem.objects.filter(answered_at=None).exists()


def test_an_action_is_answered_once_and_a_second_try_leads_to_signing_in(world, client, row, at):
    send(client, at, row, **UPDATE)
    again = client.post(at, {"about": row.reference} | UPDATE)
    assert again.status_code == 409 and "already. To say more, sign in" in text(again)
    assert UPDATE["words"] in text(again), "what was typed is kept to copy"
    assert Update.objects.filter(action=row).count() == 1


def test_another_date_is_asked_for_with_its_reason(world, client, row, at):
    answer = send(client, at, row, says="date", words="The board meets later.", **day("wanted", in_days(20)))
    assert answer.status_code == 302
    asked = DateChange.objects.get(action=row)
    assert (asked.wanted, asked.reason, asked.asked_by) == (in_days(20), "The board meets later.", world.colleague)
    assert Update.objects.get(action=row).channel == "link"
    row.refresh_from_db()
    assert row.due_on == in_days(2), "somebody else decides"


def test_done_takes_evidence_in_words_and_waits_for_approval(world, client, row, at):
    refused = send(client, at, row, says="done", words="It is in use.")
    assert refused.status_code == 422 and "Say what shows that it was done" in text(refused)
    assert not Update.objects.filter(action=row).exists(), "half of it is not kept"
    send(client, at, row, says="done", words="It is in use.", evidence="Version 3, on the intranet.")
    row.refresh_from_db()
    assert row.status == Action.Status.TO_APPROVE and row.close_asked_by == world.colleague
    assert Evidence.objects.get(action=row).words == "Version 3, on the intranet."


@pytest.mark.parametrize("what", ["closed", "given", "sensitive", "barred", "suspended", "left", "split"])
def test_what_is_no_longer_answered_here_is_not_listed_and_not_said(world, client, group, row, what):
    other = make_action(world, group, what="Print the leaflet", due_on=in_days(1))
    at = mailed(world.colleague, row, other)
    if what == "closed":
        closing.cancel(row, by=world.manager, note="The council does it")
    elif what == "given":
        services.give(row, by=world.manager, owner=world.author)
    elif what == "sensitive":
        services.change(row, by=world.manager, version=row.version, sensitive=True)
    elif what == "split":
        parts = [{"agency": world.agencies["mpft"], "owner": world.lead_other}]
        services.split(row, by=world.manager, version=row.version, parts=parts)
    elif what == "barred":
        bar(group, world.colleague, by=world.manager, reason="personal")
    elif what == "suspended":
        User.objects.filter(pk=world.colleague.pk).update(suspended_at=timezone.now())
    else:
        leaves(world.colleague)
    page = text(client.get(at))
    assert row.reference not in page and "Review the pathway" not in page
    assert ("Print the leaflet" in page) == (what in ("closed", "given", "sensitive", "split"))
    assert "What is not listed here is answered in the portal" in page
    answer = client.post(at, {"about": row.reference} | UPDATE)
    assert "It is not answered here any more" in text(answer) and row.reference not in text(answer)
    assert answer.status_code == 409 and UPDATE["words"] in text(answer), "what was typed is kept to copy"
    assert not Update.objects.filter(action=row).exists()


def test_a_folder_that_was_sealed_meanwhile_closes_the_link_to_its_actions(world, client, group, row, at):
    group.sealed = True
    type(group).objects.unscoped("sealed now").filter(pk=group.pk).update(sealed=True)
    page = text(client.get(at))
    assert row.reference not in page and group.title not in page


def test_only_what_the_email_named_is_answered(world, client, group, row, at):
    for other in (
        make_action(world, group, what="Another one of mine"),
        make_action(world, group, what="Somebody else's", owner=world.author),
    ):
        assert other.what not in text(client.get(at))
        send(client, at, other, **UPDATE)
        assert not Update.objects.filter(action=other).exists()


@pytest.mark.parametrize("what", ["closed", "suspended", "revoked", "expired", "forged", "another purpose"])
def test_a_link_that_ended_opens_nothing(world, client, row, what):
    at = mailed(world.colleague, row, days=0 if what == "expired" else 14)
    if what == "closed":
        close_account(world.colleague, by=world.manager)
    elif what == "suspended":
        suspend(world.colleague)
    elif what == "revoked":
        links.revoke_all(world.colleague, Link.Purpose.ACTIONS)
    elif what == "forged":
        at = at[:-1] + ("a" if at[-1] != "a" else "b")
    elif what == "another purpose":
        at = reverse("actions:answer_by_link", args=[links.make(Link.Purpose.FEED, acts_as=world.colleague)])
    for answer in (client.get(at), send(client, at, row, **UPDATE)):
        assert answer.status_code == 404 and row.reference not in text(answer)
        assert world.colleague.name not in text(answer)
    assert not Update.objects.filter(action=row).exists()


def test_somebody_else_who_is_signed_in_is_told_whose_it_is_not(world, sign_in, row, at):
    answer = sign_in(world.author).get(at)
    assert answer.status_code == 403
    assert world.colleague.name not in text(answer) and row.reference not in text(answer)
    assert send(sign_in(world.author), at, row, **UPDATE).status_code == 403
    assert not Update.objects.filter(action=row).exists()
    assert sign_in(world.colleague).get(at).status_code == 200


def test_the_page_shows_nothing_of_the_portal_or_the_person_but_the_name(world, client, row, at):
    page = text(client.get(at)) + text(client.get(f"{at}?about={row.reference}"))
    for word in (world.colleague.email, world.agencies["uhnm"].name, reverse("notify:notices"), "/directory/"):
        assert word not in page, word
    for header, value in (("Referrer-Policy", "strict-origin"), ("Cache-Control", "no-store")):
        assert client.get(at)[header] == value


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"says": ""}, "Choose what you want to say"),
        ({"says": "approved"}, "from what is shown"),
        ({"words": ""}, "Say in a sentence or two"),
        ({"words": "a\x00b"}, "character"),
        ({"words": "a" * 100_000}, "2000 characters or fewer"),
        ({"outlook": ""}, "Choose how you see it"),
        ({"says": "date"}, "Enter the day that you ask for"),
        ({"says": "date", "wanted_day": "31", "wanted_month": "4", "wanted_year": "2027"}, "must be a real date"),
        ({"says": "date", "wanted_day": "1", "wanted_month": "2", "wanted_year": "27"}, "must be 4 numbers"),
        ({"says": "date", "wanted_day": "1", "wanted_month": "2", "wanted_year": "2020"}, "or later"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(world, client, row, at, sent, said):
    answer = send(client, at, row, **(UPDATE | sent))
    assert answer.status_code == 422 and said in text(answer)
    if "words" not in sent:
        assert WORDS in text(answer)
    assert not Update.objects.filter(action=row).exists() and not DateChange.objects.exists()


def test_the_day_that_it_has_already_is_refused_with_words(world, client, row, at):
    answer = send(client, at, row, says="date", words="Please.", **day("wanted", row.due_on))
    assert answer.status_code == 422 and "the day it has already" in text(answer)
    assert not Update.objects.filter(action=row).exists()


def test_what_was_typed_is_shown_as_text_and_nothing_else_is_set(world, client, row, at):
    script = "<script>alert(1)</script>{{7*7}} O'Brien-Ní Zoë ŵ =HYPERLINK(1)"
    extra = {"status": "done", "by": str(world.manager.pk), "channel": "portal", "owner": str(world.manager.pk)}
    assert "<script>alert" not in text(send(client, at, row, **(UPDATE | {"words": script, "outlook": ""})))
    assert send(client, at, row, **(UPDATE | {"words": script} | extra)).status_code == 302
    said = Update.objects.get(action=row)
    assert (said.words, said.channel, said.by) == (script, "link", world.colleague)
    row.refresh_from_db()
    assert (row.status, row.owner) == ("open", world.colleague)


def test_without_the_token_of_the_page_nothing_is_written(world, row, at):
    strict = Client(enforce_csrf_checks=True)
    assert send(strict, at, row, **UPDATE).status_code == 403
    assert not Update.objects.filter(action=row).exists()
