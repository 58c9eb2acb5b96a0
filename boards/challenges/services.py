"""Every write to a challenge: raised, answered, agreed or taken further, advised on, decided, learned from.

Every function writes in its own transaction and raises ValidationError for what people can put right, PermissionDenied
for whoever may not, Stale when somebody else was quicker.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from boards.challenges import clocks, notices
from boards.flow import CHALLENGE
from boards.models import Challenge, ChallengeStage
from partnership.access.flow import Stale, lock
from partnership.access.models import FolderKind
from partnership.access.reach import reach_of
from partnership.access.reads import is_barred
from partnership.access.rows import can
from partnership.access.services import open_folder, open_for_the_unit, open_sealed, seal_for_the_unit
from partnership.people.models import Membership, User
from partnership.people.roles import Perm
from partnership.people.services import signs_in, was_there
from partnership.trail.services import record

TITLE = "Professional challenge"
SIDES = {"raiser": "agency", "answerer": "challenged"}
FACTS = ("post", "challenged_post", "subject", "words", "wanted", "safety", "about_child", "urgency")
FINAL = "It has reached the safeguarding partners and the Executive: their decision is final. Record it."
TOO_SOON = "Its answer is due and not there yet. Say why it does not wait for it, or take it further then."
NOT_YET = "The Executive decides what no earlier stage resolved. Take it to its stage first."
WHY = "the service holds the challenge"
ONLY_WHO_WAS_THERE = (
    "Name a colleague who was here when it was raised, not yourself: you do not read this challenge. Else ask the "
    "business unit."
)


@transaction.atomic
def raise_challenge(*, by, partnership, agency, challenged, on_behalf=False, **facts) -> Challenge:
    """`agency` challenges `challenged`. facts: of FACTS. on_behalf: `by` of the business unit records it for the
    organisation, which names nobody in the portal; otherwise `by` raises it and reads it from then on.

    It lies in a sealed folder where it touches a child, as one of immediate danger always does: the business unit
    leads it.
    """
    facts["about_child"] = facts["about_child"] or facts["urgency"] == Challenge.Urgency.IMMEDIATE
    if by is not None and not may_raise(by, agency, on_behalf=on_behalf):
        raise PermissionDenied("challenge.raise")
    if agency == challenged:
        raise ValidationError({"challenged": "Choose another organisation: what is inside one is settled there."})
    shared = {"kind": FolderKind.CHALLENGE, "title": TITLE, "partnership": partnership, "by": by}
    if facts["about_child"]:
        folder = open_sealed(**shared) if on_behalf else open_for_the_unit(**shared)
    else:
        folder = open_folder(**shared)
    row = Challenge.objects.create(
        folder=folder, case_word=folder.reference, agency=agency, challenged=challenged, recorded_by=by,
        raiser=None if on_behalf else by, **facts,
    )  # fmt: skip
    record("challenge_raised", by=by, obj=row, agency=agency.pk, urgency=str(row.urgency))
    _reach(row, by=by)
    notices.tell_raised(row, but=by)
    return row


def may_raise(by, agency, *, on_behalf) -> bool:
    """For one's own organisation, by whoever raises challenges there; for another, by who raises them for all."""
    reach = reach_of(by)
    return reach.holds_wide(Perm.CHALLENGE_RAISE) if on_behalf else agency.pk in reach.agencies(Perm.CHALLENGE_RAISE)


def _reach(row, *, by, because=""):
    """The stage that the challenge stands at begins."""
    ChallengeStage.objects.create(folder_id=row.folder_id, challenge=row, number=row.stage, reached_because=because)
    clocks.begin(row, by=by)


def _stage(row) -> ChallengeStage:
    rows = ChallengeStage.objects.unscoped(WHY).select_for_update(of=("self",)).filter(challenge=row)
    return rows.order_by("-reached_at", "-id").first()


