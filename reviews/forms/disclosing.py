"""Requests for a case's material, and contact with family and witnesses."""

from django import forms
from django.db.models import Q
from django.utils import timezone

from partnership.access.forms import PortalForm
from partnership.documents.models import State, Version
from partnership.people.roles import Perm
from partnership.ui.dates import plain
from partnership.ui.forms import GovCheckboxes, GovDateField, GovRadios, required, words
from reviews.forms.opening import NO_NAMES
from reviews.models import Disclosure


def without_version(facts) -> dict:
    """What a service takes that makes a row."""
    return {name: value for name, value in facts.items() if name != "version"}


class _Versioned(PortalForm):
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class DisclosureForm(_Versioned):
    kind = forms.ChoiceField(
        label="Who asks",
        choices=[("", "Choose one"), *Disclosure.Kind.choices],
        error_messages=required("Select who asks"),
    )
    body = forms.CharField(
        label="Force, court or body",
        max_length=200,
        help_text="For example: Staffordshire Police.",
        error_messages=required("Enter the force, court or body"),
    )
    asked_by = forms.CharField(
        label="Who asked, by post",
        max_length=200,
        help_text="For example: disclosure officer. No names of people.",
        error_messages=required("Enter the post of who asked"),
    )
    asked_on = GovDateField(label="Asked on", subject="day it was asked", not_future=True)
    what = words("What is asked for", "Say what is asked for", rows=4, most=4000, help_text=NO_NAMES)
    basis = words(
        "Legal basis",
        "Say on which legal basis it is asked",
        rows=3,
        most=2000,
        help_text="In words, as they gave it: a section, an order of a court, or consent.",
    )
    due_on = GovDateField(label="Answer due on", subject="day it is due", required=False)


class DisclosureDecisionForm(_Versioned):
    answer = forms.ChoiceField(
        label="What is decided",
        choices=Disclosure.Answer.choices,
        widget=GovRadios,
        error_messages=required("Select what is decided"),
    )
    decided_by = forms.CharField(
        label="Who decided, by post", max_length=200, error_messages=required("Enter the post of who decided")
    )
    decided_on = GovDateField(label="Decided on", subject="day it was decided", not_future=True)
    reasons = words("Why", "Say why", rows=4, most=4000, help_text=NO_NAMES)


class DisclosureLeftForm(_Versioned):
    perm = Perm.DOCUMENT_DOWNLOAD

    files = forms.ModelMultipleChoiceField(
        Version.objects.none(), label="Files of the case that left", required=False, widget=GovCheckboxes
    )
    left = words("What else left, in words", rows=3, most=4000, help_text=NO_NAMES)
    left_how = forms.CharField(
        label="How it left",
        max_length=200,
        help_text="For example: secure email, by hand against a signature.",
        error_messages=required("Say how it left"),
    )
    left_on = GovDateField(label="Left on", subject="day it left", not_future=True)
    left_agreed = forms.CharField(
        label="With whose agreement, by post",
        max_length=200,
        error_messages=required("Enter the post of who agreed that it leaves"),
    )

    def __init__(self, *args, folder, gone=(), **kwargs):
        self.folder, self.gone = folder, gone
        super().__init__(*args, **kwargs)
        self.fields["files"].label_from_instance = _called

    def narrow(self, name, rows):
        """Clean ones; and what has left already, also where a later check withdrew it: it did leave."""
        rows = rows.filter(Q(state=State.CLEAN) | Q(pk__in=self.gone), folder_id=self.folder)
        return rows.select_related("document").order_by("document__title", "number")


def _called(row):
    return f"{row.document.title}, version {row.number}, of {plain(timezone.localdate(row.made_at))}"


class FamilyContactForm(_Versioned):
    whom = forms.CharField(
        label="Whom",
        max_length=100,
        help_text="As the case calls them: Mother, Brother 1, Neighbour. No names.",
        error_messages=required("Say whom, as the case calls them"),
    )
    planned_on = GovDateField(label="Planned for", subject="day it is planned for")
    why = words("Why", "Say why they are contacted", rows=3, most=4000, help_text=NO_NAMES)
    agreed_by = forms.CharField(
        label="Who agreed, by post",
        required=False,
        max_length=200,
        help_text="For example: senior investigating officer. Needed while a proceeding holds contact.",
    )
    agreed_on = GovDateField(label="Agreed on", subject="day it was agreed", required=False, not_future=True)
    done_on = GovDateField(
        label="It happened on",
        subject="day it happened",
        required=False,
        not_future=True,
        help_text="Empty until then.",
    )
    early = forms.BooleanField(
        label="It happened before it was agreed",
        required=False,
        help_text="Only where both days are right. The list then says that it was before the agreement.",
    )
    outcome = words("What came of it", rows=4, most=4000, help_text=NO_NAMES)

    def clean(self):
        cleaned = super().clean()
        for one, other, said in (
            ("agreed_by", "agreed_on", "Enter on which day it was agreed"),
            ("agreed_on", "agreed_by", "Enter the post of who agreed"),
            ("outcome", "done_on", "Enter on which day it happened"),
        ):
            if cleaned.get(one) and not cleaned.get(other) and other not in self.errors:
                self.add_error(other, said)
        return cleaned
