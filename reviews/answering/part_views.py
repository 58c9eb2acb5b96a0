"""What its author adds to a return: a colleague who helps, passages that are not for everybody, files."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from partnership.access.flow import Stale
from partnership.access.page import page
from partnership.access.replies import act_on, conflict_page, form_page, posted
from partnership.documents.views import give
from partnership.people.roles import Perm
from reviews import forms, naming
from reviews.answering import beside, parts, reads
from reviews.answering.views import home_of
from reviews.models import AgencyReturn

S = AgencyReturn.Status


@page(Perm.RETURN_SUBMIT, AgencyReturn, related=("agency", "helper"))
def return_helper(request, row):
    if row.status != S.ASKED and request.method == "GET":
        return redirect(home_of(row))
    form = forms.HelperForm(posted(request), user=request.user, row=row)

    def act():
        parts.name_helper(row, by=request.user, helper=form.cleaned_data["helper"])

    said = ("They can see and edit the return now.", home_of(row))
    return act_on(request, form, act, "reviews/return_helper.html", said, stale_url=home_of(row), row=row)


@page(Perm.RETURN_SUBMIT, AgencyReturn, methods=("POST",))
def helper_off(request, row):
    return _off(request, row, home_of(row), parts.take_off_helper, "They no longer see the return.")


@page(Perm.RETURN_SUBMIT, AgencyReturn, related=("agency",))
def return_passages(request, row):
    if row.status != S.ASKED and request.method == "GET":
        return redirect(home_of(row))
    form = forms.PassageForm(posted(request), user=request.user)

    def act():
        facts = {name: form.cleaned_data[name] for name in ("heading", "mark", "words")}
        beside.add_passage(row, by=request.user, **facts)
        naming.warn(request, row, naming.typed(form))

    here = reverse("reviews:return_passages", args=[row.pk])
    passages = reads.passages_in(beside.passages_of(row))
    said, facts = ("The passage was added.", here), {"row": row, "passages": passages}
    return act_on(request, form, act, "reviews/return_passages.html", said, stale_url=home_of(row), **facts)


@page(Perm.RETURN_SUBMIT, AgencyReturn, methods=("POST",))
def passage_off(request, row):
    def act(row, *, by):
        beside.take_off_passage(row, by=by, passage=request.POST.get("passage", ""))

    return _off(request, row, reverse("reviews:return_passages", args=[row.pk]), act, "The passage was taken off.")


@page(Perm.RETURN_EDIT, AgencyReturn, related=("agency", "folder"))
def return_files(request, row):
    if row.status != S.ASKED and request.method == "GET":
        return redirect(home_of(row))
    form = forms.ReturnFileForm(posted(request), request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = beside.add_file(row, by=request.user, **form.facts())
        except Stale as stale:
            return conflict_page(request, stale, form, home_of(row))
        except ValidationError as error:
            form.put_errors(error)
        else:
            return redirect(f"{request.path}?added={made.place}")
    files = reads.show_files(row, beside.files_of(row))
    if request.method == "GET":
        _say_what_is_known(request, row, files)
    return form_page(request, "reviews/return_files.html", form, row=row, files=files)


def _say_what_is_known(request, row, files):
    """Of the file that was just uploaded: its check may be over by now; and whether what it is called names anybody."""
    file = next((each for each in files if str(each.place) == request.GET.get("added")), None)
    if file is None:
        return
    if file.waiting:
        messages.info(request, "The file is being checked. It goes with the return when the check has found nothing.")
    elif file.lost:
        messages.warning(request, "The file was not kept, so it does not go with the return.")
    else:
        messages.success(request, "The file was checked. It goes with the return.")
    then = "Take the file off, and upload it under another name and title."
    naming.warn(request, row, [(reads.CALLED, file.called)], then=then)


@page(Perm.RETURN_EDIT, AgencyReturn, related=("agency",))
def return_file_off(request, row):
    """Asks first: the file cannot be had back."""
    here = reverse("reviews:return_files", args=[row.pk])
    if request.method == "GET":
        place = request.GET.get("place")
        files = reads.show_files(row, beside.files_of(row)) if row.status == S.ASKED else []
        file = next((each for each in files if str(each.place) == place), None)
        return render(request, "reviews/return_file_off.html", {"row": row, "file": file}) if file else redirect(here)

    def act(row, *, by):
        beside.take_off_file(row, by=by, place=request.POST.get("place", ""))

    return _off(request, row, here, act, "The file was taken off.")


@page(Perm.RETURN_VIEW, AgencyReturn, downloads=True, methods=("GET",))
def return_file(request, row, place):
    """The only way to a file of a return: whoever may read its words has it, as a copy with the reader's name."""
    version = reads.file_for(request.user, row, place)
    if version is None:
        raise Http404
    return give(request, version)


def _off(request, row, url, act, said):
    try:
        act(row, by=request.user)
    except Stale as stale:
        messages.warning(request, stale.messages[0])
    except (ValidationError, ValueError):
        raise Http404 from None  # an id that is none
    else:
        messages.success(request, said)
    return redirect(url)
