"""Dates typed in three boxes and local times, with messages that name the box that is wrong.

Pattern and wording: GOV.UK Design System, date input. Times are local (Europe/London); a time that the clock change
skips or repeats is said plainly and never guessed, because statutory periods are counted from it.
"""

import re
from datetime import UTC, date, datetime, time, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

PARTS = ("day", "month", "year")
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
            "september sep sept", "october oct", "november nov", "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
TIME = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>am|pm|a\.m\.|p\.m\.)?\s*(?P<zone>BST|GMT)?", re.IGNORECASE
)
WORDS = {"midnight": time(0, 0), "midday": time(12, 0), "noon": time(12, 0)}


def plain(moment):
    """A date or a datetime as people write it: '28 March 2027'."""
    return f"{moment.day} {moment:%B %Y}"


def clock_time(moment):
    """The time of a datetime as people say it: '1:30am', '2pm'."""
    hour = moment.hour % 12 or 12
    half = "am" if moment.hour < 12 else "pm"
    return f"{hour}:{moment:%M}{half}" if moment.minute else f"{hour}{half}"


def midnight(day):
    """The moment at which a day begins in London."""
    return timezone.make_aware(datetime.combine(day, time()))


def wrong(message, code, *parts, **params):
    """A ValidationError whose `params['parts']` names the boxes that are wrong, the first being the one to go to."""
    return ValidationError(message, code=code, params={"parts": parts, **params})


class GovDateWidget(forms.Widget):
    """Three boxes named `<name>_day`, `<name>_month`, `<name>_year`; the value is a date or a triple."""

    template_name = "ui/forms/date_boxes.html"
    use_fieldset = True
    parts = PARTS

    def part_name(self, name, part):
        return f"{name}_{part}"

    def id_for_label(self, id_):
        return f"{id_}_day" if id_ else id_

    def value_from_datadict(self, data, files, name):
        values = tuple(data.get(self.part_name(name, part)) for part in self.parts)
        if all(value is None for value in values):
            return data.get(name)
        return tuple((value or "").strip() for value in values)

    def value_omitted_from_data(self, data, files, name):
        return name not in data and all(self.part_name(name, part) not in data for part in self.parts)

    def texts(self, value):
        """What stands in the boxes for a date, an ISO date in text, a triple as typed, or nothing."""
        if isinstance(value, str):
            try:
                value = date.fromisoformat(value)
            except ValueError:
                return ("", "", "")
        if isinstance(value, date):
            return (str(value.day), str(value.month), str(value.year))
        return tuple(value) if value else ("",) * len(self.parts)

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        bad = set((attrs or {}).get("wrong_parts", ()))
        id_ = context["widget"]["attrs"].get("id", name)
        described = context["widget"]["attrs"].get("aria-describedby")
        context["widget"]["boxes"] = [
            {
                "part": part,
                "name": self.part_name(name, part),
                "id": f"{id_}_{part}",
                "label": part.capitalize(),
                "value": text,
                "wrong": part in bad,
                "width": {"year": 4, "time": 5}.get(part, 2),
                "numeric": part != "time",
                "autocomplete": self.attrs.get("autocomplete_parts", {}).get(part),
                "describedby": described,
            }
            for part, text in zip(self.parts, self.texts(value), strict=True)
        ]
        return context


class GovDateTimeWidget(GovDateWidget):
    """The three boxes of a date and one box for a local time, `<name>_time`, like 14:30."""

    parts = (*PARTS, "time")

    def texts(self, value):
        if isinstance(value, str):
            try:
                value = datetime.fromisoformat(value)
            except ValueError:
                return ("",) * 4
        if isinstance(value, datetime):
            local = timezone.localtime(value) if timezone.is_aware(value) else value
            return (*super().texts(local.date()), local.strftime("%H:%M") + repeated_suffix(local))
        return tuple(value) if value else ("",) * 4


def repeated_suffix(local):
    """' BST' or ' GMT' for an aware local time that the end of summer time repeats, else nothing."""
    return f" {local.tzname()}" if local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset() else ""


