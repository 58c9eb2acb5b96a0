"""Telling the partnership of an incident, and the consideration that follows."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse

from partnership.access.context import folder_tabs
from partnership.access.ending import who_stays
from partnership.access.flow import Stale
from partnership.access.page import page
from partnership.access.reach import reach_of
from partnership.access.replies import act_on, conflict_page, form_page, posted
from partnership.access.rows import can, powers
from partnership.people.models import Partnership
from partnership.people.roles import Perm
from reviews import forms
from reviews.considering import files, reads, services
from reviews.flow import REFERRAL
from reviews.keeping import reads as keeping
from reviews.models import Referral, Review
from reviews.notifying import first

LOADED = ("folder", "consideration__authority", "notification__authority")


@page(Perm.REFER, methods=("GET",))
def start(request):
    """Before anything is typed: this is not a child protection referral, and whom to ring."""
    reach = reach_of(request.user)
    context = {
        "phones": reads.whom_to_ring(request.user),
        "may_notify": reach.holds_wide(Perm.NOTIFY),
        "may_refer": bool(reach.agencies(Perm.REFER)),
        "mine": list(reads.own_referrals(request.user)),
    }
    return render(request, "reviews/start.html", context)


@page(Perm.REFER)
def refer(request):
    if not reach_of(request.user).agencies(Perm.REFER):
        raise PermissionDenied("the unit belongs to no organisation: it records what others refer")
    form = forms.ReferralForm(posted(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.refer(by=request.user, partnership=Partnership.objects.get(), **form.parts())
        except ValidationError as error:
            form.put_errors(error)
        else:
            messages.success(
                request,
                f"Your referral is with the business unit as ‘{row.case_word}’. You read here what becomes of it, "
                "and can attach files.",
            )
            return redirect("reviews:referral", row.pk)
    return form_page(request, "reviews/refer.html", form, phones=reads.whom_to_ring(request.user))


@page(Perm.NOTIFY)
def record_referral(request):
    """What came by telephone, secure email or letter, and the child death panel's question."""
    form = forms.RecordReferralForm(posted(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        partnership = Partnership.objects.get(pk=reach_of(request.user).partnerships(Perm.NOTIFY)[0])
        try:
            row = services.refer(by=request.user, partnership=partnership, on_behalf=form.on_behalf(), **form.parts())
        except ValidationError as error:
            form.put_errors(error)
        else:
            messages.success(request, f"It is recorded as ‘{row.case_word}’, sealed. Say whether it is taken on.")
            return redirect("reviews:referral", row.pk)
    return form_page(request, "reviews/record_referral.html", form)


@page(Perm.REFERRAL_VIEW, Referral, related=("agency", "referrer", "recorded_by", "decided_by"), methods=("GET",))
def referral(request, row):
    held = powers(request.user, [row])[row.pk]
    context = {
        "row": row,
        "own": row.referrer_id == request.user.pk,
        "steps": {code for code, _ in REFERRAL.open_with(held, row)},
        "may_see_case": Perm.REVIEW_VIEW in held,
        "files": files.files_of(request.user, row.folder_id, files.OF_REFERRAL),
        "may_attach": _may_attach(request.user, row, held) and row.status in ("waiting", "taken"),
    }
    return render(request, "reviews/referral.html", context)


def _may_attach(user, row, held) -> bool:
    return row.referrer_id == user.pk or Perm.REFERRAL_DECIDE in held


@page(Perm.REFERRAL_VIEW, Referral, related=("agency", "folder"))
def attach_file(request, row):
    """The referrer attaches, and those who decide about the referral; the case's people read."""
    if not _may_attach(request.user, row, powers(request.user, [row])[row.pk]):
        raise PermissionDenied("others than the referrer and those who decide only read")
    form = forms.CaseFileForm(posted(request), request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            files.attach(row, by=request.user, **form.facts())
        except Stale as stale:
            return conflict_page(request, stale, form, reverse("reviews:referral", args=[row.pk]))
        except ValidationError as error:
            form.put_errors(error)
        else:
            return redirect("reviews:referral", row.pk)
    return form_page(request, "reviews/attach_file.html", form, row=row)


@page(Perm.REFERRAL_DECIDE, Referral, related=("agency", "review__folder"))
def decide_referral(request, row):
    form = forms.OutcomeForm(posted(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        take = services.take_on if form.cleaned_data["taken"] == "yes" else services.decline
        try:
            take(row, by=request.user, note=form.cleaned_data["note"])
        except Stale as stale:
            return conflict_page(request, stale, form, reverse("reviews:referral", args=[row.pk]))
        except ValidationError as error:
            form.put_errors(error)
        else:
            messages.success(request, "It is recorded. Whoever referred it reads it on their own page.")
            return _onward(request, row.review)
    staying = who_stays(row.review.folder)
    return form_page(request, "reviews/decide_referral.html", form, row=row, staying=staying)


@page(Perm.REFERRAL_WITHDRAW, Referral)
def take_back_referral(request, row):
    form = forms.ReasonForm(posted(request), user=request.user)

    def act():
        services.take_back(row, by=request.user, note=form.cleaned_data["reason"])

    home = reverse("reviews:referral", args=[row.pk])
    said = ("You have taken your referral back. It stays on record.", home)
    return act_on(request, form, act, "reviews/take_back_referral.html", said, stale_url=home, row=row)


@page(Perm.REVIEW_VIEW, Review, related=LOADED, methods=("GET",))
def consideration(request, review):
    facts = reads.consideration_page(request.user, review)
    context = {
        "page": facts,
        "can": {str(perm): True for perm in facts.held},
        "held_back": keeping.held_back(request.user, review),
        "tabs": folder_tabs(request.user, review.folder, facts.held, here="reviews:consideration"),
    }
    return render(request, "reviews/consideration.html", context)


def _step(request, review, form, template, act, done, onward=None, **context):
    """The answer of a page that records one thing about a consideration. onward(user, review) -> where it goes on."""
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except Stale as stale:
            return conflict_page(request, stale, form, reverse("reviews:consideration", args=[review.pk]))
        except ValidationError as error:
            form.put_errors(error)
        else:
            messages.success(request, done)
            return _onward(request, review, onward)
    return form_page(request, template, form, review=review, **context)


def _onward(request, review, onward=None):
    """To the case; home for whoever has let themselves out by ending it."""
    if can(request.user, Perm.REVIEW_VIEW, review):
        return redirect(onward(request.user, review) if onward else reverse("reviews:consideration", args=[review.pk]))
    messages.info(request, "Your own access to the case has ended with it: its case leads keep it.")
    return redirect(settings.LOGIN_REDIRECT_URL)


@page(Perm.REVIEW_MANAGE, Review, related=LOADED)
def council_aware(request, review):
    now = review.consideration
    form = forms.AwareForm(
        posted(request), user=request.user, initial={"authority": now.authority, "aware_at": now.aware_at}
    )

    def act():
        services.council_aware(review, by=request.user, **{name: form.cleaned_data[name] for name in form.FIELDS})

    done = "It is recorded, and the days to notify are counted from it."
    return _step(request, review, form, "reviews/council_aware.html", act, done)


@page(Perm.SIGN_OFF, Review, related=LOADED)
def give_view(request, review):
    seats = reads.consideration_page(request.user, review).own_seats
    form = forms.ViewForm(posted(request), user=request.user, seats=seats)

    def act():
        services.give_view(review, by=request.user, **{name: form.cleaned_data[name] for name in form.FIELDS})

    return _step(request, review, form, "reviews/give_view.html", act, "Your view is recorded.", seats=seats)


@page(Perm.REVIEW_MANAGE, Review, related=LOADED)
def record_view(request, review):
    form = forms.GivenViewForm(posted(request), user=request.user)

    def act():
        services.record_view(review, by=request.user, **{name: form.cleaned_data[name] for name in form.FIELDS})

    return _step(request, review, form, "reviews/record_view.html", act, "The view is recorded.")


@page(Perm.REVIEW_MANAGE, Review, related=LOADED)
def notify_considered(request, review):
    now = review.consideration
    initial = {"authority": now.authority, "aware_at": now.aware_at, "kind": review.kind}
    initial |= reads.known_of_incident(request.user, review)
    form = forms.ConsiderNotifyForm(posted(request), request.FILES or None, user=request.user, initial=initial)

    def act():
        late = form.cleaned_data["late_reason"]
        services.notify(
            review, by=request.user, facts=form.facts(), kind=form.cleaned_data["kind"], rapid=form.rapid(),
            late_reason=late, copy=form.cleaned_data["copy"],
        )  # fmt: skip

    done, onward, staying = "The notification is recorded.", first.rest_of_the_form, who_stays(review.folder)
    return _step(request, review, form, "reviews/notify_considered.html", act, done, onward, staying=staying)


@page(Perm.REVIEW_MANAGE, Review, related=LOADED)
def nobody_notifies(request, review):
    form = forms.ReasonForm(posted(request), user=request.user)

    def act():
        services.nobody_notifies(review, by=request.user, reason=form.cleaned_data["reason"])

    done = "It is recorded that the council does not notify. Those who keep access can read the case as before."
    staying = who_stays(review.folder)
    return _step(request, review, form, "reviews/nobody_notifies.html", act, done, staying=staying)


@page(Perm.REVIEW_MANAGE, Review, related=LOADED)
def consider_again(request, review):
    form = forms.ReasonForm(posted(request), user=request.user)

    def act():
        services.consider_again(review, by=request.user, reason=form.cleaned_data["reason"])

    return _step(request, review, form, "reviews/consider_again.html", act, "It is being considered again.")


@page(Perm.REVIEW_MANAGE, Review, related=LOADED)
def begin_rapid_review(request, review):
    form = forms.BeginForm(posted(request), user=request.user)

    def act():
        facts = {name: form.cleaned_data[name] for name in form.FIELDS}
        services.begin_rapid_review(review, by=request.user, **facts)

    done = "The rapid review is begun. Its fifteen days count from this notification."
    return _step(request, review, form, "reviews/begin_rapid_review.html", act, done)
