"""In the meeting: who is there, what is written under each item."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from boards.advising import warn
from boards.attending import reads, services
from boards.attending.forms import READ, AttendanceForm, GuestForm, MinuteForm
from boards.attending.quorum import quorate
from boards.attending.rows import rows_of
from boards.flow import MEETING
from boards.meetings.tabs import tabs_of
from boards.models import Attendance, Meeting
from partnership.access.flow import Stale
from partnership.access.gatherings import host_of
from partnership.access.page import page
from partnership.access.replies import Clash, act_on, differing, posted, pressed
from partnership.access.rows import powers
from partnership.people.roles import Perm

RELATED = ("folder", "group__folder")


@page(Perm.MEETING_RUN, Meeting, related=RELATED)
def in_meeting(request, meeting):
    """The ticks of who came are saved one by one; each item's minutes have an address of their own."""
    rows = rows_of(meeting)
    form = _form(request, meeting, rows)
    if request.method != "POST" or not (form.is_valid() or request.htmx):
        return _page(request, meeting, rows, form)
    chair, chair_read = form.chair()
    try:
        done = services.mark(
            meeting, by=request.user, marks=form.marks(), read=form.read_marks(), chair=chair, chair_read=chair_read,
            reason=form.cleaned_data.get("reason", ""),
        )  # fmt: skip
    except Stale:
        return _clash(request, meeting, form)
    except ValidationError as refused:
        form.put_errors(refused)
        if request.htmx:
            return JsonResponse({"error": refused.messages[0].rstrip(".")}, status=422)
        return _page(request, meeting, rows, form)
    if request.htmx:
        return _saved(done, form)
    messages.success(request, "Who came is recorded.")
    return redirect("boards:in_meeting", meeting.pk)


def _form(request, meeting, rows):
    corrects = meeting.minutes_status in Meeting.CLOSED_MINUTES
    return AttendanceForm(posted(request), user=request.user, rows=rows, corrects=corrects)


def _saved(meeting, form):
    """What the page of an autosave is told: what was read now, and the quorum by it."""
    rows = rows_of(meeting)
    wrong = next((errors[0] for errors in form.errors.values()), "")
    said = {"saved_at": timezone.now().isoformat(), "error": wrong}
    return JsonResponse(
        said | {"read": {READ: AttendanceForm.read_of(rows)}, "live": {"quorum": quorate(meeting, rows).words}}
    )


def _page(request, meeting, rows, form, *, clash=None):
    held = powers(request.user, [meeting])[meeting.pk]
    lines = reads.lines(request.user, meeting)
    for line in lines:
        if line.runs:
            line.form = _minute_form(request, line)
    context = {
        "meeting": meeting,
        "form": form,
        "rows": rows,
        "clash": clash,
        "quorum": quorate(meeting, rows),
        "lines": lines,
        "begun": reads.has_begun(meeting),
        "draft": meeting.minutes_status in (Meeting.Minutes.NONE, Meeting.Minutes.DRAFT),
        "agreed": meeting.minutes_status in Meeting.CLOSED_MINUTES,
        "said_coming": any(row.comes and not row.mark for row in rows),
        "steps": dict(MEETING.open_with(held, meeting)),
        "guest_form": GuestForm(
            user=request.user, corrects="reason" in form.fields, by_post=_by_post(meeting), auto_id="guest_%s"
        ),
        "tabs": tabs_of(meeting, held, here="boards:in_meeting"),
    }
    status = 409 if clash else 422 if request.method == "POST" and form.errors else 200
    return render(request, "boards/in_meeting.html", context, status=status)


def _minute_form(request, line):
    initial = {"text": line.minute.text, "version": line.minute.version} if line.minute else {"version": 0}
    return MinuteForm(user=request.user, initial=initial, auto_id=f"item{line.number}_%s")


def _clash(request, meeting, form):
    """Both answers, where somebody else ticked otherwise meanwhile; what was not touched follows what is saved."""
    was, rows = form.read_marks(), rows_of(meeting)
    moved = [row for row in rows if list(was.get(row.key, row.read)) != row.read]
    if request.htmx:
        return JsonResponse({"error": "Somebody else ticked this otherwise"}, status=409)
    form.data = form.data.copy()
    saved = {}
    for row in moved:
        typed = form.marks().get(row.key)
        names = [f"mark_{row.key}", f"who_{row.key}", f"name_{row.key}"]
        if typed is None or list(typed) == was.get(row.key):
            for name, value in zip(names, row.read, strict=True):
                form.data[name] = form.cleaned_data[name] = value
        saved |= {name: value for name, value in zip(names, row.read, strict=True) if name in form.fields}
    chair = next((row.key for row in rows if row.chairs), "")
    if str(form.as_read.get("chair") or "") != chair:
        saved["chair"] = chair
    who = {row.stored.recorded_by.name for row in moved if row.stored and row.stored.recorded_by_id}
    clash = Clash(f"Who came was recorded meanwhile by {', '.join(sorted(who)) or 'somebody else'}.",
                  differing(form, saved))  # fmt: skip
    form.data[READ] = AttendanceForm.read_of(rows)
    return _page(request, meeting, rows, form, clash=clash)


def _by_post(meeting) -> bool:
    return host_of(meeting.folder) is not None


@page(Perm.MEETING_RUN, Meeting, related=RELATED)
def guest_add(request, meeting):
    corrects = meeting.minutes_status in Meeting.CLOSED_MINUTES
    form = GuestForm(posted(request), user=request.user, corrects=corrects, by_post=_by_post(meeting))
    act = lambda: services.add_guest(meeting, by=request.user, **form.facts())  # noqa: E731
    home = reverse("boards:in_meeting", args=[meeting.pk])

    def said(row):
        return f"{row.name} stands among those who came. It lets nobody in to anything.", f"{home}#came"

    then = lambda made: warn(request, meeting.folder, form, then="Take it off and enter the post alone.")  # noqa: E731
    return act_on(request, form, act, "boards/guest_add.html", said, then=then, meeting=meeting, home=home)


@page(Perm.MEETING_RUN, Attendance, related=("folder", "meeting"), methods=("POST",))
def guest_off(request, row):
    act = partial(services.take_off, row, by=request.user)
    return pressed(request, act, f"{row.name} is taken off.", "boards:in_meeting", row.meeting_id)