class GovDateField(forms.Field):
    """A date in three boxes; cleaned to a `datetime.date`.

    `subject` is how sentences name it ('date of last contact'; drawn from the label where it is left out). `earliest`
    and `latest` are dates or callables that give one; `not_future=True` refuses tomorrow and later. Raises
    ValidationError with codes required, incomplete, invalid, year, too_early, too_late, future; `params['parts']`
    names the boxes.
    """

    widget = GovDateWidget
    first_year, last_year = 1900, 2100
    default_error_messages = {
        "incomplete": "The %(subject)s must include %(missing)s",
        "invalid": "The %(subject)s must be a real date",
        "year": "The year of the %(subject)s must be 4 numbers, like %(example)s",
        "range": "The year of the %(subject)s must be between %(first)s and %(last)s",
        "future": "The %(subject)s must be today or in the past",
        "too_early": "The %(subject)s must be %(limit)s or later",
        "too_late": "The %(subject)s must be %(limit)s or earlier",
    }

    def __init__(self, *, subject=None, earliest=None, latest=None, not_future=False, **kwargs):
        self.subject = subject
        self.earliest, self.latest, self.not_future = earliest, latest, not_future
        super().__init__(**kwargs)

    def fail(self, code, *parts, **params):
        raise wrong(self.error_messages[code], code, *parts, subject=self.subject or "date", **params)

    def to_python(self, value):
        """A date from a date, an ISO text or a triple of texts; None when nothing was typed."""
        if isinstance(value, datetime):
            value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
        if value in self.empty_values or isinstance(value, date):
            return value or None
        if isinstance(value, str):
            value = value.split("-")[::-1]
            if len(value) != 3:
                self.fail("invalid", *PARTS)
        if not any(value):
            return None
        return self.read_date(value)

    def read_date(self, triple):
        missing = [part for part, text in zip(PARTS, triple, strict=True) if not text]
        if missing:
            self.fail("incomplete", *missing, missing=" and ".join(f"a {part}" for part in missing))
        day, month, year = triple
        numbers = {
            "day": int(day) if re.fullmatch(r"[0-9]{1,2}", day) else 0,
            "month": int(month) if re.fullmatch(r"[0-9]{1,2}", month) else MONTHS.get(month.lower(), 0),
        }
        if not re.fullmatch(r"[0-9]+", year):
            self.fail("invalid", "year")
        if len(year) != 4:
            self.fail("year", "year", example=timezone.localdate().year)
        if not self.first_year <= int(year) <= self.last_year:
            self.fail("range", "year", first=self.first_year, last=self.last_year)
        bad = [part for part, limit in (("day", 31), ("month", 12)) if not 1 <= numbers[part] <= limit]
        if bad:
            self.fail("invalid", *bad)
        try:
            return date(int(year), numbers["month"], numbers["day"])
        except ValueError:
            self.fail("invalid", "day")

    def validate(self, value):
        super().validate(value)
        if value is not None:
            self.check_limits(value, timezone.localdate())

    def check_limits(self, value, now):
        earliest = self.earliest() if callable(self.earliest) else self.earliest
        latest = self.latest() if callable(self.latest) else self.latest
        if self.not_future and value > now:
            self.fail("future", *PARTS)
        if earliest and value < earliest:
            self.fail("too_early", *PARTS, limit=self.say(earliest))
        if latest and value > latest:
            self.fail("too_late", *PARTS, limit=self.say(latest))

    def say(self, limit):
        return plain(limit)

    def has_changed(self, initial, data):
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class GovDateTimeField(GovDateField):
    """A date and a local time; cleaned to an aware `datetime` in UTC.

    Times may be typed as 14:30, 2.30pm, 9am or midday. A time that the spring change skips is refused (code
    'skipped'); one that autumn repeats is refused until BST or GMT is added (code 'repeated').
    """

    widget = GovDateTimeWidget
    default_error_messages = {
        "incomplete": "The %(subject)s must include %(missing)s",
        "time": "The %(time_of)s must be like 14:30",
        "zone": "The %(time_of)s cannot be in %(typed)s: on %(day)s the clocks show %(right)s",
        "skipped": "%(time)s did not exist on %(day)s: the clocks went forward from 1am to 2am",
        "repeated": "%(time)s happened twice on %(day)s, when the clocks went back. "
        "Add BST for the first time or GMT for the second, like %(example)s BST",
        "future": "The %(subject)s must be in the past",
    }

    def fail(self, code, *parts, **params):
        # 'date the council became aware' → 'time the council became aware'.
        subject = self.subject or "date"
        time_of = f"time{subject.removeprefix('date')}" if subject.startswith("date") else f"time of the {subject}"
        super().fail(code, *parts, time_of=time_of, **params)

    def to_python(self, value):
        if isinstance(value, datetime):
            return value if timezone.is_aware(value) else timezone.make_aware(value)
        if value in self.empty_values:
            return None
        if isinstance(value, str):
            try:
                return self.to_python(datetime.fromisoformat(value))
            except ValueError:
                self.fail("invalid", *PARTS)
        *triple, typed = value
        if not any(value):
            return None
        missing = [part for part, text in zip((*PARTS, "time"), value, strict=True) if not text]
        if missing:
            self.fail("incomplete", *missing, missing=" and ".join(f"a {part}" for part in missing))
        return self.place(self.read_date(triple), *self.read_time(typed))

    def read_time(self, typed):
        """A `time` and 'BST', 'GMT' or None."""
        if typed.lower() in WORDS:
            return WORDS[typed.lower()], None
        found = TIME.fullmatch(typed.strip()) if typed.isascii() else None
        if not found or not (found["minute"] or found["half"]):
            self.fail("time", "time")
        hour, minute = int(found["hour"]), int(found["minute"] or 0)
        half = (found["half"] or "").replace(".", "").lower()
        if half and not 1 <= hour <= 12:
            self.fail("time", "time")
        if half:
            hour = hour % 12 + (12 if half == "pm" else 0)
        try:
            return time(hour, minute), found["zone"] and found["zone"].upper()
        except ValueError:
            self.fail("time", "time")

    def place(self, day, clock, zone):
        """The moment in UTC at which local clocks showed this; refuses what they never showed or showed twice."""
        zone_info = timezone.get_current_timezone()
        first = datetime.combine(day, clock, tzinfo=zone_info)
        second = first.replace(fold=1)
        says = {"time": clock_time(first), "day": plain(day)}
        if first.astimezone(UTC).astimezone(zone_info).replace(tzinfo=None) != first.replace(tzinfo=None):
            self.fail("skipped", "time", **says)
        moments = {moment.tzname(): moment for moment in (second, first)}
        if zone is None:
            if len(moments) > 1:
                self.fail("repeated", "time", example=f"{clock:%H:%M}", **says)
            return first.astimezone(UTC)
        if zone not in moments:
            self.fail("zone", "time", typed=zone, right=next(iter(moments)), **says)
        return moments[zone].astimezone(UTC)

    def check_limits(self, value, now):
        # A minute's grace: people type the time that their own clock shows.
        super().check_limits(value, timezone.now() + timedelta(minutes=1))

    def say(self, limit):
        local = timezone.localtime(limit)
        return f"{clock_time(local)} on {plain(local)}"
