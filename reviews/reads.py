"""Facts of a review in bulk. Every function takes the user first and shows only what the row rule allows."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, F, OuterRef, Subquery, Value, When
from django.db.models.functions import JSONObject
from django.utils import timezone

from partnership.access.rows import powers
from partnership.deadlines import riding
from partnership.deadlines.clock import ClockFacts
from partnership.deadlines.models import Deadline
from partnership.deadlines.reads import facts_of
from partnership.deadlines.rules import RAPID_REVIEW
from partnership.documents.models import Version
from partnership.people.models import User
from partnership.people.roles import Perm
from partnership.trail.models import Event
from reviews import clocks, partners
from reviews.after import Moments
from reviews.considering.files import copy_refused, newest_reason
from reviews.models import (
    Child,
    Closing,
    Decision,
    LeadTold,
    LegalHold,
    Notification,
    NotificationWithdrawal,
    ReportSection,
    Review,
    Sending,
    SendingCorrection,
)
from reviews.return_reads import returns_of
from reviews.seats import seats_of, words_on

REPORT_TITLE = "Rapid review report"
# Who reads the report while their own return is owed: those who run the review, and those who sign it.
READ_THE_REPORT = frozenset({Perm.REVIEW_MANAGE, Perm.SIGN_OFF})
RIDES = "the reader sees the review; whether there is one, is said to everybody who does"
# What a review that does not go on is offered no more.
WORK = frozenset(
    {Perm.REVIEW_MANAGE, Perm.RETURN_REQUEST, Perm.DECIDE, Perm.SIGN_OFF, Perm.SEND, Perm.REPORT_MAKE}
    | {Perm.FOLDER_GRANT}
)
# What changes the report's content; a reading, a grant or a download does not.
CHANGES = (
    "notification_corrected",
    "notification_changed",
    "child_added",
    "child_changed",
    "return_asked",
    "return_submit",
    "return_sign",
    "return_record",
    "return_change",
    "return_send_back",
    "return_withdraw",
    "section_written",
    "section_drafted",
    "finding_added",
    "finding_changed",
    "finding_removed",
    "finding_moved",
    "themes_chosen",
    "review_decide",
)
SAID = ("decision_signed", "silence_recorded", "scrutiny_commented")  # these stand in the report too


@dataclass
class ReviewPage:
    """Everything that the pages of one review show."""

    review: Review
    notification: Notification
    clock: ClockFacts
    notice_clock: ClockFacts
    clocks: riding.Clocks
    held: frozenset
    children: list = field(default_factory=list)
    returns: list = field(default_factory=list)
    sections: list = field(default_factory=list)  # (title, state) in reading order, as report.reads.Shown.state
    content_at: datetime | None = None  # when what the report is made from was changed last
    decision: Decision | None = None
    seats: list = field(default_factory=list)
    earlier: list = field(default_factory=list)  # (decision, its seats) that a later one replaced, newest first
    report: Version | None = None
    sending: Sending | None = None
    corrections: list = field(default_factory=list)
    changed_since_report: bool = False
    leads_told: list = field(default_factory=list)  # of the decision that stands: organisation, when and how, by whom
    own_seats: list = field(default_factory=list)  # those for which the reader holds the duty today
    copy_refused: str = ""  # why the council's notification, as it was filed last, was not kept
    held_back: bool = False  # a legal hold stands
    ended: bool = False  # it is closed or withdrawn, or was
    report_waits: bool = False  # the reader has the report when their own return is in

    @property
    def may(self) -> frozenset:
        """The reader's powers on what the page offers: once the notification is withdrawn, to read alone."""
        return self.held - WORK if self.stopped else self.held

    @property
    def stopped(self) -> bool:
        """Whether the fifteen days ended without a sending: nothing is due any more."""
        return self.clocks.standing[RAPID_REVIEW].status == Deadline.Status.CANCELLED

    @property
    def days(self) -> list:
        """The local steps of the fifteen days, in order, for a review whose clock runs or was met."""
        return [each for each in self.clocks.days.get(RAPID_REVIEW, ()) if each.step]

    @property
    def clock_id(self):
        return self.clocks.standing[RAPID_REVIEW].pk

    @property
    def why_notified_late(self) -> str:
        notified = self.clocks.standing.get(clocks.notice_rule(self.review))
        return notified.late_reason if notified else ""

    @property
    def earlier_dates(self) -> list:
        """The dates by which the review was due before, newest first: a late bank holiday, a corrected notification."""
        return self.clocks.earlier.get(RAPID_REVIEW, [])

    @property
    def whom_to_telephone(self) -> list | None:
        """The delegated partners of today, where none of them is on the list and so nobody is told above the lead."""
        if self.review.settled or any(seat.let_in for seat in self.seats):
            return None
        return [each for seat in self.seats for each in seat.people if not each.deputy]

    @property
    def deputies(self) -> list:
        """(the partner, its dated deputy of today, who is away) while there is something to sign for."""
        if self.review.settled or self.stopped:
            return []
        return [
            (seat.label, each, [delegate.name for delegate in seat.people if not delegate.deputy and delegate.name])
            for seat in self.seats
            for each in seat.people
            if each.deputy and each.until
        ]

    @property
    def one_is_silent(self) -> bool:
        """Whether a partner has no word on the decision yet, not even a recorded silence."""
        return any(seat.sign_off is None for seat in self.seats)

    @property
    def may_sign(self) -> bool:
        """Whether the reader can sign now: a decision stands, the review goes on, a seat of theirs is unsigned."""
        open_seats = [seat for seat in self.own_seats if not seat.spoken]
        return bool(Perm.SIGN_OFF in self.held and self.decision and not self.review.settled and open_seats)


