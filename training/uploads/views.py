"""Uploads of completions: send a file in, look at it row by row, answer what is asked, take it in or back."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect

from partnership.access.page import page
from partnership.access.replies import form_page, posted, pressed
from partnership.directory.importing import empty_forms
from partnership.documents.names import clean_name
from partnership.people.roles import Perm
from training.models import Upload
from training.people.whose import chooser, whose
from training.uploads import forms, reads, receiving, services

ON_A_PAGE = 100
RELATED = ("agency", "by", "taken_by", "folder")
WAITING = Upload.Status.WAITING


@page(Perm.LEARNER_EDIT)
def uploads(request):
    """Those of one organisation; a file is sent in here, and the empty list taken away (`take`)."""
    if (kind := request.POST.get("take", "")) in empty_forms.KINDS:
        return _empty(kind)
    user, found = request.user, whose(request)
    if found.agency is None:
        return chooser(request, found, "Uploads")
    form = forms.FileForm(posted(request), request.FILES or None, user=user)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            received = receiving.of_file(file)
        except ValidationError as error:
            form.add_error("file", error)
        else:
            row = services.receive(found.agency, by=user, name=clean_name(file.name), received=received)
            return redirect("training:upload", row.pk)
    shown = Paginator(reads.uploads(user, found.agency), ON_A_PAGE).get_page(request.GET.get("page", ""))
    context = {"agency": found.agency, "whose": found, "page": shown}
    return form_page(request, "training/uploads.html", form, **context)


def _empty(kind):
    response = HttpResponse(empty_forms.made(receiving.EMPTY, kind), content_type=empty_forms.KINDS[kind])
    response["Content-Disposition"] = f'attachment; filename="completed-courses.{kind}"'
    return response


@page(Perm.LEARNER_EDIT, Upload, related=RELATED)
def upload(request, row):
    """One file: its rows while it waits, afterwards what became of it. `do` says which button was pressed."""
    user, do = request.user, request.POST.get("do", "")
    waits = row.status == WAITING
    under_way = waits and services.job_of(row)
    found = reads.preview(row) if waits and not under_way and do in ("", "answer") else None
    answers = forms.AnswersForm(
        posted(request) if do == "answer" else None, user=user, asked=found.asked if found else [],
        initial={"version": row.version},
    )  # fmt: skip
    if request.method == "POST":
        if do != "answer":
            return _pressed(request, row, do)
        if answers.is_valid():
            act = partial(
                services.answer, row, by=user, version=answers.cleaned_data["version"], answers=answers.answers()
            )
            return pressed(request, act, "The answers are saved.", "training:upload", row.pk)
    context = {"row": row, "under_way": under_way, "found": found, "until": waits and services.last_day(row.at)}
    if found:
        filtered = forms.RowFilter(request.GET, counts=found.counts)
        only = filtered.cleaned_data["only"] if filtered.is_valid() else ""
        shown = Paginator(reads.only(found, only), ON_A_PAGE).get_page(request.GET.get("page", ""))
        context |= {"filter": filtered, "page": shown, "at_once": forms.AT_ONCE}
    return form_page(request, "training/upload.html", answers, **context)


def _pressed(request, row, do):
    user, here = request.user, ("training:upload", row.pk)
    if do == "take":
        return _take(request, row)
    said = request.POST.get("version", "")
    version = int(said[:9]) if said.isdecimal() else 0
    acts = {
        "names": (partial(services.each_is_of_its_name, row, version=version), "The names are answered."),
        "discard": (partial(services.discard, row), "The file was discarded. Nothing of it came in."),
        "take_back": (partial(services.take_back, row), "The file was taken back: its completions are off the record."),
    }
    if do not in acts:
        return HttpResponseBadRequest("No such button.")
    act, words = acts[do]
    return pressed(request, partial(act, by=user), words, *here)


def _take(request, row):
    form = forms.TakeForm(request.POST, user=request.user)
    if not form.is_valid():
        return HttpResponseBadRequest("No such button.")
    seen, version = form.cleaned_data["seen"], form.cleaned_data["version"]
    try:
        job = services.accept(row, by=request.user, version=version, seen=seen)
    except ValidationError as refused:  # a Stale is one
        messages.warning(request, refused.messages[0])
        return redirect("training:upload", row.pk)
    if job:
        return redirect("jobs:job", job.pk)
    messages.success(request, f"{seen:,} row{' was' if seen == 1 else 's were'} taken in.")
    return redirect("training:upload", row.pk)
