"""The pages of meetings as they are planned: the list, one meeting, planning, changing and cancelling one."""

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseBadRequest
from django.shortcuts import render
from django.urls import reverse

from boards.advising import warn
from boards.meetings import forms, reads, services
from boards.meetings.sections import Page, sections_of
from boards.meetings.tabs import tabs_of
from boards.models import Meeting
from partnership.access.context import folder_tabs
from partnership.access.gatherings import host_of
from partnership.access.models import Folder, FolderKind
from partnership.access.over import is_over
from partnership.access.page import page
from partnership.access.replies import act_on, posted, pressed, stale_edit
from partnership.access.rows import powers
from partnership.people.roles import Perm

ON_A_PAGE = 50


@page(Perm.GROUP_VIEW, methods=("GET",))
def meetings(request):
    user = request.user
    form = forms.ListFilter(
        request.GET, folders=reads.folders_with_meetings(user), months=reads.months_with_meetings(user)
    )
    asked = dict(form.cleaned_data) if form.is_valid() else {}
    rows = reads.listed(user, **{name: value for name, value in asked.items() if value})
    context = {
        "form": form,
        "page": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page", "")),
        "asked": any(asked.values()),
        "plans": reads.folders_to_plan_in(user),
    }
    return render(request, "boards/meetings.html", context, status=422 if form.errors else 200)


@page(Perm.MEETING_VIEW, Folder, methods=("GET",))
def meetings_of(request, folder):
    """The meetings of one group, or of one case."""
    held = powers(request.user, [folder])[folder.pk]
    ahead, past = reads.of_one(request.user, folder)
    words, url = reads.of_folder(folder)
    context = {
        "folder": folder,
        "whose": words,
        "whose_url": url,
        "ahead": ahead,
        "page": Paginator(past, ON_A_PAGE).get_page(request.GET.get("page", "")),
        "may_plan": Perm.MEETING_RUN in held and not is_over(folder),
        "of_group": folder.kind == FolderKind.GROUP,
        "series": reads.series_of(request.user, folder),
        "tabs": folder_tabs(request.user, folder, held, here="boards:meetings_of"),
    }
    return render(request, "boards/meetings_of.html", context)


@page(Perm.MEETING_VIEW, Meeting, related=reads.LOADED, methods=("GET",))
def meeting(request, row):
    held = powers(request.user, [row])[row.pk]
    words, url = reads.whose(row)
    shown = Page(request.user, row, held)
    context = {
        "meeting": row,
        "whose": words,
        "whose_url": url,
        "can": {str(perm): True for perm in held},
        "warnings": reads.warnings(row) if Perm.MEETING_RUN in held else [],
        "chairs": reads.who_chairs(shown),
        "may_change": Perm.MEETING_RUN in held and row.status in (*Meeting.GOES_ON, Meeting.Status.HELD),
        "steps": reads.steps(held, row),
        "sections": sections_of(shown),
        "tabs": tabs_of(row, held, here="boards:meeting"),
    }
    return render(request, "boards/meeting.html", context)


@page(Perm.MEETING_RUN, Folder)
def meeting_add(request, folder):
    form = _form(request, folder, {"title": reads.called_like(folder)})
    act = lambda: services.plan(folder, by=request.user, **form.facts())  # noqa: E731
    said = lambda made: ("The meeting is planned. Nobody is called to it yet.", "boards:meeting", made.pk)  # noqa: E731
    words, url = reads.of_folder(folder)
    context = {"whose": words, "whose_url": url, "cancel_url": reverse("boards:meetings_of", args=[folder.pk])}
    then = lambda made: _advise(request, folder, made, form)  # noqa: E731
    return act_on(request, form, act, "boards/meeting_add.html", said, then=then, **context)


def _form(request, folder, initial):
    host = host_of(folder)
    dates = host.dates(request.user, folder) if host else ""
    return forms.MeetingForm(posted(request), user=request.user, initial=initial, of_case=host is not None, dates=dates)


def _advise(request, folder, row, form):
    """What speaks against its day, by whose folder it is; and where its words name somebody of the case."""
    host = host_of(folder)
    if host and (said := host.warning(request.user, folder, row.day)):
        messages.warning(request, said)
    warn(request, folder, form)


@page(Perm.MEETING_RUN, Meeting, related=reads.LOADED)
def meeting_edit(request, row):
    form = _form(request, row.folder, _as_saved(row) | {"version": row.version})
    template, home = "boards/meeting_edit.html", reverse("boards:meeting", args=[row.pk])

    def act():
        return services.change(row, by=request.user, version=form.cleaned_data["version"], **form.facts())

    def stale(refused):
        fresh = Meeting.objects.visible_to(request.user).select_related(*reads.LOADED, "changed_by").get(pk=row.pk)
        return stale_edit(request, template, form, refused, fresh, _as_saved(fresh), url=home, meeting=fresh)

    said = "Your changes were saved."
    if row.status == Meeting.Status.CALLED:
        said = "Your changes were saved. Whoever was called is told."
    then = lambda made: _advise(request, row.folder, made, form)  # noqa: E731
    return act_on(request, form, act, template, (said, home), on_stale=stale, then=then, meeting=row)


def _as_saved(row) -> dict:
    return {name: getattr(row, name) for name in services.FIELDS} | {"until": row.ends_at}


@page(Perm.MEETING_RUN, Meeting, related=reads.LOADED)
def meeting_cancel(request, row):
    form = forms.CancelForm(posted(request), user=request.user)
    home = reverse("boards:meeting", args=[row.pk])
    act = lambda: services.cancel(row, by=request.user, note=form.cleaned_data["note"])  # noqa: E731
    said = ("The meeting is cancelled.", home)
    return act_on(request, form, act, "boards/meeting_cancel.html", said, stale_url=home, meeting=row)


STEPS = {
    "hold": (services.hold, "It is recorded that the meeting was held, and its minutes are begun."),
    "unhold": (services.unhold, "It is recorded that the meeting was not held: it is planned again."),
    "reinstate": (services.reinstate, "The meeting is planned again. Nobody is called to it yet."),
}


@page(Perm.MEETING_RUN, Meeting, related=reads.LOADED, methods=("POST",))
def meeting_step(request, row):
    """A step that needs no words: held, not held, planned again."""
    if request.POST.get("step") not in STEPS:
        return HttpResponseBadRequest("That is no step of a meeting.")
    service, said = STEPS[request.POST["step"]]
    home = "boards:in_meeting" if service is services.hold else "boards:meeting"
    return pressed(request, partial(service, row, by=request.user), said, home, row.pk)
