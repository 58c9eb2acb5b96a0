"""Who came, read in bulk by the row rule: three questions, however many groups, seats and meetings."""

import calendar
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from boards.matrix.counting import Cell
from boards.models import Attendance, Meeting, Seat
from partnership.people.finding import fold
from partnership.ui.dates import midnight, plain

HELD = Meeting.Status.HELD


@dataclass(frozen=True)
class Row:
    """One row of Seat, as far as it is needed here."""

    place: UUID
    group: UUID
    starts: date | None
    ends: date | None
    post: str
    agency_id: UUID | None
    of: str
    standing: str

    def within(self, first: date, last: date) -> bool:
        """Whether it existed on one of these days. What was given and taken back on one day did not."""
        if self.starts is not None and self.starts == self.ends:
            return False
        return (self.starts is None or self.starts <= last) and (self.ends is None or self.ends > first)

    @property
    def agency(self) -> tuple:
        return agency_key(self.agency_id, self.of, self.post)


def agency_key(pk, of, post) -> tuple:
    """What puts seats of one organisation together: its id, else its name as it is written, else the post alone."""
    return ("id", pk) if pk else ("of", fold(of)) if of else ("post", fold(post))


def span(day: date, month_only: bool) -> tuple[date, date]:
    """The first and last day that are meant: the whole month where only that is known."""
    if not month_only:
        return day, day
    return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])


def in_words(day: date, month_only: bool) -> str:
    """'12 June 2018', or 'June 2018'."""
    return f"{day:%B %Y}" if month_only else plain(day)


def days_of(meeting) -> tuple[date, date]:
    """The first and last day on which it can have been."""
    return span(meeting.day, meeting.month_only)


@dataclass
class Facts:
    """meetings: held ones, oldest first. seats: place -> its rows, oldest first. cells: by group."""

    meetings: list
    seats: dict
    cells: dict
    words: dict  # key of an organisation -> its name


def read(user, first: date, last: date, *, folders=None) -> Facts:
    """The held meetings of groups from `first` to `last` that `user` may see, and their cells.

    folders: ids of groups' folders, None for every group.
    """
    meetings = Meeting.objects.visible_to(user).filter(
        group__isnull=False,
        status=HELD,
        starts_at__gte=midnight(first),
        starts_at__lt=midnight(last + timedelta(days=1)),
    )
    if folders is not None:
        meetings = meetings.filter(folder__in=folders)
    meetings = list(meetings.order_by("starts_at", "id"))
    seats = _seats({each.group_id for each in meetings} if folders is None else folders)
    marks, words = _marks(user, meetings), {row.agency: row.of or row.post for rows in seats.values() for row in rows}
    cells = defaultdict(list)
    of_group = defaultdict(list)
    for place, rows in seats.items():
        of_group[rows[0].group].append(place)
    for meeting in meetings:
        spoken = marks.get(meeting.pk, {})
        begin, end = days_of(meeting)
        for place in {**dict.fromkeys(of_group[meeting.group_id]), **spoken}:
            there = next((row for row in reversed(seats.get(place, ())) if row.within(begin, end)), None)
            said = spoken.get(place)
            if said is None and there is None:
                continue
            if said is None:
                cell = Cell(place, there.agency, meeting.pk, "", there.standing)
            else:
                mark, standing, agency, name = said
                words.setdefault(agency, name)
                cell = Cell(place, agency, meeting.pk, mark, standing, there is not None)
            cells[meeting.group_id].append(cell)
    return Facts(meetings, seats, cells, words)


def _seats(groups) -> dict:
    rows = Seat.objects.filter(group__in=list(groups), deputy_for=None)
    fields = ["place", "group_id", "starts", "ends", "post", "agency_id", "agency__name", "organisation", "standing"]
    found = defaultdict(list)
    for place, group, starts, ends, post, agency_id, agency, organisation, standing in rows.values_list(*fields):
        found[place].append(Row(place, group, starts, ends, post, agency_id, agency or organisation, standing))
    for each in found.values():
        each.sort(key=lambda row: row.starts or date.min)
    return found


def _marks(user, meetings) -> dict:
    """meeting -> place -> (mark, standing, key of the organisation, its name), as they were on the day."""
    rows = Attendance.objects.visible_to(user).filter(meeting__in=[each.pk for each in meetings], place__isnull=False)
    fields = ("meeting_id", "place", "mark", "standing", "agency_id", "agency__name", "organisation", "post")
    found = defaultdict(dict)
    for meeting, place, mark, standing, agency_id, agency, organisation, post in rows.order_by().values_list(*fields):
        of = agency or organisation
        found[meeting][place] = (mark, standing, agency_key(agency_id, of, post), of or post)
    return found
