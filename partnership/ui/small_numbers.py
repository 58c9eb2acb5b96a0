"""Figures for readers who may not know whose they are: no small one, and none from which one could be worked out."""

FEWEST = 5


def is_small(many: int) -> bool:
    return 0 < many < FEWEST


def tells(of: int, many: int) -> bool:
    """Whether a share (many of so many) tells of few: they are few themselves, or those on either side of it are."""
    return is_small(of) or is_small(many) or is_small(of - many)


def kept(parts: dict) -> set:
    """Which parts of one whole may be shown beside it. parts: key -> (of how many, how many of them).

    Nothing where the whole itself tells of few. Else the parts that tell are left out, and with them as many of the
    others, the smallest first, as it takes that what is left out is no single part and is itself not small: who takes
    the parts that are shown from the whole learns of nobody. Empty parts are neither shown nor left out.
    """
    parts = {key: part for key, part in parts.items() if part[0]}
    if tells(*_sum(parts.values())):
        return set()
    out = {key for key, part in parts.items() if tells(*part)}
    left = sorted((key for key in parts if key not in out), key=lambda key: (*parts[key], str(key)), reverse=True)
    while out and left and (len(out) == 1 or tells(*_sum(parts[key] for key in out))):
        out.add(left.pop())
    return parts.keys() - out


def _sum(parts) -> tuple[int, int]:
    parts = list(parts)
    return sum(of for of, _ in parts), sum(many for _, many in parts)
