"""The pages of an import: upload, preview, choice, taking. For those who may take registers in."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from partnership.access.flow import Stale
from partnership.access.page import page
from partnership.access.replies import form_page, posted
from partnership.directory.importing import empty_forms, forms, reads, services
from partnership.directory.importing.sources import SOURCES
from partnership.directory.models import ImportBatch
from partnership.people.roles import Perm

MOST_TICKED = 500
FILTERS = ("action", "only", "q")


@page(Perm.DIRECTORY_IMPORT, methods=("GET",))
def imports(request):
    found = reads.batches(request.user, page=request.GET.get("page", ""))
    return render(request, "directory/imports.html", {"page": found})


@page(Perm.DIRECTORY_IMPORT)
def import_add(request):
    form = forms.UploadForm(posted(request), request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            job = services.upload(by=request.user, **form.facts())
        except ValidationError as error:
            form.add_error("file", error)
        else:
            return redirect("jobs:job", pk=job.pk)
    lists = [source for source in SOURCES.values() if source.template]
    return form_page(request, "directory/import_add.html", form, lists=lists)


@page(Perm.DIRECTORY_IMPORT, methods=("GET",))
def import_empty(request):
    """The empty list of a source that is nobody else's register, to fill in."""
    source, kind = SOURCES.get(request.GET.get("list", "people")), request.GET.get("as", "xlsx")
    if source is None or not source.template or kind not in empty_forms.KINDS:
        raise Http404
    response = HttpResponse(empty_forms.made(source, kind), content_type=empty_forms.KINDS[kind])
    response["Content-Disposition"] = f'attachment; filename="{source.code}.{kind}"'
    return response


@page(Perm.DIRECTORY_IMPORT, ImportBatch, related=("uploaded_by", "taken_by"), methods=("GET",))
def import_batch(request, row):
    groups = reads.groups(row)
    form = forms.RowFilter(request.GET, groups=groups)
    asked = form.cleaned_data if form.is_valid() else {}
    number = request.GET.get("page", "")
    context = {
        "batch": row,
        "source": SOURCES[row.source],
        "where": reads.scope_in_words(row),
        "elsewhere": reads.elsewhere(row),
        "groups": groups,
        "filtered": any(asked.values()),
        "choosable": reads.choosable_found(row, **asked) if any(asked.values()) else 0,
        "chosen": sum(each.chosen for each in groups),
        "asked": asked,
        "form": form,
        "rows": reads.rows(row, **asked, page=number) if groups else None,
        "left_out": reads.left_out(row),
        "missing": reads.missing(row),
        "taken": reads.taken(row),
        "job": reads.job_of(request.user, row),
        "query": request.GET.urlencode(),
    }
    return render(request, "directory/import_batch.html", context, status=422 if form.errors else 200)


@page(Perm.DIRECTORY_IMPORT, ImportBatch, methods=("POST",))
def import_choose(request, row):
    """The ticks of one page of the preview, and perhaps a whole group; then on, to other rows, or back to where it was.

    The filter stands in the same form, so that no tick is lost by it; nor by turning the page.
    """
    act, _, which = request.POST.get("act", "save").partition(" ")
    query = _query_after(request, act, which)
    back = f"{reverse('directory:import_batch', args=[row.pk])}?{query.urlencode()}".rstrip("?")
    said = "The choice was saved."
    try:
        shown, ticked = (_numbers(request.POST.getlist(name)) for name in ("shown", "row"))
        services.choose(row, shown=shown, ticked=ticked)
        if act in ("all", "none"):
            asked = {name: query[name] for name in FILTERS if query.get(name)} | ({"action": which} if which else {})
            number = services.choose(row, every=act == "all", **asked)
            rows = "1 row is" if number == 1 else f"{number:,} rows are"
            said = f"{rows} {'chosen' if act == 'all' else 'no longer chosen'}."
    except Stale as stale:
        messages.warning(request, stale.messages[0])
        return redirect(back)
    if act == "take":
        return redirect("directory:import_take", pk=row.pk)
    if act not in ("show", "see", "page"):
        messages.success(request, said)
    return redirect(back)


def _query_after(request, act, which):
    """The filter and page of the preview that is shown next."""
    query = QueryDict(request.POST.get("query", "")[:500], mutable=True)
    if act == "show":
        query = QueryDict(mutable=True)
        query.update({name: request.POST[name][:200] for name in FILTERS if request.POST.get(name)})
    elif act == "see":
        query = QueryDict(mutable=True)
        query["action"] = which
    elif act == "page":
        query["page"] = which
    return query


def _numbers(sent):
    return [int(each) for each in sent[:MOST_TICKED] if each.isascii() and each.isdecimal() and len(each) < 19]


@page(Perm.DIRECTORY_IMPORT, ImportBatch)
def import_take(request, row):
    groups = [each for each in reads.groups(row) if each.chosen]
    chosen = sum(each.chosen for each in groups)
    form = forms.TakeForm(posted(request), user=request.user, initial={"seen": chosen})
    if request.method == "POST" and form.is_valid():
        try:
            job = services.accept(row, by=request.user, seen=form.cleaned_data["seen"])
            return redirect("jobs:job", pk=job.pk)
        except Stale as stale:
            messages.warning(request, stale.messages[0])
            return redirect("directory:import_batch", pk=row.pk)
        except ValidationError as error:
            form.put_errors(error)
    if row.status != ImportBatch.Status.READY:
        return redirect("directory:import_batch", pk=row.pk)
    context = {"batch": row, "source": SOURCES[row.source], "groups": groups, "chosen": chosen}
    return form_page(request, "directory/import_take.html", form, **context)


@page(Perm.DIRECTORY_IMPORT, ImportBatch)
def import_discard(request, row):
    """Asks once more by GET: the choice of the rows goes with the file."""
    if request.method == "GET":
        if row.status not in (ImportBatch.Status.READY, ImportBatch.Status.FAILED):
            return redirect("directory:import_batch", pk=row.pk)
        return render(request, "directory/import_discard.html", {"batch": row, "source": SOURCES[row.source]})
    try:
        services.discard(row, by=request.user)
        messages.success(request, "The file was discarded. Nothing was changed.")
    except Stale as stale:
        messages.warning(request, stale.messages[0])
        return redirect("directory:import_batch", pk=row.pk)
    return redirect("directory:imports")
