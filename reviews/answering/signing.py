"""A return is finished by its author and signed by somebody else of its body; after that a change is a new version."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access.flow import Stale, lock
from partnership.people.models import User
from partnership.trail.models import Event
from partnership.trail.services import record
from reviews import clocks, returns, whom
from reviews import notices as of_review
from reviews.answering import beside, notices, versions
from reviews.flow import RETURN
from reviews.locks import hold_review, lock_return
from reviews.models import AgencyReturn, Channel

CHANGED = "The return was changed while you were reading it. Read it again before you sign it."
NOT_WAITING = "This return is not waiting to be signed any more."
BEGUN = (
    "Its author has begun to write in the portal. Ask them to finish it, or withdraw the request and ask again: so "
    "nothing that was typed is lost."
)
SETTLED = (
    "The review has moved on, so this return is not changed any more. If something in it is wrong, tell whoever asked "
    "you for it: they can record it with the review."
)
NOTHING_LEFT = (
    "The document that is the answer was not kept, so there is nothing to sign. Give the return back: its author sees "
    "why and attaches another."
)
WRITTEN = "You wrote about this family or attached a file. Take that off first, or send the return instead."
# What comes on paper or as a file is kept as it came; of a call or a talk there may be none.
HAS_ORIGINAL = (Channel.SECURE_MAIL, Channel.LETTER)


def colleagues(row, *, but=()):
    """The people of the body that writes a return who can be asked, without its author and `but` (ids); no guest's."""
    if row.agency_id is None:
        return User.objects.none()
    people = whom.people_of(row.agency_id)
    return people.exclude(pk__in=[row.author_id, *(each for each in but if each)]).order_by("name")


def wrote(row) -> set:
    """The ids of those who were let help with a return or typed in it, ended since or not: none of them signs it."""
    happened = Event.objects.filter(object_id=row.pk)
    helped = happened.filter(verb="return_helper_named").values_list("data__user", flat=True)
    return {UUID(each) for each in helped} | set(
        happened.filter(verb="return_saved").values_list("actor_id", flat=True)
    )


def may_sign(row, *, but=()):
    """The people of the body who could sign: they neither wrote it nor helped. but: further ids that are left out."""
    return colleagues(row, but=[*wrote(row), row.helper_id, *but])


def must_be_colleague(row, user, *, field, but=()) -> None:
    """Raises ValidationError naming `field`; a conflict of interest is not told apart from belonging elsewhere."""
    here = colleagues(row, but=but).filter(pk=user.pk).exists()
    if not here or whom.is_barred(user, row.folder):
        raise ValidationError({field: f"{user.name} cannot be chosen for this return. Choose somebody else."})


@transaction.atomic
def finish(row, *, by, version: int, signer, late_reason="") -> AgencyReturn:
    """The author has finished and names who signs; nothing is submitted yet.

    Raises ValidationError for what is missing, a signer who cannot be and a late return without a reason; Stale when it
    was saved since `version` or is not being written any more.
    """
    row = _whole(row, version, late_reason)
    must_be_colleague(row, signer, field="signer", but=[row.helper_id, *wrote(row)])
    facts = {"signer": signer, "late_reason": late_reason.strip(), "nil_return": False, "sole_reason": ""}
    row = RETURN.take(row, "finish", by=by, finished_at=timezone.now(), given_back_at=None, **facts)
    beside.give_files_to_author(row, by=by)
    notices.tell_signer(row)
    return row


@transaction.atomic
def submit_alone(row, *, by, version: int, late_reason="", sole_reason="") -> AgencyReturn:
    """Its author declares the return: a sole practitioner, or a guest for her body.

    sole_reason: why nobody else signs, needed where the body has other people who sign in. Raises as `finish` does,
    also for a file still being checked.
    """
    row = _whole(row, version, late_reason)
    beside.must_be_checked(row)
    if colleagues(row).exists() and not sole_reason.strip():
        raise ValidationError({"sole_reason": f"Others of {row.body} sign in here. Say why none of them signs it."})
    facts = {"signer": None, "sole_practitioner": row.agency_id is not None, "sole_reason": sole_reason.strip()}
    return _submitted(row, "submit", by=by, late_reason=late_reason.strip(), **facts)


@transaction.atomic
def declare_nil(row, *, by, version: int, searched_on, late_reason="") -> AgencyReturn:
    """'We have no record of this child or family', in one step: the author declares it, and it is submitted.

    Raises ValidationError where something was written about the family or attached; Stale as `finish` does.
    """
    row = _as_read(row, version)
    asked = row.status == AgencyReturn.Status.ASKED
    if asked and (any(getattr(row, name) for name in returns.NARRATIVE) or beside.has_files(row)):
        raise ValidationError(WRITTEN)
    _why_late(row, late_reason)
    facts = {"nil_return": True, "searched_on": searched_on, "records_secured": True, "signer": None}
    return _submitted(row, "submit", by=by, late_reason=late_reason.strip(), **facts)


@transaction.atomic
def sign(row, *, by, read: str, late_reason="") -> AgencyReturn:
    """Sign as oneself what one has read. read: `as_read` of the return as the page showed it.

    Raises Stale when it was changed or signed meanwhile, ValidationError while a file is being checked, where the
    document that is the answer was refused, and naming `late_reason` for a return that became late while it waited.
    """
    row = lock_return(row)
    if row.status == AgencyReturn.Status.TO_SIGN:
        if as_read(row) != read:
            raise Stale(CHANGED)
        if by.pk == row.author_id:
            raise ValidationError("You wrote this return, so somebody else must sign it.")
        if by.pk in wrote(row):
            raise ValidationError("You helped to write this return, so somebody else must sign it. Give it back.")
        beside.must_be_checked(row)
        if returns.what_is_missing(row, own_document=beside.own_document(row)):
            raise ValidationError(NOTHING_LEFT)
        late_reason = late_reason.strip() or row.late_reason
        _why_late(row, late_reason)
    row = _submitted(row, "sign", by=by, late_reason=late_reason)
    notices.tell_signed(row)
    return row


