"""The pages of the bank holidays. What would move is shown before a change is confirmed."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from partnership.access.page import page
from partnership.access.reach import reach_of
from partnership.deadlines import calendars
from partnership.deadlines.forms import (
    GiveUpForm,
    HolidayForm,
    HolidaysForm,
    MoveForm,
    YearForm,
)
from partnership.deadlines.models import BankHoliday, CalendarVersion, Division
from partnership.deadlines.working_days import ORDINARY_HOLIDAYS_A_YEAR, SATURDAY, Holiday, words
from partnership.people.roles import Perm

NOT_CARRIED = ("csrfmiddlewaretoken", "confirm", "seen")
CHANGED = "The calendar was changed while you were reading. Look again at what would move before you confirm."


@page(Perm.RULES_VIEW, methods=("GET",))
def holidays(request):
    today = timezone.localdate()
    division = request.GET.get("division")
    division = division if division in Division.values else Division.ENGLAND_AND_WALES
    calendar = calendars.load(division)
    years = range(calendar.first_year, calendar.last_year + 1)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and asked.isascii() and len(asked) == 4 and int(asked) in years else None
    year = year or min(max(today.year, calendar.first_year), calendar.last_year)
    rows = BankHoliday.objects.filter(division=division, date__year=year).select_related("added_by")
    context = {
        "form": HolidaysForm({"division": division, "year": year}, years=years),
        "division": Division(division),
        "caption": f"{Division(division).label} {year}",
        "calendar": calendar,
        "rows": rows,
        "versions": CalendarVersion.objects.filter(division=division).select_related("made_by")[:20],
        "ending": [(Division(name).label, last) for name, last in calendars.years_ending(today)],
        "not_entered": calendars.not_entered(division),
        "next_year": calendar.last_year + 1,
        "can_edit": reach_of(request.user).holds_wide(Perm.CALENDAR_EDIT),
    }
    return render(request, "deadlines/holidays.html", context)


@page(Perm.CALENDAR_EDIT)
def holiday_add(request):
    form = HolidayForm(request.POST or None, user=request.user)

    def proposal():
        each = form.holiday()
        return form.cleaned_data["division"], [each], [], each.announced_on

    return _changed(request, "deadlines/holiday_add.html", form, proposal)


@page(Perm.CALENDAR_EDIT, BankHoliday)
def holiday_move(request, row):
    form = MoveForm(request.POST or None, user=request.user)

    def proposal():
        data = form.cleaned_data
        to = Holiday(data["date"], row.title, data["announced_on"], None, data["source"])
        return row.division, [to], [row.date], data["announced_on"]

    return _changed(request, "deadlines/holiday_move.html", form, proposal, row=row)


@page(Perm.CALENDAR_EDIT, BankHoliday)
def holiday_give_up(request, row):
    form = GiveUpForm(request.POST or None, user=request.user)

    def proposal():
        return row.division, [], [row.date], form.cleaned_data["announced_on"]

    return _changed(request, "deadlines/holiday_give_up.html", form, proposal, row=row)


def _changed(request, template, form, proposal, row=None):
    """The answer of a page that changes a calendar: the form, then what would move, then the change."""
    context = {"form": form, "row": row, "carried": _carried(request)}
    if request.method == "POST" and form.is_valid():
        division, add, give_up, on = proposal()
        data = form.cleaned_data
        also = [] if data.get("elsewhere") else None
        try:
            new = calendars.with_changes(division, add=add, give_up=give_up, on=on)
            newest = calendars.newest_version(division)
            if request.POST.get("confirm") and data["seen"] == newest.pk:
                reason = data["reason"] if add else f"{data['reason']} ({data['source']})"[:300]
                calendars.change(division, add=add, give_up=give_up, by=request.user, reason=reason, on=on, also=also)
                messages.success(request, "The calendar was changed, and the open clocks were counted again.")
                return redirect(_list_of(division, (add[0].date if add else give_up[0]).year))
            context |= {
                "preview": _preview(request.user, division, new, add, give_up),
                "seen": newest.pk,
                "again": CHANGED if request.POST.get("confirm") else "",
            }
            return render(request, template, context)
        except ValidationError as error:
            form.put_errors(error)
    return render(request, template, context, status=422 if form.is_bound else 200)


@page(Perm.CALENDAR_EDIT)
def year_add(request, division):
    if division not in Division.values:
        raise Http404
    calendar = calendars.load(division)
    year = calendar.last_year + 1
    form = YearForm(request.POST or None, user=request.user, initial={"days": _days_known(division, year)})
    context = {"form": form, "division": Division(division), "year": year, "carried": _carried(request)}
    if request.method == "POST" and form.is_valid():
        data, found = form.cleaned_data, form.holidays()
        try:
            new = calendars.with_year(division, year, found)
            newest = calendars.newest_version(division)
            if request.POST.get("confirm") and data["seen"] == newest.pk:
                calendars.add_year(division, year, found, by=request.user, reason=data["reason"])
                messages.success(request, f"The year {year} was added.")
                return redirect(_list_of(division, year))
            context |= {
                "preview": _preview(request.user, division, new, found, []),
                "seen": newest.pk,
                "again": CHANGED if request.POST.get("confirm") else "",
            }
            return render(request, "deadlines/year_add.html", context)
        except ValidationError as error:
            form.put_errors(error)
    return render(request, "deadlines/year_add.html", context, status=422 if form.is_bound else 200)


def _days_known(division, year) -> str:
    """What the form of the United Kingdom's next year starts with: the days of England and Wales, where they are in."""
    if division != Division.UNITED_KINGDOM:
        return ""
    england = calendars.load(Division.ENGLAND_AND_WALES)
    days = sorted((day, title) for day, title in england.days.items() if day.year == year)
    return "\n".join(f"{words(day, year=True)}, {title}" for day, title in days)


