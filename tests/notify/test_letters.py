"""What an email says, and does not say; the digest; who may be shown a notice."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db.models.functions import Now
from django.urls import reverse

from partnership.access import services as access
from partnership.notify import digest, kinds
from partnership.notify.digest import last_due, make_digests
from partnership.notify.letters import SUBJECTS
from partnership.notify.models import Alarm, Notice, Outgoing
from partnership.notify.reads import described, shown_to, unread_count
from partnership.notify.relay import relay
from partnership.notify.senders import Smtp
from partnership.notify.tasks import relay as relay_task
from partnership.notify.telling import Told, tell
from tests.notify.conftest import FakeSender, due_now
from tests.world import CANARY

LONDON = ZoneInfo("Europe/London")
WEDNESDAY = datetime(2099, 6, 3, 8, 30, tzinfo=LONDON)  # after every notice that a test makes


def test_a_mail_says_what_sort_how_many_and_where_to_sign_in_and_no_more(world, owed):
    owed(1, key="one")
    owed(1, key="two")
    relay(sender=Smtp())
    (letter,) = mail.outbox
    assert letter.subject == SUBJECTS["now"]
    assert "2 things in the portal need you" in letter.body
    assert "- A statutory date is near (2)" in letter.body
    assert f"http://localhost:8000{reverse('notify:notices')}" in letter.body
    assert letter.to == [world.officer.email]
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"


def test_no_mail_carries_a_word_of_the_case(world, kind):
    """Every text of the case is a marker; its code word, its people and organisations are none of a mail's business."""
    kind("law", statutory=True)
    kind("alert", apart=True)
    kind("news")
    case = world.ours
    for code in ("law", "alert", "news"):
        tell(code, [Told(code, u.pk, case.review.pk, case.folder.pk) for u in (world.officer, world.panel)])
    make_digests(now=WEDNESDAY)
    due_now()
    assert relay(sender=Smtp())["accepted"] == 4
    others = [a.name for a in world.agencies.values()] + [u.name for u in world.people.values()]
    for letter in mail.outbox:
        said = f"{letter.subject} {letter.body} {letter.extra_headers}"
        assert CANARY not in said
        assert case.folder.reference not in said and str(case.review.pk) not in said
        allowed = {world.officer.name, world.panel.name}
        assert [name for name in others if name in said and name not in allowed] == []
        assert {letter.subject} <= set(SUBJECTS.values())


def test_a_name_with_a_new_line_adds_no_header(world, owed):
    type(world.officer).objects.filter(pk=world.officer.pk).update(name="A\r\nBcc: everybody@portal.example")
    owed()
    relay(sender=Smtp())
    message = mail.outbox[0].message()
    assert message["Bcc"] is None and message["To"] == world.officer.email


def notice(user):
    return Notice.objects.filter(recipient=user)


def test_a_notice_is_shown_only_while_its_matter_is(world, owed):
    owed(2)
    assert unread_count(world.officer) == 1
    assert [line.text for line in described(shown_to(world.officer), world.officer)] == ["Something is due: one"]
    access.bar(world.ours.folder, world.officer, by=world.manager, reason="personal")
    assert unread_count(world.officer) == 0
    assert unread_count(world.manager) == 1
    assert notice(world.officer).exists(), "it is hidden, not deleted: it is the key by which nobody is told twice"


def test_kinds_that_share_a_describer_ask_it_once(world, kind):
    asked = []

    def describe(notices, user):
        asked.append(len(notices))
        return {}

    for code in ("step", "alert"):
        kind(code, describe=describe)
        tell(code, [Told(code, world.officer.pk, world.ours.review.pk)])
    assert len(described(list(shown_to(world.officer)), world.officer)) == 2
    assert asked == [2]


def test_nobody_is_shown_what_somebody_else_was_told(world, owed):
    owed(2)
    assert {row.recipient_id for row in shown_to(world.officer)} == {world.officer.pk}


def test_a_kind_that_is_no_longer_registered_is_not_shown(world, owed):
    owed()
    kinds._kinds.clear()
    assert unread_count(world.officer) == 0


@pytest.fixture
def news(world, kind):
    kind("news")

    def make(key, *users):
        tell("news", [Told(key, user.pk, world.ours.review.pk) for user in users or [world.officer]])

    return make


def test_the_digest_is_one_mail_a_person_a_day(world, news):
    news("one")
    news("two")
    assert make_digests(now=WEDNESDAY) == 1
    news("three")
    assert make_digests(now=WEDNESDAY + timedelta(hours=5)) == 0
    assert make_digests(now=WEDNESDAY + timedelta(days=1)) == 1
    assert sorted(row.notices.count() for row in Outgoing.objects.all()) == [1, 2]


def test_the_digest_leaves_at_half_past_eight_in_london_in_summer_and_winter(world, news):
    news("one")
    for day in (date(2099, 1, 7), date(2099, 6, 3)):
        early = datetime(day.year, day.month, day.day, 8, 29, tzinfo=LONDON)
        assert make_digests(now=early) == 0
    assert make_digests(now=WEDNESDAY.astimezone(ZoneInfo("UTC"))) == 1


def test_no_digest_leaves_at_the_weekend_or_on_a_quiet_day(world, news, monkeypatch):
    monkeypatch.setattr(kinds, "_quiet", [kinds._weekend])
    kinds.register_quiet_day(lambda day: day == WEDNESDAY.date())
    news("one")
    assert make_digests(now=WEDNESDAY + timedelta(days=3)) == 0
    assert make_digests(now=WEDNESDAY) == 0
    assert make_digests(now=WEDNESDAY + timedelta(days=1)) == 1


def test_a_digest_that_cannot_be_made_is_an_alarm_and_stops_no_other_mail(world, owed, monkeypatch):
    def ends(day):
        raise ValueError("no calendar knows this day")

    monkeypatch.setattr(digest, "AT", time(0, 0))
    monkeypatch.setattr(kinds, "_quiet", [ends])
    owed()
    relay_task()
    assert Outgoing.objects.get().state == "accepted"
    assert Alarm.objects.get(closed_at=None).what == "digest_broken"
    monkeypatch.setattr(kinds, "_quiet", [])
    relay_task()
    assert not Alarm.objects.filter(closed_at=None).exists()


def test_the_last_digest_that_was_due(monkeypatch):
    monkeypatch.setattr(kinds, "_quiet", [kinds._weekend])
    monday = datetime(2099, 6, 8, 8, 0, tzinfo=LONDON)
    friday = datetime(2099, 6, 5, 8, 30, tzinfo=LONDON)
    assert last_due(monday) == friday
    assert last_due(monday + timedelta(minutes=30)) == monday.replace(minute=30)


def test_what_was_read_in_the_portal_is_in_no_digest(world, news):
    news("one", world.officer, world.manager)
    notice(world.officer).update(read_at=Now())
    assert make_digests(now=WEDNESDAY) == 1
    assert Outgoing.objects.get().recipient == world.manager


def test_a_digest_that_was_read_before_it_left_does_not_leave(world, news):
    news("one")
    make_digests(now=WEDNESDAY)
    Notice.objects.update(read_at=Now())
    due_now()
    assert relay(sender=FakeSender()) == {"cancelled": 1}
