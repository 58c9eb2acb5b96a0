"""What is known of the children, of what was notified, and of what runs beside the case."""

from django import forms

from partnership.access.forms import PortalForm
from partnership.people.roles import Perm
from partnership.ui.forms import GovCheckboxes, GovDateField, GovRadios, required, words
from reviews.forms.opening import NO_NAMES, NotifyForm
from reviews.models import Category, Child, Proceeding, Review, YesNo


def _or_nothing(choices):
    return [("", "Not recorded"), *choices]


class ChangeNotificationForm(NotifyForm):
    """All of the notification but its times and its kind, which the clocks hang on."""

    notifier = forms.CharField(label="Who notified, by post", required=False, max_length=200)
    categories = forms.MultipleChoiceField(
        label="What the harm is thought to come from", choices=Category.choices, widget=GovCheckboxes, required=False
    )
    agencies_involved = words("Agencies that were involved with the child or family", rows=3, most=4000)
    police_involved = forms.ChoiceField(
        label="Are the police involved?", choices=_or_nothing(YesNo.choices), required=False
    )
    coroner_told = forms.ChoiceField(
        label="Has the coroner been told?", choices=_or_nothing(YesNo.choices), required=False
    )
    media_interest = forms.CharField(
        label="Media interest", required=False, max_length=300, help_text=f"What is known of it. {NO_NAMES}"
    )
    partners_agreed = forms.ChoiceField(
        label="Did the three partners agree what was notified?", choices=_or_nothing(YesNo.choices), required=False
    )
    one_form = forms.BooleanField(
        label="A large operation: one form names the main child for all",
        required=False,
        help_text="Otherwise a death has a form of its own, and so has each child who is not a brother or sister.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    fieldsets = (
        ("What was notified", ("authority", "notifier", "incident_on", "harm", "categories", "setting")),
        ("In words", ("what_happened", "safety", "agencies_involved")),
        (
            "Who else",
            ("police_involved", "coroner_told", "parallel", "media_interest", "partners_agreed", "one_form"),
        ),
        ("The Panel", ("panel_reference",)),
    )
    field_order = [name for _, names in fieldsets for name in names]
    LEFT_OUT = ("kind", "criteria", "aware_at", "sent_at", "late_reason", "age_band", "legal_status", "copy")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.LEFT_OUT:
            del self.fields[name]

    def clean(self):
        return self.cleaned_data

    def changed(self):
        """What the service takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "form_token"}


class ChangeChildForm(PortalForm):
    """What is known of a child outside the identity record."""

    outcome = forms.ChoiceField(
        label="What happened to this child",
        choices=Child.Outcome.choices,
        widget=GovRadios,
        error_messages=required("Select what happened to this child"),
    )
    sibling = forms.BooleanField(label="Brother or sister of another child of this review", required=False)
    age_band = forms.ChoiceField(
        label="Age", choices=Child.AgeBand.choices, error_messages=required("Select the child’s age")
    )
    legal_status = forms.ChoiceField(
        label="Known to children’s social care as",
        choices=Child.LegalStatus.choices,
        error_messages=required("Select how the child was known to children’s social care"),
    )
    placed_by = forms.CharField(
        label="Council that placed the child", required=False, max_length=200, help_text="For a looked-after child."
    )
    sex = forms.ChoiceField(label="Sex", choices=_or_nothing(Child.Sex.choices), required=False)
    ethnicity = forms.ChoiceField(
        label="Ethnic group",
        choices=_or_nothing(Child.Ethnicity.choices),
        required=False,
        help_text="As the records say. The groups are those of the 2021 census.",
    )
    disability = forms.CharField(label="Disability", required=False, max_length=200, help_text="In words, or none.")
    panel_reference = forms.CharField(label="The Panel’s reference of this child’s form", required=False, max_length=60)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def changed(self):
        return {name: value for name, value in self.cleaned_data.items() if name != "form_token"}


class ProceedingForm(PortalForm):
    kind = forms.ChoiceField(
        label="What runs beside the review",
        choices=[("", "Choose one"), *Proceeding.Kind.choices],
        error_messages=required("Select what runs beside the review"),
    )
    contact = forms.CharField(
        label="Who leads it, by post",
        required=False,
        max_length=200,
        help_text="For example: senior investigating officer. No names of people.",
    )
    reference = forms.CharField(label="Its reference", required=False, max_length=100)
    started_on = GovDateField(label="Since", subject="day it began", required=False, not_future=True)
    ended_on = GovDateField(label="Until", subject="day it ended", required=False, help_text="Empty while it runs.")
    holds_publication = forms.BooleanField(
        label="Nothing may be published while it runs", required=False, help_text="The review itself goes on."
    )
    holds_contact = forms.BooleanField(
        label="Family and witnesses are contacted only with the agreement of whoever leads it", required=False
    )
    note = words("Note", rows=3, most=4000, help_text=NO_NAMES)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean(self):
        cleaned = super().clean()
        if (start := cleaned.get("started_on")) and (end := cleaned.get("ended_on")) and end < start:
            self.add_error("ended_on", "It cannot end before it began")
        return cleaned


class InterestForm(PortalForm):
    partnership = forms.CharField(
        label="Other area or partnership",
        max_length=200,
        error_messages=required("Enter the other area or partnership"),
    )
    contact = forms.CharField(label="How it is reached, by post", required=False, max_length=200)
    why = words(
        "What its interest is",
        "Say what its interest is",
        rows=3,
        most=4000,
        help_text=f"For example: a brother lives there. {NO_NAMES}",
    )
    told_on = GovDateField(label="Told on", subject="day it was told", required=False, not_future=True)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class LinkForm(PortalForm):
    perm = Perm.REVIEW_MANAGE

    other = forms.ModelChoiceField(
        Review.objects.none(),
        label="The other review",
        empty_label="Choose a review",
        help_text="Reviews that you work on are offered. Its readers see the link on its own page.",
        error_messages=required("Select the other review"),
    )
    why = forms.CharField(
        label="Why they concern each other", max_length=300, error_messages=required("Say why they concern each other")
    )

    def __init__(self, *args, offered, **kwargs):
        self.offered = offered
        super().__init__(*args, **kwargs)
        self.fields["other"].label_from_instance = lambda row: row.folder.reference

    def narrow(self, name, rows):
        return rows.filter(pk__in=self.offered.values("pk")).select_related("folder")
