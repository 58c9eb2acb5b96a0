"""Agency returns: asked of a named author, saved as they type, sent back with a note; answering/ has what follows."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from partnership.access.flow import Stale, lock
from partnership.access.reach import reach_of
from partnership.access.rows import can
from partnership.people.models import SharingAgreement, User
from partnership.people.roles import Perm
from partnership.trail.services import record
from reviews import clocks, notices, whom
from reviews.answering import beside, versions
from reviews.asking import closures
from reviews.asking import services as asking
from reviews.flow import RETURN
from reviews.guests import ending as guests
from reviews.locks import hold_review, lock_return
from reviews.models import AgencyReturn, Coordinator
from reviews.services import must_be_open

ANSWERS = (
    "searched_on",
    "period_from",
    "period_to",
    "family",
    "contacts",
    "analysis",
    "voice",
    "inequality",
    "good_practice",
    "learning",
    "immediate_action",
    "other_agencies",
    "records_secured",
    "nil_return",
)
WRITTEN = tuple(name for name in ANSWERS if name not in ("records_secured", "nil_return"))
NARRATIVE = ("family", "contacts", "analysis", "voice", "inequality", "good_practice", "learning", "immediate_action")
# What a return must hold before it can be submitted, unless there is no record of the child or family.
NEEDED = {
    "searched_on": "Enter the date on which your agency's records were searched",
    "contacts": "Enter the key contacts, or say that there were none",
    "analysis": "Enter your analysis of practice",
    "voice": "Enter what is known of the child's own experience",
    "learning": "Enter the learning for your agency, or say that there is none",
}


LETTER = ("letter_sent_on", "letter_from", "letter_purpose")
NO_BASIS = (
    "The directory holds no sharing agreement of {} in force. Enter the letter under section 16H that asks for this, "
    "or have the agreement recorded first."
)


def agreement_of(agency, *, day=None) -> SharingAgreement | None:
    """The sharing agreement of an agency in force on a day, the newest; one past its review date is still in force."""
    rows = SharingAgreement.objects.on(day or timezone.localdate()).filter(agency=agency)
    return rows.order_by("-starts").first()


def letter_of(letter) -> dict:
    """What was typed of a letter under section 16H, or nothing. Raises ValidationError naming what is missing of it."""
    letter = {name: value for name, value in (letter or {}).items() if name in LETTER and value}
    missing = {name: "Complete the letter: its day, who signed it and its purpose" for name in LETTER}
    if letter and len(letter) < len(LETTER):
        raise ValidationError({name: words for name, words in missing.items() if name not in letter})
    return letter


def _basis(agency, letter) -> dict:
    """What lets the agency share: the letter that is named, else its agreement. Raises ValidationError for neither."""
    if letter := letter_of(letter):
        return letter
    if agreement := agreement_of(agency):
        return {"agreement": agreement}
    raise ValidationError({"letter_sent_on": NO_BASIS.format(agency.name)})


@transaction.atomic
def ask_agency(
    review, *, by, agency, author, due_on, purpose, period=None, letter=None, subject=None, cleared=None
) -> AgencyReturn:
    """Ask one agency, through one named author, for its return. The author gets that row and nothing else.

    period: {"search_from", "search_to"}, the records to search, both days or none of them (None).
    letter: a dict of LETTER, a request under section 16H of the Children Act 2004; needed where the agency has no
    sharing agreement in force. subject: the organisation that it writes for, if not itself. cleared: as
    `closures.must_be_cleared`, needed where the agency is closed today.
    """
    must_be_open(review)
    basis = _basis(agency, letter)
    closure = closures.must_be_cleared(agency, cleared)
    if subject is not None and subject.pk == agency.pk:
        subject = None
    whom.must_be_askable(author, agency, review, by=by, field="author")
    must_lie_ahead(due_on)
    try:
        with transaction.atomic():
            row = AgencyReturn.objects.create(
                folder_id=review.folder_id,
                review=review,
                agency=agency,
                author=author,
                asked_by=by,
                due_on=due_on,
                purpose=purpose,
                case_word=review.folder.reference,
                subject=subject,
                coordinator=_coordinator(review, agency),
                **(period or {}),
                **basis,
            )
    except IntegrityError:
        raise ValidationError({"agency": f"{agency.name} has been asked for a return already."}) from None
    said = {"agency": agency.pk, "author": author.pk, "basis": "agreement" if row.agreement_id else "letter"}
    record("return_asked", by=by, obj=row, **said)
    closures.asked(row, closure, cleared, by=by)
    clocks.ask(row, by=by)
    clocks.step_done(review, clocks.REQUESTS_OUT, by=by)
    notices.tell_author(row)
    return row


def _coordinator(review, agency):
    found = Coordinator.objects.unscoped("who keeps in view what this body is asked")
    row = found.filter(review=review, agency=agency, ended_at=None).select_related("user").first()
    return row and row.user


@transaction.atomic
def save_return(row, *, by, version: int, answers: dict) -> AgencyReturn:
    """Keep what the author has typed. One row, no history row per keystroke; the trail names the fields.

    Raises Stale when another tab or person saved since `version`, or when it can no longer be changed.
    """
    row = lock(row)
    if row.status == AgencyReturn.Status.TO_SIGN:
        raise Stale("This return waits to be signed, so it cannot be changed. Its author can take it back first.")
    if row.status != AgencyReturn.Status.ASKED:
        raise Stale("This return was submitted, so it can no longer be changed.")
    if row.version != version:
        raise Stale("This return was saved in another window while you were typing.")
    changed = [name for name in ANSWERS if name in answers and getattr(row, name) != answers[name]]
    if changed:
        for name in changed:
            setattr(row, name, answers[name])
        row.version, row.saved_at = version + 1, timezone.now()
        row.save(update_fields=[*changed, "version", "saved_at"])
        record("return_saved", by=by, obj=row, fields=changed)
    return row


@transaction.atomic
def send_back(row, *, by, note, due_on) -> AgencyReturn:
    """Give a submitted return back to its author, with what is to be added by when. What was submitted is kept.

    Raises Stale once the report was sent: what it was made from does not change. Raises ValidationError naming `due_on`
    for a day that is past, and for a guest who cannot come in any more.
    """
    must_lie_ahead(due_on)
    must_be_open(hold_review(row))
    row = lock(row)
    guests.must_be_in(row)
    following = versions.begin_next(row) if row.status == AgencyReturn.Status.SUBMITTED else {}
    back = {"note": note, "due_on": due_on, "sent_back_at": timezone.now(), "reopened_at": None}
    row = RETURN.take(row, "send_back", by=by, **back, **following)
    clocks.ask(row, by=by)
    notices.tell_author(row)
    return row


@transaction.atomic
def withdraw(row, *, by, note) -> AgencyReturn:
    """Take a request back; the reason is kept, and its author is told that nothing is asked of them any more.

    A guest's access to it ends at once.
    """
    row = RETURN.take(lock_return(row), "withdraw", by=by, note=note)
    clocks.withdrawn(row, by=by, reason=note)
    guests.end_of_request(row, by=by)
    notices.tell_asked_no_more(row)
    return row


def may_reassign(by, row) -> bool:
    """Its organisation's own lead gives a return to another author without reading it; so do those who ask for it.

    Nobody else does, however far their powers reach over people: it would open the case to whom they choose. A guest's
    is given to nobody: another person of the same body is rung and invited for themselves.
    """
    if row.agency_id is None:
        return False
    return row.agency_id in reach_of(by).agencies(Perm.COLLEAGUES) or can(by, Perm.RETURN_REQUEST, row)


def may_be_given(by, row):
    """Those who may write it instead, by the word of `by`: for a lead, who was there before it was asked for.

    A lead lets people into her own organisation: one who came later would be let into the case by her alone.
    """
    if row.agency_id is None:
        return User.objects.none()
    before = Q(starts__isnull=True) | Q(starts__lt=timezone.localdate(row.asked_at))
    people = whom.people_of(row.agency_id, since=None if can(by, Perm.RETURN_REQUEST, row) else before)
    return people.exclude(pk=row.author_id)


@transaction.atomic
def reassign(row, *, by, author) -> AgencyReturn:
    """Another author of the same agency writes this return from now on; what was typed goes with it.

    Raises Stale for one that is no longer owed, PermissionDenied for whoever may not, ValidationError for an author who
    cannot be asked: a conflict of interest is not told apart from belonging elsewhere.
    """
    row = lock(row)
    if not row.owed:
        raise Stale("This return is no longer owed: it was submitted or withdrawn.")
    if not may_reassign(by, row):
        raise PermissionDenied("return.reassign")
    here = author.pk == row.author_id or may_be_given(by, row).filter(pk=author.pk).exists()
    signs = row.status == AgencyReturn.Status.TO_SIGN and author.pk == row.signer_id  # nobody signs what is theirs
    if not here or signs or whom.is_barred(author, row.folder):
        raise ValidationError({"author": whom.not_possible(author.name)})
    if author.pk != row.author_id:
        row.author, row.version = author, row.version + 1
        row.helper = None  # whom the author before let help is not the next one's choice
        row.save(update_fields=["author", "version", "helper"])
        beside.give_files_to_author(row, by=by)
        record("return_reassigned", by=by, obj=row, agency=row.agency_id, author=author.pk)
        clocks.given(row, by=by)
        asking.follow_author(row)
        notices.tell_new_author(row)
        notices.tell_of_new_author(row, by=by)
    return row


def must_lie_ahead(due_on):
    if due_on < timezone.localdate():
        raise ValidationError({"due_on": "The return cannot be due in the past."})


def what_is_missing(row, *, own_document=False) -> dict:
    """Answer -> the words that ask for it. own_document: the agency answers in a document of its own."""
    needed = {"searched_on": NEEDED["searched_on"]} if row.nil_return or own_document else NEEDED
    missing = {name: words for name, words in needed.items() if not getattr(row, name)}
    if not row.records_secured:
        missing["records_secured"] = "Confirm that your agency's records are secured"
    return missing
