"""Whom a reminder of an organisation is written to: its leads, its head, its office, and whoever holds its return up by
a signature. Nobody of another organisation."""

from collections import Counter
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from audits.leads import heads, leads
from audits.models import Rung, Signature
from audits.signing import waiting
from partnership.people.models import ContactPoint, DutyKind, User
from partnership.people.services import know_person

BY_ROLE = "Lead in the portal"
OFFICE = "Office"
PURPOSES = (ContactPoint.Purpose.OFFICE, ContactPoint.Purpose.SAFEGUARDING)  # the first that has an address


@dataclass
class Reach:
    """people: user id -> (User, the post by which). office: an address that nobody of them has, '' without one. turn:
    the signature that the return waits for. by_link: whether whoever is to sign is written to, with the link; they
    stand in `turn` alone, and the others are told."""

    people: dict = field(default_factory=dict)
    office: str = ""
    turn: Signature | None = None
    by_link: bool = False

    @property
    def nobody(self) -> bool:
        return not self.people and not self.office and not self.by_link

    @property
    def words(self) -> str:
        """'Designated safeguarding lead, Deputy (2), Office': posts and how many, no name."""
        posts = Counter(post for _, post in self.people.values())
        said = [post if many == 1 else f"{post} ({many})" for post, many in posts.items()]
        if self.by_link:
            said = [f"{self.turn.get_step_display()}, who is to sign", *said]
        return ", ".join([*said, OFFICE] if self.office else said)[:500]

    def add(self, named):
        user = named.user or named.known
        if user is not None and user.email:
            self.people.setdefault(user.pk, (user, named.post or BY_ROLE))

    def ask(self, turn, named):
        """turn: whose signature is waited for, or None. named: who answers there. The link opens by the power of who
        asked: without it a new one has to be asked for, by the lead."""
        self.turn = turn
        may_ask = {each.user.pk for each in named if each.user and each.may_sign}
        self.by_link = bool(turn and turn.email and turn.asked_by_id in may_ask)
        if self.by_link:
            self.people = {pk: one for pk, one in self.people.items() if not _same(one[0].email, turn.email)}
            self.office = "" if _same(self.office, turn.email) else self.office


def _same(one, other) -> bool:
    return one.casefold() == other.casefold()


def reach_of(returns, to: str) -> dict:
    """return id -> Reach of a rung that goes `to` (of Rung.To). Two questions, one more where some are being signed,
    three more where heads are told too.

    A letter on paper is written to nobody by email: nobody is in its Reach.
    """
    found, turns = {row.pk: Reach() for row in returns}, waiting.turns_of(returns)
    if to == Rung.To.LETTER or not found:
        for pk, turn in turns.items():
            found[pk].turn = turn
        return found
    ids = {row.agency_id for row in returns}
    answering, told = leads(ids), to == Rung.To.HEAD
    heading, offices = (heads(ids), _offices(ids)) if told else ({}, {})
    for row in returns:
        whom = found[row.pk]
        for named in (*answering[row.agency_id], *heading.get(row.agency_id, ())):
            if named.duty != DutyKind.CHAIR_OF_GOVERNORS:
                whom.add(named)
        address = offices.get(row.agency_id, "")
        if not any(_same(user.email, address) for user, _ in whom.people.values()):
            whom.office = address
        whom.ask(turns.get(row.pk), answering[row.agency_id])
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
