"""What follows a request: more time, chasers, calls, the list of returns that are not in, letters."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse

from partnership.access.context import folder_tabs
from partnership.access.page import page
from partnership.access.replies import act_on, posted
from partnership.access.rows import powers
from partnership.jobs.services import ask
from partnership.people.roles import Perm
from partnership.ui.dates import plain
from reviews import clocks, forms
from reviews.asking import reads, services
from reviews.models import AgencyReturn, Extension, Review
from reviews.running import running


def _return_page(row):
    return reverse("reviews:agency_return", args=[row.pk])


@page(Perm.RETURN_EDIT, AgencyReturn, related=("agency",))
def ask_for_more_time(request, row):
    """The author asks; nothing of the review is shown to her but her own request."""
    if not row.owed and request.method == "GET":
        return redirect(_return_page(row))
    form = forms.MoreTimeForm(posted(request), user=request.user)

    def act():
        services.ask_for_more_time(row, by=request.user, **form.facts())

    said = ("You have asked for more time. Until it is answered, the day stands.", _return_page(row))
    return act_on(request, form, act, "reviews/ask_for_more_time.html", said, stale_url=_return_page(row), row=row)


@page(Perm.RETURN_REQUEST, Extension, related=("row__review", "agency", "author"))
def answer_extension(request, extension):
    row = extension.row
    if extension.status != Extension.Status.WAITING and request.method == "GET":
        return redirect(_return_page(row))
    last = clocks.last_day(row.review)
    form = forms.AnswerForm(posted(request), user=request.user, initial={"due_on": extension.wanted_on}, last=last)

    def act():
        answer = form.cleaned_data["answer"]
        if form.cleaned_data["given"] == "yes":
            given = {"due_on": form.cleaned_data["due_on"], "knows_past": form.knows()}
            services.grant(extension, by=request.user, answer=answer, **given)
        else:
            services.refuse(extension, by=request.user, answer=answer)

    said = (f"Your answer is recorded, and {extension.author.name} is told.", "reviews:review", row.review_id)
    facts = {"row": row, "extension": extension, "last": last}
    return act_on(request, form, act, "reviews/answer_extension.html", said, stale_url=_return_page(row), **facts)


@page(Perm.RETURN_REQUEST, AgencyReturn, related=("agency", "author", "review"))
def extend_return(request, row):
    """More time without being asked; where its author has asked, that is answered instead."""
    if request.method == "GET":
        if not row.owed:
            return redirect(_return_page(row))
        if waiting := reads.waiting_extension(request.user, row):
            return redirect("reviews:answer_extension", waiting.pk)
    last = clocks.last_day(row.review)
    form = forms.ExtendForm(posted(request), user=request.user, last=last)

    def act():
        given = {name: form.cleaned_data[name] for name in ("due_on", "reason")}
        services.extend(row, by=request.user, knows_past=form.knows(), **given)

    def said(made):
        day = plain(form.cleaned_data["due_on"])
        words = f"The return of {row.body} is due on {day} now. Its author is told."
        return words, "reviews:review", row.review_id

    return act_on(
        request, form, act, "reviews/extend_return.html", said, stale_url=_return_page(row), row=row, last=last
    )


@page(Perm.RETURN_REQUEST, AgencyReturn, related=("agency", "author"), methods=("POST",))
def chase(request, row):
    try:
        services.chase(row, by=request.user)
    except ValidationError as error:
        messages.warning(request, error.messages[0])
    else:
        messages.success(request, f"{row.author_name} is reminded of the return of {row.body}.")
    return redirect("reviews:outstanding", row.review_id)


@page(Perm.RETURN_REQUEST, AgencyReturn, related=("agency", "author"))
def note_call(request, row):
    form = forms.CallForm(posted(request), user=request.user)

    def act():
        services.note_call(row, by=request.user, **form.facts())

    said = ("What was said is recorded.", "reviews:outstanding", row.review_id)
    return act_on(request, form, act, "reviews/note_call.html", said, row=row)


@page(Perm.RETURN_VIEW, Review, related=("folder",), methods=("GET",))
@running
def outstanding(request, review):
    """Who has not returned: late by how much, chased when, given more time, what was said by telephone."""
    held = powers(request.user, [review])[review.pk]
    context = {
        "review": review,
        "rows": reads.outstanding(request.user, [review]),
        "in_number": reads.came_in(request.user, review),
        "set_aside": reads.set_aside(request.user, review),
        "may_ask": Perm.RETURN_REQUEST in held,
        "may_make": Perm.REPORT_MAKE in held,
        "tabs": folder_tabs(request.user, review.folder, held, here="reviews:review"),
    }
    return render(request, "reviews/outstanding.html", context)


@page(Perm.REVIEW_LIST, methods=("GET",))
def all_outstanding(request):
    """The same over the reviews that this person may see, and no other."""
    reviews = list(Review.objects.visible_to(request.user).filter(status__in=Review.RUNNING).select_related("folder"))
    return render(request, "reviews/all_outstanding.html", {"rows": reads.outstanding(request.user, reviews)})


@page(Perm.REPORT_MAKE, Review, related=("folder",), methods=("POST",))
@running
def outstanding_pdf(request, review):
    return redirect("jobs:job", ask("outstanding_pdf", review, by=request.user).pk)


@page(Perm.REPORT_MAKE, Review, related=("folder",), methods=("POST",))
@running
def outstanding_xlsx(request, review):
    return redirect("jobs:job", ask("outstanding_xlsx", review, by=request.user).pk)


@page(Perm.RETURN_VIEW, Review, related=("folder",), methods=("GET",))
@running
def letters(request, review):
    held = powers(request.user, [review])[review.pk]
    rows = reads.letters(request.user, review)
    context = {
        "review": review,
        "rows": rows,
        "to_make": sum(each.to_make for each in rows),
        "may_make": Perm.RETURN_REQUEST in held,
        "tabs": folder_tabs(request.user, review.folder, held, here="reviews:review"),
    }
    return render(request, "reviews/letters.html", context)


@page(Perm.RETURN_REQUEST, Review, related=("folder",), methods=("POST",))
@running
def make_letters(request, review):
    return redirect("jobs:job", ask("request_letters", review, by=request.user).pk)
