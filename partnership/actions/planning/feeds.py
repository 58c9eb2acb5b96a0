"""Calendars of one's own: made and ended by their owner, one at a time, read by a link. The forward plan's is here.

Wings have others: by a purpose of their own, and the id of what the calendar is about.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access import links
from partnership.access.models import Link
from partnership.actions.planning.calendar import entries, stretch
from partnership.deadlines import calendars
from partnership.deadlines.periods import end_of
from partnership.deadlines.registry import rule_in_force
from partnership.people.models import User
from partnership.trail.services import record
from partnership.ui.ical import Event, feed, uid_at

LINK_ENDS = "calendar_link_ends"


FEED = Link.Purpose.FEED


def link_of(user, purpose=FEED, object_id=None) -> Link | None:
    """The person's live link; there is one at most."""
    return _live(user, purpose, object_id).order_by("-created_at").first()


def _live(user, purpose, object_id):
    return links.live(purpose).filter(acts_as=user, object_id=object_id)


@transaction.atomic
def make(user, purpose=FEED, object_id=None) -> Link:
    """A new address for the person's calendar; the one before it ends. How long it opens: rule calendar_link_ends.

    Raises ValidationError for an address that several people share.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user.shared_address or user.guest:
        raise ValidationError("A calendar of one’s own is for a personal sign-in.")
    _live(user, purpose, object_id).update(revoked_at=timezone.now())
    today = timezone.localdate()
    rule = rule_in_force(LINK_ENDS, today)
    last = end_of(rule, today, calendars.load(rule.division))[0].due
    return links.make_mailed(purpose, acts_as=user, by=user, object_id=object_id, days=(last - today).days)


@transaction.atomic
def revoke(user, purpose=FEED, object_id=None) -> int:
    """End the person's address. Returns how many there were."""
    ended = _live(user, purpose, object_id).update(revoked_at=timezone.now())
    if ended:
        record("calendar_link_ended", by=user, obj=user)
    return ended


def written(user, site: str) -> bytes:
    """The calendar of what `user` may see, as its owner sees it on the day of reading. site: 'https://portal.example'.

    It goes to calendars of other firms: no word of a sensitive action is in it (calendar.entries).
    """
    first, last = stretch(timezone.localdate())
    found, _ = entries(user, first, last)
    events = (
        Event(
            uid=uid_at(site, each.key),
            starts=each.begins_at or each.day,
            ends=each.ends_at,
            summary=f"{each.kind_words}: {each.words}",
            description=_about(each),
            url=f"{site}{each.url}",
            location=each.place,
        )
        for each in found
    )
    return feed("Forward plan of the partnership", events, stamp=timezone.now())


def _about(entry) -> str:
    return "\n".join(filter(None, [f"Owner: {entry.who}" if entry.who else "", entry.group]))
