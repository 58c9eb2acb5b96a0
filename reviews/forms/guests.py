"""Asking somebody outside the directory, and making sure that it is them."""

from django import forms

from partnership.access.forms import PortalForm
from partnership.directory.forms import FirstPasswordForm
from partnership.directory.joining.forms import email_field
from partnership.directory.rules import no_address
from partnership.ui.forms import GovDateTimeField, GovForm, required, words
from reviews.forms.requests import RequestForm
from reviews.models import Guest

FOUND = "For example: Ofsted’s register, the council’s list, a letterhead. Not an email or a call that came to you."


def _line(label, missing, *, hint="", limit=200):
    return forms.CharField(label=label, max_length=limit, help_text=hint, error_messages=required(missing))


def _number(label):
    return forms.CharField(
        label=label,
        max_length=40,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "inputmode": "tel", "autocomplete": "off"}),
        error_messages=required("Enter the telephone number"),
    )


class OutsideForm(RequestForm):
    """Whom to ask outside the directory, and for what: no agreement is recorded there, so the letter is needed."""

    LETTER_MISSING = {
        "letter_sent_on": "Enter the day of the letter",
        "letter_from": "Enter who signed the letter",
        "letter_purpose": "Enter the purpose of the letter",
    }

    body = _line("Body", "Enter the name of the body", hint="For a person who works alone, their profession.")
    kind = forms.ChoiceField(
        label="What kind of body it is",
        choices=[("", "Choose one"), *Guest.Kind.choices],
        error_messages=required("Select what kind of body it is"),
    )
    name = _line("Name of the person to ask", "Enter the name of the person")
    post = _line("Their post", "Enter their post", hint="For example: Nursery manager.")
    email = email_field(
        "Their email address",
        "Enter their email address",
        "Their own, which nobody else reads. No mail goes there yet.",
    )
    telephone = _number("Telephone number, from an independent source")
    found_at = _line("Where you found the number", "Say where you found the number", hint=FOUND, limit=300)
    fieldsets = (
        ("Whom you ask", ("body", "kind", "name", "post", "email")),
        ("How you ring them", ("telephone", "found_at")),
        ("What you ask for", ("due_on", "purpose", "search_from", "search_to")),
        ("What lets them share it", ("letter_sent_on", "letter_from", "letter_purpose")),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, missing in self.LETTER_MISSING.items():
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = missing
        self.fields["letter_sent_on"].help_text = ""
        for name in ("body", "name", "post"):  # these stand in an email of ours, or above a door
            self.fields[name].validators.append(no_address)

    def facts(self) -> dict:
        names = ("body", "kind", "name", "post", "email", "telephone", "found_at", "due_on", "purpose")
        return {name: self.cleaned_data[name] for name in names} | {
            "letter": self.letter(),
            "period": self.period(),
        }


class CallBackForm(PortalForm):
    """What was made sure of in the call. guest: the row whose number and address it names."""

    number = _number("Number that you rang")
    found_at = _line("Where you found it", "Say where you found the number", hint=FOUND, limit=300)
    called_at = GovDateTimeField(
        label="When you rang",
        subject="time of the call",
        not_future=True,
        error_messages=required("Enter when you rang"),
    )
    answered_by = _line("Who answered first, by post", "Enter who answered", hint="For example: Nursery office.")
    confirmed = forms.BooleanField(
        label="", error_messages=required("Tick this once you are certain. Otherwise do not record the call.")
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, guest, **kwargs):
        initial = {"number": guest.telephone, "found_at": guest.found_at, "version": guest.version}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["confirmed"].label = (
            f"I spoke to {guest.name}. They are {guest.post} there, {guest.email} is their own address, which nobody "
            "else reads, and I read the code out to them"
        )

    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("version", "number", "found_at", "called_at", "answered_by")}


class BlockForm(PortalForm):
    note = words(
        "Why you block it", "Say why the access is blocked", rows=3, most=300, help_text="They are not told the reason."
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


CODE = {"inputmode": "numeric", "autocomplete": "off", "class": "govuk-input--width-5"}


def _code():
    return forms.CharField(
        label="Code that you were told on the telephone",
        max_length=20,
        help_text="Six digits. They stand in no email.",
        widget=forms.TextInput(attrs=CODE),
        error_messages=required("Enter the six digits that you were told on the telephone."),
    )


class GuestCodeForm(GovForm):
    """A guest who has a sign-in already."""

    code = _code()


class GuestJoinForm(FirstPasswordForm):
    """A guest without a sign-in chooses a password beside the code."""

    code = _code()
    field_order = ("code", "password1", "password2")
