"""The addresses of django-allauth that the portal uses, each with its policy; the library's others do not exist here.

No sign-up, no change of email, no taking off of one's own second factor: a lost phone is the business unit's matter.
"""

from functools import wraps

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from django.urls import path, re_path

from partnership.access.page import Policy, public, to_sign_in
from partnership.directory import account_views as ours
from partnership.directory.mailed_code import AskCode, ConfirmCode
from partnership.people.roles import Perm

OWN = "allauth asks for the session itself"


def own(view):
    """A page about one's own account: signed in, and (the middleware sees to it) with the second factor."""

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        if not request.user.is_authenticated:
            return to_sign_in(request)
        return view(request, *args, **kwargs)

    wrapper.policy = Policy("page", perm=Perm.SIGN_IN, why=OWN)
    return wrapper


key = r"(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)"

urlpatterns = [
    path("login/", public(ours.SignIn.as_view(), why="people sign in here"), name="account_login"),
    path(
        "login/code/",
        public(AskCode.as_view(), why="asks for a mailed code; it answers the same for every address"),
        name="account_request_login_code",
    ),
    path(
        "login/code/confirm/",
        public(ConfirmCode.as_view(), why="the mailed code is entered here; counts once, three tries"),
        name="account_confirm_login_code",
    ),
    path("logout/", public(ours.SignOut.as_view(), why=OWN), name="account_logout"),
    path("reauthenticate/", own(account.reauthenticate), name="account_reauthenticate"),
    path("password/change/", own(ours.ChangePassword.as_view()), name="account_change_password"),
    path(
        "password/reset/",
        public(account.password_reset, why="a forgotten password; it answers the same for every address"),
        name="account_reset_password",
    ),
    path(
        "password/reset/done/",
        public(account.password_reset_done, why="says that an email may be on its way"),
        name="account_reset_password_done",
    ),
    re_path(
        rf"^password/reset/key/{key}/$",
        public(account.password_reset_from_key, why="the link of the email; the second factor is still asked for"),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        public(account.password_reset_from_key_done, why="says that the password is set"),
        name="account_reset_password_from_key_done",
    ),
    path("second-factor/", own(mfa.index), name="mfa_index"),
    path(
        "second-factor/authenticate/",
        public(ours.SecondFactor.as_view(), why="the second step of signing in"),
        name="mfa_authenticate",
    ),
    path("second-factor/reauthenticate/", own(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("second-factor/app/", own(ours.ActivateSecondFactor.as_view()), name="mfa_activate_totp"),
    path("second-factor/codes/", own(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("second-factor/codes/new/", own(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("second-factor/codes/download/", own(codes.download_recovery_codes), name="mfa_download_recovery_codes"),
]
