"""`@page`: the only way a signed-in person gets a page. `public`: the few pages that are open, each with its reason.

docs/access.md, docs/adr/0002. A view cannot get an object any other way: the decorator fetches the row by the row
rule (404 when one may not see it, exactly as when it does not exist), asks for the power (403), runs a GET in a read
only transaction and a POST in a transaction, and writes what was read before the answer leaves.
"""

import uuid
from functools import wraps
from urllib.parse import quote, urlsplit

from django.apps import apps
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from partnership.access import ended, kept, scope
from partnership.access.errors import not_allowed
from partnership.access.models import Submission
from partnership.access.reach import reach_of
from partnership.access.rows import allowing, can
from partnership.people.roles import Perm
from partnership.trail.services import folder_of, record, record_reading


class Policy:
    """What the middleware, the system check and the walk read off a view."""

    def __init__(self, kind, *, perm=None, model=None, why="", purpose="", quiet=False, methods=()):
        self.kind, self.perm, self.model, self.why, self.purpose = kind, perm, model, why, purpose
        self.quiet, self.methods = quiet, methods


def public(view, *, why):
    """Mark a view as open to everybody; `why` names the reason."""
    if not why:
        raise ValueError("say why this page is open")

    @wraps(view)
    def wrapper(*args, **kwargs):
        return view(*args, **kwargs)

    wrapper.policy = Policy("public", why=why)
    return wrapper


def page(
    perm,
    model=None,
    *,
    quiet=False,
    logs=None,
    related=(),
    methods=("GET", "POST"),
    downloads=False,
    gone=None,
    known=None,
):
    """The decorator of every page for people.

    perm: the Perm that the page asks for. model: the page is about one row of it; the URL names it `pk` (a UUID) and
    the view receives the row. Without a model the perm must be held somewhere. quiet: a progress poll, neither logged
    nor touching the session. logs: a quiet page that shows words of a case is logged all the same. related:
    select_related paths for the row. downloads: the reading is always logged, as 'downloaded' or by the verb that is
    given.
    known(user, row) -> whether the page exists for this person: where the row's own rule lets more people know the row
    than its page, the others get the 404 of a row that is not there.
    gone(request, pk) -> a response that gives back what a person typed about a row that they may no longer see, or None
    for the plain 404; it shows nothing of the row.
    """
    if not isinstance(perm, Perm):
        raise TypeError("a page asks for a Perm")
    logs = not quiet if logs is None else logs

    def decorate(view):
        @wraps(view)
        def wrapper(request, pk=None, **kwargs):
            if not request.user.is_authenticated:
                return to_sign_in(request)
            if request.method not in (*methods, *(["HEAD"] if "GET" in methods else [])):
                return not_allowed(request, methods)
            try:
                if request.method in ("GET", "HEAD"):
                    return _get(request, pk, kwargs)
                return _post(request, pk, kwargs)
            except (PermissionDenied, Http404) as refused:
                _record_refusal(request, model, pk)
                missing = isinstance(refused, Http404)
                if gone and missing and (answer := gone(request, pk)):
                    return answer
                if answer := ended.answer(request, model, pk, status=404 if missing else 403):
                    return answer
                raise

        def _get(request, pk, kwargs):
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION READ ONLY")
                row, response = _run(request, pk, kwargs)
            if logs and response.status_code < 400:
                _record_reading(request, row, downloads)
            for write in scope.current().afterwards if scope.current() else ():
                write()
            return response

        def _post(request, pk, kwargs):
            with transaction.atomic():
                token = _token(request)
                if token and (again := _already(request, token)):
                    return again
                row, response = _run(request, pk, kwargs)
                leads_on = response.status_code in (301, 302, 303)
                if token and leads_on:
                    Submission.objects.filter(pk=token).update(location=response["Location"][:300])
                elif token:
                    Submission.objects.filter(pk=token).delete()
                if leads_on:
                    kept.drop(request)
                if response.status_code >= 400:
                    transaction.set_rollback(True)
            if not leads_on:
                _record_reading(request, row, downloads)
            return response

        def _run(request, pk, kwargs):
            args = []
            row = None
            if model is None:
                if not reach_of(request.user).holds(perm):
                    raise PermissionDenied
            else:
                row = _row(request.user, pk)
                if current := scope.current():
                    current.about = row
                args.append(row)
            response = view(request, *args, **kwargs)
            if hasattr(response, "render") and not response.is_rendered:
                response.render()
            return row, response

        def _row(user, pk):
            visible = allowing(model, user, model.access.view).select_related(*related)
            row = next(iter(visible.filter(pk=pk).order_by()), None)  # the order of one row is written for nothing
            if row is None or (known is not None and not known(user, row)):
                raise Http404
            if perm != model.access.view and not can(user, perm, row):
                raise PermissionDenied
            return row

        wrapper.policy = Policy("page", perm=perm, model=model, quiet=quiet, methods=methods)
        return wrapper

    return decorate


