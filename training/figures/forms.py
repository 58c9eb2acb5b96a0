from django import forms

from partnership.actions.planning.rules import words_of_year
from partnership.ui.forms import GovForm
from training.figures.findings import offered
from training.figures.shapes import CUTS


class FiguresForm(GovForm):
    """years: those of which there is anything, the newest first; without a choice it is `now`, or the newest."""

    year = forms.ChoiceField(label="Year, April to March", required=False)
    by = forms.ChoiceField(label="Told apart by", required=False)

    def __init__(self, *args, years, now, named, **kwargs):
        super().__init__(*args, **kwargs)
        self.usual = now if now in years or not years else years[0]
        self.fields["year"].choices = [(str(year), words_of_year(year)) for year in years or [now]]
        self.fields["year"].initial = str(self.usual)
        self.fields["by"].choices = [(name, CUTS[name]) for name in offered(named)]

    def asked(self) -> dict:
        data = getattr(self, "cleaned_data", {})
        return {"year": int(data.get("year") or self.usual), "by": data.get("by") or "course"}
