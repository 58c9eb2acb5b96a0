"""The pages of agency returns: asking, writing, reading. An author's pages hop to no row of the case."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse

from partnership.access import kept
from partnership.access.flow import Stale
from partnership.access.grant_forms import ConflictForm
from partnership.access.models import Folder
from partnership.access.page import page
from partnership.access.reach import reach_of
from partnership.access.replies import (
    Clash,
    can_keep_some,
    clash_page,
    conflict_page,
    differing,
    form_page,
    posted,
    saved,
    who_did,
)
from partnership.access.rows import powers
from partnership.access.services import bar
from partnership.identities.services import open_identities
from partnership.people.roles import Perm
from reviews import clocks, forms, reads, returns, waves
from reviews.asked import dates_in_words, nobody_yet, proposed_day, warn_of_late
from reviews.flow import RETURN
from reviews.models import AgencyReturn, Review
from reviews.running import running

WITHDRAWN = (
    "This request was withdrawn while you were writing, so no return is asked of you any more. Nothing was saved."
)


@page(Perm.RETURN_REQUEST, Review, related=("folder",))
@running
def ask_agency(request, review):
    local, last = clocks.dates_of_request(request.user, review)
    form = forms.AskForm(posted(request), user=request.user, initial={"due_on": proposed_day(local)})
    form.fields["due_on"].help_text = dates_in_words(local, last)
    if request.method == "POST" and form.is_valid():
        chosen = {name: form.cleaned_data[name] for name in ("agency", "author", "due_on", "purpose", "subject")}
        try:
            row = returns.ask_agency(review, by=request.user, letter=form.letter(), **chosen)
        except Stale as stale:
            return conflict_page(request, stale, form, reverse("reviews:review", args=[review.pk]))
        except ValidationError as error:
            form.put_errors(error)
        else:
            messages.success(request, f"{row.author.name} can now see the request for {row.body}.")
            warn_of_late(request, row.due_on, last)
            return redirect("reviews:review", review.pk)
    return form_page(
        request, "reviews/ask_agency.html", form, review=review, nobody_to_search_for=nobody_yet(request.user, review)
    )


@page(Perm.RETURN_REQUEST, Review, related=("folder",))
@running
def ask_agencies(request, review):
    """Several agencies in one go: all of them, or none."""
    local, last = clocks.dates_of_request(request.user, review)
    offered = waves.offers(request.user, review)
    form = forms.WaveForm(posted(request), user=request.user, offers=offered, initial={"due_on": proposed_day(local)})
    form.fields["due_on"].help_text = dates_in_words(local, last)
    if request.method == "POST" and form.is_valid():
        shared = {"due_on": form.cleaned_data["due_on"], "purpose": form.cleaned_data["purpose"]}
        try:
            rows = waves.ask_wave(review, form.chosen(), by=request.user, letter=form.letter(), **shared)
        except Stale as stale:
            return conflict_page(request, stale, form, reverse("reviews:review", args=[review.pk]))
        except ValidationError as error:
            form.put_errors(error)
        else:
            one = len(rows) == 1
            messages.success(request, f"{len(rows)} {'request has' if one else 'requests have'} gone out.")
            warn_of_late(request, shared["due_on"], last)
            return redirect("reviews:review", review.pk)
    return form_page(
        request, "reviews/ask_agencies.html", form, review=review, nothing=not offered,
        nobody_to_search_for=nobody_yet(request.user, review),
    )  # fmt: skip


@page(
    Perm.RETURN_VIEW, AgencyReturn, related=("agency", "author", "asked_by", "agreement", "subject"), methods=("GET",)
)
def agency_return(request, row):
    held = powers(request.user, [row])[row.pk]
    context = {
        "row": row,
        "mine": row.author_id == request.user.pk,
        "content": reads.may_read_answer(request.user, row),
        "steps": [code for code, _ in RETURN.open_with(held, row)],
        "may_search": Perm.IDENTITY_SEARCH in held,
        "in_case": Perm.REVIEW_VIEW in held,
        "may_read_trail": Perm.TRAIL_READ in held,
        "invitation": reads.invitation_of(request.user, row),
        "why_late": clocks.why_late(request.user, row),
        "told": reads.story_of_return(row, team=Perm.TRAIL_READ in held),
        "answers": [(forms.ReturnForm.base_fields[name].label, getattr(row, name)) for name in returns.ANSWERS],
    }
    return render(request, "reviews/agency_return.html", context)


@page(Perm.IDENTITY_SEARCH, AgencyReturn, related=("agency",), methods=("GET",))
def search_record(request, row):
    people = open_identities(row.folder_id, why="the page asked for IDENTITY_SEARCH on this person's own return")
    return render(request, "reviews/search_record.html", {"row": row, "people": people})


def _withdrawn(request, pk):
    """The author was typing when her request was withdrawn: she keeps her words, and is shown nothing of the row."""
    typed = request.POST if request.method == "POST" else kept.again(request)
    if typed is None:
        return None
    rows = AgencyReturn.objects.unscoped("was this person's own request withdrawn? that alone is told")
    row = rows.filter(pk=pk, author=request.user, status=AgencyReturn.Status.WITHDRAWN).select_related("folder").first()
    if row is None or not reach_of(request.user).bars.isdisjoint(row.folder.path):
        return None
    form = forms.ReturnForm(typed, user=request.user, late="late_reason" in typed)
    form.is_valid()
    return conflict_page(request, Stale(WITHDRAWN), form, "")


@page(Perm.RETURN_EDIT, AgencyReturn, related=("agency",), gone=_withdrawn)
def write_return(request, row):
    if row.status != AgencyReturn.Status.ASKED and request.method == "GET":
        return redirect("reviews:agency_return", row.pk)
    initial = {name: getattr(row, name) for name in (*returns.ANSWERS, "version")}
    late = not request.htmx and clocks.late_return(row)  # a text that saves itself is not asked why
    form = forms.ReturnForm(posted(request), user=request.user, initial=initial, late=late)
    if request.method == "POST" and (form.is_valid() or can_keep_some(request, form)):
        submitting = "submit" in request.POST and not request.htmx
        kept = {"by": request.user, "version": form.cleaned_data["version"], "answers": form.answers()}
        try:
            if submitting:
                done = returns.submit_return(row, **kept, late_reason=form.why_late())
            else:
                done = returns.save_return(row, **kept)
        except Stale as stale:
            return _stale(request, row, form, stale)
        except ValidationError as error:
            return _missing(request, row, form, error)
        if request.htmx:
            return saved(done, form)
        messages.success(request, "Your return is submitted." if submitting else "Saved. Come back when you like.")
        return redirect("reviews:agency_return", row.pk)
    return form_page(request, "reviews/write_return.html", form, row=row, **_needed())


def _needed():
    """What must be there before a return can be submitted, and what is enough without a record, as the form says it."""
    said = {"needed": AgencyReturn(), "needed_without_record": AgencyReturn(nil_return=True)}
    fields = forms.ReturnForm.base_fields
    return {name: [fields[each].label for each in returns.what_is_missing(row)] for name, row in said.items()}


def _stale(request, row, form, stale):
    """Only the author writes, so another window saved: what was typed can be sent again, unless it was submitted."""
    row.refresh_from_db(fields=[*returns.ANSWERS, "version", "saved_at", "status"])
    if row.status != AgencyReturn.Status.ASKED:
        return conflict_page(request, stale, form, reverse("reviews:agency_return", args=[row.pk]))
    now = {name: getattr(row, name) for name in returns.ANSWERS}
    clash = Clash(who_did(request.user, row.author, row.saved_at, "saved this return"), differing(form, now))
    context = {"row": row, **_needed()}
    return clash_page(request, "reviews/write_return.html", form, clash, hidden={"version": row.version}, **context)


def _missing(request, row, form, error):
    form.put_errors(error)
    return form_page(request, "reviews/write_return.html", form, row=row, **_needed())


@page(Perm.RETURN_REQUEST, AgencyReturn, related=("agency", "author", "review"))
def send_back(request, row):
    said = f"The return of {row.body} was sent back to {row.author_name}, who finds it on their home page."
    local, _ = clocks.dates_of_request(request.user, row.review)
    form = forms.SendBackForm(posted(request), user=request.user, initial={"due_on": proposed_day(local)})
    return _with_note(request, row, form, returns.send_back, said, heading=f"Send the return of {row.body} back")


@page(Perm.RETURN_REQUEST, AgencyReturn, related=("agency", "author", "review"))
def withdraw(request, row):
    said = f"The request to {row.body} was withdrawn. {row.author_name} no longer sees it."
    form = forms.NoteForm(posted(request), user=request.user)
    return _with_note(request, row, form, returns.withdraw, said, heading=f"Withdraw the request to {row.body}")


def _with_note(request, row, form, act, said, *, heading):
    if request.method == "POST" and form.is_valid():
        typed = {name: form.cleaned_data[name] for name in ("note", "due_on") if name in form.fields}
        try:
            act(row, by=request.user, **typed)
        except Stale as stale:
            return conflict_page(request, stale, form, reverse("reviews:agency_return", args=[row.pk]))
        except ValidationError as error:
            form.put_errors(error)
            return form_page(request, "reviews/note.html", form, row=row, heading=heading)
        messages.success(request, said)
        return redirect("reviews:review", row.review_id)
    return form_page(request, "reviews/note.html", form, row=row, heading=heading)


@page(Perm.RETURN_EDIT, AgencyReturn, related=("agency", "asked_by"))
def declare(request, row):
    """A named author's own conflict of interest: her return closes to her, and those who let people in are told."""
    form = ConflictForm(posted(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        folder = Folder.objects.unscoped("the folder of her own return, to be barred from it").get(pk=row.folder_id)
        try:
            bar(folder, request.user, by=request.user, **form.conflict())
        except ValidationError as error:
            form.put_errors(error)
        else:
            messages.success(
                request, "Your conflict of interest is recorded. Somebody else will be asked for the return."
            )
            return redirect(settings.LOGIN_REDIRECT_URL)
    return form_page(request, "reviews/declare.html", form, row=row)
