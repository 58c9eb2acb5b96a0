"""Forms of meetings, series and standing items. Times are typed as people say them and hold on the local clock."""

from datetime import date, datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from boards.models import Meeting
from partnership.access.forms import PortalForm
from partnership.access.models import Folder, FolderKind
from partnership.people.roles import Perm
from partnership.ui.forms import GovDateTimeField, GovForm, required, words

WEB = "Enter the address as it begins, like https://"


class TimeField(forms.CharField):
    """A time of day as people type it; cleaned to (a `time`, 'BST', 'GMT' or None), or None where nothing is typed."""

    def __init__(self, *, subject="time", **options):
        self.reader = GovDateTimeField(subject=subject)
        super().__init__(max_length=20, **options)

    def clean(self, value):
        typed = super().clean(value)
        return self.reader.read_time(typed) if typed else None

    def on(self, day, said) -> datetime:
        """The moment of that time on a day. Raises ValidationError for one that the clock skips or shows twice."""
        return self.reader.place(day, *said)

    def prepare_value(self, value):
        return timezone.localtime(value).strftime("%H:%M") if isinstance(value, datetime) else value


def place_field():
    return forms.CharField(
        label="Where", max_length=300, required=False, help_text="The room and building, or: online."
    )


def link_field():
    return forms.URLField(
        label="Link to join online",
        max_length=500,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": WEB},
    )


class MeetingForm(PortalForm):
    """One meeting. facts(): what `services.plan` and `services.change` take."""

    perm = Perm.MEETING_RUN
    error_fields = {"ends_at": "until"}

    title = forms.CharField(
        label="What the meeting is called", max_length=200, error_messages=required("Enter what the meeting is called")
    )
    starts_at = GovDateTimeField(
        label="When it begins", subject="day and time", error_messages=required("Enter the day and time")
    )
    until = TimeField(
        label="Ends at", subject="end", required=False, help_text="For example 12:30. Leave it empty if it is open."
    )
    place = place_field()
    link = link_field()
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean(self):
        cleaned = super().clean()
        starts, until = cleaned.get("starts_at"), cleaned.get("until")
        cleaned["ends_at"] = None
        if starts and until:
            try:
                cleaned["ends_at"] = self.fields["until"].on(timezone.localdate(starts), until)
            except ValidationError as error:
                self.add_error("until", error)
            else:
                if cleaned["ends_at"] <= starts:
                    self.add_error("until", "The end must be after the start")
        return cleaned

    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("title", "starts_at", "ends_at", "place", "link")}


class CancelForm(PortalForm):
    note = words(
        "Why it is cancelled", "Enter why it is cancelled", rows=3, most=500,
        help_text="Whoever was called is told that it does not take place, and reads this on its page.",
    )  # fmt: skip


class FolderField(forms.ModelChoiceField):
    def label_from_instance(self, folder):
        return folder.title if folder.kind == FolderKind.GROUP else folder.reference


class ListFilter(GovForm):
    """What the list of meetings is asked for. folders, months: those in which the reader has meetings."""

    when = forms.ChoiceField(
        label="When", required=False, choices=[("ahead", "Ahead"), ("past", "Past"), ("all", "Ahead and past")]
    )
    group = FolderField(Folder.objects.none(), label="Of", required=False, empty_label="Every group")
    status = forms.ChoiceField(label="How it stands", required=False)
    month = forms.ChoiceField(label="Month", required=False)

    def __init__(self, *args, folders, months, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = folders
        self.fields["status"].choices = [("", "Any"), *Meeting.Status.choices]
        found = [(f"{month:%Y-%m}", f"{month:%B %Y}") for month in months]
        self.fields["month"].choices = [("", "Any"), *found]

    def clean_month(self):
        said = self.cleaned_data["month"]
        return date.fromisoformat(f"{said}-01") if said else None
