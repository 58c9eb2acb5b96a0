"""The pages of a log: send it in, say what its columns and words are, look at its rows, take them in or back."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse

from partnership.access.flow import Stale
from partnership.access.page import page
from partnership.access.replies import conflict_page, form_page, posted, pressed
from partnership.actions.answering.acting import posted_version
from partnership.actions.importing import forms, reads, receiving, rows, services
from partnership.actions.models import LogImport
from partnership.documents.names import clean_name
from partnership.people.roles import Perm

RELATED = ("folder", "by", "taken_by")
MOST_TICKED = 500
WAITING = LogImport.Status.WAITING


@page(Perm.ACTION_IMPORT, methods=("GET",))
def imports(request):
    return render(request, "actions/imports.html", {"page": reads.logs(request.user, request.GET.get("page", ""))})


@page(Perm.ACTION_IMPORT)
def import_add(request):
    form = forms.LogForm(posted(request), request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            if form.sent == "file":
                name, received = clean_name(data["file"].name), receiving.of_file(data["file"], data["kind"])
            else:
                name, received = "", receiving.of_paste(data["text"], data["kind"])
        except ValidationError as error:
            form.add_error(form.sent, error)
        else:
            facts = {"kind": data["kind"], "as_of": data["as_of"], "name": name, "received": received}
            log = services.receive(data["folder"], by=request.user, **facts)
            return redirect("actions:import_columns" if rows.missing(log) else "actions:import_log", log.pk)
    return form_page(request, "actions/import_add.html", form)


@page(Perm.ACTION_IMPORT, LogImport, related=RELATED, methods=("GET",))
def import_log(request, log):
    """Row by row, what would come in; afterwards what came in."""
    context = {"log": log, "job": services.job_of(log)}
    if log.status != WAITING:
        return render(request, "actions/import_done.html", context | reads.came_in(request.user, log))
    if rows.missing(log):
        return redirect("actions:import_columns", log.pk)
    found = reads.preview(request.user, log)
    form = forms.RowFilter(request.GET, counts=found.counts)
    only = form.cleaned_data["only"] if form.is_valid() else ""
    context |= {
        "found": found,
        "form": form,
        "only": only,
        "rows": reads.page_of(found, only, request.GET.get("page", "")),
        "until": services.last_day(log.at),
    }
    return render(request, "actions/import_log.html", context)


def _not_waiting(request, log):
    """The way back from a page of what waits, where it waits no longer or is being taken in."""
    if request.method == "GET" and (log.status != WAITING or services.job_of(log)):
        return redirect("actions:import_log", log.pk)
    return None


@page(Perm.ACTION_IMPORT, LogImport, related=RELATED)
def import_columns(request, log):
    if answer := _not_waiting(request, log):
        return answer
    initial, home = {"version": log.version}, reverse("actions:import_log", args=[log.pk])
    form = forms.ColumnsForm(
        posted(request), user=request.user, log=log, samples=reads.samples(log), initial=initial
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            services.say_columns(log, by=request.user, version=form.cleaned_data["version"], columns=form.columns())
        except Stale as stale:
            return conflict_page(request, stale, form, home)
        except ValidationError as error:
            form.put_errors(error)
        else:
            return redirect(home)
    return form_page(request, "actions/import_columns.html", form, log=log)


@page(Perm.ACTION_IMPORT, LogImport, related=RELATED)
def import_words(request, log):
    if answer := _not_waiting(request, log):
        return answer
    home = reverse("actions:import_log", args=[log.pk])
    asked = reads.preview(request.user, log).asked if log.status == WAITING else []
    if request.method == "GET" and not asked:
        return redirect(home)
    form = forms.WordsForm(posted(request), user=request.user, log=log, asked=asked, initial={"version": log.version})
    if request.method == "POST" and form.is_valid():
        try:
            services.say_words(log, by=request.user, version=form.cleaned_data["version"], answers=form.answers())
        except Stale as stale:
            return conflict_page(request, stale, form, home)
        return redirect(home)
    return form_page(request, "actions/import_words.html", form, log=log)


@page(Perm.ACTION_IMPORT, LogImport, related=RELATED, methods=("POST",))
def import_choose(request, log):
    """The ticks of one page of the preview, then on: to the taking, or back to where it was."""
    act, _, which = request.POST.get("act", "save").partition(" ")
    try:
        shown, ticked = (_numbers(request.POST.getlist(name)) for name in ("shown", "row"))
        services.choose(log, version=posted_version(request), shown=shown, ticked=ticked)
    except Stale as stale:
        messages.warning(request, stale.messages[0])
        return redirect("actions:import_log", log.pk)
    if act == "take":
        return redirect("actions:import_take", log.pk)
    if act == "save":
        messages.success(request, "The choice was saved.")
    only = request.POST.get("only", "")
    only = only if only in rows.STATES else ""
    number = which if act == "page" and which.isdecimal() and len(which) < 5 else "1"
    return redirect(f"{reverse('actions:import_log', args=[log.pk])}?only={only}&page={number}")


def _numbers(sent):
    return [int(each) for each in sent[:MOST_TICKED] if each.isascii() and each.isdecimal() and len(each) < 10]


@page(Perm.ACTION_IMPORT, LogImport, related=RELATED)
def import_take(request, log):
    if answer := _not_waiting(request, log):
        return answer
    form = forms.TakeForm(posted(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            job = services.accept(log, by=request.user, **_of(form, "seen", "version"))
        except Stale as stale:
            messages.warning(request, stale.messages[0])
            return redirect("actions:import_log", log.pk)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if job is None:
                seen = form.cleaned_data["seen"]
                messages.success(request, f"{seen:,} row{' was' if seen == 1 else 's were'} taken in.")
            return redirect("jobs:job", pk=job.pk) if job else redirect("actions:import_log", log.pk)
    chosen = reads.preview(request.user, log).chosen if log.status == WAITING else 0
    form.initial = {"seen": chosen, "version": log.version}
    return form_page(request, "actions/import_take.html", form, log=log, chosen=chosen)


def _of(form, *names):
    return {name: form.cleaned_data[name] for name in names}


def _step(request, log, service, template, said, status):
    if request.method == "GET":
        if log.status != status or services.job_of(log):
            return redirect("actions:import_log", log.pk)
        return render(request, template, {"log": log, "worked": services.touched(log)})
    return pressed(request, partial(service, log, by=request.user), said, "actions:import_log", log.pk)


@page(Perm.ACTION_IMPORT, LogImport, related=RELATED)
def import_discard(request, log):
    said = "The log was discarded. Nothing of it came in."
    return _step(request, log, services.discard, "actions/import_discard.html", said, WAITING)


@page(Perm.ACTION_IMPORT, LogImport, related=RELATED)
def import_take_back(request, log):
    said = "The log was taken back: none of its rows is in the register now."
    return _step(request, log, services.take_back, "actions/import_take_back.html", said, LogImport.Status.TAKEN)
