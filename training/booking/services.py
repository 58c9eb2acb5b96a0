"""Every write of a place at an event (docs/adr/0035). Each locks the event first and then the booking, so that counting
and taking are one: whoever comes second waits, and then counts anew. What comes free is offered on in the same change.
"""

from functools import partial

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from partnership.access.flow import Stale, lock
from partnership.access.rows import can
from partnership.people.roles import Perm
from partnership.trail.services import record
from training import rules
from training.booking import letters
from training.booking.rows import holders_at
from training.charges.services import charge
from training.evaluating import asking
from training.flow import BOOKING, EVENT
from training.models import Booking, Event, Tariff
from training.people.matching import key_of
from training.places import Holders, free_for
from training.places import kept as kept_places

WHY = "the service locks the event and its bookings that its caller was let through to"
S, Why = Booking.Status, Booking.Ended
NOT_OPEN = "This event cannot be booked: it is {}."
CLOSED = "Booking for this event closed on {:%-d %B %Y}. The partnership’s business unit can still enter somebody."
NOT_YET = "Booking for this event opens on {:%-d %B %Y}."
BEGUN = "This event has begun, so nothing about its places can be changed here. Its register says who came."
TWICE = "{} has a place at this event, or waits for one, already."
# Of a booking that may be another organisation's: no name but the one that was typed, and nothing of how it stands.
TAKEN = (
    "The address of {} is on this event already, and one person has one place. Ask them, or the partnership’s business "
    "unit."
)
ON_IT = "{} is on the register already."
LEFT = "{} does not work there any more."
FULL = "‘{}’ is full on that day. You keep the place that you have; you can join the waiting list there besides."
TOO_LATE = "The last day to move a place of this event was {:%-d %B %Y}. You can hand it to a colleague, or give it up."
OWN_WORD = "Enter your manager’s own address: a place is not approved by whoever asks for it."
ANSWERED = "This place was answered or given up meanwhile, so there is nothing to decide any more."
NO_ROOM = "No place is free. Give the event more places, or give one up by name first."
OTHERS = "A place is handed to a colleague of the same organisation. Give it up, so that the next can have it."


# --- booking ----------------------------------------------------------------------------------------------------------


def may_book_for(by, learner) -> bool:
    """Whether somebody books for this learner: for herself, for people of her organisation, or as the business unit."""
    return learner.user_id == by.pk or can(by, Perm.LEARNER_EDIT, learner)


@transaction.atomic
def book(event, learner, *, by, needs="", approver=None) -> Booking:
    """A place for a learner; without a free one, a turn on the waiting list. approver: {"name", "email"} of the manager
    whose word it waits for, where the course asks for one and she books for herself.

    Raises PermissionDenied, and ValidationError where the event cannot be booked or the learner is on it already.
    """
    if not may_book_for(by, learner):
        raise PermissionDenied("booking.book")
    event = _locked(event)
    _must_be_bookable(event, by)
    _must_work_there(learner)
    asks = event.course.approval and learner.user_id == by.pk
    if asks and not (approver or {}).get("email"):
        raise ValidationError({"approver_email": "Enter the email address of the manager who approves this place."})
    row = Booking(
        folder_id=event.pk, event=event, agency=learner.agency, learner=learner, name=learner.name,
        key=learner.key, needs=needs.strip(), booked_by=by,
    )  # fmt: skip
    if asks:
        row.approver_name, row.approver_email = approver.get("name", "").strip(), approver["email"].strip()
        if key_of(row.approver_email) in (learner.key, key_of(by.email)):
            raise ValidationError({"approver_email": OWN_WORD})
    return _born(row, event, asks=asks, by=by)


def _born(row, event, *, asks, by) -> Booking:
    """Save a new booking with a place where one is free for it, else with its turn."""
    now = timezone.now()
    if _free(event, row.agency) > 0:
        event.taken += 1
        row.status = S.ASKED if asks else S.BOOKED
        row.approve_by = rules.until(rules.APPROVAL, event, now) if asks else None
    else:
        event.turns += 1
        row.status, row.turn = S.WAITING, event.turns
    _kept(row, event)
    _counted(event)
    record("booking_made", by=by, obj=row, to=row.status)
    letters.owe_state(row)
    return row


