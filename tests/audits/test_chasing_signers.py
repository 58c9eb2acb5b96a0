"""A return that waits for a signature: whoever holds it up is reminded by the link, and the lead is told; and what was
owed before a submission does not leave after it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audits.chasing import ladder, letters, services
from audits.chasing.sweep import sweep
from audits.models import AuditReturn, Reminder, Signature
from partnership.access import links
from partnership.access.models import Link
from partnership.notify.letters import NoLongerWanted, compose
from partnership.notify.models import DemoMail, Notice, Outgoing
from partnership.notify.relay import relay
from partnership.people.services import know_person
from tests.audits import making
from tests.world import sign_in

pytestmark = pytest.mark.django_db
WHY = "a test looks"
DAY = datetime(2026, 11, 24, 9, tzinfo=UTC)
HEAD = "head@school.example"


@pytest.fixture
def signed(world):
    """(a return that its lead has signed, the signature that its head is asked for)."""
    round = making.audit_round(world)
    ladder.lay_ladder(round, by=world.officer)
    facts = {"closes_at": datetime(2026, 12, 4, 23, 59, 59, tzinfo=UTC), "asked_at": DAY.replace(month=10)}
    row = making.audit_return(round, world.agencies["school"], status="signing", **facts)
    lead = world.school_outside
    shared = {"folder": row.folder, "agency": row.agency, "audit_return": row, "asked_by": lead}
    Signature.objects.create(
        step="lead", status="signed", name="A lead", how="portal", signed_on=DAY.date(), content="0" * 64, **shared
    )
    Signature.objects.create(step="governors", name="C", email="chair@school.example", **shared)
    return row, Signature.objects.create(step="head", name="Head of it", email=HEAD, **shared)


def owed() -> dict:
    """address -> the letter, of all that is owed now."""
    found = [compose(each)[0] for each in Outgoing.objects.filter(template__in=letters.BOTH)]
    return {each.to: each for each in found}


def test_the_head_who_holds_it_up_gets_the_link_once_more_and_the_lead_is_told(world, signed):
    _, turn = signed
    assert sweep(now=DAY) == 1
    mails = owed()
    assert set(mails) == {HEAD, world.school_outside.email, world.author_other.email}
    link = Link.objects.get(purpose="signature", object_id=turn.pk)
    assert links.token_of(link) in mails[HEAD].body and "as its headteacher" in mails[HEAD].body
    told = mails[world.school_outside.email].body
    assert "waits for a signature: headteacher. We have sent them the link" in told
    assert links.token_of(link) not in told, "the link signs in the head's name"
    said = Reminder.objects.unscoped(WHY).get()
    assert said.to == "Headteacher, who is to sign, Lead in the portal (2)" and HEAD not in said.to + said.words
    letters.came_back(Outgoing.objects.get(template=letters.TO_SIGN), [])
    assert Notice.objects.get(kind="audit_signer_unreached").recipient == world.school_outside
    Signature.objects.unscoped(WHY).filter(pk=turn.pk).update(
        status="signed", how="link", signed_on=DAY.date(), content="0" * 64
    )
    with pytest.raises(NoLongerWanted):
        compose(Outgoing.objects.get(template=letters.TO_SIGN))


def test_a_link_that_still_opens_stays_and_one_that_has_ended_is_made_anew(world, signed):
    row, turn = signed
    first = links.make_mailed(Link.Purpose.SIGNATURE, acts_as=turn.asked_by, object_id=turn.pk)
    assert sweep(now=DAY) == 1 and Link.objects.filter(object_id=turn.pk).count() == 1
    Link.objects.filter(pk=first.pk).update(expires_at=timezone.now())
    Reminder.objects.unscoped(WHY).update(at=timezone.now() - timedelta(days=3))
    AuditReturn.objects.unscoped(WHY).filter(pk=row.pk).update(closes_at=timezone.now() - timedelta(days=2))
    services.remind(row.round, {row.pk: 2}, by=world.officer)
    assert len(Link.objects.filter(object_id=turn.pk)) == 2


@pytest.mark.parametrize("why", ["no address", "asked by somebody who left", "the lead's own address"])
def test_where_nobody_can_sign_by_a_link_the_lead_is_told_what_to_do(world, signed, why):
    _, turn = signed
    facts = {"email": ""} if why == "no address" else {"asked_by": know_person(name="Left", email="left@x.example")}
    if why == "the lead's own address":
        facts = {"email": world.author_other.email.upper()}
    Signature.objects.unscoped(WHY).filter(pk=turn.pk).update(**facts)
    assert sweep(now=DAY) == 1
    found = list(Outgoing.objects.filter(template__in=letters.BOTH).values_list("template", flat=True))
    said = Reminder.objects.unscoped(WHY).get().words
    if why == "the lead's own address":
        assert sorted(found) == [letters.REMINDER, letters.TO_SIGN], "one email a person"
    else:
        assert found == [letters.REMINDER] * 2 and "Nobody can sign by a link now" in said


def test_what_is_owed_when_a_return_comes_in_does_not_leave_and_the_record_says_so(world, signed, settings):
    """By the relay itself, as it runs live."""
    settings.MAIL_SENDER = "demo"
    row, _ = signed
    services.remind(row.round, {row.pk: 1}, by=world.officer)
    AuditReturn.objects.unscoped(WHY).filter(pk=row.pk).update(status="submitted", submitted_at=timezone.now())
    assert relay() == {"cancelled": 3} and not DemoMail.objects.exists()
    page = sign_in(Client(), world.officer).get(reverse("audits:return_reminders", args=[row.pk]))
    assert "It did not leave: the return came in before." in page.content.decode()
