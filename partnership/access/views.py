"""People with access, and the story of what happened: the two pages that every folder has."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render

from partnership.access import services
from partnership.access.context import folder_page
from partnership.access.grant_forms import BarForm, GrantForm
from partnership.access.models import Conflict, Folder, FolderGrant
from partnership.access.page import page
from partnership.access.replies import form_page, posted
from partnership.access.rows import powers
from partnership.access.story import FOR_GRANTERS, PAGE, READINGS, story
from partnership.people.roles import Perm


@page(Perm.FOLDER_VIEW, Folder, methods=("GET",))
def people(request, folder):
    held = powers(request.user, [folder])[folder.pk]
    grants = FolderGrant.objects.filter(content_object_id__in=folder.path).select_related(
        "user", "permission", "granted_by"
    )
    live = list(grants.live().order_by("user__name"))
    may_grant = Perm.FOLDER_GRANT in held
    bars = Conflict.objects.live().filter(folder_id__in=folder.path).select_related("user")
    context = {
        "folder": folder,
        "grants": live,
        "ended": list(grants.exclude(pk__in=[row.pk for row in live]).order_by("-ends")) if may_grant else [],
        "bars": list(bars) if may_grant else [],
        "may_grant": may_grant,
        "alone": folder.sealed and len({grant.user_id for grant in live}) < 2,
        "may_read_story": Perm.TRAIL_READ in held,
        "folder_page": folder_page(folder),
    }
    return render(request, "access/people.html", context)


@page(Perm.TRAIL_READ, Folder, methods=("GET",))
def folder_story(request, folder):
    readings = request.GET.get("readings") != "no"
    before = request.GET.get("before", "")
    granter = Perm.FOLDER_GRANT in powers(request.user, [folder])[folder.pk]
    told = story(
        folder_id=folder.pk,
        hide=(*(() if readings else READINGS), *(() if granter else FOR_GRANTERS)),
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None,
    )
    context = {
        "folder": folder,
        "story": told,
        "readings": readings,
        "older": told[-1].id if len(told) == PAGE else None,
        "folder_page": folder_page(folder),
    }
    return render(request, "access/story.html", context)


@page(Perm.FOLDER_GRANT, Folder)
def let_in(request, folder):
    form = GrantForm(posted(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            services.grant(
                folder, chosen["person"], chosen["role"], by=request.user, reason=chosen["reason"], ends=form.ends()
            )
        except ValidationError as error:
            form.add_error(None, error.messages[0])
        else:
            messages.success(request, f"{chosen['person'].name} was let in.")
            return redirect("access:people", folder.pk)
    return form_page(request, "access/let_in.html", form, folder=folder, folder_page=folder_page(folder))


@page(Perm.FOLDER_GRANT, Folder, methods=("POST",))
def take_off(request, folder):
    row = FolderGrant.objects.live().filter(content_object=folder, pk=_uuid(request.POST.get("grant"))).first()
    if row is None:
        return redirect("access:people", folder.pk)
    try:
        services.revoke(row, by=request.user)
    except ValidationError as error:
        messages.warning(request, error.messages[0])
        return redirect("access:people", folder.pk)
    messages.success(request, f"The access of {row.user.name} has ended.")
    return redirect(*(["reporting:home"] if row.user_id == request.user.pk else ["access:people", folder.pk]))


@page(Perm.FOLDER_GRANT, Folder)
def bar(request, folder):
    form = BarForm(posted(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        person = form.cleaned_data["person"]
        try:
            services.bar(folder, person, by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"{person.name} is barred from this folder from now on.")
            return redirect(*(["reporting:home"] if person == request.user else ["access:people", folder.pk]))
    return form_page(request, "access/bar.html", form, folder=folder, folder_page=folder_page(folder))


@page(Perm.FOLDER_GRANT, Folder, methods=("POST",))
def lift_bar(request, folder):
    row = Conflict.objects.live().filter(folder=folder, pk=_uuid(request.POST.get("bar"))).first()
    if row is not None:
        try:
            services.lift_bar(row, by=request.user)
        except ValidationError as error:
            messages.warning(request, error.messages[0])
        else:
            messages.success(
                request,
                f"{row.user.name} is no longer barred. Access they had before holds again: end it below if need be.",
            )
    return redirect("access:people", folder.pk)


def _uuid(text):
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
