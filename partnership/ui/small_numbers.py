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


def kept_crosswise(cells: dict) -> tuple[set, set]:
    """Which rows and which columns of one whole may be shown, where it is cut in two ways. cells: (row, column) ->
    part, as of `kept`.

    Each cut is as `kept` leaves it. And where all of some rows lie in some columns (every special school in one area),
    who takes those rows from those columns has the rest of them: while that tells of few, rows are left out too, the
    smallest first. Who is in which row and column is taken to be known.
    """
    cells = {at: part for at, part in cells.items() if part[0]}
    rows, columns = ({key: _sum(_at(cells, n, key)) for key in {at[n] for at in cells}} for n in (0, 1))
    shown, others = kept(rows), kept(columns)
    while shown and _gives_away(cells, shown, others):
        shown.remove(min(shown, key=lambda key: (*rows[key], str(key))))
    return shown, others


def _at(cells, n, key) -> list:
    return [part for at, part in cells.items() if at[n] == key]


def _gives_away(cells, rows, columns) -> bool:
    """What is left out of a cut is known together, as what the rest leaves of the whole: None stands for it."""
    found: dict = {}
    for (row, column), part in cells.items():
        key = (row if row in rows else None, column if column in columns else None)
        found[key] = _sum([found.get(key, (0, 0)), part])
    lies: dict = {}
    for row, column in found:
        lies.setdefault(row, set()).add(column)
    every = {column for _, column in found}
    for some in _unions(lies.values()) - {frozenset(every)}:
        inside = {row for row, where in lies.items() if where <= some}
        if tells(*_sum(part for (row, at), part in found.items() if at in some and row not in inside)):
            return True
    return False


def _unions(sets) -> set[frozenset]:
    """Every union of some of the sets: more columns than the rows lie in would only add what is known anyway."""
    found: set[frozenset] = set()
    for each in map(frozenset, sets):
        found |= {each, *(each | other for other in found)}
    return found


def _sum(parts) -> tuple[int, int]:
    parts = list(parts)
    return sum(of for of, _ in parts), sum(many for _, many in parts)