def _kept(row, event) -> None:
    """Save a new booking. Whether they are on the event already is asked of the database's constraints, which know."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        _must_be_new(event, row.learner)
        raise


def _must_be_bookable(event, by) -> None:
    if event.status != Event.Status.OPEN:
        raise ValidationError(NOT_OPEN.format(event.get_status_display().lower()))
    _must_be_to_come(event)
    if (shut := why_shut(event)) and not can(by, Perm.TRAINING_RUN, event):
        raise ValidationError(shut)


def why_shut(event) -> str:
    """Why an event that is open cannot be booked today by others than the business unit; '' where it can."""
    today = timezone.localdate()
    if event.opens_on and today < event.opens_on:
        return NOT_YET.format(event.opens_on)
    if event.closes_on and today > event.closes_on:
        return CLOSED.format(event.closes_on)
    return ""


def _must_work_there(learner) -> None:
    if learner.left_on and learner.left_on <= timezone.localdate():
        raise ValidationError(LEFT.format(learner.name))


def _must_be_to_come(event) -> None:
    if event.starts_at <= timezone.now():
        raise ValidationError(BEGUN)


def _live(event, learner):
    """What keeps somebody from booking an event again: by whom they are, and by their address at any organisation."""
    rows = Booking.objects.unscoped(WHY).filter(event=event).exclude(status=S.ENDED)
    return rows.filter(learner=learner) | (rows.filter(key=learner.key) if learner.key else rows.none())


def _must_be_new(event, learner) -> None:
    for row in _live(event, learner):
        raise ValidationError(TWICE.format(row.name) if row.learner_id == learner.pk else TAKEN.format(learner.name))


# --- the manager's word -----------------------------------------------------------------------------------------------


@transaction.atomic
def approve(booking, *, by, note="") -> Booking:
    """The manager's yes. Raises Stale where it was answered, given up or too late."""
    event, row = _held(booking)
    if row.status != S.ASKED:
        raise Stale(ANSWERED)
    _must_be_to_come(event)
    row = BOOKING.take(row, "approve", by=by, decided_at=timezone.now(), decision_note=note.strip())
    letters.owe_state(row)
    return row


@transaction.atomic
def refuse(booking, *, by, note) -> Booking:
    """The manager's no, with a reason that the person reads. Raises ValidationError, Stale."""
    if not note.strip():
        raise ValidationError({"note": "Say why: the person who asked reads it."})
    event, row = _held(booking)
    if row.status != S.ASKED:
        raise Stale(ANSWERED)
    row = _end(event, row, Why.REFUSED, by=by, decided_at=timezone.now(), decision_note=note.strip())
    _serve(event)
    return row


# --- the waiting list -------------------------------------------------------------------------------------------------


@transaction.atomic
def take_offer(booking, *, by) -> Booking:
    """Take an offered place; where the course asks for the manager's word, it waits for that. Raises Stale."""
    event, row = _held(booking)
    _must_be_to_come(event)
    if row.approver_email and row.decided_at is None:
        row = BOOKING.take(row, "ask", by=by, approve_by=rules.until(rules.APPROVAL, event, timezone.now()))
    else:
        row = BOOKING.take(row, "take", by=by)
    letters.owe_state(row)
    return row


@transaction.atomic
def promote(booking, *, by) -> Booking:
    """Give a place to somebody who waits, past the others: the business unit's, for a reason of its own. Raises Stale,
    and ValidationError where no place is left, also none that is kept for somebody."""
    event, row = _held(booking)
    if not can(by, Perm.TRAINING_RUN, event):
        raise PermissionDenied("booking.promote")
    _must_be_to_come(event)
    if event.taken >= event.capacity:
        raise ValidationError(NO_ROOM)
    row = BOOKING.take(row, "place", by=by)
    event.taken += 1
    _counted(event)
    letters.owe_state(row)
    return row


def _serve(event) -> list[Booking]:
    """Offer what is free to the next turns, in their order; a turn for whose organisation nothing is free is passed
    over and keeps its place. event: locked. Returns the bookings that were offered one."""
    now, offered = timezone.now(), []
    if event.status != Event.Status.OPEN or event.starts_at <= now or event.taken >= event.capacity:
        return offered
    free = _room(event)
    rows = Booking.objects.unscoped(WHY).filter(event=event, status=S.WAITING).select_related("agency")
    for row in rows.order_by("turn"):
        if event.taken >= event.capacity:
            break
        if free(row.agency) > 0:
            offered.append(BOOKING.take(row, "offer", by=None, offered_until=rules.until(rules.OFFER, event, now)))
            event.taken += 1
            _counted(event)
            letters.owe_state(offered[-1])
            free = _room(event)
    return offered


# --- giving up, moving, handing on ------------------------------------------------------------------------------------


@transaction.atomic
def give_up(booking, *, by, note="") -> Booking:
    """Leave the waiting list, or give a place back: in time, or late (docs/training.md). note: the reason, where the
    business unit does it for somebody. by: None for whoever holds the link to their own place. Raises Stale once it has
    ended, ValidationError once the event has begun."""
    event, row = _held(booking)
    if row.status == S.ENDED:
        raise Stale("This place was given up already, or went on to somebody else.")
    _must_be_to_come(event)
    if row.status in (S.WAITING, S.OFFERED):
        why = Why.LEFT
    elif timezone.localdate() > rules.last_day_to_cancel(event):
        why = Why.LATE
    else:
        why = Why.CANCELLED
    costs = why == Why.LATE and row.status == S.BOOKED  # a place that nobody approved yet was nobody's to use
    row = _end(event, row, why, by=by, **({"decision_note": note.strip()} if note.strip() else {}))
    if costs:
        charge(row, Tariff.Kind.LATE_CANCEL, on=timezone.localdate(), by=by)
    _serve(event)
    return row


