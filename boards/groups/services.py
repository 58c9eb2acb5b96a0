"""Every write to groups and their seats. Each holds the group, writes its event, and lets the folder's grants follow.

Days: `starts` is the first day and `ends` the first day no longer (None: open). Every function raises ValidationError
for what people can put right, Stale when the row was changed since `version` was read, and PermissionDenied for who
does not keep the groups: a seat opens the group. by None: the portal.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from boards.groups.grants import keep
from boards.models import Group, Seat
from partnership.access.flow import Stale, lock
from partnership.access.models import Folder, FolderKind
from partnership.access.reach import reach_of
from partnership.access.services import open_folder, rename
from partnership.people.roles import Perm
from partnership.trail.services import record

GROUP_FIELDS = ("parent", "purpose", "meets", "chair_rule", "source", "starts")
SEAT_FIELDS = ("role", "post", "agency", "organisation", "voting", "source")
CHANGED = "Somebody else changed this while you were typing."
OVER = "This group has ended: nobody is given a seat on it."
SITS = "{} has a seat on this group in that time already. End that one first."


def _must_keep(by):
    if by is not None and not reach_of(by).holds_wide(Perm.GROUP_EDIT):
        raise PermissionDenied("group.edit")


@transaction.atomic
def add_group(*, by, partnership, name, ref="", **facts) -> Group:
    """Open the folder of a group and enter the group. facts: of GROUP_FIELDS."""
    _must_keep(by)
    _name_is_free(name)
    folder = open_folder(
        kind=FolderKind.GROUP, title=name, partnership=partnership, by=by, reference=_reference(name), sealed=False
    )
    row = Group(folder=folder, ref=ref, changed_by=by, **facts)
    _save(row, by)
    record("group_added", by=by, obj=row)
    return row


def _reference(name) -> str:
    taken = Folder.objects.unscoped("is this reference free?")
    base, number = name[:36].strip(), 1
    reference = base
    while taken.filter(reference=reference).exists():
        number += 1
        reference = f"{base} {number}"
    return reference


def _name_is_free(name, *, but=None):
    rows = Group.objects.live().filter(folder__title__iexact=name.strip())
    if rows.exclude(pk=but and but.pk).exists():
        raise ValidationError({"name": "There is a group of this name already."})


@transaction.atomic
def change_group(group, *, by, version, name, **facts) -> Group:
    """Change what is said of a group. facts: of GROUP_FIELDS. Raises Stale."""
    _must_keep(by)
    row = _fresh(group, version)
    _name_is_free(name, but=row)
    parent = facts["parent"]
    while parent is not None:
        if parent.pk == row.pk:
            raise ValidationError({"parent": "A group cannot stand below itself."})
        parent = parent.parent
    changed = _set(row, facts)
    if name.strip() != row.folder.title:
        rename(row.folder, name.strip(), by=by)
        changed.append("name")
    if changed:
        _save(row, by, counted=True)
        record("group_changed", by=by, obj=row, fields=sorted(changed))
    return Group.objects.select_related("folder").get(pk=row.pk)


@transaction.atomic
def close_group(group, *, by, ends) -> Group:
    """A group meets no more from `ends` on, and its seats end with it. Its actions go on. Raises ValidationError while
    a group stands below it."""
    _must_keep(by)
    row = lock(group)
    if row.ends is not None:
        raise Stale("The end of this group is recorded already.")
    if row.starts and ends <= row.starts:
        raise ValidationError({"ends": "The last day must not be before the first day."})
    if Group.objects.filter(Q(ends=None) | Q(ends__gt=ends), parent=row).exists():
        raise ValidationError({"ends": "Groups below it meet longer. End those first, or place them elsewhere."})
    row.ends = ends
    _save(row, by, counted=True)
    for seat in Seat.objects.select_for_update().filter(Q(ends=None) | Q(ends__gt=ends), group=row):
        _end(seat, max(ends, seat.starts or ends), by)
    keep(row, by=by)
    record("group_closed", by=by, obj=row, ends=ends.isoformat())
    return row


def _not_oneself(user, by):
    """A seat opens the group, also one that begins on a day to come: nobody gives one to themselves."""
    if user is not None and by is not None and user.pk == by.pk:
        raise ValidationError(
            {"user": "You cannot give a seat, or another part in a group, to yourself. Ask a colleague."}
        )


@transaction.atomic
def add_seat(group, *, by, user=None, starts=None, ends=None, deputy_for=None, **facts) -> Seat:
    """Add a seat, held by `user` or vacant. facts: of SEAT_FIELDS. deputy_for: the seat whose deputy its holder is."""
    _must_keep(by)
    row = _holding(group)
    if row.over:
        raise ValidationError(OVER)
    if deputy_for is not None and (deputy_for.group_id != row.pk or deputy_for.deputy_for_id):
        raise ValidationError({"deputy_for": "Choose a seat of this group that is not a deputy’s."})
    _not_oneself(user, by)
    seat = Seat(group=row, user=user, starts=starts, ends=ends, deputy_for=deputy_for, changed_by=by, **facts)
    _possible(seat)
    _save(seat, by)
    keep(row, by=by, about=user)
    record("seat_added", by=by, obj=row, seat=seat.pk, user=seat.user_id)
    return seat


@transaction.atomic
def change_seat(seat, *, by, version, **facts) -> Seat:
    """Put right what is said of a seat. facts: of SEAT_FIELDS; who holds it is `give_seat`'s. Raises Stale."""
    _must_keep(by)
    group = _holding(seat.group)
    row = _fresh(seat, version)
    if changed := _set(row, facts):
        if "role" in changed:
            _not_oneself(row.user, by)
        _possible(row)
        _save(row, by, counted=True)
        keep(group, by=by)
        record("seat_changed", by=by, obj=group, seat=row.pk, fields=sorted(changed))
    return row


