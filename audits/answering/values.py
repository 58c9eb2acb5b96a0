"""What may be answered to a question, by its kind. Pure.

Values: {"code", "number", "day", "text", "rows", "na_reason"}, as `audits.models.Value`; what is not named is empty.
"""

import re
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils import timezone

from audits.asking import scale_of
from audits.models import Value, Wording
from partnership.ui.dates import plain
from partnership.ui.forms import unstorable

Kind = Wording.Kind
EMPTY = {"code": "", "number": None, "day": None, "text": "", "rows": [], "na_reason": ""}
# The field in which a kind is answered; words may stand beside each of them.
FIELD_OF = {
    **dict.fromkeys(Wording.CHOSEN, "code"),
    Kind.NUMBER: "number",
    Kind.PERCENT: "number",
    Kind.DATE: "day",
    Kind.TABLE: "rows",
    Kind.TEXT: "text",
    Kind.FILE: "text",
}
MOST_TEXT = Value._meta.get_field("text").max_length
MOST_REASON = Value._meta.get_field("na_reason").max_length
MOST_NUMBER = Decimal(999_999_999_999)  # what the column holds
# A comma parts thousands: '97,5' is a number of another country, and never 975.
WRITTEN = re.compile(r"[-+]?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?|\.\d+")
MOST_ROWS, MOST_CELL = 50, 500
FIRST_DAY, LAST_YEAR = date(1990, 1, 1), 10  # a day outside these is a slip of the keyboard

HIDDEN = "This text has a hidden character that cannot be stored: delete it and type the words again"
BOTH = "Give an answer, or say why this does not apply: not both"
FOR_ALL = "This question applies to everybody: give an answer"
SAY_WHY = "Say why this does not apply"
FROM_THE_LIST = "Choose an answer from those that are shown"
IN_THE_PAST = "This asks what was done last: the date must be today or in the past"


def clean(wording, values: dict) -> dict:
    """The values as they are stored, all of EMPTY's names. Raises ValidationError by the name of the value.

    values may carry "na": it does not apply, which needs its reason.
    """
    given = {name: value for name, value in values.items() if name != "na"}
    if unknown := set(given) - set(EMPTY):
        raise ValidationError(f"This is no part of an answer: {', '.join(sorted(unknown))}.")
    own = FIELD_OF[wording.kind]
    cleaned = dict(EMPTY)
    cleaned["text"] = _words("text", given.get("text"), MOST_TEXT)
    cleaned["na_reason"] = _words("na_reason", given.get("na_reason"), MOST_REASON)
    if own != "text":
        cleaned[own] = CLEANERS[own](wording, given.get(own))
    if foreign := [name for name in ("code", "number", "day", "rows") if name != own and given.get(name)]:
        raise ValidationError({foreign[0]: f"This question is answered by {wording.get_kind_display().lower()}"})
    _applies(wording, cleaned, own, says_not=bool(values.get("na")))
    return cleaned


def _applies(wording, cleaned, own, *, says_not):
    if says_not and not cleaned["na_reason"]:
        raise ValidationError({"na_reason": SAY_WHY})
    if not cleaned["na_reason"]:
        return
    if not wording.may_not_apply:
        raise ValidationError({"na_reason": FOR_ALL})
    if own != "text" and cleaned[own] != EMPTY[own]:
        raise ValidationError({"na_reason": BOTH})


def _words(name, value, most) -> str:
    text = str(value or "").replace("\r\n", "\n").replace("\r", "\n").strip()
    if unstorable(text):
        raise ValidationError({name: HIDDEN})
    if len(text) > most:
        raise ValidationError({name: f"This must be {most} characters or fewer; it is now {len(text)}"})
    return text


def _code(wording, value) -> str:
    code = str(value or "")
    if code and code not in {each for each, _, _ in scale_of(wording)}:
        raise ValidationError({"code": FROM_THE_LIST})
    return code


