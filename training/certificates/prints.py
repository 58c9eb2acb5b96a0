"""The PDF of a certificate: drawn by a job when somebody asks for it, kept beside it, given by its own page."""

import base64

from django.conf import settings
from django.urls import reverse

from partnership.access.flow import lock
from partnership.documents import services as documents
from partnership.documents.models import Marking, Version
from partnership.jobs import services as jobs
from partnership.people.models.dated import last_day
from partnership.people.roles import Perm
from partnership.ui import brand
from training.certificates.codes import spaced
from training.models import Certificate

KIND = "training_certificate"
TEMPLATE = "training/certificate_pdf.html"
GONE = "This certificate was revoked, so there is no PDF of it any more."


def check_address(row) -> str:
    """The whole address at which anybody checks a certificate."""
    return settings.PORTAL_URL + reverse("training:check", args=[row.code])


def qr(address) -> str:
    """A QR code of an address as a data: URI, for the `src` of an image."""
    import qrcode
    from qrcode.image.svg import SvgPathImage

    drawn = qrcode.make(address, image_factory=SvgPathImage).to_string()
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn).decode()}"


def make(row, *, by, progress) -> bytes:
    from partnership.ui import pdf  # only a worker draws

    address = check_address(row)
    context = {
        "title": f"Certificate of attendance: {row.title}", "row": row, "address": address, "qr": qr(address),
        "code": spaced(row.code), "last_day": last_day(row.expires_on), "logo": brand.logo_data(),
        "marking": "OFFICIAL",
    }  # fmt: skip
    return pdf.render(TEMPLATE, context)


def keep(row, content, *, by):
    """Keep it apart from the event's folder: the certificate's page gives it to who may see the certificate."""
    row = lock(row)
    if row.revoked_at:
        return jobs.Refused(row.pk, GONE)
    if row.document_id is None:
        version = documents.keep(
            content, folder=row.folder, title="Certificate", name=f"certificate-{row.completed_on:%Y-%m-%d}.pdf",
            content_type="application/pdf", marking=Marking.OFFICIAL, by=by, kind=KIND, apart=True, goes_out=True,
        )  # fmt: skip
        row.document = version.document
        row.save(update_fields=["document"])
    return row.pk


def version_of(row) -> Version | None:
    """The file of a certificate that the page let through; None until it is made, and once it is revoked."""
    if row.document_id is None or row.revoked_at:
        return None
    rows = Version.objects.unscoped("the page asked for its certificate").select_related("document", "folder")
    return rows.filter(document=row.document_id).order_by("-number").first()


def register():
    jobs.register(
        KIND,
        jobs.Kind(
            title="Certificate", model=Certificate, perm=Perm.LEARNER_VIEW, make=make, keep=keep,
            result_url="training:certificate_file", back_url="training:certificate", back_words="the certificate",
            personal=True,
        ),
    )  # fmt: skip
