"""Forms of the half-yearly confirmation."""

from django import forms

from partnership.access.forms import PortalForm
from partnership.directory.models import Answer
from partnership.ui.forms import GovDateField, required

NOTHING = ("", "Not answered yet")


class ConfirmForm(PortalForm):
    """One question a person, nothing ticked. Drawn by the page itself, in its table."""

    def __init__(self, *args, lines, **kwargs):
        self.lines = {line.field: line for line in lines}
        super().__init__(*args, **kwargs)
        for name, line in self.lines.items():
            offered = Answer.Says.choices[:1] if not line.may_end else Answer.Says.choices
            self.fields[name] = forms.ChoiceField(required=False, label=line.user.name, choices=[NOTHING, *offered])

    def answers(self) -> dict:
        """User -> "keep" or "end", of those who were answered for."""
        return {line.user: self.cleaned_data[name] for name, line in self.lines.items() if self.cleaned_data.get(name)}


class ExtendForm(PortalForm):
    due_on = GovDateField(label="Answer by", error_messages=required("Enter the new day"))
    why = forms.CharField(
        label="Why they have longer", max_length=300, error_messages=required("Say why they have longer")
    )
