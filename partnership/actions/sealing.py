"""What becomes of actions that are sensitive after all, or whose folder is sealed: none of their words leaves the
portal any more, and the files that show what was done are marked with them."""

from partnership.actions.models import Action, Evidence
from partnership.documents.services import mark_sensitive

WHY = "a folder is sealed with all that hangs on it; nothing of it is shown"


def became_sealed(folder) -> None:
    """Every action at or below `folder` is sensitive from now on, and so are the files that show what was done."""
    here = {"folder__path__overlap": [folder.pk]}
    Action.objects.unscoped(WHY).filter(sensitive=False, **here).update(sensitive=True)
    _mark(Evidence.objects.unscoped(WHY).filter(**here))


def became_sensitive(actions) -> None:
    """The files of these actions bear the marking of their words."""
    _mark(Evidence.objects.unscoped(WHY).filter(action__in=actions))


def _mark(evidence):
    mark_sensitive(evidence.filter(document__isnull=False).values("document_id"))
