"""Telephone numbers as people of this country type them: with blanks, +44, an extension. Letters and slips are refused.

Lengths: Ofcom, National Telephone Numbering Plan (a UK number has 9 or 10 digits after the first 0); elsewhere ITU-T
E.164 (8 to 15 digits after the +). Short numbers such as 101, 111 and 116 000 are numbers too.
"""

import re

from django.core.exceptions import ValidationError

EXTENSION = re.compile(r"[,;]?\s*(?:\bextension|\bextn|\bext|(?<=[\d ])x|#)\s*\.?:?\s*(\d{1,6})$", re.IGNORECASE)
SIGNS = re.compile(r"[\d\s()\-.+]+", re.ASCII)
SHORT = re.compile(r"1\d\d|999|116\d{3}|118\d{3}")
LIKE = "like 01782 000000, +44 1782 000000 or 01782 000000 ext 12"


def telephone(value) -> str:
    """The number on one line as it was typed, '' for none. ValidationError with what is wrong with it."""
    number = " ".join(str(value or "").split())
    if not number:
        return ""
    main = EXTENSION.sub("", number).strip()
    if not SIGNS.fullmatch(main):
        raise ValidationError(f"Enter one telephone number in figures, {LIKE}")
    digits = re.sub(r"\D", "", main)
    if "+" in main[1:] or not _is_whole(main, digits):
        raise ValidationError(f"This telephone number has too few or too many figures. Enter it in full, {LIKE}")
    return number


def _is_whole(main, digits) -> bool:
    if main.startswith("+44"):
        return len(digits.removeprefix("44").removeprefix("0")) in (9, 10)
    if main.startswith("+"):
        return 8 <= len(digits) <= 15
    return bool(SHORT.fullmatch(digits)) or (digits.startswith("0") and len(digits) in (10, 11))
