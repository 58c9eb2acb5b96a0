"""Forms of the rules and the bank holidays."""

import re
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from partnership.access.forms import PortalForm
from partnership.deadlines.models import Division
from partnership.deadlines.rules import Unit
from partnership.deadlines.working_days import Holiday
from partnership.people.roles import Perm
from partnership.ui.dates import MONTHS
from partnership.ui.forms import GovDateField, GovDateTimeField, GovForm, GovRadios, required, words

LINE = re.compile(
    r"(?:(?P<iso>\d{4}-\d{2}-\d{2})|(?P<day>\d{1,2})\s+(?P<month>[A-Za-z]+)\s+(?P<year>\d{4}))[,:;\s]+(?P<title>.+)"
)
SMALL = forms.TextInput(attrs={"class": "govuk-input--width-4", "inputmode": "numeric"})


class TryForm(GovForm):
    """The calculator of one rule: a day, or a time where the period runs in hours."""

    def __init__(self, *args, rule, **kwargs):
        super().__init__(*args, **kwargs)
        kind = GovDateTimeField if rule.unit is Unit.HOURS else GovDateField
        self.fields["start"] = kind(label=rule.day_zero[:1].upper() + rule.day_zero[1:], subject="first day")
        self._finish("start", self.fields["start"])


class HolidaysForm(GovForm):
    """Which calendar, and which year of it."""

    division = forms.ChoiceField(label="Calendar", choices=Division.choices, required=False)
    year = forms.TypedChoiceField(label="Year", coerce=int, required=False, empty_value=None)

    def __init__(self, *args, years, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, str(year)) for year in years]


SOURCE = "A proclamation, an announcement or the government's list, with its date."
WHY = "The people whose dates move will read it."
ELSEWHERE = "It stays a bank holiday in Scotland or Northern Ireland"


class ChangeForm(PortalForm):
    """What every change of a calendar asks for."""

    perm = Perm.CALENDAR_EDIT
    source = forms.CharField(
        label="Where it is announced",
        max_length=300,
        help_text=SOURCE,
        error_messages=required("Enter where it was announced."),
    )
    reason = forms.CharField(
        label="Why the calendar changes",
        max_length=300,
        help_text=WHY,
        error_messages=required("Say why the calendar changes."),
    )
    seen = forms.UUIDField(required=False, widget=forms.HiddenInput)


class HolidayForm(ChangeForm):
    division = forms.ChoiceField(
        label="Calendar",
        choices=[
            (Division.ENGLAND_AND_WALES, "England and Wales"),
            (Division.UNITED_KINGDOM, "Scotland or Northern Ireland only"),
        ],
        initial=Division.ENGLAND_AND_WALES,
        widget=GovRadios(
            hints={
                Division.ENGLAND_AND_WALES: "It then counts in the calendar of any part of the United Kingdom too.",
                Division.UNITED_KINGDOM: "It counts for freedom of information requests.",
            }
        ),
        error_messages=required("Select the calendar."),
    )
    date = GovDateField(label="Date of the bank holiday")
    title = forms.CharField(
        label="Name", max_length=120, error_messages=required("Enter the name of the bank holiday.")
    )
    announced_on = GovDateField(
        label="Day on which it was announced",
        subject="day of the announcement",
        not_future=True,
        help_text="The day on which the public could first know of it.",
        initial=timezone.localdate,
    )

    field_order = ("division", "date", "title", "announced_on", "source", "reason")

    def holiday(self) -> Holiday:
        data = self.cleaned_data
        return Holiday(data["date"], data["title"], data["announced_on"], None, data["source"])


class MoveForm(ChangeForm):
    date = GovDateField(label="New date")
    announced_on = GovDateField(
        label="Day on which it was announced", subject="day of the announcement", not_future=True,
        initial=timezone.localdate,
    )  # fmt: skip
    elsewhere = forms.BooleanField(label=f"{ELSEWHERE} on the old date", required=False)

    field_order = ("date", "announced_on", "source", "reason", "elsewhere")


