"""The questions of a page as one form: each question has its own version, so each is saved, and clashes, by itself."""

import hashlib
import json

from django import forms
from django.core.exceptions import ValidationError

from audits.answering import values as valued
from audits.answering.services import Typed
from audits.asking import scale_of
from audits.models import Wording
from partnership.access.forms import PortalForm
from partnership.ui.forms import GovDateField, GovRadios, in_words

Kind = Wording.Kind
NA = "na"
READ = "read_answers"  # the portal's own script knows by its beginning that nobody typed it
ASKED = ".still"
BLANK_ROWS = 2
FEWEST_ROWS, MOST_BOX, A_ROW = 3, 15, 60  # rows of a box for words, and the letters of a row
NO_NAMES = "No names of children, families or staff."


def key_of(wording) -> str:
    return wording.pk.hex


def mark_of(version, values, still=None) -> str:
    """What a page carries of an answer: its version, a digest of what stood in the boxes, by which it is known whether
    anybody typed, and whether it could be said to be still so. still: None where that was not asked."""
    said = [str(values[name]) for name in valued.EMPTY] + [bool(still)]
    digest = hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]
    return f"{version}.{digest}{ASKED if still is not None else ''}"


def taken_over(answer) -> bool:
    """Whether an answer stands as it was last year, or as the trust gave it. Its `source` comes with it."""
    source = getattr(answer, "source", None)
    return source is not None and valued.same(valued.of(source), valued.of(answer))


def _marks_in(data) -> dict:
    """key -> the mark with which the page was read."""
    try:
        found = json.loads((data or {}).get(READ) or "{}")
    except (ValueError, RecursionError):
        return {}
    return {key: str(mark) for key, mark in found.items()} if isinstance(found, dict) else {}


class TableWidget(forms.Widget):
    """A row of boxes for each row of a table: `<name>_<row>_<column>`. more: how many blank rows stand below."""

    template_name = "audits/_table_boxes.html"

    def __init__(self, columns, attrs=None, more=BLANK_ROWS):
        super().__init__(attrs)
        self.columns, self.more = columns, more

    def value_from_datadict(self, data, files, name):
        rows = []
        for number in range(valued.MOST_ROWS + 1):
            names = [f"{name}_{number}_{place}" for place in range(len(self.columns))]
            if not any(each in data for each in names):
                break
            rows.append([data.get(each, "") for each in names])
        return rows

    def value_omitted_from_data(self, data, files, name):
        return f"{name}_0_0" not in data

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        rows = [row for row in value or [] if any(str(cell).strip() for cell in row)]
        rows += [[""] * len(self.columns)] * min(self.more, valued.MOST_ROWS - len(rows))
        context["widget"]["columns"] = self.columns
        context["widget"]["lines"] = [
            [(f"{name}_{number}_{place}", head, cell)
             for place, (head, cell) in enumerate(zip(self.columns, row, strict=False))]
            for number, row in enumerate(rows)
        ]  # fmt: skip
        return context


class TableField(forms.Field):
    template_name = "audits/_table_field.html"

    def to_python(self, value):
        return value or []


