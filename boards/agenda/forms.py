"""Forms of an agenda: its items and its papers."""

from django import forms

from boards.agenda import papers, reads, services
from boards.groups.forms import line
from boards.models import Purpose
from partnership.access.forms import PortalForm
from partnership.access.pickers import PeopleField
from partnership.actions.answering.forms import Serves, serving
from partnership.actions.models import Duty, Priority
from partnership.documents.converting import OFFICE
from partnership.documents.forms import DocumentField
from partnership.documents.models import Marking
from partnership.documents.names import extension_of
from partnership.documents.renditions import can_convert
from partnership.people.models import User
from partnership.people.roles import Perm
from partnership.ui.forms import GovCheckboxes, GovDateField, GovRadios, required, words

ONLY_PDF = "Only PDF can be taken here. Save the paper as PDF and send that."
ONLY_THESE = "A paper is a PDF, a Word, a PowerPoint or an Excel file. Save it as one of these and send that."


class ItemForm(PortalForm):
    """What is said of an item. folder: whose people may present it."""

    perms = {"presenter": Perm.DIRECTORY_VIEW, "priority": Perm.PLAN_VIEW, "duty": Perm.PLAN_VIEW}
    keeps = ("presenter", "priority", "duty")

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = line("What is the item called?", missing="Enter what the item is called")
    about = words("What it is about", rows=4, most=4000)
    purpose = forms.ChoiceField(
        label="What is asked of the meeting?", choices=Purpose.choices, widget=GovRadios(inline=True),
        error_messages=required("Select what is asked of the meeting"),
    )  # fmt: skip
    minutes_allowed = forms.IntegerField(
        label="How many minutes", required=False, min_value=1, max_value=480,
        help_text="Times are shown on the agenda as far as every open item before has its minutes.",
    )  # fmt: skip
    presenter = PeopleField(
        queryset=User.objects.none(), label="Who presents it", required=False, empty_label="Nobody of the list"
    )
    presenter_words = line("Or somebody without a sign-in", hint="A name or a post.")
    serves = forms.ChoiceField(
        label="What does it serve?",
        choices=[("priority", "A priority"), ("duty", "A duty of the partnership"), ("standing", "Standing business")],
        widget=GovRadios(hints={"standing": "Apologies, minutes of the last meeting, any other business."}),
        error_messages=required("Choose the priority or the duty that it serves, or standing business."),
    )
    priority = Serves(
        Priority.objects.none(), label="Which priority?", empty_label="Choose a priority",
        error_messages=required("Select the priority"),
    )  # fmt: skip
    duty = Serves(
        Duty.objects.none(),
        label="Which duty?",
        empty_label="Choose a duty",
        error_messages=required("Select the duty"),
    )
    reveals = {"serves": {"priority": ("priority",), "duty": ("duty",)}}

    def __init__(self, *args, folder, row=None, **kwargs):
        self.folder, self.row = folder, row
        super().__init__(*args, **kwargs)

    def narrow(self, name, rows):
        if name == "presenter":
            return rows.filter(pk__in=reads.presenters(self.folder).values("pk")).order_by("name")
        return serving(name, rows) if name in ("priority", "duty") else rows

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("presenter") and cleaned.get("presenter_words"):
            self.add_error("presenter_words", "Choose a person or enter a name, not both")
        return cleaned

    def facts(self) -> dict:
        return {name: self.cleaned_data.get(name) for name in services.ITEM_FIELDS}


def as_saved(item) -> dict:
    """The initial values of an ItemForm."""
    serves = "priority" if item.priority_id else "duty" if item.duty_id else "standing"
    return {name: getattr(item, name) for name in services.ITEM_FIELDS} | {"serves": serves}


