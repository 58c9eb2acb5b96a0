"""What becomes of actions when their folder is sealed after all: none of their words leaves the portal any more."""

from partnership.actions.models import Action, Evidence
from partnership.documents.models import Document, Marking

WHY = "a folder is sealed with all that hangs on it; nothing of it is shown"


def became_sealed(folder) -> None:
    """Every action at or below `folder` is sensitive from now on, and so are the files that show what was done."""
    here = {"folder__path__overlap": [folder.pk]}
    Action.objects.unscoped(WHY).filter(sensitive=False, **here).update(sensitive=True)
    files = Evidence.objects.unscoped(WHY).filter(document__isnull=False, **here).values("document_id")
    Document.objects.unscoped(WHY).filter(pk__in=files).update(marking=Marking.SENSITIVE)
