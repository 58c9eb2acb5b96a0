"""'Your account': details, sessions, roles, what one may see and why. Everything here is about the reader alone."""

from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render

from partnership.access.flow import Stale
from partnership.access.page import page
from partnership.access.replies import form_page, posted
from partnership.access.sessions import end_session, end_sessions, places_of
from partnership.directory.mine import reads
from partnership.directory.mine.forms import DetailsForm, EndSessionForm, WithdrawForm
from partnership.directory.mine.services import OWN_FIELDS, change_details
from partnership.directory.models import AccountRequest
from partnership.directory.requests import addresses
from partnership.directory.requests.forms import AddressForm
from partnership.directory.requests.reads import about
from partnership.directory.requests.services import withdraw
from partnership.people.roles import Perm


@page(Perm.SIGN_IN)
def account(request):
    initial = {name: getattr(request.user, name) for name in OWN_FIELDS}
    form = DetailsForm(posted(request), user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        change_details(request.user, facts={name: form.cleaned_data[name] for name in OWN_FIELDS})
        messages.success(request, "Saved.")
        return redirect("directory:account")
    return form_page(request, "directory/account.html", form, waiting=about(request.user))


@page(Perm.BELONG)
def account_address(request):
    """Another address is asked for: every session ends, and cases are closed until two people have agreed."""
    form = AddressForm(posted(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            addresses.ask_for_address(request.user, form.cleaned_data["address"], by=request.user)
        except ValidationError as error:
            form.put_errors(error)
        else:
            logout(request)
            messages.success(request, "The new address is asked for. Until it is approved, sign in with the old one.")
            return redirect("account_login")
    return form_page(request, "directory/account_address.html", form)


@page(Perm.SIGN_IN, methods=("POST",))
def account_withdraw(request):
    form = WithdrawForm(request.POST, user=request.user)
    mine = AccountRequest.objects.allowing(request.user, Perm.SIGN_IN).filter(user=request.user)
    row = mine.filter(pk=form.cleaned_data["request"]).first() if form.is_valid() else None
    try:
        if row is None:
            messages.warning(request, "Nothing was changed: there is no such request about your account.")
        else:
            withdraw(row, by=request.user)
            messages.success(request, "It is withdrawn, and all is as it was before.")
    except Stale as stale:
        messages.warning(request, stale.messages[0])
    return redirect("directory:account")


@page(Perm.SIGN_IN)
def account_sessions(request):
    here = request.session.session_key
    if request.method == "POST":
        form = EndSessionForm(request.POST, user=request.user)
        handle = form.cleaned_data["session"] if form.is_valid() else "unknown"
        if not handle:
            number = end_sessions(request.user, by=request.user, but=here)
            messages.success(request, f"{number} other session{' was' if number == 1 else 's were'} ended.")
        elif end_session(request.user, handle):
            messages.success(request, "It was ended. Whoever used it is asked to sign in.")
        else:
            messages.warning(request, "Nothing was changed: that session has ended already.")
        return redirect("directory:account_sessions")
    return render(request, "directory/account_sessions.html", {"places": places_of(request.user, here=here)})


@page(Perm.SIGN_IN, methods=("GET",))
def account_roles(request):
    context = {"roles": reads.roles_of(request.user), "duties": reads.duties_of(request.user)}
    return render(request, "directory/account_roles.html", context)


@page(Perm.SIGN_IN, methods=("GET",))
def account_access(request):
    return render(request, "directory/account_access.html", {"may": reads.may_see(request.user)})
