"""Forms of minutes and of what is sent up. Several stand on one page; `do` says which was sent."""

from django import forms

from boards.minutes import sending, services
from boards.models import Group, Item, Meeting, OtherBody
from partnership.access.forms import PortalForm
from partnership.people.roles import Perm
from partnership.ui.dates import plain
from partnership.ui.forms import GovDateField, required

TEXT = 100_000


class OneOfSeveral(PortalForm):
    """A form beside others on a page: its boxes have ids of their own."""

    perm = Perm.MEETING_VIEW
    do = ""

    def __init__(self, data, *, user, meeting, tag="", **kwargs):
        self.meeting = meeting
        super().__init__(data, user=user, auto_id=f"{self.do}{tag}_%s", **kwargs)

    def narrow(self, name, rows):
        if rows.model is Item:
            return rows.filter(pk__in=services.items_to_correct(self.user, self.meeting).values("pk"))
        return rows


class ItemField(forms.ModelChoiceField):
    def label_from_instance(self, item):
        return item.title


class MeetingField(forms.ModelChoiceField):
    def label_from_instance(self, meeting):
        return f"{plain(meeting.day)}: {meeting.title}"


class GroupField(forms.ModelChoiceField):
    def label_from_instance(self, group):
        return group.name


def _words(label, missing, *, most=4000, rows=4, hint="", needed=True):
    return forms.CharField(
        label=label, max_length=most, required=needed, help_text=hint, widget=forms.Textarea(attrs={"rows": rows}),
        error_messages=required(missing) if needed else None,
    )  # fmt: skip


def _item(label):
    return ItemField(Item.objects.none(), label=label, required=False, empty_label="The minutes as a whole")


class CirculateForm(OneOfSeveral):
    do = "circulate"


class AskForm(OneOfSeveral):
    do = "ask"
    item = _item("Which item?")
    words = _words("What should it say?", "Say what should be corrected")


class AnswerForm(OneOfSeveral):
    """Whether a correction is taken in. Its two buttons are `take` and `decline`."""

    do = "answer"
    correction = forms.UUIDField(widget=forms.HiddenInput)
    outcome_words = forms.CharField(
        label="What became of it", max_length=500, required=False, help_text="Needed where it is not taken in."
    )


class BackForm(OneOfSeveral):
    do = "back"
    item = _item("Which item?")
    note = _words("What is to be changed?", "", needed=False)


class CheckForm(OneOfSeveral):
    do = "check"
    edition = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, runs, **kwargs):
        super().__init__(*args, **kwargs)
        if runs:
            self.fields["outside"] = forms.CharField(
                label="If the chair checked them outside the portal: who, and when", max_length=500, required=False,
                help_text="Leave it empty only where you chaired the meeting and wrote none of its minutes.",
            )  # fmt: skip
            self._finish("outside", self.fields["outside"])


class AgreeForm(OneOfSeveral):
    do = "agree"
    error_fields = {"words": "agreed_words"}
    agreed_in = MeetingField(
        Meeting.objects.none(), label="Which meeting agreed them?", required=False,
        empty_label="One that the portal does not have",
    )  # fmt: skip
    agreed_words = forms.CharField(
        label="If the portal does not have it: which meeting, and on which day", max_length=200, required=False
    )

    def narrow(self, name, rows):
        return services.could_agree(self.user, self.meeting)


def desk(user, meeting, data, held, *, corrections, reading) -> dict:
    """do -> form, of what stands on the page of the minutes; "answers": correction id -> form. data: what was sent."""
    do = data.get("do", "") if data else ""
    runs = Perm.MEETING_RUN in held
    edition = {"edition": reading.edition.pk} if reading else {}
    shared = {"user": user, "meeting": meeting}
    found = {
        kind.do: kind(data if do == kind.do else None, **shared)
        for kind in (CirculateForm, AskForm, BackForm, AgreeForm)
    }
    found["check"] = CheckForm(data if do == "check" else None, runs=runs, initial=edition, **shared)
    found["answers"] = {}
    for row in corrections:
        mine = do in ("take", "decline") and data.get("correction") == str(row.pk)
        form = AnswerForm(data if mine else None, tag=row.pk.hex[:8], initial={"correction": row.pk}, **shared)
        found["answers"][row.pk] = form
        if mine:
            found[do] = form
    return found


# --- agreed minutes are put right -------------------------------------------------------------------------------------


