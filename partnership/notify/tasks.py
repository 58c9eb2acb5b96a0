"""Five lines each: they wake a loop over rows, and are safe to run twice."""

from celery import shared_task

from partnership.notify import digest, reconciling
from partnership.notify import relay as relaying


@shared_task(name="partnership.notify.tasks.relay")
def relay():
    relaying.relay(seconds=50)
    relaying.follow_up()
    digest.make_digests_or_say_so()


@shared_task(name="partnership.notify.tasks.reconcile")
def reconcile():
    reconciling.reconcile_when_due()
