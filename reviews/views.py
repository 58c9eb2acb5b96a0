"""The case's own pages: list, notification, overview, decision, signatures, report, sending."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from partnership.access.context import folder_tabs
from partnership.access.flow import Stale
from partnership.access.models import Folder
from partnership.access.page import page
from partnership.access.reach import reach_of
from partnership.access.replies import (
    Clash,
    clash_page,
    conflict_page,
    differing,
    form_page,
    posted,
    who_did,
)
from partnership.access.rows import powers
from partnership.documents.models import Version
from partnership.jobs.services import ask
from partnership.people.models import Agency, PartnerSeat, Partnership
from partnership.people.roles import Perm
from partnership.people.services import acts_as_partner
from partnership.ui.parts import Clock
from reviews import clocks, forms, naming, partners, reads, sending, services
from reviews.ending import reads as endings
from reviews.flow import REVIEW
from reviews.models import Decision, ReportSection, Review
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
            messages.success(
                request,
                f"The review is open as ‘{review.folder.reference}’, sealed: only people named on it can see it.",
            )
            return redirect("reviews:review", review.pk)
    return form_page(request, "reviews/notify.html", form)


@page(Perm.REVIEW_VIEW, Review, related=LOADED, methods=("GET",))
@running
def review(request, review):
    facts = reads.review_page(request.user, review)
    tasks = steps(facts)
    context = {
        "page": facts,
        "dial": Clock.from_facts(
            facts.clock, title=f"{facts.clock.of} working day clock", send="Send to the national Panel by"
        ),
        "steps": tasks,
        "next_step": next((task for task in tasks if task.href and task.status == "To do"), None),
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
    if request.method == "POST" and form.is_valid():
        try:
            services.correct_notification(review, by=request.user, **form.correction())
        except Stale as stale:
            return conflict_page(request, stale, form, reverse("reviews:review", args=[review.pk]))
        except ValidationError as error:
            form.put_errors(error)
        else:
            messages.success(
                request, "The times were corrected. The dates are counted anew, and those before stay readable."
            )
            return redirect("reviews:review", review.pk)
    return form_page(request, "reviews/correct_notification.html", form, review=review, notice=notice)


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
    if request.method == "POST" and form.is_valid():
        try:
            child = services.add_child(review, by=request.user, **form.child())
        except Stale as stale:
            return conflict_page(request, stale, form, reverse("reviews:review", args=[review.pk]))
        except ValidationError as error:
            form.put_errors(error)
        else:
            messages.success(request, f"{child.pseudonym} was added. Now enter who this is, apart from the case.")
            return redirect("reviews:review", review.pk)
    return form_page(request, "reviews/add_child.html", form, review=review)


def _standing(user, review):
    return Decision.objects.visible_to(user).filter(review=review).select_related("recorded_by").first()


def _decision_read(user, review, form):
    """The decision whose number the page carried; Http404 for one of another review."""
    read = Decision.objects.visible_to(user).filter(pk=form.cleaned_data["decision"], review=review).first()
    if read is None:
        raise Http404
    return read


def _report_read(user, review, form):
    """The version of the report that the page named, None for none; Http404 for a file that is no such version."""
    pk = form.cleaned_data["report"]
    rows = Version.objects.visible_to(user).filter(document__title=reads.REPORT_TITLE, document__goes_out=True)
    read = rows.filter(pk=pk, folder_id=review.folder_id).first() if pk else None
    if pk and read is None:
        raise Http404
    return read


@page(Perm.DECIDE, Review, related=("folder",))
@running
def decide(request, review):
    standing = _standing(request.user, review)
    initial = {"code": standing.code, "rationale": standing.rationale} if standing else {}
    initial["standing"] = standing.number if standing else 0
    form = forms.DecisionForm(posted(request), user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.decide(review, by=request.user, **form.decision())
        except Stale as stale:
            return _stale_decision(request, review, form, stale)
        _say_who_can_sign(request, review)
        return redirect("reviews:review", review.pk)
    return form_page(request, "reviews/decide.html", form, review=review, standing=standing)


def _stale_decision(request, review, form, stale):
    now = _standing(request.user, review)
    if now is None or now.number == form.cleaned_data["standing"]:
        return conflict_page(request, stale, form, reverse("reviews:review", args=[review.pk]))
    happened = who_did(request.user, now.recorded_by, now.recorded_at, f"recorded decision {now.number}")
    clash = Clash(happened, differing(form, {"code": now.code, "rationale": now.rationale}))
    hidden = {"standing": now.number}
    return clash_page(request, "reviews/decide.html", form, clash, hidden=hidden, review=review, standing=now)


def _say_who_can_sign(request, review):
    """The truth after a decision: who can sign it now, and for which partner nobody has been let in."""
    seats = partners.of_folder(review.folder)
    able = dict.fromkeys(each.name for people in seats.values() for each in people if each.signs)
    done = f"The decision is recorded. {partners.names_of(list(able))} can sign it now." if able else ""
    messages.success(request, done or "The decision is recorded. Nobody can sign it yet.")
    missing = [
        f"the {PartnerSeat(code).label.lower()}" for code, people in seats.items() if not any(p.signs for p in people)
    ]
    if not missing:
        return
    words = f"Nobody has been let in yet to sign for {partners.names_of(missing)}."
    if Perm.FOLDER_GRANT in powers(request.user, [review])[review.pk]:
        url = reverse("reviews:let_in_partners", args=[review.pk])
        words = format_html(
            '{} <a class="govuk-notification-banner__link" href="{}">Let the safeguarding partners in</a>', words, url
        )
    else:
        words = f"{words} Ask a case lead of this review to let them in."
    messages.warning(request, words)


@page(Perm.FOLDER_GRANT, Review, related=("folder",))
def let_in_partners(request, review):
    people = partners.of_folder(review.folder)
    form = forms.PartnersForm(posted(request), user=request.user, people=people)
    if request.method == "POST" and form.is_valid():
        try:
            let_in = partners.let_in(review, form.chosen(), by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, error.messages[0])
        else:
            names = partners.names_of([each.user.name for each in let_in]) if let_in else "Nobody"
            messages.success(request, f"{names} {'were' if len(let_in) > 1 else 'was'} let in to read and sign.")
            return redirect("reviews:review", review.pk)
    seats = [
        {"code": code, "label": label, "people": people[code], "field": form[code] if code in form.fields else None}
        for code, label in PartnerSeat.choices
    ]
    context = {
        "review": review,
        "seats": seats,
        "choosable": any(seat["field"] for seat in seats),
        "agencies": list(Agency.objects.live().exclude(partner_seat="").order_by("name")),
    }
    return form_page(request, "reviews/let_in_partners.html", form, **context)


@page(Perm.SIGN_OFF, Review, related=LOADED)
@running
def sign_off(request, review):
    facts = reads.review_page(request.user, review)
    seats = acts_as_partner(request.user)
    if request.method == "POST" and (facts.decision is None or not seats):
        # A deputyship that ended while its holder was typing.
        typed = request.POST.get("reason", "")
        return render(request, "reviews/cannot_sign.html", {"page": facts, "typed": typed}, status=409)
    if request.method != "POST":
        if not facts.may_sign:
            return render(request, "reviews/cannot_sign.html", {"page": facts})
        unsigned = {seat.code for seat in facts.own_seats if not seat.spoken}
        seats = [duty for duty in seats if duty.agency.partner_seat in unsigned]
    initial = {"decision": facts.decision.pk, "report": facts.report and facts.report.pk}
    form = forms.SignForm(posted(request), user=request.user, seats=seats, initial=initial)
    if request.method == "POST" and form.is_valid():
        read = _decision_read(request.user, review, form)
        try:
            services.sign_off(
                read,
                by=request.user,
                seat=form.cleaned_data["seat"],
                stance=form.cleaned_data["stance"],
                reason=form.cleaned_data["reason"],
                report=_report_read(request.user, review, form),
            )
        except Stale as stale:
            return _stale_signature(request, facts, read, form, stale)
        except ValidationError as error:
            form.put_errors(error)
        else:
            messages.success(request, "Your signature is recorded.")
            return redirect("reviews:review", review.pk)
    return form_page(request, "reviews/sign_off.html", form, page=facts)


def _stale_signature(request, facts, read, form, stale):
    """Another decision stands: both side by side, and the agreement must be given anew; the reason is kept."""
    review = Review.objects.visible_to(request.user).select_related(*LOADED).get(pk=facts.review.pk)
    facts = reads.review_page(request.user, review)
    now = facts.decision
    if now.pk == read.pk or facts.sending:
        return conflict_page(request, stale, form, reverse("reviews:review", args=[review.pk]))
    advice = (
        "You have not signed. Read the decision that stands now and say whether you agree with it: the reason "
        "that you typed is kept in the form below."
    )
    clash, hidden = _newer_decision(request.user, read, now, advice), {"decision": now.pk}
    return clash_page(request, "reviews/sign_off.html", form, clash, hidden=hidden, forget=("stance",), page=facts)


def _newer_decision(user, read, now, advice) -> Clash:
    pairs = (
        ("Number", str(read.number), str(now.number)),
        ("Decision", read.get_code_display(), now.get_code_display()),
        ("Rationale", read.rationale, now.rationale),
    )
    return Clash(
        who_did(user, now.recorded_by, now.recorded_at, f"recorded decision {now.number}"),
        [pair for pair in pairs if pair[1] != pair[2]],
        mine="The decision that you read",
        saved="The decision that stands now",
        advice=advice,
    )


@page(Perm.DECIDE, Review, related=LOADED)
@running
def record_silence(request, review):
    standing = _standing(request.user, review)
    if standing is None:
        messages.warning(request, "There is no decision yet that a partner could be silent about.")
        return redirect("reviews:review", review.pk)
    form = forms.SilenceForm(posted(request), user=request.user, initial={"decision": standing.pk})
    if request.method == "POST" and form.is_valid():
        read = _decision_read(request.user, review, form)
        agency = form.cleaned_data["agency"]
        try:
            services.record_silence(
                read, by=request.user, seat=agency.partner_seat, agency=agency, reason=form.cleaned_data["reason"]
            )
        except Stale as stale:
            return _stale_silence(request, review, read, form, stale)
        except ValidationError as error:
            form.put_errors(error)
        else:
            messages.success(request, f"It is recorded that {agency.name} has not answered.")
            return redirect("reviews:review", review.pk)
    return form_page(request, "reviews/record_silence.html", form, review=review)


def _stale_silence(request, review, read, form, stale):
    now = _standing(request.user, review)
    if now.pk == read.pk or review.settled:
        return conflict_page(request, stale, form, reverse("reviews:review", args=[review.pk]))
    advice = (
        "Nothing is recorded yet. Read the decision that stands now. If the partner has not answered that one "
        "either, record it again: what you typed is kept in the form below."
    )
    clash, hidden = _newer_decision(request.user, read, now, advice), {"decision": now.pk}
    return clash_page(request, "reviews/record_silence.html", form, clash, hidden=hidden, review=review)


@page(Perm.DECIDE, Review, related=("folder",))
@running
def leads_told(request, review):
    """A sealed case is told to its partners' leads by people, not by mail; that it was is recorded here."""
    standing = _standing(request.user, review)
    if standing is None:
        messages.warning(request, "There is no decision yet that the lead partners could be told of.")
        return redirect("reviews:review", review.pk)
    form = forms.LeadsToldForm(posted(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            services.leads_told(standing, by=request.user, **form.facts())
        except ValidationError as error:
            form.put_errors(error)
        else:
            messages.success(request, f"It is recorded that they were told of decision {standing.number}.")
            return redirect("reviews:review", review.pk)
    context = {"review": review, "standing": standing, "leads": partners.leads_today()}
    return form_page(request, "reviews/leads_told.html", form, **context)


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
    job = ask("review_report", review, by=request.user)
    return redirect("jobs:job", job.pk)


@page(Perm.SEND, Review, related=LOADED)
@running
def record_sending(request, review):
    facts = reads.review_page(request.user, review)
    if facts.report is None or (review.settled and request.method == "GET"):
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
                warned=_warnings(request, review, facts),
            )
        except Stale as stale:
            return _stale_sending(request, review, form, stale)
        except ValidationError as error:
            form.put_errors(error)
        else:
            messages.success(request, "It is recorded that the report was sent to the Panel.")
            return redirect("reviews:review", review.pk)
    warned = _warnings(request, review, facts)
    return form_page(request, "reviews/record_sending.html", form, page=facts, warnings=warned)


def _warnings(request, review, facts):
    """Whom the report names comes first: what has gone cannot be called back."""
    return [*naming.in_report(request.user, review), *sending.warnings(facts)]


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
        page=facts,
        warnings=_warnings(request, review, facts),
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
    if request.method == "POST" and form.is_valid():
        try:
            sending.correct_sending(sent, by=request.user, **form.correction())
        except Stale:
            return _stale_correction(request, sent, form, review)
        except ValidationError as error:
            form.put_errors(error)
        else:
            messages.success(request, "The time of sending was corrected. What was recorded first is kept beside it.")
            return redirect("reviews:review", review.pk)
    return form_page(request, "reviews/correct_sending.html", form, **context)


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
