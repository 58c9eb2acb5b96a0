"""The receipt of a submission as a PDF: what was answered, who signed, reference, moment and fingerprint."""

from audits.models import Submission
from audits.signing.content import sha256_of
from audits.signing.services import RECEIPT, WHY
from audits.taking import whole
from partnership.access.flow import lock
from partnership.documents import services as documents
from partnership.documents.models import Document, Marking, Version
from partnership.jobs import services as jobs
from partnership.people.roles import Perm

TITLE = "Receipt of a return"


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
    return pdf.render("audits/receipt_pdf.html", context | as_read(content))


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
        document = Document.objects.create(
            folder=submission.folder, title=TITLE, marking=Marking.SENSITIVE, apart=True, shown_at=submission.agency
        )
        documents.keep(
            content, folder=submission.folder, title=TITLE, name=f"receipt-{submission.reference}.pdf",
            content_type="application/pdf", marking=Marking.SENSITIVE, by=by, document=document,
        )  # fmt: skip
        submission.receipt = document
        submission.save(update_fields=["receipt"])
    return submission.audit_return_id


def version_of(submission) -> Version | None:
    """The file of a submission that the page let through; None until the job has made it."""
    rows = Version.objects.unscoped("the page asked for the return that it is the receipt of")
    rows = rows.select_related("document", "folder").filter(document=submission.receipt_id)
    return rows.order_by("-number").first() if submission.receipt_id else None


def register() -> None:
    jobs.register(
        RECEIPT,
        jobs.Kind(
            title=TITLE, model=Submission, perm=Perm.ANSWERS_VIEW, make=make, keep=keep,
            result_url="audits:return_pdf", back_url="audits:submission", back_words="the submission", personal=True,
        ),
    )  # fmt: skip
