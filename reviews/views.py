"""The case's own pages: list, notification, overview, children."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from partnership.access.context import folder_tabs
from partnership.access.models import Folder
from partnership.access.page import page
from partnership.access.reach import reach_of
from partnership.access.replies import act_on, form_page, posted
from partnership.people.models import Partnership
from partnership.people.roles import Perm
from partnership.ui.parts import Clock
from reviews import forms, reads, services
from reviews.ending import reads as endings
from reviews.flow import REVIEW
from reviews.models import ReportSection, Review
from reviews.next_steps import next_for, why_nothing
from reviews.notifying import first
from reviews.running import running
from reviews.steps import steps

LOADED = ("folder", "notification__authority", "sending__sent_by", "sending__version")


@page(Perm.REVIEW_LIST, methods=("GET",))
def reviews(request):
    rows = reads.list_of_reviews(request.user, status=request.GET.get("status", ""))
    shown = Paginator(rows, 50).get_page(request.GET.get("page"))
    clocks = reads.list_clocks(request.user, shown)
    context = {
        "page_obj": shown,
        "rows": [(review, clocks.get(review.pk)) for review in shown],
        "status": request.GET.get("status", ""),
        "statuses": Review.Status.choices,
        "may_notify": reach_of(request.user).holds_wide(Perm.NOTIFY),
        "may_open": reach_of(request.user).holds(Perm.EMERGENCY),
    }
    return render(request, "reviews/reviews.html", context)


@page(Perm.NOTIFY)
def notify(request):
    form = forms.NotifyForm(posted(request), request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        partnership = Partnership.objects.get(pk=reach_of(request.user).partnerships(Perm.NOTIFY)[0])
        try:
            review = services.open_review(
                by=request.user,
                partnership=partnership,
                facts=form.facts(),
                child=form.child(),
                late_reason=form.cleaned_data["late_reason"],
                kind=form.cleaned_data["kind"],
                rapid=form.rapid(),
                copy=form.cleaned_data["copy"],
            )
        except ValidationError as error:
            form.put_errors(error)
        else:
            words = f"The review is open as ‘{review.folder.reference}’, sealed: only people named on it can see it."
            if form.cleaned_data["copy"]:
                words = f"{words} The copy is being checked: you are told if it cannot be kept."
            messages.success(request, words)
            return redirect(first.rest_of_the_form(request.user, review))
    return form_page(request, "reviews/notify.html", form)


@page(Perm.REVIEW_VIEW, Review, related=LOADED, methods=("GET",))
@running
def review(request, review):
    facts = reads.review_page(request.user, review)
    tasks = steps(facts)
    following = next_for(facts, request.user, tasks)
    context = {
        "page": facts,
        "dial": Clock.from_facts(
            facts.clock, title=f"{facts.clock.of} working day clock", send="Send to the national Panel by"
        ),
        "steps": tasks,
        "next": following,
        "why_nothing": "" if following else why_nothing(facts),
        "can": {str(perm): True for perm in facts.may},
        "ways": {code for code, _ in REVIEW.open_with(facts.held, review)},
        "ending": endings.ending(request.user, review) if facts.ended else None,
        "may_read_trail": Perm.TRAIL_READ in facts.held,
        "tabs": folder_tabs(request.user, review.folder, facts.held, here="reviews:review"),
        "today": timezone.localdate(),
        "nobody_above": facts.whom_to_telephone if Perm.TOLD_AS_MANAGER in facts.held else None,
    }
    return render(request, "reviews/review.html", context)


@page(Perm.REVIEW_MANAGE, Review, related=("folder", "notification"))
def correct_notification(request, review):
    notice = getattr(review, "notification", None)
    if notice is None:
        return redirect("reviews:consideration", review.pk)
    if review.settled and request.method == "GET":
        messages.warning(request, services.WHY_SETTLED[review.status])
        return redirect("reviews:review", review.pk)
    initial = {"aware_at": notice.aware_at, "sent_at": notice.sent_at, "read": services.times_of(notice)}
    form = forms.CorrectTimesForm(posted(request), user=request.user, initial=initial)

    def act():
        services.correct_notification(review, by=request.user, **form.correction())

    home, facts = reverse("reviews:review", args=[review.pk]), {"review": review, "notice": notice}
    said = ("The times were corrected. The dates are counted anew, and those before stay readable.", home)
    return act_on(request, form, act, "reviews/correct_notification.html", said, stale_url=home, **facts)


@page(Perm.FOLDER_VIEW, Folder, methods=("GET",))
def of_folder(request, folder):
    """A floor's page knows the folder only; this leads from it to the review, if that may be seen."""
    review = Review.objects.visible_to(request.user).filter(folder=folder).first()
    if review is None and ReportSection.objects.visible_to(request.user).filter(folder=folder).exists():
        return redirect("reviews:report_sections", folder.pk)
    if review is None:
        raise Http404
    return redirect("reviews:review", review.pk)


@page(Perm.REVIEW_MANAGE, Review, related=("folder",))
def add_child(request, review):
    form = forms.AddChildForm(posted(request), user=request.user)

    def act():
        return services.add_child(review, by=request.user, **form.child())

    def said(child):
        words = f"{child.pseudonym} was added. Now enter who this is, apart from the case."
        return words, first.who_it_is(request.user, child)

    home = reverse("reviews:review", args=[review.pk])
    return act_on(request, form, act, "reviews/add_child.html", said, stale_url=home, review=review)
