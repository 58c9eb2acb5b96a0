"""Forms of meetings, series and standing items. Times are typed as people say them and hold on the local clock."""

from calendar import month_name
from datetime import date, datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from boards.models import Meeting, Purpose
from partnership.access.forms import PortalForm
from partnership.access.models import FolderKind
from partnership.actions.answering.forms import Serves, serving
from partnership.actions.models import Duty, Priority
from partnership.actions.planning.rules import words_of_year
from partnership.people.roles import Perm
from partnership.ui.forms import GovCheckboxes, GovDateTimeField, GovForm, GovRadios, required, words

WEB = "Enter the address as it begins, like https://"


class TimeField(forms.CharField):
    """A time of day as people type it; cleaned to (a `time`, 'BST', 'GMT' or None), or None where nothing is typed."""

    def __init__(self, *, subject="time", **options):
        self.reader = GovDateTimeField(subject=subject)
        narrow = forms.TextInput(attrs={"class": "govuk-input--width-5"})
        super().__init__(max_length=20, widget=narrow, **options)

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
    """One meeting. facts(): what `services.plan` and `services.change` take.

    of_case: who is invited to it has no group's usual room to go to, so a place or a link is asked for. dates: by when
    it is to be, beside the day.
    """

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

    def __init__(self, *args, of_case=False, dates="", **kwargs):
        super().__init__(*args, **kwargs)
        self.of_case = of_case
        if dates:
            self.fields["starts_at"].help_text = dates

    def clean_link(self):
        link = self.cleaned_data["link"]
        if link and not link.startswith("https://"):
            raise ValidationError(WEB)
        return link

    def clean(self):
        cleaned = super().clean()
        if self.of_case and not self.errors and not cleaned.get("place") and not cleaned.get("link"):
            self.add_error("place", "Enter a place or a link")
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


class ListFilter(GovForm):
    """What the list of meetings is asked for. folders, months: those in which the reader has meetings."""

    when = forms.ChoiceField(
        label="When", required=False, choices=[("ahead", "Ahead"), ("past", "Past"), ("all", "Ahead and past")]
    )
    group = forms.ChoiceField(label="Of", required=False)
    status = forms.ChoiceField(label="How it stands", required=False)
    month = forms.ChoiceField(label="Month", required=False)

    def __init__(self, *args, folders, months, **kwargs):
        super().__init__(*args, **kwargs)
        named = [(row.pk, row.title if row.kind == FolderKind.GROUP else row.reference) for row in folders]
        self.fields["group"].choices = [("", "Every group"), *named]
        self.fields["status"].choices = [("", "Any"), *Meeting.Status.choices]
        found = [(f"{month:%Y-%m}", f"{month:%B %Y}") for month in months]
        self.fields["month"].choices = [("", "Any"), *found]

    def clean_month(self):
        said = self.cleaned_data["month"]
        return date.fromisoformat(f"{said}-01") if said else None


class StandingForm(PortalForm):
    """An item that comes back. Without a priority or a duty it is standing business."""

    perm = Perm.PLAN_VIEW
    keeps = ("priority", "duty")

    title = forms.CharField(
        label="Item", max_length=200, help_text="No names of children, nothing of a case.",
        error_messages=required("Enter the item"),
    )  # fmt: skip
    purpose = forms.ChoiceField(
        label="What it asks of the meeting", choices=Purpose.choices, widget=GovRadios(inline=True),
        error_messages=required("Select what it asks of the meeting"),
    )  # fmt: skip
    months = forms.TypedMultipleChoiceField(
        label="In which months", choices=[(n, month_name[n]) for n in (*range(4, 13), 1, 2, 3)], coerce=int,
        required=False, widget=GovCheckboxes(small=True), help_text="Tick none for every meeting.",
    )  # fmt: skip
    minutes_allowed = forms.IntegerField(label="How many minutes", required=False, min_value=1, max_value=480)
    presenter = forms.CharField(label="Who presents it", max_length=200, required=False, help_text="A post, or a name.")
    priority = Serves(
        Priority.objects.none(), label="Priority that it serves", required=False, empty_label="No priority"
    )
    duty = Serves(Duty.objects.none(), label="Duty that it serves", required=False, empty_label="No duty")
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def narrow(self, name, rows):
        return serving(name, rows)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("priority") and cleaned.get("duty"):
            self.add_error("duty", "Choose the priority or the duty, not both")
        return cleaned

    def facts(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name not in ("form_token", "version")}


class YearForm(GovForm):
    """Which of the partnership's years: this one and the two beside it."""

    year = forms.TypedChoiceField(label="Year", coerce=int, required=False, empty_value=None)

    def __init__(self, data, *, now):
        super().__init__(data)
        self.now = now
        self.fields["year"].choices = [(each, words_of_year(each)) for each in range(now - 1, now + 2)]
        self.initial["year"] = now

    @property
    def chosen(self) -> int:
        return (self.is_valid() and self.cleaned_data["year"]) or self.now
