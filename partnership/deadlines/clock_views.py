"""The board of what is due, one clock's page with its story of dates, and how timely the partnership was."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect, render

from partnership.access.flow import Stale
from partnership.access.page import page
from partnership.access.reach import reach_of
from partnership.access.replies import form_page, posted
from partnership.access.rows import powers
from partnership.deadlines import board, clock_forms, reads, registry, services
from partnership.deadlines.models import Deadline
from partnership.deadlines.office import office_of
from partnership.deadlines.subjects import has_own_page, lines, record_of
from partnership.people.roles import Perm

LOADED = ("folder", "owner", "agency", "calendar", "supersedes", "started_by")


@page(Perm.BELONG, methods=("GET",))
def due(request):
    whose = request.GET.get("whose", board.MINE)
    whose = whose if whose in board.WHOSE else board.MINE
    only = request.GET.get("only", "")
    context = {
        "whose": whose,
        "scopes": board.scopes_of(request.user),
        "may_start": reach_of(request.user).holds_wide(Perm.DEADLINE_MANAGE),
    }
    if only in board.BUCKETS:
        rows = Paginator(board.one_bucket(request.user, only, whose), board.SHOWN).get_page(request.GET.get("page"))
        whole = board.Bucket(only, board.BUCKETS[only], rows.paginator.count, board.rows_of(request.user, rows))
        context |= {"buckets": [whole], "page_obj": rows, "only": only}
    else:
        context["buckets"] = board.worth_showing(board.board(request.user, whose))
    return render(request, "deadlines/due.html", context)


@page(Perm.DEADLINE_VIEW, Deadline, related=LOADED, methods=("GET",))
def deadline(request, row):
    facts = reads.deadline_page(request.user, row)
    context = {
        "row": row,
        "facts": facts,
        "line": lines(request.user, [row]).get(row.pk),
        "record": record_of(row),
        "may": Perm.DEADLINE_MANAGE in powers(request.user, [row])[row.pk] and not has_own_page(row),
        "tells": row.owner_id == request.user.pk and not has_own_page(row),
        "pausable": facts.edition.pausable,
        "reads_rules": reach_of(request.user).holds(Perm.RULES_VIEW),
    }
    return render(request, "deadlines/deadline.html", context)


@page(Perm.DEADLINE_MANAGE)
def start(request):
    reach = reach_of(request.user)
    if not reach.holds_wide(Perm.DEADLINE_MANAGE):
        raise PermissionDenied
    office = office_of(reach.partnerships(Perm.DEADLINE_MANAGE)[0])
    form = clock_forms.StartForm(posted(request), user=request.user, office=office)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            row = services.start(
                chosen["rule"],
                by=request.user,
                folder=office,
                trigger=chosen["trigger_on"],
                due_on=chosen["due_on"],
                owner=chosen["owner"],
                agency=chosen["agency"],
                what=chosen["what"],
            )
        except ValidationError as error:
            form.put_errors(error)
        else:
            messages.success(request, f"The clock runs. It is due on {row.due_on:%-d %B %Y}.")
            return redirect("deadlines:deadline", row.pk)
    return form_page(request, "deadlines/start.html", form)


@page(Perm.DEADLINE_MANAGE, Deadline, related=LOADED)
def meet(request, row):
    form = clock_forms.MeetForm(posted(request), user=request.user)

    def write(chosen):
        met = services.meet(row, by=request.user, at=chosen["met_at"], late_reason=chosen["late_reason"])
        if met.next_clock:
            return f"It is recorded as done. The next one is due on {met.next_clock.due_on:%-d %B %Y}."
        if services.returns(met):
            messages.warning(request, "This duty returns, and its next date could not be counted: start the next one.")
        return "It is recorded as done."

    return _written(request, row, form, "Record that it was done", write)


@page(Perm.DEADLINE_MANAGE, Deadline, related=LOADED)
def move(request, row):
    form = clock_forms.MoveForm(posted(request), user=request.user, row=row)

    def write(chosen):
        due_on = chosen.get("due_on")
        new = services.move(row, by=request.user, trigger=chosen["trigger_on"], due_on=due_on, reason=chosen["reason"])
        return f"The date was corrected: it is due on {new.due_on:%-d %B %Y}. The earlier one stays readable."

    return _written(request, row, form, "Correct the date", write)


@page(Perm.DEADLINE_MANAGE, Deadline, related=LOADED)
def pause(request, row):
    if not has_own_page(row) and not registry.edition(row.rule, row.edition).pausable:
        messages.warning(request, services.NOT_PAUSABLE)
        return redirect("deadlines:deadline", row.pk)
    form = clock_forms.ReasonForm(posted(request), user=request.user)

    def write(chosen):
        services.pause(row, by=request.user, reason=chosen["reason"])
        return "The clock is paused. Nobody is reminded until it runs again."

    return _written(request, row, form, "Pause the clock", write)


@page(Perm.DEADLINE_MANAGE, Deadline, related=LOADED, methods=("POST",))
def resume(request, row):
    try:
        new = services.resume(row, by=request.user)
    except ValidationError as error:
        messages.warning(request, error.messages[0])
        return redirect("deadlines:deadline", row.pk)
    messages.success(request, f"The clock runs again. It is due on {new.due_on:%-d %B %Y}.")
    return redirect("deadlines:deadline", new.pk)


@page(Perm.DEADLINE_MANAGE, Deadline, related=LOADED)
def cancel(request, row):
    form = clock_forms.ReasonForm(posted(request), user=request.user)

    def write(chosen):
        services.cancel(row, by=request.user, reason=chosen["reason"])
        return "The clock has ended."

    return _written(request, row, form, "End the clock", write)


def _written(request, row, form, title, write):
    """A small form about one clock that stands alone; a wing's clock is met and corrected on the wing's own page."""
    if has_own_page(row):
        line = lines(request.user, [row]).get(row.pk)
        messages.warning(request, "This clock belongs to a record: it is met and corrected there.")
        return redirect(line.url if line else "deadlines:due")
    if request.method == "POST" and form.is_valid():
        try:
            said = write(form.cleaned_data)
        except Stale as stale:
            messages.warning(request, stale.messages[0])
            return redirect("deadlines:deadline", services.newest(row).pk)
        except ValidationError as error:
            form.put_errors(error)
        else:
            messages.success(request, said)
            return redirect("deadlines:deadline", services.newest(row).pk)
    return form_page(request, "deadlines/written.html", form, row=row, title=title, edition=registry.title_of(row.rule))


@page(Perm.DEADLINE_MANAGE, methods=("GET",))
def timeliness(request):
    """How many clocks were met on time, by year and rule, and the reasons of those that were late."""
    if not reach_of(request.user).holds_wide(Perm.DEADLINE_MANAGE):
        raise PermissionDenied
    return render(request, "deadlines/timeliness.html", {"years": reads.timeliness(request.user)})
