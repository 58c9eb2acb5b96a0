"""The letters about a place: their words, links and the invitation for a calendar are made when they are sent.

They go to the person: to the account, else to the address that the organisation gave; where nobody knows one, to
whoever booked. Nobody else has a copy: a coordinator sees every state on the list of her organisation's bookings.
"""

from email.utils import parseaddr

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from partnership.access import links
from partnership.access.models import Link
from partnership.access.reach import reach_of
from partnership.access.rows import can
from partnership.notify.personal import (
    INVITATION,
    SUBJECT,
    TO,
    Invitation,
    LetterKind,
    Written,
    register_letter,
    turn_of,
    write,
    write_all,
    written_before,
)
from partnership.notify.senders import carries_invitations
from partnership.people.roles import Perm
from partnership.ui.dates import clock_time, plain
from partnership.ui.ical import CANCEL as CANCELS
from partnership.ui.ical import CANCELLED, CONFIRMED, REQUEST, Event, Party, invitation, uid_at
from training import rules
from training.booking import notices, wording
from training.booking.rows import joining_of, rows
from training.models import Booking
from training.models import Event as TrainingEvent

PLACE, WAITS, OFFER, APPROVE = "training_place", "training_waits", "training_offer", "training_approve"
ENDED, CHANGED, REMIND = "training_ended", "training_changed", "training_remind"
CONFIRMING = (PLACE, CHANGED, REMIND)
S, Why = Booking.Status, Booking.Ended
FIRST, SECOND = "first", "second"


def register() -> None:
    register_letter(LetterKind(PLACE, "Your place on training is booked", _place, elsewhere=True))
    register_letter(LetterKind(WAITS, "You are on the waiting list for training", _waits, elsewhere=True))
    register_letter(LetterKind(OFFER, "A place on training is offered to you", _offer, elsewhere=True))
    register_letter(LetterKind(APPROVE, "Please approve a place on training", _approve, elsewhere=True))
    register_letter(LetterKind(ENDED, "Your place on training", _ended, elsewhere=True))
    register_letter(LetterKind(CHANGED, "A training event has changed", _changed, elsewhere=True))
    register_letter(LetterKind(REMIND, "Your training is soon", _remind, elsewhere=True))


# --- owing them, in the transaction of the change ---------------------------------------------------------------------


def owe_state(row) -> None:
    """The letter of the state that a booking has come to: a place, a turn, an offer, the question to the manager."""
    if row.status == S.ASKED:
        days = max(1, (row.approve_by - timezone.now()).days + 1)
        links.make_mailed(Link.Purpose.APPROVAL, acts_as=row.booked_by, by=row.booked_by, object_id=row.pk, days=days)
    _owe({S.ASKED: APPROVE, S.BOOKED: PLACE, S.OFFERED: OFFER, S.WAITING: WAITS}[row.status], row)


def owe_ended(row, *, by) -> None:
    """That a booking has ended; not to whoever leaves a waiting list herself, nor of a slip of the register."""
    if not wording.became(row):
        return
    if row.why_ended == Why.LEFT and by is not None and row.learner.user_id == by.pk:
        return
    _owe(ENDED, row)


def owe_cancelled(event, ended) -> None:
    """That an event is cancelled, to everybody whose booking ended by it: once each."""
    _owe_all(ENDED, rows().filter(event=event, pk__in=[row.pk for row in ended]))


def owe_changed(event) -> None:
    """That an event has another day, time or place, to everybody who has or waits for a place. Call it in the
    transaction of the change, once the event has its new version."""
    _owe_all(CHANGED, rows().filter(event=event, status__in=Booking.LIVE), event.version)


def owe_reminders(event, which) -> None:
    """The first or the second reminder of an event to everybody with a place who booked before its day. Once each for
    the day on which the event is."""
    day = rules.day_of(rules.FIRST_REMINDER if which == FIRST else rules.SECOND_REMINDER, event.starts_at)
    had = rows().filter(event=event, status=S.BOOKED)
    mine = [row for row in had if timezone.localdate(row.made_at) < day]
    _owe_all(REMIND, mine, f"{which}-{timezone.localdate(event.starts_at):%Y%m%d}")


def _owe(code, row) -> None:
    recipient = _recipient(row)
    if recipient is None:
        return
    if code != APPROVE:
        _open_links([row])
    write(code, recipient=recipient, about_id=row.pk)


def _owe_all(code, bookings, turn="") -> None:
    """The same of many, which leave after everything else."""
    bookings = [row for row in bookings if _recipient(row) is not None]
    _open_links(bookings)
    write_all(code, [Written(_recipient(row).pk, row.pk, str(turn)) for row in bookings])


def _recipient(row):
    return row.learner.user if by_account(row.learner) else row.booked_by


def by_account(learner) -> bool:
    """Whether somebody reads their letters as themselves and signs in to see to their place."""
    return learner.user is not None and learner.user.is_active and bool(learner.user.email)


def _open_links(bookings) -> None:
    """See to it that each of these who has no account and an address has a link that opens until the day after."""
    alone = [row for row in bookings if not by_account(row.learner) and row.learner.email]
    if not alone:
        return
    live = links.live(Link.Purpose.PLACE).filter(object_id__in=[row.pk for row in alone])
    here = set(live.values_list("object_id", flat=True))
    for row in alone:
        if row.pk not in here:
            days = max(1, (row.event.ends_at - timezone.now()).days + 2)
            links.make_mailed(Link.Purpose.PLACE, acts_as=row.booked_by, by=row.booked_by, object_id=row.pk, days=days)


# --- what they say ----------------------------------------------------------------------------------------------------


