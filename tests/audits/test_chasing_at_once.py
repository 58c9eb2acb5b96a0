"""Two workers at the same moment, and a click while a worker runs: one reminder."""

from datetime import UTC, datetime
from types import SimpleNamespace

from audits.chasing import ladder, services
from audits.chasing.sweep import sweep
from audits.models import Reminder
from partnership.notify.models import Outgoing
from partnership.people.models import Agency, NamedDuty, Partnership
from partnership.people.roles import Role
from tests.access.commits import at_once, committed  # noqa: F401
from tests.audits import making
from tests.world import person

DAY = datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_two_workers_and_a_click_at_once_send_one_reminder(committed, at_once):  # noqa: F811
    partnership = Partnership.objects.get()
    officer = person("officer", Role.BUSINESS_UNIT, None, partnership)
    world = SimpleNamespace(partnership=partnership, officer=officer)
    round = making.audit_round(world)
    ladder.lay_ladder(round)
    rows = []
    for n, agency in enumerate(Agency.objects.filter(kind="school").order_by("name")[:3]):
        NamedDuty.objects.create(agency=agency, kind="dsl", holder=person(f"lead{n}"))
        facts = {"closes_at": datetime(2026, 12, 4, 23, 59, 59, tzinfo=UTC), "asked_at": DAY.replace(month=10)}
        rows.append(making.audit_return(round, agency, **facts))
    shown = {row.pk: 1 for row in rows}
    went = at_once(
        lambda: sweep(now=DAY), lambda: sweep(now=DAY), lambda: len(services.remind(round, shown, by=officer).went)
    )
    assert sum(went) == 3, went
    assert Reminder.objects.unscoped("a test").count() == 3 == Outgoing.objects.filter(template="audit_remind").count()
