"""The minutes as a PDF for the person who asked: what that person may read when it is made, and nobody else's."""

from django.db import transaction

from boards.minutes import editions
from boards.models import Edition, MinutesPrint, Part
from partnership.access import scope
from partnership.documents import services as documents
from partnership.documents.models import Document, Marking, Version
from partnership.jobs import services as jobs
from partnership.jobs.models import Job
from partnership.people.roles import Perm

KIND = "minutes_print"
WHY = "a person's own print"
CHANGED = "What you may read of these minutes has changed since this PDF was made. Ask for it again."


@transaction.atomic
def ask(edition, *, by) -> jobs.Job:
    """Ask for an edition that the page let through. Their earlier prints go."""
    _let_go(by)
    row = MinutesPrint.objects.create(folder_id=edition.folder_id, edition=edition, made_by=by)
    return jobs.ask(KIND, row, by=by)


def _read(user, edition):
    rows = Edition.objects.visible_to(user).select_related("meeting__folder", "meeting__group__folder")
    edition = rows.filter(pk=edition.pk).first()
    return edition and editions.reading(user, edition.meeting, edition)


def make(row, *, by, progress):
    """(bytes of the PDF, ids of its parts). Raises ValueError where its reader may no longer read it."""
    from partnership.ui import pdf  # only a worker draws

    progress(20, "Reading the minutes")
    with scope.entered():
        found = _read(by, row.edition)
    if found is None:
        raise ValueError("the edition is not the reader's any more")
    progress(50, "Drawing the pages")
    title = f"Minutes of {found.head.get('title') or 'a meeting'}"
    if found.head:
        title = f"{title}, {found.head['day_said']}"
    context = {"title": title, "marking": _marking(found), "found": found, "made_by": by.name}
    return pdf.render("boards/minutes_pdf.html", context), found.part_ids


def _marking(found) -> str:
    folder = found.edition.meeting.folder
    sensitive = folder.sealed or any(line.restricted for line in found.lines)
    return "OFFICIAL-SENSITIVE" if sensitive else "OFFICIAL"


def keep(row, made, *, by):
    """Keep it apart from the folder, for this person; their earlier ones go."""
    content, row.parts = made
    document = Document.objects.create(folder=row.folder, title="Minutes", marking=Marking.SENSITIVE, apart=True)
    row.version = documents.keep(
        content, folder=row.folder, title=document.title, name="minutes.pdf", content_type="application/pdf",
        marking=Marking.SENSITIVE, by=by, document=document,
    )  # fmt: skip
    row.save(update_fields=["version", "parts"])
    _let_go(by, but=row.pk)
    return row.pk


def _let_go(user, *, but=None) -> None:
    """Remove this person's prints with their files, but for those that a job is still about."""
    unfinished = Job.objects.unscoped(WHY).filter(
        kind=KIND, requester=user, status__in=(Job.Status.QUEUED, Job.Status.RUNNING)
    )
    rows = MinutesPrint.objects.unscoped(WHY).filter(made_by=user).exclude(pk=but)
    rows = rows.exclude(pk__in=unfinished.values("subject_id"))
    files = list(rows.exclude(version=None).values_list("version_id", flat=True))
    rows.delete()
    documents.dispose(Version.objects.unscoped(WHY).filter(pk__in=files))


def still_theirs(user, row) -> bool:
    """Whether this person may still read every part that stands in it."""
    seen = Part.objects.visible_to(user).filter(pk__in=row.parts).count()
    editions_seen = Edition.objects.visible_to(user).filter(pk=row.edition_id)
    return seen == len(row.parts) and editions_seen.exists()


def version_of(row) -> Version | None:
    rows = Version.objects.unscoped("the page asked whose print it is").select_related("document", "folder")
    return rows.filter(pk=row.version_id).first()


def why_not(user, job) -> str:
    row = MinutesPrint.objects.visible_to(user).filter(pk=job.result_id).first()
    return "" if row and still_theirs(user, row) else CHANGED


def register() -> None:
    jobs.register(
        KIND,
        jobs.Kind(
            title="Minutes (PDF)", model=MinutesPrint, perm=Perm.MEETING_VIEW, make=make, keep=keep,
            result_url="boards:minutes_file", back_url="boards:minutes_asked", back_words="the minutes",
            why_not=why_not, personal=True,
        ),
    )  # fmt: skip
