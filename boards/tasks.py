"""It wakes a sweep over rows and is safe to run twice."""

from celery import shared_task

from boards.calling import assistants, feeds, services
from boards.groups.grants import sync
from partnership.notify.watch import beat


@shared_task(name="boards.tasks.sweep_seats")
def sweep_seats():
    assistants.sweep()  # before the grants, which follow it
    sync()  # a seat that begins today opens the group today
    services.sweep()  # and who has it is called to what was called already
    feeds.sweep()
    beat("seats")
