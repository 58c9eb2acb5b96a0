"""What every table of a case says of itself: it is one key away from its folder."""

from partnership.people.roles import Perm
from partnership.trail.protection import Access

CASE = Access(view=Perm.REVIEW_VIEW, folder="folder")
LONG = 20_000  # characters of a narrative
