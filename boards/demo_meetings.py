"""Demo material: meetings of today's six groups, what stands on their agendas, those that are over held.

The patterns are invented: the published arrangements do not say how often these groups meet.
"""

from datetime import date, time, timedelta

from django.utils import timezone

from boards.demo import BEGAN
from boards.meetings import holidays, series, services, standing
from boards.meetings.pattern import LAST, Step
from boards.models import Group, Meeting, Series
from partnership.actions.planning.rules import first_day, year_of
from partnership.people.models import Area
from partnership.trail.then import then

MON, TUE, WED, THU, FRI = range(5)
WHY = "the demo makes its own meetings"
ONLINE = "https://meet.example/"
# group: every so many months, which week, weekday, begins at, minutes, place
PATTERNS = {
    "exec": (3, 2, TUE, time(10), 120, "Civic Centre, Glebe Street"),
    "quality": (2, 3, WED, time(9, 30), 120, "Online"),
    "education": (3, 2, THU, time(13, 30), 90, "Civic Centre, Glebe Street"),
    "learning": (2, 1, MON, time(14), 90, "Online"),
    "review": (1, LAST, THU, time(10), 120, "Online"),
    "exploitation": (2, 4, FRI, time(10), 90, "Hanley Police Station"),
}
# group: (title, purpose, months, minutes, who presents it)
STANDING = {
    "exec": (
        ("Risks of the partnership", "assure", [], 15, "Business manager"),
        ("What the data say", "assure", [], 20, "Chair of the Quality Assurance Sub-group"),
        ("Yearly report: draft", "decide", [7], 30, "Business manager"),
        ("Budget of the next year", "decide", [1], 20, "Delegated safeguarding partners"),
        ("Report of the independent scrutineer", "assure", [10], 20, "Independent scrutineer"),
    ),
    "education": (("What schools and colleges tell us", "note", [], 20, "Safeguarding lead of a school"),),
    "learning": (("Training: who came, and what it changed", "assure", [], 20, "Business unit"),),
    "exploitation": (("Children who go missing: what was done", "assure", [], 20, "Police"),),
    "quality": (("Self-assessments of organisations: what is still to do", "assure", [], 20, "Business unit"),),
    "review": (("Recommendations that are not yet met", "assure", [], 20, "Business unit"),),
}


def fill_meetings(people) -> None:
    """Plan the year of each group once; a group that has a series stays as it is. people: the demo's users by key."""
    holidays.load()
    by, today = people["officer"], timezone.localdate()
    # From the days on which the demo's people took their seats, so that somebody came, to the end of the year.
    first, last = today - BEGAN + timedelta(days=7), first_day(year_of(today) + 1) - timedelta(days=1)
    planned = set(Series.objects.unscoped(WHY).values_list("group__ref", flat=True))
    groups = Group.objects.live().filter(ref__in=PATTERNS.keys() - planned).select_related("folder")
    with then(timezone.now() - BEGAN):
        for group in groups:
            _plan(group, first, last, by=by)
    over = Meeting.objects.unscoped(WHY).filter(
        group__in=groups, status=Meeting.Status.PLANNED, starts_at__lt=timezone.now()
    )
    for meeting in over.select_related("folder"):
        with then(max(meeting.ends_at, timezone.now() - BEGAN + timedelta(hours=1))):
            services.hold(meeting, by=by)


def _plan(group, first: date, last: date, *, by):
    every, week, weekday, begins_at, minutes, place = PATTERNS[group.ref]
    for title, purpose, months, allowed, presenter in STANDING.get(group.ref, ()):
        standing.add(
            group, by=by, title=title, purpose=purpose, months=months, minutes_allowed=allowed, presenter=presenter,
            priority=None, duty=None,
        )  # fmt: skip
    steps = [Step(first, last, every, week, weekday)]
    schools = Area.objects.filter(slug="stoke-on-trent").first()
    days = series.preview(by, group, steps, begins_at=begins_at, schools=schools).days
    series.plan(
        group, by=by, steps=steps, days=days, seen=days, schools=schools, title=group.name, begins_at=begins_at,
        minutes=minutes, place=place, link=f"{ONLINE}{group.ref}" if place == "Online" else "",
    )  # fmt: skip
