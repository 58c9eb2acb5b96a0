"""What the register is asked for, and the same in words. The pickers offer what the reader's own rows hold, no more."""

from django import forms
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Case, CharField, F, Value, When
from django.db.models.functions import Concat

from partnership.access.prepared import as_array
from partnership.actions import rag
from partnership.actions.models import Action, Duty, Origin, Priority
from partnership.actions.rag_rows import WORST_FIRST
from partnership.actions.register.rows import ENDED, LEFT, ME, NONE, nameable
from partnership.people.models import Agency, User
from partnership.ui.dates import plain
from partnership.ui.forms import GovDateField, GovForm, spoken
from partnership.ui.listing import FoldedFilters

STATUSES = {
    "": "Live",
    "overdue": "Overdue",
    "update": "Wants an update",
    "approve": "Waiting for approval",
    "date": "Another date is asked for",
    "parked": "Parked ideas",
    "closed": "Closed or no longer needed",
    "all": "All, whatever their state",
}
IN_WORDS = {
    "update": "Actions that want an update",
    "approve": "Actions waiting for approval",
    "date": "Actions for which another date is asked",
    "parked": "Parked ideas",
    "closed": "Actions that are closed or no longer needed",
    "all": "Actions",
}
AGES = {
    "30": "Older than 1 month",
    "90": "Older than 3 months",
    "180": "Older than 6 months",
    "365": "Older than 1 year",
}
SLIPS = {"1": "Once or more", "2": "Twice or more", "3": "Three times or more"}
OFFERED = ("group", "agency", "owner", "priority", "duty")


def offers(user) -> dict:
    """Name of a filter -> {id: label} of what occurs in the rows that `user` may see; two questions however many."""
    columns = {f"{name}s": "folder_id" if name == "group" else f"{name}_id" for name in OFFERED}
    seen = Action.objects.visible_to(user).order_by()
    ids = seen.aggregate(**{name: ArrayAgg(column, distinct=True) for name, column in columns.items()})
    named = Case(
        When(job_title="", then=F("name")), default=Concat("name", Value(", "), "job_title"), output_field=CharField()
    )
    asked = (
        ("agency", Agency.objects, F("name")),
        ("owner", User.objects, named),
        ("priority", Priority.objects, F("title")),
        ("duty", Duty.objects, F("title")),
        ("group", nameable(user), F("called")),
    )
    first, *others = (
        rows.filter(pk__among=as_array(filter(None, ids[f"{name}s"] or ())))
        .annotate(what=Value(name), label=words)
        .order_by()
        .values_list("what", "pk", "label")
        for name, rows, words in asked
    )
    found = {name: {} for name in OFFERED}
    for name, pk, label in sorted(first.union(*others, all=True), key=lambda each: each[2].casefold()):
        found[name][pk] = label
    return found


class RegisterFilter(FoldedFilters, GovForm):
    """The filters of the register, from the address. Nothing here is stored: an address is a list to keep."""

    q = forms.CharField(label="Words of the action, or its reference", required=False, max_length=100)
    status = forms.ChoiceField(label="State", required=False, choices=list(STATUSES.items()))
    rating = forms.ChoiceField(
        label="Rating", required=False, choices=[("", "Any"), *((each, rag.COLOURS[each]) for each in WORST_FIRST)]
    )
    group = forms.ChoiceField(label="Group or case", required=False)
    agency = forms.ChoiceField(label="Organisation", required=False)
    owner = forms.ChoiceField(label="Owner", required=False)
    priority = forms.ChoiceField(label="Priority", required=False)
    duty = forms.ChoiceField(label="Duty", required=False)
    origin = forms.ChoiceField(label="Where it arose", required=False, choices=[("", "Anywhere"), *Origin.choices])
    older = forms.ChoiceField(label="Agreed", required=False, choices=[("", "At any time"), *AGES.items()])
    slips = forms.ChoiceField(
        label="Its date was moved", required=False, choices=[("", "Or never moved"), *SLIPS.items()]
    )
    due_from = GovDateField(label="Due from", subject="first due day", required=False)
    due_to = GovDateField(label="Due until", subject="last due day", required=False)

    first = ("q", "status", "rating", "group", "agency", "owner")

    def __init__(self, data, *, user):
        super().__init__(data)
        self.offers = offers(user)
        self.offer(self.offers)

    def offer(self, found):
        """found: as from `offers`."""
        extra = {
            "group": [("", "All")],
            "agency": [("", "All"), (NONE, "None named"), (ENDED, "One that has closed")],
            "owner": [("", "Anybody"), (ME, "Me"), (NONE, "Nobody yet"), (LEFT, "Somebody who can no longer open it")],
            "priority": [("", "Any"), (NONE, "None")],
            "duty": [("", "Any"), (NONE, "None")],
        }
        for name in OFFERED:
            self.fields[name].choices = [*extra[name], *((str(pk), label) for pk, label in found[name].items())]

    def clean(self):
        asked = super().clean()
        first, last = asked.get("due_from"), asked.get("due_to")
        if first and last and last < first:
            self.add_error("due_to", "The last due day must not be before the first")
        return asked

    def asked(self) -> dict:
        """What `rows.find` takes, and the rating."""
        asked = dict(self.cleaned_data)
        return asked | {
            "words": asked.pop("q"), "older": int(asked["older"] or 0), "slips": int(asked["slips"] or 0)
        }  # fmt: skip

    def in_words(self) -> str:
        """'Live actions of the Practice Review Group: red, owner nobody yet, due until 4 May 2027'."""
        asked = self.cleaned_data
        text = IN_WORDS.get(asked["status"]) or f"{STATUSES[asked['status']]} actions"
        if asked["group"]:
            text += f" of {self._chosen('group')}"
        more = [rag.COLOURS[asked["rating"]].lower()] if asked["rating"] else []
        for name in ("agency", "owner", "priority", "duty", "origin"):
            if asked[name]:
                more.append(f"{spoken(self.fields[name].label)} {self._chosen(name)}")
        if asked["older"]:
            more.append(AGES[asked["older"]].lower())
        if asked["slips"]:
            more.append(f"date moved {SLIPS[asked['slips']].lower()}")
        if asked["due_from"]:
            more.append(f"due from {plain(asked['due_from'])}")
        if asked["due_to"]:
            more.append(f"due until {plain(asked['due_to'])}")
        if asked["q"]:
            more.append(f"found by ‘{asked['q']}’")
        return f"{text}: {', '.join(more)}" if more else text

    def _chosen(self, name):
        return dict(self.fields[name].choices)[self.cleaned_data[name]]
