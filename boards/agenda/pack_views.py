"""The packs of a meeting: asked for here, drawn by a job, given to whoever sees every item that is in one."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render

from boards.agenda import packs as services
from boards.agenda import reads
from boards.agenda.views import OF_MEETING
from boards.meetings.tabs import tabs_of
from boards.models import Item, Meeting, Pack, Paper
from partnership.access.page import page
from partnership.access.rows import powers
from partnership.documents.views import give
from partnership.people.roles import Perm


@page(Perm.MEETING_VIEW, Meeting, related=OF_MEETING)
def packs(request, meeting):
    """Those that this person may have. audience: open or mine; anew: a whole one in the place of those there are."""
    held = powers(request.user, [meeting])[meeting.pk]
    lines, runs = reads.agenda(request.user, meeting), Perm.MEETING_RUN in held
    if request.method == "POST":
        return _ask(request, meeting, lines, runs)
    context = {
        "meeting": meeting,
        "audiences": services.audiences(request.user, meeting, lines, runs=runs),
        "tabs": tabs_of(meeting, held, here="boards:packs"),
    }
    return render(request, "boards/packs.html", context)


def _ask(request, meeting, lines, runs):
    try:
        job = services.ask(
            meeting, by=request.user, lines=lines, whole=request.POST.get("audience") == "mine", runs=runs,
            anew=request.POST.get("anew") == "yes",
        )  # fmt: skip
    except ValidationError as refused:
        messages.warning(request, refused.messages[0])
        return redirect("boards:packs", meeting.pk)
    return redirect("jobs:job", job.pk)


def _may_have(user, pack):
    return services.seen_by(user, pack)


@page(Perm.MEETING_VIEW, Pack, related=("meeting__folder", "made_by"), methods=("GET",), known=_may_have)
def pack(request, row):
    """What is on which page, and the way to its file."""
    about = [pk for pk, *_ in row.pages]
    items = Item.objects.visible_to(request.user).in_bulk(about)
    papers = Paper.objects.visible_to(request.user).in_bulk(about)
    titles = {str(pk): found.title for rows in (items, papers) for pk, found in rows.items()}
    lines = [(titles[pk], first, last, bool(version)) for pk, first, last, version in row.pages if pk in titles]
    context = {"pack": row, "meeting": row.meeting, "lines": lines}
    context |= {"why_not": services.why_not(request.user, [row])[row.pk]}
    return render(request, "boards/pack.html", context)


@page(Perm.MEETING_VIEW, Pack, related=("meeting", "document"), methods=("GET",), known=_may_have, downloads=True)
def pack_file(request, row):
    if row.document_id is None or services.why_not(request.user, [row])[row.pk]:
        raise Http404
    return give(request, services.file_of(row), name=services.name_for(request.user, row))
