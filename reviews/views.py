"""The case's own pages: list, notification, overview, children, analysis, decision, signatures, report, sending."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from partnership.access.flow import Stale
from partnership.access.models import Folder
from partnership.access.page import page
from partnership.access.reach import reach_of
from partnership.access.replies import can_keep_some, conflict_page, form_page, posted, saved
from partnership.access.rows import powers
from partnership.identities.age import age_words
from partnership.identities.models import Identity
from partnership.identities.services import add_identity, change_identity, open_identities, opened
from partnership.jobs.services import ask
from partnership.people.models import Partnership
from partnership.people.roles import Perm
from partnership.ui.parts import Clock
from reviews import forms, reads, sending, services
from reviews.models import Analysis, Child, Decision, Review
from reviews.steps import steps

LOADED = ("folder", "notification__authority", "sending__sent_by", "sending__version", "analysis")


@page(Perm.REVIEW_LIST, methods=("GET",))
def reviews(request):
    rows = reads.list_of_reviews(request.user, status=request.GET.get("status", ""))
    shown = Paginator(rows, 50).get_page(request.GET.get("page"))
    context = {
        "page_obj": shown,
        "rows": [(review, reads.review_clock(review)) for review in shown],
        "status": request.GET.get("status", ""),
        "statuses": Review.Status.choices,
        "may_notify": reach_of(request.user).holds_wide(Perm.NOTIFY),
    }
    return render(request, "reviews/reviews.html", context)


@page(Perm.NOTIFY)
def notify(request):
    form = forms.NotifyForm(posted(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        partnership = Partnership.objects.get(pk=reach_of(request.user).partnerships(Perm.NOTIFY)[0])
        try:
            review = services.open_review(
                by=request.user, partnership=partnership, facts=form.facts(), child=form.child()
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request,
                f"The review is open as ‘{review.folder.reference}’, sealed: only people named on it can see it.",
            )
            return redirect("reviews:review", review.pk)
    return form_page(request, "reviews/notify.html", form)


@page(Perm.REVIEW_VIEW, Review, related=LOADED, methods=("GET",))
def review(request, review):
    facts = reads.review_page(request.user, review)
    context = {
        "page": facts,
        "dial": Clock.from_facts(
            facts.clock, title=f"{facts.clock.of} working day clock", send="Send to the national Panel by"
        ),
        "steps": steps(facts),
        "can": {str(perm): True for perm in facts.held},
        "may_search": Perm.IDENTITY_SEARCH in facts.held,
        "today": timezone.localdate(),
    }
    return render(request, "reviews/review.html", context)


@page(Perm.FOLDER_VIEW, Folder, methods=("GET",))
def of_folder(request, folder):
    """A floor's page knows the folder only; this leads from it to the review, if that may be seen."""
    review = Review.objects.visible_to(request.user).filter(folder=folder).first()
    if review is None:
        raise Http404
    return redirect("reviews:review", review.pk)


