"""manage.py deadline_for: the due date first, then the days not counted; a refusal in plain words."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from partnership.deadlines.calendars import change
from partnership.deadlines.management.commands.deadline_for import Command
from partnership.deadlines.rules import CODES
from partnership.deadlines.working_days import Holiday

pytestmark = pytest.mark.django_db


def answer(*args: str) -> list[str]:
    out = StringIO()
    call_command(Command(), *args, stdout=out, no_color=True)
    return out.getvalue().splitlines()


def test_the_due_date_comes_first_then_the_days_not_counted():
    assert answer("incident_notification", "2026-03-27") == [
        "2026-04-07",
        "2026-03-28, Saturday",
        "2026-03-29, Sunday",
        "2026-04-03, Good Friday",
        "2026-04-04, Saturday",
        "2026-04-05, Sunday",
        "2026-04-06, Easter Monday",
    ]


def test_the_rapid_review_runs_fifteen_working_days():
    assert answer("rapid_review", "2019-04-12")[0] == "2019-05-08"


def test_known_on_counts_with_the_calendar_of_that_evening():
    funeral = "2022-09-19, State Funeral of Queen Elizabeth II"
    before = answer("rapid_review", "2022-09-08", "--known-on", "2022-09-09")
    after = answer("rapid_review", "2022-09-08", "--known-on", "2022-09-10")
    assert (before[0], funeral in before) == ("2022-09-29", False)
    assert (after[0], funeral in after) == ("2022-09-30", True)
    assert answer("rapid_review", "2022-09-08") == after


def test_a_time_with_its_offset_counts_from_the_london_date():
    assert answer("incident_notification", "2026-06-01T23:30Z") == answer("incident_notification", "2026-06-02")
    assert answer("incident_notification", "2026-06-01T23:30+01:00") == answer("incident_notification", "2026-06-01")


@pytest.mark.parametrize("code", CODES)
def test_every_rule_answers_or_says_why_not(code):
    try:
        first = answer(code, "2023-12-15T10:00+00:00")[0]
    except CommandError as refusal:
        assert any(words in str(refusal) for words in ("must be given", "No edition"))
    else:
        assert first[:4] in ("2023", "2024", "2025", "2026")


def test_it_counts_with_the_holidays_of_the_database():
    """A day that was entered by hand this morning counts at once."""
    before = answer("rapid_review", "2026-11-20")[0]
    funeral = Holiday(date(2026, 12, 2), "Day of mourning", date(2026, 11, 22), None, "A proclamation")
    change("england-and-wales", add=[funeral], by=None, reason="A proclamation")
    assert (before, answer("rapid_review", "2026-11-20")[0]) == ("2026-12-11", "2026-12-14")
    assert answer("rapid_review", "2026-11-20", "--known-on", "2026-11-21")[0] == "2026-12-11"
    assert "2026-12-02, Day of mourning" in answer("freedom_of_information", "2026-11-20")


def test_hours_end_at_a_time_in_london_over_the_change_of_the_clocks():
    assert answer("return_interview", "2027-03-27T10:00+00:00") == ["2027-03-30T11:00+01:00"]
    assert answer("return_interview", "2027-10-30T10:00+01:00") == ["2027-11-02T09:00+00:00"]


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("rapid", "2026-03-27"), "There is no rule 'rapid'. The rules are: incident_notification, rapid_review, "),
        (("rapid_review", "31/04/2027"), "is not a date"),
        (("rapid_review", "2027-04-31"), "is not a date"),
        (("rapid_review", "20270401"), "is not a date"),
        (("rapid_review", "27-04-01"), "is not a date"),
        (("rapid_review", "20266-01-01"), "is not a date"),
        (("rapid_review", ""), "is not a date"),
        (("rapid_review", "2026-03-27T25:00Z"), "is not a date and time"),
        (("rapid_review", "2026-03-27T10:00"), "no offset"),
        (("rapid_review", "9999-12-31T23:30-12:00"), "outside the dates"),
        (("rapid_review", "0202-03-27"), "No edition"),
        (("rapid_review", "2018-06-28"), "No edition"),
        (("rapid_review", "2028-12-15"), "31 December 2028 only"),
        (("subject_access", "9999-12-31"), "outside the dates"),
        (("information_request", "2026-03-27"), "the date must be given"),
        (("return_interview", "2026-03-27"), "the time at which it began is needed"),
        (("board_meeting", "2019-03-31"), "the first is of 2019-04-01"),
        (("rapid_review", "2026-03-27", "--known-on", "yesterday"), "'yesterday' is not a date"),
        (("rapid_review", "2026-03-27", "--known-on", ""), "is not a date"),
    ],
)
def test_a_refusal_says_why_in_plain_words_and_prints_no_date(args, says):
    out = StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command(Command(), *args, stdout=out)
    assert says in str(refusal.value)
    assert refusal.value.returncode != 0
    assert out.getvalue() == ""
