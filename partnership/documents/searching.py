"""Documents, for the one search: by title and by the name of the file. Only what is clean and not kept apart."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from partnership.access.called import called
from partnership.access.searching import IDS, Hit, Source, cut_of, holding, register_search
from partnership.documents.hooks import offered
from partnership.documents.models import Document, State, Version
from partnership.documents.renditions import KIND as RENDITION
from partnership.people.roles import Perm
from partnership.ui.dates import plain


def find_documents(user, query, cut):
    """The newest clean version of each, by the row rule of the version; what is kept apart opens through a page of its
    own, and is found by nothing that is said of it here. Of an Office file its PDF is not found once more."""
    titled = holding(Document.objects.unscoped(IDS), query).order_by()
    named = holding(Version.objects.unscoped(IDS), query).order_by()
    ids = Version.objects.unscoped(IDS).filter(document__in=titled.values("pk")).order_by().values("pk")
    rows = Version.objects.visible_to(user).filter(Q(apart=False), Q(document__apart=False), state=State.CLEAN)
    rows = offered(rows.exclude(document__kind=RENDITION)).filter(pk__in=ids.union(named.values("pk")))
    newer = Version.objects.unscoped(IDS).filter(
        document=OuterRef("document"), state=State.CLEAN, number__gt=OuterRef("number")
    )
    rows = rows.filter(~Exists(newer)).annotate(_called=called(user)).select_related("document")
    found, total = cut_of(rows.order_by("-made_at", "pk"), cut)
    return [_document(row) for row in found], total


def _document(row):
    day = plain(timezone.localdate(row.made_at))
    where = tuple(filter(None, (row._called, row.document.get_marking_display(), day)))
    return Hit(row.document.title, reverse("documents:state", args=[row.pk]), row.name, where)


def register():
    # Whoever uploaded one to a case has it without a role there.
    register_search(Source("documents", "Documents", 60, Perm.DIRECTORY_VIEW, find_documents))
