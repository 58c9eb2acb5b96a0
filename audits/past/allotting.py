"""Whose answer was which, where a report prints totals only. Pure and the same each time."""

from decimal import Decimal

from partnership.ui.shares import whole


def number_of(figure: dict, base: int) -> int:
    """How many of `base` give the printed figure by counting: its own value, or the nearest to its percentage."""
    if "value" in figure:
        return figure["value"]
    return whole(Decimal(figure["percent"]) * base / 100)


def spared(known: list, invented: list, many: int, turn: int) -> set:
    """`many` of them for whom the figure does not hold: invented ones first, others where there are too few.

    turn: of the figure, so that it is not the same ones in each.
    """
    found = [*_turned(invented, turn * 31), *_turned(known, turn * 31)]
    return set(found[:many])


def spread(rows: list, many: int, turn: int) -> set:
    """`many` of them, evenly over the whole list."""
    turned = _turned(rows, turn * 7)
    return {turned[n * len(turned) // many] for n in range(many)} if many else set()


def _turned(rows, by):
    at = by % len(rows) if rows else 0
    return [*rows[at:], *rows[:at]]
