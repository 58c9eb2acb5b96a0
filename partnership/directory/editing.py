"""What every page that changes the directory does: check, call one service, keep what was typed when it is refused.

`adding`, `changing` and `ending` make the pages of what hangs on an organisation; `edited` answers any of them.
"""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect

from partnership.access.flow import Stale
from partnership.access.page import page
from partnership.access.replies import Clash, clash_page, conflict_page, differing, form_page, posted, who_did
from partnership.directory import services
from partnership.directory.forms import EndForm
from partnership.directory.particulars import services as particulars
from partnership.people.models import Agency, Closure, ContactPoint, NamedDuty, School, SharingAgreement, Site
from partnership.people.models.dated import last_day
from partnership.people.roles import Perm

FIELDS = {
    Agency: services.AGENCY_FIELDS,
    Site: services.SITE_FIELDS,
    NamedDuty: services.DUTY_FIELDS,
    ContactPoint: particulars.CONTACT_FIELDS,
    SharingAgreement: particulars.AGREEMENT_FIELDS,
    Closure: particulars.CLOSURE_FIELDS,
    School: particulars.SCHOOL_FIELDS,
}


def adding(name, form_class, act, done):
    """The page `directory/<name>_add.html`; act: a service, called with the organisation, `by` and the form's facts."""

    @page(Perm.DIRECTORY_EDIT, Agency)
    def view(request, row):
        form = form_class(posted(request), user=request.user, agency=row)
        act_here = partial(act, row, by=request.user)
        return edited(request, f"directory/{name}_add.html", form=form, act=act_here, agency=row, done=done)

    return view


def changing(model, name, form_class, act, done, *, related=("agency",)):
    """The page `directory/<name>_edit.html`; act: a service, called with the row, `by`, `version` and the facts."""

    @page(Perm.DIRECTORY_EDIT, model, related=related)
    def view(request, row):
        form = form_class(posted(request), user=request.user, agency=row.agency, initial=as_saved(row))
        return edited(
            request,
            f"directory/{name}_edit.html",
            form=form,
            act=partial(act, row, by=request.user),
            agency=row.agency,
            row=row,
            versioned=True,
            done=done,
        )

    return view


def ending(model, name, act, done, *, related=("agency",)):
    """The page `directory/<name>_end.html`; act: a service, called with the row, `by` and `ends`."""

    @page(Perm.DIRECTORY_EDIT, model, related=related)
    def view(request, row):
        form = EndForm(posted(request), user=request.user, initial={"ends": last_day(row.ends)})
        act_here = partial(act, row, by=request.user)
        return edited(
            request, f"directory/{name}_end.html", form=form, act=act_here, agency=row.agency, row=row, done=done
        )

    return view


def edited(request, template, *, form, act, agency, done, row=None, versioned=False, home=None):
    """The answer of an editing page.

    act: called with the form's facts. versioned: the form is an edit of `row`, so `act` is told the version that was
    read too. home: the address to go to when it is done, if not the organisation's. A refusal answers 422 with the
    words at their field, a stale edit 409: of a row with versions with both texts.
    """
    if agency is not None and agency.merged_into_id:
        messages.warning(request, "This record was merged into another one. Change that one, below.")
        return redirect("directory:agency", pk=agency.merged_into_id)
    context = {"agency": agency, "row": row}
    if request.method == "POST" and form.is_valid():
        facts = form.facts() | ({"version": form.cleaned_data["version"]} if versioned else {})
        try:
            result = act(**facts)
        except Stale as stale:
            if not versioned:
                return conflict_page(request, stale, form, request.path)
            return _clash(request, template, form, row, context)
        except ValidationError as error:
            form.put_errors(error)
        else:
            messages.success(request, done)
            return redirect(home) if home else redirect("directory:agency", pk=(agency or result).pk)
    return form_page(request, template, form, **context)


def as_saved(row) -> dict:
    """What the form of `row` shows first: its values, its last day instead of the day after, and its version."""
    values = {name: getattr(row, name) for name in FIELDS[type(row)]}
    if isinstance(row, Agency):
        values["areas"] = list(row.areas.all())
    if "ends" in values:
        values["ends"] = last_day(row.ends)
    return values | {"version": services.version_of(_versioned(row))}


def _versioned(row):
    """Whose version and history an edit of `row` is told by: a school's facts are its organisation's."""
    return row.agency if isinstance(row, School) else row


def _clash(request, template, form, row, context):
    kept = _versioned(row)
    row.refresh_from_db()
    kept.refresh_from_db()
    now, newest = as_saved(row), kept.history.select_related("history_user").latest("history_id")
    clash = Clash(who_did(request.user, newest.history_user, newest.history_date), differing(form, now))
    return clash_page(request, template, form, clash, hidden={"version": now["version"]}, **context)
