"""What the pages of one action share: who may, whether it can be done now, what becomes of what was typed."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse

from partnership.access.replies import Clash, act_on, clash_page, conflict_page, differing, who_did
from partnership.access.rows import powers
from partnership.actions.answering import reads
from partnership.actions.answering.advice import folders_of, hold_back
from partnership.actions.answering.days import no_working_day

NOT_NOW = "That cannot be done now: read how the action stands."


def home_of(row) -> str:
    return reverse("actions:action", args=[row.pk])


def must_hold(request, row, *perms):
    """The powers on the row. Raises PermissionDenied for whoever sees it and has none of these."""
    held = powers(request.user, [row])[row.pk]
    if not held & set(perms):
        raise PermissionDenied
    return held


def shut(request, row, step):
    """A redirect to the action for whoever opens the page of a step that cannot be taken now; None where it can.

    What is posted is told by its service, which gives the words back.
    """
    if request.method == "POST" or step in reads.steps_on(request.user, row):
        return None
    messages.warning(request, NOT_NOW)
    return redirect(home_of(row))


def acted(request, row, form, act, template, said, *, now=None, **context):
    """Do what the form asks, say so and go to the action; what cannot be done is told beside what was typed.

    now(row) -> field name -> what is saved now, for a form that carries the version that was read.
    """
    if request.method == "POST" and form.is_valid():
        hold_back(form, request.user, folders_of(row))
    stale = partial(_stale, request, row, form, template, now, context)
    return act_on(request, form, act, template, (said, home_of(row)), on_stale=stale, row=row, **context)


def _stale(request, row, form, template, now, context, stale):
    fresh = reads.read(request.user, row.pk)
    if now is None or fresh.version == form.cleaned_data.get("version"):
        return conflict_page(request, stale, form, home_of(row))
    clash = Clash(who_did(request.user, fresh.changed_by, fresh.changed_at), differing(form, now(fresh)))
    return clash_page(request, template, form, clash, hidden={"version": fresh.version}, row=fresh, **context)


def say_day(request, day) -> None:
    """A day that is no working day is taken, and said."""
    if day and (words := no_working_day(day)):
        messages.info(request, words)


def posted_version(request) -> int:
    """The version that a button carries; 0, which none has, for what is no number."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 10 else 0
