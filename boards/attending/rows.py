"""Who is ticked at a meeting: a row for each seat of its day, and for whoever came without one."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from boards.models import Attendance, Invitee, Seat

M = Attendance.Mark
WHY = "who asks has the meeting: they lie in its folder"
_RANK = {Seat.SeatRole.CHAIR: 0, Seat.SeatRole.VICE: 1, Seat.SeatRole.MEMBER: 2}
# What was answered before the meeting, as it is ticked until somebody looked. That somebody is coming is no tick.
_ANSWERED = {Invitee.Answer.APOLOGIES: M.APOLOGIES, Invitee.Answer.DEPUTY: M.DEPUTY}


@dataclass
class Row:
    """One line of who came.

    key: the same before and after it is first saved. seat: the seat of the day; None for a guest, for an invitee
    without one, and for a seat that by now did not exist on the day (`existed` is False). stored: its Attendance, once
    there is one. deputies: (id, name) of who may stand in. said: the answer before the meeting. mark, who,
    words: as saved.
    """

    key: str
    seat: Seat | None
    stored: Attendance | None
    user_id: UUID | None
    name: str
    post: str
    of: str
    agency_id: UUID | None
    place: UUID | None = None
    voting: str = Seat.Voting.UNKNOWN
    standing: str = Seat.Standing.MEMBER
    role: str = ""
    existed: bool = True
    deputies: list = field(default_factory=list)
    said: str = ""
    comes: bool = False
    said_mark: str = ""
    said_who: tuple = ("", "")

    @property
    def mark(self) -> str:
        return self.stored.mark if self.stored else ""

    @property
    def who(self) -> str:
        return str(self.stored.stood_in_id or "") if self.stored else ""

    @property
    def words(self) -> str:
        return self.stored.stood_in_words if self.stored else ""

    @property
    def chairs(self) -> bool:
        return bool(self.stored and self.stored.chairs)

    @property
    def read(self) -> list:
        """What a page shows of it, to be sent back with what is typed."""
        return [self.mark, self.who, self.words]

    @property
    def came(self) -> str:
        """Who sat there, for minutes and pickers."""
        if self.mark != M.DEPUTY:
            return self.called
        named = self.words or next((name for pk, name in self.deputies if str(pk) == self.who), "")
        return f"{named or 'A deputy'} for {self.called}"

    @property
    def called(self) -> str:
        return self.name or f"Vacant: {self.post}"

    @property
    def first(self) -> tuple:
        """(mark, who, words) as the page first ticks it: what is saved, else what is known beforehand."""
        if self.mark:
            return self.mark, self.who, self.words
        only = str(self.deputies[0][0]) if len(self.deputies) == 1 else ""
        if self.said_mark == M.DEPUTY:
            who, words = self.said_who
            return self.said_mark, who or ("" if words else only), words
        if self.said_mark:
            return self.said_mark, only, ""
        return (M.NOT_APPLICABLE if self.vacant else ""), only, ""

    @property
    def vacant(self) -> bool:
        return self.seat is not None and self.user_id is None


def key_of(place, user_id, name, of) -> str:
    """A seat by its place, a person by who it is, anybody else by name and organisation."""
    if place:
        return f"p{place.hex}"
    if user_id:
        return f"u{user_id.hex}"
    return "n" + hashlib.sha256(f"{name}|{of}".casefold().encode()).hexdigest()[:24]


def copied(seat) -> dict:
    """What an attendance row copies of its seat. Load user and agency with it."""
    return {
        "seat": seat,
        "place": seat.place,
        "user": seat.user,
        "name": seat.user.name if seat.user_id else "",
        "post": seat.post,
        "agency": seat.agency,
        "organisation": seat.organisation,
        "voting": seat.voting,
        "standing": seat.standing,
    }


def _seats_on_the_day(meeting):
    if meeting.group_id is None:
        return []
    return Seat.objects.on(meeting.day).filter(group=meeting.group_id).select_related("user", "agency")


def rows_of(meeting, saved=None, called=None, seats=None) -> list[Row]:
    """The seats of the meeting's day in order of role and organisation, then whoever came or was called without a seat.

    A seat is looked up afresh until it is ticked; from then on its row says what it was. saved, called, seats: `came`,
    `invitees` and `seats` of boards.meetings.reads where they are known; otherwise three questions.
    """
    stored = {}
    if saved is None:
        saved = Attendance.objects.unscoped(WHY).filter(meeting=meeting).select_related("user", "agency", "stood_in")
    for each in saved:
        stored[key_of(each.place, each.user_id, each.name, _of(each))] = each
    if called is None:
        called = Invitee.objects.unscoped(WHY).filter(meeting=meeting).select_related("user", "deputy")
    called = [each for each in called if each.withdrawn_at is None]
    found = _seats(_seats_on_the_day(meeting) if seats is None else seats, stored, called)
    seen = {row.key for row in found}
    sitting = {row.user_id for row in found} | {pk for row in found for pk, _ in row.deputies}
    for each in called:
        key = key_of(None, each.user_id, each.post, each.organisation)
        if key not in seen and each.seat_id is None and each.user_id not in sitting - {None}:
            row = _without_seat(key, stored.get(key), each)
            found.append(row)
            seen.add(key)
    for key, each in stored.items():
        if key not in seen and (each.place is None or each.mark):
            found.append(_as_stored(key, each))
    return found


def _seats(rows, stored, called) -> list[Row]:
    deputies, seats = defaultdict(list), []
    for seat in rows:
        if seat.deputy_for_id and seat.user_id:
            deputies[seat.deputy_for_id].append((seat.user_id, seat.user.name))
        elif not seat.deputy_for_id:
            seats.append(seat)
    said = {each.seat_id: each for each in called if each.seat_id}
    said_by = {each.user_id: each for each in called if each.user_id}
    found = []
    for seat in sorted(seats, key=lambda each: (_RANK[each.role], each.of, each.post, str(each.pk))):
        key = key_of(seat.place, None, "", "")
        each = stored.get(key)
        row = _as_stored(key, each) if each and each.mark else _as_seat(key, seat, each)
        row.seat, row.existed = seat, True
        row.role = seat.role
        row.deputies = sorted(deputies[seat.pk], key=lambda pair: pair[1])
        if each and each.stood_in_id and each.stood_in_id not in dict(row.deputies):
            row.deputies.append((each.stood_in_id, each.stood_in.name))
        _hear(row, said.get(seat.pk) or (said_by.get(seat.user_id) if seat.user_id else None))
        found.append(row)
    return found


def _as_seat(key, seat, stored) -> Row:
    return Row(
        key, seat, stored, seat.user_id, seat.user.name if seat.user else "", seat.post, seat.of, seat.agency_id,
        seat.place, seat.voting, seat.standing,
    )  # fmt: skip


def _of(each) -> str:
    return each.agency.name if each.agency_id else each.organisation


def _as_stored(key, each) -> Row:
    return Row(
        key, None, each, each.user_id, each.name, each.post, _of(each), each.agency_id, each.place, each.voting,
        each.standing, existed=each.place is None,
    )  # fmt: skip


def _without_seat(key, stored, each) -> Row:
    row = _as_stored(key, stored) if stored else Row(
        key, None, None, each.user_id, each.called, "", each.organisation, None, standing=Seat.Standing.ADVISER
    )  # fmt: skip
    return _hear(row, each)


def _hear(row, invitee) -> Row:
    """Put what was answered before the meeting beside the row."""
    if invitee is not None and invitee.answer:
        row.said, row.comes = invitee.get_answer_display(), invitee.answer == Invitee.Answer.COMING
        row.said_mark = _ANSWERED.get(invitee.answer, "")
        known = str(invitee.deputy_id) if invitee.deputy_id in dict(row.deputies) else ""
        named = invitee.deputy_words or (invitee.deputy.name if invitee.deputy_id and not known else "")
        row.said_who = (known, named)
        if named or known:
            row.said += f" ({named or dict(row.deputies)[invitee.deputy_id]})"
    return row