@transaction.atomic
def move(booking, to, *, by) -> Booking:
    """Exchange a place for one at another event. Returns the new booking; the old place goes on to the next.

    Raises ValidationError where the other event is full, cannot be booked, or the last day to cancel is over.
    """
    # In one order whoever moves where, so that two who change places do not wait for each other.
    events = {row.pk: row for row in (_locked(each) for each in sorted((booking.event, to), key=lambda row: row.pk))}
    event, target = events[booking.event_id], events[to.pk]
    row = lock(booking)
    if row.status != S.BOOKED:
        raise Stale("This place was given up or is not yours yet, so it cannot be moved.")
    _must_be_to_come(event)
    _must_be_bookable(target, by)
    last = rules.last_day_to_cancel(event)
    if timezone.localdate() > last and not can(by, Perm.TRAINING_RUN, event):
        raise ValidationError(TOO_LATE.format(last))
    _must_be_new(target, row.learner)
    if _free(target, row.agency) <= 0:
        raise ValidationError(FULL.format(target.course.title))
    new = _copy(row, target, row.learner, by=by)
    new = _born(new, target, asks=False, by=by)
    _end(event, row, Why.MOVED, by=by)
    _serve(event)
    return new


@transaction.atomic
def hand_on(booking, learner, *, by) -> Booking:
    """Hand a place to a colleague, until the event begins. Returns the colleague's booking. Raises ValidationError."""
    event, row = _held(booking)
    if not may_book_for(by, learner) and learner.agency_id != row.agency_id:
        raise PermissionDenied("booking.hand_on")
    if row.status != S.BOOKED:
        raise Stale("This place was given up or is not yours yet, so it cannot be handed on.")
    _must_be_to_come(event)
    if learner.agency_id != row.agency_id:
        raise ValidationError(OTHERS)
    _must_work_there(learner)
    _must_be_new(event, learner)
    new = _copy(row, event, learner, by=by)
    new.status = S.BOOKED
    row = BOOKING.take(row, "end", by=by, why_ended=Why.HANDED_ON, ended_at=timezone.now(), **_unmarked(row))
    asking.take_back(row, by=by)
    new.save(force_insert=True)
    record("booking_made", by=by, obj=new, to=new.status, instead_of=row.pk)
    letters.owe_ended(row, by=by)
    letters.owe_state(new)
    return new


def _copy(row, event, learner, *, by) -> Booking:
    return Booking(
        folder_id=event.pk, event=event, agency_id=learner.agency_id, learner=learner, name=learner.name,
        key=learner.key, booked_by=by, instead_of=row, approver_name=row.approver_name,
        approver_email=row.approver_email, decided_at=row.decided_at,
    )  # fmt: skip


@transaction.atomic
def say_needs(booking, *, by, needs, version) -> Booking:
    """What the trainer should know of the person. Raises PermissionDenied, and Stale where somebody else changed it."""
    _, row = _held(booking)
    if not can(by, Perm.BOOKING_MAKE, row):
        raise PermissionDenied("booking.say_needs")
    if row.version != version or row.status == S.ENDED:
        raise Stale("This booking was changed meanwhile, in another window or by somebody else.")
    row.needs, row.version = needs.strip(), row.version + 1
    row.save(update_fields=["needs", "version"])
    record("booking_needs", by=by, obj=row, fields=["needs"])
    return row


# --- the event --------------------------------------------------------------------------------------------------------


@transaction.atomic
def cancel_event(event, *, by, why) -> tuple[Event, list[Booking]]:
    """Cancel an event, with a reason that everybody who has or waits for a place reads. Returns it and the bookings
    that ended by it. Raises ValidationError without a reason, Stale where it was cancelled or delivered."""
    _locked(event)
    event = EVENT.take(event, "cancel", by=by, why_cancelled=why.strip(), cancelled_at=timezone.now())
    rows = Booking.objects.unscoped(WHY).filter(event=event, status__in=Booking.LIVE).order_by("pk")
    ended = [_end(event, row, Why.EVENT, by=None, tell=False) for row in rows]
    letters.owe_cancelled(event, ended)
    return event, ended


