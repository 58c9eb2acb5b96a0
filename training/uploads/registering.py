"""What uploads tell the floors: their long work, and how their events are told."""

from partnership.access.context import add_to_navigation
from partnership.access.story import register_sentences
from partnership.deadlines.office import office_of
from partnership.jobs.services import Kind
from partnership.jobs.services import register as register_job
from partnership.people.models import Partnership
from partnership.people.roles import Perm
from training.models import Upload
from training.uploads import services
from training.uploads.sentences import SENTENCES


def register():
    register_sentences(SENTENCES)
    add_to_navigation("Uploads", "training:uploads", Perm.LEARNER_EDIT, order=38, group="Training")
    register_job(
        services.TAKE,
        Kind(
            title="Taking completed courses in",
            model=Upload,
            perm=Perm.LEARNER_EDIT,
            make=services.nothing,
            keep=services.keep_taking,
            result_url="training:upload",
            back_url="training:upload",
            result_words="See what was taken in",
            back_words="the file",
            keeps_long=True,
            folder=_office,
            personal=True,
        ),
    )


def _office(upload):
    """The folder of the partnership's business: whoever asked sees the job, and so does the business unit."""
    return office_of(Partnership.objects.order_by("pk").first()).pk
