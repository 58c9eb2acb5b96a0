"""Pages that span the wings. Home: what to do, what to read, what was done, each line a link."""

from django.conf import settings
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import capfirst

from partnership.access.page import page
from partnership.access.reach import reach_of
from partnership.access.work import ahead_of, work_of
from partnership.deadlines import calendars
from partnership.deadlines.clock import standing_of
from partnership.deadlines.models import Division
from partnership.deadlines.working_days import words
from partnership.directory.covering.reads import covering_for
from partnership.directory.published.reads import published_for
from partnership.notify.reads import unread_count
from partnership.people.models import ContactPoint, Membership
from partnership.people.roles import Perm

LATE = "red"  # clock.Standing.colour of what is late, and of nothing else
STATEMENTS = ("accessibility", "privacy", "help")


@page(Perm.SIGN_IN, methods=("GET",))
def home(request):
    today = timezone.localdate()
    owed, waiting, done = work_of(request.user)
    covering = covering_for(request.user, owed) if reach_of(request.user).holds_wide(Perm.COVER) else []
    owed = [(work, _standing(work, today)) for work in owed]
    held = Membership.objects.live().filter(user=request.user).select_related("agency")
    memberships = list({(each.role, each.agency_id): each for each in held}.values())
    context = {
        "owed": owed,
        "waiting": waiting,
        "done": done,
        "ahead": ahead_of(request.user),
        "covering": covering,
        "memberships": memberships,
        "of_an_organisation": any(each.agency_id for each in memberships),
        "starts": [(url, said) for perm, url, said in STARTS if reach_of(request.user).holds(perm)],
        "overdue": sum(1 for _, (_, colour) in owed if colour == LATE),
        "unread": unread_count(request.user),
        "today": words(today, year=True),
    }
    return render(request, "reporting/home.html", context)


# Where somebody's own work begins when nothing waits for them.
STARTS = (
    (Perm.OPERATIONS, "notify:operations", "See whether the portal’s machinery runs, and open alarms"),
    (Perm.DIRECTORY_VIEW, "directory:agencies", "Look up an organisation or school in the directory"),
    (Perm.DIRECTORY_EDIT, "directory:agency_add", "Add an organisation to the directory"),
    (Perm.DIRECTORY_IMPORT, "directory:imports", "Take a register or a spreadsheet in"),
    (Perm.DIRECTORY_EDIT, "directory:gaps", "See what the directory lacks"),
)


def _standing(work, today) -> tuple:
    """(words, colour): the source's own, or how far the due date is away in working days."""
    if work.standing:
        return work.standing
    if work.due_on is None:
        return "", ""
    found = standing_of(work.due_on, today, calendars.load(Division.ENGLAND_AND_WALES))
    return capfirst(found.words), found.colour


def start(request):
    """The bare address leads home, or to sign-in."""
    return redirect("reporting:home")


def statement(request, name):
    """The accessibility statement, the privacy notice, and whom to contact."""
    front_doors = published_for(ContactPoint.Purpose.FRONT_DOOR) if name == "help" else []
    context = {"contact": settings.PARTNERSHIP_CONTACT, "front_doors": front_doors}
    return render(request, f"reporting/{name}.html", context)
