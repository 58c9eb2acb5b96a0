"""They wake sweeps over rows and are safe to run twice."""

from celery import shared_task

from partnership.notify.watch import beat
from training.booking import sweep
from training.evaluating import sweep as evaluating
from training.uploads import services as uploads


@shared_task(name="training.tasks.sweep_places")
def sweep_places():
    sweep.sweep()
    evaluating.sweep()
    uploads.sweep()
    beat("training_places")
