"""What this floor tells the others when the apps are ready: notices, alarms, invariants, navigation."""

from django.utils import timezone

from partnership.access.context import add_to_navigation
from partnership.access.open_work import register_open_work
from partnership.access.provision import register_setup
from partnership.access.story import register_sentences, register_words
from partnership.access.work import register_work
from partnership.deadlines.board import duties_of
from partnership.deadlines.owners import owned_by
from partnership.deadlines.registry import label_of, title_of
from partnership.deadlines.telling import register_notices, tell_instead
from partnership.notify.kinds import register_bounced, register_quiet_day
from partnership.notify.reconciling import register_invariant
from partnership.notify.watch import expect_heartbeat, register_alarm
from partnership.people.roles import Perm

SENTENCES = {
    "deadline_started": "started the clock of ‘{clock}’: due on {due_on}",
    "deadline_met": "ended the clock of ‘{clock}’: what was due is done",
    "deadline_met_corrected": "corrected the time at which what was due was done",
    "deadline_moved": "changed the due date from {was} to {becomes}",
    "deadline_cancelled": "ended the clock of ‘{clock}’: nothing is due any more",
    "deadline_annulled": "took back that ‘{clock}’ was done",
    "deadline_paused": "paused the clock of ‘{clock}’",
    "deadline_resumed": "let the clock of ‘{clock}’ run again: its date stays",
    "deadline_step_done": "marked ‘{step_name}’ as done",
    "deadline_step_reopened": "took back that ‘{step_name}’ is done",
    "deadline_given": "gave the clock of ‘{clock}’ to {user}",
    "calendar_loaded": "loaded bank holidays",
    "calendar_changed": "changed the bank holidays",
    "calendar_year_added": "added a year of bank holidays",
    "local_edition_added": "set a local edition of a rule",
    "milestone_fired": "told {told} people that a day has come",
}
ALARMS = {
    "clocks_differ": (
        "This machine's clock is wrong",
        "It differs from the database's by more than 30 seconds, so nobody is told anything. Set the clock right.",
    ),
    "nobody_to_tell": (
        "A date has come and nobody is left to tell",
        "No owner, manager or partner could be told. The business manager looks at the board of what is due.",
    ),
    "milestone_broken": (
        "A reminder could not be written",
        "It is tried again each hour, the others go on. The log names the fault.",
    ),
}
# Each finds rows that the loops would leave behind. One row is one alarm.
INVARIANTS = {
    "milestone_forgotten": (
        "A day came more than ten minutes ago and nobody was told.",
        """
        SELECT m.id FROM deadlines_milestone m JOIN deadlines_deadline d ON d.id = m.deadline_id
        WHERE m.state = 'pending' AND d.status = 'open' AND m.fire_at < now() - interval '10 minutes'
          AND (m.retry_after IS NULL OR m.retry_after < now() - interval '10 minutes')
        """,
    ),
    "fired_without_notice": (
        "A day is marked as told, and there is no notice.",
        """
        SELECT m.id FROM deadlines_milestone m
        WHERE m.state = 'fired' AND NOT EXISTS (SELECT 1 FROM notify_notice n WHERE n.key = 'milestone:' || m.id)
        """,
    ),
    "suppressed_without_reason": (
        "A day was passed over without a reason.",
        "SELECT id FROM deadlines_milestone WHERE state = 'suppressed' AND why = ''",
    ),
    # An edition may tell nobody close to the date; what must not be is that days to come were lost or passed over.
    "clock_without_days": (
        "A clock runs and has no day left on which anybody is told.",
        """
        SELECT d.id FROM deadlines_deadline d
        WHERE d.status = 'open' AND d.due_at > now() AND NOT d.soft
          AND NOT EXISTS (SELECT 1 FROM deadlines_milestone m WHERE m.deadline_id = d.id AND m.state = 'pending')
          AND (NOT EXISTS (SELECT 1 FROM deadlines_milestone m WHERE m.deadline_id = d.id)
               OR EXISTS (SELECT 1 FROM deadlines_milestone m
                          WHERE m.deadline_id = d.id AND m.fire_at > now() AND m.why <> 'done'))
        """,
    ),
    "clock_of_a_closed_account": (
        "A clock runs for somebody whose account was closed.",
        """
        SELECT d.id FROM deadlines_deadline d JOIN people_user u ON u.id = d.owner_id
        WHERE d.status IN ('open', 'paused') AND u.closed_at IS NOT NULL
        """,
    ),
    "day_of_an_ended_clock": (
        "A clock has ended and still has days to come.",
        """
        SELECT m.id FROM deadlines_milestone m JOIN deadlines_deadline d ON d.id = m.deadline_id
        WHERE m.state = 'pending' AND d.status NOT IN ('open', 'paused')
        """,
    ),
    "replaced_by_nothing": (
        "A clock was replaced and no other stands in its place.",
        """
        SELECT d.id FROM deadlines_deadline d
        WHERE d.status = 'superseded'
          AND NOT EXISTS (SELECT 1 FROM deadlines_deadline after WHERE after.supersedes_id = d.id)
        """,
    ),
    "milestone_in_no_state": (
        "A day is in a state that no loop reads.",
        "SELECT id FROM deadlines_milestone WHERE state NOT IN ('pending', 'fired', 'suppressed')",
    ),
    "clock_in_no_state": (
        "A clock is in a state that no loop reads.",
        """
        SELECT id FROM deadlines_deadline
        WHERE status NOT IN ('open', 'paused', 'met', 'cancelled', 'superseded')
        """,
    ),
}

CALENDAR_ENDS = """
    SELECT v.id FROM deadlines_calendarversion v
    WHERE make_date(v.last_year, 12, 31) <= %s::date + interval '1 year'
      AND NOT EXISTS (SELECT 1 FROM deadlines_calendarversion later
                      WHERE later.division = v.division AND later.number > v.number)
    """


def register():
    add_to_navigation("What is due", "deadlines:due", Perm.BELONG, order=15)
    add_to_navigation("Rules and holidays", "deadlines:rules", Perm.RULES_VIEW, order=65)
    register_sentences(SENTENCES)
    register_words(
        clock=lambda data: title_of(data.get("rule", "")),
        step_name=lambda data: label_of(data.get("rule", ""), data.get("step", "")),
    )
    register_setup("load_calendars")
    register_notices()
    register_work(duties_of)
    register_open_work(owned_by, order=50)
    expect_heartbeat("sweep", "The sweep, which tells people that a day has come", banner=True)
    register_quiet_day(_is_bank_holiday)
    register_bounced(tell_instead)
    for code, (title, advice) in ALARMS.items():
        register_alarm(code, title, advice)
    for code, (sentence, sql) in INVARIANTS.items():
        register_invariant(code, sentence, sql)
    register_invariant(
        "calendar_ends",
        "The bank holidays end within a year, and nothing is counted beyond.",
        CALENDAR_ENDS,
        advice="Ask the business manager to add the next year: Rules and holidays, Bank holidays.",
        parameters=lambda: [timezone.localdate()],
    )


def _is_bank_holiday(day) -> bool:
    """False too where no calendar knows the day: a digest on a bank holiday is better than none."""
    from partnership.deadlines import calendars
    from partnership.deadlines.models import Division

    try:
        return calendars.load(Division.ENGLAND_AND_WALES).why_not(day) is not None
    except calendars.CalendarEnds:
        return False
