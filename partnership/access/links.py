"""`@link`: the second door. A person acts by a link, as somebody, for one purpose; a GET uses nothing up."""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from datetime import timedelta
from functools import wraps

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from partnership.access.models import Link
from partnership.access.page import Policy
from partnership.trail.services import record, record_each

# Who comes by these has no sign-in yet.
BEFORE_SIGNING_IN = (Link.Purpose.INVITATION, Link.Purpose.CLAIM, Link.Purpose.GUEST)


def make(purpose, *, acts_as, by=None, object_id=None, days=7, uses=1) -> str:
    """Make a link and return its token, which is shown once and stored only as a hash."""
    token = secrets.token_urlsafe(32)
    row = Link(purpose=purpose, acts_as=acts_as, object_id=object_id, uses_left=uses)
    _keep(row, token, by=by, days=days)
    return token


def make_mailed(purpose, *, acts_as, by=None, object_id=None, days=7, uses=1) -> Link:
    """Make a link whose token is never stored and never lost: `token_of` makes it again when its letter is written."""
    row = Link(purpose=purpose, acts_as=acts_as, object_id=object_id, uses_left=uses)
    _keep(row, _derived(row.pk, settings.SECRET_KEY), by=by, days=days)
    return row


def make_mailed_to_each(purpose, objects, *, until) -> None:
    """A link of `make_mailed` for each of many, in two statements. objects: (User, the id it is about), a User as often
    as there are rows of theirs. until: the moment at which they end."""
    rows = [Link(purpose=purpose, acts_as=user, object_id=pk, expires_at=until) for user, pk in objects]
    for row in rows:
        row.token_hash = _hash(_derived(row.pk, settings.SECRET_KEY))
    Link.objects.bulk_create(rows)
    said = [(row.acts_as, {"purpose": str(row.purpose), "link": row.pk}) for row in rows]
    record_each("link_made", objects=said)


def token_of(row) -> str:
    """The token of a link of `make_mailed`. Raises ValueError when no key of the portal makes it (any more)."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        token = _derived(row.pk, key)
        if secrets.compare_digest(_hash(token), row.token_hash):
            return token
    raise ValueError("no key makes the token of this link")


def address_of(row, url_name) -> str:
    """The address that a link of `make_mailed` opens; nothing without one, or where no key of the portal makes it."""
    try:
        return settings.PORTAL_URL + reverse(url_name, args=[token_of(row)]) if row else ""
    except ValueError:
        return ""


def _derived(pk, key):
    digest = salted_hmac("partnership.mailed_link", str(pk), secret=key, algorithm="sha256").digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def _keep(row, token, *, by, days):
    row.token_hash = _hash(token)
    row.expires_at = timezone.now() + timedelta(days=days)
    row.save(force_insert=True)
    record("link_made", by=by, obj=row.acts_as, purpose=str(row.purpose), link=row.pk)


def live(purpose):
    """The links of a purpose that still open; of people who may sign in, or (an invitation) are about to."""
    who = Q(acts_as__is_active=True)
    if purpose in BEFORE_SIGNING_IN:
        who |= Q(acts_as__is_active=False, acts_as__closed_at=None)
    rows = Link.objects.filter(purpose=purpose, expires_at__gt=timezone.now(), revoked_at=None, uses_left__gt=0)
    return rows.filter(who).select_related("acts_as")


def use_up(row):
    """Count one use down; raises Http404 when somebody was quicker."""
    if not Link.objects.filter(pk=row.pk, uses_left__gt=0, revoked_at=None).update(uses_left=F("uses_left") - 1):
        raise Http404
    record("link_used", by=row.acts_as, obj=row.acts_as, purpose=row.purpose, link=row.pk)


def link(purpose, *, read_only=False):
    """The decorator of a page behind a link. The URL names `token`; the view receives the Link row. read_only: nothing
    is sent to it.

    An unknown, expired, used or revoked token, or one for another purpose, are all answered by one page (404), which
    says what to do and nothing of whether there ever was such a link.
    """

    def decorate(view):
        @wraps(view)
        def wrapper(request, token):
            if request.method not in ("GET", "HEAD", "POST"):
                return HttpResponseNotAllowed(["GET", "POST"])
            try:
                response = _inside(request, token)
            except Http404:
                response = render(request, "link_gone.html", status=404)
            # The address goes nowhere. "no-referrer" would also make browsers post forms with `Origin: null`: refused.
            response["Referrer-Policy"] = "strict-origin"
            response["Cache-Control"] = "no-store"
            return response

        def _inside(request, token):
            with transaction.atomic():
                if request.method != "POST":
                    with connection.cursor() as cursor:
                        cursor.execute("SET TRANSACTION READ ONLY")
                row = live(purpose).filter(token_hash=_hash(token)).first()
                if row is None:
                    raise Http404
                if read_only and request.method == "POST":
                    return HttpResponseNotAllowed(["GET"])
                response = view(request, row)
                if hasattr(response, "render") and not response.is_rendered:
                    response.render()
                if response.status_code >= 400:
                    transaction.set_rollback(True)
            return response

        wrapper.policy = Policy("link", purpose=purpose)
        return wrapper

    return decorate


def _hash(token):
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def revoke_all(user, purpose) -> int:
    """End every live link of a person for a purpose. Returns how many."""
    return Link.objects.filter(acts_as=user, purpose=purpose, revoked_at=None).update(revoked_at=timezone.now())


def revoke_of_each(users, purpose) -> int:
    """End every live link for a purpose of many people (ids), in one statement. Returns how many."""
    rows = Link.objects.filter(acts_as__in=users, purpose=purpose, revoked_at=None)
    return rows.update(revoked_at=timezone.now())


def revoke_every(user) -> int:
    """End every live link of a person, whatever it was for. Returns how many."""
    return Link.objects.filter(acts_as=user, revoked_at=None).update(revoked_at=timezone.now())


def hold_open(objects, purpose, *, until) -> set:
    """Let the links about these rows (ids) end at `until`, sooner or later than they would. Returns the ids that have
    one; a revoked link stays revoked."""
    rows = Link.objects.filter(object_id__in=list(objects), purpose=purpose, revoked_at=None)
    rows.update(expires_at=until)
    return set(rows.values_list("object_id", flat=True))


def revoke_about(object_id, purpose) -> int:
    """End every link about a row for a purpose. Returns how many."""
    return Link.objects.filter(object_id=object_id, purpose=purpose, revoked_at=None).update(revoked_at=timezone.now())
