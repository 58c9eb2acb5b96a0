"""The page behind a mailed link: the whole return to read, and one signature. Looking uses nothing up."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render

from audits.models import AuditReturn, Round, Signature
from audits.signing import forms, reads, services
from audits.signing.content import content_of
from audits.signing.letters import signature_of
from audits.signing.receipts import as_read
from audits.signing.views import act_as_signer
from partnership.access.flow import Stale
from partnership.access.links import link
from partnership.access.page import public
from partnership.access.replies import conflict_page, form_page


@link("signature")
def sign_by_link(request, row):
    signature = signature_of(row)
    if signature is None:
        raise Http404
    if request.user.is_authenticated and (request.user.email or "").lower() != signature.email.lower():
        return render(request, "audits/link_of_another.html", status=403)
    form = forms.LinkForm(
        request.POST if request.method == "POST" else None,
        initial={"post": signature.post},
    )
    if request.method == "POST" and form.is_valid():
        try:
            done = act_as_signer(signature, form, by=row.acts_as, how=Signature.How.LINK, link=row)
        except Stale as stale:
            return conflict_page(request, stale, form, "")
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return redirect("audits:signed_by_link", done.status)
    return form_page(request, "audits/sign_by_link.html", form, **_shown(row, signature))


def _shown(link, signature) -> dict:
    row = signature.audit_return
    attempt = reads.attempts_of(link.acts_as, row)[0]
    return as_read(content_of(row, link.acts_as)) | {
        "signature": signature,
        "return": row,
        "round": row.round,
        "attempt": attempt,
        "last": not any(
            each.status == Signature.Status.ASKED for each in attempt.signatures if each.pk != signature.pk
        ),
        "closed": services.CLOSED if row.round.status != Round.Status.OPEN else "",
        "unchanged": reads.is_unchanged(row, attempt),
        "until": link.expires_at,
    }


def signed(request, status):
    """What is said after a link was used. status: of the return, which tells what became of it and nothing of whose."""
    if status not in (AuditReturn.Status.SIGNING, AuditReturn.Status.SUBMITTED, AuditReturn.Status.BEGUN):
        raise Http404
    return render(request, "audits/signed_by_link.html", {"became": status})


signed_by_link = public(signed, why="says thank you after a link was used; it names nobody and reads nothing")
