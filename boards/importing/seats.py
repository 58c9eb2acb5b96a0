"""A list of seats from a spreadsheet: group, post, organisation, holder. Taken by the same services as one by hand.

The preview is the taking, undone: what a service would refuse is said with its line before anything is there.
"""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from boards.groups import services
from boards.importing import sending
from boards.models import Group, Seat
from partnership.access.rows import allowing
from partnership.documents.tables.days import NoDate, read_day
from partnership.documents.tables.limits import Unreadable
from partnership.documents.tables.reading import Column, Layout, open_upload
from partnership.people.finding import fold
from partnership.people.matching import called_exactly
from partnership.people.models import Agency, Membership, User
from partnership.people.models.dated import after
from partnership.people.roles import Perm
from partnership.people.services import near_cases

ROWS = 200
COLUMNS = (
    Column("group", ("Group", "Board", "Sub-group", "Subgroup", "Committee", "Meeting"), essential=True),
    Column("post", ("Post", "Job title", "Position", "Designation", "Seat")),
    Column("organisation", ("Organisation", "Organization", "Agency", "Body", "Partner")),
    Column("name", ("Name", "Holder", "Member", "Representative")),
    Column("email", ("Email", "E-mail", "Email address", "E-mail address")),
    Column("role", ("Role", "Role on the group")),
    Column("voting", ("Voting", "Vote", "Votes")),
    Column("represents", ("Represents", "Representing")),
    Column("starts", ("First day", "From", "Start", "Start date", "Since")),
    Column("ends", ("Last day", "Until", "To", "End", "End date")),
)
CODES = tuple(column.code for column in COLUMNS)
LAYOUT = Layout(COLUMNS)
SOURCE = "Taken in from a spreadsheet"
R, V, OF = Seat.SeatRole, Seat.Voting, Seat.Represents
ROLES = {"": R.MEMBER, "member": R.MEMBER, "chair": R.CHAIR, "chairperson": R.CHAIR, "chairman": R.CHAIR}
ROLES |= {"vice chair": R.VICE, "vice": R.VICE, "deputy chair": R.VICE, "co chair": R.CHAIR}
VOTES = {"": V.UNKNOWN, "yes": V.YES, "y": V.YES, "voting": V.YES, "votes": V.YES, "no": V.NO, "n": V.NO}
VOTES |= {"non voting": V.NO, "does not vote": V.NO, "not said": V.UNKNOWN, "unknown": V.UNKNOWN}
REPRESENTS = {"": OF.AGENCY, "agency": OF.AGENCY, "organisation": OF.AGENCY, "area": OF.AREA, "sector": OF.SECTOR}
NEW, GIVEN, SAME, WRONG = "new", "given", "same", "wrong"
WORDS = {
    NEW: ("New", "green"), GIVEN: ("Is given", "blue"), SAME: ("There already", "grey"), WRONG: ("Wrong", "red"),
}  # fmt: skip


@dataclass
class Line:
    """A row of the preview. state: of WORDS."""

    number: int
    group: str
    what: str
    holder: str
    state: str = WRONG
    why: str = ""
    remarks: list = field(default_factory=list)

    @property
    def tag(self):
        return WORDS[self.state]


def read(upload) -> tuple[list, list]:
    """([line, a text for each of CODES …], remarks) of an uploaded XLSX or CSV. Raises ValidationError."""
    with open_upload(upload, LAYOUT, most=sending.FILE_BYTES, too_large=sending.TOO_LARGE) as reading:
        rows = []
        for line in reading.rows:
            if line.problem:
                raise Unreadable(f"Line {line.number:,}: {line.problem}")
            cells = [line.cells.get(code, "")[: sending.LONGEST] for code in CODES]
            if any(cells):
                rows.append([line.number, *_days(cells, reading.day_zero)])
            if len(rows) > ROWS:
                raise Unreadable(f"The file has more than {ROWS} seats. Send it in parts.")
        if not rows:
            raise Unreadable("There is no row under the headings.")
        return rows, list(reading.remarks)


def _days(cells, zero):
    """Days as ISO, so that what a spreadsheet counts from is not asked again; what is no day stays as it is."""
    for code in ("starts", "ends"):
        at = CODES.index(code)
        try:
            day = read_day(cells[at], day_zero=zero, ahead=True) if cells[at] else None
        except NoDate:
            continue
        if day and day.precision == "day":
            cells[at] = day.starts.isoformat()
    return cells


class _Undone(Exception):
    """The preview ends, and with it what it tried."""


def preview(rows, *, by) -> list[Line]:
    """What would become of each row; nothing is kept."""
    lines: list[Line] = []
    try:
        with transaction.atomic():
            lines = _try(rows, by)
            raise _Undone
    except _Undone:
        return lines


@transaction.atomic
def take(rows, *, by) -> list[Line]:
    """All of them or none. Raises ValidationError with the lines that are wrong."""
    lines = _try(rows, by)
    if wrong := [f"Line {each.number:,}: {each.why}" for each in lines if each.state == WRONG]:
        raise ValidationError(wrong)
    return lines


def _try(rows, by) -> list[Line]:
    known, lines = _Known(rows, by), []
    for number, *cells in rows:
        said = dict(zip(CODES, cells, strict=True))
        what = ", ".join(filter(None, (said["post"], said["organisation"])))
        line = Line(number, said["group"], what, said["name"] or said["email"])
        try:
            with transaction.atomic():
                line.state = known.enter(said, line)
        except ValidationError as refused:
            line.why = " ".join(refused.messages)
        lines.append(line)
    return lines


