"""Forms of events, their reserved places and trainers, and of a term that is copied. Times hold on London's clocks."""

from django import forms
from django.core.exceptions import ValidationError

from partnership.access.forms import PortalForm
from partnership.access.picking import OrganisationField
from partnership.people.models import AgencyKind, Area, User
from partnership.people.roles import Perm
from partnership.ui.forms import GovDateField, GovDateTimeField, GovRadios, required, words
from training.catalogue.forms import MOST_PEOPLE, number
from training.models import Course, Event, Joining

WEB = "Enter the address as it begins, like https://"
NOBODY = "No account has this address. Check it, or leave it empty: a name alone is enough"
FACTS = ("mode", "venue", "area", "starts_at", "ends_at", "capacity", "minimum", "opens_on", "closes_on")
OF_JOINING = ("address", "words")


class EventForm(PortalForm):
    """What is said of an event. row: the one that is changed, None for a new one, which chooses its course."""

    perm = Perm.DIRECTORY_VIEW
    perms = {"course": Perm.TRAINING_LIST}
    keeps = ("area",)

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    course = forms.ModelChoiceField(
        Course.objects.none(), label="Course", empty_label="Choose a course",
        error_messages=required("Select the course"),
    )  # fmt: skip
    starts_at = GovDateTimeField(
        label="Begins", subject="beginning", error_messages=required("Enter the day and time at which it begins")
    )
    ends_at = GovDateTimeField(
        label="Ends", subject="end", error_messages=required("Enter the day and time at which it ends")
    )
    mode = forms.ChoiceField(
        label="Where", choices=Event.Mode.choices, initial=Event.Mode.VENUE, widget=GovRadios,
        error_messages=required("Select whether it is at a venue or online"),
    )  # fmt: skip
    venue = forms.CharField(
        label="Venue", max_length=300, required=False, help_text="Room, building, street and town. Everybody reads it."
    )
    address = forms.URLField(
        label="Address of the online meeting", max_length=500, required=False, assume_scheme="https",
        help_text="Only who has a place reads it.", error_messages={"invalid": WEB},
    )  # fmt: skip
    area = forms.ModelChoiceField(
        Area.objects.none(), label="Area that it is counted in", required=False, empty_label="None, or several"
    )
    words = words(
        "Joining instructions", rows=6, most=4000,
        help_text="Parking, rooms, what to bring or to read before. Only who has a place reads them.",
    )  # fmt: skip
    capacity = number("Places", most=MOST_PEOPLE, least=1, error_messages=required("Enter how many people may come"))
    minimum = number(
        "People that it takes", most=MOST_PEOPLE, help_text="Below this number it is marked ‘Too few yet’."
    )
    opens_on = GovDateField(
        label="Booking opens", subject="day on which booking opens", required=False,
        help_text="Leave it empty to open it when you open the event.",
    )  # fmt: skip
    closes_on = GovDateField(
        label="Last day for booking", subject="last day for booking", required=False,
        help_text="Leave it empty to take bookings until the event begins.",
    )  # fmt: skip
    reveals = {"mode": {"venue": ("venue",), "online": ("address",)}}
    fieldsets = (
        ("When", ("course", "starts_at", "ends_at")),
        ("The place", ("mode", "area", "words")),
        ("Booking", ("capacity", "minimum", "opens_on", "closes_on")),
    )

    def __init__(self, *args, row=None, **kwargs):
        self.row = row
        super().__init__(*args, **kwargs)
        if row:
            del self.fields["course"]
            self.fields["capacity"].required = True
        else:
            for name in ("capacity", "minimum"):
                self.fields[name].help_text = "Leave it empty for the course’s own number."

    def narrow(self, name, rows):
        if name == "course":
            rows = rows.exclude(status=Course.Status.WITHDRAWN).exclude(kind=Course.Kind.E_LEARNING)
            return rows.select_related("folder__partnership").order_by("title")
        return rows.exclude(kind__in=(Area.Kind.NATION, Area.Kind.REGION)).order_by("name")

    def clean_minimum(self):
        value = self.cleaned_data["minimum"]
        return 0 if self.row and value is None else value

    def facts(self) -> dict:
        names = (*FACTS, *OF_JOINING) if self.row else ("course", *FACTS, *OF_JOINING)
        return {name: self.cleaned_data[name] for name in names}