class AnswersForm(PortalForm):
    """wordings: the questions of the page, in order. answers: question id -> Answer or TrustAnswer; what is posted
    needs none. read: key -> the mark of `mark_of`, where the page's own field does not carry it. more: the key of a
    table that gets more blank rows."""

    read_answers = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, wordings, answers=None, read=None, more="", **kwargs):
        self.wordings = {key_of(each): each for each in wordings}
        self.answers = answers or {}
        self.read = read if read is not None else _marks_in(data)
        super().__init__(data, **kwargs)
        self.fields[READ].validators = []  # as long as the page has questions
        self.reveals, self.names = {}, {key: [] for key in self.wordings}
        for key, wording in self.wordings.items():
            self._ask(key, wording, more=key == more)
        if not self.is_bound:
            self.initial = self._initial() | {READ: json.dumps(self.marks())}

    def _initial(self) -> dict:
        found = {}
        for key, wording in self.wordings.items():
            values = valued.of(self.answers.get(wording.question_id))
            if wording.kind in Wording.CHOSEN and values["na_reason"]:
                values["code"] = NA
            if values["number"] is not None:
                values["number"] = valued.plain_number(values["number"])
            found |= {f"{key}_{name}": value for name, value in values.items()}
            found[f"{key}_still"] = self.holds(wording)
        return found

    def holds(self, wording) -> bool | None:
        """Whether what was taken over was said to hold still; None where nothing stands as it was taken over."""
        if self.is_bound:
            key = key_of(wording)
            return self.data.get(f"{key}_still") is not None if self.asks_still(key) else None
        answer = self.answers.get(wording.question_id)
        return None if answer is None or not taken_over(answer) else not answer.to_confirm

    def asks_still(self, key) -> bool:
        """Whether the page asked if what was taken over is still so."""
        return self.read.get(key, "").endswith(ASKED)

    def _ask(self, key, wording, *, more):
        said = f"{wording.ref} {wording.text}{'' if wording.required else ' (optional)'}"
        own = valued.FIELD_OF[wording.kind]
        if wording.kind in Wording.CHOSEN:
            self._put(key, "code", self._chosen(wording, said))
            if wording.may_not_apply:
                self.reveals[f"{key}_code"] = {NA: (f"{key}_na_reason",)}
        elif own == "number":
            box = forms.TextInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-10"})
            unit = "Per cent, from 0 to 100" if wording.kind == Kind.PERCENT else wording.unit
            self._put(key, "number", forms.CharField(label=said, required=False, widget=box, help_text=unit))
        elif own == "day":
            self._put(key, "day", GovDateField(label=said, subject=f"date of {wording.ref}", required=False))
        elif own == "rows":
            table = TableWidget(wording.columns, more=BLANK_ROWS + 3 * more)
            self._put(key, "rows", TableField(label=said, required=False, widget=table))
        if wording.kind == Kind.TEXT:
            self._put(key, "text", self._words(wording, said, NO_NAMES))
        elif wording.kind == Kind.FILE:
            hint = f"Add the file as evidence; say here what it is. {NO_NAMES}"
            self._put(key, "text", self._words(wording, said, hint))
        else:
            self._put(key, "text", self._words(wording, f"{wording.ref}: what shows it, or what is missing", ""))
        if wording.may_not_apply:
            chosen = wording.kind in Wording.CHOSEN
            label = "Why it does not apply" if chosen else f"{wording.ref}: if this does not apply to you, say why"
            self._put(key, "na_reason", forms.CharField(label=label, required=False, max_length=valued.MOST_REASON))
        if self.holds(wording) is not None:
            label = f"Still so (answer {wording.ref})"
            self._put(key, "still", forms.BooleanField(label=label, required=False))

    def _put(self, key, name, field):
        self.fields[f"{key}_{name}"] = field
        self.names[key].append(f"{key}_{name}")
        self._finish(f"{key}_{name}", field)

    @staticmethod
    def _chosen(wording, said):
        choices = [(code, label) for code, label, _ in scale_of(wording)]
        if wording.may_not_apply:
            choices.append((NA, "Does not apply to us"))
        return forms.ChoiceField(label=said, choices=choices, required=False, widget=GovRadios(small=True))

    def _words(self, wording, label, hint):
        answer = self.answers.get(wording.question_id)
        text = self.data.get(f"{key_of(wording)}_text", "") if self.is_bound else answer.text if answer else ""
        box = forms.Textarea(attrs={"rows": _rows_of(text)})
        return forms.CharField(label=label, required=False, widget=box, help_text=hint)

    # --- what was typed ------------------------------------------------------------------------------------------

    def clean(self):
        cleaned = super().clean()
        self.valid = {}
        for key, wording in self.wordings.items():
            if any(name in self.errors for name in self.names[key]):
                continue
            try:
                self.valid[key] = valued.clean(wording, self._values(key, cleaned))
            except ValidationError as refused:
                for name, errors in refused.update_error_dict({}).items():
                    field = f"{key}_{name}"
                    said = [f"{wording.ref}: {words}" for words in ValidationError(errors).messages]
                    self.add_error(field if field in self.fields else self.names[key][0], said)
        return cleaned

    def _values(self, key, cleaned) -> dict:
        found = {name: cleaned.get(f"{key}_{name}") for name in valued.EMPTY if f"{key}_{name}" in self.fields}
        if found.get("code") == NA:
            found |= {"code": "", "na": True}
        return found

    def version(self, key) -> int:
        version = self.read.get(key, "0").split(".")[0]
        return int(version) if version.isdecimal() and len(version) < 9 else 0

    def still(self, key) -> bool | None:
        name = f"{key}_still"
        return self.cleaned_data.get(name) if name in self.fields else None

    def mark(self, key, version) -> str:
        """The mark of what was sent, once it is saved as this version."""
        return mark_of(version, self.valid[key], self.still(key))

    def was_sent(self, key) -> bool:
        return any(
            not self.fields[name].widget.value_omitted_from_data(self.data, self.files, name)
            for name in self.names[key]
            if not isinstance(self.fields[name], forms.BooleanField)
        )

    def typed(self) -> list[Typed]:
        """What was typed and is right, in order; what nobody touched since it was read is left as it is saved."""
        return [
            Typed(self.wordings[key], self.valid[key], self.version(key), self.still(key))
            for key in self.valid
            if self.was_sent(key) and self.mark(key, self.version(key)) != self.read.get(key)
        ]

    def marks(self) -> dict:
        """key -> the mark of what is saved: what the page carries."""
        found = {}
        for key, wording in self.wordings.items():
            answer = self.answers.get(wording.question_id)
            version = answer.version if answer else 0
            found[key] = mark_of(version, valued.of(answer), self.holds(wording))
        return found

    def differing(self, wording, now) -> list:
        """(label, typed, saved) of the parts of one question that differ, as people read them. now: what is saved."""
        key, was = key_of(wording), valued.of(now)
        if was["na_reason"]:
            was["code"] = NA if wording.kind in Wording.CHOSEN else ""
        mine = dict(self.valid[key]) | {"code": self.cleaned_data.get(f"{key}_code", "")}
        rows = []
        for name, label in PARTS.items():
            if (field := self.fields.get(f"{key}_{name}")) is not None:
                words = [in_words(field, _plain(name, each[name])) for each in (mine, was)]
                if words[0] != words[1]:
                    rows.append((label, *words))
        return rows


def _rows_of(text) -> int:
    """How many rows of a box show a text, as far as that is known without its width."""
    lines = sum(1 + len(line) // A_ROW for line in text.splitlines())
    return min(max(lines, FEWEST_ROWS), MOST_BOX)


def _plain(name, value):
    return valued.plain_number(value) if name == "number" and value is not None else value


PARTS = {
    "code": "Answer", "number": "Number", "day": "Date", "rows": "Table", "text": "Words",
    "na_reason": "Why it does not apply",
}  # fmt: skip
