"""The log of decisions, one decision, what is sent up and received, matters arising."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from boards.flow import SENT_UP
from boards.meetings.tabs import tabs_of
from boards.minutes import forms, log, matters, reads, rules, sending
from boards.models import Decision, Group, Meeting, SentUp
from partnership.access.context import folder_tabs
from partnership.access.models import Folder
from partnership.access.page import page
from partnership.access.replies import act_on, posted, pressed
from partnership.access.rows import powers
from partnership.people.roles import Perm
from partnership.ui.listing import asked_of, wants_results
from partnership.ui.sheets import XLSX


@page(Perm.MEETING_VIEW)
def decisions(request):
    """The log. A POST takes the list out as a file, and is written down."""
    form = log.LogFilter(request.GET, user=request.user)
    good = form.is_valid()
    if request.method == "POST":
        return _export(request, form, good)
    found = log.page_of(request.user, form, request.GET.get("page", "")) if good else None
    context = {
        "form": form,
        "page_obj": found,
        "title": form.in_words() if good else "",
        "asked": good and any(form.cleaned_data.values()),
        "query": asked_of(request),
    }
    template = "boards/_decisions.html" if wants_results(request) else "boards/decisions.html"
    return render(request, template, context, status=200 if good else 422)


def _export(request, form, good):
    try:
        if not good:
            raise ValidationError("Nothing was exported: put the filters right, then choose the file again.")
        file, name = log.export(request.user, form)
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
        return redirect(f"{reverse('boards:decisions')}?{asked_of(request)}")
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


OF_DECISION = ("folder", "item", "paper", "priority")


@page(Perm.MEETING_VIEW, Decision, related=OF_DECISION, methods=("GET",))
def decision_view(request, row):
    meeting = Meeting.objects.visible_to(request.user).select_related("folder", "group__folder")
    (line,) = log.dressed(request.user, [row])
    context = {
        "row": row,
        "line": line,
        "meeting": meeting.filter(pk=row.meeting_id).first(),
        "may_send": _may_send(row, powers(request.user, [row])[row.pk]),
    }
    return render(request, "boards/decision_view.html", context)


def _may_send(row, held):
    of_group = Meeting.objects.unscoped("whether it is a group's").filter(pk=row.meeting_id).exclude(group=None)
    return Perm.MINUTES_WORK in held and row.taken_back_at is None and of_group.exists()


@page(Perm.MINUTES_WORK, Decision, related=("folder", "item", "meeting__group__parent"))
def send_up(request, row):
    if not _may_send(row, {Perm.MINUTES_WORK}):
        messages.warning(request, "This decision is not sent up: it was taken back, or it is of a case.")
        return redirect("boards:decision_view", row.pk)
    group = row.meeting.group
    parent = group.parent if group.parent_id and not group.parent.over else None
    # What is restricted is said anew: its own words never leave by themselves.
    initial = {"to_group": parent and parent.pk, "words": "" if row.folder.sealed else row.text}
    initial["due_on"] = rules.suggested(rules.ANSWER)
    form = forms.SendUpForm(posted(request), user=request.user, decision=row, initial=initial)

    def act():
        said = form.cleaned_data
        facts = {name: said.get(name) for name in ("to_group", "body", "words", "due_on")}
        return sending.send(row, by=request.user, **facts)

    said = ("It is sent. You read the answer on this page.", "boards:decision_view", row.pk)
    return act_on(request, form, act, "boards/send_up.html", said, row=row, restricted=row.folder.sealed)


def _of_group(folder):
    group = Group.objects.filter(pk=folder.pk).select_related("folder").first()
    if group is None:
        raise Http404
    return group


@page(Perm.MEETING_VIEW, Folder)
def received(request, folder):
    """What a group was asked, and what it sent; a POST records what the board of somebody else asks of it."""
    group, held = _of_group(folder), powers(request.user, [folder])[folder.pk]
    bodies = forms.bodies_of(group.pk).exists()
    initial = {"due_on": rules.suggested(rules.ANSWER)}
    form = forms.ReceiveForm(posted(request), user=request.user, group=group, initial=initial)
    context = {
        "folder": folder,
        "group": group,
        "received": sending.received(request.user, folder),
        "sent": sending.sent_by(request.user, folder),
        "may_record": Perm.MEETING_RUN in held and bodies and not group.over,
        "tabs": folder_tabs(request.user, folder, held, here="boards:received"),
    }
    if request.method == "POST" and Perm.MEETING_RUN not in held:
        raise PermissionDenied("sent_up.receive")
    facts = ("body", "words", "due_on")
    act = lambda: sending.receive(group, by=request.user, **{n: form.cleaned_data[n] for n in facts})  # noqa: E731
    said = ("It is recorded. Those who answer for the group are told.", "boards:received", folder.pk)
    return act_on(request, form, act, "boards/received.html", said, **context)


@page(Perm.MEETING_VIEW, SentUp, related=sending.LOADED)
def sent_up(request, row):
    """What was sent up: answered, put on an agenda, taken back."""
    facts, data = reads.sent_up_page(request.user, row), posted(request)
    do = data.get("do", "") if data else ""
    home = reverse("boards:sent_up", args=[row.pk])
    if request.method == "POST" and do == "take_back":
        back = ("boards:sent_up", row.pk)
        return pressed(request, partial(sending.take_back, row, by=request.user), "It is taken back.", *back)
    if request.method == "POST" and do == "agenda" and Perm.MEETING_RUN not in facts.held:
        raise PermissionDenied("sent_up.put_on_agenda")
    shared = {"user": request.user, "meeting": row}
    reply = forms.ReplyForm(data if do == "answer" else None, **shared)
    agenda = forms.AgendaForm(data if do == "agenda" else None, **shared)
    context = {"row": row, "page": facts, "reply": reply, "agenda": agenda, "steps": SENT_UP.steps}

    def act():
        if do == "agenda":
            return sending.put_on_agenda(row, by=request.user, meeting=agenda.cleaned_data["meeting_ahead"])
        return sending.answer(row, by=request.user, words=reply.cleaned_data["words"])

    said = ("It stands on the agenda." if do == "agenda" else "The answer is recorded. The sender is told.", home)
    form = agenda if do == "agenda" else reply
    return act_on(request, form, act, "boards/sent_up.html", said, stale_url=home, **context)


@page(Perm.MEETING_VIEW, Meeting, related=("folder", "group__folder"))
def matters_arising(request, meeting):
    """What was left open, for this meeting. A POST puts it first on the agenda."""
    held = powers(request.user, [meeting])[meeting.pk]
    if request.method == "POST":
        return _put_first(request, meeting, held)
    context = {
        "meeting": meeting,
        "part": {"matters": matters.matters(request.user, meeting)},
        "may_run": Perm.MEETING_RUN in held and meeting.status in Meeting.GOES_ON,
        "today": timezone.localdate(),
        "tabs": tabs_of(meeting, held, here="boards:matters_arising"),
    }
    return render(request, "boards/matters_arising.html", context)


def _put_first(request, meeting, held):
    if Perm.MEETING_RUN not in held:
        raise PermissionDenied("meeting.agenda")
    act = partial(matters.put_first, meeting, by=request.user)
    return pressed(request, act, "Matters arising stand first on the agenda.", "boards:matters_arising", meeting.pk)
