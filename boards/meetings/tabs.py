"""The pages of one meeting: each area of the wing adds its own line."""

from partnership.people.roles import Perm
from partnership.ui.parts import SubNavItem, tabs_held

PAGES = [
    ("Meeting", "boards:meeting", Perm.MEETING_VIEW),
    ("Invitations", "boards:invitations", Perm.MEETING_RUN),
    ("Minutes", "boards:minutes", Perm.MEETING_VIEW),
    ("In the meeting", "boards:in_meeting", Perm.MEETING_RUN),
    ("Agenda", "boards:agenda", Perm.MEETING_RUN),
    ("Pack", "boards:packs", Perm.MEETING_VIEW),
]


def tabs_of(meeting, held, *, here) -> list[SubNavItem]:
    """The tabs that somebody who holds `held` on this meeting is shown. here: the URL name of the page."""
    return tabs_held(PAGES, meeting.pk, held, here=here)
