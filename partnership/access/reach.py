"""A person's reach: roles where they are attached, grants and bars, resolved in one query, once a request."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    UUIDField,
    Value,
    When,
)
from django.utils import timezone

from partnership.access import scope
from partnership.access.owing import owed_by
from partnership.access.prepared import Prepared
from partnership.people.roles import AFTER_ONES_OWN, POWERS, RESTING_PERMS, Perm, Role, waits

_NOTHING = frozenset()


@dataclass(frozen=True)
class Reach:
    """Everything the row rule needs to know of one person, as plain ids.

    wide: (role, partnership id) pairs. agency: (role, agency id, partnership id). grants: (role, folder id, sealed).
    bars: folder ids. owes: folders in which they owe an account of their own (partnership.access.owing). trees: those
    granted folders that have folders below them. emergencies: those that are granted by emergency access, whatever else
    is. An inactive or unknown person has an empty reach and holds nothing. suspended: while a change of the account
    waits for a second person, none of RESTING_PERMS is held, by no path. guest: of a case's request, a member of
    nothing. clauses, compiled: what partnership.access.rows made of it.
    """

    user_id: object = None
    active: bool = False
    suspended: bool = False
    guest: bool = False
    wide: tuple = ()
    agency: tuple = ()
    grants: tuple = ()
    bars: frozenset = _NOTHING
    owes: frozenset = _NOTHING
    trees: frozenset = _NOTHING
    emergencies: frozenset = _NOTHING
    clauses: dict = field(default_factory=dict, compare=False, repr=False)
    compiled: dict = field(default_factory=dict, compare=False, repr=False)

    def rests(self, perm) -> bool:
        """Whether `perm` does not count for this person now, whatever gives it."""
        return self.suspended and perm in RESTING_PERMS

    def partnerships(self, perm) -> list:
        if self.rests(perm):
            return []
        return sorted({partnership for role, partnership in self.wide if perm in POWERS[role]}, key=str)

    def agencies(self, perm) -> list:
        if self.rests(perm):
            return []
        return sorted({agency for role, agency, _ in self.agency if perm in POWERS[role]}, key=str)

    def places(self, perm) -> list:
        """The partnerships in which `perm` is held by a role, of the whole or of one agency."""
        if self.rests(perm):
            return []
        attached = [*self.wide, *((role, partnership) for role, _, partnership in self.agency)]
        return sorted({partnership for role, partnership in attached if perm in POWERS[role]}, key=str)

    def granted(self, perm, *, sealed: bool) -> list:
        given = {f for role, f, is_sealed in self.grants if is_sealed == sealed and perm in self.given(role, f)}
        return sorted(given, key=str)

    def given(self, role, folder) -> frozenset:
        """What a grant of `role` on `folder` gives today."""
        return POWERS[role] - AFTER_ONES_OWN if folder in self.owes and waits(role) else POWERS[role]

    def belongs_to(self) -> frozenset:
        """The agencies that the person belongs to today, in whatever role."""
        return frozenset(agency for _, agency, _ in self.agency)

    def holds(self, perm) -> bool:
        """Whether the person holds `perm` anywhere at all."""
        if not self.active or self.rests(perm):
            return False
        if perm == Perm.SIGN_IN:
            return True
        if perm == Perm.BELONG:
            return not self.guest
        roles = {r for r, _ in self.wide} | {r for r, _, _ in self.agency} | {r for r, _, _ in self.grants}
        return any(perm in POWERS[role] for role in roles)

    def holds_wide(self, perm) -> bool:
        return self.active and bool(self.partnerships(perm))


def reach_of(user) -> Reach:
    """The reach of `user`, remembered for the rest of the request."""
    if user is None or not getattr(user, "is_authenticated", False) or not user.is_active:
        return Reach()
    current = scope.current()
    if current is None:
        return _resolve(user)
    if user.pk not in current.reach:
        current.reach[user.pk] = _resolve(user)
    return current.reach[user.pk]


def _question(person, today, now):
    from partnership.access.models import Conflict, Folder, FolderGrant
    from partnership.people.models import Membership

    def none_of(kind):
        return Value(None, output_field=kind)

    columns = ("what", "code", "one", "two", "flag", "tree")
    no = Value(False, output_field=BooleanField())
    below = Folder.objects.unscoped("one bit: is anything below?").filter(parent_id=OuterRef("content_object_id"))
    # A row of the database, not the cookie's word: an account switched off a moment ago reaches nothing.
    memberships = (
        Membership.objects.on(today)
        .filter(user_id=person, user__is_active=True)
        .order_by()
        .annotate(
            what=Value("m"),
            code=F("role"),
            one=F("partnership_id"),
            two=F("agency_id"),
            flag=ExpressionWrapper(Q(user__suspended_at__isnull=False), output_field=BooleanField()),
            tree=no,
        )
        .values_list(*columns)
    )
    grants = (
        FolderGrant.objects.live(now)
        .filter(user_id=person, user__is_active=True)
        .order_by()
        .annotate(
            what=Case(When(emergency=True, then=Value("e")), default=Value("g")),
            code=F("permission__codename"),
            one=F("content_object_id"),
            two=none_of(UUIDField()),
            flag=F("content_object__sealed"),
            tree=Exists(below),
        )
        .values_list(*columns)
    )
    bars = (
        Conflict.objects.live(now)
        .filter(user_id=person)
        .order_by()
        .annotate(
            what=Value("b"),
            code=none_of(CharField()),
            one=F("folder_id"),
            two=none_of(UUIDField()),
            flag=no,
            tree=no,
        )
        .values_list(*columns)
    )
    nothing = {"code": none_of(CharField()), "two": none_of(UUIDField()), "flag": no, "tree": no}
    owed = [
        rows.annotate(what=Value("o"), one=F("folder_id"), **nothing).values_list(*columns) for rows in owed_by(person)
    ]
    return memberships.union(grants, bars, *owed, all=True)


# Writing this SQL anew took a fifth of a short page.
_of_a_person = Prepared(_question, person=UUID(int=0), today=date.max, now=datetime.max.replace(tzinfo=UTC))


def _resolve(user) -> Reach:
    from partnership.access.models import ROLE_PREFIX

    with connection.cursor() as cursor:
        cursor.execute(*_of_a_person.statement(person=user.pk, today=timezone.localdate(), now=timezone.now()))
        rows = cursor.fetchall()
    wide, agency, granted, barred, owes, trees, emergencies = [], [], [], set(), set(), set(), set()
    suspended = False
    for what, code, one, two, flag, tree in rows:
        suspended |= what == "m" and flag
        if what == "m" and two is None:
            wide.append((Role(code), one))
        elif what == "m":
            agency.append((Role(code), two, one))
        elif what in ("g", "e"):
            granted.append((Role(code.removeprefix(ROLE_PREFIX)), one, flag))
            if tree:
                trees.add(one)
            if what == "e":
                emergencies.add(one)
        elif what == "o":
            owes.add(one)
        else:
            barred.add(one)
    if suspended or not (wide or agency):
        granted = []  # who belongs nowhere any more keeps no folder, whatever was granted once
    return Reach(
        user_id=user.pk,
        active=True,
        suspended=suspended or user.suspended_at is not None,
        guest=user.guest,
        wide=tuple(wide),
        agency=tuple(agency),
        grants=tuple(granted),
        bars=frozenset(barred),
        owes=frozenset(owes),
        trees=frozenset(trees),
        emergencies=frozenset(emergencies),
    )
