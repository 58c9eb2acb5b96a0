"""What runs beside a case: proceedings, other areas, other reviews."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse

from partnership.access.context import folder_tabs
from partnership.access.page import page
from partnership.access.replies import act_on, posted, stale_edit
from partnership.access.rows import powers
from partnership.people.roles import Perm
from reviews import forms
from reviews.around import reads, services
from reviews.models import Interest, Proceeding, Review, ReviewLink


@page(Perm.REVIEW_VIEW, Review, related=("folder",), methods=("GET",))
def around(request, review):
    held = powers(request.user, [review])[review.pk]
    context = {
        "review": review,
        "proceedings": list(reads.proceedings(request.user, review)),
        "interests": list(reads.interests(request.user, review)),
        "linked": reads.linked(request.user, review),
        "may_change": Perm.REVIEW_MANAGE in held,
        "tabs": folder_tabs(request.user, review.folder, held, here="reviews:around"),
    }
    return render(request, "reviews/around.html", context)


def _saved(request, form, template, act, *, review, done, row=None, names=(), **context):
    """The answer of a page that adds one thing beside a case, or changes `names` of `row`."""
    home = reverse("reviews:around", args=[review.pk])

    def save():
        act({name: value for name, value in form.cleaned_data.items() if name not in ("form_token", "version")})

    def overtaken(stale):
        row.refresh_from_db(fields=[*names, "version", "changed_by", "changed_at"])
        now = {name: getattr(row, name) for name in names}
        return stale_edit(request, template, form, stale, row, now, url=home, review=review, **context)

    return act_on(request, form, save, template, (done, home), on_stale=overtaken, review=review, **context)


@page(Perm.REVIEW_MANAGE, Review, related=("folder",))
def proceeding_add(request, review):
    form = forms.ProceedingForm(posted(request), user=request.user)
    return _saved(
        request, form, "reviews/proceeding_add.html",
        lambda facts: services.add_proceeding(review, by=request.user, **facts),
        review=review, done="It was added.",
    )  # fmt: skip


@page(Perm.REVIEW_MANAGE, Proceeding, related=("review__folder",))
def proceeding_edit(request, row):
    initial = {name: getattr(row, name) for name in (*services.PROCEEDING, "version")}
    form = forms.ProceedingForm(posted(request), user=request.user, initial=initial)
    return _saved(
        request, form, "reviews/proceeding_edit.html",
        lambda facts: services.change_proceeding(
            row, by=request.user, version=form.cleaned_data["version"], **facts
        ),
        review=row.review, done="Your changes were saved.", row=row, names=services.PROCEEDING,
    )  # fmt: skip


@page(Perm.REVIEW_MANAGE, Review, related=("folder",))
def interest_add(request, review):
    form = forms.InterestForm(posted(request), user=request.user)
    return _saved(
        request, form, "reviews/interest_add.html",
        lambda facts: services.add_interest(review, by=request.user, **facts),
        review=review, done="It was added.",
    )  # fmt: skip


@page(Perm.REVIEW_MANAGE, Interest, related=("review__folder",))
def interest_edit(request, row):
    initial = {name: getattr(row, name) for name in (*services.INTEREST, "version")}
    form = forms.InterestForm(posted(request), user=request.user, initial=initial)
    return _saved(
        request, form, "reviews/interest_edit.html",
        lambda facts: services.change_interest(row, by=request.user, version=form.cleaned_data["version"], **facts),
        review=row.review, done="Your changes were saved.", row=row, names=services.INTEREST,
    )  # fmt: skip


@page(Perm.REVIEW_MANAGE, Review, related=("folder",))
def link_review(request, review):
    offered = reads.linkable(request.user, review)
    form = forms.LinkForm(posted(request), user=request.user, offered=offered)
    return _saved(
        request, form, "reviews/link_review.html",
        lambda facts: services.link(review, facts["other"], by=request.user, why=facts["why"]),
        review=review, done="The two reviews are linked.", nothing=not form.fields["other"].queryset.exists(),
    )  # fmt: skip


@page(Perm.REVIEW_MANAGE, ReviewLink, related=("review", "other"), methods=("POST",))
def unlink_review(request, row):
    review_id = row.review_id
    services.unlink(row, by=request.user)
    messages.success(request, "The link was taken off. Both reviews stay as they are.")
    return redirect("reviews:around", review_id)
