"""What booking tells the floors."""

from partnership.access.story import register_sentences
from partnership.access.work import register_ahead, register_work
from partnership.deadlines.registry import register_own
from partnership.notify.kinds import register_bounced
from partnership.notify.watch import expect_heartbeat, register_alarm
from training import rules
from training.booking import letters, notices, sweep, work
from training.booking.sentences import SENTENCES


def register():
    register_sentences(SENTENCES)
    register_own(*rules.ALL, rules.LATER)
    register_work(work.work)
    register_ahead(work.ahead)
    letters.register()
    register_bounced(letters.came_back)
    notices.register_notices()
    expect_heartbeat("training_places", "The places of training: offers, approvals and reminders", minutes=60)
    register_alarm(
        sweep.BROKEN,
        "The places of a training event could not be seen to",
        "Open the event’s bookings and see to its waiting list and reminders by hand; tell whoever runs the portal.",
    )
