"""The packs for the meeting: asked for here, made by a job."""

from django.contrib import messages
from django.shortcuts import redirect

from partnership.access.page import page
from partnership.jobs.services import ask
from partnership.people.roles import Perm
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
    return redirect("jobs:job", ask(f"pack_{audience}", review, by=request.user).pk)
