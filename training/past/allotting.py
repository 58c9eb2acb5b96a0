"""Which event was on which day, how many came to each, who they were. Pure and the same each time."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from partnership.ui.shares import whole

SATURDAY = 5


@dataclass(frozen=True)
class Planned:
    """One event of a past year. people: how many came; None where it was cancelled."""

    ref: str
    day: date
    people: int | None


def events(courses, which, year) -> list[Planned]:
    """The events of a year, in the order of their days, each course spread over all of it. which: the place of the year
    in the lists of years.toml."""
    found = []
    for course in courses:
        delivered, cancelled = course["delivered"][which], course["cancelled"][which]
        people = parted(course["delegates"][which], delivered)
        called_off = {(n * (delivered + cancelled)) // cancelled for n in range(cancelled)}
        many = delivered + cancelled
        took_place = iter(people)
        found += [
            (Decimal(2 * n + 1) / (2 * many), course["ref"], None if n in called_off else next(took_place))
            for n in range(many)
        ]
    return [Planned(ref, _working_day(year, at), people) for at, ref, people in sorted(found, key=lambda row: row[:2])]


def parted(whole_number: int, parts: int) -> list[int]:
    """A number as so many that differ by one at most."""
    return [whole_number * (n + 1) // parts - whole_number * n // parts for n in range(parts)]


def _working_day(year, share) -> date:
    """No Saturday, no Sunday, none between 20 December and 4 January."""
    day = date(year, 4, 9) + timedelta(days=int(share * 350))
    if (day.month, day.day) >= (12, 20):
        day = date(year, 12, 19) - timedelta(days=day.day % 7)
    elif (day.month, day.day) <= (1, 4):
        day = date(year + 1, 1, 7)
    return day - timedelta(days=day.weekday() - 4) if day.weekday() >= SATURDAY else day


def whose(shares: list[tuple[object, int]], many: int) -> list:
    """Whose each of so many people are: as often as their shares, and mixed, so that every event has several.

    Each organisation's people stand evenly over the whole list.
    """
    total = sum(share for _, share in shares)
    counted = [
        (key, cut) for (key, _), cut in zip(shares, _cuts([share for _, share in shares], total, many), strict=True)
    ]
    places = [((2 * n + 1) / (2 * cut), at, key) for at, (key, cut) in enumerate(counted) for n in range(cut)]
    return [key for _, _, key in sorted(places, key=lambda row: row[:2])]


def _cuts(shares, total, many) -> list[int]:
    done, found, before = 0, [], 0
    for share in shares:
        done += share
        now = many * done // total
        found.append(now - before)
        before = now
    return found


def replies(asked: int, of_a_hundred: int) -> set[int]:
    """The places of those who answer, evenly among so many who are asked."""
    return {n for n in range(asked) if (n + 1) * of_a_hundred // 100 > n * of_a_hundred // 100}


def agreeing(answered: int, percent: int, turn: int) -> set[int]:
    """The places of those who agree, so that counting gives the printed percentage; other people for each question."""
    spared = answered - whole(Decimal(percent) * answered / 100)
    return set(range(answered)) - {(n * answered // spared + turn * 7) % answered for n in range(spared)}
