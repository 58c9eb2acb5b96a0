"""The form of a cover."""

from django import forms

from partnership.access.forms import PortalForm
from partnership.directory.covering.reads import unit_people
from partnership.people.models import User
from partnership.people.roles import Perm
from partnership.ui.forms import GovDateField, required


def _person(label, missing):
    return forms.ModelChoiceField(
        User.objects.none(), label=label, empty_label="Choose a colleague", error_messages=required(missing)
    )


class CoverForm(PortalForm):
    perm = Perm.DIRECTORY_VIEW

    absent = _person("Who is away", "Select who is away")
    coverer = _person("Who takes over", "Select who takes over")
    starts = GovDateField(label="First day", error_messages=required("Enter the first day"))
    last_day = GovDateField(label="Last day", error_messages=required("Enter the last day"))
    reason = forms.CharField(
        label="Reason",
        max_length=200,
        help_text="For the colleagues: leave, a course. Nothing about health.",
        error_messages=required("Give a short reason, like leave"),
    )

    def narrow(self, name, rows):
        return rows.filter(pk__in=unit_people().values("pk")).order_by("name")
