"""The grid, the figures of a round and of one question."""

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import render

from audits.figures import exporting, findings, reads
from audits.figures import grid as grids
from audits.figures.forms import FiguresForm, GridForm
from audits.models import Round
from audits.tabs import tabs_of_round
from partnership.access.page import page
from partnership.access.reach import reach_of
from partnership.access.rows import powers
from partnership.people.roles import Perm
from partnership.ui import sheets
from partnership.ui.listing import page_number
from partnership.ui.small_numbers import FEWEST

OF_A_ROUND = ("folder", "set_version", "before__folder", "before__set_version")


def _taken(request, export):
    """The answer of a button that takes a page out; a POST, because taking it out is written down."""
    kind = request.POST.get("take", "")
    if request.method != "POST" or kind not in sheets.FORMATS:
        return None
    file, name, content_type = export(kind)
    return FileResponse(file, as_attachment=True, filename=name, content_type=content_type)


def _must_count(user, round):
    if not reads.counts_here(user, round):
        raise PermissionDenied


def _hidden(data) -> list:
    return [(name, value) for name, value in data.items() if value not in ("", None, False)]


def page_of_round(request, round, here) -> dict:
    """What every page of a round shows of it."""
    held = powers(request.user, [round.folder])[round.folder_id]
    held |= {Perm.AUDIT_FIGURES} if reads.counts_here(request.user, round) else set()
    tabs = tabs_of_round(round, held, here=here)
    return {"round": round, "year": findings.year_words(round), "tabs": tabs if len(tabs) > 1 else [],
            "runs": Perm.AUDIT_RUN in held}  # fmt: skip


@page(Perm.AUDIT_FIGURES, methods=("GET",))
def audit_figures(request):
    names = reach_of(request.user).holds_wide(Perm.AUDIT_RUN)
    context = {"rounds": findings.rounds(request.user), "names": names, "fewest": FEWEST}
    return render(request, "audits/audit_figures.html", context)


@page(Perm.AUDIT_RUN, Round, related=OF_A_ROUND)
def round_grid(request, round):
    if not reads.reads_names(request.user, round):
        raise PermissionDenied
    rows = grids.light(request.user, round)
    data = request.POST if request.method == "POST" else request.GET
    sections = reads.plan_of(round).sections
    form = GridForm(data, rows=rows, sections=sections, earlier=round.before_id)
    good, every = form.is_valid(), bool(data.get("all")) or request.method == "POST"
    asked = form.cleaned_data if good else {}
    found = grids.grid(request.user, round, rows, asked=asked, number=page_number(data.get("page", 1)), every=every)
    if good and (given := _taken(request, lambda kind: exporting.export_grid(
        request.user, round, found, form.in_words(), kind=kind
    ))):  # fmt: skip
        return given
    query = request.GET.copy()
    query.pop("all", None)
    query.pop("page", None)
    context = page_of_round(request, round, "audits:round_grid") | {
        "form": form, "title": form.in_words(), "found": found if good else None, "legend": grids.LEGEND,
        "head": grids.head_drawn(found, round), "drawn": grids.rows_drawn(found, request.GET.urlencode()),
        "query": query.urlencode(),
        "hidden": _hidden(asked), "before": round.before if asked.get("before") else None,
    }  # fmt: skip
    return render(request, "audits/round_grid.html", context, status=200 if good else 422)


@page(Perm.AUDIT_FIGURES, Round, related=OF_A_ROUND)
def round_figures(request, round):
    _must_count(request.user, round)
    named = reads.reads_names(request.user, round)
    form = FiguresForm(request.POST if request.method == "POST" else request.GET, named=named)
    good = form.is_valid()
    found = findings.figures(request.user, round, named=named, **form.asked())
    if good and not found.waits and (given := _taken(
        request, lambda kind: exporting.export_figures(request.user, found, kind=kind)
    )):  # fmt: skip
        return given
    context = page_of_round(request, round, "audits:round_figures") | {
        "form": form, "found": found, "before_year": found.before and findings.year_words(found.before),
        "across": findings.APART.get(form.asked()["by"], ""),
        "hidden": _hidden(form.cleaned_data), "fewest": FEWEST,
    }  # fmt: skip
    return render(request, "audits/round_figures.html", context, status=200 if good else 422)


@page(Perm.AUDIT_FIGURES, Round, related=OF_A_ROUND, methods=("GET",))
def question_figures(request, round, question):
    _must_count(request.user, round)
    named = reads.reads_names(request.user, round)
    stand = request.GET.get("answers") == "all"
    found = findings.of_question(request.user, round, question, as_they_stand=stand, named=named)
    if found is None:
        raise Http404
    context = page_of_round(request, round, "audits:round_figures") | {
        "found": found, "line": found.line, "named": named, "fewest": FEWEST, "stand": named and stand,
        "before_year": round.before_id and findings.year_words(round.before),
    }  # fmt: skip
    return render(request, "audits/question_figures.html", context)
