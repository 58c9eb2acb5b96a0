"""The pages of the business plan and the duties."""

from functools import partial

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from partnership.access.page import page
from partnership.access.reach import reach_of
from partnership.access.replies import act_on, posted, pressed, stale_edit
from partnership.access.rows import allowing
from partnership.actions.models import Duty, Plan, Priority
from partnership.actions.planning import forms, reads, services
from partnership.people.models.dated import last_day
from partnership.people.roles import Perm
from partnership.ui.dates import plain

GROUP_AND = {Priority: ("plan", "sponsor", "group"), Duty: ("owner", "group")}


@page(Perm.PLAN_VIEW, methods=("GET",))
def plan(request):
    return _plan_page(request, reads.current_plan(request.user))


@page(Perm.PLAN_VIEW, Plan, methods=("GET",))
def plan_of(request, row):
    return _plan_page(request, row)


def _plan_page(request, row):
    reach = reach_of(request.user)
    context = {
        "plan": row,
        "facts": reads.plan_page(request.user, row) if row else None,
        "plans": [each for each in reads.plans(request.user) if each != row],
        "may_edit": reach.holds(Perm.PLAN_EDIT),
        "reads_workplans": reach.holds(Perm.WORKPLAN_VIEW),
    }
    return render(request, "actions/plan.html", context)


def saved(request, template, form, act, *, home, done, row=None, now=None, **context):
    """The answer of a page that adds something, or changes `row`. act(): the service; home: where it leads.

    now(row) -> field name -> what is saved now, for an edit that came too late.
    """

    def stale(refused):
        row.refresh_from_db()
        saved_now = now(row) if now else {}
        return stale_edit(request, template, form, refused, row, saved_now, url=home, row=row, home=home, **context)

    said = lambda made: (done, home or made_at(made))  # noqa: E731
    return act_on(request, form, act, template, said, on_stale=stale, row=row, home=home, **context)


def made_at(row):
    """The page of a row that was just added."""
    name = {Plan: "plan_of", Priority: "priority", Duty: "duty"}[type(row)]
    return reverse(f"actions:{name}", args=[row.pk])


def _plan_now(row):
    return {name: getattr(row, name) for name in services.PLAN_FIELDS} | {"last_day": last_day(row.ends)}


def _warned_of_overlap(request, row):
    """The plan that was saved; the page says with which others it overlaps, and nobody is kept from it."""
    for each in reads.beside(request.user, row):
        until = f"until {plain(last_day(each.ends))}" if each.ends else "without an end"
        messages.warning(
            request,
            f"‘{each.title}’ holds {until}, so two plans hold in one time. Change the days of one of them.",
        )
    return row


@page(Perm.PLAN_EDIT)
def plan_add(request):
    form = forms.PlanForm(posted(request), user=request.user)
    return saved(
        request, "actions/plan_add.html", form,
        lambda: _warned_of_overlap(request, services.add_plan(by=request.user, **form.facts())),
        home="", done="The plan was added. Now add its priorities.",
    )  # fmt: skip


@page(Perm.PLAN_EDIT, Plan)
def plan_edit(request, row):
    initial = _plan_now(row) | {"version": row.version}
    form = forms.PlanForm(posted(request), user=request.user, initial=initial)
    return saved(
        request, "actions/plan_edit.html", form,
        lambda: _warned_of_overlap(
            request,
            services.change_plan(row, by=request.user, version=form.cleaned_data["version"], **form.facts()),
        ),
        home=made_at(row), done="Your changes were saved.", row=row, now=_plan_now,
    )  # fmt: skip


@page(Perm.PLAN_EDIT, Plan)
def plan_carry_on(request, row):
    today = timezone.localdate()
    start = {"starts": max(row.ends, today) if row.ends else today, "review_words": row.review_words}
    form = forms.CarryOnForm(
        posted(request), user=request.user, plan=row,
        initial=start | {"priorities": list(row.priorities.filter(ended_on=None))},
    )  # fmt: skip
    return saved(
        request, "actions/plan_carry_on.html", form,
        lambda: _warned_of_overlap(request, services.carry_on(row, by=request.user, **form.facts())),
        home="", done="The new plan was added, with the priorities that it carries on.", plan=row,
    )  # fmt: skip


@page(Perm.PLAN_VIEW, Priority, related=GROUP_AND[Priority], methods=("GET",))
def priority(request, row):
    context = {
        "row": row,
        "measures": list(row.measures.all()),
        "stands": services.stands(row),
        "live": reads.live_actions(request.user, [row]).get(row.pk, 0),
        "items": reads.work_items(request.user, priority=row),
        "before": row.carried_on_from,
        "after": allowing(Priority, request.user, Perm.PLAN_VIEW).filter(carried_on_from=row).select_related("plan"),
        "may_edit": reach_of(request.user).holds(Perm.PLAN_EDIT),
    }
    return render(request, "actions/priority.html", context)


