"""What those who are called say before a meeting: whether they come, an item, how their actions stand, what their
organisation wants the meeting to know. All of one page is kept together, or nothing of it."""

import hashlib
import json

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from boards.agenda import services as agenda
from boards.calling import notices
from boards.calling.assisting import assisted_by
from boards.flow import PROPOSAL
from boards.models import Highlight, Invitee, Item, Meeting, Proposal, Seat
from partnership.access.edits import stamp
from partnership.access.flow import Stale, lock
from partnership.access.rows import can
from partnership.actions import services as actions
from partnership.people.models import User
from partnership.people.roles import Perm
from partnership.trail.services import record
from partnership.ui.dates import clock_time, plain

WHY = "the service holds the meeting"
LATE = "The meeting began at {} on {}: an answer comes too late. Tell whoever takes the minutes whether you come."
NOT_CALLED = "Nobody is called to this meeting now, so there is nothing to answer."
TAKEN_BACK = "You are no longer called to this meeting, so there is nothing to answer."
CHANGED = "This was answered while you were typing."
ANSWERED = "What you proposed was answered already ({}). Take these words out, and say them to whoever chairs."
MOST_ACTIONS = 20  # on one page; more are answered on their own pages
A, Outcome = Invitee.Answer, Proposal.Outcome


def why_shut(meeting, invitee) -> str:
    """Why an invitation cannot be answered now; nothing where it can."""
    if meeting.starts_at <= timezone.now():
        local = timezone.localtime(meeting.starts_at)
        return LATE.format(clock_time(local), plain(local))
    if meeting.status != Meeting.Status.CALLED:
        return NOT_CALLED
    return TAKEN_BACK if invitee.withdrawn_at else ""


def deputies_of(invitee):
    """The deputies of the seat for which somebody is called, on the day of the meeting."""
    if invitee.seat_id is None:
        return User.objects.none()
    seats = Seat.objects.on(invitee.meeting.day).filter(deputy_for=invitee.seat_id)
    return User.objects.filter(pk__in=seats.values("user_id"), is_active=True).order_by("name")


def said_of(invitee) -> dict:
    """Whether somebody comes, as it stands now, by field."""
    return {name: getattr(invitee, name) for name in ("answer", "deputy", "deputy_words", "words")}


@transaction.atomic
def answer(invitee, *, by, answer, deputy=None, deputy_words="", words="", by_link=False, read=None) -> Invitee:
    """Say whether somebody comes: the person, her assistant, or by telephone whoever runs the meeting.

    read: the mark of `said_of` as the page showed it; raises Stale(CHANGED) where another answer was kept since, Stale
    where it is too late or nobody asks any more, ValidationError naming the field, PermissionDenied.
    """
    meeting = lock(invitee.meeting)
    row = lock(invitee)
    row.meeting = meeting
    if why := why_shut(meeting, row):
        raise Stale(why)
    _must_be_allowed(row, by)
    if read is not None and read != mark_of(said_of(row)):
        raise Stale(CHANGED)
    return _keep(row, by, answer, deputy, deputy_words, words, by_link)


def _must_be_allowed(row, by):
    own = row.user_id == by.pk or (not row.meeting.folder.sealed and row.user_id in assisted_by(by))
    if not (own and can(by, Perm.MEETING_VIEW, row.meeting)) and not can(by, Perm.MEETING_RUN, row.meeting):
        raise PermissionDenied("meeting.answer")


