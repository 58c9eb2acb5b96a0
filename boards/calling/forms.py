"""Forms of being called to a meeting: whether one comes, the one page of a member, and those of whoever runs it."""

import re
import uuid

from django import forms
from django.utils import timezone

from boards.calling.assistants import may_assist
from boards.flow import PROPOSAL
from boards.models import Invitee
from partnership.access.forms import PortalForm
from partnership.access.pickers import PeopleField
from partnership.actions.answering.forms import Serves, serving
from partnership.actions.models import Duty, Outlook, Priority
from partnership.people.models import User
from partnership.people.models.dated import after
from partnership.people.roles import Perm
from partnership.ui.dates import plain
from partnership.ui.forms import GovCheckboxes, GovDateField, GovForm, GovRadios, required, words

A = Invitee.Answer
IN_ONES_OWN_WORDS = [
    (A.COMING, "I am coming"),
    (A.APOLOGIES, "I cannot come: apologies"),
    (A.DEPUTY, "I send a deputy"),
    (A.TENTATIVE, "I do not know yet"),
]
SAID = re.compile(r"said_([0-9a-f]{32})")
GONE = "This action is not answered here any more: it was closed or given to somebody else. Take your words out to save"


class DeputyField(forms.ModelChoiceField):
    def label_from_instance(self, user):
        return user.name


