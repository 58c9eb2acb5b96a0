"""Forms of a rapid review. What a form offers is what this person may choose."""

from datetime import date, timedelta

from django import forms
from django.utils import timezone

from partnership.access.forms import PortalForm
from partnership.access.pickers import PeopleField
from partnership.directory.rules import last_day
from partnership.identities.models import Identity
from partnership.people.models import Agency, Membership, PartnerSeat, User
from partnership.people.roles import Perm
from partnership.ui.forms import GovCheckboxes, GovDateField, GovDateTimeField, GovRadios, counted, required
from reviews.models import LONG, Analysis, Child, Decision, Notification, SignOff

NO_NAMES = "No names or initials, no dates of birth, no addresses: those go into the identity record."
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


class NotifyForm(ChildForm):
    """The notification to the national Panel, and the first child."""

    perms = {"authority": Perm.DIRECTORY_VIEW}

    aware_at = GovDateTimeField(
        label="When the council became aware",
        subject="date the council became aware",
        help_text="Day 0 of the five working days to notify. For example 27 3 2026, 14:30",
        not_future=True,
        error_messages=required("Enter when the council became aware"),
    )
    sent_at = GovDateTimeField(
        label="When the notification was sent to the Panel",
        subject="date the notification was sent",
        help_text="Day 0 of the fifteen working days for the rapid review.",
        not_future=True,
        error_messages=required("Enter when the notification was sent to the Panel"),
    )
    incident_on = GovDateField(
        label="Date of the incident",
        help_text="If it is not known, the first day on which it can have happened.",
        not_future=True,
        error_messages=required("Enter the date of the incident"),
    )
    authority = forms.ModelChoiceField(
        queryset=Agency.objects.none(),
        label="Local authority that notified",
        empty_label="Choose a council",
        error_messages=required("Select the local authority that notified"),
    )
    harm = forms.ChoiceField(
        label="What happened to the child",
        choices=Notification.Harm.choices,
        widget=GovRadios,
        error_messages=required("Select what happened to the child"),
    )
    what_happened = forms.CharField(
        label="What was notified",
        widget=counted(8),
        max_length=LONG,
        help_text=NO_NAMES,
        error_messages=required("Enter what was notified"),
    )
    setting = forms.CharField(
        label="Where it happened", required=False, max_length=200, help_text="For example: at home, in foster care."
    )
    safety = forms.CharField(
        label="What was done at once for siblings and other children",
        required=False,
        widget=counted(4),
        max_length=LONG,
    )
    parallel = forms.CharField(
        label="Other proceedings",
        required=False,
        max_length=300,
        help_text="For example a police investigation, an inquest, a child death review.",
    )
    panel_reference = forms.CharField(label="The Panel’s reference, if given", required=False, max_length=60)
    late_reason = forms.CharField(
        label="If it was sent after five working days, why",
        required=False,
        max_length=1000,
        help_text="Kept with the record. Leave empty if it was sent in time.",
    )

    fieldsets = (
        ("Dates", ("aware_at", "sent_at", "late_reason", "incident_on")),
        (
            "What was notified",
            ("authority", "harm", "setting", "what_happened", "safety", "parallel", "panel_reference"),
        ),
        ("The first child", ("age_band", "legal_status")),
    )

    field_order = [name for _, names in fieldsets for name in names]

    def narrow(self, name, rows):
        return rows.live().filter(partner_seat=PartnerSeat.LOCAL_AUTHORITY).order_by("name")

    def clean(self):
        cleaned = super().clean()
        aware, sent, incident = (cleaned.get(name) for name in ("aware_at", "sent_at", "incident_on"))
        if aware and sent and sent < aware:
            self.add_error("sent_at", "The notification cannot have been sent before the council became aware")
        if incident and aware and incident > timezone.localdate(aware):
            self.add_error("incident_on", "The incident cannot be later than the day the council became aware")
        for name, moment in (("aware_at", aware), ("sent_at", sent)):
            if moment and timezone.localdate(moment) < SINCE:
                self.add_error(name, "The date must be 29 June 2018 or later: the Panel did not exist before")
        return cleaned

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
    addresses = forms.CharField(label="Addresses", required=False, widget=counted(4), max_length=2000)
    other = forms.CharField(
        label="Other identifiers",
        required=False,
        widget=counted(3),
        max_length=2000,
        help_text="For example an NHS number.",
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def facts(self):
        return {
            key: value
            for key, value in self.cleaned_data.items()
            if key not in ("form_token", "version", "subject", "label")
        }


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


def within_a_year():
    return timezone.localdate() + timedelta(days=365)


class AskForm(PortalForm):
    """Ask one agency for its return."""

    perm = Perm.DIRECTORY_VIEW

    agency = forms.ModelChoiceField(
        queryset=Agency.objects.none(),
        label="Agency",
        empty_label="Choose an agency",
        help_text="Only agencies with somebody who can sign in are listed.",
        error_messages=required("Select the agency"),
    )
    author = PeopleField(
        queryset=User.objects.none(),
        whole_partnership=False,
        label="Named author",
        empty_label="Choose a person",
        help_text="In the agency, only this person sees the request, the identifiers to search by, and the return.",
        error_messages=required("Select the named author"),
    )
    due_on = GovDateField(
        label="Return due",
        subject="date on which the return is due",
        latest=within_a_year,
        error_messages=required("Enter the date on which the return is due"),
    )
    purpose = forms.CharField(
        label="What is asked, and why",
        widget=counted(6),
        max_length=4000,
        help_text="The author reads this before anything else. " + NO_NAMES,
        error_messages=required("Enter what is asked, and why"),
    )

    def narrow(self, name, rows):
        if name == "agency":
            belongs = Membership.objects.live().filter(user__is_active=True, agency__isnull=False)
            return rows.live().filter(pk__in=belongs.values("agency_id")).order_by("name")
        belongs = Membership.objects.live().filter(agency__isnull=False)
        return rows.filter(is_active=True, pk__in=belongs.values("user_id")).order_by("name")


class ReturnForm(PortalForm):
    """An agency's return; saved as it is typed, so nothing is required before it is submitted."""

    searched_on = GovDateField(
        label="Date on which records were searched", subject="date of the search", required=False, not_future=True
    )
    period_from = GovDateField(
        label="Period covered, from", subject="first day of the period", required=False, not_future=True
    )
    period_to = GovDateField(
        label="Period covered, to", subject="last day of the period", required=False, not_future=True
    )
    records_secured = forms.BooleanField(
        label="Our records are secured: nobody changes or removes them", required=False
    )
    nil_return = forms.BooleanField(label="We have no record of this child or family", required=False)
    family = forms.CharField(
        label="Family and household as your records show them",
        required=False,
        widget=counted(4),
        max_length=LONG,
        help_text=NO_NAMES,
    )
    contacts = forms.CharField(
        label="Key contacts, in order of date", required=False, widget=counted(10), max_length=LONG
    )
    analysis = forms.CharField(
        label="Analysis of practice: what was done and why", required=False, widget=counted(10), max_length=LONG
    )
    voice = forms.CharField(
        label="The child’s own experience and words", required=False, widget=counted(5), max_length=LONG
    )
    inequality = forms.CharField(
        label="Culture, ethnicity, disability and inequality: how they mattered",
        required=False,
        widget=counted(5),
        max_length=LONG,
    )
    good_practice = forms.CharField(label="Good practice", required=False, widget=counted(4), max_length=LONG)
    learning = forms.CharField(label="Learning for your agency", required=False, widget=counted(6), max_length=LONG)
    immediate_action = forms.CharField(
        label="What has been done at once", required=False, widget=counted(4), max_length=LONG
    )
    other_agencies = forms.CharField(
        label="Other agencies known to be involved", required=False, widget=counted(3), max_length=2000
    )
    late_reason = forms.CharField(
        label="Why the return is late",
        required=False,
        max_length=1000,
        help_text="Its date has passed. One sentence is enough; it is kept with the return.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    fieldsets = (
        ("The search", ("searched_on", "period_from", "period_to", "records_secured", "nil_return")),
        ("What your records show", ("family", "contacts")),
        ("What it means", ("analysis", "voice", "inequality", "good_practice", "learning")),
        ("What happens now", ("immediate_action", "other_agencies", "late_reason")),
    )

    def __init__(self, *args, late=False, **kwargs):
        super().__init__(*args, **kwargs)
        if not late:
            del self.fields["late_reason"]

    def clean(self):
        cleaned = super().clean()
        if (start := cleaned.get("period_from")) and (end := cleaned.get("period_to")) and end < start:
            self.add_error("period_to", "The period cannot end before it begins")
        return cleaned

    def answers(self):
        """What can be kept now: an autosave keeps every answer but the ones that are wrong."""
        others = ("version", "form_token", "late_reason")
        return {key: value for key, value in self.cleaned_data.items() if key not in others}

    def why_late(self) -> str:
        return self.cleaned_data.get("late_reason", "")


class NoteForm(PortalForm):
    """Why a return goes back or a request is withdrawn."""

    note = forms.CharField(
        label="Note to the author", widget=counted(4), max_length=1000, error_messages=required("Enter a note")
    )


class AnalysisForm(PortalForm):
    """The unit's own text under the Panel's headings."""

    facts = forms.CharField(
        label=Analysis.HEADINGS["facts"],
        required=False,
        widget=counted(10),
        max_length=LONG,
        help_text=NO_NAMES,
    )
    lives = forms.CharField(
        label=Analysis.HEADINGS["lives"],
        required=False,
        widget=counted(8),
        max_length=LONG,
        help_text="Include racism and other inequality, and what they meant for practice.",
    )
    immediate_action = forms.CharField(
        label=Analysis.HEADINGS["immediate_action"], required=False, widget=counted(6), max_length=LONG
    )
    improvements = forms.CharField(
        label=Analysis.HEADINGS["improvements"], required=False, widget=counted(8), max_length=LONG
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    TEXTS = tuple(Analysis.HEADINGS)

    def texts(self):
        """What can be kept now: an autosave keeps every text but the ones that are wrong."""
        return {name: self.cleaned_data[name] for name in self.TEXTS if name in self.cleaned_data}


class DecisionForm(PortalForm):
    """`standing` is the number of the decision that was read, 0 where there was none."""

    standing = forms.IntegerField(widget=forms.HiddenInput)
    code = forms.ChoiceField(
        label="Decision",
        choices=Decision.Code.choices,
        widget=GovRadios,
        error_messages=required("Select the decision"),
    )
    rationale = forms.CharField(
        label="Rationale",
        widget=counted(8),
        max_length=LONG,
        help_text="Why, by the criteria of regulation 11 of the 2018 Regulations (SI 2018/789).",
        error_messages=required("Enter the rationale for the decision"),
    )

    def decision(self):
        return {name: self.cleaned_data[name] for name in ("standing", "code", "rationale")}


class SignForm(PortalForm):
    """One partner's position. `seats` are the duties by which this person may sign today."""

    seat = forms.ChoiceField(
        label="You sign for", widget=GovRadios, error_messages=required("Select the partner you sign for")
    )
    stance = forms.ChoiceField(
        label="Do you agree with this decision?",
        choices=[(SignOff.Stance.AGREES, "Yes, I agree"), (SignOff.Stance.DISAGREES, "No, I disagree")],
        widget=GovRadios,
        error_messages=required("Select whether you agree"),
    )
    reason = forms.CharField(
        label="Reason", required=False, widget=counted(4), max_length=4000, help_text="Needed when you disagree."
    )
    decision = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, seats, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seat"].choices = [(duty.agency.partner_seat, _capacity(duty)) for duty in seats]
        if len(seats) == 1:
            self.fields["seat"].initial = seats[0].agency.partner_seat

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("stance") == SignOff.Stance.DISAGREES and not cleaned.get("reason"):
            self.add_error("reason", "Say why you disagree")
        return cleaned


class SilenceForm(PortalForm):
    """A partner has not answered; `decision` is the one that was read."""

    perm = Perm.DIRECTORY_VIEW

    agency = forms.ModelChoiceField(
        queryset=Agency.objects.none(),
        label="Which partner has not answered",
        empty_label="Choose a partner",
        error_messages=required("Select the partner"),
    )
    reason = forms.CharField(
        label="What was tried, and why there is no answer",
        widget=counted(4),
        max_length=4000,
        error_messages=required("Enter what was tried"),
    )
    decision = forms.UUIDField(widget=forms.HiddenInput)

    def narrow(self, name, rows):
        return rows.live().exclude(partner_seat="").order_by("name")


class SendingForm(PortalForm):
    """When the report went, and which file it was: the one whose hash stood on the page."""

    version = forms.UUIDField(widget=forms.HiddenInput)
    sent_at = GovDateTimeField(
        label="When the report was sent to the Panel",
        subject="date the report was sent",
        not_future=True,
        error_messages=required("Enter when the report was sent"),
    )
    late_reason = forms.CharField(
        label="If it was late, why",
        required=False,
        widget=counted(3),
        max_length=1000,
        help_text="Kept with the record.",
    )


class CorrectionForm(PortalForm):
    """When the report really went. `read` is the number of corrections that the page showed."""

    read = forms.IntegerField(widget=forms.HiddenInput)
    sent_at = GovDateTimeField(
        label="When the report was really sent to the Panel",
        subject="date the report was sent",
        not_future=True,
        error_messages=required("Enter when the report was sent"),
    )
    reason = forms.CharField(
        label="Why the recorded time is wrong",
        widget=counted(3),
        max_length=1000,
        error_messages=required("Say why the recorded time is wrong"),
    )

    def correction(self):
        return {name: self.cleaned_data[name] for name in ("read", "sent_at", "reason")}


class PartnersForm(PortalForm):
    """Who is let in to sign. people: seat code -> `partners.Holder`s; only those who can be let in are offered."""

    reason = forms.CharField(
        label="Why they need access",
        max_length=300,
        help_text="One reason for all of them, kept with their access. For example: to read and sign the decision.",
        error_messages=required("Say why they need access"),
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        for code, label in PartnerSeat.choices:
            offered = [each for each in people[code] if each.choosable and each.id != self.user.pk]
            if offered:
                self.fields[code] = forms.MultipleChoiceField(
                    label=label,
                    choices=[(str(each.id), each.name) for each in offered],
                    initial=[str(each.id) for each in offered],
                    widget=GovCheckboxes(hints={str(each.id): _who(each) for each in offered}),
                    required=False,
                    error_messages={"invalid_choice": "Somebody changed this list meanwhile: choose from it again"},
                )
        self.order_fields([*PartnerSeat.values, "reason"])

    def clean(self):
        cleaned = super().clean()
        offered = [code for code in PartnerSeat.values if code in self.fields]
        if offered and not any(code in self.errors or cleaned.get(code) for code in offered):
            self.add_error(offered[0], "Select at least one person to let in")
        return cleaned

    def chosen(self):
        """The people that are ticked, each once."""
        ids = {pk for code in PartnerSeat.values for pk in self.cleaned_data.get(code, ())}
        return list(User.objects.filter(pk__in=ids).order_by("name"))


def _who(holder):
    agency = "" if holder.agency in holder.post else holder.agency
    return ", ".join(filter(None, [holder.post, agency, holder.capacity]))


def _capacity(duty):
    name = f"{duty.agency.name} ({PartnerSeat(duty.agency.partner_seat).label.lower()})"
    if not (duty.deputy_for_id and duty.ends):
        return name
    return f"{name}, as dated deputy until {last_day(duty.ends):%-d %B %Y}"
