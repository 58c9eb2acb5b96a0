"""`manage.py start_clocks`: give reviews from before the portal kept clocks their own. Safe to run at every start."""

from django.core.management.base import BaseCommand
from django.db import transaction

from partnership.deadlines.models import Deadline
from partnership.deadlines.rules import RAPID_REVIEW
from reviews import clocks
from reviews.models import AgencyReturn, Review

BEFORE = "The reason was not asked for when it was recorded."


class Command(BaseCommand):
    help = "Start the clocks of reviews and requests that have none."

    def handle(self, *args, **options):
        known = Deadline.objects.filter(rule=RAPID_REVIEW).values("subject_id")
        rows = Review.objects.exclude(pk__in=known).select_related("folder", "notification", "sending", "opened_by")
        for review in rows:
            with transaction.atomic():
                self._start(review)

    @staticmethod
    def _start(review):
        by, notice = review.opened_by, review.notification
        clocks.begin(review, by=by, aware_at=notice.aware_at, sent_at=notice.sent_at, late_reason=BEFORE)
        for row in AgencyReturn.objects.filter(review=review, status=AgencyReturn.Status.ASKED):
            clocks.ask(row, by=by)
        if sending := getattr(review, "sending", None):
            clocks.sent(review, by=sending.sent_by, at=sending.sent_at, late_reason=sending.late_reason or BEFORE)
