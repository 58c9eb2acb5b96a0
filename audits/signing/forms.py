"""The forms of signing: of the lead, of those who follow, and of what the lead does while others sign."""

from django import forms

from audits.models import Signature
from partnership.access.forms import PortalForm
from partnership.documents.forms import DocumentField
from partnership.ui.dates import GovDateField, plain
from partnership.ui.forms import GovForm, GovRadios, required, words

Step = Signature.Step
READ = "I have read the whole return, and it is true as far as I know"
NOT_READ = "Tick the box when you have read the return"
NO_NAMES = "No names of children or families."


def _line(label, *, most=200, missing="", help_text=""):
    messages = required(missing) if missing else {}
    return forms.CharField(
        label=label, max_length=most, required=bool(missing), error_messages=messages, help_text=help_text
    )


def _email(label, help_text=""):
    return forms.EmailField(
        label=label, required=False, max_length=254, help_text=help_text,
        error_messages={"invalid": "Enter an email address like name@school.org.uk"},
    )  # fmt: skip


class LeadForm(PortalForm):
    """The lead signs, and names those who sign next. steps: those after the lead's. named: step -> {"name", "post"}."""

    agree = forms.BooleanField(label=READ, error_messages=required(NOT_READ))

    def __init__(self, *args, steps, named, post, **kwargs):
        super().__init__(*args, **kwargs)
        self.steps, groups = steps, [("You", ("post", "agree"))]
        self.fields["post"] = _line("Your post", missing="Enter your post, as it is to stand beside your name")
        self.fields["post"].initial = post
        for step in steps:
            who = Step(step).label.lower()
            said = named.get(step, {})
            self.fields[f"{step}_name"] = _line(f"Name of the {who}")
            self.fields[f"{step}_post"] = _line(f"Post of the {who}")
            self.fields[f"{step}_email"] = _email(
                f"Email address of the {who}",
                "The link to sign goes there. Leave it empty if you will record a minute or a letter instead.",
            )
            for name in ("name", "post", "email"):
                self.fields[f"{step}_{name}"].initial = said.get(name, "")
            groups.append((Step(step).label, tuple(f"{step}_{name}" for name in ("name", "post", "email"))))
        self.fieldsets = tuple(groups)
        for name, field in self.fields.items():
            self._finish(name, field)

    def facts(self) -> dict:
        data = self.cleaned_data
        signers = {step: {name: data[f"{step}_{name}"] for name in ("name", "post", "email")} for step in self.steps}
        return {"post": data["post"], "signers": signers}


class SignerFields(forms.Form):
    """Sign, or send it back with a note; name and post as they are to stand on the receipt."""

    reveals = {"says": {"sign": ("name", "post", "agree"), "back": ("note",)}}
    says = forms.ChoiceField(
        label="Do you sign it?",
        choices=[("sign", "Yes, I sign it"), ("back", "No, I send it back to be put right")],
        widget=GovRadios,
        error_messages=required("Choose whether you sign it or send it back"),
    )
    name = _line("Your name", help_text="As it is to stand beside your signature.")
    post = _line("Your post")
    agree = forms.BooleanField(label=READ, required=False)
    note = words("What has to be put right?", rows=4, most=1000, help_text=f"The lead reads it. {NO_NAMES}")

    def clean(self):
        data = super().clean()
        for says, name, missing in (
            ("sign", "name", "Enter your name"),
            ("sign", "post", "Enter your post"),
            ("sign", "agree", NOT_READ),
            ("back", "note", "Say what has to be put right"),
        ):
            if data.get("says") == says and name in self.fields and not data.get(name) and name not in self.errors:
                self.add_error(name, missing)
        return data


class LinkForm(SignerFields, GovForm):
    """Of somebody without a sign-in."""


class SignerForm(SignerFields, PortalForm):
    """Of somebody who is signed in, and signs in the name of the account."""

    name = None
    reveals = {"says": {"sign": ("post", "agree"), "back": ("note",)}}


class AgainForm(PortalForm):
    """To whom the link goes, who signs next. step: of the signature, for what a service refuses."""

    name = _line("Name", missing="Enter the name of the person who signs next")
    post = _line("Post")
    email = _email("Email address", "A link that was sent before opens nothing any more.")

    def __init__(self, *args, step, **kwargs):
        super().__init__(*args, **kwargs)
        self.error_fields = {f"{step}_{name}": name for name in ("name", "post", "email")}

    def facts(self):
        return {name: self.cleaned_data[name] for name in ("name", "post", "email")}


class RecordForm(PortalForm):
    """What a minute of the governing body, or a letter, says. last: the latest signature so far: a minute that is
    earlier is asked about once more."""

    error_fields = {"file": "upload"}

    name = _line("Who signed or chaired", missing="Enter the name of the person who signed or chaired")
    post = _line("Post", missing="Enter the post of that person")
    signed_on = GovDateField(
        label="Date of the meeting or letter", not_future=True, error_messages=required("Enter the date")
    )
    minute = _line(
        "Number of the minute, or what the letter is called", most=100,
        missing="Enter the number of the minute, or what the letter is called", help_text="For example: minute 7.2",
    )  # fmt: skip
    upload = DocumentField(label="The minute or letter", required=False, hint="If you have it as a file.")

    def __init__(self, *args, last, **kwargs):
        super().__init__(*args, **kwargs)
        self.last = last

    def clean(self):
        data = super().clean()
        day = data.get("signed_on")
        if day and day < self.last.signed_on:
            label = f"On {plain(day)} the meeting had these answers before it as a draft"
            self.fields["draft"] = forms.BooleanField(label=label, required=False)
            names = [name for name in self.fields if name != "draft"]
            names.insert(names.index("signed_on") + 1, "draft")
            self.order_fields(names)
        return data

    def facts(self):
        facts = {name: self.cleaned_data[name] for name in ("name", "post", "signed_on", "minute", "upload")}
        return facts | {"draft": bool(self.data.get("draft"))}
