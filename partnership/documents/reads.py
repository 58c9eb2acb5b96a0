"""What a page shows of files: where each stands, and what this reader may do with it."""

from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from partnership.access.rows import powers
from partnership.documents import copies, hooks, services
from partnership.documents.contents.kinds import KINDS
from partnership.documents.models import State, Version
from partnership.documents.names import extension_of
from partnership.people.roles import Perm

REFUSED = (State.INFECTED, State.UNSCANNABLE)
REFUSED_SHOWN = timedelta(days=14)


@dataclass(frozen=True)
class File:
    """One file on a page, as templates/documents/_file.html draws it.

    download, unmarked: addresses, empty where this reader may not or it is not ready. words: where it stands.
    """

    version: Version
    words: str
    download: str
    unmarked: str
    kind: str
    marked: bool

    @property
    def title(self):
        return self.version.document.title

    @property
    def marking(self):
        return self.version.document.get_marking_display()

    @property
    def waiting(self):
        return self.version.waiting

    @property
    def ready(self):
        return self.version.ready

    @property
    def refused(self):
        return self.version.lost

    @property
    def url(self):
        return reverse("documents:state", args=[self.version.pk])


@dataclass(frozen=True)
class Enclosure:
    """A file that is kept apart and opens with what it belongs to. download: its address, empty until it is clean.
    words: where it stands."""

    title: str
    words: str
    download: str
    kind: str
    size: int
    marked: bool
    waiting: bool
    lost: bool

    @classmethod
    def of(cls, version, address, **more):
        """more: other facts than those of the version itself."""
        kind = KINDS.get(extension_of(version.name))
        facts = {
            "title": version.document.title,
            "words": services.state(version),
            "download": address if version.ready else "",
            "kind": kind.label if kind else "file",
            "size": version.size,
            "marked": copies.can_be_marked(version),
            "waiting": version.waiting,
            "lost": version.lost,
        }
        return cls(**facts | more)


def newest_of(documents, *, why) -> dict:
    """document id -> its newest version; one question, none without documents. why: who has asked for them already."""
    if not documents:
        return {}
    rows = Version.objects.unscoped(why).filter(document__in=documents).select_related("document").order_by("number")
    return {row.document_id: row for row in rows}


def files(user, *, folder=None, documents=None) -> list[File]:
    """The files of a folder, or of some documents (ids), that `user` may see: the newest of each, the oldest first.

    Of a refused one the version before it is shown too; a refused file is shown to whoever uploaded it, for a
    fortnight. Two queries.
    """
    rows = Version.objects.visible_to(user).select_related("document")
    if folder is not None:
        rows = rows.filter(folder=folder)
    if documents is not None:
        rows = rows.filter(document__in=documents)
    found, since = {}, timezone.now() - REFUSED_SHOWN
    for row in rows.order_by("document__created_at", "document_id", "-number"):
        shown = found.setdefault(row.document_id, [])
        if row.state in REFUSED:
            if not shown and row.made_by_id == user.pk and row.made_at > since:
                shown.append(row)
        elif not any(each.state not in REFUSED for each in shown) or (shown[-1].waiting and not row.waiting):
            shown.append(row)
    return show(user, [row for shown in found.values() for row in shown])


def show(user, versions) -> list[File]:
    """Versions that `user` may see (with their document), each with what she may do; the same questions for all."""
    held = powers(user, versions)
    waits = hooks.held_back(user, versions) if versions else {}
    return [_file(version, held[version.pk], waits.get(version.pk)) for version in versions]


def _file(version, held, why_not) -> File:
    ready = version.ready and not why_not
    may = ready and Perm.DOCUMENT_DOWNLOAD in held
    unmarked = ready and Perm.SEND in held and copies.may_leave_unmarked(version)
    kind = KINDS.get(extension_of(version.name))
    return File(
        version=version,
        words=why_not or services.state(version),
        download=reverse("documents:download", args=[version.pk]) if may else "",
        unmarked=reverse("documents:unmarked", args=[version.pk]) if unmarked else "",
        kind=kind.label if kind else "",
        marked=copies.can_be_marked(version),
    )


def files_by_name(user, ids) -> dict:
    """Version's id -> what it is called in a list of readings, of those that this person may see."""
    rows = Version.objects.visible_to(user).filter(pk__in=ids).select_related("document")
    return {row.pk: f"{row.document.title}, version {row.number}" for row in rows}
