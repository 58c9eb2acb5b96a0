"""From a referral to the council's word: taken on or not, what the partners think, who notifies or why nobody does.

Every function writes in its own transaction and raises ValidationError for what people can put right, PermissionDenied
for whoever may not, Stale when somebody else was quicker.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access.flow import Stale, lock
from partnership.access.models import FolderKind
from partnership.access.services import open_for_the_unit, open_sealed
from partnership.people.models import Agency, PartnerSeat
from partnership.people.services import acts_as_partner
from partnership.trail.services import record
from reviews import clocks, notices
from reviews.ending.services import end_what_others_hold
from reviews.flow import REFERRAL, REVIEW
from reviews.models import Consideration, CriteriaView, Notification, Referral, Review
from reviews.services import (
    add_child,
    edition_of,
    identify_child,
    must_be_countable,
    must_be_open,
    notified,
    outcome_of,
)

TITLE = "Rapid review"
NOT_NOTIFIED = "The council does not notify."
NO_REVIEW = "It was notified, and no rapid review follows."


@transaction.atomic
def refer(*, by, partnership, agency, kind, facts: dict, child: dict, identity: dict, on_behalf: dict | None = None):
    """Tell the partnership of an incident. Opens the sealed folder of the business unit; returns the Referral.

    facts: the fields of Referral that its form asks for. child: age_band and legal_status. identity: who the child is,
    sealed apart from everything else. on_behalf: None where `by` refers for `agency`; else a dict of source, given_by,
    channel and given_at, and `by` of the business unit leads the folder.
    """
    shared = {"kind": FolderKind.REVIEW, "title": TITLE, "partnership": partnership, "by": by}
    folder = open_sealed(**shared) if on_behalf else open_for_the_unit(**shared)
    now = timezone.now()
    review = Review.objects.create(
        folder=folder,
        opened_by=by,
        kind=kind,
        status=Review.Status.CONSIDERED,
        edition=edition_of(timezone.localdate(now)),
    )
    Consideration.objects.create(folder=folder, review=review, authority=_the_council())
    said = on_behalf or {"referrer": by, "given_at": now}
    row = Referral.objects.create(
        folder=folder, review=review, case_word=folder.reference, agency=agency, recorded_by=by, **facts, **said
    )
    record("referral_given", by=by, obj=row, agency=agency.pk, source=row.source, happened_at=row.given_at)
    subject = add_child(review, by=by, outcome=outcome_of(row.harm), **child)
    if any(identity.values()):
        identify_child(subject, by=by, facts=identity)
    notices.tell_referred(row, but=by)
    return row


def _the_council():
    """The local authority whose duty it is, where the arrangements have one alone."""
    found = list(Agency.objects.live().filter(partner_seat=PartnerSeat.LOCAL_AUTHORITY)[:2])
    return found[0] if len(found) == 1 else None


@transaction.atomic
def take_on(referral, *, by, note="") -> Referral:
    """The partnership takes it on: the council is asked, the partners' views are sought, the case goes on."""
    row = _decided(referral, "take", by=by, note=note)
    if row.review.status == Review.Status.CLOSED:
        REVIEW.take(row.review, "consider", by=by)
    notices.tell_outcome(row)
    return row


@transaction.atomic
def decline(referral, *, by, note) -> Referral:
    """It is not taken on; its referrer reads why. The case closes where nothing else keeps it open."""
    row = _decided(referral, "decline", by=by, note=note)
    _close_if_nothing_waits(row.review, by=by, reason=note)
    notices.tell_outcome(row)
    return row


@transaction.atomic
def take_back(referral, *, by, note) -> Referral:
    """The referrer takes his referral back before it was decided; it stays on record."""
    row = REFERRAL.take(referral, "withdraw", by=by, outcome_note=note, decided_by=by, decided_at=timezone.now())
    notices.tell_taken_back(row)
    return row


def _decided(referral, step, *, by, note):
    return REFERRAL.take(referral, step, by=by, outcome_note=note.strip(), decided_by=by, decided_at=timezone.now())


def _close_if_nothing_waits(review, *, by, reason):
    S = Referral.Status
    others = Referral.objects.unscoped("does another referral keep the case open?").filter(review=review)
    if review.status == Review.Status.CONSIDERED and not others.filter(status__in=(S.WAITING, S.TAKEN)).exists():
        _close(review, by=by, reason=reason)


@transaction.atomic
def council_aware(review, *, by, authority, aware_at, reason="") -> Consideration:
    """Record which council's duty it is and when it became aware; the days to notify are counted from then.

    Another time than the one recorded needs a reason, and the clock before stays readable.
    """
    _must_be_considered(review)
    row = lock(_consideration(review))
    if (row.authority_id, row.aware_at) == (authority.pk, aware_at):
        return row
    if row.aware_at is not None and row.aware_at != aware_at and not reason.strip():
        raise ValidationError({"reason": "Say why the time that was recorded is wrong."})
    if row.aware_at != aware_at:
        clocks.council_aware(review, by=by, aware_at=aware_at, reason=reason.strip())
    was, row.authority, row.aware_at = row.aware_at, authority, aware_at
    row.save(update_fields=["authority", "aware_at"])
    record("council_aware", by=by, obj=row, agency=authority.pk, was=was and was.isoformat(), at=aware_at.isoformat())
    return row


