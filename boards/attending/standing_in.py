"""The pages of a meeting and of an item, in few words."""

from django.shortcuts import render
from django.urls import path

from boards.meetings.sections import sections_of
from boards.models import Item, Meeting
from partnership.access.page import page
from partnership.access.rows import powers
from partnership.people.roles import Perm


@page(Perm.MEETING_VIEW, Meeting, related=("folder", "group__folder"), methods=("GET",))
def meeting(request, row):
    held = powers(request.user, [row])[row.pk]
    context = {"title": row.title, "sections": sections_of(request.user, row, held), "meeting": row}
    return render(request, "boards/standing_in.html", context)


@page(Perm.MEETING_VIEW, Item, related=("folder",), methods=("GET",))
def item(request, row):
    return render(request, "boards/standing_in.html", {"title": row.title})


urls = [path("meetings/<uuid:pk>", meeting, name="meeting"), path("items/<uuid:pk>", item, name="item")]