@transaction.atomic
def change_places(event, *, by, capacity) -> Event:
    """More or fewer places; what becomes free goes to the waiting list. Raises ValidationError below those taken."""
    event = _locked(event)
    if not can(by, Perm.TRAINING_RUN, event):
        raise PermissionDenied("event.change_places")
    if capacity < event.taken:
        raise ValidationError(
            {"capacity": f"{event.taken} people have a place, or an offer of one. Give some up by name first."}
        )
    event.capacity = capacity
    event.save(update_fields=["capacity"])
    record("event_places_changed", by=by, obj=event, capacity=capacity)
    _serve(event)
    return event


# --- by their day -----------------------------------------------------------------------------------------------------


@transaction.atomic
def by_its_day(event) -> list[Booking]:
    """End what its day has ended (offers, approvals that never came, waiting for an event that has begun), and offer on
    what came free or was released. Safe to repeat. Returns the bookings that changed."""
    event, now = _locked(event), timezone.now()
    rows = Booking.objects.unscoped(WHY).filter(event=event)
    ended = [_end(event, row, Why.LAPSED, by=None) for row in rows.filter(status=S.OFFERED, offered_until__lte=now)]
    ended += [_end(event, row, Why.UNANSWERED, by=None) for row in rows.filter(status=S.ASKED, approve_by__lte=now)]
    if event.starts_at <= now:
        ended += [_end(event, row, Why.NO_ROOM, by=None) for row in rows.filter(status=S.WAITING)]
    return ended + _serve(event)


# --- at the door ------------------------------------------------------------------------------------------------------


@transaction.atomic
def came_unexpected(event, learner, *, by, name, attended) -> Booking:
    """Somebody who came without a place is booked and marked in one; a full event gets one place more, which the trail
    says. `register.services` has asked whether `by` keeps the register. Raises ValidationError where they are on it."""
    event = _locked(event)
    for row in _live(event, learner):
        if row.status == S.BOOKED:
            raise ValidationError(ON_IT.format(row.name))
        _end(event, row, Why.NO_ROOM, by=None, tell=False)  # they are there: nothing to write
    raised = event.taken >= event.capacity
    event.capacity += raised
    event.taken += 1
    event.save(update_fields=["capacity", "taken"])
    row = Booking(
        folder_id=event.pk, event=event, agency_id=learner.agency_id, learner=learner, name=name, key=learner.key,
        booked_by=by, status=S.BOOKED, unexpected=True, attended=attended, marked_by=by, marked_at=timezone.now(),
    )  # fmt: skip
    row.save(force_insert=True)
    record("register_unexpected", by=by, obj=row, raised=raised)
    return row


@transaction.atomic
def entered_by_mistake(booking) -> Booking:
    """End the booking of somebody who came unexpected, and did not. Raises Stale where it was a booking before."""
    event, row = _held(booking)
    if not row.unexpected or row.status != S.BOOKED:
        raise Stale("This person had booked before, or is no longer on the register. Mark them as ‘Did not come’.")
    return _end(event, row, Why.MISTAKE, by=None, tell=False)


# --- how it is counted ------------------------------------------------------------------------------------------------


def _locked(event) -> Event:
    return Event.objects.select_related("course").select_for_update(of=("self",)).get(pk=event.pk)


def _counted(event) -> None:
    """Past the history: places are counted in the trail, booking by booking."""
    Event.objects.filter(pk=event.pk).update(taken=event.taken, turns=event.turns)


def _held(booking) -> tuple[Event, Booking]:
    """The event and the booking, fresh and locked, in that order."""
    event = _locked(Event(pk=booking.event_id))
    return event, lock(booking)


def _end(event, row, why, *, by, tell=True, **fields) -> Booking:
    """End a booking and give its place back. event: locked, and counted down where it held one."""
    held = row.status in Booking.HOLDS
    fields |= {"why_ended": why, "ended_at": timezone.now()} | _unmarked(row)
    row = BOOKING.take(row, "end", by=by, data={"why": str(why)}, **fields)
    if held:
        event.taken -= 1
        _counted(event)
    asking.take_back(row, by=by)
    if tell:
        letters.owe_ended(row, by=by)
    return row


def _unmarked(row) -> dict:
    """Registers are kept from the morning on, and a place may be given up until the event begins."""
    return {"attended": "", "marked_by": None, "marked_at": None} if row.attended else {}


def _free(event, agency) -> int:
    return _room(event)(agency)


def _room(event):
    """free(agency) of an event that is locked: how many places its people may take now. Anew once a place was given."""
    reserved = list(event.reserved.all())
    holders = holders_of(event) if reserved else []
    return partial(free_for, event, reserved=reserved, holders=holders, today=timezone.localdate())


def holders_of(event) -> list[Holders]:
    """Who holds how many places of an event, by organisation."""
    return holders_at([event.pk])[event.pk]


def kept_now(event) -> int:
    """How many free places of an event are kept for somebody today."""
    return sum(kept_places(list(event.reserved.all()), holders_of(event), timezone.localdate()).values())
