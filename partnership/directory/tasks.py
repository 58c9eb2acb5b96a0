"""Five lines each: they call a service and are safe to run twice."""

from celery import shared_task

from partnership.directory.importing import services


@shared_task(name="partnership.directory.tasks.sweep_imports")
def sweep_imports():
    services.sweep()
