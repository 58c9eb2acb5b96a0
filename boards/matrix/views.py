"""Who came: the matrix of a group, and attendance over all groups that one may see; each also as a file."""

from django.core.exceptions import PermissionDenied
from django.http import FileResponse
from django.shortcuts import render
from django.utils import timezone

from boards.matrix import exporting, misses, reads
from boards.matrix.counting import LETTERS
from boards.matrix.forms import MatrixForm, PeriodForm, asked
from partnership.access.context import folder_tabs
from partnership.access.models import Folder, FolderKind
from partnership.access.page import page
from partnership.access.rows import powers
from partnership.people.roles import Perm
from partnership.ui import sheets

LEGEND = [(LETTERS[mark], word, mark) for mark, word in reads.WORDS.items()]


def is_group(user, folder) -> bool:
    """The pages of groups are of folders of groups: a case has meetings, and no seats."""
    return folder.kind == FolderKind.GROUP


def _asked(request, until=None):
    return asked(request.POST if request.method == "POST" else request.GET, until)


def _given(made):
    file, name, content_type = made
    return FileResponse(file, as_attachment=True, filename=name, content_type=content_type)


def _wanted(request) -> str:
    """'xlsx' or 'csv' where the page is taken out as a file. A POST, because taking it out is written down."""
    kind = request.POST.get("take", "")
    return kind if kind in sheets.FORMATS else ""


@page(Perm.FOLDER_VIEW, Folder, known=is_group, related=("group",))
def matrix(request, folder):
    held = powers(request.user, [folder])[folder.pk]
    if Perm.MEETING_VIEW not in held:  # asked here, because the page needs all of the powers: one question less
        raise PermissionDenied
    form = MatrixForm(_asked(request, folder.group.last_day))
    good = form.is_valid()
    by = form.chosen() if good else reads.BY_AGENCY
    found = reads.sheet(request.user, folder.pk, *form.period(), by=by) if good else None
    if found and (kind := _wanted(request)):
        return _given(exporting.export_sheet(request.user, folder, found, kind=kind))
    context = {
        "group": folder,
        "form": form,
        "sheet": found,
        "title": form.in_words() if good else "",
        "legend": LEGEND,
        "missing": misses.names(request.user, folder) if Perm.MEETING_CHAIR in held else [],
        "needed": misses.how_many(timezone.localdate()),
        "to_mark": "boards:in_meeting" if Perm.MEETING_RUN in held else "boards:meeting",
        "may_import": Perm.MEETING_RUN in held,
        "hidden": (form.hidden() | {"by": by}).items() if good else (),
        "tabs": folder_tabs(request.user, folder, held, here="boards:matrix"),
    }
    return render(request, "boards/matrix.html", context, status=200 if good else 422)


@page(Perm.MEETING_VIEW)
def attendance(request):
    form = PeriodForm(_asked(request))
    good = form.is_valid()
    found = reads.overall(request.user, *form.period()) if good else None
    if found and (kind := _wanted(request)):
        return _given(exporting.export_overall(request.user, found, kind=kind))
    context = {
        "form": form,
        "found": found,
        "title": form.in_words() if good else "",
        "hidden": form.hidden().items() if good else (),
    }
    return render(request, "boards/attendance.html", context, status=200 if good else 422)
