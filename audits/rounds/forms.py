"""Forms of rounds, windows, topics and single returns. People type days; a deadline is the end of its day."""

from django import forms
from django.utils import timezone

from audits.facts import FACTS, UNKNOWN, choices_of
from audits.models import AuditReturn, Round, SetVersion
from audits.population import ALSO, NOT
from partnership.access.forms import PortalForm
from partnership.access.picking import OrganisationField
from partnership.people.models import Agency
from partnership.people.roles import Perm
from partnership.ui.forms import GovCheckboxes, GovDateField, GovRadios, required, words

OF_WHO = ("kind", "phase", "area", "establishment")
FIRST_YEAR, LAST_YEAR = 2000, 2100
NONE_FOR_ALL = "Tick none for all."
EVERYBODY_ELSE = "Tick nothing for everybody else: whom no other window takes."


def ticks(name, hint=""):
    widget = GovCheckboxes(small=True)
    return forms.MultipleChoiceField(label=FACTS[name], required=False, widget=widget, help_text=hint)


class WhoForm(PortalForm):
    """Who is meant, by what the directory says of organisations: every line must hold, by any of its ticks."""

    perm = Perm.AUDIT_RUN
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    kind = ticks("kind")
    phase = ticks("phase", NONE_FOR_ALL)
    area = ticks("area", f"{NONE_FOR_ALL} Whoever works in more than one area belongs to each.")
    establishment = ticks("establishment", NONE_FOR_ALL)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in OF_WHO:
            self.fields[name].choices = choices_of(name, self.initial.get(name, ()), unknown=name in UNKNOWN)

    def who(self) -> dict:
        return {name: self.cleaned_data[name] for name in OF_WHO if self.cleaned_data[name]}


def a_line(label, missing, *, most=200, hint=""):
    return forms.CharField(label=label, max_length=most, help_text=hint, error_messages=required(missing))


class VersionField(forms.ModelChoiceField):
    def label_from_instance(self, row):
        return f"{row.question_set.title}, version {row.edition}"


class RoundField(forms.ModelChoiceField):
    def label_from_instance(self, row):
        return f"{row.title} ({row.year})"


class RoundForm(WhoForm):
    """What is said of a round, and whom it asks."""

    keeps = ("before",)

    title = a_line(
        "What it is called", "Enter what the round is called", hint="For example: Section 175/157 audit 2026/27."
    )
    year = forms.IntegerField(
        label="Year in which its school or financial year begins", min_value=FIRST_YEAR, max_value=LAST_YEAR,
        help_text="For 2026/27 enter 2026.", error_messages=required("Enter the year, for example 2026"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4"}),
    )  # fmt: skip
    opens_on = GovDateField(
        label="First day on which it is answered", subject="first day", error_messages=required("Enter the first day")
    )
    message = words(
        "What those who are asked read first", rows=6, most=4000,
        help_text="It stands in the letter to each lead and above their return. Say why it is asked, and whom to ring.",
    )  # fmt: skip
    before = RoundField(
        Round.objects.none(), label="Round that it is compared with", required=False, empty_label="None",
        help_text="Last year’s round of the same question set: its answers come back, to be confirmed.",
    )  # fmt: skip
    fieldsets = (("What is said of it", ("title", "year", "opens_on", "before", "message")), ("Who is asked", OF_WHO))

    def narrow(self, name, rows):
        if name == "before":
            rows = rows.filter(status__in=Round.SENT).order_by("-year", "title")
            return rows.exclude(pk=self.row.pk).filter(set_version__question_set=self.set_of) if self.row else rows
        return rows

    def __init__(self, *args, row=None, **kwargs):
        self.row = row
        self.set_of = row.set_version.question_set_id if row else None
        super().__init__(*args, **kwargs)
        if row and row.status != Round.Status.PLANNED:
            for name in ("year", "opens_on"):
                self.fields[name].help_text = "It was sent out, so this stays."

    def clean(self):
        cleaned = super().clean()
        named = self.row and (self.row.population.get(ALSO) or self.row.population.get(NOT))
        if not self.errors and not self.who() and not named:
            self.add_error("kind", "Tick at least one type of organisation")
        return cleaned

    def facts(self) -> dict:
        names = ("title", "year", "opens_on", "message", "before")
        return {name: self.cleaned_data[name] for name in names} | {"population": self.who()}


def deadline(label, missing="", **options):
    messages = required(missing) if missing else {}
    return GovDateField(label=label, subject=label.lower(), required=bool(missing), error_messages=messages, **options)


CLOSES = {"help_text": "It ends with this day, at midnight. What comes later is taken, and marked late."}
FINAL = {"help_text": "Where there is one: when the last reminder counts from."}


class PlanForm(RoundForm):
    """A new round: the same, with what it asks and the deadline of its first window."""

    set_version = VersionField(
        SetVersion.objects.none(), label="Questions that it asks", empty_label="Choose a question set",
        error_messages=required("Choose the question set"),
        help_text="Only versions that are in use. The round keeps its version, whatever becomes of the set.",
    )  # fmt: skip
    closes_on = deadline("Deadline", "Enter the deadline", **CLOSES)
    final_on = deadline("Second deadline", **FINAL)
    fieldsets = (
        ("What is asked, and by when", ("set_version", "title", "year", "opens_on", "closes_on", "final_on")),
        ("What is said of it", ("before", "message")),
        ("Who is asked", OF_WHO),
    )
    error_fields = {"closes_at": "closes_on", "final_at": "final_on"}

    def narrow(self, name, rows):
        if name == "set_version":
            rows = rows.filter(status=SetVersion.Status.IN_USE).select_related("question_set")
            return rows.order_by("question_set__title", "-edition")
        return super().narrow(name, rows)

    def facts(self) -> dict:
        names = ("set_version", "closes_on", "final_on")
        return super().facts() | {name: self.cleaned_data[name] for name in names}


class NamedForm(PortalForm):
    """One organisation that is asked besides, or left out."""

    perm = Perm.DIRECTORY_VIEW
    agency = OrganisationField(label="Organisation", error_messages=required("Enter the organisation"))
    how = forms.ChoiceField(
        label="What about it", choices=[(ALSO, "Ask it besides"), (NOT, "Leave it out")],
        widget=GovRadios(inline=True), error_messages=required("Select whether it is asked or left out"),
    )  # fmt: skip

    def narrow(self, name, rows):
        return rows.live()


class WindowForm(WhoForm):
    name = a_line(
        "Name of the window", "Enter the name of the window", most=100, hint="For example: Secondary schools."
    )
    closes_on = deadline("Deadline", "Enter the deadline", **CLOSES)
    final_on = deadline("Second deadline", **FINAL)
    fieldsets = (("By when", ("name", "closes_on", "final_on")), ("For whom it is", OF_WHO))
    error_fields = {"closes_at": "closes_on", "final_at": "final_on"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].help_text = EVERYBODY_ELSE

    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("name", "closes_on", "final_on")} | {"who": self.who()}


