"""The relay: each way in which an attempt can end, and who owns every state that is not an end."""

import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from partnership.access import services as access
from partnership.notify import kinds, letters, senders
from partnership.notify import relay as relaying
from partnership.notify.models import Alarm, Attempt, Heartbeat, Notice, Outgoing
from partnership.notify.operating import hold_sending, release_sending, retry
from partnership.notify.relay import LOST_LEASE, SENDER_DOWN, follow_up, relay
from partnership.notify.senders import NotSent, SenderDown, Smtp
from partnership.notify.telling import Told, tell
from tests.notify.conftest import FakeSender, due_now
from tests.world import CANARY

State = Outgoing.State


def transaction_began():
    """The moment that now() is for the whole of a test."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        return cursor.fetchone()[0]


def one(sender):
    """A relay that is told to stop after its first letter."""
    return relay(sender=sender, stop=iter([False, True]).__next__)


def test_what_is_due_is_sent_once_and_its_heart_beats(owed):
    owed(3)
    sender = FakeSender()
    assert relay(sender=sender) == {"accepted": 3}
    assert relay(sender=sender) == {}
    assert len(sender.sent) == 3
    assert set(Outgoing.objects.values_list("state", flat=True)) == {State.ACCEPTED}
    assert list(Attempt.objects.values_list("n", "outcome", "code")) == [(1, "accepted", "250")] * 3
    assert Heartbeat.objects.filter(name="relay").exists()


def test_an_idle_pass_writes_nothing(owed):
    owed()
    relay(sender=FakeSender())
    with CaptureQueriesContext(connection) as asked:
        relay(sender=FakeSender())
    assert not [each for each in asked if each["sql"].lstrip().startswith(("INSERT", "UPDATE"))]
    Heartbeat.objects.update(last_ok_at=Now() - timedelta(seconds=30))
    relay(sender=FakeSender())
    assert Heartbeat.objects.get().last_ok_at == transaction_began()


def test_a_letter_that_is_not_due_waits(owed):
    owed()
    Outgoing.objects.update(next_attempt_at=Now() + timedelta(seconds=5))
    assert relay(sender=FakeSender()) == {}


def test_the_urgent_leaves_before_thousands(owed, world):
    owed(3, code="invitation", statutory=False, apart=True, bulk=True)
    urgent = owed(1, code="due", key="two", statutory=True)
    sender = FakeSender()
    one(sender)
    assert sender.sent[0].reference in {row.provider_ref for row in urgent if row.priority == 1}


@pytest.mark.parametrize("failure", [NotSent(451), NotSent("TimeoutError", maybe=True)])
@pytest.mark.parametrize("minutes, wait", [(0, 1), (2, 5), (10, 15), (40, 60), (200, 240), (700, 240)])
def test_a_try_that_failed_is_repeated_later_and_later(owed, failure, minutes, wait):
    (row,) = owed()
    Outgoing.objects.update(attempts=1, first_tried_at=Now() - timedelta(minutes=minutes))
    assert relay(sender=FakeSender(failure)) == {"later": 1}
    row.refresh_from_db()
    gap = row.next_attempt_at - transaction_began()
    assert timedelta(minutes=wait * 0.8) <= gap <= timedelta(minutes=wait * 1.2)
    assert (row.state, row.possible_duplicate, row.last_error) == (State.QUEUED, failure.maybe, failure.code)


def test_what_is_refused_for_good_is_dead_and_an_alarm_and_others_may_be_told_instead(owed):
    (row,) = owed()
    told = []
    kinds.register_bounced(lambda outgoing, notices: told.append((outgoing.pk, len(notices))))
    assert relay(sender=FakeSender(NotSent(550, for_good=True))) == {"refused": 1}
    row.refresh_from_db()
    assert (row.state, row.last_error) == (State.DEAD, "550")
    assert Alarm.objects.get(what="letter_dead").data["outgoing"] == str(row.pk)
    assert told == [(row.pk, 1)]


def test_a_hook_that_fails_leaves_the_letter_dead_and_says_so(owed):
    owed()
    kinds.register_bounced(lambda outgoing, notices: 1 / 0)
    relay(sender=FakeSender(NotSent(550, for_good=True)))
    assert set(Alarm.objects.values_list("what", flat=True)) == {"letter_dead", "rerouting_failed"}


def test_a_try_that_fails_after_twelve_hours_was_the_last_and_the_operator_decides(owed):
    (row,) = owed()
    Outgoing.objects.update(attempts=9, first_tried_at=Now() - timedelta(hours=12, minutes=1))
    sender = FakeSender(NotSent("TimeoutError", maybe=True))
    assert relay(sender=sender) == {"refused": 1}
    row.refresh_from_db()
    assert (row.state, row.last_error, len(sender.sent)) == (State.DEAD, "too_old", 1)
    assert row.possible_duplicate, "if it is tried again it may arrive twice"


def test_no_letter_is_given_up_untried_after_an_outage(owed):
    """Tried once at five in the afternoon; then nothing ran until the next morning."""
    owed()
    Outgoing.objects.update(attempts=1, first_tried_at=Now() - timedelta(hours=16))
    assert relay(sender=FakeSender()) == {"accepted": 1}


def test_a_retried_letter_has_another_twelve_hours(owed, world):
    (row,) = owed()
    Outgoing.objects.update(attempts=9, first_tried_at=Now() - timedelta(hours=13), state=State.DEAD)
    retry(row, by=world.manager)
    due_now()
    assert relay(sender=FakeSender()) == {"accepted": 1}


def test_a_sender_that_is_down_ends_the_pass_and_costs_no_letter_anything(owed):
    owed(3)
    assert relay(sender=FakeSender(SenderDown("ConnectionRefusedError"))) == {SENDER_DOWN: 1}
    assert set(Outgoing.objects.values_list("state", "attempts", "first_tried_at")) == {(State.QUEUED, 0, None)}
    assert relay(sender=FakeSender()) == {"accepted": 3}


def test_mail_that_does_not_leave_for_a_quarter_of_an_hour_is_an_alarm_until_it_does(owed):
    owed()
    Outgoing.objects.update(next_attempt_at=Now() - timedelta(minutes=16))
    relay(sender=FakeSender(SenderDown("refused")))
    assert Alarm.objects.filter(what="mail_stuck", closed_at=None).exists()
    relay(sender=FakeSender())
    assert not Alarm.objects.filter(what="mail_stuck", closed_at=None).exists()


def dead_relay():
    """As a killed relay leaves it: leased, the lease over."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notify_outgoing SET state = 'leased', attempts = 1, first_tried_at = now() - interval '3 minutes',"
            " lease_token = gen_random_uuid(), lease_until = now() - interval '1 minute'"
        )


