"""What the Panel said, and what we answered."""

from django import forms

from partnership.access.forms import PortalForm
from partnership.ui.forms import GovDateField, GovRadios, required, words
from reviews.forms.opening import NO_NAMES
from reviews.models import LONG, PanelReply


class PanelReplyForm(PortalForm):
    received_on = GovDateField(
        label="When the reply came",
        subject="day the reply came",
        not_future=True,
        error_messages=required("Enter when the reply came"),
    )
    code = forms.ChoiceField(
        label="What the Panel says",
        choices=PanelReply.Code.choices,
        widget=GovRadios,
        error_messages=required("Select what the Panel says"),
    )
    words = words("In its words", "Enter what the Panel says", rows=8, most=LONG, help_text=NO_NAMES)

    def facts(self):
        return {name: self.cleaned_data[name] for name in ("received_on", "code", "words")}


def _why():
    return words("Why what was recorded is wrong", "Say why what was recorded is wrong", rows=3, most=1000)


class CorrectReplyForm(PanelReplyForm):
    reason = _why()
    version = forms.IntegerField(widget=forms.HiddenInput)

    def facts(self):
        return super().facts() | {name: self.cleaned_data[name] for name in ("reason", "version")}


class PanelAnswerForm(PortalForm):
    answered_on = GovDateField(
        label="When we answered",
        subject="day we answered",
        not_future=True,
        error_messages=required("Enter when we answered"),
    )
    answer = words("What we answered", "Enter what was answered", rows=8, most=LONG, help_text=NO_NAMES)

    def facts(self):
        return {name: self.cleaned_data[name] for name in ("answered_on", "answer")}


class CorrectAnswerForm(PanelAnswerForm):
    reason = _why()
    version = forms.IntegerField(widget=forms.HiddenInput)

    def facts(self):
        return super().facts() | {name: self.cleaned_data[name] for name in ("reason", "version")}
