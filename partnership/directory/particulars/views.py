"""Pages that change what hangs on an organisation beside sites and duties."""

from functools import partial

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse

from partnership.access.page import page
from partnership.access.replies import posted
from partnership.directory.areas.forms import ClosureForm
from partnership.directory.editing import adding, as_saved, changing, edited, ending
from partnership.directory.particulars import forms, services
from partnership.people.models import Closure, ContactPoint, Ownership, Registration, School, SharingAgreement
from partnership.people.roles import Perm

contact_add = adding("contact", forms.ContactForm, services.add_contact, "The contact was added.")
contact_edit = changing(ContactPoint, "contact", forms.ContactForm, services.change_contact, "The contact was changed.")
contact_end = ending(ContactPoint, "contact", services.end_contact, "The end of the contact was recorded.")

agreement_add = adding("agreement", forms.AgreementForm, services.add_agreement, "The agreement was added.")
agreement_edit = changing(
    SharingAgreement, "agreement", forms.AgreementForm, services.change_agreement, "The agreement was changed."
)
agreement_end = ending(SharingAgreement, "agreement", services.end_agreement, "The end of the agreement was recorded.")

ownership_add = adding(
    "ownership",
    forms.OwnershipForm,
    lambda _, **facts: services.add_ownership(**facts),  # the form names both organisations
    "Who runs whom was recorded.",
)
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
