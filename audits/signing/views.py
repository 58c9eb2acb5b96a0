"""The page on which a return is signed and submitted: by the lead first, then whoever follows."""

from functools import partial

from django.shortcuts import redirect, render
from django.urls import reverse

from audits.models import AuditReturn, Round, Signature
from audits.signing import forms, reads, receipts, services
from audits.tabs import tabs_of_return
from partnership.access.page import page
from partnership.access.replies import act_on, form_page, posted, pressed
from partnership.access.rows import powers
from partnership.documents.views import give
from partnership.jobs import services as jobs
from partnership.people.roles import Perm
from partnership.ui.forms import spoken

HERE = "audits:return_sign"
SIGN = "audits/return_sign.html"
S, How = AuditReturn.Status, Signature.How
SUBMITTED = "Signed, and submitted: this was the last signature. The receipt is being made."


def shown(user, row, here, **context) -> dict:
    """What every page of a return's signing and taking out is given."""
    held = powers(user, [row])[row.pk]
    return {"return": row, "round": row.round, "held": held, "tabs": tabs_of_return(row, held, here=here)} | context


@page(Perm.ANSWERS_SIGN, AuditReturn, related=services.RELATED)
def return_sign(request, row):
    """Each status has its own part of the page; a button says in `do` what it does."""
    attempts = reads.attempts_of(request.user, row)
    context = shown(
        request.user, row, HERE, attempts=attempts, submissions=reads.submissions_of(request.user, row),
        closed=services.CLOSED if row.round.status != Round.Status.OPEN else "",
    )  # fmt: skip
    do = request.POST.get("do", "")
    if row.status == S.SIGNING and do != "lead":
        return _signing(request, row, attempts[0], do, context)
    if row.status == S.BEGUN or do == "lead":
        return _lead(request, row, context)
    return render(request, SIGN, context | {"attempts": attempts})


def _lead(request, row, context):
    steps, named = reads.signers(row, request.user)
    options = {"steps": steps, "named": named, "post": reads.post_of(row, request.user)}
    form = forms.LeadForm(posted(request), user=request.user, **options)
    missing = services.still_missing(row, request.user) if row.status == S.BEGUN else None
    files = services.files_that_wait(row, request.user) if missing else []
    act = lambda: services.sign_as_lead(row, by=request.user, **form.facts())  # noqa: E731
    ready = missing is None or (missing.complete and row.people_confirmed_at is not None and not files)
    context |= {"missing": missing, "files": files, "ready": ready and not context["closed"], "steps": steps}
    return act_on(request, form, act, SIGN, _said, stale_url=reverse(HERE, args=[row.pk]), **context)


def _said(row):
    if row.status == S.SUBMITTED:
        return SUBMITTED, HERE, row.pk
    turn = services.next_of(services.signatures_of(row))
    step = spoken(turn.get_step_display())
    if turn.email:
        return f"Signed. A link to sign goes to the {step}, {turn.email}.", HERE, row.pk
    return f"Signed. Nobody is asked yet as the {step}: name the person, or record a minute or a letter.", HERE, row.pk


def _signing(request, row, attempt, do, context):
    """Somebody is asked to sign: what the lead can do meanwhile, and the signature of whoever has an account here."""
    user, turn = request.user, attempt.turn
    if do == "back":
        act = partial(services.take_back, row, by=user)
        return pressed(request, act, "The return is yours again: change it, and sign it anew.", HERE, row.pk)
    bound = lambda name: posted(request) if do == name else None  # noqa: E731
    first = {"name": turn.name, "post": turn.post, "email": turn.email}
    found = {
        "again": forms.AgainForm(bound("again"), user=user, step=turn.step, initial=first, auto_id="again_%s"),
        "record": forms.RecordForm(
            bound("record"),
            request.FILES or None,
            user=user,
            initial={"post": turn.post},
            auto_id="record_%s",
            last=services.signed_last(attempt.signatures),
        ),
    }
    if turn.user_id == user.pk:
        found["sign"] = forms.SignerForm(bound("sign"), user=user, initial=first, auto_id="sign_%s")
    context |= {
        "turn": turn, "link": attempt.link, "why_not": services.why_not(row, attempt.signatures[0]), "parts": found,
    }  # fmt: skip
    form = found.get(do)
    if form is None:
        return form_page(request, SIGN, found["again"], **context)
    said = _asked if do == "again" else _said_back if do == "sign" else _said
    act = lambda: _act(turn, do, form, user)  # noqa: E731
    return act_on(request, form, act, SIGN, said, stale_url=reverse(HERE, args=[row.pk]), **context)


def _act(turn, do, form, user):
    if do == "again":
        return services.ask_again(turn, by=user, **form.facts())
    if do == "record":
        return services.record_minute(turn, by=user, **form.facts())
    return act_as_signer(turn, form, by=user, how=How.PORTAL)


def act_as_signer(turn, form, *, by, how, link=None) -> AuditReturn:
    """What whoever is asked to sign chose: to sign, or to send it back."""
    data = form.cleaned_data
    if data["says"] == "back":
        return services.send_back(turn, by=by, note=data["note"], link=link)
    return services.sign(turn, by=by, name=data.get("name") or by.name, post=data["post"], how=how, link=link)


def _asked(signature):
    return (
        f"A new link went to {signature.email}. One that was sent before opens nothing any more.",
        HERE,
        (signature.audit_return_id),
    )


def _said_back(row):
    if row.status == S.BEGUN:
        return "Sent back. The lead is told what you wrote.", HERE, row.pk
    return _said(row)


@page(Perm.ANSWERS_VIEW, AuditReturn, related=services.RELATED, downloads=True)
def return_pdf(request, row):
    """The receipt of the submission that `number` names, or of the newest while the return is submitted; else the
    return as it stands, which a button makes and `file` gives."""
    number = request.GET.get("number", "" if row.status == S.SUBMITTED else "0")
    rows = reads.submissions_of(request.user, row)
    submission = next((each for each in rows if not number or str(each.number) == number), None)
    code, subject = (services.RECEIPT, submission) if submission else (receipts.STANDING, row)
    version = receipts.version_of(submission) if submission else receipts.standing_of(row)
    if request.method == "POST":
        if submission is None or version is None:
            jobs.ask(code, subject, by=request.user)
        return redirect(request.get_full_path())
    if version is not None and (submission or "file" in request.GET):
        return give(request, version)
    context = {"submission": submission, "submissions": rows, "version": version}
    context |= {"under_way": jobs.is_under_way(code, subject)}
    return render(request, "audits/return_pdf.html", shown(request.user, row, "", **context))


@page(Perm.ANSWERS_VIEW, Signature, related=("audit_return__round", "document"), methods=("GET",), downloads=True)
def signature_letter(request, row):
    """The minute or letter from which a signature was recorded."""
    return give(request, services.letter_of(row))
