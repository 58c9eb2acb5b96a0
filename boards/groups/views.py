"""The groups and who sits on them: everybody of the partnership reads, the business unit keeps them."""

from functools import partial

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from boards.groups import forms, reads, services
from boards.groups.grants import left_out
from boards.models import Group, Seat
from partnership.access.context import folder_tabs
from partnership.access.models import Folder
from partnership.access.page import page
from partnership.access.reach import reach_of
from partnership.access.replies import act_on, posted, stale_edit
from partnership.access.rows import powers
from partnership.actions.models import Action
from partnership.people.models import Partnership
from partnership.people.roles import Perm

OF_SEAT = ("group__folder", "agency", "user")


def _may_edit(request):
    return reach_of(request.user).holds_wide(Perm.GROUP_EDIT)


@page(Perm.GROUP_VIEW, methods=("GET",))
def groups(request):
    context = {"lines": reads.tree(), "former": list(reads.former()), "may_edit": _may_edit(request)}
    context["may_see_meetings"] = reach_of(request.user).holds(Perm.MEETING_VIEW)
    return render(request, "boards/groups.html", context)


@page(Perm.GROUP_VIEW, Group, related=("folder", "parent__folder"), methods=("GET",))
def group(request, row):
    form = forms.AsOnForm(request.GET)
    day = form.cleaned_data["as_on"] if form.is_valid() else None
    may_edit = _may_edit(request)
    folder = Folder.objects.visible_to(request.user).filter(pk=row.pk).first()
    held = powers(request.user, [folder])[folder.pk] if folder else frozenset()
    context = {
        "group": row,
        "form": form,
        "day": day,
        "places": reads.places(row, day=day),
        "below": list(reads.below(row)),
        "may_edit": may_edit,
        "left_out": left_out(row) if may_edit else (),
        "columns": "Who,Seat,Organisation,Since" + ",Action" * (may_edit and not day),
        "tabs": folder_tabs(request.user, folder, held, here="boards:group") if folder else [],
    }
    return render(request, "boards/group.html", context, status=422 if form.errors else 200)


def _done(request, form, template, service, said, *, home, **context):
    """The answer of a page that changes something: what the service makes of the form's facts, `home` leads to."""
    act = lambda: service(**form.facts())  # noqa: E731
    return act_on(request, form, act, template, lambda row: (said, home(row)), stale_url=home(None), **context)


def _to(group):
    """Back to the group, whatever became of its seat."""
    return lambda row: reverse("boards:group", args=[group.pk])


@page(Perm.GROUP_EDIT)
def group_add(request):
    form = forms.GroupForm(posted(request), user=request.user)
    act = partial(services.add_group, by=request.user, partnership=Partnership.objects.get())
    home = lambda row: reverse("boards:group", args=[row.pk]) if row else reverse("boards:groups")  # noqa: E731
    return _done(request, form, "boards/group_add.html", act, "The group is entered. Add its seats.", home=home)


@page(Perm.GROUP_EDIT, Group, related=("folder", "parent__folder"))
def group_edit(request, row):
    now = _as_saved(row)
    form = forms.GroupForm(posted(request), user=request.user, group=row, initial=now | {"version": row.version})

    def act():
        services.change_group(row, by=request.user, version=form.cleaned_data["version"], **form.facts())

    def stale(refused):
        fresh = Group.objects.select_related("folder", "parent__folder", "changed_by").get(pk=row.pk)
        return stale_edit(request, template, form, refused, fresh, _as_saved(fresh), url=home, group=fresh)

    template, home = "boards/group_edit.html", reverse("boards:group", args=[row.pk])
    return act_on(request, form, act, template, ("Your changes were saved.", home), on_stale=stale, group=row)


def _as_saved(row) -> dict:
    return {"name": row.name} | {name: getattr(row, name) for name in services.GROUP_FIELDS}


@page(Perm.GROUP_EDIT, Group, related=("folder",))
def group_close(request, row):
    form = forms.CloseGroupForm(posted(request), user=request.user, initial={"ends": timezone.localdate()})
    act = partial(services.close_group, row, by=request.user)
    said = "The end of the group is recorded. Its seats end with it; its actions go on."
    live = Action.objects.visible_to(request.user).filter(folder=row.folder_id, status__in=Action.LIVE).count()
    return _done(request, form, "boards/group_close.html", act, said, home=_to(row), group=row, live=live)


@page(Perm.GROUP_EDIT, Group, related=("folder",))
def seat_add(request, row):
    initial = {"role": "member", "voting": "unknown", "starts": timezone.localdate()}
    form = forms.SeatForm(posted(request), user=request.user, group=row, initial=initial)
    act = partial(services.add_seat, row, by=request.user)
    return _done(request, form, "boards/seat_add.html", act, "The seat is added.", home=_to(row), group=row)


@page(Perm.GROUP_EDIT, Seat, related=OF_SEAT)
def seat_edit(request, row):
    now = {name: getattr(row, name) for name in services.SEAT_FIELDS}
    form = forms.SeatWords(posted(request), user=request.user, initial=now | {"version": row.version})
    context = {"group": row.group, "seat": row}

    def act():
        services.change_seat(row, by=request.user, version=form.cleaned_data["version"], **form.facts())

    def stale(refused):
        fresh = Seat.objects.select_related(*OF_SEAT, "changed_by").get(pk=row.pk)
        saved = {name: getattr(fresh, name) for name in services.SEAT_FIELDS}
        return stale_edit(request, template, form, refused, fresh, saved, url=home, **context)

    template, home = "boards/seat_edit.html", reverse("boards:group", args=[row.group_id])
    return act_on(request, form, act, template, ("The seat was put right.", home), on_stale=stale, **context)


@page(Perm.GROUP_EDIT, Seat, related=OF_SEAT)
def seat_give(request, row):
    initial = {"starts": timezone.localdate(), "post": row.post}
    form = forms.GiveSeatForm(posted(request), user=request.user, initial=initial)
    act = partial(services.give_seat, row, by=request.user)
    context = {"group": row.group, "seat": row}
    said = "The seat is given. What the group’s people may open, its holder may open."
    return _done(request, form, "boards/seat_give.html", act, said, home=_to(row.group), **context)


@page(Perm.GROUP_EDIT, Seat, related=OF_SEAT)
def seat_end(request, row):
    initial = {"ends": timezone.localdate(), "vacant": not row.deputy_for_id}
    form = forms.EndSeatForm(posted(request), user=request.user, initial=initial)
    act = partial(services.end_seat, row, by=request.user)
    said = "The end is recorded. What came with the seat ends with it."
    context = {"group": row.group, "seat": row}
    return _done(request, form, "boards/seat_end.html", act, said, home=_to(row.group), **context)
