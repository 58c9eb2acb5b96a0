"""What the pages of a consideration show. Every function takes the user first and shows what the row rule allows."""

from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from partnership.access.rows import allowing, powers
from partnership.deadlines.clock import ClockFacts
from partnership.deadlines.models import Deadline
from partnership.deadlines.reads import facts_of
from partnership.people.models import ContactPoint, PartnerSeat
from partnership.people.roles import Perm
from partnership.people.services import acts_as_partner
from reviews import clocks, partners
from reviews.considering.files import copy_refused, newest_reason
from reviews.models import Child, Consideration, CriteriaView, Outcome, Referral, Review


@dataclass
class SeatView:
    """One safeguarding partner: its newest word on the criteria, those before it, and who holds the duty today."""

    code: str
    label: str
    views: list = field(default_factory=list)
    people: list = field(default_factory=list)

    @property
    def now(self) -> CriteriaView | None:
        return self.views[0] if self.views else None

    @property
    def earlier(self) -> list:
        return self.views[1:]

    @property
    def let_in(self):
        return any(each.signs for each in self.people)


@dataclass
class ConsiderationPage:
    review: Review
    consideration: Consideration | None
    clock: ClockFacts | None
    clock_id: object
    held: frozenset
    referrals: list
    children: list
    seats: list
    own_seats: list
    notification: object
    outcomes: list  # newest first
    copy_refused: str  # why the council's notification, as it was filed last, was not kept

    @property
    def to_decide(self):
        """The referral that waits for this person's word, if any."""
        waiting = (row for row in self.referrals if row.status == Referral.Status.WAITING)
        return next(waiting, None) if Perm.REFERRAL_DECIDE in self.held else None

    @property
    def aware_at(self):
        """As notified, once it was: the times of a notification are put right there."""
        row = self.notification or self.consideration
        return row and row.aware_at

    @property
    def authority(self):
        row = self.notification or self.consideration
        return row and row.authority

    @property
    def may_give_view(self):
        return Perm.SIGN_OFF in self.held and bool(self.own_seats) and not self.review.settled


def consideration_page(user, review) -> ConsiderationPage:
    """`review` comes with folder, consideration and notification loaded."""
    held = powers(user, [review])[review.pk]
    views = {}
    rows = CriteriaView.objects.visible_to(user).filter(review=review)
    for row in rows.select_related("agency", "signer", "recorded_by"):
        views.setdefault(row.seat, []).append(row)
    people = partners.of_folder(review.folder)
    seats = [SeatView(code, label, views.get(code, []), people[code]) for code, label in PartnerSeat.choices]
    notice = (
        Deadline.objects.visible_to(user)
        .filter(subject_kind=Review._meta.label_lower, subject_id=review.pk, rule=clocks.notice_rule(review))
        .exclude(status__in=(Deadline.Status.SUPERSEDED, Deadline.Status.CANCELLED))
        .order_by("-started_at", "-pk")
        .first()
    )
    mine = {duty.agency.partner_seat for duty in acts_as_partner(user)}
    return ConsiderationPage(
        review=review,
        consideration=getattr(review, "consideration", None),
        clock=facts_of(notice) if notice else None,
        clock_id=notice.pk if notice else None,
        held=held,
        referrals=list(
            Referral.objects.visible_to(user).filter(review=review).select_related("agency", "referrer", "decided_by")
        ),
        children=list(Child.objects.visible_to(user).filter(review=review)),
        seats=seats,
        own_seats=[seat for seat in seats if seat.code in mine],
        notification=getattr(review, "notification", None),
        outcomes=list(Outcome.objects.visible_to(user).filter(review=review).select_related("recorded_by")),
        copy_refused=copy_refused(newest_reason(user, review.folder_id).first()),
    )


def own_referrals(user):
    """What this person referred, newest first: these rows hop to no row of the case."""
    rows = Referral.objects.allowing(user, Perm.REFERRAL_WITHDRAW).filter(referrer_id=user.pk)
    return rows.select_related("agency").order_by("-recorded_at")


def whom_to_ring(user) -> list[ContactPoint]:
    """The children's front doors that the directory holds, for whoever is worried about a child now."""
    rows = allowing(ContactPoint, user, Perm.DIRECTORY_VIEW).live()
    rows = rows.filter(purpose=ContactPoint.Purpose.FRONT_DOOR, agency__merged_into=None)
    return list(rows.exclude(shown="internal").select_related("agency").order_by("agency__name"))


KNOWN = ("incident_on", "harm", "setting", "what_happened", "safety")


def known_of_incident(user, review) -> dict:
    """What the first referral said, for the fields of the notification that ask for the same."""
    row = Referral.objects.visible_to(user).filter(review=review).order_by("recorded_at").first()
    return {name: getattr(row, name) for name in KNOWN} if row else {}


def incident_on(user, review) -> date:
    """The day of the incident, from the notification or the first referral; today where neither says so."""
    if notice := getattr(review, "notification", None):
        return notice.incident_on
    days = Referral.objects.visible_to(user).filter(review=review).order_by("recorded_at")
    return days.values_list("incident_on", flat=True).first() or timezone.localdate()
