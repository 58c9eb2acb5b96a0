"""Who answers for an organisation in an audit, and who heads it: by the directory's named duties and by roles."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils import timezone

from partnership.people.models import DutyKind, Membership, NamedDuty, User
from partnership.people.roles import Perm, roles_with

# The first of these that an organisation has named is the one who is asked; a school names the others beside her.
LEADS = (DutyKind.DSL, DutyKind.SECTION_11_LEAD, DutyKind.DEPUTY_DSL, DutyKind.SINGLE_POINT)
HEADS = (DutyKind.HEADTEACHER, DutyKind.CHAIR_OF_GOVERNORS)
# The directory names executives of safeguarding partners alone.
EXECUTIVES = (DutyKind.DELEGATED_PARTNER, DutyKind.LEAD_PARTNER)


@dataclass(frozen=True)
class Named:
    """Somebody whom the directory names. user: None for a post without an account, or whose account was closed.
    may_sign: whether they have the role by which the return is signed and submitted. duty: of DutyKind; '' by role.
    known: who holds it and has no sign-in; a letter of its own can be written to them where they have an address."""

    post: str
    duty: str
    user: User | None = None
    may_sign: bool = False
    known: User | None = None


def leads(agency_ids) -> dict:
    """agency id -> [Named] who answers, in the order of LEADS, then those who have the role alone; two questions."""
    return _named(agency_ids, LEADS, by_role=True)


def heads(agency_ids) -> dict:
    """agency id -> [Named]: the headteacher, then the chair of governors; two questions."""
    return _named(agency_ids, HEADS, by_role=False)


def executives(agency_ids) -> dict:
    """agency id -> [Named]: the delegated safeguarding partner, then the lead one; two questions."""
    return _named(agency_ids, EXECUTIVES, by_role=False)


def _named(agency_ids, kinds, *, by_role) -> dict:
    ids = list(agency_ids)
    signing = defaultdict(dict)
    members = Membership.objects.live().filter(agency__in=ids, role__in=roles_with(Perm.ANSWERS_SIGN))
    for row in members.filter(user__is_active=True).select_related("user").order_by("user__name", "pk"):
        signing[row.agency_id][row.user_id] = row.user
    duties = NamedDuty.objects.on(timezone.localdate()).filter(agency__in=ids, kind__in=kinds)
    rows = sorted(duties.select_related("holder"), key=lambda row: kinds.index(row.kind))
    found, named = {pk: [] for pk in ids}, defaultdict(set)
    for row in rows:
        user = row.holder if row.holder_id and row.holder.is_active else None
        if user and user.pk in named[row.agency_id]:
            continue
        may_sign = bool(user) and user.pk in signing[row.agency_id]
        known = row.holder if row.holder_id and row.holder.known_only else None
        found[row.agency_id].append(Named(row.post or row.get_kind_display(), row.kind, user, may_sign, known))
        named[row.agency_id].add(user and user.pk)
    if by_role:
        for pk in ids:
            more = (user for user in signing[pk].values() if user.pk not in named[pk])
            found[pk] += [Named("", "", user, may_sign=True) for user in more]
    return found
