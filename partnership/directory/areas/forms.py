import re

from django import forms
from django.core.exceptions import ValidationError

from partnership.directory.forms import DirectoryForm, text
from partnership.people.models import Area
from partnership.ui.forms import GovDateField, GovRadios, required

OUTWARD = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?")


class AreaForm(DirectoryForm):
    name = text("Name", limit=100, missing="Enter the name of the area.")
    kind = forms.ChoiceField(
        label="What it is",
        choices=[(code, label) for code, label in Area.Kind.choices if code != Area.Kind.NATION],
        widget=GovRadios,
        error_messages=required("Select what the area is."),
    )
    parent = forms.ModelChoiceField(
        Area.objects.none(), label="Part of", required=False, empty_label="Nothing larger",
        help_text="Lists and figures of the larger area include this one.",
    )  # fmt: skip
    postcodes = text(
        "Postcodes, first half only", hint="With commas or blanks between them, like ST1 ST2. Leave it empty if none."
    )
    source = text("Where this comes from", hint="The document or decision, in words.")
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, area=None, **kwargs):
        self.area = area
        super().__init__(*args, **kwargs)
        if area is not None and area.kind == Area.Kind.NATION:
            self.fields["kind"].choices = Area.Kind.choices

    def narrow(self, name, rows):
        return rows.exclude(pk=self.area.pk) if self.area else rows

    def clean_postcodes(self):
        found = re.split(r"[\s,;]+", self.cleaned_data["postcodes"].upper().strip())
        codes = list(dict.fromkeys(filter(None, found)))
        wrong = [code for code in codes if not OUTWARD.fullmatch(code)]
        if wrong:
            raise ValidationError(f"{wrong[0]} is not the first half of a postcode. Enter them like ST1 ST2.")
        return codes

    def facts(self):
        facts = super().facts()
        facts.pop("seen")
        return facts


class ClosureForm(DirectoryForm):
    """Days on which an organisation, or the schools of an area, are closed."""

    name = text("What it is", limit=100, missing="Enter what it is, like Summer holiday.")
    starts = GovDateField(label="First day closed", error_messages=required("Enter the first day closed."))
    ends = GovDateField(label="Last day closed", error_messages=required("Enter the last day closed."))
    source = text("Where this comes from", hint="The document or letter, in words.")
