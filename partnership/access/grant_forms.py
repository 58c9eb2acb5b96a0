"""Forms of 'People with access'."""

from datetime import datetime, time

from django import forms
from django.utils import timezone

from partnership.access.forms import PortalForm
from partnership.access.models import Conflict
from partnership.people.models import User
from partnership.people.roles import FOLDER_ROLES, LABELS, Perm, Role
from partnership.ui.forms import GovDateField, GovRadios, required


class PersonForm(PortalForm):
    perm = Perm.DIRECTORY_VIEW

    person = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label="Person",
        empty_label="Choose a person",
        error_messages=required("Select the person"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].label_from_instance = lambda user: f"{user.name}, {user.job_title or 'no post given'}"

    def narrow(self, name, rows):
        return rows.filter(is_active=True).order_by("name")


class GrantForm(PersonForm):
    role = forms.TypedChoiceField(
        label="Role on this folder",
        choices=[(str(role), LABELS[role]) for role in FOLDER_ROLES],
        coerce=Role,
        widget=GovRadios(
            hints={
                "cl": "Runs the review and lets people in.",
                "co": "Works on the review; cannot let people in.",
                "pm": "Reads everything but the identities.",
                "sg": "Reads like the panel, and signs the decision for a safeguarding partner.",
            }
        ),
    )
    reason = forms.CharField(
        label="Why this person needs access",
        max_length=300,
        error_messages=required("Say why this person needs access"),
    )
    until = GovDateField(label="Last day of access", required=False, help_text="Leave empty for no end.")

    def clean_until(self):
        until = self.cleaned_data.get("until")
        if until and until < timezone.localdate():
            raise forms.ValidationError("The last day of access must be today or later")
        return until

    def ends(self):
        """The last moment of the last day, London time; None for no end."""
        until = self.cleaned_data["until"]
        return timezone.make_aware(datetime.combine(until, time(23, 59, 59))) if until else None


class BarForm(PersonForm):
    reason = forms.ChoiceField(label="Why", choices=Conflict.Reason.choices, widget=GovRadios)
