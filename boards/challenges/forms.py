"""Forms of challenges. Posts, never people; no names of children or families."""

from django import forms
from django.utils import timezone

from boards.challenges import clocks, services
from boards.flow import CHALLENGE
from boards.groups.forms import line
from boards.models import Challenge
from partnership.access.forms import PortalForm
from partnership.access.pickers import PeopleField
from partnership.access.picking import OrganisationField
from partnership.access.reach import reach_of
from partnership.deadlines.registry import rule_in_force
from partnership.people.models import Agency, User
from partnership.people.roles import Perm
from partnership.ui.forms import GovDateField, GovRadios, required
from partnership.ui.forms import words as passage

NO_NAMES = "No names of children or families."
U = Challenge.Urgency


class RaiseForm(PortalForm):
    """An organisation challenges what another did. What is offered first is what matters most: is a child safe?"""

    perm = Perm.DIRECTORY_VIEW

    about_child = forms.TypedChoiceField(
        label="Is it about a child, or a family?",
        choices=[("yes", "Yes"), ("no", "No, it is about how organisations work")],
        coerce=lambda value: value == "yes",
        widget=GovRadios(
            hints={
                "yes": "It is sealed: you read it, whoever is named to answer, and those of the business unit who "
                "lead it. Nobody else."
            }
        ),
        error_messages=required("Select whether it is about a child or a family"),
    )
    safety = passage(
        "What has been done to keep the child safe meanwhile", rows=3, most=4000,
        help_text=f"Whom did you ring, and what was agreed? {NO_NAMES}",
    )  # fmt: skip
    urgency = forms.ChoiceField(
        label="How urgent it is",
        choices=U.choices,
        widget=GovRadios(
            hints={
                U.IMMEDIATE: "A child may be in danger now. Ring first; the challenge waits for no stage and no clock. "
                "It is sealed.",
                U.STANDARD: "Each stage has the working days of the local procedure.",
            }
        ),
        error_messages=required("Select how urgent it is"),
    )
    agency = forms.ModelChoiceField(
        Agency.objects.none(), label="You challenge for", empty_label="Choose your organisation",
        error_messages=required("Select your organisation"),
    )  # fmt: skip
    post = line("Your post", missing="Enter your post", hint="For example: Named nurse. No names of people.")
    challenged = OrganisationField(
        label="Which organisation you challenge", error_messages=required("Enter the organisation that you challenge")
    )
    challenged_post = line(
        "Whom you challenge there, by post", missing="Enter the post that you challenge",
        hint="For example: Duty team manager. No names of people.",
    )  # fmt: skip
    subject = line("What it is about, in a few words", missing="Say in a few words what it is about", hint=NO_NAMES)
    words = passage(
        "What you challenge, and why", "Say what you challenge, and why", rows=8, most=8000,
        help_text=f"What was decided or not done, what you think should happen, and what it is based on. {NO_NAMES}",
    )  # fmt: skip
    wanted = passage("What would resolve it", rows=3, most=4000, help_text=NO_NAMES)

    reveals = {"about_child": {"yes": ("safety",)}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        widget, period = self.fields["urgency"].widget, rule_in_force(clocks.URGENT, timezone.localdate()).period
        said = f"Each stage is answered within {period}, and a stage may be left out."
        widget.hints = {**widget.hints, U.DAY: said}

    def narrow(self, name, rows):
        if name == "agency":
            return rows.filter(pk__in=reach_of(self.user).agencies(Perm.CHALLENGE_RAISE)).order_by("name")
        return rows

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("agency") and cleaned.get("agency") == cleaned.get("challenged"):
            self.add_error("challenged", "Choose another organisation: what is inside one is settled there")
        return cleaned

    def facts(self) -> dict:
        names = (*services.FACTS, "agency", "challenged")
        return {name: self.cleaned_data[name] or "" if name == "safety" else self.cleaned_data[name] for name in names}


class RecordForm(RaiseForm):
    """The business unit records what an organisation told it by telephone, email or letter."""

    agency = OrganisationField(
        label="Which organisation challenges", error_messages=required("Enter the organisation that challenges")
    )
    post = line("Whose challenge it is there, by post", missing="Enter the post that challenges")

    def narrow(self, name, rows):
        return rows


class AnswerForm(PortalForm):
    answer = passage(
        "Your organisation’s answer", "Say what you answer", rows=8, most=8000,
        help_text=f"What you will do or change, or why not. {NO_NAMES}",
    )  # fmt: skip
    post = line("Who answers, by post", missing="Enter the post that answers")
    late_reason = passage(
        "Why it comes after its time",
        rows=2,
        most=1000,
        help_text="The organisation that challenges reads the answer, not this.",
    )

    def __init__(self, *args, late, **kwargs):
        super().__init__(*args, **kwargs)
        if not late:
            del self.fields["late_reason"]
        else:
            self.fields["late_reason"].required = True
            self.fields["late_reason"].error_messages["required"] = "Say why it comes after its time"


class NoteForm(PortalForm):
    """One text that a step needs; its label and what is said without it are the step's."""

    note = passage("Why", "Say why", rows=5, most=4000, help_text=NO_NAMES)

    def __init__(self, *args, label, ask, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["note"].label, self.fields["note"].error_messages["required"] = label, ask


class EscalateForm(NoteForm):
    """The next stage; a later one too, where it is urgent; and why an answer that is not late is not waited for."""

    early = passage(
        "Why it does not wait for the answer", "Say why it does not wait for the answer", rows=3, most=2000,
        help_text="Its answer is not there, and its days are not over. This is kept with the challenge.",
    )  # fmt: skip
    to = forms.TypedChoiceField(
        label="To which stage", coerce=int, widget=GovRadios, error_messages=required("Select the stage")
    )

    def __init__(self, *args, row, **kwargs):
        ask = CHALLENGE.steps["escalate"].ask
        super().__init__(*args, label="Why it is not resolved", ask=ask, **kwargs)
        if not clocks.has_time_left(row):
            del self.fields["early"]
        later = [each for each in clocks.stages() if each.number > row.stage]
        if row.urgency == U.STANDARD:
            del self.fields["to"]
        else:
            self.fields["to"].choices = [(each.number, f"Stage {each.number}: {each.level}") for each in later]


class DecideForm(PortalForm):
    decision = passage("What the Executive decided", "Say what was decided", rows=6, most=8000, help_text=NO_NAMES)
    decided_by_posts = line("Who decided, by post", most=300, missing="Enter the posts that decided")
    decided_on = GovDateField(
        label="When it was decided", not_future=True, error_messages=required("Enter when it was decided")
    )


class AdviserForm(PortalForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    adviser = line("Independent adviser, by post or body", missing="Enter who advises")
    adviser_on = GovDateField(
        label="Commissioned on", not_future=True, error_messages=required("Enter when the adviser was commissioned")
    )
    advice = passage("What was advised", rows=6, most=8000, help_text="Leave it empty until it is there.")


class LearningForm(PortalForm):
    learning = passage(
        "What was learned", "Say what was learned, or that nothing was", rows=6, most=8000,
        help_text=f"For practice in both organisations, and for the partnership. {NO_NAMES}",
    )  # fmt: skip


class NameForm(PortalForm):
    """The people of one side of the challenge."""

    perm = Perm.DIRECTORY_VIEW

    user = PeopleField(
        queryset=User.objects.none(), label="Who", whole_partnership=False, empty_label="Choose a person",
        error_messages=required("Select the person"),
    )  # fmt: skip

    def __init__(self, *args, agency, **kwargs):
        self.agency = agency
        super().__init__(*args, **kwargs)

    def narrow(self, name, rows):
        return rows.filter(pk__in=services.people_of(self.agency.pk).values("pk")).order_by("name")


class SureForm(PortalForm):
    """Asked for once more."""
