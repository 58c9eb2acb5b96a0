"""Pages that change what hangs on an organisation beside sites and duties."""

from functools import partial

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse

from partnership.access.page import page
from partnership.access.picking import label_of
from partnership.access.replies import form_page, posted
from partnership.directory.areas.forms import ClosureForm
from partnership.directory.editing import adding, as_saved, changing, edited, ending
from partnership.directory.particulars import forms, services
from partnership.people.models import Agency, Closure, ContactPoint, Ownership, Registration, School, SharingAgreement
from partnership.people.roles import Perm

contact_add = adding("contact", forms.ContactForm, services.add_contact, "The contact was added.")
contact_edit = changing(ContactPoint, "contact", forms.ContactForm, services.change_contact, "The contact was changed.")
contact_end = ending(ContactPoint, "contact", services.end_contact, "The end of the contact was recorded.")

agreement_add = adding("agreement", forms.AgreementForm, services.add_agreement, "The agreement was added.")
agreement_edit = changing(
    SharingAgreement, "agreement", forms.AgreementForm, services.change_agreement, "The agreement was changed."
)
agreement_end = ending(SharingAgreement, "agreement", services.end_agreement, "The end of the agreement was recorded.")

ownership_end = ending(
    Ownership, "ownership", services.end_ownership, "The end was recorded.", related=("owner", "agency")
)

number_add = adding("number", forms.NumberForm, services.add_number, "The number was added.")
school_edit = changing(
    School,
    "school",
    forms.SchoolForm,
    lambda school, **facts: services.change_school(school.agency, **facts),
    "The school’s facts were saved.",
)
closure_add = adding(
    "closure",
    ClosureForm,
    lambda agency, **facts: services.add_closure(agency=agency, **facts),
    "The closed days were added.",
)


@page(Perm.DIRECTORY_EDIT, Agency)
def ownership_add(request, row):
    """Who runs whom: the two are named in a sentence first, since a part of a name may have meant another one."""
    form = forms.OwnershipForm(posted(request), user=request.user, agency=row)
    if request.method == "POST" and form.is_valid() and not form.is_sure():
        if "change" in request.POST:
            return form_page(request, "directory/ownership_add.html", form, agency=row)
        other = form.cleaned_data["other"]
        own = ("csrfmiddlewaretoken", "other", "sure")
        typed = [(name, words) for name, words in request.POST.items() if name not in own]
        context = {"agency": row, "other": other, "label": label_of(other), "said": form.said(), "typed": typed}
        return render(request, "directory/ownership_sure.html", context)
    return edited(
        request, "directory/ownership_add.html", form=form, act=partial(services.add_ownership, by=request.user),
        agency=row, done="Who runs whom was recorded.",
    )  # fmt: skip


@page(Perm.DIRECTORY_EDIT, Ownership, related=("owner", "agency"))
def ownership_remove(request, row):
    """Takes back what was recorded by mistake; asked for once more, and it leads back to the page that it came from."""
    sent = request.POST if request.method == "POST" else request.GET
    agency = row.owner if sent.get("from") == str(row.owner_id) else row.agency
    if request.method == "POST":
        services.remove_ownership(row, by=request.user)
        messages.success(request, "Who runs whom was removed. Both organisations stay as they are.")
        return redirect("directory:agency", pk=agency.pk)
    return render(request, "directory/ownership_remove.html", {"row": row, "agency": agency})


@page(Perm.DIRECTORY_EDIT, Closure, related=("agency", "area"))
def closure_edit(request, row):
    """Closed days of an organisation, or the holidays of an area."""
    return edited(
        request,
        "directory/closure_edit.html",
        form=ClosureForm(posted(request), user=request.user, initial=as_saved(row)),
        act=partial(services.change_closure, row, by=request.user),
        agency=row.agency,
        row=row,
        versioned=True,
        done="The closed days were changed.",
        home=_home_of(row),
    )


@page(Perm.DIRECTORY_EDIT, Closure, related=("agency", "area"), methods=("POST",))
def closure_remove(request, row):
    services.remove_closure(row, by=request.user)
    messages.success(request, f"‘{row.name}’ was taken away.")
    return redirect(_home_of(row))


def _home_of(closure):
    if closure.agency_id:
        return reverse("directory:agency", args=[closure.agency_id])
    return reverse("directory:holidays", args=[closure.area_id])


@page(Perm.DIRECTORY_EDIT, Registration, related=("agency",), methods=("POST",))
def number_remove(request, row):
    services.remove_number(row, by=request.user)
    messages.success(request, f"The number {row.number} was removed.")
    return redirect("directory:agency", pk=row.agency_id)
