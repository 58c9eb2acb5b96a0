"""Forms of an import: the file with what is read of it, and the filter of its preview."""

import re

from django import forms
from django.core.exceptions import ValidationError

from partnership.access.forms import PortalForm
from partnership.directory.importing.facts import Places
from partnership.directory.importing.sources import SOURCES
from partnership.directory.models import ImportRow
from partnership.documents.tables.limits import FILE_BYTES, MB
from partnership.ui.forms import GovForm, GovRadios, required

KEPT, CODES, ALL = "kept", "codes", "all"


class UploadForm(PortalForm):
    source = forms.ChoiceField(
        label="Which register or list is it?", widget=GovRadios, error_messages=required("Select the register or list.")
    )
    file = forms.FileField(
        label="The file",
        max_length=300,
        help_text=f"CSV or XLSX, at most {FILE_BYTES // MB} MB. It is deleted as soon as it has been read.",
        error_messages={
            "required": "Select the file of the register.",
            "empty": "The file is empty. Download it again.",
            "max_length": "The name of the file is too long. Give it a shorter one.",
        },
    )
    where = forms.ChoiceField(
        label="From which areas?",
        widget=GovRadios,
        help_text="Our own list and lists of people are read whole.",
        error_messages=required("Select from which areas."),
    )
    codes = forms.CharField(
        label="Codes of the areas",
        required=False,
        max_length=200,
        help_text="Local authorities by three figures, with commas between them, like 861, 860. For NHS bodies the "
        "codes of integrated care boards, like QNC.",
    )

    reveals = {"where": {CODES: ("codes",)}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = [(source.code, source.title) for source in SOURCES.values()]
        self.fields["source"].widget.hints = {source.code: source.hint for source in SOURCES.values()}
        places = Places()
        self.kept = sorted(places.authorities)
        names = [f"{places.names[places.authorities[code]]} ({code})" for code in self.kept]
        choices = [(CODES, "Others, by their codes"), (ALL, "All of England")]
        if names:
            boards = " and ".join(code for each in SOURCES.values() if each.scope_kept for code in each.scope_kept())
            words = (
                f"Our own: {' and '.join(names)}. Of an NHS list: the bodies of our integrated care board ({boards})"
            )
            choices.insert(0, (KEPT, words))
            self.fields["where"].initial = KEPT
        self.fields["where"].choices = choices

    def clean_codes(self):
        codes = [code for code in re.split(r"[\s,;]+", self.cleaned_data["codes"].upper()) if code]
        boards = SOURCES.get(self.data.get("source"), SOURCES["schools"]).scope_kept
        if wrong := [code for code in codes if not re.fullmatch(r"[A-Z\d]{3}" if boards else r"\d{3}", code, re.ASCII)]:
            words = (
                "An integrated care board’s code has three letters"
                if boards
                else "A local authority code has three figures"
            )
            raise ValidationError(f"{words}, so ‘{wrong[0][:20]}’ cannot be one. Check it.")
        return sorted(set(codes))

    def clean(self):
        data = super().clean()
        if data.get("where") == CODES and not data.get("codes") and "codes" not in self.errors:
            self.add_error("codes", "Enter at least one local authority code.")
        return data

    def facts(self):
        """What services.upload takes."""
        data = self.cleaned_data
        source = SOURCES[data["source"]]
        kept = source.scope_kept() if source.scope_kept else self.kept
        scope = {KEPT: kept, CODES: data.get("codes") or [], ALL: []}[data["where"]]
        return {"source": source.code, "file": data["file"], "scope": scope if source.areas else []}


class RowFilter(GovForm):
    """The filters of the preview, from the address."""

    action = forms.ChoiceField(label="What it does", required=False)
    only = forms.ChoiceField(
        label="Which",
        required=False,
        choices=[("", "All"), ("chosen", "Chosen"), ("not", "Not chosen"), ("remark", "With something to know")],
    )
    q = forms.CharField(label="Name or number", required=False, max_length=100)

    def __init__(self, data, *, groups):
        super().__init__(data)
        found = [(each.action, f"{each.label} ({each.total:,})") for each in groups]
        known = {code for code, _ in found}
        others = [(code, label) for code, label in ImportRow.Action.choices if code not in known]
        # An action without rows can still be asked for by an old address.
        self.fields["action"].choices = [("", "All"), *found, *((code, f"{label} (0)") for code, label in others)]


class TakeForm(PortalForm):
    """The last question before the chosen rows are taken. seen: how many the page said that there are."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
