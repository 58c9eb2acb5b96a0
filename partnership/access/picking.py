"""A box for one organisation: its name or number is typed, and those that fit are offered while one types.

A list to choose from would hold every school of England after the national register came in.
"""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from partnership.people.matching import best_first, searched
from partnership.people.models import Agency

OFFERED = 8
NAMED = 5  # how many are named where several fit
_offers_at: list[str] = []
_NUMBERED = re.compile(r".*\((?P<number>[^()]+)\)\s*$")


def register_offers(url_name) -> None:
    """The page that fills the box while one types; called once by the app that has it."""
    _offers_at[:] = [url_name]


def label_of(agency) -> str:
    """The name and the number that tells it from its namesakes: 'Heron Cross Primary School (124003)'."""
    number = agency.school.urn if hasattr(agency, "school") else None
    if number is None:
        number = next((each.number for each in agency.registrations.all()), None)
    return f"{agency.name} ({number})" if number else agency.name


def offered(rows, words, *, most=OFFERED) -> list[Agency]:
    """Those of `rows` that these words mean, the likeliest first; three statements."""
    if not words.strip():
        return []
    found = best_first(searched(rows, words), words)
    return list(found.select_related("school").prefetch_related("registrations")[:most])


class OrganisationInput(forms.TextInput):
    """The box and, beneath it, what the browser offers; htmx fills it while one types.

    meant: organisations that what was typed fits, to choose one of by a click. They are sent under the same name after
    the box, so the chosen one counts.
    """

    meant = ()

    def render(self, name, value, attrs=None, renderer=None):
        offers = f"{(attrs or {}).get('id', name)}-offers"
        asks = {
            "list": offers,
            "autocomplete": "off",
            "spellcheck": "false",
            "hx-get": reverse(*_offers_at),
            "hx-trigger": "input changed delay:250ms",
            "hx-target": f"#{offers}",
            "hx-sync": "this:replace",
        }
        box = super().render(name, value, {**(attrs or {}), **asks}, renderer)
        return format_html(
            '{}<datalist id="{}"></datalist>{}', box, offers, self._which(name, (attrs or {}).get("id", name))
        )

    def _which(self, name, id_):
        if not self.meant:
            return ""
        items = format_html_join(
            "",
            '<div class="govuk-radios__item"><input class="govuk-radios__input" type="radio" id="{0}-{1}" name="{2}" '
            'value="{3}"><label class="govuk-label govuk-radios__label" for="{0}-{1}">{3}</label></div>',
            ((id_, number, name, label_of(each)) for number, each in enumerate(self.meant)),
        )
        return format_html(
            '<fieldset class="govuk-fieldset govuk-!-margin-top-3"><legend class="govuk-fieldset__legend">Which one do '
            'you mean?</legend><div class="govuk-radios govuk-radios--small" data-module="govuk-radios">{}</div>'
            "</fieldset>",
            items,
        )


class OrganisationField(forms.ModelChoiceField):
    """One of `queryset` (set by PortalForm), typed as a name, a part of it that fits one alone, or a number."""

    widget = OrganisationInput
    default_error_messages = {
        "unknown": "No organisation that can be chosen here has this name or number. Check it in the directory",
        "several": "{found} organisations fit: {named}. Choose one of them below, or enter its name or number",
        "many": "More than {most} organisations fit. Enter more of the name, the town, or the number",
    }

    def __init__(self, *, help_text="Its name, a part of it, or its number.", **kwargs):
        super().__init__(Agency.objects.none(), help_text=help_text, **kwargs)

    def prepare_value(self, value):
        return label_of(value) if isinstance(value, Agency) else value

    def label_from_instance(self, agency):
        return label_of(agency)

    def to_python(self, value):
        words = " ".join(str(value or "").split())[:300]
        if not words:
            return None
        found = self._named(words) or offered(self.queryset, words, most=NAMED + 1)
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        if len(found) > NAMED:
            raise ValidationError(self.error_messages["many"].format(most=NAMED), code="many")
        self.widget.meant = found
        named = "; ".join(map(label_of, found))
        raise ValidationError(self.error_messages["several"].format(found=len(found), named=named), code="several")

    def _named(self, words) -> list:
        """Who has this number, or is called exactly so."""
        match = _NUMBERED.match(words)
        number = match["number"] if match else words
        rows = self.queryset
        schools = rows.filter(school__urn=int(number)) if number.isdecimal() and len(number) <= 9 else rows.none()
        numbered = rows.filter(registrations__number__iexact=number).distinct()
        for found in (schools, numbered, rows.filter(name__iexact=words)):
            if found := list(found[: NAMED + 1]):
                return found
        return []


def options(agencies) -> str:
    """The <option>s of the datalist."""
    return format_html_join("", '<option value="{}"></option>', ((label_of(each),) for each in agencies))
