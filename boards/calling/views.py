"""Being called to a meeting: who is, what they answer, with a sign-in or by the link of a letter."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse

from boards.advising import warn
from boards.calling import answering, forms, reads, services
from boards.calling.letters import file_of, is_open, when
from boards.meetings.reads import OF_MEETING
from boards.meetings.tabs import tabs_of
from boards.models import Invitee, Meeting, Proposal
from partnership.access.flow import Stale
from partnership.access.gatherings import host_of
from partnership.access.links import link
from partnership.access.models import Link
from partnership.access.page import page
from partnership.access.replies import (
    Clash,
    act_on,
    clash_page,
    conflict_page,
    differing,
    form_page,
    posted,
    pressed,
    who_did,
)
from partnership.access.rows import powers
from partnership.people.roles import Perm
from partnership.ui.ical import MIME, REQUEST

OF_INVITEE = ("meeting__folder", "meeting__group__folder", "user", "seat__agency", "deputy", "answered_by")


# --- whoever runs the meeting -----------------------------------------------------------------------------------------


@page(Perm.MEETING_RUN, Meeting, related=OF_MEETING)
def invitations(request, meeting):
    if request.method == "POST":
        return _press(request, meeting)
    held = powers(request.user, [meeting])[meeting.pk]
    context = {
        "meeting": meeting,
        "found": reads.called_to(request.user, meeting),
        "shut": answering.why_shut(meeting, Invitee()),
        "ahead": meeting.is_ahead,
        "of_case": host_of(meeting.folder) is not None,
        "may_let_in": Perm.FOLDER_GRANT in held,
        "tabs": tabs_of(meeting, held, here="boards:invitations"),
    }
    return render(request, "boards/invitations.html", context)


def _press(request, meeting):
    home = ("boards:invitations", meeting.pk)
    pressed_button = request.POST.get("do")
    if pressed_button == "call":
        said = "The invitations are on their way. Each person gets one email, with the meeting for their calendar."
        return pressed(request, partial(services.call, meeting, by=request.user), said, *home)
    if pressed_button != "remind":
        return HttpResponseBadRequest("That is no button of this page.")
    try:
        number = services.remind(meeting, by=request.user)
    except Stale as stale:
        messages.warning(request, stale.messages[0])
    else:
        whom = "One person is" if number == 1 else f"{number} people are"
        said = f"{whom} reminded." if number else "Nobody was reminded: whoever has not answered was reminded today."
        messages.success(request, said)
    return redirect(*home)


@page(Perm.MEETING_RUN, Meeting, related=OF_MEETING)
def invite(request, meeting):
    people, of_case = services.offered(meeting.folder), host_of(meeting.folder) is not None
    form = forms.InviteForm(posted(request), user=request.user, people=people, of_case=of_case)
    act = lambda: services.invite(meeting, by=request.user, **form.facts())  # noqa: E731
    home = reverse("boards:invitations", args=[meeting.pk])

    def said(made):
        known = made.user_id is not None
        then = " An email is on its way." if made.told_sequence is not None else ""
        then = then if known else " Tell them yourself: no email is written."
        return f"{made.called} is invited.{LETS_NOBODY_IN if of_case else ''}{then}", home

    def advise(made):
        warn(request, meeting.folder, form, then="Take the invitation back and enter the post alone.")

    context = {"meeting": meeting, "of_case": of_case}
    return act_on(request, form, act, "boards/invite.html", said, stale_url=home, then=advise, **context)


LETS_NOBODY_IN = " An invitation lets nobody in to the case."


@page(Perm.MEETING_RUN, Invitee, related=OF_INVITEE)
def invitee(request, row):
    """What somebody said by telephone; taking the invitation back; who chairs, of a case's meeting."""
    home = reverse("boards:invitations", args=[row.meeting_id])
    if request.method == "POST" and request.POST.get("do") in CHAIRS:
        chairs, said = CHAIRS[request.POST["do"]]
        act = partial(services.chair, row, by=request.user, chairs=chairs)
        return pressed(request, act, f"It is recorded that {row.called} {said}.", home)
    if request.method == "POST" and request.POST.get("do") == "withdraw":
        act = partial(services.withdraw, row, by=request.user)
        return pressed(request, act, f"{row.called} is no longer called.", home)
    now = answering.said_of(row)
    options = {"user": request.user, "deputies": answering.deputies_of(row), "said_by": row.called}
    form = forms.OwnAttendanceForm(posted(request), initial=now | {"read": answering.mark_of(now)}, **options)
    act = lambda: answering.answer(row, by=request.user, **form.attendance())  # noqa: E731

    def stale(refused):
        return _both(request, "boards/invitee.html", form, refused, row, now, home=home, invitee=row)

    said = (f"What {row.called} says is kept.", home)
    shut = answering.why_shut(row.meeting, row)
    return act_on(request, form, act, "boards/invitee.html", said, on_stale=stale, invitee=row, shut=shut)


CHAIRS = {"chair": (True, "chairs the meeting"), "chair_off": (False, "no longer chairs the meeting")}


