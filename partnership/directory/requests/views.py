"""The unit's pages: the worklist of requests about accounts, one request, and its steps."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse

from partnership.access.flow import Stale
from partnership.access.page import page
from partnership.access.replies import conflict_page, form_page, posted
from partnership.directory.models import AccountRequest
from partnership.directory.requests import addresses, doubles, forms, reads, services
from partnership.directory.requests.kinds import ADDRESS, BOUNCED, DOUBLE, kind_of
from partnership.directory.requests.rules import why_not_approve, why_not_check, why_not_refuse
from partnership.people.roles import Perm

S = AccountRequest.Status
A_PAGE = 25


@page(Perm.PEOPLE_APPROVE, methods=("GET",))
def account_requests(request):
    form = forms.FilterForm(request.GET, user=request.user)
    asked = form.cleaned_data if form.is_valid() else {"kind": "", "closed": False}
    rows = reads.rows_for(request.user, **asked)
    found = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    lines = [reads.line(row, request.user) for row in found.object_list]
    context = {"form": form, "lines": lines, "page": found, "closed": asked["closed"]}
    return render(request, "directory/account_requests.html", context, status=422 if form.errors else 200)


@page(Perm.PEOPLE_APPROVE, AccountRequest, related=reads.PEOPLE, methods=("GET",))
def account_request(request, row):
    return render(request, "directory/account_request.html", _facts(request, row))


def _facts(request, row):
    """What every page of one request shows: what was asked, what happened, and what this reader may do next."""
    kind, user = kind_of(row), request.user
    check, approve = why_not_check(row, user), why_not_approve(row, user)
    refusal = kind.refuses(row) if row.waits else ""
    return {
        "row": row,
        "kind": kind,
        "facts": kind.describe(row),
        "steps": reads.steps_of(row),
        "colour": reads.COLOURS[row.status],
        "number_changed_at": reads.number_changed_at(row.user) if row.waits else None,
        "may_check": kind.two and row.status == S.OPEN and not check,
        "refusal": refusal,
        "same_person": row.kind == ADDRESS and bool(refusal),
        "may_approve": row.status == S.CHECKED and not approve and not refusal,
        "may_settle": not kind.two and row.waits and not approve,
        "may_refuse": kind.two and row.waits and not why_not_refuse(row, user),
        "may_send_again": addresses.waits_for_link(row) and row.user_id != user.pk,
        "why_not": (check if row.status == S.OPEN else approve) if row.waits else "",
        "preview": _preview(row, user),
    }


def _preview(row, user):
    if row.kind != DOUBLE or not row.waits:
        return None
    return doubles.preview(row.user, row.other, row.said["address"], user=user)


def _step(request, row, template, form, act, done, *, why_not=""):
    """The answer of a page that takes one step. A refusal by rule is 403, a stale one 409, a wrong answer 422."""
    if why_not:
        raise PermissionDenied(why_not)
    if request.method == "POST" and form.is_valid():
        try:
            act(**form.facts())
        except Stale as stale:
            return conflict_page(request, stale, form, reverse("directory:account_request", args=[row.pk]))
        except ValidationError as error:
            form.put_errors(error)
        else:
            messages.success(request, done)
            return redirect("directory:account_request", row.pk)
    return form_page(request, template, form, **_facts(request, row))


def _read(row):
    return {"version": row.version}


@page(Perm.PEOPLE_APPROVE, AccountRequest, related=reads.PEOPLE)
def request_check(request, row):
    form = forms.CheckForm(posted(request), user=request.user, initial=_read(row))

    def act(**facts):
        services.check(row, by=request.user, **facts)

    done = "The check is recorded. Somebody else approves it."
    return _step(
        request, row, "directory/request_check.html", form, act, done, why_not=why_not_check(row, request.user)
    )


@page(Perm.PEOPLE_APPROVE, AccountRequest, related=reads.PEOPLE)
def request_approve(request, row):
    if request.method == "GET" and row.status == AccountRequest.Status.OPEN:
        messages.info(request, "Somebody must make sure first who it is. After that another person approves it.")
        return redirect("directory:account_request", row.pk)
    form = forms.VersionForm(posted(request), user=request.user, initial=_read(row))

    def act(version):
        services.approve(row, by=request.user, version=version)

    done = kind_of(row).said_yes
    return _step(
        request, row, "directory/request_approve.html", form, act, done, why_not=why_not_approve(row, request.user)
    )


@page(Perm.PEOPLE_APPROVE, AccountRequest, related=reads.PEOPLE)
def request_refuse(request, row):
    form = forms.RefuseForm(posted(request), user=request.user, initial=_read(row))

    def act(**facts):
        services.refuse(row, by=request.user, **facts)

    done = "It is refused, and all is as it was before."
    return _step(
        request, row, "directory/request_refuse.html", form, act, done, why_not=why_not_refuse(row, request.user)
    )


@page(Perm.PEOPLE_APPROVE, AccountRequest, related=reads.PEOPLE)
def request_settle(request, row):
    """An address that bounces: it is right, or another is asked for, which two people then decide."""
    form = forms.SettleForm(posted(request), user=request.user, initial=_read(row))

    def act(version, answer, address=""):
        services.settle(row, by=request.user, version=version)
        if answer == "other":
            addresses.ask_for_address(row.user, address, by=request.user)

    other = form.data.get("answer") == "other"
    done = "The new address waits for a check and a second person." if other else kind_of(row).said_yes
    why_not = why_not_approve(row, request.user) or ("" if row.kind == BOUNCED else "This needs two people.")
    return _step(request, row, "directory/request_settle.html", form, act, done, why_not=why_not)


@page(Perm.PEOPLE_APPROVE, AccountRequest, related=reads.PEOPLE, methods=("POST",))
def request_send_again(request, row):
    try:
        addresses.send_again(row, by=request.user)
    except ValidationError as error:
        messages.warning(request, error.messages[0])
    else:
        messages.success(request, "A new link went to the new address. The earlier one no longer works.")
    return redirect("directory:account_request", row.pk)
