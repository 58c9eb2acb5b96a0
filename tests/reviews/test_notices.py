"""Who is told that somebody waits for them: the author, whoever asked, the partners who can sign; and nobody else."""

from datetime import timedelta

from django.utils import timezone

from partnership.access import services as access
from partnership.access.models import FolderGrant
from partnership.deadlines import services as deadlines
from partnership.deadlines.models import Milestone
from partnership.deadlines.rules import RAPID_REVIEW
from partnership.deadlines.telling import day_words
from partnership.notify.models import Notice, Outgoing
from reviews import notices, partners, returns, services
from reviews.models import AgencyReturn
from tests.world import answer, ask


def told(code):
    return {notice.recipient for notice in Notice.objects.filter(kind=code).select_related("recipient")}


def page_of(client):
    return client.get("/notices/").content.decode()


def test_an_author_is_told_when_asked_and_when_it_comes_back(world, sign_in):
    row = ask(world, world.ours, "lead_other", "mpft", by=world.officer)
    assert told(notices.ASKED) == {world.lead_other}
    assert f"({row.case_word}) is asked of you" in page_of(sign_in(world.lead_other))
    school = world.ours.returns["school"]
    returns.send_back(school, by=world.officer, note="Add the dates.", due_on=timezone.localdate())
    assert told(notices.BACK) == {world.author_other}
    assert {mail.recipient for mail in Outgoing.objects.filter(state="queued")} >= {
        world.lead_other,
        world.author_other,
    }


def test_whoever_asked_is_told_that_it_came_in_and_each_time(world, sign_in):
    case, row = world.ours, world.ours.returns["uhnm"]
    answer(case, row, by=world.author)
    assert told(notices.CAME_IN) == {world.officer}
    assert "has come in" in page_of(sign_in(world.officer))
    row = AgencyReturn.objects.get(pk=row.pk)
    returns.send_back(row, by=world.officer, note="Add.", due_on=timezone.localdate())
    answer(case, AgencyReturn.objects.get(pk=row.pk), by=world.author)
    assert Notice.objects.filter(kind=notices.CAME_IN).count() == 2


def test_a_decision_waits_for_those_who_can_sign_it_also_when_they_are_let_in_later(world, sign_in):
    folder, later = world.ours.folder, world.signer_icb
    access.revoke(FolderGrant.objects.live().get(content_object=folder, user=later), by=world.officer)
    services.decide(world.ours.review, by=world.officer, code="lcspr", rationale="Read again.")
    able = {world.signer_council, world.signer_police, world.deputy_police}
    assert told(notices.TO_SIGN) == able
    partners.let_in(world.ours.review, [later], by=world.officer, reason="She signs too.")
    assert told(notices.TO_SIGN) == able | {later}
    assert "waits for your word" in page_of(sign_in(later))
    assert "waits for your word" not in page_of(sign_in(world.panel))


def test_a_withdrawn_request_leaves_no_word_with_its_author(world, sign_in):
    row = ask(world, world.ours, "lead_other", "mpft", by=world.officer)
    returns.withdraw(row, by=world.officer, note="Asked by mistake.")
    assert row.case_word not in page_of(sign_in(world.lead_other))


def test_a_step_is_told_as_a_date_and_never_as_a_fact(world):
    clock = deadlines.running(world.ours.review, RAPID_REVIEW)
    day = Milestone.objects.get(deadline=clock, code="returns_in")
    day.on = timezone.localdate() - timedelta(days=1)
    assert day_words(day).endswith("and is not recorded as done.")
    day.on = timezone.localdate()
    assert "is to be on" in day_words(day)
    day.done_at = timezone.now()
    assert "was done on" in day_words(day)
