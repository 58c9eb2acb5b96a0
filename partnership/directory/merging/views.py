"""Merge two records of one organisation: find the other, read what follows, do it; and take it back."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from partnership.access.flow import Stale
from partnership.access.page import page
from partnership.access.reach import reach_of
from partnership.access.rows import allowing
from partnership.directory.merging import reads, services
from partnership.directory.models import AgencyMerge, SecondNumber
from partnership.directory.models.merging import UNDO_DAYS
from partnership.people.models import Agency
from partnership.people.roles import Perm
from partnership.ui.forms import GovForm, words
from partnership.ui.listing import id_of


class OtherFilter(GovForm):
    q = forms.CharField(label="Find the record to keep, by name, number or postcode", required=False, max_length=100)


class SecondForm(GovForm):
    reason = words(
        "How you know that the two are one school",
        "Enter how you know that the two are one school.",
        help_text="Like: the page of URN 124003 in the register says that it was entered twice.",
        rows=3,
        most=300,
    )


MERGED = "The two records are one now. It can be taken back for seven days, on this page."
ASKED = "It waits for a second person, who is told: nothing has changed yet."


def _may_merge(request):
    if not reads.may_merge(request.user):
        raise PermissionDenied


@page(Perm.DIRECTORY_VIEW, Agency)
def agency_merge(request, row):
    """`row` is the record that goes."""
    _may_merge(request)
    keep = request.POST.get("keep") if request.method == "POST" else request.GET.get("keep")
    if keep:
        return _one(request, row, _kept(request.user, keep))
    form = OtherFilter(request.GET)
    q = form.cleaned_data["q"] if form.is_valid() else ""
    context = {"agency": row, "form": form, "asked": bool(q.strip()), "rows": reads.offered(request.user, row, q)}
    return render(request, "directory/agency_merge.html", context, status=422 if form.errors else 200)


def _kept(user, keep):
    kept = allowing(Agency, user, Perm.DIRECTORY_VIEW).filter(pk=id_of(keep)).first()
    if kept is None:
        raise Http404
    return kept


def _one(request, row, kept):
    """The preview of one pair; posted: merge the two, or say (`act` is 'ask') that they are one school."""
    form = SecondForm(request.POST if request.POST.get("act") == "ask" else None)
    asks = form.is_bound
    if request.method == "POST" and (not asks or form.is_valid()):
        try:
            if asks:
                services.ask_second(row, into=kept, by=request.user, reason=form.cleaned_data["reason"])
            else:
                services.merge(row, into=kept, by=request.user, seen=request.POST.get("seen", ""))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, ASKED if asks else MERGED)
            return redirect("directory:agency", pk=row.pk if asks else kept.pk)
    status = 422 if form.errors else 409 if request.method == "POST" else 200
    return render(request, "directory/merge_preview.html", _preview(request, row, kept, form), status=status)


def _preview(request, row, kept, form):
    found = services.hindrances(kept, row, by=request.user)
    alone = found != [services.NOT_ALONE.format(row.name)]
    return {
        "agency": row,
        "kept": kept,
        "goes_apart": reads.tells_apart(row),
        "kept_apart": reads.tells_apart(kept),
        "hindrances": found,
        "alone": alone,
        "can_edit": reach_of(request.user).holds_wide(Perm.DIRECTORY_EDIT),
        "moving": reads.moving(request.user, row) if alone else [],
        "seen": services.seen_of(kept, row),
        "until": timezone.localdate() + timedelta(days=UNDO_DAYS),
        "asked": services.open_question(kept, row),
        "form": form,
        "may_ask": services.only_numbers(found),
    }


@page(Perm.DIRECTORY_VIEW, SecondNumber, related=("kept", "merged"), methods=("POST",))
def second_number_refuse(request, row):
    _may_merge(request)
    try:
        services.refuse_second(row, by=request.user)
        messages.success(request, "The two stay two records.")
    except Stale as stale:
        messages.warning(request, stale.messages[0])
    return redirect("directory:agency", pk=row.merged_id)


@page(Perm.DIRECTORY_VIEW, AgencyMerge, related=("kept", "merged"), methods=("POST",))
def merge_undo(request, row):
    _may_merge(request)
    try:
        services.undo(row, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("directory:agency", pk=row.kept_id)
    messages.success(request, f"The merging was taken back: {row.merged.name} has its own record again.")
    return redirect("directory:agency", pk=row.merged_id)
