"""The areas that lists and figures are made by, and the school holidays of each."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from partnership.access.page import page
from partnership.access.reach import reach_of
from partnership.access.replies import posted
from partnership.directory.areas import services
from partnership.directory.areas.forms import AreaForm, ClosureForm
from partnership.directory.areas.reads import area_rows
from partnership.directory.editing import edited
from partnership.directory.particulars import services as particulars
from partnership.directory.rules import life
from partnership.people.models import Area
from partnership.people.roles import Perm


@page(Perm.DIRECTORY_VIEW, methods=("GET",))
def areas(request):
    can_edit = reach_of(request.user).holds_wide(Perm.DIRECTORY_EDIT)
    return render(request, "directory/areas.html", {"rows": area_rows(request.user), "can_edit": can_edit})


@page(Perm.DIRECTORY_EDIT)
def area_add(request):
    return edited(
        request,
        "directory/area_add.html",
        form=AreaForm(posted(request), user=request.user),
        act=partial(services.add_area, by=request.user),
        agency=None,
        done="The area was added.",
        home=reverse("directory:areas"),
    )


@page(Perm.DIRECTORY_EDIT, Area, related=("parent",))
def area_edit(request, row):
    shown = {name: getattr(row, name) for name in ("name", "kind", "parent", "source")}
    initial = shown | {"postcodes": " ".join(row.postcodes), "seen": services.as_read(row)}
    form = AreaForm(posted(request), user=request.user, area=row, initial=initial)
    return edited(
        request,
        "directory/area_edit.html",
        form=form,
        act=lambda **facts: services.change_area(row, by=request.user, seen=form.cleaned_data["seen"], **facts),
        agency=None,
        row=row,
        done="Your changes were saved.",
        home=reverse("directory:areas"),
    )


@page(Perm.DIRECTORY_EDIT, Area)
def area_place(request, row):
    """What placing by postcode would do, then doing it."""
    if request.method == "POST":
        try:
            done = services.place(row, by=request.user, seen=request.POST.get("seen", ""))
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return redirect("directory:area_place", pk=row.pk)
        messages.success(request, f"{len(done.into)} were placed in {row.name}, {len(done.out)} were taken out of it.")
        return redirect("directory:areas")
    return render(request, "directory/area_place.html", {"area": row, "found": services.placing(row)})


@page(Perm.DIRECTORY_VIEW, Area, methods=("GET",))
def holidays(request, row):
    found = list(row.closures.filter(ends__gt=timezone.localdate()))
    for each in found:
        each.life = life(each.starts, each.ends)
    can_edit = reach_of(request.user).holds_wide(Perm.DIRECTORY_EDIT)
    return render(request, "directory/holidays.html", {"area": row, "rows": found, "can_edit": can_edit})


@page(Perm.DIRECTORY_EDIT, Area)
def holiday_add(request, row):
    return edited(
        request,
        "directory/holiday_add.html",
        form=ClosureForm(posted(request), user=request.user),
        act=partial(particulars.add_closure, by=request.user, area=row),
        agency=None,
        row=row,
        done="The holiday was added.",
        home=reverse("directory:holidays", args=[row.pk]),
    )
