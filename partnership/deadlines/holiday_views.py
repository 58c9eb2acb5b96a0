"""The pages of the bank holidays. What would move is shown before a change is confirmed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from partnership.access.flow import Stale
from partnership.access.page import page
from partnership.access.reach import reach_of
from partnership.access.replies import form_page, posted
from partnership.deadlines import calendars, replacing
from partnership.deadlines.forms import (
    GiveUpForm,
    HolidayForm,
    HolidaysForm,
    MoveForm,
    YearForm,
)
from partnership.deadlines.models import BankHoliday, CalendarVersion, Deadline, Division
from partnership.deadlines.subjects import lines
from partnership.deadlines.working_days import ORDINARY_HOLIDAYS_A_YEAR, SATURDAY, Calendar, Holiday, words
from partnership.people.roles import Perm

NOT_CARRIED = ("csrfmiddlewaretoken", "confirm", "seen")


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


@dataclass(frozen=True)
class Proposal:
    """A change of a calendar before it is made. new: the calendar as it would be. also: as calendars.change takes it.

    write(seen): makes it, if `seen` is still the version that counts; else raises Stale.
    """

    division: str
    year: int
    new: Calendar
    add: list
    give_up: list
    also: list | None
    on: date
    write: Callable
    said: str


@page(Perm.CALENDAR_EDIT)
def holiday_add(request):
    form = HolidayForm(posted(request), user=request.user)

    def propose(data):
        each = form.holiday()
        return _change(request.user, data, data["division"], [each], [])

    return _confirmed(request, "deadlines/holiday_add.html", form, propose)


@page(Perm.CALENDAR_EDIT, BankHoliday)
def holiday_move(request, row):
    form = MoveForm(posted(request), user=request.user)

    def propose(data):
        to = Holiday(data["date"], row.title, data["announced_on"], None, data["source"])
        return _change(request.user, data, row.division, [to], [row.date])

    return _confirmed(request, "deadlines/holiday_move.html", form, propose, row=row)


@page(Perm.CALENDAR_EDIT, BankHoliday)
def holiday_give_up(request, row):
    form = GiveUpForm(posted(request), user=request.user)

    def propose(data):
        return _change(request.user, data, row.division, [], [row.date])

    return _confirmed(request, "deadlines/holiday_give_up.html", form, propose, row=row)


def _change(user, data, division, add, give_up) -> Proposal:
    on, also = data["announced_on"], [] if data.get("elsewhere") else None
    reason = data["reason"] if add else f"{data['reason']} ({data['source']})"[:300]
    facts = {"add": add, "give_up": give_up, "on": on}
    return Proposal(
        division=division,
        year=(add[0].date if add else give_up[0]).year,
        new=calendars.with_changes(division, **facts),
        also=also,
        write=lambda seen: calendars.change(division, **facts, by=user, reason=reason, also=also, seen=seen),
        said="The calendar was changed, and the open clocks were counted again.",
        **facts,
    )


@page(Perm.CALENDAR_EDIT)
def year_add(request, division):
    if division not in Division.values:
        raise Http404
    year = calendars.load(division).last_year + 1
    form = YearForm(posted(request), user=request.user, initial={"days": _days_known(division, year)})

    def propose(data):
        found = form.holidays()
        return Proposal(
            division=division,
            year=year,
            new=calendars.with_year(division, year, found),
            add=found,
            give_up=[],
            also=None,
            on=timezone.localdate(),
            write=lambda seen: calendars.add_year(
                division, year, found, by=request.user, reason=data["reason"], seen=seen
            ),
            said=f"The year {year} was added.",
        )

    return _confirmed(request, "deadlines/year_add.html", form, propose, division=Division(division), year=year)


def _confirmed(request, template, form, propose, **context):
    """The answer of a page that changes a calendar: the form, then what would move, then the change."""
    if request.method == "POST" and form.is_valid():
        again = ""
        try:
            each = propose(form.cleaned_data)
            if request.POST.get("confirm") and form.cleaned_data["seen"]:
                try:
                    each.write(form.cleaned_data["seen"])
                except Stale as stale:
                    again = stale.messages[0]
                    each = propose(form.cleaned_data)
                else:
                    messages.success(request, each.said)
                    return redirect(_list_of(each.division, each.year))
            preview = _preview(request.user, each)
            shown = {"preview": preview, "seen": calendars.seen(each.division), "again": again}
            return render(request, template, {"form": form, "carried": _carried(request), **shown, **context})
        except ValidationError as error:
            form.put_errors(error)
    return form_page(request, template, form, **context)


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


def _preview(user, each) -> dict:
    """What would change: the days, the open clocks that this person may see, and what one should know before."""
    touched = _visible(user, replacing.touched_by(each.division, each.new))
    follows = each.division == Division.ENGLAND_AND_WALES and (each.add or each.give_up)
    if follows and each.new.last_year == calendars.load(each.division).last_year:
        add, give_up = calendars.followed(each.add, each.give_up if each.also is None else each.also)
        kingdom = calendars.with_changes(Division.UNITED_KINGDOM, add=add, give_up=give_up, on=each.on, follows=True)
        touched += _visible(user, replacing.touched_by(Division.UNITED_KINGDOM, kingdom))
    return {
        "add": each.add,
        "give_up": each.give_up,
        "touched": touched,
        "notes": list(_notes(each.new, each.add, each.give_up)),
        "kingdom_too": each.division == Division.ENGLAND_AND_WALES,
        "stays_elsewhere": each.also is not None,
    }


def _visible(user, touched) -> list:
    """(what is due, was, becomes) of the clocks that this person may see; of the others not even how many there are."""
    if not touched:
        return []
    rows = {each.pk: each for each in Deadline.objects.visible_to(user).filter(pk__in=[t.deadline.pk for t in touched])}
    named = lines(user, rows.values())
    return [(named[t.deadline.pk], t.was, t.becomes) for t in touched if t.deadline.pk in named]


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
