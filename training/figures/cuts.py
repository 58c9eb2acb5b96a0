"""The numbers of a year told apart by one thing, and their chart."""

from collections import Counter
from decimal import Decimal

from partnership.ui.shares import whole
from partnership.ui.small_numbers import kept, kept_crosswise
from training.figures.shapes import NAMELESS_PEOPLE, OF_PEOPLE, PER_CENT, TOGETHER, Bar, Line, Part, number
from training.figures.years import months

UNSAID = {"area": "No area said", "priority": "No priority named"}
NO_ONLINE = ("area",)  # where somebody was who learnt online is not said
BARS = 20


def parts_of(by, now, before, called, *, people) -> list[Part]:
    """What each value of a cut comes to, of both years. people: delegates and e-learning too."""
    states, people_of, online_of = [], [], []
    for year in (now, before):
        found: dict = {}
        for each in year.events if by not in OF_PEOPLE else ():
            found.setdefault(_of(by, called.key(by, each), year, now), Counter())[each.state] += 1
        states.append(found)
        people_of.append(_counted(by, year, now, year.people, called) if people else {})
        online_of.append(_counted(by, year, now, year.online, called) if people and by not in NO_ONLINE else {})
    keys = {key for each in (*states, *people_of, *online_of) for key in each}
    parts = [
        Part(
            label=_labelled(by, key, now),
            states=states[0].get(key, Counter()),
            states_before=states[1].get(key, Counter()),
            people=_line(key, people_of, recorded=before.recorded),
            online=_line(key, online_of, recorded=before.recorded, counted=by not in NO_ONLINE),
            together=key == TOGETHER,
        )
        for key in keys
    ]
    order = [_labelled(by, month, now) for month in months(now.year)] if by == "month" else []
    last = (TOGETHER, UNSAID.get(by))
    return sorted(parts, key=lambda part: (part.label in last, order.index(part.label) if order else 0, part.label))


def _of(by, key, year, now):
    """Months of the year before stand beside the same months of this one."""
    return key.replace(year=key.year + now.year - year.year) if by == "month" else key


def _counted(by, year, now, some, called) -> dict:
    """Key -> how many; None for what this reader is not shown, with TOGETHER for what they come to."""
    found = Counter()
    for each in some:
        found[_of(by, called.key(by, each), year, now)] += each.many
    if year.named:
        return dict(found)
    show = _may_be_shown(by, year, some, called)
    told = {key: many if key in show else None for key, many in found.items()}
    left = sum(many for key, many in found.items() if key not in show)
    return told | ({TOGETHER: left} if show and left else {})


def _may_be_shown(by, year, some, called) -> set:
    """Decided for both cuts together, whichever somebody looks at first; while the year runs there is the one alone."""
    if by not in NAMELESS_PEOPLE or (by in OF_PEOPLE and not year.over):
        return set()
    cells = Counter()
    for each in some:
        cells[tuple(called.key(name, each) for name in NAMELESS_PEOPLE)] += each.many
    if year.over:
        shown = kept_crosswise({at: (many, many) for at, many in cells.items()})
        return shown[NAMELESS_PEOPLE.index(by)]
    one = Counter()
    for (course, _), many in cells.items():
        one[course] += many
    return kept({course: (many, many) for course, many in one.items()})


def _line(key, years, *, recorded, counted=True) -> Line:
    """Nothing stands together of a number of which all is shown."""
    counted = counted and (key != TOGETHER or any(key in year for year in years))
    now, before = (year.get(key, 0) for year in years)
    return Line("", now, before, recorded=recorded) if counted else Line("", None, None, counted=False)


def _labelled(by, key, now) -> str:
    if key == TOGETHER:
        return key
    return f"{key:%B %Y}" if by == "month" else key or UNSAID.get(by, "Not said")


def chart(found) -> tuple[list[Bar], str]:
    """The bars of the cut and its sentence: of delegates, or of events planned where people are not told apart."""
    rows = [
        (part.label, part.people.now, part.people.before) if found.people
        else (part.label, part.planned, part.states_before.total() if found.recorded else None)
        for part in found.parts
        if not part.together
    ]  # fmt: skip
    rows = [row for row in rows if row[1] or row[2]]
    if not rows:
        return [], ""
    what = "delegates" if found.people else "events planned"
    most = max(max(now or 0, before or 0) for _, now, before in rows)
    told = rows if found.by == "month" else sorted(rows, key=lambda row: (-(row[1] or 0), row[0]))[:BARS]
    bars = [
        Bar(label, number(now), number(before), _width(now, most), _width(before, most)) for label, now, before in told
    ]
    return bars, _most(rows, found, what)


def _most(rows, found, what) -> str:
    label, many, _ = max(rows, key=lambda row: row[1] or 0)
    of = found.totals[0].now if found.people else found.totals[1].now
    if not many or not of or len(rows) == 1:
        return ""
    return f"Most {what} in {found.now}: {label}, {many:,} of {of:,} ({whole(Decimal(100 * many) / of)}{PER_CENT})."


def _width(many, most) -> str:
    return f"{Decimal(100 * (many or 0)) / most:.2f}%"