def initial_of(row, joining: Joining | None) -> dict:
    """What the form of an event starts with."""
    facts = {name: getattr(row, name) for name in FACTS if name != "area"} | {"area": row.area_id}
    told = {name: getattr(joining, name) if joining else "" for name in OF_JOINING}
    return facts | told | {"version": row.version}


class CancelForm(PortalForm):
    why = words(
        "Why is it cancelled?", "Say why it is cancelled: everybody who booked reads it", rows=3, most=500,
        help_text="Everybody who has or waits for a place reads it.",
    )  # fmt: skip
    error_fields = {"why_cancelled": "why"}


AGENCY, KIND = "agency", "kind"


class ReservedForm(PortalForm):
    """Places for one organisation, or for a kind of organisation. usual: the day by the partnership's rule, or None."""

    perm = Perm.DIRECTORY_VIEW

    who = forms.ChoiceField(
        label="For whom", choices=[(AGENCY, "One organisation"), (KIND, "A kind of organisation")], widget=GovRadios,
        error_messages=required("Select for whom the places are kept"),
    )  # fmt: skip
    agency = OrganisationField(label="Organisation", error_messages=required("Enter the organisation"))
    kind = forms.ChoiceField(
        label="Kind of organisation", choices=[("", "Choose one"), *AgencyKind.choices],
        error_messages=required("Select the kind of organisation"),
    )  # fmt: skip
    places = number("How many places", most=MOST_PEOPLE, least=1, error_messages=required("Enter how many places"))
    release_on = GovDateField(label="Everybody’s from", subject="day from which they are everybody’s", required=False)
    reveals = {"who": {AGENCY: ("agency",), KIND: ("kind",)}}

    def __init__(self, *args, usual, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["places"].required = True
        if usual:
            self.fields["release_on"].help_text = f"Leave it empty for the usual day, {usual:%-d %B %Y}."

    def narrow(self, name, rows):
        return rows.live()

    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("places", "release_on", "agency")} | {
            "kind": self.cleaned_data["kind"] or ""
        }


class TrainerForm(PortalForm):
    """A trainer: with an account she keeps the register of the event; a name alone is enough."""

    perm = Perm.DIRECTORY_VIEW

    name = forms.CharField(label="Name", max_length=200, error_messages=required("Enter the trainer’s name"))
    email = forms.EmailField(
        label="Email address of their account", required=False, max_length=254,
        help_text="With it they keep the register of this event on their phone, and see nothing else of the training.",
    )  # fmt: skip
    agency = OrganisationField(label="Organisation", required=False, help_text="Whose time it is, if anybody’s.")
    error_fields = {"user": "email"}

    def narrow(self, name, rows):
        return rows.live()

    def clean_email(self):
        address = self.cleaned_data["email"].strip()
        self.account = User.objects.filter(email__iexact=address, is_active=True).first() if address else None
        if address and self.account is None:
            raise ValidationError(NOBODY)
        return address

    def facts(self) -> dict:
        return {"name": self.cleaned_data["name"], "user": self.account, "agency": self.cleaned_data["agency"]}


MOST_WEEKS = 110


class CopyForm(PortalForm):
    """A stretch of days, and how many weeks later its events are planned again."""

    perm = Perm.DIRECTORY_VIEW

    first = GovDateField(label="Events from", subject="first day", error_messages=required("Enter the first day"))
    last = GovDateField(label="To", subject="last day", error_messages=required("Enter the last day"))
    weeks = number(
        "How many weeks later", most=MOST_WEEKS, least=1, error_messages=required("Enter the number of weeks"),
        help_text="52 for the same weekdays a year later.",
    )  # fmt: skip
    schools = forms.ModelChoiceField(
        Area.objects.none(), label="School holidays to go round", required=False,
        empty_label="None: plan in the holidays too",
        help_text="Bank holidays are always gone round. School holidays are kept in the directory, under Areas.",
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["weeks"].required = True
        self.initial.setdefault("schools", self.fields["schools"].queryset.first())

    def narrow(self, name, rows):
        return rows.filter(closures__agency=None, closures__isnull=False).distinct().order_by("name")

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", "The last day must not be before the first day")
        return cleaned

    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("first", "last", "weeks", "schools")}
