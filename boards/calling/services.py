"""Every write to who is called to a meeting. Each holds the meeting, writes its event, and owes the letters.

An invitation lets nobody in: who may open the meeting's folder today is called, nobody else. To a case's meeting
whoever is not on its list may be invited too: they are written to once somebody lets them in. What a person's calendar
is told of a meeting carries its `sequence`; a letter is owed once a person and sequence, so a second click, a second
sweep and a worker that died change nothing. by None: the portal.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from boards.calling import letters, notices
from boards.flow import MEETING
from boards.meetings.hosted import why_no_chair
from boards.models import Invitee, Meeting, Seat
from partnership.access import links
from partnership.access.emergency import here_for_a_day
from partnership.access.flow import Stale, lock
from partnership.access.gatherings import host_of
from partnership.access.models import Conflict, Link
from partnership.access.rows import can, holders
from partnership.notify.personal import write
from partnership.people.models import User
from partnership.people.roles import Perm
from partnership.people.services import near_cases
from partnership.trail.services import record

WHY = "the service holds the meeting"
BEGUN = "This meeting has begun: nobody can be called to it any more. Record who came instead."
NOBODY = "There is nobody to call: no seat is held on that day, and nobody was invited. Invite somebody first."
ANEW = {"answer": "", "deputy": None, "deputy_words": "", "answered_at": None, "answered_by": None, "by_link": False}


def may_be_called(folder):
    """The people who may be called to a meeting of this folder: who can open it today, and not for an emergency."""
    people = near_cases(holders(folder, Perm.MEETING_VIEW)).filter(shared_address=False)
    return people.exclude(pk__in=here_for_a_day(folder))


def offered(folder):
    """Whom a page offers to invite: to a case's meeting anybody who may be near a case, the barred too, so that the
    list tells nobody of a bar; else those who may be called."""
    if host_of(folder) is None:
        return may_be_called(folder)
    return near_cases(User.objects.filter(is_active=True, shared_address=False))


def _why_not_invited(user, folder) -> str:
    """Nothing where `user` may be invited. That somebody is barred is not said: not everybody who plans may know."""
    barred = Conflict.objects.live().filter(user=user, folder_id__in=folder.path).exists()
    if offered(folder).filter(pk=user.pk).exists() and not barred:
        return ""
    if host_of(folder) is None:
        return f"{user.name} cannot be called to this meeting. Choose somebody else."
    return f"{user.name} cannot be invited to this meeting. A case lead can tell you why."


@transaction.atomic
def call(meeting, *, by) -> Meeting:
    """Call the holders of the seats of the meeting's day, and whoever was invited besides. Raises Stale where somebody
    was quicker, ValidationError where it has begun or there is nobody to call."""
    row = lock(meeting)
    if row.starts_at <= timezone.now():
        raise ValidationError(BEGUN)
    row = MEETING.take(row, "call", by=by)
    called = _those_called(row, by)
    if not called:
        raise ValidationError(NOBODY)
    known = [each for each in called if each.told_sequence is not None]
    for each in known:  # it was cancelled in between: whoever was to come then says so anew
        _anew(each)
        each.save(update_fields=[*ANEW])
    if known:
        _next(row)
    _owe(row, called)
    return row


def _those_called(meeting, by) -> list:
    """The rows of all who are called now; the seats of its day are followed first. All of them are about to be written
    to, so nobody stays whose account rests: their calendar would keep what was."""
    _follow(meeting, by, resting=False)
    rows = Invitee.objects.unscoped(WHY).select_for_update(of=("self",)).filter(meeting=meeting, withdrawn_at=None)
    return list(rows.select_related("user"))


@transaction.atomic
def refresh(meeting, *, by=None) -> int:
    """Let a meeting that was called follow its seats: who came to one is called, who lost one, or can open the folder
    no longer, is told that it is off. Returns for how many; a second run changes nothing."""
    row = lock(meeting)
    if row.status != Meeting.Status.CALLED or row.starts_at <= timezone.now():
        return 0
    came, went = _follow(row, by)
    _owe(row, came)
    return len(came) + len(went)


def _follow(meeting, by, *, resting=True) -> tuple[list, list]:
    """(who is called now and was not, who is called no longer): the locked meeting's rows follow the seats of its day.

    Whoever was taken off by hand stays off while the seat is the same; whom the portal took off is called again once
    they can be. resting: whoever is called stays so while their account waits for a second person.
    """
    people = set(may_be_called(meeting.folder).values_list("pk", flat=True))
    held = {seat.user_id: seat for seat in _held_seats(meeting)}
    rows = Invitee.objects.unscoped(WHY).select_for_update(of=("self",)).filter(meeting=meeting, user__isnull=False)
    rows = {row.user_id: row for row in rows.select_related("user")}
    # Invited before they were let in: they are called once they are.
    came = [row for pk, row in rows.items() if pk in people and row.told_sequence is None and not row.withdrawn_at]
    for user_id, seat in held.items():
        row = rows.get(user_id)
        if user_id not in people:
            continue
        if row is None:
            row = Invitee(folder_id=meeting.folder_id, meeting=meeting, seat=seat, user=seat.user, invited_by=by)
            row.save(force_insert=True)
            record("meeting_invited", by=by, obj=row, user=user_id)
            came.append(row)
        elif row.withdrawn_at and (row.off_by_portal or row.seat_id != seat.pk):
            came.append(_again(row, seat, by))
        elif row.seat_id != seat.pk:
            row.seat = seat
            row.save(update_fields=["seat"])
    for user_id, row in rows.items():
        if row.off_by_portal and row.seat_id is None and user_id in people:
            came.append(_again(row, None, by))
    waits = host_of(meeting.folder) is not None
    stay = people | {pk for pk, row in rows.items() if resting and row.user.suspended_at}
    went = [
        row
        for row in rows.values()
        if not row.withdrawn_at and _is_off(row, held, stay) and not (waits and row.told_sequence is None)
    ]
    known = [row for row in (*went, *came) if row.told_sequence is not None]
    if known:
        _next(meeting)
    for row in went:
        _take_off(row, meeting, by, by_portal=True)
    return came, went


def _is_off(row, held, stay) -> bool:
    return row.user_id not in stay or (row.seat_id is not None and row.user_id not in held)


def seats_of(meeting):
    """The seats of the meeting's day, held and vacant, deputies' apart."""
    if meeting.group_id is None:
        return Seat.objects.none()
    return Seat.objects.on(meeting.day).filter(group=meeting.group_id, deputy_for=None)


def _held_seats(meeting):
    return seats_of(meeting).filter(user__isnull=False).select_related("user")


@transaction.atomic
def invite(meeting, *, by, user=None, post="", organisation="") -> Invitee:
    """Invite somebody besides the seats: a person who can open the folder, to a case's meeting also one who cannot yet,
    or somebody outside it by name or post. To a meeting that was called one is called at once; whoever was taken off
    is called again.

    Raises ValidationError for neither, both, somebody who is called already, and one who cannot be: why is not said,
    because not everybody who runs a meeting may know it.
    """
    row = lock(meeting)
    _must_run(row, by)
    if row.status not in Meeting.GOES_ON:
        raise Stale(f"This meeting is recorded as {row.get_status_display().lower()}: nobody is called to it.")
    if row.starts_at <= timezone.now():
        raise Stale(BEGUN)
    post = post.strip()
    if bool(user) == bool(post):
        raise ValidationError({"user": "Choose a person, or enter a name or post: one of the two."})
    if user is None:
        made = Invitee.objects.create(
            folder_id=row.folder_id, meeting=row, post=post, organisation=organisation.strip(), invited_by=by
        )
        record("meeting_invited", by=by, obj=made, user=None)
        return made
    if why := _why_not_invited(user, row.folder):
        raise ValidationError({"user": why})
    made = _invited(row, user, by)
    if row.status == Meeting.Status.CALLED:
        if made.told_sequence is not None:
            _next(row)
        _owe(row, [made])
    return made


def _invited(meeting, user, by) -> Invitee:
    found = Invitee.objects.unscoped(WHY).filter(meeting=meeting, user=user).first()
    if found is None:
        try:
            with transaction.atomic():
                made = Invitee.objects.create(folder_id=meeting.folder_id, meeting=meeting, user=user, invited_by=by)
        except IntegrityError:
            raise ValidationError({"user": f"{user.name} is called already."}) from None
        record("meeting_invited", by=by, obj=made, user=user.pk)
        return made
    if found.withdrawn_at is None:
        raise ValidationError({"user": f"{user.name} is called already."})
    seat = next((seat for seat in _held_seats(meeting) if seat.user_id == user.pk), None)
    return _again(found, seat, by)


def _again(row, seat, by) -> Invitee:
    row.seat, row.withdrawn_at, row.off_by_portal = seat, None, False
    row.invited_by, row.invited_at = by, timezone.now()
    _anew(row)
    row.save(update_fields=["seat", "withdrawn_at", "off_by_portal", "invited_by", "invited_at", *ANEW])
    record("meeting_invited", by=by, obj=row, user=row.user_id)
    return row


def _anew(row):
    for name, value in ANEW.items():
        setattr(row, name, value)


@transaction.atomic
def withdraw(invitee, *, by) -> Invitee:
    """Take an invitation back; whoever was written to is told, and the link answers nothing any more."""
    meeting = lock(invitee.meeting)
    _must_run(meeting, by)
    row = lock(invitee)
    if row.withdrawn_at:
        return row
    if meeting.starts_at <= timezone.now():
        raise ValidationError("This meeting has begun: who was called stays on its list.")
    if row.told_sequence is not None:
        _next(meeting)
    return _take_off(row, meeting, by)


def _take_off(row, meeting, by, *, by_portal=False) -> Invitee:
    row.withdrawn_at, row.off_by_portal = timezone.now(), by_portal
    row.save(update_fields=["withdrawn_at", "off_by_portal"])
    links.revoke_about(row.pk, Link.Purpose.MEETING)
    record("meeting_uninvited", by=by, obj=row, user=row.user_id)
    _owe_the_end(meeting, [row])
    return row


@transaction.atomic
def chair(invitee, *, by, chairs: bool) -> Invitee:
    """Record that this invitee chairs a case's meeting, in the place of whoever did, or chairs it no more.

    Raises ValidationError for whom the host of the folder refuses, and for a group's meeting: the chair's seat says it.
    """
    meeting = lock(invitee.meeting)
    _must_run(meeting, by)
    row = lock(invitee)
    if meeting.group_id:
        raise ValidationError("The chair of a group’s meeting is who holds the chair’s seat.")
    if row.withdrawn_at:
        raise Stale("This invitation was taken back.")
    if chairs and (why := why_no_chair(invitee.meeting.folder, row.user_id, row.called)):
        raise ValidationError(why)
    others = Invitee.objects.unscoped(WHY).filter(meeting=meeting, chairs=True)
    others.exclude(pk=row.pk).update(chairs=False)
    row.chairs = chairs
    row.save(update_fields=["chairs"])
    record("meeting_chaired", by=by, obj=row, user=row.user_id, chairs=chairs)
    return row


@transaction.atomic
def changed(meeting, *, by) -> None:
    """A meeting that was called has another title, time or place: those called are written to. Another beginning asks
    for every answer anew. meeting: the locked row of the change."""
    if meeting.status != Meeting.Status.CALLED or meeting.starts_at <= timezone.now():
        return
    _next(meeting)
    rows = _those_called(meeting, by)
    for row in rows:
        if row.answer and row.called_for and row.called_for != meeting.starts_at:
            _anew(row)
            row.save(update_fields=[*ANEW])
    _owe(meeting, rows)


@transaction.atomic
def cancelled(meeting, *, by) -> None:
    """A meeting that was called does not take place. meeting: the locked row of the step."""
    rows = Invitee.objects.unscoped(WHY).filter(meeting=meeting, withdrawn_at=None).select_related("user")
    for row in rows:
        links.revoke_about(row.pk, Link.Purpose.MEETING)
    if meeting.starts_at > timezone.now():
        _next(meeting)
        _owe_the_end(meeting, rows)
        notices.tell_cancelled(meeting, [row.user_id for row in rows], but=by)


@transaction.atomic
def remind(meeting, *, by) -> int:
    """Write once more to those who have not answered, once a day at most. Returns to how many."""
    row = lock(meeting)
    _must_run(row, by)
    if row.status != Meeting.Status.CALLED or row.starts_at <= timezone.now():
        raise Stale("Nobody is reminded: this meeting is not called, or has begun.")
    people = set(may_be_called(row.folder).values_list("pk", flat=True))
    waiting = Invitee.objects.unscoped(WHY).filter(meeting=row, withdrawn_at=None, answer="", user__in=people)
    today = f"{timezone.localdate():%Y%m%d}"
    said = [
        each.pk
        for each in waiting.select_related("user")
        if each.user.email and write(letters.REMIND, recipient=each.user, about_id=each.pk, turn=today)
    ]
    if said:
        record("meeting_reminded", by=by, obj=row, count=len(said))
    return len(said)


def sweep() -> int:
    """Every meeting ahead that was called follows its seats; returns for how many people. Safe to run twice."""
    ahead = Meeting.objects.unscoped("the portal keeps it").filter(
        status=Meeting.Status.CALLED, starts_at__gt=timezone.now()
    )
    return sum(refresh(row) for row in ahead.select_related("folder").order_by("pk"))


def _must_run(meeting, by):
    if by is not None and not can(by, Perm.MEETING_RUN, meeting):
        raise PermissionDenied("meeting.call")


def _next(meeting) -> None:
    """What calendars are told from now on comes after all that they were told (RFC 5546, 2.1.4)."""
    meeting.sequence += 1
    meeting.save(update_fields=["sequence"])


def _owe(meeting, rows) -> None:
    """A letter with the meeting as it is now to each who may still open it, and a notice beside it. A person keeps one
    link, open until the meeting begins."""
    people = set(may_be_called(meeting.folder).values_list("pk", flat=True))
    rows = [row for row in rows if row.user_id in people]
    news = {row.pk: row.told_sequence is None for row in rows}
    for row in rows:
        row.told_sequence, row.called_for, row.bounced_at = meeting.sequence, meeting.starts_at, None
        row.save(update_fields=["told_sequence", "called_for", "bounced_at"])
    _links(meeting, rows)
    for row in rows:
        if row.user.email:
            write(letters.CALL, recipient=row.user, about_id=row.pk, turn=meeting.sequence)
    notices.tell_called(meeting, [row.user_id for row in rows if news[row.pk]])
    notices.tell_moved(meeting, [row.user_id for row in rows if not news[row.pk]])


def _links(meeting, rows):
    had = links.hold_open([row.pk for row in rows], Link.Purpose.MEETING, until=meeting.starts_at)
    new = [(row.user, row.pk) for row in rows if row.pk not in had]
    if new:
        links.make_mailed_to_each(Link.Purpose.MEETING, new, until=meeting.starts_at)


def _owe_the_end(meeting, rows) -> None:
    """To each who was written to: it is off. Also to who may open the folder no longer: it says nothing new."""
    for row in rows:
        if row.told_sequence is not None and row.user.is_active and row.user.email:
            row.told_sequence = meeting.sequence
            row.save(update_fields=["told_sequence"])
            write(letters.CANCEL, recipient=row.user, about_id=row.pk, turn=meeting.sequence)
