"""What a folder is called to somebody who sees a row of it and perhaps nothing else of it."""

from django.db.models import Case, F, OuterRef, Q, Subquery, When

from partnership.access.models import Folder, FolderKind
from partnership.access.rows import clause

PUBLISHED = "the name of a group and of an audit is published; every other folder is named to those who may see it"

CODED = Q(sealed=True) & ~Q(kind=FolderKind.ITEM)  # Folder.called


def nameable(user):
    """The folders whose names a reader of their rows may know; `called` is what is shown: a case's code word."""
    published = Q(kind__in=(FolderKind.GROUP, FolderKind.OFFICE, FolderKind.AUDIT), sealed=False)
    return (
        Folder.objects.unscoped(PUBLISHED)
        .filter(published | clause(Folder, user, Folder.access.view))
        .annotate(called=Case(When(CODED, then=F("reference")), default=F("title")))
        .order_by()
    )


def called(user) -> Subquery:
    """For a list of rows with a folder: its name, None where this reader may not know it."""
    return Subquery(nameable(user).filter(pk=OuterRef("folder_id")).values("called")[:1])
