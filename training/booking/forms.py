"""The forms of booking: for oneself, for several at once, and what is done with a place."""

from django import forms
from django.utils import timezone

from partnership.access.forms import PortalForm
from partnership.access.reach import reach_of
from partnership.people.models import Agency
from partnership.people.roles import Perm
from partnership.ui.forms import GovCheckboxes, GovForm, GovRadios, required, words
from partnership.ui.listing import id_of
from training import rules
from training.booking import reads
from training.booking.wording import when
from training.models import Event, Learner, WorkforceRole

NEEDS = "What should the trainer know?"
NEEDS_HINT = "A wheelchair, a hearing loop, food: what is needed on the day. The trainer and the business unit read it."
APPROVE, REFUSE = "approve", "refuse"
# As many as fit a page that is still looked over; more are found by their name.
SHOWN, MOST_NEW, FIRST_NEW = 40, 20, 3


def needs_field():
    return words(NEEDS, rows=2, most=500, help_text=NEEDS_HINT)


class BookForm(PortalForm):
    """A place for oneself. agencies: those that she belongs to. approval: the course asks for the manager's word."""

    agency = forms.ModelChoiceField(
        queryset=Agency.objects.none(), label="For which organisation do you go?", widget=GovRadios, empty_label=None,
        error_messages=required("Choose the organisation for which you go."),
    )  # fmt: skip
    approver_name = forms.CharField(
        label="Your line manager’s name", max_length=200,
        error_messages=required("Enter the name of the manager who approves this place."),
    )  # fmt: skip
    approver_email = forms.EmailField(
        label="Your line manager’s email address", help_text="We send them a link. They need no account.",
        error_messages=required(
            "Enter the email address of the manager who approves this place.",
            invalid="Enter an email address, like name@organisation.gov.uk",
        ),
    )  # fmt: skip
    needs = needs_field()

    perm = Perm.DIRECTORY_VIEW

    def __init__(self, data=None, *, user, agencies, approval, **kwargs):
        super().__init__(data, user=user, **kwargs)
        self.agencies = agencies
        if len(agencies) < 2:
            del self.fields["agency"]
        if not approval:
            del self.fields["approver_name"], self.fields["approver_email"]

    def narrow(self, name, rows):
        return rows.filter(pk__in=reach_of(self.user).belongs_to()).order_by("name")

    def chosen(self):
        return self.cleaned_data.get("agency") or self.agencies[0]

    def approver(self) -> dict | None:
        if "approver_email" not in self.fields:
            return None
        return {"name": self.cleaned_data["approver_name"], "email": self.cleaned_data["approver_email"]}


def _called(row):
    return ", ".join(filter(None, [row.name, row.post, row.email or "no email address"]))


class SeveralForm(PortalForm):
    """Several people of one organisation at once: ticked, or entered in rows of their own.

    agency: whose people. away: ids of those who are on the event already. hints: learner id -> what is said beside the
    name. What was ticked stays ticked whoever is looked for next.
    """

    q = forms.CharField(label="Find somebody by name or address", required=False, max_length=100)
    people = forms.MultipleChoiceField(label="Who goes", required=False, widget=GovCheckboxes(small=True))
    many = forms.IntegerField(required=False, min_value=1, max_value=MOST_NEW, widget=forms.HiddenInput)

    def __init__(self, data=None, *, user, agency, away=frozenset(), **kwargs):
        super().__init__(data, user=user, **kwargs)
        self.agency, self.away = agency, away
        said = str((data or {}).get("many", ""))
        self.number = min(MOST_NEW, int(said[:3])) if said.isdecimal() and int(said[:3]) else FIRST_NEW
        self.initial["many"] = self.number
        self._offer(data)
        roles = [("", "Not said"), *WorkforceRole.objects.values_list("code", "name")]
        for n in range(self.number):
            self._row(n, roles)

    def _offer(self, data):
        """Those who are found, and whoever is ticked, of this organisation and of no other."""
        rows = reads.people(self.user, self.agency).exclude(pk__in=self.away)
        sought = str((data or {}).get("q", "")).replace("\0", "").strip()
        found = rows
        for word in sought.split()[:5]:
            found = found.filter(name__icontains=word) | found.filter(email__icontains=word)
        found = list(found[: SHOWN + 1])
        self.more, self.sought, shown = len(found) > SHOWN, sought, {row.pk: row for row in found[:SHOWN]}
        ticked = [each for each in data.getlist("people") if id_of(each)] if hasattr(data, "getlist") else []
        shown |= {row.pk: row for row in rows.filter(pk__in=ticked)} if ticked else {}
        self.offered = {str(pk): row for pk, row in shown.items()}
        self.fields["people"].choices = [(pk, _called(row)) for pk, row in self.offered.items()]

    def _row(self, n, roles):
        each = f"Person {n + 1}: "
        self.fields[f"name_{n}"] = forms.CharField(label=f"{each}full name", required=False, max_length=200)
        self.fields[f"email_{n}"] = forms.EmailField(
            label=f"{each}email address", required=False,
            error_messages={"invalid": "Enter an email address, like name@organisation.gov.uk"},
        )  # fmt: skip
        self.fields[f"role_{n}"] = forms.ChoiceField(label=f"{each}what they do", required=False, choices=roles)
        self.fields[f"post_{n}"] = forms.CharField(label=f"{each}job title", required=False, max_length=200)
        for name in (f"name_{n}", f"email_{n}", f"role_{n}", f"post_{n}"):
            self._finish(name, self.fields[name])

    def new_rows(self):
        """The bound fields of each row, for the template."""
        return [[self[f"{name}_{n}"] for name in ("name", "email", "role", "post")] for n in range(self.number)]

    def hint(self, hints):
        """Say beside a name what is not there yet; refuses nobody."""
        self.fields["people"].widget.hints = hints

    def clean(self):
        data = super().clean()
        for n in range(self.number):
            if any(data.get(f"{name}_{n}") for name in ("email", "role", "post")) and not data.get(f"name_{n}"):
                self.add_error(f"name_{n}", "Enter the full name of this person.")
        if not self.errors and not data["people"] and not self.entered():
            self.add_error(None, "Tick somebody, or enter the name of somebody new.")
        return data

    def entered(self) -> list:
        """(number of the row, its facts) of the new people."""
        said = self.cleaned_data
        named = {said.get(f"role_{n}") for n in range(self.number)} - {None, ""}
        roles = WorkforceRole.objects.in_bulk(named) if named else {}
        return [
            (n, {
                "name": said[f"name_{n}"], "email": said.get(f"email_{n}") or "", "post": said.get(f"post_{n}") or "",
                "role": roles.get(said.get(f"role_{n}") or ""),
            })
            for n in range(self.number)
            if said.get(f"name_{n}")
        ]  # fmt: skip


