"""What access a person holds, for their leaving: one item a grant (house.md 2.9: a leaver's grants are handed over)."""

from collections import defaultdict
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access.holding import holders_of
from partnership.access.models import SEATED_KINDS, Conflict, Folder, FolderGrant
from partnership.access.open_work import Held
from partnership.access.rows import can
from partnership.access.services import grant, revoke
from partnership.people.models import Membership, User
from partnership.people.roles import Perm

ENDS = "Access ends with the leaving"


def grants_of(user):
    """The folders that `user` was let into. One that would lose its second holder, or its last who lets people in,
    must be handed over; every other access ends with the leaving. Emergency access is nobody's to give: it ends."""
    rows = FolderGrant.objects.live().filter(user=user).select_related("content_object", "permission")
    rows = [row for row in rows.order_by("starts", "id") if row.content_object.kind not in SEATED_KINDS]  # as the seat
    folders = [row.content_object for row in rows]
    held = _lasting(folders, holders_of(folders, [Perm.FOLDER_VIEW, Perm.FOLDER_GRANT])) if rows else {}
    may_grant = _asked_once(folders)
    for row in rows:
        folder = row.content_object
        sealed = "a sealed folder" if folder.sealed else "a folder"
        if row.emergency:
            yield Held(
                key=f"grant:{row.pk}",
                what=f"Emergency access to {sealed}",
                folder_id=folder.pk,
                must_hand_over=False,
                candidates=_to_nobody,
                hand_over=_never,
                vacate=partial(_end, row),
                vacant=ENDS,
            )
            continue
        yield Held(
            key=f"grant:{row.pk}",
            what=f"Access to {sealed}: {row.role_label.lower()}",
            folder_id=folder.pk,
            must_hand_over=leaves_too_few(folder, held, user),
            candidates=partial(_candidates, row, may_grant),
            hand_over=partial(_hand_over, row),
            vacate=None if leaves_too_few(folder, held, user) else partial(_end, row),
            vacant=ENDS,
            who_can=partial(_people, held[folder.pk, Perm.FOLDER_GRANT]),
            may_keep=partial(may_grant, folder),
        )


def _lasting(folders, held) -> dict:
    """held without those who are in by emergency access alone: they are in for a day."""
    ids = {pk for folder in folders for pk in folder.path}
    rows = FolderGrant.objects.live().filter(content_object_id__in=ids, emergency=False)
    let_in = defaultdict(set)
    for folder, user in rows.values_list("content_object_id", "user_id"):
        let_in[folder].add(user)
    return {
        (folder.pk, perm): people & set().union(*(let_in[pk] for pk in folder.path)) if folder.sealed else people
        for folder in folders
        for perm in (Perm.FOLDER_VIEW, Perm.FOLDER_GRANT)
        for people in [held[folder.pk, perm]]
    }


def leaves_too_few(folder, held, user) -> bool:
    """Whether a sealed folder without `user` has fewer than two people, or nobody who can let others in.

    held: what `holders_of` said of FOLDER_VIEW and FOLDER_GRANT on it, without who is in for a day (`_lasting`).
    """
    if not folder.sealed:
        return False
    left = held[folder.pk, Perm.FOLDER_VIEW] - {user.pk}
    return len(left) < 2 or not held[folder.pk, Perm.FOLDER_GRANT] - {user.pk}


def _asked_once(folders):
    """(folder, by) -> whether `by` lets people in there: one query for all of these folders, to show them by."""
    ids, asked = {folder.pk for folder in folders}, {}

    def may_grant(folder, by) -> bool:
        if by.pk not in asked:
            rows = Folder.objects.allowing(by, Perm.FOLDER_GRANT).filter(pk__in=ids)
            asked[by.pk] = set(rows.values_list("pk", flat=True))
        return folder.pk in asked[by.pk]

    return may_grant


def _may_grant(folder, by) -> bool:
    return can(by, Perm.FOLDER_GRANT, folder)


def _people(ids):
    return User.objects.filter(pk__in=ids).order_by("name")


def _candidates(row, may_grant, by):
    """Whoever lets people in sees who is barred, so the barred are left out for them alone. No office's address."""
    folder = row.content_object
    if not may_grant(folder, by):
        return None
    barred = Conflict.objects.live().filter(folder_id__in=folder.path).values("user_id")
    here = Membership.objects.live().values("user_id")
    people = User.objects.filter(is_active=True, shared_address=False, pk__in=here)
    return people.exclude(pk__in=barred).exclude(pk__in=[row.user_id, by.pk])


@transaction.atomic
def _hand_over(row, to, *, by):
    people = _candidates(row, _may_grant, by)
    if people is None or not people.filter(pk=to.pk).exists():
        raise ValidationError(f"{to.name} cannot be given this access. Choose somebody else.")
    grant(row.content_object, to, row.role, by=by, reason=f"Took over from {row.user.name} on leaving"[:300])
    revoke(row, by=by)


def _to_nobody(by):
    """Nobody may give it on."""


def _never(to, *, by):
    raise ValidationError("Emergency access is for one person and one day: it cannot be handed over. It ends.")


def _end(row, *, by):
    if row.ends is None or row.ends > timezone.now():
        revoke(row, by=by)
