"""One action: its page, what is said of it, and what shows that it was done."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render

from partnership.access.page import page
from partnership.access.replies import posted, pressed
from partnership.actions import evidence, rating, services
from partnership.actions.answering import forms, reads
from partnership.actions.answering.acting import acted, home_of, must_hold, shut
from partnership.actions.models import Action, Evidence
from partnership.documents.views import give as give_file
from partnership.people.roles import Perm
from partnership.ui.dates import plain


@page(Perm.ACTION_VIEW, Action, related=("folder",), methods=("GET",))
def action(request, row):
    row = reads.read(request.user, row.pk)
    shown = reads.page_of(request.user, row)
    context = {"page": shown, "row": row, "today": forms.today()}
    return render(request, "actions/action.html", context)


@page(Perm.ACTION_VIEW, Action, related=("folder",))
def update(request, row):
    held = must_hold(request, row, Perm.ACTION_ANSWER, Perm.ACTION_MANAGE)
    if answer := shut(request, row, "update"):
        return answer
    answers = Perm.ACTION_ANSWER in held
    form = forms.UpdateForm(posted(request), user=request.user, answers=answers)

    def act():
        services.update(row, by=request.user, **form.facts())

    return acted(request, row, form, act, "actions/update.html", "The update was added.", answers=answers)


@page(Perm.ACTION_VIEW, Action, related=("folder",))
def evidence_add(request, row):
    must_hold(request, row, Perm.ACTION_ANSWER, Perm.ACTION_MANAGE)
    if answer := shut(request, row, "evidence_add"):
        return answer
    form = forms.EvidenceForm(posted(request), request.FILES or None, user=request.user)

    def act():
        evidence.add(row, by=request.user, **form.facts())

    file = form.is_bound and form.is_valid() and form.cleaned_data["file"]
    said = "The evidence was added. Its file is being checked." if file else "The evidence was added."
    return acted(request, row, form, act, "actions/evidence_add.html", said)


@page(Perm.ACTION_VIEW, Evidence, related=("action__folder", "folder", "added_by"))
def evidence_remove(request, found):
    """Asks first."""
    row = found.action
    must_hold(request, row, Perm.ACTION_ANSWER, Perm.ACTION_MANAGE)
    if found.removed_at and request.method == "GET":
        messages.warning(request, "It was taken off already.")
        return redirect(home_of(row))
    if request.method == "GET":
        if answer := shut(request, row, "evidence_remove"):
            return answer
        return render(request, "actions/evidence_remove.html", {"row": row, "found": found})
    act = partial(services.remove_evidence, found, by=request.user)
    return pressed(request, act, "It was taken off.", home_of(row))


@page(Perm.ACTION_VIEW, Evidence, downloads=True, methods=("GET",))
def evidence_file(request, found):
    """The only way to a file of evidence: whoever may read its action has it, with their name on its pages."""
    version = evidence.newest_of([found]).get(found.document_id)
    if version is None or found.removed_at:
        raise Http404
    return give_file(request, version)


@page(Perm.ACTION_MANAGE, Action, related=("folder",))
def rate(request, row):
    if answer := shut(request, row, "rate"):
        return answer
    form = forms.RateForm(posted(request), user=request.user)
    until = rating.last_day()

    def act():
        rating.rate(row, by=request.user, colour=form.cleaned_data["colour"], reason=form.cleaned_data["reason"])

    said = f"The rating was set. It counts until {plain(until)}, or until the next update."
    return acted(request, row, form, act, "actions/rate.html", said, until=until)