class GiveUpForm(ChangeForm):
    announced_on = GovDateField(
        label="Day on which this was announced", subject="day of the announcement", not_future=True,
        initial=timezone.localdate,
    )  # fmt: skip
    elsewhere = forms.BooleanField(label=ELSEWHERE, required=False)

    field_order = ("announced_on", "source", "reason", "elsewhere")


class YearForm(ChangeForm):
    """A whole next year, one bank holiday a line."""

    days = words(
        "Bank holidays",
        "Enter the bank holidays of the year.",
        rows=14,
        most=4000,
        help_text="One a line: the date, a comma, the name. Like: 1 January 2029, New Year’s Day",
    )

    field_order = ("days", "source", "reason")

    def clean_days(self):
        found = [_read(line.strip()) for line in self.cleaned_data["days"].splitlines() if line.strip()]
        return sorted(found)

    def holidays(self) -> list[Holiday]:
        return [
            Holiday(day, title, None, None, self.cleaned_data["source"]) for day, title in self.cleaned_data["days"]
        ]


def _read(line) -> tuple[date, str]:
    found = LINE.fullmatch(line)
    try:
        if not found:
            raise ValueError
        if found["iso"]:
            return date.fromisoformat(found["iso"]), found["title"].strip()[:120]
        month = MONTHS[found["month"].lower()]
        return date(int(found["year"]), month, int(found["day"])), found["title"].strip()[:120]
    except (ValueError, KeyError):
        raise ValidationError(
            "‘%(line)s’ is not a date and a name, like: 1 January 2029, New Year’s Day", params={"line": line[:60]}
        ) from None


class EditionForm(PortalForm):
    """A local edition of one rule; one box a milestone."""

    perm = Perm.RULES_EDIT
    length = forms.IntegerField(label="Length", required=False, widget=SMALL)
    trigger = forms.CharField(label="What starts the period", max_length=300)
    effective_from = GovDateField(
        label="First day",
        subject="first day",
        help_text="Today or later: what has begun keeps the edition it began under.",
    )
    effective_to = GovDateField(
        label="Last day", subject="last day", required=False,
        help_text="Leave it empty while it goes on. After it, the edition that ships with the portal holds again.",
    )  # fmt: skip
    source = forms.CharField(
        label="Where this is written",
        max_length=300,
        help_text="The document and its paragraph, or the minutes of the decision.",
        error_messages=required("Enter where this is written."),
    )
    verified = forms.BooleanField(label="I read the number and the starting point in that source", required=False)
    reason = words("Why the partnership sets this", "Say why the partnership sets this.", rows=3, most=1000)
    corrects = forms.BooleanField(label="It puts right the local edition that begins on the same day", required=False)

    def __init__(self, *args, rule, milestones, has_local, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["length"].label = f"Length in {rule.unit}"
        if rule.length is None:
            self.fields["length"].help_text = "Leave it empty where a person gives the date each time."
        self.days = {}
        for each in milestones:
            name = f"day_{each.code}"
            self.days[name] = each.code
            self.fields[name] = forms.IntegerField(
                label=each.label,
                required=False,
                help_text=PLACES[each.place[0]],
                widget=SMALL,
            )
            self._finish(name, self.fields[name])
        if not has_local:
            del self.fields["corrects"]
        self.fieldsets = (
            ("The period", ("length", "trigger", "effective_from", "effective_to")),
            ("Who is told on which day. Leave a box empty to leave it out.", tuple(self.days)),
            ("Why", ("source", "verified", "reason", "corrects")),
        )

    def facts(self) -> dict:
        data = self.cleaned_data
        names = ("length", "trigger", "effective_from", "effective_to", "source", "verified", "reason")
        days = {code: data[name] for name, code in self.days.items()}
        return {name: data[name] for name in names} | {"days": days, "corrects": data.get("corrects", False)}


PLACES = {
    "day": "Working day, counted from what starts the period.",
    "before_due": "Working days before the due date; 0 is the due date itself.",
    "after_due": "Working days after the due date.",
}
