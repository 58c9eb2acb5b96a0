"""What is typed while a meeting goes on: who came, minutes, decisions, interests, guests."""

import json
from functools import cached_property

from django import forms

from boards.attending.services import AWAY
from boards.attending.text import MOST, tidied
from boards.models import Attendance, Decision, Interest, Paper
from partnership.access.forms import PortalForm
from partnership.access.picking import OrganisationField
from partnership.actions.answering.forms import serving
from partnership.actions.models import Priority
from partnership.people.roles import Perm
from partnership.ui.forms import GovRadios, required, words

M = Attendance.Mark
NO_NAMES = "No names of children or families."
READ = "read_marks"  # the portal's own script knows by its beginning that nobody typed it
BY_POST = "For example: consultant paediatrician, Royal Stoke. No names of people."
SOMEBODY_ELSE = "Somebody else"


def line(label, *, missing="", hint="", most=200):
    messages = required(missing) if missing else None
    return forms.CharField(
        label=label, required=bool(missing), max_length=most, help_text=hint, error_messages=messages
    )


class AttendanceForm(PortalForm):
    """A question for each row of who came, and who chaired. It carries what each was when the page was read.

    rows: `rows.rows_of`. corrects: the minutes are agreed, so a reason is asked for.
    """

    def __init__(self, *args, rows, corrects=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = {row.key: row for row in rows}
        for row in rows:
            self._ask(row)
        self.reveals = {
            f"mark_{row.key}": {M.DEPUTY: (f"who_{row.key}", f"name_{row.key}")} for row in rows if row.place
        }
        chairs = next((row.key for row in rows if row.chairs), "")
        offered = [(row.key, row.called) for row in rows if not row.vacant]
        self.fields["chair"] = forms.ChoiceField(
            label="Who chairs", required=False, initial=chairs, choices=[("", "Not recorded"), *offered]
        )
        self.fields[READ] = forms.CharField(required=False, widget=forms.HiddenInput, max_length=100_000)
        self.initial[READ] = self.read_of(rows)
        if corrects:
            self.fields["reason"] = words(
                "Why it is put right", rows=2, most=500, missing="Say why it is put right: the minutes are agreed",
                help_text="It is kept with the correction.",
            )  # fmt: skip
        for name, field in self.fields.items():
            self._finish(name, field)

    def _ask(self, row):
        mark, who, name = row.first
        marks = [each for each in M.choices if each[0] != M.DEPUTY or row.place]
        self.fields[f"mark_{row.key}"] = forms.ChoiceField(
            label=row.called, choices=marks, initial=mark, required=False, widget=GovRadios(inline=True, small=True)
        )
        if row.place:
            deputies = [(str(pk), each) for pk, each in row.deputies]
            self.fields[f"who_{row.key}"] = forms.ChoiceField(
                label="Which deputy", choices=[("", SOMEBODY_ELSE), *deputies], initial=who, required=False
            )
            self.fields[f"name_{row.key}"] = forms.CharField(
                label="Name, if somebody else", initial=name, required=False, max_length=200
            )

    @staticmethod
    def read_of(rows) -> str:
        return json.dumps({row.key: row.read for row in rows} | {"chair": next((r.key for r in rows if r.chairs), "")})

    @property
    def lines(self) -> list:
        """(row, its radios, which deputy, name of the deputy) to draw; the last two None where nobody can stand in."""
        got = lambda name: self[name] if name in self.fields else None  # noqa: E731
        return [(row, self[f"mark_{key}"], got(f"who_{key}"), got(f"name_{key}")) for key, row in self.rows.items()]

    def clean(self):
        cleaned = super().clean()
        for key, row in self.rows.items():
            if self._unnamed(key) and row.read != [M.DEPUTY, "", ""]:  # attendance taken in from before has no names
                self.add_error(f"name_{key}", f"Say who stood in for {row.name or row.post}")
        chair = cleaned.get("chair")
        if chair and cleaned.get(f"mark_{chair}", self.rows[chair].mark) in AWAY:
            self.add_error("chair", f"{self.rows[chair].called} is not ticked as present and cannot chair")
        return cleaned

    def _unnamed(self, key) -> bool:
        said = self.cleaned_data
        named = said.get(f"who_{key}") or said.get(f"name_{key}")
        return said.get(f"mark_{key}") == M.DEPUTY and not named and f"name_{key}" not in self.errors

    def marks(self) -> dict:
        """The marks that were sent and are right, as services.mark takes them. `rest`: the button by which those who
        said that they come are ticked, where nothing is ticked yet."""
        rest = self.data.get("rest")
        found = {}
        for key, row in self.rows.items():
            name = f"mark_{key}"
            if name not in self.cleaned_data or (name not in self.data and not rest) or f"name_{key}" in self.errors:
                continue
            mark = self.cleaned_data[name]
            if rest and not mark and row.comes:
                mark = M.PRESENT
            deputy = mark == M.DEPUTY
            who = self.cleaned_data.get(f"who_{key}") or "" if deputy else ""
            typed = "" if who or not deputy else self.cleaned_data.get(f"name_{key}") or ""
            found[key] = (mark, who, typed)
        return found

    @cached_property
    def as_read(self) -> dict:
        """Row key -> [mark, who, words], and "chair": as the page showed them, of what it told rightly."""
        try:
            said = json.loads(self.cleaned_data.get(READ) or "{}")
        except ValueError:
            said = {}
        return said if isinstance(said, dict) else {}

    def read_marks(self) -> dict:
        return {
            key: said for key, said in self.as_read.items()
            if key in self.rows and isinstance(said, list) and len(said) == 3 and all(isinstance(x, str) for x in said)
        }  # fmt: skip

    def chair(self):
        """(the key that was chosen or None for as it is, the one that was read)."""
        chosen = self.cleaned_data.get("chair") if "chair" in self.data else None
        return chosen, str(self.as_read.get("chair") or "")


class GuestForm(PortalForm):
    """by_post: of a case's meeting, where nobody who came is named but by post."""

    perms = {"agency": Perm.DIRECTORY_VIEW}

    name = line("Name", missing="Enter the name")
    post = line("Post")
    agency = OrganisationField(label="Organisation of the directory", required=False)
    organisation = line("Or another organisation")
    observes = forms.BooleanField(label="Came to observe", required=False)

    def __init__(self, *args, corrects=False, by_post=False, **kwargs):
        super().__init__(*args, **kwargs)
        if by_post:
            del self.fields["post"]
            self.fields["name"].label, self.fields["name"].help_text = "Who came, by post", BY_POST
            self.fields["name"].error_messages["required"] = "Enter who came, by post"
        if corrects:
            self.fields["reason"] = words("Why it is put right", rows=2, most=500, missing="Say why it is put right")
            self._finish("reason", self.fields["reason"])

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("agency") and cleaned.get("organisation"):
            self.add_error("organisation", "Choose an organisation of the directory, or enter another: not both")
        return cleaned


class MinutesField(forms.CharField):
    """A long text, tidied before it is judged: what Word hid in it is no reason to refuse it."""

    widget = forms.Textarea(attrs={"rows": 8})

    def __init__(self, **kwargs):
        super().__init__(max_length=MOST, strip=False, required=False, **kwargs)

    def to_python(self, value):
        return tidied(super().to_python(value))


class MinuteForm(PortalForm):
    text = MinutesField(label="Minutes", help_text=f"Type, or paste from Word: lists stay lists. {NO_NAMES}")
    version = forms.IntegerField(widget=forms.HiddenInput)


class Titled(forms.ModelChoiceField):
    def label_from_instance(self, row):
        return row.title


class DecisionForm(PortalForm):
    perm = Perm.MEETING_VIEW
    perms = {"priority": Perm.PLAN_VIEW}
    keeps = ("paper", "priority")

    text = words("What was decided", "Say what was decided", rows=4, most=4000, help_text=NO_NAMES)
    reason = words("Why", rows=3, most=4000)
    how = forms.ChoiceField(
        label="How it was agreed", choices=Decision.How.choices, initial=Decision.How.CONSENSUS, widget=GovRadios(),
        error_messages=required("Select how it was agreed"),
    )  # fmt: skip
    dissent = words("Who disagreed, and why", rows=3, most=4000, help_text="Leave it empty where nobody did.")
    paper = Titled(Paper.objects.none(), label="On which paper", required=False, empty_label="None")
    priority = Titled(Priority.objects.none(), label="Which priority it serves", required=False, empty_label="None")
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, item, **kwargs):
        self.item = item
        super().__init__(*args, **kwargs)

    def narrow(self, name, rows):
        if name == "paper":
            return rows.filter(item=self.item, removed_at=None)
        return serving(name, rows)

    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("text", "reason", "how", "dissent", "paper", "priority")}