@page(Perm.PLAN_EDIT, Plan)
def priority_add(request, row):
    form = forms.PriorityForm(posted(request), user=request.user, initial={"kind": request.GET.get("kind", "")})
    return saved(
        request, "actions/priority_add.html", form,
        lambda: services.add_priority(row, by=request.user, measures=form.measures(), **form.facts()),
        home=made_at(row), done="The priority was added.", plan=row,
    )  # fmt: skip


def _priority_now(row):
    now = {name: getattr(row, name) for name in services.PRIORITY_FIELDS}
    for number, each in enumerate(services.measures_of(row), start=1):
        now |= {f"{name}_{number}": each[name] for name in services.MEASURE_FIELDS}
    return now | {"group": str(row.group_id or "")}


@page(Perm.PLAN_EDIT, Priority, related=GROUP_AND[Priority])
def priority_edit(request, row):
    initial = {name: getattr(row, name) for name in (*services.PRIORITY_FIELDS, "version")}
    form = forms.PriorityForm(posted(request), user=request.user, initial=initial, measures=services.measures_of(row))

    def act():
        facts = form.facts() | {"measures": form.measures()}
        return services.change_priority(row, by=request.user, version=form.cleaned_data["version"], **facts)

    return saved(
        request, "actions/priority_edit.html", form, act,
        home=made_at(row), done="Your changes were saved.", row=row, now=_priority_now,
    )  # fmt: skip


@page(Perm.PLAN_EDIT, Priority, related=("plan",))
def priority_end(request, row):
    initial = {"version": row.version, "ended_on": timezone.localdate()}
    form = forms.EndPriorityForm(posted(request), user=request.user, initial=initial)
    return saved(
        request, "actions/priority_end.html", form,
        lambda: services.end_priority(row, by=request.user, **form.facts(), version=form.cleaned_data["version"]),
        home=made_at(row), done="It is a priority no longer. Its actions stay.", row=row,
        live=reads.live_actions(request.user, [row]).get(row.pk, 0),
    )  # fmt: skip


@page(Perm.PLAN_EDIT, Priority, methods=("POST",))
def priority_take_up(request, row):
    act = partial(services.take_up_priority, row, by=request.user)
    return pressed(request, act, "It is a priority again.", made_at(row))


@page(Perm.PLAN_EDIT, Priority, related=("plan",), methods=("POST",))
def priority_move(request, row):
    way = services.UP if request.POST.get("way") == services.UP else services.DOWN
    services.move_priority(row, by=request.user, way=way)
    return redirect(made_at(row.plan))


@page(Perm.PLAN_VIEW, methods=("GET",))
def duties(request):
    past = "past" in request.GET
    lines = reads.duty_lines(request.user, past=past)
    found = [(label, [each for each in lines if each.duty.basis == code]) for code, label in Duty.Basis.choices]
    context = {
        "past": past,
        "bases": [pair for pair in found if pair[1]],
        "unowned": sum(not each.owner for each in lines),
        "by_post": sum(each.duty.owner is None and bool(each.owner) for each in lines),
        "may_edit": reach_of(request.user).holds(Perm.PLAN_EDIT),
    }
    return render(request, "actions/duties.html", context)


@page(Perm.PLAN_VIEW, Duty, related=GROUP_AND[Duty], methods=("GET",))
def duty(request, row):
    reach, today = reach_of(request.user), timezone.localdate()
    (line,) = reads.lines_of(request.user, [row], today)
    context = {
        "row": row,
        "line": line,
        "items": reads.work_items(request.user, duty=row),
        "over": row.ends is not None and row.ends <= today,
        "last_day": last_day(row.ends),
        "may_edit": reach.holds(Perm.PLAN_EDIT),
        "reads_rules": reach.holds(Perm.RULES_VIEW),
    }
    return render(request, "actions/duty.html", context)


@page(Perm.PLAN_EDIT)
def duty_add(request):
    form = forms.DutyForm(posted(request), user=request.user, initial={"basis": Duty.Basis.LOCAL})
    return saved(
        request, "actions/duty_add.html", form, lambda: services.add_duty(by=request.user, **form.facts()),
        home="", done="The duty was added.",
    )  # fmt: skip


def _duty_now(row):
    now = {name: getattr(row, name) for name in services.DUTY_FIELDS}
    return now | {"group": str(row.group_id or ""), "last_day": last_day(row.ends)}


@page(Perm.PLAN_EDIT, Duty, related=GROUP_AND[Duty])
def duty_edit(request, row):
    form = forms.DutyForm(posted(request), user=request.user, initial=_duty_now(row) | {"version": row.version})
    return saved(
        request, "actions/duty_edit.html", form,
        lambda: services.change_duty(row, by=request.user, version=form.cleaned_data["version"], **form.facts()),
        home=made_at(row), done="Your changes were saved.", row=row, now=_duty_now,
    )  # fmt: skip
