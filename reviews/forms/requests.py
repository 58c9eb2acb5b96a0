"""What every request for a return asks: by when, what and why, of which period, and the letter behind it."""

from datetime import timedelta

from django import forms
from django.utils import timezone

from partnership.access.forms import PortalForm
from partnership.ui.forms import GovDateField, required, words
from reviews import naming
from reviews.forms.opening import NO_NAMES
from reviews.returns import LETTER


def within_a_year():
    return timezone.localdate() + timedelta(days=365)


def due_on(label="Return due", day="date on which the return is due"):
    """The day by which a return is due; `day` is what its sentences call it."""
    return GovDateField(label=label, subject=day, latest=within_a_year, error_messages=required(f"Enter the {day}"))


PERIOD_READ = (
    "The author reads both days beside whom to search for, and in the letter. Leave both empty for all records."
)


def _day_to_search(label, subject, hint=""):
    return GovDateField(label=label, subject=subject, required=False, not_future=True, help_text=hint)


class RequestForm(PortalForm):
    """Its heirs say whom to ask. The letter is needed only of whoever shares without an agreement.

    What is asked goes out at once and cannot be called back: a word that names somebody of the case is asked about
    before (naming.py says to whom).
    """

    due_on = due_on()
    purpose = words(
        "What is asked, and why",
        "Enter what is asked, and why",
        rows=6,
        most=4000,
        help_text=f"This is read before anything else. {NO_NAMES}",
    )
    search_from = _day_to_search("Records to search, from", "first day to search", PERIOD_READ)
    search_to = _day_to_search("Records to search, to", "last day to search")
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

    def __init__(self, *args, review, **kwargs):
        self.review = review
        super().__init__(*args, **kwargs)

    def clean(self):
        cleaned = super().clean()
        self._name_nobody()
        start, end = cleaned.get("search_from"), cleaned.get("search_to")
        if "search_from" in self.errors or "search_to" in self.errors:
            return cleaned
        if bool(start) != bool(end):
            self.add_error("search_to" if start else "search_from", "Enter both days of the period, or neither")
        elif start and end < start:
            self.add_error("search_to", "The period cannot end before it begins")
        return cleaned

    def _name_nobody(self):
        if not (found := naming.advice(self.user, self.review, naming.typed(self))):
            return
        label = "These words name nobody of the case: send them as they are"
        self.fields["as_written"] = forms.BooleanField(label=label, required=False)
        names = [name for name in self.fields if name != "as_written"]
        names.insert(names.index("purpose") + 1, "as_written")
        self.order_fields(names)
        if not self.data.get("as_written"):
            self.add_error("as_written", f"{' '.join(found)} Or tick this if it is another word.")

    def period(self) -> dict:
        """Which records to search, as two dates or not at all."""
        return {name: self.cleaned_data[name] for name in ("search_from", "search_to")}

    def letter(self) -> dict:
        return {name: self.cleaned_data[name] for name in LETTER}
