"""Asking an agency for its return, and the return."""

from dataclasses import replace

from django import forms
from django.forms.utils import ErrorDict
from django.utils import timezone

from partnership.access.forms import PortalForm
from partnership.access.picking import OrganisationField
from partnership.people.models import Agency, SharingAgreement, User
from partnership.people.roles import Perm
from partnership.ui.dates import plain
from partnership.ui.forms import GovCheckboxes, GovDateField, GovRadios, required, words
from reviews import waves
from reviews.forms.requests import RequestForm, due_on
from reviews.models import LONG, AgencyReturn, Clearance
from reviews.whom import belonging

AS_ASKED = (
    "Call people as the request does, for example Child A or Mother: "
    "no names or initials, no dates of birth, no addresses."
)


def askable(name, rows):
    """Organisations (`agency`) with somebody who can be asked, or those people, for a field to choose from."""
    if name == "agency":
        return rows.live().filter(pk__in=belonging().values("agency_id")).order_by("name")
    return rows.filter(pk__in=belonging().values("user_id")).order_by("name")


class ClearsClosures(RequestForm):
    """A request that asks for each chosen organisation that is closed what is done about it, and why."""

    def ask_about(self, agency, closure):
        """closure: closures.Closed. The two fields are there from the first sending on, for the chosen ones alone."""
        way, why = self._names(agency.pk)
        self.fields[way] = forms.ChoiceField(
            label=f"{agency.name} is {closure.words}. What do you do?",
            choices=Clearance.Way.choices,
            widget=GovRadios,
            error_messages=required(f"Select what you do about {agency.name}, which is closed"),
        )
        self.fields[why] = words(
            f"Why, for {agency.name}",
            f"Say why, for {agency.name}",
            rows=2,
            most=1000,
            help_text="Kept with the review, with your name. If you ask another way: whom, and how.",
        )
        self.order_fields([way, why, *(name for name in self.fields if name not in (way, why))])

    @staticmethod
    def _names(pk):
        return f"way_{pk}", f"why_{pk}"

    def cleared_for(self, pk) -> dict | None:
        way, why = self._names(pk)
        return {"way": self.cleaned_data[way], "reason": self.cleaned_data[why]} if way in self.cleaned_data else None


ONLY_THE_AUTHOR = "In the agency, only this person sees the request, the identifiers to search by, and the return."
# Sends the whole form, so that nothing typed is lost; without JavaScript a button does the same.
SHOWS_PEOPLE = {
    "hx-post": "",
    "hx-vals": '{"show": "people"}',
    "hx-target": "#ask-agency",
    "hx-select": "#ask-agency",
    "hx-swap": "outerHTML",
}


