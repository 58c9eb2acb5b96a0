"""Forms of a log: the file or the pasted lines, what its columns are, what its words mean."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from partnership.access.forms import PortalForm
from partnership.access.models import Folder
from partnership.access.over import going_on
from partnership.actions.importing import columns
from partnership.actions.importing.receiving import FILE_BYTES, ROWS
from partnership.actions.importing.words import CLOSED, LEAVE, OPEN, PARKED
from partnership.actions.models import Impact, Likelihood, LogImport
from partnership.actions.risks.services import KINDS
from partnership.documents.tables.limits import MB
from partnership.people.roles import Perm
from partnership.ui.dates import plain
from partnership.ui.forms import GovDateField, GovForm, GovRadios, required

MOST_PASTED = 1_000_000  # characters
FILE, LINES = "file", "lines"
OFFERED, ANOTHER, NONE = "offered", "another", "none"
AT_ONCE = 50  # questions on a page


class LogForm(PortalForm):
    perm = Perm.ACTION_IMPORT

    kind = forms.ChoiceField(
        label="What is it?",
        choices=LogImport.Kind.choices,
        widget=GovRadios,
        error_messages=required("Select what it is."),
    )
    folder = forms.ModelChoiceField(
        Folder.objects.none(),
        label="Whose is it?",
        empty_label="Choose a group",
        error_messages=required("Choose the group whose log it is, or the partnership’s business."),
    )
    as_of = GovDateField(
        label="Of which day does it tell?",
        help_text="The day on which it was last brought up to date. The first update of each action carries it.",
        not_future=True,
        error_messages=required("Enter the day of which it tells."),
    )
    how = forms.ChoiceField(
        label="How do you send it?",
        choices=[(FILE, "As a spreadsheet"), (LINES, "As lines that I paste")],
        widget=GovRadios,
        initial=FILE,
        error_messages=required("Select how you send it."),
    )
    file = forms.FileField(
        label="Spreadsheet",
        max_length=300,
        required=False,
        help_text=f"XLSX or CSV, at most {FILE_BYTES // MB} MB and {ROWS:,} rows. The file itself is not kept.",
        error_messages={"empty": "The file is empty."},
    )
    text = forms.CharField(
        label="Lines",
        widget=forms.Textarea(attrs={"rows": 12}),
        required=False,
        strip=False,
        max_length=MOST_PASTED,
        help_text="One row a line, with the headings on the first, as a spreadsheet copies them.",
    )

    reveals = {"how": {FILE: ("file",), LINES: ("text",)}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["folder"].label_from_instance = lambda folder: folder.title
        self.fields["as_of"].initial = timezone.localdate

    def narrow(self, name, rows):
        return going_on(rows.filter(kind__in=KINDS, sealed=False)).order_by("title")

    def clean(self):
        data = super().clean()
        if data.get("how") == FILE and not data.get("file") and "file" not in self.errors:
            self.add_error("file", "Select the spreadsheet.")
        if data.get("how") == LINES and not (data.get("text") or "").strip() and "text" not in self.errors:
            self.add_error("text", "Paste the lines.")
        return data

    @property
    def sent(self) -> str:
        """The name of the field in which the rows came."""
        return "file" if self.cleaned_data["how"] == FILE else "text"


class ColumnsForm(PortalForm):
    """A field for each column: what it is. samples: place -> the first words below it."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, log, samples, **kwargs):
        super().__init__(*args, **kwargs)
        self.log = log
        choices = [("", "Leave it out"), *((code, label) for code, (label, _) in columns.KNOWN[log.kind].items())]
        for place, heading in enumerate(log.headings):
            label = f"‘{heading}’" if heading else f"Column {place + 1}, without a heading"
            below = " · ".join(samples.get(place, ()))
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=label,
                required=False,
                choices=choices,
                initial=log.columns.get(str(place), ""),
                help_text=f"Below it: {below}" if below else "Nothing stands below it in the first rows.",
            )

    def clean(self):
        data = super().clean()
        if missing := [code for code in columns.NEEDED[self.log.kind] if code not in self.columns().values()]:
            labels = " and ".join(f"‘{columns.label_of(self.log.kind, code)}’" for code in missing)
            raise ValidationError(f"Say which column is {labels}.")
        return data

    def columns(self) -> dict:
        """Place -> code, of those that are kept."""
        said = {place: self.cleaned_data.get(f"column_{place}") for place in range(len(self.log.headings))}
        return {str(place): code for place, code in said.items() if code}


class WordsForm(PortalForm):
    """What words of a log mean: a question for each, asked once for all rows that say it.

    asked: [(Unclear, how many rows)]. What is not answered is asked again later; its rows are held back until then.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, log, asked, **kwargs):
        super().__init__(*args, **kwargs)
        self.asked, self.log, self.reveals = asked[:AT_ONCE], log, {}
        for at, (unclear, count) in enumerate(self.asked):
            name, rows = f"words_{at}", f"{count} row{'' if count == 1 else 's'}"
            label = columns.label_of(log.kind, unclear.field)
            said = f"says ‘{unclear.words[:80]}’" if unclear.words else "is empty"
            self.fields[name] = forms.ChoiceField(
                label=f"‘{label}’ {said} ({rows})", required=False, widget=GovRadios, choices=self._choices(unclear)
            )
            if unclear.field in ("due", "agreed", "closed", "review"):
                self.fields[f"{name}_day"] = GovDateField(label="Which day?", required=False)
                self.reveals[name] = {ANOTHER: (f"{name}_day",)}

    def _choices(self, unclear):
        later = [("", "Hold these rows back")]
        if unclear.field == "status":
            closed = "Closed" if self.log.kind == LogImport.Kind.RISKS else "Closed: it was done"
            parked = [] if self.log.kind == LogImport.Kind.RISKS else [(PARKED, "A parked idea, without owner and day")]
            return [(OPEN, "It goes on"), (CLOSED, closed), *parked, (LEAVE, "Not needed: leave it out"), *later]
        if unclear.field in ("likelihood", "impact"):
            scale = Likelihood if unclear.field == "likelihood" else Impact
            return [*((str(value), label) for value, label in scale.choices), *later]
        offered = [(OFFERED, plain(unclear.offered))] if unclear.offered else []
        day = [*offered, (ANOTHER, "Another day" if offered else "A day")]
        if unclear.field == "due":
            return [*day, (PARKED, "No day: take them as parked ideas, without an owner"), *later]
        return [*day, (NONE, "No day"), *later]

    def clean(self):
        data = super().clean()
        for at, _ in enumerate(self.asked):
            day = f"words_{at}_day"
            if data.get(f"words_{at}") == ANOTHER and not data.get(day) and day not in self.errors:
                self.add_error(day, "Enter the day.")
        return data

    def answers(self) -> dict:
        """The key of an Unclear -> what it means; those that were answered."""
        found = {}
        for at, (unclear, _) in enumerate(self.asked):
            said = self.cleaned_data.get(f"words_{at}")
            if said == OFFERED:
                found[unclear.key] = unclear.offered.isoformat()
            elif said == ANOTHER:
                found[unclear.key] = self.cleaned_data[f"words_{at}_day"].isoformat()
            elif said:
                found[unclear.key] = "" if said == NONE else said
        return found


class RowFilter(GovForm):
    """Which rows of the preview are shown."""

    only = forms.ChoiceField(label="Show", required=False)

    def __init__(self, data, *, counts):
        super().__init__(data)
        self.fields["only"].choices = [("", "All rows"), *((code, f"{label} ({n:,})") for code, label, n in counts)]


class TakeForm(PortalForm):
    seen = forms.IntegerField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
