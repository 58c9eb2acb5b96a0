"""The business unit's pages of courses: the list with drafts, adding one, changing it, offering it."""

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from partnership.access.page import page
from partnership.access.reach import reach_of
from partnership.access.replies import act_on, no_such_button, posted, pressed, stale_edit
from partnership.access.rows import powers
from partnership.people.models import Partnership
from partnership.people.roles import Perm
from training.catalogue import forms, services
from training.flow import COURSE
from training.models import Course, Event

LOADED = ("folder", "priority", "changed_by")
STEPS = {"offer": services.offer, "withdraw": services.withdraw}
SAID = {
    "offer": "The course is in the catalogue. Everybody can read it.",
    "withdraw": "The course is offered no longer. Its open events stay.",
}


@page(Perm.TRAINING_RUN, methods=("GET",))
def courses(request):
    ahead = Q(events__status__in=Event.TO_COME, events__starts_at__gt=timezone.now())
    rows = Course.objects.select_related("priority").annotate(ahead=Count("events", filter=ahead))
    order = (Course.Status.DRAFT, Course.Status.OFFERED, Course.Status.WITHDRAWN)
    found = sorted(rows, key=lambda row: (order.index(row.status), row.title.casefold()))
    return render(request, "training/courses.html", {"rows": found})


@page(Perm.TRAINING_RUN)
def course_add(request):
    if not reach_of(request.user).holds_wide(Perm.TRAINING_RUN):
        raise PermissionDenied
    form = forms.CourseForm(posted(request), user=request.user)
    act = lambda: services.add(by=request.user, partnership=Partnership.objects.get(), **form.facts())  # noqa: E731
    said = lambda row: ("The course is a draft. Nobody else sees it yet.", "training:course_edit", row.pk)  # noqa: E731
    return act_on(request, form, act, "training/course_add.html", said)


@page(Perm.TRAINING_RUN, Course, related=LOADED)
def course_edit(request, row):
    home = reverse("training:course_edit", args=[row.pk])
    if request.method == "POST" and request.POST.get("do"):
        return _step(request, row, home)
    form = forms.CourseForm(posted(request), user=request.user, row=row, initial=forms.initial_of(row))
    context = _beside(request, row)

    def act():
        return services.change(row, by=request.user, version=form.cleaned_data["version"], **form.facts())

    def stale(refused):
        fresh = Course.objects.select_related(*LOADED).get(pk=row.pk)
        now = forms.initial_of(fresh) | {"priority": fresh.priority, "prerequisites": list(fresh.prerequisites.all())}
        return stale_edit(request, "training/course_edit.html", form, refused, fresh, now, url=home, **context)

    return act_on(request, form, act, "training/course_edit.html", ("Saved.", home), on_stale=stale, **context)


def _beside(request, row) -> dict:
    """What the page of a course shows besides its form."""
    held = powers(request.user, [row.folder])[row.pk]
    ahead = row.events.filter(status__in=Event.TO_COME, starts_at__gt=timezone.now())
    latest = row.events.filter(status=Event.Status.DELIVERED).order_by("-starts_at").first()
    return {"course": row, "steps": COURSE.open_with(held, row), "ahead": ahead.count(), "latest": latest}


def _step(request, row, home):
    do = request.POST["do"]
    if do not in STEPS:
        return no_such_button()
    return pressed(request, lambda: STEPS[do](row, by=request.user), SAID[do], home)
