"""A lead names who holds the duties of her own organisation, and invites a holder who has no sign-in."""

from django.http import Http404
from django.shortcuts import render

from partnership.access.page import page
from partnership.access.replies import act_on, posted
from partnership.directory.joining import asking, duties, forms, reads, rules
from partnership.people.models import Agency, NamedDuty
from partnership.people.roles import Perm


@page(Perm.COLLEAGUES, Agency, methods=("GET",))
def agency_duties(request, row):
    held = [(each, each.kind not in rules.OF_THE_PARTNERSHIP) for each in reads.duties(row)]
    return render(request, "directory/agency_duties.html", {"agency": row, "duties": held})


@page(Perm.COLLEAGUES, Agency)
def duty_of_ours(request, row):
    """A duty that the directory does not name yet, with its holder."""
    form = forms.DutyHolderForm(posted(request), user=request.user, agency=row)

    def act():
        duties.name_duty(row, by=request.user, **form.facts())

    said = ("The duty and its holder are named.", "directory:agency_duties", row.pk)
    return act_on(request, form, act, "directory/duty_of_ours.html", said, agency=row)


@page(Perm.COLLEAGUES, NamedDuty, related=("agency", "holder"))
def duty_holder(request, row):
    """Name the holder of a vacant duty, or whom it is handed over to from today."""
    if row.kind in rules.OF_THE_PARTNERSHIP and not rules.keeps_everybody(request.user):
        raise Http404
    form = forms.DutyHolderForm(posted(request), user=request.user, duty=row, initial={"post": row.post})

    def act():
        duties.hand_over(row, by=request.user, **form.facts())

    said = ("The holder is named.", "directory:agency_duties", row.agency_id)
    return act_on(request, form, act, "directory/duty_holder.html", said, agency=row.agency, row=row)


@page(Perm.COLLEAGUES, NamedDuty, related=("agency", "holder"))
def holder_invite(request, row):
    """Invite a duty's holder who has no sign-in; asks for the address where the directory has none."""
    if row.kind in rules.OF_THE_PARTNERSHIP and not rules.keeps_everybody(request.user):
        raise Http404
    initial = {"role": rules.role_for(row)}
    form = forms.HolderForm(posted(request), user=request.user, duty=row, initial=initial)

    def act():
        facts = {"email": form.cleaned_data.get("email", ""), "role": form.cleaned_data["role"]}
        return asking.invite_holder(row, by=request.user, **facts)

    def said(found):
        return f"An invitation is on its way to {found.email}.", "directory:invitation", found.pk

    return act_on(request, form, act, "directory/holder_invite.html", said, agency=row.agency, row=row)
