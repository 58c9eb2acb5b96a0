"""Forms of how groups work. People type last days; `facts()["ends"]` is the first day no longer."""

from django import forms

from boards.groups.forms import BoardForm, line
from boards.models import Decision, Group, Seat
from partnership.documents.forms import DocumentField
from partnership.documents.hooks import offered
from partnership.documents.models import Document
from partnership.documents.renditions import KIND as RENDITION
from partnership.people.models import Agency, PartnerSeat
from partnership.people.roles import Perm
from partnership.ui.forms import GovCheckboxes, GovDateField, GovForm, GovRadios, required, words

NUMBER = {"inputmode": "numeric", "class": "govuk-input--width-3"}
TURNS = ("first", "second", "third", "fourth", "fifth", "sixth")


class DayForm(GovForm):
    on = GovDateField(label="Day", required=False, not_future=True)


class VacantForm(GovForm):
    group = forms.ChoiceField(label="Group", required=False)

    def __init__(self, *args, groups, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = [("", "All groups"), *((str(row.pk), row.name) for row in groups)]


class ArrangementForm(BoardForm):
    name = line("Name", missing="Enter the name of the arrangements")
    area = line("Area")
    starts = GovDateField(label="First day", required=False, help_text="Leave it empty where it is not known.")
    ends = GovDateField(label="Last day", required=False, help_text="Leave it empty while they are in force.")
    source = line("Where this is written", most=300)


class DocumentChoice(forms.ModelChoiceField):
    def label_from_instance(self, document):
        return document.title


class DecisionChoice(forms.ModelChoiceField):
    def label_from_instance(self, decision):
        day = decision.meeting.day
        return f"{decision.meeting.title}, {day.day} {day:%B %Y}, decision {decision.number}: {decision.text}"[:200]


class TermsForm(BoardForm):
    """A version of terms of reference: words, a document of the group, or a file that is uploaded now."""

    perms = BoardForm.perms | {"document": Perm.DOCUMENT_VIEW, "decision": Perm.MEETING_VIEW}
    error_fields = {"file": "upload"}

    words = words("Terms of reference", rows=12, most=20000)
    upload = DocumentField(
        label="Or upload them",
        required=False,
        hint="The file is kept with the group’s papers; those who sit on it read it.",
    )
    document = DocumentChoice(
        Document.objects.none(), label="Or choose one of the group’s documents", required=False, empty_label="None"
    )
    in_force_from = GovDateField(
        label="In force from", error_messages=required("Enter the day from which they are in force")
    )
    review_on = GovDateField(label="To be reviewed by", required=False)
    decision = DecisionChoice(
        Decision.objects.none(), label="Decision that approved them", required=False, empty_label="None of the portal’s"
    )
    approved_words = line(
        "Approved by, where no decision here says it", most=300, hint="For example: the Executive, 14 June 2026."
    )

    def __init__(self, *args, group, row=None, **kwargs):
        self.group, self.row = group, row
        super().__init__(*args, **kwargs)
        for name in ("document", "decision"):
            if not self.fields[name].queryset.exists():
                del self.fields[name]

    def narrow(self, name, rows):
        if name == "document":
            rows = rows.filter(folder=self.group.folder_id, apart=False).exclude(kind=RENDITION)
            return offered(rows, "pk").order_by("-created_at")
        if name == "decision":
            rows = rows.filter(meeting__group=self.group, taken_back_at=None).select_related("meeting")
            return rows.order_by("-made_on", "-number")
        return super().narrow(name, rows)

    def facts(self):
        """What this person cannot see is left as it is: an edit takes nothing away that it does not show."""
        facts = super().facts()
        for name in ("document", "decision"):
            now = getattr(self.row, f"{name}_id", None)
            if facts.get(name, None) is None and now and not self._sees(name, now):
                facts.pop(name, None)
        return facts

    def _sees(self, name, pk):
        return name in self.fields and self.fields[name].queryset.filter(pk=pk).exists()


class AgenciesField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, agency):
        return agency.name


class AgencyField(forms.ModelChoiceField):
    def label_from_instance(self, agency):
        return agency.name


def _organisations(group, rows):
    """Those with a seat on the group, and the safeguarding partners: whom a rule can name."""
    seated = Seat.objects.live().filter(group=group, agency__isnull=False).values("agency_id")
    partners = rows.live().exclude(partner_seat="").filter(partner_seat__in=PartnerSeat.values)
    return (rows.filter(pk__in=seated) | rows.filter(pk__in=partners.values("pk"))).order_by("name")


