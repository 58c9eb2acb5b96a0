"""Five lines each: they wake a sweep over rows and are safe to run twice."""

from celery import shared_task

from partnership.deadlines.office import keep_offices
from partnership.directory.confirming import sweep as confirming
from partnership.directory.importing import services as importing
from partnership.directory.leaving import sweep as leaving
from partnership.notify.watch import beat


@shared_task(name="partnership.directory.tasks.sweep_people")
def sweep_people():
    leaving.sweep()
    confirming.sweep()
    keep_offices()  # a safeguarding partner whose last day was yesterday stops reading today
    beat("people")


@shared_task(name="partnership.directory.tasks.sweep_imports")
def sweep_imports():
    importing.sweep()
