"""Certificates: those that one may see, one of them with its PDF, and the page on which anybody checks one."""

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from partnership.access.page import page
from partnership.access.replies import act_on, posted
from partnership.access.rows import powers
from partnership.documents.views import give
from partnership.jobs import services as jobs
from partnership.jobs.views import on_to
from partnership.people.roles import Perm
from partnership.ui.listing import asked_of
from training.certificates import prints, reads, services
from training.certificates.codes import spaced
from training.certificates.forms import CertificateFilter, CodeForm, ReissueForm, RevokeForm
from training.models import Certificate

ON_A_PAGE = 50
# Codes that are none, from one network address: an office that mistypes does not meet it, a machine does.
LIMITS = {"check": "30/h/ip"}


@page(Perm.TRAINING_LIST, methods=("GET",))
def certificates(request):
    form = CertificateFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    shown = Paginator(reads.certificates(request.user, **asked), ON_A_PAGE).get_page(request.GET.get("page", ""))
    lines = [(row, reads.state_of(row)) for row in shown]
    context = {"form": form, "page": shown, "lines": lines, "query": asked_of(request)}
    return render(request, "training/certificates.html", context, status=200 if form.is_valid() else 422)


@page(Perm.LEARNER_VIEW, Certificate, related=("agency", "booking__event"))
def certificate(request, row):
    """One certificate. `do` says which button was pressed: the PDF for who may see it, the rest for the unit."""
    held = powers(request.user, [row])[row.pk]
    do, runs = request.POST.get("do", ""), Perm.TRAINING_RUN in held
    data = posted(request)
    if request.method == "POST" and do == "pdf":
        return _pdf(request, row)
    revoking = RevokeForm(data if do == "revoke" else None, user=request.user)
    naming = ReissueForm(data if do == "reissue" else None, user=request.user, initial={"name": row.name})
    row.replaced = Certificate.objects.visible_to(request.user).filter(instead_of=row).first()
    context = {
        "row": row, "state": reads.state_of(row), "runs": runs, "code": spaced(row.code), "revoking": revoking,
        "naming": naming, "address": prints.check_address(row), "version": prints.version_of(row),
        "under_way": jobs.is_under_way(prints.KIND, row),
    }  # fmt: skip
    context["qr"] = prints.qr(context["address"])
    form = revoking if do == "revoke" else naming

    def act():
        if do == "revoke":
            return services.revoke(row, by=request.user, why=form.cleaned_data["why"])
        return services.reissue(row, by=request.user, name=form.cleaned_data["name"])

    return act_on(request, form, act, "training/certificate.html", _said, **context)


def _said(made):
    words = (
        "The certificate was revoked."
        if made.revoked_at
        else "This is the new certificate. The old one says that it was replaced."
    )
    return words, "training:certificate", made.pk


def _pdf(request, row):
    if prints.version_of(row):
        return redirect("training:certificate_file", row.pk)
    if row.revoked_at:
        messages.warning(request, prints.GONE)
        return redirect("training:certificate", row.pk)
    return on_to(request, jobs.ask(prints.KIND, row, by=request.user), "training:certificate", row.pk)


@page(Perm.LEARNER_VIEW, Certificate, methods=("GET",), downloads=True)
def certificate_file(request, row):
    """The PDF, without a reader's name at its foot: it is made to be shown to others."""
    version = prints.version_of(row)
    if version is None:
        raise Http404
    return give(request, version, marked=False)


@require_safe
def check(request, code=""):
    """Anybody with a certificate's code learns what it says and whether it holds; of any other code, nothing."""
    typed = code or request.GET.get("code", "")
    row = None
    if typed:
        usage = ratelimit.consume(request, app="partnership.training", action="check", config=LIMITS, limit_get=True)
        if usage is None:
            return render(request, "429.html", status=429)
        if row := reads.by_code(typed):
            usage.rollback()  # whoever has a code may look as often as they like
    context = {
        "typed": bool(typed), "row": row, "state": row and reads.state_of(row), "form": CodeForm(),
        "code": row and spaced(row.code),
    }  # fmt: skip
    response = render(request, "training/check.html", context, status=404 if typed and row is None else 200)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "strict-origin"  # the code goes to no other site
    return response
