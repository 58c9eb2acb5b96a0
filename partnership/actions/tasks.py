"""Five lines each: they wake a sweep over rows and are safe to run twice."""

from celery import shared_task

from partnership.actions import sweep as sweeping
from partnership.actions.importing import services as logs
from partnership.notify.watch import beat


@shared_task(name="partnership.actions.tasks.sweep")
def sweep():
    sweeping.sweep()


@shared_task(name="partnership.actions.tasks.sweep_logs")
def sweep_logs():
    logs.sweep()
    beat("logs")
