"""The row rule: (any path) and not (the row's folder or an ancestor is barred to me). docs/access.md, docs/adr/0001.

`allowing` turns it into SQL, `can` is `allowing` with a pk, `powers` answers for a whole page in memory, `holders`
answers the reverse. hypothesis proves that the four agree (tests/access/test_agreement.py).
"""

from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import ForeignKey, Lookup, Q, UUIDField, Value
from django.utils import timezone

from partnership.access.owing import owing, roles_that_wait
from partnership.access.prepared import as_array
from partnership.access.reach import Reach, reach_of
from partnership.people.roles import AFTER_ONES_OWN, NOT_BY_FOLDER, POWERS, RESTING_PERMS, roles_with
from partnership.trail.protection import AGENCY_ITSELF, FOLDER_ITSELF

NOTHING = Q(pk__in=[])


@UUIDField.register_lookup
@ForeignKey.register_lookup
class Among(Lookup):
    """`pk__among="{id,id}"` is `pk = ANY(array)`: one parameter however many ids, and PostgreSQL hashes it."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        left, params = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s::uuid[])", [*params, self.rhs]


@ForeignKey.register_lookup
class Within(Lookup):
    """`folder__within=Compiled(…)` is `folder_id IN (…)` with a subquery whose SQL is made already."""

    lookup_name = "within"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        left, params = self.process_lhs(compiler, connection)
        return f"{left} IN ({self.rhs.sql})", [*params, *self.rhs.params]


@dataclass(frozen=True)
class Compiled:
    """The SQL of a subquery that refers to nothing outside itself, and its parameters."""

    sql: str
    params: tuple


def array_of(ids) -> Value:
    """Ids as one array parameter; a plain list would become an expression an id."""
    return Value(list(ids), output_field=ArrayField(UUIDField()))


def clause(model, user, perm) -> Q:
    """The row rule of `model` for `user` and `perm` as a Q; uncorrelated subqueries only."""
    reach = user if isinstance(user, Reach) else reach_of(user)
    access = model.access
    if not reach.active or reach.rests(perm):
        return NOTHING
    if access.open_to_everyone:
        rule = _for_everyone(access, reach, perm)
        if access.bars and reach.bars and perm != access.view:
            rule &= _not_barred(access.bars, reach)
        return rule & ~Q(**access.but) if access.but else rule
    if access.folder == FOLDER_ITSELF:
        rule, bars = folder_clause(reach, perm), bar_clause(reach)
        return rule & ~bars if bars else rule
    if perm in access.wide and reach.holds_wide(perm):
        return Q()
    paths = [_by_folder(access, reach, perm), *_by_agency(access, reach, perm), *_by_person(access, reach, perm)]
    rule = _any_of(paths)
    if rule is None:
        return NOTHING
    return rule & _not_barred(access.folder, reach) if access.folder and reach.bars else rule


def _not_barred(folder, reach) -> Q:
    return ~Q(**{f"{folder}__within": _compiled(reach, bar_clause(reach))})


def _for_everyone(access, reach, perm) -> Q:
    if reach.holds(perm) if perm == access.view or perm in access.anywhere else reach.holds_wide(perm):
        return Q()
    return _any_of(_by_agency(access, reach, perm)) or NOTHING


def _any_of(paths):
    """The union of the paths that there are; None where there is none."""
    rule = None
    for path in filter(None, paths):
        rule = path if rule is None else rule | path
    return rule


def folder_clause(reach: Reach, perm) -> Q:
    """Which folders open to this reach for `perm`, bars aside. Made once a reach: a page asks for it at every query."""
    if perm not in reach.clauses:
        reach.clauses[perm] = _folder_clause(reach, perm)
    return reach.clauses[perm]


def _folder_clause(reach: Reach, perm) -> Q:
    from partnership.access.models import OPEN_BY_AGENCY, Folder

    rule = NOTHING
    if wide := reach.partnerships(perm):
        rule |= Q(partnership_id__in=wide, sealed=False)
    if sealed := reach.granted(perm, sealed=True):
        rule |= _at_or_below(sealed, reach)
    if opened := reach.granted(perm, sealed=False):
        rule |= _at_or_below(opened, reach) & Q(sealed=False)
    if perm not in NOT_BY_FOLDER and (agencies := reach.agencies(perm)):
        through = Folder.agencies.through.objects.filter(agency_id__in=agencies, folder__kind__in=OPEN_BY_AGENCY)
        rule |= Q(path__overlap=ArraySubquery(through.values("folder_id")), sealed=False)
    return rule


def _at_or_below(folders, reach: Reach) -> Q:
    """These folders and all below them.

    The path's index asks for each id in turn (600 ids: 150 ms), so only folders that have others below go through it.
    """
    trees = [each for each in folders if each in reach.trees]
    rule = Q(pk__among=as_array(folders))
    return rule | Q(path__overlap=array_of(trees)) if trees else rule


def bar_clause(reach: Reach) -> Q:
    return Q(path__overlap=array_of(sorted(reach.bars, key=str))) if reach.bars else Q()


def _folders():
    from partnership.access.models import Folder

    return Folder.objects.unscoped("the row rule's own subquery").order_by()


def _by_folder(access, reach, perm):
    if not access.folder:
        return None
    rule = folder_clause(reach, perm)
    if rule == NOTHING:
        return None
    where = {f"{name}__in": values for name, values in access.folder_where.items()}
    return Q(**{f"{access.folder}__within": _compiled(reach, rule)}, **where)


def _compiled(reach, rule) -> Compiled:
    """The folders of a rule. Made once a reach: Django makes a nested query's SQL anew in every query around it."""
    if rule not in reach.compiled:
        reach.compiled[rule] = Compiled(*_folders().filter(rule).values("pk").query.sql_with_params())
    return reach.compiled[rule]


