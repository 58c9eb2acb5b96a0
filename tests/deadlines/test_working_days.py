"""Counting working days: the worked cases, an independent calculator, and what was known when."""

import csv
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership.deadlines.working_days import (
    Calendar,
    CalendarEnds,
    Holiday,
    add_working_days,
    days_late,
    days_left,
    is_working_day,
    load_england_and_wales,
    read_calendar,
    sentence,
    working_day_number,
    working_days_before,
    working_days_between,
)

CASES_FILE = Path(__file__).parent / "data" / "working_day_cases.csv"


def worked_cases() -> list[dict]:
    with CASES_FILE.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.fixture
def calendar() -> Calendar:
    return load_england_and_wales()


def test_there_are_fifteen_worked_cases():
    assert [row["case"] for row in worked_cases()] == [f"WD{n:02}" for n in range(1, 16)]


@pytest.mark.parametrize("row", worked_cases(), ids=lambda row: row["case"])
def test_worked_case_holds_for_5_and_15_working_days(row, calendar):
    start = d(row["notified_on"])
    count = add_working_days(start, 15, calendar)
    assert add_working_days(start, 5, calendar).due == d(row["due_5_working_days"])
    assert count.due == d(row["due_15_working_days"])
    named = [str(e.date) for e in count.not_counted if not e.weekend]
    assert named == [day for day in row["bank_holidays_skipped"].split(";") if day]
    assert is_working_day(start, calendar) is (row["notified_on_working_day"] == "yes")


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        ("2025-12-18", 5, "2025-12-29"),
        ("2025-12-18", 15, "2026-01-13"),
        ("2026-03-23", 15, "2026-04-15"),
        ("2026-03-27", 5, "2026-04-07"),
        ("2026-04-20", 15, "2026-05-12"),
        ("2026-12-11", 15, "2027-01-06"),
        ("2026-12-19", 15, "2027-01-13"),
    ],
)
def test_vector_of_2025_to_2027(start, n, due, calendar):
    assert add_working_days(d(start), n, calendar).due == d(due)


def test_seven_working_days_before_publication_step_back_over_easter(calendar):
    count = working_days_before(d("2026-04-10"), 7, calendar)
    assert count.due == d("2026-03-30")
    assert list(count.counted) == sorted(count.counted)
    assert sentence(count) == "one weekend, Good Friday 3 April, Easter Monday 6 April"


class TestAgainstNumpy:
    """numpy.busday_offset rolls a non-working start back to the working day before it, which is our day 0."""

    days = st.dates(date(2001, 1, 1), date(2008, 12, 31))
    starts = st.dates(date(2001, 2, 1), date(2007, 12, 31))
    holiday_sets = st.lists(days, max_size=60, unique=True)

    @staticmethod
    def calendar_of(holidays: list[date]) -> Calendar:
        return Calendar("random", tuple(Holiday(day, f"Holiday {day}") for day in holidays), 2001, 2008)

    @given(start=starts, n=st.integers(0, 80), holidays=holiday_sets)
    def test_forward_count(self, start, n, holidays):
        count = add_working_days(start, n, self.calendar_of(holidays))
        if n:
            assert count.due == np.busday_offset(start, n, roll="backward", holidays=holidays).astype(date)
        else:
            assert count.due == start
        assert len(count.counted) == n
        walked = sorted([*count.counted, *(e.date for e in count.not_counted)])
        assert walked == [start + timedelta(i) for i in range(1, (count.due - start).days + 1)]

    @given(end=starts.map(lambda day: day + timedelta(365)), n=st.integers(1, 80), holidays=holiday_sets)
    def test_backward_count(self, end, n, holidays):
        expected = np.busday_offset(end, -n, roll="forward", holidays=holidays).astype(date)
        assert working_days_before(end, n, self.calendar_of(holidays)).due == expected

    @given(after=days, until=days, holidays=holiday_sets)
    def test_days_between(self, after, until, holidays):
        after, until = min(after, until), max(after, until)
        one = timedelta(1)
        expected = int(np.busday_count(after + one, until + one, holidays=holidays))
        assert working_days_between(after, until, self.calendar_of(holidays)) == expected

    @given(start=starts, n=st.integers(0, 80), holidays=holiday_sets)
    def test_the_due_day_has_the_number_that_was_asked_for(self, start, n, holidays):
        calendar = self.calendar_of(holidays)
        count = add_working_days(start, n, calendar)
        assert working_day_number(start, count.due, calendar) == n
        assert days_left(count.due, start, calendar) == n
        assert days_late(count.due, start, calendar) == 0


