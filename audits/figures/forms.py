"""What is asked of figures, and what an action that comes of a gap says."""

from django import forms

from audits.figures.findings import APART, NAMELESS
from audits.models import AuditReturn
from partnership.access.forms import PortalForm
from partnership.actions.answering.owners import OwnerField
from partnership.ui.forms import GovDateField, GovForm, required, words

S = AuditReturn.Status
APART_BY = ("kind", "phase", "area", "trust")  # what a grid can be narrowed by, besides how a return stands
SUBMITTED, AS_THEY_STAND = "", "all"
ACROSS = ("phase", "kind", "area", "establishment", "district", "window")  # as columns; trusts are too many


def _choices(values, every):
    return [("", every), *((value, value) for value in sorted(values) if value)]


class FiguresForm(GovForm):
    by = forms.ChoiceField(label="Told apart by", required=False)
    answers = forms.ChoiceField(
        label="Which answers",
        required=False,
        choices=[(SUBMITTED, "Of submitted returns"), (AS_THEY_STAND, "As they stand today, submitted or not")],
    )

    def __init__(self, *args, named, **kwargs):
        super().__init__(*args, **kwargs)
        names = ACROSS if named else NAMELESS
        self.fields["by"].choices = [("", "Nothing"), *((name, APART[name]) for name in names)]
        if not named:
            del self.fields["answers"]

    def asked(self):
        data = getattr(self, "cleaned_data", {})
        return {"by": data.get("by", ""), "as_they_stand": data.get("answers") == AS_THEY_STAND}


class GridForm(GovForm):
    """rows: the returns that there are (of `grid.light`): what occurs in them can be chosen."""

    section = forms.ChoiceField(label="Standard or section", required=False)
    kind = forms.ChoiceField(label="Kind of organisation", required=False)
    phase = forms.ChoiceField(label="Phase", required=False)
    area = forms.ChoiceField(label="Area", required=False)
    trust = forms.ChoiceField(label="Academy trust", required=False)
    status = forms.ChoiceField(label="Status", required=False)
    gaps = forms.BooleanField(label="Only organisations with a gap", required=False)
    before = forms.BooleanField(label="Last year’s answer beside", required=False)

    def __init__(self, *args, rows, sections, earlier, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["section"].choices = [("", "All"), *((str(each.pk), each.called) for each in sections)]
        for name in APART_BY:
            self.fields[name].choices = _choices({getattr(one, name) for one in rows}, "All")
            if len(self.fields[name].choices) < 3:  # one alone is no choice
                del self.fields[name]
        there = {one.status for one in rows}
        self.fields["status"].choices = [("", "All"), *((each.value, each.label) for each in S if each in there)]
        if not earlier:
            del self.fields["before"]

    def in_words(self):
        """The filters that are set, in words: for the heading, and for a file."""
        data = getattr(self, "cleaned_data", {})
        said = []
        for name, value in data.items():
            if not value:
                continue
            field = self.fields[name]
            said.append(dict(field.choices)[value] if hasattr(field, "choices") else field.label)
        return ", ".join(said) or "All organisations, all questions"


class GapForm(PortalForm):
    """agency: whose action it is; its people can be given it."""

    what = words(
        "What will be done?", "Say what will be done", rows=3, most=500,
        help_text="Whoever does it reads these words. No names of children or families.",
    )  # fmt: skip
    owner = OwnerField(label="Who does it?", nobody=True, error_messages=required("Choose who does it"))
    due_on = GovDateField(
        label="By when?",
        subject="day by which it is done",
        error_messages=required("Enter the day by which it will be done"),
    )
    success = words("How will one see that it worked?", rows=2, most=500)

    def __init__(self, *args, agency, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].offer(self.user, agency=agency, also=[agency])

    def facts(self):
        data = self.cleaned_data
        return {name: data[name] for name in ("what", "due_on", "success")} | {"owner": data["owner"].user}
