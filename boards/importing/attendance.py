"""A spreadsheet of who came, a seat a row and a meeting a column: read, and held against the group's seats."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from boards.groups.services import add_seat
from boards.importing import sending
from boards.importing.words import ASKED, Mark, read_mark, spelling
from boards.matrix.counting import LETTERS
from boards.matrix.entering import AGREED, enter, held_before, meant
from boards.matrix.facts import in_words, span
from boards.models import Attendance, Group, Meeting, Seat
from partnership.documents.tables.days import MONTHS, NoDate, read_day
from partnership.documents.tables.limits import Unreadable
from partnership.documents.tables.reading import Column, Layout, open_upload, plain
from partnership.people.finding import fold
from partnership.people.matching import called_exactly
from partnership.people.models.dated import after
from partnership.ui.dates import plain as day_words

ROWS, DAYS, HEADING_ROWS = 300, 60, 5
NAMES = {
    "organisation": ("Organisation", "Organization", "Agency", "Agencies", "Body", "Partner", "Representing"),
    "post": ("Post", "Role", "Job title", "Seat", "Position", "Designation"),
    "name": ("Name", "Member", "Representative", "Attendee", "Holder"),
}
KNOWN = {plain(name): code for code, names in NAMES.items() for name in names}
LAYOUT = Layout(tuple(Column(code, names) for code, names in NAMES.items()), whole=True)
SOURCE = "Taken in from a spreadsheet"
SKIP, ENDED = "skip", "ended"  # what becomes of a row without a seat
DATELIKE = re.compile(rf"\d[./-]\d|\b(?:{'|'.join(MONTHS)})\b", re.I)
ASIDE = re.compile(r"\s*\([^()]*\)\s*$")
NO_DAYS = (
    "No column has the day of a meeting as its heading. Write a day or a month above each column of marks, "
    "like 12 June 2026 or June 2026."
)


@dataclass(frozen=True)
class Sent:
    """days: [ISO day or month of each column]. rows: [line, organisation, post, name, a mark a day …]."""

    days: list
    rows: list
    remarks: list = field(default_factory=list)


def read(upload) -> Sent:
    """An uploaded XLSX or CSV as rows. Raises ValidationError with sentences, those of rows with their lines."""
    with open_upload(upload, LAYOUT, most=sending.FILE_BYTES, too_large=sending.TOO_LARGE) as reading:
        lines = []
        for line in reading.rows:
            if line.problem:
                raise Unreadable(f"Line {line.number:,}: {line.problem}")
            lines.append((line.number, list(line.cells.values())))
            if len(lines) > ROWS + HEADING_ROWS:
                raise Unreadable(f"The file has more than {ROWS} rows. Save the rows of this group alone.")
        headings, remarks, zero = list(reading.headings), list(reading.remarks), reading.day_zero
    headings, lines = _headed(headings, lines, zero)
    found, left_out = _columns(headings, zero)
    if not found["days"]:
        raise Unreadable(NO_DAYS)
    if len(found["days"]) > DAYS:
        raise Unreadable(f"The file has more than {DAYS} meetings. Send it in parts.")
    bare = [at for at, each in enumerate(headings) if not each and at not in found.values()]
    left_out += [f"column {at + 1}, which has no heading" for at in bare if any(cells[at] for _, cells in lines)]
    if left_out:
        remarks.append(f"Left out: {', '.join(left_out)}.")
    rows = []
    for number, cells in lines:
        said = [cells[at][: sending.LONGEST] if at is not None else "" for at in (found[code] for code in NAMES)]
        marks = [cells[at][: sending.LONGEST] for at in found["days"].values()]
        if any(said) or any(marks):
            rows.append([number, *said, *marks])
    if not rows:
        raise Unreadable("There is no row under the headings.")
    return Sent(list(found["days"]), rows, remarks)


def _headed(headings, lines, zero):
    """Headings over two rows: where the first has no day, a row of days below it completes it."""
    if any(_day(each, zero) for each in headings):
        return headings, lines
    for at, (_, cells) in enumerate(lines[:HEADING_ROWS]):
        if any(_day(each, zero) for each in cells):
            both = zip(cells, headings + [""] * (len(cells) - len(headings)), strict=False)
            return [mine or above for mine, above in both], lines[at + 1 :]
    return headings, lines


def _day(heading, zero) -> str:
    """'2026-06-12' or '2026-06'; nothing for a heading that is no day. Raises Unreadable for a wrong one."""
    said = ASIDE.sub("", heading).strip()
    try:
        day = read_day(said, day_zero=zero, ahead=True) if said else None
    except NoDate as wrong:
        if DATELIKE.search(said) and any(sign.isdigit() for sign in said):
            raise Unreadable(f"The heading of a column: {wrong}") from None
        return ""
    if day is None or day.precision not in ("day", "month") or day.about:
        return ""
    return day.starts.isoformat() if day.precision == "day" else f"{day.starts:%Y-%m}"


def _columns(headings, zero):
    found, left_out = dict.fromkeys(NAMES) | {"days": {}}, []
    for at, heading in enumerate(headings):
        if iso := _day(heading, zero):
            if iso in found["days"]:
                raise Unreadable(f"Two columns are of {words_of(iso)}. Take one of them out, or say which day each is.")
            found["days"][iso] = at
        elif code := KNOWN.get(plain(heading)):
            if found[code] is not None:
                raise Unreadable(f"The column ‘{heading}’ stands twice in the file. Take one of them out.")
            found[code] = at
        elif heading:
            left_out.append(f"‘{heading}’")
    if all(found[code] is None for code in NAMES):
        first = next((at for at in range(len(headings)) if at not in found["days"].values()), None)
        if first is None:
            raise Unreadable("No column says whose seat a row is. Add one with the heading ‘Organisation’ or ‘Post’.")
        found["organisation"] = first
        left_out = [each for each in left_out if each != f"‘{headings[first]}’"]
    return found, left_out


def words_of(iso) -> str:
    return in_words(*parsed(iso))


def parsed(iso) -> tuple[date, bool]:
    """(day, whether it is a month alone). Raises ValueError for neither."""
    return (date.fromisoformat(f"{iso}-01"), True) if len(iso) == len("2026-06") else (date.fromisoformat(iso), False)


# --- beside the group -------------------------------------------------------------------------------------------------


@dataclass
class Day:
    iso: str
    meeting: Meeting | None
    words: str


@dataclass
class Line:
    """A row of the preview. place: the seat it is of, or None. choice: SKIP, ENDED or a place, where it was asked.
    shown: (letter or sign, words) a day."""

    number: int
    label: str
    organisation: str
    post: str
    place: object = None
    asked: bool = False
    choice: str = ""
    marks: list = field(default_factory=list)
    shown: list = field(default_factory=list)


@dataclass
class Plan:
    """asked: [(spelling, as it is first written, what it mostly is)]. problems: sentences. new, changed, same: how many
    marks."""

    days: list
    lines: list
    asked: list
    problems: list
    seats: list  # [(place, words)] to choose one of
    new: int = 0
    changed: int = 0
    same: int = 0

    @property
    def undecided(self) -> list:
        return [line for line in self.lines if line.asked and not line.choice]


class Beside:
    """What the group has of what a file says, read once for all that is made of it: its seats, its meetings on the days
    of the file, who is recorded there."""

    def __init__(self, user, folder, sent):
        said = {text for _, organisation, post, *_ in sent.rows for text in (organisation, post) if text}
        self.seats = _Seats(folder, said)
        self.days, self.problems = _days(user, folder, sent.days)
        rows = Attendance.objects.visible_to(user).filter(place__isnull=False)
        rows = rows.filter(meeting__in=[day.meeting.pk for day in self.days if day.meeting])
        self.marks = {(row.meeting_id, row.place): row.mark for row in rows}


def plan(beside: Beside, sent: Sent, answers: dict, choices: dict) -> Plan:
    """What would come in. answers: spelling -> code or NOTHING. choices: line -> SKIP, ENDED or a seat's place."""
    seats, lines, unread = beside.seats, [], {}
    for number, organisation, post, name, *texts in sent.rows:
        label = ", ".join(filter(None, (post, organisation, name))) or "(nobody is named)"
        line = Line(number, label, organisation, post, seats.match(organisation, post, name))
        line.asked = line.place is None
        line.choice = choices.get(number, "") if line.asked else ""
        line.place = seats.by_id.get(line.choice, line.place)
        for text in texts:
            mark = read_mark(text, ASKED | answers)
            if spelling(text) in ASKED or read_mark(text, {}).code is None:
                unread.setdefault(spelling(text), " ".join(text.split()))
            line.marks.append(mark if mark.code is not None else Mark("", text))
            line.shown.append((LETTERS.get(mark.code, "?" if mark.code is None else ""), text))
        lines.append(line)
    asked = [(said, written, answers.get(said) or ASKED.get(said, "")) for said, written in unread.items()]
    made = Plan(beside.days, lines, asked, [*beside.problems, *_twice(lines)], seats.offered)
    _compare(made, beside.marks)
    return made


