"""What somebody changes of their own account."""

from django.db import transaction

from partnership.people.models import User
from partnership.trail.services import record

OWN_FIELDS = ("name", "job_title", "telephone")


@transaction.atomic
def change_details(user, *, facts) -> User:
    """Write over one's own name, post and telephone; the trail keeps which of them changed, not the words."""
    row = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    changed = [name for name in OWN_FIELDS if getattr(row, name) != facts[name]]
    if changed:
        for name in changed:
            setattr(row, name, facts[name])
        row.save(update_fields=changed)
        record("details_changed", by=user, obj=row, fields=changed)
    return row
