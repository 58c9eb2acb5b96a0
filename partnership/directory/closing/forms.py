"""Closing an organisation: its last day, who carries it on, and whether its duties end with it."""

from django import forms

from partnership.access.picking import OrganisationField
from partnership.directory.forms import DirectoryForm, text
from partnership.people.models import Succession
from partnership.ui.forms import GovDateField, GovRadios, required


class CloseForm(DirectoryForm):
    ends = GovDateField(
        label="Last day",
        help_text="The last day on which it exists. It may lie in the future.",
        error_messages=required("Enter the last day."),
    )
    end_duties = forms.BooleanField(label="Its named duties end on that day too", required=False)
    successor = OrganisationField(
        label="Who carries it on",
        required=False,
        help_text="The name, a part of it, or the number. Leave it empty where nobody does.",
    )
    kind = forms.ChoiceField(
        label="What became of it",
        required=False,
        choices=[
            (Succession.Kind.REPLACED, "It was replaced, as a school by its academy"),
            (Succession.Kind.MERGED, "It was merged into the other, with others"),
            (Succession.Kind.SPLIT, "It was split; the other is one of its parts"),
        ],
        initial=Succession.Kind.REPLACED,
        widget=GovRadios,
        help_text="Only where somebody carries it on.",
    )
    note = text("Note on who carries it on", limit=300)

    def __init__(self, *args, agency, hanging=(), **kwargs):
        super().__init__(*args, agency=agency, **kwargs)
        if not hanging:
            del self.fields["end_duties"]

    def narrow(self, name, rows):
        return rows.kept().exclude(pk=self.agency.pk)

    def facts(self):
        return super().facts() | {"version": self.cleaned_data["version"]}

    def clean(self):
        data = super().clean()
        if data.get("successor") and not data.get("kind"):
            self.add_error("kind", "Select what became of it.")
        return data
