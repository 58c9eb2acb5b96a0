"""The packs for the meeting: asked for here, made by a job."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse

from partnership.access.page import page
from partnership.people.roles import Perm
from reviews import places
from reviews.models import Pack, Review
from reviews.running import running


@page(Perm.REPORT_MAKE, Review, related=("folder",), methods=("POST",))
@running
def make_pack(request, review):
    """For the audience that the button names."""
    audience = request.POST.get("audience", "")
    if audience not in Pack.Audience.values:
        messages.warning(request, "Choose for whom the pack is.")
        return redirect("reviews:meeting", review.pk)
    label = Pack.Audience(audience).label.lower()
    return places.make(
        request, review, f"pack_{audience}", places.in_pack(request.user, review, audience),
        what=f"the pack for {label}", back=reverse("reviews:meeting", args=[review.pk]),
    )  # fmt: skip
