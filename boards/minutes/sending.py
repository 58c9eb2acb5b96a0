"""What one group asks another, or the board of somebody else: sent, taken back, put on an agenda, answered."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from boards.agenda import services as agenda
from boards.flow import SENT_UP
from boards.minutes import notices
from boards.models import Decision, Group, Item, Meeting, Purpose, SentUp
from partnership.access.flow import lock
from partnership.access.models import Folder
from partnership.access.rows import can
from partnership.people.roles import Perm
from partnership.trail.services import record

WHY = "the page has asked for the decision or for what was sent"
S = SentUp.Status


def places(decision):
    """The groups of today to which a decision may be sent: all of its partnership's but its own."""
    partnership = decision.folder.partnership_id
    rows = Group.objects.live().filter(folder__partnership=partnership).exclude(pk=decision.meeting.group_id)
    return rows.select_related("folder").order_by("folder__title")


@transaction.atomic
def send(decision, *, by, words, due_on, to_group=None, body=None) -> SentUp:
    """Ask another group, or another body, for an answer by a day. The decision comes with its folder and meeting.

    Raises ValidationError for a decision that was taken back, a group that has ended, words that carry a restricted
    item's own, a past day, and where it waits there already.
    """
    decision = _locked(decision)
    if not can(by, Perm.MINUTES_WORK, decision):
        raise PermissionDenied("decision.send_up")
    _must_be_possible(decision, words, due_on, to_group, body)
    group = decision.meeting.group_id
    folder = to_group.pk if to_group else decision.folder_id
    try:
        with transaction.atomic():
            row = SentUp.objects.create(
                folder_id=folder, decision=decision, from_group_id=group, to_group=to_group, body=body,
                words=words.strip(), due_on=due_on, sent_by=by, changed_by=by,
            )  # fmt: skip
    except IntegrityError:
        raise ValidationError({"to": "This decision waits for an answer there already."}) from None
    record("sent_up_sent", by=by, obj=row, to=to_group and to_group.pk)
    if to_group:
        row.folder = _folder(folder)
        notices.tell_received(row, by=by)
        record("decision_sent_up", by=by, obj=decision, sent=row.pk)
    return row


def _locked(decision):
    row = lock(decision)
    row.folder, row.meeting = decision.folder, decision.meeting
    return row


def _folder(pk):
    return Folder.objects.unscoped(WHY).get(pk=pk)


def _must_be_possible(decision, words, due_on, to_group, body):
    if bool(to_group) == bool(body):
        raise ValidationError({"to": "Choose the group or the other body that is to answer."})
    if decision.taken_back_at:
        raise ValidationError("This decision was taken back, so it is sent to nobody.")
    if decision.meeting.group_id is None:
        raise ValidationError("A decision of a case is not sent up here: what follows from a case is an action.")
    if to_group and (to_group.pk == decision.meeting.group_id or to_group.over):
        raise ValidationError({"to": "Choose another group that goes on."})
    _possible_words(decision, words)
    _possible_day(due_on)


def _possible_words(decision, words):
    if not words.strip():
        raise ValidationError({"words": "Say what is asked for."})
    if not decision.folder.sealed:
        return
    said = " ".join(words.casefold().split())
    own = (decision.folder.reference, " ".join(decision.text.split()))
    if any(each.casefold() in said for each in own if each):
        raise ValidationError(
            {"words": "These words carry those of a restricted item. Say anew what the other group may know."}
        )


def _possible_day(due_on):
    if due_on < timezone.localdate():
        raise ValidationError({"due_on": "Choose today or a later day."})


@transaction.atomic
def receive(group, *, by, body, words, due_on) -> SentUp:
    """Record what the board of somebody else asks of a group. The page has asked for the power on its folder."""
    if not words.strip():
        raise ValidationError({"words": "Say what is asked for."})
    _possible_day(due_on)
    row = SentUp.objects.create(
        folder_id=group.pk, to_group=group, body=body, words=words.strip(), due_on=due_on, sent_by=by, changed_by=by
    )
    record("sent_up_sent", by=by, obj=row, to=group.pk)
    row.folder = _folder(group.pk)
    notices.tell_received(row, by=by)
    return row


@transaction.atomic
def answer(row, *, by, words) -> SentUp:
    """The group's chair answers, or the answer of another body is recorded; the decision carries it from then on.

    Raises Stale where it was answered or taken back meanwhile, ValidationError without words.
    """
    decision = row.decision_id and lock(Decision.objects.unscoped(WHY).get(pk=row.decision_id))
    facts = {"answer": words.strip(), "answered_by": by, "answered_at": timezone.now()}
    done = SENT_UP.take(row, "heard" if row.outside else "answer", by=by, **facts)
    if decision:
        _carry(decision, by=by)
        decision.folder = _folder(decision.folder_id)
        notices.tell_answered(done, decision, by=by)
    return done


