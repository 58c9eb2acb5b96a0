"""Per cent as every page counts it: a half is rounded up, as people do by hand."""

from decimal import ROUND_HALF_UP, Decimal

ONE_PLACE, WHOLE = Decimal("0.1"), Decimal(1)


def rounded(value) -> Decimal:
    """To one place."""
    return Decimal(value).quantize(ONE_PLACE, ROUND_HALF_UP)


def whole(value) -> int:
    return int(Decimal(value).quantize(WHOLE, ROUND_HALF_UP))


def share(part: int, of: int) -> Decimal | None:
    """Per cent to one place, like 98.3; None of nothing."""
    return rounded(Decimal(100 * part) / of) if of else None
