"""What every page that changes the directory does: check, call one service, keep what was typed when it is refused."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect

from partnership.access.flow import Stale
from partnership.access.replies import Clash, clash_page, differing, form_page, who_did
from partnership.directory import services
from partnership.directory.particulars import services as particulars
from partnership.directory.rules import last_day
from partnership.people.models import Agency, Closure, ContactPoint, NamedDuty, SharingAgreement, Site

FIELDS = {
    Agency: services.AGENCY_FIELDS,
    Site: services.SITE_FIELDS,
    NamedDuty: services.DUTY_FIELDS,
    ContactPoint: particulars.CONTACT_FIELDS,
    SharingAgreement: particulars.AGREEMENT_FIELDS,
    Closure: particulars.CLOSURE_FIELDS,
}


def edited(request, template, *, form, act, agency, done, row=None, versioned=False):
    """The answer of an editing page.

    act: called with the form's facts. versioned: the form is an edit of `row`, so `act` is told the version that was
    read too. A refusal answers 422 with the words at their field, a stale edit 409 with both texts.
    """
    if agency is not None and agency.merged_into_id:
        messages.warning(request, "This record was merged into another one. Change that one, below.")
        return redirect("directory:agency", pk=agency.merged_into_id)
    context = {"agency": agency, "row": row}
    if request.method == "POST" and form.is_valid():
        facts = form.facts() | ({"version": form.cleaned_data["version"]} if versioned else {})
        try:
            result = act(**facts)
        except Stale:
            return _clash(request, template, form, row, context)
        except ValidationError as error:
            form.put_errors(error)
        else:
            messages.success(request, done)
            return redirect("directory:agency", pk=(agency or result).pk)
    return form_page(request, template, form, **context)


def as_saved(row) -> dict:
    """What the form of `row` shows first: its values, its last day instead of the day after, and its version."""
    values = {name: getattr(row, name) for name in FIELDS[type(row)]}
    if isinstance(row, Agency):
        values["areas"] = list(row.areas.all())
    return values | {"ends": last_day(row.ends), "version": services.version_of(row)}


def _clash(request, template, form, row, context):
    row.refresh_from_db()
    now, newest = as_saved(row), row.history.select_related("history_user").latest("history_id")
    clash = Clash(who_did(request.user, newest.history_user, newest.history_date), differing(form, now))
    return clash_page(request, template, form, clash, hidden={"version": now["version"]}, **context)
