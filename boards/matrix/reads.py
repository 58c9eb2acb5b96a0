"""The matrix of a group, and attendance over all groups that somebody may see. Every number follows the row rule."""

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from django.utils import timezone

from boards.matrix import counting, facts
from boards.matrix.counting import LETTERS, Cell, Tally
from boards.models import Attendance, Group
from partnership.actions.planning.rules import first_day, year_of

WORDS = dict(Attendance.Mark.choices)
BY_SEAT, BY_AGENCY = "seat", "agency"
AT_ONCE = 12  # meetings side by side: what a page of 820 pixels has room for


def running_year(today: date | None = None) -> tuple[date, date]:
    """The partnership's year that holds today: from 1 April until the day before the next."""
    year = year_of(today or timezone.localdate())
    return first_day(year), date.fromordinal(first_day(year + 1).toordinal() - 1)


@dataclass(frozen=True)
class Shown:
    """What one cell of the table says. marks: (letter, word, how many, code). sign: '?' where a mark is missing, '–'
    where there was no seat. words: all of it, said."""

    marks: tuple
    sign: str
    words: str


@dataclass(frozen=True)
class Line:
    """A seat or an organisation. cells: one Shown a meeting, in the order of the meetings."""

    key: object
    name: str
    note: str
    tally: Tally
    cells: list


@dataclass(frozen=True)
class Head:
    """A meeting as its column says it."""

    pk: object
    day_words: str


@dataclass
class Sheet:
    """The matrix of one group. columns: [(meeting, its tally)]. seats: how many seats the lines are made of."""

    columns: list
    lines: list
    total: Tally
    by: str
    seats: int
    first: date
    last: date

    @property
    def blocks(self) -> list:
        """[(columns, [(line, [(meeting, its cell)])])], so many meetings at a time as stand side by side."""
        found = []
        for at in range(0, len(self.columns), AT_ONCE):
            columns = self.columns[at : at + AT_ONCE]
            heads = [Head(each.pk, each.day_words) for each, _ in columns]
            lines = [(line, list(zip(heads, line.cells[at:], strict=False))) for line in self.lines]
            found.append((list(zip(heads, (tally for _, tally in columns), strict=True)), lines))
        return found


def sheet(user, folder_id, first: date, last: date, *, by=BY_AGENCY) -> Sheet:
    """The matrix of one group from `first` to `last`, a line a seat or a line an organisation; three questions."""
    found = facts.read(user, first, last, folders=[folder_id])
    cells = found.cells.get(folder_id, [])
    counted = counting.count(cells)
    tallies = counted.seats if by == BY_SEAT else counted.agencies
    at = {each.pk: number for number, each in enumerate(found.meetings)}
    grid = {key: [[] for _ in at] for key in tallies}
    for cell in cells:
        grid[cell.seat if by == BY_SEAT else cell.agency][at[cell.meeting]].append(cell)
    lines = []
    for key, tally in tallies.items():
        name, note = _called(found, key, cells, first, last) if by == BY_SEAT else (found.words[key], "")
        lines.append(Line(key, name, note, tally, [_shown(tuple(each)) for each in grid[key]]))
    lines.sort(key=lambda line: (line.name.casefold(), line.note.casefold(), str(line.key)))
    columns = [(each, counted.meetings.get(each.pk) or Tally()) for each in found.meetings]
    return Sheet(columns, lines, counted.total, by, len(counted.seats), first, last)


def _called(found, place, cells, first, last) -> tuple[str, str]:
    """A seat's organisation and post, of its newest row in the time that is shown; else as its marks have it."""
    rows = found.seats.get(place, ())
    row = next((each for each in reversed(rows) if each.within(first, last)), rows[-1] if rows else None)
    if row is not None:
        return row.of or row.post, row.post if row.of else ""
    agency = next(cell.agency for cell in cells if cell.seat == place)
    return found.words[agency], ""


def _shown(cells: tuple[Cell, ...]) -> Shown:
    return _drawn(tuple(sorted((cell.mark, cell.there) for cell in cells)))