class _Known:
    """The groups, organisations and people that the rows can mean, and the seats that there are."""

    def __init__(self, rows, by):
        self.by = by
        said = [dict(zip(CODES, cells, strict=True)) for _, *cells in rows]
        self.groups = {}
        for row in Group.objects.live().select_related("folder"):
            self.groups.setdefault(fold(row.name), []).append(row)
        self.agencies = called_exactly({each["organisation"] for each in said if each["organisation"]})
        self.people = self._people(said)
        ids = [each.pk for each in self.people]
        at = Membership.objects.live().filter(user__in=ids, agency__isnull=False).values_list("user_id", "agency_id")
        self.at = {}
        for user, agency in at:
            self.at.setdefault(user, set()).add(agency)
        self.taken = set()  # rows of Seat that a line has named already

    def _people(self, said):
        emails = {each["email"].casefold() for each in said if each["email"]}
        names = {fold(each["name"]) for each in said if each["name"]}
        people = allowing(User, self.by, Perm.DIRECTORY_VIEW).filter(is_active=True, shared_address=False)
        return [
            each
            for each in near_cases(people).order_by("name", "pk")
            if (each.email or "").casefold() in emails or fold(each.name) in names
        ]

    def enter(self, said, line) -> str:
        """Does what the row says; returns its state. Raises ValidationError."""
        groups = self.groups.get(fold(said["group"]), [])
        if len(groups) != 1:
            raise ValidationError(
                f"No group of today is called ‘{said['group'][:60]}’. Write its name as the portal has it."
            )
        facts = {"role": _of(ROLES, said["role"], "role"), "voting": _of(VOTES, said["voting"], "vote")}
        facts["represents"] = _of(REPRESENTS, said["represents"], "kind of seat")
        facts["agency"], facts["organisation"] = self._body(said["organisation"], line)
        facts |= {"post": said["post"][:200], "source": SOURCE}
        starts, ends = _day(said["starts"], "first"), after(_day(said["ends"], "last"))
        user = self._holder(said, facts["agency"], line)
        if not facts["post"] and user is None:
            raise ValidationError("The row has no post, and nobody is found who could hold the seat. Add the post.")
        return self._seat(groups[0], facts, user, starts, ends)

    def _body(self, words, line):
        pk, _ = self.agencies.get(words.casefold(), (None, ""))
        if words and pk is None:
            line.remarks.append(f"The directory has no organisation ‘{words[:60]}’: the seat keeps the words.")
        return (pk and Agency.objects.get(pk=pk)), ("" if pk else words[:200])

    def _holder(self, said, agency, line):
        """By address, else by the whole name, where exactly one can be meant; else nobody, and it is said."""
        name, email = fold(said["name"]), said["email"].casefold()
        if not name and not email:
            return None
        if email:
            found = [each for each in self.people if (each.email or "").casefold() == email]
            if found and name and fold(found[0].name) != name:
                raise ValidationError(f"{said['email']} is the address of somebody else than {said['name'][:60]}.")
        else:
            found = [each for each in self.people if fold(each.name) == name]
            if agency is not None:
                found = [each for each in found if agency.pk in self.at.get(each.pk, ())]
        if len(found) == 1:
            return found[0]
        who, how = (said["name"] or said["email"])[:60], "Several people are" if found else "Nobody there is"
        line.remarks.append(f"{how} known as ‘{who}’: the seat stays vacant. Give it on the group’s page.")
        return None

    def _seat(self, group, facts, user, starts, ends):
        today = timezone.localdate()
        same = {name: facts[name] for name in ("agency", "organisation")}
        rows = Seat.objects.filter(group=group, deputy_for=None, **same).exclude(pk__in=self.taken).order_by("pk")
        rows = [row for row in rows if not facts["post"] or fold(row.post) == fold(facts["post"])]
        mine = next((row for row in rows if row.user_id == (user and user.pk) and _meets(row, starts, ends)), None)
        if mine is None and user is None:
            mine = next((row for row in rows if _meets(row, starts, ends)), None)  # it is held: nothing is taken away
        if mine is not None:
            self.taken.add(mine.pk)
            return SAME
        vacant = next((row for row in rows if row.user_id is None and _goes_on(row, today)), None)
        if vacant is not None and (ends is None or ends > today):
            given = max(filter(None, (starts, vacant.starts)), default=today)
            seat = services.give_seat(vacant, by=self.by, user=user, starts=given)
            self.taken |= {vacant.pk, seat.pk}
            if seat.role != facts["role"]:
                now = {name: getattr(seat, name) for name in services.SEAT_FIELDS}
                services.change_seat(seat, by=self.by, version=seat.version, **now | {"role": facts["role"]})
            return GIVEN
        seat = services.add_seat(group, by=self.by, user=user, starts=starts, ends=ends, **facts)
        self.taken.add(seat.pk)
        return NEW


def _of(words, said, what):
    try:
        return words[fold(said)]
    except KeyError:
        known = ", ".join(sorted(filter(None, words)))
        raise ValidationError(f"‘{said[:40]}’ is no {what} that is known. Write one of: {known}.") from None


def _day(said, which):
    if not said:
        return None
    try:
        day = read_day(said, ahead=True)
    except NoDate as wrong:
        raise ValidationError(str(wrong)) from None
    if day.precision != "day":
        raise ValidationError(f"‘{said[:40]}’ is no day: write the {which} day with its day, month and year.")
    return day.starts


def _meets(row, starts, ends) -> bool:
    begins_before = ends is None or row.starts is None or row.starts < ends
    return begins_before and (row.ends is None or row.ends > (starts or timezone.localdate()))


def _goes_on(row, today) -> bool:
    return row.ends is None or row.ends > today
