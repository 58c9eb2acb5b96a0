"""Forms of the workplans of groups."""

from django import forms
from django.db.models import Q
from django.utils import timezone

from partnership.access.forms import PortalForm
from partnership.access.rows import holders
from partnership.actions.models import Duty, Priority, WorkItem
from partnership.actions.planning import reads
from partnership.actions.planning.forms import Versioned
from partnership.actions.planning.work import GOES_ON
from partnership.people.models import User
from partnership.people.roles import Perm
from partnership.ui.forms import GovCheckboxes, GovDateField, GovRadios, required, words

QUARTERS = ((1, "April to June"), (2, "July to September"), (3, "October to December"), (4, "January to March"))


class StartForm(PortalForm):
    year = forms.TypedChoiceField(
        label="Year", coerce=int, widget=GovRadios, error_messages=required("Select the year"),
        help_text="A year begins on 1 April.",
    )  # fmt: skip

    def __init__(self, *args, years, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = years


class AgreeForm(PortalForm):
    agreed_on = GovDateField(label="Agreed by the group on", not_future=True, error_messages=required("Enter the day"))


class PriorityField(forms.ModelChoiceField):
    def label_from_instance(self, row):
        return f"{row.get_kind_display()}: {row.title}"


class ItemForm(Versioned):
    """What a group will do. The owner is somebody who may read the workplan, or a post in words."""

    perms = {"priority": Perm.PLAN_VIEW, "duty": Perm.PLAN_VIEW, "owner": Perm.DIRECTORY_VIEW}
    keeps = ("priority", "duty", "owner")

    title = forms.CharField(
        label="What will be done", max_length=300, help_text="No names of children, nothing of a case.",
        error_messages=required("Enter what will be done"),
    )  # fmt: skip
    priority = PriorityField(
        Priority.objects.none(), label="Priority that it serves", required=False, empty_label="No priority"
    )
    duty = forms.ModelChoiceField(
        Duty.objects.none(), label="Duty that it serves", required=False, empty_label="No duty"
    )
    owner = forms.ModelChoiceField(User.objects.none(), label="Owner", required=False, empty_label="Nobody by name")
    owner_post = forms.CharField(label="Or the owner’s post", max_length=200, required=False)
    quarter = forms.TypedChoiceField(
        label="By the end of", choices=QUARTERS, coerce=int, widget=GovRadios,
        error_messages=required("Select the quarter"),
    )  # fmt: skip
    success = forms.CharField(label="How one will see that it worked", max_length=300, required=False)

    def __init__(self, *args, folder, row=None, **kwargs):
        self.folder, self.row = folder, row
        super().__init__(*args, **kwargs)

    def narrow(self, name, rows):
        if name == "priority":
            plan = reads.current_plan(self.user)
            return rows.filter(plan=plan, plan__isnull=False, ended_on=None).order_by("-kind", "position")
        if name == "duty":
            return rows.filter(Q(ends=None) | Q(ends__gt=timezone.localdate())).order_by("title")
        people = holders(self.folder, Perm.WORKPLAN_VIEW).order_by().values("pk")
        return rows.filter(pk__in=people).order_by("name")

    def clean(self):
        data = super().clean()
        if not data.get("priority") and not data.get("duty") and not {"priority", "duty"} & set(self.errors):
            self.add_error("priority", "Choose the priority or the duty that it serves.")
        if data.get("owner") and data.get("owner_post"):
            self.add_error("owner_post", "Choose the person or type the post, not both.")
        return data


class DropForm(PortalForm):
    drop_reason = words("Why it is dropped", "Say why it is dropped", rows=3, most=300)


class CarryForm(PortalForm):
    perms = {"items": Perm.WORKPLAN_EDIT}

    items = forms.ModelMultipleChoiceField(
        WorkItem.objects.none(),
        label="Items to carry on",
        widget=GovCheckboxes,
        error_messages=required("Choose at least one item"),
    )

    def __init__(self, *args, workplan, **kwargs):
        self.workplan = workplan
        super().__init__(*args, **kwargs)
        self.fields["items"].label_from_instance = lambda row: f"{row.title} ({row.get_status_display().lower()})"

    def narrow(self, name, rows):
        return rows.filter(workplan=self.workplan, status__in=GOES_ON, carried_on_as=None).order_by("quarter", "title")
