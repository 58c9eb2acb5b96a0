"""What the one search finds of boards: groups, meetings, challenges."""

from django.urls import reverse
from django.utils import timezone

from boards.minutes import searching as minutes
from boards.models import Challenge, Group, Meeting
from partnership.access.called import called
from partnership.access.rows import allowing
from partnership.access.searching import Hit, Source, cut_of, holding, register_search
from partnership.people.roles import Perm
from partnership.people.words import Words
from partnership.ui.dates import plain


def find_groups(user, query, cut):
    """By name and purpose; those that have ended too."""
    rows = allowing(Group, user, Perm.GROUP_VIEW).select_related("folder")
    rows = holding(rows, query, words=Words("folder__title", "purpose"))
    found, total = cut_of(rows, cut)
    return [_group(row) for row in found], total


def _group(row):
    where = (row.get_kind_display(), *(("Has ended",) if row.over else ()))
    return Hit(row.name, reverse("boards:group", args=[row.pk]), row.purpose, where=where)


def find_challenges(user, query, cut):
    """By what they are about, and by their code word."""
    rows = Challenge.objects.visible_to(user).select_related("agency", "challenged")
    rows = holding(rows, query, words=Words("case_word", "subject"))
    found, total = cut_of(rows, cut)
    return [_challenge(row) for row in found], total


def _challenge(row):
    url = reverse("boards:challenge", args=[row.pk])
    sides, raised = f"{row.agency.name} to {row.challenged.name}", f"raised {_day(row.raised_at)}"
    return Hit(row.subject, url, where=(row.case_word, sides, row.get_status_display(), raised))


# --- meetings ---------------------------------------------------------------------------------------------------------


def find_meetings(user, query, cut):
    rows = Meeting.objects.visible_to(user).annotate(_called=called(user))
    found, total = cut_of(holding(rows, query, words=Words("title", "place")).order_by("-starts_at", "pk"), cut)
    return [_meeting(row) for row in found], total


def _meeting(row):
    where = tuple(filter(None, (_day(row.starts_at), row._called, row.get_status_display(), row.place)))
    return Hit(row.title, reverse("boards:meeting", args=[row.pk]), where=where)


def _day(moment) -> str:
    return plain(timezone.localdate(moment))


def register():
    register_search(Source("groups", "Groups", 25, Perm.GROUP_VIEW, find_groups))
    register_search(Source("meetings", "Meetings", 40, Perm.MEETING_VIEW, find_meetings))
    minutes.register()
    register_search(Source("challenges", "Professional challenges", 70, Perm.CHALLENGE_LIST, find_challenges))
