"""The pages of refusals: each says what is wrong and what to do, and none says whether something exists."""

from contextlib import suppress

from django.db import DatabaseError
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.shortcuts import render

from partnership.access import kept


def bad_request(request, exception=None):
    return render(request, "400.html", status=400)


def forbidden(request, exception=None):
    return render(request, "403.html", status=403)


def not_found(request, exception=None):
    return render(request, "404.html", status=404)


def not_allowed(request, methods):
    """The address of a button, opened like a page: by a bookmark, or by loading it again."""
    response = render(request, "405.html", status=405)
    response["Allow"] = ", ".join(methods)
    return response


def server_error(request):
    return render(request, "500.html", status=500)


def csrf_failure(request, reason=""):
    """A page that is out of date: signed in again in another tab. Nothing is done; what was typed is kept.

    Only for a wrong token: a post from another site is refused for its origin and leaves nothing.
    """
    again = ""
    stale = reason.startswith("CSRF token from POST") or reason == REASON_NO_CSRF_COOKIE
    # An autosave keeps its words on the page and tries again: it must not fill what is kept.
    if stale and not request.headers.get("HX-Request"):
        with suppress(DatabaseError):
            again = kept.keep(request)
    return render(request, "403_csrf.html", {"again": again}, status=403)
