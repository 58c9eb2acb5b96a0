"""The portal of a safeguarding children partnership: the floors that the wings stand on."""

from partnership.celery import app as celery_app

__all__ = ["celery_app"]
