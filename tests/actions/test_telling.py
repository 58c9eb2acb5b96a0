"""Who is told what: in the transaction of the deed, in the portal at once, by the morning's one digest, never apart."""

from datetime import timedelta

import pytest
from django.utils import timezone

from partnership.access.services import bar
from partnership.actions import closing, dates, services, sweep, telling
from partnership.actions.models import Action
from partnership.notify.kinds import kind_of
from partnership.notify.models import Alarm, Notice, Outgoing
from partnership.notify.reads import described, shown_to
from partnership.notify.reconciling import reconcile
from partnership.people.models import Membership
from tests.actions.ground import closed, in_days, make_action
from tests.actions.test_orphans import leaves


@pytest.fixture
def row(world, group):
    return make_action(world, group)


def told(code):
    rows = Notice.objects.unscoped("the test looks at everybody's").filter(kind=code)
    return set(rows.values_list("recipient", flat=True))


def read(user):
    return [line.text for line in described(list(shown_to(user)), user)]


def test_an_owner_is_told_at_once_in_the_portal_and_never_by_a_mail_of_its_own(world, row):
    assert told(telling.GIVEN) == {world.colleague.pk}
    (text,) = read(world.colleague)
    assert "Review the pathway" in text and row.reference in text
    assert not Outgoing.objects.exists(), "it waits for the digest"


def test_nobody_is_told_what_they_did_themselves(world, group):
    make_action(world, group, owner=world.manager, agency=None)
    assert told(telling.GIVEN) == set()


def test_a_closing_goes_to_the_chair_and_to_nobody_further_while_there_is_one(world, row):
    services.add_evidence(row, by=world.colleague, words="The pathway.")
    row = closing.ask_close(row, by=world.colleague, closing_words="Reviewed.")
    assert told(telling.TO_APPROVE) == {world.board_member.pk}
    assert "Approve it" in read(world.board_member)[0]
    row = closing.send_back(row, by=world.board_member, note="What of the wards?")
    assert told(telling.SENT_BACK) == {world.colleague.pk}
    assert "Approve it" not in read(world.board_member)[0]
    row = closed(world, row)
    assert told(telling.ENDED) == {world.colleague.pk}
    closing.reopen(row, by=world.manager, note="It came back", due_on=in_days(9))
    assert told(telling.REOPENED) == {world.colleague.pk}


def test_where_the_chair_owns_it_another_decides(world, group):
    row = make_action(world, group, owner=world.board_member, agency=None)
    services.add_evidence(row, by=world.board_member, words="Minutes.")
    closing.ask_close(row, by=world.board_member, closing_words="Done.")
    found = told(telling.TO_APPROVE)
    assert world.manager.pk in found and world.board_member.pk not in found


def test_a_date_that_is_asked_for_goes_to_who_decides_and_the_answer_to_the_owner(world, row):
    asked = dates.ask_date(row, by=world.colleague, wanted=in_days(60), reason="Leave")
    assert told(telling.DATE_ASKED) == {world.board_member.pk}
    dates.refuse(asked, by=world.board_member, answer="The board meets before.")
    assert told(telling.DATE_SAID) == {world.colleague.pk}
    assert any("no other date was given" in text for text in read(world.colleague))
    row.refresh_from_db()
    dates.set_due(row, by=world.manager, due_on=in_days(40), reason="The board moved", version=row.version)
    assert sum("is due" in text and "now" in text for text in read(world.colleague)) == 1


def test_of_a_sealed_case_only_its_people_and_the_owner_are_told(world):
    row = make_action(world, world.ours.folder)
    services.add_evidence(row, by=world.colleague, words="The pathway.")
    closing.ask_close(row, by=world.colleague, closing_words="Reviewed.")
    found = told(telling.TO_APPROVE)
    assert world.officer.pk in found
    assert not found & {world.officer_outside.pk, world.barred.pk, world.lead_same.pk, world.stranger.pk}


def test_a_notice_goes_with_the_action_when_it_is_given_on_or_its_reader_is_barred(world, group, row):
    services.give(row, by=world.manager, owner=world.author)
    assert read(world.colleague) == [] and told(telling.GIVEN) == {world.colleague.pk, world.author.pk}
    bar(group, world.author, by=world.manager, reason="personal")
    assert read(world.author) == []


def test_who_gave_it_on_and_still_sees_it_reads_that_it_is_anothers(world, group):
    row = make_action(world, group, owner=world.lead_same)
    services.give(row, by=world.lead_same, owner=world.colleague)
    assert any("is somebody else’s now" in text for text in read(world.lead_same))
    notices = list(Notice.objects.unscoped("both").filter(kind=telling.GIVEN))
    (left,) = [each for each in notices if each.pk in kind_of(telling.GIVEN).still_wanted(notices)]
    assert left.recipient_id == world.colleague.pk, "only the owner of today is mailed"


def test_a_lost_action_is_told_once_and_again_when_another_owner_goes(world, row):
    leaves(world.colleague)
    assert sweep.tell_of_orphans() > 0
    found = told(telling.ORPHANED)
    assert {world.manager.pk, world.board_member.pk, world.lead_same.pk} <= found
    assert not found & {world.colleague.pk, world.lead_other.pk, world.author.pk}
    assert sweep.tell_of_orphans() == 0, "once"
    assert any("has nobody who answers for it" in text for text in read(world.lead_same))
    services.give(row, by=world.manager, owner=world.author)
    leaves(world.author)
    assert sweep.tell_of_orphans() > 0


def test_the_reconciler_says_that_a_lost_action_was_told_to_nobody(world, row):
    long_ago = timezone.now() - timedelta(days=3)
    Action.objects.filter(pk=row.pk).update(changed_at=long_ago)
    code = telling.ORPHANED + "_untold"
    assert reconcile()[code] == 0
    Membership.objects.filter(user=world.colleague).update(ends=timezone.localdate() - timedelta(days=2))
    assert reconcile()[code] == 1
    assert Alarm.objects.filter(what=f"invariant:{code}", closed_at=None).exists()
    sweep.tell_of_orphans()
    assert reconcile()[code] == 0
