"""The report by section, and what its independent scrutineer says of it."""

from django import forms

from partnership.access.forms import PortalForm
from partnership.ui.forms import GovRadios, required, words
from reviews.forms.opening import NO_NAMES
from reviews.models import LONG

MOST = 60_000  # characters of a section: what eight agencies say of their practice stands in one


class SectionForm(PortalForm):
    text = words(
        "Text",
        rows=22,
        most=MOST,
        help_text=f"{NO_NAMES} A line that begins with ## is a heading, lines that begin with - are a list.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class DraftForm(PortalForm):
    """What becomes of words that somebody typed, when the sources are asked again; asks: whether there are any."""

    how = forms.ChoiceField(
        label="What is to become of what stands there?",
        choices=[("below", "Keep it, and put the draft below it"), ("replace", "Replace it with the draft")],
        widget=GovRadios(hints={"replace": "What stands there is gone then: no earlier text of a section is kept."}),
        error_messages=required("Select what is to become of what stands there"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, asks, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["how"].required = asks

    def below(self) -> bool | None:
        """Whether the draft stands below what was typed; None where nothing was asked."""
        return self.cleaned_data["how"] == "below" if self.cleaned_data["how"] else None


SENT = (
    "The report has gone to the Panel. Your comment stands beside it here under your name, for the case’s team and the "
    "safeguarding partners; it changes nothing of what was sent."
)


class CommentForm(PortalForm):
    words = words(
        "Your comment",
        "Enter your comment",
        rows=10,
        most=LONG,
        help_text=f"It stands beside the report under your name, for the safeguarding partners too, and in the report "
        f"that goes to the Panel. {NO_NAMES}",
    )

    def __init__(self, *args, sent, **kwargs):
        super().__init__(*args, **kwargs)
        if sent:
            self.fields["words"].help_text = f"{SENT} {NO_NAMES}"
