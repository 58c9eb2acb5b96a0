"""What tests of invitations look at: who is invited, and what left as a mail program reads it."""

from email import message_from_bytes, policy

from django.core import mail
from icalendar import Calendar

from boards.groups import services as groups
from boards.models import Invitee
from partnership.notify.relay import relay
from partnership.notify.senders import Smtp
from tests.actions.ground import in_days
from tests.notify.conftest import due_now

WHY = "a test of invitations"


def seat(world, group, user, **facts):
    facts = {"role": "member", "post": "Head of nursing", "starts": in_days(-30)} | facts
    return groups.add_seat(group, by=world.manager, user=user, **facts)


def invited(meeting, user) -> Invitee:
    rows = Invitee.objects.unscoped(WHY).select_related("meeting__folder", "user", "seat__agency")
    return rows.get(meeting=meeting, user=user)


def sent() -> dict:
    """address -> (subject, words, iCalendar, method) of what left now, as a mail program reads it."""
    mail.outbox.clear()
    due_now()
    relay(sender=Smtp())
    found = {}
    for each in mail.outbox:
        read = message_from_bytes(each.message().as_bytes(), policy=policy.default)
        part = next((p for p in read.walk() if p.get_content_type() == "text/calendar"), None)
        words = read.get_body(preferencelist=("plain",)).get_content()
        method = part and part["Content-Type"].params["method"]
        file = next((p for p in read.iter_attachments() if p.get_filename() == "invite.ics"), None)
        if part:
            assert file.get_content() == part.get_content().replace("\n", "\r\n").encode()
        found[each.to[0]] = (read["Subject"], words, part and Calendar.from_ical(part.get_content()), method)
    return found


def event_of(calendar):
    (event,) = calendar.walk("VEVENT")
    return event


def fresh(row):
    return type(row)._base_manager.get(pk=row.pk)
