"""The agenda as it is built, one item, one paper."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from boards.advising import warn
from boards.agenda import forms, papers, reads, services
from boards.meetings.reads import OF_MEETING
from boards.meetings.tabs import tabs_of
from boards.models import Decision, Item, Meeting, Paper
from partnership.access.context import folder_tabs
from partnership.access.page import page
from partnership.access.replies import act_on, posted, pressed, stale_edit
from partnership.access.rows import powers
from partnership.people.roles import Perm
from partnership.ui.listing import id_of

OF_ITEM = ("folder", "meeting__folder", "meeting__group__folder", "presenter", "priority", "duty")
OF_PAPER = ("folder", "item__meeting__folder", "item__meeting__group__folder", "asked_of", "document")


@page(Perm.MEETING_RUN, Meeting, related=OF_MEETING)
def agenda(request, meeting):
    """Its items in their order; a button moves one, takes it off or puts it back."""
    if request.method == "POST":
        return _button(request, meeting)
    held = powers(request.user, [meeting])[meeting.pk]
    lines = reads.agenda(request.user, meeting)
    parts = [[line for line in lines if line.item.restricted == part] for part in (False, True)]
    context = {
        "meeting": meeting,
        "parts": [("Open items", parts[0]), ("Restricted items", parts[1])],
        "removed": reads.agenda(request.user, meeting, removed=True),
        "tabs": tabs_of(meeting, held, here="boards:agenda"),
        "minutes": sum(line.item.minutes_allowed or 0 for line in parts[0]),
    }
    return render(request, "boards/agenda.html", context)


def _button(request, meeting):
    """action: up, down, to (with `to`), remove, restore; item: which; was: the place at which its reader saw it."""
    data = request.POST
    if not all(data.get(name, "0").isdecimal() and len(data.get(name, "0")) < 6 for name in ("was", "to")):
        return HttpResponseBadRequest("That is no place on an agenda.")
    was, to = int(data.get("was", "0")), int(data.get("to", "0"))
    places = {"up": was - 1, "down": was + 1, "to": to}
    action = data.get("action", "")
    if action not in (*places, "remove", "restore"):
        return HttpResponseBadRequest("That is no button of an agenda.")
    rows = Item.objects.allowing(request.user, Perm.MEETING_RUN).filter(meeting=meeting).select_related("meeting")
    item = get_object_or_404(rows, pk=id_of(data.get("item")))
    if action in places:
        act = partial(services.move_item, item, by=request.user, to=places[action], was=was)
        said = "The item was moved."
    else:
        service, said = BUTTONS[action]
        act = partial(service, item, by=request.user)
    return pressed(request, act, said, "boards:agenda", meeting.pk)


BUTTONS = {
    "remove": (services.remove_item, "The item was taken off the agenda. It can be put back below."),
    "restore": (services.restore_item, "The item is on the agenda again, as the last of its part."),
}


@page(Perm.MEETING_RUN, Meeting, related=OF_MEETING)
def item_add(request, meeting):
    form = forms.AddItemForm(posted(request), user=request.user, meeting=meeting, initial={"purpose": "note"})
    act = lambda: services.add_item(meeting, by=request.user, **form.facts())  # noqa: E731

    def said(item):
        words = "The restricted item is on the agenda. Only those whom you let in can open it."
        return words if item.restricted else "The item is on the agenda.", "boards:agenda", meeting.pk

    then = lambda item: warn(request, item.folder, form)  # noqa: E731
    return act_on(request, form, act, "boards/item_add.html", said, then=then, meeting=meeting)


@page(Perm.MEETING_RUN, Item, related=OF_ITEM)
def item_edit(request, row):
    saved = forms.as_saved(row)
    form = forms.ItemForm(
        posted(request), user=request.user, folder=row.folder, row=row, initial=saved | {"version": row.version}
    )
    template, home = "boards/item_edit.html", reverse("boards:agenda", args=[row.meeting_id])

    def act():
        services.change_item(row, by=request.user, version=form.cleaned_data["version"], **form.facts())

    def stale(refused):
        fresh = Item.objects.visible_to(request.user).select_related(*OF_ITEM, "changed_by").get(pk=row.pk)
        now = forms.as_saved(fresh)
        return stale_edit(request, template, form, refused, fresh, now, url=home, item=fresh, meeting=fresh.meeting)

    context = {"item": row, "meeting": row.meeting}
    then = lambda made: warn(request, row.folder, form)  # noqa: E731
    said = ("Your changes were saved.", home)
    return act_on(request, form, act, template, said, on_stale=stale, then=then, **context)


@page(Perm.MEETING_VIEW, Item, related=OF_ITEM, methods=("GET",))
def item(request, row):
    """One item for its readers: what it is about, its papers, what was decided."""
    lines = reads.agenda(request.user, row.meeting, removed=row.removed_at is not None)
    line = next(line for line in lines if line.item.pk == row.pk)
    decisions = (
        Decision.objects.visible_to(request.user).filter(item=row, taken_back_at=None).select_related("priority")
    )
    context = {
        "line": line,
        "item": row,
        "meeting": row.meeting,
        "decisions": list(decisions.order_by("number")),
        "can": {str(perm): True for perm in line.held},
        "tabs": folder_tabs(request.user, row.folder, line.held, here="boards:item") if row.restricted else [],
    }
    return render(request, "boards/item.html", context)


@page(Perm.MEETING_RUN, Item, related=OF_ITEM)
def paper_add(request, row):
    initial = {"due_on": papers.due_before(row.meeting), "asked_of": row.presenter_id}
    form = forms.AddPaperForm(
        posted(request), request.FILES or None, user=request.user, folder=row.folder, initial=initial
    )
    act = lambda: papers.add_paper(row, by=request.user, **form.facts())  # noqa: E731

    def said(paper):
        words = "The paper is taken and is being checked." if paper.document_id else "The paper is asked for."
        return words, "boards:agenda", row.meeting_id

    return act_on(request, form, act, "boards/paper_add.html", said, item=row, meeting=row.meeting)


@page(Perm.MEETING_VIEW, Paper, related=OF_PAPER)
def paper(request, row):
    """One paper: its file, who sends it, and for who runs the meeting who opened it."""
    held = powers(request.user, [row])[row.pk]
    may_send = papers.may_send(request.user, row, held) and row.removed_at is None
    form = forms.FileForm(posted(request), request.FILES or None, user=request.user) if may_send else None
    if request.method == "POST" and form is None:
        raise PermissionDenied("paper.send")
    line = reads.PaperLine(row)
    reads.fill(request.user, [line], {row.item_id: held})
    runs = Perm.MEETING_RUN in held
    opened, unopened = reads.readers_of(line, row.item.meeting) if runs and line.versions else ([], [])
    context = {
        "line": line, "paper": row, "item": row.item, "meeting": row.item.meeting, "runs": runs, "opened": opened,
        "unopened": unopened,
    }  # fmt: skip
    if form is None:
        return render(request, "boards/paper.html", context)
    act = lambda: papers.send_paper(row, by=request.user, **form.facts())  # noqa: E731
    said = ("The paper is taken and is being checked. This takes a moment.", "boards:paper", row.pk)
    return act_on(request, form, act, "boards/paper.html", said, **context)


@page(Perm.MEETING_RUN, Paper, related=OF_PAPER)
def paper_edit(request, row):
    """What is asked for is changed, or the paper is withdrawn."""
    if row.removed_at and request.method == "GET":
        return redirect("boards:paper", row.pk)  # which says so
    template, home = "boards/paper_edit.html", reverse("boards:agenda", args=[row.item.meeting_id])
    if request.POST.get("action") == "withdraw":
        act = partial(papers.withdraw_paper, row, by=request.user)
        return pressed(request, act, "The paper was withdrawn: nobody is given it any more.", home)
    saved = {name: getattr(row, name) for name in papers.FIELDS}
    form = forms.PaperForm(
        posted(request), user=request.user, folder=row.folder, row=row, initial=saved | {"version": row.version}
    )
    context = {"paper": row, "item": row.item, "meeting": row.item.meeting}

    def act():
        papers.change_paper(row, by=request.user, version=form.cleaned_data["version"], **form.facts())

    def stale(refused):
        fresh = Paper.objects.visible_to(request.user).select_related(*OF_PAPER, "changed_by").get(pk=row.pk)
        now = {name: getattr(fresh, name) for name in papers.FIELDS}
        return stale_edit(request, template, form, refused, fresh, now, url=home, **context)

    return act_on(request, form, act, template, ("Your changes were saved.", home), on_stale=stale, **context)
