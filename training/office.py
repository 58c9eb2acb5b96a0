"""The folder of the partnership's training, above its courses: records that belong to no event stand in it."""

from django.db import transaction

from partnership.access.models import Folder, FolderKind
from partnership.access.services import open_folder
from partnership.people.models import Partnership

TITLE = "Multi-agency training"


def training_of(partnership) -> Folder:
    """Raises Folder.DoesNotExist where `manage.py portal_setup` was not run."""
    return _tops().select_related("partnership").get(partnership=partnership)


@transaction.atomic
def keep_training(*, by=None) -> None:
    """Make the folder where it is missing. Safe to repeat: two set-ups at once make one."""
    for partnership in Partnership.objects.select_for_update().order_by("pk"):
        if not _tops().filter(partnership=partnership).exists():
            open_folder(
                kind=FolderKind.COURSE, title=TITLE, partnership=partnership, by=by,
                reference=f"Training of {partnership.slug}"[:40],
            )  # fmt: skip


def _tops():
    rows = Folder.objects.unscoped("the folder of all training holds no word of a person: its pages ask for the power")
    return rows.filter(kind=FolderKind.COURSE, parent=None)
