"""Telling: once a key and person, with the email that is owed, and never into silence."""

import uuid

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from partnership.notify import tasks
from partnership.notify.models import Alarm, Notice, Outgoing, Preference
from partnership.notify.telling import GATHER_SECONDS, Told, tell


def told(user, case, key="one", **data):
    return Told(key, user.pk, case.review.pk, case.folder.pk, data)


def test_the_same_thing_is_told_to_a_person_once(world, kind):
    kind(statutory=True)
    case = world.ours
    assert tell("due", [told(world.officer, case), told(world.officer, case), told(world.manager, case)]) == 2
    assert tell("due", [told(world.officer, case), told(world.panel, case)]) == 1
    assert Notice.objects.count() == 3
    assert Outgoing.objects.count() == 3


def test_what_a_person_is_told_before_the_mail_leaves_is_one_mail(world, kind):
    kind(statutory=True)
    tell("due", [told(world.officer, world.ours, "one"), told(world.officer, world.ours, "two")])
    tell("due", [told(world.officer, world.ours, "three")])
    assert Outgoing.objects.get().notices.count() == 3


def test_a_mail_that_was_tried_takes_no_more_in(world, kind):
    kind(statutory=True)
    tell("due", [told(world.officer, world.ours, "one")])
    Outgoing.objects.update(attempts=1)
    tell("due", [told(world.officer, world.ours, "two")])
    assert sorted(Outgoing.objects.values_list("attempts", flat=True)) == [0, 1]


def test_an_urgent_thing_does_not_wait_in_a_mail_of_thousands(world, kind):
    kind("invitation", apart=True, bulk=True)
    kind("due", statutory=True)
    tell("invitation", [told(world.officer, world.ours, "one")])
    tell("due", [told(world.officer, world.ours, "two")])
    assert sorted(Outgoing.objects.values_list("priority", flat=True)) == [1, 9]


@pytest.mark.parametrize(
    "facts, chosen, way",
    [
        ({"statutory": True}, "none", "now"),
        ({"statutory": True}, "digest", "now"),
        ({"apart": True}, None, "now"),
        ({"apart": True}, "digest", "digest"),
        ({"apart": True}, "none", "off"),
        ({}, None, "digest"),
        ({}, "none", "off"),
        ({}, "now", "digest"),  # one mail a day is the rule: only case alerts come apart
    ],
)
def test_how_a_kind_reaches_a_person_who_chose(world, kind, facts, chosen, way):
    kind(**facts)
    if chosen:
        Preference.objects.create(user=world.officer, kind="due", email=chosen)
    tell("due", [told(world.officer, world.ours)])
    assert Notice.objects.get().by_mail == way
    assert Outgoing.objects.count() == (way == "now")


def test_somebody_without_an_address_or_account_is_an_alarm_and_still_a_notice(world, kind):
    kind(statutory=True)
    for name, change in (("officer", {"email": ""}), ("manager", {"is_active": False})):
        type(world.officer).objects.filter(pk=world.people[name].pk).update(**change)
    gone = uuid.uuid4()
    case = world.ours
    there = [told(world.officer, case), told(world.manager, case), told(world.panel, case)]
    assert tell("due", [*there, Told("one", gone, case.review.pk)]) == 3
    assert Outgoing.objects.get().recipient == world.panel
    assert sorted(Alarm.objects.values_list("what", flat=True)) == ["recipient_gone"] + ["recipient_unreachable"] * 2


def test_an_alarm_is_raised_once_while_it_is_open(world, kind):
    kind(statutory=True)
    type(world.officer).objects.filter(pk=world.officer.pk).update(is_active=False)
    tell("due", [told(world.officer, world.ours, "one")])
    tell("due", [told(world.officer, world.ours, "two")])
    assert Alarm.objects.count() == 1


def test_a_notice_refuses_words(world, kind):
    kind()
    with pytest.raises(ValueError, match="no words"):
        tell("due", [told(world.officer, world.ours, note="Amber Falcon: the child was hurt")])


def test_nothing_was_told_when_the_transaction_is_undone(world, kind):
    kind(statutory=True)
    with transaction.atomic():
        tell("due", [told(world.officer, world.ours)])
        transaction.set_rollback(True)
    assert not Notice.objects.exists() and not Outgoing.objects.exists()


def test_one_transaction_wakes_the_relay_once_for_when_its_mails_have_gathered(
    world, kind, monkeypatch, django_capture_on_commit_callbacks
):
    woken = []
    monkeypatch.setattr(tasks.relay, "apply_async", lambda args, **options: woken.append(options))
    kind(statutory=True)
    with django_capture_on_commit_callbacks(execute=True):
        for user in (world.officer, world.manager, world.panel):
            tell("due", [told(user, world.ours)])
    (options,) = woken
    assert GATHER_SECONDS < options["countdown"] < options["expires"] < 60


def test_fifty_notices_cost_five_statements_whatever_the_number(world, kind):
    """Four of their own, and one that asks who covers for these readers."""
    kind(statutory=True)
    people = list(world.people.values())
    batch = [told(people[n % len(people)], world.ours, f"key {n}") for n in range(50)]
    with CaptureQueriesContext(connection) as asked:
        assert tell("due", batch) == 50
    assert len([each for each in asked if "SAVEPOINT" not in each["sql"]]) == 5