class SlicesForm(PortalForm):
    """First and last day of each section, both empty where it is asked all the time. sections: of the version."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, sections, now, **kwargs):
        self.sections = sections
        kwargs["initial"] = dict(kwargs.get("initial") or {})
        for each in sections:
            if slice_ := now.get(each.pk):
                kwargs["initial"] |= {f"from_{each.pk}": slice_.opens_on, f"to_{each.pk}": slice_.closes_on}
        super().__init__(*args, **kwargs)
        for each in sections:
            for name, label in (("from", "First day"), ("to", "Last day")):
                key = f"{name}_{each.pk}"
                self.fields[key] = deadline(label)
                self.fields[key].subject = f"{label.lower()} of ‘{each.title}’"
                self._finish(key, self.fields[key])
        self.fieldsets = tuple((each.title, (f"from_{each.pk}", f"to_{each.pk}")) for each in sections)

    def clean(self):
        cleaned = super().clean()
        for each in self.sections:
            first, last = cleaned.get(f"from_{each.pk}"), cleaned.get(f"to_{each.pk}")
            if bool(first) != bool(last) and not {f"from_{each.pk}", f"to_{each.pk}"} & set(self.errors):
                missing = "to" if first else "from"
                self.add_error(f"{missing}_{each.pk}", f"Enter both days of ‘{each.title}’, or neither")
            elif first and last and last < first:
                self.add_error(f"to_{each.pk}", f"The last day of ‘{each.title}’ must not be before its first")
        return cleaned

    def days(self) -> dict:
        """section id -> (first day, last day), or None."""
        found = {}
        for each in self.sections:
            first, last = self.cleaned_data[f"from_{each.pk}"], self.cleaned_data[f"to_{each.pk}"]
            found[each.pk] = (first, last) if first else None
        return found


EXCUSE, BACK, AGAIN, MOVE = "excuse", "give_back", "ask_again", "move"


class ReasonForm(PortalForm):
    """Why a return is excused, or given back."""

    why = words("Why", rows=3, most=500)
    error_fields = {"why_excused": "why"}


class SuccessorForm(PortalForm):
    """To whom a return goes. found: the organisations that follow."""

    perm = Perm.DIRECTORY_VIEW
    to = forms.ModelChoiceField(
        Agency.objects.none(), label="The organisation that follows", empty_label=None,
        widget=GovRadios, error_messages=required("Select the organisation that follows"),
    )  # fmt: skip

    def __init__(self, *args, found, **kwargs):
        self.found = [each.pk for each in found]
        super().__init__(*args, **kwargs)
        if len(found) == 1:
            self.initial["to"] = found[0].pk

    def narrow(self, name, rows):
        return rows.filter(pk__in=self.found)


def initial_of(round) -> dict:
    """What the form of a round starts with."""
    facts = {name: getattr(round, name) for name in ("title", "year", "opens_on", "message")}
    who = {name: round.population.get(name, []) for name in OF_WHO}
    return facts | who | {"before": round.before_id, "version": round.version}


def initial_of_window(window) -> dict:
    final = window.final_at and timezone.localdate(window.final_at)
    facts = {"name": window.name, "closes_on": timezone.localdate(window.closes_at), "final_on": final}
    return facts | {name: window.who.get(name, []) for name in OF_WHO} | {"version": window.version}


def steps_of(row) -> list[str]:
    """What can be done with a return as it stands."""
    if row.status in AuditReturn.OWES:
        return [EXCUSE]
    return {AuditReturn.Status.SUBMITTED: [BACK], AuditReturn.Status.EXCUSED: [AGAIN]}.get(row.status, [])