@transaction.atomic
def answer(row, *, by, answer, post, late_reason="") -> Challenge:
    """The organisation that was challenged answers, by a post. Raises ValidationError naming `late_reason` for an
    answer that comes late without it."""
    if not answer.strip():
        raise ValidationError({"answer": "Say what you answer."})
    row = CHALLENGE.take(row, "answer", by=by)
    stage = _stage(row)
    stage.answer, stage.answer_post, stage.answer_agency = answer.strip(), post.strip(), row.challenged
    stage.answered_at, stage.answered_by = timezone.now(), by
    stage.save()
    clocks.answered(row, by=by, late_reason=late_reason)
    notices.tell_answered(row, but=by)
    return row


@transaction.atomic
def agree(row, *, by, note) -> Challenge:
    """Its raiser agrees to what was answered: it is resolved at this stage."""
    row = CHALLENGE.take(row, "agree", by=by, note=note.strip())
    _settle(row, ChallengeStage.Outcome.AGREED)
    notices.tell_moved(row, but=by)
    return row


@transaction.atomic
def escalate(row, *, by, note, to=None, early="") -> Challenge:
    """It is not resolved: the next stage is reached. to: a later one, where it is urgent. early: why it does not wait
    for the answer; it is kept with the note. Each stage is answered at its own level, so nobody is named for the next
    one yet. Raises ValidationError from the last stage, for a standard challenge that would leave one out, and naming
    `early` for one that has time left to be answered."""
    row = lock(row)
    to = to or row.stage + 1
    if row.stage >= clocks.LAST:
        raise ValidationError(FINAL)
    if not row.stage < to <= clocks.LAST or (to > row.stage + 1 and row.urgency == Challenge.Urgency.STANDARD):
        raise ValidationError({"to": "Only an urgent challenge leaves a stage out."})
    if clocks.has_time_left(row):
        if not early.strip():
            raise ValidationError({"early": TOO_SOON})
        note = f"{note.strip()}\n\nNot waited for: {early.strip()}" if note.strip() else ""
    row = CHALLENGE.take(row, "escalate", by=by, note=note.strip(), stage=to)
    if row.answerer is not None:
        _unname(row, "answerer", by=by)
    _settle(row, ChallengeStage.Outcome.NOT_AGREED)
    clocks.ended(row, by=by, reason="It was taken to the next stage.")
    _reach(row, by=by, because=row.note)
    notices.tell_moved(row, but=by)
    return row


def _settle(row, outcome):
    stage = _stage(row)
    stage.outcome, stage.outcome_words, stage.outcome_at = outcome, row.note, timezone.now()
    stage.save(update_fields=["outcome", "outcome_words", "outcome_at"])


@transaction.atomic
def withdraw(row, *, by, note) -> Challenge:
    row = CHALLENGE.take(row, "withdraw", by=by, note=note.strip())
    clocks.ended(row, by=by, reason="It was taken back.")
    notices.tell_moved(row, but=by)
    return row


@transaction.atomic
def decide(row, *, by, decision, decided_by_posts, decided_on) -> Challenge:
    """The final decision of the Executive, as it was told. Raises ValidationError before the last stage."""
    row = lock(row)
    if row.stage < clocks.LAST:
        raise ValidationError(NOT_YET)
    row = CHALLENGE.take(
        row,
        "decide",
        by=by,
        decision=decision.strip(),
        decided_by_posts=decided_by_posts.strip(),
        decided_on=decided_on,
    )
    clocks.ended(row, by=by, reason="The Executive has decided.")
    notices.tell_moved(row, but=by)
    return row


@transaction.atomic
def close(row, *, by, learning) -> Challenge:
    """What was learned ends it."""
    row = CHALLENGE.take(row, "close", by=by, learning=learning.strip(), closed_at=timezone.now())
    notices.tell_moved(row, but=by)
    return row