def _keep(row, by, answer, deputy=None, deputy_words="", words="", by_link=False):
    if answer not in A.values:
        raise ValidationError({"answer": "Choose whether you come"})
    if answer != A.DEPUTY:
        deputy, deputy_words = None, ""
    elif not deputy and not deputy_words.strip():
        raise ValidationError({"deputy_words": "Choose the deputy, or enter who comes"})
    if deputy and not deputies_of(row).filter(pk=deputy.pk).exists():
        raise ValidationError(
            {"deputy": f"{deputy.name} is no deputy of this seat on that day. Enter the name instead."}
        )
    said = {
        "answer": answer,
        "deputy": deputy,
        "deputy_words": "" if deputy else deputy_words.strip(),
        "words": words.strip(),
    }
    if all(getattr(row, name) == value for name, value in said.items()):
        return row
    before, sent = row.answer, row.deputy_id
    for name, value in said.items():
        setattr(row, name, value)
    row.answered_at, row.answered_by, row.by_link = timezone.now(), by, by_link
    row.save(update_fields=[*said, "answered_at", "answered_by", "by_link"])
    for_another = row.user if row.user_id and row.user_id != by.pk else None
    record("meeting_answered", by=by, obj=row, on_behalf_of=for_another, answer=str(answer), by_link=by_link)
    if row.user_id and answer == A.APOLOGIES and before != A.APOLOGIES:
        notices.tell_deputies(row, deputies_of(row))
    if row.user_id and deputy and deputy.pk != sent:
        notices.tell_stands_in(row)
    return row


# --- the whole page of a member ---------------------------------------------------------------------------------------


def agency_of(invitee):
    """The organisation for which somebody is called; None for a seat of none, and for who has no seat."""
    return invitee.seat.agency if invitee.seat_id and invitee.seat.agency_id else None


def proposal_of(invitee) -> Proposal | None:
    rows = Proposal.objects.unscoped("one's own").filter(meeting=invitee.meeting_id, user=invitee.user_id)
    return rows.select_related("item").first()


def highlight_of(invitee) -> Highlight | None:
    agency = agency_of(invitee)
    rows = Highlight.objects.unscoped(
        "of the organisation of the person's own seat, at a meeting that she is called to"
    )
    found = (
        rows.filter(meeting=invitee.meeting_id, agency=agency).select_related("changed_by") if agency else rows.none()
    )
    return found.first()


def as_saved(invitee) -> dict:
    """What stands now of all that the page asks, by field."""
    proposal, highlight = proposal_of(invitee), highlight_of(invitee)
    waits = proposal is not None and proposal.outcome == Outcome.WAITING
    return said_of(invitee) | {
        "title": proposal.title if waits else "",
        "why": proposal.why if waits else "",
        "highlight": highlight.words if highlight else "",
    }


def mark_of(saved) -> str:
    """One mark of all that was read: whoever sends the page with an old one is shown both texts."""
    facts = {name: getattr(value, "pk", value) for name, value in saved.items()}
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()[:20]


def next_meetings(invitee) -> list:
    """The next meeting of each other group on which she sits for the same organisation, as far as she sees it, with
    `given`: what her organisation said there. Those alone where it said nothing, or the same as here."""
    agency = agency_of(invitee)
    if agency is None:
        return []
    seats = Seat.objects.live().filter(user=invitee.user_id, agency=agency, deputy_for=None)
    rows = Meeting.objects.visible_to(invitee.user).filter(
        group__in=seats.exclude(group=invitee.meeting.group_id).values("group"),
        status__in=Meeting.GOES_ON,
        starts_at__gt=timezone.now(),
    )
    first = {}
    for row in rows.select_related("folder").order_by("starts_at", "pk"):
        first.setdefault(row.group_id, row)
    rows = Highlight.objects.unscoped("of her own organisation, at meetings that she sees")
    given = dict(rows.filter(meeting__in=first.values(), agency=agency).values_list("meeting_id", "words"))
    here = highlight_of(invitee)
    for row in first.values():
        row.given = given.get(row.pk, "")
    return [row for row in first.values() if not row.given or (here and row.given == here.words)]


