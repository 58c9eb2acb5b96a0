"""Forms of an upload: the file, what it does not say clearly, and what is done with it."""

from hashlib import sha256

from django import forms

from partnership.access.forms import PortalForm
from partnership.documents.tables.limits import MB
from partnership.ui.forms import GovForm, GovRadios, required
from training.uploads.receiving import FILE_BYTES, ROWS
from training.uploads.rows import COURSE, STATES

AT_ONCE = 40  # questions on a page


class FileForm(PortalForm):
    file = forms.FileField(
        label="Spreadsheet", max_length=300,
        help_text=f"XLSX or CSV, at most {FILE_BYTES // MB} MB and {ROWS:,} rows. The file itself is not kept.",
        error_messages=required("Select the spreadsheet.", empty="The file is empty."),
    )  # fmt: skip


class AnswersForm(PortalForm):
    """A field for each question. asked: [(Question, how many rows)]. What is left open is asked again."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, asked, **kwargs):
        super().__init__(*args, **kwargs)
        self.asked = {self._name(question): question for question, _ in asked[:AT_ONCE]}
        for question, many in asked[:AT_ONCE]:
            name, rows = self._name(question), f"{many:,} row{'' if many == 1 else 's'}"
            of_course = question.kind == COURSE
            field = forms.ChoiceField(
                label=f"{'Which course is' if of_course else 'Who is'} ‘{question.words[:150]}’? ({rows})",
                required=False, choices=[("", "Hold these rows back"), *question.choices],
                widget=forms.Select if of_course else GovRadios,
            )  # fmt: skip
            self.fields[name] = field
            self._finish(name, field)

    @staticmethod
    def _name(question) -> str:
        """By what it asks, not by its place: people are entered while somebody answers."""
        return f"answer_{sha256(question.key.encode()).hexdigest()[:20]}"

    def answers(self) -> dict:
        return {
            question.key: self.cleaned_data[name] for name, question in self.asked.items() if self.cleaned_data[name]
        }


class RowFilter(GovForm):
    """Which rows of the preview are shown, from the address."""

    only = forms.ChoiceField(label="Show", required=False)

    def __init__(self, data, *, counts):
        super().__init__(data)
        shown = [(code, f"{STATES[code][1][0]} ({many:,})") for code, _, many in counts]
        self.fields["only"].choices = [("", "All rows"), *shown]


class TakeForm(PortalForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput)
