"""The calendars that count: rows of the database, one version a change, remembered in each process by its version.

A change of England and Wales is a change of the United Kingdom's calendar too, because a day that is a bank holiday in
one part is one in any part (Freedom of Information Act 2000, section 10(6)). Each change counts the open clocks of its
division again, in the same transaction.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from partnership.access import scope
from partnership.access.flow import Stale
from partnership.deadlines.models import BankHoliday, CalendarVersion, Division
from partnership.deadlines.periods import add_months
from partnership.deadlines.working_days import (
    ORDINARY_HOLIDAYS_A_YEAR,
    Calendar,
    CalendarEnds,
    Holiday,
    load_file,
    words,
)
from partnership.trail.services import record

SHIPPED = "The portal's own list"
# One change of a calendar at a time; whoever writes a clock asks it to wait (`hold`).
LOCK = 746572
# By the version's id and never its number: a number that was rolled back comes again with other days.
_remembered: dict[str, tuple[object, Calendar]] = {}


class NoCalendar(CalendarEnds):
    """The database holds no calendar of this division: `manage.py portal_setup` was not run."""


def hold() -> None:
    """No calendar changes until the caller's transaction ends. Taken before any clock is locked, never after."""
    _lock("pg_advisory_xact_lock_shared")


def newest_version(division: str) -> CalendarVersion:
    """The version that counts now. Raises NoCalendar."""
    newest = CalendarVersion.objects.filter(division=division).order_by("-number").first()
    if newest is None:
        raise NoCalendar(f"There are no bank holidays of {_label(division)} yet. Run `manage.py portal_setup`.")
    return newest


def load(division: str, *, known_on: date | None = None, newest: object = None) -> Calendar:
    """The calendar of a division; one short query while nothing has changed, none within a request after the first.

    known_on: as at the end of that day. newest: the id of the newest version, where a page's own query brought it.
    Raises NoCalendar.
    """
    request = scope.current()
    newest = newest or seen(division)
    if request:
        request.memo["calendar", division] = newest
    remembered = _remembered.get(division)
    if remembered is None or remembered[0] != newest:
        remembered = _remembered[division] = _read(division)
    calendar = remembered[1]
    return calendar if known_on is None else calendar.known_on(known_on)


def seen(division: str) -> object:
    """The id of the version that this request counts with: what a preview shows, and a confirmation names."""
    request = scope.current()
    return (request and request.memo.get(("calendar", division))) or newest_version(division).pk


def as_of(version: CalendarVersion) -> Calendar:
    """The calendar as this version counted it: the later changes of its division taken back, newest first."""
    rows = {each.date: each for each in load(version.division).holidays}
    later = CalendarVersion.objects.filter(division=version.division, number__gt=version.number)
    for each in later.order_by("-number"):
        for day in map(date.fromisoformat, each.changes.get("added", ())):
            rows.pop(day, None)
        for day in map(date.fromisoformat, each.changes.get("given_up", ())):
            rows[day] = replace(rows[day], given_up_on=None)
        for day, given_up in each.changes.get("restored", {}).items():
            day = date.fromisoformat(day)
            rows[day] = replace(rows[day], given_up_on=date.fromisoformat(given_up))
    first = load(version.division).first_year
    return Calendar(version.division, tuple(rows[day] for day in sorted(rows)), first, version.last_year)


def _read(division):
    """(version id, calendar) of one moment: one statement sees the days and their version together."""
    newest = CalendarVersion.objects.filter(division=OuterRef("division")).order_by("-number")
    rows = list(BankHoliday.objects.filter(division=division).annotate(version=Subquery(newest.values("pk")[:1])))
    return rows[0].version, _calendar(division, map(_holiday, rows))


def _holiday(row) -> Holiday:
    return Holiday(row.date, row.title, row.announced_on, row.given_up_on, row.source)


def _calendar(division, holidays) -> Calendar:
    holidays = tuple(sorted(holidays, key=lambda each: each.date))
    return Calendar(division, holidays, holidays[0].date.year, holidays[-1].date.year)


