"""What stands beside the words of a return: its files, and passages that are not for every reader."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from partnership.access.flow import Stale, lock
from partnership.documents import reads
from partnership.documents import services as documents
from partnership.documents.models import Marking
from partnership.trail.services import record
from reviews.models import AgencyReturn, ReturnFile, ReturnPassage

KIND = "agency_return"
WHY = "the page has asked for its return"
NOT_OWED = "This return is no longer being written, so nothing can be added or taken off."
# The headings beside which a passage can stand.
HEADINGS = (
    "family", "contacts", "analysis", "voice", "inequality", "good_practice", "learning", "immediate_action",
    "other_agencies",
)  # fmt: skip


def files_of(row, *, number=None) -> list[ReturnFile]:
    """The files of a version of a return, of the one that is being written if no number is given."""
    return _of(ReturnFile, row, number).select_related("document")


def passages_of(row, *, number=None) -> list[ReturnPassage]:
    return _of(ReturnPassage, row, number).select_related("added_by")


def _of(model, row, number):
    rows = model.objects.unscoped(WHY).filter(answer=row)
    if number is None:
        return rows.filter(until=None)
    return rows.filter(since__lte=number).exclude(until__lte=number)


def newest_of(files) -> dict:
    """document id -> its newest version; one question for all."""
    return reads.newest_of([each.document_id for each in files], why=WHY)


def lost_of(row) -> list[ReturnFile]:
    """The files of what is being written that were refused, or withdrawn later: they go with no return."""
    files = list(files_of(row))
    newest = newest_of(files)
    return [each for each in files if newest[each.document_id].lost]


def has_files(row) -> bool:
    """Whether a file goes with what is being written."""
    return len(files_of(row)) > len(lost_of(row))


def own_document(row) -> bool:
    """Whether the agency answers in a document of its own, so that its words need not be typed."""
    return files_of(row).filter(main=True).exclude(pk__in=[each.pk for each in lost_of(row)]).exists()


def must_be_checked(row) -> None:
    """Raises ValidationError for a file that is still being checked."""
    for version in newest_of(files_of(row)).values():
        if version.waiting:
            raise ValidationError(f"‘{version.document.title}’ is still being checked. Wait a moment, then try again.")


def leave_lost_behind(row, *, by) -> None:
    """A return goes without the files that were refused: they hold nothing up, and no reader meets them."""
    for each in lost_of(row):
        _end(row, each)
        record("return_file_off", by=by, obj=row, place=each.place)


@transaction.atomic
def add_file(row, *, by, upload_file, title="", main=False) -> ReturnFile:
    """Take a file into quarantine for a return that is being written; main: it is the answer itself.

    Nobody on the case has it before the return is submitted. Raises Stale once it is not written any more,
    ValidationError for a file that cannot be taken or a second document of the agency's own.
    """
    row = _owed(row)
    # A guest belongs to no organisation: her files open with her return alone, as everybody's do to its readers.
    own = {"shown_to": by, "shown_at": row.agency} if row.agency_id else {}
    version = documents.take(
        upload_file, folder=row.folder, title=title, marking=Marking.SENSITIVE, by=by, kind=KIND, apart=True, **own
    )
    return _attach(row, version, by=by, main=main)


def add_original(row, *, by, upload_file) -> ReturnFile:
    """What came by letter or mail, as it came, of a return that the case lead records: a file of the case."""
    version = documents.take(upload_file, folder=row.folder, marking=Marking.SENSITIVE, by=by, kind=KIND)
    return _attach(row, version, by=by, main=True)


def _attach(row, version, *, by, main):
    here = ReturnFile.objects.unscoped(WHY).filter(answer=row)
    if there := here.filter(document_id=version.document_id, until=None).first():
        return there
    if main and own_document(row):
        raise ValidationError({"main": "This return has a document of your own already. Take that one off first."})
    place = (here.aggregate(last=Max("place"))["last"] or 0) + 1
    made = ReturnFile.objects.create(
        folder_id=row.folder_id, answer=row, document_id=version.document_id, place=place, main=main, since=row.number,
        added_by=by,
    )  # fmt: skip
    record("return_file_added", by=by, obj=row, place=place, version=version.pk)
    return made


@transaction.atomic
def take_off_file(row, *, by, place) -> None:
    """Take a file off the version that is being written; one that was submitted before stays with that version."""
    row = _owed(row)
    if _end(row, files_of(row).filter(place=place).first()):
        record("return_file_off", by=by, obj=row, place=place)


@transaction.atomic
def add_passage(row, *, by, heading, mark, words) -> ReturnPassage:
    row = _owed(row)
    made = ReturnPassage.objects.create(
        folder_id=row.folder_id, answer=row, heading=heading, mark=mark, words=words, since=row.number, added_by=by
    )
    record("return_passage_added", by=by, obj=row, mark=mark)
    return made


@transaction.atomic
def take_off_passage(row, *, by, passage) -> None:
    """passage: its id, of this very return."""
    row = _owed(row)
    if _end(row, passages_of(row).filter(pk=passage).first()):
        record("return_passage_off", by=by, obj=row)


def _end(row, each) -> bool:
    if each is None:
        return False
    if each.given:
        each.until = row.number
        each.save(update_fields=["until"])
    else:
        each.delete()
    return True


def give_files_to_author(row, *, by) -> None:
    """Whoever uploaded a file and no longer writes the return keeps it no longer: its author does."""
    for each in files_of(row):
        if each.document.shown_to_id not in (None, row.author_id):
            documents.show_to(each.document, user=row.author, agency=row.agency, by=by)


def _owed(row):
    row = lock(row)
    if row.status != AgencyReturn.Status.ASKED:
        raise Stale(NOT_OWED)
    return row