def _both(request, template, form, refused, row, now, *, home, **context):
    """Both texts where somebody answered meanwhile; what was typed alone where nothing can be answered any more."""
    if refused.messages[0] != answering.CHANGED:
        return conflict_page(request, refused, form, home)
    happened = refused.messages[0]
    if row.answered_at:
        happened = who_did(request.user, row.answered_by, row.answered_at, "answered")
    clash, hidden = Clash(happened, differing(form, now)), {"read": answering.mark_of(now)}
    return clash_page(request, template, form, clash, hidden=hidden, **context)


@page(Perm.MEETING_RUN, Proposal, related=("meeting__folder", "meeting__group__folder", "user"))
def proposal(request, row):
    form = forms.ProposalForm(posted(request), user=request.user)
    act = lambda: answering.decide(row, by=request.user, **form.facts())  # noqa: E731
    home = reverse("boards:invitations", args=[row.meeting_id])
    said = ("Your answer is kept. Whoever proposed it reads it on the page of the meeting.", home)
    context = {"proposal": row, "meeting": row.meeting}
    return act_on(request, form, act, "boards/proposal.html", said, stale_url=home, **context)


# --- whoever is called ------------------------------------------------------------------------------------------------


@page(Perm.MEETING_VIEW, Meeting, related=OF_MEETING)
def reply(request, meeting):
    found = reads.invitations_of(request.user, meeting)
    if not found:
        raise Http404
    chosen = request.POST.get("for") or request.GET.get("for")
    row = next((each for each in found if str(each.pk) == chosen), found[0])
    row.meeting = meeting
    context = {
        "meeting": meeting,
        "invitee": row,
        "others": [each for each in found if each.pk != row.pk and each.withdrawn_at is None],
        "own": row.user_id == request.user.pk,
        "shut": answering.why_shut(meeting, row),
    }
    return (_own_reply if context["own"] else _reply_for_another)(request, meeting, row, context)


def _own_reply(request, meeting, row, context):
    saved, proposal = answering.as_saved(row), answering.proposal_of(row)
    form = forms.ReplyForm(
        posted(request), user=request.user, initial=saved | {"read": answering.mark_of(saved)},
        deputies=answering.deputies_of(row), actions=reads.own_actions(request.user, meeting),
        proposing=proposal is None or proposal.outcome == Proposal.Outcome.WAITING,
        agency=answering.agency_of(row), meetings=answering.next_meetings(row),
    )  # fmt: skip
    act = lambda: answering.reply(row, by=request.user, **form.said())  # noqa: E731
    return _answered(request, form, act, row, saved, context | {"proposal": proposal})


def _reply_for_another(request, meeting, row, context):
    saved = answering.said_of(row)
    options = {"user": request.user, "deputies": answering.deputies_of(row), "said_by": row.user.name}
    form = forms.OwnAttendanceForm(posted(request), initial=saved | {"read": answering.mark_of(saved)}, **options)
    act = lambda: answering.answer(row, by=request.user, **form.attendance())  # noqa: E731
    return _answered(request, form, act, row, saved, context)


def _answered(request, form, act, row, saved, context):
    home = reverse("boards:meeting", args=[row.meeting_id])

    def stale(refused):
        return _both(request, "boards/reply.html", form, refused, row, saved, home=home, **context)

    return act_on(request, form, act, "boards/reply.html", ("Your answer is kept.", home), on_stale=stale, **context)


@link(Link.Purpose.MEETING)
def reply_by_link(request, row):
    if request.user.is_authenticated and request.user.pk != row.acts_as_id:
        return render(request, "boards/link_of_another.html", status=403)
    rows = Invitee.objects.unscoped("of the link; the power is asked below").select_related(*OF_INVITEE)
    found = rows.filter(pk=row.object_id, user=row.acts_as_id).first()
    if found is None or not is_open(found):
        raise Http404
    if "calendar" in request.GET:
        return _file(found)
    saved = answering.said_of(found)
    data = request.POST if request.method == "POST" else None
    initial = saved | {"read": answering.mark_of(saved)}
    form = forms.AttendanceForm(data, initial=initial, deputies=answering.deputies_of(found))
    context = {"invitee": found, "meeting": found.meeting, "when": when(found.meeting), "until": row.expires_at}
    if form.is_valid():
        try:
            answering.answer(found, by=row.acts_as, by_link=True, **form.attendance())
        except Stale as stale:
            return _both(request, "boards/reply_by_link.html", form, stale, found, saved, home=request.path, **context)
        except ValidationError as error:
            form.put_errors(error)
        else:
            messages.success(request, "Your answer is kept. You can change it here until the meeting begins.")
            return redirect(request.path)
    return form_page(request, "boards/reply_by_link.html", form, **context)


def _file(row):
    response = HttpResponse(file_of(row), content_type=f"{MIME}; method={REQUEST}")
    response["Content-Disposition"] = 'attachment; filename="invite.ics"'
    return response
