"""Forms of groups and seats. People type last days; `facts()["ends"]` is the first day no longer."""

from django import forms
from django.db.models import F
from django.utils import timezone

from boards.models import Arrangement, Group, Seat
from partnership.access.forms import PortalForm
from partnership.access.pickers import PeopleField
from partnership.access.picking import OrganisationField
from partnership.people.models import User
from partnership.people.models.dated import after
from partnership.people.roles import Perm
from partnership.people.services import near_cases
from partnership.ui.forms import GovDateField, GovForm, GovRadios, required, words


class AsOnForm(GovForm):
    as_on = GovDateField(label="Who sat on", subject="day", required=False)


class BoardForm(PortalForm):
    """Every form that changes groups. `perms` says what makes a person or an organisation choosable."""

    perm = Perm.GROUP_EDIT
    perms = {"user": Perm.DIRECTORY_VIEW, "agency": Perm.DIRECTORY_VIEW}
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def narrow(self, name, rows):
        if name == "user":
            rows = rows.filter(is_active=True, shared_address=False).exclude(pk=self.user.pk)
            return near_cases(rows).order_by("name")
        return rows

    def clean(self):
        cleaned = super().clean()
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", "The last day must not be before the first day")
        return cleaned

    def facts(self) -> dict:
        """What a service takes: the cleaned answers without the form's own hidden fields."""
        facts = {name: value for name, value in self.cleaned_data.items() if name not in ("version", "form_token")}
        return facts | ({"ends": after(facts["ends"])} if "ends" in facts else {})


def line(label, *, most=200, missing="", hint=""):
    messages = required(missing) if missing else None
    return forms.CharField(
        label=label, max_length=most, required=bool(missing), help_text=hint, error_messages=messages
    )


def one_of(label, choices, missing, *, initial=None, hints=None):
    """One of a few, as radios. missing: what is said where none is chosen."""
    widget, messages = GovRadios(hints=hints), required(missing)
    return forms.ChoiceField(label=label, choices=choices, initial=initial, widget=widget, error_messages=messages)


class GroupField(forms.ModelChoiceField):
    def label_from_instance(self, group):
        return group.name


class FollowsField(GroupField):
    """Groups of other times bear like names: each is told by its arrangements."""

    def label_from_instance(self, group):
        return f"{group.name} ({group.arrangement.name})" if group.arrangement else group.name


class ArrangementField(forms.ModelChoiceField):
    def label_from_instance(self, row):
        return row.name


