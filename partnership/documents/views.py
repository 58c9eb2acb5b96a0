"""Where a file stands, and its download: always an attachment, always logged, never cached, only when it is clean."""

import logging

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from partnership.access.context import folder_page
from partnership.access.page import page
from partnership.access.rows import can
from partnership.documents import copies, hooks, reads, services
from partnership.documents.models import Version
from partnership.people.roles import Perm

log = logging.getLogger(__name__)


@page(Perm.DOCUMENT_VIEW, Version, quiet=True, logs=True, related=("document", "folder"), methods=("GET",))
def state(request, version):
    """Asked every few seconds while the file is checked, which keeps no session alive; a reading all the same."""
    (file,) = reads.show(request.user, [version])
    back = folder_page(version.folder) if can(request.user, Perm.FOLDER_VIEW, version.folder) else ""
    context = {"file": file, "back": back, "place": version.folder.reference if back else ""}
    return render(request, "documents/state.html", context)


@page(Perm.DOCUMENT_DOWNLOAD, Version, related=("document",), downloads=True, methods=("GET",))
def download(request, version):
    """A PDF carries the reader's name and the moment on its pages; the page that led here says what does not."""
    _not_held_back(request.user, version)
    return give(request, version, marked=True)


@page(Perm.SEND, Version, related=("document",), downloads="downloaded_unmarked", methods=("GET",))
def unmarked(request, version):
    """The very file that is sent, for those who send it; of what is not made to be sent there is no such copy."""
    _not_held_back(request.user, version)
    if not copies.may_leave_unmarked(version):
        raise Http404
    return give(request, version, marked=False)


def _not_held_back(user, version):
    if hooks.held_back(user, [version]):
        raise Http404


def give(request, version, *, marked=True, name="", reader=None):
    """The answer of a download; the page has asked whether this reader may have the file. name: not the file's own.
    reader: whose `name` the copy bears, where it is not who is signed in."""
    try:
        copy = copies.copy_for(version, reader or request.user, marked=marked)
    except services.NotReady:
        context = {"words": services.state(version), "waiting": version.waiting, "version": version}
        return render(request, "documents/not_ready.html", context, status=409)
    except (services.Damaged, copies.Unmarkable):
        log.exception("version %s", version.pk)
        return render(request, "documents/damaged.html", {"version": version}, status=500)
    response = HttpResponse(copy.content, content_type=version.content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name or version.name)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
