"""Five lines each: they wake a loop over rows, and are safe to run twice."""

from celery import shared_task

from partnership.notify import digest, reconciling
from partnership.notify import relay as relaying


@shared_task(name="partnership.notify.tasks.relay")
def relay():
    digest.make_digests()
    relaying.relay(seconds=50)
    relaying.follow_up()


@shared_task(name="partnership.notify.tasks.reconcile")
def reconcile():
    reconciling.reconcile_when_due()
