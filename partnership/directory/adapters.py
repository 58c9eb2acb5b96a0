"""What the portal changes in django-allauth: nobody signs up, and signing in and out is part of the trail."""

import time
from base64 import urlsafe_b64encode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.crypto import salted_hmac

from partnership.access import kept, memory
from partnership.access.secondfactor import has_second_factor
from partnership.directory import limits
from partnership.directory.limits import address_hash
from partnership.trail.services import record

FRESH_SECONDS = 300
LOGGED_IN = "account/messages/logged_in.txt"
ONE_STEP_LEFT = "Your password is right. One step is left: set up an authenticator app on your phone."


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": (
            "There were too many wrong attempts. Wait five minutes and try again. "
            "If you have forgotten your password, set a new one: then you need not wait."
        ),
        "email_password_mismatch": "The email address or the password is not right. Check both and try again.",
    }

    def is_open_for_signup(self, request):
        return False

    def post_login(self, request, user, **kwargs):
        record("sign_in", by=user, obj=user, methods=methods_of(request, user))
        response = super().post_login(request, user, **kwargs)
        limits.remember_browser(request, response, user.email)
        # Beat does it each few minutes; where beat does not run, what is kept must still not stay.
        kept.dispose()
        memory.dispose()
        return response

    def add_message(self, request, level, message_template=None, *args, **kwargs):
        """'Signed in' would be wrong while the second factor is missing: it says what happens next."""
        if message_template == LOGGED_IN and not has_second_factor(request):
            messages.info(request, ONE_STEP_LEFT)
            return
        super().add_message(request, level, message_template, *args, **kwargs)

    def pre_authenticate(self, request, **credentials):
        # The library's own limit is by account alone: whoever knows an address could shut its owner out.
        usage = limits.take(request, _address(credentials))
        if usage is None:
            raise self.validation_error("too_many_login_attempts")
        self._login_failed_rl_usage = usage

    def _delete_login_attempts_cached_email(self, request, **credentials):
        limits.forget(request, _address(credentials))

    def respond_user_inactive(self, request, user):
        return self._turned_away(request, user, "inactive")

    def respond_email_verification_sent(self, request, user):
        """Accounts are opened with a verified address; one without is mended by whoever opens accounts."""
        return self._turned_away(request, user, "unverified")

    def should_send_confirmation_mail(self, request, email_address, signup):
        return False

    def _turned_away(self, request, user, why):
        record("sign_in_refused", obj=user, why=why)
        messages.error(request, f"You cannot sign in with this account. Ask {settings.PARTNERSHIP_CONTACT}.")
        return redirect("account_login")

    def send_notification_mail(self, template_prefix, user, *args, **kwargs):
        """The library tells of every change to an account here: a new password, a code used, a device added."""
        record("account_changed", by=user, obj=user, what=template_prefix.rsplit("/", 1)[-1])
        return super().send_notification_mail(template_prefix, user, *args, **kwargs)

    def authentication_failed(self, request, **credentials):
        """Neither password nor address: a keyed hash shows that guesses were about one account, not whose."""
        record("sign_in_failed", address=address_hash(_address(credentials)))

    def logout(self, request):
        if request.user.is_authenticated:
            record("sign_out", by=request.user, obj=request.user)
        super().logout(request)

    def is_reauthentication_required(self, *, app, **kwargs):
        """A first device is set up straight after the password was typed; asking for it twice proves nothing more."""
        return super().is_reauthentication_required(app=app, **kwargs) and not (
            app == "allauth.mfa" and _password_just_typed(context.request)
        )


class SecondFactorAdapter(DefaultMFAAdapter):
    """The secrets of authenticator apps and recovery codes rest encrypted: a stolen backup signs nobody in."""

    def encrypt(self, text):
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher():
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    derived = [salted_hmac("partnership.second_factor", "", secret=key, algorithm="sha256").digest() for key in keys]
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in derived])


def _address(credentials) -> str:
    return str(credentials.get("email") or credentials.get("username") or "")


def methods_of(request, user):
    return sorted({entry.get("method", "") for entry in get_authentication_records(request, user)})


def _password_just_typed(request):
    if Authenticator.objects.filter(user_id=request.user.pk).exists():
        return False
    now = time.time()
    return any(
        entry.get("method") == "password" and now - entry.get("at", 0) < FRESH_SECONDS
        for entry in get_authentication_records(request, request.user)
    )
