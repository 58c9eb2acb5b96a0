"""Every write to minutes once their words are there: circulated, corrected, checked, agreed, put right afterwards.

Words are written while the minutes are a draft (boards.attending.minuting.must_be_draft), never here.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from boards.flow import CORRECTION, MINUTES
from boards.minutes import editions, notices
from boards.models import Attendance, Correction, Decision, Edition, Item, Meeting, Minute
from partnership.access.edits import change
from partnership.access.flow import Stale, lock
from partnership.access.rows import can
from partnership.people.roles import Perm
from partnership.trail.models import Event
from partnership.trail.services import record

N, T, A = Meeting.Minutes, Edition.Kind, Attendance.Mark
WHY = "its page has asked for the meeting"
OPEN = (N.NONE, N.DRAFT)
WRITTEN = ("minutes_written", "decision_made", "decision_changed")
WHO_CHECKED = (
    "You wrote part of these minutes or did not chair the meeting. Say who checked them as the chair, and when."
)
WAITS = (
    "A correction that was asked for is not looked at yet. Take it in, or say why not. Then record that the minutes "
    "were agreed."
)
NEWER = "Newer minutes were circulated after you read these. Read them before you check them."


# --- circulated, corrected, checked, agreed ---------------------------------------------------------------------------


@transaction.atomic
def circulate(meeting, *, by) -> Edition:
    """Write the draft as an edition and tell those who were there. Raises ValidationError where the meeting is not
    recorded as held, or nothing is written; Stale where they are no draft."""
    row = _locked(meeting)
    if row.status != Meeting.Status.HELD:
        raise ValidationError("Record first that the meeting was held. Then its minutes can be circulated.")
    drafts = editions.content(row)
    if not any(each.content["text"].strip() or each.content["decisions"] for each in drafts if each.item):
        raise ValidationError("Nothing is written in these minutes yet. Write them under the items first.")
    row = MINUTES.take(row, "circulate", by=by, checked_by=None, checked_at=None, checked_words="")
    edition = editions.make(row, T.CIRCULATED, by=by, drafts=drafts)
    notices.tell_circulated(edition, meeting, those_there(meeting), by=by)
    return edition


def _locked(meeting) -> Meeting:
    """The fresh row, locked, with the folder and group that the page loaded."""
    row = lock(meeting)
    row.folder, row.group = meeting.folder, meeting.group
    return row


def those_there(meeting) -> set:
    """The ids of the people who are marked as having come, deputies in their holders' place."""
    came = Attendance.objects.unscoped(WHY).filter(meeting=meeting)
    marked = came.filter(mark__in=(A.PRESENT, A.OBSERVER)).values_list("user_id", flat=True)
    deputies = came.filter(mark=A.DEPUTY).values_list("stood_in_id", flat=True)
    return {*marked, *deputies} - {None}


def asks(meeting, newest) -> bool:
    """Whether corrections of the newest edition are asked for: while it is circulated, and after its check until the
    day that those who were there were given."""
    if meeting.minutes_status != N.CHECKED or newest is None:
        return meeting.minutes_status == N.CIRCULATED
    until = notices.until_of(newest)
    return until is not None and timezone.localdate() <= until


def may_ask(user, meeting, held, newest) -> bool:
    """Whether somebody asks for corrections of the minutes: who was there, who chairs and who runs the meeting."""
    may = Perm.MEETING_VIEW in held and asks(meeting, newest)
    return may and (Perm.MINUTES_WORK in held or user.pk in those_there(meeting))


@transaction.atomic
def ask_correction(meeting, *, by, words, edition, item=None) -> Correction:
    """Somebody who was there says what is wrong. item: one that `by` sees; the words lie in its folder. Raises Stale
    once corrections are no longer asked for."""
    row = _locked(meeting)
    if not asks(row, editions.newest(row)):
        raise Stale("Corrections are no longer asked for: these minutes have moved on. What you typed was not kept.")
    if not can(by, Perm.MINUTES_WORK, row) and by.pk not in those_there(row):
        raise PermissionDenied("minutes.ask_correction")
    return _correction(row, by=by, words=words, edition=edition, item=item)


