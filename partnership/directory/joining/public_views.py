"""The doors without a sign-in: a stranger asks for access, a school claims itself. Every answer is the same."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from partnership.access import links
from partnership.access.flow import Stale
from partnership.access.links import link
from partnership.access.page import page, public
from partnership.access.replies import form_page, posted
from partnership.directory.joining import forms, reads, strangers
from partnership.directory.models import AccessRequest
from partnership.people.roles import Perm


def ask_access(request):
    form = forms.AskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if not strangers.within_limits(request, "ask"):
            return render(request, "429.html", status=429)
        strangers.ask_access(**form.cleaned_data)
        return redirect("directory:access_asked")
    return form_page(request, "directory/ask_access.html", form)


def access_asked(request):
    return render(request, "directory/access_asked.html")


def claim_school(request):
    form = forms.SchoolForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if not strangers.within_limits(request, "claim"):
            return render(request, "429.html", status=429)
        strangers.claim_school(**form.cleaned_data)
        return redirect("directory:claim_asked")
    return form_page(request, "directory/claim_school.html", form)


def claim_asked(request):
    return render(request, "directory/claim_asked.html", {"days": strangers.CLAIM_DAYS})


def joined(request):
    """After an invitation was accepted that somebody must still agree to: what it waits for, in words."""
    return render(request, "directory/joined.html")


@link("claim")
def claim(request, row):
    """Whoever got the letter at the school's known address names herself; looking at it uses nothing up."""
    agency = strangers.school_of(row)
    if agency is None:
        raise Http404
    if request.user.is_authenticated:
        return render(request, "directory/join_other.html", status=403)
    form = forms.ClaimForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            _, onward = strangers.take_claim(row, **form.cleaned_data)
        except ValidationError as error:
            for name, errors in error.update_error_dict({}).items():
                form.add_error(name if name in form.fields else None, errors)
        else:
            if onward is None:
                return redirect("directory:claim_mailed")
            return redirect("directory:join", token=links.token_of(onward))
    return form_page(request, "directory/claim.html", form, agency=agency)


def claim_mailed(request):
    return render(request, "directory/claim_mailed.html")


@page(Perm.PEOPLE_APPROVE, methods=("GET",))
def access_requests(request):
    found = reads.open_requests(request.user, request.GET.get("page"))
    context = {"found": found, "decided": reads.decided_requests(request.user)}
    return render(request, "directory/access_requests.html", context)


@page(Perm.PEOPLE_APPROVE, AccessRequest, related=("decided_by",))
def access_request(request, row):
    """One request: find its organisation and invite from there, or refuse it with a reason."""
    form = forms.RefuseForm(posted(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            strangers.refuse(row, by=request.user, reason=form.cleaned_data["reason"])
        except Stale as stale:
            form.add_error(None, stale.messages[0])
        except ValidationError as error:
            form.put_errors(error)
        else:
            return redirect("directory:access_requests")
    words = request.GET.get("q", row.organisation)[:100]
    matches = [
        (each, f"{reverse('directory:invite', args=[each.pk])}?request={row.pk}")
        for each in (reads.organisations_like(request.user, words) if row.decided_at is None else [])
    ]
    return form_page(
        request, "directory/access_request.html", form, row=row, matches=matches, q=words, known=reads.known_by(row)
    )


DOORS = {
    "ask_access": (ask_access, "somebody who is not known asks for access; nothing is said of who exists"),
    "access_asked": (access_asked, "says that the request is with the business unit"),
    "claim_school": (claim_school, "a school asks for a link to its known address; the same answer for every school"),
    "claim_asked": (claim_asked, "says that a link may be on its way"),
    "claim_mailed": (claim_mailed, "says that an invitation is on its way"),
    "joined": (joined, "says what an accepted invitation waits for"),
}
OPEN = {name: public(view, why=why) for name, (view, why) in DOORS.items()}
