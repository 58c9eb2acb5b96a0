"""The page behind a mailed link: the whole return to read, and one signature. Looking uses nothing up. For an hour
afterwards it says what was done, and gives a copy of what was signed."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render

from audits.models import Signature
from audits.signing import forms, reads, receipts, services
from audits.signing.content import content_of
from audits.signing.letters import answered_by, signature_of
from audits.signing.receipts import as_read
from audits.signing.views import act_as_signer
from partnership.access.flow import Stale
from partnership.access.links import link
from partnership.access.replies import conflict_page, form_page
from partnership.documents.views import give


@link("signature")
def sign_by_link(request, row):
    asked = signature_of(row)
    signature = asked or answered_by(row)
    if signature is None:
        raise Http404
    if request.user.is_authenticated and (request.user.email or "").lower() != signature.email.lower():
        return render(request, "audits/link_of_another.html", status=403)
    if asked is None:
        return _afterwards(request, row, signature)
    form = forms.LinkForm(
        request.POST if request.method == "POST" else None,
        initial={"post": signature.post},
    )
    if request.method == "POST" and form.is_valid():
        try:
            act_as_signer(signature, form, by=row.acts_as, how=Signature.How.LINK, link=row)
        except Stale as stale:
            return conflict_page(request, stale, form, "")
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return redirect(request.path)
    return form_page(request, "audits/sign_by_link.html", form, **_shown(row, signature))


def _shown(link, signature) -> dict:
    row = signature.audit_return
    attempt, content = reads.attempts_of(link.acts_as, row)[0], content_of(row, link.acts_as)
    return as_read(content) | {
        "signature": signature,
        "return": row,
        "round": row.round,
        "attempt": attempt,
        "last": not any(
            each.status == Signature.Status.ASKED for each in attempt.signatures if each.pk != signature.pk
        ),
        "why_not": services.why_not(row, attempt.signatures[0], content=content),
        "closed": row.round.status != row.round.Status.OPEN,
        "until": link.expires_at,
    }


def _afterwards(request, link, signature):
    """It was signed or sent back by this link; a second click on the button comes here too."""
    signed = signature.status == Signature.Status.SIGNED
    if request.method == "POST":
        if signed and request.POST.get("do") == "copy":
            receipts.ask_for_copy(signature, by=link.acts_as)
        return redirect(request.path)
    copy = receipts.copy_of(signature) if signed else None
    if copy is not None and "copy" in request.GET:
        return give(request, copy, reader=signature)
    row = signature.audit_return
    context = {"signature": signature, "return": row, "round": row.round, "until": link.expires_at, "signed": signed}
    if signed:
        turn = services.next_of(services.signatures_of(row)) if row.status == row.Status.SIGNING else None
        context |= {"copy": copy, "turn": turn, "under_way": copy is None and receipts.copy_is_under_way(signature)}
    return render(request, "audits/signed_by_link.html", context)
