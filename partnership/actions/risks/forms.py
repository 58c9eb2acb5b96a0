"""Forms of a risk."""

from django import forms

from partnership.access.forms import PortalForm
from partnership.access.models import Folder
from partnership.access.over import going_on
from partnership.access.pickers import PeopleField
from partnership.actions.answering.forms import Serves
from partnership.actions.importing.who import can_be_asked
from partnership.actions.models import Impact, Likelihood, Plan, Priority, Risk
from partnership.actions.risks.reads import BANDS
from partnership.actions.risks.services import KINDS
from partnership.people.models import Agency, Membership, User
from partnership.people.roles import Perm
from partnership.ui.forms import GovDateField, GovForm, GovRadios, required, words

FACTS = (
    "what", "cause", "effect", "likelihood", "impact", "controls", "note", "agency", "owner", "priority", "review_on",
)  # fmt: skip


class _Facts(PortalForm):
    perms = {"agency": Perm.DIRECTORY_VIEW, "owner": Perm.DIRECTORY_VIEW, "priority": Perm.PLAN_VIEW}

    what = words(
        "What may happen?", "Say what may happen.", rows=3, most=500, help_text="No child is named in a list of risks."
    )
    cause = words("Why may it happen?", rows=2, most=500)
    effect = words("What would follow?", rows=2, most=500)
    likelihood = forms.TypedChoiceField(
        label="How likely is it?",
        choices=Likelihood.choices,
        coerce=int,
        widget=GovRadios,
        error_messages=required("Select how likely it is."),
    )
    impact = forms.TypedChoiceField(
        label="How grave would it be?",
        choices=Impact.choices,
        coerce=int,
        widget=GovRadios,
        error_messages=required("Select how grave it would be."),
    )
    controls = words("What is in place against it?", rows=4, most=4000)
    note = words("How does it stand?", rows=3, most=4000)
    agency = forms.ModelChoiceField(
        Agency.objects.none(), label="Which organisation leads on it?", required=False, empty_label="None"
    )
    owner = PeopleField(User.objects.none(), label="Who owns it?", required=False, empty_label="Nobody yet")
    priority = Serves(
        Priority.objects.none(), label="Which priority does it touch?", required=False, empty_label="None"
    )
    review_on = GovDateField(label="When is it looked at again?", required=False)

    def narrow(self, name, rows):
        if name == "owner":
            return can_be_asked(self.user).filter(pk__in=rows.values("pk"))
        if name == "agency":
            return rows.filter(memberships__in=Membership.objects.live()).distinct().order_by("name")
        if name == "priority":
            return rows.filter(ended_on=None, plan__in=Plan.objects.live())
        return rows

    def facts(self):
        return {name: self.cleaned_data[name] for name in FACTS}


class AddRiskForm(_Facts):
    perms = _Facts.perms | {"folder": Perm.RISK_EDIT}

    folder = forms.ModelChoiceField(
        Folder.objects.none(),
        label="Whose risk is it?",
        empty_label="Choose a group",
        error_messages=required("Choose the group whose risk it is, or the partnership’s business."),
    )

    field_order = ["folder", *FACTS]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["folder"].label_from_instance = lambda folder: folder.title

    def narrow(self, name, rows):
        return (
            going_on(rows.filter(kind__in=KINDS, sealed=False)).order_by("title")
            if name == "folder"
            else super().narrow(name, rows)
        )


class EditRiskForm(_Facts):
    keeps = ("agency", "owner", "priority")

    version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(PortalForm):
    close_reason = words("Why?", "Say why.", rows=4, most=4000)


class RiskFilter(GovForm):
    """The filters of the list, from the address. groups: the folders of the risks that this person may see."""

    group = forms.ChoiceField(label="Group", required=False)
    score = forms.ChoiceField(
        label="Score",
        required=False,
        choices=[("", "All"), *BANDS],
    )
    status = forms.ChoiceField(
        label="Status",
        required=False,
        choices=[("", "Open"), (Risk.Status.CLOSED, "Closed"), ("all", "Open and closed")],
    )
    likelihood = forms.TypedChoiceField(
        label="Likelihood", required=False, coerce=int, empty_value=None, choices=[("", "All"), *Likelihood.choices]
    )
    impact = forms.TypedChoiceField(
        label="Impact", required=False, coerce=int, empty_value=None, choices=[("", "All"), *Impact.choices]
    )

    def __init__(self, data, *, groups):
        super().__init__(data)
        self.fields["group"].choices = [("", "All"), *((str(pk), title) for pk, title in groups)]
