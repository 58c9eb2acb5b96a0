"""Where returns stand on their ladder, read for many at once."""

from collections import defaultdict
from datetime import date

from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone

from audits.chasing.turns import Had
from audits.models import AuditReturn, Extension, Reminder, Submission

WHY = "of returns that the caller has asked for already"


def with_marks(returns):
    """`returns` (of AuditReturn) with `given_back_at`, when it was last given back to be changed, and `waits`: whether
    it asked for more time and has no answer yet."""
    given_back = Submission.objects.unscoped(WHY).filter(audit_return=OuterRef("pk")).order_by("-number")
    wishes = Extension.objects.unscoped(WHY).filter(audit_return=OuterRef("pk"), outcome=Extension.Outcome.WAITING)
    return returns.annotate(given_back_at=Subquery(given_back.values("given_back_at")[:1]), waits=Exists(wishes))


def reminders_of(returns) -> dict:
    """return id -> its reminders, oldest first. returns: a queryset, or ids. One question."""
    found = defaultdict(list)
    rows = Reminder.objects.unscoped(WHY).filter(audit_return__in=returns).select_related("rung")
    for row in rows.order_by("at", "id"):
        found[row.audit_return_id].append(row)
    return found


def had(row: AuditReturn, reminders) -> Had:
    """What a return of `with_marks` has had, by its reminders."""
    went = [each for each in reminders if not each.nobody]
    good = [each for each in went if each.bounced_at is None]
    return Had(
        reached=max((each.rung.position for each in good), default=0),
        tried=max((each.rung.position for each in went), default=0),
        at=max((each.at for each in good), default=None),
        begins=_begins(row),
        waits=row.waits,
    )


def _begins(row) -> date:
    return max(timezone.localdate(at) for at in (row.asked_at, row.given_back_at) if at)