@transaction.atomic
def give_view(review, *, by, seat, stance, reason) -> CriteriaView:
    """A safeguarding partner says whether the criteria are met, as delegate or dated deputy of today."""
    _must_be_undecided(review)
    duty = next((duty for duty in acts_as_partner(by) if duty.agency.partner_seat == seat), None)
    if duty is None:
        raise ValidationError("Today you do not speak for this safeguarding partner: neither as delegate nor deputy.")
    _needs_reason(reason)
    return _view(
        review, by=by, seat=seat, agency=duty.agency, stance=stance, reason=reason, signer=by, duty=duty,
        as_deputy=duty.deputy_for_id is not None, given_at=timezone.now(),
    )  # fmt: skip


@transaction.atomic
def record_view(review, *, by, agency, stance, reason, given_by, channel, given_at) -> CriteriaView:
    """What a partner said otherwise than in the portal, or that it has not answered; `given_by`: by post."""
    _must_be_undecided(review)
    if not agency.partner_seat:
        raise ValidationError({"agency": "Only a safeguarding partner has a view on the criteria."})
    if stance != CriteriaView.Stance.SILENT and not given_by.strip():
        raise ValidationError({"given_by": "Say which post gave it."})
    _needs_reason(reason)
    return _view(
        review, by=by, seat=agency.partner_seat, agency=agency, stance=stance, reason=reason,
        given_by=given_by.strip(), channel=channel, given_at=given_at,
    )  # fmt: skip


def _view(review, *, by, reason, **facts):
    row = CriteriaView.objects.create(
        folder_id=review.folder_id, review=review, recorded_by=by, reason=reason.strip(), **facts
    )
    record("criteria_view_given", by=by, obj=row, seat=row.seat, stance=row.stance, happened_at=row.given_at)
    return row


def _needs_reason(reason):
    if not reason.strip():
        raise ValidationError({"reason": "Give the reasons: they stand beside the view."})


@transaction.atomic
def notify(review, *, by, facts, kind, rapid=True, late_reason="") -> Review:
    """The council has notified: the fifteen days begin, or it is noted, and over, where no rapid review follows.

    facts: the fields of Notification. kind, rapid: as `reviews.services.open_review`. The partners' views are not
    waited for.
    """
    must_be_countable(facts)
    on = timezone.localdate(facts["sent_at"])
    if kind != review.kind:
        clocks.not_notified(review, by=by, reason="It was notified as another kind of incident.")
    step = "notify" if rapid or kind == Review.Kind.INCIDENT else "note"
    dates = {"notified_on": on, "edition": edition_of(on)}
    review = REVIEW.take(review, step, by=by, happened_at=facts["sent_at"], kind=kind, **dates)
    notified(review, by=by, facts=facts, late_reason=late_reason)
    consideration = lock(_consideration(review))
    consideration.authority, consideration.aware_at = facts["authority"], facts["aware_at"]
    _settle(consideration, Consideration.Outcome.NOTIFIED, "", by)
    if not review.runs:
        end_what_others_hold(review, by=by, reason=NO_REVIEW)
    return review


@transaction.atomic
def nobody_notifies(review, *, by, reason) -> Review:
    """The council does not notify; its reasons and the partners' views stay on record."""
    if not reason.strip():
        raise ValidationError({"reason": "Say why the council does not notify."})
    return _close(review, by=by, reason=reason.strip())


def _close(review, *, by, reason):
    review = REVIEW.take(review, "close", by=by)
    clocks.not_notified(review, by=by, reason=reason)
    _settle(lock(_consideration(review)), Consideration.Outcome.NOT_NOTIFIED, reason, by)
    end_what_others_hold(review, by=by, reason=NOT_NOTIFIED)
    return review


@transaction.atomic
def consider_again(review, *, by, reason) -> Review:
    """Something new is known: the case is considered again, and the days to notify are counted anew if they were."""
    if not reason.strip():
        raise ValidationError({"reason": "Say what is new."})
    review = REVIEW.take(review, "consider", by=by)
    row = lock(_consideration(review))
    _settle(row, "", reason.strip(), by)
    if row.aware_at:
        clocks.council_aware(review, by=by, aware_at=row.aware_at)
    return review


@transaction.atomic
def begin_rapid_review(review, *, by) -> Review:
    """The criteria are met after all: the fifteen days begin, counted from the notification that was sent."""
    review = REVIEW.take(review, "begin", by=by)
    notice = Notification.objects.unscoped("the page has asked for its review").get(review=review)
    clocks.begin(review, by=by, sent_at=notice.sent_at)
    return review


def _settle(row, outcome, reason, by):
    row.outcome, row.reason, row.decided_by, row.decided_at = outcome, reason, by, timezone.now()
    row.save(update_fields=["authority", "aware_at", "outcome", "reason", "decided_by", "decided_at"])


def _consideration(review):
    return Consideration.objects.unscoped("the page has asked for its review").get(review=review)


def _must_be_considered(review):
    if lock(review).status != Review.Status.CONSIDERED:
        raise Stale("This is no longer being considered: read what was recorded since.")


def _must_be_undecided(review):
    """A view may still come while the review runs: it neither gates nor delays. Not once the report has gone."""
    must_be_open(review)
