"""Forms of what stands beside a return: evidence, its people, more time."""

from datetime import timedelta

from django import forms
from django.utils import timezone

from audits.beside import evidence_reads
from audits.beside.rules import A_YEAR, soon_until
from audits.models import Evidence
from partnership.access.forms import PortalForm
from partnership.documents.forms import DocumentField
from partnership.people.roles import Perm
from partnership.ui.forms import GovCheckboxes, GovDateField, GovRadios, required, words

FILE, ADDRESS = "file", "address"


def address_field():
    wrong = "Enter the whole web address, beginning with https:// or http://."
    field = forms.URLField(
        label="Web address",
        max_length=500,
        assume_scheme="https",
        error_messages=required("Enter the web address.", invalid=wrong),
    )
    field.default_validators[0].schemes = ["http", "https"]
    return field


class DatedForm(PortalForm):
    effective_on = GovDateField(label="In force since", required=False, help_text="The day that stands on it, if any.")
    expires_on = GovDateField(label="To be renewed by", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        days = (soon_until(today := timezone.localdate()) - today).days
        self.fields["expires_on"].help_text = f"From {days} days before, the portal marks it as to be renewed."


class AddForm(DatedForm):
    """A new piece: a file or an address."""

    what = forms.ChoiceField(
        label="What is it?",
        choices=[(FILE, "A file"), (ADDRESS, "A web address")],
        widget=GovRadios,
        error_messages=required("Select whether it is a file or a web address."),
    )
    file = DocumentField()
    address = address_field()
    title = forms.CharField(
        label="What is it called?",
        max_length=200,
        required=False,
        help_text="Like ‘Child protection policy 2026’. Of a file it may be left empty for the file’s name.",
    )
    instead = forms.UUIDField(required=False, widget=forms.HiddenInput)
    reveals = {"what": {FILE: ("file",), ADDRESS: ("address",)}}
    error_fields = {"upload_file": "file"}
    field_order = ("what", "file", "address", "title", "effective_on", "expires_on")

    def clean(self):
        data = super().clean()
        if data.get("what") == ADDRESS and not data.get("title") and "title" not in self.errors:
            self.add_error("title", "Enter what the page at this address is called.")
        return data

    def facts(self):
        data = self.cleaned_data
        facts = {name: data.get(name) for name in ("effective_on", "expires_on")} | {"title": data["title"]}
        if data["what"] == FILE:
            return facts | {"upload_file": data["file"]}
        return facts | {"address": data["address"]}


class ChosenForm(PortalForm):
    """Which pieces stand under one question. stood: those that did when the page was made, so that only what this
    person changed is changed."""

    perm = Perm.ANSWERS_WRITE
    pieces = forms.ModelMultipleChoiceField(
        Evidence.objects.none(), label="Evidence under this question", required=False, widget=GovCheckboxes
    )
    stood = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, row, question_id, here, **kwargs):
        self.audit_return, self.question_id = row, question_id
        ids = [piece.row.pk for piece in here]
        super().__init__(*args, initial={"pieces": ids, "stood": ",".join(map(str, ids))}, **kwargs)
        rows = list(self.fields["pieces"].queryset)
        hints = {piece.row.pk: piece.standing[0] for piece in evidence_reads.pieces_of(rows)}
        self.fields["pieces"].label_from_instance = lambda row: row.title
        self.fields["pieces"].widget.hints = {str(pk): hint for pk, hint in hints.items()}

    def narrow(self, name, rows):
        return evidence_reads.offered(rows, self.audit_return, self.question_id).order_by("title", "pk")

    def changes(self):
        """(pieces to put there, pieces to take off)."""
        stood = set(self.cleaned_data["stood"].split(","))
        chosen = {str(piece.pk): piece for piece in self.cleaned_data["pieces"]}
        known = {str(piece.pk): piece for piece in self.fields["pieces"].queryset}
        off = [piece for pk, piece in known.items() if pk in stood and pk not in chosen]
        return [piece for pk, piece in chosen.items() if pk not in stood], off


