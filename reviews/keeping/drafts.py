"""What a case needs for a time only: which rows are drafts, by which rule they go, and how.

A kind of another part of the wing is one more Draft in KINDS.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from partnership.deadlines import calendars
from partnership.deadlines.registry import rule_in_force
from partnership.deadlines.rules import due, london_date
from partnership.deadlines.shapes import NoEditionInForce, NoLength
from partnership.deadlines.working_days import CalendarEnds
from partnership.documents.models import Version
from partnership.documents.services import dispose
from partnership.jobs.models import Job
from reviews.chronology import exporting
from reviews.chronology.services import discard
from reviews.models import AgencyReturn, Closing, Disclosure, Intake, Pack, Review, Sending, SignOff
from reviews.reads import REPORT_TITLE
from reviews.returns import ANSWERS

AFTER_SIGNATURE, LEFT_LYING = "drafts_disposed", "rows_left_lying"
WHY = "what is disposed of is found by its case; nothing of it is shown"


def last_day(rule, on) -> date | None:
    """The last day on which it is kept, counted from a London date; None where no number of days is set."""
    try:
        edition = rule_in_force(rule, on)
        return due(edition, on, calendars.load(edition.division)).due_on
    except (NoLength, NoEditionInForce, CalendarEnds):
        return None


class Days:
    """The last days of the drafts of one case, each rule and day asked for once, however many rows there are."""

    def __init__(self, review):
        self.signed, self._known = signed_at(review), {}

    def last(self, rule, trigger) -> date | None:
        """trigger: an aware datetime; None where that is not known yet."""
        if trigger is None:
            return None
        on = london_date(trigger)
        if (rule, on) not in self._known:
            self._known[rule, on] = last_day(rule, on)
        return self._known[rule, on]


def signed_at(review):
    """When its text was settled for good: its report was recorded as sent, or it was closed. None: it goes on."""
    sent = Sending.objects.unscoped(WHY).filter(review=review).values_list("recorded_at", flat=True).first()
    closed = Closing.objects.unscoped(WHY).filter(review=review, reopened_at=None)
    return sent or closed.values_list("closed_at", flat=True).first()


@dataclass(frozen=True)
class Draft:
    """One kind. words: what the page calls them. rows(review): the rows that are drafts.

    dispose(ids): takes them away. after_signature: they wait for it. own: (field, rule) by which each row has days of
    its own besides.
    """

    code: str
    words: str
    rows: Callable
    dispose: Callable
    after_signature: bool = True
    own: tuple = ()

    def until(self, days, row=None) -> date | None:
        """The last day on which `row` is kept, None where that is not known yet. days: Days of its case."""
        found = []
        if self.after_signature:
            found.append(days.last(AFTER_SIGNATURE, days.signed))
        if self.own:
            name, rule = self.own
            found.append(days.last(rule, getattr(row, name)))
        return None if None in found else max(found)

    def lying(self, review):
        """The rows that are drafts, with as much of each as its days need."""
        return list(self.rows(review).only("pk", *self.own[:1]))

    def over(self, review, days, today) -> list:
        """The ids of those that are kept no longer on `today`."""
        return [row.pk for row in self.lying(review) if (day := self.until(days, row)) and day < today]


def _made_here(review):
    """Files that the portal made itself in this case, and that were given to nobody outside by a decision."""
    left = Disclosure.files.through.objects.filter(version_id=OuterRef("pk"))
    rows = Version.objects.unscoped(WHY).filter(folder_id=review.folder_id, received_sha256="")
    return rows.exclude(Exists(left))


def _reports(review):
    sent = Sending.objects.unscoped(WHY).filter(version_id=OuterRef("pk"))
    read = SignOff.objects.unscoped(WHY).filter(report_id=OuterRef("pk"))  # what a partner had read when they signed
    rows = _made_here(review).filter(document__title=REPORT_TITLE, document__goes_out=True)
    return rows.exclude(Exists(sent)).exclude(Exists(read))


def _copies(review):
    return _made_here(review).filter(document__title__in=exporting.TITLES.values(), document__goes_out=False)


def _packs(review):
    return _made_here(review).filter(pk__in=Pack.objects.unscoped(WHY).filter(review=review).values("file_id"))


def _packs_go(ids):
    Pack.objects.unscoped(WHY).filter(file__in=ids).delete()
    _files_go(ids)


def _files_go(ids):
    Job.objects.unscoped("a job leads to no file that is gone").filter(result_id__in=ids).update(result_id=None)
    dispose(Version.objects.unscoped(WHY).filter(pk__in=ids))


def _unsent_answers(review):
    """What was typed into a return that was withdrawn before it was ever submitted."""
    typed = Q()
    for name in TYPED:
        typed |= ~Q(**{name: ""})
    rows = AgencyReturn.objects.unscoped(WHY).filter(review=review, status=AgencyReturn.Status.WITHDRAWN)
    return rows.filter(typed, submitted_at=None, sent_back_at=None)


TYPED = [name for name in ANSWERS if AgencyReturn._meta.get_field(name).get_internal_type() == "TextField"]


def _answers_go(ids):
    AgencyReturn.objects.unscoped(WHY).filter(pk__in=ids).update(**dict.fromkeys(TYPED, ""))


def _lying(review):
    return Intake.objects.unscoped(WHY).filter(review=review, status=Intake.Status.WAITING)


def _lying_go(ids):
    for row in Intake.objects.unscoped(WHY).filter(pk__in=ids):
        discard(row, by=None)
    _done_with_go(ids)


def _done_with(review):
    """Rows that were taken or discarded: the name of their file and what was remarked when it was read."""
    rows = Intake.objects.unscoped(WHY).filter(review=review).exclude(status=Intake.Status.WAITING)
    return rows.exclude(name="", remarks=[])


def _done_with_go(ids):
    Intake.objects.unscoped(WHY).filter(pk__in=ids).update(name="", remarks=[])


KINDS = (
    Draft("reports", "drafts of the report that were not sent", _reports, _files_go),
    Draft("copies", "copies of the chronology", _copies, _files_go, own=("made_at", AFTER_SIGNATURE)),
    Draft("packs", "packs made for the meeting", _packs, _packs_go),
    Draft("answers", "texts of returns that were never submitted", _unsent_answers, _answers_go),
    Draft("intakes", "file names of rows for the chronology", _done_with, _done_with_go),
    Draft("lying", "rows for the chronology that were left lying", _lying, _lying_go, after_signature=False,
          own=("at", LEFT_LYING)),
)  # fmt: skip


def cases(today) -> list:
    """The ids of the cases that may have something to go: settled ones, and those with rows that lie."""
    lying = Intake.objects.unscoped(WHY).filter(review=OuterRef("pk"), status=Intake.Status.WAITING)
    sent = Sending.objects.unscoped(WHY).filter(review=OuterRef("pk"))
    rows = Review.objects.unscoped("the sweep works for the portal")
    over = Q(status=Review.Status.FINISHED) | Exists(sent) | Exists(lying)
    return list(rows.filter(over).order_by("opened_at", "pk").values_list("pk", flat=True))
