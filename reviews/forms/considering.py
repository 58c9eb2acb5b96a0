"""Telling the partnership of an incident, and what is recorded while it is considered."""

from django import forms
from django.utils import timezone

from partnership.access.forms import PortalForm
from partnership.access.picking import OrganisationField
from partnership.access.reach import reach_of
from partnership.documents.forms import DocumentField
from partnership.people.models import Agency, PartnerSeat
from partnership.people.roles import Perm
from partnership.ui.forms import GovDateField, GovDateTimeField, GovRadios, required, words
from reviews.ages import disagreement
from reviews.forms.opening import NO_NAMES, SINCE, IdentityForm, IncidentForm, NotifyForm
from reviews.models import LONG, Channel, CriteriaView, Referral, Review

ELSEWHERE = [choice for choice in Channel.choices if choice[0] != Channel.PORTAL]


class ReferralForm(IncidentForm, IdentityForm):
    """An organisation tells the partnership of an incident. Who the child is, is sealed apart from the rest."""

    perms = {"agency": Perm.DIRECTORY_VIEW}

    safety = words(
        "What has been done for brothers, sisters and other children",
        "Say what has been done for brothers, sisters and other children, or that there are none",
        rows=4,
        most=LONG,
        help_text=f"Are they safe now, and who has seen them? {NO_NAMES}",
    )
    records_secured = forms.BooleanField(
        label="Our records of this child and family are secured: nobody changes or removes them",
        error_messages=required("Secure your records first, then tick this"),
    )
    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        label="You refer for",
        empty_label="Choose your organisation",
        error_messages=required("Select your organisation"),
    )
    agreed_by = forms.CharField(
        label="Senior lead who agreed to this referral, by post",
        max_length=200,
        help_text="For example: Director of Nursing. No names of people.",
        error_messages=required("Enter the post of the senior lead who agreed"),
    )
    agreed_on = GovDateField(
        label="On which day they agreed",
        subject="day on which they agreed",
        not_future=True,
        error_messages=required("Enter the day on which they agreed"),
    )
    kind = forms.ChoiceField(
        label="What this is about",
        choices=Review.Kind.choices,
        widget=GovRadios,
        error_messages=required("Select what this is about"),
    )
    what_happened = words("What happened", "Enter what happened", rows=8, most=LONG, help_text=NO_NAMES)
    why = words(
        "Why you think that the criteria may be met",
        "Say why you think that the criteria may be met",
        rows=5,
        most=LONG,
        help_text="Abuse or neglect is known or suspected, and a child has died or was seriously harmed "
        "(Children Act 2004, section 16C).",
    )
    other_agencies = words("Other agencies that know the child or family", rows=3, most=4000)
    other_area = forms.CharField(
        label="Other areas that are concerned",
        required=False,
        max_length=300,
        help_text="For example: a brother lives in another county.",
    )

    fieldsets = (
        ("Safety first", ("safety", "records_secured")),
        ("Who refers", ("agency", "agreed_by", "agreed_on")),
        ("What happened", ("kind", "harm", "incident_on", "setting", "what_happened", "why")),
        ("Who the child is", ("name", "other_names", "date_of_birth", "addresses", "other")),
        ("The child", ("age_band", "legal_status", "other_agencies", "other_area")),
    )
    field_order = [name for _, names in fieldsets for name in names]
    FACTS = (
        "safety", "records_secured", "agreed_by", "agreed_on", "harm", "incident_on", "setting", "what_happened", "why",
        "other_agencies", "other_area",
    )  # fmt: skip
    IDENTITY = ("name", "other_names", "date_of_birth", "addresses", "other")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["version"]
        mine = list(self.fields["agency"].queryset[:2]) if "agency" in self.fields else []
        if len(mine) == 1:
            self.fields["agency"].initial = mine[0]

    def narrow(self, name, rows):
        """Those for which this person may refer by a role there."""
        return rows.live().filter(pk__in=reach_of(self.user).agencies(Perm.REFER)).order_by("name")

    def clean(self):
        cleaned = super().clean()
        if (day := cleaned.get("incident_on")) and day < SINCE:
            self.add_error("incident_on", "The date must be 29 June 2018 or later: the Panel did not exist before")
        band, born, on = (cleaned.get(name) for name in ("age_band", "date_of_birth", "incident_on"))
        if wrong := disagreement(band, born, on):
            self.add_error("age_band", wrong)
        return cleaned

    def parts(self) -> dict:
        """agency, kind, facts, child and identity, as the service takes them."""
        data = self.cleaned_data
        return {
            "agency": data["agency"],
            "kind": data["kind"],
            "facts": {name: data[name] for name in self.FACTS},
            "child": self.child(),
            "identity": {name: data[name] for name in self.IDENTITY},
        }


class RecordReferralForm(ReferralForm):
    """What somebody told the business unit otherwise than in the portal, or the child death panel's question."""

    source = forms.ChoiceField(
        label="What came",
        choices=Referral.Source.choices,
        widget=GovRadios,
        error_messages=required("Select what came"),
    )
    agency = OrganisationField(label="From which organisation", error_messages=required("Enter the organisation"))
    given_by = forms.CharField(
        label="Who gave it, by post", max_length=200, error_messages=required("Enter the post of whoever gave it")
    )
    channel = forms.ChoiceField(
        label="How it came", choices=ELSEWHERE, widget=GovRadios, error_messages=required("Select how it came")
    )
    given_at = GovDateTimeField(
        label="When it came", subject="date it came", not_future=True, error_messages=required("Enter when it came")
    )
    records_secured = forms.BooleanField(
        label="They say that their records of this child and family are secured", required=False
    )

    fieldsets = (
        ("What came", ("source", "agency", "given_by", "channel", "given_at", "agreed_by", "agreed_on")),
        ("Safety first", ("safety", "records_secured")),
        ("What happened", ("kind", "harm", "incident_on", "setting", "what_happened", "why")),
        ("Who the child is", ("name", "other_names", "date_of_birth", "addresses", "other")),
        ("The child", ("age_band", "legal_status", "other_agencies", "other_area")),
    )
    field_order = [name for _, names in fieldsets for name in names]

    def narrow(self, name, rows):
        return rows.live()

    def on_behalf(self):
        return {name: self.cleaned_data[name] for name in ("source", "given_by", "channel", "given_at")}


