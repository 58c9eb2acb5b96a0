"""The demo: one who leaves, a round that is half answered, and a colleague who is away. All of them are fictional."""

from datetime import timedelta

from django.utils import timezone

from partnership.deadlines.registry import rule_in_force
from partnership.directory.confirming import services as confirming
from partnership.directory.covering.services import take_over
from partnership.directory.leaving.services import start
from partnership.directory.models import Confirmation, Round


def fill_leaving(people) -> None:
    """Once: what is there already stays as people left it."""
    if Round.objects.exists():
        return
    today = timezone.localdate()
    leaver = people["author_school"]
    start(
        leaver, by=leaver, agency=leaver.memberships.get().agency, altogether=True, last_day=today + timedelta(days=12)
    )
    take_over(
        people["officer_away"], by=people["officer"], coverer=people["officer"], starts=today - timedelta(days=1),
        last_day=today + timedelta(days=8), reason="Annual leave",
    )  # fmt: skip
    rule = rule_in_force(confirming.CONFIRM, today)
    days = [day for year in (today.year - 1, today.year) for day in rule.opening_days(year) if day <= today]
    confirming.open_round(max(days), by=people["manager"], opened_on=today - timedelta(days=6))
    lead = people["dsl_other"]
    row = Confirmation.objects.unscoped("the demo's own").get(agency=lead.memberships.get().agency)
    confirming.answer(row, by=lead, answers={lead: "keep"})
    wide = Confirmation.objects.unscoped("the demo's own").get(agency=None)
    keep = dict.fromkeys((people["officer"], people["admin"]), "keep")
    confirming.answer(wide, by=people["manager"], answers=keep)
