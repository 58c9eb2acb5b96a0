"""The two pages that are open before signing in: 'I have lost my phone', and the link to a new address."""

from contextlib import suppress

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.stagekit import clear_login
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from partnership.access.links import link
from partnership.access.replies import form_page
from partnership.directory.requests import addresses, services
from partnership.directory.requests.kinds import LOST_FACTOR
from partnership.ui.forms import GovForm


@require_http_methods(["GET", "HEAD", "POST"])
@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login")
def lost_phone(request):
    """For the one whose password was just typed, and for nobody else: the library's own record says who that is.

    It opens nothing; the request waits for two people. Asked twice it is the same request.
    """
    user = request._login_stage.login.user
    if not Authenticator.objects.filter(user=user).exists():
        clear_login(request)
        return redirect("account_login")
    if user.guest:
        return render(request, "directory/lost_phone.html", {"guest": True})
    if request.method == "POST":
        # An account that was closed a moment ago answers the same.
        with suppress(ValidationError), transaction.atomic():
            services.open_request(LOST_FACTOR, user=user)
        return render(request, "directory/lost_phone.html", {"asked": True})
    return render(request, "directory/lost_phone.html", {"asked": False})


@link("new_address")
def confirm_address(request, row):
    """The new mailbox answers. Looking uses nothing up; whoever is signed in as somebody else is refused."""
    if request.user.is_authenticated and request.user.pk != row.acts_as_id:
        raise PermissionDenied
    asked = addresses.request_of(row)
    form = GovForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            addresses.confirm(row)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if request.user.is_authenticated:
                logout(request)
            messages.success(request, "This is your address from now on. Sign in with it.")
            return redirect("account_login")
    return form_page(request, "directory/confirm_address.html", form, address=asked.said["address"])
