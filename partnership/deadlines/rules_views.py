"""The pages of the rules: which periods hold here, where they are written, what is doubtful; a partnership's own."""

from itertools import groupby

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from partnership.access.page import page
from partnership.access.reach import reach_of
from partnership.access.replies import form_page, posted
from partnership.deadlines import calendars, editions, registry
from partnership.deadlines.forms import EditionForm, TryForm
from partnership.deadlines.models import Division
from partnership.deadlines.rules import NoEditionInForce, UnknownRule, due, london_date, milestones
from partnership.deadlines.working_days import CalendarEnds
from partnership.people.roles import Perm


@page(Perm.RULES_VIEW, methods=("GET",))
def rules(request):
    found = registry.all_in_force(timezone.localdate())
    subjects = [(name, list(each)) for name, each in groupby(found, key=lambda pair: pair[0].subject)]
    context = {
        "subjects": subjects,
        "unchecked": sum(holds and not each.verified for each, holds in found),
        "ending": [(Division(name).label, last) for name, last in calendars.years_ending()],
    }
    return render(request, "deadlines/rules.html", context)


@page(Perm.RULES_VIEW, methods=("GET",))
def rule(request, code):
    found = _editions(code)
    today = timezone.localdate()
    now = _in_force(code, today)
    shown = now or found[-1]
    form = TryForm(request.GET or None, rule=shown)
    answer = _try(code, form) if shown.length is not None and form.is_bound and form.is_valid() else None
    context = {
        "rule": shown,
        "now": now,
        "editions": found[::-1],
        "history": editions.history_of(code),
        "form": form,
        "answer": answer,
        "can_edit": now is not None and now.editable and reach_of(request.user).holds_wide(Perm.RULES_EDIT),
    }
    return render(request, "deadlines/rule.html", context, status=422 if form.errors else 200)


def _editions(code):
    try:
        return registry.editions_of(code)
    except UnknownRule:
        raise Http404 from None


def _in_force(code, on):
    try:
        return registry.rule_in_force(code, on)
    except NoEditionInForce:
        return None


def _try(code, form):
    """What the calculator answers; a refusal stands at its field."""
    start = form.cleaned_data["start"]
    try:
        edition = registry.rule_in_force(code, london_date(start))
        calendar = calendars.load(edition.division)
        result = due(edition, start, calendar)
        return {
            "rule": edition,
            "start": start,
            "due": result,
            "milestones": milestones(edition, start, None, calendar),
        }
    except (NoEditionInForce, CalendarEnds) as refusal:
        form.add_error("start", str(refusal))
    except OverflowError:
        form.add_error("start", "The period leads outside the dates that can be counted.")
    return None


@page(Perm.RULES_EDIT)
def edition_add(request, code):
    found = _editions(code)
    today = timezone.localdate()
    now = _in_force(code, today) or found[-1]
    try:
        ground = editions.ground_of(code, today)
    except ValidationError as refusal:
        context = {"rule": now, "refusal": " ".join(refusal.messages)}
        return render(request, "deadlines/edition_add.html", context, status=422 if request.method == "POST" else 200)
    stand = editions.days_now(code, today)
    start = {"length": now.length, "trigger": now.trigger}
    start |= {f"day_{each.code}": stand.get(each.code) for each in ground.milestones}
    form = EditionForm(
        posted(request),
        user=request.user,
        rule=ground,
        milestones=ground.milestones,
        has_local=any(each.local for each in found),
        initial=start,
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = editions.add_edition(code, by=request.user, **form.facts())
        except ValidationError as error:
            form.put_errors(error)
        else:
            messages.success(request, f"The local edition {row.number} was set.")
            return redirect("deadlines:rule", code=code)
    return form_page(request, "deadlines/edition_add.html", form, rule=now)