class AddItemForm(ItemForm):
    """A new item: open, or restricted to some of the meeting's people."""

    perms = ItemForm.perms | {"people": Perm.DIRECTORY_VIEW}
    error_fields = {"user": "people"}

    audience = forms.ChoiceField(
        label="Who may open it?",
        choices=[("open", "Everybody who may open the meeting"), ("restricted", "Only some of them")],
        widget=GovRadios(
            hints={
                "restricted": "The item, its papers, minutes and decisions are sealed: you, the business managers and "
                "those whom you choose open it, and nobody else learns that there is such an item. It stands behind "
                "the open items."
            }
        ),
        error_messages=required("Select who may open it"),
        initial="open",
    )
    people = forms.ModelMultipleChoiceField(
        User.objects.none(), label="Who else is let in?", required=False, widget=GovCheckboxes(small=True)
    )
    reason = line("Why they need it", most=300, missing="Say why they need it")
    reveals = ItemForm.reveals | {"audience": {"restricted": ("people", "reason")}}

    def __init__(self, *args, meeting, **kwargs):
        self.meeting = meeting
        super().__init__(*args, folder=meeting.folder, **kwargs)
        if meeting.folder.sealed:  # its people are those of the case already
            self.reveals = ItemForm.reveals
            for name in ("audience", "people", "reason"):
                del self.fields[name]

    def narrow(self, name, rows):
        if name == "people":
            return rows.filter(pk__in=services.who_may_be_let_in(self.meeting, self.user).values("pk")).order_by("name")
        return super().narrow(name, rows)

    def facts(self) -> dict:
        if self.cleaned_data.get("audience") != "restricted":
            return super().facts()
        more = {name: self.cleaned_data[name] for name in ("people", "reason")}
        return super().facts() | {"restricted": True} | more


def _marking():
    return forms.ChoiceField(
        label="How is it marked?",
        choices=Marking.choices,
        widget=GovRadios(hints={Marking.SENSITIVE: "Whatever names or describes a child, a family or a case."}),
        error_messages=required("Select how it is marked."),
    )


class PaperFileField(DocumentField):
    """PDF, and the Office files where a worker makes PDFs of them."""

    def get_bound_field(self, form, field_name):
        bound = super().get_bound_field(form, field_name)
        kinds = "PDF, Word, PowerPoint or Excel" if can_convert() else "Only PDF"
        end = self.help_text.rsplit(", at most", 1)[-1]
        bound.help_text = f"{kinds}, at most{end}"
        return bound

    def widget_attrs(self, widget):
        return {"accept": ",".join(f".{extension}" for extension in ("pdf", *OFFICE))}

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        if file:
            extension, office = extension_of(file.name), can_convert()
            if extension != "pdf" and not (office and extension in OFFICE):
                raise forms.ValidationError(ONLY_THESE if office else ONLY_PDF, code="not_a_paper")
        return file


class FileForm(PortalForm):
    """The file of a paper."""

    file = PaperFileField(label="The paper")
    marking = _marking()

    def facts(self) -> dict:
        return {"upload_file": self.cleaned_data["file"], "marking": self.cleaned_data["marking"]}


class PaperForm(PortalForm):
    """What is asked for, of whom, by when. folder: the item's, whose people can be asked."""

    perms = {"asked_of": Perm.DIRECTORY_VIEW}
    keeps = ("asked_of",)

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = line("What is the paper called?", missing="Enter what the paper is called")
    asked_of = PeopleField(
        queryset=User.objects.none(), label="Who is asked for it", required=False, empty_label="Nobody of the list"
    )
    asked_words = line("Or somebody without a sign-in", hint="A name or a post. You send it for them.")
    due_on = GovDateField(label="Due on", required=False)

    def __init__(self, *args, folder, row=None, **kwargs):
        self.folder, self.row = folder, row
        super().__init__(*args, **kwargs)

    def narrow(self, name, rows):
        return rows.filter(pk__in=reads.presenters(self.folder).values("pk")).order_by("name")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("asked_of") and cleaned.get("asked_words"):
            self.add_error("asked_words", "Choose a person or enter a name, not both")
        return cleaned

    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in papers.FIELDS}


class AddPaperForm(PaperForm):
    """A paper that is asked for, or one that is there already."""

    there = forms.ChoiceField(
        label="Is it there already?",
        choices=[("no", "No, it is asked for"), ("yes", "Yes, I have it")],
        widget=GovRadios,
        initial="no",
        error_messages=required("Select whether it is there already"),
    )
    file = PaperFileField(label="The paper")
    marking = _marking()
    reveals = {"there": {"no": ("asked_of", "asked_words"), "yes": ("file", "marking")}}

    def facts(self) -> dict:
        facts = super().facts()
        if self.cleaned_data["there"] == "yes":
            facts |= {"upload_file": self.cleaned_data["file"], "marking": self.cleaned_data["marking"]}
        return facts
