"""Telephone numbers are taken as people type them, and a slip is refused with a sentence that says what to do."""

import pytest
from django.core.exceptions import ValidationError

from partnership.ui.telephones import telephone


@pytest.mark.parametrize(
    "typed",
    [
        "01782 000000", "01782000000", "(01782) 000-000", "+44 1782 000000", "+44 (0)1782 000000", "0300 123 4567",
        "07700 900123", "016977 2222", "01782 000000 ext 12", "01782 000000 x12", "01782 000000, ext. 1204",
        "01782 000000 #7", "01782 000000 extension 12", "111", "116 000", "+353 1 679 9777",
    ],
)  # fmt: skip
def test_what_people_type_is_taken_as_it_is(typed):
    assert telephone(f"  {typed} ") == typed


def test_no_number_is_none_and_two_lines_become_one():
    assert (telephone("  "), telephone(None), telephone("01782\r\n000000")) == ("", "", "01782 000000")


@pytest.mark.parametrize(
    "typed", ["ring me", "01782 OOOOOO", "01782 000000 or 07700 900123", "01782 000000 (Ann)", "x"]
)
def test_letters_are_refused(typed):
    with pytest.raises(ValidationError, match="in figures, like 01782 000000"):
        telephone(typed)


@pytest.mark.parametrize(
    "typed",
    ["01782 00", "01782 0000000", "782000000", "+44 1782 00", "+44 1782 00000000", "+1 2", "1234", "0+1782000000"],
)
def test_a_wrong_length_is_refused(typed):
    with pytest.raises(ValidationError, match="too few or too many figures"):
        telephone(typed)
