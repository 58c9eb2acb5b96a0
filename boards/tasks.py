"""They wake sweeps over rows and are safe to run twice."""

from celery import shared_task

from boards.agenda.papers import remind
from boards.groups.grants import sync
from partnership.notify.watch import beat


@shared_task(name="boards.tasks.sweep_seats")
def sweep_seats():
    sync()  # a seat that begins today opens the group today
    beat("seats")


@shared_task(name="boards.tasks.sweep_papers")
def sweep_papers():
    remind()
