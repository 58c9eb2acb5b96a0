"""It wakes a sweep over rows and is safe to run twice."""

from celery import shared_task

from boards.groups.grants import sync
from boards.matrix import misses
from partnership.notify.watch import beat


@shared_task(name="boards.tasks.sweep_seats")
def sweep_seats():
    sync()  # a seat that begins today opens the group today
    misses.sweep()
    beat("seats")
