"""The PDFs of a return, each made by a job: the receipt of a submission, and the return as it stands before that."""

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from audits.models import AuditReturn, Submission
from audits.signing import services
from audits.signing.content import content_of, sha256_of
from audits.signing.services import RECEIPT, WHY
from audits.taking import whole
from partnership.access import scope
from partnership.access.flow import lock
from partnership.documents import services as documents
from partnership.documents.models import Document, Marking, Version
from partnership.jobs import services as jobs
from partnership.people.roles import Perm

TITLE, AS_IT_STOOD = "Receipt of a return", "Return as it stood"
STANDING = "audit_standing"  # the job, and the kind of its document
TEMPLATE = "audits/receipt_pdf.html"
LET_THROUGH = "the page asked for the return that it shows"


def make(submission, *, by, progress) -> bytes:
    """The PDF. Raises ValueError where what is kept is not what was signed."""
    from partnership.ui import pdf  # only a worker draws

    rows = Submission.objects.unscoped(WHY).select_related("agency", "audit_return__round")
    submission = rows.get(pk=submission.pk)
    content = submission.content
    if sha256_of(content) != submission.sha256:
        raise ValueError("the submission is not what was signed")
    progress(30, "Drawing the pages")
    context = {
        "title": f"Receipt {submission.reference}: {submission.agency.name}",
        "submission": submission,
        "round": submission.audit_return.round,
    }
    return pdf.render(TEMPLATE, context | as_read(content))


def make_standing(row, *, by, progress) -> tuple[bytes, str]:
    """The PDF of a return as `by` may read it now, and its file's name, which ends with the fingerprint's beginning."""
    from partnership.ui import pdf  # only a worker draws

    with scope.entered():
        rows = AuditReturn.objects.visible_to(by).select_related(*services.RELATED)
        row = rows.get(pk=row.pk)
        now, content = timezone.now(), content_of(row, by)
    progress(30, "Drawing the pages")
    signatures = services.signatures_of(row) if row.status == AuditReturn.Status.SIGNING else []
    context = {
        "title": f"Return of {row.agency.name}",
        "submission": None,
        "return": row,
        "round": row.round,
        "stood_at": now,
        "sha256": sha256_of(content),
    }
    drawn = pdf.render(TEMPLATE, context | as_read(content | {"signatures": services.frozen(signatures)}))
    name = f"{slugify(row.agency.name)[:60] or 'return'}-{row.round.year}-{_beginning(context['sha256'])}.pdf"
    return drawn, name


def _beginning(mark) -> str:
    return mark[:12]


def as_read(content) -> dict:
    """What a template is given of a content: sections, people, signatures."""
    return {
        "sections": whole.sections_of(content),
        "people": whole.people_of(content),
        "signatures": whole.signatures_of(content),
    }


def keep(submission, content, *, by):
    """Keep it apart from the round's folder: the page of the return gives it to those who read that return."""
    submission = lock(submission)
    if submission.receipt_id is None:
        submission.receipt = _kept(
            content, submission, title=TITLE, kind="", name=f"receipt-{submission.reference}.pdf", by=by
        )
        submission.save(update_fields=["receipt"])
    return submission.audit_return_id


def keep_standing(row, made, *, by):
    """Keep it as `keep` does; the one before it goes."""
    content, name = made
    row = lock(row)
    documents.dispose(_standing(row))
    _kept(content, row, title=AS_IT_STOOD, kind=STANDING, name=name, by=by)
    return row.pk


def _kept(content, row, *, title, kind, name, by) -> Document:
    """row: a return or a submission, whose organisation it is shown at."""
    version = documents.keep(
        content, folder=row.folder, title=title, name=name, content_type="application/pdf", marking=Marking.SENSITIVE,
        by=by, kind=kind, apart=True, shown_at=row.agency,
    )  # fmt: skip
    return version.document


def version_of(submission) -> Version | None:
    """The file of a submission that the page let through; None until the job has made it."""
    rows = _versions().filter(document=submission.receipt_id)
    return rows.order_by("-number").first() if submission.receipt_id else None


def standing_of(row) -> Version | None:
    """The newest PDF of a return as it stood, of a return that the page let through; None without one."""
    return _standing(row).order_by("-made_at").first()


def _standing(row):
    """An organisation has one return a round, and the folder is the round's."""
    return _versions().filter(document__kind=STANDING, folder=row.folder_id, shown_at=row.agency_id)


def _versions():
    return Version.objects.unscoped(LET_THROUGH).select_related("document", "folder")


# --- a copy for whoever signed by a link ------------------------------------------------------------------------------


def _submitted_with(signature) -> Submission | None:
    rows = Submission.objects.unscoped(LET_THROUGH).defer("content")
    return rows.filter(audit_return=signature.audit_return_id, sha256=signature.content).order_by("-number").first()


def copy_of(signature) -> Version | None:
    """What somebody signed, to the letter: the receipt once it is submitted, else the return as it stood; None until
    it is made. signature: given, with its return."""
    if submission := _submitted_with(signature):
        return version_of(submission)
    found = standing_of(signature.audit_return)
    same = found is not None and found.name.endswith(f"-{_beginning(signature.content)}.pdf")
    return found if same and found.made_at >= signature.signed_at else None


def copy_is_under_way(signature) -> bool:
    submission = _submitted_with(signature)
    return jobs.is_under_way(*((RECEIPT, submission) if submission else (STANDING, signature.audit_return)))


@transaction.atomic
def ask_for_copy(signature, *, by) -> None:
    """Have the copy made that `copy_of` gives. by: the lead who asked for the signature."""
    if copy_of(signature) is None:
        submission = _submitted_with(signature)
        jobs.ask(*((RECEIPT, submission) if submission else (STANDING, signature.audit_return)), by=by)


def register() -> None:
    shared = {"perm": Perm.ANSWERS_VIEW, "result_url": "audits:return_pdf", "personal": True}
    jobs.register(
        RECEIPT,
        jobs.Kind(
            title=TITLE, model=Submission, make=make, keep=keep, back_url="audits:submission",
            back_words="the submission", **shared,
        ),
    )  # fmt: skip
    jobs.register(
        STANDING,
        jobs.Kind(
            title=AS_IT_STOOD, model=AuditReturn, make=make_standing, keep=keep_standing,
            back_url="audits:return_print", back_words="the return", **shared,
        ),
    )  # fmt: skip