def test_a_lease_that_ended_is_taken_over_and_the_provider_asked_before_anything_is_sent(owed):
    (row,) = owed()
    dead_relay()
    sender = FakeSender(can_be_asked=True, known={row.provider_ref: senders.ACCEPTED})
    assert relay(sender=sender) == {"found": 1}
    assert sender.sent == []
    row.refresh_from_db()
    assert (row.state, row.possible_duplicate) == (State.ACCEPTED, False)
    assert list(row.tries.values_list("n", "outcome")) == [(1, "lost"), (2, "found")]


def test_a_provider_that_does_not_know_the_letter_is_sent_it(owed):
    owed()
    dead_relay()
    sender = FakeSender(can_be_asked=True)
    assert relay(sender=sender) == {"accepted": 1}
    assert len(sender.asked) == len(sender.sent) == 1


def test_a_provider_that_does_not_answer_is_sent_nothing_twice(owed):
    (row,) = owed()
    dead_relay()
    sender = FakeSender(can_be_asked=True)
    sender.ask = lambda reference: (_ for _ in ()).throw(SenderDown("no_answer"))
    assert relay(sender=sender) == {SENDER_DOWN: 1}
    row.refresh_from_db()
    assert (row.state, row.attempts, sender.sent) == (State.QUEUED, 1, [])


def test_plain_smtp_sends_again_under_the_same_message_id_and_says_that_it_may_be_a_double(owed):
    (row,) = owed()
    dead_relay()
    relay(sender=Smtp())
    row.refresh_from_db()
    assert row.possible_duplicate
    assert mail.outbox[0].extra_headers["Message-ID"] == f"<{row.provider_ref}@localhost>"


def test_a_letter_whose_sender_keeps_dying_is_given_to_the_operator(owed):
    (row,) = owed()
    for _ in range(3):
        dead_relay()
        Outgoing.objects.update(attempts=F("attempts") + row.tries.count())
        relay(sender=FakeSender(NotSent(451)))
    dead_relay()
    Outgoing.objects.update(attempts=9)
    assert relay(sender=FakeSender()) == {"refused": 1}
    assert Outgoing.objects.get().last_error == "keeps_failing"


def test_who_lost_the_lease_writes_nothing(owed):
    (row,) = owed()

    class Slow(FakeSender):
        def send(self, letter):
            other = uuid.uuid4()
            Outgoing.objects.update(lease_token=other)
            return super().send(letter)

    assert one(Slow()) == {LOST_LEASE: 1}
    row.refresh_from_db()
    assert (row.state, row.tries.count()) == (State.LEASED, 0)


def test_who_wakes_after_the_lease_sends_nothing(owed, monkeypatch):
    owed()
    monkeypatch.setattr("partnership.notify.relay.LAST_MOMENT", -1)
    sender = FakeSender()
    assert one(sender) == {LOST_LEASE: 1}
    assert sender.sent == []


