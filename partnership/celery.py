"""The Celery application: it only shortens the wait, every fact is a row (docs/adr/0005)."""

import logging
import os

from celery import Celery
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnership.settings")
app = Celery("partnership")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

log = logging.getLogger(__name__)


def send_soon(task, *args, **options) -> None:
    """Wake a worker for what a row says already. A broker that is down loses nothing: beat wakes it too."""
    try:
        task.apply_async(args, retry=False, **options)
    except (OperationalError, RedisError, OSError):
        log.warning("broker does not answer; %s waits for the next wake-up", task.name)
