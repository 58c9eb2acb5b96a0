"""The forms of reading a Word document in: the file, then which rows of it are taken."""

from django import forms

from partnership.access.forms import PortalForm
from partnership.ui.forms import required


class WordForm(PortalForm):
    file = forms.FileField(
        label="The Word document",
        help_text="A DOCX that was taken out of this return. It is read and not kept.",
        error_messages=required("Select the Word document", empty="This file is empty: nothing is in it"),
        widget=forms.FileInput(attrs={"accept": ".docx"}),
    )


class TakeForm(PortalForm):
    """carried: of word_in.carried. take: ids of the questions whose answers are taken."""

    carried = forms.CharField(widget=forms.HiddenInput, required=True, max_length=2_000_000)
    take = forms.MultipleChoiceField(required=False)

    def __init__(self, *args, rows, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["take"].choices = [(each, each) for each in rows]
