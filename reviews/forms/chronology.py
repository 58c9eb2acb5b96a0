"""The chronology: one entry, many lines, a file; what is said beside an entry; the filter of the page."""

from django import forms
from django.core.exceptions import ValidationError

from partnership.access.forms import PortalForm
from partnership.people.roles import Perm
from partnership.ui.forms import GovCheckboxes, GovForm, GovRadios, required, words
from reviews.forms.opening import NO_NAMES
from reviews.models import LONG, AgencyReturn, Entry, EntryNote

MOST_PASTED = 1_000_000


def _lines(label, hint, missing):
    """A box of lines with tabs between the cells. An empty cell at an end of the text is only a tab, so it stays."""
    box = forms.Textarea(attrs={"rows": 15})
    return forms.CharField(label=label, widget=box, strip=False, help_text=hint, error_messages=required(missing))


class _OfReturn(PortalForm):
    """A form whose rows may belong to an agency's return."""

    perm = Perm.RETURN_VIEW

    answer = forms.ModelChoiceField(
        AgencyReturn.objects.none(),
        label="Agency’s return that this belongs to",
        required=False,
        empty_label="None",
        help_text="Rows that name no source are then this agency’s.",
    )

    def __init__(self, *args, offered, **kwargs):
        self.offered = offered
        super().__init__(*args, **kwargs)
        self.fields["answer"].label_from_instance = lambda row: row.body

    def narrow(self, name, rows):
        return rows.filter(pk__in=self.offered.order_by().values("pk")).select_related("agency")


