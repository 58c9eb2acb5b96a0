"""Forms of requests about accounts, and of one person's roles."""

from django import forms

from partnership.access.forms import PortalForm
from partnership.directory.joining.rules import roles_to_give
from partnership.directory.models import AccountRequest
from partnership.directory.requests import doubles
from partnership.directory.requests.kinds import known_kinds
from partnership.directory.rules import latest_last_day
from partnership.people.models import Agency
from partnership.people.models.dated import after
from partnership.people.roles import LABELS, WIDE_ROLES, Role, speaks_for_a_partner
from partnership.ui.forms import GovDateField, GovRadios, required, words

WHOLE = "whole"


class FilterForm(PortalForm):
    """The worklist's filter; sent by GET."""

    kind = forms.ChoiceField(label="Kind", required=False)
    closed = forms.BooleanField(label="Show those that are decided", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["form_token"]
        self.fields["kind"].choices = [("", "All kinds"), *((kind.code, kind.title) for kind in known_kinds())]


class VersionForm(PortalForm):
    """What was read is what is decided: another version is refused."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class CheckForm(VersionForm):
    how = forms.ChoiceField(
        label="How did you make sure who it is?",
        choices=AccountRequest.How.choices,
        widget=GovRadios,
        error_messages=required("Select how you made sure who it is."),
    )
    note = words(
        "What you found out",
        "Say what you found out, and on which number.",
        rows=4,
        most=1000,
        help_text="The number that you rang, who spoke, what was said. Somebody else decides by these words.",
    )
    error_fields = {"checked_note": "note"}


class RefuseForm(VersionForm):
    reason = words("Why it is refused", "Say why it is refused.", rows=4, most=1000)


class SettleForm(VersionForm):
    answer = forms.ChoiceField(
        label="What is true?",
        choices=[
            ("right", "The address is right, and email reaches it again"),
            ("other", "The person has another address"),
        ],
        widget=GovRadios,
        error_messages=required("Select what is true."),
    )
    address = forms.EmailField(
        label="New email address", max_length=254, error_messages=required("Enter the new email address.")
    )
    reveals = {"answer": {"other": ("address",)}}


class AddressForm(PortalForm):
    address = forms.EmailField(
        label="New email address",
        max_length=254,
        error_messages=required(
            "Enter the new email address.", invalid="Enter an email address, like name@organisation.org.uk."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )


class LostPhoneForm(PortalForm):
    note = words(
        "What they said",
        "Say how they asked, and what they said.",
        rows=4,
        most=1000,
        help_text="Who rang or came, when, and from which number.",
    )


class RoleForm(PortalForm):
    """A role for somebody, at one of their organisations or for the whole partnership."""

    where = forms.ChoiceField(label="Where", widget=GovRadios, error_messages=required("Select where."))
    role = forms.ChoiceField(label="Role", widget=GovRadios, error_messages=required("Select the role."))

    def __init__(self, *args, agencies, **kwargs):
        super().__init__(*args, **kwargs)
        self.agencies = {str(each.pk): each for each in agencies if roles_to_give(self.user, each)}
        places = [(pk, each.name) for pk, each in self.agencies.items()]
        wide = roles_to_give(self.user, None)
        self.fields["where"].choices = [*places, *([(WHOLE, "The whole partnership")] if wide else [])]
        offered = {
            role
            for each in [*self.agencies.values(), *([None] if wide else [])]
            for role in roles_to_give(self.user, each)
        }
        self.fields["role"].choices = [(str(role), LABELS[role]) for role in Role if role in offered]

    def agency(self) -> Agency | None:
        return self.agencies.get(self.cleaned_data["where"])

    def clean(self):
        data = super().clean()
        if data.get("where") and data.get("role"):
            role, agency = Role(data["role"]), self.agency()
            if role not in roles_to_give(self.user, agency):
                wrong = _why_not_there(role, agency)
                self.add_error("role", f"‘{LABELS[role]}’ {wrong}. Select another role, or another place.")
        return data


def _why_not_there(role, agency):
    if agency is None:
        return "belongs to an organisation"
    if speaks_for_a_partner(role) and not agency.partner_seat:
        return "is only at the organisation of a statutory safeguarding partner"
    return "is for the whole partnership" if role in WIDE_ROLES else "is not yours to give there"


class EndRoleForm(PortalForm):
    when = forms.ChoiceField(
        label="When does it end?",
        choices=[("now", "At once"), ("day", "At the end of a day")],
        widget=GovRadios,
        error_messages=required("Select when it ends."),
    )
    ends = GovDateField(label="Last day", latest=latest_last_day, error_messages=required("Enter the last day."))
    reveals = {"when": {"day": ("ends",)}}

    def first_day_without(self, today):
        return today if self.cleaned_data["when"] == "now" else after(self.cleaned_data["ends"])


class FindForm(PortalForm):
    """Words to find the second record by; sent by GET."""

    q = forms.CharField(label="Name or email address", required=False, max_length=200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["form_token"]


class DoubleForm(PortalForm):
    """Which record is the second one, which is kept, and whose address stays."""

    other = forms.ChoiceField(
        label="The other record of this person", widget=GovRadios, error_messages=required("Select the other record.")
    )
    kept = forms.ChoiceField(
        label="Which record is kept?",
        choices=[("this", "This one"), ("other", "The other one")],
        widget=GovRadios,
        error_messages=required("Select which record is kept."),
    )
    address = forms.ChoiceField(
        label="Which email address stays?",
        choices=[
            (doubles.KEPT, "The one of the record that is kept"),
            (doubles.DOUBLES, "The one of the record that is closed"),
        ],
        widget=GovRadios,
        error_messages=required("Select which email address stays."),
    )

    def __init__(self, *args, person, found, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kept"].choices = [("this", f"This one: {_said(person)}"), ("other", "The other one")]
        self.found = {str(each.pk): each for each in found}
        self.fields["other"].choices = [(pk, _said(each)) for pk, each in self.found.items()]

    def pair(self, person):
        """(the record that is kept, the double)."""
        other = self.found[self.cleaned_data["other"]]
        return (person, other) if self.cleaned_data["kept"] == "this" else (other, person)


def _said(person):
    return ", ".join(filter(None, (person.name, person.job_title, person.email or "no email address")))
