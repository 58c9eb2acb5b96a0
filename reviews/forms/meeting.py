"""The rapid review meeting: when, who, what was noted."""

from django import forms

from partnership.access.forms import PortalForm
from partnership.access.pickers import PeopleField
from partnership.people.models import User
from partnership.people.roles import Perm
from partnership.people.services import near_cases
from partnership.ui.forms import GovDateTimeField, GovRadios, required, words
from reviews.forms.opening import NO_NAMES
from reviews.models import LONG, Invitee


class MeetingForm(PortalForm):
    starts_at = GovDateTimeField(
        label="When it begins", subject="day of the meeting", error_messages=required("Enter when the meeting begins")
    )
    place = forms.CharField(label="Place", required=False, max_length=300)
    link = forms.URLField(
        label="Link, for a meeting on line", required=False, max_length=500, assume_scheme="https",
        widget=forms.TextInput, error_messages={"invalid": "Enter a link like https://meet.example.org/room"},
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean_link(self):
        link = self.cleaned_data["link"]
        if link and not link.startswith("https://"):
            raise forms.ValidationError("Enter a link that begins with https://")
        return link

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not cleaned.get("place") and not cleaned.get("link"):
            self.add_error("place", "Enter a place or a link")
        return cleaned

    def facts(self):
        return {name: self.cleaned_data[name] for name in ("starts_at", "place", "link", "version")}


class InviteForm(PortalForm):
    perm = Perm.DIRECTORY_VIEW

    user = PeopleField(
        queryset=User.objects.none(),
        label="Person of the portal",
        empty_label="Nobody: somebody outside the portal",
        required=False,
        help_text="An invitation lets nobody in. Whoever is on the case’s list is told of it.",
    )
    post = forms.CharField(
        label="Or somebody outside it, by post", required=False, max_length=200,
        help_text="For example: consultant paediatrician, Royal Stoke. No names of people.",
    )  # fmt: skip

    def narrow(self, name, rows):
        return near_cases(rows.filter(is_active=True, shared_address=False)).order_by("name")

    def clean(self):
        cleaned = super().clean()
        if not self.errors and bool(cleaned.get("user")) == bool(cleaned.get("post")):
            self.add_error("user", "Choose a person, or enter a post: one of the two")
        return cleaned

    def facts(self):
        return {name: self.cleaned_data[name] for name in ("user", "post")}


class HeldForm(PortalForm):
    """When the meeting was really held: the plan is no proof of it."""

    error_fields = {"at": "held_at"}

    held_at = GovDateTimeField(
        label="When the meeting was held",
        subject="day of the meeting",
        not_future=True,
        error_messages=required("Enter when the meeting was held"),
    )


class AttendanceForm(PortalForm):
    """A question for each of `invitees`. Before the meeting has `begun` nobody can have come: apologies alone.

    It carries what was recorded of each when the page was read.
    """

    read = forms.JSONField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, invitees, begun, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["read"] = {str(each.pk): each.attendance for each in invitees}
        self.invitees = {f"came_{each.pk}": each for each in invitees}
        offered = [each for each in Invitee.Attendance.choices if begun or each[0] == Invitee.Attendance.APOLOGIES]
        for name, each in self.invitees.items():
            self.fields[name] = forms.ChoiceField(
                label=each.called, choices=offered, initial=each.attendance, required=False,
                widget=GovRadios(inline=True),
            )  # fmt: skip

    def came(self):
        return {each.pk: self.cleaned_data[name] for name, each in self.invitees.items() if name in self.data}

    def as_read(self) -> dict:
        """invitee's id -> what the page showed of it, of those that it told."""
        said = self.cleaned_data.get("read")
        said = said if isinstance(said, dict) else {}
        return {each.pk: said[str(each.pk)] for each in self.invitees.values() if str(each.pk) in said}


class MeetingNotesForm(PortalForm):
    notes = words("Notes", rows=20, most=LONG, help_text=NO_NAMES)
    version = forms.IntegerField(widget=forms.HiddenInput)
