"""What evaluations tell the floors."""

from partnership.access.story import register_sentences
from partnership.access.work import register_work
from partnership.notify.kinds import register_bounced
from partnership.notify.watch import register_alarm
from training.booking.mine import register_section
from training.evaluating import letters, reads, sweep
from training.evaluating.sentences import SENTENCES


def register():
    register_sentences(SENTENCES)
    register_work(reads.work)
    register_section(reads.section)
    letters.register()
    register_bounced(letters.came_back)
    register_alarm(
        sweep.BROKEN,
        "What training was worth could not be asked of an event",
        "Nobody of the event was asked. Tell whoever runs the portal; it is tried again every ten minutes.",
    )
