"""Dates and local times as people type them: each wrong one is refused at its box, in a sentence that says why."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from partnership.ui.dates import GovDateField, GovDateTimeField, GovDateTimeWidget, clock_time, plain
from partnership.ui.forms import GovForm

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


class ContactForm(GovForm):
    last_contact = GovDateField(label="Date of last contact", not_future=True)


def problem(field, value):
    with pytest.raises(ValidationError) as caught:
        field.clean(value)
    return caught.value.messages[0], caught.value.params["parts"] if caught.value.params else ()


@pytest.mark.parametrize(
    ("typed", "message", "parts"),
    [
        (("12", "", "2026"), "The date of last contact must include a month", ("month",)),
        (("", "", "2026"), "The date of last contact must include a day and a month", ("day", "month")),
        (("31", "4", "2026"), "The date of last contact must be a real date", ("day",)),
        (("29", "2", "2026"), "The date of last contact must be a real date", ("day",)),
        (("4", "13", "2026"), "The date of last contact must be a real date", ("month",)),
        (("04", "28", "2026"), "The date of last contact must be a real date", ("month",)),
        (("x", "y", "2026"), "The date of last contact must be a real date", ("day", "month")),
        (("1", "2", "twenty"), "The date of last contact must be a real date", ("year",)),
        (("1", "2", "26"), "The year of the date of last contact must be 4 numbers, like 2026", ("year",)),
        (("1", "2", "20266"), "The year of the date of last contact must be 4 numbers, like 2026", ("year",)),
        (("1", "2", "0202"), "The year of the date of last contact must be between 1900 and 2100", ("year",)),
        (("1", "2", "٢٠٢٦"), "The date of last contact must be a real date", ("year",)),
        (("-1", "2", "2026"), "The date of last contact must be a real date", ("day",)),
        (("23", "11", "2026"), "The date of last contact must be today or in the past", ("day", "month", "year")),
    ],
)
@time_machine.travel(NOW, tick=False)
def test_a_wrong_date_says_which_box_is_wrong(typed, message, parts):
    field = GovDateField(subject="date of last contact", not_future=True)
    assert problem(field, typed) == (message, parts)


@pytest.mark.parametrize("month", ["3", "03", "mar", "March", "MARCH"])
def test_a_month_may_be_typed_as_a_number_or_a_name(month):
    assert GovDateField().clean(("27", month, "2026")) == date(2026, 3, 27)


@time_machine.travel(NOW, tick=False)
def test_today_is_not_in_the_future():
    assert GovDateField(not_future=True).clean(("22", "11", "2026")) == date(2026, 11, 22)


@time_machine.travel(datetime(2026, 7, 1, 23, 30, tzinfo=UTC), tick=False)
def test_today_is_the_day_in_london_not_in_utc():
    assert GovDateField(not_future=True).clean(("2", "7", "2026")) == date(2026, 7, 2)


@pytest.mark.parametrize(
    ("typed", "words"), [(date(2026, 3, 1), "2 March 2026 or later"), (date(2026, 3, 9), "or earlier")]
)
def test_limits_are_said_with_their_date(typed, words):
    field = GovDateField(earliest=lambda: date(2026, 3, 2), latest=date(2026, 3, 8))
    assert words in problem(field, typed)[0]


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_what_stands_in_the_boxes_reads_back_as_the_same_day(day):
    field = GovDateField()
    assert field.clean(field.widget.texts(day)) == day


def test_the_summary_links_to_the_first_wrong_box():
    form = ContactForm({"last_contact_day": "12", "last_contact_month": "", "last_contact_year": ""})
    assert form["last_contact"].error_target == "id_last_contact_month"


def test_an_empty_date_is_one_problem_and_leads_to_the_day():
    form = ContactForm({})
    assert form["last_contact"].errors == ["Enter the date of last contact"]
    assert form["last_contact"].error_target == "id_last_contact_day"


def test_a_wrong_date_is_shown_again_as_it_was_typed():
    form = ContactForm({"last_contact_day": "31", "last_contact_month": "Feb", "last_contact_year": "2026"})
    html = str(form)
    assert all(f'value="{typed}"' in html for typed in ("31", "Feb", "2026"))
    assert html.count("govuk-input--error") == 1


# --- times ------------------------------------------------------------------------------------------------------------


def moment(typed, day=("1", "7", "2026")):
    return GovDateTimeField().clean((*day, typed))


@pytest.mark.parametrize(
    ("typed", "hour", "minute"),
    [("14:30", 13, 30), ("2:30pm", 13, 30), ("2.30 pm", 13, 30), ("9am", 8, 0), ("12am", 23, 0), ("midday", 11, 0)],
)
def test_a_time_is_local_and_kept_in_utc(typed, hour, minute):
    found = moment(typed)
    assert (found.hour, found.minute, found.tzinfo) == (hour, minute, UTC)


@pytest.mark.parametrize("typed", ["25:00", "14:60", "14", "23:59:59.9", "13pm", "0am", "soon", "14:3", "１４:３０"])
def test_a_time_that_is_none_says_how_to_type_it(typed):
    message, parts = problem(GovDateTimeField(subject="incident"), ("1", "7", "2026", typed))
    assert (message, parts) == ("The time of the incident must be like 14:30", ("time",))


def test_a_date_without_its_time_asks_for_the_time():
    message, parts = problem(GovDateTimeField(subject="incident"), ("1", "7", "2026", ""))
    assert (message, parts) == ("The incident must include a time", ("time",))


def test_a_time_that_the_spring_change_skips_is_refused():
    message, parts = problem(GovDateTimeField(), ("28", "3", "2027", "01:30"))
    assert message == "1:30am did not exist on 28 March 2027: the clocks went forward from 1am to 2am"
    assert parts == ("time",)


def test_a_time_that_autumn_repeats_is_asked_for_once_more():
    message, parts = problem(GovDateTimeField(), ("31", "10", "2027", "01:30"))
    assert message == (
        "1:30am happened twice on 31 October 2027, when the clocks went back. "
        "Add BST for the first time or GMT for the second, like 01:30 BST"
    )
    assert parts == ("time",)


def test_bst_and_gmt_choose_between_the_two():
    day = ("31", "10", "2027")
    assert moment("01:30 GMT", day) - moment("01:30 bst", day) == timedelta(hours=1)


def test_the_wrong_one_of_bst_and_gmt_is_refused():
    message, _ = problem(GovDateTimeField(subject="incident"), ("1", "7", "2026", "14:30 GMT"))
    assert message == "The time of the incident cannot be in GMT: on 1 July 2026 the clocks show BST"


@given(st.datetimes(datetime(1995, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_moment_shown_in_the_boxes_reads_back_as_the_same_minute(when):
    when = when.replace(second=0, microsecond=0)
    assert GovDateTimeField().clean(GovDateTimeWidget().texts(when)) == when


@time_machine.travel(NOW, tick=False)
def test_a_moment_to_come_is_refused_and_this_minute_is_not():
    field = GovDateTimeField(subject="notification", not_future=True)
    assert field.clean(("22", "11", "2026", "09:30")) == NOW
    assert problem(field, ("22", "11", "2026", "09:32"))[0] == "The notification must be in the past"


def test_times_are_said_as_people_say_them():
    when = datetime(2026, 4, 8, 9, 12, tzinfo=UTC)
    assert (plain(when), clock_time(when), clock_time(when.replace(hour=12, minute=0))) == (
        "8 April 2026",
        "9:12am",
        "12pm",
    )


class Labels(GovForm):
    told = GovDateField(label="Told on")
    last = GovDateField(label="Last day")
    until = GovDateField(label="Until")


def test_a_sentence_quotes_a_label_that_is_no_noun():
    year = {f"{name}_{part}": "12" for name in ("told", "last", "until") for part in ("day", "month", "year")}
    errors = Labels(year).errors
    assert errors["told"][0].startswith("The year of the date of ‘Told on’ must be 4 numbers")
    assert errors["until"][0].startswith("The year of the date of ‘Until’ must be 4 numbers")
    assert errors["last"][0].startswith("The year of the last day must be 4 numbers")
