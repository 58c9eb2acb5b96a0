"""How an action ends, pauses and comes back."""

from functools import partial

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse

from partnership.access.page import page
from partnership.access.replies import form_page, posted, pressed
from partnership.actions import closing, evidence
from partnership.actions.answering import forms, reads
from partnership.actions.answering.acting import acted, home_of, posted_version, say_day, shut
from partnership.actions.answering.owners import has_gone
from partnership.actions.flow import ACTION
from partnership.actions.models import Action
from partnership.people.roles import Perm
from partnership.ui.listing import id_of


@page(Perm.ACTION_ANSWER, Action, related=("folder",))
def ask_close(request, row):
    """Evidence is asked for on the same page, so that nothing typed is lost."""
    if answer := shut(request, row, "ask_close"):
        return answer
    shown = [each for each in reads.evidence_of(request.user, row) if each.row.words or not each.file.lost]
    initial = {"version": row.version, "closing_words": row.closing_words}
    args = posted(request), request.FILES or None
    form = forms.AskCloseForm(*args, user=request.user, has_evidence=bool(shown), initial=initial)

    def act():
        if given := form.evidence():
            evidence.add(row, by=request.user, **given)
        words, version = form.cleaned_data["closing_words"], form.cleaned_data["version"]
        closing.ask_close(row, by=request.user, closing_words=words, version=version)

    def now(fresh):
        return {"closing_words": fresh.closing_words}

    said = "You said that it is done. Somebody else approves that, or sends it back."
    return acted(request, row, form, act, "actions/ask_close.html", said, now=now, shown=shown)


@page(Perm.ACTION_APPROVE, Action, related=("folder",), methods=("POST",))
def approve(request, row):
    act = partial(closing.approve, row, by=request.user, version=posted_version(request))
    return pressed(request, act, "The closing was approved.", home_of(row))


@page(Perm.ACTION_APPROVE)
def to_approve(request):
    """Between meetings: what waits for this person, approved row by row."""
    form = forms.ApprovalsForm(posted(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        versions = _read(form.ticked)
        rows = list(Action.objects.visible_to(request.user).filter(pk__in=versions).order_by("close_asked_at", "pk"))
        if rows:
            _say_each(request, *closing.approve_each(rows, by=request.user, versions=versions))
            return redirect(reverse("actions:to_approve"))
        form.add_error(
            None, "Nothing of what you ticked waits for you. Tick what you approve in the list as it is now."
        )
    waiting = reads.to_approve(request.user, request.GET.get("page", ""))
    return form_page(request, "actions/to_approve.html", form, waiting=waiting)


def _say_each(request, done, left):
    if done:
        one = len(done) == 1
        messages.success(request, "One closing was approved." if one else f"{len(done)} closings were approved.")
    for row, why in left:
        messages.warning(request, f"{row.reference}: {why}")


def _read(ticked) -> dict:
    """pk -> the version that was read, of ticked rows ('pk:version'); what is none is left out."""
    found = {}
    for each in ticked:
        pk, _, version = each.partition(":")
        if (named := id_of(pk)) and version.isascii() and version.isdecimal() and len(version) < 10:
            found[named] = int(version)
    return found


def _noted(request, row, code, act, said):
    """The page of a step that needs a note and no more."""
    if answer := shut(request, row, code):
        return answer
    step = ACTION.steps[code]
    form = forms.NoteForm(posted(request), user=request.user, step=step)

    def take():
        act(row, by=request.user, note=form.cleaned_data["note"])

    return acted(request, row, form, take, f"actions/{code}.html", said, step=step)


@page(Perm.ACTION_APPROVE, Action, related=("folder",))
def send_back(request, row):
    return _noted(request, row, "send_back", closing.send_back, "It was sent back to its owner.")


@page(Perm.ACTION_MANAGE, Action, related=("folder",))
def cancel(request, row):
    return _noted(request, row, "cancel", closing.cancel, "It is recorded that it is no longer needed.")


@page(Perm.ACTION_MANAGE, Action, related=("folder",))
def park(request, row):
    return _noted(request, row, "park", closing.park, "It was parked as an idea.")


@page(Perm.ACTION_MANAGE, Action, related=("folder", "owner", "agency", "parent"))
def reopen(request, row):
    if answer := shut(request, row, "reopen"):
        return answer
    form = forms.ReopenForm(
        posted(request), user=request.user, step=ACTION.steps["reopen"], row=row, gone=has_gone(row)
    )

    def act():
        data = form.cleaned_data
        owner = data["owner"].user if data["owner"] else None
        saved = closing.reopen(row, by=request.user, note=data["note"], due_on=data["due_on"], owner=owner)
        say_day(request, saved.due_on)

    return acted(request, row, form, act, "actions/reopen.html", "It was reopened.")
