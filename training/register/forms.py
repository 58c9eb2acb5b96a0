"""The register's ticks, somebody at the door, and what is asked before a register is complete."""

import json
from functools import cached_property
from uuid import UUID

from django import forms

from partnership.access.forms import PortalForm
from partnership.access.picking import OrganisationField
from partnership.people.roles import Perm
from partnership.ui.forms import GovCheckboxes, GovRadios, required
from partnership.ui.listing import id_of
from training.models import Booking

A = Booking.Attended
READ = "read_answers"  # the portal's own script keeps in it what each part was when it was read
CAME = [(value, label) for value, label in A.choices if value != A.ABSENT]


class RegisterForm(PortalForm):
    """A question for each who is booked. It carries what each was marked when the page was read.

    rows: `reads.rows_of`. Sent whole by its button, or one part of it alone: `part` is then a booking's id and
    `version` what it was marked.
    """

    read_answers = forms.CharField(required=False, widget=forms.HiddenInput, max_length=100_000)

    def __init__(self, *args, rows, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = {str(row.pk): row for row in rows}
        for key, row in self.rows.items():
            self.fields[f"mark_{key}"] = field = forms.ChoiceField(
                label=f"{row.name}, {row.told_apart}" if row.told_apart else row.name, required=False,
                choices=CAME if row.unexpected else A.choices, initial=row.attended, widget=GovRadios(inline=True),
            )  # fmt: skip
            self._finish(f"mark_{key}", field)
        self.initial[READ] = self.read_of(rows)

    @staticmethod
    def read_of(rows) -> str:
        return json.dumps({str(row.pk): row.attended for row in rows})

    @property
    def lines(self) -> list:
        """(booking, its radios) to draw."""
        return [(row, self[f"mark_{key}"]) for key, row in self.rows.items()]

    @property
    def part(self) -> str:
        """The booking whose mark alone was sent; empty where the whole form was."""
        return self.data.get("part", "")

    def marks(self) -> dict:
        """Booking id -> the mark that was sent. A name on which nothing is ticked is left as it is."""
        names = {key: f"mark_{key}" for key in ([self.part] if self.part else self._sent())}
        return {pk: self.data[name] for key, name in names.items() if (pk := id_of(key)) and self._right(name)}

    def _sent(self) -> list:
        return [name.removeprefix("mark_") for name in self.data if name.startswith("mark_")]

    def _right(self, name) -> bool:
        """Also of somebody who is off the register since the page was read: the service says so."""
        return name in self.data and self.data[name] in A.values and name not in self.errors

    def read_marks(self) -> dict:
        said = {self.part: self.data.get("version", "")} if self.part else self._as_read
        return {pk: value for key, value in said.items() if (pk := id_of(key)) and isinstance(value, str)}

    @cached_property
    def _as_read(self) -> dict:
        try:
            said = json.loads(self.cleaned_data.get(READ) or "{}")
        except ValueError:
            return {}
        return said if isinstance(said, dict) else {}


class UnexpectedForm(PortalForm):
    """Somebody at the door."""

    perms = {"agency": Perm.DIRECTORY_VIEW}

    name = forms.CharField(label="Full name", max_length=200, error_messages=required("Enter the full name"))
    agency = OrganisationField(
        label="Organisation", error_messages=required("Enter the organisation that they work for")
    )
    email = forms.EmailField(
        label="Work email address", required=False, max_length=254,
        help_text="So that the training counts for them and the certificate reaches them. Leave it empty if they do "
        "not know it.",
        error_messages={"invalid": "Enter an email address in the right form, like name@example.org.uk"},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    answer = forms.ChoiceField(
        label="How they attended", choices=CAME, initial=A.PRESENT, widget=GovRadios(),
        error_messages=required("Select how they attended"),
    )  # fmt: skip

    def narrow(self, name, rows):
        return rows.live()


class CompleteForm(PortalForm):
    """left_early: the bookings of those who did; each is asked about."""

    counting = forms.MultipleChoiceField(
        label="Who left early and completed the course all the same", required=False,
        widget=GovCheckboxes(), help_text="Tick those who heard enough of it. The others get no certificate.",
    )  # fmt: skip

    def __init__(self, *args, left_early, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["counting"].choices = [(str(row.pk), row.name) for row in left_early]
        if not left_early:
            del self.fields["counting"]

    def ids(self) -> set:
        return {UUID(pk) for pk in self.cleaned_data.get("counting", [])}
