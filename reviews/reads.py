"""Facts of a review in bulk. Every function takes the user first and shows only what the row rule allows."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import reduce
from operator import or_
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.db.models.functions import JSONObject
from django.utils import timezone

from partnership.access.models import Conflict
from partnership.access.rows import powers
from partnership.access.story import folded, story
from partnership.deadlines import riding
from partnership.deadlines.clock import ClockFacts
from partnership.deadlines.models import Deadline
from partnership.deadlines.reads import facts_of
from partnership.deadlines.rules import RAPID_REVIEW
from partnership.documents.models import Version
from partnership.people.models import Agency, Membership, PartnerSeat, User
from partnership.people.roles import Perm
from partnership.trail.models import Event
from reviews import clocks, partners
from reviews.findings import reads as findings
from reviews.models import (
    AgencyReturn,
    Analysis,
    Child,
    Decision,
    Guest,
    Notification,
    Review,
    Sending,
    SendingCorrection,
    SignOff,
)

REPORT_TITLE = "Rapid review report"
# What changes the report's content; a reading, a grant or a download does not.
CHANGES = (
    "notification_corrected",
    "return_submit",
    "return_send_back",
    "analysis_saved",
    "finding_added",
    "finding_changed",
    "finding_removed",
    "finding_moved",
    "themes_chosen",
    "review_decide",
    "decision_signed",
    "silence_recorded",
)


@dataclass
class Seat:
    """One of the three safeguarding partners: its word on the decision, if any, and who holds the duty today."""

    code: str
    label: str
    sign_off: SignOff | None
    people: list = field(default_factory=list)

    @property
    def spoken(self):
        """Whether the partner has spoken themselves: a silence that somebody else recorded is no signature."""
        return self.sign_off is not None and self.sign_off.stance != SignOff.Stance.SILENT

    @property
    def agency(self) -> str:
        """The partner's organisation: that of whoever spoke, else that of whoever holds the duty today."""
        if self.sign_off is not None:
            return self.sign_off.agency.name
        return self.people[0].agency if self.people else ""

    @property
    def let_in(self):
        return any(each.signs for each in self.people)


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
    analysis: Analysis | None = None
    decision: Decision | None = None
    seats: list = field(default_factory=list)
    earlier: list = field(default_factory=list)  # (decision, its seats) that a later one replaced, newest first
    report: Version | None = None
    sending: Sending | None = None
    corrections: list = field(default_factory=list)
    changed_since_report: bool = False
    own_seats: list = field(default_factory=list)  # those for which the reader holds the duty today

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
        if self.sending or any(seat.let_in for seat in self.seats):
            return None
        return [each for seat in self.seats for each in seat.people if not each.deputy]

    @property
    def may_sign(self) -> bool:
        """Whether the reader can sign now: a decision stands, the report is not sent, a seat of theirs is unsigned."""
        open_seats = [seat for seat in self.own_seats if not seat.spoken]
        return bool(Perm.SIGN_OFF in self.held and self.decision and not self.sending and open_seats)


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
        .annotate(words=_words_on_it(user))
    )
    decision = decisions[0] if decisions else None
    sending = getattr(review, "sending", None)
    # Who may sign today, the clocks and how the sending was corrected ride on the children's question (a review has a
    # child from its first moment): the page keeps to twelve. Whoever sees a review sees its clocks: people/roles.py.
    held = powers(user, [review])[review.pk]
    rides = {
        "holders": partners.holders_today(review.folder),
        "clocks": riding.column(Review._meta.label_lower, review.pk, review.folder_id),
    }
    if sending:
        rides["corrections"] = ArraySubquery(_corrections(user, sending).values("facts"))
    children = list(Child.objects.visible_to(user).filter(review=review).annotate(**rides))
    standing = riding.read(children[0].clocks)
    people = partners.by_seat(partners.read_holders(children[0].holders))
    changes = Event.objects.filter(
        folder_id=OuterRef("folder_id"), verb__in=CHANGES, recorded_at__gt=OuterRef("made_at")
    )
    versions = (
        Version.objects.visible_to(user)
        # An upload may bear any title; what the portal made to be sent is the report.
        .filter(folder_id=review.folder_id, document__title=REPORT_TITLE, document__goes_out=True)
        .annotate(stale=Exists(changes))
    )
    report = versions.order_by("-made_at").first()
    seats = _seats(decision, people)
    return ReviewPage(
        review=review,
        notification=review.notification,
        clock=standing.facts(RAPID_REVIEW),
        notice_clock=standing.facts(clocks.notice_rule(review)),
        clocks=standing,
        held=held,
        children=children,
        returns=_returns(user, review),
        analysis=review.analysis,
        decision=decision,
        seats=seats,
        own_seats=[seat for seat in seats if any(each.id == user.pk for each in seat.people)],
        earlier=[(each, _seats(each, {})) for each in decisions[1:]],
        report=report,
        sending=sending,
        corrections=[_correction(row) for row in children[0].corrections] if sending else [],
        changed_since_report=report is not None and report.stale,
    )


