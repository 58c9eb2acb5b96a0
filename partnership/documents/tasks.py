"""Five lines each: they take ids, call a service and are safe to run twice."""

from celery import shared_task

from partnership.documents import checking, renditions, tending


@shared_task(name="partnership.documents.tasks.check")
def check(version_id):
    checking.check(version_id)


@shared_task(name="partnership.documents.tasks.sweep")
def sweep():
    checking.sweep()
    renditions.sweep()


@shared_task(name="partnership.documents.tasks.tend")
def tend():
    tending.tend_when_due()


@shared_task(name="partnership.documents.tasks.convert")
def convert(rendition_id):
    renditions.make(rendition_id)
