"""Bars that are drawn on the server: plain SVG of the page's own markup, with a letter and words beside each colour."""

from dataclasses import dataclass
from decimal import Decimal

from partnership.ui.shares import whole

ROOM = 4  # per cent of a bar that a letter needs


@dataclass(frozen=True)
class Segment:
    """A part of a stacked bar. look: good, partly or bad. x, width: per cent, as SVG takes them; percent: half up."""

    label: str
    letter: str
    look: str
    many: int | None
    percent: int
    x: str
    width: str
    middle: str
    wide: bool

    @property
    def number(self) -> str:
        return "" if self.many is None else f"{self.many:,}"


class Segments(list):
    """Of one bar."""

    @property
    def percents(self) -> int:
        """What the per cent of the parts add up to: each is rounded by itself, as it stands elsewhere on the page."""
        return sum(each.percent for each in self)


def stack(parts, *, counted=True) -> Segments:
    """The segments of one bar; nothing where there is nothing to show. parts: (label, letter, look, how many).
    counted: whether how many may be said beside the per cent."""
    parts = [part for part in parts if part[3]]
    total, at, found = sum(part[3] for part in parts), Decimal(0), Segments()
    for label, letter, look, many in parts:
        share = Decimal(100 * many) / total
        place = [f"{value:.2f}%" for value in (at, share, at + share / 2)]
        found.append(Segment(label, letter, look, many if counted else None, whole(share), *place, share >= ROOM))
        at += share
    return found
