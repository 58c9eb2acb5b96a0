"""Coverage of one organisation with who falls due, of all of them for the business unit, and the training matrix."""

from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from partnership.access.page import page
from partnership.access.replies import act_on, conflict_page, posted
from partnership.people.roles import Perm
from partnership.ui import sheets
from partnership.ui.listing import asked_of, id_of
from training import rules
from training.coverage import exporting, forms, headcounts, reads
from training.coverage import requirements as matrix
from training.coverage.standing import measures
from training.models import Requirement
from training.people.whose import chooser, whose

ON_A_PAGE = 50
NAMES = "names-"


@page(Perm.LEARNER_EDIT)
def coverage(request):
    """One organisation: numbers against its headcount, who falls due, and the form of the headcount."""
    user, found = request.user, whose(request)
    if found.agency is None:
        return chooser(request, found, "Coverage")
    agency, asked = found.agency, measures()
    of_one = reads.of_one(user, agency, asked)
    filtered = _due_filter(request, asked)
    take = request.POST.get("take", "")
    if take in sheets.FORMATS:
        lines = ((agency.name, each.requirement, each.cell) for each in of_one.lines)
        return _file(exporting.numbers(user, lines, f"Coverage of training, {agency.name}", kind=take))
    due = reads.who_is_due(user, agency, asked, **_narrowed(filtered))
    if take.removeprefix(NAMES) in sheets.FORMATS:
        return _file(exporting.names(user, due, f"Who falls due, {agency.name}", kind=take.removeprefix(NAMES)))
    form = forms.HeadcountForm(
        posted(request), user=user, roles=of_one.headcounts, initial={"counted_on": timezone.localdate()}
    )
    context = {
        "agency": agency, "whose": found, "found": of_one, "filter": filtered, "query": asked_of(request),
        "page": Paginator(due, ON_A_PAGE).get_page(request.GET.get("page", "")),
        "soon": rules.day_of(rules.DUE_SOON, timezone.localdate()),
    }  # fmt: skip

    def act():
        return headcounts.say(agency, by=user, counted_on=form.cleaned_data["counted_on"], people=form.people())

    said = ("The numbers are recorded.", f"{request.path}?agency={agency.pk}")
    return act_on(request, form, act, "training/coverage.html", said, **context)


def _due_filter(request, asked):
    roles, courses = reads.choices(asked)
    return forms.DueFilter(request.GET, roles=roles, courses=courses)


def _narrowed(form) -> dict:
    data = form.cleaned_data if form.is_valid() else {}
    return {name: data[name] for name in ("role", "course", "state") if data.get(name)}


def _file(made):
    file, name, content_type = made
    return FileResponse(file, as_attachment=True, filename=name, content_type=content_type)


@page(Perm.TRAINING_RUN)
def coverage_all(request):
    """All organisations of which people or numbers are known; no names."""
    asked_for = measures()
    roles, courses = reads.choices(asked_for)
    form = forms.AllFilter(request.GET, roles=roles, courses=courses)
    asked = {name: value for name, value in form.cleaned_data.items() if value} if form.is_valid() else {}
    found = reads.of_all(request.user, asked_for, **asked)
    if (kind := request.POST.get("take", "")) in sheets.FORMATS:
        names = {each.agency.pk: each.agency.name for each in found.organisations}
        lines = (
            (name, line.requirement, found.cells[pk, line.requirement.pk])
            for pk, name in names.items()
            for line in found.lines
            if (pk, line.requirement.pk) in found.cells
        )
        return _file(exporting.numbers(request.user, lines, "Coverage of training, all organisations", kind=kind))
    context = {
        "form": form, "found": found, "query": asked_of(request),
        "soon": rules.day_of(rules.DUE_SOON, timezone.localdate()),
    }  # fmt: skip
    return render(request, "training/coverage_all.html", context, status=200 if form.is_valid() else 422)


@page(Perm.TRAINING_RUN)
def requirements(request):
    """The matrix: what is asked for, and the forms that add a requirement, or end the one that the address names."""
    user, do, here = request.user, request.POST.get("do", ""), reverse("training:requirements")
    data = posted(request)
    row, today = _chosen(request), timezone.localdate()
    adding = forms.RequirementForm(
        data if do != "end" else None, user=user, auto_id="add_%s", initial=_same(row) | {"starts": today}
    )  # fmt: skip
    ending = forms.EndForm(
        data if do == "end" else None, user=user, auto_id="end_%s",
        initial={"requirement": row.pk, "version": row.version} if row else {},
    )  # fmt: skip
    context = {"lines": _lines(), "row": row, "adding": adding, "ending": ending}
    if do != "end":
        act = lambda: matrix.add(by=user, **adding.facts())  # noqa: E731
        return act_on(
            request, adding, act, "training/requirements.html", ("The requirement was added.", here), **context
        )

    def act():
        data = ending.cleaned_data
        named = Requirement.objects.filter(pk=data["requirement"]).first()
        if named is None:
            raise Http404
        return matrix.end(named, by=user, version=data["version"], ends=data["ends"])

    stale = lambda error: conflict_page(request, error, ending, here)  # noqa: E731
    said = ("The end was saved.", here)
    return act_on(request, ending, act, "training/requirements.html", said, on_stale=stale, **context)


def _chosen(request):
    asked = id_of(request.GET.get("row", ""))
    return Requirement.objects.select_related("role", "course").filter(pk=asked).first()


def _same(row) -> dict:
    names = ("role", "course", "first_rule", "first_months", "renewal_rule", "refresh_months")
    return {name: getattr(row, name) for name in names} if row else {}


def _lines() -> list:
    """(row, when first, when again, whether it is asked for today), those of today first."""
    live = set(Requirement.objects.live().values_list("pk", flat=True))
    rows = Requirement.objects.select_related("role", "course")
    rows = rows.order_by("role__position", "role__name", "course__title", "starts")
    return sorted(((row, *matrix.worded(row), row.pk in live) for row in rows), key=lambda line: not line[3])