def _number(wording, value) -> Decimal | None:
    text = "" if value is None else str(value).strip().removesuffix("%").strip()
    if not text:
        return None
    if not WRITTEN.fullmatch(text):
        raise ValidationError({"number": "This must be a number, like 12, 97.5 or 1,204"})
    number = Decimal(text.replace(",", ""))
    if wording.kind == Kind.PERCENT and not 0 <= number <= 100:
        raise ValidationError({"number": "A percentage must be from 0 to 100"})
    if not 0 <= number <= MOST_NUMBER:
        raise ValidationError({"number": "This must be 0 or more, and shorter than 13 digits"})
    if number != round(number, 2):
        raise ValidationError({"number": "This must have no more than two figures after the point"})
    return round(number, 2)


def _day(wording, value) -> date | None:
    if not value:
        return None
    day = value.date() if isinstance(value, datetime) else value
    if not isinstance(day, date):
        try:
            day = date.fromisoformat(str(value))
        except ValueError:
            raise ValidationError({"day": "This must be a real date, like 27 3 2026"}) from None
    last = date(timezone.localdate().year + LAST_YEAR, 12, 31)
    if not FIRST_DAY <= day <= last:
        raise ValidationError({"day": f"The date must be between {plain(FIRST_DAY)} and {plain(last)}"})
    if wording.not_future and day > timezone.localdate():
        raise ValidationError({"day": IN_THE_PAST})
    return day


def _rows(wording, value) -> list:
    """The rows of a table, those that are empty left out; each has a cell a column."""
    wide = len(wording.columns)
    rows = value or []
    if not isinstance(rows, list) or any(not isinstance(row, (list, tuple)) or len(row) != wide for row in rows):
        raise ValidationError({"rows": f"Each row of this table has {wide} cells"})
    cleaned = [[_words("rows", cell, MOST_CELL) for cell in row] for row in rows]
    kept = [row for row in cleaned if any(row)]
    if len(kept) > MOST_ROWS:
        raise ValidationError({"rows": f"This table takes {MOST_ROWS} rows; put the rest into a file"})
    return kept


CLEANERS = {"code": _code, "number": _number, "day": _day, "rows": _rows}


def same(one: dict, other: dict) -> bool:
    return all(one[name] == other[name] for name in EMPTY)


def of(answer) -> dict:
    """The values of an Answer or a TrustAnswer; of None, nothing."""
    return dict(EMPTY) if answer is None else {name: getattr(answer, name) for name in EMPTY}


def in_words(wording, answer) -> str:
    """An answer as people read it: the word of the scale, a date, the rows of a table line by line; '' for none."""
    if answer is None:
        return ""
    rows = answer.rows if wording.kind == Kind.TABLE else ()
    lines = ("; ".join(f"{head}: {cell}" for head, cell in zip(wording.columns, row, strict=False) if cell)
             for row in rows)  # fmt: skip
    return "\n".join(filter(None, [said(wording, answer), *lines, answer.text]))


def said(wording, answer) -> str:
    """An answer but for its free text and its rows: 'Met', '94%', '3 May 2026', 'Does not apply: …'; '' for none."""
    if answer is None:
        return ""
    if answer.na_reason:
        return f"Does not apply: {answer.na_reason}"
    if wording.kind in Wording.CHOSEN:
        return {code: label for code, label, _ in scale_of(wording)}.get(answer.code, answer.code)
    if wording.kind in (Kind.NUMBER, Kind.PERCENT):
        return "" if answer.number is None else number_in_words(wording, answer.number)
    return plain(answer.day) if wording.kind == Kind.DATE and answer.day else ""


def plain_number(number) -> str:
    """A number without noughts after the point: '97.5', '12'."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def number_in_words(wording, number) -> str:
    if wording.kind == Kind.PERCENT:
        return f"{plain_number(number)}%"
    return f"{plain_number(number)} {wording.unit}".strip()
