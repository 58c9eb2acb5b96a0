"""Whoever may merge is told that two records of one school wait for a second person."""

from django.db.models import Q
from django.urls import reverse

from partnership.directory.leads import ANSWERS
from partnership.directory.models import SecondNumber
from partnership.notify.kinds import NoticeKind, register
from partnership.notify.telling import Told, tell
from partnership.people.models import Membership
from partnership.people.roles import Perm, roles_with

SAID = "second_number_said"


def tell_second_number(row) -> None:
    """Those who change the whole directory and the business unit, but for the one who says it."""
    roles = [*roles_with(Perm.DIRECTORY_EDIT), *roles_with(Perm.PEOPLE_APPROVE)]
    people = Membership.objects.live().filter(ANSWERS, Q(agency=None), role__in=roles).exclude(user=row.asked_by)
    ids = set(people.values_list("user_id", flat=True))
    tell(SAID, [Told(f"{SAID}:{row.pk}", person, row.pk) for person in ids])


def _rows(notices):
    rows = SecondNumber.objects.filter(pk__in={each.subject_id for each in notices})
    return {row.pk: row for row in rows.select_related("kept", "merged", "asked_by")}


def _describe(notices, user):
    rows, said = _rows(notices), {}
    for each in notices:
        if row := rows.get(each.subject_id):
            waits = "It waits for a second person." if row.answered_at is None else "It was answered."
            said[each.pk] = f"{row.asked_by.name} says that {row.merged.name} is a second record of a school. {waits}"
    return said


def _still_waits(notices):
    waiting = {pk for pk, row in _rows(notices).items() if row.answered_at is None}
    return {each.pk for each in notices if each.subject_id in waiting}


def _address(notice):
    row = SecondNumber.objects.filter(pk=notice.subject_id).first()
    if row is None:
        return reverse("directory:agencies")
    return reverse("directory:agency_merge", args=[row.merged_id]) + f"?keep={row.kept_id}"


def register_notices():
    register(
        NoticeKind(
            SAID, "Two records of one school", model=SecondNumber, perm=Perm.DIRECTORY_VIEW, describe=_describe,
            url=_address, still_wanted=_still_waits,
        )
    )  # fmt: skip