def _by_agency(access, reach, perm):
    """An agency path never opens case material: a row in a sealed folder belongs to its named people."""
    for path, perms in access.agency.items():
        agencies = reach.agencies(perm)
        if perm in perms and agencies:
            rule = Q(**{f"{path if path == AGENCY_ITSELF else f'{path}_id'}__in": agencies})
            yield rule & Q(**{f"{access.folder}__sealed": False}) if access.folder else rule


def _by_person(access, reach, perm):
    mine = sorted(reach.belongs_to(), key=str)
    for path, gifts in access.person.items():
        for gift in gifts:
            if perm in gift.perms and (mine or not gift.agency) and (reach.guest or not gift.guest):
                rule = Q(**{f"{path}_id": reach.user_id}, **dict(_must_be(*each) for each in gift.where.items()))
                yield rule & Q(**{f"{gift.agency}_id__in": mine}) if gift.agency else rule


def _must_be(name, values) -> tuple:
    """A condition as a look-up; (None,) is a column without a value."""
    return (f"{name}__isnull", True) if values == (None,) else (f"{name}__in", values)


def allowing(model, user, perm):
    """The rows of any model, guarded or not, on which `user` holds `perm`."""
    if model.access.guarded:
        return model.objects.allowing(user, perm)
    return model._default_manager.filter(clause(model, user, perm))


def can(user, perm, obj) -> bool:
    """`obj in allowing(user, perm)`: the object check is the row rule with a pk."""
    return allowing(type(obj), user, perm).filter(pk=obj.pk).exists()


def powers(user, rows) -> dict:
    """pk -> frozenset of the perms that `user` holds on that row; one query for the page at most.

    rows: instances of one guarded model. Folders that the rows have loaded already cost nothing.
    """
    rows = list(rows)
    if not rows:
        return {}
    reach = reach_of(user)
    access = type(rows[0]).access
    facts, known = _folder_facts(rows, access), {}
    return {row.pk: _powers_on(reach, access, row, facts.get(row.pk), known) for row in rows}


def _powers_on(reach, access, row, folder, known) -> frozenset:
    """known: folder id -> what it gives, filled as it is asked; a row may come with a folder object of its own."""
    if not reach.active or (folder and not reach.bars.isdisjoint(folder.path)):
        return frozenset()
    held = set()
    if folder and all(getattr(row, name) in values for name, values in access.folder_where.items()):
        if folder.pk not in known:
            known[folder.pk] = _folder_powers(reach, folder)
        held |= known[folder.pk]
    held |= {perm for perm in access.wide if reach.holds_wide(perm)}
    for path, perms in access.agency.items():
        if not (folder and folder.sealed):
            agency = _id_at(row, path)
            held |= {p for role, mine, _ in reach.agency if mine == agency for p in POWERS[role] & perms}
    for path, gifts in access.person.items():
        if _id_at(row, path) == reach.user_id:
            held |= {perm for gift in gifts if _holds_now(reach, gift, row) for perm in gift.perms}
    return frozenset(held - RESTING_PERMS if reach.suspended else held)