@transaction.atomic
def reply(invitee, *, by, read, attendance, updates=(), title="", why="", highlight=None, also=()) -> Invitee:
    """Keep all that a member says on one page before a meeting.

    read: the mark of what the page showed; raises Stale(CHANGED) where another answer was kept since. attendance: as
    `answer` takes it. updates: (action, words, outlook). title, why: the item that she proposes, none to take it back.
    highlight: what her organisation wants the meeting to know, "" to take it back, None where it was not asked. also:
    other meetings that are given it. Raises ValidationError naming the field.
    """
    if invitee.user_id != by.pk:
        raise PermissionDenied("meeting.reply")
    ids = {invitee.meeting_id, *(row.pk for row in also)}
    held = Meeting.objects.unscoped(WHY).select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    held = {row.pk: row for row in held}
    row = Invitee.objects.unscoped(WHY).select_for_update(of=("self",)).get(pk=invitee.pk)
    row.meeting = held[row.meeting_id]
    if shut := why_shut(row.meeting, row):
        raise Stale(shut)
    _must_be_allowed(row, by)
    if mark_of(as_saved(row)) != read:
        raise Stale(CHANGED)
    _keep(row, by, **attendance)
    for action, words, outlook in updates:
        _update(action, by, words, outlook)
    _propose(row, by, title.strip(), why.strip())
    if highlight is not None:
        _say(row, by, highlight.strip(), [held[each.pk] for each in also])
    return row


def _update(action, by, words, outlook):
    try:
        actions.update(action, by=by, words=words, outlook=outlook)
    except ValidationError as error:
        raise ValidationError({f"said_{action.pk.hex}": error.messages}) from None


def _propose(row, by, title, why):
    found = proposal_of(row)
    if found and found.outcome != Outcome.WAITING:
        if title:
            raise ValidationError({"title": ANSWERED.format(found.get_outcome_display().lower())})
        return
    if why and not title:
        raise ValidationError({"title": "Say in a few words what the item is called"})
    if found and not title:
        record("item_proposal_taken_back", by=by, obj=found)
        found.delete()
    elif title and found is None:
        made = Proposal.objects.create(folder_id=row.folder_id, meeting=row.meeting, user=by, title=title, why=why)
        record("item_proposed", by=by, obj=made)
        notices.tell_proposed(made, but=by)
    elif found and (found.title, found.why) != (title, why):
        found.title, found.why = title, why
        found.save(update_fields=["title", "why"])
        record("item_proposed", by=by, obj=found)


def _say(row, by, words, also):
    agency = agency_of(row)
    before = highlight_of(row)
    was = before.words if before else ""
    for meeting in [row.meeting, *also]:
        rows = Highlight.objects.unscoped(WHY).select_for_update(of=("self",))
        found = rows.filter(meeting=meeting, agency=agency).first()
        if meeting.pk != row.meeting_id and found and found.words not in (was, words):
            raise ValidationError(
                {"also": f"{agency.name} has said something else for {plain(timezone.localtime(meeting.starts_at))}."}
            )
        _said(found, meeting, agency, by, words)


def _said(found, meeting, agency, by, words):
    if found and not words:
        record("highlight_taken_back", by=by, obj=found)
        found.delete()
    elif found and found.words != words:
        found.words = words
        stamp(found, by, "words")
        record("highlight_said", by=by, obj=found, agency=agency.pk)
    elif words and found is None:
        facts = {"folder_id": meeting.folder_id, "meeting": meeting, "agency": agency}
        made = Highlight.objects.create(words=words, changed_by=by, **facts)
        record("highlight_said", by=by, obj=made, agency=agency.pk)


# --- what becomes of a proposed item ----------------------------------------------------------------------------------


@transaction.atomic
def decide(proposal, *, by, step, words="", priority=None, duty=None) -> Proposal:
    """Take a proposed item onto the agenda, keep it for a later meeting, or decline it with words: a step of PROPOSAL.
    Raises Stale where it was answered meanwhile."""
    meeting = lock(proposal.meeting)
    row = PROPOSAL.take(proposal, step, by=by, outcome_words=words.strip())
    if row.outcome == Outcome.TAKEN:
        row.item = _onto_the_agenda(row, meeting, by, priority, duty)
        row.save(update_fields=["item"])
    return row


def _onto_the_agenda(row, meeting, by, priority, duty) -> Item:
    if meeting.status not in Meeting.GOES_ON:
        raise Stale("This meeting takes no more items: it was held, or cancelled.")
    serves = {"priority": priority, "duty": duty}
    return agenda.add_item(meeting, by=by, title=row.title, about=row.why, presenter=row.user, **serves)
