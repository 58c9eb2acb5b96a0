"""The register of actions and the lists beside it: read, narrowed, kept as an address, taken out as a file."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from partnership.access.context import folder_page, folder_tabs
from partnership.access.models import Folder
from partnership.access.over import is_over
from partnership.access.page import page
from partnership.access.reach import reach_of
from partnership.access.rows import powers
from partnership.actions import rag
from partnership.actions.register import exporting, reads, rows
from partnership.actions.register.filters import RegisterFilter
from partnership.actions.register.forms import MeetingForm
from partnership.people.roles import Perm
from partnership.ui.listing import address_with, asked_of, sort_links, wants_results
from partnership.ui.sheets import XLSX

SORTS = {name: (label, downwards) for name, (label, _, downwards) in rows.ORDERS.items()}


@page(Perm.ACTION_LIST, methods=("GET",))
def register(request):
    form = RegisterFilter(request.GET, user=request.user)
    good = form.is_valid()
    order_by, number = request.GET.get("order_by", ""), request.GET.get("page", "")
    names = form.offers["group"]
    found = None
    if good:
        asked = form.asked() | {"order_by": order_by, "page": number, "group_names": names}
        found = rows.listing(request.user, rag.day(), **asked)
    context = {
        "form": form,
        "found": found,
        "title": form.in_words() if good else "",
        "asked": good and any(form.cleaned_data.values()),
        "ratings": _ratings(request, found, form.cleaned_data["rating"]) if found else [],
        "sorts": sort_links(request, SORTS, found.order_by) if found else [],
        "query": asked_of(request),
        "may_add": reach_of(request.user).holds(Perm.ACTION_ADD),
        "places": reads.places_to_add(request.user) if "add" in request.GET else None,
    }
    template = "actions/_register.html" if wants_results(request) else "actions/register.html"
    return render(request, template, context, status=200 if good else 422)


def _ratings(request, found, chosen):
    """How many there are of each rating, each a link to them alone, or back to all."""
    return [
        {"colour": colour, "sign": rag.SIGNS[colour], "word": word, "number": number, "now": colour == chosen,
         "href": address_with(request, rating="" if colour == chosen else colour)}
        for colour, word, number in found.ratings
        if number or colour == chosen
    ]  # fmt: skip


@page(Perm.ACTION_LIST, methods=("POST",))
def export(request):
    """The list as a file. A POST, because taking it out is written down."""
    form = RegisterFilter(request.GET, user=request.user)
    if not form.is_valid():
        messages.error(request, "Nothing was exported: put the filters right, then choose the file again.")
        return redirect("actions:register")
    try:
        file, name = exporting.export(request.user, form, rag.day(), order_by=request.GET.get("order_by", ""))
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
        return redirect(f"{reverse('actions:register')}?{asked_of(request)}")
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


@page(Perm.ACTION_LIST, methods=("GET",))
def mine(request):
    sections = reads.mine(request.user, rag.day())
    return render(request, "actions/mine.html", {"sections": sections, "nothing": not any(s.total for s in sections)})


@page(Perm.ACTION_GIVE, methods=("GET",))
def of_agency(request):
    return render(request, "actions/of_agency.html", {"agencies": reads.of_agencies(request.user, rag.day())})


@page(Perm.ACTION_VIEW, methods=("GET",))
def reports(request):
    return render(request, "actions/reports.html", {"found": reads.reports(request.user, rag.day())})


@page(Perm.ACTION_VIEW, Folder, methods=("GET",))
def of_group(request, folder):
    held = powers(request.user, [folder])[folder.pk]
    approves = Perm.ACTION_APPROVE in held
    sections = reads.of_group(request.user, folder, rag.day(), approves=approves)
    context = {
        "folder": folder,
        "called": folder.called,
        "own_page": folder_page(folder),
        "sections": sections,
        "nothing": not any(each.total or each.empty for each in sections),
        "approves": approves,
        "may_add": Perm.ACTION_ADD in held and not is_over(folder),
        "tabs": _tabs(request, folder, held),
    }
    return render(request, "actions/of_group.html", context)


@page(Perm.ACTION_VIEW, Folder)
def owed(request, folder):
    """What each organisation owes the next meeting. A POST takes it out as a file, and is written down."""
    day = rag.day()
    form = MeetingForm(request.GET, today=day.today)
    tabs = _tabs(request, folder, powers(request.user, [folder])[folder.pk])
    if not form.is_valid():
        context = {"folder": folder, "called": folder.called, "form": form, "tabs": tabs}
        return render(request, "actions/owed.html", context, status=422)
    before = form.cleaned_data["before"]
    found = reads.owed(request.user, folder, day, before=before, whole=request.method == "POST")
    if request.method == "POST":
        file, name = exporting.export_owed(request.user, folder, found, before=before, called=folder.called)
        return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
    context = {
        "folder": folder,
        "called": folder.called,
        "form": form,
        "tabs": tabs,
        "before": before,
        "found": found,
        "total": sum(each.total for each in found),
        "today": day.today,
        "marking": exporting.marking_of(line for each in found for _, lines, _ in each.parts for line in lines),
        "now": timezone.now(),
    }
    return render(request, "actions/owed.html", context)


def _tabs(request, folder, held):
    """The pages of a group, for whoever opens them."""
    here = f"actions:{request.resolver_match.url_name}"
    return folder_tabs(request.user, folder, held, here=here) if Perm.FOLDER_VIEW in held else []
