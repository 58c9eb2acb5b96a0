"""The pages of the half-yearly confirmation."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse

from partnership.access.flow import Stale
from partnership.access.page import page
from partnership.access.reach import reach_of
from partnership.access.replies import conflict_page, form_page, posted
from partnership.directory.confirming import forms, reads, services
from partnership.directory.models import Answer, Confirmation
from partnership.people.roles import Perm

SHOWN = 50


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
    lines = reads.lines_of(row, request.user)
    unit = reach_of(request.user).holds_wide(Perm.PEOPLE_APPROVE)
    may, who = services.who_may(row, request.user), services.who_else(row, request.user)
    for line in lines:
        line.may, line.may_end = may(line.user), may(line.user, Answer.Says.END)
        line.who = "" if line.may else who(line.user)
    form = forms.ConfirmForm(posted(request), user=request.user, lines=[line for line in lines if line.may])
    if request.method == "POST" and form.is_valid():
        try:
            return _answered(request, row, form)
        except Stale as stale:
            return conflict_page(request, stale, form, reverse("directory:confirm", args=[row.pk]))
        except ValidationError as error:
            form.put_errors(error)
    for line in lines:
        line.said = form[line.field].value() if line.may and form.is_bound else line.answer and line.answer.says
    context = {
        "row": row,
        "lines": lines,
        # Who is on a case is need to know: a lead is not told by a number either.
        "sees_accesses": unit,
        "columns": f"Person,Role,Last signed in,Named duties,{'Case access,' if unit else ''}Answer",
        "open": row.status in Confirmation.WAITING,
        "mine": [line for line in lines if line.may],
        "to_say": any(line.answer is None for line in lines if line.may),
        "keep": Answer.Says.KEEP,
        "end": Answer.Says.END,
    }
    return form_page(request, "directory/confirm.html", form, **context)


def _answered(request, row, form):
    answers = form.answers()
    if "all" in request.POST:
        said = {line.user.pk for line in form.lines.values() if line.answer} | {user.pk for user in answers}
        answers |= {line.user: Answer.Says.KEEP for line in form.lines.values() if line.user.pk not in said}
    leaving = services.answer(row, by=request.user, answers=answers)
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
    if leaving:
        names = ", ".join(sorted(each.user.name for each in leaving))
        messages.warning(request, f"{names}: something must be handed over first. You find it under ‘Leaving’.")
    return redirect("directory:confirm", row.pk)


@page(Perm.PEOPLE_APPROVE, Confirmation, related=("agency",))
def confirm_extend(request, row):
    form = forms.ExtendForm(posted(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            services.extend(row, by=request.user, due_on=form.cleaned_data["due_on"], why=form.cleaned_data["why"])
        except Stale as stale:
            return conflict_page(request, stale, form, reverse("directory:rounds"))
        except ValidationError as error:
            form.put_errors(error)
        else:
            messages.success(request, "They have longer to answer.")
            return redirect("directory:rounds")
    return form_page(request, "directory/confirm_extend.html", form, row=row)
