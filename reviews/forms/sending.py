"""When the report went to the Panel."""

from django import forms

from partnership.access.forms import PortalForm
from partnership.ui.forms import GovDateTimeField, required, words


class SendingForm(PortalForm):
    """When the report went, and which file it was: the one whose hash stood on the page."""

    version = forms.UUIDField(widget=forms.HiddenInput)
    sent_at = GovDateTimeField(
        label="When the report was sent to the Panel",
        subject="date the report was sent",
        not_future=True,
        error_messages=required("Enter when the report was sent"),
    )
    late_reason = words("If it was late, why", rows=3, most=1000, help_text="Kept with the record.")


class CorrectionForm(PortalForm):
    """When the report really went. `read` is the number of corrections that the page showed."""

    read = forms.IntegerField(widget=forms.HiddenInput)
    sent_at = GovDateTimeField(
        label="When the report was really sent to the Panel",
        subject="date the report was sent",
        not_future=True,
        error_messages=required("Enter when the report was sent"),
    )
    reason = words("Why the recorded time is wrong", "Say why the recorded time is wrong", rows=3, most=1000)
    late_reason = words(
        "If it was late, why", rows=3, most=1000, help_text="Only where it went after its date and nobody has said why."
    )

    def correction(self):
        return {name: self.cleaned_data[name] for name in ("read", "sent_at", "reason", "late_reason")}
