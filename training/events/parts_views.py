"""Two pages of an event: the places that are kept for somebody, and who trains."""

from django.urls import reverse

from partnership.access.page import page
from partnership.access.replies import act_on, posted, pressed
from partnership.people.roles import Perm
from training.events import forms, reads, reserving, trainers
from training.events.views import LOADED, tabs
from training.models import Event


@page(Perm.TRAINING_RUN, Event, related=LOADED)
def event_reserved(request, row):
    """Reserved places; `take` of a POST gives those of one row to everybody."""
    home = reverse("training:event_reserved", args=[row.pk])
    rows = list(row.reserved.select_related("agency"))
    if pk := request.POST.get("take"):
        act = _of(rows, pk, lambda each: reserving.release(each, by=request.user))
        return pressed(request, act, "The places are everybody’s.", home)
    form = forms.ReservedForm(posted(request), user=request.user, usual=reserving.usual_day(row))
    context = {
        "event": row, "rows": rows, "standing": reads.standing(request.user, row), "live": row.status in Event.TO_COME,
        "tabs": tabs(request, row, "event_reserved"),
    }  # fmt: skip
    act = lambda: reserving.reserve(row, by=request.user, **form.facts())  # noqa: E731
    return act_on(request, form, act, "training/event_reserved.html", ("The places are reserved.", home), **context)


@page(Perm.TRAINING_RUN, Event, related=LOADED)
def event_trainers(request, row):
    """Who trains; `take` of a POST takes one off."""
    home = reverse("training:event_trainers", args=[row.pk])
    rows = list(row.trainers.select_related("user", "agency", "event"))
    if pk := request.POST.get("take"):
        act = _of(rows, pk, lambda each: trainers.remove(each, by=request.user))
        return pressed(request, act, "The trainer is taken off, and out of the register.", home)
    form = forms.TrainerForm(posted(request), user=request.user)
    context = {
        "event": row, "rows": rows, "live": row.status != Event.Status.CANCELLED,
        "standing": reads.standing(request.user, row),
        "tabs": tabs(request, row, "event_trainers"),
    }  # fmt: skip
    act = lambda: trainers.add(row, by=request.user, **form.facts())  # noqa: E731
    return act_on(request, form, act, "training/event_trainers.html", ("The trainer is named.", home), **context)


def _of(rows, pk, act):
    """What a button does with one of these rows; nothing where it was taken off already."""
    found = next((each for each in rows if str(each.pk) == pk), None)
    return lambda: act(found) if found is not None else None