def list_of_reviews(user, *, status=""):
    """The reviews that `user` may see, with what the list shows: those being considered, then the next to be sent, then
    the newest that is done with.

    All have the same days to be sent in, so the first notified is the first due.
    """
    rows = Review.objects.visible_to(user).select_related("folder", "notification", "sending")
    if status in Review.Status.values:
        rows = rows.filter(status=status)
    S = Review.Status
    rank = Case(When(status=S.CONSIDERED, then=0), When(status__in=(S.OPEN, S.DECIDED), then=1), default=2)
    to_send = Case(When(status__in=(S.OPEN, S.DECIDED), then="notified_on"))
    return rows.order_by(rank, to_send.asc(nulls_last=True), F("notified_on").desc(nulls_last=True), "-opened_at", "id")


def list_clocks(user, reviews) -> dict:
    """Review id -> its fifteen days as they stand, for a page of the list: one question for all.

    One whose clock `manage.py start_clocks` could not start is left out, so that it hides no other.
    """
    rows = list(reviews)
    stored = Deadline.objects.visible_to(user).filter(
        subject_kind=Review._meta.label_lower,
        subject_id__in=[row.pk for row in rows],
        rule=RAPID_REVIEW,
        status__in=(*Deadline.RUNNING, Deadline.Status.MET),
    )
    return {each.subject_id: facts_of(each) for each in stored}


