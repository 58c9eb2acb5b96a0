"""The national Panel: what it said of a review that was sent, and what we answered."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse

from partnership.access.context import folder_tabs
from partnership.access.page import page
from partnership.access.replies import Clash, act_on, clash_page, differing, posted, who_did
from partnership.access.rows import powers
from partnership.people.roles import Perm
from reviews import forms, naming
from reviews.models import PanelReply, Review
from reviews.panel import reads, services
from reviews.running import running


@page(Perm.REVIEW_VIEW, Review, related=("folder",), methods=("GET",))
@running
def panel(request, review):
    held = powers(request.user, [review])[review.pk]
    sent = reads.sending(request.user, review)
    context = {
        "review": review,
        "sent": sent,
        "clock": reads.clock(request.user, sent) if sent else None,
        "replies": list(reads.replies(request.user, review)),
        "may_record": Perm.SEND in held,
        "tabs": folder_tabs(request.user, review.folder, held, here="reviews:panel"),
    }
    return render(request, "reviews/panel.html", context)


@page(Perm.SEND, Review, related=("folder",))
@running
def record_reply(request, review):
    sent, home = reads.sending(request.user, review), reverse("reviews:panel", args=[review.pk])
    if sent is None and request.method == "GET":
        messages.warning(request, "The report has not been sent to the Panel, so there is no reply to record.")
        return redirect(home)
    form = forms.PanelReplyForm(posted(request), user=request.user)
    return act_on(
        request, form, lambda: services.record_reply(review, by=request.user, **form.facts()),
        "reviews/record_reply.html", ("The Panel’s reply is recorded.", home),
        then=lambda made: naming.warn(request, review, naming.typed(form)), review=review, sent=sent,
    )  # fmt: skip


@page(Perm.SEND, PanelReply, related=("review__folder", "recorded_by"))
def answer_reply(request, row):
    home = reverse("reviews:panel", args=[row.review_id])
    if row.answered_on and request.method == "GET":
        messages.warning(request, "This reply has its answer already.")
        return redirect(home)
    form = forms.PanelAnswerForm(posted(request), user=request.user)
    return act_on(
        request, form, lambda: services.answer_reply(row, by=request.user, **form.facts()),
        "reviews/answer_reply.html", ("Our answer is recorded.", home), stale_url=home,
        then=lambda made: naming.warn(request, row.review, naming.typed(form)), review=row.review, reply=row,
    )  # fmt: skip


@page(Perm.SEND, PanelReply, related=("review__folder", "recorded_by"))
def correct_reply(request, row):
    initial = {name: getattr(row, name) for name in ("received_on", "code", "words", "version")}
    form = forms.CorrectReplyForm(posted(request), user=request.user, initial=initial)
    return _corrected(request, row, form, services.correct_reply, "reviews/correct_reply.html")


@page(Perm.SEND, PanelReply, related=("review__folder", "answered_by"))
def correct_answer(request, row):
    if row.answered_on is None and request.method == "GET":
        messages.warning(request, "No answer is recorded yet, so there is none to correct.")
        return redirect("reviews:panel", row.review_id)
    initial = {name: getattr(row, name) for name in ("answered_on", "answer", "version")}
    form = forms.CorrectAnswerForm(posted(request), user=request.user, initial=initial)
    return _corrected(request, row, form, services.correct_answer, "reviews/correct_answer.html")


def _corrected(request, row, form, correct, template):
    def act():
        correct(row, by=request.user, **form.facts())

    def overtaken(stale):
        return _stale_correction(request, row, form, template)

    said = ("It was corrected. What was recorded first is kept beside it.", "reviews:panel", row.review_id)
    return act_on(request, form, act, template, said, on_stale=overtaken, review=row.review, reply=row)


def _stale_correction(request, row, form, template):
    now = reads.replies(request.user, row.review).get(pk=row.pk)
    of_answer = isinstance(form, forms.CorrectAnswerForm)
    by, at = (now.answered_by, now.answer_recorded_at) if of_answer else (now.recorded_by, now.recorded_at)
    names = ("answered_on", "answer") if of_answer else ("received_on", "code", "words")
    clash = Clash(who_did(request.user, by, at), differing(form, {name: getattr(now, name) for name in names}))
    hidden = {"version": now.version}
    return clash_page(request, template, form, clash, hidden=hidden, review=row.review, reply=row)