@transaction.atomic
def give_seat(seat, *, by, user, starts=None, post=None) -> Seat:
    """Give a seat to somebody, from `starts` (today): the row before ends, and its deputies go with the seat.

    post: the new holder's, where it is another. Raises Stale for a seat that has ended meanwhile.
    """
    _must_keep(by)
    group, starts = _holding(seat.group), starts or timezone.localdate()
    row = _standing(seat, starts)
    if row.user_id == user.pk:
        return row
    _not_oneself(user, by)
    ends = row.ends
    _end(row, starts, by)
    new = Seat(group=group, user=user, starts=starts, ends=ends, deputy_for=row.deputy_for, changed_by=by,
               **{name: getattr(row, name) for name in SEAT_FIELDS})  # fmt: skip
    new.post = post or row.post
    _possible(new)
    _save(new, by)
    for deputy in row.deputies.select_for_update().filter(Q(ends=None) | Q(ends__gt=starts)):
        deputy.deputy_for = new
        _save(deputy, by, counted=True)
    keep(group, by=by, about=user)
    record("seat_given", by=by, obj=group, seat=new.pk, user=user.pk, was=row.user_id)
    return new


@transaction.atomic
def end_seat(seat, *, by, ends, vacant=True) -> Seat | None:
    """End the holding of a seat from `ends` on, and with it its deputies'. vacant: the seat stays and waits for
    somebody; returned where it does. Raises Stale for one that has ended meanwhile."""
    _must_keep(by)
    group = _holding(seat.group)
    row = _standing(seat, ends)
    after = row.ends
    _end(row, ends, by)
    for deputy in row.deputies.select_for_update().filter(Q(ends=None) | Q(ends__gt=ends)):
        _end(deputy, max(ends, deputy.starts or ends), by)
    vacancy = None
    if vacant and row.user_id and not row.deputy_for_id:
        facts = {name: getattr(row, name) for name in SEAT_FIELDS}
        facts["post"] = facts["post"] or row.user.job_title or row.get_role_display()
        vacancy = Seat(group=group, starts=ends, ends=after, changed_by=by, **facts)
        _save(vacancy, by)
    keep(group, by=by)
    record("seat_ended", by=by, obj=group, seat=row.pk, user=row.user_id, vacant=vacancy is not None)
    return vacancy


def _holding(group) -> Group:
    return Group.objects.select_for_update(of=("self",)).select_related("folder").get(pk=group.pk)


def _standing(seat, day) -> Seat:
    """The locked seat, which goes on until `day` at least. Raises Stale, and ValidationError for a day before it."""
    row = lock(seat)
    if row.ends is not None and row.ends <= min(day, timezone.localdate()):
        raise Stale("This seat has ended already. Open the group’s page again.")
    if row.starts and day < row.starts:
        raise ValidationError("That day lies before the first day of this seat.")
    return row


def _possible(seat):
    if seat.agency_id and seat.organisation:
        raise ValidationError({"organisation": "Choose an organisation of the directory, or enter another: not both."})
    if seat.user_id is None:
        return
    overlapping = Seat.objects.filter(Q(ends=None) | Q(ends__gt=seat.starts) if seat.starts else Q(), user=seat.user_id)
    if seat.ends:
        overlapping = overlapping.filter(Q(starts=None) | Q(starts__lt=seat.ends))
    if overlapping.filter(group=seat.group_id).exclude(pk=seat.pk).exists():
        raise ValidationError({"user": SITS.format(seat.user.name)})


def _end(seat, ends, by):
    seat.ends = ends
    _save(seat, by, counted=True)


def _fresh(row, version):
    fresh = lock(row)
    if fresh.version != version:
        raise Stale(CHANGED)
    return fresh


def _set(row, facts) -> list:
    changed = [name for name, value in facts.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, facts[name])
    return changed


def _save(row, by, *, counted=False):
    """counted: the row was there before, so its version rises."""
    row.version += counted
    row.changed_by, row.changed_at, row._history_user = by, timezone.now(), by
    row.full_clean(exclude=["changed_by"])  # nobody changed what the portal loaded
    row.save()
