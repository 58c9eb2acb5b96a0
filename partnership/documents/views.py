"""The download: always an attachment, always logged, never cached."""

import logging

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from partnership.access.page import page
from partnership.documents import services
from partnership.documents.models import Version
from partnership.people.roles import Perm

log = logging.getLogger(__name__)


@page(Perm.DOCUMENT_DOWNLOAD, Version, downloads=True, methods=("GET",))
def download(request, version):
    try:
        content = services.read(version)
    except services.Damaged:
        log.exception("version %s", version.pk)
        return render(request, "documents/damaged.html", {"version": version}, status=500)
    response = HttpResponse(content, content_type=version.content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=version.name)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
