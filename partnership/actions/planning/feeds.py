"""One's own calendar of the forward plan: made and ended by its owner, one at a time, read by a link."""

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
from partnership.ui.ical import Event, feed

LINK_ENDS = "calendar_link_ends"


def link_of(user) -> Link | None:
    """The person's live link; there is one at most."""
    return links.live(Link.Purpose.FEED).filter(acts_as=user).order_by("-created_at").first()


@transaction.atomic
def make(user) -> Link:
    """A new address for the person's calendar; the one before it ends. How long it opens: rule calendar_link_ends.

    Raises ValidationError for an address that several people share.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user.shared_address or user.guest:
        raise ValidationError("A calendar of one’s own is for a personal sign-in.")
    links.revoke_all(user, Link.Purpose.FEED)
    today = timezone.localdate()
    rule = rule_in_force(LINK_ENDS, today)
    last = end_of(rule, today, calendars.load(rule.division))[0].due
    return links.make_mailed(Link.Purpose.FEED, acts_as=user, by=user, days=(last - today).days)


@transaction.atomic
def revoke(user) -> int:
    """End the person's address. Returns how many there were."""
    ended = links.revoke_all(user, Link.Purpose.FEED)
    if ended:
        record("calendar_link_ended", by=user, obj=user)
    return ended


def written(user, site: str) -> bytes:
    """The calendar of what `user` may see, as its owner sees it on the day of reading. site: 'https://portal.example'.

    It goes to calendars of other firms: no word of a sensitive action is in it (calendar.entries).
    """
    first, last = stretch(timezone.localdate())
    found, _ = entries(user, first, last)
    host = site.split("://", 1)[-1]
    events = (
        Event(
            uid=f"{each.key}@{host}",
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
