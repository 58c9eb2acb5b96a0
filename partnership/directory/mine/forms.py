"""Forms of one's own account."""

from django import forms

from partnership.access.forms import PortalForm
from partnership.directory.forms import TelephoneField
from partnership.ui.forms import required


def _plain(value):
    """One line: a name goes into emails and lists."""
    return " ".join(value.split())


class DetailsForm(PortalForm):
    name = forms.CharField(
        label="Name",
        max_length=200,
        error_messages=required("Enter your name."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    job_title = forms.CharField(
        label="Post",
        max_length=200,
        required=False,
        help_text="As others know it, like ‘Named nurse for safeguarding children’.",
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    telephone = TelephoneField(
        label="Telephone at work",
        hint="If you lose your phone, the business unit does not ring a number that was changed lately.",
        autocomplete="tel",
    )

    def clean_name(self):
        return _plain(self.cleaned_data["name"])

    def clean_job_title(self):
        return _plain(self.cleaned_data["job_title"])


class EndSessionForm(PortalForm):
    """Which session ends; empty: all others."""

    session = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class WithdrawForm(PortalForm):
    request = forms.UUIDField(widget=forms.HiddenInput)
