"""The business unit's pages of events: the list, planning one, how it stands, changing and cancelling it."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse

from partnership.access.models import Folder, FolderKind
from partnership.access.page import page
from partnership.access.reach import reach_of
from partnership.access.replies import act_on, conflict_page, no_such_button, posted, pressed, stale_edit
from partnership.access.rows import powers
from partnership.people.roles import Perm
from training.events import forms, reads, services
from training.flow import EVENT
from training.models import Course, Event, Joining
from training.tabs import tabs_of_event

LOADED = ("folder", "course", "area", "changed_by", "copied_from")


def tabs(request, row, here):
    return tabs_of_event(row, powers(request.user, [row.folder])[row.pk], here=f"training:{here}")


def _of_training(user, folder):
    return folder.kind == FolderKind.COURSE


@page(Perm.TRAINING_RUN, Folder, known=_of_training, methods=("GET",))
def folder(request, row):
    """From a folder of the training to the page of what it holds: an event, a course, the catalogue."""
    if Event.objects.filter(pk=row.pk).exists():
        return redirect("training:event_run", row.pk)
    if Course.objects.filter(pk=row.pk).exists():
        return redirect("training:course_edit", row.pk)
    return redirect("training:catalogue")


@page(Perm.TRAINING_RUN, methods=("GET",))
def events(request):
    form = reads.EventFilter(request.GET)
    good = form.is_valid()
    found = reads.events(request.user, form.cleaned_data, request.GET.get("page", "")) if good else None
    return render(request, "training/events.html", {"form": form, "page": found}, status=200 if good else 422)


@page(Perm.TRAINING_RUN)
def event_plan(request):
    if not reach_of(request.user).holds_wide(Perm.TRAINING_RUN):
        raise PermissionDenied
    form = forms.EventForm(posted(request), user=request.user, initial=_begins_with(request))
    act = lambda: services.plan(by=request.user, **form.facts())  # noqa: E731
    said = lambda row: ("The event is planned. Nobody else sees it yet.", "training:event_run", row.pk)  # noqa: E731
    return act_on(request, form, act, "training/event_plan.html", said)


def _begins_with(request) -> dict:
    """The course, and its numbers, where one comes from its page."""
    found = [row for row in Course.objects.all() if str(row.pk) == request.GET.get("course", "")]
    return {"course": found[0].pk, "capacity": found[0].capacity, "minimum": found[0].minimum} if found else {}


@page(Perm.TRAINING_RUN, Event, related=LOADED)
def event_run(request, row):
    """How an event stands; a POST opens it for booking."""
    if request.method == "POST":
        if request.POST.get("do") != "open":
            return no_such_button()
        act = lambda: services.open_for_booking(row, by=request.user)  # noqa: E731
        return pressed(request, act, "The event is open for booking.", "training:event_run", row.pk)
    held = powers(request.user, [row.folder])[row.pk]
    context = {
        "event": row,
        "standing": reads.standing(request.user, row),
        "reserved": row.reserved.select_related("agency"),
        "trainers": row.trainers.select_related("user", "agency"),
        "joining": _joining(request, row),
        "steps": {code for code, _ in EVENT.open_with(held, row)},
        "tabs": tabs(request, row, "event_run"),
    }
    return render(request, "training/event_run.html", context)


def _joining(request, row) -> Joining | None:
    return Joining.objects.visible_to(request.user).filter(event=row).first()


@page(Perm.TRAINING_RUN, Event, related=LOADED)
def event_edit(request, row):
    home = reverse("training:event_run", args=[row.pk])
    initial = forms.initial_of(row, _joining(request, row))
    form = forms.EventForm(posted(request), user=request.user, row=row, initial=initial)
    context = {
        "event": row, "tabs": tabs(request, row, "event_edit"), "live": row.status in Event.TO_COME,
        "standing": reads.standing(request.user, row),
    }  # fmt: skip

    def act():
        return services.change(row, by=request.user, version=form.cleaned_data["version"], **form.facts())

    def stale(refused):
        fresh = Event.objects.select_related(*LOADED).get(pk=row.pk)
        now = forms.initial_of(fresh, _joining(request, fresh)) | {"area": fresh.area}
        return stale_edit(request, "training/event_edit.html", form, refused, fresh, now, url=home, **context)

    return act_on(request, form, act, "training/event_edit.html", ("Saved.", home), on_stale=stale, **context)


@page(Perm.TRAINING_RUN, Event, related=LOADED)
def event_cancel(request, row):
    home = reverse("training:event_run", args=[row.pk])
    form = forms.CancelForm(posted(request), user=request.user)
    act = lambda: services.cancel(row, by=request.user, why=form.cleaned_data["why"])  # noqa: E731
    stale = lambda refused: conflict_page(request, refused, form, home)  # noqa: E731
    said = ("The event is cancelled. Everybody who had or waited for a place is told.", home)
    context = {
        "event": row, "standing": reads.standing(request.user, row), "live": row.status in Event.TO_COME,
        "tabs": tabs(request, row, "event_cancel"),
    }  # fmt: skip
    return act_on(request, form, act, "training/event_cancel.html", said, on_stale=stale, **context)
