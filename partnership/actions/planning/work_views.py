"""The pages of the workplans of groups."""

from functools import partial

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from partnership.access.context import folder_tabs
from partnership.access.models import Folder, FolderKind
from partnership.access.page import page
from partnership.access.replies import posted, pressed
from partnership.access.rows import powers
from partnership.actions.flow import WORK_ITEM
from partnership.actions.models import WorkItem, Workplan
from partnership.actions.planning import work, work_forms
from partnership.actions.planning.rules import words_of_year
from partnership.actions.planning.views import saved
from partnership.people.models.dated import last_day
from partnership.people.roles import Perm


def _is_group(user, folder):
    return folder.kind == FolderKind.GROUP


def home_of(row):
    return reverse("actions:workplan_year", args=[row.pk])


@page(Perm.WORKPLAN_VIEW, methods=("GET",))
def workplans(request):
    rows = Workplan.objects.visible_to(request.user).select_related("folder").order_by("-starts", "folder__title")
    years: dict[str, list] = {}
    for row in rows:
        years.setdefault(words_of_year(row.starts.year), []).append(row)
    return render(request, "actions/workplans.html", {"years": list(years.items())})


@page(Perm.WORKPLAN_VIEW, Folder, methods=("GET",), known=_is_group)
def workplan(request, folder):
    today = timezone.localdate()
    rows = list(Workplan.objects.visible_to(request.user).filter(folder=folder))
    begun = next((row for row in rows if row.starts <= today), None)
    return _workplan(request, folder, begun or next(iter(rows), None), rows)


@page(Perm.WORKPLAN_VIEW, Workplan, related=("folder",), methods=("GET",))
def workplan_year(request, row):
    rows = list(Workplan.objects.visible_to(request.user).filter(folder=row.folder_id))
    return _workplan(request, row.folder, row, rows)


def _workplan(request, folder, row, rows):
    held = powers(request.user, [folder])[folder.pk]
    may_edit = Perm.WORKPLAN_EDIT in held
    items = WorkItem.objects.visible_to(request.user).filter(workplan=row.pk if row else None)
    items = list(items.select_related("owner", "priority", "duty").order_by("quarter", "title", "id"))
    for item in items:
        item.steps = WORK_ITEM.open_with(held, item)
    quarters = [(label, [item for item in items if item.quarter == n]) for n, label in work_forms.QUARTERS]
    context = {
        "folder": folder,
        "row": row,
        "year": words_of_year(row.starts.year) if row else "",
        "rows": [(each, words_of_year(each.starts.year)) for each in rows if row and each.pk != row.pk],
        "quarters": [pair for pair in quarters if pair[1]],
        "last_day": last_day(row.ends) if row else None,
        "done": sum(item.status == WorkItem.Status.DONE for item in items),
        "items": items,
        "tabs": folder_tabs(request.user, folder, held, here="actions:workplan") if Perm.FOLDER_VIEW in held else [],
        "may_edit": may_edit,
        "may_start": may_edit and bool(work.years_to_start(folder)),
        "may_carry": may_edit and any(item.status in work.GOES_ON for item in items),
        "next_year": words_of_year(row.ends.year) if row else "",
    }
    return render(request, "actions/workplan.html", context)


@page(Perm.WORKPLAN_EDIT, Folder, known=_is_group)
def workplan_add(request, folder):
    years = work.years_to_start(folder)
    if request.method == "GET" and not years:
        messages.info(request, "The workplans of this year and of the next one have been started already.")
        return redirect("actions:workplan", folder.pk)
    form = work_forms.StartForm(posted(request), user=request.user, years=years)
    return saved(
        request, "actions/workplan_add.html", form,
        lambda: work.start_workplan(folder, by=request.user, year=form.cleaned_data["year"]),
        home=reverse("actions:workplan", args=[folder.pk]), done="The workplan was started. Add what will be done.",
        folder=folder,
    )  # fmt: skip


@page(Perm.WORKPLAN_EDIT, Workplan, related=("folder",))
def workplan_agree(request, row):
    form = work_forms.AgreeForm(posted(request), user=request.user, initial={"agreed_on": row.agreed_on})
    return saved(
        request, "actions/workplan_agree.html", form,
        lambda: work.agree(row, by=request.user, agreed_on=form.cleaned_data["agreed_on"]),
        home=home_of(row), done="The day was recorded.", row=row, folder=row.folder,
    )  # fmt: skip


@page(Perm.WORKPLAN_EDIT, Workplan, related=("folder",))
def workplan_carry_on(request, row):
    form = work_forms.CarryForm(posted(request), user=request.user, workplan=row)
    return saved(
        request, "actions/workplan_carry_on.html", form,
        lambda: work.carry_on(row, by=request.user, items=form.cleaned_data["items"]),
        home=home_of(row), done="They go on in the workplan of the next year.", row=row, folder=row.folder,
        next_year=words_of_year(row.ends.year),
    )  # fmt: skip


@page(Perm.WORKPLAN_EDIT, Workplan, related=("folder",))
def work_item_add(request, row):
    form = work_forms.ItemForm(posted(request), user=request.user, folder=row.folder)
    return saved(
        request, "actions/work_item_add.html", form,
        lambda: work.add_item(row, by=request.user, **form.facts()),
        home=home_of(row), done="It was added to the workplan.", row=row, folder=row.folder,
    )  # fmt: skip


def _item_now(row):
    return {name: getattr(row, name) for name in work.ITEM_FIELDS}


@page(Perm.WORKPLAN_EDIT, WorkItem, related=("folder", "workplan"))
def work_item_edit(request, row):
    initial = _item_now(row) | {"version": row.version}
    form = work_forms.ItemForm(posted(request), user=request.user, initial=initial, folder=row.folder, row=row)
    return saved(
        request, "actions/work_item_edit.html", form,
        lambda: work.change_item(row, by=request.user, version=form.cleaned_data["version"], **form.facts()),
        home=home_of(row.workplan), done="Your changes were saved.", row=row, now=_item_now, folder=row.folder,
    )  # fmt: skip


def _stepping(code, done):
    """The page `work_item_<code>`: one button, one step."""

    @page(Perm.WORKPLAN_EDIT, WorkItem, related=("workplan",), methods=("POST",))
    def view(request, row):
        return pressed(request, partial(work.step, row, code, by=request.user), done, home_of(row.workplan))

    return view


work_item_begin = _stepping("begin", "It is under way.")
work_item_finish = _stepping("finish", "It is done.")
work_item_take_up = _stepping("take_up", "It was taken up again.")


@page(Perm.WORKPLAN_EDIT, WorkItem, related=("folder", "workplan"))
def work_item_drop(request, row):
    form = work_forms.DropForm(posted(request), user=request.user)
    return saved(
        request, "actions/work_item_drop.html", form,
        lambda: work.step(row, "drop", by=request.user, drop_reason=form.cleaned_data["drop_reason"]),
        home=home_of(row.workplan), done="It was dropped.", row=row, folder=row.folder,
    )  # fmt: skip