def years_ending(today: date | None = None) -> list[tuple[str, int]]:
    """(division, last year) of the calendars that end within a year of `today`: somebody must add the next year."""
    in_a_year = add_months(today or timezone.localdate(), 12)
    newest = CalendarVersion.objects.order_by("division", "-number").distinct("division")
    return [(each.division, each.last_year) for each in newest if date(each.last_year, 12, 31) <= in_a_year]


# --- what ships with the portal --------------------------------------------------------------------------------------


@transaction.atomic
def load_shipped() -> dict[str, int]:
    """Create the calendars that are missing and add whole years that are new in the files; division -> days added.

    A year that the database has already is left as people keep it: a one-off that a new release brings would move open
    clocks unseen, so `not_entered` shows it to whoever keeps the calendar.
    """
    _lock("pg_advisory_xact_lock")
    return {division: _load_shipped(division) for division in Division.values}


def _load_shipped(division) -> int:
    shipped = load_file(division)
    newest = CalendarVersion.objects.filter(division=division).order_by("-number").first()
    last_year = newest.last_year if newest else 0
    rows = [each for each in shipped.holidays if each.date.year > last_year]
    if not rows:
        return 0
    years = sorted({each.date.year for each in rows})
    span = str(years[0]) if len(years) == 1 else f"{years[0]} to {years[-1]}"
    BankHoliday.objects.bulk_create(_row(division, each) for each in rows)
    version = _make_version(division, rows, last_year=years[-1], reason=f"{SHIPPED}: {span}")
    record("calendar_loaded", obj=version, division=division, number=version.number)
    if newest:
        _recalculate(version, by=None, reason=version.reason)
    return len(rows)


def not_entered(division: str) -> list[Holiday]:
    """Days of the portal's own list that this calendar lacks or keeps otherwise, in years that it has."""
    have = {row.date: row for row in BankHoliday.objects.filter(division=division)}
    last = max((day.year for day in have), default=0)
    return [
        each
        for each in load_file(division).holidays
        if each.date.year <= last
        and (each.date not in have or (have[each.date].given_up_on is None) != (each.given_up_on is None))
    ]


# --- what people change ----------------------------------------------------------------------------------------------


def with_changes(
    division: str, *, add: Iterable[Holiday] = (), give_up: Iterable[date] = (), on: date, follows: bool = False
) -> Calendar:
    """The calendar as it would be: for a preview, and what `change` writes. on: the day on which it became known.

    follows: the United Kingdom's calendar follows a change of England and Wales; otherwise their days stay in it.
    Raises ValidationError in plain words for a day that is a bank holiday already, lies outside the years or has no
    title or source, and for one that is given up but does not stand.
    """
    calendar = load(division)
    if division == Division.UNITED_KINGDOM and not follows:
        _keeps_englands(give_up)
    rows = {each.date: each for each in calendar.holidays}
    for day in give_up:
        if day not in calendar.days:
            raise ValidationError(f"{words(day, year=True)} is no bank holiday in {_label(division)}.")
        rows[day] = replace(rows[day], given_up_on=on)
    _never_twice([each.date for each in add])
    for each in add:
        if each.date in calendar.days:
            raise ValidationError(
                {"date": f"{words(each.date, year=True)} is a bank holiday already: {calendar.days[each.date]}."}
            )
        _is_whole(each)
        if not calendar.first_day <= each.date <= calendar.last_day:
            raise ValidationError(
                {
                    "date": f"The calendar of {_label(division)} runs from {calendar.first_year} to "
                    f"{calendar.last_year}. Add the year {each.date.year} with all its bank holidays first."
                }
            )
        before = rows.get(each.date, each)
        rows[each.date] = replace(before, title=each.title, source=each.source, given_up_on=None)
    return Calendar(division, tuple(rows[day] for day in sorted(rows)), calendar.first_year, calendar.last_year)


