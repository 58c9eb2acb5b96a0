"""The pages of the directory: everybody signed in reads it, the directory's administrators change it."""

from functools import partial

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse

from partnership.access.page import page
from partnership.access.reach import reach_of
from partnership.access.replies import posted
from partnership.directory import forms, reads, services
from partnership.directory.adding import AgencyAddForm
from partnership.directory.editing import adding, as_saved, changing, edited, ending
from partnership.directory.history import history_of
from partnership.directory.joining.rules import may_keep
from partnership.directory.merging.reads import may_merge
from partnership.people.models import Agency, Alias, Classification, NamedDuty, Site, Succession
from partnership.people.roles import Perm
from partnership.ui.forms import GovDateField, GovForm


class AsOnForm(GovForm):
    as_on = GovDateField(label="As on", subject="as-on date", required=False)


def _can_edit(request):
    return reach_of(request.user).holds_wide(Perm.DIRECTORY_EDIT)


def _internal(request):
    return reach_of(request.user).holds_wide(Perm.DIRECTORY_INTERNAL)


@page(Perm.DIRECTORY_VIEW, Agency, related=("school",), methods=("GET",))
def agency(request, row):
    if row.merged_into_id:  # its address leads on to the record that was kept
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        return redirect(reverse("directory:agency", args=[row.merged_into_id]) + query)
    form = AsOnForm(request.GET)
    day = form.cleaned_data["as_on"] if form.is_valid() else None
    facts = reads.agency_facts(request.user, row, day=day)
    context = {
        "form": form,
        "agency": row,
        "facts": facts,
        "school": getattr(row, "school", None),
        "can_edit": _can_edit(request),
        "internal": _internal(request),
        "can_merge": may_merge(request.user),
        "keeps_people": may_keep(request.user, row),
    }
    return render(request, "directory/agency.html", context, status=422 if form.errors else 200)


@page(Perm.DIRECTORY_VIEW, Agency, methods=("GET",))
def agency_history(request, row):
    changes = history_of(row, internal=_internal(request))
    return render(request, "directory/agency_history.html", {"agency": row, "changes": changes})


@page(Perm.DIRECTORY_EDIT)
def agency_add(request):
    form = AgencyAddForm(posted(request), user=request.user)
    act = partial(services.add_agency, by=request.user)
    return edited(
        request, "directory/agency_add.html", form=form, act=act, agency=None, done="The organisation was added."
    )


@page(Perm.DIRECTORY_EDIT, Agency)
def agency_edit(request, row):
    form = forms.AgencyForm(posted(request), user=request.user, agency=row, initial=as_saved(row))
    act = partial(services.change_agency, row, by=request.user)
    return edited(
        request,
        "directory/agency_edit.html",
        form=form,
        act=act,
        agency=row,
        row=row,
        versioned=True,
        done="Your changes were saved.",
    )


site_add = adding("site", forms.SiteForm, services.add_site, "The site was added.")
site_edit = changing(Site, "site", forms.SiteForm, services.change_site, "The site was changed.")

duty_add = adding("duty", forms.DutyForm, services.add_duty, "The named duty was added.")
duty_end = ending(
    NamedDuty, "duty", services.end_duty, "The end of the duty was recorded.", related=("agency", "holder")
)


@page(Perm.DIRECTORY_EDIT, NamedDuty, related=("agency", "holder", "deputy_for"))
def duty_edit(request, row):
    form = forms.DutyForm(posted(request), user=request.user, agency=row.agency, duty=row, initial=as_saved(row))
    act = partial(services.change_duty, row, by=request.user)
    return edited(
        request,
        "directory/duty_edit.html",
        form=form,
        act=act,
        agency=row.agency,
        row=row,
        versioned=True,
        done="The named duty was changed.",
    )


succession_add = adding(
    "succession",
    forms.SuccessionForm,
    lambda _, **facts: services.add_succession(**facts),  # the form names both organisations
    "The succession was recorded.",
)
classification_add = adding(
    "classification", forms.ClassificationForm, services.add_classification, "The Schedule item was added."
)
classification_end = ending(
    Classification,
    "classification",
    services.end_classification,
    "The end was recorded.",
    related=("agency", "item"),
)
alias_add = adding("alias", forms.AliasForm, services.add_alias, "The other name was added.")


@page(Perm.DIRECTORY_EDIT, Alias, related=("agency",), methods=("POST",))
def alias_remove(request, row):
    services.remove_alias(row, by=request.user)
    messages.success(request, f"The other name ‘{row.name}’ was removed.")
    return redirect("directory:agency", pk=row.agency_id)


@page(Perm.DIRECTORY_EDIT, Succession, related=("predecessor", "successor"))
def succession_remove(request, row):
    """Takes back what was recorded by mistake; asked for once more, and it leads back to the page that it came from."""
    sent = request.POST if request.method == "POST" else request.GET
    agency = row.successor if sent.get("from") == str(row.successor_id) else row.predecessor
    if request.method == "POST":
        services.remove_succession(row, by=request.user)
        messages.success(request, "The succession was removed. Both organisations stay as they are.")
        return redirect("directory:agency", pk=agency.pk)
    return render(request, "directory/succession_remove.html", {"row": row, "agency": agency})
