"""What a school sees of figures: its benchmark, its gaps and what it does about them; and the unit a cell of the grid,
and the open actions."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from audits.answering.forms import key_of
from audits.figures import benchmark as benchmarks
from audits.figures import findings, gaps, views
from audits.figures.forms import GapForm
from audits.models import Answer, AuditReturn, Round
from audits.tabs import tabs_of_return
from partnership.access.page import page
from partnership.access.replies import act_on, posted
from partnership.access.rows import powers
from partnership.jobs import services as jobs
from partnership.jobs.views import on_to
from partnership.people.roles import Perm
from partnership.ui.small_numbers import FEWEST

OF_A_RETURN = ("folder", "agency", "round__folder", "round__set_version")


def _page_of_return(request, row, here) -> dict:
    held = powers(request.user, [row])[row.pk]
    return {"row": row, "round": row.round, "runs": Perm.AUDIT_RUN in held, "year": findings.year_words(row.round),
            "tabs": tabs_of_return(row, held, here=here)}  # fmt: skip


@page(Perm.ANSWERS_VIEW, AuditReturn, related=OF_A_RETURN)
def benchmark(request, row):
    ready = benchmarks.ready(row)
    if request.method == "POST" and ready:
        made = benchmarks.kept_for(request.user, row)
        if made is not None:
            return redirect("documents:download", made.pk)
        return on_to(request, jobs.ask(benchmarks.JOB, row, by=request.user), "audits:benchmark", row.pk)
    context = _page_of_return(request, row, "audits:benchmark") | {
        "found": benchmarks.benchmark(request.user, row) if ready else None, "fewest": FEWEST,
        "waits": findings.waits(row.round),
    }  # fmt: skip
    return render(request, "audits/benchmark.html", context)


@page(Perm.ANSWERS_VIEW, AuditReturn, related=OF_A_RETURN, methods=("GET",))
def return_gaps(request, row):
    context = _page_of_return(request, row, "audits:return_gaps") | {
        "gaps": gaps.of_return(request.user, row), "may": gaps.may_make(request.user, row),
    }  # fmt: skip
    return render(request, "audits/return_gaps.html", context)


def _from_grid(request, row) -> tuple[str, str]:
    """(the grid's address with the filters that somebody comes from, '?grid=…' that carries them on); '' for both where
    somebody comes otherwise."""
    if "grid" not in request.GET:
        return "", ""
    query = QueryDict(request.GET["grid"]).urlencode()
    return f"{reverse('audits:round_grid', args=[row.round_id])}?{query}", f"?{urlencode({'grid': query})}"


@page(Perm.ANSWERS_VIEW, AuditReturn, related=OF_A_RETURN, methods=("GET",))
def return_answer(request, row, question):
    """A cell of the grid: the answer, whether it is a gap, what is done about it, and the way back."""
    found = gaps.of_question(request.user, row, question)
    if found is None:
        raise Http404
    grid, carried = _from_grid(request, row)
    context = _page_of_return(request, row, "audits:return_answer") | {
        "found": found, "wording": found.wording, "key": key_of(found.wording), "grid": grid, "carried": carried,
        "may": gaps.may_make(request.user, row),
    }  # fmt: skip
    return render(request, "audits/return_answer.html", context)


@page(Perm.ANSWERS_VIEW, Answer, related=("folder", "agency", "wording__question", "audit_return__round"))
def gap_action(request, answer):
    row = answer.audit_return
    row.folder = answer.folder
    if not gaps.may_make(request.user, row):
        raise PermissionDenied
    home, (_, carried) = reverse("audits:return_gaps", args=[row.pk]), _from_grid(request, row)
    if carried:
        home = reverse("audits:return_answer", args=[row.pk, answer.question_id]) + carried
    if request.method == "GET" and answer.code not in answer.wording.gap_codes:
        return redirect(home)
    form = GapForm(posted(request), user=request.user, agency=answer.agency)
    return act_on(
        request, form, lambda: gaps.make(answer, by=request.user, **form.facts()), "audits/gap_action.html",
        (f"It is an action of {answer.agency.name} now.", home), answer=answer, row=row, home=home,
        home_words="The answer" if carried else "Gaps and actions",
        said=gaps.label_of(answer.wording, answer.code),
    )  # fmt: skip


@page(Perm.AUDIT_RUN, Round, related=views.OF_A_ROUND, methods=("GET",))
def round_gaps(request, round):
    context = views.page_of_round(request, round, "audits:round_gaps")
    owed = gaps.of_round(request.user, round, request.GET.get("page"))
    return render(request, "audits/round_gaps.html", context | {"owed": owed})
