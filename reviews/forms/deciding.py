"""The decision and the partners’ words on it."""

from django import forms

from partnership.access.forms import PortalForm
from partnership.people.models import Agency, PartnerSeat, User
from partnership.people.models.dated import last_day
from partnership.people.roles import Perm
from partnership.ui.forms import GovCheckboxes, GovDateTimeField, GovRadios, required, words
from reviews.models import LONG, Decision, SignOff


class DecisionForm(PortalForm):
    """`standing` is the number of the decision that was read, 0 where there was none."""

    standing = forms.IntegerField(widget=forms.HiddenInput)
    code = forms.ChoiceField(
        label="Decision",
        choices=Decision.Code.choices,
        widget=GovRadios,
        error_messages=required("Select the decision"),
    )
    rationale = words(
        "Rationale",
        "Enter the rationale for the decision",
        rows=8,
        most=LONG,
        help_text="Why, by the criteria of regulation 11 of the 2018 Regulations (SI 2018/789).",
    )

    def decision(self):
        return {name: self.cleaned_data[name] for name in ("standing", "code", "rationale")}


class SignForm(PortalForm):
    """One partner's position. `seats` are the duties by which this person may sign today; `report` the version of the
    report that the page named, if any."""

    seat = forms.ChoiceField(
        label="You sign for", widget=GovRadios, error_messages=required("Select the partner you sign for")
    )
    stance = forms.ChoiceField(
        label="Do you agree with this decision?",
        choices=[(SignOff.Stance.AGREES, "Yes, I agree"), (SignOff.Stance.DISAGREES, "No, I disagree")],
        widget=GovRadios,
        error_messages=required("Select whether you agree"),
    )
    reason = words("Reason", rows=4, most=4000, help_text="Needed when you disagree.")
    decision = forms.UUIDField(widget=forms.HiddenInput)
    report = forms.UUIDField(required=False, widget=forms.HiddenInput)

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
    """A partner has not answered; `decision` is the one that was read.

    spoken: the seats that have a word on the decision that stands, signed or recorded as silent.
    """

    perm = Perm.DIRECTORY_VIEW

    agency = forms.ModelChoiceField(
        queryset=Agency.objects.none(),
        label="Which partner has not answered",
        empty_label="Choose a partner",
        error_messages=required("Select the partner"),
    )
    reason = words("What was tried, and why there is no answer", "Enter what was tried", rows=4, most=4000)
    decision = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, spoken, **kwargs):
        self.spoken = spoken
        super().__init__(*args, **kwargs)
        self.fields["agency"].error_messages["invalid_choice"] = "This partner has a word on this decision already"

    def narrow(self, name, rows):
        return rows.live().exclude(partner_seat__in=["", *self.spoken]).order_by("name")


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


class LeadsToldForm(PortalForm):
    """Whose lead safeguarding partner was told of the decision, when and how."""

    perm = Perm.DIRECTORY_VIEW

    agencies = forms.ModelMultipleChoiceField(
        Agency.objects.none(),
        label="Whose lead safeguarding partner was told",
        widget=GovCheckboxes,
        error_messages=required("Select at least one"),
    )
    told_at = GovDateTimeField(
        label="When", subject="day on which they were told", not_future=True,
        error_messages=required("Enter when they were told"),
    )  # fmt: skip
    how = forms.CharField(
        label="How", max_length=200, help_text="For example: by telephone.", error_messages=required("Say how"),
    )  # fmt: skip

    def narrow(self, name, rows):
        return rows.live().exclude(partner_seat="").order_by("name")

    def facts(self):
        return {name: self.cleaned_data[name] for name in ("agencies", "told_at", "how")}
