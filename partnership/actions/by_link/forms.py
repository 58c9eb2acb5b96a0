"""The answer to one action by the link of a reminder: in words, without files."""

from django import forms
from django.utils import timezone

from partnership.actions.models import LineupItem, Outlook
from partnership.ui.forms import GovDateField, GovForm, GovRadios, required, words

Says = LineupItem.Says
MOST = 2000


class AnswerForm(GovForm):
    reveals = {"says": {"update": ("outlook",), "date": ("wanted",), "done": ("evidence",)}}

    says = forms.ChoiceField(
        label="What do you want to say?",
        choices=Says.choices,
        widget=GovRadios,
        error_messages=required("Choose what you want to say"),
    )
    outlook = forms.ChoiceField(
        label="How do you see it?", choices=Outlook.choices, widget=GovRadios(small=True), required=False
    )
    wanted = GovDateField(label="The new day", required=False, earliest=timezone.localdate)
    evidence = words("What shows that it was done", rows=3, most=MOST)
    words = words(
        "In your words", "Say in a sentence or two how it stands", rows=5, most=MOST,
        help_text="What was done, why another day is needed, or what is still open. No names of children or families.",
    )  # fmt: skip

    def clean(self):
        data = super().clean()
        for says, name, missing in (
            (Says.UPDATE, "outlook", "Choose how you see it"),
            (Says.DATE, "wanted", "Enter the day that you ask for"),
            (Says.DONE, "evidence", "Say what shows that it was done. To add a file, sign in"),
        ):
            if data.get("says") == says and not data.get(name) and name not in self.errors:
                self.add_error(name, missing)
        return data
