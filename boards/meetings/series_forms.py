"""The form of a year of meetings: up to three parts of a pattern, one after another."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError

from boards.meetings.forms import TimeField, link_field, place_field
from boards.meetings.pattern import EVERY, MOST, WEEKS, Step
from partnership.access.forms import PortalForm
from partnership.people.models import Area
from partnership.people.roles import Perm
from partnership.ui.forms import GovDateField, required

PARTS = (1, 2, 3)
HOW_OFTEN = [(months, said.capitalize()) for months, said in EVERY.items()]
WEEKDAYS = [(0, "Monday"), (1, "Tuesday"), (2, "Wednesday"), (3, "Thursday"), (4, "Friday")]
LENGTHS = [
    (30, "Half an hour"),
    (60, "1 hour"),
    (90, "1 hour and a half"),
    (120, "2 hours"),
    (150, "2 hours and a half"),
    (180, "3 hours"),
    (240, "4 hours"),
    (360, "6 hours"),
]
OF_PART = ("every", "week", "weekday", "first", "last")
LONGEST = timedelta(days=3 * 366)


def _choice(label, choices, *, empty=""):
    offered = [("", empty or "Choose one"), *choices]
    return forms.TypedChoiceField(label=label, choices=offered, coerce=int, empty_value=None, required=False)


class SeriesForm(PortalForm):
    """What is said of a series, and its pattern: every_1, week_1, weekday_1, first_1, last_1, and so for 2 and 3.

    steps(): the parts that are filled in. seen and chosen days stand in the preview.
    """

    perm = Perm.DIRECTORY_VIEW

    title = forms.CharField(
        label="What the meetings are called", max_length=200,
        error_messages=required("Enter what the meetings are called"),
    )  # fmt: skip
    begins_at = TimeField(
        label="Begins at", help_text="On the clock of the day, for example 10:00.",
        error_messages=required("Enter when the meetings begin"),
    )  # fmt: skip
    minutes = forms.TypedChoiceField(label="How long", choices=LENGTHS, coerce=int, initial=120)
    place = place_field()
    link = link_field()
    schools = forms.ModelChoiceField(
        Area.objects.none(), label="School holidays to avoid", required=False,
        empty_label="None: meet in the holidays too",
        help_text="Bank holidays are always avoided. School holidays are kept in the directory, under Areas.",
    )  # fmt: skip
    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=MOST * 11)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for part in PARTS:
            ask = part == 1
            self.fields[f"every_{part}"] = _choice("How often", HOW_OFTEN, empty="" if ask else "No further pattern")
            self.fields[f"week_{part}"] = _choice("On the", list(WEEKS.items()))
            self.fields[f"weekday_{part}"] = _choice("Day of the week", WEEKDAYS)
            self.fields[f"first_{part}"] = GovDateField(label="From", subject="first day", required=False)
            self.fields[f"last_{part}"] = GovDateField(label="To", subject="last day", required=False)
        self.initial.setdefault("schools", self.fields["schools"].queryset.first())

    def narrow(self, name, rows):
        return rows.filter(closures__agency=None, closures__isnull=False).distinct().order_by("name")

    @property
    def words_fields(self):
        return [self[name] for name in ("title", "begins_at", "minutes", "place", "link", "schools")]

    @property
    def parts(self):
        """[(number, its fields, whether it is open)]: the first is asked for, the others may stay empty."""
        found = []
        for part in PARTS:
            fields = [self[f"{name}_{part}"] for name in OF_PART]
            found.append((part, fields, part == 1 or any(each.errors or each.value() for each in fields[:1])))
        return found

    def clean_begins_at(self):
        return self.cleaned_data["begins_at"][0]

    def clean(self):
        cleaned = super().clean()
        before = None
        for part in PARTS:
            if part == 1 or cleaned.get(f"every_{part}"):
                self._whole(part)
                before = self._in_order(part, before)
        if not self.errors:
            self._not_too_many()
        return cleaned

    def _whole(self, part):
        asked = {
            "every": "Select how often",
            "week": "Select which week",
            "weekday": "Select the day of the week",
            "first": "Enter the first day",
            "last": "Enter the last day",
        }
        for name, sentence in asked.items():
            field = f"{name}_{part}"
            if field not in self.errors and self.cleaned_data.get(field) is None:
                self.add_error(field, sentence)

    def _in_order(self, part, before):
        first, last = (self.cleaned_data.get(f"{name}_{part}") for name in ("first", "last"))
        if first and last and last < first:
            self.add_error(f"last_{part}", "The last day must not be before the first day")
        if first and before and first <= before:
            self.add_error(f"first_{part}", "This pattern must begin after the one before it ends")
        if last and self.cleaned_data.get("first_1") and last - self.cleaned_data["first_1"] > LONGEST:
            self.add_error(f"last_{part}", "A series lasts three years at most: choose an earlier last day")
        return last or before

    def _not_too_many(self):
        many = sum(len(step.days()) for step in self.steps())
        if not many:
            raise ValidationError("No day lies in this time: enter a longer one")
        if many > MOST:
            raise ValidationError(f"That comes to more than {MOST} meetings: enter a shorter time")

    def steps(self) -> list[Step]:
        cleaned = self.cleaned_data
        return [
            Step(*(cleaned[f"{name}_{part}"] for name in ("first", "last", "every", "week", "weekday")))
            for part in PARTS
            if cleaned.get(f"every_{part}")
        ]

    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("title", "begins_at", "minutes", "place", "link", "schools")}


def initial_of(series, steps) -> dict:
    """What the form begins with, to plan on from a series. steps: of a year later."""
    found = {name: getattr(series, name) for name in ("title", "minutes", "place", "link")}
    found["begins_at"] = f"{series.begins_at:%H:%M}"
    for part, step in zip(PARTS, steps, strict=False):
        said = (step.every_months, step.week, step.weekday, step.first, step.last)
        found |= {f"{name}_{part}": each for name, each in zip(OF_PART, said, strict=True)}
    return found
