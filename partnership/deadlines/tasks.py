"""Five lines each: they wake a sweep over rows and are safe to run twice."""

from celery import shared_task

from partnership.deadlines import sweep as sweeping


@shared_task(name="partnership.deadlines.tasks.sweep")
def sweep():
    sweeping.sweep()
