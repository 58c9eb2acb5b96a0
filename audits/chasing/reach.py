"""Whom a reminder of an organisation is written to: its leads, its head, its office. Nobody of another organisation."""

from collections import Counter
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from audits.leads import heads, leads
from audits.models import Rung
from partnership.people.models import ContactPoint, DutyKind, User
from partnership.people.services import know_person

BY_ROLE = "Lead in the portal"
OFFICE = "Office"
PURPOSES = (ContactPoint.Purpose.OFFICE, ContactPoint.Purpose.SAFEGUARDING)  # the first that has an address


@dataclass
class Reach:
    """people: user id -> (User, the post by which). office: an address that nobody of them has, '' without one."""

    people: dict = field(default_factory=dict)
    office: str = ""

    @property
    def nobody(self) -> bool:
        return not self.people and not self.office

    @property
    def count(self) -> int:
        return len(self.people) + bool(self.office)

    @property
    def words(self) -> str:
        """'Designated safeguarding lead, Deputy (2), Office': posts and how many, no name."""
        posts = Counter(post for _, post in self.people.values())
        said = [post if many == 1 else f"{post} ({many})" for post, many in posts.items()]
        return ", ".join([*said, OFFICE] if self.office else said)[:500]

    def add(self, named):
        user = named.user or named.known
        if user is not None and user.email:
            self.people.setdefault(user.pk, (user, named.post or BY_ROLE))


def reach_of(agency_ids, to: str) -> dict:
    """agency id -> Reach of a rung that goes `to` (of Rung.To). Two questions, three more where heads are told too.

    A letter on paper is written to nobody by email: its Reach is empty.
    """
    ids = list(dict.fromkeys(agency_ids))
    found = {pk: Reach() for pk in ids}
    if to == Rung.To.LETTER or not ids:
        return found
    for pk, rows in leads(ids).items():
        for named in rows:
            found[pk].add(named)
    if to == Rung.To.HEAD:
        for pk, rows in heads(ids).items():
            for named in rows:
                if named.duty == DutyKind.HEADTEACHER:
                    found[pk].add(named)
        for pk, address in _offices(ids).items():
            if address.lower() not in {user.email.lower() for user, _ in found[pk].people.values()}:
                found[pk].office = address
    return found


def _offices(ids) -> dict:
    """agency id -> the known address of its office, of its safeguarding team where it has no other."""
    rows = ContactPoint.objects.live().filter(agency__in=ids, purpose__in=PURPOSES).exclude(email="")
    rows = sorted(
        rows.values_list("agency_id", "purpose", "pk", "email"), key=lambda row: (PURPOSES.index(row[1]), row[2])
    )
    return {agency: address for agency, _, _, address in reversed(rows)}


def recipients(reach: Reach, agency) -> list[User]:
    """The people of a Reach as letters need them; the office becomes somebody who is known. In the caller's
    transaction. An address of a closed account, or of a guest of a case, is left out."""
    found = [user for user, _ in reach.people.values()]
    if reach.office and (office := _office(reach.office, agency)):
        found.append(office)
    return found


def _office(address, agency):
    row = User.objects.filter(email__iexact=address).first()
    if row is not None:
        return None if row.guest or row.closed_at else row
    try:
        return know_person(name=f"The office of {agency.name}"[:200], email=address, shared_address=True)
    except ValidationError:
        return None
