"""The pages of the half-yearly confirmation."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate

from partnership.access.flow import Stale
from partnership.access.page import page
from partnership.access.reach import reach_of
from partnership.access.replies import Clash, act_on, clash_page, conflict_page, differing, form_page, posted, who_did
from partnership.directory.confirming import forms, reads, services
from partnership.directory.models import Answer, Confirmation
from partnership.people.roles import Perm

SHOWN = 50
CONFIRM = "directory/confirm.html"


@page(Perm.PEOPLE_APPROVE, methods=("GET",))
def rounds(request):
    """How the newest round stands: who has answered, who has not."""
    status = request.GET.get("status", "")
    found = reads.standing_of(request.user, status)
    shown = Paginator(found.rows, SHOWN).get_page(request.GET.get("page")) if found.round else []
    context = {"found": found, "status": status, "shown": shown, "rows": reads.with_people(shown)}
    return render(request, "directory/rounds.html", context)


@page(Perm.COLLEAGUES, Confirmation, related=("agency", "round", "answered_by", "extended_by"))
def confirm(request, row):
    """Who still needs access; what ends access is asked once more, at the same address, before anything ends."""
    lines = services.lines_for(row, request.user)
    form = forms.ConfirmForm(
        posted(request), user=request.user, lines=[line for line in lines if line.may], version=row.version
    )
    if request.method == "POST" and "change" not in request.POST and form.is_valid():
        try:
            services.still_as(row, form.read_at(row.version))
            if "sure" not in request.POST and (ending := form.ending()):
                return _asked_again(request, row, form, ending)
            _say_not_asked(request, lines)
            return _answered(request, row, form)
        except Stale as stale:
            return _overtaken(request, row, form, lines, stale)
        except ValidationError as error:
            form.put_errors(error)
    return form_page(request, CONFIRM, form, **_shown(request, row, form, lines))


def _shown(request, row, form, lines):
    """What the page of the questions shows."""
    for line in lines:
        line.said = form[line.field].value() if line.may and form.is_bound else line.answer and line.answer.says
    unit = reach_of(request.user).holds_wide(Perm.PEOPLE_APPROVE)
    return {
        "row": row,
        "lines": lines,
        # Who is on a case is need to know: a lead is not told by a number either.
        "sees_accesses": unit,
        "columns": f"Person,Role,Last signed in,Named duties,{'Case access,' if unit else ''}Answer",
        "open": row.status in Confirmation.WAITING,
        "mine": [line for line in lines if line.may],
        "to_say": any(line.answer is None for line in lines if line.may),
        "leavings": reads.leavings_seen(request.user, lines),
        "keep": Answer.Says.KEEP,
        "end": Answer.Says.END,
    }


def _asked_again(request, row, form, ending):
    """Whose access would end, and what ends with it; the answers travel with the page."""
    endings = [reads.ending_of(row, line, request.user) for line in ending]
    context = {"row": row, "form": form, "endings": endings, "all": "all" in request.POST, "today": localdate()}
    return render(request, "directory/confirm_ending.html", context)


def _say_not_asked(request, lines):
    """An older page still asked about them: what was answered there has no place any more, and that is said."""
    if names := [line.user.name for line in lines if not line.asked and request.POST.get(line.field)]:
        why = "their access has ended, or they are leaving"
        messages.warning(request, f"Your answer for {', '.join(names)} was not taken: {why}.")


def _overtaken(request, row, form, lines, stale):
    """Somebody has answered since this page was opened: both are shown, where there is still something to answer."""
    both = form.against()
    if row.status not in Confirmation.WAITING or not both:
        return conflict_page(request, stale, form, reverse("directory:confirm", args=[row.pk]))
    last = row.answers.select_related("by").latest("at")
    happened = who_did(request.user, last.by, last.at, did="answered")
    advice = "Your answers are not saved yet. They stand below: check them, and save again."
    clash = Clash(happened, differing(form, both), mine="Your answer (not saved)", advice=advice)
    form.data = form.data.copy()
    form.data["version"] = row.version
    for name, says in form.saved().items():
        form.data[name] = form.cleaned_data.get(name) or says
    return clash_page(request, CONFIRM, form, clash, hidden={}, **_shown(request, row, form, lines))


def _answered(request, row, form):
    answers = form.answers()
    if "all" in request.POST:
        said = {line.user.pk for line in form.lines.values() if line.answer} | {user.pk for user in answers}
        answers |= {line.user: Answer.Says.KEEP for line in form.lines.values() if line.user.pk not in said}
    ended = [line.user for line in form.ending()]
    leaving = services.answer(row, by=request.user, answers=answers, version=form.read_at(row.version))
    row.refresh_from_db()
    if row.status == Confirmation.Status.ANSWERED:
        messages.success(request, "Thank you: everybody is answered for.")
    elif left := sum(1 for line in form.lines.values() if line.answer is None and line.user not in answers):
        still = f"{left} {'person is' if left == 1 else 'people are'} still to be answered for"
        messages.success(request, f"Saved. {still}: come back when you like.")
    else:
        messages.success(
            request, "Saved. You have answered for everybody whom you answer for; others answer for the rest."
        )
    waiting = {each.user for each in leaving}
    if gone := sorted(user.name for user in ended if user not in waiting):
        messages.success(request, f"Access has ended: {', '.join(gone)}.")
    if waiting:
        names = ", ".join(sorted(user.name for user in waiting))
        messages.warning(request, f"{names}: something must be handed over first. You find it under ‘Leaving’.")
    return redirect("directory:confirm", row.pk)


@page(Perm.PEOPLE_APPROVE, Confirmation, related=("agency",))
def confirm_extend(request, row):
    form = forms.ExtendForm(posted(request), user=request.user)

    def act():
        services.extend(row, by=request.user, due_on=form.cleaned_data["due_on"], why=form.cleaned_data["why"])

    home = reverse("directory:rounds")
    said = ("They have longer to answer.", home)
    return act_on(request, form, act, "directory/confirm_extend.html", said, stale_url=home, row=row)
