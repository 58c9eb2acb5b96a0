"""Taking a return out at any time: to print, as Word, as it was submitted; and reading Word in again."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.text import slugify

from audits.answering.services import why_shut
from audits.models import AuditReturn, Submission
from audits.signing import reads
from audits.signing.content import content_of
from audits.signing.receipts import as_read
from audits.signing.services import RELATED
from audits.signing.views import shown
from audits.taking import forms, services, word_in
from audits.taking.word_out import MIME, document_of
from partnership.access.page import page
from partnership.access.replies import form_page
from partnership.people.roles import Perm

PRINT = "audits:return_print"
OF_SUBMISSION = tuple(f"audit_return__{each}" for each in RELATED)


@page(Perm.ANSWERS_VIEW, AuditReturn, related=RELATED, methods=("GET",))
def return_print(request, row):
    """The whole return on one page, also after the round was closed, for ever."""
    user = request.user
    context = shown(
        user, row, PRINT, submissions=reads.submissions_of(user, row), attempts=reads.attempts_of(user, row)
    )
    context |= as_read(content_of(row, user)) | {"written": row.status in AuditReturn.WRITTEN}
    return render(request, "audits/return_print.html", context)


@page(Perm.ANSWERS_VIEW, Submission, related=OF_SUBMISSION, methods=("GET",))
def submission(request, row):
    """A return as it was submitted under a number, frozen."""
    context = shown(request.user, row.audit_return, "", submission=row)
    return render(request, "audits/submission.html", context | as_read(row.content))


@page(Perm.ANSWERS_VIEW, AuditReturn, related=RELATED, methods=("GET",), downloads=True)
def return_word(request, row):
    """The whole return as Word, to change there and to read in again."""
    response = HttpResponse(document_of(row, request.user), content_type=MIME)
    name = f"{slugify(row.agency.name)[:60] or 'return'}-{row.round.year}.docx"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    return response


@page(Perm.ANSWERS_WRITE, AuditReturn, related=RELATED)
def return_word_in(request, row):
    """The file, then what it would change, then what was taken. Nothing is written before the last button."""
    if request.method == "POST" and "carried" in request.POST:
        return _take(request, row)
    bound = request.method == "POST"
    form = forms.WordForm(request.POST if bound else None, request.FILES if bound else None, user=request.user)
    found = None
    if bound and form.is_valid():
        try:
            found = word_in.read(row, form.cleaned_data["file"], user=request.user)
        except ValidationError as refused:
            form.put_errors(refused)
    if found is not None:
        return render(
            request,
            "audits/word_preview.html",
            _preview(request, row, found.rows, absent=found.absent, outside=found.outside),
        )
    context = shown(request.user, row, "", shut=why_shut(row))
    return form_page(request, "audits/return_word_in.html", form, **context)


def _preview(request, row, rows, **context):
    can = [each for each in rows if each.kind in (word_in.CHANGED, word_in.MEANWHILE)]
    form = forms.TakeForm(
        None, user=request.user, rows=[each.question for each in can], initial={"carried": word_in.carried(row, can)}
    )
    by_kind = {kind: [each for each in rows if each.kind == kind] for kind in word_in.KINDS}
    return shown(request.user, row, "", form=form, shut=why_shut(row), **by_kind, **context)


def _take(request, row):
    """Take the ticked rows. What somebody changed since the preview is shown again, beside what was typed."""
    try:
        rows = word_in.brought(row, request.POST["carried"])
        form = forms.TakeForm(request.POST, user=request.user, rows=[each["q"] for each in rows])
        if not form.is_valid():
            raise ValidationError(word_in.TOO_LONG_AGO)
        number, stale = services.take_in(row, rows, set(form.cleaned_data["take"]), by=request.user)
    except ValidationError as refused:
        form = forms.WordForm(None, user=request.user)
        context = shown(request.user, row, "", shut=why_shut(row), refused=" ".join(refused.messages))
        return render(request, "audits/return_word_in.html", context | {"form": form}, status=422)
    if number:
        messages.success(request, f"{number} answer{'s were' if number != 1 else ' was'} taken from the document.")
    elif not stale:
        messages.info(request, "Nothing was ticked, so nothing was taken.")
    if stale:
        again = word_in.again(row, stale)
        return render(request, "audits/word_preview.html", _preview(request, row, again, absent=0))
    return redirect(PRINT, row.pk)