def as_read(row) -> str:
    """What a page showed of a return that waits for its signature: it changes whenever the author finishes again."""
    return row.finished_at.isoformat() if row.finished_at else ""


@transaction.atomic
def give_back(row, *, by, note) -> AgencyReturn:
    """Its signer gives it back unsigned, with what should be changed."""
    row = RETURN.take(row, "give_back", by=by, signer_note=note, given_back_at=timezone.now())
    notices.tell_given_back(row)
    return row


@transaction.atomic
def take_back(row, *, by) -> AgencyReturn:
    """Its author takes it back from the signer, to write on."""
    return RETURN.take(row, "take_back", by=by)


@transaction.atomic
def change_signer(row, *, by, signer) -> AgencyReturn:
    """Another person of the body signs what waits; whoever was asked before sees it no longer.

    The page, or the leaving, has asked who may: neither has to read it. Raises Stale for one that does not wait.
    """
    row = lock(row)
    if row.status != AgencyReturn.Status.TO_SIGN:
        raise Stale(NOT_WAITING)
    must_be_colleague(row, signer, field="signer", but=[row.signer_id, row.helper_id, *wrote(row)])
    row.signer, row.finished_at = signer, timezone.now()
    row.save(update_fields=["signer", "finished_at"])
    record("return_signer_changed", by=by, obj=row, user=signer.pk)
    notices.tell_signer(row)
    return row


@transaction.atomic
def change(row, *, by, reason) -> AgencyReturn:
    """Its author begins the next version of what was submitted; until it is signed, what was submitted stands.

    Raises Stale once the report was sent, or the review ended: what the report was made from stays as the Panel was
    told it.
    """
    if hold_review(row).settled:
        raise Stale(SETTLED)
    row = lock(row)
    following = versions.begin_next(row) if row.status == AgencyReturn.Status.SUBMITTED else {}
    reopened = {"change_reason": reason, "reopened_at": timezone.now(), "sent_back_at": None}
    row = RETURN.take(row, "change", by=by, **reopened, **following)
    clocks.returns_step(row.review_id, by=by)
    notices.tell_changing(row)
    return row


@transaction.atomic
def record_for(row, *, by, answers, given_by, given_channel, given_at, original=None, late_reason="") -> AgencyReturn:
    """Record for an agency what came by telephone, mail or letter: who gave it by post, how, when, and the original.

    given_at: when it was given; the trail and the clock keep it beside the moment of recording. Raises ValidationError
    naming `original` or `given_at`, and Stale for a return that its author has begun.
    """
    row = lock_return(row)
    if row.status == AgencyReturn.Status.ASKED:
        if row.saved_at:
            raise Stale(BEGUN)
        if original is None and given_channel in HAS_ORIGINAL:
            raise ValidationError({"original": "Attach the letter or message as it came."})
        said = answers.get("nil_return") or any(answers.get(name) for name in returns.NARRATIVE)
        if original is None and not said:
            raise ValidationError({"analysis": "Enter what was said, or attach what came."})
        if not row.asked_at.replace(second=0, microsecond=0) <= given_at <= timezone.now():
            raise ValidationError({"given_at": "It was given after the return was asked for, and not in the future."})
    facts = {"given_by": given_by, "given_channel": given_channel, "given_at": given_at, "recorded_by": by}
    facts |= {name: value for name, value in answers.items() if name in returns.ANSWERS}
    now = timezone.now()
    row = RETURN.take(
        row, "record", by=by, happened_at=given_at, submitted_at=now, signer=None, late_reason=late_reason, **facts
    )
    if original is not None:
        beside.add_original(row, by=by, upload_file=original)
    beside.give_files_to_author(row, by=by)
    versions.keep(row)
    clocks.came_in(row, by=by, at=given_at, late_reason=late_reason)
    notices.tell_recorded(row)
    return row


def _submitted(row, step, *, by, **fields):
    now = timezone.now()
    row = RETURN.take(row, step, by=by, submitted_at=now, signed_at=now, **fields)
    beside.leave_lost_behind(row, by=by)
    beside.give_files_to_author(row, by=by)
    versions.keep(row)
    clocks.came_in(row, by=by, late_reason=row.late_reason)
    of_review.tell_asker(row)
    return row


def _whole(row, version, late_reason):
    row = _as_read(row, version)
    row.nil_return = False  # who writes a return has a record
    if missing := returns.what_is_missing(row, own_document=beside.own_document(row)):
        raise ValidationError(missing)
    _why_late(row, late_reason)
    return row


def _as_read(row, version):
    """The locked row. Raises Stale when it was saved since; whether it is still owed is the flow's to say."""
    row = lock_return(row)
    if row.status == AgencyReturn.Status.ASKED and row.version != version:
        raise Stale("This return was saved in another window meanwhile. Read it again before it goes on.")
    return row


def _why_late(row, reason):
    if not reason.strip() and clocks.late_return(row):
        raise ValidationError({"late_reason": "The return is late. Say why: one sentence is enough."})
