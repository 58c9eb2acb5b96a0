"""Whether a meeting may decide, by what is ticked now: the group's rule of that day."""

from dataclasses import dataclass, field

from boards.models import Attendance, Quorum, Seat

NO_RULE = "No quorum rule is kept for this group."
THERE = (Attendance.Mark.PRESENT, Attendance.Mark.DEPUTY)


@dataclass(frozen=True)
class Quorate:
    """ok: None where no rule says. conditions: (whether it is met, the words) of each."""

    ok: bool | None
    words: str
    conditions: list = field(default_factory=list)


def quorum_on(group, day) -> Quorum | None:
    return Quorum.objects.on(day).filter(group=group).prefetch_related("all_of").first() if group else None


def standing(rule, seats, there) -> Quorate:
    """rule: of `quorum_on`. seats: whatever has place, standing, voting and agency_id, a seat each. there: the places
    that a member or deputy fills. Observers, advisers and who does not vote count for nothing."""
    if rule is None:
        return Quorate(None, NO_RULE)
    counted = [each for each in seats if each.standing == Seat.Standing.MEMBER and each.voting != Seat.Voting.NO]
    here = [each for each in counted if each.place in there]
    conditions = []
    if rule.at_least is not None:
        conditions.append(
            (
                len(here) >= rule.at_least,
                f"{_members(here)} there, and at least {rule.at_least} {'is' if rule.at_least == 1 else 'are'} needed",
            )
        )
    if rule.share is not None:
        needed = -(-len(counted) * rule.share // 100)
        words = f"{len(here)} of {len(counted)} members are there, and {rule.share}% ({needed}) are needed"
        conditions.append((bool(counted) and len(here) >= needed, words))
    represented = {each.agency_id for each in here}
    for agency in rule.all_of.all():
        ok = agency.pk in represented
        conditions.append((ok, f"{agency.name} is {'' if ok else 'not '}represented"))
    if not conditions:
        return Quorate(None, NO_RULE)
    ok = all(met for met, _ in conditions)
    told = [words for met, words in conditions if ok or not met]
    return Quorate(ok, f"{'Quorate' if ok else 'Not quorate'}: {'; '.join(told)}.", conditions)


def _members(here) -> str:
    return "1 member is" if len(here) == 1 else f"{len(here)} members are"


def quorate(meeting, rows) -> Quorate:
    """rows: `rows.rows_of`. One question, and one more where the rule names organisations."""
    seats = [row for row in rows if row.place and row.existed]
    return standing(quorum_on(meeting.group_id, meeting.day), seats, {row.place for row in seats if row.mark in THERE})
