"""Writes to what was notified and to what is known of the children, until the report has gone."""

from django.db import transaction

from partnership.access.flow import Stale, lock
from partnership.trail.services import record
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

    Raises Stale when somebody changed it since `version` or the report was sent.
    """
    must_be_open(notice.review)
    return _changed(lock(notice), "notification_changed", by, version, facts)


@transaction.atomic
def change_child(child, *, by, version, **facts) -> Child:
    """Change what is known of a child; who it is lies in the identity record. Raises Stale as above."""
    must_be_open(child.review)
    return _changed(lock(child), "child_changed", by, version, facts)


def _changed(row, verb, by, version, facts):
    if row.version != version:
        raise Stale("Somebody else changed this while you were typing.")
    changed = [name for name, value in facts.items() if getattr(row, name) != value]
    if changed:
        for name in changed:
            setattr(row, name, facts[name])
        row.version += 1
        row.full_clean(exclude=["folder", "review", "identity"])
        row.save(update_fields=[*changed, "version"])
        record(verb, by=by, obj=row, fields=sorted(changed))
    return row
