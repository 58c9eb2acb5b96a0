"""Deny by default: a view without policy, a session without second factor, bytes that no text can hold."""

import time

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from partnership.access import scope
from partnership.access.page import to_sign_in
from partnership.access.secondfactor import has_second_factor
from partnership.access.sessions import DEVICE, SEEN, SINCE, device_of

# While a second factor is still missing, only these can be reached.
BEFORE_SECOND_FACTOR = {
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "mfa_activate_totp",
    "mfa_authenticate",
    "mfa_reauthenticate",
}


class BadBytesMiddleware:
    """NUL and lone surrogates in an address are a plain 400: PostgreSQL cannot hold them."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        text = request.path_info + "".join(f"{k}{v}" for k, values in request.GET.lists() for v in [k, *values])
        if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
            return render(request, "400.html", status=400)
        return self.get_response(request)


class AccessMiddleware:
    """Enters the request's scope, refuses a view without policy, holds the idle limit and the second factor."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with scope.entered():
            response = self.get_response(request)
        signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES or request.user.is_authenticated
        if signed_in or getattr(request, "_policy_kind", "public") != "public":
            response["Cache-Control"] = "no-store"
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response

    def process_view(self, request, view, args, kwargs):
        policy = getattr(view, "policy", None)
        if policy is None:
            raise PermissionDenied(f"{view!r} has no policy")
        request._policy_kind = policy.kind
        if not request.user.is_authenticated:
            return None
        if not request.user.is_active:
            logout(request)
            return to_sign_in(request)
        if self._idle(request, policy):
            logout(request)
            return to_sign_in(request)
        name = request.resolver_match.view_name
        if policy.kind != "public" and not has_second_factor(request) and name not in BEFORE_SECOND_FACTOR:
            if request.headers.get("HX-Request"):
                response = HttpResponse(status=204)
                response["HX-Redirect"] = reverse("mfa_activate_totp")
                return response
            return HttpResponseRedirect(reverse("mfa_activate_totp"))
        return None

    @staticmethod
    def _idle(request, policy):
        now = int(time.time())
        seen = request.session.get(SEEN)
        if seen is not None and now - seen > settings.SESSION_IDLE_SECONDS:
            return True
        # Written once a minute at most, and never by a progress poll, which would keep a session alive for ever.
        polling = policy.quiet and request.headers.get("HX-Request")
        if not polling and (seen is None or now - seen > 60):
            request.session[SEEN] = now
            if SINCE not in request.session:
                request.session[SINCE], request.session[DEVICE] = now, device_of(request)
        return False