def _correction(meeting, *, by, words, edition, item):
    found = Correction.objects.create(
        folder_id=item.folder_id if item else meeting.folder_id, meeting=meeting, edition=edition, item=item,
        words=words.strip(), by=by,
    )  # fmt: skip
    record("correction_asked", by=by, obj=found)
    return found


@transaction.atomic
def answer_correction(row, *, by, taken: bool, words="") -> Correction:
    """Say that it is taken in, or why not. Raises Stale where it was answered already."""
    return CORRECTION.take(row, "take" if taken else "decline", by=by, outcome_words=words.strip())


@transaction.atomic
def back(meeting, *, by, note="", item=None) -> Meeting:
    """Back to draft. The chair's note is kept as a correction; whoever runs the meeting needs none."""
    row = _locked(meeting)
    if not note.strip() and not can(by, Perm.MEETING_RUN, row):
        raise ValidationError({"note": "Say what is to be changed."})
    done = MINUTES.take(row, "back", by=by)
    if note.strip():
        _correction(row, by=by, words=note, edition=editions.newest(row), item=item)
    return done


@transaction.atomic
def check(meeting, *, by, edition, outside="") -> Meeting:
    """The chair has checked what was circulated. edition: the id of the one that was read.

    Nobody checks what they wrote. Whoever runs the meeting and did not chair it records who checked it, and when
    (`outside`). Raises Stale where a newer edition was circulated since.
    """
    row = _locked(meeting)
    newest = editions.newest(row)
    if newest is None or newest.pk != edition:
        raise Stale(NEWER)
    outside = outside.strip()
    runs = can(by, Perm.MEETING_RUN, row)
    if outside and not runs:
        raise PermissionDenied("minutes.check_outside")
    if not outside and not runs and _wrote(by, row):
        raise ValidationError("You wrote part of these minutes, so somebody else checks them.")
    if not outside and runs and (_wrote(by, row) or not _chaired(by, row)):
        raise ValidationError({"outside": WHO_CHECKED})
    return MINUTES.take(row, "check", by=by, checked_by=by, checked_at=timezone.now(), checked_words=outside)


def _wrote(by, meeting) -> bool:
    """Whether they wrote any of it, also where others wrote over it since: a row knows its last writer alone. The trail
    knows all, but for minutes that were taken over with the name of their writer."""
    minutes = Minute.objects.unscoped(WHY).filter(item__meeting=meeting)
    if minutes.filter(changed_by=by).exists():
        return True
    decisions = Decision.objects.unscoped(WHY).filter(meeting=meeting, taken_back_at=None)
    rows = [*minutes.values_list("pk", flat=True), *decisions.values_list("pk", flat=True)]
    return Event.objects.filter(actor_id=by.pk, verb__in=WRITTEN, object_id__in=rows).exists()


def _chaired(by, meeting) -> bool:
    return Attendance.objects.unscoped(WHY).filter(meeting=meeting, user=by, chairs=True).exists()


@transaction.atomic
def agree(meeting, *, by, agreed_in=None, words="") -> Edition:
    """A later meeting agreed them: what was checked is written as the agreed edition, word for word.

    agreed_in: that meeting, of the same folder, held or begun; words: its day and name, where the portal does not have
    it. Raises ValidationError without either, and while a correction that `by` sees waits for its answer.
    """
    row = _locked(meeting)
    if Correction.objects.visible_to(by).filter(meeting=row, outcome=Correction.Outcome.WAITING).exists():
        raise ValidationError(WAITS)
    if agreed_in is None and not words.strip():
        raise ValidationError({"agreed_in": "Choose the meeting that agreed them, or say in words which it was."})
    if agreed_in is not None:
        _can_have_agreed(row, agreed_in)
    now = timezone.now()
    facts = {"minutes_agreed_at": now, "agreed_in": agreed_in, "agreed_words": words.strip()}
    row = MINUTES.take(row, "agree", by=by, **facts)
    drafts = editions.drafts_of(editions.whole_as_it_stands(row))
    return editions.make(row, T.AGREED, by=by, drafts=drafts)


