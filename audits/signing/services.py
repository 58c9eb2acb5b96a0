"""Signing a return step by step, sending it back, and submitting it: the last signature of the chain submits.

Every service locks the return first, then the signature. What is signed does not change while it is signed: answers are
refused by the status, and a fingerprint that is another than the lead's is refused here.
"""

import secrets
from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Max
from django.http import Http404
from django.utils import timezone

from audits.asking import asked_by, progress
from audits.flow import RETURN, SIGNATURE
from audits.models import AuditReturn, Round, Signature, Submission
from audits.signing import letters, notices
from audits.signing.chain import in_order, steps_of
from audits.signing.content import WHY, answers_of, content_of, files_in_the_way, sha256_of, shown_of
from partnership.access import links
from partnership.access.flow import Stale, lock
from partnership.access.models import Link
from partnership.access.rows import can
from partnership.actions.models.actions import LETTERS
from partnership.documents.models import Marking, Version
from partnership.documents.services import take
from partnership.jobs import services as jobs
from partnership.people.models import User
from partnership.people.roles import Perm
from partnership.trail.services import record
from partnership.ui.dates import plain
from partnership.ui.forms import spoken

S, How, Step = Signature.Status, Signature.How, Signature.Step
LINK = Link.Purpose.SIGNATURE
LETTER = "audit_letter"
RECEIPT = "audit_receipt"
LIVE = (S.ASKED, S.SIGNED)
RELATED = ("agency", "folder", "round__folder", "round__set_version__question_set")
# A link signs or sends back once; with its second use it stays open for a while, for a copy of what was signed.
USES, STAYS_OPEN = 2, timedelta(hours=1)
CHANGED = (
    "What is signed has changed since the lead signed it: somebody is named otherwise in the directory, or evidence "
    "was changed. It cannot be signed as it stands: it is taken back or sent back, and the lead signs it anew."
)
CHECKED = "‘{title}’ (question {ref}) is still being checked for viruses. It takes a minute or two: look again then."
LOST = (
    "The file of ‘{title}’ (question {ref}) was refused or withdrawn, so nobody can open it. The lead takes it off the "
    "question, or uploads another one."
)
CLOSED = (
    "The round was closed, so nothing is signed or submitted any more. The partnership’s business unit can open it "
    "again."
)
EARLIER = (
    "{day} is before the {who} signed, on {when}. Tick it where the meeting had these answers before it as a draft: "
    "that is kept beside the signature. Otherwise record a later minute, or ask the person to sign by a link."
)
MOVED_ON = "This was signed, sent back or taken back meanwhile. Read how it stands now."


# --- how it stands ----------------------------------------------------------------------------------------------------


def signatures_of(row, *, attempt=None) -> list:
    """The signatures of an attempt at a return (the newest where none is named), in the order of the chain."""
    rows = list(Signature.objects.unscoped(WHY).filter(audit_return=row))
    attempt = attempt or max((each.attempt for each in rows), default=0)
    return in_order([each for each in rows if each.attempt == attempt])


def next_of(signatures) -> Signature | None:
    """Of the signatures of one attempt the one that is asked for now."""
    return next((each for each in signatures if each.status == S.ASKED), None)


def still_missing(row, user=None):
    """audits.asking.Progress of a return. row: with its round's version."""
    answers = answers_of(row, user)
    shows = {pk: len(rows) for pk, rows in shown_of(row, user).items()}
    return progress(asked_by(row.round.set_version), row.facts, answers, shows)


def files_that_wait(row, user=None) -> list[str]:
    """What is to be done about evidence whose file nobody can open yet, or any more: a sentence for each piece."""
    found = files_in_the_way(row, user)
    return [(CHECKED if waiting else LOST).format(ref=ref, title=title) for ref, title, waiting in found]


def why_not(row, lead, *, content=None) -> str:
    """Why nobody signs a return as it stands; '' where they may.

    lead: the first signature of the attempt. content: of the return now, where it was read already.
    """
    if row.round.status != Round.Status.OPEN:
        return CLOSED
    if lead.content != sha256_of(content or content_of(row)):
        return CHANGED
    return " ".join(files_that_wait(row))


