"""The reminder: one email a person and morning, at most once a week for what stands unchanged, and no case content."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection

from partnership.access.models import Link
from partnership.access.reach import reach_of
from partnership.access.services import bar
from partnership.actions import closing, dates, reminding, services, sweep, telling
from partnership.actions.models import Action, Lineup
from partnership.deadlines.periods import end_of_day
from partnership.deadlines.rules import due
from partnership.notify.digest import make_digests
from partnership.notify.letters import SUBJECTS, NoLongerWanted, compose
from partnership.notify.models import Notice, Outgoing, Preference
from partnership.people.models import User
from tests.actions.ground import make_action, make_group
from tests.actions.test_orphans import leaves

WEDNESDAY = date(2026, 12, 2)
MORNING = datetime(2026, 12, 2, 6, 0, tzinfo=UTC)


@pytest.fixture
def morning():
    with time_machine.travel(MORNING, tick=False) as clock:
        yield clock


@pytest.fixture
def group(world):
    return make_group(world)


def due_in(world, group, days, **facts):
    """An action that is due so many days after the Wednesday, given some time ago."""
    row = make_action(world, group, **{"due_on": WEDNESDAY + timedelta(days=400), "what": "Review the pathway"} | facts)
    Action.objects.filter(pk=row.pk).update(due_on=WEDNESDAY + timedelta(days=days))
    Notice.objects.unscoped("it was given long ago").filter(subject_id=row.pk).update(by_mail="off")
    row.refresh_from_db()
    return row


def line_up(days=0):
    return reminding.line_up(now=MORNING + timedelta(days=days))


def letters():
    """What the digests of the day after would say: [(user, letter)]."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE notify_notice SET created_at = %s WHERE by_mail = 'digest'", [MORNING])
    make_digests(now=MORNING + timedelta(hours=3))
    rows = Outgoing.objects.filter(template="digest").select_related("recipient").order_by("created_at")
    return [(row.recipient, compose(row)[0]) for row in rows]


def test_nine_due_actions_are_one_email_with_everything_else_of_the_morning(world, group, morning):
    for days in range(-4, 5):
        due_in(world, group, days)
    make_action(world, group)  # given this morning: in the same email
    assert line_up() == 1
    ((user, letter),) = letters()
    assert user == world.colleague and letter.subject == SUBJECTS["digest"]
    assert letter.body.count("Review the pathway (Practice Review Group), due") == 9
    assert "9 actions of yours are due or nearly due" in letter.body and "An action is yours" in letter.body
    assert letter.body.count("/actions/answer/") == 1
    assert line_up() == 0, "a sweep that runs again makes no second one"
    link = Link.objects.get(purpose="actions", revoked_at=None)
    assert "until 16 December 2026" in letter.body, "as the rule 'action_link_ends' says"
    assert link.expires_at == end_of_day(WEDNESDAY + timedelta(days=14))


def test_of_what_is_sensitive_the_email_says_a_number_and_no_word(world, group, morning):
    due_in(world, group, 1)
    due_in(world, group, 2, what="Ask about Blue Street", sensitive=True)
    due_in(world, world.ours.folder, 2, what="Ask the family")
    assert line_up() == 1
    ((_, letter),) = letters()
    assert "2 actions that you read in the portal" in letter.body
    for word in ("Blue Street", "family", world.ours.folder.reference, world.ours.folder.title or "canary"):
        assert word not in letter.body and word not in letter.subject
    for row in Action.objects.filter(sensitive=True):
        assert row.reference not in letter.body


def test_somebody_whose_actions_are_all_sensitive_gets_no_link(world, morning):
    due_in(world, world.ours.folder, 2)
    assert line_up() == 1
    ((_, letter),) = letters()
    assert "1 action that you read in the portal" in letter.body and "/answer/" not in letter.body
    assert not Link.objects.filter(purpose="actions").exists()


@pytest.mark.parametrize("what", ["sensitive", "closed", "given", "answered", "date", "barred", "suspended", "left"])
def test_what_is_no_longer_the_readers_to_answer_is_left_out_when_the_email_is_sent(world, group, morning, what):
    row = due_in(world, group, 1)
    line_up()
    if what == "sensitive":
        services.change(row, by=world.manager, version=row.version, sensitive=True)
    elif what == "closed":
        closing.cancel(row, by=world.manager, note="The council does it")
    elif what == "given":
        services.give(row, by=world.manager, owner=world.author)
    elif what == "answered":
        services.update(row, by=world.colleague, words="We have begun")
    elif what == "date":
        dates.ask_date(row, by=world.colleague, wanted=WEDNESDAY + timedelta(days=30), reason="Leave")
    elif what == "barred":
        bar(group, world.colleague, by=world.manager, reason="personal")
    elif what == "suspended":
        User.objects.filter(pk=world.colleague.pk).update(suspended_at=MORNING)
    else:
        leaves(world.colleague)
    (notice,) = Notice.objects.unscoped("the reminder's").filter(kind=telling.DUE)
    text = reminding.in_letter([notice], reach_of(User.objects.get(pk=world.colleague.pk)))
    assert row.reference not in text and "pathway" not in text and "/answer/" not in text
    assert text == "" or what == "sensitive"


def test_a_reminder_about_nothing_is_not_sent(world, group, morning):
    row = due_in(world, group, 1)
    line_up()
    services.update(row, by=world.colleague, words="We have begun")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE notify_notice SET created_at = %s WHERE kind = 'actions_due'", [MORNING])
        cursor.execute("UPDATE notify_notice SET by_mail = 'off' WHERE kind <> 'actions_due'")
    make_digests(now=MORNING + timedelta(hours=3))
    with pytest.raises(NoLongerWanted):
        compose(Outgoing.objects.get(template="digest"))