def test_who_lost_the_lease_takes_nothing_into_a_letter_that_another_has_sent(owed, monkeypatch):
    (row,) = owed(1, key="one")

    def stalls_meanwhile(point):
        """Its row is taken over and sent; then the same person is told something else."""
        if point == "after_claim" and Outgoing.objects.count() == 1:
            Outgoing.objects.update(
                state=State.ACCEPTED, lease_token=None, lease_until=None, accepted_at=Now(), attempts=2
            )
            owed(1, key="two")

    monkeypatch.setattr("partnership.notify.relay.reached", stalls_meanwhile)
    sender = FakeSender()
    assert relay(sender=sender) == {LOST_LEASE: 1, "accepted": 1}
    second = Notice.objects.get(key="two").outgoing
    assert (second.pk != row.pk, second.state, len(sender.sent)) == (True, State.ACCEPTED, 1)


def test_a_hold_stops_every_claim_and_its_release_costs_no_letter_its_hours(owed, world):
    owed(2)
    Outgoing.objects.update(attempts=1, first_tried_at=Now() - timedelta(hours=30))
    hold_sending(by=world.manager, reason="Restored.")
    leased = Outgoing.objects.first()
    Outgoing.objects.filter(pk=leased.pk).update(
        state=State.LEASED, lease_token=uuid.uuid4(), lease_until=Now() - timedelta(hours=29)
    )
    assert relay(sender=FakeSender()) == {}
    release_sending(by=world.manager)
    assert relay(sender=FakeSender()) == {"accepted": 2}


def test_a_poisoned_letter_is_dead_and_ninety_nine_go(owed, world, kind):
    owed(3)

    def poison(notices):
        raise RuntimeError(f"{CANARY}-of-a-case")

    kind("poison", apart=True, still_wanted=poison)
    owed(1, code="poison", key="two")
    sender = FakeSender()
    assert relay(sender=sender) == {"accepted": 2, "broken": 1} or relay(sender=sender) == {}
    assert Outgoing.objects.filter(state=State.DEAD).values_list("last_error", flat=True)[0] == "RuntimeError"
    assert CANARY not in str(list(Attempt.objects.values()))


@pytest.mark.parametrize("address", ["", "a@b.example\nBcc: c@d.example", "no-address", "x@y.example\r\n"])
def test_a_bad_address_is_dead_before_anything_is_built(owed, world, address):
    owed()
    type(world.officer).objects.filter(pk=world.officer.pk).update(email=address)
    sender = FakeSender()
    assert relay(sender=sender) == {"refused": 1}
    assert (sender.sent, Outgoing.objects.get().last_error) == ([], "bad_address")


def test_an_account_that_was_switched_off_meanwhile_is_an_alarm(owed, world):
    owed()
    type(world.officer).objects.filter(pk=world.officer.pk).update(is_active=False)
    relay(sender=FakeSender())
    assert Alarm.objects.get().what == "letter_dead"


def test_whoever_may_no_longer_see_the_matter_gets_no_mail_of_it(owed, world):
    owed(1)
    access.bar(world.ours.folder, world.officer, by=world.manager, reason="personal")
    sender = FakeSender()
    assert relay(sender=sender) == {"cancelled": 1}
    assert sender.sent == []
    assert Alarm.objects.get().what == "reader_lost"


def test_nothing_is_sent_when_opening_the_connection_used_the_lease_up(owed, monkeypatch):
    owed()
    sender = FakeSender()
    sender.ready = lambda: monkeypatch.setattr(relaying.time, "monotonic", lambda: real() + relaying.LAST_MOMENT)
    real = relaying.time.monotonic
    assert one(sender) == {LOST_LEASE: 1}
    assert sender.sent == []


def test_the_slowest_sending_ends_before_the_lease_does():
    slowest = senders.ANSWERS_A_LETTER * senders.TIMEOUT_SECONDS
    assert relaying.LAST_MOMENT + slowest < relaying.LEASE_SECONDS


def test_one_notice_that_is_still_seen_does_not_hide_that_a_statutory_one_was_lost(owed, world, kind):
    access.grant(world.theirs.folder, world.officer, "co", by=world.manager, reason="On both cases")
    kind("law", statutory=True)
    for case in (world.ours, world.theirs):
        tell("law", [Told(case.folder.reference, world.officer.pk, case.review.pk, case.folder.pk)])
    access.bar(world.ours.folder, world.officer, by=world.manager, reason="personal")
    due_now()
    sender = FakeSender()
    assert relay(sender=sender) == {"accepted": 1}
    assert "A statutory date is near" in sender.sent[0].body and "(2)" not in sender.sent[0].body
    lost = Notice.objects.get(subject_id=world.ours.review.pk)
    assert Alarm.objects.get().data == {"notice": str(lost.pk), "recipient": str(world.officer.pk)}


