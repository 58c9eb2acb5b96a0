"""The pages of who the children and families are, apart from the case; each reading is recorded."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse

from partnership.access.context import folder_tabs
from partnership.access.flow import Stale
from partnership.access.page import page
from partnership.access.replies import Clash, clash_page, conflict_page, differing, form_page, posted, who_did
from partnership.access.rows import powers
from partnership.identities.models import Identity
from partnership.identities.services import change_identity, open_identities, opened
from partnership.people.roles import Perm
from reviews import forms, places, services
from reviews.ages import say_ages
from reviews.considering.reads import incident_on
from reviews.models import Child, Review
from reviews.partners import names_of
from reviews.return_reads import returns_that_stand


@page(Perm.IDENTITY_SEARCH, Review, related=("folder", "notification"), methods=("GET",))
def identities(request, review):
    people = open_identities(review.folder_id, why="the page asked for IDENTITY_SEARCH on the review")
    say_ages(people, incident_on(request.user, review))
    held = powers(request.user, [review])[review.pk]
    context = {
        "review": review,
        "tabs": folder_tabs(request.user, review.folder, held, here="reviews:identities"),
        "people": people,
        "unidentified": list(Child.objects.visible_to(request.user).filter(review=review, identity=None)),
        "may_edit": Perm.IDENTITY_EDIT in held,
    }
    return render(request, "reviews/identities.html", context)


@page(Perm.IDENTITY_EDIT, Child, related=("review__folder", "review__notification"))
def identify_child(request, child):
    day = incident_on(request.user, child.review)
    form = forms.ChildIdentityForm(posted(request), user=request.user, band=child.age_band, day=day)
    if request.method == "POST" and form.is_valid():
        try:
            services.identify_child(child, by=request.user, facts=form.facts())
        except Stale as stale:
            return conflict_page(request, stale, form, reverse("reviews:identities", args=[child.review_id]))
        messages.success(request, f"The identity record of {child.pseudonym} is sealed.")
        places.warn_of_written(request, child.review)
        _say_who_did_not_search(request, child.review)
        return redirect("reviews:identities", child.review_id)
    return form_page(
        request, "reviews/identity_form.html", form, review=child.review, heading=f"Who {child.pseudonym} is"
    )


def _say_who_did_not_search(request, review):
    """Those whose returns are in searched before this person was entered; who still writes is told by a notice."""
    done = returns_that_stand(request.user, review)
    if done:
        names = names_of(sorted(row.body for row in done))
        words = (
            f"These returns came in before and did not search for this person: {names}. Send one back to ask for it."
        )
        messages.warning(request, words)


@page(Perm.IDENTITY_EDIT, Review, related=("folder",))
def add_person(request, review):
    form = forms.PersonForm(posted(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            who = {name: form.cleaned_data[name] for name in ("subject", "label")}
            services.add_person(review, by=request.user, facts=form.facts(), **who)
        except ValidationError as error:
            form.put_errors(error)
        else:
            messages.success(request, "The identity record is sealed.")
            places.warn_of_written(request, review)
            _say_who_did_not_search(request, review)
            return redirect("reviews:identities", review.pk)
    return form_page(request, "reviews/identity_form.html", form, review=review, heading="Add a person to search for")


@page(Perm.IDENTITY_EDIT, Identity, related=("folder__review__notification",))
def change_person(request, identity):
    facts = opened(identity)
    initial = {
        name: getattr(facts, name) for name in ("name", "other_names", "date_of_birth", "addresses", "other", "version")
    }
    review = identity.folder.review
    band = Child.objects.visible_to(request.user).filter(identity=identity).values_list("age_band", flat=True).first()
    day = incident_on(request.user, review)
    form = forms.ChildIdentityForm(posted(request), user=request.user, initial=initial, band=band, day=day)
    if request.method == "POST" and form.is_valid():
        try:
            change_identity(identity, facts=form.facts(), version=form.cleaned_data["version"] or 0, by=request.user)
        except Stale:
            return _stale_identity(request, identity, form)
        messages.success(request, "The identity record was changed.")
        places.warn_of_written(request, review)
        return redirect("reviews:identities", review.pk)
    return form_page(request, "reviews/identity_form.html", form, review=review, heading=f"Who {identity.label} is")


def _stale_identity(request, identity, form):
    identity.refresh_from_db(fields=["sealed", "version", "changed_at", "changed_by"])
    now = opened(identity)
    happened = who_did(request.user, identity.changed_by, identity.changed_at, "changed this record")
    clash = Clash(happened, differing(form, vars(now)))
    return clash_page(
        request,
        "reviews/identity_form.html",
        form,
        clash,
        hidden={"version": now.version},
        review=identity.folder.review,
        heading=f"Who {identity.label} is",
    )
