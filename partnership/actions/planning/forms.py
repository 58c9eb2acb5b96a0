"""Forms of the business plan and the duties. An owner or sponsor is a person, or a post in words."""

from django import forms
from django.utils import timezone

from partnership.access.forms import ENDED, PortalForm
from partnership.actions.models import Duty, Priority
from partnership.actions.planning import reads
from partnership.actions.planning.services import MEASURE_FIELDS, PERIODS
from partnership.deadlines import registry
from partnership.people.models import User
from partnership.people.models.dated import after
from partnership.people.roles import Perm
from partnership.ui.forms import GovCheckboxes, GovDateField, GovRadios, required, words

SMALL = forms.NumberInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"})
LEFT_EMPTY = 2  # blank measures that a form offers besides those that are there
MOST_MEASURES = 12


class Versioned(PortalForm):
    """A form of a row that is there already: it carries the version that was read. A new one has none."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def facts(self) -> dict:
        """What the service takes, by name."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("form_token", "version")}


class WithLastDay(Versioned):
    """People say the last day; what is stored is the day after it."""

    error_fields = {"ends": "last_day"}

    def clean(self):
        data = super().clean()
        if data.get("starts") and data.get("last_day") and data["last_day"] < data["starts"]:
            self.add_error("last_day", "The last day must be the first day or later.")
        return data

    def facts(self):
        facts = super().facts()
        return facts | {"ends": after(facts.pop("last_day"))}


class GroupField(forms.ChoiceField):
    """The group that carries something: every one that meets, since groups are published."""

    def __init__(self, **options):
        super().__init__(required=False, **options)

    def offer(self, now):
        self.choices = [("", "No group"), *reads.groups(self.prepare_value(now))]

    def prepare_value(self, value):
        return str(getattr(value, "pk", value) or "")


class Carried(Versioned):
    """What has a group, and a person or post who answers for it."""

    person = "owner"
    perms = {"owner": Perm.DIRECTORY_VIEW, "sponsor": Perm.DIRECTORY_VIEW}
    keeps = ("owner", "sponsor")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["group"].offer(self.initial.get("group"))

    def narrow(self, name, rows):
        return rows.filter(pk__in=reads.carriers()).order_by("name")

    def clean(self):
        data = super().clean()
        if data.get(self.person) and data.get(f"{self.person}_post"):
            self.add_error(f"{self.person}_post", "Choose the person or type the post, not both.")
        return data

    def facts(self):
        facts = super().facts()
        return facts | {"group": reads.group(facts["group"])}


class PlanForm(WithLastDay, Versioned):
    title = forms.CharField(label="Title", max_length=200, error_messages=required("Enter the title of the plan"))
    starts = GovDateField(label="First day", error_messages=required("Enter the first day of the plan"))
    last_day = GovDateField(label="Last day", required=False, help_text="Leave it empty if it has no end yet.")
    review_words = forms.CharField(
        label="When it is reviewed", max_length=200, required=False, help_text="For example: reviewed annually."
    )
    agreed_on = GovDateField(
        label="Agreed by the Executive on", required=False, not_future=True, help_text="Leave it empty until it is."
    )
    source = forms.CharField(
        label="Where it is written", max_length=300, required=False, help_text="The document or page, in words."
    )


class CarryOnForm(PlanForm):
    """A new plan, and which priorities of the one before it carries on."""

    perms = {"priorities": Perm.PLAN_EDIT}

    priorities = forms.ModelMultipleChoiceField(
        Priority.objects.none(),
        label="Priorities to carry on",
        required=False,
        widget=GovCheckboxes,
        help_text="With their measures, sponsors and groups. The old plan keeps its own.",
    )

    def __init__(self, *args, plan, **kwargs):
        self.plan = plan
        super().__init__(*args, **kwargs)
        self.fields["priorities"].label_from_instance = lambda row: f"{row.get_kind_display()}: {row.title}"

    def narrow(self, name, rows):
        return rows.filter(plan=self.plan, ended_on=None).order_by("-kind", "position")


