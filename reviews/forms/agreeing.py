"""A recommendation becomes actions: new words, who does them, and where they stand."""

from django import forms

from partnership.access.models import Folder, FolderKind
from partnership.access.over import going_on
from partnership.actions.answering.advice import AS_WRITTEN, hold_back
from partnership.actions.answering.forms import PARK, ByWhen, PartsForm, Serves
from partnership.actions.models import Plan, Priority
from partnership.people.roles import Perm
from partnership.ui.forms import GovRadios, required, words

CASE, GROUP = "case", "group"
SAY_ANEW = (
    "Whoever owns it sees these words and nothing else of the case. Say it anew, so that it stands by itself: "
    "no names, no code word, nothing that tells whose case it was."
)

MOST = 500  # characters of a recommendation that the form begins with
MOSTLY = 0.5  # a shorter piece of it may be chance
SHORT = 15  # characters that two texts may share by chance


def _plain(text) -> str:
    return " ".join("".join(each if each.isalnum() else " " for each in text.casefold()).split())


def _carries(said, text) -> bool:
    """Whether these words are those of `text`, whole or for the most part."""
    if said == text:
        return True
    return (text in said and len(text) >= SHORT) or (said in text and len(said) >= MOSTLY * min(len(text), MOST))


class MakeActionForm(ByWhen, PartsForm):
    """row: the recommendation, with its review and folder."""

    perms = {"group": Perm.ACTION_ADD, "priority": Perm.PLAN_VIEW}

    what = words("What will be done?", "Say what will be done", rows=4, most=500, help_text=SAY_ANEW)
    success = words("How will one see that it worked?", rows=2, most=500, help_text="Its owner reads this too.")
    place = forms.ChoiceField(
        label="Where does it stand?",
        choices=[(CASE, "In the case"), (GROUP, "In a group")],
        initial=CASE,
        widget=GovRadios(
            hints={
                CASE: "The people of the case see it, and its owner.",
                GROUP: "Everybody of the group sees it. Only if its words carry nothing of the case.",
            }
        ),
        error_messages=required("Select where it stands"),
    )
    group = forms.ModelChoiceField(Folder.objects.none(), label="Which group?", required=False)
    sensitive = forms.BooleanField(
        label="Its words are sensitive", required=False, help_text="No email carries a word of it."
    )
    priority = Serves(Priority.objects.none(), label="Which priority does it serve?", required=False)
    field_order = ["what", "success", "place", "when", "priority"]
    reveals = {**ByWhen.reveals, "place": {GROUP: ("group", "sensitive")}}

    def __init__(self, *args, row, **kwargs):
        self.row = row
        concerned = sorted(row.agencies.all(), key=lambda each: each.name)
        super().__init__(*args, concerned=concerned, **kwargs)
        self.fieldsets = [("", ("what", "success", "place", "when", "priority")), *self.fieldsets]
        self.fields["when"].choices = [each for each in self.fields["when"].choices if each[0] != PARK]
        self.fields["priority"].empty_label = "None"

    def narrow(self, name, rows):
        if name == "group":
            return going_on(rows.filter(kind=FolderKind.GROUP, sealed=False)).order_by("title")
        return rows.filter(plan__in=Plan.objects.live(), ended_on=None)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("place") == GROUP and not cleaned.get("group") and "group" not in self.errors:
            self.add_error("group", "Choose the group, or leave it in the case")
        if not self.parts() and not any(name.startswith(("owner_", "elsewhere_")) for name in self.errors):
            self.add_error("owner_1", "Choose at least one organisation")
        if cleaned.get("place") == GROUP:
            self._say_anew()
        # What goes to an owner cannot be called back.
        hold_back(self, self.user, [self.row.folder])
        if AS_WRITTEN in self.fields:
            self.fieldsets = [("", ("what", AS_WRITTEN, *self.fieldsets[0][1][1:])), *self.fieldsets[1:]]
        return cleaned

    def _say_anew(self):
        """The words of the recommendation are the case's: into a group that others read they are not carried over."""
        theirs = [_plain(text) for text in (self.row.words, self.row.success) if text]
        for name in ("what", "success", *(name for name in self.fields if name.startswith("what_"))):
            said = _plain(self.cleaned_data.get(name) or "")
            if said and any(_carries(said, text) for text in theirs):
                self.add_error(name, "These are the words of the recommendation, which stay in the case. Say it anew")

    def asked(self):
        """The arguments of actions.make."""
        data = self.cleaned_data
        in_group = data["place"] == GROUP
        return {
            "folder": data["group"] if in_group else self.row.folder,
            "sensitive": data["sensitive"] if in_group else True,
            "parts": self.parts(),
            **{name: data[name] for name in ("what", "success", "due_on", "priority")},
        }
