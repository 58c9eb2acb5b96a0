"""Forms of coverage: its filters, the numbers of an organisation, a requirement of the matrix."""

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from partnership.access.forms import PortalForm
from partnership.people.models import AgencyKind
from partnership.people.roles import Perm
from partnership.ui.dates import GovDateField
from partnership.ui.forms import GovForm, required
from training.coverage import requirements
from training.models import Course, WorkforceRole

MOST, LONGEST = 100_000, 600
NUMBER = f"Enter a whole number from 0 to {MOST:,}"
MONTHS = f"Enter whole months from 0 to {LONGEST}"


class DueFilter(GovForm):
    """Who falls due at one organisation, from the address."""

    role = forms.ChoiceField(label="What they do", required=False)
    course = forms.ChoiceField(label="Course", required=False)
    state = forms.ChoiceField(
        label="Which", required=False,
        choices=[("", "Overdue or due soon"), ("overdue", "Overdue or no record"), ("soon", "Due soon")],
    )  # fmt: skip
    agency = forms.CharField(required=False, max_length=36, widget=forms.HiddenInput)

    def __init__(self, data, *, roles, courses):
        super().__init__(data)
        self.fields["role"].choices = [("", "Any"), *roles]
        self.fields["course"].choices = [("", "Any"), *courses]


class AllFilter(GovForm):
    """Coverage of all organisations, from the address."""

    role = forms.ChoiceField(label="What they do", required=False)
    course = forms.ChoiceField(label="Course", required=False)
    kind = forms.ChoiceField(label="Kind of organisation", required=False, choices=[("", "Any"), *AgencyKind.choices])

    def __init__(self, data, *, roles, courses):
        super().__init__(data)
        self.fields["role"].choices = [("", "Any"), *roles]
        self.fields["course"].choices = [("", "Any"), *courses]


class HeadcountForm(PortalForm):
    """A number for each role. roles: rows of `reads.OfOne.headcounts`."""

    def __init__(self, *args, roles, **kwargs):
        super().__init__(*args, **kwargs)
        self.codes = [role.pk for role, *_ in roles]
        for role, many, _, _ in roles:
            self.fields[f"people_{role.pk}"] = forms.IntegerField(
                label=role.name, required=False, initial=many, error_messages={"invalid": NUMBER},
                validators=[MinValueValidator(0, NUMBER), MaxValueValidator(MOST, NUMBER)],
                widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "inputmode": "numeric"}),
            )  # fmt: skip
            self._finish(f"people_{role.pk}", self.fields[f"people_{role.pk}"])
        self.fields["counted_on"] = GovDateField(
            label="As of which day?", not_future=True,
            error_messages=required("Enter the day of which the numbers tell."),
        )  # fmt: skip
        self._finish("counted_on", self.fields["counted_on"])

    def people(self) -> dict:
        said = {code: self.cleaned_data.get(f"people_{code}") for code in self.codes}
        return {code: many for code, many in said.items() if many is not None}


def _months(label, hint):
    return forms.IntegerField(
        label=label, required=False, help_text=hint, error_messages={"invalid": MONTHS},
        validators=[MinValueValidator(0, MONTHS), MaxValueValidator(LONGEST, MONTHS)],
        widget=forms.TextInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"}),
    )  # fmt: skip


class RequirementForm(PortalForm):
    role = forms.ModelChoiceField(
        queryset=WorkforceRole.objects.none(), label="Who", empty_label="Choose a role",
        error_messages=required("Choose the role."),
    )  # fmt: skip
    course = forms.ModelChoiceField(
        queryset=Course.objects.none(), label="Takes which course", empty_label="Choose a course",
        error_messages=required("Choose the course."),
    )  # fmt: skip
    first_rule = forms.ChoiceField(
        label="First within: a rule",
        required=False,
        help_text="From Rules and holidays, counted from the first day in post.",
    )
    first_months = _months(
        "First within: months", "0 for at once. Without a rule and months, the period of renewing it counts."
    )
    renewal_rule = forms.ChoiceField(label="Renewed after: a rule", required=False)
    refresh_months = _months("Renewed after: months", "Leave both empty where it holds for good.")
    starts = GovDateField(
        label="Asked for from",
        help_text="One that is asked for of the same role and course ends on this day: so it is changed.",
        error_messages=required("Enter the day from which it is asked for."),
    )  # fmt: skip
    source = forms.CharField(
        label="Decision or document", max_length=300, help_text="For example: Board of 4 May 2026, item 7.",
        error_messages=required("Enter the decision or document that it comes from."),
    )  # fmt: skip

    perm = Perm.TRAINING_LIST

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        rules = [("", "No rule"), *requirements.rule_choices()]
        self.fields["first_rule"].choices = rules
        self.fields["renewal_rule"].choices = rules

    def narrow(self, name, rows):
        return rows.exclude(status=Course.Status.WITHDRAWN).order_by("title") if name == "course" else rows

    def facts(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "form_token"}


class EndForm(PortalForm):
    requirement = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    ends = GovDateField(
        label="Asked for no longer from", error_messages=required("Enter the day from which it is asked for no longer.")
    )