class AttendanceForm(GovForm):
    """Whether somebody comes. deputies: of the seat; without any, a name is typed."""

    reveals = {"answer": {A.DEPUTY: ("deputy", "deputy_words")}}
    read = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)

    answer = forms.ChoiceField(
        label="Will you come?",
        choices=A.choices,
        widget=GovRadios,
        error_messages=required("Choose whether you come"),
    )
    deputy = DeputyField(User.objects.none(), label="Which deputy?", required=False, empty_label="Another person")
    deputy_words = forms.CharField(
        label="Who comes in your place?", max_length=200, required=False, help_text="Name, post and organisation."
    )
    words = forms.CharField(
        label="Anything that whoever runs the meeting should know?",
        max_length=500,
        required=False,
        help_text="For example: I join online, or I leave at 11. No names of children or families.",
    )

    def __init__(self, *args, deputies, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer"].choices = IN_ONES_OWN_WORDS
        self._offer(deputies)
        if not deputies:
            del self.fields["deputy"]
            self.reveals = {"answer": {A.DEPUTY: ("deputy_words",)}}

    def _offer(self, deputies):
        self.fields["deputy"].queryset = deputies

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("answer") == A.DEPUTY and not cleaned.get("deputy") and not cleaned.get("deputy_words"):
            self.add_error("deputy_words", "Choose the deputy, or enter who comes")
        return cleaned

    def attendance(self) -> dict:
        """As boards.calling.answering takes it."""
        named = {"answer": "", "deputy": None, "deputy_words": "", "words": "", "read": ""}
        return {name: self.cleaned_data.get(name) or empty for name, empty in named.items()}

    def put_errors(self, error):
        for name, errors in error.update_error_dict({}).items():
            self.add_error(name if name in self.fields else None, errors)


class OwnAttendanceForm(AttendanceForm, PortalForm):
    """The same for somebody who is signed in: an assistant, or whoever runs the meeting and was told by telephone."""

    perms = {"deputy": Perm.DIRECTORY_VIEW}

    def __init__(self, *args, deputies, said_by="", **kwargs):
        self.deputies = deputies
        super().__init__(*args, deputies=deputies, **kwargs)
        if said_by:
            self.fields["answer"].choices = A.choices
            self.fields["answer"].label = f"What does {said_by} say?"
            self.fields["deputy_words"].label = f"Who comes in place of {said_by}?"

    def _offer(self, deputies):
        """They are offered as any row is (narrow): of those whom this person may choose."""

    def narrow(self, name, rows):
        return rows.filter(pk__in=self.deputies.values("pk")) if name == "deputy" else rows


class ReplyForm(OwnAttendanceForm):
    """The one page of a member before a meeting. actions: her own of the group; proposing: whether an item may still be
    proposed; agency: the one that she speaks for, or None; meetings: other next ones of hers (answering.next_meetings).
    """

    title = forms.CharField(
        label="An item that you propose", max_length=200, required=False, help_text="Leave it empty if you have none."
    )
    why = words("Why should the meeting talk about it?", rows=3, most=2000)
    highlight = words("", rows=5, most=4000)
    also = forms.MultipleChoiceField(label="Give it also to", required=False, widget=GovCheckboxes)

    def __init__(self, *args, actions, proposing, agency, meetings, **kwargs):
        self.actions = actions
        super().__init__(*args, **kwargs)
        typed = set(self.data) if self.is_bound else set()
        names = [self._ask(row) for row in actions] + self._gone(typed)
        if not proposing and not (self.is_bound and self.data.get("title", "").strip()):
            del self.fields["title"], self.fields["why"]
        if agency is None:
            del self.fields["highlight"], self.fields["also"]
        else:
            self._of_the_agency(agency, meetings)
        self._group(names, agency)

    def _ask(self, row):
        name = f"said_{row.pk.hex}"
        due = f", due {plain(row.due_on)}" if row.due_on else ""
        self.fields[name] = words(f"{row.reference}: {row.what}{due}", rows=2, most=2000)
        self.fields[f"how_{row.pk.hex}"] = forms.ChoiceField(
            label=f"How do you see {row.reference}?",
            choices=[("", "Not said"), *Outlook.choices],
            required=False,
        )
        for each in (name, f"how_{row.pk.hex}"):
            self._finish(each, self.fields[each])
        return [name, f"how_{row.pk.hex}"]

    def _gone(self, typed):
        """What was typed of an action that is answered here no more: it is shown, so that it is not lost."""
        mine = {row.pk.hex for row in self.actions}
        found = [name for name in typed if (at := SAID.fullmatch(name)) and at[1] not in mine]
        kept = sorted(name for name in found if self.data.get(name, "").strip())
        for name in kept:
            self.fields[name] = words("What you said of another action", rows=2, most=2000)
            self._finish(name, self.fields[name])
        return [[name] for name in kept]

    def _of_the_agency(self, agency, meetings):
        self.fields["highlight"].label = f"What {agency.name} wants the meeting to know"
        self.fields["highlight"].help_text = "One for your organisation. No names of children or families."
        self.meetings = {str(row.pk): row for row in meetings}
        if not meetings:
            del self.fields["also"]
            return
        day = lambda row: plain(timezone.localtime(row.starts_at))  # noqa: E731
        self.fields["also"].choices = [(pk, f"{row.title}, {day(row)}") for pk, row in self.meetings.items()]
        self.initial.setdefault("also", [pk for pk, row in self.meetings.items() if row.given])

    def _group(self, names, agency):
        said = tuple(each for pair in names for each in pair)
        groups = [("Will you come?", tuple(n for n in ("answer", "words") if n in self.fields))]
        self.fields["answer"].label = "Your answer"
        if said:
            groups.append(("How your actions of this group stand", said))
        if "title" in self.fields:
            groups.append(("An item for the agenda", ("title", "why")))
        if agency is not None:
            here = tuple(n for n in ("highlight", "also") if n in self.fields)
            groups.append((f"From {agency.name}", here))
        self.fieldsets = tuple(groups)

    def clean(self):
        cleaned = super().clean()
        mine = {row.pk.hex for row in self.actions}
        for name in [name for name in self.fields if SAID.fullmatch(name)]:
            if (pk := SAID.fullmatch(name)[1]) not in mine:
                self.add_error(name, GONE)
            elif cleaned.get(f"how_{pk}") and not cleaned.get(name):
                self.add_error(name, "Say how it stands, in a sentence")
        if cleaned.get("why") and not cleaned.get("title"):
            self.add_error("title", "Say in a few words what the item is called")
        return cleaned

    def said(self) -> dict:
        """As boards.calling.answering.reply takes it."""
        data = self.cleaned_data
        rows = {row.pk: row for row in self.actions}
        updates = [
            (rows[uuid.UUID(at[1])], data[name], data.get(f"how_{at[1]}", ""))
            for name in self.fields
            if (at := SAID.fullmatch(name)) and data.get(name)
        ]
        attendance = self.attendance()
        return {
            "read": attendance.pop("read"),
            "attendance": attendance,
            "updates": updates,
            "title": data.get("title", ""),
            "why": data.get("why", ""),
            "highlight": data["highlight"] if "highlight" in self.fields else None,
            "also": [self.meetings[pk] for pk in data.get("also", ())],
        }


ON_THE_LIST = "An invitation lets nobody in. Whoever is on the case’s list is written to, others once they are let in."
BY_POST = "For example: consultant paediatrician, Royal Stoke. No names of people. No email is written to them."


class InviteForm(PortalForm):
    perms = {"user": Perm.DIRECTORY_VIEW}

    user = PeopleField(
        queryset=User.objects.none(), label="A person who can open the meeting", required=False,
        empty_label="Nobody of these",
    )  # fmt: skip
    post = forms.CharField(
        label="Or somebody else, by name or post", max_length=200, required=False,
        help_text="No email is written to them: tell them yourself.",
    )  # fmt: skip
    organisation = forms.CharField(label="Organisation", max_length=200, required=False)

    def __init__(self, *args, people, of_case=False, **kwargs):
        self.people = people
        super().__init__(*args, **kwargs)
        if of_case:
            self.fields["user"].label = "Person of the portal"
            self.fields["user"].help_text = ON_THE_LIST
            self.fields["post"].label = "Or somebody outside it, by post"
            self.fields["post"].help_text = BY_POST

    def narrow(self, name, rows):
        return rows.filter(pk__in=self.people.values("pk")).order_by("name")

    def facts(self):
        return {name: self.cleaned_data[name] for name in ("user", "post", "organisation")}


class ProposalForm(PortalForm):
    perms = {"priority": Perm.PLAN_VIEW, "duty": Perm.PLAN_VIEW}
    reveals = {"step": {"take": ("priority", "duty")}}
    error_fields = {"outcome_words": "words"}

    step = forms.ChoiceField(
        label="What becomes of it?",
        choices=[(code, step.label) for code, step in PROPOSAL.steps.items()],
        widget=GovRadios,
        error_messages=required("Choose what becomes of it"),
    )
    priority = Serves(Priority.objects.none(), label="Priority that it serves", required=False, empty_label="None")
    duty = Serves(Duty.objects.none(), label="Duty that it serves", required=False, empty_label="None")
    words = words("What whoever proposed it is told", rows=3, most=500)

    def narrow(self, name, rows):
        return serving(name, rows)

    def facts(self):
        return {name: self.cleaned_data.get(name) for name in ("step", "words", "priority", "duty")}


class AssistantForm(PortalForm):
    """Somebody of one's own organisation."""

    perms = {"assistant": Perm.DIRECTORY_VIEW}

    assistant = PeopleField(
        queryset=User.objects.none(), label="Who assists you?", empty_label="Choose a person", whole_partnership=False,
        error_messages=required("Choose the person"),
    )  # fmt: skip
    ends = GovDateField(
        label="Last day", required=False, earliest=timezone.localdate, help_text="Leave it empty while it goes on."
    )

    def narrow(self, name, rows):
        return rows.filter(pk__in=may_assist(self.user).values("pk")).order_by("name")

    def facts(self):
        return {"assistant": self.cleaned_data["assistant"], "ends": after(self.cleaned_data["ends"])}
