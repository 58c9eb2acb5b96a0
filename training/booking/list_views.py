"""Bookings as lists: an organisation's, and those of one event for the business unit."""

from functools import partial

from django.http import FileResponse, Http404, HttpResponseBadRequest
from django.shortcuts import render

from partnership.access.page import page
from partnership.access.replies import act_on, form_page, posted, pressed
from partnership.access.rows import powers
from partnership.people.roles import Perm
from partnership.ui.listing import asked_of, id_of
from partnership.ui.sheets import FORMATS
from training.booking import forms, listing, reads, services, wording
from training.models import Booking, Event
from training.tabs import tabs_of_event


@page(Perm.LEARNER_EDIT)
def agency_bookings(request):
    user = request.user
    form = forms.ListForm(
        request.GET, states=listing.STATES, courses=reads.courses_of(user), agencies=reads.agencies_shown(user)
    )
    wrong = not form.is_valid()
    if request.method == "POST":
        if wrong or request.POST.get("take") not in FORMATS:
            return HttpResponseBadRequest("No such list.")
        file, name, content_type = listing.export(user, form.cleaned_data, kind=request.POST["take"])
        return FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
    number = request.GET.get("page", "")
    context = {
        "form": form, "found": None if wrong else listing.find(user, form.cleaned_data, number=number),
        "query": asked_of(request), "event": _event(form), "every": reads.keeps_all(user),
    }  # fmt: skip
    return render(request, "training/agency_bookings.html", context)


def _event(form):
    asked = getattr(form, "cleaned_data", {}).get("event")
    return Event.objects.filter(pk=asked).select_related("course").first() if asked else None


@page(Perm.TRAINING_RUN, Event, related=("course", "folder"))
def event_bookings(request, event):
    user, here = request.user, ("training:event_bookings", event.pk)
    do = request.POST.get("do", "")
    if request.method == "POST" and do == "promote":
        row = _of(user, event, request.POST.get("booking", ""))
        return pressed(request, partial(services.promote, row, by=user), f"{row.name} has a place.", *here)
    form = forms.EndForm(posted(request), user=user)

    def end():
        row = _of(user, event, str(form.cleaned_data["booking"]))
        return services.give_up(row, by=user, note=form.cleaned_data["why"])

    said = lambda row: (f"The booking of {row.name} has ended.", *here)  # noqa: E731
    context = _about(user, event, form)
    if request.method == "POST":
        return act_on(request, form, end, "training/event_bookings.html", said, **context)
    return form_page(request, "training/event_bookings.html", form, **context)


def _about(user, event, form):
    groups = reads.of_event(user, event)
    typed = form.data.get("booking", "") if form.is_bound else ""
    held = powers(user, [event.folder])[event.pk]
    return {
        "event": event, "when": wording.when(event), "groups": groups, "typed": typed,
        "kept": services.kept_now(event), "free": event.capacity - event.taken,
        "tabs": tabs_of_event(event, held, here="training:event_bookings"),
    }  # fmt: skip


def _of(user, event, pk) -> Booking:
    row = Booking.objects.visible_to(user).filter(event=event, pk=id_of(pk)).first()
    if row is None:
        raise Http404
    return row
