"""The filter of charges, a waiver, and a tariff."""

from decimal import Decimal

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from partnership.access.forms import PortalForm
from partnership.people.models import AgencyKind
from partnership.ui.dates import GovDateField
from partnership.ui.forms import GovCheckboxes, GovForm, GovRadios, required, words
from partnership.ui.listing import FoldedFilters
from training.models import Charge, Tariff

ALL = ("", "All")
MOST = Decimal("99999.99")
LONGEST = Decimal("999.99")  # hours of a course


class ChargeFilter(FoldedFilters, GovForm):
    first = ("q", "status")

    q = forms.CharField(label="Organisation", required=False, max_length=100)
    status = forms.ChoiceField(label="State", required=False, choices=[ALL, *Charge.Status.choices])
    kind = forms.ChoiceField(label="What for", required=False, choices=[ALL, *Tariff.Kind.choices])
    since = GovDateField(label="Raised from", required=False)
    until = GovDateField(label="Raised until", required=False, help_text="This day too.")


class WaiveForm(PortalForm):
    why_waived = words(
        "Why it is waived", rows=3, most=500, missing="Say why it is waived",
        help_text="The organisation reads it.",
    )  # fmt: skip


def _number(label, most, hint, missing=""):
    wrong = f"Enter a number from 0 to {most}, like 50 or 12.50"
    return forms.DecimalField(
        label=label, required=bool(missing), help_text=hint, max_digits=8, decimal_places=2,
        validators=[MinValueValidator(0, wrong), MaxValueValidator(most, wrong)],
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "inputmode": "decimal"}),
        error_messages=required(
            missing, invalid=wrong, max_digits=wrong, max_whole_digits=wrong, max_decimal_places=wrong
        ),
    )  # fmt: skip


class TariffForm(PortalForm):
    kind = forms.ChoiceField(
        label="What is charged for", choices=Tariff.Kind.choices, widget=GovRadios(),
        error_messages=required("Select what is charged for"),
    )  # fmt: skip
    amount = _number("Pounds for one place", MOST, "0 where nothing is charged.", "Enter how many pounds")
    until_hours = _number(
        "Only for courses of up to so many hours", LONGEST,
        "Leave it empty for courses of any length. Of several tariffs the closest counts.",
    )  # fmt: skip
    free = forms.MultipleChoiceField(
        label="Who pays nothing", required=False, choices=AgencyKind.choices, widget=GovCheckboxes(small=True),
        help_text="Kinds of organisations, as the directory has them.",
    )  # fmt: skip
    starts = GovDateField(
        label="From",
        help_text="What is charged from this day on. A tariff for the same that is in force ends with it.",
        error_messages=required("Enter the day from which it holds"),
    )  # fmt: skip
    source = forms.CharField(
        label="Decision or document", max_length=300, help_text="For example: Board of 4 May 2026, item 7.",
        error_messages=required("Enter the decision or document that it comes from"),
    )  # fmt: skip


class EndForm(PortalForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    ends = GovDateField(
        label="It holds no longer from", error_messages=required("Enter the day from which it holds no longer"),
        help_text="What was charged before stays as it is.",
    )  # fmt: skip