def _held(row) -> AuditReturn:
    lock(row)
    return AuditReturn.objects.unscoped(WHY).select_related(*RELATED).get(pk=row.pk)


def _being_signed(signature) -> tuple:
    """(the return, its signatures, this one of them), locked. Raises Stale where it is not this one's turn."""
    row = _held(AuditReturn(pk=signature.audit_return_id))
    signatures = signatures_of(row)
    turn = next_of(signatures)
    if row.status != AuditReturn.Status.SIGNING or turn is None or turn.pk != signature.pk:
        raise Stale(MOVED_ON)
    return row, signatures, turn


def _must_be_open(row) -> None:
    if row.round.status != Round.Status.OPEN:
        raise ValidationError(CLOSED)


def letter_of(signature) -> Version:
    """The file from which a signature that the page let through was recorded. Raises Http404 without one."""
    rows = Version.objects.unscoped("the page asked for the return that it signs")
    rows = rows.select_related("document", "folder").filter(document=signature.document_id)
    version = rows.order_by("-number").first() if signature.document_id else None
    if version is None:
        raise Http404
    return version


# --- the lead ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def sign_as_lead(row, *, by, post, signers: dict) -> AuditReturn:
    """The lead signs, and the next is asked. signers: later step -> {"name", "post", "email"}, each of which may be
    empty: that step is asked later, or recorded from a minute.

    Raises Stale where it is signed already, ValidationError for what is missing of the return, and for a signer.
    """
    RETURN.take(row, "sign", by=by)
    row = _held(row)
    _must_be_open(row)
    found = still_missing(row)
    if not found.complete:
        raise ValidationError("Some questions are still without an answer, or wait to be confirmed.")
    if row.people_confirmed_at is None:
        raise ValidationError("Nobody has said yet that the directory names your people rightly.")
    if files := files_that_wait(row):
        raise ValidationError(files)
    steps = steps_of(row, by)
    mark, now = sha256_of(content_of(row)), timezone.now()
    number = Signature.objects.unscoped(WHY).filter(audit_return=row).aggregate(last=Max("attempt"))["last"] or 0
    shared = {"folder": row.folder, "agency": row.agency, "audit_return": row, "attempt": number + 1, "asked_by": by}
    Signature.objects.create(
        step=steps[0], status=S.SIGNED, name=by.name, post=post.strip(), email=by.email or "", user=by, how=How.PORTAL,
        signed_on=timezone.localdate(now), signed_at=now, content=mark, **shared,
    )  # fmt: skip
    taken = [by.email]
    for step in steps[1:]:
        facts = _signer(row, step, signers.get(step, {}), taken=taken)
        taken.append(facts["email"])
        Signature.objects.create(step=step, **facts, **shared)
    _go_on(row, by=by, content=None)
    return row


def _signer(row, step, said, *, taken) -> dict:
    """name, post, email and user of somebody who is asked. Raises ValidationError that names '<step>_email' or _name.

    taken: the addresses of those who sign besides: nobody signs for two.
    """
    name, post, email = (str(said.get(each) or "").strip() for each in ("name", "post", "email"))
    if email:
        try:
            validate_email(email)
        except ValidationError as error:
            raise ValidationError({f"{step}_email": error.messages}) from None
        if email.lower() in {each.lower() for each in taken if each}:
            raise ValidationError(
                {f"{step}_email": "This is the address of somebody else who signs. Each signs alone."}
            )
        if not name:
            raise ValidationError({f"{step}_name": "Enter the name of the person who has this address."})
    return {"name": name, "post": post, "email": email, "user": _account(row, email)}


def _account(row, email):
    """The account of somebody who may sign this return in the portal; None without one."""
    user = User.objects.filter(email__iexact=email, is_active=True).first() if email else None
    return user if user and can(user, Perm.ANSWERS_SIGN, row) else None


# --- those who follow -------------------------------------------------------------------------------------------------