def _carry(decision, *, by):
    """Each answer under the name of who gave it, so that the sender reads them all on the decision."""
    rows = SentUp.objects.unscoped("the sender reads the answers").filter(decision=decision, status=S.ANSWERED)
    rows = rows.select_related("to_group__folder", "body").order_by("answered_at")
    said = "\n\n".join(f"{row.receiver}: {row.answer}" for row in rows)
    decision.answer, decision.answered_on = said, timezone.localdate()
    decision.save(update_fields=["answer", "answered_on"])
    record("decision_answered", by=by, obj=decision)


@transaction.atomic
def take_back(row, *, by) -> SentUp:
    """Whoever runs the meetings of both groups takes it back. Raises PermissionDenied for who does not see the
    decision, Stale where it was answered."""
    if row.decision_id and not may_take_back(by, row):
        raise PermissionDenied("sent_up.take_back")
    return SENT_UP.take(row, "take_back", by=by)


def may_take_back(user, row) -> bool:
    rows = Decision.objects.allowing(user, Perm.MINUTES_WORK)
    return row.decision_id is None or rows.filter(pk=row.decision_id).exists()


def agendas(user, row):
    """The meetings to come on whose agenda it can be put, by whoever runs them."""
    rows = Meeting.objects.allowing(user, Perm.MEETING_RUN).filter(folder_id=row.folder_id)
    return rows.filter(status__in=Meeting.GOES_ON, starts_at__gt=timezone.now()).order_by("starts_at")


@transaction.atomic
def put_on_agenda(row, *, by, meeting) -> Item:
    """An item at the end of the agenda, in the words that were sent; what was sent names it. Raises ValidationError
    where it stands on an agenda already, or the meeting is of another folder or over."""
    meeting, row = lock(meeting), lock(row)
    if not can(by, Perm.MEETING_RUN, meeting):
        raise PermissionDenied("sent_up.put_on_agenda")
    if row.item_id and Item.objects.unscoped(WHY).filter(pk=row.item_id, removed_at=None).exists():
        raise ValidationError("It stands on an agenda already.")
    if meeting.folder_id != row.folder_id or not meeting.is_ahead:
        raise ValidationError({"meeting": "Choose a meeting of this group that is to come."})
    named = SentUp.objects.unscoped(WHY).select_related("from_group__folder", "body").get(pk=row.pk)
    title = f"Asked by {named.sender}"[:200]
    facts = {"about": row.words, "purpose": Purpose.DECIDE}
    item = agenda.add_item(meeting, by=by, title=title, **facts)
    row.item = item
    row.save(update_fields=["item"])
    record("sent_up_listed", by=by, obj=row, item=item.pk)
    return item


# --- lists ------------------------------------------------------------------------------------------------------------

LOADED = ("from_group__folder", "to_group__folder", "body", "item", "answered_by", "sent_by", "folder")


def received(user, folder):
    """What was sent to a group, waiting first; by the row rule."""
    rows = SentUp.objects.visible_to(user).filter(folder=folder, to_group__isnull=False)
    return list(rows.select_related(*LOADED).order_by("answered_at", "due_on", "id"))


def of_decisions(decisions) -> dict:
    """decision id -> what was sent up of it, of decisions that the page has let through: to whom, by when, what came of
    it is the sender's to know."""
    rows = SentUp.objects.unscoped("its sender sees the decision, and reads what came of it")
    found = {}
    for row in rows.filter(decision__in=decisions).select_related(*LOADED).order_by("sent_at", "id"):
        found.setdefault(row.decision_id, []).append(row)
    return found


def sent_by(user, folder):
    """[(decision, [what was sent])] of a group's own decisions that `user` sees, waiting ones first."""
    rows = Decision.objects.visible_to(user).filter(_below(folder), sent_up__isnull=False).distinct()
    rows = list(rows.order_by("-made_on", "number"))
    found = of_decisions(rows)
    return [(row, found[row.pk]) for row in rows if row.pk in found]


def asked_of(user, folder):
    """What a group was asked and has not answered, as far as `user` sees it."""
    return SentUp.objects.visible_to(user).filter(folder=folder, to_group__isnull=False, status=S.WAITING)


def awaited_by(user, folder):
    """What was sent up of those of a group's decisions that `user` sees, and is not answered."""
    own = Decision.objects.visible_to(user).filter(_below(folder)).order_by().values("pk")
    why = "the decision is asked for, wherever it was sent"
    return SentUp.objects.unscoped(why).filter(decision__in=own, status=S.WAITING)


def _below(folder) -> Q:
    return Q(folder=folder) | Q(folder__path__contains=[folder.pk])
