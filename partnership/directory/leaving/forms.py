"""Forms of leaving and moving."""

from django import forms
from django.utils import timezone

from partnership.access.forms import PortalForm
from partnership.access.picking import OrganisationField
from partnership.directory.models import Departure
from partnership.directory.rules import latest_last_day
from partnership.people.roles import AGENCY_ROLES, LABELS, Perm
from partnership.ui.dates import plain
from partnership.ui.forms import GovDateField, GovForm, GovRadios, required

HERE, ALL = "here", "all"
REST, FEW = "rest", 3  # things that are given one by one; where there are more, one person can take the rest


def last_day():
    return GovDateField(
        label="Last day",
        help_text="Access ends at the end of this day. If it is today or has passed, it ends as soon as the leaving is "
        "finished.",
        latest=latest_last_day,
        error_messages=required("Enter the last day"),
    )


class LeavingsFilter(GovForm):
    """The list of leavings; sent by GET."""

    q = forms.CharField(label="Person or organisation", required=False, max_length=100)
    state = forms.ChoiceField(
        label="Standing", required=False, choices=[("", "All"), *Departure.Status.choices]
    )  # fmt: skip


class LeaveForm(PortalForm):
    """How somebody leaves one organisation, or the partnership altogether."""

    scope = forms.ChoiceField(label="What ends", widget=GovRadios, error_messages=required("Select what ends"))
    last_day = last_day()

    def __init__(self, *args, choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["scope"].choices = choices


class MoveForm(PortalForm):
    perm = Perm.COLLEAGUES

    to_agency = OrganisationField(
        label="New organisation", error_messages=required("Enter the name or number of the new organisation")
    )
    to_role = forms.ChoiceField(
        label="Role at the new organisation",
        choices=[(str(role), LABELS[role]) for role in AGENCY_ROLES],
        widget=GovRadios,
        error_messages=required("Select the role at the new organisation"),
    )
    last_day = last_day()

    def __init__(self, *args, agency, **kwargs):
        self.agency = agency
        super().__init__(*args, **kwargs)

    def narrow(self, name, rows):
        return rows.live().filter(merged_into=None).exclude(pk=self.agency.pk)


class DepartureForm(PortalForm):
    """One question for each thing that the person holds and that this user may decide about.

    dated: whether this user may put the last day off.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)
    last_day = last_day()

    def __init__(self, *args, items, departure, dated, **kwargs):
        self.items = {item.field: item for item in items}
        started = {"version": departure.version, "last_day": departure.last_day}
        super().__init__(*args, initial=started | {item.field: _value(item) for item in items}, **kwargs)
        if not dated:
            del self.fields["last_day"]
        self.takers = {str(user.pk): user for item in items if item.held.must_hand_over for user in item.people or ()}
        if sum(item.held.must_hand_over and bool(item.people) for item in items) > FEW:
            people = sorted(self.takers.values(), key=lambda user: user.name)
            self.fields[REST] = forms.ChoiceField(
                label="Who takes all that is not decided yet", required=False,
                choices=[("", "I choose for each"), *((str(user.pk), _person(user)) for user in people)],
                help_text="What this person cannot take stays to be decided.",
            )  # fmt: skip
        for item in items:
            if item.offers:
                gone = f"Choose again for ‘{item.what}’: what you chose is not possible any more"
                self.fields[item.field] = forms.ChoiceField(
                    label=label_of(item), required=False, choices=_options(item), help_text=_hint(item),
                    error_messages={"invalid_choice": gone},
                )  # fmt: skip

    def clean(self):
        """What ends at once by a day that has passed is asked once more: a wrong year would do it unseen."""
        data = super().clean()
        day = data.get("last_day")
        if "finish" in self.data and day and day < timezone.localdate():
            self.fields["sure"] = forms.BooleanField(label=f"Yes, {plain(day)} is right: end the access now")
            if not self.data.get("sure"):
                self.add_error("sure", f"{plain(day)} has passed, so the access ends at once. Tick to confirm it")
        return data

    def decided(self) -> dict:
        """item key -> "", "vacant", "keep" or the User."""
        found, rest = {}, self.takers.get(self.cleaned_data.get(REST, ""))
        for name, item in self.items.items():
            if name in self.fields:
                value = self.cleaned_data.get(name, "")
                if not value and rest and item.held.must_hand_over and item.may_go_to(rest):
                    value = str(rest.pk)
                people = {str(user.pk): user for user in item.people or ()}
                if item.decided is not None and item.decided.to_id:
                    people.setdefault(str(item.decided.to_id), item.decided.to)
                found[item.key] = people.get(value, value)
        return found

    def put_missing(self, not_ready):
        for item in not_ready.items:
            self.add_error(item.field if item.field in self.fields else None, f"{label_of(item)}: {item.missing}")


def label_of(item) -> str:
    case = f" ({item.case})" if item.case else ""
    due = f", due {plain(item.due_on)}" if item.due_on else ""
    return f"{item.what}{case}{due}"


def _hint(item):
    if not item.held.must_hand_over:
        return ""
    return f"Somebody takes it over, or ‘{item.held.vacant}’." if item.held.vacate else "Somebody takes it over."


def _value(item):
    if item.decided is None:
        return ""
    return str(item.decided.to_id) if item.decided.to_id else item.decided.choice


def _options(item):
    nothing = "Not decided yet" if item.held.must_hand_over else item.held.vacant
    codes = [pair for pair in item.choices if item.held.must_hand_over or pair[0] != "vacant"]
    people = [(str(user.pk), _person(user)) for user in item.people or ()]
    chosen = item.decided.to if item.decided and item.decided.to_id else None
    if chosen and str(chosen.pk) not in {value for value, _ in people}:
        people.append((str(chosen.pk), _person(chosen)))
    return [("", nothing), *((str(code), label) for code, label in codes), *people]


def _person(user):
    return f"{user.name}, {user.job_title or 'no post given'}"
