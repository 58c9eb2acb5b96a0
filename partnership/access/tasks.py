"""Five lines each: they call a service and are safe to run twice."""

from celery import shared_task

from partnership.access import kept, memory, sessions


@shared_task(name="partnership.access.tasks.dispose")
def dispose():
    kept.dispose()
    kept.forget_sent()
    memory.dispose()
    sessions.dispose()
