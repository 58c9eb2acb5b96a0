"""`manage.py start_clocks`: give reviews from before the portal kept a clock their own. Safe to run at every start."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.db import transaction

from partnership.access.flow import lock
from partnership.deadlines.models import Deadline
from partnership.deadlines.rules import RAPID_REVIEW
from reviews import clocks
from reviews.models import AgencyReturn, Decision, PanelReply, Review, Sending, SignOff
from reviews.services import all_have_spoken

BEFORE = "The reason was not asked for when it was recorded."


class Command(BaseCommand):
    help = "Start the clocks of reviews and requests that have none."

    def handle(self, *args, **options):
        rows = Review.objects.filter(status__in=Review.RUNNING).exclude(pk__in=_with_clocks())
        for review in rows.select_related("folder", "notification"):
            try:
                with transaction.atomic():
                    _start(review)
            except ValidationError as error:
                # One review's impossible dates keep no other review, and not the portal, from starting.
                self.stderr.write(f"The clocks of review {review.pk} could not be started: {error.messages[0]}")
        for sending in _without_the_panels_days():
            try:
                with transaction.atomic():
                    _start_the_panels_days(sending)
            except ValidationError as error:
                words = f"The Panel's days of review {sending.review_id} could not be started: {error.messages[0]}"
                self.stderr.write(words)


def _without_the_panels_days():
    """The reviews that were sent before the Panel's days were counted, and are not over."""
    with_them = Deadline.objects.filter(rule=clocks.PANEL).values("subject_id")
    rows = Sending.objects.filter(review__status=Review.Status.SENT).exclude(pk__in=with_them)
    return rows.select_related("folder", "sent_by")


def _start_the_panels_days(sending):
    """From the sending; its first reply has met them."""
    lock(sending)
    if Deadline.objects.filter(rule=clocks.PANEL, subject_id=sending.pk).exists():
        return  # another process was quicker
    clocks.panel_has_it(sending, by=sending.sent_by)
    first = PanelReply.objects.filter(review=sending.review_id).order_by("received_on", "recorded_at").first()
    if first:
        clocks.panel_replied(sending, by=first.recorded_by, on=first.received_on)


def _with_clocks():
    return Deadline.objects.filter(rule=RAPID_REVIEW).values("subject_id")


def _start(review):
    lock(review)
    if _with_clocks().filter(subject_id=review.pk).exists():
        return  # another process was quicker
    by, notice = review.opened_by, review.notification
    clocks.notified(review, by=by, aware_at=notice.aware_at, sent_at=notice.sent_at, late_reason=BEFORE)
    clocks.begin(review, by=by, sent_at=notice.sent_at)
    _steps_done(review)
    if sending := Sending.objects.filter(review=review).select_related("sent_by").first():
        clocks.sent(review, by=sending.sent_by, at=sending.sent_at, late_reason=sending.late_reason or BEFORE)
        clocks.panel_has_it(sending, by=sending.sent_by)


def _steps_done(review):
    requests = list(AgencyReturn.objects.filter(review=review).select_related("folder", "agency", "author", "asked_by"))
    for row in requests:
        if row.owed:
            clocks.ask(row, by=row.asked_by, at=row.asked_at)
    if requests:
        clocks.step_done(review, clocks.REQUESTS_OUT, by=review.opened_by)
        clocks.returns_step(review.pk, by=review.opened_by)
    decision = Decision.objects.filter(review=review).first()
    if decision and all_have_spoken(decision):
        last = SignOff.objects.filter(decision=decision).order_by("recorded_at").last()
        clocks.step_done(review, clocks.SIGNED, by=last.recorded_by)
