"""What whoever booked is told in the portal: that an email about a place came back."""

from django.urls import reverse

from partnership.notify.kinds import NoticeKind, register
from partnership.notify.telling import Told, tell
from partnership.people.roles import Perm
from training.booking.wording import called
from training.models import Booking

CAME_BACK = "training_came_back"


def tell_came_back(row, *, manager) -> None:
    """manager: it was the question to the manager, and not a letter to the person."""
    key = f"{CAME_BACK}:{row.pk}:{row.status}"
    tell(CAME_BACK, [Told(key, row.booked_by_id, row.pk, row.folder_id, {"manager": "1" if manager else ""})])


def _describe(notices, user):
    rows = Booking.objects.visible_to(user).select_related("event__course")
    rows = rows.in_bulk({each.subject_id for each in notices})
    return {
        each.pk: _sentence(rows[each.subject_id], each.data.get("manager"))
        for each in notices
        if each.subject_id in rows
    }


def _sentence(row, manager) -> str:
    who = f"the manager of {row.name}" if manager else row.name
    return f"An email to {who} about a place at ‘{called(row.event)}’ came back. Look at the address."


def register_notices() -> None:
    register(
        NoticeKind(
            code=CAME_BACK,
            title="An email about a place on training came back",
            model=Booking,
            perm=Perm.BOOKING_VIEW,
            describe=_describe,
            url=lambda notice: reverse("training:booking", args=[notice.subject_id]),
        )
    )
