"""What every request for a return asks for, whoever is asked: by when, what and why, and the letter behind it."""

from datetime import timedelta

from django import forms
from django.utils import timezone

from partnership.access.forms import PortalForm
from partnership.ui.forms import GovDateField, required, words
from reviews.forms.opening import NO_NAMES
from reviews.returns import LETTER


def within_a_year():
    return timezone.localdate() + timedelta(days=365)


def due_on(label="Return due", day="date on which the return is due"):
    """The day by which a return is due; `day` is what its sentences call it."""
    return GovDateField(label=label, subject=day, latest=within_a_year, error_messages=required(f"Enter the {day}"))


class RequestForm(PortalForm):
    """Its heirs say whom to ask. The letter is needed only of whoever shares without an agreement."""

    due_on = due_on()
    purpose = words(
        "What is asked, and why",
        "Enter what is asked, and why",
        rows=6,
        most=4000,
        help_text=f"This is read before anything else. {NO_NAMES}",
    )
    letter_sent_on = GovDateField(
        label="Letter under section 16H, sent on",
        subject="day of the letter",
        required=False,
        not_future=True,
        help_text="Needed of whoever has no sharing agreement in force in the directory.",
    )
    letter_from = forms.CharField(
        label="Who signed the letter, by post", required=False, max_length=200, help_text="No names of people."
    )
    letter_purpose = words("Its purpose, as the letter says it", rows=3, most=2000)

    def letter(self) -> dict:
        return {name: self.cleaned_data[name] for name in LETTER}
