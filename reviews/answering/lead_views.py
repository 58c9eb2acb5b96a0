"""What those who run the review do about returns: record what came another way, and name co-ordinators."""

from django.contrib import messages
from django.shortcuts import redirect

from partnership.access.page import page
from partnership.access.replies import act_on, posted
from partnership.people.roles import Perm
from reviews import forms, naming, returns
from reviews.answering import parts, reads, signing
from reviews.answering.views import home_of
from reviews.models import AgencyReturn, Coordinator, Review
from reviews.running import running


@page(Perm.RETURN_REQUEST, AgencyReturn, related=("agency", "author", "folder"))
def record_return(request, row):
    if request.method == "GET" and (row.status != AgencyReturn.Status.ASKED or row.saved_at):
        if row.saved_at:
            messages.warning(request, signing.BEGUN)
        return redirect(home_of(row))
    # What is being written is its author's alone; of one that came back, what was recorded before is there to go on.
    initial = {} if row.saved_at else {name: getattr(row, name) for name in returns.ANSWERS}
    form = forms.RecordReturnForm(posted(request), request.FILES or None, user=request.user, initial=initial)

    def act():
        signing.record_for(row, by=request.user, answers=form.answers(), **form.given())
        naming.warn(request, row, naming.typed(form))

    said = (f"It is recorded for {row.body}.", home_of(row))
    return act_on(request, form, act, "reviews/record_return.html", said, stale_url=home_of(row), row=row)


@page(Perm.RETURN_REQUEST, Review, related=("folder",))
@running
def coordinators(request, review):
    form = forms.CoordinatorForm(posted(request), user=request.user)

    def act():
        chosen = {name: form.cleaned_data[name] for name in ("agency", "user")}
        return parts.name_coordinator(review, by=request.user, **chosen)

    def said(row):
        words = f"{row.user.name} sees how the returns of {row.agency.name} stand."
        return words, "reviews:coordinators", review.pk

    context = {
        "review": review,
        "coordinators": reads.coordinators(request.user, review),
        "sent": review.settled,
    }
    return act_on(request, form, act, "reviews/coordinators.html", said, stale_url="", **context)


@page(Perm.RETURN_REQUEST, Coordinator, related=("user",), methods=("POST",))
def coordinator_off(request, row):
    parts.take_off_coordinator(row, by=request.user)
    messages.success(request, f"{row.user.name} sees nothing of this case any more.")
    return redirect("reviews:coordinators", row.review_id)
