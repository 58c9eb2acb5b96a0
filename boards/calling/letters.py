"""The letters to those who are called: their words and the invitation for a calendar are made when they are sent.

Of a meeting in a sealed folder a letter says when it is, and to sign in: no title, no place, no code word.
"""

from email.utils import parseaddr

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from boards.models import Invitee, Meeting
from partnership.access import links
from partnership.access.models import Link
from partnership.access.rows import can
from partnership.notify.personal import (
    INVITATION,
    Invitation,
    LetterKind,
    register_letter,
    turn_of,
    written_before,
)
from partnership.notify.senders import carries_invitations
from partnership.people.roles import Perm
from partnership.ui.dates import clock_time, plain
from partnership.ui.ical import CANCEL as CANCELS
from partnership.ui.ical import CANCELLED, CONFIRMED, REQUEST, Event, Party, invitation, uid_at

CALL, CANCEL, REMIND = "meeting_call", "meeting_cancel", "meeting_remind"
WHY = "the relay works for the portal"
RESTRICTED = "Meeting (restricted)"
# RFC 5545, PARTSTAT. A deputy is invited by whoever sends one, not by this calendar.
ANSWERED = {
    Invitee.Answer.COMING: "ACCEPTED",
    Invitee.Answer.APOLOGIES: "DECLINED",
    Invitee.Answer.DEPUTY: "DECLINED",
    Invitee.Answer.TENTATIVE: "TENTATIVE",
}


def register():
    register_letter(LetterKind(CALL, "A meeting that you are called to", _call))
    register_letter(LetterKind(CANCEL, "A meeting that you were called to is off", _cancel))
    register_letter(LetterKind(REMIND, "A meeting waits for your answer", _remind))


def came_back(outgoing, notices) -> None:
    """Registered with `register_bounced`: whoever runs the meeting sees it beside the name. An invitation that a newer
    one followed says nothing of that one."""
    rows = Invitee.objects.unscoped(WHY).filter(pk=outgoing.about_id)
    if outgoing.template == CALL:
        rows = rows.filter(told_sequence=turn_of(outgoing))
    if outgoing.template in (CALL, REMIND):
        rows.update(bounced_at=timezone.now())


def _row(outgoing) -> Invitee | None:
    rows = Invitee.objects.unscoped(WHY).select_related("user", "seat", "folder", "meeting__folder")
    return rows.filter(pk=outgoing.about_id).first()


def is_open(row) -> bool:
    """Whether an invitation stands: called, not taken back, not begun, and its person may open the meeting today."""
    meeting = row.meeting
    stands = meeting.status == Meeting.Status.CALLED and row.withdrawn_at is None
    return stands and meeting.starts_at > timezone.now() and can(row.user, Perm.MEETING_VIEW, meeting)


def _call(outgoing):
    row = _row(outgoing)
    if row is None or turn_of(outgoing) != str(row.told_sequence) or not is_open(row):
        return None
    return _about(row) | {
        "before": _told_last(row, outgoing),
        "answered": bool(row.answer),
        "attached": carries_invitations(),
        INVITATION: Invitation(REQUEST, file_of(row)),
    }


def _told_last(row, outgoing) -> str:
    """The kind of the letter before this one: what its person knows of the meeting. '' where they know nothing."""
    letters = written_before(CALL, CANCEL, about_id=row.pk, but=outgoing)
    newest = max(letters, key=lambda each: int(turn_of(each)), default=None)
    return newest.template if newest else ""


def _remind(outgoing):
    row = _row(outgoing)
    return _about(row) if row is not None and not row.answer and is_open(row) else None


def _cancel(outgoing):
    row = _row(outgoing)
    if row is None or turn_of(outgoing) != str(row.told_sequence) or not written_before(CALL, about_id=row.pk):
        return None
    off = row.meeting.status == Meeting.Status.CANCELLED
    if not off and not row.withdrawn_at:
        return None
    return {
        "when": _moment(row.called_for, row.meeting.day_only),
        "called": _group(row.meeting),
        "off": off,
        "attached": carries_invitations(),
        INVITATION: Invitation(CANCELS, file_of(row, CANCELS)),
    }


def _about(row) -> dict:
    meeting = row.meeting
    shown = {} if meeting.folder.sealed else {"title": meeting.title, "place": meeting.place, "join": meeting.link}
    return shown | {
        "when": when(meeting),
        "sealed": meeting.folder.sealed,
        "meeting_url": settings.PORTAL_URL + reverse("boards:meeting", args=[meeting.pk]),
        "answer_url": answer_url(row),
    }


def answer_url(row) -> str:
    """The address behind the signed link; nothing where it was revoked, or a changed key of the portal ended it."""
    found = links.live(Link.Purpose.MEETING).filter(object_id=row.pk, acts_as=row.user_id).first()
    return links.address_of(found, "boards:reply_by_link")


def when(meeting) -> str:
    """'Tuesday 5 May 2026, 10am to 12pm'."""
    words = _moment(meeting.starts_at, meeting.day_only)
    ends = meeting.ends_at and timezone.localtime(meeting.ends_at)
    return words if meeting.day_only or not ends else f"{words} to {clock_time(ends)}"


def _moment(moment, day_only) -> str:
    local = timezone.localtime(moment)
    day = f"{local:%A} {plain(local)}"
    return day if day_only else f"{day}, {clock_time(local)}"


def _group(meeting) -> str:
    """What is said of it to somebody who may open it no longer: groups are published, nothing else is said."""
    return "" if meeting.folder.sealed or meeting.group_id is None else f"Meeting of {meeting.folder.title}"


def file_of(row, method=REQUEST) -> bytes:
    """The iCalendar of one person: as it was last told, with everything that a calendar may show."""
    meeting, sealed = row.meeting, row.meeting.folder.sealed
    ends = method == CANCELS
    event = Event(
        uid=uid_at(settings.PORTAL_URL, meeting.uid),
        starts=_starts(row, ends),
        ends=None if ends else meeting.ends_at,
        summary=RESTRICTED if sealed else _group(meeting) or "Meeting" if ends else meeting.title,
        description="" if ends else SIGN_IN,
        location="" if ends or sealed else meeting.place or meeting.link,
        url="" if ends else settings.PORTAL_URL + reverse("boards:meeting", args=[meeting.pk]),
        status=CANCELLED if ends else CONFIRMED,
        sequence=row.told_sequence,
    )
    address = settings.PARTNERSHIP_EMAIL or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    organiser = Party(address, settings.PARTNERSHIP_NAME)
    attendee = Party(row.user.email, row.user.name, ANSWERED.get(row.answer, "NEEDS-ACTION"))
    return invitation(method, event, organiser=organiser, attendee=attendee, stamp=timezone.now())


def _starts(row, ends):
    moment = row.called_for if ends else row.meeting.starts_at
    return timezone.localdate(moment) if row.meeting.day_only else moment


SIGN_IN = "Sign in to the partnership’s portal for the agenda and the papers, and to answer."
