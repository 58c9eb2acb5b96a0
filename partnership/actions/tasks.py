"""Five lines: it wakes a sweep over rows and is safe to run twice."""

from celery import shared_task

from partnership.actions import sweep as sweeping


@shared_task(name="partnership.actions.tasks.sweep")
def sweep():
    sweeping.sweep()
