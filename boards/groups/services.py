"""Every write to groups and their seats. Each holds the group, writes its event, and lets the folder's grants follow.

Days: `starts` is the first day and `ends` the first day no longer (None: open). Every function raises ValidationError
for what people can put right, Stale when the row was changed since `version` was read, and PermissionDenied for who
does not keep the groups: a seat opens the group. by None: the portal.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from boards.groups.grants import keep
from boards.groups.writing import as_read, holding, must_keep, put, save
from boards.models import Group, Seat
from partnership.access.flow import Stale, lock
from partnership.access.models import Folder, FolderKind
from partnership.access.services import open_folder, rename
from partnership.people.models import Membership
from partnership.trail.services import record
from partnership.ui.dates import plain

GROUP_FIELDS = (
    *("kind", "arrangement", "parent", "follows", "purpose", "meets", "chair_rule", "papers_due", "source", "starts"),
)
SEAT_FIELDS = ("role", "post", "represents", "agency", "organisation", "standing", "voting", "source")
OVER = "This group has ended: nobody is given a seat on it."
SITS = "{} has this seat on the group in that time already. End that one first."
HELD = "Somebody holds this seat on one of those days already. Two people hold one seat one after the other."
ELSEWHERE = "{} does not belong to {} on {}: its seat has a deputy of its own organisation. Choose somebody else."
SHORT = "A task and finish group has an end: enter its last day."
TOO_LATE = "The group ends before that day. Extend it first, or enter an earlier day."


@transaction.atomic
def add_group(*, by, partnership, name, ref="", ends=None, **facts) -> Group:
    """Open the folder of a group and enter the group. facts: of GROUP_FIELDS. ends: the first day no longer, which a
    task and finish group has from the first."""
    must_keep(by)
    _task_ends(facts.get("kind"), ends)
    _name_is_free(name, facts.get("starts"), ends)
    folder = open_folder(
        kind=FolderKind.GROUP, title=name, partnership=partnership, by=by, reference=_reference(name), sealed=False
    )
    row = Group(folder=folder, ref=ref, ends=ends, changed_by=by, **facts)
    save(row, by)
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


def _name_is_free(name, starts, ends, *, but=None):
    """Two groups of one name at one time are mixed up; a group may be called as one was that ended before it."""
    rows = _in_that_time(Group.objects.filter(folder__title__iexact=name.strip()), starts, ends)
    if rows.exclude(pk=but and but.pk).exists():
        raise ValidationError({"name": "There is a group of this name already."})


def _in_that_time(rows, starts, ends):
    """Those of `rows` that last on a day of this period."""
    if starts:
        rows = rows.filter(Q(ends=None) | Q(ends__gt=starts))
    return rows.filter(Q(starts=None) | Q(starts__lt=ends)) if ends else rows


def _task_ends(kind, ends):
    if kind == Group.Kind.TASK and ends is None:
        raise ValidationError({"ends": SHORT})


@transaction.atomic
def change_group(group, *, by, version, name, ends=None, **facts) -> Group:
    """Change what is said of a group. facts: of GROUP_FIELDS. Raises Stale.

    ends: of a task and finish group, which is extended or shortened so, its seats with it; of one that is none any more
    the end goes. That of any other group is `close_group`'s.
    """
    must_keep(by)
    row = as_read(group, version)
    parent = facts["parent"]
    while parent is not None:
        if parent.pk == row.pk:
            raise ValidationError({"parent": "A group cannot stand below itself."})
        parent = parent.parent
    was = row.kind
    changed = put(row, facts)
    if Group.Kind.TASK in (was, row.kind):
        _task_ends(row.kind, ends)
        changed += _move_end(row, ends, by)
    _name_is_free(name, row.starts, row.ends, but=row)
    if name.strip() != row.folder.title:
        rename(row.folder, name.strip(), by=by)
        changed.append("name")
    if changed:
        save(row, by, counted=True)
        if "ends" in changed:
            keep(row, by=by)
        record("group_changed", by=by, obj=row, fields=sorted(changed))
    return Group.objects.select_related("folder").get(pk=row.pk)


def _move_end(row, ends, by) -> list:
    """Another end of a group and of the seats that go on until it: those that ended on a day of their own stay so."""
    was = row.ends
    if ends == was:
        return []
    if row.over:
        raise ValidationError({"ends": "This group has ended already. Enter a new one that carries on from it."})
    _must_outlast(row, ends)
    row.ends, moved, later = ends, set(), set()
    seats = sorted(Seat.objects.select_for_update().filter(group=row), key=_newest_first)
    for seat in sorted(seats, key=lambda each: each.deputy_for_id is not None):
        last = seat.place not in later
        later.add(seat.place)
        goes_on = last and seat.ends == was and (seat.deputy_for_id is None or seat.deputy_for_id in moved)
        if goes_on or (ends and (seat.ends is None or seat.ends > ends)):
            _end(seat, ends and max(ends, seat.starts or ends), by)
            moved.add(seat.pk)
    return ["ends"]


def _newest_first(seat):
    return -(seat.starts or date.min).toordinal(), str(seat.pk)


def _must_outlast(row, ends):
    """Raises ValidationError where the group would end before it begins or before a group below it."""
    if ends and row.starts and ends <= row.starts:
        raise ValidationError({"ends": "The last day must not be before the first day."})
    if ends and Group.objects.filter(Q(ends=None) | Q(ends__gt=ends), parent=row).exists():
        raise ValidationError({"ends": "Groups below it meet longer. End those first, or place them elsewhere."})


@transaction.atomic
def close_group(group, *, by, ends) -> Group:
    """A group meets no more from `ends` on, and its seats end with it. Its actions go on. Raises ValidationError while
    a group stands below it."""
    must_keep(by)
    row = lock(group)
    if row.ends is not None:
        raise Stale("The end of this group is recorded already.")
    _must_outlast(row, ends)
    row.ends = ends
    save(row, by, counted=True)
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
def add_seat(group, *, by, user=None, starts=None, ends=None, deputy_for=None, same_as=None, **facts) -> Seat:
    """Add a seat, held by `user` or vacant. facts: of SEAT_FIELDS. deputy_for: the seat whose deputy its holder is.
    same_as: a row of the seat that this is too, held before or after (its `place`).

    It lasts no longer than its group. On a group that has ended only what was is entered: with a last day.
    """
    must_keep(by)
    row = holding(group)
    if row.over and (ends is None or ends > row.ends):
        raise ValidationError(OVER)
    if row.ends and starts and starts >= row.ends:
        raise ValidationError({"starts": TOO_LATE})
    ends = min(filter(None, (ends, row.ends)), default=None)
    if same_as is not None and (same_as.group_id != row.pk or bool(same_as.deputy_for_id) != bool(deputy_for)):
        raise ValidationError({"same_as": "Choose a seat of this group, a deputy’s for a deputy’s."})
    if deputy_for is not None and (deputy_for.group_id != row.pk or deputy_for.deputy_for_id):
        raise ValidationError({"deputy_for": "Choose a seat of this group that is not a deputy’s."})
    _not_oneself(user, by)
    seat = Seat(group=row, user=user, starts=starts, ends=ends, deputy_for=deputy_for, changed_by=by, **facts)
    seat.place = same_as.place if same_as else seat.place
    _possible(seat)
    save(seat, by)
    keep(row, by=by, about=user)
    record("seat_added", by=by, obj=row, seat=seat.pk, user=seat.user_id)
    return seat


@transaction.atomic
def change_seat(seat, *, by, version, **facts) -> Seat:
    """Put right what is said of a seat. facts: of SEAT_FIELDS; who holds it is `give_seat`'s. Raises Stale."""
    must_keep(by)
    group = holding(seat.group)
    row = as_read(seat, version)
    if changed := put(row, facts):
        if "role" in changed:
            _not_oneself(row.user, by)
        _possible(row)
        if {"agency", "represents"} & set(changed):
            _suit(row.deputies.filter(Q(ends=None) | Q(ends__gt=timezone.localdate())), row)
        save(row, by, counted=True)
        keep(group, by=by)
        record("seat_changed", by=by, obj=group, seat=row.pk, fields=sorted(changed))
    return row


