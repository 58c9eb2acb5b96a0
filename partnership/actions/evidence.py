"""What shows that an action was done: words and files. A file that was refused shows nothing."""

from django.core.exceptions import ValidationError
from django.db import transaction

from partnership.access.flow import lock
from partnership.actions import services
from partnership.actions.models import Evidence
from partnership.documents import reads
from partnership.documents import services as documents
from partnership.documents.models import Marking

KIND = "action_evidence"
WHY = "its action was let through by the row rule"
REFUSED = "The file that was to show it was refused, and nothing else shows it. Send it back, so that another is added."


@transaction.atomic
def add(row, *, by, words="", upload_file=None, title="") -> Evidence:
    """Add evidence: words, a file, or both. The file is taken into quarantine and checked.

    It is kept apart: neither its folder nor its uploader opens it, the action alone does. The same file, sent twice, is
    one evidence. Raises as services.add_evidence, and ValidationError naming `file` for what can be told at once.
    """
    row = lock(row)
    document = None
    if upload_file is not None:
        marking = Marking.SENSITIVE if row.sensitive else Marking.OFFICIAL
        version = documents.take(
            upload_file, folder=row.folder, title=title, marking=marking, by=by, kind=KIND, apart=True
        )
        document = version.document
        there = services.evidence_of(row).filter(document=document).first()
        if there and words.strip() in ("", there.words):
            return there
    return services.add_evidence(row, by=by, words=words, document=document)


def newest_of(found) -> dict:
    """document id -> the newest version of its file; one question for all of this evidence."""
    return reads.newest_of([each.document_id for each in found if each.document_id], why=WHY)


def shows(row) -> bool:
    """Whether something shows that the action was done: words, or a file that was not refused."""
    found = list(services.evidence_of(row))
    files = newest_of(found)
    return any(each.words or not files[each.document_id].lost for each in found)


def must_be_sound(row) -> None:
    """Raises ValidationError while a file is still being checked, and where refused files are all that there is."""
    for version in newest_of(list(services.evidence_of(row))).values():
        if version.waiting:
            raise ValidationError(f"‘{version.document.title}’ is still being checked. Wait a moment, then try again.")
    if not shows(row):
        raise ValidationError(REFUSED)
