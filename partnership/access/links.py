"""`@link`: the second door. A person acts by a link, as somebody, for one purpose; a GET uses nothing up."""

import hashlib
import secrets
from datetime import timedelta
from functools import wraps

from django.db import connection, transaction
from django.db.models import F
from django.http import Http404, HttpResponseNotAllowed
from django.utils import timezone

from partnership.access.models import Link
from partnership.access.page import Policy
from partnership.trail.services import record


def make(purpose, *, acts_as, by=None, object_id=None, days=7, uses=1) -> str:
    """Make a link and return its token, which is shown once and stored only as a hash."""
    token = secrets.token_urlsafe(32)
    row = Link.objects.create(
        token_hash=_hash(token),
        purpose=purpose,
        acts_as=acts_as,
        object_id=object_id,
        expires_at=timezone.now() + timedelta(days=days),
        uses_left=uses,
    )
    record("link_made", by=by, obj=acts_as, purpose=purpose, link=row.pk)
    return token


def live(purpose):
    now = timezone.now()
    return Link.objects.filter(
        purpose=purpose, expires_at__gt=now, revoked_at=None, uses_left__gt=0, acts_as__is_active=True
    ).select_related("acts_as")


def use_up(row, *, by=None):
    """Count one use down; raises Http404 when somebody was quicker."""
    if not Link.objects.filter(pk=row.pk, uses_left__gt=0, revoked_at=None).update(uses_left=F("uses_left") - 1):
        raise Http404
    record("link_used", by=row.acts_as, obj=row.acts_as, purpose=row.purpose, link=row.pk)


def link(purpose):
    """The decorator of a page behind a link. The URL names `token`; the view receives the Link row.

    An unknown, expired, used or revoked token, or one for another purpose, answers as a page that does not exist.
    """

    def decorate(view):
        @wraps(view)
        def wrapper(request, token):
            if request.method not in ("GET", "HEAD", "POST"):
                return HttpResponseNotAllowed(["GET", "POST"])
            with transaction.atomic():
                if request.method != "POST":
                    with connection.cursor() as cursor:
                        cursor.execute("SET TRANSACTION READ ONLY")
                row = live(purpose).filter(token_hash=_hash(token)).first()
                if row is None:
                    raise Http404
                response = view(request, row)
                if hasattr(response, "render") and not response.is_rendered:
                    response.render()
                if response.status_code >= 400:
                    transaction.set_rollback(True)
            # The address goes nowhere. "no-referrer" would also make browsers post forms with `Origin: null`: refused.
            response["Referrer-Policy"] = "strict-origin"
            response["Cache-Control"] = "no-store"
            return response

        wrapper.policy = Policy("link", purpose=purpose)
        return wrapper

    return decorate


def _hash(token):
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def revoke_all(user, purpose) -> int:
    """End every live link of a person for a purpose. Returns how many."""
    return Link.objects.filter(acts_as=user, purpose=purpose, revoked_at=None).update(revoked_at=timezone.now())


def revoke_every(user) -> int:
    """End every live link of a person, whatever it was for. Returns how many."""
    return Link.objects.filter(acts_as=user, revoked_at=None).update(revoked_at=timezone.now())
