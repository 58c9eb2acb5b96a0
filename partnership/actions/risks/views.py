"""The register of risks: the list with its matrix, one risk, adding, changing, closing and reopening."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse

from partnership.access.page import page
from partnership.access.reach import reach_of
from partnership.access.replies import act_on, posted, stale_edit
from partnership.access.rows import powers
from partnership.actions import services as actions
from partnership.actions.answering.acting import say_day
from partnership.actions.answering.forms import AddForm
from partnership.actions.flow import RISK
from partnership.actions.models import Impact, Origin, Risk
from partnership.actions.risks import forms, reads, services
from partnership.actions.sources import actions_of
from partnership.people.roles import Perm

SHOWN = ("folder", "owner", "agency", "priority", "closed_by", "changed_by")


@page(Perm.ACTION_LIST, methods=("GET",))
def risks(request):
    user = request.user
    form = forms.RiskFilter(request.GET, groups=reads.groups(user))
    asked = dict(form.cleaned_data) if form.is_valid() else {}
    status = asked.pop("status", "") or Risk.Status.OPEN
    rows = reads.found(user, status="" if status == "all" else status, **asked)
    held = reach_of(user)
    context = {
        "form": form,
        "page": reads.page_of(user, rows, request.GET.get("page", "")),
        "matrix": reads.matrix(rows),
        "headings": ",".join(["Likelihood", *map(reads.column_of, Impact)]),
        "around": _without(request.GET, "likelihood", "impact", "page"),
        "high": reads.HIGH,
        "medium": reads.MEDIUM,
        "may_add": held.holds(Perm.RISK_EDIT),
        "may_import": held.holds(Perm.ACTION_IMPORT),
        "query": request.GET.urlencode(),
    }
    return render(request, "actions/risks.html", context, status=422 if form.errors else 200)


def _without(asked, *names) -> str:
    """The address's filters but these."""
    kept = asked.copy()
    for name in names:
        kept.pop(name, None)
    return kept.urlencode()


@page(Perm.RISK_VIEW, Risk, related=SHOWN, methods=("GET",))
def risk(request, row):
    held = powers(request.user, [row])[row.pk]
    context = {
        "risk": row,
        "band": reads.band_of(row.score),
        "colour": reads.COLOURS[reads.band_of(row.score)],
        "whose": reads.titles(request.user, [row.folder_id]).get(row.folder_id, ""),
        "actions": actions_of(request.user, row),
        "steps": [code for code, _ in RISK.open_with(held, row) if code != "take_back"],
        "may_edit": Perm.RISK_EDIT in held and row.status == Risk.Status.OPEN,
        "may_act": Perm.ACTION_ADD in held and row.status == Risk.Status.OPEN,
    }
    return render(request, "actions/risk.html", context)


@page(Perm.RISK_EDIT)
def risk_add(request):
    form = forms.AddRiskForm(posted(request), user=request.user, initial={"folder": _named(request)})
    act = lambda: services.add(form.cleaned_data["folder"], by=request.user, **form.facts())  # noqa: E731
    said = lambda row: (f"The risk was added as {row.reference}.", "actions:risk", row.pk)  # noqa: E731
    return act_on(request, form, act, "actions/risk_add.html", said)


def _named(request):
    """The group from whose page one came."""
    return request.GET.get("group", "")[:36]


@page(Perm.RISK_EDIT, Risk, related=SHOWN)
def risk_edit(request, row):
    now = {name: getattr(row, name) for name in forms.FACTS}
    form = forms.EditRiskForm(posted(request), user=request.user, initial=now | {"version": row.version})
    home = reverse("actions:risk", args=[row.pk])
    if request.method == "GET" and row.status != Risk.Status.OPEN:
        messages.warning(request, "This risk is closed: reopen it to change it.")
        return redirect(home)

    def act():
        services.change(row, by=request.user, version=form.cleaned_data["version"], **form.facts())

    def stale(refused):
        row.refresh_from_db()
        now = {name: getattr(row, name) for name in forms.FACTS}
        return stale_edit(request, template, form, refused, row, now, url=home, risk=row)

    template = "actions/risk_edit.html"
    return act_on(request, form, act, template, ("Your changes were saved.", home), on_stale=stale, risk=row)


@page(Perm.ACTION_ADD, Risk, related=("folder",))
def risk_action(request, row):
    """What is done against a risk; it stands in the group, or the office, whose risk it is."""
    if request.method == "GET" and row.status != Risk.Status.OPEN:
        messages.warning(request, "This risk is closed: reopen it to add an action against it.")
        return redirect("actions:risk", row.pk)
    form = AddForm(posted(request), user=request.user, folder=row.folder)
    if not form.is_bound:
        form.initial = {"priority": row.priority_id}

    act = lambda: actions.add(row.folder, by=request.user, source=row, origin=Origin.RISK, **form.asked())  # noqa: E731
    said = ("The action was added against the risk.", "actions:risk", row.pk)
    return act_on(
        request, form, act, "actions/risk_action.html", said, then=lambda made: say_day(request, made.due_on), risk=row
    )


def _step(request, row, service, template, said):
    form = forms.ReasonForm(posted(request), user=request.user)
    home = reverse("actions:risk", args=[row.pk])
    act = lambda: service(row, by=request.user, close_reason=form.cleaned_data["close_reason"])  # noqa: E731
    return act_on(request, form, act, template, (said, home), stale_url=home, risk=row)


@page(Perm.RISK_EDIT, Risk)
def risk_close(request, row):
    if request.method == "GET" and row.status != Risk.Status.OPEN:
        return redirect("actions:risk", row.pk)
    return _step(request, row, services.close, "actions/risk_close.html", "The risk was closed.")


@page(Perm.RISK_EDIT, Risk)
def risk_reopen(request, row):
    if request.method == "GET" and row.status != Risk.Status.CLOSED:
        return redirect("actions:risk", row.pk)
    return _step(request, row, services.reopen, "actions/risk_reopen.html", "The risk was reopened.")
