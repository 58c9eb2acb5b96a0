"""Forms of the directory. People type last days; `facts()["ends"]` is the first day no longer."""

import re

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Q

from partnership.access.forms import PortalForm
from partnership.access.picking import OrganisationField
from partnership.people.models import (
    AgencyKind,
    Area,
    Classification,
    DutyKind,
    Membership,
    NamedDuty,
    PartnerSeat,
    ScheduleItem,
    Succession,
    User,
)
from partnership.people.models.dated import after
from partnership.people.roles import WIDE_ROLES, Perm
from partnership.ui.forms import GovCheckboxes, GovDateField, GovForm, GovRadios, required, words
from partnership.ui.telephones import telephone

OPTIONAL = "Leave it empty where it is not known."


def text(label, *, limit=200, missing="", hint="", wide=True, **attrs):
    return forms.CharField(
        label=label,
        max_length=limit,
        required=bool(missing),
        help_text=hint,
        error_messages=required(missing) if missing else None,
        widget=forms.TextInput(attrs=attrs if wide else {"class": "govuk-input--width-10", **attrs}),
    )


class TelephoneField(forms.CharField):
    """A telephone number as people type it (`ui.telephones`)."""

    def __init__(self, *, label="Telephone", hint="", **attrs):
        box = forms.TextInput(attrs={"inputmode": "tel", "class": "govuk-input--width-20", **attrs})
        super().__init__(label=label, max_length=40, required=False, help_text=hint, widget=box)

    def clean(self, value):
        return telephone(super().clean(value))


def first_day(label="First day", hint=OPTIONAL):
    return GovDateField(label=label, required=False, help_text=hint)


def final_day(label="Last day", hint="Leave it empty while it goes on."):
    return GovDateField(label=label, required=False, help_text=hint)


class DirectoryForm(PortalForm):
    """Every form that changes the directory: what it offers is what a directory administrator may use."""

    perm = Perm.DIRECTORY_EDIT
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, agency=None, **kwargs):
        self.agency = agency  # whose page the form is on
        super().__init__(*args, **kwargs)

    def clean(self):
        starts, ends = self.cleaned_data.get("starts"), self.cleaned_data.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", "The last day must not be before the first day.")
        return self.cleaned_data

    def facts(self):
        """What a service takes: the cleaned answers without the form's own hidden fields."""
        facts = {name: value for name, value in self.cleaned_data.items() if name not in ("version", "form_token")}
        return facts | ({"ends": after(facts["ends"])} if "ends" in facts else {})


def full_postcode(value) -> str:
    """A postcode as the directory keeps it: 'st41hh' is ST4 1HH, '' stays. Raises ValidationError for what is none."""
    compact = "".join(value.upper().split())
    if compact and not re.fullmatch(r"[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}", compact):
        raise ValidationError("Enter a full UK postcode, like ST4 1HH.")
    return f"{compact[:-3]} {compact[-3:]}" if compact else ""


