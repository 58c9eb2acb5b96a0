"""The form of an evaluation: a scale for each statement, and a few questions in words."""

from django import forms

from partnership.access.forms import PortalForm
from partnership.ui.forms import GovForm, GovRadios, required, words
from training import questions

MOST = 2000
SCORE, WORDS = "score_", "words_"


class LinkForm(GovForm):
    """Behind a link. row: the evaluation; what was saved before stands in it."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, **kwargs)
        edition = questions.edition()
        scale = [(str(n), text) for n, text in enumerate(edition.scale, 1)]
        self.scored, self.in_words = edition.scored_at(row.stage), edition.in_words_at(row.stage)
        for each in self.scored:
            label = each.worded(row.stage)
            field = forms.ChoiceField(
                label=label, choices=scale, widget=GovRadios(small=True),
                error_messages=required(f"Choose how far you agree: ‘{label}’"),
            )  # fmt: skip
            self._add(SCORE + each.id, field)
        for each in self.in_words:
            self._add(WORDS + each.id, words(f"{each.worded(row.stage)} (optional)", rows=4, most=MOST))
        self.initial |= now_of(row) | {"version": row.version}

    def _add(self, name, field):
        self.fields[name] = field
        self._finish(name, field)

    def facts(self) -> dict:
        said = self.cleaned_data
        return {
            "scores": {each.id: int(said[SCORE + each.id]) for each in self.scored},
            "words": {each.id: said[WORDS + each.id] for each in self.in_words},
            "version": said["version"],
        }

    def put_errors(self, error):
        """What the service refuses names no field."""
        self.add_error(None, error.messages)


class OwnForm(LinkForm, PortalForm):
    """Of somebody who is signed in."""


def now_of(row) -> dict:
    """What is saved, by the names of the form's fields."""
    scores = {SCORE + key: str(value) for key, value in row.scores.items()}
    return scores | {WORDS + key: text for key, text in row.words.items()}