def with_year(division: str, year: int, holidays: Iterable[Holiday]) -> Calendar:
    """The calendar with a whole next year. Raises ValidationError as `with_changes`, and for fewer than eight days."""
    calendar, holidays = load(division), list(holidays)
    if year != calendar.last_year + 1:
        raise ValidationError(f"The next year of this calendar is {calendar.last_year + 1}.")
    if outside := [each for each in holidays if each.date.year != year]:
        raise ValidationError(f"{words(outside[0].date, year=True)} is not in {year}.")
    days = [each.date for each in holidays]
    _never_twice(days)
    for each in holidays:
        _is_whole(each)
    if len(days) < ORDINARY_HOLIDAYS_A_YEAR:
        raise ValidationError(
            f"{year} would have {len(days)} bank holiday{'' if len(days) == 1 else 's'}. Every year has at least "
            f"{ORDINARY_HOLIDAYS_A_YEAR}: with fewer, a day like Christmas Day would be counted as a working day."
        )
    if division == Division.UNITED_KINGDOM:
        _holds_england(year, set(days))
    return _calendar(division, [*calendar.holidays, *holidays])


def _never_twice(days):
    if twice := [day for day in days if days.count(day) > 1]:
        raise ValidationError(f"{words(twice[0], year=True)} stands there twice.")


def _holds_england(year, days):
    england = load(Division.ENGLAND_AND_WALES)
    if england.last_year < year:
        raise ValidationError(f"Add the year {year} to England and Wales first: its days are days of this calendar.")
    if missing := sorted(day for day in england.days if day.year == year and day not in days):
        raise ValidationError(
            f"{words(missing[0], year=True)} is a bank holiday in England and Wales, so it belongs here."
        )


def _keeps_englands(give_up):
    england = load(Division.ENGLAND_AND_WALES)
    if theirs := [day for day in give_up if day in england.days]:
        day = words(theirs[0], year=True)
        raise ValidationError(f"{day} is a bank holiday in England and Wales. Change it there: this calendar follows.")


def _is_whole(each):
    if not each.title.strip():
        raise ValidationError({"title": "Enter the name of the bank holiday."})
    if not each.source.strip():
        raise ValidationError({"source": "Enter where it was announced: a proclamation, or the government's list."})


@transaction.atomic
def change(
    division: str,
    *,
    add: Iterable[Holiday] = (),
    give_up: Iterable[date] = (),
    by,
    reason: str,
    on: date | None = None,
    also: Iterable[date] | None = None,
    seen: object = None,
) -> CalendarVersion:
    """Add bank holidays, give some up, or both (a holiday that moves); returns the new version of `division`.

    on: the day on which it became known, today if not given. also: for England and Wales, which of the days given up
    are given up in the United Kingdom's calendar too (None: all; a day that stays one in Scotland or Northern Ireland
    stays there). seen: the id of the version that the person looked at. The open clocks are counted again in the same
    transaction. Raises ValidationError as `with_changes`, and for an empty reason; Stale where another version counts.
    """
    _alone(division, seen)
    add, give_up, on = list(add), list(give_up), on or timezone.localdate()
    _needs_reason(reason)
    if not add and not give_up:
        raise ValidationError("Nothing would change.")
    with_changes(division, add=add, give_up=give_up, on=on)
    version = _write(division, add, give_up, by, reason, on)
    if division == Division.ENGLAND_AND_WALES:
        _follow(add, give_up if also is None else list(also), by, reason, on)
    return version


def followed(add, give_up) -> tuple[list, list]:
    """What a change of England and Wales adds to the United Kingdom's calendar and gives up there."""
    kingdom = load(Division.UNITED_KINGDOM)
    return [each for each in add if each.date not in kingdom.days], [day for day in give_up if day in kingdom.days]