@transaction.atomic
def give_seat(seat, *, by, user, starts=None, post=None) -> Seat:
    """Give a seat to somebody, from `starts` (today): the row before ends, and its deputies go with the seat.

    post: the new holder's, where it is another. Raises Stale for a seat that has ended meanwhile.
    """
    must_keep(by)
    group, starts = holding(seat.group), starts or timezone.localdate()
    row = _standing(seat, starts)
    if row.user_id == user.pk:
        return row
    _not_oneself(user, by)
    ends = row.ends
    _end(row, starts, by)
    new = _after(row, starts=starts, ends=ends, user=user, by=by)
    new.post = post or row.post
    _possible(new)
    save(new, by)
    lean_on(row, new, by=by)
    keep(group, by=by, about=user)
    record("seat_given", by=by, obj=group, seat=new.pk, user=user.pk, was=row.user_id)
    return new


@transaction.atomic
def end_seat(seat, *, by, ends, vacant=True) -> Seat | None:
    """End the holding of a seat from `ends` on, and with it its deputies'. vacant: the seat stays and waits for
    somebody; returned where it does. Raises Stale for one that has ended meanwhile."""
    must_keep(by)
    group = holding(seat.group)
    row = _standing(seat, ends)
    after = row.ends
    _end(row, ends, by)
    for deputy in row.deputies.select_for_update().filter(Q(ends=None) | Q(ends__gt=ends)):
        _end(deputy, max(ends, deputy.starts or ends), by)
    vacancy = None
    if vacant and row.user_id and not row.deputy_for_id:
        facts = {name: getattr(row, name) for name in SEAT_FIELDS}
        facts["post"] = facts["post"] or row.user.job_title or row.get_role_display()
        vacancy = Seat(group=group, place=row.place, starts=ends, ends=after, changed_by=by, **facts)
        save(vacancy, by)
    keep(group, by=by)
    record("seat_ended", by=by, obj=group, seat=row.pk, user=row.user_id, vacant=vacancy is not None)
    return vacancy


