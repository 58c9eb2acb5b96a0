"""Pages that change what hangs on an organisation beside sites and duties."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect

from partnership.access.flow import Stale
from partnership.access.page import page
from partnership.access.replies import conflict_page, form_page, posted
from partnership.directory.areas.forms import ClosureForm
from partnership.directory.editing import as_saved, edited
from partnership.directory.forms import EndForm
from partnership.directory.particulars import forms, services
from partnership.directory.rules import last_day
from partnership.people.models import Agency, Closure, ContactPoint, Ownership, Registration, School, SharingAgreement
from partnership.people.roles import Perm


@page(Perm.DIRECTORY_EDIT, Agency)
def contact_add(request, row):
    form = forms.ContactForm(posted(request), user=request.user)
    act = partial(services.add_contact, row, by=request.user)
    return edited(request, "directory/contact_add.html", form=form, act=act, agency=row, done="The contact was added.")


@page(Perm.DIRECTORY_EDIT, ContactPoint, related=("agency",))
def contact_edit(request, row):
    form = forms.ContactForm(posted(request), user=request.user, initial=as_saved(row))
    act = partial(services.change_contact, row, by=request.user)
    return edited(
        request, "directory/contact_edit.html", form=form, act=act, agency=row.agency, row=row, versioned=True,
        done="The contact was changed.",
    )  # fmt: skip


@page(Perm.DIRECTORY_EDIT, ContactPoint, related=("agency",))
def contact_end(request, row):
    form = EndForm(posted(request), user=request.user, initial={"ends": last_day(row.ends)})
    act = partial(services.end_contact, row, by=request.user)
    return edited(
        request, "directory/contact_end.html", form=form, act=act, agency=row.agency, row=row,
        done="The end of the contact was recorded.",
    )  # fmt: skip


@page(Perm.DIRECTORY_EDIT, Agency)
def agreement_add(request, row):
    form = forms.AgreementForm(posted(request), user=request.user)
    act = partial(services.add_agreement, row, by=request.user)
    return edited(
        request, "directory/agreement_add.html", form=form, act=act, agency=row, done="The agreement was added."
    )


@page(Perm.DIRECTORY_EDIT, SharingAgreement, related=("agency",))
def agreement_edit(request, row):
    form = forms.AgreementForm(posted(request), user=request.user, initial=as_saved(row))
    act = partial(services.change_agreement, row, by=request.user)
    return edited(
        request, "directory/agreement_edit.html", form=form, act=act, agency=row.agency, row=row, versioned=True,
        done="The agreement was changed.",
    )  # fmt: skip


@page(Perm.DIRECTORY_EDIT, SharingAgreement, related=("agency",))
def agreement_end(request, row):
    form = EndForm(posted(request), user=request.user, initial={"ends": last_day(row.ends)})
    act = partial(services.end_agreement, row, by=request.user)
    return edited(
        request, "directory/agreement_end.html", form=form, act=act, agency=row.agency, row=row,
        done="The end of the agreement was recorded.",
    )  # fmt: skip


@page(Perm.DIRECTORY_EDIT, Agency)
def closure_add(request, row):
    form = ClosureForm(posted(request), user=request.user)
    act = partial(services.add_closure, by=request.user, agency=row)
    return edited(
        request, "directory/closure_add.html", form=form, act=act, agency=row, done="The closed days were added."
    )


@page(Perm.DIRECTORY_EDIT, Closure, related=("agency", "area"))
def closure_edit(request, row):
    """Closed days of an organisation, or the holidays of an area."""
    form = ClosureForm(posted(request), user=request.user, initial=as_saved(row))
    if request.method == "POST" and form.is_valid():
        try:
            services.change_closure(row, by=request.user, version=form.cleaned_data["version"], **form.facts())
        except Stale as stale:
            return conflict_page(request, stale, form, request.path)
        except ValidationError as error:
            form.put_errors(error)
        else:
            messages.success(request, "The closed days were changed.")
            name, pk = _home_of(row)
            return redirect(name, pk=pk)
    return form_page(request, "directory/closure_edit.html", form, row=row, agency=row.agency, area=row.area)


@page(Perm.DIRECTORY_EDIT, Closure, related=("agency", "area"), methods=("POST",))
def closure_remove(request, row):
    name, pk = _home_of(row)
    services.remove_closure(row, by=request.user)
    messages.success(request, f"‘{row.name}’ was taken away.")
    return redirect(name, pk=pk)


def _home_of(closure):
    if closure.agency_id:
        return "directory:agency", closure.agency_id
    return "directory:holidays", closure.area_id


@page(Perm.DIRECTORY_EDIT, Agency)
def ownership_add(request, row):
    form = forms.OwnershipForm(posted(request), user=request.user, agency=row)
    act = partial(services.add_ownership, by=request.user)
    return edited(
        request, "directory/ownership_add.html", form=form, act=act, agency=row, done="Who runs whom was recorded."
    )


@page(Perm.DIRECTORY_EDIT, Ownership, related=("owner", "agency"))
def ownership_end(request, row):
    form = EndForm(posted(request), user=request.user)
    act = partial(services.end_ownership, row, by=request.user)
    return edited(
        request, "directory/ownership_end.html", form=form, act=act, agency=row.agency, row=row,
        done="The end was recorded.",
    )  # fmt: skip


@page(Perm.DIRECTORY_EDIT, Agency)
def number_add(request, row):
    form = forms.NumberForm(posted(request), user=request.user)
    act = partial(services.add_number, row, by=request.user)
    return edited(request, "directory/number_add.html", form=form, act=act, agency=row, done="The number was added.")


@page(Perm.DIRECTORY_EDIT, Registration, related=("agency",), methods=("POST",))
def number_remove(request, row):
    services.remove_number(row, by=request.user)
    messages.success(request, f"The number {row.number} was removed.")
    return redirect("directory:agency", pk=row.agency_id)


@page(Perm.DIRECTORY_EDIT, School, related=("agency",))
def school_edit(request, row):
    initial = {name: getattr(row, name) for name in services.SCHOOL_FIELDS} | {"version": row.agency.version}
    form = forms.SchoolForm(posted(request), user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"]
            services.change_school(row.agency, by=request.user, version=version, **form.facts())
        except Stale as stale:
            return conflict_page(request, stale, form, request.path)
        except ValidationError as error:
            form.put_errors(error)
        else:
            messages.success(request, "The school’s facts were saved.")
            return redirect("directory:agency", pk=row.agency_id)
    return form_page(request, "directory/school_edit.html", form, row=row, agency=row.agency)
