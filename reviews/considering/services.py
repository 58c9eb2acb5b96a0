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
from partnership.deadlines.rules import london_date
from partnership.people.models import Agency, PartnerSeat
from partnership.people.services import acts_as_partner
from partnership.trail.services import record
from partnership.ui.dates import plain
from reviews import clocks, notices
from reviews.considering import files
from reviews.ending.services import end_what_others_hold
from reviews.flow import REFERRAL, REVIEW
from reviews.models import Consideration, CriteriaView, Notification, Outcome, Referral, Review
from reviews.services import (
    add_child,
    edition_of,
    identify_child,
    must_be_countable,
    must_be_open,
    notified,
    outcome_of,
    times_of,
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
        folder=folder,
        review=review,
        case_word=folder.reference,
        agency=agency,
        kind=kind,
        recorded_by=by,
        **facts,
        **said,
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
    """The partnership takes it on; a case that was closed is considered again. What was said before stays."""
    review = lock(referral.review)
    said = "\n\n".join(filter(None, (referral.outcome_note, note.strip())))
    row = _decided(referral, "take", by=by, note=said)
    if review.status == Review.Status.CLOSED:
        _again(review, by=by, reason=note.strip() or "The referral was taken on after all.")
    notices.tell_outcome(row)
    return row


@transaction.atomic
def decline(referral, *, by, note) -> Referral:
    """It is not taken on; its referrer reads why. The case closes, unless the council is aware: its duty is its own."""
    review = lock(referral.review)
    row = _decided(referral, "decline", by=by, note=note)
    if review.status == Review.Status.CONSIDERED and _consideration(review).aware_at is None:
        REVIEW.take(review, "close", by=by)
        _say(review, Outcome.Code.NOT_TAKEN_ON, note.strip(), by)
        end_what_others_hold(review, by=by, reason="The referral was not taken on.")
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


@transaction.atomic
def council_aware(review, *, by, authority, aware_at, reason="") -> Consideration:
    """Record which council's duty it is and when it became aware; the days to notify are counted from then.

    Another time than the one recorded needs a reason, and the clock before stays readable.
    """
    _must_be_considered(review)
    row = lock(_consideration(review))
    if (row.authority_id, row.aware_at) == (authority.pk, aware_at):
        return row
    first = Referral.objects.unscoped("the page has asked for its review").filter(review=review)
    incident = first.order_by("incident_on").values_list("incident_on", flat=True).first()
    if incident and london_date(aware_at) < incident:
        raise ValidationError({"aware_at": f"The incident is recorded as of {plain(incident)}: it cannot be earlier."})
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
def notify(review, *, by, facts, kind, rapid=True, late_reason="", copy=None) -> Review:
    """The council has notified: the fifteen days begin, or it is noted, and over, where no rapid review follows.

    facts: the fields of Notification. kind, rapid, copy: as `reviews.services.open_review`. The partners' views are
    not waited for.
    """
    must_be_countable(facts)
    review = lock(review)
    on = timezone.localdate(facts["sent_at"])
    if kind != review.kind:
        clocks.not_notified(review, by=by, reason="It was notified as another kind of incident.")
    step = "notify" if rapid or kind == Review.Kind.INCIDENT else "note"
    dates = {"notified_on": on, "edition": edition_of(on)}
    review = REVIEW.take(review, step, by=by, happened_at=facts["sent_at"], kind=kind, **dates)
    notified(review, by=by, facts=facts, late_reason=late_reason)
    files.attach_copy(review, by=by, upload_file=copy)
    consideration = lock(_consideration(review))
    consideration.authority, consideration.aware_at = facts["authority"], facts["aware_at"]
    consideration.save(update_fields=["authority", "aware_at"])
    _say(review, Outcome.Code.NOTIFIED, "", by)
    if not review.runs:
        end_what_others_hold(review, by=by, reason=NO_REVIEW)
    return review


@transaction.atomic
def nobody_notifies(review, *, by, reason) -> Review:
    """The council does not notify; its reasons and the partners' views stay on record."""
    if not reason.strip():
        raise ValidationError({"reason": "Say why the council does not notify."})
    review = REVIEW.take(review, "close", by=by)
    clocks.not_notified(review, by=by, reason=reason.strip())
    _say(review, Outcome.Code.NOT_NOTIFIED, reason.strip(), by)
    end_what_others_hold(review, by=by, reason=NOT_NOTIFIED)
    return review


@transaction.atomic
def consider_again(review, *, by, reason) -> Review:
    """Something new is known: the case is considered again, and the days to notify are counted anew if they were."""
    if not reason.strip():
        raise ValidationError({"reason": "Say what is new."})
    return _again(review, by=by, reason=reason.strip())


def _again(review, *, by, reason):
    review = REVIEW.take(review, "consider", by=by)
    _say(review, Outcome.Code.AGAIN, reason, by)
    row = lock(_consideration(review))
    if row.aware_at:
        clocks.council_aware(review, by=by, aware_at=row.aware_at)
    return review


@transaction.atomic
def begin_rapid_review(review, *, by, aware_at, sent_at, late_reason="") -> Review:
    """The criteria are met after all: the council notified it as a serious incident, and the fifteen days begin.

    A rapid review follows a notification of its own (statutory.md section 3): both periods run from its times, and the
    clock of the death stays as it was. Raises ValidationError for times that cannot be, naming `late_reason` where it
    came late and nobody says why.
    """
    review = lock(review)
    notice = lock(Notification.objects.unscoped("the page has asked for its review").get(review=review))
    must_be_countable({"aware_at": aware_at, "sent_at": sent_at})
    if sent_at < notice.sent_at:
        raise ValidationError({"sent_at": "This is before the notification of the death."})
    on = london_date(sent_at)
    incident = Review.Kind.INCIDENT
    was, dates = times_of(notice), {"notified_on": on, "edition": edition_of(on)}
    review = REVIEW.take(review, "begin", by=by, happened_at=sent_at, kind=incident, data={"was": was}, **dates)
    notice.aware_at, notice.sent_at = aware_at, sent_at
    notice.save(update_fields=["aware_at", "sent_at"])
    clocks.notified(review, by=by, aware_at=aware_at, sent_at=sent_at, late_reason=late_reason)
    clocks.begin(review, by=by, sent_at=sent_at)
    return review


def _say(review, code, reason, by):
    Outcome.objects.create(folder_id=review.folder_id, review=review, code=code, reason=reason, recorded_by=by)


def _consideration(review):
    return Consideration.objects.unscoped("the page has asked for its review").get(review=review)


def _must_be_considered(review):
    if lock(review).status != Review.Status.CONSIDERED:
        raise Stale("This is no longer being considered: read what was recorded since.")


def _must_be_undecided(review):
    """A view may still come while the review runs: it neither gates nor delays. Not once the report has gone."""
    must_be_open(review)
