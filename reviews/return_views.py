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
    act_on,
    can_keep_some,
    clash_page,
    conflict_page,
    differing,
    form_page,
    posted,
    who_did,
)
from partnership.access.services import bar
from partnership.identities.services import open_identities
from partnership.people.roles import Perm
from partnership.trail.models import Event
from reviews import clocks, forms, naming, returns, waves
from reviews.after import moments_of
from reviews.ages import of_request, say_ages
from reviews.answering import beside
from reviews.answering import reads as answered
from reviews.answering.views import PEOPLE
from reviews.asked import dates_in_words, nobody_yet, proposed_day, warn_of_late
from reviews.asking import closures
from reviews.asking.reads import clearances_of, extensions_of
from reviews.models import AgencyReturn, Clearance, Review
from reviews.return_reads import invitation_of, story_of_return, who_saved
from reviews.running import running
from reviews.whom import can_be_answered, whom_to_tell

HELP_OVER = "You no longer help with this return, so nothing was saved. Give your words to its author."
GIVEN_ON = "This return was given to somebody else while you were writing, so nothing was saved. Give them your words."
CLOSED = "This return is not open to you any more, so nothing was saved. Give your words to your organisation’s lead."
WITHDRAWN = (
    "This request was withdrawn while you were writing, so no return is asked of you any more. Nothing was saved."
)


@page(Perm.RETURN_REQUEST, Review, related=("folder",))
@running
def ask_agency(request, review):
    local, last = clocks.dates_of_request(request.user, review)
    form = forms.AskForm(posted(request), user=request.user, review=review, initial={"due_on": proposed_day(local)})
    form.fields["due_on"].help_text = dates_in_words(local, last)
    if "show" in request.POST:
        form.only_look()
    elif request.method == "POST" and form.is_valid():
        chosen = {name: form.cleaned_data[name] for name in ("agency", "author", "due_on", "purpose", "subject")}
        cleared = form.cleared()
        try:
            if cleared and cleared["way"] != Clearance.Way.NOW:
                return _set_aside(request, review, chosen["agency"], cleared)
            said = {"letter": form.letter(), "period": form.period(), "cleared": cleared}
            row = returns.ask_agency(review, by=request.user, **said, **chosen)
        except Stale as stale:
            return conflict_page(request, stale, form, reverse("reviews:review", args=[review.pk]))
        except ValidationError as error:
            form.put_errors(error)
        else:
            messages.success(request, f"{row.author.name} can now see the request for {row.body}.")
            warn_of_late(request, row.due_on, local, last)
            return redirect("reviews:review", review.pk)
    return form_page(
        request, "reviews/ask_agency.html", form, review=review, nobody_to_search_for=nobody_yet(request.user, review)
    )


def _set_aside(request, review, agency, cleared):
    closures.set_aside(review, by=request.user, agency=agency, **cleared)
    messages.success(request, f"{agency.name} is not asked now. What you decided is recorded.")
    return redirect("reviews:outstanding", review.pk)


@page(Perm.RETURN_REQUEST, Review, related=("folder",))
@running
def ask_agencies(request, review):
    """Several agencies in one go: all of them, or none."""
    local, last = clocks.dates_of_request(request.user, review)
    wave = waves.wave_of(request.user, review)
    initial = {"due_on": proposed_day(local)}
    form = forms.WaveForm(posted(request), user=request.user, review=review, offers=wave.offers, initial=initial)
    form.fields["due_on"].help_text = dates_in_words(local, last)
    if request.method == "POST" and form.is_valid():
        shared = {"due_on": form.cleaned_data["due_on"], "purpose": form.cleaned_data["purpose"]}
        try:
            said = {"letter": form.letter(), "period": form.period(), "cleared": form.cleared()}
            rows = waves.ask_wave(review, form.chosen(), by=request.user, **said, **shared)
        except Stale as stale:
            return conflict_page(request, stale, form, reverse("reviews:review", args=[review.pk]))
        except ValidationError as error:
            form.put_errors(error)
        else:
            one, aside = len(rows) == 1, len(form.chosen()) - len(rows)
            wait = f" {aside} {'is' if aside == 1 else 'are'} not asked now: it is recorded why." if aside else ""
            messages.success(request, f"{len(rows)} {'request has' if one else 'requests have'} gone out.{wait}")
            warn_of_late(request, shared["due_on"], local, last)
            return redirect("reviews:review", review.pk)
    return form_page(
        request, "reviews/ask_agencies.html", form, review=review, wave=wave,
        nobody_to_search_for=nobody_yet(request.user, review),
    )  # fmt: skip


