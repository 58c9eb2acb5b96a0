"""Booking a place for oneself and for others, and the page of one booking."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse

from partnership.access.page import page
from partnership.access.reach import reach_of
from partnership.access.replies import act_on, conflict_page, form_page, posted, pressed
from partnership.access.rows import allowing, powers
from partnership.people.models import Agency
from partnership.people.roles import Perm
from partnership.ui.ical import MIME, REQUEST
from partnership.ui.listing import id_of
from training.booking import forms, reads, services, several, wording
from training.booking.letters import file_of
from training.booking.mine import sections_of
from training.booking.rows import joining_of
from training.evaluating import reads as evaluations
from training.models import Booking, Course, Event
from training.people import services as people

OF_EVENT = ("course", "folder")
S = Booking.Status
BOOKED = {
    S.BOOKED: "You are booked. An email with the invitation for your calendar is on its way.",
    S.ASKED: "The place is kept for you. Your manager has been asked to approve it.",
    S.WAITING: "No place was left, so you are on the waiting list. When one comes free, it is offered to you by email.",
}


# --- for oneself ------------------------------------------------------------------------------------------------------


@page(Perm.TRAINING_LIST, Event, related=OF_EVENT)
def book(request, event):
    _must_be_published(request.user, event)
    user, learners = request.user, reads.own_learners(request.user)
    agencies = reads.own_agencies(user, learners)
    if not agencies:
        return render(request, "training/book_nowhere.html", {"event": event, "keeps": reads.keeps_all(user)})
    approval = event.course.approval
    form = forms.BookForm(
        posted(request), user=user, agencies=agencies, approval=approval,
        initial=reads.manager_of(learners) if approval and request.method == "GET" else {},
    )  # fmt: skip

    def act():
        agency = form.chosen()
        learner = next((row for row in learners if row.agency_id == agency.pk), None) or people.own_at(user, agency)
        return services.book(event, learner, by=user, needs=form.cleaned_data["needs"], approver=form.approver())

    said = lambda row: (BOOKED[row.status], "training:booking", row.pk)  # noqa: E731
    if request.method == "POST":
        return act_on(request, form, act, "training/book.html", said, **_about(request, event, agencies, learners))
    return form_page(request, "training/book.html", form, **_about(request, event, agencies, learners))


def _must_be_published(user, event) -> None:
    """As in the catalogue: what is still being planned is found by nobody but who runs the training."""
    hidden = event.status == Event.Status.PLANNED or event.course.status == Course.Status.DRAFT
    if hidden and not reach_of(user).holds_wide(Perm.TRAINING_RUN):
        raise Http404


def _about(request, event, agencies, learners):
    """What the page of one's own booking shows; asked for when it is drawn."""
    return {"event": event, "about": lambda: _drawn(request.user, event, agencies, learners)}


def _drawn(user, event, agencies, learners):
    live = reads.own(user).filter(event=event).exclude(status=S.ENDED).first()
    learner = next(iter(learners), None)
    wanted = reads.missing(user, event.course, [learner]) if learner else {}
    return {
        "when": wording.when(event), "where": wording.where(event), "live": live,
        "standing": [(agency, reads.standing(event, agency)) for agency in agencies],
        "shut": reads.why_not(event),
        "before": wanted.get(learner.pk, []) if learner else [each.title for each in event.course.prerequisites.all()],
        "keeps": bool(reads.kept_agencies(user)),
    }  # fmt: skip


# --- for several ------------------------------------------------------------------------------------------------------


@page(Perm.TRAINING_LIST, Event, related=OF_EVENT)
def book_people(request, event):
    _must_be_published(request.user, event)
    user, own = request.user, reads.kept_agencies(request.user)
    every = reads.keeps_all(user)
    if not own and not every:
        raise PermissionDenied("training.book_people")
    agency = _agency(request, own, every)
    if agency is None:
        choices = allowing(Agency, user, Perm.DIRECTORY_VIEW).live().order_by("name") if every else own
        return render(request, "training/book_people_of.html", {"event": event, "choices": choices})
    form = forms.SeveralForm(posted(request), user=user, agency=agency, away=reads.booked_there(event, agency))
    form.hint({pk: f"No record of {', '.join(titles)}" for pk, titles in _missing(user, event, form).items()})
    if request.method == "POST" and request.POST.get("do") == "book" and form.is_valid():
        return _booked(request, event, agency, form)
    if request.method == "POST" and request.POST.get("do") != "book":
        form = _again(request, event, agency, form)
    return form_page(request, "training/book_people.html", form, **_of_people(event, agency))


def _agency(request, own, every):
    """The organisation whose people are booked: named by the address, or the only one that there is."""
    asked = request.GET.get("agency", "")
    if not asked:
        return own[0] if len(own) == 1 and not every else None
    if every:
        return allowing(Agency, request.user, Perm.DIRECTORY_VIEW).filter(pk=id_of(asked)).first()
    return next((each for each in own if str(each.pk) == asked), None)


def _missing(user, event, form):
    found = reads.missing(user, event.course, list(form.offered.values()))
    return {str(pk): titles for pk, titles in found.items()}


def _again(request, event, agency, form):
    """Look for somebody else, or have more rows; what was ticked and typed stays, and nothing is checked yet."""
    data = request.POST.copy()
    if data.get("do") == "more":
        data["many"] = str(min(forms.MOST_NEW, form.number + forms.FIRST_NEW))
    away = reads.booked_there(event, agency)
    form = forms.SeveralForm(data, user=request.user, agency=agency, away=away)
    form.hint({pk: f"No record of {', '.join(titles)}" for pk, titles in _missing(request.user, event, form).items()})
    form.errors.clear()  # it is looked over when it is sent
    return form