def could_agree(user, meeting):
    """The meetings at which these minutes may have been agreed: later ones of the same folder that have begun."""
    rows = Meeting.objects.visible_to(user).filter(folder_id=meeting.folder_id, starts_at__gt=meeting.starts_at)
    return rows.filter(starts_at__lte=timezone.now()).exclude(status=Meeting.Status.CANCELLED).order_by("starts_at")


def _can_have_agreed(row, other):
    later = other.starts_at > row.starts_at and other.starts_at <= timezone.now()
    if other.folder_id != row.folder_id or not later or other.status == Meeting.Status.CANCELLED:
        raise ValidationError({"agreed_in": "Choose a later meeting of the same group that has taken place."})


# --- agreed minutes are put right -------------------------------------------------------------------------------------


@transaction.atomic
def correct(item, *, by, read, reason, text, decisions) -> Edition:
    """Put the agreed minutes of one item right: a new edition of it with a reason; what was agreed stays readable.

    read: the id of the part that was read. decisions: id -> {"text", "reason", "dissent"}. The edition lies in the
    item's folder. Raises Stale where it was corrected since, ValidationError where nothing differs.
    """
    meeting = lock(Meeting.objects.unscoped(WHY).get(pk=item.meeting_id))
    if meeting.minutes_status not in Meeting.CLOSED_MINUTES:
        raise Stale("These minutes are not agreed yet: they are changed in the draft.")
    part = next((each for each in editions.whole_as_it_stands(meeting) if each.item_id == item.pk), None)
    if part is None:
        raise ValidationError("This item is not in the agreed minutes.")
    if part.pk != read:
        raise Stale("Somebody else corrected this item while you were typing.")
    if not reason.strip():
        raise ValidationError({"reason": "Say why the agreed minutes are corrected."})
    content = part.content | {"text": text}
    content["decisions"] = [each | decisions.get(each["id"], {}) for each in part.content["decisions"]]
    if content == part.content:
        raise ValidationError("Nothing differs from what was agreed.")
    _follow(item, content, by=by)
    draft = editions.Draft(item.folder_id, item.pk, part.position, content)
    facts = {"reason": reason.strip(), "folder_id": item.folder_id}
    return editions.make(meeting, T.CORRECTED, by=by, drafts=[draft], **facts)


def _follow(item, content, *, by):
    """The working rows say what the corrected minutes say: the decision log, the search and the register read them."""
    minute = Minute.objects.unscoped(WHY).filter(item=item).first()
    if minute is not None:
        change(minute, "minute_corrected", by=by, version=minute.version, facts={"text": content["text"]})
    said = {each["id"]: each for each in content["decisions"]}
    for row in Decision.objects.unscoped(WHY).filter(item=item, pk__in=said):
        facts = {name: said[str(row.pk)][name] for name in ("text", "reason", "dissent")}
        change(row, "decision_corrected", by=by, version=row.version, facts=facts)


@transaction.atomic
def marks_changed(meeting, *, by, reason) -> Edition | None:
    """After the marks of a meeting whose minutes are agreed were put right (boards.attending.services), in the same
    transaction: who was there is written as a corrected edition with that reason; None where nothing differs."""
    row = _locked(meeting)
    part = next((each for each in editions.whole_as_it_stands(row) if each.item_id is None), None)
    if part is None:
        return None
    now = editions.content_of_meeting(row)
    content = part.content | {name: now[name] for name in (*editions.LISTS, "quorum")}
    if content == part.content:
        return None
    draft = editions.Draft(row.folder_id, None, part.position, content)
    return editions.make(row, T.CORRECTED, by=by, drafts=[draft], reason=reason)


def items_to_correct(user, meeting):
    """The items that somebody may name in a correction, of the agenda that they see."""
    return Item.objects.visible_to(user).filter(meeting=meeting, removed_at=None).order_by("position", "id")