def _twice(lines):
    at = defaultdict(list)
    for line in lines:
        if line.place:
            at[line.place].append(line)
    for same in at.values():
        if len(same) > 1:
            numbers = " and ".join(f"{line.number:,}" for line in same)
            yield f"Lines {numbers} are of one seat ({same[0].label}): only one of them can be right."


def _days(user, folder, isos):
    group = Group.objects.get(pk=folder.pk)
    rows = Meeting.objects.visible_to(user).filter(folder=folder).exclude(status=Meeting.Status.CANCELLED)
    days, problems, taken, rows = [], [], {}, list(rows)
    for iso in isos:
        words = words_of(iso)
        meeting, why = meant(group, rows, *parsed(iso))
        if meeting and meeting.pk in taken:
            why = f"The columns {taken[meeting.pk]} and {words} are of one meeting. Take one of them out."
        if why:
            problems.append(why)
        if meeting:
            taken[meeting.pk] = words
        days.append(Day(iso, meeting, words))
    return days, problems


def _compare(made, recorded):
    """Counts what is new, other and the same as what is recorded; another mark than in agreed minutes is a problem."""
    for line in made.lines:
        if line.choice == SKIP:
            continue
        for day, mark in zip(made.days, line.marks, strict=True):
            if not mark.code:
                continue
            now = recorded.get((day.meeting.pk, line.place)) if day.meeting and line.place else None
            if not now:
                made.new += 1
            elif now == mark.code:
                made.same += 1
            elif day.meeting.minutes_status in Meeting.CLOSED_MINUTES:
                made.problems.append(f"Line {line.number:,}: {AGREED.format(day.words, line.label)}")
            else:
                made.changed += 1