def test_who_lost_the_lease_raises_no_alarm_about_its_reader(owed, world, monkeypatch):
    owed(1)
    access.bar(world.ours.folder, world.officer, by=world.manager, reason="personal")

    def taken_over(notices):
        Outgoing.objects.update(lease_token=uuid.uuid4())

    real = letters.shown_to
    monkeypatch.setattr(letters, "shown_to", lambda *args: (taken_over(args), real(*args))[1])
    assert relay(sender=FakeSender()) == {LOST_LEASE: 1}
    assert not Alarm.objects.exists()


def test_what_is_done_meanwhile_is_not_mailed_unless_it_is_statutory(owed, world, kind):
    nothing = {"still_wanted": lambda notices: set()}
    kind("alert", apart=True, **nothing)
    kind("law", statutory=True, **nothing)
    owed(1, code="alert")
    assert relay(sender=FakeSender()) == {"cancelled": 1}
    owed(1, code="law", key="two")
    assert relay(sender=FakeSender()) == {"accepted": 1}


def test_what_was_read_meanwhile_is_not_mailed_unless_it_is_statutory(owed, kind):
    kind("alert", apart=True)
    owed(1, code="alert")
    Notice.objects.update(read_at=Now())
    assert relay(sender=FakeSender()) == {"cancelled": 1}


def test_letters_of_several_sweeps_to_one_person_leave_as_one(owed, world):
    owed(1, key="one")
    Outgoing.objects.update(priority=3)  # as another sweep made it, whose transaction nobody saw yet
    owed(1, key="two")
    assert Outgoing.objects.count() == 2
    sender = FakeSender()
    assert relay(sender=sender) == {"accepted": 1}
    assert "2 things" in sender.sent[0].body
    assert sorted(Outgoing.objects.values_list("state", "last_error")) == [("accepted", ""), ("cancelled", "merged")]
    assert Outgoing.objects.get(state="accepted").notices.count() == 2


def test_what_became_of_a_letter_is_asked_and_a_bounce_is_an_alarm(owed):
    rows = owed(3)
    relay(sender=FakeSender())
    answers = dict(
        zip([row.provider_ref for row in rows], [senders.DELIVERED, senders.FAILED, senders.ACCEPTED], strict=True)
    )
    asker = FakeSender(can_be_asked=True, known=answers)
    follow_up(sender=asker)
    assert sorted(Outgoing.objects.values_list("state", flat=True)) == ["accepted", "bounced", "delivered"]
    assert Alarm.objects.get().what == "letter_bounced"
    assert follow_up(sender=asker) == {}  # each at most once in five minutes


def test_what_became_of_the_urgent_is_asked_before_thousands_that_nobody_has_asked_about(owed):
    (urgent,) = owed(1)
    relay(sender=FakeSender())
    Outgoing.objects.update(asked_at=Now() - timedelta(minutes=6))
    owed(3, code="invitation", key="two", statutory=False, apart=True, bulk=True)
    relay(sender=FakeSender())
    asker = FakeSender(can_be_asked=True)
    follow_up(sender=asker, limit=1)
    assert asker.asked == [urgent.provider_ref]


def test_a_bounced_letter_that_is_retried_is_sent_although_the_provider_knows_the_failure(owed, world):
    (row,) = owed()
    relay(sender=FakeSender())
    follow_up(sender=FakeSender(can_be_asked=True, known={row.provider_ref: senders.FAILED}))
    retry(row, by=world.manager)
    due_now()
    sender = FakeSender(can_be_asked=True, known={row.provider_ref: senders.FAILED})
    assert relay(sender=sender) == {"accepted": 1}
    assert len(sender.sent) == 1


OWNERS = {
    State.QUEUED: lambda row: relay(sender=FakeSender()).total() == 1,
    State.LEASED: lambda row: relay(sender=FakeSender()).total() == 1,
    State.ACCEPTED: lambda row: follow_up(sender=FakeSender(can_be_asked=True)).total() == 1,
    State.DEAD: lambda row: retry(row, by=None) is not None,
    State.BOUNCED: lambda row: retry(row, by=None) is not None,
}
FINAL = {State.DELIVERED, State.CANCELLED}


@pytest.mark.parametrize("state", State.values)
def test_every_state_is_an_end_or_has_an_owner(owed, state):
    (row,) = owed()
    if state == State.LEASED:
        dead_relay()
    else:
        Outgoing.objects.update(state=state, accepted_at=Now())
    due_now()
    row.refresh_from_db()
    if state in FINAL:
        assert state not in OWNERS
    else:
        assert OWNERS[State(state)](row), f"nobody looks at {state}"
