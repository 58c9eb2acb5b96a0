"""Forms of joining."""

import re

from django import forms
from django.core.exceptions import ValidationError

from partnership.access.forms import PortalForm
from partnership.directory.forms import FirstPasswordForm, TelephoneField, text
from partnership.directory.joining import rules, strangers
from partnership.directory.rules import no_address
from partnership.people.models import NamedDuty
from partnership.people.roles import LABELS, Perm, is_case_role
from partnership.ui.forms import GovForm, GovRadios, required, words

POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}")


def person_text(label, missing, *, hint="", **attrs):
    field = text(label, missing=missing, hint=hint, **attrs)
    field.validators.append(no_address)
    return field


def email_field(label, missing="", hint=""):
    wrong = "Enter an email address in the right form, like name@example.org.uk."
    return forms.EmailField(
        label=label,
        required=bool(missing),
        help_text=hint,
        error_messages=required(missing, invalid=wrong) if missing else {"invalid": wrong},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


YES = "yes"
CASE_HINT = "A second person has to agree."


class AskedTwiceForm(PortalForm):
    """A form with an address to invite: one unlike the others of its organisation is asked once more before it is sent.

    agency: the organisation, set by the subclass before the form is checked.
    """

    agency = None

    def clean(self):
        data = super().clean()
        email = data.get("email", "")
        if email and (usual := rules.unlike_the_others(self.agency, email)):
            label = f"Yes, {email} is right, and this person is to be invited there"
            self.fields["sure"] = forms.BooleanField(label=label, required=False)
            names = [name for name in self.fields if name != "sure"]
            names.insert(names.index("email") + 1, "sure")
            self.order_fields(names)
            if not self.data.get("sure"):
                unlike = (
                    f"Addresses of {self.agency.name} usually end in @{usual}. Check {email}, and tick if it is right."
                )
                self.add_error("sure", unlike)
        return data


class InviteForm(AskedTwiceForm):
    """Whom to invite, as what. What it offers is what `rules.roles_to_give` says of this person there."""

    perms = {"duty": Perm.DIRECTORY_VIEW}
    error_fields = {"user": "email"}

    name = person_text("Full name", "Enter the full name of the person.")
    email = email_field(
        "Email address", "Enter the email address of the person.", "Their own at work. The invitation goes there."
    )
    post = person_text("Post", "Enter the post of the person.")
    role = forms.ChoiceField(label="Role", widget=GovRadios, error_messages=required("Select the role."))
    duty = forms.ModelChoiceField(
        NamedDuty.objects.none(),
        label="Named duty that they take over",
        required=False,
        empty_label="None",
        help_text="Duties that nobody holds today.",
    )
    shared = forms.ChoiceField(
        label="Is this address shared by an office?",
        choices=[("no", "No, it is this person’s own"), (YES, "Yes, several people read it")],
        initial="no",
        widget=GovRadios(hints={YES: "Possible for a school. Such an account is never let into a case."}),
        error_messages=required("Select whether an office shares this address."),
    )
    request = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, agency=None, **kwargs):
        self.agency = agency
        super().__init__(*args, **kwargs)
        roles = rules.roles_to_give(self.user, agency)
        self.fields["role"].choices = [(str(role), LABELS[role]) for role in roles]
        self.fields["role"].widget.hints = {str(role): CASE_HINT for role in roles if is_case_role(role)}
        self.fields["duty"].label_from_instance = lambda duty: f"{duty.get_kind_display()}, {duty.post}".rstrip(", ")
        if not rules.is_school(agency):
            del self.fields["shared"]
        if agency is None or not self.fields["duty"].queryset:
            del self.fields["duty"]

    def narrow(self, name, rows):
        if self.agency is None:
            return rows.none()
        own = rows if rules.keeps_everybody(self.user) else rows.exclude(kind__in=rules.OF_THE_PARTNERSHIP)
        return own.live().filter(agency=self.agency, holder=None, deputy_for=None)

    def facts(self):
        data = self.cleaned_data
        names = ("name", "email", "post", "role")
        facts = {name: data[name] for name in names}
        return facts | {"duty": data.get("duty"), "shared": data.get("shared") == YES}


