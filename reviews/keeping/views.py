"""What is kept of a case, until when and by which rule; legal holds."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from partnership.access.context import folder_tabs
from partnership.access.kept import LIFE
from partnership.access.page import page
from partnership.access.replies import act_on, posted
from partnership.access.rows import powers
from partnership.deadlines.registry import rule_in_force
from partnership.people.roles import Perm
from reviews import forms
from reviews.keeping import drafts, reads, services
from reviews.models import LegalHold, Review


@page(Perm.REVIEW_VIEW, Review, related=("folder",), methods=("GET",))
def kept(request, review):
    held, today = powers(request.user, [review])[review.pk], timezone.localdate()
    context = {
        "review": review,
        "holds": reads.holds(request.user, review),
        "held_back": reads.held_back(request.user, review),
        "kinds": reads.kept(request.user, review, today=today),
        "gone": reads.gone(request.user, review),
        "settled": drafts.signed_at(review) is not None,
        "case_file": rule_in_force("case_file_kept", today),
        "minutes": LIFE.seconds // 60,
        "may_hold": Perm.REVIEW_MANAGE in held,
        "tabs": folder_tabs(request.user, review.folder, held, here="reviews:kept"),
    }
    return render(request, "reviews/kept.html", context)


@page(Perm.REVIEW_MANAGE, Review, related=("folder",))
def hold_set(request, review):
    form = forms.HoldForm(posted(request), user=request.user)

    def act():
        services.set_hold(review, by=request.user, **{name: form.cleaned_data[name] for name in form.FIELDS})

    said = ("The hold stands from now on: nothing of this case is disposed of.", "reviews:kept", review.pk)
    return act_on(request, form, act, "reviews/hold_set.html", said, review=review)


@page(Perm.REVIEW_MANAGE, LegalHold, related=("review__folder", "set_by"))
def hold_lift(request, row):
    home = reverse("reviews:kept", args=[row.review_id])
    if not row.stands and request.method == "GET":
        messages.warning(request, "This hold was lifted already.")
        return redirect(home)
    form = forms.LiftForm(posted(request), user=request.user)

    def act():
        services.lift_hold(row, by=request.user, reason=form.cleaned_data["reason"])

    said = ("The hold is lifted. It stays on record, with the reason.", home)
    return act_on(request, form, act, "reviews/hold_lift.html", said, stale_url=home, review=row.review, row=row)