def test_day_number_is_0_on_day_0_and_keeps_the_last_number_over_a_holiday(calendar):
    maundy_thursday = d("2026-04-02")
    assert working_day_number(maundy_thursday, maundy_thursday, calendar) == 0
    assert working_day_number(maundy_thursday, d("2026-04-06"), calendar) == 0
    assert working_day_number(maundy_thursday, d("2026-04-07"), calendar) == 1
    assert working_day_number(maundy_thursday, d("2026-04-12"), calendar) == 4


def test_a_saturday_trigger_stays_day_0_and_monday_is_day_1(calendar):
    saturday = d("2026-11-14")
    count = add_working_days(saturday, 5, calendar)
    assert (count.start, count.counted[0], count.due) == (saturday, d("2026-11-16"), d("2026-11-20"))
    assert working_day_number(saturday, d("2026-11-15"), calendar) == 0


def test_29_february_counts_when_it_is_a_weekday_and_not_when_it_is_a_saturday(calendar):
    assert add_working_days(d("2024-02-28"), 1, calendar).due == d("2024-02-29")
    assert add_working_days(d("2024-02-29"), 5, calendar).due == d("2024-03-07")
    assert add_working_days(d("2020-02-28"), 1, calendar).due == d("2020-03-02")


def test_new_years_eve_and_closure_days_are_working_days(calendar):
    assert is_working_day(d("2026-12-31"), calendar)
    assert is_working_day(d("2026-12-29"), calendar)
    assert not is_working_day(d("2026-12-28"), calendar)


class TestKnownOn:
    def due(self, start: str, n: int, known_on: str) -> date:
        return add_working_days(d(start), n, load_england_and_wales(d(known_on))).due

    def test_state_funeral_is_known_at_the_end_of_the_day_it_was_approved(self):
        assert self.due("2022-09-08", 15, "2022-09-09") == d("2022-09-29")
        assert self.due("2022-09-08", 15, "2022-09-10") == d("2022-09-30")
        assert self.due("2022-09-12", 5, "2022-09-09") == d("2022-09-19")
        assert self.due("2022-09-12", 5, "2022-09-10") == d("2022-09-20")

    def test_ve_day_moved_the_early_may_holiday_of_2020(self):
        before, after = load_england_and_wales(d("2019-06-06")), load_england_and_wales(d("2019-06-07"))
        assert [is_working_day(d(day), before) for day in ("2020-05-04", "2020-05-08")] == [False, True]
        assert [is_working_day(d(day), after) for day in ("2020-05-04", "2020-05-08")] == [True, False]
        assert self.due("2020-04-09", 15, "2019-06-06") == d("2020-05-05")
        assert self.due("2020-04-09", 15, "2019-06-07") == d("2020-05-04")

    def test_platinum_jubilee_moved_one_day_of_spring_2022_and_added_another(self):
        assert self.due("2022-05-27", 5, "2020-11-11") == d("2022-06-06")
        assert self.due("2022-05-27", 5, "2020-11-12") == d("2022-06-07")
        assert not is_working_day(d("2022-05-30"), load_england_and_wales(d("2020-11-11")))

    def test_coronation_is_unknown_before_it_was_announced(self):
        assert self.due("2023-05-05", 1, "2022-11-05") == d("2023-05-08")
        assert self.due("2023-05-05", 1, "2022-11-06") == d("2023-05-09")

    def test_what_was_known_can_be_asked_again_of_an_older_view(self, calendar):
        old = calendar.known_on(d("2019-06-06"))
        assert old.known_on(d("2026-01-01")).days == calendar.days
        assert old.days != calendar.days


class TestEndOfTheCalendar:
    def test_31_december_of_the_last_year_can_be_reached(self, calendar):
        assert calendar.last_day == d("2028-12-31")
        assert add_working_days(d("2028-12-28"), 1, calendar).due == d("2028-12-29")
        assert working_day_number(d("2028-12-28"), d("2028-12-31"), calendar) == 1

    def test_a_count_past_the_last_year_is_refused_in_plain_words(self, calendar):
        with pytest.raises(CalendarEnds, match=r"1 January 2018 to 31 December 2028 only, .* needs 1 January 2029"):
            add_working_days(d("2028-12-28"), 2, calendar)

    def test_day_0_outside_the_calendar_is_refused_both_ways(self, calendar):
        for outside in (d("2017-12-29"), d("2029-01-01")):
            with pytest.raises(CalendarEnds):
                add_working_days(outside, 0, calendar)
            with pytest.raises(CalendarEnds):
                is_working_day(outside, calendar)

    def test_counting_back_before_the_first_year_is_refused(self, calendar):
        with pytest.raises(CalendarEnds, match="31 December 2017"):
            working_days_before(d("2018-01-04"), 3, calendar)

    def test_lateness_past_the_calendar_is_refused_not_guessed(self, calendar):
        with pytest.raises(CalendarEnds):
            days_late(d("2028-12-20"), d("2029-01-02"), calendar)