class PriorityForm(Carried):
    """A priority with its measures of success on one page: as many as there are and two blank ones."""

    person = "sponsor"

    kind = forms.ChoiceField(
        label="Kind", choices=Priority.Kind.choices, widget=GovRadios, error_messages=required("Select the kind")
    )
    title = forms.CharField(label="Priority", max_length=200, error_messages=required("Enter the priority"))
    scope = words("What it covers", rows=4, most=4000)
    sponsor = forms.ModelChoiceField(User.objects.none(), label="Sponsor", required=False, empty_label="Nobody by name")
    sponsor_post = forms.CharField(
        label="Or the sponsor’s post", max_length=200, required=False, help_text="For example: Chief Nurse of the ICB."
    )
    group = GroupField(label="Group that carries it")

    MEASURE_LABELS = {
        "words": ("What will have changed", 300),
        "seen_by": ("How it will be seen", 300),
        "baseline": ("Where it stands today", 200),
        "target": ("Target", 200),
    }

    def __init__(self, *args, measures=(), **kwargs):
        initial = dict(kwargs.pop("initial", None) or {})
        for number, each in enumerate(measures, start=1):
            initial |= {f"{name}_{number}": each[name] for name in MEASURE_FIELDS}
        super().__init__(*args, initial=initial, **kwargs)
        self.numbers = range(1, min(max(len(measures), self._sent()) + LEFT_EMPTY, MOST_MEASURES) + 1)
        for number in self.numbers:
            for name, (label, most) in self.MEASURE_LABELS.items():
                field = forms.CharField(label=label, max_length=most, required=False)
                self.fields[f"{name}_{number}"] = field
                self._finish(f"{name}_{number}", field)
        if "version" in initial:
            del self.fields["kind"]  # its place among those of its kind would be another's

    def _sent(self) -> int:
        """The highest number of a measure that was sent: what was typed before is drawn again."""
        sent = (name.removeprefix("words_") for name in self.data if name.startswith("words_"))
        return max((int(each) for each in sent if each.isdecimal() and len(each) <= len(str(MOST_MEASURES))), default=0)

    @property
    def fieldsets(self):
        mine = ("kind", "title", "scope", "sponsor", "sponsor_post", "group")
        measures = ((f"Success measure {n}", tuple(f"{name}_{n}" for name in MEASURE_FIELDS)) for n in self.numbers)
        return (("", mine), *measures)

    def clean(self):
        data = super().clean()
        for number in self.numbers:
            given = [data.get(f"{name}_{number}") for name in MEASURE_FIELDS]
            if any(given[1:]) and not given[0]:
                self.add_error(f"words_{number}", "Say what will have changed, or empty the whole measure.")
        return data

    def measures(self) -> list[dict]:
        """The measures that were typed, in their order; one whose words were emptied is none."""
        found = ({name: self.cleaned_data[f"{name}_{n}"] for name in MEASURE_FIELDS} for n in self.numbers)
        return [each for each in found if each["words"]]

    def facts(self):
        measured = {f"{name}_{n}" for n in self.numbers for name in MEASURE_FIELDS}
        return {name: value for name, value in super().facts().items() if name not in measured}


class EndPriorityForm(Versioned):
    ended_on = GovDateField(label="No longer a priority from", error_messages=required("Enter the day"))
    end_reason = words("Why", "Say why it is a priority no longer", rows=3, most=300)


class DutyForm(WithLastDay, Carried):
    title = forms.CharField(label="Duty", max_length=200, error_messages=required("Enter the duty"))
    basis = forms.ChoiceField(
        label="What it rests on", choices=Duty.Basis.choices, widget=GovRadios,
        error_messages=required("Select what it rests on"),
    )  # fmt: skip
    source = forms.CharField(
        label="Where it is written", max_length=300, help_text="The section, chapter or document, in words.",
        error_messages=required("Enter where it is written"),
    )  # fmt: skip
    edition = forms.CharField(label="Edition of the guidance", max_length=60, required=False)
    doubt = forms.CharField(label="What is not certain", max_length=300, required=False)
    every = forms.ChoiceField(
        label="When it is due", choices=Duty.Every.choices, widget=GovRadios,
        error_messages=required("Select when it is due"),
    )  # fmt: skip
    amount = forms.IntegerField(
        label="How many years or months lie between two", required=False, min_value=1, max_value=120, widget=SMALL
    )
    anchor = GovDateField(label="A day on which it is due", required=False, help_text="The others are counted from it.")
    after_event = forms.CharField(label="What it follows", max_length=200, required=False)
    rule = forms.ChoiceField(
        label="Rule that counts its period", required=False,
        help_text="With a rule its length is the rule’s. The rules and their sources are under Rules and holidays.",
    )  # fmt: skip
    owner = forms.ModelChoiceField(User.objects.none(), label="Owner", required=False, empty_label="Nobody by name")
    owner_post = forms.CharField(label="Or the owner’s post", max_length=200, required=False)
    group = GroupField(label="Group that sees to it")
    starts = GovDateField(label="A duty from", required=False)
    last_day = GovDateField(label="Last day of the duty", required=False, help_text="Where it is a duty no longer.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = [("", "No rule"), *self._rules()]

    def _rules(self):
        here = self.initial.get("rule")
        found = registry.all_in_force(timezone.localdate())
        gone = [(here, f"{here} {ENDED}")] if here and here not in {rule.code for rule, _ in found} else []
        return gone + [(rule.code, rule.title) for rule, holds in found if holds or rule.code == here]

    def clean(self):
        data = super().clean()
        if data.get("every") in PERIODS and not data.get("amount") and not data.get("rule"):
            self.add_error("amount", "Enter how many years or months lie between two, or choose a rule.")
        if data.get("amount") and data.get("rule"):
            self.add_error("amount", "The rule says how long it is: leave this empty, or choose no rule.")
        if data.get("every") == Duty.Every.ONCE and not data.get("anchor") and "anchor" not in self.errors:
            self.add_error("anchor", "Enter the day on which it is due.")
        return data
