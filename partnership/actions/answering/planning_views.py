"""Adding an action, changing its words, splitting it, and saying who does it."""

from django.contrib import messages
from django.shortcuts import redirect

from partnership.access.models import Folder
from partnership.access.over import is_over
from partnership.access.page import page
from partnership.access.replies import act_on, posted
from partnership.actions import closing, services
from partnership.actions.answering import forms, reads
from partnership.actions.answering.acting import acted, home_of, must_hold, say_day, shut
from partnership.actions.answering.owners import Owner, owner_of
from partnership.actions.models import Action
from partnership.people.roles import Perm


@page(Perm.ACTION_ADD, Folder)
def add(request, folder):
    if request.method == "GET" and is_over(folder):
        messages.warning(request, services.OVER)
        return redirect("actions:of_group", folder.pk)
    form = forms.AddForm(posted(request), user=request.user, folder=folder)

    def said(row):
        return "The idea was parked." if row.status == "parked" else "The action was added.", home_of(row)

    def then(row):
        say_day(request, row.due_on)

    act = lambda: services.add(folder, by=request.user, **form.asked())  # noqa: E731
    place = reads.place_of(request.user, folder)
    return act_on(request, form, act, "actions/add.html", said, then=then, folder=folder, place=place)


@page(Perm.ACTION_MANAGE, Action, related=("folder", "priority", "duty"))
def edit(request, row):
    if answer := shut(request, row, "edit"):
        return answer
    form = forms.EditForm(posted(request), user=request.user, folder=row.folder, row=row)
    now = lambda fresh: {name: getattr(fresh, name) for name in form.fields if name in services.EDITABLE}  # noqa: E731
    if not form.is_bound:
        form.initial = now(row) | {"version": row.version}

    def act():
        services.change(row, by=request.user, version=form.cleaned_data["version"], **form.facts())

    return acted(request, row, form, act, "actions/edit.html", "Your changes were saved.", now=now)


@page(Perm.ACTION_MANAGE, Action, related=("folder",))
def split(request, row):
    if answer := shut(request, row, "split"):
        return answer
    form = forms.SplitForm(posted(request), user=request.user, initial={"version": row.version})
    parts = Action.objects.visible_to(request.user).filter(parent=row).exclude(status=Action.Status.CANCELLED)
    parts = list(parts.select_related("agency", "owner"))

    def act():
        made = services.split(row, by=request.user, version=form.cleaned_data["version"], parts=form.parts())
        for each in made:
            if each.due_on != row.due_on:
                say_day(request, each.due_on)

    said = "The action was split: each organisation has its own part."
    return acted(request, row, form, act, "actions/split.html", said, now=lambda fresh: {}, parts=parts)


@page(Perm.ACTION_VIEW, Action, related=("folder", "agency", "owner"))
def give(request, row):
    held = must_hold(request, row, Perm.ACTION_MANAGE, Perm.ACTION_GIVE)
    if answer := shut(request, row, "give"):
        return answer
    manages = Perm.ACTION_MANAGE in held
    agency = None if manages else row.agency
    form = forms.GiveForm(posted(request), user=request.user, agency=agency)
    if not form.is_bound:
        form.initial = {"version": row.version}

    def act():
        chosen: Owner = form.cleaned_data["owner"]
        version = form.cleaned_data["version"]
        services.give(row, by=request.user, owner=chosen.user, agency=chosen.agency, version=version)

    said = f"It was given to {form.cleaned_data['owner']}." if form.is_bound and form.is_valid() else ""
    context = {"now": lambda fresh: {"owner": owner_of(fresh)}, "colleagues": None if manages else row.agency}
    return acted(request, row, form, act, "actions/give.html", said, **context)


@page(Perm.ACTION_MANAGE, Action, related=("folder",))
def start(request, row):
    if answer := shut(request, row, "start"):
        return answer
    form = forms.StartForm(posted(request), user=request.user)

    def act():
        data = form.cleaned_data
        chosen: Owner = data["owner"]
        closing.start(row, by=request.user, due_on=data["due_on"], owner=chosen.user, agency=chosen.agency)
        say_day(request, data["due_on"])

    return acted(request, row, form, act, "actions/start.html", "It was taken up as an action.")
