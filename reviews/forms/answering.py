"""A return's own steps: nil, finishing, signing, changing, helping, what stands beside it, what came another way."""

from django import forms

from partnership.access.forms import PortalForm
from partnership.access.pickers import PeopleField
from partnership.documents.forms import DocumentField
from partnership.people.models import Agency, User
from partnership.people.roles import Perm
from partnership.ui.forms import GovDateTimeField, GovRadios, required, words
from reviews.answering.beside import HEADINGS
from reviews.answering.signing import colleagues, may_sign
from reviews.forms.asking import ReturnForm, askable, records_secured, searched_on
from reviews.models import LONG, Channel, ReturnPassage
from reviews.returns import NEEDED

ANOTHER_WAY = [choice for choice in Channel.choices if choice[0] != Channel.PORTAL]


def _late_reason(label, hint):
    return forms.CharField(label=label, required=False, max_length=1000, help_text=hint)


def _colleague(label, **more):
    """Somebody of the body that writes the return; `narrow` says who."""
    rows = User.objects.none()
    return PeopleField(queryset=rows, whole_partnership=False, label=label, empty_label="Choose a person", **more)


class _OfReturn(PortalForm):
    """A form about one return. late: whether to ask why it is late."""

    perm = Perm.DIRECTORY_VIEW

    def __init__(self, *args, row, late=False, **kwargs):
        self.row = row
        super().__init__(*args, **kwargs)
        if late:
            hint = "Its date has passed. One sentence is enough; it is kept with the return."
            self.fields["late_reason"] = _late_reason("Why the return is late", hint)

    def narrow(self, name, rows):
        """The people of its body; whom they may not choose is said when they are chosen."""
        return rows.filter(pk__in=colleagues(self.row, but=self.but()).values("pk")).order_by("name")

    def but(self):
        return ()

    def why_late(self) -> str:
        return self.cleaned_data.get("late_reason", "")


