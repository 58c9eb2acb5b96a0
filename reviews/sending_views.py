"""The report and its way to the Panel: draft sent, made, sent, the time of sending put right."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse

from partnership.access.page import page
from partnership.access.replies import Clash, act_on, clash_page, conflict_page, differing, posted, who_did
from partnership.documents.models import Version
from partnership.people.roles import Perm
from reviews import clocks, forms, places, reads, sending, services
from reviews.models import Review
from reviews.running import running
from reviews.views import LOADED


@page(Perm.REPORT_MAKE, Review, related=("folder",), methods=("POST",))
@running
def draft_sent(request, review):
    if request.POST.get("undo"):
        clocks.step_undone(review, clocks.DRAFT, by=request.user)
        messages.success(request, "It is taken back.")
    elif clocks.step_done(review, clocks.DRAFT, by=request.user) is None:
        messages.warning(request, "Nothing was recorded: the report was sent, or the local dates have no such step.")
    else:
        messages.success(request, "It is recorded that the draft was sent to the safeguarding partners.")
    return redirect("reviews:review", review.pk)


@page(Perm.REPORT_MAKE, Review, related=("folder",), methods=("POST",))
@running
def make_report(request, review):
    if review.settled:
        messages.warning(request, services.WHY_SETTLED[review.status])
        return redirect("reviews:review", review.pk)
    found = places.in_report(request.user, review)
    back = reverse("reviews:review", args=[review.pk])
    return places.make(request, review, "review_report", found, what="the report", back=back)


@page(Perm.SEND, Review, related=LOADED)
@running
def record_sending(request, review):
    facts = reads.review_page(request.user, review)
    if facts.report is None or (review.settled and request.method == "GET"):
        return render(request, "reviews/cannot_send.html", {"page": facts})
    form = forms.SendingForm(posted(request), user=request.user, initial={"version": facts.report.pk})
    around = _around(request, review, facts)

    def act():
        sending.record_sending(
            review,
            by=request.user,
            version=facts.report,
            read=form.cleaned_data["version"],
            sent_at=form.cleaned_data["sent_at"],
            due_on=facts.clock.due_on,
            late_reason=form.cleaned_data["late_reason"],
            warned=sending.warnings(facts, names=bool(around["places"])),
        )

    def overtaken(stale):
        return _stale_sending(request, review, form, stale)

    said = ("It is recorded that the report was sent to the Panel.", "reviews:review", review.pk)
    return act_on(request, form, act, "reviews/record_sending.html", said, on_stale=overtaken, **around)


def _around(request, review, facts):
    """Whom the report names comes first: what has gone cannot be called back."""
    return {"page": facts, "places": places.in_report(request.user, review), "warnings": sending.warnings(facts)}


def _stale_sending(request, review, form, stale):
    """A newer file was made meanwhile: both are named, and what was typed can be sent again for the newer one."""
    review = Review.objects.visible_to(request.user).select_related(*LOADED).get(pk=review.pk)
    facts = reads.review_page(request.user, review)
    read = Version.objects.visible_to(request.user).filter(pk=form.cleaned_data["version"]).first()
    if review.settled or read is None or read.folder_id != review.folder_id:
        return conflict_page(request, stale, form, reverse("reviews:review", args=[review.pk]))
    told = [f"Version {each.number}, SHA-256 {each.sha256}" for each in (read, facts.report)]
    clash = Clash(
        f"Version {facts.report.number} of the report was made while you were typing.",
        [("File", *told)],
        mine="The file that you read about",
        saved="The newest file",
        advice="Nothing is recorded yet. Check which file it was that went: what you send now is recorded for the "
        "newest one. The time that you typed is kept in the form below.",
    )
    return clash_page(
        request,
        "reviews/record_sending.html",
        form,
        clash,
        hidden={"version": facts.report.pk},
        **_around(request, review, facts),
    )


@page(Perm.SEND, Review, related=LOADED)
@running
def correct_sending(request, review):
    sent = getattr(review, "sending", None)
    if sent is None:
        messages.warning(request, "No sending has been recorded, so there is no time to put right.")
        return redirect("reviews:review", review.pk)
    corrections = reads.corrections_of(request.user, sent)
    initial = {"sent_at": sent.sent_at, "read": len(corrections)}
    form = forms.CorrectionForm(posted(request), user=request.user, initial=initial)
    context = {"review": review, "sent": sent, "corrections": corrections}

    def act():
        sending.correct_sending(sent, by=request.user, **form.correction())

    def overtaken(stale):
        return _stale_correction(request, sent, form, review)

    words = "The time of sending was corrected. What was recorded first is kept beside it."
    said = (words, "reviews:review", review.pk)
    return act_on(request, form, act, "reviews/correct_sending.html", said, on_stale=overtaken, **context)


def _stale_correction(request, sent, form, review):
    sent.refresh_from_db(fields=["sent_at"])
    corrections = reads.corrections_of(request.user, sent)
    happened = who_did(request.user, corrections[-1].corrected_by, corrections[-1].corrected_at, "corrected the time")
    return clash_page(
        request,
        "reviews/correct_sending.html",
        form,
        Clash(happened, differing(form, {"sent_at": sent.sent_at})),
        hidden={"read": len(corrections)},
        review=review,
        sent=sent,
        corrections=corrections,
    )
