"""An email about a date that did not arrive: whoever stands above its reader is told in their place."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from partnership.access.models import FolderGrant
from partnership.deadlines import services
from partnership.deadlines.sweep import sweep
from partnership.notify import senders
from partnership.notify.models import Alarm, Notice, Outgoing
from partnership.notify.reads import described
from partnership.notify.relay import follow_up, relay
from partnership.notify.senders import NotSent
from tests.deadlines.clocks import due_now, make_case
from tests.notify.conftest import FakeSender
from tests.notify.conftest import due_now as mail_due_now

pytestmark = pytest.mark.django_db


class Refuses(FakeSender):
    """A mail server that refuses these people's addresses for good."""

    def __init__(self, *people):
        super().__init__()
        self.refused = {person.email for person in people}

    def send(self, letter):
        if letter.to in self.refused:
            raise NotSent(550, for_good=True)
        return super().send(letter)


@pytest.fixture
def case(db):
    return make_case()


def send(*refused):
    mail_due_now()
    return relay(sender=Refuses(*refused))


def instead(person) -> list:
    return list(Notice.objects.filter(recipient=person, key__startswith="instead:"))


def test_the_manager_is_told_instead_of_whoever_owes_it_and_reads_why(case):
    due_now(case.clock(), "requests_out")
    sweep()
    send(case.people["officer"])
    (notice,) = instead(case.people["lead"])
    assert (notice.kind, notice.data["level"], notice.by_mail) == ("deadline_alert", "manager", "now")
    (line,) = described([notice], case.people["lead"])
    assert "Due on" in line.text and "did not arrive" in line.text
    send()
    assert Outgoing.objects.get(pk=Notice.objects.get(pk=notice.pk).outgoing_id).state == "accepted"


def test_what_was_told_instead_rises_to_the_partners_and_then_is_an_alarm(case):
    due_now(case.clock(), "requests_out")
    sweep()
    lead, signatory = case.people["lead"], case.people["signatory"]
    send(lead)
    assert [each.data["level"] for each in instead(signatory)] == ["partners"], "the lead is the manager too"
    send(signatory)
    assert Alarm.objects.filter(what="nobody_to_tell", closed_at=None).count() == 1
    assert Notice.objects.filter(key__startswith="instead:").count() == 1


def test_a_letter_that_comes_back_later_tells_the_next_level_once(case):
    due_now(case.clock(), "requests_out")
    sweep()
    send()
    row = Outgoing.objects.get(recipient=case.people["officer"])
    asker = FakeSender(can_be_asked=True, known={row.provider_ref: senders.FAILED})
    follow_up(sender=asker)
    Outgoing.objects.filter(pk=row.pk).update(state="accepted", asked_at=Now() - timedelta(minutes=6))
    follow_up(sender=asker)
    assert len(instead(case.people["lead"])) == 1


def test_that_a_date_has_changed_is_told_to_somebody_else_too(case):
    clock = case.clock()
    moved = services.move(
        clock, by=case.people["lead"], reason="Typed wrongly", trigger=timezone.now() - timedelta(days=1)
    )
    assert set(Notice.objects.filter(subject_id=moved.pk).values_list("data__level", flat=True)) == {"owner", "manager"}
    send(case.people["officer"])
    assert [each.kind for each in instead(case.people["lead"])] == ["deadline_moved"]


def test_where_nobody_stands_above_there_is_an_alarm_and_no_broken_hook(case):
    due_now(case.clock(), "requests_out")
    sweep()
    officer = case.people["officer"]
    FolderGrant.objects.exclude(user=officer).update(ends=timezone.now())
    send(officer)
    whats = set(Alarm.objects.values_list("what", flat=True))
    assert "nobody_to_tell" in whats and "rerouting_failed" not in whats
