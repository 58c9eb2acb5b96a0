"""Forms of question sets, sections and of putting a version into use, and the facts under which one is tried."""

from django import forms

from audits.asking import scale_of
from audits.facts import FACTS, choices_of
from audits.sets.services import SECTION_FIELDS, SET_FIELDS
from partnership.access.forms import PortalForm
from partnership.ui.forms import GovForm, GovRadios, required, words


def line(label, *, most=200, missing="", hint=""):
    messages = required(missing) if missing else None
    return forms.CharField(
        label=label, max_length=most, required=bool(missing), help_text=hint, error_messages=messages
    )


class SetForm(PortalForm):
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = line("What is the audit called?", missing="Enter what the audit is called")
    duty = forms.ChoiceField(
        label="What makes organisations answer it?",
        choices=[
            ("s11", "Section 11 of the Children Act 2004"),
            ("s175", "Section 175 or 157 of the Education Act 2002"),
            ("other", "Another audit, by local arrangement"),
        ],
        widget=GovRadios,
        error_messages=required("Select what makes organisations answer it"),
    )
    about = words("What it is for", rows=3, most=2000, help_text="Those who answer read it.")
    source = line("Where it comes from", most=300, hint="A law, guidance, another tool. Leave it empty if it is yours.")

    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in SET_FIELDS}


class SectionForm(PortalForm):
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    ref = line("Number", most=10, missing="Enter the number of the section")
    title = line("Title", missing="Enter the title of the section")
    guidance = words("Guidance", rows=4, most=4000, help_text="It stands above the questions of the section.")

    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in SECTION_FIELDS}


class UseForm(PortalForm):
    read = forms.IntegerField(widget=forms.HiddenInput)
    note = line("What is new in it", most=500, hint="One sentence, for those who answered the version before.")

    def facts(self) -> dict:
        return {"read": self.cleaned_data["read"], "note": self.cleaned_data["note"]}


class TryForm(GovForm):
    """What an organisation is, and its answers to the questions on which others hang; nothing of it is kept.

    asking: of the version. Each answer is a field `a_<wording id>`, drawn beside its question.
    """

    def __init__(self, *args, asking, **kwargs):
        super().__init__(*args, **kwargs)
        used = {name: {each for row in asking.wordings for each in row.applies.get(name, ())} for name in FACTS}
        for name, label in FACTS.items():
            if used[name] or name not in ("area", "district"):
                options = [("", "Not said"), *choices_of(name, sorted(filter(None, used[name])))]
                self.fields[name] = forms.ChoiceField(label=label, choices=options, required=False)
        self.of_organisation = list(self.fields)
        hung = {row.shown_if_id for row in asking.wordings}
        self.answered = {}
        for row in asking.wordings:
            if row.question_id in hung and (scale := scale_of(row)):
                name = f"a_{row.pk.hex}"
                options = [("", "Not answered"), *((code, label) for code, label, _ in scale)]
                self.fields[name] = forms.ChoiceField(label=f"Answer to {row.ref}", choices=options, required=False)
                self.answered[row.question_id] = name
        for name, field in self.fields.items():
            self._finish(name, field)

    def groups(self):
        """The facts alone: each answer stands beside its question."""
        return [{"legend": "", "fields": [self[name] for name in self.of_organisation]}]

    def facts(self) -> dict:
        return {name: self.cleaned_data.get(name, "") for name in FACTS}

    def codes(self) -> dict:
        """question id -> code, as `asking.shown` takes it."""
        return {pk: self.cleaned_data.get(name, "") for pk, name in self.answered.items()}

    def drawn(self, row):
        """The field of the answer to a wording; None where nothing hangs on it."""
        name = self.answered.get(row.question_id)
        return self[name] if name else None
