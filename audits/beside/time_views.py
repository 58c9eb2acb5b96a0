"""More time for a return: asked, given and not given."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import reverse

from audits.beside import forms, time_reads
from audits.beside import more_time as services
from audits.models import AuditReturn, Extension
from audits.tabs import tabs_of_return
from partnership.access.page import page
from partnership.access.replies import act_on, posted
from partnership.access.rows import powers
from partnership.people.roles import Perm
from partnership.ui.dates import plain
from partnership.ui.listing import page_number


@page(Perm.ANSWERS_VIEW, AuditReturn, related=("agency", "round"))
def more_time(request, row):
    """What was asked and given. Its lead asks for more, the unit gives it unasked; everybody else reads."""
    held = powers(request.user, [row])[row.pk]
    gives, asks = Perm.AUDIT_RUN in held, Perm.ANSWERS_SIGN in held
    if request.method == "POST" and not (gives or asks):
        raise PermissionDenied
    form = (forms.GiveForm if gives else forms.AskForm)(posted(request), user=request.user)
    rows = time_reads.of_return(request.user, row)
    waits = next((each for each in rows if each.outcome == Extension.Outcome.WAITING), None)
    context = {
        "row": row, "rows": rows, "colours": time_reads.COLOURS, "waits": waits, "why_not": services.why_not(row),
        "gives": gives, "asks": asks, "tabs": tabs_of_return(row, held, here="audits:more_time"),
    }  # fmt: skip

    def act():
        data = form.cleaned_data
        if gives:
            return services.give_unasked(row, by=request.user, given_on=data["given_on"], words=data["words"])
        return services.ask(row, by=request.user, wanted_on=data["wanted_on"], reason=data["reason"])

    def said(made):
        if gives:
            return (
                f"{row.agency.name} has until {plain(made.given_on)}. Its leads are told.",
                "audits:more_time",
                row.pk,
            )
        return "You have asked for more time. Until it is answered, the day stands.", "audits:more_time", row.pk

    return act_on(request, form, act, "audits/more_time.html", said, stale_url=request.path, **context)


@page(Perm.AUDIT_RUN, methods=("GET",))
def extensions(request):
    """Who asks for more time in the rounds that are open, and what was given."""
    found = time_reads.of_open_rounds(request.user, page=page_number(request.GET.get("page", "")))
    return render(request, "audits/extensions.html", {"found": found, "colours": time_reads.COLOURS})


@page(Perm.AUDIT_RUN, Extension, related=("agency", "audit_return__round", "asked_by", "decided_by"))
def extension(request, asked):
    """The unit's answer to one who asks."""
    row = asked.audit_return
    form = forms.DecideForm(posted(request), user=request.user, initial={"given_on": asked.wanted_on})
    context = {
        "asked": asked,
        "row": row,
        "why_not": services.why_not(row),
        "waits": asked.outcome == Extension.Outcome.WAITING,
    }

    def act():
        words = form.cleaned_data["words"]
        if form.cleaned_data["answer"] == forms.GIVE:
            return services.give(asked, by=request.user, given_on=form.cleaned_data["given_on"], words=words)
        return services.refuse(asked, by=request.user, words=words)

    said = (f"{asked.agency.name} is told of your answer.", "audits:extensions")
    return act_on(request, form, act, "audits/extension.html", said, stale_url=reverse("audits:extensions"), **context)