class MoveForm(PortalForm):
    """To another event of the course."""

    to = forms.ChoiceField(label="Move to", widget=GovRadios, error_messages=required("Choose the event to move to."))

    def __init__(self, data=None, *, user, events, **kwargs):
        super().__init__(data, user=user, **kwargs)
        self.events = {str(each.pk): each for each in events}
        self.fields["to"].choices = [(pk, self._label(each)) for pk, each in self.events.items()]

    @staticmethod
    def _label(event):
        bound = timezone.localdate() > rules.last_day_to_cancel(event)
        return f"{when(event)} (too late to give up in time)" if bound else when(event)

    def event(self) -> Event:
        return self.events[self.cleaned_data["to"]]


class HandForm(PortalForm):
    """To a colleague of the same organisation: chosen by who keeps its people, named by everybody."""

    learner = forms.ModelChoiceField(
        queryset=Learner.objects.none(), label="A colleague", required=False, empty_label="Somebody else, named below"
    )
    name = forms.CharField(label="Their full name", required=False, max_length=200)
    email = forms.EmailField(
        label="Their work email address", required=False,
        error_messages={"invalid": "Enter an email address, like name@organisation.gov.uk"},
    )  # fmt: skip

    perm = Perm.LEARNER_EDIT

    def __init__(self, data=None, *, user, row, keeps, **kwargs):
        self.booking = row
        super().__init__(data, user=user, **kwargs)
        if keeps:
            self.fields["learner"].label_from_instance = _called
        else:
            del self.fields["learner"]

    def narrow(self, name, rows):
        booking = self.booking
        return reads.people(self.user, booking.agency).exclude(pk__in=reads.booked_there(booking.event, booking.agency))

    def clean(self):
        data = super().clean()
        if not data.get("learner"):
            if not data.get("name") and "name" not in self.errors:
                self.add_error("name", "Enter the full name of the colleague.")
            if not data.get("email") and "email" not in self.errors:
                self.add_error("email", "Enter the colleague’s email address: the place is confirmed to it.")
        return data


class NeedsForm(PortalForm):
    needs = needs_field()
    version = forms.IntegerField(widget=forms.HiddenInput)


class DecideForm(GovForm):
    """The manager's word, behind a link."""

    says = forms.ChoiceField(
        label="Do you approve this place?", choices=[(APPROVE, "Yes"), (REFUSE, "No")],
        widget=GovRadios, error_messages=required("Choose whether you approve this place."),
    )  # fmt: skip
    note = words("Why not?", "Say why: the person who asked reads it.", rows=3, most=500)

    reveals = {"says": {REFUSE: ("note",)}}


class EndForm(PortalForm):
    """The business unit ends a booking for somebody."""

    booking = forms.UUIDField(widget=forms.HiddenInput)
    why = words(
        "Why?", "Say why: the person reads it.", rows=2, most=500, help_text="The person reads it in the portal."
    )


class ListForm(GovForm):
    """The filters of an organisation's bookings, from the address."""

    q = forms.CharField(label="Name", required=False, max_length=100)
    state = forms.ChoiceField(label="How it stands", required=False)
    time = forms.ChoiceField(
        label="When", required=False, choices=[("", "To come"), ("before", "Over"), ("all", "All")]
    )
    course = forms.ChoiceField(label="Course", required=False)
    agency = forms.ChoiceField(label="Organisation", required=False)
    event = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data, *, states, courses, agencies):
        super().__init__(data)
        self.fields["state"].choices = [("", "Any"), *states]
        self.fields["course"].choices = [("", "Any"), *courses]
        if len(agencies) > 1:
            self.fields["agency"].choices = [("", "Any"), *((str(each.pk), each.name) for each in agencies)]
        else:
            del self.fields["agency"]
