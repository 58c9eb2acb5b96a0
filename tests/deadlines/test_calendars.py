"""Calendars in the database: seeded once, changed by people in versions, remembered safely, told as they once were."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import DatabaseError, connection, connections, transaction

from partnership.deadlines import calendars
from partnership.deadlines.calendars import (
    NoCalendar,
    add_year,
    as_of,
    change,
    load,
    load_shipped,
    newest_version,
    not_entered,
    with_changes,
    with_year,
    years_ending,
)
from partnership.deadlines.models import BankHoliday, CalendarVersion, Division
from partnership.deadlines.registrations import _is_bank_holiday
from partnership.deadlines.working_days import Holiday, add_working_days, load_file
from partnership.trail.models import Event

ENGLAND, KINGDOM = Division.ENGLAND_AND_WALES, Division.UNITED_KINGDOM
pytestmark = pytest.mark.django_db


def d(text: str) -> date:
    return date.fromisoformat(text)


def one_off(day="2026-12-02", title="Day of mourning") -> Holiday:
    return Holiday(d(day), title, d("2026-11-22"), None, "Proclamation of 22 November 2026")


def a_year(year, source="gov.uk bank holidays"):
    return [Holiday(date(year, month, 2), f"Day {month}", None, None, source) for month in range(1, 9)]


@pytest.fixture
def recounted(monkeypatch):
    """The versions for which the open clocks were counted again."""
    seen = []
    monkeypatch.setattr(calendars, "_recalculate", lambda version, **by: seen.append((version, by)))
    return seen


class TestSeeding:
    @pytest.mark.parametrize("division", Division.values)
    def test_the_database_starts_as_the_files_are(self, division):
        assert load(division) == load_file(division)
        assert (newest_version(division).number, newest_version(division).last_year) == (1, 2028)

    def test_a_second_set_up_changes_nothing(self):
        rows = set(BankHoliday.objects.values_list("pk", "title"))
        call_command("load_calendars", verbosity=0)
        assert set(BankHoliday.objects.values_list("pk", "title")) == rows
        assert CalendarVersion.objects.count() == 2

    def test_what_a_person_entered_survives_an_upgrade_and_what_was_given_up_stays_so(self, recounted):
        change(ENGLAND, add=[one_off()], give_up=[d("2027-05-03")], by=None, reason="Announced today")
        load_shipped()
        assert load(ENGLAND).days[d("2026-12-02")] == "Day of mourning"
        assert d("2027-05-03") not in load(ENGLAND).days
        assert [each.date for each in not_entered(ENGLAND)] == [d("2027-05-03")]

    def test_an_upgrade_adds_whole_new_years_and_never_days_to_a_known_year(self, monkeypatch, recounted):
        shipped = load_file(ENGLAND)
        newer = with_more(shipped, [*a_year(2029), one_off("2027-02-01", "A late one-off")], 2029)
        monkeypatch.setattr(
            calendars, "load_file", lambda division: newer if division == ENGLAND else load_file(division)
        )
        assert load_shipped() == {ENGLAND: 8, KINGDOM: 0}
        assert load(ENGLAND).last_year == 2029
        assert d("2027-02-01") not in load(ENGLAND).days, "it would move open clocks unseen"
        assert [each.title for each in not_entered(ENGLAND)] == ["A late one-off"]
        assert [version.reason for version, _ in recounted] == ["The portal's own list: 2029"]

    def test_without_a_calendar_the_words_say_what_to_run(self, monkeypatch):
        with pytest.raises(NoCalendar, match="portal_setup"):
            newest_version("narnia")


def with_more(calendar, more, last_year):
    return replace(calendar, holidays=(*calendar.holidays, *more), last_year=last_year)


class TestLoading:
    def test_one_short_query_while_nothing_has_changed(self, django_assert_num_queries):
        load(ENGLAND)
        with django_assert_num_queries(1):
            load(ENGLAND)
        change(ENGLAND, add=[one_off()], by=None, reason="Announced")
        load(ENGLAND)
        with django_assert_num_queries(1):
            assert d("2026-12-02") in load(ENGLAND).days

    def test_a_change_that_is_rolled_back_is_forgotten_although_its_number_comes_again(self):
        with transaction.atomic():
            change(ENGLAND, add=[one_off()], by=None, reason="A slip")
            assert d("2026-12-02") in load(ENGLAND).days
            transaction.set_rollback(True)
        assert d("2026-12-02") not in load(ENGLAND).days
        change(ENGLAND, add=[one_off("2026-12-03")], by=None, reason="Announced")
        assert newest_version(ENGLAND).number == 2
        assert [day in load(ENGLAND).days for day in (d("2026-12-02"), d("2026-12-03"))] == [False, True]

    def test_known_on_shows_the_evening_before(self):
        change(ENGLAND, add=[one_off()], by=None, reason="Announced")
        assert add_working_days(d("2026-11-20"), 15, load(ENGLAND)).due == d("2026-12-14")
        assert add_working_days(d("2026-11-20"), 15, load(ENGLAND, known_on=d("2026-11-21"))).due == d("2026-12-11")

    def test_every_version_can_be_told_again(self):
        change(ENGLAND, add=[one_off()], by=None, reason="Announced")
        change(ENGLAND, add=[one_off("2026-12-09", "Moved")], give_up=[d("2026-12-02")], by=None, reason="It moved")
        change(ENGLAND, add=[one_off("2026-12-02", "Back")], give_up=[d("2026-12-09")], by=None, reason="It moved back")
        add_year(ENGLAND, 2029, a_year(2029), by=None, reason="Next year")
        versions = CalendarVersion.objects.filter(division=ENGLAND).order_by("number")
        shown = [
            (
                [str(day) for day in as_of(version).days if day.year == 2026 and day.month == 12],
                as_of(version).last_year,
            )
            for version in versions
        ]
        assert shown == [
            (["2026-12-25", "2026-12-28"], 2028),
            (["2026-12-02", "2026-12-25", "2026-12-28"], 2028),
            (["2026-12-09", "2026-12-25", "2026-12-28"], 2028),
            (["2026-12-02", "2026-12-25", "2026-12-28"], 2028),
            (["2026-12-02", "2026-12-25", "2026-12-28"], 2029),
        ]


class TestChange:
    def test_a_change_is_a_version_with_who_and_why_and_counts_the_clocks_again(self, world, recounted):
        version = change(ENGLAND, add=[one_off()], by=world.manager, reason="A proclamation")
        assert (version.number, version.made_by, version.reason) == (2, world.manager, "A proclamation")
        assert version.changes == {"added": ["2026-12-02"]}
        assert [(v.division, by) for v, by in recounted] == [
            (ENGLAND, {"by": world.manager, "reason": "A proclamation"}),
            (KINGDOM, {"by": world.manager, "reason": "A proclamation"}),
        ]
        row = BankHoliday.objects.get(division=ENGLAND, date=d("2026-12-02"))
        assert (row.added_by, row.announced_on) == (world.manager, d("2026-11-22"))
        event = Event.objects.filter(verb="calendar_changed", object_id=version.pk).get()
        assert event.data["added"] == ["2026-12-02"]

    def test_a_holiday_of_england_is_one_in_any_part_of_the_united_kingdom(self):
        change(ENGLAND, add=[one_off()], give_up=[d("2027-05-03")], by=None, reason="It moves")
        assert d("2026-12-02") in load(KINGDOM).days
        assert d("2027-05-03") not in load(KINGDOM).days

    def test_a_day_that_stays_one_in_scotland_stays_in_the_united_kingdoms_calendar(self):
        change(ENGLAND, give_up=[d("2027-05-03")], also=[], by=None, reason="England only")
        assert d("2027-05-03") not in load(ENGLAND).days
        assert d("2027-05-03") in load(KINGDOM).days
        assert newest_version(KINGDOM).number == 1

    def test_a_day_of_scotland_alone_leaves_england_as_it_was(self):
        change(KINGDOM, add=[one_off("2026-12-02", "One-off (Scotland)")], by=None, reason="Announced")
        assert newest_version(ENGLAND).number == 1
        change(ENGLAND, add=[one_off()], by=None, reason="England follows")
        assert newest_version(KINGDOM).number == 2, "it is in that calendar already"

    def test_the_united_kingdom_cannot_give_up_a_day_of_england(self):
        with pytest.raises(ValidationError, match="Change it there"):
            change(KINGDOM, give_up=[d("2027-05-03")], by=None, reason="A slip")

    def test_a_day_given_up_by_mistake_comes_back_and_its_row_is_the_same(self):
        row = BankHoliday.objects.get(division=ENGLAND, date=d("2027-05-03"))
        change(ENGLAND, give_up=[row.date], by=None, reason="A slip")
        version = change(ENGLAND, add=[one_off("2027-05-03", row.title)], by=None, reason="It was a slip")
        assert d("2027-05-03") in load(ENGLAND).days
        assert list(version.changes) == ["restored"]
        assert BankHoliday.objects.get(division=ENGLAND, date=d("2027-05-03")).pk == row.pk

    @pytest.mark.parametrize(
        ("holiday", "says"),
        [
            (one_off("2026-12-25", "Christmas again"), "25 December 2026 is a bank holiday already: Christmas Day"),
            (one_off("2029-01-01"), "Add the year 2029 with all its bank holidays first"),
            (one_off("2017-05-01"), "runs from 2018 to 2028"),
            (one_off(title="  "), "Enter the name"),
            (Holiday(d("2026-12-02"), "No source", None, None, " "), "where it was announced"),
        ],
    )
    def test_what_cannot_be_is_refused_in_plain_words_and_leaves_no_version(self, holiday, says):
        with pytest.raises(ValidationError) as refusal:
            change(ENGLAND, add=[holiday], by=None, reason="Announced")
        assert says in " ".join(refusal.value.messages)
        assert CalendarVersion.objects.count() == 2

    def test_no_reason_no_change(self):
        with pytest.raises(ValidationError, match="Say why"):
            change(ENGLAND, add=[one_off()], by=None, reason="  ")
        with pytest.raises(ValidationError, match="Nothing would change"):
            change(ENGLAND, by=None, reason="Nothing")

    def test_a_day_that_never_was_one_cannot_be_given_up(self):
        with pytest.raises(ValidationError, match="2 December 2026 is no bank holiday"):
            change(ENGLAND, give_up=[d("2026-12-02")], by=None, reason="A slip")

    def test_a_day_twice_in_one_change_is_refused(self):
        with pytest.raises(ValidationError, match="twice"):
            change(ENGLAND, add=[one_off(), one_off(title="Again")], by=None, reason="A slip")

    def test_a_preview_changes_nothing(self):
        new = with_changes(ENGLAND, add=[one_off()], on=d("2026-11-22"))
        assert d("2026-12-02") in new.days
        assert load(ENGLAND) == load_file(ENGLAND)


class TestYears:
    def test_a_whole_next_year_is_added(self):
        version = add_year(ENGLAND, 2029, a_year(2029), by=None, reason="The list of 2029 was published")
        assert (version.last_year, load(ENGLAND).last_year) == (2029, 2029)
        assert add_working_days(d("2028-12-28"), 2, load(ENGLAND)).due == d("2029-01-01")

    @pytest.mark.parametrize(
        ("year", "days", "says"),
        [
            (2029, a_year(2029)[:7], "2029 would have 7 bank holidays"),
            (2030, a_year(2030), "The next year of this calendar is 2029"),
            (2028, a_year(2028), "The next year of this calendar is 2029"),
            (2029, [*a_year(2029), one_off("2028-07-03")], "3 July 2028 is not in 2029"),
            (2029, [*a_year(2029), *a_year(2029)[:1]], "2 January 2029 stands there twice"),
            (2029, a_year(2029, source=""), "where it was announced"),
        ],
    )
    def test_half_a_year_or_another_year_is_refused(self, year, days, says):
        with pytest.raises(ValidationError) as refusal:
            with_year(ENGLAND, year, days)
        assert says in " ".join(refusal.value.messages)

    def test_the_united_kingdoms_year_holds_that_of_england(self):
        with pytest.raises(ValidationError, match="Add the year 2029 to England and Wales first"):
            with_year(KINGDOM, 2029, a_year(2029))
        add_year(ENGLAND, 2029, a_year(2029), by=None, reason="Published")
        with pytest.raises(ValidationError, match="2 August 2029 is a bank holiday in England"):
            with_year(KINGDOM, 2029, [*a_year(2029)[:7], one_off("2029-11-30")])
        assert with_year(KINGDOM, 2029, a_year(2029)).last_year == 2029

    def test_people_are_warned_a_year_before_the_end(self):
        assert years_ending(d("2027-12-30")) == []
        assert years_ending(d("2027-12-31")) == [(ENGLAND, 2028), (KINGDOM, 2028)]
        assert years_ending(d("2029-06-01")) == [(ENGLAND, 2028), (KINGDOM, 2028)]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM deadlines_bankholiday",
        "TRUNCATE deadlines_bankholiday CASCADE",
        "UPDATE deadlines_calendarversion SET reason = 'x'",
        "DELETE FROM deadlines_localedition",
    ],
)
def test_the_web_role_cannot_rewrite_what_was(statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM deadlines_bankholiday", "UPDATE deadlines_calendarversion SET reason = 'x'"],
)
def test_even_the_owners_trigger_refuses(statement):
    with (
        pytest.raises(DatabaseError, match="never changed or deleted"),
        transaction.atomic(using="owner"),
        connections["owner"].cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_day_that_no_calendar_knows_is_no_reason_to_send_no_digest(monkeypatch):
    assert _is_bank_holiday(d("2026-12-25"))
    assert not _is_bank_holiday(d("2199-12-25"))

    def none(division):
        raise NoCalendar("not set up")

    monkeypatch.setattr(calendars, "load", none)
    assert not _is_bank_holiday(d("2026-12-25"))