@transaction.atomic
def sign(signature, *, by, name, post, how, link=None) -> AuditReturn:
    """The next signature of the chain, in the portal or by a link; `by`: who signs, or the lead by whose link.

    Raises Stale where it is not this one's turn any more, ValidationError of `why_not`, PermissionDenied where an
    account signs for another person.
    """
    row, signatures, turn = _being_signed(signature)
    if how == How.PORTAL and turn.user_id != by.pk:
        raise PermissionDenied
    name = name.strip()
    note = f"Asked of {turn.name}" if turn.name and turn.name.casefold() != name.casefold() else ""
    user = None if how == How.LINK else by
    facts = {"name": name, "post": post.strip(), "how": how, "user": user, "note": note}
    return _signed(row, signatures, turn, by=by, link=link, **facts)


@transaction.atomic
def record_minute(signature, *, by, name, post, signed_on, minute, upload=None, draft=False) -> AuditReturn:
    """The lead records what the governing body's minute or a letter says. minute: its number, or what the letter is
    called. draft: the lead says that a meeting which was earlier than the last signature had these answers before it.
    Raises as `sign` does, and ValidationError for a day that cannot be."""
    row, signatures, turn = _being_signed(signature)
    note = _of_the_day(row, [each for each in signatures if each.status == S.SIGNED], signed_on, draft)
    document = None
    if upload is not None:
        version = take(
            upload, folder=row.folder, by=by, title=minute.strip(), marking=Marking.SENSITIVE, kind=LETTER,
            shown_to=by, shown_at=row.agency, apart=True,
        )  # fmt: skip
        document = version.document
    facts = {"minute": minute.strip(), "signed_on": signed_on, "document": document, "recorded_by": by, "note": note}
    facts |= {"name": name.strip(), "post": post.strip(), "how": How.RECORDED, "user": None}
    return _signed(row, signatures, turn, by=by, link=None, **facts)


def signed_last(signatures) -> Signature:
    """Of the signatures of an attempt that is under way the one that was given on the latest day."""
    return max((each for each in signatures if each.status == S.SIGNED), key=lambda each: each.signed_on)


def _of_the_day(row, signatures, day, draft) -> str:
    """What is kept on record of the day of a minute. Raises ValidationError by `signed_on` or `draft`."""
    asked, last = timezone.localdate(row.asked_at), signed_last(signatures)
    if day > timezone.localdate():
        raise ValidationError({"signed_on": "The day cannot lie in the future."})
    if day < max(asked, row.round.opens_on):
        when = plain(max(asked, row.round.opens_on))
        raise ValidationError({"signed_on": f"This return was asked for on {when}: an earlier day is of another one."})
    if day >= last.signed_on:
        return ""
    who, when = spoken(last.get_step_display()), plain(last.signed_on)
    if not draft:
        raise ValidationError({"draft": EARLIER.format(day=plain(day), who=who, when=when)})
    return f"Earlier than the {who} signed ({when}): the answers lay before it as a draft, as the lead says."


def _signed(row, signatures, turn, *, by, link, **facts) -> AuditReturn:
    content = content_of(row)
    if why := why_not(row, signatures[0], content=content):
        raise ValidationError(why)
    now = timezone.now()
    facts = {"signed_on": timezone.localdate(now), "note": "", "recorded_by": None} | facts
    SIGNATURE.take(turn, "sign", by=by, signed_at=now, content=signatures[0].content, **facts)
    _end(turn, link)
    return _go_on(row, by=by, content=content)


def _end(signature, link) -> None:
    """Nobody signs by a link any more. The one by which it was done stays open for a while; it shows what was done."""
    if link is None:
        links.revoke_about(signature.pk, LINK)
    else:
        links.use_up(link)
        links.hold_open([signature.pk], LINK, until=timezone.now() + STAYS_OPEN)


def _go_on(row, *, by, content) -> AuditReturn:
    """Ask the next, or submit after the last."""
    turn = next_of(signatures_of(row))
    if turn is None:
        return _submit(row, by=by, content=content or content_of(row))
    if turn.email:
        _mail(row, turn, by=turn.asked_by)
    return row


def _mail(row, signature, *, by) -> Link:
    links.revoke_about(signature.pk, LINK)
    made = links.make_mailed(LINK, acts_as=by, by=by, object_id=signature.pk, days=letters.days(), uses=USES)
    letters.write(made, by=by)
    record("audit_signature_asked", by=by, obj=signature, step=signature.step, link=made.pk)
    notices.tell_asked(row, signature)
    return made


