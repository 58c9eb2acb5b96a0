"""What is typed about an action: what, who and by when first; the rest when it is wanted."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from partnership.access.forms import PortalForm
from partnership.access.picking import OrganisationField
from partnership.access.rows import allowing
from partnership.actions.answering import days
from partnership.actions.answering.advice import AS_WRITTEN, hold_back
from partnership.actions.answering.owners import Owner, OwnerField
from partnership.actions.models import Duty, Outlook, Plan, Priority, RagOverride, Update
from partnership.documents.forms import DocumentField
from partnership.people.models import Agency
from partnership.people.roles import Perm
from partnership.ui.forms import GovDateField, GovRadios, required, words

WHAT = "One thing that somebody does, in words that stand by themselves."
NO_NAMES = "No names of children or families."
DAY, DAYS, PARK = "day", "days", "park"
ROWS = 4  # of the parts on one page; more are added later


def what(**options):
    return words("What will be done?", "Say what will be done", rows=3, most=500, **options)


def elsewhere():
    """Any organisation of the directory, beside the list of those whose people sign in."""
    return OrganisationField(
        label="Or another organisation",
        required=False,
        help_text="Its name, a part of it, or its number. Its lead says who does it; while nobody of it signs in, it "
        "stands among the actions that nobody answers for.",
    )


def _one_of_both(form, cleaned, number=""):
    """Nobody yet at the organisation that was typed, where nobody was chosen from the list; both is one too many."""
    where = cleaned.get(f"elsewhere{number}")
    if where is None:
        return
    if cleaned.get(f"owner{number}"):
        form.add_error(f"elsewhere{number}", "Choose from the list or enter an organisation here, not both")
    else:
        cleaned[f"owner{number}"] = Owner(None, where)


def success():
    return words("How will one see that it worked?", rows=2, most=500)


class Serves(forms.ModelChoiceField):
    """A priority or a duty, by its kind and title."""

    def label_from_instance(self, row):
        return f"{row.get_kind_display() if isinstance(row, Priority) else row.get_basis_display()}: {row.title}"


def serving(name, rows):
    """Of the priorities or duties (name) those that hold today, and whose plan does."""
    if name == "priority":
        return rows.filter(plan__in=Plan.objects.live(), ended_on=None)
    return rows.filter(pk__in=Duty.objects.live().values("pk"))


class WordsForm(PortalForm):
    """The words of an action and what it serves. row: the action that is edited, None for a new one."""

    perm = Perm.PLAN_VIEW
    keeps = ("priority", "duty")

    what = what(help_text=f"{WHAT} {NO_NAMES}")
    success = success()
    priority = Serves(Priority.objects.none(), label="Which priority does it serve?", required=False)
    duty = Serves(Duty.objects.none(), label="Which duty of the partnership does it serve?", required=False)
    agreed_on = GovDateField(label="When was it agreed?", subject="day it was agreed on", not_future=True)
    sensitive = forms.BooleanField(
        label="Its words are sensitive",
        required=False,
        help_text="It is then answered after the full sign-in only, and no email carries a word of it.",
    )

    def __init__(self, *args, folder, row=None, **kwargs):
        self.row = row
        super().__init__(*args, **kwargs)
        for name in ("priority", "duty"):
            self.fields[name].empty_label = "None"
        if folder.sealed:  # what is in a case is sensitive, whatever anybody ticks
            del self.fields["sensitive"]

    def narrow(self, name, rows):
        return rows.live() if name == "elsewhere" else serving(name, rows)

    def facts(self):
        names = ("what", "success", "priority", "duty", "agreed_on", "sensitive")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class ByWhen(PortalForm):
    """A day, typed or counted, or none: its heirs say which of the three ways they offer."""

    when = forms.ChoiceField(
        label="By when?",
        choices=[(DAY, "On a day"), (DAYS, "In some working days"), (PARK, "No day yet: park it as an idea")],
        initial=DAY,
        widget=GovRadios(hints={PARK: "It has no owner and no day until it is taken up."}),
        error_messages=required("Select by when it will be done"),
    )
    due_on = GovDateField(label="Day", subject="day by which it is done", required=False)
    days = forms.IntegerField(
        label="Working days from today",
        required=False,
        min_value=1,
        max_value=days.MOST,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4"}),
        error_messages={
            "min_value": "Enter 1 working day or more",
            "max_value": f"Enter {days.MOST} working days or fewer, or a date",
        },
    )
    reveals = {"when": {DAY: ("due_on",), DAYS: ("days",)}}

    def clean(self):
        cleaned = super().clean()
        if "days" in self.errors or "due_on" in self.errors:
            return cleaned
        if cleaned.get("when") == DAYS:
            self._count(cleaned)
        elif cleaned.get("when") == DAY and not cleaned.get("due_on"):
            self.add_error("due_on", "Enter the day by which it will be done")
        return cleaned

    def _count(self, cleaned):
        if not cleaned.get("days"):
            self.add_error("days", "Enter a number of working days")
            return
        try:
            cleaned["due_on"] = days.in_working_days(cleaned["days"])
        except ValidationError as error:
            self.add_error("days", error)


class AddForm(ByWhen, WordsForm):
    perms = {"elsewhere": Perm.DIRECTORY_VIEW}

    owner = OwnerField(
        label="Who does it?",
        required=False,
        nobody=True,
        help_text="By organisation. Somebody who has no sign-in yet cannot be chosen: choose their organisation.",
    )
    elsewhere = elsewhere()
    field_order = ["what", "owner", "elsewhere", "when", "success", "priority", "duty", "agreed_on", "sensitive"]
    first = ("what", AS_WRITTEN, "owner", "elsewhere", "when", "sensitive")  # the rest is folded

    def __init__(self, *args, folder, **kwargs):
        self.folder = folder
        super().__init__(*args, folder=folder, **kwargs)
        self.fields["owner"].offer(self.user)
        self.fields["agreed_on"].initial = timezone.localdate

    def clean(self):
        cleaned = super().clean()
        _one_of_both(self, cleaned)
        wrong = {"owner", "elsewhere"} & set(self.errors)
        if cleaned.get("when") != PARK and not wrong and not cleaned.get("owner"):
            self.add_error("owner", "Choose who does it, or the organisation that will say who")
        hold_back(self, self.user, [self.folder])
        return cleaned

    @property
    def shown_first(self):
        return [self[name] for name in self.first if name in self.fields]

    @property
    def folded(self):
        inside = {*self.first, *self.hidden_inside}
        return [field for field in self.visible_fields() if field.name not in inside]

    @property
    def wrong_inside(self):
        return any(field.errors for field in self.folded)

    def asked(self):
        """The arguments of services.add."""
        data = self.cleaned_data
        if data["when"] == PARK:
            return self.facts() | {"parked": True}
        return self.facts() | {"due_on": data["due_on"], "owner": data["owner"].user, "agency": data["owner"].agency}


class EditForm(WordsForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ["what", "success", "priority", "duty", "agreed_on", "sensitive"]


class StartForm(ByWhen):
    """A parked idea is taken up: by whom and by when."""

    perms = {"elsewhere": Perm.DIRECTORY_VIEW}

    owner = OwnerField(label="Who does it?", nobody=True, required=False)
    elsewhere = elsewhere()
    field_order = ["owner", "elsewhere", "when"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].offer(self.user)
        self.fields["when"].choices = self.fields["when"].choices[:2]

    def narrow(self, name, rows):
        return rows.live()

    def clean(self):
        cleaned = super().clean()
        _one_of_both(self, cleaned)
        if not {"owner", "elsewhere"} & set(self.errors) and not cleaned.get("owner"):
            self.add_error("owner", "Choose who does it")
        return cleaned


class GiveForm(PortalForm):
    """agency: only its people, for a lead; None for whoever manages the action."""

    owner = OwnerField(label="Who does it from now on?", error_messages=required("Choose who does it"))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, agency=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].offer(self.user, agency=agency)


class PartsForm(PortalForm):
    """Up to ROWS parts: an organisation with or without its owner, and if they differ, its own words and day.

    concerned: organisations to offer although nobody of theirs signs in; the first rows are proposed for them.
    """

    error_fields = {"agencies": "owner_1"}

    def __init__(self, *args, concerned=(), rows=ROWS, **kwargs):
        self.rows = max(rows, len(concerned))
        super().__init__(*args, **kwargs)
        self.fieldsets = [*self.fieldsets]
        offered = None
        for number in range(1, self.rows + 1):
            owner = OwnerField(label="Organisation and owner", required=False, nobody=True, empty="No such part")
            if offered is None:
                owner.offer(self.user, also=concerned)
                offered = owner
            owner.choices, owner.owners = offered.choices, offered.owners
            self._row(number, owner, concerned[number - 1] if number <= len(concerned) else None)

    def _row(self, number, owner, agency):
        other = elsewhere()
        other.queryset = allowing(Agency, self.user, Perm.DIRECTORY_VIEW).live()
        made = {
            f"owner_{number}": owner,
            f"elsewhere_{number}": other,
            f"what_{number}": words("Its own words, if they differ", rows=2, most=500),
            f"due_on_{number}": GovDateField(label="Its own day, if it differs", subject="day", required=False),
        }
        owner.initial = f"{agency.pk}:" if agency is not None else ""
        for name, field in made.items():
            self.fields[name] = field
            self._finish(name, field)
        self.fieldsets.append((f"Part {number}", tuple(made)))

    def clean(self):
        cleaned = super().clean()
        taken = {}
        for number in range(1, self.rows + 1):
            _one_of_both(self, cleaned, f"_{number}")
            owner = cleaned.get(f"owner_{number}")
            typed = cleaned.get(f"what_{number}") or cleaned.get(f"due_on_{number}")
            if owner is None:
                if typed and not {f"owner_{number}", f"elsewhere_{number}"} & set(self.errors):
                    self.add_error(f"owner_{number}", "Choose the organisation of this part, or empty it")
            elif owner.agency is None:
                self.add_error(f"owner_{number}", "Choose somebody of an organisation: a part is an organisation’s")
            elif owner.agency in taken:
                self.add_error(f"owner_{number}", f"{owner.agency.name} stands in part {taken[owner.agency]} already")
            else:
                taken[owner.agency] = number
        return cleaned

    def parts(self) -> list[dict]:
        """The arguments of services.split, in the order of the rows."""
        data, found = self.cleaned_data, []
        for number in range(1, self.rows + 1):
            if owner := data.get(f"owner_{number}"):
                facts = {name: data.get(f"{name}_{number}") for name in ("what", "due_on")}
                found.append(facts | {"agency": owner.agency, "owner": owner.user})
        return found


class SplitForm(PartsForm):
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not self.parts():
            self.add_error("owner_1", "Choose at least one organisation")
        return cleaned


class UpdateForm(PortalForm):
    """answers: it is the owner's own word; else it is said by whom, and how."""

    words = words("How does it stand?", "Say how it stands", rows=5, most=4000, help_text=NO_NAMES)
    outlook = forms.ChoiceField(
        label="How does it look?",
        choices=Outlook.choices,
        widget=GovRadios(),
        error_messages=required("Select how it looks"),
    )
    happened_on = GovDateField(label="As of which day?", subject="day", not_future=True)
    given_by = forms.CharField(
        label="Who said it, by post?", max_length=200, error_messages=required("Enter the post of whoever said it")
    )
    channel = forms.ChoiceField(
        label="How was it said?",
        choices=[(each, each.label) for each in (Update.Channel.MEETING, Update.Channel.TOLD)],
        widget=GovRadios(),
        error_messages=required("Select how it was said"),
    )

    def __init__(self, *args, answers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["happened_on"].initial = timezone.localdate
        if answers:
            del self.fields["given_by"], self.fields["channel"]


class EvidenceForm(PortalForm):
    words = words(
        "What shows it?",
        rows=4,
        most=4000,
        help_text=f"A minute, a figure, an audit, where it can be seen. {NO_NAMES}",
    )
    file = DocumentField(label="A file, if there is one", required=False)
    title = forms.CharField(
        label="What is the file?", required=False, max_length=200, help_text="Left empty, the name of the file."
    )

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not cleaned.get("words") and not cleaned.get("file"):
            self.add_error("words", "Say what shows it, or add a file")
        return cleaned

    def facts(self):
        data = self.cleaned_data
        return {"words": data["words"], "upload_file": data["file"], "title": data["title"]}


def today():
    return timezone.localdate()


class AskDateForm(PortalForm):
    wanted = GovDateField(label="The new day", subject="new day", earliest=today)
    reason = words("Why?", "Say why the date changes", rows=4, most=1000, help_text=NO_NAMES)


class SetDueForm(PortalForm):
    due_on = GovDateField(label="The new day", subject="new day", earliest=today)
    reason = words("Why?", "Say why the date changes", rows=4, most=1000, help_text="Its owner reads it.")
    version = forms.IntegerField(widget=forms.HiddenInput)
    error_fields = {"wanted": "due_on"}


GRANT, OTHER, REFUSE = "grant", "other", "refuse"


class DecideDateForm(PortalForm):
    decision = forms.ChoiceField(
        label="May it be later?",
        choices=[(GRANT, "Yes, as it was asked"), (OTHER, "Yes, but by another day"), (REFUSE, "No, the day stands")],
        widget=GovRadios(),
        error_messages=required("Select whether it may be later"),
    )
    wanted = GovDateField(label="By which day?", subject="day", required=False, earliest=today)
    why_not = words("Why not?", rows=3, most=1000, help_text="The owner reads it.")
    reveals = {"decision": {OTHER: ("wanted",), REFUSE: ("why_not",)}}
    error_fields = {"answer": "why_not"}

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("decision") == OTHER and "wanted" not in self.errors and not cleaned.get("wanted"):
            self.add_error("wanted", "Enter the day by which it will be done")
        if cleaned.get("decision") == REFUSE and not cleaned.get("why_not"):
            self.add_error("why_not", "Say why: the owner reads it")
        return cleaned


class AskCloseForm(PortalForm):
    """has_evidence: something shows it already, so that the rest need not be filled in."""

    closing_words = words("What was done?", "Say what was done", rows=4, most=4000, help_text=NO_NAMES)
    words = words("What shows it?", rows=3, most=4000, help_text="A minute, a figure, an audit, where it can be seen.")
    file = DocumentField(label="A file that shows it, if there is one", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, has_evidence, **kwargs):
        self.has_evidence = has_evidence
        super().__init__(*args, **kwargs)
        if has_evidence:
            self.fields["words"].label = "What else shows it?"

    def clean(self):
        cleaned = super().clean()
        none = not cleaned.get("words") and not cleaned.get("file")
        if none and not self.has_evidence and not {"words", "file"} & set(self.errors):
            self.add_error("words", "Say what shows it, or add a file: without evidence it cannot be closed")
        return cleaned

    def evidence(self) -> dict:
        data = self.cleaned_data
        found = {"words": data["words"], "upload_file": data["file"]}
        return found if any(found.values()) else {}


class NoteForm(PortalForm):
    """One text that a step needs. step: of the flow table, for what it asks."""

    note = words("Why?", "Say why", rows=4, most=4000, help_text=NO_NAMES)

    def __init__(self, *args, step, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["note"].label = step.ask.rstrip(".")
        self.fields["note"].error_messages["required"] = step.ask.rstrip(".")


class ReopenForm(NoteForm):
    """needs_day: its day has passed. gone: its owner can no longer do it."""

    due_on = GovDateField(
        label="By when is it done now?", subject="day by which it is done", required=False, earliest=today
    )
    owner = OwnerField(label="Who does it now?", required=False, empty="As before")
    field_order = ["note", "due_on", "owner"]

    def __init__(self, *args, row, gone, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].offer(self.user, agency=row.agency)
        if row.due_on is None or row.due_on < timezone.localdate():
            self.fields["due_on"].required = True
            self.fields["due_on"].error_messages["required"] = "Enter the new day by which it will be done"
        if gone:
            self.fields["owner"].required = True
            self.fields["owner"].error_messages["required"] = "Choose who does it now"


class RateForm(PortalForm):
    colour = forms.ChoiceField(
        label="Rating", choices=RagOverride.Colour.choices, widget=GovRadios(), error_messages=required("Select one")
    )
    reason = words("Why?", "Say why the rating is set by hand", rows=3, most=500, help_text="Its owner reads it.")


class ApprovalsForm(PortalForm):
    """The ticked rows of the list of what waits. rows: those that wait now, with what was read of each."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Whatever is sent is looked at one by one: what another has approved meanwhile is said, not refused together.
        self.ticked = self.data.getlist("rows") if self.is_bound else []

    def clean(self):
        if not self.ticked:
            raise ValidationError("Tick what you approve.")
        return super().clean()
