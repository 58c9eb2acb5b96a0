"""When a group may decide: `quorum_on` finds the rule of a day, `standing` counts who is there by it (pure)."""

from dataclasses import dataclass, field
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from boards.models import Quorum, Seat

NO_RULE = "No quorum rule is kept for this group."


@dataclass(frozen=True)
class Rule:
    """at_least: how many of the seats that count; share: which per cent of them; agencies: ((id, name), ...), each of
    which must be there. A condition that is None or empty does not hold. row: the Quorum, for its source and days."""

    at_least: int | None = None
    share: int | None = None
    agencies: tuple = ()
    row: Quorum | None = None

    @property
    def words(self) -> str:
        """The rule as people say it, a sentence a condition."""
        said = []
        if self.at_least:
            said.append(f"At least {self.at_least} {_members(self.at_least)} or their deputies.")
        if self.share:
            said.append(f"At least {self.share} per cent of the members, counting deputies.")
        if self.agencies:
            said.append(f"{_listed([name for _, name in self.agencies])}: each by a member or deputy.")
        return " ".join(said)


@dataclass(frozen=True)
class Condition:
    """One condition. words: what it asks and how it stands, ending in a full stop."""

    words: str
    met: bool


@dataclass(frozen=True)
class Quorate:
    """ok: None where no rule is kept. words: how it stands, in a sentence or two. conditions: each, in order."""

    ok: bool | None
    words: str
    conditions: list = field(default_factory=list)


def quorum_on(group, day) -> Rule | None:
    """The rule that holds for a group on a day, None where none is kept; one query."""
    rows = Quorum.objects.on(day).filter(group=group).order_by("-starts")
    named = Quorum.all_of.through.objects.filter(quorum=OuterRef("pk")).order_by("agency__name")
    row = rows.annotate(named=ArraySubquery(named.values(each=JSONObject(pk="agency_id", name="agency__name")))).first()
    if row is None:
        return None
    return Rule(row.at_least, row.share, tuple((UUID(each["pk"]), each["name"]) for each in row.named), row)


def counts(seat) -> bool:
    """Whether a seat counts: a member's own, unless it is said not to vote. Observers and advisers never do."""
    own = getattr(seat, "deputy_for_id", None) is None
    return own and seat.standing == Seat.Standing.MEMBER and seat.voting != Seat.Voting.NO


def standing(rule, seats, there) -> Quorate:
    """Whether a meeting may decide.

    rule: of `quorum_on`. seats: those that exist on the day, as Seat or Attendance rows (`place`, `standing`, `voting`,
    `agency_id`). there: the places of which the member or a deputy is present. A vacant seat counts among the seats.
    """
    if rule is None:
        return Quorate(None, NO_RULE)
    seats = [seat for seat in seats if counts(seat)]
    here = [seat for seat in seats if seat.place in set(there)]
    found = []
    if rule.at_least:
        found.append(_enough(rule.at_least, len(here), f"{len(here)} of at least {rule.at_least} members are there."))
    if rule.share:
        needed = -(-len(seats) * rule.share // 100)
        words = f"{len(here)} of {len(seats)} members are there; {rule.share} per cent are {needed}."
        found.append(_enough(max(needed, 1), len(here), words))
    present = {seat.agency_id for seat in here}
    found += [
        Condition(f"{name} is {'' if pk in present else 'not '}there.", pk in present) for pk, name in rule.agencies
    ]
    ok = all(each.met for each in found)
    missing = " ".join(each.words for each in found if not each.met)
    return Quorate(ok, "The meeting is quorate." if ok else f"The meeting is not quorate. {missing}", found)


def _enough(needed, here, words):
    return Condition(words, here >= needed)


def _members(number):
    return "member" if number == 1 else "members"


def _listed(names):
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
