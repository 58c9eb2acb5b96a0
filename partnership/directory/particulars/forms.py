"""Forms of what hangs on an organisation beside sites and duties."""

from django import forms

from partnership.access.picking import label_of
from partnership.directory.adding import PHASE_CHOICES
from partnership.directory.forms import DirectoryForm, PairForm, TelephoneField, final_day, first_day, text
from partnership.people.models import ContactPoint, Ownership, Register, Shown
from partnership.ui.dates import plain
from partnership.ui.forms import GovDateField, GovRadios, required


class ContactForm(DirectoryForm):
    """How an organisation is reached: a post or team and its address, never a person's name."""

    purpose = forms.ChoiceField(
        label="What it is for",
        choices=ContactPoint.Purpose.choices,
        widget=GovRadios,
        error_messages=required("Select what the contact is for."),
    )
    post = text("Post or team", hint="Like School office. No names of people: those stand at named duties.")
    email = forms.EmailField(
        label="Email address",
        required=False,
        error_messages={"invalid": "Enter an email address in the correct format, like office@example.org."},
    )
    telephone = TelephoneField(label="Telephone number", autocomplete="tel")
    shown = forms.ChoiceField(
        label="Who is shown it",
        choices=Shown.choices,
        widget=GovRadios,
        initial=Shown.PARTNERS,
        error_messages=required("Select who is shown the contact."),
    )
    starts, ends = first_day(), final_day()
    source = text("Where this comes from", hint="The document or letter, in words.")

    def clean(self):
        data = super().clean()
        if not data.get("email") and not data.get("telephone") and not {"email", "telephone"} & set(self.errors):
            self.add_error("email", "Enter an email address or a telephone number.")
        return data


class AgreementForm(DirectoryForm):
    title = text("Name of the agreement", missing="Enter the name of the agreement.")
    officer = text(
        "Post that signed it",
        missing="Enter the post that signed it.",
        hint="Like Chief Nurse. No names of people.",
    )
    starts = GovDateField(label="First day", error_messages=required("Enter the first day of the agreement."))
    ends = final_day()
    review_on = GovDateField(label="Review by", required=False, help_text="The day by which it is looked at again.")
    source = text("Where this comes from", hint="The document or letter, in words.")


class OwnershipForm(PairForm):
    pair, firsts = ("owner", "agency"), "down"
    field_order = ["direction", "other"]

    direction = forms.ChoiceField(
        label="Which way",
        choices=[("up", "The other organisation runs this one"), ("down", "This organisation runs the other one")],
        widget=GovRadios,
        error_messages=required("Select which way."),
    )
    kind = forms.ChoiceField(
        label="The one that runs is",
        choices=[
            (Ownership.Kind.TRUST, "An academy trust"),
            (Ownership.Kind.FEDERATION, "A federation of schools"),
            (Ownership.Kind.PROVIDER, "A provider: an NHS trust, a care or nursery company"),
            (Ownership.Kind.COMMISSIONER, "A commissioner of its service"),
        ],
        widget=GovRadios,
        error_messages=required("Select what the one that runs is."),
    )
    starts = first_day()
    source = text("Where this comes from", hint="The document or register, in words.")

    def narrow(self, name, rows):
        return super().narrow(name, rows.live())

    def said(self) -> str:
        """What would be recorded, in a sentence that names both with their numbers."""
        facts = self.facts()
        kind = Ownership.Kind(facts["kind"]).label.lower()
        since = f" from {plain(facts['starts'])}" if facts["starts"] else ""
        return f"{label_of(facts['owner'])} will be recorded as {kind} {label_of(facts['agency'])}{since}."

    def is_sure(self) -> bool:
        """Whether the body was confirmed that was named: a part of a name may have meant another one."""
        return self.data.get("sure") == str(self.cleaned_data["other"].pk)


class NumberForm(DirectoryForm):
    register = forms.ChoiceField(
        label="Register",
        choices=[("", "Choose one"), *Register.choices],
        error_messages=required("Select the register."),
    )
    number = text("Number", limit=40, wide=False, missing="Enter the number.")


# What the national register says of a school that exists. Closed is no choice here: closing has a day, and follows on.
STATUSES = ("", "Open", "Open, but proposed to close", "Proposed to open")


class SchoolForm(DirectoryForm):
    """What is known of a school; the national register's next file may say otherwise."""

    phase = forms.ChoiceField(
        label="Phase",
        required=False,
        choices=[("", "Not known"), *PHASE_CHOICES],
    )
    register_status = forms.ChoiceField(
        label="Status",
        required=False,
        choices=[(words, words or "Not known") for words in STATUSES],
        help_text="As in the national register. To close the school, choose ‘Close it’ on its page.",
    )
    establishment_type = text("Type of establishment", limit=100, hint="As in the national register.")
    district = text("District", limit=100)
    low_age = forms.IntegerField(label="Lowest age", required=False, min_value=0, max_value=25)
    high_age = forms.IntegerField(label="Highest age", required=False, min_value=0, max_value=25)

    def __init__(self, *args, agency=None, **kwargs):
        super().__init__(*args, agency=agency, **kwargs)
        if agency.ends:
            del self.fields["register_status"]
        elif (said := agency.school.register_status) not in STATUSES:
            self.fields["register_status"].choices += [(said, said)]  # in the words of an older file

    def clean(self):
        data = super().clean()
        if not data.get("establishment_type"):
            self.add_error("establishment_type", "Enter the type of establishment.")
        return data
