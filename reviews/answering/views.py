"""The steps of a return at its body: no record, finished, signed or given back, changed; and its earlier versions."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from partnership.access.flow import Stale
from partnership.access.page import page
from partnership.access.replies import act_on, posted
from partnership.people.roles import Perm
from reviews import clocks, forms, returns
from reviews.answering import beside, reads, signing
from reviews.models import AgencyReturn

S = AgencyReturn.Status
PEOPLE = ("agency", "author", "signer", "helper", "asked_by", "recorded_by", "agreement", "subject")


def home_of(row):
    return reverse("reviews:agency_return", args=[row.pk])


@page(Perm.RETURN_SUBMIT, AgencyReturn, related=("agency",))
def nil_return(request, row):
    """'No involvement' as one formal step: its own short page, declared and submitted at once."""
    if row.status != S.ASKED and request.method == "GET":
        return redirect(home_of(row))
    late, initial = clocks.late_return(row), {"version": row.version, "searched_on": row.searched_on}
    form = forms.NilForm(posted(request), user=request.user, row=row, late=late, initial=initial)

    def act():
        facts = {name: form.cleaned_data[name] for name in ("version", "searched_on")}
        signing.declare_nil(row, by=request.user, late_reason=form.why_late(), **facts)

    labels = {name: field.label for name, field in forms.ReturnForm.base_fields.items()}
    written_in = [labels[name] for name in returns.NARRATIVE if getattr(row, name)]
    files = beside.has_files(row)
    facts = {"written": bool(written_in) or files, "written_in": written_in, "files": files}
    said = ("It is submitted that you have no record.", home_of(row))
    return act_on(request, form, act, "reviews/nil_return.html", said, stale_url=home_of(row), row=row, **facts)


@page(Perm.RETURN_SUBMIT, AgencyReturn, related=("agency", "helper"))
def finish_return(request, row):
    """Who signs. What is missing is said on the page where it is written."""
    if row.status != S.ASKED and request.method == "GET":
        return redirect(home_of(row))
    own = beside.own_document(row)
    initial = {"version": row.version, "signer": row.signer_id}
    form = forms.FinishForm(posted(request), user=request.user, row=row, late=clocks.late_return(row), initial=initial)

    def act():
        facts = {"by": request.user, "version": form.cleaned_data["version"], "late_reason": form.why_late()}
        if signer := form.cleaned_data.get("signer"):
            signing.finish(row, signer=signer, **facts)
        else:
            signing.submit_alone(row, sole_reason=form.cleaned_data.get("sole_reason", ""), **facts)

    row.nil_return = False
    missing = returns.what_is_missing(row, own_document=own)
    chosen = form.cleaned_data.get("signer") if form.is_bound and form.is_valid() else None
    said = (f"{chosen.name} is asked to sign it." if chosen else "Your return is submitted.", home_of(row))
    context = {"missing": missing.values(), "files": reads.show_files(row, beside.files_of(row))}
    context["named"] = reads.named_in(request.user, row)
    return act_on(request, form, act, "reviews/finish_return.html", said, stale_url=home_of(row), row=row, **context)


@page(Perm.RETURN_SUBMIT, AgencyReturn, related=("agency", "signer"))
def change_signer(request, row):
    if row.status != S.TO_SIGN and request.method == "GET":
        return redirect(home_of(row))
    form = forms.SignerForm(posted(request), user=request.user, row=row)

    def act():
        signing.change_signer(row, by=request.user, signer=form.cleaned_data["signer"])

    said = ("Somebody else is asked to sign it.", home_of(row))
    return act_on(request, form, act, "reviews/change_signer.html", said, stale_url=home_of(row), row=row)


@page(Perm.RETURN_SIGN, AgencyReturn, related=PEOPLE)
def sign_return(request, row):
    """The signer reads it here, and signs as herself."""
    if row.status != S.TO_SIGN and request.method == "GET":
        return redirect(home_of(row))
    late = clocks.late_return(row) and not row.late_reason
    form = forms.SignReturnForm(
        posted(request), user=request.user, row=row, late=late, initial={"read": signing.as_read(row)}
    )

    def act():
        signing.sign(row, by=request.user, read=form.cleaned_data["read"], late_reason=form.why_late())

    said = (f"You signed the return of {row.body}. It is with the review now.", home_of(row))
    facts = reads.return_page(request.user, row)
    context = {"page": facts, "waiting": any(file.waiting for file in facts.files)}
    context["empty"] = bool(returns.what_is_missing(row, own_document=beside.own_document(row)))
    return act_on(request, form, act, "reviews/sign_return.html", said, stale_url=home_of(row), row=row, **context)


@page(Perm.RETURN_SIGN, AgencyReturn, related=("agency", "author"))
def give_back(request, row):
    if row.status != S.TO_SIGN and request.method == "GET":
        return redirect(home_of(row))
    form = forms.GiveBackForm(posted(request), user=request.user)

    def act():
        signing.give_back(row, by=request.user, note=form.cleaned_data["signer_note"])

    said = (f"The return is back with {row.author_name}, with your note.", settings.LOGIN_REDIRECT_URL)
    heading = f"Give the return of {row.body} back unsigned"
    return act_on(request, form, act, "reviews/note.html", said, stale_url=home_of(row), row=row, heading=heading)


@page(Perm.RETURN_SUBMIT, AgencyReturn, methods=("POST",))
def take_back(request, row):
    try:
        signing.take_back(row, by=request.user)
    except Stale as stale:
        messages.warning(request, stale.messages[0])
        return redirect(home_of(row))
    messages.success(request, "You have it back. Nobody is asked to sign it until you finish it again.")
    return redirect("reviews:write_return", row.pk)


@page(Perm.RETURN_SUBMIT, AgencyReturn, related=("agency",))
def change_return(request, row):
    """After it was submitted a change is a new version, with its reason."""
    if request.method == "GET" and (row.status != S.SUBMITTED or reads.is_settled(row)):
        return redirect(home_of(row))
    form = forms.ChangeForm(posted(request), user=request.user)

    def act():
        signing.change(row, by=request.user, reason=form.cleaned_data["change_reason"])

    said = ("You can change it now. What was submitted stands until the new version is signed.", home_of(row))
    heading = "Change a return that was submitted"
    return act_on(request, form, act, "reviews/note.html", said, stale_url=home_of(row), row=row, heading=heading)


@page(Perm.RETURN_VIEW, AgencyReturn, related=("agency",), methods=("GET",))
def return_version(request, row, number):
    """A version as it was submitted, with what it changed."""
    versions = {each.number: each for each in reads.versions_of(row)}
    if number not in versions or not reads.may_read(request.user, row):
        raise Http404
    version, before = versions[number], versions.get(number - 1)
    context = {
        "row": row,
        "version": version,
        "title": f"Return of {row.body}, version {number}",
        "answers": reads.answers_of(version),
        "changes": reads.changes(before, version) if before else [],
        "files": reads.show_files(row, beside.files_of(row, number=number)),
    }
    return render(request, "reviews/return_version.html", context)