def _id_at(row, path):
    """The id at the end of a path of foreign keys: "owner", or "action__owner" of a row that came with its action."""
    return _at(row, f"{path}_id")


def _at(row, path):
    for step in path.split("__"):
        row = getattr(row, step)
    return row


def _holds_now(reach, gift, row) -> bool:
    there = not gift.agency or _id_at(row, gift.agency) in reach.belongs_to()
    there = there and (reach.guest or not gift.guest)
    return there and all(_at(row, name) in values for name, values in gift.where.items())


def _folder_powers(reach, folder) -> set:
    held = set()
    path = set(folder.path)
    for role, granted, sealed in reach.grants:
        if granted in path and (sealed or not folder.sealed):
            held |= reach.given(role, granted)
    if not folder.sealed:
        for role, partnership in reach.wide:
            if partnership == folder.partnership_id:
                held |= POWERS[role]
        if reach.agency:
            opened = _agencies_opening(folder)
            for role, agency, _ in reach.agency:
                if agency in opened:
                    held |= POWERS[role] - NOT_BY_FOLDER
    return held


def _agencies_opening(folder) -> set:
    from partnership.access.models import OPEN_BY_AGENCY, Folder

    if folder.path == [folder.pk] and folder.kind not in OPEN_BY_AGENCY:  # a group's, a case's: no question
        return set()
    through = Folder.agencies.through.objects
    return set(
        through.filter(folder_id__in=folder.path, folder__kind__in=OPEN_BY_AGENCY).values_list("agency_id", flat=True)
    )


def _folder_facts(rows, access) -> dict:
    if access.folder == FOLDER_ITSELF:
        return {row.pk: row for row in rows}
    if not access.folder:
        return {}
    if all(access.folder in row._state.fields_cache for row in rows):
        return {row.pk: getattr(row, access.folder) for row in rows}
    ids = {getattr(row, f"{access.folder}_id") for row in rows}
    folders = _folders().in_bulk(ids)
    return {row.pk: folders[getattr(row, f"{access.folder}_id")] for row in rows}


def holders(folder, perm, *, today=None, now=None):
    """Active users who hold `perm` on `folder` by role, grant or agency, bars aside: for notices and escalation."""
    from partnership.access.models import OPEN_BY_AGENCY, ROLE_PREFIX, Conflict, Folder, FolderGrant
    from partnership.people.models import Membership, User

    roles, path = roles_with(perm), as_array(folder.path)
    today, now = today or timezone.localdate(), now or timezone.now()
    grants = FolderGrant.objects.live(now).filter(
        content_object__among=path, permission__codename__in=[ROLE_PREFIX + role for role in roles]
    )
    if folder.sealed:
        grants = grants.filter(content_object__sealed=True)
    if perm in AFTER_ONES_OWN:
        waiting = [ROLE_PREFIX + role for role in roles_that_wait(roles)]
        for user, owed_in in owing(folder.path):
            grants = grants.exclude(user_id=user, content_object=owed_in, permission__codename__in=waiting)
    found = Q(pk__in=grants.values("user_id"))
    if not folder.sealed:
        members = Membership.objects.on(today).filter(role__in=roles)
        found |= Q(pk__in=members.filter(agency=None, partnership_id=folder.partnership_id).values("user_id"))
        if perm not in NOT_BY_FOLDER:
            opened = Folder.agencies.through.objects.filter(folder__among=path, folder__kind__in=OPEN_BY_AGENCY)
            found |= Q(pk__in=members.filter(agency__in=opened.values("agency_id")).values("user_id"))
    barred = Conflict.objects.live(now).filter(folder__among=path)
    if perm in RESTING_PERMS:
        found &= Q(suspended_at=None)
    belongs = Membership.objects.on(today).values("user_id")
    return (
        User.objects.filter(found, is_active=True, pk__in=belongs)
        .exclude(pk__in=barred.values("user_id"))
        .order_by("name")
    )