def test_what_stands_unchanged_is_said_again_after_a_week_and_what_is_new_the_next_morning(world, group, morning):
    due_in(world, group, 6)
    assert line_up() == 1
    assert line_up(days=1) == 0 and line_up(days=6) == 0
    with time_machine.travel(MORNING + timedelta(days=7)):
        assert line_up(days=7) == 1, "it is overdue now, and a week has gone"
    with time_machine.travel(MORNING + timedelta(days=8)):
        assert line_up(days=8) == 0
        due_in(world, group, 9)
        assert line_up(days=8) == 1, "something more is near"


def test_a_broken_notice_of_orphans_keeps_no_reminder_and_rules_are_counted_once_a_day_not_a_person(
    world, group, morning, monkeypatch
):
    due_in(world, group, 6)
    due_in(world, group, 6, owner=world.lead_same)
    monkeypatch.setattr(sweep.telling, "tell_orphaned", lambda rows: 1 / 0)
    leaves(make_action(world, group, owner=world.author, agency=None).owner)
    with pytest.raises(ZeroDivisionError):
        sweep.sweep(now=MORNING)
    assert Lineup.objects.unscoped("both").count() == 2
    counted = []
    monkeypatch.setattr(reminding, "due", lambda rule, day, calendar: counted.append(day) or due(rule, day, calendar))
    assert line_up(days=1) == 0 and counted == [WEDNESDAY]


def test_an_answer_stops_the_chasing_until_it_is_old(world, group, morning):
    row = due_in(world, group, -3)
    services.update(row, by=world.colleague, words="Nearly there")
    assert line_up() == 0
    later = MORNING + timedelta(days=21)
    with time_machine.travel(later):
        assert reminding.line_up(now=later) == 1


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 12, 5, 7, 0, tzinfo=UTC),  # Saturday
        datetime(2026, 12, 6, 7, 0, tzinfo=UTC),
        datetime(2026, 12, 25, 7, 0, tzinfo=UTC),
        datetime(2026, 12, 28, 7, 0, tzinfo=UTC),  # the substitute day of Boxing Day
        datetime(2027, 3, 29, 6, 0, tzinfo=UTC),  # Easter Monday
        datetime(2026, 12, 2, 12, 0, tzinfo=UTC),
        datetime(2026, 12, 2, 8, 20, tzinfo=UTC),
    ],
)
def test_nobody_is_reminded_on_a_day_of_rest_or_after_the_digest_of_the_day(world, group, moment, morning):
    due_in(world, group, -3)
    with time_machine.travel(moment):
        assert reminding.line_up(now=moment) == 0


@pytest.mark.parametrize("moment", [datetime(2027, 3, 30, 4, 30, tzinfo=UTC), datetime(2027, 11, 1, 5, 30, tzinfo=UTC)])
def test_the_mornings_after_the_clocks_changed_begin_at_five_in_london(world, group, moment, morning):
    due_in(world, group, -3)
    with time_machine.travel(moment):
        assert reminding.line_up(now=moment) == 1


@pytest.mark.parametrize("what", ["suspended", "closed", "left", "barred", "guest", "elsewhere"])
def test_who_cannot_answer_is_not_reminded(world, group, morning, what):
    due_in(world, group, 1)
    person = User.objects.filter(pk=world.colleague.pk)
    if what == "suspended":
        person.update(suspended_at=MORNING)
    elif what == "closed":
        person.update(is_active=False, closed_at=MORNING)
    elif what == "guest":
        person.update(guest=True)
    elif what == "barred":
        bar(group, world.colleague, by=world.manager, reason="personal")
    elif what == "elsewhere":
        person.get().memberships.update(agency=world.agencies["mpft"])
    else:
        leaves(world.colleague)
    assert line_up() == 0 and not Lineup.objects.exists()


def test_a_newer_reminder_ends_the_link_of_the_older(world, group, morning):
    due_in(world, group, 1)
    line_up()
    first = Link.objects.get(purpose="actions")
    due_in(world, group, 2)
    with time_machine.travel(MORNING + timedelta(days=1)):
        line_up(days=1)
    first.refresh_from_db()
    assert first.revoked_at is not None
    newest = Lineup.objects.order_by("-made_on").first()
    assert Link.objects.get(purpose="actions", revoked_at=None).object_id == newest.pk
    notices = list(Notice.objects.unscoped("both").filter(kind=telling.DUE))
    assert reminding.in_letter(notices, reach_of(world.colleague)).count("/answer/") == 1


def test_who_wants_no_email_reads_it_in_the_portal(world, group, morning):
    Preference.objects.create(user=world.colleague, kind=telling.DUE, email="none")
    due_in(world, group, 1)
    assert line_up() == 1 and letters() == []


def test_one_person_whose_reminder_breaks_holds_up_nobody(world, group, morning, monkeypatch):
    due_in(world, group, 1)
    due_in(world, group, 1, owner=world.author)
    whole = reminding._make

    def breaks(owed, today):
        if world.author.pk in owed:
            raise ValueError("broken")
        return whole(owed, today)

    monkeypatch.setattr(reminding, "_make", breaks)
    assert line_up() == 1
    assert Lineup.objects.get().user == world.colleague


def test_words_of_an_action_stay_on_one_line_of_the_email(world, group, morning):
    due_in(world, group, 1, what="O'Brien-Ní Dhomhnaill & <b>Zoë</b>\r\nBcc: all@portal.example")
    line_up()
    ((_, letter),) = letters()
    assert "O'Brien-Ní Dhomhnaill & <b>Zoë</b> Bcc: all@portal.example (Practice" in letter.body
