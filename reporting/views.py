"""Pages that span the wings. Home: what to do, what to read, what was done, each line a link."""

from django.conf import settings
from django.shortcuts import redirect, render
from django.utils import timezone

from partnership.access.page import page
from partnership.access.reach import reach_of
from partnership.access.work import work_of
from partnership.deadlines.working_days import load_england_and_wales, words, working_days_between
from partnership.notify.reads import unread_count
from partnership.people.models import Membership
from partnership.people.roles import Perm

STATEMENTS = ("accessibility", "privacy", "help")


@page(Perm.SIGN_IN, methods=("GET",))
def home(request):
    today = timezone.localdate()
    owed, waiting, done = work_of(request.user)
    memberships = Membership.objects.live().filter(user=request.user).select_related("agency")
    context = {
        "owed": [(work, _standing(work, today)) for work in owed],
        "waiting": waiting,
        "done": done,
        "memberships": memberships,
        "may_read_directory": reach_of(request.user).holds(Perm.DIRECTORY_VIEW),
        "overdue": sum(1 for work in owed if work.due_on and work.due_on < today),
        "unread": unread_count(request.user),
        "today": words(today, year=True),
    }
    return render(request, "reporting/home.html", context)


def _standing(work, today) -> tuple:
    """(words, colour) of how far a due date is away, in working days."""
    if work.due_on is None:
        return "", ""
    calendar = load_england_and_wales()
    if max(work.due_on, today) > calendar.last_day:
        return "Beyond the calendar", "grey"
    if work.due_on < today:
        days = working_days_between(work.due_on, today, calendar)
        return (f"{days} working day{'s' * (days != 1)} late" if days else "Late"), "red"
    if work.due_on == today:
        return "Due today", "orange"
    days = working_days_between(today, work.due_on, calendar)
    return f"{days} working day{'s' * (days != 1)} left", "orange" if days <= 2 else "blue"


def start(request):
    """The bare address leads home, or to sign-in."""
    return redirect("reporting:home")


def statement(request, name):
    """The accessibility statement, the privacy notice, and whom to contact."""
    return render(request, f"reporting/{name}.html", {"contact": settings.PARTNERSHIP_CONTACT})
