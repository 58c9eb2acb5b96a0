"""What one keeps of one's own: who assists one, and the calendar of a group."""

from functools import partial

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from boards.calling import assistants as services
from boards.calling import feeds, forms
from boards.meetings.reads import of_a_group
from boards.models import Assistant
from partnership.access import links
from partnership.access.context import folder_tabs
from partnership.access.models import Folder, Link
from partnership.access.page import page
from partnership.access.replies import act_on, posted, pressed
from partnership.access.rows import powers
from partnership.actions.planning import feeds as calendars
from partnership.people.roles import Perm
from partnership.ui.ical import MIME

FEED = Link.Purpose.GROUP_FEED


@page(Perm.GROUP_VIEW)
def assistants(request):
    user, home = request.user, reverse("boards:assistants")
    if request.POST.get("end"):
        return pressed(request, partial(_end, user, request.POST["end"]), "It has ended.", home)
    form = forms.AssistantForm(posted(request), user=user)
    act = lambda: services.name_assistant(user, **form.facts())  # noqa: E731
    live = Assistant.objects.live().select_related("member", "assistant")
    context = {
        "mine": list(live.filter(member=user).order_by("assistant__name")),
        "theirs": list(live.filter(assistant=user).order_by("member__name")),
        "sits": services.seats_held().filter(user=user).exists(),
    }
    said = lambda row: (f"{row.assistant.name} assists you from now on.", home)  # noqa: E731
    return act_on(request, form, act, "boards/assistants.html", said, **context)


def _end(user, pk):
    try:
        row = Assistant.objects.live().filter(pk=pk).first()
    except ValidationError:
        row = None
    if row is None or user.pk not in (row.member_id, row.assistant_id):
        raise ValidationError("It had ended already.")
    services.end(row, by=user)


@page(Perm.MEETING_VIEW, Folder, known=of_a_group)
def group_calendar(request, folder):
    home = ("boards:group_calendar", folder.pk)
    if request.method == "POST":
        if request.POST.get("end"):
            act = partial(calendars.revoke, request.user, FEED, folder.pk)
            return pressed(request, act, "The address opens nothing any more.", *home)
        said = "The calendar has a new address. One that you had before opens nothing now."
        return pressed(request, partial(calendars.make, request.user, FEED, folder.pk), said, *home)
    row = calendars.link_of(request.user, FEED, folder.pk)
    held = powers(request.user, [folder])[folder.pk]
    context = {
        "folder": folder,
        "row": row,
        "address": links.address_of(row, "boards:group_feed"),
        "tabs": folder_tabs(request.user, folder, held, here="boards:meetings_of"),
    }
    return render(request, "boards/group_calendar.html", context)


@links.link(FEED, read_only=True)
def group_feed(request, row):
    folder = feeds.folder_of(row)
    if folder is None:
        raise Http404
    response = HttpResponse(feeds.written(row.acts_as, folder, settings.PORTAL_URL), content_type=MIME)
    response["Content-Disposition"] = 'inline; filename="meetings.ics"'
    return response
