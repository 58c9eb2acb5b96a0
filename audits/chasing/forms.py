"""Filters of the returns that are not in, a rung of the ladder, and what one click sends."""

from uuid import UUID

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from audits.chasing import reads
from audits.chasing.ladder import FIELDS
from audits.chasing.services import MOST
from partnership.access.forms import PortalForm
from partnership.ui.forms import GovForm, required, words
from partnership.ui.listing import FoldedFilters

ALL = ("", "All")
EARLIEST, LATEST = -90, 365  # days of a rung from the deadline: an audit goes on for a year at most
UNREADABLE = "What this page showed has been lost on the way. Open it again and look at who would be reminded."


class StandingFilter(FoldedFilters, GovForm):
    """Whom the page is about: of one district, phase, trust, area or window; of those who owe, in which state. by: what
    the table of rates has one line for."""

    first = ("by", "state", "rung")

    by = forms.ChoiceField(label="Rates by", required=False)
    state = forms.ChoiceField(label="Show those who owe", required=False)
    rung = forms.ChoiceField(label="Last reminder", required=False)
    district = forms.ChoiceField(required=False)
    phase = forms.ChoiceField(required=False)
    trust = forms.ChoiceField(label="Academy trust", required=False)
    area = forms.ChoiceField(required=False)
    window = forms.ChoiceField(required=False)

    def __init__(self, data, *, rows, rungs):
        super().__init__(data)
        for name in reads.GROUPS:
            self.fields[name].choices = [ALL, *reads.choices(rows, name)]
        self.fields["by"].choices = [(name, label) for name, (label, *_) in reads.GROUPS.items()]
        more = (name for name in reads.GROUPS if len(self.fields[name].choices) > 2)  # All, and what tells apart
        self.usual = next(more, next(iter(reads.GROUPS)))
        self.fields["state"].choices = [ALL, *((name, label) for name, (label, _) in reads.STATES.items())]
        none = (reads.NO_RUNG, "None yet")
        self.fields["rung"].choices = [ALL, none, *((str(each.position), each.name) for each in rungs)]

    def facts(self) -> dict:
        asked = dict(self.cleaned_data)
        return asked | {"by": asked.get("by") or self.usual}


class RungForm(PortalForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label="What it is called", max_length=60, error_messages=required("Enter a name"))
    days = forms.IntegerField(
        label="Days from the deadline",
        help_text="Calendar days from each organisation’s own deadline, before it with a minus: -10, 1. What falls on "
        "a weekend or bank holiday leaves on the next working day.",
        validators=[
            MinValueValidator(EARLIEST, f"Enter {EARLIEST} or more"),
            MaxValueValidator(LATEST, f"Enter {LATEST} or less"),
        ],
        error_messages=required("Enter a number of days") | {"invalid": "Enter a whole number, like -10 or 5"},
    )
    subject = forms.CharField(
        label="Subject", max_length=150, help_text="Read on locked screens too.",
        error_messages=required("Enter a subject"),
    )  # fmt: skip
    words = words("Words", "Enter the words", rows=14, most=4000)

    def facts(self):
        return {name: self.cleaned_data[name] for name in FIELDS}


class RemindForm(PortalForm):
    """shown: who was shown on the page, each with the place of the rung that it gets, like '3f2a…:2 90bc…:1'."""

    shown = forms.CharField(widget=forms.HiddenInput, max_length=MOST * 40, error_messages=required(UNREADABLE))

    def clean_shown(self):
        try:
            pairs = (each.split(":") for each in self.cleaned_data["shown"].split())
            return {UUID(pk): int(place) for pk, place in pairs}
        except ValueError:
            raise forms.ValidationError(UNREADABLE) from None


def as_shown(shown: dict) -> str:
    return " ".join(f"{pk.hex}:{place}" for pk, place in shown.items())
