"""A term copied: which events and how many weeks later, then what that comes to, then the events."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render

from partnership.access.flow import Stale
from partnership.access.page import page
from partnership.access.reach import reach_of
from partnership.access.replies import form_page, posted
from partnership.people.models import Partnership
from partnership.people.roles import Perm
from training.events import copying, forms

NOT_CARRIED = ("csrfmiddlewaretoken", "confirm", "seen", "take", "back")


@page(Perm.TRAINING_RUN)
def events_copy(request):
    if not reach_of(request.user).holds_wide(Perm.TRAINING_RUN):
        raise PermissionDenied
    form = forms.CopyForm(posted(request), user=request.user)
    if request.method != "POST" or not form.is_valid() or request.POST.get("back"):
        return form_page(request, "training/events_copy.html", form)
    facts, again = form.facts(), ""
    if request.POST.get("confirm"):
        seen, chosen = request.POST.get("seen", ""), set(request.POST.getlist("take"))
        try:
            made = copying.copy(
                by=request.user, partnership=Partnership.objects.get(), seen=seen, chosen=chosen, **facts
            )
        except (Stale, ValidationError) as refused:
            again = " ".join(refused.messages)
        else:
            messages.success(request, f"{len(made)} events are planned. Look at each, then open it for booking.")
            return redirect("training:events")
    try:
        found = copying.preview(**facts)
    except ValidationError as refused:
        form.put_errors(refused)
        return form_page(request, "training/events_copy.html", form)
    carried = [(key, each) for key, values in request.POST.lists() if key not in NOT_CARRIED for each in values]
    context = {"form": form, "preview": found, "again": again, "carried": carried}
    return render(request, "training/events_copy_days.html", context)
