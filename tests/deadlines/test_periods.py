"""Where a period ends in each unit: against calculators that share nothing with ours, and over the awkward nights."""

import calendar as months
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership.deadlines.periods import add_months, end_of, end_of_day, london_date
from partnership.deadlines.rules import NeedsTime, NoLength, Rule, Status, Unit, due, next_trigger, rule
from partnership.deadlines.shapes import Direction, Repeats
from partnership.deadlines.working_days import (
    ENGLAND_AND_WALES,
    UNITED_KINGDOM,
    Calendar,
    CalendarEnds,
    Holiday,
    load_england_and_wales,
    load_file,
)

LONDON = ZoneInfo("Europe/London")
ENGLAND, KINGDOM = load_england_and_wales(), load_file(UNITED_KINGDOM)
AN_ODD_CALENDAR = Calendar(ENGLAND_AND_WALES, (Holiday(date(2001, 1, 1), "New Year’s Day"),), 2001, 2001)


def d(text: str) -> date:
    return date.fromisoformat(text)


def made(length, unit, direction=Direction.AFTER, **more) -> Rule:
    division = UNITED_KINGDOM if unit is Unit.UK_WORKING_DAYS else ENGLAND_AND_WALES
    facts = {
        "code": "made", "title": "Made", "source": "here", "edition": "one", "status": Status.LOCAL, "verified": False,
        "trigger": "it begins", "day_zero": "the day", "effective_from": date(1, 1, 1), "division": division,
    }  # fmt: skip
    return Rule(length=length, unit=unit, direction=direction, **facts | more)


class TestMonths:
    """The corresponding date, and the last day of a month that has none."""

    @pytest.mark.parametrize(
        ("start", "n", "ends"),
        [
            ("2026-08-31", 6, "2027-02-28"),
            ("2027-08-31", 6, "2028-02-29"),
            ("2024-02-29", 12, "2025-02-28"),
            ("2024-02-29", 48, "2028-02-29"),
            ("2026-01-31", 1, "2026-02-28"),
            ("2026-02-28", 1, "2026-03-28"),
            ("2026-03-31", 6, "2026-09-30"),
            ("2026-12-15", 1, "2027-01-15"),
            ("2026-03-31", -1, "2026-02-28"),
            ("2026-01-15", -12, "2025-01-15"),
        ],
    )
    def test_worked_examples(self, start, n, ends):
        assert add_months(d(start), n) == d(ends)

    @given(start=st.dates(date(1900, 1, 1), date(2200, 12, 31)), n=st.integers(-600, 600))
    def test_against_numpy(self, start, n):
        """numpy counts months; the day within the month is put on again here."""
        month = (np.datetime64(start, "M") + n).astype(date)
        last = months.monthrange(month.year, month.month)[1]
        assert add_months(start, n) == month.replace(day=min(start.day, last))

    def test_beyond_the_years_is_refused(self):
        with pytest.raises(OverflowError):
            add_months(d("9999-12-31"), 1)
        with pytest.raises(OverflowError):
            add_months(d("0001-01-01"), -1)


class TestAgainstNumpyOverBothCalendars:
    """The shipped calendars, every start and length that stays inside: busday_offset is the independent count."""

    @pytest.mark.parametrize(
        ("unit", "calendar"), [(Unit.WORKING_DAYS, ENGLAND), (Unit.UK_WORKING_DAYS, KINGDOM)], ids=["England", "UK"]
    )
    @given(data=st.data())
    def test_after_and_before(self, unit, calendar, data):
        start = data.draw(st.dates(date(2018, 8, 1), date(2028, 5, 1)))
        n = data.draw(st.integers(1, 100))
        holidays = sorted(calendar.days)
        after, _ = end_of(made(n, unit), start, calendar)
        before, _ = end_of(made(n, unit, Direction.BEFORE), start, calendar)
        assert after.due == np.busday_offset(start, n, roll="backward", holidays=holidays).astype(date)
        assert before.due == np.busday_offset(start, -n, roll="forward", holidays=holidays).astype(date)
        assert [len(after.counted), len(before.counted)] == [n, n]