@transaction.atomic
def reopen(row, *, by, note) -> Challenge:
    """It was not settled after all: its stage begins again. What was decided and learned stays readable.

    Whoever was named on it and can answer or pursue it no longer is named no more: it waits for the business unit then.
    """
    row = CHALLENGE.take(row, "reopen", by=by, note=note.strip(), closed_at=None)
    for side, perm in (("answerer", Perm.CHALLENGE_ANSWER), ("raiser", Perm.CHALLENGE_PURSUE)):
        named = getattr(row, side)
        if named and not (was_there(named, getattr(row, SIDES[side]), timezone.localdate()) and can(named, perm, row)):
            _unname(row, side, by=by)
    _reach(row, by=by, because=row.note)
    notices.tell_moved(row, but=by)
    return row


def _unname(row, side, *, by):
    named = getattr(row, side)
    setattr(row, side, None)
    row.save(update_fields=[side])
    record("challenge_unnamed", by=by, obj=row, user=named.pk, side=side)


@transaction.atomic
def advise(row, *, by, version, adviser, adviser_on, advice="") -> Challenge:
    """The Executive commissions an independent adviser; what was advised is added when it is there. Raises Stale."""
    row = _held(row, by)
    if row.version != version:
        raise Stale("Somebody else wrote about the adviser while you were typing.")
    row.adviser, row.adviser_on, row.advice = adviser.strip(), adviser_on, advice.strip()
    row.version += 1
    row.save(update_fields=["adviser", "adviser_on", "advice", "version"])
    record("challenge_adviser", by=by, obj=row)
    return row


def _held(row, by) -> Challenge:
    row = lock(row)
    if not can(by, Perm.CHALLENGE_MANAGE, row):
        raise PermissionDenied("challenge.manage")
    return row


@transaction.atomic
def name(row, side, *, by, user) -> Challenge:
    """Name who answers ("answerer"), or who carries it on for the organisation that raised it ("raiser").

    By those who manage it, or by a lead of that organisation, who need not read it. Raises ValidationError for somebody
    who does not belong there or cannot open it, Stale once it is settled.
    """
    row = lock(row)
    agency = getattr(row, SIDES[side])
    if not may_name(by, row, side):
        raise PermissionDenied(f"challenge.{side}")
    if not row.goes_on:
        raise Stale("This challenge is settled, so nobody else is named on it.")
    other = "raiser" if side == "answerer" else "answerer"
    cannot = ValidationError({"user": f"{user.name} cannot be named here. Choose somebody else of {agency.name}."})
    if getattr(row, f"{other}_id") == user.pk or not people_of(agency.pk).filter(pk=user.pk).exists():
        raise cannot
    if not can(by, Perm.CHALLENGE_MANAGE, row) and not _was_there(user, agency, row, by):
        raise ValidationError({"user": ONLY_WHO_WAS_THERE})
    setattr(row, side, user)
    row.save(update_fields=[side])
    if not can(user, Perm.CHALLENGE_VIEW, row):
        raise cannot
    if side == "answerer":
        clocks.given(row, by=by)
    record("challenge_named", by=by, obj=row, user=user.pk, side=side)
    notices.tell_named(row, side)
    return row


def _was_there(user, agency, row, by) -> bool:
    """A lead, who does not read it, lets in neither herself nor somebody who came after it was raised."""
    return user.pk != by.pk and was_there(user, agency, timezone.localdate(row.raised_at))


def people_of(agency_id):
    """The people of an organisation who can be named on a challenge."""
    here = Membership.objects.live().filter(agency=agency_id)
    return User.objects.filter(**signs_in(), pk__in=here.values("user_id"))


def may_name(by, row, side) -> bool:
    """Whether `by` manages it, or looks after the people of that organisation and is not barred from it."""
    if can(by, Perm.CHALLENGE_MANAGE, row):
        return True
    return can(by, Perm.COLLEAGUES, getattr(row, SIDES[side])) and not is_barred(by, row.folder)


@transaction.atomic
def seal(row, *, by) -> Challenge:
    """It touches a child after all. Raises Stale where it is sealed already."""
    row = _held(row, by)
    if row.folder.sealed:
        raise Stale("It is sealed already.")
    seal_for_the_unit(row.folder, by=by)
    row.about_child = True
    row.save(update_fields=["about_child"])
    return row
