"""The demo's cases: what a newcomer finds on the first day, dated from it."""

from datetime import datetime

import pytest
from django.db import models, transaction
from django.utils import timezone
from time_machine import travel

from partnership.deadlines.models import Deadline
from partnership.directory.demo import PEOPLE
from partnership.people.models import User
from partnership.trail.models import Event
from partnership.trail.then import then
from reporting import demo
from reviews import places, reads
from reviews.chronology import reads as chronology
from reviews.models import AgencyReturn, Child, Guest, PanelReply, Review, Sending, SignOff
from reviews.views import LOADED
from training.models import Booking, Certificate, Learner
from training.models import Event as TrainingEvent

WHY = "the test counts"
SCHOOL_DAY = datetime.fromisoformat("2026-11-18T09:00:00+00:00")


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    """The demo, made once: what a test writes is undone, then all of it."""
    with django_db_blocker.unblock(), transaction.atomic():
        with travel(SCHOOL_DAY):
            assert demo.fill()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def filled(made, db, time_machine):
    time_machine.move_to(SCHOOL_DAY)


def test_inside_then_the_clock_stands_in_the_past_and_afterwards_not(time_machine):
    time_machine.move_to(SCHOOL_DAY)
    with then(datetime.fromisoformat("2026-03-02T12:00:00+00:00")):
        assert timezone.localdate().isoformat() == "2026-03-02"
    assert timezone.localdate().isoformat() == "2026-11-18"


def test_one_review_stands_on_working_day_nine_with_two_siblings(filled):
    review = Review.objects.unscoped(WHY).get(notification__panel_reference="DEMO-0417")
    clock = reads.review_page(User.objects.get(email=PEOPLE["officer"].email), review).clock
    assert clock.day == 9, clock.progress
    assert Child.objects.unscoped(WHY).filter(review=review, sibling=True).count() == 2
    rows = AgencyReturn.objects.unscoped(WHY).filter(review=review)
    assert rows.filter(status=AgencyReturn.Status.SUBMITTED).count() == 4
    assert rows.filter(subject__slug="example-street-surgery", agency__partner_seat="icb").count() == 1
    assert rows.count() == 7 and Guest.objects.unscoped(WHY).get(review=review).status == Guest.Status.INVITED


def test_its_chronology_says_which_child_each_line_concerns_and_names_nobody(filled):
    review = Review.objects.unscoped(WHY).get(notification__panel_reference="DEMO-0417")
    officer = User.objects.get(email=PEOPLE["officer"].email)
    names = {child.pk: child.pseudonym for child in chronology.children(officer, review)}
    about = {each.about for each in chronology.page(officer, review, names=names).object_list}
    assert about == {"Child A", "Child B", "Child A, Child B"}
    found = places.in_pack(officer, review, "members") + places.in_pack(officer, review, "aloud")
    assert found + places.in_report(officer, review) == []


def test_one_review_has_returns_that_are_late_and_a_second_start_changes_nothing(filled):
    before = Event.objects.count()
    assert demo.fill() is False
    assert Event.objects.count() == before
    late = Deadline.objects.unscoped(WHY).filter(rule="information_request", status__in=Deadline.RUNNING)
    assert late.filter(due_on__lt=timezone.localdate()).count() == 2


def test_one_review_was_sent_in_time_with_a_partner_who_disagrees_and_the_panel_replied(filled):
    sent = Sending.objects.unscoped(WHY).get()
    assert timezone.localdate(sent.sent_at) <= sent.due_on
    assert SignOff.objects.unscoped(WHY).filter(decision__review=sent.review, stance="disagrees").exists()
    assert PanelReply.objects.unscoped(WHY).get(review=sent.review).answered_on is None
    recorded = Event.objects.filter(verb="report_sent").get().recorded_at
    assert timezone.localdate(recorded) < timezone.localdate(), "it stands as if it were written then"


def test_the_review_that_was_sent_is_a_whole_story_in_its_order(filled):
    review = Review.objects.unscoped(WHY).get(notification__panel_reference="DEMO-0388")
    order = (
        "review_opened", "return_asked", "meeting_planned", "return_sign", "attendance_marked", "finding_added",
        "section_written", "review_decide", "decision_signed", "lead_told", "review_send", "panel_replied",
    )  # fmt: skip
    first = {}
    for event in Event.objects.filter(folder_id=review.folder_id).order_by("recorded_at"):
        first.setdefault(event.verb, event.recorded_at)
    of_the_case = Event.objects.filter(folder_id=review.folder_id).exclude(object_kind__startswith="boards.")
    written = of_the_case.order_by("pk").values_list("recorded_at", flat=True)  # the demo enters its meeting afterwards
    minutes = [each.replace(second=0, microsecond=0) for each in written]
    assert minutes == sorted(minutes), "the story is told in the order in which it was written"
    at = [first[verb] for verb in order]
    assert at == sorted(at), list(zip(order, at, strict=True))
    signed = SignOff.objects.unscoped(WHY).filter(decision__review=review)
    assert {each.report.number for each in signed} == {1}, "each partner had the draft before them"
    page = reads.review_page(
        User.objects.get(email=PEOPLE["officer"].email), Review.objects.select_related(*LOADED).get(pk=review.pk)
    )
    assert all(state != "empty" for _, state in page.sections) and not any(seat.changed_since for seat in page.seats)
    assert page.sending.warnings[-1] == "The chief officer of police disagrees with the decision."
    assert not [each.code for each in page.days if each.done_at is None and each.code != "sent"]


def test_training_can_be_booked_and_has_a_register_of_today_and_certificates(filled):
    events = TrainingEvent.objects.exclude(source__startswith="Annual")
    today = events.get(starts_at__date=SCHOOL_DAY.date())
    assert (today.status, today.taken) == ("open", 11) and today.trainers.filter(user__isnull=False).exists()
    to_come = events.filter(starts_at__gt=timezone.now())
    assert set(to_come.values_list("status", flat=True)) == {"planned", "open", "cancelled"}
    assert to_come.filter(taken=models.F("capacity")).count() == 1 and to_come.filter(reserved__isnull=False).exists()
    bookings = Booking.objects.unscoped(WHY).filter(event__in=events)
    assert set(bookings.values_list("status", flat=True)) == set(Booking.Status.values)
    assert {"cancelled", "late", "event"} <= set(bookings.values_list("why_ended", flat=True))
    revoked = Certificate.objects.unscoped(WHY).exclude(revoked_at=None)
    assert revoked.filter(replaced_by__isnull=False).exists() and revoked.filter(replaced_by=None).exists()
    people = Learner.objects.unscoped(WHY).filter(invented=False, user=None)
    assert set(people.values_list("name", flat=True).filter(name__startswith="Demonstration")) == set(
        people.values_list("name", flat=True)
    )
