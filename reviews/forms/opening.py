"""Recording a notification and who its children are."""

from datetime import date

from django import forms
from django.utils import timezone

from partnership.access.forms import PortalForm
from partnership.documents.forms import DocumentField
from partnership.identities.models import Identity
from partnership.people.models import Agency, PartnerSeat
from partnership.people.roles import Perm
from partnership.ui.forms import GovDateField, GovDateTimeField, GovRadios, required, words
from reviews.ages import disagreement
from reviews.models import LONG, Child, Notification, Review

NO_NAMES = "No names or initials, no dates of birth, no addresses: those go into the identity record."
OF_AGE = "Select 18 to 24: a care leaver who died under 18 was a looked-after child, or it is a serious incident"
SINCE = date(2018, 6, 29)  # the Panel began: SI 2018/789


class ChildForm(PortalForm):
    age_band = forms.ChoiceField(
        label="Age", choices=Child.AgeBand.choices, widget=GovRadios, error_messages=required("Select the child’s age")
    )
    legal_status = forms.ChoiceField(
        label="Known to children’s social care as",
        choices=Child.LegalStatus.choices,
        widget=GovRadios,
        error_messages=required("Select how the child was known to children’s social care"),
    )

    def child(self):
        return {name: self.cleaned_data[name] for name in ("age_band", "legal_status")}


class IncidentForm(ChildForm):
    """What happened, to whom and where, as a referral tells it and as a notification does. Its heirs ask for `kind`."""

    harm = forms.ChoiceField(
        label="What happened to the child",
        choices=Review.Harm.choices,
        widget=GovRadios,
        error_messages=required("Select what happened to the child"),
    )
    incident_on = GovDateField(
        label="Date of the incident",
        help_text="If it is not known, the first day on which it can have happened.",
        not_future=True,
        error_messages=required("Enter the date of the incident"),
    )
    setting = forms.CharField(
        label="Where it happened", required=False, max_length=200, help_text="For example: at home, in foster care."
    )

    def clean(self):
        """The two deaths that are notified whatever their cause are deaths, of those whom they name."""
        cleaned = super().clean()
        kind, age, status = (cleaned.get(name) for name in ("kind", "age_band", "legal_status"))
        leaver = kind == Review.Kind.CARE_LEAVER
        if kind and kind != Review.Kind.INCIDENT and cleaned.get("harm") == Review.Harm.SERIOUS_HARM:
            self.add_error("harm", "Select that a child has died, or choose ‘Serious incident’ above")
        if kind and age and leaver != (age == Child.AgeBand.FROM_18):
            self.add_error("age_band", OF_AGE if leaver else "Select an age under 18: only a care leaver can be older")
        for wanted, code, who in (
            (Review.Kind.LOOKED_AFTER, Child.LegalStatus.LOOKED_AFTER, "looked after"),
            (Review.Kind.CARE_LEAVER, Child.LegalStatus.CARE_LEAVER, "a care leaver"),
        ):
            if kind == wanted and status and status != code:
                self.add_error("legal_status", f"Select that the child was {who}, or choose another kind above")
        return cleaned


class AddChildForm(ChildForm):
    """Another child of a review: one who was harmed too, or a brother or sister."""

    outcome = forms.ChoiceField(
        label="What happened to this child",
        choices=Child.Outcome.choices,
        widget=GovRadios,
        error_messages=required("Select what happened to this child"),
    )
    sibling = forms.BooleanField(label="Brother or sister of another child of this review", required=False)
    field_order = ["outcome", "sibling"]

    def child(self):
        return super().child() | {name: self.cleaned_data[name] for name in ("outcome", "sibling")}


class NotificationTimes(PortalForm):
    """When the council became aware, and when it notified: what the two statutory periods are counted from."""

    aware_at = GovDateTimeField(
        label="When the council became aware",
        subject="date the council became aware",
        help_text="The working days to notify are counted from the next day. For example 27 3 2026, 14:30",
        not_future=True,
        error_messages=required("Enter when the council became aware"),
    )
    sent_at = GovDateTimeField(
        label="When the notification was sent to the Panel",
        subject="date the notification was sent",
        help_text="The working days of the rapid review are counted from the next day.",
        not_future=True,
        error_messages=required("Enter when the notification was sent to the Panel"),
    )

    def clean(self):
        cleaned = super().clean()
        aware, sent = cleaned.get("aware_at"), cleaned.get("sent_at")
        if aware and sent and sent < aware:
            self.add_error("sent_at", "The notification cannot have been sent before the council became aware")
        for name, moment in (("aware_at", aware), ("sent_at", sent)):
            if moment and timezone.localdate(moment) < SINCE:
                self.add_error(name, "The date must be 29 June 2018 or later: the Panel did not exist before")
        return cleaned


class CorrectTimesForm(NotificationTimes):
    """The times as they really were. `read` are the two that the page showed."""

    read = forms.CharField(widget=forms.HiddenInput)
    reason = words("Why the recorded times are wrong", "Say why the recorded times are wrong", rows=3, most=1000)
    late_reason = words(
        "If the notification was late, why",
        rows=3,
        most=1000,
        help_text="Only where it went after its date and nobody has said why.",
    )
    field_order = ["aware_at", "sent_at", "reason", "late_reason"]

    def correction(self):
        return {name: self.cleaned_data[name] for name in ("aware_at", "sent_at", "reason", "late_reason", "read")}


