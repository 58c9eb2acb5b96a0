"""What the Panel said of a sent review: who records it, what runs, and what we answered."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from partnership.access.flow import Stale
from partnership.access.story import story
from partnership.deadlines import services as deadlines
from partnership.deadlines.clock import State
from partnership.deadlines.models import Deadline
from partnership.deadlines.subjects import lines
from partnership.documents.models import Version
from reviews import sending
from reviews.clocks import PANEL
from reviews.models import PanelReply, Review
from reviews.panel import reads, services
from tests.walk.post import day


def send(world):
    """Our case goes to the Panel, some days ago."""
    version = Version.objects.unscoped("older").get(pk=world.ours.version.pk)
    Version.objects.unscoped("older").filter(pk=version.pk).update(made_at=timezone.now() - timedelta(days=20))
    when = world.ours.review.notification.sent_at + timedelta(days=8)
    version.refresh_from_db()
    review = Review.objects.get(pk=world.ours.review.pk)
    return sending.record_sending(
        review, by=world.officer, version=version, sent_at=when, due_on=timezone.localdate() + timedelta(days=5)
    )


@pytest.fixture
def sent(world):
    return send(world)


def reply(world, code="agrees", ago=0):
    return services.record_reply(
        world.ours.review, by=world.officer, code=code, words="We read it.",
        received_on=timezone.localdate() - timedelta(days=ago),
    )  # fmt: skip


def test_the_days_for_an_answer_run_from_the_sending_and_the_first_reply_meets_them(world, sent):
    clock = deadlines.running(sent, PANEL)
    assert (clock.soft, clock.trigger_at, clock.length, clock.unit) == (True, sent.sent_at, 10, "days")
    first = reply(world, "question", ago=1)
    clock.refresh_from_db()
    assert clock.status == Deadline.Status.MET and timezone.localdate(clock.met_at) == first.received_on
    reply(world)
    assert [row.code for row in reads.replies(world.panel, world.ours.review)] == ["agrees", "question"]


def test_nothing_is_late_when_the_panel_has_not_answered(world, sent, sign_in):
    Deadline.objects.filter(subject_id=sent.pk).update(
        due_on=timezone.localdate() - timedelta(days=2), due_at=timezone.now() - timedelta(days=2)
    )
    facts = reads.clock(world.panel, sent)
    assert facts.state == State.PAST
    page = sign_in(world.panel).get(reverse("reviews:panel", args=[world.ours.review.pk])).content.decode()
    assert "nothing here is late" in page and "govuk-tag--red" not in page
    (line,) = lines(world.officer, Deadline.objects.unscoped("the board").filter(subject_id=sent.pk)).values()
    assert line.title == "The Panel answers" and line.case == world.ours.folder.reference


def test_a_reply_needs_a_sending_and_a_day_that_can_be(world, sent):
    with pytest.raises(ValidationError, match="before the report was sent"):
        reply(world, ago=30)
    with pytest.raises(ValidationError, match="future"):
        reply(world, ago=-1)
    with pytest.raises(ValidationError, match="not been sent"):
        services.record_reply(
            world.theirs.review, by=world.stranger, code="agrees", words="x", received_on=timezone.localdate()
        )


def test_an_answer_is_recorded_once_and_both_stand_on_the_page_with_who_and_when(world, sent, sign_in):
    row = reply(world, "reconsider", ago=1)
    client, at = sign_in(world.case_officer), reverse("reviews:answer_reply", args=[row.pk])
    typed = {"answer": "We looked again."} | day("answered_on", timezone.localdate())
    assert client.post(at, typed).status_code == 302
    again = client.post(at, typed)
    assert again.status_code == 409 and "We looked again." in again.content.decode()
    with pytest.raises(Stale):
        services.answer_reply(row, by=world.officer, answered_on=timezone.localdate(), answer="Twice.")
    page = sign_in(world.panel).get(reverse("reviews:panel", args=[world.ours.review.pk])).content.decode()
    for words in ("Asks to reconsider", "We read it.", "We looked again.", world.officer.name, world.case_officer.name):
        assert words in page
    assert at not in page and "Record a reply" not in page, "the panel reads and does not record"


def test_only_who_may_send_records_a_reply_and_before_the_sending_nobody(world, sent, sign_in):
    at, typed = "reviews:record_reply", {"code": "national", "words": "A national review."}
    typed |= day("received_on", timezone.localdate())
    assert sign_in(world.signer_icb).post(reverse(at, args=[world.ours.review.pk]), typed).status_code == 403
    assert sign_in(world.stranger).post(reverse(at, args=[world.theirs.review.pk]), typed).status_code == 422
    assert PanelReply.objects.unscoped("none was made").count() == 0
    assert sign_in(world.officer).post(reverse(at, args=[world.ours.review.pk]), typed).status_code == 302
    told = story(folder_id=world.ours.folder.pk, verbs=("panel_replied",))
    assert [each.what for each in told] == ["recorded the Panel’s reply: refers it to a national review"]


def test_a_corrected_time_of_sending_moves_the_panels_days_and_stays_before_its_reply(world, sent):
    review = Review.objects.get(pk=world.ours.review.pk)
    right = sent.sent_at - timedelta(days=1)
    sending.correct_sending(review.sending, by=world.officer, sent_at=right, reason="Typed wrongly.", read=0)
    assert deadlines.running(sent, PANEL).trigger_at == right
    reply(world, ago=3)
    review = Review.objects.get(pk=world.ours.review.pk)
    with pytest.raises(ValidationError, match="had replied by then"):
        now = timezone.now() - timedelta(minutes=2)
        sending.correct_sending(review.sending, by=world.officer, sent_at=now, reason="Later.", read=1)
    right -= timedelta(hours=30)
    sending.correct_sending(review.sending, by=world.officer, sent_at=right, reason="Earlier still.", read=1)
    met = Deadline.objects.get(subject_id=sent.pk, status=Deadline.Status.MET)
    assert met.trigger_at == right


def test_a_reply_is_corrected_with_a_reason_and_what_stood_before_is_kept(world, sent, sign_in):
    row = reply(world, "agrees", ago=1)
    client, at = sign_in(world.case_officer), reverse("reviews:correct_reply", args=[row.pk])
    typed = {"code": "question", "words": "It asks about the school.", "version": 1}
    typed |= day("received_on", timezone.localdate())
    assert client.post(at, typed | {"reason": ""}).status_code == 422
    assert client.post(at, typed | {"reason": "The wrong letter was read."}).status_code == 302
    row.refresh_from_db()
    assert (row.code, row.words, row.received_on) == ("question", "It asks about the school.", timezone.localdate())
    met = Deadline.objects.get(subject_id=sent.pk, status=Deadline.Status.MET)
    assert timezone.localdate(met.met_at) == timezone.localdate(), "its days were met by the reply as it is now"
    page = " ".join(sign_in(world.panel).get(reverse("reviews:panel", args=[row.review_id])).content.decode().split())
    for words in ("Agrees", "We read it.", "The wrong letter was read.", "It asks about the school."):
        assert words in page
    assert at not in page
    stale = sign_in(world.officer).post(at, typed | {"words": "Mine.", "reason": "x"})
    assert stale.status_code == 409 and "It asks about the school." in stale.content.decode()


def test_our_answer_is_corrected_as_well_and_both_texts_stay(world, sent, sign_in):
    row = reply(world, "reconsider", ago=2)
    client, at = sign_in(world.officer), reverse("reviews:correct_answer", args=[row.pk])
    assert client.get(at).status_code == 302, "no answer yet"
    with pytest.raises(ValidationError, match="none to correct"):
        services.correct_answer(row, by=world.officer, version=1, answered_on=row.received_on, answer="x", reason="y")
    services.answer_reply(row, by=world.officer, answered_on=row.received_on, answer="We looked again.")
    typed = {"answer": "We looked twice.", "reason": "A line was missing.", "version": 2}
    assert client.post(at, typed | day("answered_on", row.received_on - timedelta(days=1))).status_code == 422
    assert client.post(at, typed | day("answered_on", row.received_on)).status_code == 302
    page = " ".join(client.get(reverse("reviews:panel", args=[row.review_id])).content.decode().split())
    for words in ("We looked again.", "We looked twice.", "A line was missing."):
        assert words in page
    assert sign_in(world.panel).post(at, typed).status_code == 403


def test_a_corrected_reply_keeps_within_the_days_of_the_case(world, sent):
    row = reply(world, ago=1)
    facts = {"by": world.officer, "version": 1, "code": "agrees", "words": "W.", "reason": "R."}
    for ago, match in ((40, "before the report was sent"), (-1, "future")):
        with pytest.raises(ValidationError, match=match):
            services.correct_reply(row, received_on=timezone.localdate() - timedelta(days=ago), **facts)
    with pytest.raises(ValidationError, match="recorded already"):
        services.correct_reply(row, received_on=row.received_on, **facts | {"words": row.words})
