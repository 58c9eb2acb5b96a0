"""What people are told about files: that theirs was refused, and that one they look after was withdrawn."""

from django.urls import reverse
from django.utils import timezone

from partnership.access.rows import holders
from partnership.documents.hooks import names_of
from partnership.documents.models import Version
from partnership.documents.refusals import reason_of
from partnership.notify.kinds import NoticeKind, register
from partnership.notify.telling import Told, tell
from partnership.people.roles import Perm
from partnership.ui.dates import clock_time, plain

FOUND_LATER = "a later check found a virus in it. Tell those who may have downloaded it."
REFUSED, WITHDRAWN = "file_refused", "file_withdrawn"


def register_notices():
    common = {
        "model": Version,
        "perm": Perm.DOCUMENT_VIEW,
        "url": lambda notice: reverse("documents:state", args=[notice.subject_id]),
    }
    register(NoticeKind(code=REFUSED, title="A file that you uploaded was not kept", describe=_refused, **common))
    register(NoticeKind(code=WITHDRAWN, title="A file was withdrawn", describe=_withdrawn, apart=True, **common))


def tell_refused(version):
    """Whoever uploaded it; those who stay on the page have read it there."""
    if version.made_by_id:
        tell(REFUSED, [Told(f"file_refused:{version.pk}", version.made_by_id, version.pk, version.folder_id)])


def tell_withdrawn(version):
    """Those who look after the folder (who may let people in), and whoever uploaded it."""
    people = {user.pk for user in holders(version.folder, Perm.FOLDER_GRANT)} | {
        version.made_by_id,
        version.shown_to_id,
    }
    key = f"file_withdrawn:{version.pk}:{version.scanned_with}"
    tell(WITHDRAWN, [Told(key, pk, version.pk, version.folder_id) for pk in people - {None}])


def _moment(row) -> str:
    """When the file came: what it is called may name somebody, and a notice is read outside the case."""
    local = timezone.localtime(row.made_at)
    return f"{plain(local)} at {clock_time(local)}"


def _refused(notices, user):
    rows = Version.objects.visible_to(user).filter(pk__in={notice.subject_id for notice in notices})
    rows = list(rows.select_related("document"))
    names = names_of(user, rows)
    words = {
        row.pk: f"A file of {_moment(row)}{names.get(row.document_id, '')} was not kept. {reason_of(row.reason)}"
        for row in rows
    }
    return {notice.pk: words[notice.subject_id] for notice in notices if notice.subject_id in words}


def _withdrawn(notices, user):
    rows = Version.objects.visible_to(user).filter(pk__in={notice.subject_id for notice in notices})
    words = {row.pk: f"A file of {_moment(row)} was withdrawn: {FOUND_LATER}" for row in rows}
    return {notice.pk: words[notice.subject_id] for notice in notices if notice.subject_id in words}