def _follow(add, give_up, by, reason, on):
    """The United Kingdom's calendar after a change of England and Wales."""
    add, give_up = followed(add, give_up)
    if add or give_up:
        with_changes(Division.UNITED_KINGDOM, add=add, give_up=give_up, on=on, follows=True)
        _write(Division.UNITED_KINGDOM, add, give_up, by, reason, on)


def _write(division, add, give_up, by, reason, on) -> CalendarVersion:
    rows = {row.date: row for row in BankHoliday.objects.filter(division=division, date__in=[h.date for h in add])}
    restored = {}
    for each in add:
        if row := rows.get(each.date):
            restored[row.date.isoformat()] = row.given_up_on.isoformat()
            row.title, row.source, row.given_up_on = each.title, each.source, None
            row.save(update_fields=["title", "source", "given_up_on"])
        else:
            _row(division, each, by).save(force_insert=True)
    BankHoliday.objects.filter(division=division, date__in=give_up).update(given_up_on=on)
    version = _make_version(
        division,
        [each for each in add if each.date not in rows],
        last_year=newest_version(division).last_year,
        reason=reason,
        by=by,
        given_up=give_up,
        restored=restored,
    )
    record(
        "calendar_changed", by=by, obj=version, division=division, number=version.number,
        added=[str(each.date) for each in add], given_up=[str(day) for day in give_up],
    )  # fmt: skip
    _recalculate(version, by=by, reason=reason)
    return version


@transaction.atomic
def add_year(division: str, year: int, holidays: Iterable[Holiday], *, by, reason: str, seen=None) -> CalendarVersion:
    """Add the calendar's whole next year; returns the new version.

    seen: as `change`. Raises ValidationError as `with_year`, and Stale where another version counts.
    """
    _alone(division, seen)
    holidays = list(holidays)
    _needs_reason(reason)
    with_year(division, year, holidays)
    for each in holidays:
        _row(division, each, by).save(force_insert=True)
    version = _make_version(division, holidays, last_year=year, reason=reason, by=by)
    record("calendar_year_added", by=by, obj=version, division=division, number=version.number, year=year)
    _recalculate(version, by=by, reason=reason)
    return version


def _make_version(division, added, *, last_year, reason, by=None, given_up=(), restored=None) -> CalendarVersion:
    newest = CalendarVersion.objects.filter(division=division).order_by("-number").first()
    changes = {"added": [str(each.date) for each in added]} if added else {}
    if given_up:
        changes["given_up"] = [str(day) for day in given_up]
    if restored:
        changes["restored"] = restored
    version = CalendarVersion(
        division=division,
        number=newest.number + 1 if newest else 1,
        made_by=by,
        reason=reason.strip(),
        last_year=last_year,
        changes=changes,
    )
    version.save(force_insert=True)
    if request := scope.current():
        request.memo.pop(("calendar", division), None)
    return version


def _row(division, each: Holiday, by=None) -> BankHoliday:
    return BankHoliday(
        division=division,
        date=each.date,
        title=each.title.strip(),
        announced_on=each.announced_on,
        given_up_on=each.given_up_on,
        source=each.source.strip(),
        added_by=by,
    )


def _needs_reason(reason):
    if not reason.strip():
        raise ValidationError({"reason": "Say why the calendar changes: the people whose dates move will read it."})


def _label(division):
    return "the United Kingdom" if division == Division.UNITED_KINGDOM else "England and Wales"


def _alone(division, seen):
    """Nobody else changes a calendar or writes a clock until this transaction ends; what counts is read anew."""
    _lock("pg_advisory_xact_lock")
    if request := scope.current():
        for each in Division.values:
            request.memo.pop(("calendar", each), None)
    if seen is not None and seen != newest_version(division).pk:
        raise Stale(
            "The calendar was changed while you were reading. Look again at what would move before you confirm."
        )


def _lock(function):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [LOCK])


def _recalculate(version, *, by, reason):
    # The clocks count with this module, so they are met only when a calendar changes.
    from partnership.deadlines import replacing

    replacing.recalculate(version, by=by, reason=reason)
