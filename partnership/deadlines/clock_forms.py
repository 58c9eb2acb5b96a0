"""Forms of a clock that stands alone: started, met, corrected, paused, ended. A wing's own pages carry its clocks."""

from django import forms
from django.utils import timezone

from partnership.access.forms import PortalForm
from partnership.access.rows import holders
from partnership.deadlines import registry
from partnership.deadlines.shapes import Unit
from partnership.people.models import Agency, User
from partnership.people.roles import Perm
from partnership.ui.forms import GovDateField, GovDateTimeField, required, words


class StartForm(PortalForm):
    """A clock for one of the partnership's own duties."""

    perms = {"owner": Perm.DIRECTORY_VIEW, "agency": Perm.DIRECTORY_VIEW}

    rule = forms.ChoiceField(label="Which rule", error_messages=required("Select the rule"))
    what = forms.CharField(
        label="What is due",
        max_length=200,
        help_text="For example: yearly report 2025 to 2026. No names of children, nothing of a case.",
        error_messages=required("Enter what is due"),
    )
    trigger_on = GovDateField(
        label="Date that starts the clock",
        help_text="Day 0 of the count. The rule's page says what starts it.",
        error_messages=required("Enter the date that starts the clock"),
    )
    due_on = GovDateField(
        label="Due date",
        required=False,
        help_text="Only where the rule sets no number of days, or where another date was agreed.",
    )
    owner = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label="Who owes it",
        required=False,
        empty_label="Everybody of the business unit",
        help_text="This person is told first.",
    )
    agency = forms.ModelChoiceField(
        queryset=Agency.objects.none(), label="For which agency", required=False, empty_label="None"
    )

    def __init__(self, *args, office, **kwargs):
        self.office = office
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = [("", "Choose a rule"), *registry.choices(timezone.localdate())]
        if self.is_bound and registry.counts_hours(self.data.get("rule", ""), timezone.localdate()):
            with_time(self, "trigger_on")

    def narrow(self, name, rows):
        if name == "agency":
            return rows.live().exclude(partner_seat="").order_by("name")
        return rows.filter(pk__in=holders(self.office, Perm.DEADLINE_VIEW).order_by().values("pk")).order_by("name")


class MeetForm(PortalForm):
    met_at = GovDateTimeField(
        label="When it was done",
        subject="date it was done",
        not_future=True,
        error_messages=required("Enter when it was done"),
    )
    late_reason = words(
        "Why it was late",
        rows=3,
        most=1000,
        help_text="Only where it was done after its date. The reason is kept, and lateness is counted.",
    )


class MoveForm(PortalForm):
    """The right date that starts the clock, with its time where the rule counts hours; or another agreed date."""

    trigger_on = GovDateField(
        label="The right date that starts the clock", error_messages=required("Enter the date that starts the clock")
    )
    due_on = GovDateField(
        label="The date by which it is due",
        help_text="This date was agreed and not counted.",
        error_messages=required("Enter the date by which it is due"),
    )
    reason = forms.CharField(
        label="Why it changes", max_length=400, error_messages=required("Enter why the date changes")
    )

    def __init__(self, *args, row, **kwargs):
        agreed = row.length is None
        trigger = timezone.localtime(row.trigger_at) if row.unit == Unit.HOURS else timezone.localdate(row.trigger_at)
        super().__init__(*args, initial={"trigger_on": trigger, "due_on": row.due_on}, **kwargs)
        if not agreed:
            del self.fields["due_on"]
        if row.unit == Unit.HOURS:
            with_time(self, "trigger_on")


def with_time(form, name):
    """Ask for the time too: a period of hours runs from it."""
    label = form.fields[name].label
    form.fields[name] = GovDateTimeField(
        label=label.replace("ate that", "ate and time that"),
        subject="date that starts the clock",
        help_text="This rule counts hours.",
        error_messages=required("Enter the date and time that start the clock"),
    )


class ReasonForm(PortalForm):
    reason = forms.CharField(label="Reason", max_length=400, error_messages=required("Enter the reason"))
