"""Who asks for the case's material and what left; contact with family and witnesses."""

from django.shortcuts import render
from django.urls import reverse

from partnership.access.context import folder_tabs
from partnership.access.page import page
from partnership.access.replies import act_on, posted, stale_edit
from partnership.access.rows import powers
from partnership.people.roles import Perm
from reviews import forms, naming
from reviews.disclosures import reads, services
from reviews.models import Disclosure, FamilyContact, Review

SAVED = "Your changes were saved."


@page(Perm.REVIEW_VIEW, Review, related=("folder",), methods=("GET",))
def disclosures(request, review):
    held = powers(request.user, [review])[review.pk]
    context = {
        "review": review,
        "requests": reads.requests(request.user, review),
        "contacts": list(reads.contacts(request.user, review)),
        "held": reads.contact_is_held(review.pk),
        "may_change": Perm.REVIEW_MANAGE in held,
        "given": Disclosure.GIVEN,
        "tabs": folder_tabs(request.user, review.folder, held, here="reviews:disclosures"),
    }
    return render(request, "reviews/disclosures.html", context)


def _saved(request, form, template, act, *, review, done, changes=(), **context):
    """The answer of a page that adds a row of the tab, or changes (row, names of its fields). act(facts) calls the
    service."""
    home = reverse("reviews:disclosures", args=[review.pk])

    def save():
        act(form.facts())

    def overtaken(stale):
        row, names = changes
        row.refresh_from_db(fields=[*names, "version", "changed_by", "changed_at"])
        now = _now(row, form, names)
        return stale_edit(request, template, form, stale, row, now, url=home, review=review, **context)

    def then(made):
        naming.warn(request, review, naming.typed(form))

    said = (done, home)
    return act_on(request, form, save, template, said, on_stale=overtaken, then=then, review=review, **context)


def _now(row, form, names):
    now = {name: getattr(row, name) for name in names}
    if "files" in form.fields:
        now["files"] = form.fields["files"].queryset.filter(pk__in=_gone(row))
    return now


def _gone(row):
    """The ids of the files that left by it."""
    return list(row.files.through.objects.filter(disclosure=row).values_list("version_id", flat=True))


def _initial(row, names):
    return {name: getattr(row, name) for name in (*names, "version")}


@page(Perm.REVIEW_MANAGE, Review, related=("folder",))
def disclosure_add(request, review):
    form = forms.DisclosureForm(posted(request), user=request.user)
    return _saved(
        request, form, "reviews/disclosure_add.html",
        lambda facts: services.add_request(review, by=request.user, **forms.without_version(facts)),
        review=review, done="The request was recorded.",
    )  # fmt: skip


@page(Perm.REVIEW_MANAGE, Disclosure, related=("review__folder",))
def disclosure_edit(request, row):
    form = forms.DisclosureForm(posted(request), user=request.user, initial=_initial(row, services.REQUEST))
    return _saved(
        request, form, "reviews/disclosure_edit.html",
        lambda facts: services.change_request(row, by=request.user, **facts), review=row.review, done=SAVED,
        changes=(row, services.REQUEST),
    )  # fmt: skip


@page(Perm.REVIEW_MANAGE, Disclosure, related=("review__folder",))
def disclosure_decide(request, row):
    form = forms.DisclosureDecisionForm(posted(request), user=request.user, initial=_initial(row, services.DECISION))
    return _saved(
        request, form, "reviews/disclosure_decide.html",
        lambda facts: services.decide_request(row, by=request.user, **facts),
        review=row.review, done="The decision was recorded.", row=row, changes=(row, services.DECISION),
    )  # fmt: skip


@page(Perm.REVIEW_MANAGE, Disclosure, related=("review__folder",))
def disclosure_left(request, row):
    gone = _gone(row)
    initial = _initial(row, services.LEFT) | {"files": gone}
    form = forms.DisclosureLeftForm(
        posted(request), user=request.user, folder=row.folder_id, gone=gone, initial=initial
    )
    return _saved(
        request, form, "reviews/disclosure_left.html",
        lambda facts: services.record_left(row, by=request.user, **facts),
        review=row.review, done="What left was recorded.", row=row, may_leave=row.answer in Disclosure.GIVEN,
        changes=(row, services.LEFT),
    )  # fmt: skip


@page(Perm.REVIEW_MANAGE, Review, related=("folder",))
def family_contact_add(request, review):
    form = forms.FamilyContactForm(posted(request), user=request.user)
    return _saved(
        request, form, "reviews/family_contact_add.html",
        lambda facts: services.plan_contact(review, by=request.user, **forms.without_version(facts)),
        review=review, done="The contact was recorded.", held=reads.contact_is_held(review.pk),
    )  # fmt: skip


@page(Perm.REVIEW_MANAGE, FamilyContact, related=("review__folder",))
def family_contact_edit(request, row):
    form = forms.FamilyContactForm(
        posted(request), user=request.user, initial=_initial(row, services.CONTACT) | {"early": row.before_agreement}
    )
    return _saved(
        request, form, "reviews/family_contact_edit.html",
        lambda facts: services.change_contact(row, by=request.user, **facts),
        review=row.review, done=SAVED, held=reads.contact_is_held(row.review_id), changes=(row, services.CONTACT),
    )  # fmt: skip
