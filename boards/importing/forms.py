"""Forms of what is taken in: a file, what its unclear words and rows mean, the days of earlier minutes."""

from django import forms
from django.core.exceptions import ValidationError

from boards.importing import attendance, sending
from boards.importing.words import NOTHING
from boards.models import Attendance
from partnership.access.forms import PortalForm
from partnership.documents.contents.kinds import check_size
from partnership.documents.models import Marking
from partnership.documents.names import clean_name, extension_of
from partnership.documents.refusals import Refused, reason_of
from partnership.documents.tables.days import NoDate, read_day
from partnership.ui.forms import GovRadios, required

MARKS = [*Attendance.Mark.choices, (NOTHING, "Nothing is recorded")]
UNDECIDED = [("", "Choose")]
MOST_FILES = 20
MINUTES = ("pdf", "docx")


class SheetForm(PortalForm):
    file = forms.FileField(
        label="The spreadsheet",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text="XLSX or CSV, at most 5 MB. Nothing is kept of it but what you take in.",
        error_messages=required("Select the file", empty="The file is empty. Save it again and send it."),
    )


class AttendancePreview(PortalForm):
    """What the file said, carried on, and what was asked about it."""

    rows = forms.CharField(widget=forms.HiddenInput, max_length=sending.CARRIED)
    days = forms.CharField(widget=forms.HiddenInput, max_length=sending.CARRIED)

    def ask(self, plan):
        """The questions of a plan, as fields: `word_<n>` and `row_<line>`."""
        for at, (_, said, mostly) in enumerate(plan.asked):
            self.fields[f"word_{at}"] = forms.ChoiceField(
                label=f"What does ‘{said}’ mean in this file?", choices=UNDECIDED + MARKS, initial=mostly,
                error_messages=required(f"Say what ‘{said}’ means"),
            )  # fmt: skip
        others = [(attendance.SKIP, "Leave this row out"), (attendance.ENDED, "Make a seat that has ended of it")]
        for line in plan.lines:
            if line.asked:
                self.fields[f"row_{line.number}"] = forms.ChoiceField(
                    label=f"Line {line.number}, {line.label}: which seat is it?",
                    choices=[*UNDECIDED, *others, ("Seats of the group", plan.seats)],
                    error_messages=required(f"Say which seat line {line.number} is of, or leave it out"),
                )
        for name in [each for each in self.fields if each.startswith(("word_", "row_"))]:
            self._finish(name, self.fields[name])

    def answered(self, plan):
        """(spelling -> its answer, line -> its choice) of those questions that were answered rightly."""
        data = self.cleaned_data
        words = {said: data.get(f"word_{at}") for at, (said, *_) in enumerate(plan.asked)}
        rows = {line.number: data.get(f"row_{line.number}") for line in plan.lines if line.asked}
        return ({key: each for key, each in found.items() if each} for found in (words, rows))

    @staticmethod
    def sent(data):
        """What the file said, from what the page carried. Raises ValidationError where it was changed on the way."""
        try:
            days = sending.unpacked(data.get("days", ""), most=1, width=attendance.DAYS)[0][1:]
            if len(set(days)) != len(days):
                raise ValidationError(sending.CHANGED)
            [attendance.parsed(each) for each in days]
        except ValueError:
            raise ValidationError(sending.CHANGED) from None
        rows = sending.unpacked(data.get("rows", ""), most=attendance.ROWS, width=3 + attendance.DAYS)
        if any(len(row) != 4 + len(days) for row in rows):
            raise ValidationError(sending.CHANGED)
        return attendance.Sent(days, rows)


class RowsPreview(PortalForm):
    """The rows of a list of seats, carried on."""

    rows = forms.CharField(widget=forms.HiddenInput, max_length=sending.CARRIED)


class _Several(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name):
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class MinutesField(forms.FileField):
    """Several PDF or Word files at once, each such as `documents.take` will take."""

    widget = _Several

    def widget_attrs(self, widget):
        return {"accept": ",".join(f".{each}" for each in MINUTES), "multiple": True}

    def clean(self, data, initial=None):
        files = [each for each in data or [] if each]
        if not files:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(files) > MOST_FILES:
            raise ValidationError(f"Select at most {MOST_FILES} files at once")
        for file in files:
            name = clean_name(file.name or "")
            if extension_of(name) not in MINUTES:
                raise ValidationError(f"‘{name}’ is neither PDF nor Word (DOCX). Save it as PDF and send that")
            try:
                check_size(file.size)
            except Refused as refused:
                raise ValidationError(f"‘{name}’: {reason_of(refused.code)}") from None
        return files


class MinutesFiles(PortalForm):
    files = MinutesField(
        label="The files",
        help_text=f"PDF or Word (DOCX), {MOST_FILES} at once. Each waits here until you say of which meeting it is.",
        error_messages=required("Select the files"),
    )
    marking = forms.ChoiceField(
        label="How are they marked?",
        choices=Marking.choices,
        widget=GovRadios(hints={Marking.SENSITIVE: "Whatever names or describes a child, a family or a case."}),
        error_messages=required("Select how they are marked"),
    )


class MinutesDays(PortalForm):
    """The day of the meeting for each file that waits: `day_<document>`; left empty, the file goes on waiting."""

    def __init__(self, *args, waiting, **kwargs):
        super().__init__(*args, **kwargs)
        for each in waiting:
            name = f"day_{each.pk.hex}"
            self.fields[name] = forms.CharField(
                label=f"Day of the meeting of ‘{each.title}’", required=False, max_length=60, initial=each.day,
                help_text="Like 12 June 2018, or June 2018 where only the month is known.",
            )  # fmt: skip
            self._finish(name, self.fields[name])
        self.waiting = waiting

    def clean(self):
        cleaned = super().clean()
        self.days = {}
        for each in self.waiting:
            name = f"day_{each.pk.hex}"
            if not (said := cleaned.get(name)):
                continue
            try:
                day = read_day(said)
            except NoDate as wrong:
                self.add_error(name, str(wrong))
                continue
            if day.precision not in ("day", "month") or day.about:
                self.add_error(name, "Enter a day, or a month where only that is known")
            else:
                self.days[each.pk] = (day.starts, day.precision == "month")
        if not self.days and not self.errors:
            self.add_error(None, "Enter the day of at least one of the meetings")
        return cleaned