class BeginForm(NotificationTimes):
    """A death that was notified turns out to meet the criteria: the notification of it as a serious incident."""

    aware_at = GovDateTimeField(
        label="When the council became aware that abuse or neglect is known or suspected",
        subject="date the council became aware",
        not_future=True,
        error_messages=required("Enter when the council became aware"),
    )
    sent_at = GovDateTimeField(
        label="When it notified the Panel of a serious incident",
        subject="date the notification was sent",
        help_text="The working days of the rapid review are counted from the next day.",
        not_future=True,
        error_messages=required("Enter when the notification was sent to the Panel"),
    )
    late_reason = words("If the notification was late, why", rows=3, most=1000)
    FIELDS = ("aware_at", "sent_at", "late_reason")


class NotifyForm(IncidentForm, NotificationTimes):
    """The notification to the national Panel, and the first child."""

    perms = {"authority": Perm.DIRECTORY_VIEW}
    error_fields = {"file": "copy"}

    kind = forms.ChoiceField(
        label="What was notified",
        choices=Review.Kind.choices,
        initial=Review.Kind.INCIDENT,
        widget=GovRadios,
        error_messages=required("Select what was notified"),
    )
    criteria = forms.ChoiceField(
        label="For the death of a looked-after child or a care leaver: are the criteria of a rapid review met?",
        required=False,
        choices=[("yes", "Yes: abuse or neglect is known or suspected"), ("no", "No: no rapid review follows")],
        widget=GovRadios,
        help_text="A rapid review follows every serious incident; leave this empty for one.",
    )
    authority = forms.ModelChoiceField(
        queryset=Agency.objects.none(),
        label="Local authority that notified",
        empty_label="Choose a council",
        error_messages=required("Select the local authority that notified"),
    )
    what_happened = words("What was notified", "Enter what was notified", rows=8, most=LONG, help_text=NO_NAMES)
    safety = words("What was done at once for siblings and other children", rows=4, most=LONG)
    parallel = forms.CharField(
        label="Other proceedings",
        required=False,
        max_length=300,
        help_text="For example a police investigation, an inquest, a child death review.",
    )
    panel_reference = forms.CharField(label="The Panel’s reference, if given", required=False, max_length=60)
    late_reason = forms.CharField(
        label="If it was sent late, why",
        required=False,
        max_length=1000,
        help_text="Kept with the record. Leave empty if it was sent in time.",
    )
    copy = DocumentField(
        label="The notification as it came", required=False, hint="A copy for the case. It can be attached later too."
    )

    fieldsets = (
        ("What this is", ("kind", "criteria")),
        ("Dates", ("aware_at", "sent_at", "late_reason", "incident_on")),
        (
            "What was notified",
            ("authority", "harm", "setting", "what_happened", "safety", "parallel", "panel_reference", "copy"),
        ),
        ("The first child", ("age_band", "legal_status")),
    )

    field_order = [name for _, names in fieldsets for name in names]

    def narrow(self, name, rows):
        return rows.live().filter(partner_seat=PartnerSeat.LOCAL_AUTHORITY).order_by("name")

    def clean(self):
        cleaned = super().clean()
        aware, incident = cleaned.get("aware_at"), cleaned.get("incident_on")
        if incident and aware and incident > timezone.localdate(aware):
            self.add_error("incident_on", "The incident cannot be later than the day the council became aware")
        if cleaned.get("kind") not in (None, Review.Kind.INCIDENT) and not cleaned.get("criteria"):
            self.add_error("criteria", "Select whether the criteria of a rapid review are met")
        return cleaned

    def rapid(self) -> bool:
        """Whether a rapid review follows."""
        return self.cleaned_data.get("kind") == Review.Kind.INCIDENT or self.cleaned_data.get("criteria") == "yes"

    def facts(self):
        names = [each.name for each in Notification._meta.fields if each.name in self.cleaned_data]
        return {name: self.cleaned_data[name] for name in names}


class IdentityForm(PortalForm):
    """Who somebody is. Encrypted when saved; never shown in a list, an email or a PDF."""

    name = forms.CharField(label="Full name", max_length=200, error_messages=required("Enter the full name"))
    other_names = forms.CharField(label="Other names used", required=False, max_length=300)
    date_of_birth = GovDateField(
        label="Date of birth", required=False, not_future=True, help_text="Leave empty for an unborn child."
    )
    addresses = words("Addresses", rows=4, most=2000)
    other = words("Other identifiers", rows=3, most=2000, help_text="For example an NHS number.")
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def facts(self):
        return {
            key: value
            for key, value in self.cleaned_data.items()
            if key not in ("form_token", "version", "subject", "label")
        }


class ChildIdentityForm(IdentityForm):
    """The identity of a child of the review. band: the age that the review gives, None for whoever is no child of it;
    day: of the incident."""

    def __init__(self, *args, band, day, **kwargs):
        super().__init__(*args, **kwargs)
        self.band, self.day = band, day

    def clean(self):
        cleaned = super().clean()
        if wrong := disagreement(self.band, cleaned.get("date_of_birth"), self.day):
            self.add_error("date_of_birth", f"{wrong}: the age is changed on the page of the notification")
        return cleaned


class PersonForm(IdentityForm):
    """Somebody else whom the agencies must search for: a sibling, a parent, another adult."""

    subject = forms.ChoiceField(
        label="Who this is",
        choices=[choice for choice in Identity.Subject.choices if choice[0] != "child"],
        widget=GovRadios,
        error_messages=required("Select who this is"),
    )
    label = forms.CharField(
        label="How the review calls this person",
        max_length=60,
        help_text="For example ‘Mother’ or ‘Sibling 1’. No initials.",
        error_messages=required("Enter how the review calls this person"),
    )
    field_order = ["subject", "label"]