def review_page(user, review) -> ReviewPage:
    """The facts of one review; `review` comes with folder, notification and sending loaded."""
    decisions = list(
        Decision.objects.visible_to(user)
        .filter(review=review)
        .select_related("recorded_by")
        .annotate(words=words_on(user))
    )
    decision = decisions[0] if decisions else None
    sending = getattr(review, "sending", None)
    # Who may sign today, the clocks and how the sending was corrected ride on the children's question (a review has a
    # child from its first moment): the page keeps to twelve. Whoever sees a review sees its clocks: people/roles.py.
    held = powers(user, [review])[review.pk]
    rides = {
        "holders": partners.holders_today(review.folder),
        "clocks": riding.column(Review._meta.label_lower, review.pk, review.folder_id),
        "sections": ArraySubquery(_sections(user, review)),
        "leads_told": ArraySubquery(_leads_told(user, decision)),
        "copy_reason": Subquery(newest_reason(user, review.folder_id)),
        "content_at": Subquery(_changes(Value(review.folder_id), CHANGES).values("recorded_at")[:1]),
    }
    about = {"review": OuterRef("review_id")}
    rides["held_back"] = Exists(LegalHold.objects.unscoped(RIDES).filter(lifted_at=None, **about))
    rides["ended"] = Exists(Closing.objects.unscoped(RIDES).filter(**about)) | Exists(
        NotificationWithdrawal.objects.unscoped(RIDES).filter(**about)
    )
    if sending:
        rides["corrections"] = ArraySubquery(_corrections(user, sending).values("facts"))
    children = list(Child.objects.visible_to(user).filter(review=review).annotate(**rides))
    standing = riding.read(children[0].clocks)
    people = partners.by_seat(partners.read_holders(children[0].holders))
    changes = _changes(OuterRef("folder_id"), CHANGES + SAID).filter(recorded_at__gt=OuterRef("made_at"))
    versions = (
        Version.objects.visible_to(user)
        # An upload may bear any title; what the portal made to be sent is the report.
        .filter(folder_id=review.folder_id, document__title=REPORT_TITLE, document__goes_out=True)
        .annotate(stale=Exists(changes))
    )
    report = versions.order_by("-made_at").first()
    content_at = children[0].content_at
    seats = seats_of(decision, people, content_at)
    moments = Moments(decision and decision.recorded_at, sending and sending.sent_at)
    returns = list(returns_of(user, review, _day_of(standing, clocks.RETURNS_IN)))
    for each in returns:
        each.came_after = moments.of_return(each)
    return ReviewPage(
        review=review,
        notification=review.notification,
        clock=standing.facts(RAPID_REVIEW),
        notice_clock=standing.facts(clocks.notice_rule(review)),
        clocks=standing,
        held=held,
        children=children,
        returns=returns,
        report_waits=not held & READ_THE_REPORT and any(row.author_id == user.pk and row.owed for row in returns),
        sections=_states(children[0].sections),
        content_at=content_at,
        decision=decision,
        seats=seats,
        leads_told=[row | {"told_at": datetime.fromisoformat(row["told_at"])} for row in children[0].leads_told or ()],
        own_seats=[seat for seat in seats if any(each.id == user.pk for each in seat.people)],
        earlier=[(each, seats_of(each, {}, None)) for each in decisions[1:]],
        report=report,
        sending=sending,
        corrections=[_correction(row) for row in children[0].corrections] if sending else [],
        changed_since_report=report is not None and report.stale,
        copy_refused=copy_refused(children[0].copy_reason),
        held_back=children[0].held_back,
        ended=children[0].ended,
    )


def _changes(folder, verbs):
    """Events of these verbs in a folder, the newest first."""
    return Event.objects.filter(folder_id=folder, verb__in=verbs).order_by("-recorded_at")


def _sections(user, review):
    """The sections of the report as JSON: their code and state; their words stay where they are."""
    rows = ReportSection.objects.visible_to(user).filter(review=review).order_by()
    state = Case(When(text="", then=Value("empty")), When(typed=True, then=Value("written")), default=Value("draft"))
    return rows.annotate(state=state).values(data=JSONObject(code="code", state="state"))


def _leads_told(user, decision):
    rows = LeadTold.objects.visible_to(user).filter(decision=decision).order_by("told_at")
    facts = {"agency": "agency__name", "by": "recorded_by__name", "told_at": "told_at", "how": "how"}
    return rows.values(data=JSONObject(**facts))


def _states(rows) -> list:
    """(title, state) in reading order, of what `_sections` gave."""
    found = {row["code"]: row["state"] for row in rows or ()}
    return [(code.label, found[code]) for code in ReportSection.Code if code in found]


def _day_of(standing, code):
    """The local date of a step of the fifteen days, None where the edition sets none."""
    return next((each.on for each in standing.days.get(RAPID_REVIEW, ()) if each.code == code), None)


def corrections_of(user, sending) -> list:
    """What was put right about the time of sending, oldest first: the first `was` is what was recorded first."""
    return [_correction(row) for row in _corrections(user, sending).values_list("facts", flat=True)]


def _corrections(user, sending):
    names = ("was", "reason", "corrected_at", "corrected_by_id", "corrected_by__name")
    rows = SendingCorrection.objects.visible_to(user).filter(sending=sending).order_by("corrected_at")
    return rows.annotate(facts=JSONObject(**{name: name for name in names}))


def _correction(data) -> SendingCorrection:
    """A correction for reading, from its JSON; it is never saved."""
    by = User(id=UUID(data["corrected_by_id"]), name=data["corrected_by__name"])
    moments = {name: datetime.fromisoformat(data[name]) for name in ("was", "corrected_at")}
    return SendingCorrection(reason=data["reason"], corrected_by=by, **moments)


def who_changed(row) -> tuple:
    """(who, when) of the last change to a row without stamps of its own; (None, now) where the trail has none."""
    verbs = ("child_added", "child_changed", "notification_changed", "notification_corrected", "notified_again")
    last = Event.objects.filter(verb__in=verbs, object_id=row.pk).order_by("-pk").first()
    if last is None:
        return None, timezone.now()
    return User.objects.filter(pk=last.actor_id).first(), last.recorded_at