class CorrectItemForm(PortalForm):
    """The agreed words of an item. part: the editions.Line that was read."""

    read = forms.UUIDField(widget=forms.HiddenInput)
    text = _words("Minutes", "", most=TEXT, rows=14, needed=False)

    def __init__(self, data, *, user, said, **kwargs):
        self.said = said
        super().__init__(data, user=user, **kwargs)
        for number in range(1, len(said["decisions"]) + 1):
            for name, label in (("text", "Decision"), ("reason", "Reason"), ("dissent", "Dissent")):
                missing = "Enter the decision" if name == "text" else ""
                field = _words(f"{label} {number}", missing, needed=bool(missing), rows=2)
                self.fields[f"{name}_{number}"] = field
                self._finish(f"{name}_{number}", field)
        self.fields["reason"] = _words("Why the agreed minutes are corrected", "Say why they are corrected", most=1000)
        self._finish("reason", self.fields["reason"])

    @staticmethod
    def as_said(said) -> dict:
        """The same as initial values."""
        found = {"text": said["text"]}
        for number, each in enumerate(said["decisions"], 1):
            found |= {f"{name}_{number}": each[name] for name in ("text", "reason", "dissent")}
        return found

    def decisions(self) -> dict:
        """id -> what the minutes are to say of it."""
        return {
            each["id"]: {name: self.cleaned_data[f"{name}_{number}"] for name in ("text", "reason", "dissent")}
            for number, each in enumerate(self.said["decisions"], 1)
        }


class PublishForm(PortalForm):
    stays = forms.BooleanField(
        label="I have read what is named above, and it may be published",
        error_messages=required("Read what is named above and say that it may be published, or correct the minutes"),
    )

    def __init__(self, *args, warned, **kwargs):
        super().__init__(*args, **kwargs)
        if not warned:
            del self.fields["stays"]


# --- sent up ----------------------------------------------------------------------------------------------------------


class SendUpForm(PortalForm):
    """To a group of the partnership, its own parent first, or to a board of somebody else."""

    perm = Perm.GROUP_VIEW
    error_fields = {"to": "to_group"}
    to_group = GroupField(
        Group.objects.none(), label="Which group is to answer?", required=False, empty_label="None: another body"
    )
    body = forms.ModelChoiceField(
        OtherBody.objects.none(), label="Or which other body?", required=False, empty_label="None",
        help_text="It is recorded here; send it to them yourself, and record their answer when it comes.",
    )  # fmt: skip
    words = _words("What is asked of them", "Say what is asked of them")
    due_on = GovDateField(label="By when an answer is asked for", subject="day")

    def __init__(self, *args, decision, **kwargs):
        self.decision = decision
        super().__init__(*args, **kwargs)
        self.fields["body"].label_from_instance = lambda body: body.name
        if not self.fields["body"].queryset.exists():
            del self.fields["body"]
            self.fields["to_group"].required, self.fields["to_group"].empty_label = True, "Choose one"

    def narrow(self, name, rows):
        if name == "to_group":
            return rows.filter(pk__in=sending.places(self.decision).values("pk")).select_related("folder")
        return rows.filter(pk__in=bodies_of(self.decision.meeting.group_id).values("pk"))


def bodies_of(group_id):
    """The boards of others that a group works with today."""
    return OtherBody.objects.live().filter(group=group_id).order_by("name")


class ReceiveForm(PortalForm):
    """What the board of somebody else asks of a group."""

    perm = Perm.GROUP_VIEW
    body = forms.ModelChoiceField(OtherBody.objects.none(), label="Which body asks?", empty_label="Choose one")
    words = _words("What it asks", "Say what it asks")
    due_on = GovDateField(label="By when it asks for an answer", subject="day")

    def __init__(self, *args, group, **kwargs):
        self.group = group
        super().__init__(*args, **kwargs)
        self.fields["body"].label_from_instance = lambda body: body.name

    def narrow(self, name, rows):
        return rows.filter(pk__in=bodies_of(self.group.pk).values("pk"))


class ReplyForm(OneOfSeveral):
    do = "answer"
    error_fields = {"answer": "words"}
    words = _words("The answer", "Enter the answer")


class AgendaForm(OneOfSeveral):
    do = "agenda"
    perm = Perm.MEETING_VIEW
    meeting_ahead = MeetingField(Meeting.objects.none(), label="Which meeting?", empty_label="Choose one")
    error_fields = {"meeting": "meeting_ahead"}

    def narrow(self, name, rows):
        return rows.filter(pk__in=sending.agendas(self.user, self.meeting).values("pk"))