def test_a_negative_count_and_a_day_before_day_0_are_bugs(calendar):
    with pytest.raises(ValueError, match="negative"):
        add_working_days(d("2026-03-27"), -1, calendar)
    with pytest.raises(ValueError, match="before"):
        working_day_number(d("2026-03-27"), d("2026-03-26"), calendar)


class TestSentence:
    def of(self, start: str, n: int, calendar: Calendar) -> str:
        return sentence(add_working_days(d(start), n, calendar))

    def test_names_the_holidays_and_sums_up_the_weekends(self, calendar):
        assert self.of("2019-04-03", 15, calendar) == "weekends, Good Friday 19 April, Easter Monday 22 April"

    def test_a_single_weekend_is_one_weekend(self, calendar):
        assert self.of("2026-06-03", 5, calendar) == "one weekend"

    def test_the_rest_of_one_weekend_and_the_next_are_weekends(self, calendar):
        assert self.of("2026-11-14", 6, calendar) == "weekends"

    def test_nothing_stepped_over_is_none(self, calendar):
        assert self.of("2026-06-01", 4, calendar) == "none"

    def test_years_are_written_across_new_year(self, calendar):
        text = self.of("2021-12-17", 15, calendar)
        assert text.startswith("weekends, Christmas Day (substitute day) 27 December 2021,")
        assert text.endswith("New Year’s Day (substitute day) 3 January 2022")


class TestOurFile:
    def test_every_one_off_names_when_it_was_announced_and_where(self, calendar):
        extra = {h.date: h.announced_on for h in calendar.holidays if h.announced_on}
        assert extra == {
            d("2020-05-08"): d("2019-06-07"),
            d("2022-06-02"): d("2020-11-12"),
            d("2022-06-03"): d("2020-11-12"),
            d("2022-09-19"): d("2022-09-10"),
            d("2023-05-08"): d("2022-11-06"),
        }
        assert all(h.source for h in calendar.holidays)

    def test_moveable_days_fall_where_the_1971_act_and_easter_put_them(self, calendar):
        """Schedule 1 paragraph 1: last Mondays of May and August; Easter by Butcher's rule, worked out here afresh."""
        moved = {h.date for h in calendar.holidays if h.given_up_on}
        for year in range(calendar.first_year, calendar.last_year + 1):
            easter = easter_sunday(year)
            last_monday_of_may = max(date(year, 5, n) for n in range(25, 32) if date(year, 5, n).weekday() == 0)
            last_monday_of_august = max(date(year, 8, n) for n in range(25, 32) if date(year, 8, n).weekday() == 0)
            expected = {easter - timedelta(2), easter + timedelta(1), last_monday_of_may, last_monday_of_august}
            assert expected - moved <= set(calendar.days), year

    def test_no_bank_holiday_falls_on_a_weekend_where_it_would_have_no_effect(self, calendar):
        assert [day for day in calendar.days if day.weekday() > 4] == []


def easter_sunday(year: int) -> date:
    a, (b, c) = year % 19, divmod(year, 100)
    d_, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d_ - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


class TestABrokenFileIsRefused:
    header = "date,title,announced_on,given_up_on,source\n"

    def whole_year(self, year: int) -> list[str]:
        return [f"{year}-0{month}-01,Holiday {month},,,here\n" for month in range(1, 9)]

    def test_a_half_entered_year_would_make_christmas_a_working_day(self):
        lines = [self.header, *self.whole_year(2028), "2029-07-02,One-off,2028-11-01,,here\n"]
        with pytest.raises(ValueError, match="1 bank holidays in 2029"):
            read_calendar("test", lines)

    def test_a_year_left_out_is_noticed(self):
        with pytest.raises(ValueError, match="0 bank holidays in 2029"):
            read_calendar("test", [self.header, *self.whole_year(2028), *self.whole_year(2030)])

    @pytest.mark.parametrize(
        ("bad", "says"),
        [
            ("2028-01-01,Twice,,,here\n", "two rows"),
            ("2028-12-01, ,,,here\n", "no title"),
            ("2028-02-30,Impossible,,,here\n", "day is out of range"),
            ("2028-12-01,Short\n", "5 cells"),
            ("2028-12-01,A, title with a comma,,,here\n", "5 cells"),
        ],
    )
    def test_a_bad_row_is_refused(self, bad, says):
        with pytest.raises(ValueError, match=says):
            read_calendar("test", [self.header, *self.whole_year(2028), bad])

    def test_other_columns_and_an_empty_file_are_refused(self):
        with pytest.raises(ValueError, match="must have the columns"):
            read_calendar("test", ["date,name\n"])
        with pytest.raises(ValueError, match="empty"):
            read_calendar("test", [self.header])
