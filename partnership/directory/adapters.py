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

from partnership.trail.services import record

FRESH_SECONDS = 300


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        return False

    def post_login(self, request, user, **kwargs):
        record("sign_in", by=user, obj=user, methods=methods_of(request, user))
        return super().post_login(request, user, **kwargs)

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
        address = str(credentials.get("email") or credentials.get("username") or "")
        record("sign_in_failed", address=address_hash(address))

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


def address_hash(address) -> str:
    """Sixteen hexadecimal digits that cannot be turned back without the portal's key."""
    return salted_hmac("partnership.sign_in", address.strip().lower()[:320], algorithm="sha256").hexdigest()[:16]


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