@lru_cache(1024)  # nearly every cell is one of a dozen
def _drawn(marks: tuple) -> Shown:
    number = {mark: sum(each == (mark, True) for each in marks) for mark in LETTERS}
    came = tuple((LETTERS[mark], WORDS[mark], many, mark) for mark, many in number.items() if many)
    gone = [WORDS[mark] for mark, there in marks if mark and not there]
    unrecorded = sum(not mark for mark, _ in marks)
    said = [word if many == 1 else f"{word} {many}" for _, word, many, _ in came]
    said += [f"No seat ({word.lower()})" for word in gone]
    said += ["Not recorded" if unrecorded == 1 else f"Not recorded {unrecorded}"] * bool(unrecorded)
    sign = "?" if unrecorded else "–" if gone or not came else ""
    return Shown(came, sign, ", ".join(said) or "No seat")


@dataclass
class GroupLine:
    group: Group
    meetings: int
    tally: Tally


@dataclass
class Overall:
    """Attendance over all groups that somebody may see. agencies: [(name, {group id: Tally}, Tally)]."""

    groups: list
    agencies: list
    total: Tally = field(default_factory=Tally)
    first: date | None = None
    last: date | None = None


def overall(user, first: date, last: date) -> Overall:
    """Each group that met, and each organisation with what it comes to in each group; four questions."""
    found = facts.read(user, first, last)
    groups = {each.pk: each for each in Group.objects.filter(pk__in=list(found.cells)).select_related("folder")}
    lines, agencies = [], {}
    for pk, group in sorted(groups.items(), key=lambda pair: pair[1].name.casefold()):
        counted = counting.count(found.cells[pk])
        held = sum(each.group_id == pk for each in found.meetings)
        lines.append(GroupLine(group, held, counted.total))
        for key, tally in counted.agencies.items():
            agencies.setdefault(key, {})[pk] = tally
    total = counting.count(cell for cells in found.cells.values() for cell in cells)
    named = [(found.words[key], of, total.agencies[key]) for key, of in agencies.items()]
    return Overall(lines, sorted(named, key=lambda each: each[0].casefold()), total.total, first, last)


def figures(user, folder_ids, first: date, last: date) -> dict:
    """Attendance of these groups from `first` to `last`, as plain data that a report can freeze.

    {"from", "to": ISO days, "total": numbers, "agencies": [{"agency": id or None, "name", **numbers}],
    "groups": [{"group": id, "total", "meetings": [{"id", "day": ISO, "month_only", **numbers}],
    "agencies": [...], "seats": [{"place": id, "post", "name", **numbers}]}]}. numbers: those of
    `counting.Tally.as_data`. `user` sees all of it: what they may not see is in no number. Three questions.
    """
    found = facts.read(user, first, last, folders=list(folder_ids))
    everything = counting.count(cell for cells in found.cells.values() for cell in cells)
    groups = []
    for pk in sorted(found.cells, key=str):
        counted = counting.count(found.cells[pk])
        meetings = [each for each in found.meetings if each.group_id == pk]
        groups.append(
            {
                "group": str(pk),
                "total": counted.total.as_data(),
                "meetings": [
                    {"id": str(each.pk), "day": each.day.isoformat(), "month_only": each.month_only}
                    | (counted.meetings.get(each.pk) or Tally()).as_data()
                    for each in meetings
                ],
                "agencies": _agencies(found, counted),
                "seats": [
                    {"place": str(place), "post": note, "name": name} | tally.as_data()
                    for place, tally in counted.seats.items()
                    for name, note in [_called(found, place, found.cells[pk], first, last)]
                ],
            }
        )
    total, agencies = everything.total.as_data(), _agencies(found, everything)
    return {"from": first.isoformat(), "to": last.isoformat(), "total": total, "agencies": agencies, "groups": groups}


def _agencies(found, counted) -> list:
    rows = [
        {"agency": str(key[1]) if key[0] == "id" else None, "name": found.words[key]} | tally.as_data()
        for key, tally in counted.agencies.items()
    ]
    return sorted(rows, key=lambda row: row["name"].casefold())
