"""What the review found, row by row."""

from django import forms

from partnership.access.forms import PortalForm
from partnership.people.models import Agency
from partnership.people.roles import Perm
from partnership.ui.forms import GovCheckboxes, GovDateField, required, words
from reviews.findings.vocabulary import THEMES
from reviews.forms.opening import NO_NAMES
from reviews.models import LONG


class FindingForm(PortalForm):
    """offered: ids of the organisations that may be named."""

    perm = Perm.DIRECTORY_VIEW

    agencies = forms.ModelMultipleChoiceField(
        Agency.objects.none(), label="Agencies", required=False, widget=GovCheckboxes
    )
    other_agencies = forms.CharField(label="Other agencies, in words", required=False, max_length=300)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, offered, **kwargs):
        self.offered = offered
        super().__init__(*args, **kwargs)

    def narrow(self, name, rows):
        return rows.filter(pk__in=self.offered).order_by("name")

    def facts(self):
        return {name: value for name, value in self.cleaned_data.items() if name not in ("form_token", "version")}


class EpisodeForm(FindingForm):
    title = forms.CharField(label="Title", max_length=200, error_messages=required("Enter a title"), help_text=NO_NAMES)
    started_on = GovDateField(label="From", subject="day it began", required=False, not_future=True)
    ended_on = GovDateField(label="To", subject="day it ended", required=False, not_future=True)
    happened = words("What happened", "Enter what happened", rows=6, most=LONG, help_text=NO_NAMES)
    analysis = words(
        "Analysis", rows=6, most=LONG, help_text="Why practice was as it was, and what it meant for the child."
    )
    field_order = ["title", "started_on", "ended_on", "happened", "analysis", "agencies", "other_agencies"]


class SafetyActionForm(FindingForm):
    what = words("What was done", "Enter what was done", rows=4, most=4000, help_text=NO_NAMES)
    done_on = GovDateField(label="When", subject="day it was done", required=False, not_future=True)
    field_order = ["what", "done_on", "agencies", "other_agencies"]


class RecommendationForm(FindingForm):
    success = words(
        "What success looks like", rows=3, most=4000, help_text="What will be different for children, and how it shows."
    )
    words = words("Recommendation", "Enter the recommendation", rows=4, most=4000)
    field_order = ["words", "success", "agencies", "other_agencies"]


class ThemesForm(PortalForm):
    """`read` says what the page showed."""

    codes = forms.MultipleChoiceField(
        label="The Panel’s themes",
        choices=[(each.code, each.title) for each in THEMES.values()],
        widget=GovCheckboxes(hints={each.code: each.told for each in THEMES.values()}),
        required=False,
    )
    local = words("Themes of our own, one a line", rows=4, most=2000, help_text=NO_NAMES)
    read = forms.CharField(widget=forms.HiddenInput)

    def clean_local(self):
        lines = dict.fromkeys(" ".join(line.split()) for line in self.cleaned_data["local"].splitlines())
        found = [line for line in lines if line]
        if any(len(line) > 200 for line in found):
            raise forms.ValidationError("A theme has at most 200 characters")
        return "\n".join(found)

    def chosen(self):
        return {
            "codes": self.cleaned_data["codes"],
            "local": self.cleaned_data["local"].splitlines(),
            "read": self.cleaned_data["read"],
        }
