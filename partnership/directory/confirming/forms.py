"""Forms of the half-yearly confirmation."""

from django import forms

from partnership.access.forms import PortalForm
from partnership.directory.models import Answer
from partnership.ui.forms import GovDateField, required

NOTHING = ("", "Not answered yet")


class ConfirmForm(PortalForm):
    """One question a person, nothing ticked. Drawn by the page itself, in its table."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, lines, version, **kwargs):
        self.lines = {line.field: line for line in lines}
        super().__init__(*args, initial={"version": version}, **kwargs)
        for name, line in self.lines.items():
            offered = Answer.Says.choices[:1] if not line.may_end else Answer.Says.choices
            self.fields[name] = forms.ChoiceField(
                required=False, label=line.user.name, choices=[NOTHING, *offered],
                error_messages={"invalid_choice": f"Answer again for {line.user.name}: that is not possible any more"},
            )  # fmt: skip

    def answers(self) -> dict:
        """User -> "keep" or "end", of those who were answered for."""
        return {line.user: self.cleaned_data[name] for name, line in self.lines.items() if self.cleaned_data.get(name)}

    def saved(self) -> dict:
        """Field -> what was saved before of that person."""
        return {name: line.answer.says if line.answer else "" for name, line in self.lines.items()}

    def against(self) -> dict:
        """Field -> what was saved, of those answers that say something else than what is saved."""
        said = {name: says for name, says in self.saved().items() if says}
        return {name: says for name, says in said.items() if self.cleaned_data.get(name, "") not in ("", says)}

    def read_at(self, version) -> int:
        """The version under which these answers were given; `version`, today's, where they go against no other."""
        return self.cleaned_data["version"] if self.against() else version

    def ending(self) -> list:
        """The lines of those whose access would end by this answer, and not by an earlier one."""
        answers = self.answers()
        return [
            line
            for line in self.lines.values()
            if answers.get(line.user) == Answer.Says.END and not (line.answer and line.answer.says == Answer.Says.END)
        ]


class ExtendForm(PortalForm):
    due_on = GovDateField(label="Answer by", error_messages=required("Enter the new day"))
    why = forms.CharField(
        label="Why they have longer", max_length=300, error_messages=required("Say why they have longer")
    )
