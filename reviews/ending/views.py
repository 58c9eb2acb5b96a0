"""Closing a review, reopening it, the council's withdrawal of its notification, and a new one after that."""

from functools import wraps

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse

from partnership.access.flow import label_of
from partnership.access.page import page
from partnership.access.replies import act_on, form_page, posted
from partnership.people.roles import Perm
from reviews import forms
from reviews.ending import reads, services
from reviews.flow import REVIEW
from reviews.models import Review


def _from(step):
    """Under @page: an old tab or a bookmark, on which the step cannot be taken any more, leads to the review."""

    def decorate(view):
        @wraps(view)
        def wrapper(request, review):
            if request.method == "GET" and review.status not in REVIEW.steps[step].source:
                messages.warning(request, f"The review is ‘{label_of(review, 'status')}’, so this cannot be done now.")
                return redirect("reviews:review", review.pk)
            return view(request, review)

        return wrapper

    return decorate


def _answer(request, review, form, template, act, done, **context):
    """The answer of a page that records one thing of an ending."""
    home = reverse("reviews:review", args=[review.pk])
    return act_on(request, form, act, template, (done, home), stale_url=home, review=review, **context)


@page(Perm.REVIEW_CLOSE, Review, related=("folder",))
@_from("finish")
def close(request, review):
    facts = reads.preview(request.user, review)
    form = forms.CloseForm(posted(request), user=request.user, initial={"seen": facts.digest})
    changed = request.method == "POST" and request.POST.get("seen") != facts.digest
    if changed and review.status in REVIEW.steps["finish"].source:
        # Read anew, with what was typed still in the form.
        form.data = form.data.copy()
        form.data["seen"] = facts.digest
        form.add_error(None, services.CHANGED)
        return form_page(request, "reviews/close.html", form, review=review, preview=facts)

    def act():
        services.close(review, by=request.user, seen=form.cleaned_data["seen"], note=form.cleaned_data["note"])

    done = "The review is closed. Those who keep it read it as before."
    return _answer(request, review, form, "reviews/close.html", act, done, preview=facts)


@page(Perm.REVIEW_CLOSE, Review, related=("folder",))
@_from("reopen")
def reopen(request, review):
    form = forms.ReopenForm(posted(request), user=request.user)

    def act():
        services.reopen(review, by=request.user, reason=form.cleaned_data["reason"])

    done = "The review is reopened. Nobody was let in again by it: let in whom you need."
    return _answer(request, review, form, "reviews/reopen.html", act, done)


@page(Perm.REVIEW_MANAGE, Review, related=("folder", "notification"))
@_from("withdraw")
def withdraw_notification(request, review):
    form = forms.WithdrawNotificationForm(posted(request), user=request.user)

    def act():
        facts = {name: form.cleaned_data[name] for name in form.FIELDS}
        services.withdraw_notification(review, by=request.user, **facts)

    done = "It is recorded that the council withdrew its notification. The clocks have ended, with the reason."
    owed = services.owed(review)
    return _answer(request, review, form, "reviews/withdraw_notification.html", act, done, owed=owed)


@page(Perm.REVIEW_MANAGE, Review, related=("folder", "notification"))
@_from("renotify")
def notify_again(request, review):
    form = forms.NotifyAgainForm(posted(request), user=request.user)

    def act():
        services.notify_again(review, by=request.user, **{name: form.cleaned_data[name] for name in form.FIELDS})

    done = "The new notification is recorded, and both periods are counted from it."
    return _answer(request, review, form, "reviews/notify_again.html", act, done)
