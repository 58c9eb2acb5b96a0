"""The meetings of a rapid review: which there are, whether one was held, the packs. Each is kept on its own page."""

from functools import partial

from django.contrib import messages
from django.shortcuts import redirect, render

from partnership.access.context import folder_tabs
from partnership.access.gatherings import gatherings, plan_url
from partnership.access.page import page
from partnership.access.replies import act_on, posted, pressed
from partnership.access.rows import powers
from partnership.people.roles import Perm
from reviews import forms
from reviews.meeting import reads, services
from reviews.models import Review
from reviews.packs import reads as packs
from reviews.running import running
from reviews.services import WHY_SETTLED


@page(Perm.REVIEW_VIEW, Review, related=("folder",), methods=("GET",))
@running
def meeting(request, review):
    held = powers(request.user, [review])[review.pk]
    rows, step = gatherings(request.user, review.folder), reads.local_step(request.user, review)
    context = {
        "review": review,
        "meetings": rows,
        "plan_url": plan_url(review.folder) if Perm.MEETING_RUN in held else "",
        "step": step,
        "late": reads.planned_late(step, rows),
        "packs": packs.newest(request.user, review),
        "sent": review.settled,
        "may_make": Perm.REPORT_MAKE in held,
        "may_change": Perm.REVIEW_MANAGE in held,
        "tabs": folder_tabs(request.user, review.folder, held, here="reviews:meeting"),
    }
    return render(request, "reviews/meeting.html", context)


@page(Perm.REVIEW_MANAGE, Review, related=("folder",))
@running
def meeting_held(request, review):
    """Asks when it really was; `undo` takes it back."""
    step, home = reads.local_step(request.user, review), ("reviews:meeting", review.pk)
    if request.POST.get("undo") and not review.settled:
        return pressed(request, partial(services.take_back, review, by=request.user), "It is taken back.", *home)
    if step is None or step.done_at or review.settled:
        messages.warning(request, _why_not_held(step, review))
        return redirect(*home)
    begun = [each for each in gatherings(request.user, review.folder) if each.begun and not each.off]
    planned = begun[-1].starts_at if begun else None
    form = forms.HeldForm(posted(request), user=request.user, initial={"held_at": planned})
    act = lambda: services.record_held(review, by=request.user, at=form.cleaned_data["held_at"])  # noqa: E731
    said = ("It is recorded when the rapid review meeting was held.", *home)
    return act_on(request, form, act, "reviews/meeting_held.html", said, review=review, planned=planned)


def _why_not_held(step, review) -> str:
    if review.settled:
        return f"Nothing was recorded. {WHY_SETTLED[review.status]}"
    if step is None:
        return "Nothing was recorded: the local dates have no meeting."
    return "It is recorded already when the meeting was held."
