"""They wake sweeps over rows and are safe to run twice."""

from celery import shared_task

from boards.agenda import papers
from boards.calling import assistants, services
from boards.groups.grants import sync
from boards.groups.handing import remind
from boards.matrix import misses
from partnership.notify.watch import beat


@shared_task(name="boards.tasks.sweep_seats")
def sweep_seats():
    assistants.sweep()  # before the grants, which follow it
    sync()  # a seat that begins today opens the group today
    remind()
    services.sweep()  # and who has it is called to what was called already
    misses.sweep()
    beat("seats")


@shared_task(name="boards.tasks.sweep_papers")
def sweep_papers():
    papers.remind()
