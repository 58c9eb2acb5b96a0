"""The public catalogue: what is taught, when, and how many places are left, without signing in."""

from django import forms
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from partnership.access.reach import reach_of
from partnership.people.roles import Perm
from partnership.ui.forms import GovForm
from training.catalogue import reads
from training.models import Course, Event

OF_EVENTS = ("month", "where", "free")  # filters that no course without such an event fits


class CatalogueFilter(GovForm):
    """The filters, from the address. lines, courses: all that there are, for what can be chosen."""

    q = forms.CharField(label="Word in the title, summary or audience", required=False, max_length=100)
    level = forms.ChoiceField(label="Level", required=False, choices=[("", "All levels"), *Course.Level.choices])
    priority = forms.ChoiceField(label="Priority that it serves", required=False)
    month = forms.ChoiceField(label="Month", required=False)
    where = forms.ChoiceField(label="Where", required=False)
    free = forms.BooleanField(label="Only where a place is left", required=False)

    def __init__(self, data, *, lines, courses):
        super().__init__(data)
        every = [*courses, *(line.event.course for line in lines)]
        priorities = {str(each.priority_id): each.priority.title for each in every if each.priority_id}
        areas = {line.place: line.event.area.name for line in lines if not line.online and line.event.area_id}
        months = {line.month: timezone.localtime(line.event.starts_at) for line in lines}
        self.fields["priority"].choices = [("", "All priorities"), *_by_label(priorities)]
        self.fields["where"].choices = [("", "Everywhere"), (reads.ONLINE, "Online"), *_by_label(areas)]
        self.fields["month"].choices = [("", "All months"), *((key, f"{at:%B %Y}") for key, at in months.items())]

    def asked(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if value}


def _by_label(found: dict) -> list:
    return sorted(found.items(), key=lambda pair: pair[1])


@require_safe
def catalogue(request):
    lines, courses = reads.to_come(), reads.courses()
    form = CatalogueFilter(request.GET, lines=lines, courses=courses)
    good = form.is_valid()
    asked = form.asked() if good else {}
    found = [line for line in lines if reads.fits(asked, course=line.event.course, line=line)]
    fitting = [each for each in courses if reads.fits(asked, course=each)]
    if set(asked) & set(OF_EVENTS):
        there = {line.event.course_id for line in found}
        fitting = [each for each in fitting if each.pk in there]
    context = {
        "form": form, "good": good, "lines": found, "runs": _runs(request),
        "courses": [(each, [line for line in found if line.event.course_id == each.pk]) for each in fitting],
    }  # fmt: skip
    return render(request, "training/catalogue.html", context, status=200 if good else 422)


@require_safe
def course(request, pk):
    row = reads.published_course(pk)
    if row is None:
        raise Http404
    first = [each for each in row.prerequisites.all() if each.status != Course.Status.DRAFT]
    context = {"course": row, "first": first, "lines": reads.to_come(course=row), "runs": _runs(request)}
    return render(request, "training/course.html", context)


@require_safe
def event(request, pk):
    line = reads.published_event(pk)
    if line is None:
        raise Http404
    row = line.event
    context = {
        "line": line, "event": row, "course": row.course, "runs": _runs(request),
        "open": row.status == Event.Status.OPEN and row.starts_at > timezone.now(),
    }  # fmt: skip
    return render(request, "training/event.html", context)


def _runs(request) -> bool:
    """Whether the reader runs the training, and is led to the pages behind these."""
    return request.user.is_authenticated and reach_of(request.user).holds_wide(Perm.TRAINING_RUN)
