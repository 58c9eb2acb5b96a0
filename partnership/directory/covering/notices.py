"""What is told of a cover: to the one who covers and to the one who is away."""

from django.urls import reverse

from partnership.directory.models import Cover
from partnership.notify.kinds import NoticeKind, register
from partnership.notify.telling import Told, tell
from partnership.people.roles import Perm

BEGAN = "cover_began"


def tell_began(row) -> None:
    people = {row.absent_id, row.by_id} - {row.made_by_id}
    tell(BEGAN, [Told(f"{BEGAN}:{row.pk}", person, row.pk) for person in people])


def _describe(notices, user):
    rows = Cover.objects.filter(pk__in={each.subject_id for each in notices}).select_related("absent", "by")
    found = {row.pk: row for row in rows}
    said = {}
    for each in notices:
        if row := found.get(each.subject_id):
            who = "You cover" if row.by_id == user.pk else f"{row.by.name} covers"
            whom = "you" if row.absent_id == user.pk else row.absent.name
            said[each.pk] = f"{who} for {whom}, {row.starts:%-d %B} to {row.last_day:%-d %B %Y}."
    return said


def _still_on(notices) -> set:
    rows = Cover.objects.filter(ended_at=None, pk__in={each.subject_id for each in notices})
    ids = set(rows.values_list("pk", flat=True))
    return {each.pk for each in notices if each.subject_id in ids}


def register_notices():
    register(
        NoticeKind(
            BEGAN, "Somebody covers for a colleague", model=Cover, perm=Perm.COVER, describe=_describe,
            url=lambda notice: reverse("directory:colleagues"), still_wanted=_still_on,
        )
    )  # fmt: skip
