"""Writes to what was notified and to what is known of the children, until the report has gone."""

from django.core.exceptions import ValidationError
from django.db import transaction

from partnership.access.edits import change
from partnership.deadlines.rules import london_date
from partnership.ui.dates import plain
from reviews.models import Child, Notification
from reviews.services import must_be_open

FACTS = (
    "authority", "incident_on", "harm", "setting", "what_happened", "safety", "parallel", "panel_reference", "notifier",
    "categories", "agencies_involved", "police_involved", "coroner_told", "media_interest", "one_form",
    "partners_agreed",
)  # fmt: skip
OF_CHILD = (
    "age_band", "legal_status", "outcome", "sibling", "sex", "ethnicity", "disability", "placed_by", "panel_reference",
)  # fmt: skip


@transaction.atomic
def change_notification(notice, *, by, version, **facts) -> Notification:
    """Change what was notified; its times are put right on their own page, because the clocks hang on them.

    Raises Stale when somebody changed it since `version` or the report was sent, ValidationError for an incident after
    the day on which the council became aware.
    """
    must_be_open(notice.review)
    day = facts.get("incident_on", notice.incident_on)
    if day > london_date(notice.aware_at):
        raise ValidationError(
            {"incident_on": f"The council was aware on {plain(london_date(notice.aware_at))}: it cannot be later."}
        )
    return change(notice, "notification_changed", by=by, version=version, facts=facts)


@transaction.atomic
def change_child(child, *, by, version, **facts) -> Child:
    """Change what is known of a child; who it is lies in the identity record. Raises Stale as above."""
    must_be_open(child.review)
    return change(child, "child_changed", by=by, version=version, facts=facts)
