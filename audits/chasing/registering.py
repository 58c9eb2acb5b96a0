"""What chasing tells the floors."""

from audits.chasing import letters, prints, sweep
from audits.chasing.sentences import SENTENCES
from audits.chasing.work import work
from partnership.access.story import register_sentences
from partnership.access.work import register_work
from partnership.notify.kinds import register_bounced
from partnership.notify.watch import expect_heartbeat, register_alarm


def register():
    register_sentences(SENTENCES)
    register_work(work)
    letters.register()
    register_bounced(letters.came_back)
    prints.register()
    expect_heartbeat("audit_reminders", "The reminders of returns that are owed", minutes=60)
    register_alarm(
        sweep.BROKEN,
        "The reminder of a return could not be made",
        "Open the round’s page ‘Returns not in’ and remind the organisation by hand; tell whoever runs the portal.",
    )
