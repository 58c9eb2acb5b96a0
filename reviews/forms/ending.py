"""How a case ends, and what holds it from being disposed of."""

from django import forms

from partnership.access.forms import PortalForm
from partnership.ui.forms import GovDateField, required, words
from reviews.forms.opening import NO_NAMES, NotificationTimes


class CloseForm(PortalForm):
    """`seen`: what the page said would follow."""

    seen = forms.CharField(widget=forms.HiddenInput)
    note = words(
        "What those who keep it should know", rows=3, most=4000,
        help_text=f"For example: the Panel agreed, the actions stand in the register. {NO_NAMES}",
    )  # fmt: skip


class ReopenForm(PortalForm):
    reason = words("Why it is reopened", "Say why it is reopened", rows=4, most=4000, help_text=NO_NAMES)


class WithdrawNotificationForm(PortalForm):
    FIELDS = ("withdrawn_on", "withdrawn_by", "reason", "panel_told_on")

    withdrawn_on = GovDateField(
        label="When the council withdrew it",
        subject="day on which it was withdrawn",
        not_future=True,
        error_messages=required("Enter the day on which it was withdrawn"),
    )
    withdrawn_by = forms.CharField(
        label="Who withdrew it, by post",
        max_length=200,
        help_text="For example: Director of Children’s Services. No names of people.",
        error_messages=required("Enter the post of whoever withdrew it"),
    )
    reason = words(
        "Why", "Say why it was withdrawn", rows=5, most=900,
        help_text=f"In the council’s words. The reason stands on the clocks that end. {NO_NAMES}",
    )  # fmt: skip
    panel_told_on = GovDateField(
        label="When the Panel was told",
        subject="day on which the Panel was told",
        not_future=True,
        error_messages=required("Enter the day on which the Panel was told"),
    )


class NotifyAgainForm(NotificationTimes):
    """A new notification of a case whose last one was withdrawn. What was notified is put right on its own page."""

    FIELDS = ("aware_at", "sent_at", "panel_reference", "late_reason")

    panel_reference = forms.CharField(label="The Panel’s reference of the new one", required=False, max_length=60)
    late_reason = words(
        "If the new notification was late, why", rows=3, most=1000, help_text="Only where it went after its date."
    )
    field_order = list(FIELDS)


class HoldForm(PortalForm):
    FIELDS = ("body", "asked_on", "reason")

    body = forms.CharField(
        label="Which body asks for it",
        max_length=200,
        help_text="For example: the coroner, a public inquiry, our legal services.",
        error_messages=required("Enter the body that asks for it"),
    )
    asked_on = GovDateField(
        label="When it asked",
        subject="day on which it asked",
        not_future=True,
        error_messages=required("Enter the day on which it asked"),
    )
    reason = words("Why nothing may be disposed of", "Say why nothing may be disposed of", rows=4, most=4000,
                   help_text=NO_NAMES)  # fmt: skip


class LiftForm(PortalForm):
    reason = words("Why it is lifted", "Say why it is lifted", rows=4, most=4000, help_text=NO_NAMES)
