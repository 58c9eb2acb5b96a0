"""The standing items of a group, and what is due at each meeting of the year: its forward plan."""

from functools import partial

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from boards.meetings import forms, reads, standing
from boards.models import Group, StandingItem
from partnership.access.context import folder_tabs
from partnership.access.models import Folder
from partnership.access.over import is_over
from partnership.access.page import page
from partnership.access.replies import act_on, posted, pressed, stale_edit
from partnership.access.rows import powers
from partnership.actions.planning.rules import words_of_year, year_of
from partnership.people.roles import Perm


@page(Perm.MEETING_VIEW, Folder, known=reads.of_a_group, methods=("GET",))
def standing_items(request, folder):
    held = powers(request.user, [folder])[folder.pk]
    form = forms.YearForm(request.GET or None, now=year_of(timezone.localdate()))
    may_keep = Perm.MEETING_RUN in held and not is_over(folder)
    items = [(row, reads.months_in_words(row)) for row in reads.standing_of(request.user, folder)]
    context = {
        "folder": folder,
        "form": form,
        "year": words_of_year(form.chosen),
        "months": reads.year_of_items(request.user, folder, form.chosen),
        "items": [pair for pair in items if not pair[0].ended_on],
        "ended": [pair for pair in items if pair[0].ended_on],
        "may_keep": may_keep,
        "tabs": folder_tabs(request.user, folder, held, here="boards:meetings_of"),
    }
    return render(request, "boards/standing_items.html", context)


def _home(folder_id):
    return reverse("boards:standing_items", args=[folder_id])


@page(Perm.MEETING_RUN, Folder, known=reads.of_a_group)
def standing_item_add(request, folder):
    form = forms.StandingForm(posted(request), user=request.user, initial={"purpose": "note"})
    act = lambda: standing.add(Group.objects.get(pk=folder.pk), by=request.user, **form.facts())  # noqa: E731
    said = ("The item is added, and stands on the agendas of the meetings that are planned.", _home(folder.pk))
    context = {"whose": folder.title, "whose_url": _home(folder.pk), "cancel_url": _home(folder.pk)}
    return act_on(request, form, act, "boards/standing_item_add.html", said, **context)


@page(Perm.MEETING_RUN, StandingItem, related=("folder", "group", "priority", "duty"))
def standing_item(request, row):
    """Change it, or end it."""
    home = _home(row.folder_id)
    if request.method == "POST" and request.POST.get("end"):
        said = "The item comes back no more."
        return pressed(request, partial(standing.end, row, by=request.user), said, home)
    form = forms.StandingForm(posted(request), user=request.user, initial=_as_saved(row) | {"version": row.version})
    template = "boards/standing_item.html"
    context = {"whose": row.folder.title, "whose_url": home, "cancel_url": home}

    def act():
        standing.change(row, by=request.user, version=form.cleaned_data["version"], **form.facts())

    def stale(refused):
        rows = StandingItem.objects.visible_to(request.user).select_related("priority", "duty", "changed_by")
        fresh = rows.get(pk=row.pk)
        return stale_edit(request, template, form, refused, fresh, _as_saved(fresh), url=home, item=fresh, **context)

    return act_on(request, form, act, template, ("Your changes were saved.", home), on_stale=stale, item=row, **context)


def _as_saved(row) -> dict:
    return {name: getattr(row, name) for name in standing.FACTS}
