"""The date of the next meeting."""

from datetime import timedelta

from partnership.ui.forms import GovDateField, GovForm

AHEAD = timedelta(weeks=4)  # how far 'before the meeting' reaches until a date is typed


class MeetingForm(GovForm):
    """From the address: `before`, the day of the meeting; without one it is four weeks from today."""

    before = GovDateField(label="The meeting is on", subject="day of the meeting")

    def __init__(self, data, *, today):
        said = any(name.startswith("before") and value for name, value in data.items())
        super().__init__(data if said else {"before": str(today + AHEAD)})