class HolderForm(AskedTwiceForm):
    """The address of a duty's holder who has no sign-in, and the role to offer."""

    email = email_field("Email address", "Enter the email address of the person.")
    role = forms.ChoiceField(label="Role", widget=GovRadios, error_messages=required("Select the role."))

    def __init__(self, *args, duty, **kwargs):
        self.agency = duty.agency
        super().__init__(*args, **kwargs)
        roles = rules.roles_to_give(self.user, duty.agency)
        self.fields["role"].choices = [(str(role), LABELS[role]) for role in roles]
        if duty.holder and duty.holder.email:
            del self.fields["email"]


class AgainForm(AskedTwiceForm):
    email = email_field("Email address", "Enter the email address.", "Correct it here if it was wrong.")

    def __init__(self, *args, row, **kwargs):
        self.agency = row.agency
        super().__init__(*args, **kwargs)
        if row.user.is_active:  # an account's address is its owner's to change
            del self.fields["email"]


class RefuseForm(PortalForm):
    reason = words("Why", "Say why, for the record.", rows=3, most=300, help_text="The person is not told the reason.")


class DutyHolderForm(PortalForm):
    """A lead names who holds a duty of her own organisation."""

    kind = forms.ChoiceField(label="Duty", error_messages=required("Select the duty."))
    name = person_text("Full name", "Enter the full name of the person who holds it.")
    post = person_text("Post", "Enter the post of the person.")
    email = email_field(
        "Email address", hint="Leave it empty if you do not know it. Without it they cannot be invited."
    )
    telephone = TelephoneField()

    def __init__(self, *args, agency=None, duty=None, **kwargs):
        super().__init__(*args, **kwargs)
        if duty is not None:
            del self.fields["kind"]
        else:
            self.fields["kind"].choices = [("", "Choose one"), *rules.duties_to_name(agency)]


class JoinForm(FirstPasswordForm):
    """The invited chooses a password; behind an office's address, says who they are."""

    name = person_text("Your full name", "Enter your full name.", autocomplete="name")
    post = person_text("Your post", "Enter your post.", autocomplete="organization-title")
    field_order = ("name", "post", "password1", "password2")

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, user=row.user, **kwargs)
        if row.name:
            del self.fields["name"]
            del self.fields["post"]


class AskForm(GovForm):
    """A stranger asks for access."""

    name = person_text("Your full name", "Enter your full name.", autocomplete="name")
    post = person_text("Your post", "Enter your post.", autocomplete="organization-title")
    organisation = text("Your organisation", missing="Enter your organisation.", autocomplete="organization")
    email = email_field("Your work email address", "Enter your work email address.")
    telephone = TelephoneField(hint="So that we can ring you.", autocomplete="tel")
    why = words(
        "Why you need access", "Say why you need access.", rows=4, most=1000,
        help_text="Do not write about a child or family here.",
    )  # fmt: skip


class SchoolForm(GovForm):
    """Which school: by its number, or by name and postcode."""

    urn = forms.IntegerField(
        label="Unique reference number (URN)",
        required=False,
        min_value=100000,
        max_value=999999,
        help_text="Six figures. If you do not know it, give the name and the postcode instead.",
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "Enter the number: six figures."),
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "inputmode": "numeric"}),
    )
    name = text("Name of the school")
    postcode = text("Postcode of the school", limit=10, wide=False)

    def clean_postcode(self):
        postcode = "".join(self.cleaned_data["postcode"].upper().split())
        if postcode and not POSTCODE.fullmatch(postcode):
            raise ValidationError("Enter a full UK postcode, like ST4 1HH.")
        return postcode

    def clean(self):
        data = self.cleaned_data
        if not data.get("urn") and "urn" not in self.errors:
            if not data.get("name"):
                self.add_error("name", "Enter the number of the school, or its name and postcode.")
            if not data.get("postcode") and "postcode" not in self.errors:
                self.add_error("postcode", "Enter the postcode of the school.")
        return data


class ClaimForm(GovForm):
    """Who got the office's letter names herself, and the address to sign in by."""

    name = person_text("Your full name", "Enter your full name.", autocomplete="name")
    post = person_text("Your post", "Enter your post.", autocomplete="organization-title")
    address = forms.ChoiceField(
        label="Which address do you want to sign in with?",
        choices=[
            (strangers.OWN, "Another one, which is my own at work"),
            (strangers.MINE, "The one that the link came to: only I read it"),
            (strangers.OFFICE, "The one that the link came to: several of us read it"),
        ],
        widget=GovRadios(hints={strangers.OFFICE: "Such an account is never let into a case."}),
        error_messages=required("Select the address."),
    )
    email = email_field("Your own work email address", "Enter your own work email address.")
    reveals = {"address": {strangers.OWN: ("email",)}}