class PieceForm(DatedForm):
    """What is said of a piece."""

    title = forms.CharField(label="What is it called?", max_length=200, error_messages=required("Enter its title."))
    address = address_field()
    read = forms.CharField(widget=forms.HiddenInput)
    field_order = ("title", "address", "effective_on", "expires_on")

    def __init__(self, *args, piece, **kwargs):
        super().__init__(*args, **kwargs)
        if piece.document_id:
            del self.fields["address"]

    def facts(self):
        names = ("title", "address", "effective_on", "expires_on")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class UnderForm(PortalForm):
    """Under which questions of the returns that are being written one piece stands: a field a section.

    returns: [(AuditReturn, [Wording])] as they are asked. here: {(return id, question id)} where it stands.
    """

    stood = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, returns, here, **kwargs):
        self.places = {}  # value of a box -> (return, wording)
        self.parts = []  # (return, [(name of the field, what stands above it)])
        drawn, stood = {}, []
        for row, asked in returns:
            sections = {}
            for wording in asked:
                value = f"{row.pk}:{wording.pk}"
                self.places[value] = (row, wording)
                sections.setdefault(wording.section, []).append((value, f"{wording.ref} {wording.text}"))
                if (row.pk, wording.question_id) in here:
                    stood.append(value)
            lines = []
            for section, choices in sections.items():
                name = f"in_{row.pk.hex}_{section.pk.hex}"
                drawn[name] = (section.title, choices)
                ticked = sum(1 for value, _ in choices if value in stood)
                lines.append((name, f"{section.title}: under {ticked} of {len(choices)}"))
            self.parts.append((row, lines))
        initial = {name: [value for value, _ in choices if value in stood] for name, (_, choices) in drawn.items()}
        super().__init__(*args, initial=initial | {"stood": ",".join(stood)}, **kwargs)
        for name, (title, choices) in drawn.items():
            self.fields[name] = forms.MultipleChoiceField(
                label=title, choices=choices, required=False, widget=GovCheckboxes(small=True)
            )
            self._finish(name, self.fields[name])

    def drawn(self):
        """(return, [(bound field, what stands above it)]), as the page draws them."""
        return [(row, [(self[name], words) for name, words in lines]) for row, lines in self.parts]

    def changes(self) -> dict:
        """return -> (wordings to put it under, wordings to take it off)."""
        stood = set(self.cleaned_data["stood"].split(",")) & set(self.places)
        ticked = {value for _, lines in self.parts for name, _ in lines for value in self.cleaned_data[name]}
        found = {}
        for value in ticked ^ stood:
            row, wording = self.places[value]
            found.setdefault(row, ([], []))[value in stood].append(wording)
        return found


class AskForm(PortalForm):
    """A lead asks for more time."""

    wanted_on = GovDateField(label="Until when?", error_messages=required("Enter the day until which you need."))
    reason = words("Why", "Say why: the business unit decides by it.", rows=4, most=1000)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        last_days(self.fields["wanted_on"])


class GiveForm(PortalForm):
    """The unit gives more time unasked."""

    given_on = GovDateField(label="New day", error_messages=required("Enter the new day."))
    words = words("Why", "Say why, for the record.", rows=3, most=500, help_text="The organisation reads it.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        last_days(self.fields["given_on"])


GIVE, REFUSE = "give", "refuse"


class DecideForm(PortalForm):
    """The unit answers who asked for more time."""

    answer = forms.ChoiceField(
        label="Your answer",
        choices=[(GIVE, "Give more time"), (REFUSE, "Do not give it")],
        widget=GovRadios,
        error_messages=required("Select your answer."),
    )
    given_on = GovDateField(label="New day", error_messages=required("Enter the new day."))
    words = words(
        "Words to whoever asked", rows=3, most=500, help_text="They read it. Needed where you do not give more time."
    )
    reveals = {"answer": {GIVE: ("given_on",)}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        last_days(self.fields["given_on"])


def last_days(field) -> None:
    """The days that a deadline may be given: tomorrow until a year from today."""
    today = timezone.localdate()
    field.earliest, field.latest = today + timedelta(days=1), today + timedelta(days=A_YEAR)
