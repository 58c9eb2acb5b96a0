"""One person, for those who look after them: roles, duties, standing, and what is asked about the account."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone

from partnership.access.page import page
from partnership.access.reach import reach_of
from partnership.access.replies import act_on, form_page, posted
from partnership.directory.leaving.ending import may_end
from partnership.directory.leaving.reads import knows_role
from partnership.directory.models import AccountRequest
from partnership.directory.requests import addresses, case_roles, doubles, forms, reads, services
from partnership.directory.requests.kinds import LOST_FACTOR
from partnership.directory.rules import runs_on_after
from partnership.people.models import Agency, Membership, User
from partnership.people.roles import Perm, Role


def _looks_after(viewer, person):
    """Everybody in the directory may know a name; the page of its person is for those who look after them."""
    return reads.may_look_after(viewer, reads.agencies_of(person))


@page(Perm.DIRECTORY_VIEW, User, methods=("GET",), known=_looks_after)
def person(request, row):
    itself = row.pk == request.user.pk
    context = {
        "person": row,
        "standing": reads.standing_of(row, request.user),
        "may_ask_role": row.is_active and not itself,
        "may_approve": reach_of(request.user).holds_wide(Perm.PEOPLE_APPROVE),
        "itself": itself,
    }
    return render(request, "directory/person.html", context)


@page(Perm.DIRECTORY_VIEW, User, known=_looks_after)
def person_role(request, row):
    agencies = Agency.objects.live().filter(pk__in=reads.agencies_of(row)).order_by("name")
    if row.pk == request.user.pk:
        raise PermissionDenied(case_roles.NOT_YOURS)
    form = forms.RoleForm(posted(request), user=request.user, agencies=agencies)

    def act():
        return case_roles.ask_for_role(row, Role(form.cleaned_data["role"]), form.agency(), by=request.user)

    def said(made):
        asked = isinstance(made, AccountRequest)
        words = "It waits for a check and a second person." if asked else "The role is given."
        return words, "directory:person", row.pk

    return act_on(request, form, act, "directory/person_role.html", said, person=row)


@page(Perm.COLLEAGUES, Membership, related=("user", "agency"), known=knows_role)
def role_end(request, row):
    if row.user_id == request.user.pk or not may_end(request.user, [row]):
        raise PermissionDenied("nobody ends their own role, and no lead one that opens cases")
    form = forms.EndRoleForm(posted(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            case_roles.end_role(row, ends=form.first_day_without(timezone.localdate()), by=request.user)
        except ValidationError as error:
            form.put_errors(error)
        else:
            messages.success(request, "The end of the role is recorded.")
            return (
                redirect("directory:agency", row.agency_id)
                if row.agency_id
                else redirect("directory:person", row.user_id)
            )
    others = (
        Membership.objects.filter(runs_on_after(timezone.localdate()), user=row.user_id).exclude(pk=row.pk).exists()
    )
    return form_page(request, "directory/role_end.html", form, role=row, person=row.user, last=not others)


def _asked(request, row, form, template, act, **context):
    """The answer of a page by which the unit asks for something about a person."""
    if row.pk == request.user.pk:
        raise PermissionDenied("this is asked for by somebody else")

    def said(made):
        return "The request is open. It waits for a check and a second person.", "directory:account_request", made.pk

    return act_on(request, form, act, template, said, person=row, **context)


@page(Perm.PEOPLE_APPROVE, User, known=_looks_after)
def person_address(request, row):
    form = forms.AddressForm(posted(request), user=request.user)

    def act():
        return addresses.ask_for_address(row, form.cleaned_data["address"], by=request.user)

    return _asked(request, row, form, "directory/person_address.html", act)


@page(Perm.PEOPLE_APPROVE, User, known=_looks_after)
def person_lost_phone(request, row):
    form = forms.LostPhoneForm(posted(request), user=request.user)

    def act():
        said = {"note": form.cleaned_data["note"]}
        return services.open_request(LOST_FACTOR, user=row, by=request.user, said=said)

    return _asked(request, row, form, "directory/person_lost_phone.html", act)


@page(Perm.PEOPLE_APPROVE, User, known=_looks_after)
def person_double(request, row):
    words = request.GET.get("q", "").strip()[:200]
    found = list(reads.likely_doubles(row, words=words))
    form = forms.DoubleForm(posted(request), user=request.user, person=row, found=found)

    def act():
        kept, double = form.pair(row)
        return doubles.ask_to_merge(kept, double, address=form.cleaned_data["address"], by=request.user)

    find = forms.FindForm(request.GET or None, user=request.user)
    return _asked(request, row, form, "directory/person_double.html", act, find=find, found=found, words=words)
