"""Who has not returned, reminding them, the ladder of a round, its letters; and what was sent about one return."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from audits.chasing import exporting, forms, ladder, letters, prints, reads, services
from audits.models import AuditReturn, Reminder, Round, Rung
from audits.tabs import tabs_of_return, tabs_of_round
from partnership.access.page import page
from partnership.access.replies import act_on, posted, stale_edit
from partnership.access.rows import powers
from partnership.documents.models import Version
from partnership.documents.views import give
from partnership.people.roles import Perm
from partnership.ui import sheets
from partnership.ui.listing import asked_of, id_of

ON_A_PAGE = 50
NAMED = 5  # organisations in one sentence


def _tabs(request, round, here):
    return tabs_of_round(round, powers(request.user, [round.folder])[round.pk], here=here)


def _found(request, round):
    """(the filter, its answers, the returns that it asks for, who of them owes in the state that it asks for); no
    rows where the filter is wrong."""
    every = reads.returns_of(request.user, round)
    rungs = list(Rung.objects.filter(round=round).order_by("position"))
    form = forms.StandingFilter(request.GET, rows=every, rungs=rungs)
    if not form.is_valid():
        return form, None, [], []
    asked = form.facts()
    rows = reads.narrowed(every, asked)
    found = reads.owing(rows, rungs)
    return form, asked, rows, reads.in_state(found, asked["state"], asked["rung"])


@page(Perm.AUDIT_RUN, Round, related=("folder",))
def round_standing(request, round):
    form, asked, rows, found = _found(request, round)
    if asked is None:
        return render(request, "audits/round_standing.html", {"round": round, "form": form}, status=422)
    by = asked["by"]
    groups = reads.by_group(rows, by)
    if (kind := request.POST.get("take", "")) in sheets.FORMATS:
        named = reads.who_answers([one.row.agency_id for one in found])
        file, name, content_type = exporting.export_sheet(request.user, round, found, named, groups, by, kind=kind)
        return FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
    size = max(1, len(found)) if "all" in request.GET else ON_A_PAGE
    shown = Paginator(found, size).get_page(request.GET.get("page", ""))
    named = reads.who_answers([one.row.agency_id for one in shown])
    context = {
        "round": round,
        "form": form,
        "page": shown,
        "lines": [(one, named[one.row.agency_id]) for one in shown],
        "total": reads.total(rows),
        "groups": groups,
        "by_words": reads.GROUPS[by][0].lower(),
        "windows": reads.windows_of(round),
        "query": asked_of(request),
        "is_open": round.status == Round.Status.OPEN,
        "who_heading": "Who did not return" if round.status == Round.Status.CLOSED else "Who owes a return",
        "ready": sum(not one.why_not for one in found),
        "tabs": _tabs(request, round, "audits:round_standing"),
    }
    return render(request, "audits/round_standing.html", context)


@page(Perm.AUDIT_RUN, Round, related=("folder",))
def round_remind(request, round):
    """What one click would send, and to whom: to those whom the list showed, or to one (`only`)."""
    _, asked, _, found = _found(request, round)
    if only := id_of(request.GET.get("only", "")):
        found = [one for one in found if one.row.pk == only]
    plan = reads.plan(found)
    form = forms.RemindForm(posted(request), user=request.user, initial={"shown": forms.as_shown(plan.shown)})
    query = urlencode({name: value for name, value in (asked or {}).items() if value})
    back = f"{reverse('audits:round_standing', args=[round.pk])}?{query}"
    context = {"round": round, "plan": plan, "back": back, "is_open": round.status == Round.Status.OPEN}

    def said(outcome):
        _tell_what_changed(request, outcome)
        where = ("audits:round_letters", round.pk) if outcome.letters else (back,)
        return _said(outcome), *where

    act = lambda: services.remind(round, form.cleaned_data["shown"], by=request.user)  # noqa: E731
    return act_on(request, form, act, "audits/round_remind.html", said, **context)


def _said(outcome) -> str:
    emails = len(outcome.went) - outcome.letters
    said = [f"{emails} reminder{'' if emails == 1 else 's'} on the way." if emails else ""]
    if outcome.letters:
        said.append(
            f"{outcome.letters} letter{'' if outcome.letters == 1 else 's'} to be made: make and print them here."
        )
    return " ".join(filter(None, said)) or "Nothing was sent."


def _tell_what_changed(request, outcome):
    """Who was shown and got nothing: named, the first few."""
    if outcome.changed:
        many = len(outcome.changed)
        names = "; ".join(f"{name} ({why})" for name, why in outcome.changed[:NAMED])
        more = f"; and {many - NAMED} more" if many > NAMED else ""
        messages.warning(request, f"Not sent, because something changed since the page was opened: {names}{more}.")
    if outcome.nobody:
        many = len(outcome.nobody)
        names = ", ".join(row.agency.name for row in outcome.nobody[:NAMED])
        more = f" and {many - NAMED} more" if many > NAMED else ""
        messages.warning(request, f"There is nobody to write to at {names}{more}. Name a lead in the directory.")


@page(Perm.AUDIT_RUN, Round, related=("folder",))
def round_ladder(request, round):
    """Its rungs; a round without any is given the usual ladder by a button."""
    if request.method == "POST":
        ladder.lay_ladder(round, by=request.user)
        messages.success(request, "The usual ladder of reminders is laid. Change it until a rung was sent.")
        return redirect("audits:round_ladder", round.pk)
    context = {
        "round": round,
        "rungs": reads.rungs_of(round),
        "is_closed": round.status == Round.Status.CLOSED,
        "tabs": _tabs(request, round, "audits:round_ladder"),
    }
    return render(request, "audits/round_ladder.html", context)


@page(Perm.AUDIT_RUN, Rung, related=("round__folder",))
def rung_edit(request, rung):
    as_saved = lambda row: {name: getattr(row, name) for name in ladder.FIELDS}  # noqa: E731
    form = forms.RungForm(posted(request), user=request.user, initial=as_saved(rung) | {"version": rung.version})
    home = reverse("audits:round_ladder", args=[rung.round_id])
    closed = ladder.CLOSED if rung.round.status == Round.Status.CLOSED else ""
    context = {
        "rung": rung,
        "why_frozen": closed or (ladder.SENT if ladder.sent([rung]) else ""),
        "places": ladder.PLACEHOLDERS.items(),
    }

    def act():
        return ladder.change_rung(rung, by=request.user, version=form.cleaned_data["version"], **form.facts())

    def stale(refused):
        fresh = Rung.objects.select_related("changed_by", "round__folder").get(pk=rung.pk)
        more = context | {"rung": fresh}
        return stale_edit(request, "audits/rung_edit.html", form, refused, fresh, as_saved(fresh), url=home, **more)

    return act_on(request, form, act, "audits/rung_edit.html", ("The rung is saved.", home), on_stale=stale, **context)


@page(Perm.AUDIT_RUN, Round, related=("folder",))
def round_letters(request, round):
    """The letters on paper: those that wait to be made, and the files of those that were."""
    waiting = prints.waiting(Reminder.objects.allowing(request.user, Perm.AUDIT_RUN).filter(folder=round.pk))
    if request.method == "POST":
        return redirect("jobs:job", prints.ask(round, by=request.user).pk)
    context = {
        "round": round,
        "waiting": list(waiting.select_related("agency").order_by("agency__name")),
        "bundles": prints.bundles(request.user, round),
        "tabs": _tabs(request, round, "audits:round_ladder"),
    }
    return render(request, "audits/round_letters.html", context)


@page(
    Perm.AUDIT_RUN, Version, related=("document",), downloads="downloaded_unmarked", known=prints.is_letter,
    methods=("GET",),
)  # fmt: skip
def audit_letter(request, version):
    """A letter to be sent: the file as it is, without the name of whoever downloads it."""
    return give(request, version, marked=False)


@page(Perm.ANSWERS_VIEW, AuditReturn, related=("folder", "round__folder", "agency"), methods=("GET",))
def return_reminders(request, row):
    """What was sent about one return: to the business unit, and to the organisation itself."""
    held = powers(request.user, [row])[row.pk]
    context = {
        "row": row,
        "sent": reads.sent_to(request.user, row),
        "is_owed": letters.is_owed(row),
        "runs": Perm.AUDIT_RUN in held,
        "tabs": tabs_of_return(row, held, here="audits:return_reminders"),
    }
    return render(request, "audits/return_reminders.html", context)
