"""Two workers at the same moment, a click while a worker runs, and a worker that dies half-way: one reminder."""

from datetime import UTC, datetime
from types import SimpleNamespace

from django.db import OperationalError, connection

from audits.chasing import ladder, letters, services
from audits.chasing.sweep import sweep
from audits.models import Reminder
from partnership.notify.models import Outgoing
from partnership.people.models import Agency, NamedDuty, Partnership
from partnership.people.roles import Role
from tests.access.commits import at_once, committed  # noqa: F401
from tests.audits import making
from tests.world import person

DAY = datetime(2026, 11, 24, 9, tzinfo=UTC)


def owing(*, schools):
    """(an officer, a round, the returns of these schools whose gentle reminder is due on DAY)."""
    partnership = Partnership.objects.get()
    officer = person("officer", Role.BUSINESS_UNIT, None, partnership)
    round = making.audit_round(SimpleNamespace(partnership=partnership, officer=officer))
    ladder.lay_ladder(round)
    rows = []
    for number, agency in enumerate(Agency.objects.filter(kind="school").order_by("name")[schools]):
        NamedDuty.objects.create(agency=agency, kind="dsl", holder=person(f"lead{number}"))
        facts = {"closes_at": datetime(2026, 12, 4, 23, 59, 59, tzinfo=UTC), "asked_at": DAY.replace(month=10)}
        rows.append(making.audit_return(round, agency, **facts))
    return officer, round, rows


def sent(rows) -> tuple:
    """(reminders, their emails) of these returns."""
    ids = list(Reminder.objects.unscoped("a test").filter(audit_return__in=rows).values_list("pk", flat=True))
    return len(ids), Outgoing.objects.filter(about_id__in=ids).count()


def test_two_workers_and_a_click_at_once_send_one_reminder(committed, at_once):  # noqa: F811
    officer, round, rows = owing(schools=slice(0, 3))
    shown = {row.pk: 1 for row in rows}
    went = at_once(
        lambda: sweep(now=DAY), lambda: sweep(now=DAY), lambda: len(services.remind(round, shown, by=officer).went)
    )
    assert sum(went) == 3, went
    assert sent(rows) == (3, 3)


def test_what_a_cut_connection_leaves_undone_the_next_run_does_once(committed, at_once, monkeypatch):  # noqa: F811
    """The connection is cut by PostgreSQL itself once a batch was written and before it was committed."""
    _, _, rows = owing(schools=slice(3, 6))
    monkeypatch.setattr("audits.chasing.sweep.AT_ONCE", 1)
    owe, written = letters.owe, []

    def cut(emails, *, by):
        owe(emails, by=by)
        written.append(emails)
        if len(written) == 2:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr(letters, "owe", cut)
    [died] = at_once(lambda: sweep(now=DAY))
    assert isinstance(died, OperationalError) and sent(rows) == (1, 1)
    monkeypatch.setattr(letters, "owe", owe)
    assert at_once(lambda: sweep(now=DAY)) == [2] and sent(rows) == (3, 3)
