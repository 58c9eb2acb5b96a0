"""The list of the directory: searched, filtered, kept as an address, taken out as a file."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render

from partnership.access.page import page
from partnership.access.picking import offered, options
from partnership.access.reach import reach_of
from partnership.access.rows import allowing
from partnership.directory.listing import exporting, rows
from partnership.directory.listing.filters import AgencyFilter
from partnership.people.models import Agency
from partnership.people.roles import Perm
from partnership.ui import sheets
from partnership.ui.listing import address_with, asked_of, sort_links, wants_results

SORTS = {"name": ("Name", False), "kind": ("Type", False), "starts": ("First day", False), "ends": ("Last day", False)}


@page(Perm.DIRECTORY_VIEW, methods=("GET",))
def agencies(request):
    form = AgencyFilter(request.GET, user=request.user)
    good = form.is_valid()
    order_by, number = request.GET.get("order_by", ""), request.GET.get("page", "")
    found = rows.agencies(request.user, **form.asked(), order_by=order_by, page=number) if good else None
    reach = reach_of(request.user)
    context = {
        "form": form,
        "found": found,
        "title": form.in_words() if good else "",
        "asked": good and any(form.cleaned_data.values()),
        "closed_too": address_with(request, closed="on"),
        "sorts": sort_links(request, SORTS, found.order_by) if found else [],
        "query": asked_of(request),
        "can_edit": reach.holds_wide(Perm.DIRECTORY_EDIT),
        "can_import": reach.holds_wide(Perm.DIRECTORY_IMPORT),
        "can_write_to": reach.holds_wide(Perm.COLLEAGUES),
        "can_ask": reach.holds(Perm.COLLEAGUES),
        "can_export": reach.holds_wide(Perm.DIRECTORY_EXPORT),
    }
    template = "directory/_agencies.html" if wants_results(request) else "directory/agencies.html"
    return render(request, template, context, status=200 if good else 422)


@page(Perm.DIRECTORY_VIEW, quiet=True, methods=("GET",))
def organisations_offered(request):
    """What a box for an organisation offers while one types; the box may have any name."""
    words = next(iter(request.GET.values()), "")[:300]
    return HttpResponse(options(offered(allowing(Agency, request.user, Perm.DIRECTORY_VIEW).kept(), words)))


@page(Perm.DIRECTORY_EXPORT, methods=("POST",))
def agencies_export(request):
    """The list as a file. A POST, because taking it out is written down."""
    form = AgencyFilter(request.GET, user=request.user)
    kind = request.POST.get("format", "xlsx")
    if not form.is_valid() or kind not in sheets.FORMATS:
        messages.error(request, "Nothing was exported: put the filters right, then choose the file again.")
        return redirect("directory:agencies")
    file, name, content_type = exporting.export(
        request.user, form, order_by=request.GET.get("order_by", ""), kind=kind, query=request.GET.urlencode()
    )
    return FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