class InterestForm(PortalForm):
    """One's own. With `rows` (for who runs the meeting) also somebody else's, and what followed."""

    error_fields = {"user": "whose"}

    words = words(
        "What the interest is", "Say what the interest is", rows=3, most=1000,
        help_text="Whoever may read the item reads this.",
    )  # fmt: skip

    def __init__(self, *args, rows=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = {row.key: row for row in rows or () if not row.vacant}
        if rows is None:
            return
        whose = [("", "Mine"), *((row.key, row.called) for row in self.people.values())]
        self.fields["whose"] = forms.ChoiceField(label="Whose interest", choices=whose, required=False)
        self.fields["name"] = forms.CharField(
            label="Or the name of somebody else", required=False, max_length=200, help_text="A deputy or a guest."
        )
        self.fields["effect"] = forms.ChoiceField(
            label="What follows", choices=[*Interest.Effect.choices, ("", "Not yet said")], required=False,
            widget=GovRadios(),
        )  # fmt: skip
        self.order_fields(["whose", "name", "words", "effect"])
        for name, each in self.fields.items():
            self._finish(name, each)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("whose") and cleaned.get("name"):
            self.add_error("name", "Choose somebody who is listed, or enter a name: not both")
        return cleaned

    def facts(self, find) -> dict:
        """What interests.declare takes. find: (id of a user) -> the user."""
        facts = {"words": self.cleaned_data["words"], "effect": self.cleaned_data.get("effect", "")}
        row = self.people.get(self.cleaned_data.get("whose") or "")
        if row is None:
            return facts | {"name": self.cleaned_data.get("name", "")}
        return facts | ({"user": find(row.user_id)} if row.user_id else {"name": row.name})
