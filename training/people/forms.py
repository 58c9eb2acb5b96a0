"""Forms of an organisation's people: the filter of the list, one person, what they completed elsewhere."""

from django import forms

from partnership.access.forms import PortalForm
from partnership.people.roles import Perm
from partnership.ui.dates import GovDateField
from partnership.ui.forms import GovForm, required
from training.models import Course, WorkforceRole
from training.people import reads

ADDRESS = {"invalid": "Enter an email address, like name@organisation.gov.uk"}


class PeopleFilter(GovForm):
    """From the address; `agency` stays in it."""

    q = forms.CharField(label="Name, address or job title", required=False, max_length=100)
    role = forms.ChoiceField(label="What they do", required=False)
    who = forms.ChoiceField(
        label="Who", required=False,
        choices=[(reads.THERE, "Those who work there"), (reads.LEFT, "Those who left"), (reads.EVERYBODY, "All")],
    )  # fmt: skip
    agency = forms.CharField(required=False, max_length=36, widget=forms.HiddenInput)

    def __init__(self, data):
        super().__init__(data)
        roles = WorkforceRole.objects.values_list("code", "name")
        self.fields["role"].choices = [("", "Any"), ("none", "Nobody has said"), *roles]


class LearnerForm(PortalForm):
    """Somebody of an organisation. tied: to an account, whose address it is."""

    name = forms.CharField(label="Full name", max_length=200, error_messages=required("Enter the full name."))
    email = forms.EmailField(
        label="Work email address", required=False, error_messages=ADDRESS,
        help_text="By it bookings, uploads and their account find this record. Leave it empty if they have none.",
    )  # fmt: skip
    role = forms.ModelChoiceField(
        queryset=WorkforceRole.objects.none(), label="What they do", required=False, empty_label="Nobody has said",
        help_text="It decides which training is asked for.",
    )  # fmt: skip
    post = forms.CharField(label="Job title", required=False, max_length=200)
    began_on = GovDateField(
        label="First day in post", required=False, help_text="From it the first training is counted."
    )
    manager_name = forms.CharField(label="Line manager", required=False, max_length=200)
    manager_email = forms.EmailField(label="Line manager’s email address", required=False, error_messages=ADDRESS)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    perm = Perm.TRAINING_LIST

    def __init__(self, *args, tied=False, **kwargs):
        super().__init__(*args, **kwargs)
        if tied:
            self.fields["email"].help_text = "The address of their account. It is changed there."

    def facts(self) -> dict:
        said = {name: value for name, value in self.cleaned_data.items() if name not in ("form_token", "version")}
        return said | {"post": said["post"].strip(), "manager_name": said["manager_name"].strip()}


class LeftForm(PortalForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    left_on = GovDateField(
        label="First day on which they no longer work there",
        help_text="They count in coverage until the day before. What they completed stays on the record.",
        error_messages=required("Enter the first day on which they no longer work there."),
    )  # fmt: skip


class CompletedForm(PortalForm):
    """A course that was taken elsewhere: online, or at the own organisation."""

    course = forms.ModelChoiceField(
        queryset=Course.objects.none(), label="Course", empty_label="Choose a course",
        error_messages=required("Choose the course."),
    )  # fmt: skip
    completed_on = GovDateField(
        label="Completed on", not_future=True, error_messages=required("Enter the day on which they completed it.")
    )
    provider = forms.CharField(label="Who taught it", required=False, max_length=200)

    perm = Perm.TRAINING_LIST

    def narrow(self, name, rows):
        return rows.exclude(status=Course.Status.DRAFT).order_by("title")