class CaseFileForm(PortalForm):
    """A file of a case. It is about a child, so nobody is asked how it is marked."""

    file = DocumentField()
    title = forms.CharField(
        label="What is it?",
        required=False,
        max_length=200,
        help_text="A short title without names of people. Left empty, the name of the file.",
    )

    def facts(self):
        return {"upload_file": self.cleaned_data["file"], "title": self.cleaned_data["title"]}


class CopyForm(PortalForm):
    """The council's notification as it came."""

    file = DocumentField(label="The notification as it came")


class OutcomeForm(PortalForm):
    """Whether a referral is taken on, and what its referrer reads about it."""

    taken = forms.ChoiceField(
        label="Does the partnership take this on?",
        choices=[("yes", "Yes: the council is asked, and the partners’ views are sought"), ("no", "No")],
        widget=GovRadios,
        error_messages=required("Select whether the partnership takes this on"),
    )
    note = words(
        "What the organisation reads about it",
        rows=4,
        most=4000,
        help_text="Needed when it is not taken on: why, and what they should do instead. It is shown to them, so write "
        "nothing that they may not know.",
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("taken") == "no" and not cleaned.get("note"):
            self.add_error("note", "Say why it is not taken on, and what they should do instead")
        return cleaned


class ReasonForm(PortalForm):
    """A reason, whatever the step."""

    reason = words("Why", "Say why", rows=5, most=LONG)


class AwareForm(PortalForm):
    """Which council notifies, and when it became aware."""

    perm = Perm.DIRECTORY_VIEW
    FIELDS = ("authority", "aware_at", "reason")

    authority = forms.ModelChoiceField(
        Agency.objects.none(),
        label="Council whose duty it is",
        empty_label="Choose a council",
        help_text="The council of the area in which it happened (Children Act 2004, section 16C).",
        error_messages=required("Select the council whose duty it is"),
    )
    aware_at = GovDateTimeField(
        label="When the council became aware",
        subject="date the council became aware",
        help_text="As the council says. The working days to notify are counted from the next day.",
        not_future=True,
        error_messages=required("Enter when the council became aware"),
    )
    reason = words("If another time was recorded before, why it was wrong", rows=3, most=1000)

    def narrow(self, name, rows):
        return rows.live().filter(partner_seat=PartnerSeat.LOCAL_AUTHORITY).order_by("name")

    def clean_aware_at(self):
        moment = self.cleaned_data["aware_at"]
        if moment and timezone.localdate(moment) < SINCE:
            raise forms.ValidationError("The date must be 29 June 2018 or later: the Panel did not exist before")
        return moment


class ViewForm(PortalForm):
    """A safeguarding partner's own view. seats: reads.SeatView of those for whom this person speaks today."""

    FIELDS = ("seat", "stance", "reason")

    seat = forms.ChoiceField(
        label="You speak for", widget=GovRadios, error_messages=required("Select the partner you speak for")
    )
    stance = forms.ChoiceField(
        label="Do you think that the criteria are met?",
        choices=[choice for choice in CriteriaView.Stance.choices if choice[0] != CriteriaView.Stance.SILENT],
        widget=GovRadios,
        error_messages=required("Select what you think"),
    )
    reason = words("Your reasons", "Give your reasons", rows=5, most=4000, help_text=NO_NAMES)

    def __init__(self, *args, seats, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seat"].choices = [(each.code, each.label) for each in seats]
        if len(seats) == 1:
            self.fields["seat"].initial = seats[0].code


class GivenViewForm(PortalForm):
    """A view that came otherwise than in the portal, or that a partner has not answered."""

    perm = Perm.DIRECTORY_VIEW
    FIELDS = ("agency", "stance", "reason", "given_by", "channel", "given_at")

    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        label="Which partner",
        empty_label="Choose a partner",
        error_messages=required("Select the partner"),
    )
    stance = forms.ChoiceField(
        label="What it said",
        choices=CriteriaView.Stance.choices,
        widget=GovRadios,
        error_messages=required("Select what it said"),
    )
    reason = words("Its reasons, or what was tried", "Enter the reasons, or what was tried", rows=5, most=4000)
    given_by = forms.CharField(
        label="Who gave it, by post", required=False, max_length=200, help_text="Leave empty where nobody answered."
    )
    channel = forms.ChoiceField(
        label="How it came", choices=ELSEWHERE, widget=GovRadios, error_messages=required("Select how it came")
    )
    given_at = GovDateTimeField(
        label="When", subject="date it came", not_future=True, error_messages=required("Enter when it came")
    )

    def narrow(self, name, rows):
        return rows.live().exclude(partner_seat="").order_by("name")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("stance") not in (None, CriteriaView.Stance.SILENT) and not cleaned.get("given_by"):
            self.add_error("given_by", "Enter the post of whoever gave it")
        return cleaned


class ConsiderNotifyForm(NotifyForm):
    """The notification of a case that was considered: its children are recorded already."""

    fieldsets = NotifyForm.fieldsets[:-1]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("age_band", "legal_status"):
            del self.fields[name]