class FromForm(BoardForm):
    """A rule from a day on, or none. `perms`: an organisation is chosen as anywhere in the directory."""

    starts = GovDateField(
        label="From", subject="first day", error_messages=required("Enter the day from which this holds")
    )
    source = line("Where this is written", most=300, hint="For example: terms of reference of June 2026.")

    def __init__(self, *args, group: Group, **kwargs):
        self.group = group
        super().__init__(*args, **kwargs)

    def facts(self):
        facts = super().facts()
        facts.pop("holds")
        return facts


class QuorumForm(FromForm):
    perms = BoardForm.perms | {"all_of": Perm.DIRECTORY_VIEW}
    reveals = {"holds": {"yes": ("at_least", "share", "all_of")}}

    holds = forms.ChoiceField(
        label="Does the group have a quorum?", choices=[("yes", "Yes"), ("no", "No rule is kept")], widget=GovRadios(),
        error_messages=required("Select whether the group has a quorum"),
    )  # fmt: skip
    at_least = forms.IntegerField(
        label="How many members at least", required=False, min_value=1, max_value=200,
        widget=forms.TextInput(attrs=NUMBER), help_text="Members or their deputies. Empty: no number is set.",
    )  # fmt: skip
    share = forms.IntegerField(
        label="Which per cent of the members at least", required=False, min_value=1, max_value=100,
        widget=forms.TextInput(attrs=NUMBER), help_text="Of the seats that vote, vacant ones included.",
    )  # fmt: skip
    all_of = AgenciesField(
        Agency.objects.none(), label="Organisations that must all be there", required=False, widget=GovCheckboxes(),
        help_text="Each by a member or deputy. ‘All three partners present’: choose the three.",
    )  # fmt: skip

    field_order = ("holds", "at_least", "share", "all_of", "starts", "source")

    def narrow(self, name, rows):
        return _organisations(self.group, rows) if name == "all_of" else super().narrow(name, rows)


class RotationForm(FromForm):
    perms = BoardForm.perms | dict.fromkeys(TURNS, Perm.DIRECTORY_VIEW)
    reveals = {"holds": {"yes": ("every_months", *TURNS)}}

    holds = forms.ChoiceField(
        label="Does the chair go round?", choices=[("yes", "Yes, from one organisation to the next"), ("no", "No")],
        widget=GovRadios(), error_messages=required("Select whether the chair goes round"),
    )  # fmt: skip
    every_months = forms.IntegerField(
        label="How many months each chairs", min_value=1, max_value=120, initial=6,
        error_messages=required("Enter how many months each organisation chairs"), widget=forms.TextInput(attrs=NUMBER),
    )  # fmt: skip
    first = AgencyField(Agency.objects.none(), label="First to chair", required=False, empty_label="Nobody")
    second = AgencyField(Agency.objects.none(), label="Second to chair", required=False, empty_label="Nobody")
    third = AgencyField(Agency.objects.none(), label="Third to chair", required=False, empty_label="Nobody")
    fourth = AgencyField(Agency.objects.none(), label="Fourth to chair", required=False, empty_label="Nobody")
    fifth = AgencyField(Agency.objects.none(), label="Fifth to chair", required=False, empty_label="Nobody")
    sixth = AgencyField(Agency.objects.none(), label="Sixth to chair", required=False, empty_label="Nobody")

    field_order = ("holds", "every_months", *TURNS, "starts", "source")

    def narrow(self, name, rows):
        return _organisations(self.group, rows) if name in TURNS else super().narrow(name, rows)

    def facts(self):
        facts = super().facts()
        order = [facts.pop(name) for name in TURNS]
        return facts | {"order": [agency for agency in order if agency]}


class SeatChoice(forms.ModelChoiceField):
    def label_from_instance(self, seat):
        return ", ".join(filter(None, (seat.user.name, seat.post, seat.of)))


class HandOverForm(BoardForm):
    to = SeatChoice(
        Seat.objects.none(), label="Who chairs from then on", empty_label=None, widget=GovRadios(),
        error_messages=required("Select who chairs from then on"),
    )  # fmt: skip
    starts = GovDateField(label="From", subject="first day", error_messages=required("Enter the first day"))

    def __init__(self, *args, seats, **kwargs):
        self.seats = seats
        super().__init__(*args, **kwargs)

    def narrow(self, name, rows):
        return (
            rows.filter(pk__in=self.seats.values("pk")).select_related("user", "agency")
            if name == "to"
            else super().narrow(name, rows)
        )


class OtherBodyForm(BoardForm):
    name = line("Board or partnership", missing="Enter the name of the board or partnership")
    shared = words("What is shared", rows=3, most=2000)
    together = words("What is done together", rows=3, most=2000)
    through = line("Through whom", most=300, hint="Posts: who sits on both, or reports there.")
    source = line("Where this is written", most=300)
    starts = GovDateField(label="First day", required=False, help_text="Leave it empty where it is not known.")
    ends = GovDateField(label="Last day", required=False, help_text="Leave it empty while it goes on.")