@transaction.atomic
def change_role(seat, *, by, role, starts) -> Seat:
    """The holder of a seat has another role from a day on: a new row of the same seat, so that who chaired before stays
    known. Its deputies go with it. Raises Stale for a seat that has ended meanwhile."""
    must_keep(by)
    group = holding(seat.group)
    row = _standing(seat, starts)
    if row.role == role:
        return row
    if role in Seat.LEADS:
        _not_oneself(row.user, by)
    if row.starts == starts:
        new = row
        new.role = role
        _possible(new)
        save(new, by, counted=True)
    else:
        ends = row.ends
        _end(row, starts, by)
        new = _after(row, starts=starts, ends=ends, user=row.user, by=by)
        new.role = role
        _possible(new)
        save(new, by)
        lean_on(row, new, by=by)
    keep(group, by=by)
    record("seat_changed", by=by, obj=group, seat=new.pk, fields=["role"])
    return new


def _after(row, *, starts, ends, user, by) -> Seat:
    """The next row of the same seat, not saved."""
    facts = {name: getattr(row, name) for name in SEAT_FIELDS}
    return Seat(
        group_id=row.group_id, place=row.place, user=user, starts=starts, ends=ends, deputy_for=row.deputy_for,
        changed_by=by, **facts,
    )  # fmt: skip


def lean_on(row, new, *, by):
    """The deputies of a seat that has ended go with it to its next row, or to the one that it is put together with."""
    for deputy in row.deputies.select_for_update().filter(Q(ends=None) | Q(ends__gt=row.ends)):
        deputy.deputy_for = new
        save(deputy, by, counted=True)


def _standing(seat, day) -> Seat:
    """The locked seat, which goes on until `day` at least. Raises Stale, and ValidationError for a day before it."""
    row = lock(seat)
    if row.ends is not None and row.ends <= min(day, timezone.localdate()):
        raise Stale("This seat has ended already. Open the group’s page again.")
    if row.starts and day < row.starts:
        raise ValidationError("That day lies before the first day of this seat.")
    return row


def _possible(seat):
    """Raises ValidationError for what a seat cannot be, by itself and beside the others of its group."""
    if seat.agency_id and seat.organisation:
        raise ValidationError({"organisation": "Choose an organisation of the directory, or enter another: not both."})
    if seat.standing != Seat.Standing.MEMBER and seat.voting == Seat.Voting.YES:
        raise ValidationError(
            {"voting": "Whoever observes or advises has no vote. Choose ‘Does not vote’ or ‘Member’."}
        )
    if seat.standing == Seat.Standing.OBSERVER and seat.role in Seat.LEADS:
        raise ValidationError({"role": "A participant observer does not chair. Choose ‘Member’ as the role."})
    beside = Seat.objects.filter(group=seat.group_id).exclude(pk=seat.pk).exclude(starts=F("ends"))
    beside = _in_that_time(beside, seat.starts, seat.ends)
    if beside.filter(place=seat.place).exists():
        raise ValidationError({"starts": HELD})
    if seat.user_id is None:
        return
    # One person may sit for two areas; the same seat twice is a slip.
    same = {"agency": seat.agency_id, "organisation": seat.organisation, "post": seat.post}
    if beside.filter(user=seat.user_id, **same).exists():
        raise ValidationError({"user": SITS.format(seat.user.name)})
    if seat.deputy_for_id and seat.deputy_for.user_id == seat.user_id:
        raise ValidationError({"user": "Nobody is their own deputy. Choose somebody else."})
    _of_the_organisation(seat, naming="user")


def _suit(deputies, seat):
    for deputy in deputies.select_related("user"):
        deputy.deputy_for = seat
        _of_the_organisation(deputy, naming="agency")


def _of_the_organisation(deputy, *, naming):
    """An organisation's seat has a deputy who belongs to it on the deputy's first day (today, where none is said). A
    seat for an area or a sector has one from anywhere."""
    seat = deputy.deputy_for
    if not deputy.deputy_for_id or seat.represents != Seat.Represents.AGENCY or not seat.agency_id:
        return
    day = deputy.starts or timezone.localdate()
    if not Membership.objects.on(day).filter(user=deputy.user_id, agency=seat.agency_id).exists():
        raise ValidationError({naming: ELSEWHERE.format(deputy.user.name, seat.agency.name, plain(day))})


def _end(seat, ends, by):
    seat.ends = ends
    save(seat, by, counted=True)