def to_sign_in(request):
    """Send to sign-in, and afterwards back to the page (not the fragment).

    A posted form is not posted again: its author finds it at its page with what was typed, to check and send.
    """
    again = kept.keep(request) if request.method == "POST" else ""
    target = again or request.get_full_path()
    if request.headers.get("HX-Request"):
        current = request.headers.get("HX-Current-URL", "")
        target = "/"
        if url_has_allowed_host_and_scheme(current, {request.get_host()}, require_https=request.is_secure()):
            target = urlsplit(current).path
        response = HttpResponse(status=204)
        response["HX-Redirect"] = f"{reverse('account_login')}?next={quote(again or target)}"
        return response
    return redirect_to_login(target if again or request.method == "GET" else "/")


def _record_reading(request, row, downloads):
    """What was shown, written before the answer leaves: the page's own guarded row, what is read apart, lists."""
    current = scope.current()
    shown = {label: dict(rows) for label, rows in current.shown.items() if rows} if current else {}
    apart = [label for label in shown if apps.get_model(label).access.read_as]
    about = row if row is not None and type(row).access.guarded else None
    if about is not None and downloads:
        record("downloaded" if downloads is True else downloads, by=request.user, obj=about)
        return
    for label in apart:
        rows = shown.pop(label)
        _once(request, apps.get_model(label).access.read_as, about, label, rows, next(iter(rows.values())))
    if about is not None:
        ids = {pk for rows in shown.values() for pk in rows} - {about.pk}
        _once(request, "read", about, about._meta.label_lower, ids, folder_of(about))
        return
    for label, rows in shown.items():
        _once(request, "listed", None, label, rows, None, folders=set(rows.values()))


def _once(request, verb, about, kind, ids, folder_id, folders=()):
    match = request.resolver_match
    record_reading(
        verb,
        by=request.user,
        kind=kind,
        object_id=about.pk if about is not None else None,
        folder_id=folder_id,
        ids=ids,
        folders=folders,
        page=match.view_name if match and verb != "listed" else "",
    )


def _record_refusal(request, model, pk):
    """After the rollback, on its own: otherwise the log would show only successes (safety.md 4).

    Written into the story of the folder that was asked for, if there is one; once a quarter of an hour.
    """
    if model is None or not model.access.guarded:
        return
    row = model._base_manager.filter(pk=pk).first()
    folder_id = folder_of(row)
    record_reading("refused", by=request.user, kind=model._meta.label_lower, object_id=pk, folder_id=folder_id)


def _token(request):
    """The token of this form, of this person, at this address: another's, or another page's, is another token."""
    try:
        sent = kept.number_of(request.POST.get(kept.FIELD, ""))
    except ValueError:
        return None
    return uuid.uuid5(sent, f"{request.user.pk} {request.path}")


def _already(request, token):
    """A form sent twice: the second waits for the first, and lands where the first did."""
    try:
        with transaction.atomic():
            Submission.objects.create(token=token, user=request.user)
        return None
    except IntegrityError:
        done = Submission.objects.filter(pk=token).first()
        return HttpResponseRedirect(done.location if done and done.location else "/")
