"""Every write of a rapid review up to its decision; sending.py and returns.py hold the rest."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from partnership.access.flow import Stale, lock
from partnership.access.models import FolderKind
from partnership.access.services import open_sealed
from partnership.deadlines import calendars
from partnership.deadlines.registry import rule_in_force
from partnership.deadlines.rules import RAPID_REVIEW, due, london_date, rule
from partnership.deadlines.shapes import NoEditionInForce, NoLength
from partnership.deadlines.working_days import CalendarEnds
from partnership.identities.services import add_identity
from partnership.people.models import PartnerSeat, Partnership
from partnership.people.services import acts_as_partner
from partnership.trail.services import record
from reviews import clocks, notices, partners
from reviews.answering import notices as answering
from reviews.considering import files
from reviews.flow import REVIEW
from reviews.models import Child, Decision, LeadTold, Notification, ReportSection, Review, SignOff

CHANGED = "The decision was changed while you were reading it. Read it again first."


@transaction.atomic
def open_review(
    *, by, partnership: Partnership, facts: dict, child: dict, late_reason="", kind=Review.Kind.INCIDENT, rapid=True,
    copy=None,
) -> Review:  # fmt: skip
    """Record a notification and open its review as a sealed folder.

    facts: the fields of Notification. child: age_band and legal_status of the first child. rapid: whether a rapid
    review follows: always after a serious incident, after the other kinds where the criteria are met. The review keeps
    the guidance edition in force on the day the notification was sent (statutory.md section 2), its clock also what the
    partnership set locally. late_reason: why the notification was sent late; ValidationError where it was and none is
    given. copy: the notification as it came, an UploadedFile or nothing.
    """
    must_be_countable(facts)
    notified_on = london_date(facts["sent_at"])
    folder = open_sealed(kind=FolderKind.REVIEW, title="Rapid review", partnership=partnership, by=by)
    review = Review.objects.create(
        folder=folder,
        opened_by=by,
        kind=kind,
        edition=edition_of(notified_on),
        notified_on=notified_on,
        status=Review.Status.OPEN if rapid else Review.Status.NOTED,
    )
    record("review_opened", by=by, obj=review, happened_at=facts["sent_at"])
    notified(review, by=by, facts=facts, late_reason=late_reason)
    add_child(review, by=by, outcome=outcome_of(facts["harm"]), **child)
    files.attach_copy(review, by=by, upload_file=copy)
    return review


def outcome_of(harm) -> str:
    """What the first child's outcome is, by what was notified or referred."""
    return Child.Outcome.DIED if harm == Review.Harm.DEATH else Child.Outcome.HARMED


def must_be_countable(facts) -> None:
    """Raises ValidationError for a notification that went before the council knew, or whose days cannot be counted."""
    if facts["sent_at"] < facts["aware_at"]:
        raise ValidationError({"sent_at": "The notification cannot have been sent before the council became aware."})
    notified_on = london_date(facts["sent_at"])
    try:
        edition = rule_in_force(RAPID_REVIEW, notified_on)
        due(edition, notified_on, calendars.load(edition.division))
        edition_of(notified_on)
    except (CalendarEnds, NoLength, NoEditionInForce) as error:
        raise ValidationError({"sent_at": f"The working days of the rapid review cannot be counted: {error}"}) from None


def edition_of(day) -> str:
    """The guidance edition in force: a review keeps that of the day of its notification (statutory.md section 2)."""
    return rule(RAPID_REVIEW, day).edition


def notified(review, *, by, facts, late_reason="") -> Notification:
    """Keep the notification of a review that has its status already, and begin what it begins."""
    row = Notification.objects.create(folder=review.folder, review=review, **facts)
    ReportSection.objects.bulk_create(
        ReportSection(folder_id=review.folder_id, review=review, code=code) for code in ReportSection.Code
    )
    times = {"aware_at": facts["aware_at"], "sent_at": facts["sent_at"]}
    clocks.notified(review, by=by, late_reason=late_reason, **times)
    if review.runs:
        clocks.begin(review, by=by, sent_at=facts["sent_at"])
    return row