def _helped(user, pk) -> bool:
    return Event.objects.filter(object_id=pk, verb="return_helper_named", data__user=str(user.pk)).exists()


def _help_over(request, pk):
    """Whoever helped once and opens the return again reads that it is over, and nothing of the return; else None."""
    rows = AgencyReturn.objects.unscoped("did this person help with it once? that alone is told")
    row = rows.filter(pk=pk).select_related("folder").first()
    barred = row is None or not reach_of(request.user).bars.isdisjoint(row.folder.path)
    if barred or not _helped(request.user, pk):
        return None
    return render(request, "reviews/help_over.html", status=404)


@page(Perm.RETURN_VIEW, AgencyReturn, related=PEOPLE, methods=("GET",), gone=_help_over)
def agency_return(request, row):
    facts = answered.return_page(request.user, row)
    team, in_case = Perm.TRAIL_READ in facts.held, Perm.REVIEW_VIEW in facts.held
    # A co-ordinator sees how it stands, and what it says once it was submitted; nothing of what was asked or happened.
    whole = in_case or facts.role != "coordinator"
    extensions = extensions_of(request.user, row) if whole else []
    context = {
        "row": row,
        "page": facts,
        "extensions": extensions,
        "clearances": clearances_of(request.user, row) if whole else [],
        "waiting": next((each for each in extensions if each.waits), None),
        "whole": whole,
        "in_case": in_case,
        "came_after": moments_of(request.user, row.review_id).of_return(row) if in_case else "",
        "may_read_trail": team,
        "invitation": invitation_of(request.user, row),
        "stuck": in_case and row.owed and bool(row.agency_id) and not can_be_answered(row),
        "to_tell": whom_to_tell(row) if facts.role == "author" else "",
        "why_late": clocks.why_late(request.user, row) or row.late_reason,
        "told": story_of_return(row, held=facts.held, also=[each.pk for each in extensions]) if whole else [],
        "unwritten": not any(getattr(row, name) for name in returns.NARRATIVE)
        and all(file.lost for file in facts.files),
    }
    return render(request, "reviews/agency_return.html", context)


@page(Perm.IDENTITY_SEARCH, AgencyReturn, related=("agency",), methods=("GET",))
def search_record(request, row):
    people = open_identities(row.folder_id, why="the page asked for IDENTITY_SEARCH on this person's own return")
    return render(request, "reviews/search_record.html", {"row": row, "people": say_ages(people, of_request(row))})


def _closed(request, pk):
    """A person was typing when the return closed to her: she keeps her words, and is shown nothing of the row.

    Its author, whose request was withdrawn or given to somebody else, or who left; a colleague who helped, until it was
    finished or she was taken off.
    """
    typed = request.POST if request.method == "POST" else kept.again(request)
    if typed is None:
        return _help_over(request, pk)
    rows = AgencyReturn.objects.unscoped("was this person's own request withdrawn? that alone is told")
    row = rows.filter(pk=pk).select_related("folder").first()
    if row is None or not reach_of(request.user).bars.isdisjoint(row.folder.path):
        return None
    if row.author_id == request.user.pk:
        why = WITHDRAWN if row.status == AgencyReturn.Status.WITHDRAWN else CLOSED
    elif _helped(request.user, pk):
        why = HELP_OVER
    elif Event.objects.filter(
        object_id=pk, verb__in=("return_asked", "return_reassigned"), data__author=str(request.user.pk)
    ).exists():
        why = GIVEN_ON
    else:
        return None
    form = forms.ReturnForm(typed, user=request.user)
    form.is_valid()
    return conflict_page(request, Stale(why), form, "")


