"""People with access, and the story of what happened: the two pages that every folder has."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse

from partnership.access import services
from partnership.access.context import folder_page, folder_tabs, page_names
from partnership.access.emergency import HOURS, MISSED, data_protection_officer, open_in_emergency
from partnership.access.grant_forms import (
    BarForm,
    ConflictForm,
    EmergencyForm,
    EndAccessForm,
    GrantForm,
    LiftForm,
)
from partnership.access.models import SEATED_KINDS, Folder, FolderGrant
from partnership.access.page import page
from partnership.access.parts import left_by, parts_of
from partnership.access.readers import MOST
from partnership.access.readers import readers as readers_of
from partnership.access.reads import bar_of, people_of
from partnership.access.replies import act_on, form_page, posted
from partnership.access.rows import powers
from partnership.access.story import FOR_GRANTERS, PAGE, folded, story, with_subjects
from partnership.people.roles import Perm
from partnership.ui.listing import id_of

BY_SEAT = "Access to a group comes with a seat on it, and ends with the seat. Give or end the seat on the group’s page."
DECLARED = "Your conflict of interest is recorded: you can no longer open the folder. Those who let people in are told."


@page(Perm.FOLDER_VIEW, Folder, methods=("GET",))
def people(request, folder):
    held = powers(request.user, [folder])[folder.pk]
    may_grant = Perm.FOLDER_GRANT in held
    found = people_of(folder, granter=may_grant)
    context = {
        "folder": folder,
        "people": found,
        "parts": parts_of(request.user, folder),
        "columns": "Person,Role,Why,Since,Until" + ",Action" * (may_grant and folder.kind not in SEATED_KINDS),
        "may_grant": may_grant,
        "seated": folder.kind in SEATED_KINDS,
        "alone": folder.sealed and len({grant.user_id for grant in found.live}) < 2,
        "folder_page": folder_page(folder),
        "tabs": folder_tabs(request.user, folder, held, here="access:people"),
    }
    return render(request, "access/people.html", context)


@page(Perm.TRAIL_READ, Folder, methods=("GET",))
def folder_story(request, folder):
    readings = request.GET.get("readings") == "yes"
    before = request.GET.get("before", "")
    held = powers(request.user, [folder])[folder.pk]
    told = story(
        folder_id=folder.pk,
        hide=() if Perm.FOLDER_GRANT in held else FOR_GRANTERS,
        readings=readings,
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None,
    )
    context = {
        "folder": folder,
        "story": with_subjects(request.user, folded(told)),
        "readings": readings,
        "older": told[-1].id if len(told) == PAGE else None,
        "folder_page": folder_page(folder),
        "tabs": folder_tabs(request.user, folder, held, here="access:folder_story"),
    }
    return render(request, "access/story.html", context)


@page(Perm.TRAIL_READ, Folder, methods=("GET",))
def readers(request, folder):
    """Who has read a case; `row` in the address narrows it to one row, `person` to what one person read."""
    person, row = id_of(request.GET.get("person")), id_of(request.GET.get("row"))
    held = powers(request.user, [folder])[folder.pk]
    pages = page_names(request.user, folder, held) if person else {}
    found = readers_of(folder, person=person, row=row, user=request.user, pages=pages)
    context = {
        "folder": folder,
        "readers": found,
        "person": found[0].name if person and found else "",
        "by_person": bool(person),
        "row": row,
        "cut": len(found) == MOST,
        "folder_page": folder_page(folder),
        "tabs": folder_tabs(request.user, folder, held, here="access:folder_story"),
    }
    return render(request, "access/readers.html", context)


@page(Perm.EMERGENCY)
def emergency(request):
    """Somebody who is not on a sealed case opens it by its code word, for a day; those who let people in are told."""
    form = EmergencyForm(posted(request), user=request.user)
    missed = False
    if request.method == "POST" and form.is_valid():
        try:
            folder, opened = open_in_emergency(
                form.cleaned_data["word"], by=request.user, reason=form.cleaned_data["reason"]
            )
        except ValidationError as error:
            form.put_errors(error)
        else:
            if folder is not None:
                said = f"You can read it for {HOURS} hours. " if opened else "You are on this case already. "
                messages.success(request, said + "Those who let people in have been told." * opened)
                return redirect(folder_page(folder) or reverse("access:people", args=[folder.pk]))
            form.add_error("word", MISSED)
            missed = True
    response = form_page(request, "access/emergency.html", form, hours=HOURS, officer=data_protection_officer())
    if missed:
        response.status_code = 200  # what a try left behind is kept: a refusal would undo it
    return response


def _by_seat(request, folder):
    """The answer for a folder to which access comes with a seat; None for any other."""
    if folder.kind not in SEATED_KINDS:
        return None
    messages.info(request, BY_SEAT)
    return redirect(folder_page(folder) or reverse("access:people", args=[folder.pk]))


@page(Perm.FOLDER_GRANT, Folder)
def let_in(request, folder):
    if answer := _by_seat(request, folder):
        return answer
    form = GrantForm(posted(request), user=request.user, folder=folder)

    def act():
        chosen = form.cleaned_data
        terms = {"reason": chosen["reason"], "ends": form.ends()}
        services.grant(folder, chosen["person"], chosen["role"], by=request.user, **terms)
        return chosen["person"]

    def said(person):
        return f"{person.name} was let in.", "access:people", folder.pk

    return act_on(request, form, act, "access/let_in.html", said, folder=folder, folder_page=folder_page(folder))


@page(Perm.FOLDER_GRANT, Folder)
def take_off(request, folder):
    """Asks once more before an access ends; `grant` names it, in the address or in the form."""
    if answer := _by_seat(request, folder):
        return answer
    sent = request.POST if request.method == "POST" else request.GET
    rows = FolderGrant.objects.live().filter(content_object=folder).select_related("user", "permission", "granted_by")
    row = rows.filter(pk=id_of(sent.get("grant"))).first()
    if row is None:  # ended in another tab meanwhile, or never of this folder: both are answered alike
        messages.warning(
            request, "Nothing was changed: there is no such access to this folder, or it has ended already."
        )
        return redirect("access:people", folder.pk)
    mine = row.user_id == request.user.pk
    form = EndAccessForm(posted(request), user=request.user, initial={"grant": row.pk})

    def act():
        services.revoke(row, by=request.user)

    context = {
        "folder": folder,
        "folder_page": folder_page(folder),
        "grant": row,
        "mine": mine,
        "others": [each for each in rows.filter(user_id=row.user_id) if each.pk != row.pk],
    }
    words = f"The access of {row.user.name} as {row.role_label.lower()} has ended."
    return act_on(request, form, act, "access/take_off.html", (words, _onward(folder, out=mine)), **context)


@page(Perm.FOLDER_VIEW, Folder)
def declare(request, folder):
    """One's own conflict of interest: whoever can see the folder may say so, and is barred from that moment."""
    form = ConflictForm(posted(request), user=request.user)

    def act():
        services.bar(folder, request.user, by=request.user, **form.conflict())

    said = (DECLARED, _onward(folder, out=True))
    return act_on(request, form, act, "access/declare.html", said, folder=folder, folder_page=folder_page(folder))