@transaction.atomic
def correct_notification(review, *, by, aware_at, sent_at, reason, read: str, late_reason="") -> Notification:
    """Put the times of the notification right. Both periods are counted again; what they were counted from before
    stays readable on their clocks, with the reason.

    read: `times_of` the notification that the page showed. Raises Stale when somebody has corrected it since or the
    report was sent; ValidationError for times that cannot be or are recorded already, without a reason, and naming
    `late_reason` where the notification turns out late and nobody has said why.
    """
    review = must_be_open(review)
    row = lock(Notification.objects.unscoped("the page has asked for its review").get(review=review))
    if times_of(row) != read:
        raise Stale("The times of the notification were corrected while you were typing.")
    if not reason.strip():
        raise ValidationError({"reason": "Say why the times that were recorded are wrong."})
    aware_at, sent_at = _as_recorded(aware_at, row.aware_at), _as_recorded(sent_at, row.sent_at)
    if (aware_at, sent_at) == (row.aware_at, row.sent_at):
        raise ValidationError("These are the times that are recorded already.")
    if sent_at < aware_at:
        raise ValidationError({"sent_at": "The notification cannot have been sent before the council became aware."})
    if row.incident_on > london_date(aware_at):
        raise ValidationError({"aware_at": f"The incident is recorded as of {row.incident_on:%-d %B %Y}."})
    was, row.aware_at, row.sent_at = read, aware_at, sent_at
    row.save(update_fields=["aware_at", "sent_at"])
    review.notified_on = london_date(sent_at)
    review.edition = rule(RAPID_REVIEW, review.notified_on).edition
    review.save(update_fields=["notified_on", "edition"])
    clocks.notified_really(
        review, by=by, aware_at=aware_at, sent_at=sent_at, reason=reason.strip(), late_reason=late_reason
    )
    record("notification_corrected", by=by, obj=row, was=was, to=times_of(row))
    return row


def times_of(notification) -> str:
    return f"{notification.aware_at.isoformat()} {notification.sent_at.isoformat()}"


def _as_recorded(typed, recorded):
    """People type minutes: the same minute is the moment that is recorded already."""
    return recorded if typed == recorded.replace(second=0, microsecond=0) else typed


@transaction.atomic
def add_child(review, *, by, age_band, legal_status, outcome=Child.Outcome.HARMED, sibling=False) -> Child:
    """Add a child by age band; the pseudonym is the next letter, so that no initials creep in."""
    must_be_open(review)
    used = set(Child.objects.unscoped("the next letter").filter(review=review).values_list("pseudonym", flat=True))
    letter = next((c for c in "ABCDEFGHJKLMNPQRSTUVWXYZ" if f"Child {c}" not in used), None)
    if letter is None:
        raise ValidationError("A review holds at most 24 children. Open another review for the others.")
    child = Child.objects.create(
        folder_id=review.folder_id,
        review=review,
        pseudonym=f"Child {letter}",
        age_band=age_band,
        legal_status=legal_status,
        outcome=outcome,
        sibling=sibling,
    )
    record("child_added", by=by, obj=child)
    return child


@transaction.atomic
def identify_child(child, *, by, facts: dict):
    """Seal who a child is, apart from the case."""
    child = lock(child)
    if child.identity_id:
        raise Stale("Somebody else entered this child's identity record while you were typing.")
    child.identity = add_identity(child.folder, subject="child", label=child.pseudonym, facts=facts, by=by)
    child.save(update_fields=["identity"])
    answering.tell_search_changed(child.identity)
    return child.identity


@transaction.atomic
def add_person(review, *, by, subject, label, facts: dict):
    """Somebody else to search for. Those who write a return already are told to look again."""
    identity = add_identity(review.folder, subject=subject, label=label, facts=facts, by=by)
    answering.tell_search_changed(identity)
    return identity


@transaction.atomic
def decide(review, *, by, code, rationale, standing=None) -> Decision:
    """Record the decision as its next number; what was signed stays with the number that was signed.

    standing: the number that the page showed, 0 for none; None where no page was read (a decision recorded from
    minutes). Raises Stale when somebody has decided since.
    """
    review = REVIEW.take(review, "decide", by=by, data={"code": code})
    earlier = Decision.objects.unscoped("the next number").filter(review=review)
    last = earlier.aggregate(last=Max("number"))["last"] or 0
    if standing is not None and last != standing:
        raise Stale("Somebody else recorded a decision while you were typing.")
    clocks.step_undone(review, clocks.SIGNED, by=by)  # the partners' words belong to the decision that they read
    decision = Decision.objects.create(
        folder_id=review.folder_id,
        review=review,
        number=last + 1,
        code=code,
        rationale=rationale,
        recorded_by=by,
    )
    notices.tell_signatories(decision, partners.who_can_sign(review.folder))
    return decision


