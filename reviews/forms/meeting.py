"""The rapid review meeting: when it was held."""

from partnership.access.forms import PortalForm
from partnership.ui.forms import GovDateTimeField, required


class HeldForm(PortalForm):
    """When the meeting was really held: the plan is no proof of it."""

    error_fields = {"at": "held_at"}

    held_at = GovDateTimeField(
        label="When the meeting was held",
        subject="day of the meeting",
        not_future=True,
        error_messages=required("Enter when the meeting was held"),
    )
