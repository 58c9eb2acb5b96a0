"""Another date for an action: asked for, decided, set."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect

from partnership.access.page import page
from partnership.access.replies import posted, pressed
from partnership.actions import dates
from partnership.actions.answering import forms
from partnership.actions.answering.acting import acted, home_of, say_day, shut
from partnership.actions.models import Action, DateChange
from partnership.people.roles import Perm


@page(Perm.ACTION_ANSWER, Action, related=("folder",))
def ask_date(request, row):
    if answer := shut(request, row, "ask_date"):
        return answer
    form = forms.AskDateForm(posted(request), user=request.user)

    def act():
        wanted = form.cleaned_data["wanted"]
        dates.ask_date(row, by=request.user, wanted=wanted, reason=form.cleaned_data["reason"])
        say_day(request, wanted)

    said = "The new day was asked for. Until it is decided, the day that it has stands."
    return acted(request, row, form, act, "actions/ask_date.html", said)


@page(Perm.ACTION_ANSWER, DateChange, related=("action",), methods=("POST",))
def withdraw_date(request, asked):
    act = partial(dates.withdraw, asked, by=request.user)
    return pressed(request, act, "The new day is no longer asked for.", home_of(asked.action))


@page(Perm.ACTION_MANAGE, DateChange, related=("action__folder", "action__owner", "asked_by"))
def decide_date(request, asked):
    row = asked.action
    if asked.asked_by_id == request.user.pk:
        raise PermissionDenied
    if asked.status != DateChange.Status.WAITING and request.method == "GET":
        messages.warning(request, dates.decided(asked))
        return redirect(home_of(row))
    form = forms.DecideDateForm(posted(request), user=request.user)

    def act():
        data = form.cleaned_data
        if data["decision"] == forms.REFUSE:
            dates.refuse(asked, by=request.user, answer=data["why_not"])
        else:
            saved = dates.grant(asked, by=request.user, wanted=data["wanted"])
            say_day(request, saved.due_on)

    return acted(
        request, row, form, act, "actions/decide_date.html", "Its owner can read what you decided.", asked=asked
    )


@page(Perm.ACTION_MANAGE, Action, related=("folder",))
def set_due(request, row):
    if answer := shut(request, row, "set_due"):
        return answer
    initial = {"due_on": row.due_on, "version": row.version}
    form = forms.SetDueForm(posted(request), user=request.user, initial=initial)

    def act():
        facts = {name: form.cleaned_data[name] for name in ("due_on", "reason", "version")}
        dates.set_due(row, by=request.user, **facts)
        say_day(request, facts["due_on"])

    def now(fresh):
        return {"due_on": fresh.due_on}

    return acted(request, row, form, act, "actions/set_due.html", "The day was changed.", now=now)
