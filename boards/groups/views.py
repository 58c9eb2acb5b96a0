"""The groups and who sits on them: everybody of the partnership reads, the business unit keeps them."""

from functools import partial

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from boards.calling.assisting import set_beside
from boards.groups import forms, reads, services
from boards.groups.governance_forms import DayForm, VacantForm
from boards.groups.grants import left_out
from boards.meetings.reads import patterns_now
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


def may_edit(request):
    return reach_of(request.user).holds_wide(Perm.GROUP_EDIT)


@page(Perm.GROUP_VIEW, methods=("GET",))
def groups(request):
    today = timezone.localdate()
    context = {
        "lines": reads.today(request.user),
        "in_force": reads.in_force(today),
        "former": reads.former(),
        "arrangements": reads.arrangements(),
        "vacant": reads.vacant().count(),
        "may_edit": may_edit(request),
        "may_see_meetings": reach_of(request.user).holds(Perm.MEETING_VIEW),
    }
    return render(request, "boards/groups.html", context)


@page(Perm.GROUP_VIEW, methods=("GET",))
def vacant_seats(request):
    form = VacantForm(request.GET, groups=reads.today_groups())
    group = form.cleaned_data["group"] if form.is_valid() else ""
    editor = may_edit(request)
    context = {
        "form": form,
        "seats": list(reads.vacant(group=group or None)),
        "may_edit": editor,
        "columns": "Seat,Group,Organisation,Vacant since" + ",Action" * editor,
    }
    return render(request, "boards/vacant_seats.html", context, status=422 if form.errors else 200)


@page(Perm.GROUP_VIEW, methods=("GET",))
def on_day(request):
    form = DayForm(request.GET)
    day = form.cleaned_data["on"] if form.is_valid() else None
    found = reads.on_day(request.user, day or timezone.localdate())
    context = {"form": form, "found": found}
    return render(request, "boards/on_day.html", context, status=422 if form.errors else 200)


@page(Perm.GROUP_VIEW, Group, related=("folder", "parent__folder", "arrangement", "follows__folder"), methods=("GET",))
def group(request, row):
    form = forms.AsOnForm(request.GET)
    asked = form.cleaned_data["as_on"] if form.is_valid() else None
    # A group that has ended is shown as it was on its last day.
    day = asked or (max(row.last_day, row.starts or row.last_day) if row.over else None)
    editor = may_edit(request)
    places = reads.places(row, day=day)
    if editor and not day:
        set_beside(places.held)
    context = {
        "group": row,
        "form": form,
        "day": day,
        "meets": row.meets or (not day and patterns_now(request.user, [row.pk]).get(row.pk)),
        "places": places,
        "works": reads.workings(row, places, day or timezone.localdate()),
        "may_edit": editor,
        "may_change": editor and not asked,
        "left_out": left_out(row) if editor else (),
        "columns": "Who,Seat,Organisation,Since" + ",Action" * (editor and not asked),
        "other_columns": "Board,What is shared,What is done together" + ",Action" * (editor and not asked),
        "tabs": tabs(request, row, "boards:group"),
    }
    return render(request, "boards/group.html", context, status=422 if form.errors else 200)


def tabs(request, row, here):
    """The tabs of the group's folder, for who may open it."""
    folder = Folder.objects.visible_to(request.user).filter(pk=row.pk).first()
    if folder is None:
        return []
    return folder_tabs(request.user, folder, powers(request.user, [folder])[folder.pk], here=here)


def done(request, form, template, service, said, *, home, **context):
    """The answer of a page that changes something: what the service makes of the form's facts, `home` leads to."""
    act = lambda: service(**form.facts())  # noqa: E731
    return act_on(request, form, act, template, lambda row: (said, home(row)), stale_url=home(None), **context)


def to_group(group):
    """Back to the group, whatever became of its seat."""
    return lambda row: reverse("boards:group", args=[group.pk])


@page(Perm.GROUP_EDIT)
def group_add(request):
    form = forms.GroupForm(posted(request), user=request.user)
    act = partial(services.add_group, by=request.user, partnership=Partnership.objects.get())
    home = lambda row: reverse("boards:group", args=[row.pk]) if row else reverse("boards:groups")  # noqa: E731
    return done(request, form, "boards/group_add.html", act, "The group is entered. Add its seats.", home=home)


@page(
    Perm.GROUP_EDIT,
    Group,
    related=("folder", "parent__folder", "arrangement", "follows__folder", "follows__arrangement"),
)
def group_edit(request, row):
    now = _as_saved(row)
    form = forms.GroupForm(posted(request), user=request.user, group=row, initial=now | {"version": row.version})

    def act():
        services.change_group(row, by=request.user, version=form.cleaned_data["version"], **form.facts())

    def stale(refused):
        fresh = Group.objects.select_related("folder", "parent__folder", "arrangement", "changed_by").get(pk=row.pk)
        return stale_edit(request, template, form, refused, fresh, _as_saved(fresh), url=home, group=fresh)

    template, home = "boards/group_edit.html", reverse("boards:group", args=[row.pk])
    return act_on(request, form, act, template, ("Your changes were saved.", home), on_stale=stale, group=row)


def _as_saved(row) -> dict:
    facts = {name: getattr(row, name) for name in services.GROUP_FIELDS}
    return facts | {"name": row.name, "ends": row.last_day}


@page(Perm.GROUP_EDIT, Group, related=("folder",))
def group_close(request, row):
    form = forms.CloseGroupForm(posted(request), user=request.user, initial={"ends": timezone.localdate()})
    act = partial(services.close_group, row, by=request.user)
    said = "The end of the group is recorded. Its seats end with it; its actions go on."
    live = Action.objects.visible_to(request.user).filter(folder=row.folder_id, status__in=Action.LIVE).count()
    return done(request, form, "boards/group_close.html", act, said, home=to_group(row), group=row, live=live)


@page(Perm.GROUP_EDIT, Group, related=("folder",))
def seat_add(request, row):
    initial = {"role": "member", "voting": "unknown", "starts": None if row.over else timezone.localdate()}
    form = forms.SeatForm(posted(request), user=request.user, group=row, initial=initial)
    act = partial(services.add_seat, row, by=request.user)
    return done(request, form, "boards/seat_add.html", act, "The seat is added.", home=to_group(row), group=row)


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
    return done(request, form, "boards/seat_give.html", act, said, home=to_group(row.group), **context)


@page(Perm.GROUP_EDIT, Seat, related=OF_SEAT)
def seat_end(request, row):
    initial = {"ends": timezone.localdate(), "vacant": not row.deputy_for_id}
    form = forms.EndSeatForm(posted(request), user=request.user, initial=initial)
    act = partial(services.end_seat, row, by=request.user)
    said = "The end is recorded. What came with the seat ends with it."
    context = {"group": row.group, "seat": row}
    return done(request, form, "boards/seat_end.html", act, said, home=to_group(row.group), **context)