class EntryForm(_OfReturn):
    when = forms.CharField(
        label="Date",
        max_length=80,
        help_text="As exactly as it is known: 3 April 2025, April 2025, 2024, about April 2025, 3 April to 5 May 2025, "
        "summer 2025, early March 2025, mid-2024, school year 2024/25, or not known.",
        error_messages=required("Enter the date, or ‘not known’"),
    )
    time = forms.CharField(label="Time", required=False, max_length=20, help_text="If it is known, like 14:30.")
    source = forms.CharField(
        label="Another source",
        required=False,
        max_length=200,
        help_text="Where it comes from no agency that was asked. The directory’s name of it is found by itself.",
    )
    children = forms.MultipleChoiceField(
        label="Which children it concerns", widget=GovCheckboxes, required=False, help_text="None ticked: all of them."
    )
    event = words("Event", "Enter what happened", rows=5, most=LONG, help_text=NO_NAMES)
    analysis = words("Analysis of practice", rows=4, most=LONG)
    voice = words("The child’s voice", rows=3, most=LONG, help_text="What the child said or showed, and who listened.")

    field_order = ["when", "time", "answer", "source", "children", "event", "analysis", "voice"]

    def __init__(self, *args, children, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer"].label = "Agency whose return it comes from"
        self.fields["answer"].help_text = ""
        self.fields["children"].choices = [(str(child.pk), child.pseudonym) for child in children]

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("answer") and not cleaned.get("source"):
            self.add_error("source", "Select the agency, or enter another source")
        elif cleaned.get("answer") and cleaned.get("source"):
            self.add_error("source", "Select the agency or enter another source, not both")
        return cleaned


class PasteForm(_OfReturn):
    text = _lines(
        "Lines",
        "One entry a line, with tabs (as a spreadsheet copies them) or upright strokes between: date, "
        "source, event, analysis of practice, child’s voice, child, time. The first line may name the columns.",
        "Paste the lines",
    )

    field_order = ["answer", "text"]

    def clean_text(self):
        text = self.cleaned_data["text"]
        if len(text) > MOST_PASTED:
            raise ValidationError("This is too much for one time. Paste it in parts, or upload a file.")
        return text


class MendForm(PortalForm):
    """The rows that could not be read, as lines to be put right."""

    perm = Perm.REVIEW_MANAGE

    text = _lines(
        "Rows to put right",
        "One row a line, with tabs between the cells, in the order of the column names on the first line. "
        "Take out the lines that you do not want.",
        "Leave at least one line, or discard them",
    )
    read = forms.CharField(widget=forms.HiddenInput, max_length=16)

    clean_text = PasteForm.clean_text


class SourcesForm(PortalForm):
    """Whose the sources are that the directory does not know: a field for each.

    sources: as they were written. offered: the returns of the review that this person sees, with their agency.
    """

    def __init__(self, *args, sources, offered, **kwargs):
        super().__init__(*args, **kwargs)
        self.sources, self.offered = sources, {str(row.pk): row for row in offered}
        choices = [("", "Keep it in these words"), *((pk, row.body) for pk, row in self.offered.items())]
        for at, source in enumerate(sources):
            self.fields[f"source_{at}"] = forms.ChoiceField(label=f"‘{source}’", required=False, choices=choices)

    def bodies(self) -> dict:
        """Source -> the return of the body that it is, for those that were chosen."""
        chosen = {source: self.cleaned_data[f"source_{at}"] for at, source in enumerate(self.sources)}
        return {source: self.offered[pk] for source, pk in chosen.items() if pk}


class UploadChronologyForm(_OfReturn):
    file = forms.FileField(
        label="Spreadsheet",
        max_length=300,
        help_text="XLSX or CSV, at most 10 MB and 5,000 rows. It needs the columns ‘Date’ and ‘Event’. The file itself "
        "is not kept.",
        error_messages=required("Select the file") | {"empty": "The file is empty."},
    )

    field_order = ["answer", "file"]


class AnnotateForm(PortalForm):
    perm = Perm.REVIEW_MANAGE

    kind = forms.ChoiceField(
        label="What is to be said",
        choices=EntryNote.Kind.choices,
        widget=GovRadios,
        error_messages=required("Select what is to be said"),
    )
    other = forms.ModelChoiceField(
        Entry.objects.none(),
        label="The entry that it contradicts",
        required=False,
        empty_label="Choose an entry",
        help_text="Those within a month of it are offered, and those with the same words.",
    )
    note = words("In words", "Say it in words", rows=4, most=4000, help_text=NO_NAMES)

    reveals = {"kind": {EntryNote.Kind.CONTRADICTS.value: ("other",)}}

    def __init__(self, *args, offered, **kwargs):
        self.offered = offered
        super().__init__(*args, **kwargs)
        self.fields["other"].label_from_instance = _in_short

    def narrow(self, name, rows):
        return rows.filter(pk__in=self.offered).select_related("agency")

    def clean(self):
        cleaned = super().clean()
        against = cleaned.get("kind") == EntryNote.Kind.CONTRADICTS
        if against and not cleaned.get("other") and "other" not in self.errors:
            self.add_error("other", "Select the entry that it contradicts")
        if not against:
            cleaned["other"] = None
        return cleaned


def _in_short(entry):
    return f"{entry.when}, {entry.source_name}: {entry.event[:80]}"


class ChronologyFilter(GovForm):
    """From the address. What it does not know it leaves out."""

    source = forms.ChoiceField(label="Source", required=False)
    child = forms.ChoiceField(label="Child", required=False)
    q = forms.CharField(label="Words", required=False, max_length=100)
    gap = forms.TypedChoiceField(
        label="Show gaps longer than",
        required=False,
        coerce=int,
        empty_value=90,
        choices=[("", "90 days"), ("14", "14 days"), ("30", "30 days"), ("180", "180 days"), ("365", "a year")],
    )

    def __init__(self, data, *, sources, children):
        super().__init__(data)
        self.fields["source"].choices = [("", "All sources"), *sources]
        self.fields["child"].choices = [("", "All children"), *((str(each.pk), each.pseudonym) for each in children)]

    def asked(self):
        """What reads.page takes."""
        self.is_valid()
        found = {name: self.cleaned_data.get(name) or "" for name in ("source", "child", "q")}
        return found | {"gap": self.cleaned_data.get("gap") or 90}
