"""What the one search finds of training: courses and events, as the catalogue has them; nobody's name."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from partnership.access.reach import reach_of
from partnership.access.searching import Hit, Source, cut_of, holding, register_search
from partnership.people.roles import Perm
from partnership.people.words import Words
from partnership.ui.dates import plain
from training.models import Course, Event


def _runs(user) -> bool:
    return reach_of(user).holds_wide(Perm.TRAINING_RUN)


def find_courses(user, query, cut):
    """Those that are or were in the catalogue; drafts too for whoever keeps it."""
    runs = _runs(user)
    rows = Course.objects.all() if runs else Course.objects.exclude(status=Course.Status.DRAFT)
    found, total = cut_of(holding(rows, query, words=Words("title", "summary")).order_by("title", "pk"), cut)
    page = "training:course_edit" if runs else "training:course"
    return [_course(row, page) for row in found], total


def _course(row, page):
    stands = () if row.status == Course.Status.OFFERED else (row.get_status_display(),)
    return Hit(row.title, reverse(page, args=[row.pk]), row.summary, where=(row.get_level_display(), *stands))


def find_events(user, query, cut):
    """By their course and venue: those that can be booked, soonest first; for whoever runs them all, newest first."""
    runs = _runs(user)
    to_come = Q(status=Event.Status.OPEN, starts_at__gt=timezone.now())
    rows = Event.objects.filter(Q() if runs else to_come).select_related("course")
    rows = holding(rows, query, words=Words("course__title", "venue")).order_by(
        "-starts_at" if runs else "starts_at", "pk"
    )
    found, total = cut_of(rows, cut)
    page = "training:event_run" if runs else "training:event"
    return [_event(row, page) for row in found], total


def _event(row, page):
    place = row.get_mode_display() if row.mode == Event.Mode.ONLINE else row.venue
    where = (plain(timezone.localdate(row.starts_at)), place, row.get_status_display())
    return Hit(row.course.title, reverse(page, args=[row.pk]), where=tuple(filter(None, where)))


def register():
    register_search(Source("courses", "Courses", 90, Perm.TRAINING_LIST, find_courses))
    register_search(Source("training_events", "Events of training", 92, Perm.TRAINING_LIST, find_events))