@transaction.atomic
def sign_off(decision, *, by, seat, stance, reason="", report=None) -> SignOff:
    """Sign as oneself, for the partner whose delegate or dated deputy one is today.

    report: the version of the report that the page named, None where none had been made. Raises Stale when a newer
    decision stands, ValidationError when the seat is not one's own or is signed.
    """
    decision = lock(decision)
    must_be_open(decision.review)
    _must_stand(decision)
    duty = next((duty for duty in acts_as_partner(by) if duty.agency.partner_seat == seat), None)
    if duty is None:
        raise ValidationError("Today you do not sign for this safeguarding partner: neither as delegate nor as deputy.")
    if stance == SignOff.Stance.DISAGREES and not reason.strip():
        raise ValidationError({"reason": "Say why you disagree. The reason stands beside your name."})
    try:
        with transaction.atomic():
            row = SignOff.objects.create(
                folder_id=decision.folder_id,
                decision=decision,
                seat=seat,
                agency=duty.agency,
                signer=by,
                duty=duty,
                as_deputy=duty.deputy_for_id is not None,
                stance=stance,
                reason=reason.strip(),
                report=report,
                recorded_by=by,
            )
    except IntegrityError:
        raise Stale(f"The {PartnerSeat(seat).label.lower()} has signed this decision already.") from None
    record("decision_signed", by=by, obj=row, seat=seat, stance=stance, decision=decision.number, deputy=row.as_deputy,
           report=report and report.pk)  # fmt: skip
    if all_have_spoken(decision):
        clocks.step_done(decision.review, clocks.SIGNED, by=by)
    return row


def all_have_spoken(decision) -> bool:
    """Whether each of the three partners has signed this decision; a silence that somebody recorded is no signature."""
    spoken = SignOff.objects.unscoped("have all three spoken?").filter(decision=decision).exclude(signer=None)
    return spoken.values("seat").distinct().count() == len(PartnerSeat)


@transaction.atomic
def record_silence(decision, *, by, seat, agency, reason) -> SignOff:
    """Record that a partner has not answered, with the reason that will be shown; a signature may still follow.

    Raises Stale when a newer decision stands or the seat has spoken, ValidationError without a reason.
    """
    decision = lock(decision)
    must_be_open(decision.review)
    _must_stand(decision)
    signed = SignOff.objects.unscoped("has this seat spoken?").filter(decision=decision, seat=seat)
    if signed.exists():
        raise Stale(f"The {PartnerSeat(seat).label.lower()} has a word on this decision already.")
    if not reason.strip():
        raise ValidationError({"reason": "Say what was tried and why there is no answer."})
    row = SignOff.objects.create(
        folder_id=decision.folder_id,
        decision=decision,
        seat=seat,
        agency=agency,
        stance=SignOff.Stance.SILENT,
        reason=reason.strip(),
        recorded_by=by,
    )
    record("silence_recorded", by=by, obj=row, seat=seat, decision=decision.number)
    return row


@transaction.atomic
def leads_told(decision, *, by, agencies, told_at, how) -> list:
    """Record that the lead partners of these organisations were told of the decision; also after the sending.

    Raises ValidationError for a moment before the decision or in the future.
    """
    if told_at < decision.recorded_at.replace(second=0, microsecond=0):  # people type minutes
        raise ValidationError({"told_at": "The decision had not been recorded by then."})
    if told_at > timezone.now():
        raise ValidationError({"told_at": "This time cannot lie in the future."})
    facts = {"folder_id": decision.folder_id, "decision": decision, "told_at": told_at, "how": how, "recorded_by": by}
    rows = [LeadTold.objects.create(agency=agency, **facts) for agency in agencies]
    for row in rows:
        record("lead_told", by=by, obj=row, agency=row.agency_id, decision=decision.number)
    return rows


WHY_SETTLED = {
    Review.Status.SENT: "The report was sent to the Panel, so this can no longer be changed here.",
    Review.Status.WITHDRAWN: "The council withdrew its notification, so this can no longer be changed here. It can be "
    "taken up again by a new notification.",
    Review.Status.FINISHED: "The review was closed, so this can no longer be changed here. A case lead can reopen it.",
}


def must_be_open(review) -> Review:
    """Lock the review and return it. Raises Stale once it is settled: what the Panel has does not change."""
    row = lock(review)
    if row.settled:
        raise Stale(WHY_SETTLED[row.status])
    return row


def _must_stand(decision):
    newer = Decision.objects.unscoped("does it still stand?").filter(
        review=decision.review_id, number__gt=decision.number
    )
    if newer.exists():
        raise Stale(CHANGED)
