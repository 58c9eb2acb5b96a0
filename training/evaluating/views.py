"""Saying what training was worth, signed in or by a link, and what came of it."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.utils import timezone

from partnership.access.flow import Stale
from partnership.access.links import link
from partnership.access.models import Link
from partnership.access.page import page
from partnership.access.replies import act_on, conflict_page, posted, pressed, stale_edit
from partnership.access.rows import powers
from partnership.actions.planning.rules import words_of_year, year_of
from partnership.people.roles import Perm
from partnership.ui import sheets
from partnership.ui.dates import clock_time
from partnership.ui.small_numbers import FEWEST
from training.booking.wording import when
from training.evaluating import asking, exporting, forms, reads, results, services
from training.evaluating.standing import RELATED, Stage, rows, why_shut, written_to
from training.models import Evaluation, Event
from training.people.matching import key_of
from training.register.services import may_keep
from training.tabs import tabs_of_event

PAGE, BY_LINK, RESULTS = (f"training/{name}.html" for name in ("evaluation", "evaluation_by_link", "event_evaluation"))
THANKS = "Thank you. Your answers are saved, and you can change them until {}."
CERTIFIED = {
    True: "Thank you. Your answers are saved. Your certificate is ready: this page leads to it.",
    False: "Thank you. Your answers are saved. Your certificate is issued: your organisation has it for you.",
}
IN_ANOTHER = "These answers were saved in another window at {}."
ASKED_AGAIN = "They are asked again, and have until the rule’s last day."


@page(Perm.EVALUATION_VIEW, Evaluation, related=(*RELATED, "learner", "booking__agency"))
def evaluation(request, row):
    own = services.may_answer(request.user, row)
    if request.method == "POST" and not own:
        raise PermissionDenied("evaluation")
    form = forms.OwnForm(posted(request), user=request.user, row=row) if own else None
    act = lambda: services.answer(row, by=request.user, **form.facts())  # noqa: E731
    return _answered(request, row, form, act, PAGE, ("training:evaluation", row.pk), own=own)


@link(Link.Purpose.AFTER_TRAINING)
def evaluation_by_link(request, found):
    row = rows().filter(pk=found.object_id).first()
    if row is None:
        raise Http404
    signed_in = request.user.is_authenticated
    if signed_in and key_of(request.user.email) != key_of(written_to(row.booking, row.stage)):
        return render(request, "training/link_of_another.html", status=403)
    form = forms.LinkForm(request.POST if request.method == "POST" else None, row=row)
    act = lambda: services.answer_by_link(row, **form.facts())  # noqa: E731
    return _answered(request, row, form, act, BY_LINK, (request.path,), own=True)


def _answered(request, row, form, act, template, again, *, own):
    context = _about(row) | {"own": own}

    def stale(refused):
        fresh = rows().filter(pk=row.pk).first()
        if fresh is None:
            return conflict_page(request, refused, form, "")
        local = timezone.localtime(fresh.answered_at or timezone.now())
        said = IN_ANOTHER.format(clock_time(local))
        return stale_edit(
            request, template, form, refused, fresh, forms.now_of(fresh), url="", happened=said, **context
        )

    if request.method == "POST" and context["shut"]:
        form.is_valid()
        return conflict_page(request, Stale(context["shut"]), form, "")
    return act_on(
        request, form, act, template, lambda made: (_thanks(made, template), *again), on_stale=stale, **context
    )


def _about(row) -> dict:
    own = row.stage != Stage.MANAGER
    return {
        "row": row, "event": row.booking.event, "when": when(row.booking.event), "shut": why_shut(row),
        "answers": reads.answers_of(row), "of_manager": not own,
        "certificate": reads.certificate_of(row.booking) if own and row.answered_at else None,
        "waits": reads.certificate_waits(row.booking) if row.stage == Stage.END else None,
    }  # fmt: skip


def _thanks(row, template) -> str:
    if row.stage == Stage.END and reads.certificate_of(row.booking):
        return CERTIFIED[template == PAGE]
    last = "the event begins" if row.stage == Stage.BEFORE else f"the end of {row.due_on:%-d %B %Y}"
    return THANKS.format(last)


@page(Perm.TRAINING_LIST, Event, related=("course", "folder"))
def event_evaluation(request, event):
    """An event, or with ?year= its course over a year: of the business unit; its trainers have the event in totals."""
    user, held = request.user, powers(request.user, [event.folder])[event.pk]
    runs = {Perm.TRAINING_RUN, Perm.EVALUATION_VIEW} <= held
    if not runs and not may_keep(user, event):
        raise PermissionDenied("evaluation.results")
    if runs and request.POST.get("do") == "again":
        act = partial(asking.ask_again, event, by=user)
        return pressed(request, act, ASKED_AGAIN, "training:event_evaluation", event.pk)
    year = _year(request) if runs else None
    found = results.results(user, event, year=year, named=runs)
    if request.method == "POST" and request.POST.get("take", "") in sheets.FORMATS:
        file, name, content_type = exporting.export(user, event, found, kind=request.POST["take"])
        return FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
    shown = year or year_of(timezone.localdate(event.starts_at))
    context = {
        "event": event, "found": found, "year": year, "runs": runs, "fewest": FEWEST,
        "years": [(each, words_of_year(each)) for each in ((year - 1, year + 1) if year else (shown,))] if runs else [],
        "tabs": tabs_of_event(event, held, here="training:event_evaluation") if runs else [],
        "silent": runs and not year and results.silent_at_the_end(event),
    }  # fmt: skip
    return render(request, RESULTS, context)


def _year(request) -> int | None:
    asked = (request.POST if request.method == "POST" else request.GET).get("year", "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == 4 and asked >= "2000" else None
