"""The form of a course."""

from django import forms

from partnership.access.forms import PortalForm
from partnership.actions.answering.forms import Serves, serving
from partnership.actions.models import Priority
from partnership.people.roles import Perm
from partnership.ui.forms import GovCheckboxes, required, words
from training.models import Course

FACTS = (
    *("title", "kind", "level", "priority", "summary", "audience", "outcomes", "hours", "refresh_months", "capacity"),
    *("minimum", "approval", "source"),
)
MOST_PEOPLE, MOST_MONTHS, MOST_HOURS = 1000, 120, 200


def number(label, *, most, least=0, **options):
    box = forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4"})
    return forms.IntegerField(
        label=label, required=False, min_value=least, max_value=most, widget=box, **options
    )  # fmt: skip


class CourseForm(PortalForm):
    """What is said of a course. row: the one that is changed, None for a new one."""

    perm = Perm.TRAINING_LIST
    perms = {"priority": Perm.PLAN_VIEW}
    keeps = ("priority",)

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(
        label="What it is called", max_length=200, error_messages=required("Enter what the course is called")
    )
    kind = forms.ChoiceField(label="What it is", choices=Course.Kind.choices, initial=Course.Kind.MULTI_AGENCY)
    level = forms.ChoiceField(
        label="Level", choices=[("", "Choose one"), *Course.Level.choices], error_messages=required("Select the level")
    )
    priority = Serves(
        Priority.objects.none(), label="Priority of the business plan that it serves", required=False,
        empty_label="None of them",
    )  # fmt: skip
    summary = words("What it is about", rows=5, most=4000)
    audience = words("Whom it is for", rows=3, most=2000)
    outcomes = words("What people can do afterwards", rows=6, most=4000, help_text="One outcome a line.")
    prerequisites = forms.ModelMultipleChoiceField(
        Course.objects.none(), label="Courses that come first", required=False, widget=GovCheckboxes(small=True),
        help_text="Whoever books without them is told so, and is not refused.",
    )  # fmt: skip
    hours = forms.DecimalField(
        label="How many hours it takes", required=False, min_value=0, max_value=MOST_HOURS, max_digits=5,
        decimal_places=2, widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-4"}),
        help_text="As it counts in a training record, for example 3.5.",
    )  # fmt: skip
    refresh_months = number(
        "To be renewed after how many months",
        most=MOST_MONTHS,
        least=1,
        help_text="Leave it empty where it holds for ever.",
    )
    capacity = number("Places of an event, as a rule", most=MOST_PEOPLE, least=1)
    minimum = number("People that an event takes, as a rule", most=MOST_PEOPLE)
    approval = forms.BooleanField(
        label="A manager approves each place that somebody books for themselves", required=False
    )
    source = forms.CharField(label="Where its words come from", max_length=300, required=False)
    fieldsets = (
        ("The course", ("title", "kind", "level", "priority")),
        ("What its page says", ("summary", "audience", "outcomes", "prerequisites", "hours", "refresh_months")),
        ("Its events", ("capacity", "minimum", "approval")),
        ("Source", ("source",)),
    )

    def __init__(self, *args, row=None, **kwargs):
        self.row = row
        super().__init__(*args, **kwargs)

    def narrow(self, name, rows):
        if name == "priority":
            return serving(name, rows)
        now = self.row.prerequisites.values("pk") if self.row else Course.objects.none().values("pk")
        rows = rows.filter(status=Course.Status.OFFERED) | rows.filter(pk__in=now)
        return rows.exclude(pk=self.row.pk) if self.row else rows

    def clean_minimum(self):
        return self.cleaned_data["minimum"] or 0

    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in FACTS} | {
            "prerequisites": list(self.cleaned_data["prerequisites"])
        }


def initial_of(row) -> dict:
    """What the form of a course starts with."""
    facts = {name: getattr(row, name) for name in FACTS if name != "priority"}
    first = [each.pk for each in row.prerequisites.all()]
    return facts | {"priority": row.priority_id, "prerequisites": first, "version": row.version}
