"""What follows a request: more time asked for and given, what was said by telephone."""

from django import forms
from django.core.exceptions import ValidationError

from partnership.access.forms import PortalForm
from partnership.ui.dates import plain
from partnership.ui.forms import GovDateField, GovDateTimeField, GovRadios, required, words
from reviews.forms.requests import due_on, within_a_year


class MoreTimeForm(PortalForm):
    """The author asks for more time."""

    wanted_on = GovDateField(
        label="By when can you send it?",
        subject="day by which you can send the return",
        latest=within_a_year,
        error_messages=required("Enter the day by which you can send the return"),
    )
    reason = words(
        "Why do you need more time?",
        "Say why you need more time",
        rows=4,
        most=1000,
        help_text="One or two sentences. No names of people. Whoever reads the review reads it.",
    )

    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("wanted_on", "reason")}


class GivesTime(PortalForm):
    """A form that gives a day. last: the last day to send the review to the Panel, if its clock runs.

    The box that answers the warning is there only for a day after it.
    """

    knows_past = forms.BooleanField(required=False)

    def __init__(self, *args, last, **kwargs):
        super().__init__(*args, **kwargs)
        self.last = last
        day = self._day()
        if last and day and day > last:
            self.fields["knows_past"].label = (
                f"I know that this is after {plain(last)}, the last day to send the review to the Panel, and that the "
                "review may have to go without this return"
            )
        else:
            del self.fields["knows_past"]

    def _day(self):
        if not self.is_bound:
            return self.initial.get("due_on")
        field = self.fields["due_on"]
        try:
            return field.clean(field.widget.value_from_datadict(self.data, {}, self.add_prefix("due_on")))
        except ValidationError:
            return None

    def clean(self):
        cleaned = super().clean()
        if self.gives(cleaned) and "knows_past" in self.fields and not cleaned.get("knows_past"):
            self.add_error("knows_past", "Tick this box, or enter an earlier day")
        return cleaned

    def gives(self, cleaned) -> bool:
        return True

    def knows(self) -> bool:
        return bool(self.cleaned_data.get("knows_past"))


def _due_again():
    return due_on("New day on which the return is due", "day on which the return is due")


class ExtendForm(GivesTime):
    """More time that nobody asked for in the portal."""

    due_on = _due_again()
    reason = words(
        "Why", "Say why more time is given", rows=4, most=1000, help_text="The author reads it. No names of people."
    )
    field_order = ["due_on", "knows_past", "reason"]


class AnswerForm(GivesTime):
    """The answer to an author who asks for more time."""

    given = forms.ChoiceField(
        label="Do you give more time?",
        choices=[("yes", "Yes, until the day below"), ("no", "No, the day stands")],
        widget=GovRadios,
        error_messages=required("Select whether you give more time"),
    )
    due_on = _due_again()
    answer = words(
        "Your word to the author",
        rows=3,
        most=1000,
        help_text="Needed if you give no more time. The author reads it. No names of people.",
    )
    field_order = ["given", "due_on", "knows_past", "answer"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.is_bound and self.data.get(self.add_prefix("given")) == "no":
            self.fields["due_on"].required = False

    def gives(self, cleaned) -> bool:
        return cleaned.get("given") == "yes"

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("given") == "no" and not cleaned.get("answer"):
            self.add_error("answer", "Say why you give no more time: the author reads it")
        return cleaned


class CallForm(PortalForm):
    """What was said by telephone about a return."""

    at = GovDateTimeField(
        label="When you spoke", subject="day of the call", not_future=True, error_messages=required("Enter when it was")
    )
    said = words(
        "What was said, and with which post",
        "Enter what was said",
        rows=4,
        most=2000,
        help_text="Those on the case read it; the author of the return does not. No names of children or families.",
    )

    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("at", "said")}
