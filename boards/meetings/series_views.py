"""The pages of a year of meetings: its pattern, what it comes to, and the series that was made of it."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse

from boards.meetings import reads, series_forms
from boards.meetings import series as services
from boards.models import Group, Meeting, Series
from partnership.access.flow import Stale
from partnership.access.models import Folder
from partnership.access.over import is_over
from partnership.access.page import page
from partnership.access.replies import form_page, posted
from partnership.access.rows import powers
from partnership.people.roles import Perm

NOT_CARRIED = ("csrfmiddlewaretoken", "confirm", "seen", "day", "back")


def _group(folder) -> Group:
    return Group.objects.select_related("folder").get(pk=folder.pk)


@page(Perm.MEETING_RUN, Folder, known=reads.of_a_group)
def series_add(request, folder):
    """The pattern, then the days that it comes to, then the meetings: nothing is made before it was shown."""
    group = _group(folder)
    form = series_forms.SeriesForm(posted(request), user=request.user, initial=_begins_with(request, folder))
    context = {"folder": folder, "whose": folder.title, "cancel_url": reverse("boards:meetings_of", args=[folder.pk])}
    if request.method != "POST" or not form.is_valid() or request.POST.get("back"):
        return form_page(request, "boards/series_add.html", form, **context)
    facts, again = form.facts(), ""
    if request.POST.get("confirm") and form.cleaned_data["seen"]:
        seen, days = _days(form.cleaned_data["seen"].split()), _days(request.POST.getlist("day"))
        try:
            made = services.plan(group, by=request.user, steps=form.steps(), seen=seen, days=days, **facts)
        except Stale as stale:
            again = stale.messages[0]
        except ValidationError as refused:
            again = " ".join(refused.messages)
        else:
            messages.success(request, "The meetings are planned. Nobody is called to them yet.")
            return redirect("boards:series", made.pk)
    found = services.preview(request.user, group, form.steps(), begins_at=facts["begins_at"], schools=facts["schools"])
    context |= {"preview": found, "again": again, "carried": _carried(request), "seen": " ".join(map(str, found.days))}
    return render(request, "boards/series_days.html", {"form": form, **context})


def _begins_with(request, folder) -> dict:
    """The group's name; or what a series said, a year later, where one comes from its page."""
    like = request.GET.get("like", "")
    rows = Series.objects.allowing(request.user, Perm.MEETING_RUN).filter(folder=folder)
    row = next((each for each in rows if str(each.pk) == like), None) if like else None
    return series_forms.initial_of(row, services.next_year(row)) if row else {"title": folder.title}


def _days(said) -> list[date]:
    """The days of a confirmed preview; what is no day is left out, so that the preview is shown again."""
    found = []
    for each in said:
        try:
            found.append(date.fromisoformat(each))
        except ValueError:
            continue
    return found


def _carried(request) -> list:
    """What was typed, to be sent again with the days."""
    return [(name, value) for name, values in request.POST.lists() if name not in NOT_CARRIED for value in values]


@page(Perm.MEETING_VIEW, Series, related=("folder", "group"), methods=("GET",))
def series(request, row):
    held = powers(request.user, [row])[row.pk]
    rows = Meeting.objects.visible_to(request.user).filter(series=row).select_related("folder")
    context = {
        "series": row,
        "whose": row.folder.title,
        "whose_url": reverse("boards:meetings_of", args=[row.folder_id]),
        "rows": rows.order_by("starts_at"),
        "next_url": f"{reverse('boards:series_add', args=[row.folder_id])}?like={row.pk}",
        "pattern": reads.pattern_in_words(row),
        "may_plan": Perm.MEETING_RUN in held and not is_over(row.folder),
    }
    return render(request, "boards/series.html", context)
