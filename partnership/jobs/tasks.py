"""Five lines each: they take ids, call a service and are safe to run twice."""

from celery import shared_task

from partnership.jobs import services


@shared_task(name="partnership.jobs.tasks.run")
def run(job_id):
    services.run(job_id)


@shared_task(name="partnership.jobs.tasks.wake")
def wake():
    services.wake()
