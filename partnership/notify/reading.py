"""What people do with their notices: mark them read, and choose how they are emailed."""

from django.db import transaction
from django.db.models.functions import Now

from partnership.notify.kinds import known_kinds
from partnership.notify.models import Notice, Preference
from partnership.notify.reads import shown_to
from partnership.trail.services import record


def mark_read(notice) -> None:
    """Once; a notice that was read keeps its first time."""
    Notice.objects.unscoped("the page has asked for this row").filter(pk=notice.pk, read_at=None).update(read_at=Now())


def mark_all_read(user, *, until) -> int:
    """Those that the person is shown and that were made by `until`, the newest on the page they saw. Returns how many.

    What came after the page was drawn stays unread: else its email would be cancelled unseen.
    """
    return shown_to(user).filter(read_at=None, created_at__lte=until).update(read_at=Now())


def chosen_by(user) -> dict[str, str]:
    """kind code -> how `user` is emailed about it, for the kinds that may be chosen."""
    rows = dict(Preference.objects.filter(user=user).values_list("kind", "email"))
    return {kind.code: kind.way(rows.get(kind.code)) for kind in known_kinds() if kind.choices}


@transaction.atomic
def choose(user, ways: dict[str, str]) -> None:
    """Keep what was chosen. A way that a kind does not offer is refused by the form, and ignored when telling."""
    record("mail_chosen", by=user, obj=user, off=sorted(code for code, way in ways.items() if way == "none"))
    Preference.objects.bulk_create(
        [Preference(user=user, kind=code, email=way) for code, way in sorted(ways.items())],
        update_conflicts=True,
        unique_fields=["user", "kind"],
        update_fields=["email"],
    )
