"""What organisations are charged for places that nobody used, and by which tariff."""

from django.core.paginator import Paginator
from django.http import FileResponse
from django.shortcuts import render

from partnership.access.flow import Stale
from partnership.access.page import page
from partnership.access.reach import reach_of
from partnership.access.replies import act_on, posted, stale_edit
from partnership.access.rows import can
from partnership.people.roles import Perm
from partnership.ui import sheets
from partnership.ui.listing import asked_of
from training.charges import exporting, pricing, reads, services
from training.charges.forms import ChargeFilter, EndForm, TariffForm, WaiveForm
from training.models import Charge, Tariff

ON_A_PAGE = 50


@page(Perm.CHARGE_VIEW)
def charges(request):
    """The register, with its totals; `take` (of sheets.FORMATS) takes out what the filters leave."""
    form = ChargeFilter(request.GET)
    if not form.is_valid():
        return render(request, "training/charges.html", {"form": form}, status=422)
    rows = reads.charges(request.user, **form.cleaned_data)
    if (kind := request.POST.get("take", "")) in sheets.FORMATS:
        file, name, content_type = exporting.export_sheet(request.user, rows, kind=kind)
        return FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
    shown = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page", ""))
    context = {
        "form": form, "page": shown, "lines": [(row, reads.what_for(row)) for row in shown],
        "totals": reads.totals(rows), "query": asked_of(request),
        "runs": reach_of(request.user).holds(Perm.TRAINING_RUN),
    }  # fmt: skip
    return render(request, "training/charges.html", context)


RELATED = ("agency", "booking__event__course", "waived_by")


@page(Perm.CHARGE_VIEW, Charge, related=RELATED)
def charge(request, row):
    """One charge, and for the unit the form that waives it."""
    form = WaiveForm(posted(request), user=request.user)
    may = row.status == Charge.Status.DUE and can(request.user, Perm.TRAINING_RUN, row)
    act = lambda: services.waive(row, by=request.user, why=form.cleaned_data["why_waived"])  # noqa: E731
    context = {"row": row, "may": may, "what_for": reads.what_for(row)}
    said = ("The charge was waived.", "training:charge", row.pk)
    return act_on(request, form, act, "training/charge.html", said, stale_url=request.path, **context)


@page(Perm.TRAINING_RUN)
def tariffs(request):
    """Every tariff there was, those of today first, and the form of a new one."""
    form = TariffForm(posted(request), user=request.user)
    act = lambda: pricing.add(by=request.user, **form.facts())  # noqa: E731
    said = ("The tariff was added.", "training:tariffs")
    live = set(Tariff.objects.live().values_list("pk", flat=True))
    rows = sorted(Tariff.objects.all(), key=lambda row: row.pk not in live)
    lines = [(row, row.pk in live, pricing.free_words(row)) for row in rows]
    return act_on(request, form, act, "training/tariffs.html", said, lines=lines)


@page(Perm.TRAINING_RUN, Tariff)
def tariff(request, row):
    """One tariff; it is ended here, and another one is added in its place."""
    form = EndForm(posted(request), user=request.user, initial={"version": row.version, "ends": row.ends})
    context = {"row": row, "free": pricing.free_words(row), "words": pricing.worded(row)}

    def act():
        return pricing.end(row, by=request.user, version=form.cleaned_data["version"], ends=form.cleaned_data["ends"])

    def stale(error: Stale):
        fresh = Tariff.objects.select_related("changed_by").get(pk=row.pk)
        return stale_edit(
            request, "training/tariff.html", form, error, fresh, {"ends": fresh.ends}, url=request.path,
            **context | {"row": fresh},
        )  # fmt: skip

    said = ("The end of the tariff was saved.", "training:tariffs")
    return act_on(request, form, act, "training/tariff.html", said, on_stale=stale, **context)