def _returns(user, review):
    """The returns, each with `author_can`: whether its author can still open it (not barred, not gone).

    One asked outside the directory has its `invitation`, a Guest's id, and how it stands as `guest_words` instead.
    """
    barred = Conflict.objects.live().filter(folder_id__in=review.folder.path, user_id=OuterRef("author_id"))
    belongs = Membership.objects.live().filter(
        user_id=OuterRef("author_id"), agency_id=OuterRef("agency_id"), user__is_active=True
    )
    rows = AgencyReturn.objects.visible_to(user).filter(review=review).select_related("agency", "author")
    guest = {"invitation": F("guest__pk"), "guest_status": F("guest__status")}
    found = list(rows.annotate(author_can=Exists(belongs) & ~Exists(barred), **guest))
    for row in found:
        row.guest_words = Guest.Status(row.guest_status).label.lower() if row.invitation else ""
    return found


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


def _seats(decision, people) -> list[Seat]:
    signed = {}
    for row in map(_word, decision.words if decision else ()):  # a signature that followed a silence stands before it
        if row.seat not in signed or signed[row.seat].stance == SignOff.Stance.SILENT:
            signed[row.seat] = row
    return [Seat(code, label, signed.get(code), people.get(code, [])) for code, label in PartnerSeat.choices]


def _words_on_it(user):
    """The partners' words on a decision, by the same row rule, in the decision's own query."""
    names = (
        *("seat", "stance", "reason", "as_deputy", "recorded_at"),
        *("signer_id", "signer__name", "signer__job_title", "agency_id", "agency__name"),
        *("recorded_by_id", "recorded_by__name"),
    )
    rows = SignOff.objects.visible_to(user).filter(decision=OuterRef("pk")).order_by("seat", "recorded_at")
    return ArraySubquery(rows.values(data=JSONObject(**{name: name for name in names})))


def _word(data) -> SignOff:
    """A sign-off for reading, from its JSON; it is never saved."""
    signer = {name: data.pop(f"signer__{name}") for name in ("name", "job_title")}
    agency, recorder = data.pop("agency__name"), data.pop("recorded_by__name")
    row = SignOff(**data | {"recorded_at": datetime.fromisoformat(data["recorded_at"])})
    if row.signer_id:
        row.signer = User(id=UUID(row.signer_id), **signer)
    row.agency = Agency(id=UUID(row.agency_id), name=agency)
    row.recorded_by = User(id=UUID(row.recorded_by_id), name=recorder)
    return row


def report(user, review) -> dict:
    """What the report says: pseudonyms and age bands only, submitted returns only, never an identity.

    Of a return it takes the analysis, the voice, the learning and what was done. The family's composition and the
    list of contacts stay in the return: the Panel asks for the facts with an analysis of key practice episodes, which
    the unit writes from them, and for analysis rather than narrative (statutory.md section 3), and no more of a
    family's life leaves the portal than that needs.
    """
    review = (
        Review.objects.visible_to(user)
        .select_related("folder", "notification__authority", "sending__sent_by", "sending__version", "analysis")
        .get(pk=review.pk)
    )
    page = review_page(user, review)
    asked = [row for row in page.returns if row.status != AgencyReturn.Status.WITHDRAWN]
    return {
        "page": page,
        "review": review,
        "title": f"Rapid review {review.folder.reference}",
        "made_at": timezone.now(),
        "analysis": page.analysis,
        "found": findings.findings(user, review),
        "asked": len(asked),
        "returned": [row for row in asked if row.status == AgencyReturn.Status.SUBMITTED],
        "outstanding": [row for row in asked if row.status == AgencyReturn.Status.ASKED],
    }


def last_save(analysis, headings) -> tuple:
    """(who, when) saved a text under one of these headings last. The page has asked for the analysis."""
    among = reduce(or_, (Q(data__fields__contains=[name]) for name in headings))
    saves = Event.objects.filter(verb="analysis_saved", object_id=analysis.pk).filter(among).order_by("-pk")
    last = saves.first()
    if last is None:
        return analysis.saved_by, analysis.saved_at
    return User.objects.filter(pk=last.actor_id).first(), last.recorded_at


def invitation_of(user, row) -> Guest | None:
    """How a guest was asked for this return, for those who ask; nothing of an organisation's."""
    if row.agency_id:
        return None
    return Guest.objects.allowing(user, Perm.RETURN_REQUEST).filter(row=row).first()


def may_read_answer(user, row) -> bool:
    """Others than the author read an answer once it is submitted."""
    return row.status == AgencyReturn.Status.SUBMITTED or row.author_id == user.pk


def story_of_return(row, *, team: bool) -> list:
    """What happened to one return. Its author is told of their own deeds and the asker's, not who else is on the case.

    team: the reader may read the whole trail of the case.
    """
    if team:
        return folded(story(object_id=row.pk))
    told = story(
        object_id=row.pk,
        verbs=(
            "return_asked",
            "outside_asked",
            "return_saved",
            "return_submit",
            "return_send_back",
            "return_withdraw",
            "return_reassigned",
        ),
    )
    known = {row.author.name, row.asked_by.name}
    return folded(each if each.who in known else replace(each, who="The review’s team") for each in told)
