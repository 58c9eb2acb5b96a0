"""What a group had before it came here: seats, who came, minutes. Each is shown before anything is taken in."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from boards.importing import attendance, forms, minutes, seats, sending
from boards.matrix.facts import span
from boards.matrix.forms import boxes
from boards.matrix.views import is_group
from partnership.access.models import Folder
from partnership.access.page import page
from partnership.access.replies import form_page, posted
from partnership.people.roles import Perm

TAKE = "take"


@page(Perm.MEETING_RUN, Folder, known=is_group)
def import_attendance(request, folder):
    data = posted(request)
    if data is not None and "rows" in data:
        return _attendance_again(request, folder, data)
    form = forms.SheetForm(data, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            sent = attendance.read(form.cleaned_data["file"])
        except ValidationError as refused:
            form.add_error("file", refused)
        else:
            plan = attendance.plan(attendance.Beside(request.user, folder, sent), sent, {}, {})
            carried = {"rows": sending.packed(sent.rows), "days": sending.packed([[0, *sent.days]])}
            form = forms.AttendancePreview(user=request.user, initial=carried)
            form.ask(plan)
            return _attendance(request, folder, form, plan=plan, remarks=sent.remarks)
    return _attendance(request, folder, form)


def _attendance(request, folder, form, **context):
    return form_page(request, "boards/import_attendance.html", form, group=folder, **context)


def _attendance_again(request, folder, data):
    """What was asked about is answered: look again, or take it in."""
    try:
        sent = forms.AttendancePreview.sent(data)
    except ValidationError as refused:
        form = forms.SheetForm({}, user=request.user)
        form.full_clean()
        form.errors.clear()
        form.add_error(None, refused)
        return _attendance(request, folder, form)
    form = forms.AttendancePreview(data, user=request.user)
    beside = attendance.Beside(request.user, folder, sent)
    asked = attendance.plan(beside, sent, {}, {})
    form.ask(asked)
    good = form.is_valid()
    answers, choices = form.answered(asked)
    plan = attendance.plan(beside, sent, answers, choices)
    if request.method == "POST" and good and not plan.problems and data.get("act") == TAKE:
        try:
            written = attendance.take(folder, sent, answers, choices, by=request.user)
        except ValidationError as refused:
            form.put_errors(refused)
        else:
            said = f"{written:,} mark{' was' if written == 1 else 's were'} taken in."
            messages.success(request, said if written else "All of it is recorded already. Nothing was changed.")
            return redirect(_matrix_of(folder, sent))
    return _attendance(request, folder, form, plan=plan)


def _matrix_of(folder, sent):
    """The matrix over the days that came in."""
    spans = [span(*attendance.parsed(each)) for each in sent.days]
    query = urlencode(boxes(min(spans)[0], max(last for _, last in spans)))
    return f"{reverse('boards:matrix', args=[folder.pk])}?{query}"


@page(Perm.GROUP_EDIT)
def import_seats(request):
    data, remarks = posted(request), []
    if data is not None and "rows" in data:
        try:
            rows = sending.unpacked(data["rows"], most=seats.ROWS, width=len(seats.CODES))
            if any(len(row) != len(seats.CODES) + 1 for row in rows):
                raise ValidationError(sending.CHANGED)
            if request.method != "POST":  # the preview tries each row, which a page that only reads may not
                return _seats_kept(request, rows)
            if data.get("act") == TAKE:
                return _seats_taken(request, seats.take(rows, by=request.user))
        except ValidationError as refused:
            messages.warning(request, " ".join(refused.messages[:5]))
            return redirect("boards:import_seats")
    else:
        form, rows = forms.SheetForm(data, request.FILES or None, user=request.user), None
        if request.method == "POST" and form.is_valid():
            try:
                rows, remarks = seats.read(form.cleaned_data["file"])
            except ValidationError as refused:
                form.add_error("file", refused)
        if rows is None:
            return form_page(request, "boards/import_seats.html", form)
    lines = seats.preview(rows, by=request.user)
    form = _carrying(request, rows)
    wrong = sum(each.state == seats.WRONG for each in lines)
    fresh = sum(each.state in (seats.NEW, seats.GIVEN) for each in lines)
    context = {"form": form, "lines": lines, "remarks": remarks, "wrong": wrong, "fresh": fresh}
    return render(request, "boards/import_seats.html", context)


def _carrying(request, rows):
    return forms.RowsPreview(user=request.user, initial={"rows": sending.packed(rows)})


def _seats_kept(request, rows):
    """Rows that were sent after a session had ended: here still, to be shown by a button."""
    return render(request, "boards/import_seats.html", {"form": _carrying(request, rows), "kept": len(rows)})


def _seats_taken(request, lines):
    fresh = sum(each.state != seats.SAME for each in lines)
    said = f"{fresh:,} seat{' was' if fresh == 1 else 's were'} taken in."
    messages.success(request, said if fresh else "All of these seats are there already. Nothing was changed.")
    return redirect("boards:groups")


@page(Perm.MEETING_RUN, Folder, known=is_group)
def import_minutes(request, folder):
    """Three buttons: send files, let some go, take in those whose day is said."""
    here, act = minutes.waiting(folder), request.POST.get("act", "")
    data = posted(request)
    pressed = (data or {}).get("act", "")  # now, or before the session ended
    files = forms.MinutesFiles(data if pressed == "send" else None, request.FILES or None, user=request.user)
    ready = [each for each in here if each.ready]
    days = forms.MinutesDays(None if pressed in ("send", "drop") else data, user=request.user, waiting=ready)
    if act == "send" and files.is_valid():
        facts = files.cleaned_data
        sent, known = minutes.send(folder, facts["files"], marking=facts["marking"], by=request.user)
        _say_sent(request, sent, known)
        return redirect("boards:import_minutes", folder.pk)
    if act == "drop":
        gone = minutes.drop(
            folder, [each.pk for each in here if each.pk.hex in request.POST.getlist("file")], by=request.user
        )
        messages.success(request, f"{gone} file{'' if gone == 1 else 's'} let go.")
        return redirect("boards:import_minutes", folder.pk)
    if act == TAKE and days.is_valid():
        try:
            done = minutes.take_in(folder, days.days, by=request.user)
        except ValidationError as refused:
            days.add_error(None, refused)
        else:
            messages.success(
                request, f"The minutes of {len(done)} meeting{'' if len(done) == 1 else 's'} were taken in."
            )
            return redirect("boards:import_minutes", folder.pk)
    wrong = files if files.errors else days
    context = {"group": folder, "files": files, "days": days, "waiting": here, "ready": ready}
    return form_page(request, "boards/import_minutes.html", wrong, **context)


def _say_sent(request, sent, known):
    if sent:
        messages.success(
            request, f"{sent} file{' is' if sent == 1 else 's are'} being checked. Say of which meeting each is."
        )
    if known:
        messages.warning(request, "Here already, and not taken again: {}.".format(", ".join(f"‘{n}’" for n in known)))
