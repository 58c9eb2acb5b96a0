"""The days of a series: pure, so no database."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from boards.meetings.pattern import LAST, Step, day_of, place
from boards.meetings.series import at

TUESDAY, FRIDAY = 1, 4


def never(day):
    return ""


def closed_on(*days):
    return lambda day: "closed" if day in days else ""


def test_the_joint_board_meets_monthly_to_july_2019_and_then_quarterly():
    steps = [
        Step(date(2019, 4, 1), date(2019, 7, 31), 1, 2, TUESDAY),
        Step(date(2019, 8, 1), date(2020, 7, 31), 3, 2, TUESDAY),
    ]
    assert [each.day for each in place(steps, never)] == [
        date(2019, 4, 9), date(2019, 5, 14), date(2019, 6, 11), date(2019, 7, 9),
        date(2019, 8, 13), date(2019, 11, 12), date(2020, 2, 11), date(2020, 5, 12),
    ]  # fmt: skip


def test_a_month_whose_day_has_passed_is_not_the_first_of_a_quarter():
    days = Step(date(2026, 4, 20), date(2026, 12, 31), 3, 1, TUESDAY).days()
    assert days == [date(2026, 5, 5), date(2026, 8, 4), date(2026, 11, 3)]


def test_the_last_friday_of_february_in_leap_years_and_others():
    assert [day_of(date(year, 2, 1), LAST, FRIDAY) for year in (2024, 2027, 2028)] == [
        date(2024, 2, 23), date(2027, 2, 26), date(2028, 2, 25),
    ]  # fmt: skip


def test_a_closed_day_moves_a_week_on_else_back_else_has_no_place():
    step = Step(date(2027, 1, 1), date(2027, 3, 31), 1, 2, TUESDAY)
    jan, feb, mar = step.days()
    week = timedelta(days=7)
    assert [each.day for each in place([step], closed_on(feb))] == [jan, feb + week, mar]
    later = [feb + week * n for n in range(4)]
    assert [each.day for each in place([step], closed_on(*later))] == [jan, feb - week, mar]
    around = [feb + week * n for n in range(-3, 4)]
    assert [each.day for each in place([step], closed_on(*around))] == [jan, None, mar]
    assert [each.why for each in place([step], closed_on(feb))] == ["", "closed", ""]


def test_the_hour_stays_on_the_clock_over_both_changes():
    hours = [at(day, time_of_ten()).utcoffset() for day in (date(2027, 3, 26), date(2027, 3, 29), date(2027, 11, 1))]
    assert hours == [timedelta(0), timedelta(hours=1), timedelta(0)]


def time_of_ten():
    from datetime import time

    return time(10, 0)


@given(
    st.dates(date(2018, 1, 1), date(2032, 1, 1)), st.sampled_from([1, 2, 3, 6]), st.sampled_from([1, 2, 3, 4, LAST]),
    st.integers(0, 4), st.sets(st.integers(0, 500)),
)  # fmt: skip
def test_days_rise_lie_within_the_time_keep_the_weekday_and_are_never_closed(first, every, week, weekday, shut):
    last = first + timedelta(days=500)
    closed = closed_on(*(first + timedelta(days=n) for n in shut))
    days = [each.day for each in place([Step(first, last, every, week, weekday)], closed) if each.day]
    assert days == sorted(set(days))
    assert all(first <= day <= last and day.weekday() == weekday and not closed(day) for day in days)