@page(Perm.RETURN_EDIT, AgencyReturn, related=("agency",), gone=_closed)
def write_return(request, row):
    if row.status != AgencyReturn.Status.ASKED and request.method == "GET":
        return redirect("reviews:agency_return", row.pk)
    initial = {name: getattr(row, name) for name in (*returns.ANSWERS, "version")}
    form = forms.ReturnForm(posted(request), user=request.user, initial=initial)
    if request.method == "POST" and (form.is_valid() or can_keep_some(request, form)):
        finishing = "submit" in request.POST and not request.htmx
        kept = {"by": request.user, "version": form.cleaned_data["version"], "answers": form.answers()}
        try:
            done = returns.save_return(row, **kept)
            if finishing and (missing := returns.what_is_missing(done, own_document=beside.own_document(done))):
                raise ValidationError(missing)
        except Stale as stale:
            return _stale(request, row, form, stale)
        except ValidationError as error:
            return _missing(request, row, form, error)
        if request.htmx:
            return naming.autosaved(request, done, form, row)
        naming.warn(request, row, naming.typed(form))
        if finishing and row.author_id == request.user.pk:
            return redirect("reviews:finish_return", row.pk)
        messages.success(request, "Saved. Come back when you like.")
        return redirect("reviews:agency_return", row.pk)
    return form_page(request, "reviews/write_return.html", form, row=row, **_needed(request, row))


def _needed(request, row):
    """What must be there before a return can be signed, what is there beside its words, where these name somebody."""
    own, fields = beside.own_document(row), forms.ReturnForm.base_fields
    needed = [fields[each].label for each in returns.what_is_missing(AgencyReturn(), own_document=own)]
    return {"needed": needed, "own_document": own, "named": answered.named_in(request.user, row)}


def _stale(request, row, form, stale):
    """Another window or whoever helps saved: what was typed can be sent again, unless it is not written any more."""
    row.refresh_from_db(fields=[*returns.ANSWERS, "version", "saved_at", "status"])
    if row.status != AgencyReturn.Status.ASKED:
        return conflict_page(request, stale, form, reverse("reviews:agency_return", args=[row.pk]))
    now = {name: getattr(row, name) for name in returns.ANSWERS}
    by = who_saved(row)
    clash = Clash(who_did(request.user, by, row.saved_at, "saved this return"), differing(form, now))
    context = {"row": row, **_needed(request, row)}
    return clash_page(request, "reviews/write_return.html", form, clash, hidden={"version": row.version}, **context)


def _missing(request, row, form, error):
    form.put_errors(error)
    return form_page(request, "reviews/write_return.html", form, row=row, **_needed(request, row))


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
    def act_with_note():
        typed = {name: form.cleaned_data[name] for name in ("note", "due_on") if name in form.fields}
        act(row, by=request.user, **typed)

    home = reverse("reviews:agency_return", args=[row.pk])
    done = (said, "reviews:review", row.review_id)
    return act_on(request, form, act_with_note, "reviews/note.html", done, stale_url=home, row=row, heading=heading)


@page(Perm.RETURN_PART, AgencyReturn, related=("agency", "asked_by"))
def declare(request, row):
    """A conflict of interest of somebody named on a return: it closes to her, and those who let people in are told."""
    form = ConflictForm(posted(request), user=request.user)

    def act():
        folder = Folder.objects.unscoped("the folder of her own return, to be barred from it").get(pk=row.folder_id)
        bar(folder, request.user, by=request.user, **form.conflict())

    words = "Your conflict of interest is recorded. Somebody else will be asked for the return."
    return act_on(request, form, act, "reviews/declare.html", (words, settings.LOGIN_REDIRECT_URL), row=row)