def _carried(request):
    """What was typed, to be sent again with the confirmation."""
    return [(name, value) for name, value in request.POST.items() if name not in NOT_CARRIED]


def _list_of(division, year):
    return f"{reverse('deadlines:holidays')}?{urlencode({'division': division, 'year': year})}"


def _preview(user, division, new, add, give_up) -> dict:
    """What would change: the days, the open clocks that this person may see, and what one should know before."""
    england = division == Division.ENGLAND_AND_WALES
    touched = _visible(user, calendars.touched_by(division, new))
    if england and (add or give_up) and new.last_year == calendars.load(division).last_year:
        touched += _touched_in_kingdom(user, add, give_up)
    return {
        "add": add,
        "give_up": give_up,
        "touched": touched,
        "notes": list(_notes(new, add, give_up)),
        "kingdom_too": england,
    }


def _touched_in_kingdom(user, add, give_up):
    kingdom = calendars.load(Division.UNITED_KINGDOM)
    add = [each for each in add if each.date not in kingdom.days]
    give_up = [day for day in give_up if day in kingdom.days]
    on = timezone.localdate()
    new = calendars.with_changes(Division.UNITED_KINGDOM, add=add, give_up=give_up, on=on, follows=True)
    return _visible(user, calendars.touched_by(Division.UNITED_KINGDOM, new))


def _visible(user, touched) -> list:
    """(what is due, was, becomes) of the clocks that this person may see; of the others not even how many there are."""
    if not touched:
        return []
    from partnership.deadlines import subjects

    model = type(touched[0].deadline)
    rows = {each.pk: each for each in model.objects.visible_to(user).filter(pk__in=[t.deadline.pk for t in touched])}
    lines = subjects.lines(user, rows.values())
    return [(lines[t.deadline.pk], t.was, t.becomes) for t in touched if t.deadline.pk in lines]


def _notes(new, add, give_up):
    today = timezone.localdate()
    for each in add:
        if each.date.weekday() >= SATURDAY:
            yield f"{words(each.date, year=True)} is a {each.date:%A}, which is no working day anyway: no clock moves."
    if any(day < today for day in (*(each.date for each in add), *give_up)):
        yield "A date lies in the past. Clocks that were met keep their dates; those that run are counted again."
    for year in sorted({day.year for day in give_up}):
        left = _left(new, year)
        if left < ORDINARY_HOLIDAYS_A_YEAR:
            yield f"{year} would have {left} bank holidays left; an ordinary year has {ORDINARY_HOLIDAYS_A_YEAR}."


def _left(calendar, year: int) -> int:
    return sum(day.year == year for day in calendar.days)
