"""Colleagues of the unit, their open work as the viewer may see it, and who covers for whom."""

from dataclasses import dataclass, field, replace

from django.urls import reverse
from django.utils import timezone

from partnership.access import scope
from partnership.access.models import Folder
from partnership.access.rows import allowing
from partnership.access.work import Work, work_of
from partnership.directory.models import Cover
from partnership.people.models import Membership, User
from partnership.people.roles import Perm, roles_with


def covers_today():
    return Cover.objects.live().filter(ended_at=None)


def unit_people():
    """Active people of the unit today."""
    rows = Membership.objects.live().filter(agency=None, role__in=roles_with(Perm.COVER))
    return User.objects.filter(is_active=True, pk__in=rows.values("user_id")).order_by("name")


def work_seen(viewer, colleague) -> list[Work]:
    """What `colleague` owes, soonest first, as far as `viewer` may see each line's case by her own power.

    Lines of nobody's but the colleague's are left out, and so is how many there are.
    """
    outer = scope.current()
    with scope.entered() as inner:  # what the colleague's own reach shows is not a reading by the viewer
        owed, _, _ = work_of(colleague)
    owed = [line for line in owed if line.folder_id and line.perm]
    allowed = {}
    for perm in {line.perm for line in owed}:
        ids = {line.folder_id for line in owed if line.perm == perm}
        rows = Folder.objects.allowing(viewer, perm).filter(pk__in=ids)
        allowed[perm] = set(rows.values_list("pk", flat=True))
    seen = [line for line in owed if line.folder_id in allowed[line.perm]]
    if outer is not None:
        folders = {line.folder_id for line in seen}
        for label, rows in inner.shown.items():
            mine = {pk: folder for pk, folder in rows.items() if folder in folders}
            if mine:
                outer.shown.setdefault(label, {}).update(mine)
    return seen


@dataclass
class Colleague:
    """work: what they have open; None where nobody has asked to see it."""

    user: User
    work: list | None
    cover: Cover | None = None
    covers: list = field(default_factory=list)


def colleagues_of(viewer, shown="") -> list[Colleague]:
    """The others of the unit, and the work of one of them. shown: the id of that one, as it came with the request.

    One at a time: every source of work is asked for each colleague whose work is shown.
    """
    covers = {}
    doing = {}
    for row in covers_today().select_related("absent", "by"):
        covers[row.absent_id] = row
        doing.setdefault(row.by_id, []).append(row)
    return [
        Colleague(
            user, work_seen(viewer, user) if str(user.pk) == shown else None, covers.get(user.pk),
            doing.get(user.pk, []),
        )
        for user in unit_people()
        if user.pk != viewer.pk
    ]  # fmt: skip


def coming(viewer):
    """Covers of today and later, for their list."""
    rows = Cover.objects.filter(ended_at=None, ends__gt=timezone.localdate())
    return rows.select_related("absent", "by", "made_by").order_by("starts", "absent__name")


def covering_for(user, own) -> list:
    """[(Cover, [Work], shared)] of those whom `user` covers for today, for home; one query for everybody else.

    own: what `user` owes herself, which is not listed twice. shared: how many lines stand there already.
    """
    mine = {(line.what, line.url) for line in own}
    found = []
    for row in covers_today().filter(by=user).select_related("absent").order_by("absent__name"):
        work = work_seen(user, row.absent)
        theirs = [line for line in work if (line.what, line.url) not in mine]
        found.append((row, theirs, len(work) - len(theirs)))
    return found


def covered_by(user):
    """For home: who covers for `user` today, and until when."""
    for row in covers_today().filter(absent=user).select_related("by"):
        what = f"{row.by.name} covers for you until {row.last_day:%-d %B %Y}"
        yield Work(what, reverse("directory:colleagues"), owed=False)


def also_told(kind, told) -> list:
    """More `Told`, for those who cover today for somebody who is told: only where they may see the row themselves.

    The same key: who is told by their own right is not told twice, nor is who was told the same of it by another key.
    That somebody covers is told to the two of them as such.
    """
    if kind.model is Cover:
        return []
    own = [(each.recipient_id, each.subject_id, each.data) for each in told]
    recipients = {each.recipient_id for each in told}
    covers = list(covers_today().filter(absent__in=recipients, by__is_active=True).select_related("by"))
    found = []
    for row in covers:
        theirs = [each for each in told if each.recipient_id == row.absent_id != each.subject_id]
        rows = allowing(kind.model, row.by, Perm(kind.perm))
        seen = set(rows.filter(pk__in={each.subject_id for each in theirs}).order_by().values_list("pk", flat=True))
        found += [
            replace(each, recipient_id=row.by_id, data=each.data | {"covering": row.absent_id})
            for each in theirs
            if each.subject_id in seen and (row.by_id, each.subject_id, each.data) not in own
        ]
    return found