class AgencyForm(DirectoryForm):
    """An organisation's own facts; `adding.AgencyAddForm` asks for more when it is new."""

    name = text("Name", missing="Enter the name of the organisation.")
    slip = forms.BooleanField(
        label="The name until now was written wrongly: do not keep it",
        required=False,
        help_text="Otherwise a name that you change stays as a former name, so that people still find it by it.",
    )
    kind = forms.ChoiceField(
        label="Type",
        choices=AgencyKind.choices,
        widget=GovRadios,
        error_messages=required("Select the type of organisation."),
    )
    partner_seat = forms.ChoiceField(
        label="Safeguarding partner as",
        required=False,
        choices=[("", "Not a safeguarding partner"), *PartnerSeat.choices],
        help_text="Children Act 2004, section 16E.",
    )
    areas = forms.ModelMultipleChoiceField(Area.objects.none(), label="Areas", required=False, widget=GovCheckboxes)
    website = text("Website", hint="Like https://www.example.org. Everybody is shown it, in the public directory too.")
    starts = first_day("First day of the organisation")
    ends = final_day("Last day of the organisation", "Leave it empty while it exists.")
    note = words("Note", rows=4, most=2000)
    source = text("Where this comes from", hint="The document or register, in words.")

    def __init__(self, *args, agency=None, **kwargs):
        super().__init__(*args, agency=agency, **kwargs)
        if agency is not None:
            school = agency.kind == AgencyKind.SCHOOL
            self.fields["kind"].choices = [c for c in AgencyKind.choices if (c[0] == AgencyKind.SCHOOL) == school]
        else:
            del self.fields["slip"]

    def clean_website(self):
        address = self.cleaned_data["website"].strip()
        if address and "://" not in address:
            address = f"https://{address}"
        try:
            if address:
                URLValidator(schemes=["http", "https"])(address)
        except ValidationError:
            raise ValidationError("Enter a website address, like https://www.example.org.") from None
        return address

    def clean(self):
        data = super().clean()
        if data.get("partner_seat") and data.get("kind") not in (None, AgencyKind.STATUTORY_PARTNER):
            self.add_error("partner_seat", "Only a statutory safeguarding partner has a seat as one.")
        return data

    def facts(self):
        facts = super().facts()
        if "slip" in facts:
            facts["keep_name"] = not facts.pop("slip")
        return facts


class SiteForm(DirectoryForm):
    name = text("Name of the site", missing="Enter the name of the site.")
    town = text("Town", limit=100)
    postcode = text("Postcode", limit=10, wide=False, autocomplete="postal-code")
    starts, ends = first_day(), final_day()

    def clean_postcode(self):
        return full_postcode(self.cleaned_data["postcode"])


class DutyForm(DirectoryForm):
    """Who holds a named duty: one of those offered, or somebody new who becomes known without a sign-in.

    Offered: people of this organisation, those who hold a duty of it, and people of the partnership as a whole.
    """

    kind = forms.ChoiceField(
        label="Duty", choices=[("", "Choose one"), *DutyKind.choices], error_messages=required("Select the duty.")
    )
    post = text("Post that carries the duty", missing="Enter the post that carries the duty.")
    holder = forms.ModelChoiceField(
        User.objects.none(),
        label="Who holds it",
        required=False,
        empty_label="Nobody of these",
        help_text="People of this organisation, those who hold a duty here, and people of the whole partnership. "
        "For somebody else, enter the name below. Leave both empty while it is vacant.",
    )
    new_name = text("Name of somebody who is not in the list")
    new_email = forms.EmailField(
        label="Their email address",
        required=False,
        help_text="If you know it. Without it they cannot be invited.",
        error_messages={"invalid": "Enter an email address in the right form, like name@example.org.uk."},
    )
    new_telephone = TelephoneField(label="Their telephone")
    deputy_for = forms.ModelChoiceField(
        NamedDuty.objects.none(),
        label="Deputy for",
        required=False,
        empty_label="Not a deputy",
        help_text="A deputy acts between two dates and signs as themselves.",
    )
    starts, ends = first_day(), final_day()
    source = text("Where this comes from", hint="The document or letter, in words.")

    def __init__(self, *args, duty=None, **kwargs):
        self.duty = duty
        super().__init__(*args, **kwargs)
        self.fields["deputy_for"].label_from_instance = lambda row: (
            f"{row.get_kind_display()}: {row.holder or row.post or 'vacant'}"
        )
        self.fields["holder"].label_from_instance = _with_post

    def clean(self):
        data = super().clean()
        if data.get("new_name") and data.get("holder"):
            self.add_error("new_name", "Either choose somebody from the list or enter a name, not both.")
        if not data.get("new_name") and "new_name" not in self.errors:
            for name in ("new_email", "new_telephone"):
                if data.get(name):
                    self.add_error("new_name", "Enter the name of the person too.")
                    break
        return data

    def facts(self):
        facts = super().facts()
        new = {name: facts.pop(f"new_{name}") for name in ("name", "email", "telephone")}
        return facts | {"new_holder": new if new["name"] else None}

    def narrow(self, name, rows):
        if name == "deputy_for":
            rows = rows.filter(agency=self.agency, deputy_for=None).live().select_related("holder")
            return rows.exclude(pk=self.duty.pk) if self.duty else rows
        members = Membership.objects.live().filter(
            Q(agency=self.agency) | Q(role__in=[str(role) for role in WIDE_ROLES])
        )
        duties = NamedDuty.objects.live().filter(agency=self.agency)
        offered = Q(pk__in=members.values("user_id")) | Q(pk__in=duties.values("holder_id"))
        held = Q(pk=self.duty.holder_id) if self.duty and self.duty.holder_id else Q(pk__in=[])
        return rows.filter(Q(closed_at=None) & offered | held)