class NilForm(_OfReturn):
    """'We have no record of this child or family.'"""

    searched_on = searched_on(NEEDED["searched_on"])
    records_secured = records_secured("Confirm that your agency's records are secured")
    declared = forms.BooleanField(
        label="I declare that we searched for everybody who is named in the request, and hold no record of them",
        error_messages=required("Tick the declaration, or write the return instead"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


NOBODY = (
    "Nobody else of your organisation can sign in and sign just now: whoever helped to write it does not sign it. Let "
    "your organisation’s lead, or the business unit, invite somebody."
)


class _Signs(_OfReturn):
    """Who signs: the people of the body who neither wrote it nor helped."""

    def narrow(self, name, rows):
        return rows.filter(pk__in=may_sign(self.row, but=self.but()).values("pk")).order_by("name")


class FinishForm(_Signs):
    """Who signs: somebody else of the body, or the author herself where there is nobody else."""

    signer = _colleague(
        "Who signs it",
        required=False,
        help_text="Somebody senior to you at your organisation who can sign in. There, only you and they read it.",
    )
    sole = forms.BooleanField(
        label="I am a sole practitioner and declare this myself",
        required=False,
        help_text="The people on the review are shown that nobody else signed it.",
    )
    sole_reason = words(
        "If you declare it yourself: why nobody else of your organisation signs it",
        rows=3,
        most=1000,
        help_text="Others of your organisation sign in here. The people on the review read it. No names of people.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not colleagues(self.row).exists():
            del self.fields["sole_reason"]
        if self.row.agency_id is None:  # a guest was asked for herself
            del self.fields["signer"]
            self.fields["sole"].label = f"I declare this return for {self.row.body}"
            self.fields["sole"].help_text = "The people on the review are shown that you declared it."
        elif not self.fields["signer"].queryset.exists():
            self.fields["signer"].help_text = NOBODY

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("sole") and "sole_reason" in self.fields and not cleaned.get("sole_reason"):
            self.add_error("sole_reason", "Say why nobody else of your organisation signs it")
        if "signer" not in self.fields:
            if not cleaned.get("sole"):
                self.add_error("sole", "Tick this to declare the return")
        elif "signer" not in self.errors and bool(cleaned.get("signer")) == bool(cleaned.get("sole")):
            self.add_error("signer", "Choose who signs it, or say that you are a sole practitioner: one of the two")
        return cleaned


class SignerForm(_Signs):
    """Somebody else signs what waits."""

    signer = _colleague("Who signs it now", error_messages=required("Choose who signs it"))

    def but(self):
        return [self.row.signer_id]


class SignReturnForm(_OfReturn):
    """The signature: nothing but what was read, and why it is late where it became so."""

    read = forms.CharField(widget=forms.HiddenInput)


class GiveBackForm(PortalForm):
    signer_note = words("What should be changed", "Say what should be changed", rows=4, most=1000)


class ChangeForm(PortalForm):
    change_reason = words(
        "Why the return must be changed", "Say why it must be changed", rows=4, most=1000,
        help_text="The people on the review read this beside the new version.",
    )  # fmt: skip


class HelperForm(_OfReturn):
    helper = _colleague(
        "Colleague who helps",
        help_text="They see and edit the return while it is being written. They can neither submit nor sign it, and do "
        "not see whom to search for.",
        error_messages=required("Choose the colleague"),
    )

    def but(self):
        return [self.row.helper_id]


class PassageForm(PortalForm):
    heading = forms.ChoiceField(
        label="It belongs to",
        choices=[(name, ReturnForm.base_fields[name].label) for name in HEADINGS],
        error_messages=required("Select the heading"),
    )
    mark = forms.ChoiceField(
        label="Who it is for",
        choices=ReturnPassage.Mark.choices,
        widget=GovRadios(
            hints={
                ReturnPassage.Mark.LEAD: "The case leads read it, and nobody else on the review.",
                ReturnPassage.Mark.MEETING: "Those who run the review and the chair have it, in a paper to read from.",
            }
        ),
        error_messages=required("Select who it is for"),
    )
    words = words("The passage", "Enter the passage", rows=6, most=LONG)


class ReturnFileForm(PortalForm):
    """A file of a return. main is not asked where the return has such a document already."""

    file = DocumentField()
    title = forms.CharField(
        label="What is it?", required=False, max_length=200, help_text="A short title; else the name of the file."
    )
    main = forms.BooleanField(
        label="This is our return: we answer in our own document",
        required=False,
        help_text="The date of the search and that records are secured are still asked.",
    )

    error_fields = {"upload_file": "file"}

    def facts(self) -> dict:
        data = self.cleaned_data
        return {"upload_file": data["file"], "title": data["title"], "main": data["main"]}


class RecordReturnForm(ReturnForm):
    """What an agency gave by telephone, mail or letter, as the case lead records it."""

    given_by = forms.CharField(
        label="Who gave it, by post",
        max_length=200,
        help_text="For example: named nurse. No names of people.",
        error_messages=required("Enter the post of whoever gave it"),
    )
    given_channel = forms.ChoiceField(
        label="How it came", choices=ANOTHER_WAY, widget=GovRadios, error_messages=required("Select how it came")
    )
    given_at = GovDateTimeField(
        label="When it was given",
        subject="time at which it was given",
        not_future=True,
        error_messages=required("Enter when it was given"),
    )
    original = DocumentField(
        label="The original",
        required=False,
        hint="The letter or message as it came; needed for both. Those who read the case can download it.",
    )
    records_secured = forms.BooleanField(label="They say that their records are secured", required=False)
    nil_return = forms.BooleanField(label="They have no record of this child or family", required=False)
    late_reason = _late_reason("Why it is late, if it is", "As they said it.")
    version = None

    fieldsets = (
        ("How it came", ("given_by", "given_channel", "given_at", "original", "late_reason")),
        ("The search", ("searched_on", "period_from", "period_to", "records_secured", "nil_return")),
        ("What was said", (*HEADINGS,)),
    )

    def given(self) -> dict:
        names = ("given_by", "given_channel", "given_at", "original", "late_reason")
        return {name: self.cleaned_data[name] for name in names}

    def answers(self):
        apart = {"form_token", *self.given()}
        return {key: value for key, value in self.cleaned_data.items() if key not in apart}


class CoordinatorForm(PortalForm):
    """Somebody of a body who keeps its returns on this case in view."""

    perm = Perm.DIRECTORY_VIEW

    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        label="Organisation",
        empty_label="Choose an organisation",
        error_messages=required("Select the organisation"),
    )
    user = _colleague(
        "Co-ordinator",
        help_text="For example the health board’s single point of contact. They see how their organisation’s returns "
        "stand, and what they say once they are signed; nothing else of the case.",
        error_messages=required("Choose the co-ordinator"),
    )

    def narrow(self, name, rows):
        return askable(name, rows)