class AskForm(ClearsClosures):
    """Ask one agency for its return: the agency first, then one of its people."""

    perm = Perm.DIRECTORY_VIEW

    agency = forms.ModelChoiceField(
        queryset=Agency.objects.none(),
        label="Agency",
        empty_label="Choose an agency",
        help_text="Only agencies with somebody who can sign in are listed.",
        widget=forms.Select(attrs=SHOWS_PEOPLE),
        error_messages=required("Select the agency"),
    )
    author = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label="Named author",
        empty_label="Choose the agency first",
        help_text=ONLY_THE_AUTHOR,
        error_messages=required("Select the named author"),
    )
    subject = OrganisationField(
        label="About another organisation’s records",
        required=False,
        help_text="Leave it empty for its own. The health board can write for a practice, a trust for an academy.",
    )

    def __init__(self, *args, review, **kwargs):
        super().__init__(*args, review=review, **kwargs)
        agreed = set(SharingAgreement.objects.live().values_list("agency_id", flat=True))
        rows = AgencyReturn.objects.visible_to(self.user).filter(review=review)
        asked = set(rows.exclude(status=AgencyReturn.Status.WITHDRAWN).values_list("agency_id", flat=True))
        self.fields["agency"].label_from_instance = lambda agency: _with(
            agency.name,
            agency.pk in asked and "asked already",
            agency.pk not in agreed and "no agreement: needs the letter",
        )
        self.offer, agency = None, self._chosen()
        if agency and (offer := waves.offer_of(self.user, review, agency)):
            self._offer(offer)
        elif agency:
            self.fields["author"].empty_label = "Nobody of it can be asked"

    def _offer(self, offer):
        """The people of the agency that was chosen, the proposed one first named; what is asked where it is closed."""
        self.offer, author = offer, self.fields["author"]
        author.empty_label = "Choose a person"
        author.label_from_instance = offer.label
        author.queryset = author.queryset.filter(pk__in=[each.pk for each in offer.people])
        author.help_text = f"{offer.why} {ONLY_THE_AUTHOR}"
        if offer.closed:
            self.ask_about(offer.agency, offer.closed)

    def only_look(self):
        """The agency was chosen, to see its people: nothing is said to be wrong yet, and who is proposed is chosen."""
        self._errors = ErrorDict()
        self.data = self.data.copy()
        here = {str(each.pk) for each in self.offer.people} if self.offer else ()
        if self.data.get("author") not in here:
            self.data["author"] = str(self.offer.author.pk) if self.offer and self.offer.author else ""

    def _chosen(self):
        try:
            return self.fields["agency"].clean(self.data.get(self.add_prefix("agency"))) if self.is_bound else None
        except forms.ValidationError:
            return None

    def cleared(self) -> dict | None:
        return self.cleared_for(self.cleaned_data["agency"].pk)

    field_order = [
        "agency", "author", "subject", "due_on", "purpose", "search_from", "search_to", "letter_sent_on",
        "letter_from", "letter_purpose",
    ]  # fmt: skip

    def narrow(self, name, rows):
        if name == "subject":
            return rows.live()
        return rows.none() if name == "author" and not self._chosen() else askable(name, rows)


def _with(name, *notes) -> str:
    """'A name (a note; another)'."""
    notes = "; ".join(filter(None, notes))
    return f"{name} ({notes})" if notes else name


CHANGED = (
    "Whom to ask has changed since you opened this page, so nobody was asked. Look at the names below and choose again."
)


class _Offered(forms.MultipleChoiceField):
    """Each value names an agency and the person who was proposed for it: another proposal is looked at anew."""

    def validate(self, value):
        if any(not self.valid_value(each) for each in value):
            raise forms.ValidationError(CHANGED)
        super().validate(value)


class WaveForm(ClearsClosures):
    """Ask several agencies at once. offers: waves.Offer of those that can be asked."""

    agencies = _Offered(
        label="Agencies to ask", widget=GovCheckboxes, error_messages=required("Select at least one agency")
    )
    field_order = ["agencies"]

    def __init__(self, *args, offers, **kwargs):
        super().__init__(*args, **kwargs)
        self.offers = {each.key: each for each in offers}
        field = self.fields["agencies"]
        field.choices = [(key, each.agency.name) for key, each in self.offers.items()]
        field.widget.hints = {key: _asked(each) for key, each in self.offers.items()}
        self.reveals = {"agencies": {key: (_who(each.agency.pk),) for key, each in self.offers.items()}}
        for each in self.offers.values():
            self.fields[_who(each.agency.pk)] = _who_is_asked(each)
        picked = self.data.getlist(self.add_prefix("agencies")) if self.is_bound else ()
        for key in picked:
            if (offer := self.offers.get(key)) and offer.closed:
                self.ask_about(offer.agency, offer.closed)

    def chosen(self) -> list:
        """The offers that were ticked, each with the author who was chosen for it."""
        return [self._with_author(self.offers[key]) for key in self.cleaned_data["agencies"]]

    def _with_author(self, offer):
        chosen = self.cleaned_data[_who(offer.agency.pk)]
        return replace(offer, author=next((each for each in offer.people if str(each.pk) == chosen), offer.author))

    def cleared(self) -> dict:
        """Agency id -> what is done about it, for those that are closed."""
        found = {each.agency.pk: self.cleared_for(each.agency.pk) for each in self.chosen()}
        return {pk: said for pk, said in found.items() if said}