@page(Perm.REVIEW_MANAGE, Review, related=("folder",))
def add_child(request, review):
    form = forms.ChildForm(posted(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        child = services.add_child(
            review,
            by=request.user,
            age_band=form.cleaned_data["age_band"],
            legal_status=form.cleaned_data["legal_status"],
        )
        messages.success(request, f"{child.pseudonym} was added. Now enter who this is, apart from the case.")
        return redirect("reviews:review", review.pk)
    return form_page(request, "reviews/add_child.html", form, review=review)


@page(Perm.IDENTITY_SEARCH, Review, related=("folder", "notification"), methods=("GET",))
def identities(request, review):
    people = open_identities(review.folder_id, why="the page asked for IDENTITY_SEARCH on the review")
    for person in people:
        if person.date_of_birth:
            person.age = f"{age_words(person.date_of_birth, review.notification.incident_on)} at the incident"
    context = {
        "review": review,
        "people": people,
        "unidentified": list(Child.objects.visible_to(request.user).filter(review=review, identity=None)),
        "may_edit": Perm.IDENTITY_EDIT in powers(request.user, [review])[review.pk],
    }
    return render(request, "reviews/identities.html", context)


@page(Perm.IDENTITY_EDIT, Child, related=("review__folder",))
def identify_child(request, child):
    form = forms.IdentityForm(posted(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            services.identify_child(child, by=request.user, facts=form.facts())
        except Stale as stale:
            return conflict_page(request, stale, form, reverse("reviews:identities", args=[child.review_id]))
        messages.success(request, f"The identity record of {child.pseudonym} is sealed.")
        return redirect("reviews:identities", child.review_id)
    return form_page(
        request, "reviews/identity_form.html", form, review=child.review, heading=f"Who {child.pseudonym} is"
    )


@page(Perm.IDENTITY_EDIT, Review, related=("folder",))
def add_person(request, review):
    form = forms.PersonForm(posted(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            add_identity(
                review.folder,
                subject=form.cleaned_data["subject"],
                label=form.cleaned_data["label"],
                facts=form.facts(),
                by=request.user,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "The identity record is sealed.")
            return redirect("reviews:identities", review.pk)
    return form_page(request, "reviews/identity_form.html", form, review=review, heading="Add a person to search for")


@page(Perm.IDENTITY_EDIT, Identity, related=("folder__review",))
def change_person(request, identity):
    facts = opened(identity)
    initial = {
        name: getattr(facts, name) for name in ("name", "other_names", "date_of_birth", "addresses", "other", "version")
    }
    form = forms.IdentityForm(posted(request), user=request.user, initial=initial)
    review = identity.folder.review
    if request.method == "POST" and form.is_valid():
        try:
            change_identity(identity, facts=form.facts(), version=form.cleaned_data["version"] or 0, by=request.user)
        except Stale as stale:
            return conflict_page(request, stale, form, reverse("reviews:identities", args=[review.pk]))
        messages.success(request, "The identity record was changed.")
        return redirect("reviews:identities", review.pk)
    return form_page(request, "reviews/identity_form.html", form, review=review, heading=f"Who {identity.label} is")


@page(Perm.REVIEW_MANAGE, Analysis, related=("review__folder",))
def analysis(request, analysis):
    initial = {name: getattr(analysis, name) for name in (*forms.AnalysisForm.TEXTS, "version")}
    form = forms.AnalysisForm(posted(request), user=request.user, initial=initial)
    if request.method == "POST" and (form.is_valid() or can_keep_some(request, form)):
        version = form.cleaned_data["version"]
        try:
            row = services.save_analysis(analysis, by=request.user, version=version, texts=form.texts())
        except Stale as stale:
            return conflict_page(request, stale, form, reverse("reviews:analysis", args=[analysis.pk]), initial)
        if request.htmx:
            return saved(row, form)
        messages.success(request, "The analysis was saved.")
        return redirect("reviews:review", analysis.review_id)
    return form_page(request, "reviews/analysis.html", form, review=analysis.review)


@page(Perm.DECIDE, Review, related=("folder",))
def decide(request, review):
    standing = Decision.objects.visible_to(request.user).filter(review=review).first()
    initial = {"code": standing.code, "rationale": standing.rationale} if standing else {}
    initial["standing"] = standing.number if standing else 0
    form = forms.DecisionForm(posted(request), user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.decide(review, by=request.user, **form.decision())
        except Stale as stale:
            return conflict_page(request, stale, form, reverse("reviews:decide", args=[review.pk]), initial)
        messages.success(request, "The decision is recorded. The three safeguarding partners can sign it now.")
        return redirect("reviews:review", review.pk)
    return form_page(request, "reviews/decide.html", form, review=review, standing=standing)


@page(Perm.SIGN_OFF, Review, related=LOADED)
def sign_off(request, review):
    facts = reads.review_page(request.user, review)
    seats = services.seats_open_to(request.user)
    if facts.decision is None or not seats:
        return render(request, "reviews/cannot_sign.html", {"page": facts, "seats": seats})
    form = forms.SignForm(posted(request), user=request.user, seats=seats, initial={"decision": facts.decision.pk})
    if request.method == "POST" and form.is_valid():
        read = Decision.objects.visible_to(request.user).filter(pk=form.cleaned_data["decision"], review=review).first()
        if read is None:
            raise Http404
        try:
            services.sign_off(
                read,
                by=request.user,
                seat=form.cleaned_data["seat"],
                stance=form.cleaned_data["stance"],
                reason=form.cleaned_data["reason"],
            )
        except Stale as stale:
            return conflict_page(request, stale, form, reverse("reviews:sign_off", args=[review.pk]))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Your signature is recorded.")
            return redirect("reviews:review", review.pk)
    return form_page(request, "reviews/sign_off.html", form, page=facts)


@page(Perm.DECIDE, Review, related=LOADED)
def record_silence(request, review):
    form = forms.SilenceForm(posted(request), user=request.user)
    standing = Decision.objects.visible_to(request.user).filter(review=review).first()
    if standing is None:
        messages.warning(request, "There is no decision yet that a partner could be silent about.")
        return redirect("reviews:review", review.pk)
    if request.method == "POST" and form.is_valid():
        agency = form.cleaned_data["agency"]
        try:
            services.record_silence(
                standing, by=request.user, seat=agency.partner_seat, agency=agency, reason=form.cleaned_data["reason"]
            )
        except Stale as stale:
            return conflict_page(request, stale, form, reverse("reviews:review", args=[review.pk]))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"It is recorded that {agency.name} has not answered.")
            return redirect("reviews:review", review.pk)
    return form_page(request, "reviews/record_silence.html", form, review=review)


@page(Perm.REPORT_MAKE, Review, related=("folder",), methods=("POST",))
def make_report(request, review):
    if review.status == Review.Status.SENT:
        messages.warning(request, "The report was sent, so it is not made again.")
        return redirect("reviews:review", review.pk)
    job = ask("review_report", review, by=request.user)
    return redirect("jobs:job", job.pk)


@page(Perm.SEND, Review, related=LOADED)
def record_sending(request, review):
    facts = reads.review_page(request.user, review)
    if facts.report is None or facts.sending:
        return render(request, "reviews/cannot_send.html", {"page": facts})
    form = forms.SendingForm(posted(request), user=request.user, initial={"version": facts.report.pk})
    if request.method == "POST" and form.is_valid():
        try:
            sending.record_sending(
                review,
                by=request.user,
                version=facts.report,
                read=form.cleaned_data["version"],
                sent_at=form.cleaned_data["sent_at"],
                due_on=facts.clock.due_on,
                late_reason=form.cleaned_data["late_reason"],
                warned=sending.warnings(facts),
            )
        except Stale as stale:
            return conflict_page(request, stale, form, reverse("reviews:record_sending", args=[review.pk]))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "It is recorded that the report was sent to the Panel.")
            return redirect("reviews:review", review.pk)
    return form_page(request, "reviews/record_sending.html", form, page=facts, warnings=sending.warnings(facts))
