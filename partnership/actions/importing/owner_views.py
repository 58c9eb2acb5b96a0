"""The worklist of owners to name, and the page on which one is named for all rows that say the same."""

from django import forms
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse

from partnership.access.forms import PortalForm
from partnership.access.page import page
from partnership.access.pickers import PeopleField
from partnership.access.replies import form_page, posted
from partnership.actions.importing import owners
from partnership.actions.importing.who import can_be_asked
from partnership.actions.models import Action, Risk
from partnership.people.models import User
from partnership.people.roles import Perm
from partnership.ui.dates import plain
from partnership.ui.forms import GovCheckboxes, GovRadios, required

OTHER = "other"


class NameForm(PortalForm):
    """Who it is, and for which of the rows. suggested: [(person, where)]; words: owners.Words."""

    perms = {"somebody": Perm.DIRECTORY_VIEW}

    person = forms.ChoiceField(label="Who is it?", widget=GovRadios, error_messages=required("Select who it is."))
    somebody = PeopleField(User.objects.none(), label="Which person?", required=False, empty_label="Choose a person")
    rows = forms.MultipleChoiceField(
        label="For which of these?", widget=GovCheckboxes, error_messages=required("Select at least one.")
    )

    reveals = {"person": {OTHER: ("somebody",)}}

    def __init__(self, *args, words, suggested, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = {str(each.pk): each for each, _ in suggested}
        known = [(str(each.pk), f"{each.name}, {where}") for each, where in suggested]
        self.fields["person"].choices = [*known, (OTHER, "Somebody else")]
        self.found = {str(row.pk): row for row in (*words.actions, *words.risks)}
        self.fields["rows"].choices = [(pk, _line(row)) for pk, row in self.found.items()]
        self.fields["rows"].initial = list(self.found)
        if not known:
            self.fields["person"].initial = OTHER

    def narrow(self, name, rows):
        return can_be_asked(self.user).filter(pk__in=rows.values("pk"))

    def clean(self):
        data = super().clean()
        if data.get("person") == OTHER and not data.get("somebody") and "somebody" not in self.errors:
            self.add_error("somebody", "Choose the person.")
        return data

    def owner(self):
        said = self.cleaned_data["person"]
        return self.cleaned_data["somebody"] if said == OTHER else self.people[said]

    def chosen(self):
        return [self.found[pk] for pk in self.cleaned_data["rows"]]


def _line(row):
    due = f", due {plain(row.due_on)}" if isinstance(row, Action) and row.due_on else ""
    agency = f", {row.agency.name}" if row.agency else ""
    return f"{row.reference}: {row.what}{agency}{due}"


@page(Perm.ACTION_MANAGE, methods=("GET",))
def owners_to_name(request):
    return render(request, "actions/owners_to_name.html", {"found": owners.to_name(request.user)})


def _name(request, row):
    words = owners.same_words(request.user, row)
    home = reverse("actions:owners_to_name")
    if not words.count:
        messages.warning(request, "Somebody has said meanwhile who this is, or the row is over.")
        return HttpResponseRedirect(home)
    form = NameForm(
        posted(request), user=request.user, words=words, suggested=owners.suggested(request.user, words.said)
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given, left = owners.name_owner(form.chosen(), by=request.user, owner=form.owner())
        if given:
            one = "1 row was" if len(given) == 1 else f"{len(given)} rows were"
            messages.success(request, f"{one} given to {form.owner().name}.")
        for each, why in left:
            messages.warning(request, f"{each.reference} stays: {why}")
        return redirect(home)
    return form_page(request, "actions/name_owners.html", form, words=words)


@page(Perm.ACTION_MANAGE, Action)
def name_owners(request, row):
    return _name(request, row)


@page(Perm.RISK_EDIT, Risk)
def name_risk_owners(request, row):
    return _name(request, row)