def _with_post(user):
    words = f"{user.name}, {user.job_title}" if user.job_title else user.name
    return f"{words} (no sign-in)" if user.known_only else words


class EndForm(DirectoryForm):
    """The last day of what hangs on an organisation: a duty, an item of the Schedule, a contact, an agreement."""

    ends = GovDateField(label="Last day", error_messages=required("Enter the last day."))


class PairForm(DirectoryForm):
    """This organisation and another one: `direction` says which of the two is which.

    firsts: the direction in which this organisation is the first of `pair`, the names by which the service takes them.
    """

    other = OrganisationField(
        label="The other organisation", error_messages=required("Enter the name or number of the other organisation.")
    )
    pair = ()
    firsts = ""

    def narrow(self, name, rows):
        return rows.exclude(pk=self.agency.pk)

    def facts(self):
        facts = super().facts()
        other, direction = facts.pop("other"), facts.pop("direction")
        both = (self.agency, other) if direction == self.firsts else (other, self.agency)
        return facts | dict(zip(self.pair, both, strict=True))


class SuccessionForm(PairForm):
    pair, firsts = ("predecessor", "successor"), "to"
    field_order = ["direction", "other"]

    direction = forms.ChoiceField(
        label="What happened",
        choices=[
            ("to", "This organisation came first, and the other follows it"),
            ("from", "The other organisation came first, and this one follows it"),
        ],
        widget=GovRadios,
        error_messages=required("Select what happened."),
    )
    kind = forms.ChoiceField(
        label="What became of the first one",
        choices=[
            (Succession.Kind.REPLACED, "It was replaced by the second"),
            (Succession.Kind.MERGED, "It was merged into the second, with others"),
            (Succession.Kind.SPLIT, "It was split; the second is one of its parts"),
            (Succession.Kind.RENAMED, "It became the second under another name"),
        ],
        widget=GovRadios,
        error_messages=required("Select what became of the first one."),
    )
    on = GovDateField(
        label="From which day", subject="day of the change", error_messages=required("Enter the day of the change.")
    )
    note = text("Note", limit=300)

    def narrow(self, name, rows):
        return super().narrow(name, rows.kept())


class ClassificationForm(DirectoryForm):
    item = forms.ModelChoiceField(
        ScheduleItem.objects.none(),
        label="Item of the Schedule",
        empty_label="Choose one",
        help_text="Relevant agencies, SI 2018/789 regulation 18.",
        error_messages=required("Select the item of the Schedule."),
    )
    basis = forms.ChoiceField(
        label="How we know",
        choices=Classification.Basis.choices,
        widget=GovRadios,
        error_messages=required("Select how we know."),
    )
    starts = first_day()


class AliasForm(DirectoryForm):
    name = text("Other name", missing="Enter the other name.")


class FirstPasswordForm(GovForm):
    password1 = forms.CharField(
        label="New password",
        strip=False,
        help_text="At least 12 characters. Three random words work well.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages=required("Enter a new password."),
    )
    password2 = forms.CharField(
        label="The same password again",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages=required("Enter the password again."),
    )

    def __init__(self, *args, user, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_password1(self):
        password = self.cleaned_data["password1"]
        validate_password(password, self.user)
        return password

    def clean(self):
        first, second = self.cleaned_data.get("password1"), self.cleaned_data.get("password2")
        if first and second and first != second:
            self.add_error("password2", "The two passwords are not the same.")
        return self.cleaned_data
