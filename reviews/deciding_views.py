"""The decision on a case and who stands behind it: decide, partners let in, signatures, silence, lead partners told."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html

from partnership.access.flow import Stale
from partnership.access.page import page
from partnership.access.replies import Clash, act_on, clash_page, conflict_page, differing, form_page, posted, who_did
from partnership.access.rows import powers
from partnership.documents.models import Version
from partnership.people.models import Agency, PartnerSeat
from partnership.people.roles import Perm
from partnership.people.services import acts_as_partner
from reviews import forms, naming, partners, reads, services
from reviews.models import Decision, Review
from reviews.running import running
from reviews.views import LOADED


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
        naming.warn(request, review, naming.typed(form))
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

    def act():
        said = {name: form.cleaned_data[name] for name in ("seat", "stance", "reason")}
        said["report"] = _report_read(request.user, review, form)
        services.sign_off(_decision_read(request.user, review, form), by=request.user, **said)

    def overtaken(stale):
        return _stale_signature(request, facts, _decision_read(request.user, review, form), form, stale)

    said = ("Your signature is recorded.", "reviews:review", review.pk)
    return act_on(request, form, act, "reviews/sign_off.html", said, on_stale=overtaken, page=facts)


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
    spoken = partners.with_a_word(request.user, standing)
    form = forms.SilenceForm(posted(request), user=request.user, spoken=spoken, initial={"decision": standing.pk})

    def act():
        read, agency = _decision_read(request.user, review, form), form.cleaned_data["agency"]
        facts = {"seat": agency.partner_seat, "agency": agency, "reason": form.cleaned_data["reason"]}
        services.record_silence(read, by=request.user, **facts)
        return agency

    def said(agency):
        return f"It is recorded that {agency.name} has not answered.", "reviews:review", review.pk

    def overtaken(stale):
        return _stale_silence(request, review, _decision_read(request.user, review, form), form, stale)

    context = {"review": review, "everybody": len(spoken) == len(PartnerSeat.values)}
    return act_on(request, form, act, "reviews/record_silence.html", said, on_stale=overtaken, **context)


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

    def act():
        services.leads_told(standing, by=request.user, **form.facts())

    said = (f"It is recorded that they were told of decision {standing.number}.", "reviews:review", review.pk)
    context = {"review": review, "standing": standing, "leads": partners.leads_today()}
    return act_on(request, form, act, "reviews/leads_told.html", said, **context)