class TestUnits:
    def test_a_day_ends_with_its_last_microsecond_in_london(self):
        for text in ("2026-06-01", "2027-03-28", "2027-10-31", "2026-12-31"):
            end = end_of_day(d(text))
            assert (end.time(), london_date(end.astimezone(UTC))) == (time.max, d(text))
            assert london_date(end.astimezone(UTC) + timedelta(microseconds=1)) == d(text) + timedelta(1)

    @pytest.mark.parametrize("unit", [Unit.DAYS, Unit.MONTHS])
    def test_calendar_days_and_months_step_over_nothing_and_need_no_bank_holidays(self, unit):
        count, due_at = end_of(made(3, unit), d("2031-12-30"), AN_ODD_CALENDAR)
        assert count.due == (d("2032-01-02") if unit is Unit.DAYS else d("2032-03-30"))
        assert (count.counted, count.not_counted, due_at) == ((), (), end_of_day(count.due))

    @pytest.mark.parametrize(
        ("start", "ends"),
        [
            ("2027-03-27T10:00+00:00", "2027-03-30T11:00+01:00"),  # the night of 28 March lost an hour
            ("2027-10-30T10:00+01:00", "2027-11-02T09:00+00:00"),  # that of 31 October had one twice
            ("2026-12-30T23:30+00:00", "2027-01-02T23:30+00:00"),  # a bank holiday and a weekend are hours too
            ("2028-02-28T12:00+00:00", "2028-03-02T12:00+00:00"),
        ],
    )
    def test_72_hours_are_72_hours(self, start, ends):
        result = due(rule("return_interview", d("2026-12-30")), datetime.fromisoformat(start), ENGLAND)
        assert result.due_at == datetime.fromisoformat(ends)
        assert result.due_at.utcoffset() == datetime.fromisoformat(ends).utcoffset()
        assert result.due_on == datetime.fromisoformat(ends).astimezone(LONDON).date()

    def test_01_30_on_the_night_that_repeats_it_is_two_moments(self):
        first, second = (datetime(2027, 10, 31, 1, 30, tzinfo=LONDON, fold=fold) for fold in (0, 1))
        ends = [end_of(made(48, Unit.HOURS), each, ENGLAND)[1].astimezone(UTC) for each in (first, second)]
        assert ends[1] - ends[0] == timedelta(hours=1)

    def test_hours_cannot_run_from_a_day_and_no_length_has_no_end(self):
        with pytest.raises(NeedsTime):
            end_of(made(72, Unit.HOURS), d("2026-01-05"), ENGLAND)
        with pytest.raises(NoLength):
            end_of(made(None, Unit.DAYS), d("2026-01-05"), ENGLAND)

    def test_a_foi_request_is_never_counted_with_the_holidays_of_england_alone(self):
        with pytest.raises(ValueError, match="united-kingdom"):
            due(rule("freedom_of_information", d("2026-03-02")), d("2026-03-02"), ENGLAND)

    def test_working_days_past_the_calendar_are_refused(self):
        with pytest.raises(CalendarEnds):
            due(rule("freedom_of_information", d("2028-12-15")), d("2028-12-15"), KINGDOM)


