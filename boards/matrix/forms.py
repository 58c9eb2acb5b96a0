"""Which time is counted, and by what."""

from django import forms
from django.utils import timezone

from boards.matrix.reads import BY_AGENCY, BY_SEAT, running_year
from partnership.ui.dates import plain
from partnership.ui.forms import GovDateField, GovForm, GovRadios

FIRST, LAST = "first", "last"


def boxes(first, last) -> dict:
    """Name of each box of PeriodForm -> what stands in it."""
    pairs = zip((FIRST, LAST), (first, last), strict=True)
    return {f"{name}_{part}": str(getattr(day, part)) for name, day in pairs for part in ("day", "month", "year")}


def asked(data, until=None) -> dict:
    """What an address or a button asks for. Where it asks for no time, the running year, or the last one of a group
    that met `until` a day that is over, so that the boxes say it."""
    year = boxes(*running_year(until and min(until, timezone.localdate())))
    known = {name: data[name] for name in (*year, "by") if name in data}
    whole = {"by": BY_AGENCY} | known
    return whole if known.keys() - {"by"} else whole | year


class PeriodForm(GovForm):
    """Two days, the running year from 1 April where none are given."""

    first = GovDateField(label="From", subject="first day", required=False)
    last = GovDateField(label="Until", subject="last day", required=False)

    def clean(self):
        cleaned = super().clean()
        first, last = self.period()
        if not self.errors and first > last:
            self.add_error("last", "The last day must not be before the first day")
        return cleaned

    def period(self):
        """(first, last): what is left empty is that of the running year, or of the year of the day that is given."""
        first, last = (getattr(self, "cleaned_data", {}).get(name) for name in (FIRST, LAST))
        year = running_year(first or last)
        return first or year[0], last or year[1]

    def in_words(self):
        return "{} to {}".format(*map(plain, self.period()))

    def hidden(self):
        """Field name -> value, for a form that asks for the same time."""
        return boxes(*self.period())


class MatrixForm(PeriodForm):
    by = forms.ChoiceField(
        label="One line for each",
        choices=((BY_AGENCY, "Organisation"), (BY_SEAT, "Seat")),
        required=False,
        widget=GovRadios(inline=True, small=True),
    )

    def chosen(self):
        return self.cleaned_data.get("by") or BY_AGENCY