def _who(pk):
    return f"author_{pk}"


def _who_is_asked(offer):
    """Who can be asked there; where somebody is proposed nobody needs to choose."""
    people = [(str(each.pk), offer.label(each)) for each in offer.people]
    return forms.ChoiceField(
        label=f"Who is asked at {offer.agency.name}",
        choices=people if offer.author else [("", "Choose a person"), *people],
        initial=str(offer.author.pk) if offer.author else "",
        required=offer.author is None,
        error_messages=required(f"Choose who is asked at {offer.agency.name}", invalid_choice=CHANGED),
    )


def _asked(offer):
    why = f"It is {offer.closed.words}: you are asked what to do." if offer.closed else offer.why
    words = f"{offer.author.name}, {offer.author.job_title or 'no post given'}. {why}" if offer.author else why
    if offer.waits:
        words = f"{words} Decided on {plain(timezone.localtime(offer.waits.at))}: {offer.waits.get_way_display()}."
    return f"{words} It has no sharing agreement in force: needs the letter." if offer.needs_letter else words


def searched_on(missing=""):
    """missing: the sentence for an empty one; '' where it may be left empty for now."""
    more = {"error_messages": required(missing)} if missing else {"required": False}
    label = "Date on which records were searched"
    return GovDateField(label=label, subject="date of the search", not_future=True, **more)


def records_secured(missing=""):
    more = {"error_messages": required(missing)} if missing else {"required": False}
    return forms.BooleanField(label="Our records are secured: nobody changes or removes them", **more)


class ReturnForm(PortalForm):
    """An agency's return; saved as it is typed, so nothing is required before it is submitted."""

    searched_on = searched_on()
    period_from = GovDateField(
        label="Period covered, from", subject="first day of the period", required=False, not_future=True
    )
    period_to = GovDateField(
        label="Period covered, to", subject="last day of the period", required=False, not_future=True
    )
    records_secured = records_secured()
    family = words("Family and household as your records show them", rows=4, most=LONG, help_text=AS_ASKED)
    contacts = words("Key contacts, in order of date", rows=10, most=LONG)
    analysis = words("Analysis of practice: what was done and why", rows=10, most=LONG)
    voice = words("The child’s own experience and words", rows=5, most=LONG)
    inequality = words("Culture, ethnicity, disability and inequality: how they mattered", rows=5, most=LONG)
    good_practice = words("Good practice", rows=4, most=LONG)
    learning = words("Learning for your agency", rows=6, most=LONG)
    immediate_action = words("What has been done at once", rows=4, most=LONG)
    other_agencies = words("Other agencies known to be involved", rows=3, most=2000)
    version = forms.IntegerField(widget=forms.HiddenInput)

    fieldsets = (
        ("The search", ("searched_on", "period_from", "period_to", "records_secured")),
        ("What your records show", ("family", "contacts")),
        ("What it means", ("analysis", "voice", "inequality", "good_practice", "learning")),
        ("What happens now", ("immediate_action", "other_agencies")),
    )

    def clean(self):
        cleaned = super().clean()
        if (start := cleaned.get("period_from")) and (end := cleaned.get("period_to")) and end < start:
            self.add_error("period_to", "The period cannot end before it begins")
        return cleaned

    def answers(self):
        """What can be kept now: an autosave keeps every answer but the ones that are wrong."""
        others = ("version", "form_token")
        return {key: value for key, value in self.cleaned_data.items() if key not in others}


class NoteForm(PortalForm):
    """Why a request is withdrawn."""

    note = words("Note to the author", "Enter a note", rows=4, most=1000)


class SendBackForm(NoteForm):
    """What the author should add, and by when."""

    due_on = due_on("Return due again", "date on which the return is due again")
