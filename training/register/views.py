"""Registers: those that one keeps, one on a phone, somebody at the door, its end, a ticket with its code."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from partnership.access.flow import Stale
from partnership.access.page import page
from partnership.access.replies import Clash, act_on, clash_page, differing, form_page, posted, pressed
from partnership.access.rows import can
from partnership.people.roles import Perm
from partnership.ui.listing import id_of
from training.certificates.prints import qr
from training.models import Booking, Event
from training.register import reads, services
from training.register.forms import READ, CompleteForm, RegisterForm, UnexpectedForm

A = Booking.Attended
LOADED = ("course", "folder")
TEMPLATE = "training/register.html"
REOPENED = "The register is open again. Say that it is complete when it is right."


def _must_keep(request, event) -> None:
    """Everybody may know of an event; its register is its trainers' and the business unit's."""
    if not services.may_keep(request.user, event):
        raise PermissionDenied("register")


@page(Perm.REGISTER_KEEP, methods=("GET",))
def registers(request):
    user = request.user
    context = {"over": reads.to_complete(user), "coming": reads.coming(user), "completed": reads.completed(user)}
    return render(request, "training/registers.html", context)


@page(Perm.TRAINING_LIST, Event, related=LOADED)
def register(request, event):
    """Ticks are saved one by one; without JavaScript all of them by any of the buttons, whatever else it does."""
    _must_keep(request, event)
    if request.POST.get("correct"):
        act = partial(services.correct, event, by=request.user)
        return pressed(request, act, REOPENED, "training:register", event.pk)
    rows = reads.rows_of(event)
    form = RegisterForm(posted(request), user=request.user, rows=rows)
    if request.method != "POST" or not (form.is_valid() or form.part):
        return _register_page(request, event, rows, form)
    try:
        services.mark(event, by=request.user, marks=form.marks(), read=form.read_marks())
        said = _besides(request, event)
    except Stale as stale:
        return _clash(request, event, form, stale)
    except ValidationError as refused:
        if request.htmx:
            return JsonResponse({"error": refused.messages[0].rstrip(".")}, status=422)
        form.put_errors(refused)
        return _register_page(request, event, rows, form)
    if request.htmx:
        return _saved(event, form)
    messages.success(request, said)
    return redirect("training:register", event.pk)


def _besides(request, event) -> str:
    """What the button that was pressed does after the ticks are saved, done; what to say of it."""
    if booking := request.POST.get("undo"):
        if (named := id_of(booking)) is None:
            raise Http404
        services.undo(event, named, by=request.user)
        return "The mark is taken off."
    if (answer := request.POST.get("rest")) in (A.PRESENT, A.ABSENT):
        services.mark_rest(event, by=request.user, answer=answer)
        return f"The register is saved. Everybody who had no mark is marked as ‘{A(answer).label}’."
    return "The register is saved."


def _register_page(request, event, rows, form):
    context = {
        "event": event, "rows": rows, "count": reads.counted(rows), "shut": services.why_shut(event),
        "begun": event.starts_at <= timezone.now(), "runs": can(request.user, Perm.TRAINING_RUN, event),
    }  # fmt: skip
    return form_page(request, TEMPLATE, form, **context)


def _saved(event, form):
    """What a tick is told: when it was saved, what to send with the next one, and how many are marked by now."""
    rows = reads.rows_of(event)
    read = {str(row.pk): row.attended for row in rows}
    said = {"saved_at": timezone.now().isoformat(), "live": {"counted": reads.counted(rows).words}}
    if form.part:
        return JsonResponse(said | {"version": read.get(form.part, "")})
    return JsonResponse(said | {"read": {READ: RegisterForm.read_of(rows)}})


def _clash(request, event, form, stale):
    """The page again with what was ticked, beside what another trainer ticked meanwhile (409)."""
    rows = reads.rows_of(event)
    now = {f"mark_{row.pk}": row.attended for row in rows}
    again = RegisterForm(form.data, user=request.user, rows=rows)
    again.is_valid()
    clash = Clash(
        stale.messages[0], differing(again, now), mine="What you ticked (not saved)", saved="What is saved now",
        advice="Nothing of what you ticked was saved. It is ticked below: look at it again, then save.",
    )  # fmt: skip
    context = {
        "event": event, "rows": rows, "count": reads.counted(rows), "shut": services.why_shut(event), "begun": True,
        "runs": False,
    }  # fmt: skip
    return clash_page(request, TEMPLATE, again, clash, hidden={READ: RegisterForm.read_of(rows)}, **context)


@page(Perm.TRAINING_LIST, Event, related=LOADED)
def unexpected(request, event):
    """Somebody who came without a place."""
    _must_keep(request, event)
    form = UnexpectedForm(posted(request), user=request.user)
    act = lambda: services.add_unexpected(event, by=request.user, **form.facts())  # noqa: E731
    context = {"event": event, "shut": services.why_shut(event)}
    return act_on(request, form, act, "training/unexpected.html", _said, stale_url="", **context)


def _said(row):
    return f"{row.name} is on the register: {row.get_attended_display().lower()}.", "training:register", row.event_id


@page(Perm.TRAINING_LIST, Event, related=LOADED)
def complete(request, event):
    """What follows from the register, and the button that says it is complete."""
    _must_keep(request, event)
    rows = reads.rows_of(event)
    left_early = [row for row in rows if row.attended == A.LEFT_EARLY]
    form = CompleteForm(posted(request), user=request.user, left_early=left_early)
    act = lambda: services.complete(event, by=request.user, counting=form.ids())  # noqa: E731
    context = {
        "event": event, "count": reads.counted(rows), "unmarked": [row for row in rows if not row.attended],
        "shut": services.why_shut(event), "begun": event.starts_at <= timezone.now(),
    }  # fmt: skip
    said = ("The register is complete. Thank you.", "training:register", event.pk)
    return act_on(request, form, act, "training/complete.html", said, stale_url="", **context)


@page(Perm.TRAINING_LIST, Event, related=LOADED)
def came(request, event, booking):
    """What the code of a ticket opens: whose it is, and one button. Looking at it changes nothing."""
    _must_keep(request, event)
    row = reads.row_of(event, booking)
    if row is None:
        raise Http404
    if request.method == "POST":
        marks, read = {row.pk: A.PRESENT}, {row.pk: request.POST.get("read", "")}
        act = partial(services.mark, event, by=request.user, marks=marks, read=read)
        return pressed(request, act, f"{row.name} is present.", "training:came", event.pk, row.pk)
    context = {
        "event": event, "row": row, "booked": row.status == Booking.Status.BOOKED, "shut": services.why_shut(event),
    }  # fmt: skip
    return render(request, "training/came.html", context)


@page(Perm.BOOKING_VIEW, Booking, related=("event__course", "agency"), methods=("GET",))
def ticket(request, booking):
    """The ticket of a place, with the code that the trainer reads at the door."""
    booked = booking.status == Booking.Status.BOOKED
    code = qr(reads.ticket_address(booking)) if booked else ""
    return render(request, "training/ticket.html", {"row": booking, "booked": booked, "qr": code})