class _Seats:
    """The seats of a group, today's and earlier ones, and how rows may name them."""

    def __init__(self, folder, said):
        self.known = called_exactly(said)
        rows = Seat.objects.filter(group=folder.pk, deputy_for=None).select_related("user", "agency")
        self.by_id, self.rows = {}, defaultdict(list)
        for row in sorted(rows, key=lambda each: each.starts or date.min):
            self.by_id[str(row.place)] = row.place
            self.rows[row.place].append(row)

    @property
    def offered(self) -> list:
        found = [(str(place), _said(rows[-1])) for place, rows in self.rows.items()]
        return sorted(found, key=lambda pair: pair[1].casefold())

    def match(self, organisation, post, name):
        """The one seat that these words mean; None where it is none or could be several."""
        found = [place for place, rows in self.rows.items() if any(self._fits(row, organisation, post) for row in rows)]
        if len(found) != 1 and name:
            whole = found or list(self.rows)
            called = fold(name)
            found = [p for p in whole if any(row.user_id and fold(row.user.name) == called for row in self.rows[p])]
        return found[0] if len(found) == 1 else None

    def _fits(self, row, organisation, post) -> bool:
        if organisation and post:
            return self._is_of(row, organisation) and fold(row.post) == fold(post)
        if not (said := organisation or post):
            return False
        whole = {fold(f"{row.post} {row.of}"), fold(f"{row.of} {row.post}"), "" if row.of else fold(row.post)} - {""}
        return bool({fold(said), fold(ASIDE.sub("", said))} & whole) or self._is_of(row, said)

    def _is_of(self, row, said) -> bool:
        if row.of and fold(row.of) in (fold(said), fold(ASIDE.sub("", said))):
            return True
        return bool(row.agency_id) and self.known.get(said.casefold(), (None,))[0] == row.agency_id


def _said(row) -> str:
    held = "" if row.ends is None else f" (until {day_words(row.last_day)})"
    return f"{', '.join(filter(None, (row.of, row.post))) or row.user.name}{held}"


@transaction.atomic
def take(folder, sent, answers, choices, *, by) -> int:
    """All of it or nothing: meetings that are missing, ended seats that were asked for, marks. Returns how many marks
    were written. Raises ValidationError where something is not decided or was changed meanwhile."""
    Group.objects.select_for_update(of=("self",)).get(pk=folder.pk)
    made = plan(Beside(by, folder, sent), sent, answers, choices)
    if made.problems:
        raise ValidationError(made.problems)
    if made.undecided or any(not answer for *_, answer in made.asked):
        raise ValidationError("Say first what becomes of the rows and words that are asked about.")
    marks: dict = defaultdict(dict)
    for line in made.lines:
        if line.choice == SKIP:
            continue
        place = line.place or _ended_seat(folder, line, made.days, by)
        for day, mark in zip(made.days, line.marks, strict=True):
            if mark.code:
                marks[day.iso][place] = (mark.code, mark.who)
    written = 0
    for day in made.days:
        if not marks[day.iso]:
            continue
        at, month_only = parsed(day.iso)
        meeting = day.meeting or held_before(
            folder, at, by=by, title=folder.title[:200], source=SOURCE, month_only=month_only
        )
        written += enter(meeting, marks[day.iso], by=by, source=SOURCE)
    return written


def _ended_seat(folder, line, days, by):
    """A seat for a row that has none: from the first of the days that have a mark to the last."""
    spans = [parsed(day.iso) for day, mark in zip(days, line.marks, strict=True) if mark.code]
    if not spans:
        raise ValidationError(f"Line {line.number:,} has no mark, so no seat can be made of it. Leave it out.")
    first, last = span(*min(spans))[0], span(*max(spans))[1]
    known = called_exactly([line.organisation]) if line.organisation else {}
    agency = known.get(line.organisation.casefold(), (None, ""))[0]
    row = add_seat(
        Group.objects.get(pk=folder.pk), by=by, role=Seat.SeatRole.MEMBER, post=line.post or line.label[:200],
        agency_id=agency, organisation="" if agency else line.organisation[:200], starts=first, ends=after(last),
        source=f"{SOURCE}: who came",
    )  # fmt: skip
    return row.place
