"""Forms of the notices' and operators' pages."""

from django import forms

from partnership.access.forms import PortalForm
from partnership.notify.kinds import known_kinds
from partnership.notify.operating import GIVEN_UP
from partnership.ui.forms import GovForm, GovRadios, required


class PreferencesForm(PortalForm):
    """One question a kind that may be chosen; a field's name is the kind's code."""

    def __init__(self, *args, chosen, **kwargs):
        super().__init__(*args, **kwargs)
        for kind in known_kinds():
            if kind.choices:
                self.fields[kind.code] = forms.ChoiceField(
                    label=kind.title, choices=kind.choices, widget=GovRadios, initial=chosen[kind.code]
                )


class ReadAllForm(PortalForm):
    """until: when the newest notice was made that the page had shown; it comes from the button, not from a person."""

    until = forms.DateTimeField()


class HoldForm(PortalForm):
    reason = forms.CharField(
        label="Why is sending held?",
        help_text="No names and nothing about a case: every operator can read this.",
        max_length=300,
        error_messages=required("Say why sending is held"),
    )


class GiveUpForm(PortalForm):
    reason = forms.ChoiceField(
        label="Why need it not be sent?",
        choices=list(GIVEN_UP.items()),
        widget=GovRadios,
        error_messages=required("Select why it need not be sent"),
    )


class OutboxFilter(GovForm):
    """Of the demo's outbox, from the address."""

    q = forms.CharField(label="Name, address or words of the email", required=False, max_length=100)