@page(Perm.FOLDER_GRANT, Folder)
def bar(request, folder):
    form = BarForm(posted(request), user=request.user)

    def act():
        person = form.cleaned_data["person"]
        services.bar(folder, person, by=request.user, **form.conflict())
        return person

    def said(person):
        return f"{person.name} is barred from this folder from now on.", "access:people", folder.pk

    def then(person):
        for words in left_by(person, folder):
            messages.warning(request, words)

    context = {"folder": folder, "folder_page": folder_page(folder)}
    return act_on(request, form, act, "access/bar.html", said, then=then, **context)


@page(Perm.FOLDER_GRANT, Folder)
def lift_bar(request, folder):
    """Asks once more before a bar is lifted; `bar` names it, in the address or in the form."""
    sent = request.POST if request.method == "POST" else request.GET
    row = bar_of(folder, id_of(sent.get("bar")))
    if row is None:
        messages.warning(request, "Nothing was changed: nobody is barred by that here, or it was lifted already.")
        return redirect("access:people", folder.pk)
    form = LiftForm(posted(request), user=request.user, initial={"bar": row.pk})

    def act():
        services.lift_bar(row, by=request.user, why=form.cleaned_data["why"])

    said = (f"{row.user.name} is no longer barred.", "access:people", folder.pk)
    context = {"folder": folder, "folder_page": folder_page(folder), "bar": row}
    return act_on(request, form, act, "access/lift_bar.html", said, **context)


def _onward(folder, *, out):
    """Where a change of who is let in leads: to the list, or home for somebody who is out now."""
    return settings.LOGIN_REDIRECT_URL if out else reverse("access:people", args=[folder.pk])
