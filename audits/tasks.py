"""They wake sweeps over rows and are safe to run twice."""

from celery import shared_task

from audits.chasing import sweep
from partnership.notify.watch import beat


@shared_task(name="audits.tasks.sweep_reminders")
def sweep_reminders():
    sweep.sweep()
    beat("audit_reminders")