class GroupForm(BoardForm):
    keeps = ("parent",)
    reveals = {"kind": {Group.Kind.TASK: ("ends",)}}

    name = line("Name", missing="Enter the name of the group")
    kind = one_of("What it is", Group.Kind.choices, "Select what it is", initial=Group.Kind.SUBGROUP)
    ends = GovDateField(
        label="Last day", required=False, error_messages=required("Enter the last day of the group"),
        help_text="A task and finish group has an end; it is extended here before its last day is over.",
    )  # fmt: skip
    arrangement = ArrangementField(
        Arrangement.objects.none(), label="Arrangements that it is part of", required=False, empty_label="Not said"
    )
    parent = GroupField(
        Group.objects.none(), label="It reports to", required=False, empty_label="No group of the partnership"
    )
    follows = FollowsField(
        Group.objects.none(), label="It carries on from", required=False, empty_label="No earlier group"
    )
    purpose = words("What it is for", rows=4, most=2000)
    meets = line("How often it meets", hint="For example: monthly, or every quarter.")
    chair_rule = line(
        "How the chair is chosen", most=300, hint="The rule, not the person: ‘the three partners in turn, a year each’."
    )
    papers_due = forms.IntegerField(
        label="Working days before a meeting by which papers are due", min_value=0, max_value=60, initial=5,
        error_messages=required("Enter how many working days before a meeting papers are due"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3"}),
    )  # fmt: skip
    source = line("Where this is written", most=300, hint="For example: terms of reference of June 2026.")
    starts = GovDateField(label="First day", required=False, help_text="Leave it empty where it is not known.")

    def __init__(self, *args, group=None, **kwargs):
        self.group = group
        super().__init__(*args, **kwargs)

    def narrow(self, name, rows):
        if name == "parent":
            return rows.live().select_related("folder").exclude(pk=self.group and self.group.pk)
        if name == "follows":
            rows = rows.exclude(pk=self.group and self.group.pk).select_related("folder", "arrangement")
            return rows.order_by("folder__title", "-arrangement__starts")
        return super().narrow(name, rows)


class CloseGroupForm(BoardForm):
    ends = GovDateField(label="Last day of the group", error_messages=required("Enter the last day of the group"))


class SeatWords(BoardForm):
    """What is said of a seat, whoever holds it."""

    role = one_of(
        "Role",
        Seat.SeatRole.choices,
        "Select the role",
        hints={
            "chair": "Adds and manages the group’s actions and approves that they are closed.",
            "vice": "May do what the chair may.",
            "member": "Reads the group’s actions, workplan and papers.",
        },
    )
    post = line("Post", hint="The post that the seat is for. It is how a vacant seat is known.")
    represents = one_of(
        "Whom it speaks for",
        Seat.Represents.choices,
        "Select whom the seat speaks for",
        initial=Seat.Represents.AGENCY,
        hints={
            "agency": "Its deputy belongs to the same organisation.",
            "area": "For example the designated nurse for the north. A deputy may come from anywhere.",
            "sector": "For example schools, or the voluntary sector. A deputy may come from anywhere.",
        },
    )
    agency = OrganisationField(label="Organisation", required=False)
    organisation = line(
        "Organisation that the directory does not have, area or sector", hint="For example: Education sector."
    )
    standing = one_of(
        "Standing",
        Seat.Standing.choices,
        "Select the standing",
        initial=Seat.Standing.MEMBER,
        hints={
            "member": "Counts for the quorum, unless it does not vote.",
            "observer": "Takes part without a vote, as a Lead Member does. Does not count for the quorum.",
            "adviser": "An independent scrutineer or a lay member, say. Does not count for the quorum.",
        },
    )
    voting = forms.ChoiceField(
        label="Voting",
        choices=Seat.Voting.choices,
        widget=GovRadios(inline=True),
        error_messages=required("Select whether the seat votes"),
    )
    source = line("Where this is written", most=300)


class SeatField(forms.ModelChoiceField):
    def label_from_instance(self, seat):
        return ", ".join(filter(None, (seat.user.name if seat.user else "Vacant", seat.post, seat.of)))


class SeatForm(SeatWords):
    """A new seat: held by somebody, or vacant."""

    user = PeopleField(
        queryset=User.objects.none(), label="Who holds it", required=False, empty_label="Nobody yet: it is vacant"
    )
    deputy_for = SeatField(
        Seat.objects.none(), label="Deputy for", required=False, empty_label="Not a deputy’s seat",
        help_text="A deputy reads what the group reads, and ends with the seat that they stand in for.",
    )  # fmt: skip
    same_as = SeatField(
        Seat.objects.none(), label="The same seat as", required=False, empty_label="A further seat",
        help_text="Where somebody held this seat before or holds it after: its attendance is then counted as one.",
    )  # fmt: skip
    starts = GovDateField(label="First day", required=False, help_text="Leave it empty where it is not known.")
    ends = GovDateField(label="Last day", required=False, help_text="Leave it empty while it goes on.")

    field_order = (
        *("user", "role", "post", "represents", "agency", "organisation", "standing", "voting", "deputy_for"),
        *("same_as", "starts", "ends", "source"),
    )

    def __init__(self, *args, group, **kwargs):
        self.group = group
        super().__init__(*args, **kwargs)

    def narrow(self, name, rows):
        if name == "deputy_for":
            return rows.live().filter(group=self.group, deputy_for=None).select_related("user", "agency")
        if name == "same_as":
            newest = rows.filter(group=self.group, deputy_for=None).order_by("place", F("starts").desc(nulls_last=True))
            rows = rows.filter(pk__in=newest.distinct("place").values("pk"))
            return rows.select_related("user", "agency").order_by("post", "pk")
        return super().narrow(name, rows)

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("user") and not cleaned.get("post"):
            self.add_error("post", "Enter the post: a vacant seat is known by it")
        if cleaned.get("deputy_for") and not cleaned.get("user"):
            self.add_error("user", "Select who the deputy is")
        return cleaned


class GiveSeatForm(BoardForm):
    user = PeopleField(
        queryset=User.objects.none(), label="Who holds it from then on", empty_label="Choose a person",
        error_messages=required("Select the person"),
    )  # fmt: skip
    post = line("Their post", hint="Leave it as it is where the seat goes with the post.")
    starts = GovDateField(label="First day", error_messages=required("Enter the first day"))


class EndSeatForm(BoardForm):
    ends = GovDateField(label="Last day", error_messages=required("Enter the last day"))
    vacant = forms.BooleanField(
        label="The seat stays, and waits for somebody", required=False,
        help_text="Leave it unticked where the group has no such seat any more.",
    )  # fmt: skip

    def clean_ends(self):
        ends = self.cleaned_data["ends"]
        if (ends - timezone.localdate()).days > 3660:
            raise forms.ValidationError("The last day lies more than ten years ahead: check the year")
        return ends
