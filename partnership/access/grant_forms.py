"""Forms of 'People with access'."""

from datetime import datetime, time

from django import forms
from django.utils import timezone

from partnership.access.forms import PortalForm
from partnership.access.interests import said_of
from partnership.access.models import Conflict
from partnership.access.pickers import PeopleField
from partnership.people.models import User
from partnership.people.roles import CASE_ROLES, LABELS, Perm, Role
from partnership.people.services import near_cases
from partnership.ui.forms import GovDateField, GovRadios, required, words


class PersonForm(PortalForm):
    perm = Perm.DIRECTORY_VIEW

    person = PeopleField(
        queryset=User.objects.none(),
        label="Person",
        empty_label="Choose a person",
        error_messages=required("Select the person"),
    )

    def narrow(self, name, rows):
        return rows.filter(is_active=True).order_by("name")


class GrantForm(PersonForm):
    """The address of an office is not offered: several people read what is sent there. What speaks for thinking twice
    about this person in this role is said once, and asked to be read, before they are let in."""

    error_fields = {"user": "person", "ends": "until"}

    role = forms.TypedChoiceField(
        label="Role on this folder",
        choices=[(str(role), LABELS[role]) for role in CASE_ROLES],
        coerce=Role,
        widget=GovRadios(
            hints={
                "cl": "Runs the case, reads the identities and lets people in.",
                "co": "Works on the case and reads the identities; cannot let people in.",
                "pm": "Reads everything but the identities.",
                "sg": "Reads like the panel, and signs the decision for a safeguarding partner.",
                "sc": "Named as independent scrutineer in the directory. Reads the report and comments on it; never "
                "chairs, signs or decides. Has no other role here.",
            }
        ),
    )
    reason = forms.CharField(
        label="Why this person needs access",
        max_length=300,
        error_messages=required("Say why this person needs access"),
    )
    until = GovDateField(label="Last day of access", required=False, help_text="Leave empty for no end.")
    known = forms.BooleanField(label="I have read this, and let this person in all the same", required=False)

    def __init__(self, *args, folder, **kwargs):
        super().__init__(*args, **kwargs)
        self.folder, self.said = folder, []
        if not self.is_bound:
            del self.fields["known"]

    def narrow(self, name, rows):
        return near_cases(super().narrow(name, rows).filter(shared_address=False))

    def clean(self):
        cleaned = super().clean()
        person, role = cleaned.get("person"), cleaned.get("role")
        self.said = [each.words for each in said_of(self.folder, person, role)] if person and role else []
        if not self.said:
            del self.fields["known"]
        elif not cleaned.get("known"):
            self.add_error("known", "Read what speaks for thinking twice, and tick the box to let this person in")
        return cleaned

    def clean_until(self):
        until = self.cleaned_data.get("until")
        if until and until < timezone.localdate():
            raise forms.ValidationError("The last day of access must be today or later")
        return until

    def ends(self):
        """The last moment of the last day, London time; None for no end."""
        until = self.cleaned_data["until"]
        return timezone.make_aware(datetime.combine(until, time(23, 59, 59))) if until else None


class EmergencyForm(PortalForm):
    """The code word is typed: no list may say which cases there are."""

    word = forms.CharField(
        label="Code word of the case",
        max_length=40,
        help_text="Both words, as somebody gave them to you. For example: Amber Kettle.",
        error_messages=required("Enter the code word of the case"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reason = words(
        "Why you need to read it now",
        "Say why you need to read it now",
        rows=3,
        most=300,
        help_text="A whole sentence. Everybody on the case reads it. No names of children or families.",
    )

    def clean_reason(self):
        reason = self.cleaned_data["reason"].strip()
        if len(reason.split()) < 5 or len(reason) < 25:
            raise forms.ValidationError("Say in a whole sentence why you need to read it now")
        return reason


class ConflictForm(PortalForm):
    """What a conflict of interest is: one's own, or with a person (BarForm) somebody else's."""

    reason = forms.ChoiceField(
        label="What the conflict of interest is",
        choices=Conflict.Reason.choices,
        widget=GovRadios,
        error_messages=required("Select what the conflict of interest is"),
    )
    note = words(
        "What else should be known about it",
        rows=3,
        most=300,
        help_text="Read by those who let people in, and by nobody else. No names of children or families.",
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("reason") == Conflict.Reason.OTHER and not cleaned.get("note") and "note" not in self.errors:
            self.add_error("note", "Say what the other conflict of interest is")
        return cleaned

    def conflict(self):
        return {name: self.cleaned_data[name] for name in ("reason", "note")}


class BarForm(ConflictForm, PersonForm):
    """One's own is declared, where the page says what follows."""

    def narrow(self, name, rows):
        return super().narrow(name, rows).exclude(pk=self.user.pk)


class EndAccessForm(PortalForm):
    """Asked for once more before somebody's access ends."""

    grant = forms.UUIDField(widget=forms.HiddenInput)


class LiftForm(PortalForm):
    """Asked for once more before a bar is lifted, with a reason."""

    why = words(
        "Why it is lifted",
        "Say why it is lifted",
        rows=3,
        most=300,
        help_text="Read by those who let people in, and by nobody else. No names of children or families.",
    )
    bar = forms.UUIDField(widget=forms.HiddenInput)
