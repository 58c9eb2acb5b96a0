"""The returns of a round as a list, and what the business unit does with one."""

from functools import partial

from django.http import FileResponse
from django.shortcuts import render
from django.urls import reverse

from audits.models import AuditReturn, Round
from audits.rounds import forms, listing, single
from audits.tabs import tabs_of_return, tabs_of_round
from partnership.access.page import page
from partnership.access.replies import act_on, no_such_button, posted, pressed
from partnership.access.rows import powers
from partnership.people.roles import Perm
from partnership.ui import sheets
from partnership.ui.listing import asked_of, sort_links, wants_results


@page(Perm.AUDIT_RUN, Round, related=("folder",))
def round_returns(request, row):
    """The list by the filters of its address; a POST takes the same list out as a file."""
    form = listing.ReturnFilter(request.GET, choices=listing.choices_of(request.user, row))
    good, order_by = form.is_valid(), request.GET.get("order_by", "")
    if request.method == "POST" and good and (kind := request.POST.get("take", "")) in sheets.FORMATS:
        file, name, content_type = listing.take_out(request.user, row, form, order_by=order_by, kind=kind)
        return FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
    found = None
    if good:
        more = {"order_by": order_by, "number": request.GET.get("page", ""), "all": form.cleaned_data["all"]}
        found = listing.find(request.user, row, form.asked(), **more)
    context = {
        "round": row,
        "form": form,
        "found": found,
        "title": form.in_words() if good else "",
        "asked": good and bool(form.asked()),
        "sorts": sort_links(request, listing.SORTS, found.order_by) if found else [],
        "query": asked_of(request),
        "tabs": tabs_of_round(row, powers(request.user, [row.folder])[row.pk], here="audits:round_returns"),
    }
    template = "audits/_returns.html" if wants_results(request) else "audits/round_returns.html"
    return render(request, template, context, status=200 if good else 422)


SAID = {
    forms.EXCUSE: "It owes no return. Its leads are told.",
    forms.BACK: "It is given back: it is answered, signed and submitted again. Its leads are told.",
    forms.AGAIN: "It is asked again, and its leads are told.",
    forms.MOVE: "The return and its answers are the successor’s now.",
}
STEPS = {forms.EXCUSE: single.excuse, forms.BACK: single.give_back}


@page(Perm.AUDIT_RUN, AuditReturn, related=("round", "agency", "folder", "window"))
def return_stand(request, row):
    """Excuse a return, ask it again, give it back, or lead it to the organisation that follows."""
    do, gone = request.POST.get("do", ""), single.gone([row])
    to = gone[0].successors if gone else []
    moves = forms.SuccessorForm(request.POST if do == forms.MOVE else None, user=request.user, found=to)
    why = {"why": gone[0].why if gone else ""}
    form = forms.ReasonForm(posted(request) if do != forms.MOVE else None, user=request.user, initial=why)
    context = {"row": row, "steps": forms.steps_of(row), "gone": gone[0] if gone else None, "to": to}
    context |= {"moves": moves, "reason": form}
    context["tabs"] = tabs_of_return(row, powers(request.user, [row])[row.pk], here="audits:return_stand")
    here = reverse("audits:return_stand", args=[row.pk])
    if do == forms.AGAIN:
        return pressed(request, partial(single.ask_again, row, by=request.user), SAID[do], here)
    if do == forms.MOVE:
        form = moves
    elif request.method == "POST" and do not in STEPS:
        return no_such_button()

    def act():
        if do == forms.MOVE:
            return single.move_return(row, form.cleaned_data["to"], by=request.user)
        return STEPS[do](row, by=request.user, why=form.cleaned_data["why"])

    return act_on(request, form, act, "audits/return_stand.html", (SAID.get(do, ""), here), stale_url=here, **context)