class TestWorkedExamples:
    """Statutory facts 1f and section 10(6) of the Freedom of Information Act 2000."""

    @pytest.mark.parametrize(
        ("code", "start", "ends"),
        [
            ("incident_notification", "2025-12-18", "2025-12-29"),
            ("rapid_review", "2025-12-18", "2026-01-13"),
            ("rapid_review", "2026-03-23", "2026-04-15"),
            ("incident_notification", "2026-03-27", "2026-04-07"),
            ("rapid_review", "2026-04-20", "2026-05-12"),
            ("rapid_review", "2026-12-11", "2027-01-06"),
            ("rapid_review", "2026-12-19", "2027-01-13"),
            ("report_before_publication", "2026-04-10", "2026-04-03"),
            ("report_before_publication_guidance", "2026-04-10", "2026-03-30"),
            ("private_fostering_notice", "2026-04-10", "2026-02-27"),
            ("private_fostering_first_visit", "2026-12-31", "2027-01-12"),
            ("local_review_published", "2026-08-31", "2027-02-28"),
            ("local_review_published", "2027-08-31", "2028-02-29"),
            ("yearly_report_september", "2027-03-31", "2027-09-30"),
            ("subject_access", "2026-01-31", "2026-02-28"),
            ("dsl_training", "2026-11-22", "2028-11-22"),
        ],
    )
    def test_the_england_and_wales_vectors_and_the_other_units(self, code, start, ends):
        assert due(rule(code, d(start)), d(start), ENGLAND).due_on == d(ends)

    @pytest.mark.parametrize(
        ("received", "answer_by", "stepped_over"),
        [
            ("2026-03-02", "2026-03-31", ["2026-03-17"]),
            ("2025-12-31", "2026-01-30", ["2026-01-01", "2026-01-02"]),
            ("2026-06-29", "2026-07-28", ["2026-07-13"]),
            ("2026-07-20", "2026-08-18", ["2026-08-03"]),
            ("2026-11-20", "2026-12-21", ["2026-11-30"]),
            ("2026-06-08", "2026-07-07", ["2026-06-15"]),
        ],
    )
    def test_foi_skips_a_bank_holiday_of_any_nation(self, received, answer_by, stepped_over):
        result = due(rule("freedom_of_information", d(received)), d(received), KINGDOM)
        assert result.due_on == d(answer_by)
        assert [str(e.date) for e in result.count.not_counted if not e.weekend] == stepped_over

    def test_a_request_of_23_30_utc_in_summer_is_received_on_the_next_day(self):
        late = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)
        assert due(rule("subject_access", d("2026-06-02")), late, ENGLAND).due_on == d("2026-07-02")


class TestTheUnitedKingdomsFile:
    def test_it_holds_every_day_of_england_and_wales_and_names_the_nation_of_every_other(self):
        assert set(ENGLAND.days) <= set(KINGDOM.days)
        for day in set(KINGDOM.days) - set(ENGLAND.days):
            assert KINGDOM.days[day].endswith(("(Scotland)", "(Northern Ireland)")), day
        assert (KINGDOM.first_year, KINGDOM.last_year) == (ENGLAND.first_year, ENGLAND.last_year)

    @pytest.mark.parametrize("year", range(2018, 2029))
    def test_the_five_days_of_the_other_nations_are_in_every_year(self, year):
        """1971 Act, Schedule 1 paragraphs 2 and 3, and 12 July by proclamation: on the day, or its substitute."""
        for month, day in ((1, 2), (3, 17), (7, 12), (11, 30)):
            observed = date(year, month, day)
            while observed.weekday() > 4 or (observed not in KINGDOM.days and observed.day < 5):
                observed += timedelta(1)
            assert observed in KINGDOM.days, observed
        first_monday = next(date(year, 8, n) for n in range(1, 8) if date(year, 8, n).weekday() == 0)
        assert first_monday in KINGDOM.days

    def test_a_one_off_of_one_nation_has_its_announcement(self):
        world_cup = next(h for h in KINGDOM.holidays if h.date == d("2026-06-15"))
        assert world_cup.announced_on == d("2026-02-04")
        assert d("2026-06-15") not in ENGLAND.days


def test_a_duty_that_returns_begins_again_when_it_is_done_or_a_year_later():
    visits, yearly = made(42, Unit.DAYS, repeats=Repeats.DONE), made(6, Unit.MONTHS, repeats=Repeats.YEARLY)
    assert next_trigger(visits, d("2026-01-05"), d("2026-02-10")) == d("2026-02-10")
    assert next_trigger(yearly, d("2024-02-29"), d("2024-08-20")) == d("2025-02-28")
    assert next_trigger(made(5, Unit.DAYS), d("2026-01-05"), d("2026-01-06")) is None
