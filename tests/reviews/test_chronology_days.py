"""How the dates and times of a chronology are read."""

from datetime import date, time

import pytest

from partnership.documents.tables.days import NoDate, read_day, read_time

ZERO = date(1899, 12, 30)


@pytest.mark.parametrize(
    "written, words, starts, ends",
    [
        ("3.4.25", "3 April 2025", date(2025, 4, 3), date(2025, 4, 3)),
        ("03/04/2025", "3 April 2025", date(2025, 4, 3), date(2025, 4, 3)),
        ("2025-04-03", "3 April 2025", date(2025, 4, 3), date(2025, 4, 3)),
        ("Thursday 3rd April 2025", "3 April 2025", date(2025, 4, 3), date(2025, 4, 3)),
        ("3.4.98", "3 April 1998", date(1998, 4, 3), date(1998, 4, 3)),
        ("45750", "3 April 2025", date(2025, 4, 3), date(2025, 4, 3)),
        ("April 2025", "April 2025", date(2025, 4, 1), date(2025, 4, 30)),
        ("04/2025", "April 2025", date(2025, 4, 1), date(2025, 4, 30)),
        ("2024", "2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("about Feb 2024", "About February 2024", date(2024, 2, 1), date(2024, 2, 29)),
        ("c. 2019", "About 2019", date(2019, 1, 1), date(2019, 12, 31)),
        ("from 3 April 2025 to 5 May 2025", "3 April 2025 to 5 May 2025", date(2025, 4, 3), date(2025, 5, 5)),
        ("3 to 5 April 2025", "3 April 2025 to 5 April 2025", date(2025, 4, 3), date(2025, 4, 5)),
        ("2021 – 2023", "2021 to 2023", date(2021, 1, 1), date(2023, 12, 31)),
        ("3.4.25 to 3 April 2025", "3 April 2025", date(2025, 4, 3), date(2025, 4, 3)),
        ("Summer 2025", "About June 2025 to August 2025", date(2025, 6, 1), date(2025, 8, 31)),
        ("winter 2023/24", "About December 2023 to February 2024", date(2023, 12, 1), date(2024, 2, 29)),
        ("early March 2024", "About 1 March 2024 to 10 March 2024", date(2024, 3, 1), date(2024, 3, 10)),
        ("late Feb 2024", "About 21 February 2024 to 29 February 2024", date(2024, 2, 21), date(2024, 2, 29)),
        ("mid-2023", "About May 2023 to August 2023", date(2023, 5, 1), date(2023, 8, 31)),
        ("late summer 2024", "About June 2024 to August 2024", date(2024, 6, 1), date(2024, 8, 31)),
        ("school year 2023/24", "September 2023 to August 2024", date(2023, 9, 1), date(2024, 8, 31)),
        ("financial year 2023/2024", "April 2023 to March 2024", date(2023, 4, 1), date(2024, 3, 31)),
        ("2024-05", "May 2024", date(2024, 5, 1), date(2024, 5, 31)),
        ("June to August 2024", "June 2024 to August 2024", date(2024, 6, 1), date(2024, 8, 31)),
        ("Not known", "Not known", None, None),
    ],
)
def test_a_date_is_read_as_exactly_as_it_was_written(written, words, starts, ends):
    day = read_day(written, day_zero=ZERO)
    assert (day.words, day.starts, day.ends) == (words, starts, ends)


NO_DATES = ["", "4/13/25", "31.2.2025", "Winter 2024", "2023/24", "2023–24", "1.1.2090", "5 May 2025 to 3 May 2025"]
NO_DATES += ["12345678", "3 Apr 25 14:30", "1066", "=A1", "\x00", "9999-12-31", "0.0.00"]


@pytest.mark.parametrize("written", NO_DATES)
def test_what_is_no_date_is_refused_in_a_sentence(written):
    with pytest.raises(NoDate, match=r"\w+.*\."):
        read_day(written, day_zero=ZERO)


@pytest.mark.parametrize(
    "written, typed", [("2023/24", "school year 2023/24"), ("Winter 2024", "winter 2023/24 or winter 2024/25")]
)
def test_what_can_mean_two_things_is_refused_with_what_to_type(written, typed):
    with pytest.raises(NoDate, match=typed):
        read_day(written)


def test_a_year_that_cannot_be_meant_is_refused_by_what_is_wrong_with_it():
    for written, ahead, said in (
        ("3 April 2199", False, "in the future"),
        ("3 April 2199", True, "20 years ahead"),
        ("3/4/1820", False, "before 1900"),
    ):
        with pytest.raises(NoDate, match=f"lies .*{said}.*Look at the year"):
            read_day(written, ahead=ahead)


def test_a_bare_number_is_a_day_only_in_a_spreadsheet_and_is_remarked_on():
    assert "3 April 2025" in read_day("45750", day_zero=ZERO).remark
    with pytest.raises(NoDate):
        read_day("45750")


def test_times_are_read_in_the_ways_people_write_them():
    said = ["14:30", "2.30pm", "1430hrs", "14:30:00", "0.6041666667"]
    assert {read_time(each) for each in said} == {time(14, 30)} and read_time(" ") is None
    for wrong in ("25:00", "noon", "9", "13pm"):
        with pytest.raises(NoDate):
            read_time(wrong)
