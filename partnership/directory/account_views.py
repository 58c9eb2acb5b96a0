"""Signing in and out: django-allauth's own views, with what the portal adds."""

from urllib.parse import parse_qs, urlsplit

from allauth.account import views as account
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.stagekit import clear_login
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import views as totp
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from partnership.access import kept
from partnership.access.context import public_doors
from partnership.access.links import link
from partnership.access.replies import form_page, posted
from partnership.access.secondfactor import DEMO_METHOD, has_second_factor
from partnership.directory import demo
from partnership.directory.accounts import set_first_password
from partnership.directory.forms import FirstPasswordForm
from partnership.people.models import Membership, User
from partnership.trail.services import record

SIGN_IN_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class SignIn(account.LoginView):
    template_name = "directory/sign_in.html"

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        form.fields["password"].help_text = ""  # the page has the link for a forgotten one
        return form

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["doors"] = public_doors()
        context["demo_people"] = demo_people() if settings.DEMO else []
        context["next"] = self.request.POST.get("next") or self.request.GET.get("next", "")
        context["kept"] = kept.QUERY in parse_qs(urlsplit(context["next"]).query)
        return context


def demo_people():
    """The demo's people who exist, in the order of the story: dicts of user, what and where."""
    members = Membership.objects.live().filter(user__email__endswith=f"@{demo.DOMAIN}", user__is_active=True)
    known = {each.user.email: each for each in members.select_related("user", "agency")}
    return [
        {
            "user": known[person.email].user,
            "what": known[person.email].user.job_title,
            "where": known[person.email].agency,
        }
        for person in demo.PEOPLE.values()
        if person.email in known
    ]


class SignOut(account.LogoutView):
    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        if request.method == "POST":
            # Cookies are left to the session itself: clearing them all would also log out of other ports in a demo.
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response


class ChangePassword(account.PasswordChangeView):
    """Who has no password yet (the demo, a link that was never used) cannot change one: the page says what to do."""

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_usable_password():
            return render(request, "directory/no_password.html")
        return super().dispatch(request, *args, **kwargs)


class SecondFactor(mfa.AuthenticateView):
    def dispatch(self, request, *args, **kwargs):
        """Whose app was taken away while the sign-in waited for its code begins anew: the library would send them
        from here to the sign-in and back for a quarter of an hour."""
        response = super().dispatch(request, *args, **kwargs)
        if response.status_code == 302 and response["Location"] == reverse("account_login"):
            clear_login(request)
        return response

    def form_invalid(self, form):
        record("second_factor_failed", obj=self.stage.login.user)
        return super().form_invalid(form)


class ActivateSecondFactor(totp.ActivateTOTPView):
    """Setting up the authenticator app counts as using it: the library itself leaves the session without 'mfa'."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and is_mfa_enabled(request.user, [Authenticator.Type.TOTP]):
            if has_second_factor(request):
                return redirect("mfa_index")
            # This session began before the app was set up in another one: it must show the app like any other.
            logout(request)
            return redirect("account_login")
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form):
        response = super().form_valid(form)
        user = self.request.user
        device = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
        device.wrap().validate_code(form.cleaned_data["code"])  # and so used up: it must not sign in as well
        record_authentication(self.request, user, "mfa", id=device.pk, type=device.type, reauthenticated=True)
        self.request.session.cycle_key()
        record("second_factor_set_up", by=user, obj=user)
        return response

    def get_success_url(self):
        return reverse("mfa_view_recovery_codes")


@require_POST
def demo_sign_in(request, pk):
    """Sign in as one of the demo's people with a click; a page that does not exist unless DEMO is on."""
    if not settings.DEMO:
        raise Http404
    user = User.objects.filter(pk=pk, is_active=True, email__in=[p.email for p in demo.PEOPLE.values()]).first()
    if user is None:
        raise Http404
    if request.user.is_authenticated and request.user.pk != user.pk:
        logout(request)
    login(request, user, backend=SIGN_IN_BACKEND)
    if DEMO_METHOD not in {entry.get("method") for entry in get_authentication_records(request, user)}:
        record_authentication(request, user, DEMO_METHOD)
    record("sign_in", by=user, obj=user, methods=[DEMO_METHOD])
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = resolve_url(settings.LOGIN_REDIRECT_URL)
    return HttpResponseRedirect(target)


@link("first_sign_in")
def first_sign_in(request, row):
    """Set a first password by a link from whoever opened the account; looking at it uses nothing up."""
    if request.user.is_authenticated and request.user.pk != row.acts_as_id:
        raise PermissionDenied
    if row.acts_as.has_usable_password():
        raise Http404  # the first password was set some other way: this door is shut
    form = FirstPasswordForm(posted(request), user=row.acts_as)
    if request.method == "POST" and form.is_valid():
        set_first_password(row, password=form.cleaned_data["password1"])
        messages.success(request, "Your password is set. Sign in with it, and have your phone at hand.")
        return redirect("account_login")
    return form_page(request, "directory/first_sign_in.html", form, person=row.acts_as)
