"""The pages of notices and operations: what they show, to whom, and that they need no script."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.template import Context, Template
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnership.access import services as access
from partnership.notify import kinds, watch
from partnership.notify.models import Alarm, DemoMail, Notice, Outgoing, Preference
from partnership.notify.operating import hold_sending
from partnership.notify.relay import relay
from partnership.notify.telling import Told, tell
from partnership.trail.models import Event
from tests.notify.conftest import FakeSender, due_now, since_set_up
from tests.world import CANARY


def page(client, name, *args):
    return client.get(reverse(f"notify:{name}", args=args)).content.decode()


def test_my_notices_unread_first_and_read_by_a_button(world, owed, sign_in):
    owed(1, key="one")
    owed(1, key="two")
    client = sign_in(world.officer)
    first = Notice.objects.get(key="one", recipient=world.officer)
    assert page(client, "notices").count("Mark as read<span") == 2
    client.post(reverse("notify:read", args=[first.pk]))
    body = page(client, "notices")
    assert body.count("Mark as read<span") == 1
    assert body.index("Something is due: two") < body.index("Something is due: one")
    mark_all_read(client)
    assert "Mark as read" not in page(client, "notices")


def mark_all_read(client, body=""):
    """Presses the button of the page `body`, or of the page as it is now."""
    until = re.search(r'name="until" value="([^"]+)"', body or page(client, "notices"))
    client.post(reverse("notify:read_all"), {"until": until[1]} if until else {})


def test_what_came_after_the_page_was_drawn_stays_unread_and_is_emailed(world, kind, sign_in):
    kind("alert", apart=True)
    client = sign_in(world.officer)
    told = [Told(key, world.officer.pk, world.ours.review.pk) for key in ("seen", "unseen")]
    tell("alert", told[:1])
    Notice.objects.update(created_at=Now() - timedelta(minutes=1))
    drawn = page(client, "notices")
    tell("alert", told[1:])
    mark_all_read(client, drawn)
    assert list(Notice.objects.filter(read_at=None).values_list("key", flat=True)) == ["unseen"]
    due_now()
    sender = FakeSender()
    relay(sender=sender)
    assert "- A statutory date is near\n" in sender.sent[0].body


def test_the_button_without_its_moment_marks_nothing(world, owed, sign_in):
    owed()
    client = sign_in(world.officer)
    for until in ({}, {"until": "yesterday"}):
        assert client.post(reverse("notify:read_all"), until).status_code == 302
    assert Notice.objects.get().read_at is None


def test_a_notice_that_was_read_keeps_its_first_time(world, owed, sign_in):
    owed()
    row = Notice.objects.get()
    client = sign_in(world.officer)
    client.post(reverse("notify:read", args=[row.pk]))
    at = Notice.objects.get().read_at
    client.post(reverse("notify:read", args=[row.pk]))
    assert Notice.objects.get().read_at == at


def test_a_notice_disappears_with_the_access_to_its_matter(world, owed, sign_in):
    owed()
    client = sign_in(world.officer)
    assert "Something is due" in page(client, "notices")
    drawn = page(client, "notices")
    access.bar(world.ours.folder, world.officer, by=world.manager, reason="personal")
    assert "Something is due" not in page(client, "notices")
    mark_all_read(client, drawn)
    assert Notice.objects.get().read_at is None, "what is not shown is not read"


def test_fifty_notices_cost_as_many_queries_as_one(world, kind, sign_in):
    kind()
    client = sign_in(world.officer)
    told = [Told(f"key {n}", world.officer.pk, world.ours.review.pk) for n in range(60)]
    tell("due", told[:1])
    page(client, "notices")
    with CaptureQueriesContext(connection) as one:
        page(client, "notices")
    tell("due", told)
    with CaptureQueriesContext(connection) as many:
        body = page(client, "notices")
    assert len(many) == len(one) <= 12
    assert 'aria-label="Page 3"' in body


def test_a_person_chooses_for_what_may_be_chosen_and_nothing_else(world, kind, sign_in):
    kind("law", title="A date of the law", statutory=True)
    kind("news", title="Some news")
    kind("alert", title="An alert", apart=True)
    client = sign_in(world.officer)
    body = page(client, "preferences")
    assert "A date of the law" in body and 'name="law"' not in body
    assert 'name="news" value="now"' not in body
    refused = client.post(reverse("notify:preferences"), {"news": "now", "alert": "digest"})
    assert refused.status_code == 422
    client.post(reverse("notify:preferences"), {"news": "none", "alert": "digest", "law": "none"})
    assert sorted(Preference.objects.values_list("kind", "email")) == [("alert", "digest"), ("news", "none")]
    assert Event.objects.get(verb="mail_chosen").data == {"off": ["news"]}


@pytest.fixture
def operator(world, sign_in):
    return sign_in(world.operator)


def test_the_operators_page_says_what_stands_still_and_what_could_not_be_sent(world, owed, operator):
    since_set_up(timedelta(days=1))
    rows = owed(3)
    Outgoing.objects.update(state="dead", last_error="550", first_tried_at=Now())
    watch.raise_alarm(f"dead:{rows[0].pk}", "letter_dead", outgoing=rows[0].pk)
    body = page(operator, "operations")
    said = body.replace("\n", "")
    assert "Sending of email" in said and ": nothing for 10 minutes or more" in said
    assert watch.sort_of("letter_dead").advice in body
    assert world.officer.name in body and world.officer.email not in body
    assert "Given to the operator: 550" in body
    assert CANARY not in body and world.ours.folder.reference not in body and str(world.ours.review.pk) not in body


def test_an_alarm_names_its_recipient_and_who_is_gone(world, operator):
    gone = uuid.uuid4()
    for pk in (world.officer.pk, gone):
        watch.raise_alarm(f"x{pk}", "recipient_unreachable", recipient=pk, kind="due")
    body = page(operator, "operations")
    assert f"recipient: {world.officer.name}" in body and "recipient: no account" in body
    assert str(world.officer.pk) not in body and str(gone) not in body


def test_the_menu_marks_the_page_that_is_open(operator):
    # Preferences stand in one's account, which is not in the menu.
    for name, marked in (("notices", ["Notices"]), ("preferences", []), ("operations", ["Operations"])):
        assert re.findall(r"active-fallback\">([^<]+)<", page(operator, name)) == marked
    assert re.findall(r"active-fallback\">([^<]+)<", page(operator, "hold")) == ["Operations"]


def test_the_operators_page_costs_the_same_for_many(world, owed, operator):
    owed(1)
    Outgoing.objects.update(state="dead")
    watch.raise_alarm("w", "letter_dead", recipient=world.manager.pk)
    page(operator, "operations")
    with CaptureQueriesContext(connection) as one:
        page(operator, "operations")
    owed(5, key="two")
    Outgoing.objects.update(state="dead")
    watch.raise_alarm("x", "letter_dead", recipient=world.officer.pk)
    watch.raise_alarm("y", "mail_stuck")
    with CaptureQueriesContext(connection) as many:
        page(operator, "operations")
    assert len(many) == len(one)


def test_holding_and_releasing_from_the_page(world, owed, operator):
    owed()
    assert operator.post(reverse("notify:hold"), {"reason": ""}).status_code == 422
    operator.post(reverse("notify:hold"), {"reason": "Restored from the night's backup."})
    assert "Sending is held since" in page(operator, "operations")
    again = operator.post(reverse("notify:hold"), {"reason": "Again."})
    assert (again.status_code, "Sending is held already" in again.content.decode()) == (422, True)
    assert relay(sender=FakeSender()) == {}
    operator.post(reverse("notify:release"))
    due_now()
    assert relay(sender=FakeSender()) == {"accepted": 1}


def test_a_dead_letter_is_tried_again_given_up_or_all_are(world, owed, operator):
    rows = owed(3)
    Outgoing.objects.update(state="dead")
    operator.post(reverse("notify:retry", args=[rows[0].pk]))
    assert operator.post(reverse("notify:give_up", args=[rows[1].pk]), {}).status_code == 422
    operator.post(reverse("notify:give_up", args=[rows[1].pk]), {"reason": "told"})
    operator.post(reverse("notify:retry_all"))
    states = dict(Outgoing.objects.values_list("pk", "state"))
    assert [states[row.pk] for row in rows] == ["queued", "dead", "queued"]
    assert "There is none." in page(operator, "operations")
    late = operator.post(reverse("notify:retry", args=[rows[0].pk]), follow=True)
    assert "no longer waiting for a decision" in late.content.decode()


def test_an_alarm_is_closed_by_a_person_and_comes_back_with_its_cause(operator):
    watch.raise_alarm("x", "mail_stuck")
    operator.post(reverse("notify:close_alarm", args=[Alarm.objects.get().pk]))
    assert not Alarm.objects.filter(closed_at=None).exists()
    assert watch.raise_alarm("x", "mail_stuck")


def banner(user):
    request = RequestFactory().get("/")
    request.user = user
    return Template("{% load notify %}{% sweep_banner %}").render(Context({"request": request}))


def test_the_red_banner_is_for_those_who_can_do_something_about_it(world):
    since_set_up(timedelta(days=1))
    assert "10 minutes" in banner(world.operator) and "10 minutes" in banner(world.manager)
    with CaptureQueriesContext(connection) as asked:
        assert "10 minutes" not in banner(world.officer)
    assert not [each for each in asked if "heartbeat" in each["sql"]]
    for loop in watch.expected_loops():
        watch.beat(loop.name)
    assert banner(world.operator).strip() == ""


def test_home_leads_operators_to_what_stands_still_and_to_open_alarms(world, sign_in):
    since_set_up(timedelta(days=1))
    for n in range(3):
        watch.raise_alarm(f"x{n}", "letter_dead")
    home = sign_in(world.manager).get(reverse("reporting:home")).content.decode()
    assert "Sending of email: nothing for 10 minutes or more" in home
    assert "3 alarms of the portal’s machinery" in home and f'href="{reverse("notify:operations")}"' in home
    with CaptureQueriesContext(connection) as asked:
        home = sign_in(world.officer).get(reverse("reporting:home")).content.decode()
    assert "alarm" not in home
    assert not [each for each in asked if "alarm" in each["sql"] or "heartbeat" in each["sql"]]


def test_home_says_how_many_notices_are_new_and_leads_to_them(world, owed, sign_in):
    client = sign_in(world.officer)
    home = reverse("reporting:home")
    client.get(home)
    assert "new notice" not in client.get(home).content.decode()
    owed(1, key="one")
    assert "1 new notice<" in client.get(home).content.decode()
    owed(1, key="two")
    with CaptureQueriesContext(connection) as asked:
        assert "2 new notices<" in client.get(home).content.decode()
    assert len([each for each in asked if "notify_" in each["sql"]]) == 1


def test_the_demos_outbox_is_there_in_the_demo_only(world, owed, sign_in, settings):
    client = sign_in(world.officer)
    assert client.get(reverse("notify:demo_outbox")).status_code == 404
    settings.DEMO, settings.MAIL_SENDER = True, "demo"
    owed(2)
    assert relay() == {"accepted": 2}
    assert DemoMail.objects.count() == 2
    assert page(client, "demo_outbox").count("Something in the portal needs you</h2>") == 1


def test_the_demos_outbox_shows_people_their_own_and_operators_everything(world, owed, sign_in, operator, settings):
    settings.DEMO, settings.MAIL_SENDER = True, "demo"
    owed(2)
    assert relay() == {"accepted": 2}
    everything = page(operator, "demo_outbox")
    assert everything.count("Something in the portal needs you</h2>") == 2 and "to everybody" in everything
    others = page(sign_in(world.panel), "demo_outbox")
    assert "It is empty." in others and "would have sent to you." in others


def test_the_hold_is_seen_by_whom_and_why(world, operator):
    hold_sending(by=world.manager, reason="The mail server is being moved.")
    assert f"by {world.manager.name}: The mail server is being moved." in page(operator, "operations")


def test_every_registered_alarm_and_loop_has_plain_words(db):
    for loop in watch.expected_loops():
        assert loop.title[0].isupper()
    assert not [kind for kind in kinds.known_kinds() if CANARY in kind.title]