def _of_people(event, agency, outcomes=()):
    return {
        "event": event, "agency": agency, "outcomes": outcomes, "shut": reads.why_not(event),
        "when": wording.when(event), "where": wording.where(event), "standing": reads.standing(event, agency),
        "before": [each.title for each in event.course.prerequisites.all()], "shown": forms.SHOWN,
    }  # fmt: skip


def _booked(request, event, agency, form):
    """Each by itself; where somebody could not be booked, the form again with those alone, and what became of all."""
    ticked = [form.offered[pk] for pk in form.cleaned_data["people"]]
    outcomes = several.book_all(event, agency, by=request.user, ticked=ticked, entered=form.entered())
    refused = [each for each in outcomes if each.row is None]
    if not refused:
        messages.success(request, several.in_words(outcomes))
        return redirect(f"{reverse('training:agency_bookings')}?event={event.pk}")
    done = {each.key for each in outcomes if each.row}
    data = form.data.copy()
    data.setlist("people", [pk for pk in data.getlist("people") if pk not in done])
    for n in range(form.number):
        if str(n) in done:
            for name in ("name", "email", "role", "post"):
                data[f"{name}_{n}"] = ""
    data["form_token"] = ""
    away = reads.booked_there(event, agency)
    again = forms.SeveralForm(data, user=request.user, agency=agency, away=away)
    again.is_valid()
    again.errors.clear()
    for each in refused:
        field = f"{each.field}_{each.key}" if f"{each.field}_{each.key}" in again.fields else "people"
        again.add_error(field if each.key.isdecimal() else "people", f"{each.name}: {each.why_not}")
    # 200, because the others are booked: an answer of 422 would undo them.
    return render(request, "training/book_people.html", {"form": again, **_of_people(event, agency, outcomes)})


# --- one's own, and one ----------------------------------------------------------------------------------------------


@page(Perm.TRAINING_LIST, methods=("GET",))
def mine(request):
    user = request.user
    context = {
        "found": reads.mine(user),
        "sections": sections_of(user),
        "keeps": bool(reads.kept_agencies(user)) or reads.keeps_all(user),
    }
    return render(request, "training/mine.html", context)


@page(Perm.BOOKING_VIEW, Booking, related=reads.RELATED)
def booking(request, row):
    user = request.user
    if "calendar" in request.GET and row.status == S.BOOKED:
        return calendar_file(row)
    held = powers(user, [row])[row.pk]
    may = Perm.BOOKING_MAKE in held
    shown = reads.page_of(row)
    if request.method == "POST":
        if not may:
            raise PermissionDenied("booking")
        if request.POST.get("do") in BUTTONS:
            return _press(request, row)
    data = posted(request)
    of = lambda what: data if data is not None and data.get("do") == what else None  # noqa: E731
    keeps = people.may_keep(user, row.agency)
    can_move = may and shown.ahead and row.status == S.BOOKED and not row.attended
    places = {
        "needs": forms.NeedsForm(
            of("needs"), user=user, initial={"needs": row.needs, "version": row.version}, auto_id="needs_%s"
        ),
        "move": forms.MoveForm(
            of("move"), user=user, events=reads.others_of(row) if can_move else [], auto_id="move_%s"
        ),
        "hand": forms.HandForm(of("hand"), user=user, row=row, keeps=keeps, auto_id="hand_%s"),
    }
    context = {
        "row": row, "page": shown, "may": may, "places": places, "can_move": can_move,
        "own": row.learner.user_id == user.pk, "evaluations": evaluations.of_booking(user, row),
        "certificate_waits": evaluations.certificate_waits(row),
        "joining": joining_of(row.event) if row.status == S.BOOKED else None,
    }  # fmt: skip
    if request.method == "POST":
        return _acted(request, row, places, context)
    return form_page(request, "training/booking.html", None, **context)


BUTTONS = {
    "give_up": (services.give_up, "The place is given up, and goes on to the next."),
    "leave": (services.give_up, "The waiting list is left."),
    "take": (services.take_offer, "The place is taken."),
}


def _press(request, row):
    act, said = BUTTONS[request.POST["do"]]
    return pressed(request, partial(act, row, by=request.user), said, "training:booking", row.pk)


def _acted(request, row, places, context):
    form, user = places.get(request.POST.get("do")), request.user
    if form is None:
        return HttpResponseBadRequest("No such button.")

    def needs():
        data = form.cleaned_data
        return services.say_needs(row, by=user, needs=data["needs"], version=data["version"])

    def hand():
        data = form.cleaned_data
        to = data.get("learner") or people.colleague(row, by=user, name=data["name"], email=data["email"])
        return services.hand_on(row, to, by=user)

    acts = {
        "needs": (needs, lambda made: ("Saved.", "training:booking", row.pk)),
        "move": (
            lambda: services.move(row, form.event(), by=user),
            lambda made: ("The place is moved.", "training:booking", made.pk),
        ),
        "hand": (hand, lambda made: (f"The place is handed to {made.name}.", "training:booking", row.pk)),
    }
    act, said = acts[request.POST["do"]]
    on_stale = lambda stale: conflict_page(request, stale, form, request.path)  # noqa: E731
    return act_on(request, form, act, "training/booking.html", said, on_stale=on_stale, **context)


def calendar_file(row):
    response = HttpResponse(file_of(row), content_type=f"{MIME}; method={REQUEST}")
    response["Content-Disposition"] = 'attachment; filename="training.ics"'
    return response