def booking_of(link) -> Booking | None:
    """The booking that a live link is about, while whoever booked it is still of that organisation or may see to it."""
    row = rows().filter(pk=link.object_id).first()
    if row is None:
        return None
    ours = row.agency_id in reach_of(link.acts_as).belongs_to()
    return row if ours or can(link.acts_as, Perm.BOOKING_MAKE, row) else None


def link_to(row, purpose) -> Link | None:
    return links.live(purpose).filter(object_id=row.pk).first()


def address_of(row) -> tuple[str, str]:
    """(whom a letter about a booking is written to, how it greets them)."""
    if by_account(row.learner):
        return row.learner.user.email, row.name
    if row.learner.email:
        return row.learner.email, row.name
    return row.booked_by.email or "", row.booked_by.name


def _about(row) -> dict:
    event, (to, name) = row.event, address_of(row)
    page = settings.PORTAL_URL + reverse("training:booking", args=[row.pk])
    own = not by_account(row.learner) and bool(row.learner.email)
    return {
        TO: to,
        "name": name,
        "person": "" if name == row.name else row.name,
        "course": event.course.title,
        "when": wording.when(event),
        "where": wording.where(event),
        "url": links.address_of(link_to(row, Link.Purpose.PLACE), "training:place_by_link") if own else page,
        "by_link": own,
    }


def _row(outgoing, *statuses):
    """The booking of a letter, while it stands so and its event is to come."""
    row = rows().filter(pk=outgoing.about_id, status__in=statuses).first()
    if row is None or row.event.status != TrainingEvent.Status.OPEN or row.event.starts_at <= timezone.now():
        return None
    return row


def _with_a_place(row) -> dict:
    joining, last = joining_of(row.event), rules.last_day_to_cancel(row.event)
    return _about(row) | {
        "join": joining.address if joining else "",
        "instructions": joining.words if joining else "",
        "cancel_by": plain(last),
        "late": timezone.localdate() > last,
        "attached": carries_invitations(),
        INVITATION: Invitation(REQUEST, file_of(row)),
    }


def _place(outgoing):
    row = _row(outgoing, S.BOOKED)
    return _with_a_place(row) | {"approved": bool(row.decided_at and row.approver_email)} if row else None


def _waits(outgoing):
    row = _row(outgoing, S.WAITING)
    return _about(row) if row else None


def _offer(outgoing):
    row = _row(outgoing, S.OFFERED)
    return _about(row) | {"until": _moment(row.offered_until)} if row else None


def _approve(outgoing):
    row = _row(outgoing, S.ASKED)
    link = row and link_to(row, Link.Purpose.APPROVAL)
    if not link:
        return None
    return _about(row) | {
        TO: row.approver_email,
        "name": row.approver_name or "Good morning",
        "person": row.name,
        "organisation": row.agency.name,
        "until": _moment(row.approve_by),
        "url": links.address_of(link, "training:approve_by_link"),
    }


def _changed(outgoing):
    row = _row(outgoing, *Booking.LIVE)
    if row is None:
        return None
    if row.status == S.BOOKED:
        return _with_a_place(row) | {"booked": True}
    return _about(row) | {"booked": False, "state": wording.state(row)}


def _remind(outgoing):
    row = _row(outgoing, S.BOOKED)
    day = turn_of(outgoing).partition("-")[2]
    if row is None or f"{timezone.localdate(row.event.starts_at):%Y%m%d}" != day:
        return None
    return _with_a_place(row)


def _ended(outgoing):
    row = rows().filter(pk=outgoing.about_id, status=S.ENDED).first()
    if row is None:
        return None
    about = _about(row) | {"became": wording.became(row), "off": row.why_ended == Why.EVENT}
    if row.why_ended == Why.EVENT:
        about[SUBJECT] = "A training event was cancelled"
    if written_before(*CONFIRMING, about_id=row.pk, but=outgoing):
        about |= {"attached": carries_invitations(), INVITATION: Invitation(CANCELS, file_of(row, CANCELS))}
    return about


def _moment(moment) -> str:
    """'the end of Tuesday 5 May 2026', as the periods end; with the hour where the event itself ends it."""
    local = timezone.localtime(moment)
    day = f"{local:%A} {plain(local)}"
    return f"the end of {day}" if (local.hour, local.minute) == (23, 59) else f"{day}, {clock_time(local)}"


def file_of(row, method=REQUEST) -> bytes:
    """The iCalendar of one booking: a calendar replaces it when the event changes, and takes it out when it ends."""
    event, ends = row.event, method == CANCELS
    entry = Event(
        uid=uid_at(settings.PORTAL_URL, row.pk),
        starts=event.starts_at,
        ends=event.ends_at,
        summary=event.course.title,
        description="" if ends else "How to join stands in the email that confirms your place, and in the portal.",
        location="" if ends else wording.where(event),
        status=CANCELLED if ends else CONFIRMED,
        sequence=event.version + ends,
    )
    address = settings.PARTNERSHIP_EMAIL or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    to, _ = address_of(row)
    attendee = Party(to, row.name, "ACCEPTED")
    organiser = Party(address, settings.PARTNERSHIP_NAME)
    return invitation(method, entry, organiser=organiser, attendee=attendee, stamp=timezone.now())


def came_back(outgoing, letters) -> None:
    """Registered with `register_bounced`: whoever booked is told to look at the address."""
    if outgoing.template in (PLACE, WAITS, OFFER, APPROVE, CHANGED, REMIND):
        row = rows().filter(pk=outgoing.about_id, status__in=Booking.LIVE).first()
        if row is not None and row.booked_by_id:
            notices.tell_came_back(row, manager=outgoing.template == APPROVE)