@transaction.atomic
def ask_again(signature, *, by, name, post, email) -> Signature:
    """Mail a new link to whoever signs next, or to somebody else instead; the one before opens nothing any more.

    Raises Stale where it is not this one's turn any more, ValidationError for an address that cannot be.
    """
    row, signatures, turn = _being_signed(signature)
    _must_be_open(row)
    taken = [each.email for each in signatures if each.pk != turn.pk]
    facts = _signer(row, turn.step, {"name": name, "post": post, "email": email}, taken=taken)
    if not facts["email"]:
        raise ValidationError({f"{turn.step}_email": "Enter the address to which the link goes."})
    same = all(getattr(turn, each) == facts[each] for each in ("name", "post", "email"))
    if same and letters.just_sent(turn):
        raise ValidationError("The link was sent a moment ago. Wait ten minutes before it is sent again.")
    if not same:
        links.revoke_about(turn.pk, LINK)
        SIGNATURE.take(turn, "drop", by=by)
        turn = Signature.objects.create(
            folder=row.folder, agency=row.agency, audit_return=row, attempt=turn.attempt, step=turn.step, asked_by=by,
            **facts,
        )  # fmt: skip
    elif turn.asked_by_id != by.pk:
        turn.asked_by = by
        turn.save(update_fields=["asked_by"])
    _mail(row, turn, by=by)
    return turn


# --- back -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def send_back(signature, *, by, note, link=None) -> AuditReturn:
    """Whoever is asked to sign says what has to be put right; everything is signed anew afterwards.

    Raises Stale where it is not this one's turn any more, ValidationError without a note.
    """
    row, signatures, turn = _being_signed(signature)
    how = How.PORTAL if link is None else How.LINK
    SIGNATURE.take(turn, "send_back", by=by, note=note.strip(), signed_at=None, how=how)
    _drop([each for each in signatures if each.pk != turn.pk], by=by)
    _end(turn, link)
    row = RETURN.take(row, "back", by=by, data={"step": turn.step})
    notices.tell_sent_back(row, turn, signatures[0])
    return row


@transaction.atomic
def take_back(row, *, by) -> AuditReturn:
    """A lead takes the return back to change it; what was signed counts no more. Raises Stale where it is not being
    signed any more."""
    row = RETURN.take(row, "back", by=by)
    _drop(signatures_of(row), by=by)
    return row


def _drop(signatures, *, by) -> None:
    for each in signatures:
        if each.status in LIVE:
            links.revoke_about(each.pk, LINK)
            SIGNATURE.take(each, "drop", by=by)


# --- submitted --------------------------------------------------------------------------------------------------------


def new_reference() -> str:
    """Random, so that it tells nothing of how many returns there are: 'R-7KQ2M9H'. The column is unique."""
    return "R-" + "".join(secrets.choice(LETTERS) for _ in range(7))


def _submit(row, *, by, content) -> AuditReturn:
    """Freeze the return and give it its number; the receipt is made by a job. The transaction of the last signature."""
    signatures, now = signatures_of(row), timezone.now()
    submissions = Submission.objects.unscoped(WHY).filter(audit_return=row)
    number = (submissions.aggregate(last=Max("number"))["last"] or 0) + 1
    reference, late = new_reference(), now > row.closes_at
    RETURN.take(row, "submit", by=by, submitted_at=now, data={"number": number, "late": late})
    submission = Submission.objects.create(
        folder=row.folder, agency=row.agency, audit_return=row, number=number, reference=reference, late=late,
        content=content | {"signatures": frozen(signatures)},
        sha256=sha256_of(content), submitted_at=now, submitted_by=by,
    )  # fmt: skip
    jobs.ask(RECEIPT, submission, by=by)
    notices.tell_submitted(row, submission, signatures[0])
    return AuditReturn.objects.unscoped(WHY).select_related(*RELATED).get(pk=row.pk)


def frozen(signatures) -> list[dict]:
    """Those of `signatures` that were given, as plain facts."""
    return [
        {
            "step": each.get_step_display(),
            "name": each.name,
            "post": each.post,
            "how": each.get_how_display(),
            "signed_on": each.signed_on.isoformat(),
            "minute": each.minute,
            "note": each.note,
            "content": each.content,
        }
        for each in signatures
        if each.status == S.SIGNED
    ]
