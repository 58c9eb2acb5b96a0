"""Which returns of a round are in and which are owed, and what was sent to whom: by the row rule of who looks."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from audits.chasing import ladder, letters, prints, reach, services, states, turns
from audits.chasing.rates import Standing, Tally, tallies
from audits.leads import leads
from audits.models import AuditReturn, Reminder, Round, Rung, Signature, Submission
from audits.signing import waiting
from partnership.people.roles import Perm
from partnership.ui.dates import plain
from partnership.ui.forms import spoken

# name in the address -> (what the page calls it, what a row without it is called, the row's own)
GROUPS = {
    "district": ("District", "No district known", lambda row: row.district),
    "phase": ("Phase", "No phase", lambda row: row.phase),
    "trust": ("Trust", "No academy trust", lambda row: row.trust.name if row.trust_id else ""),
    "area": ("Area", "No area, or more than one", lambda row: row.area.name if row.area_id else ""),
    "window": ("Window", "", lambda row: row.window.name),
}
NONE = "-"  # in an address: those who have none


@dataclass(frozen=True)
class Owing:
    """One organisation that owes its return. rung, sent_at: the last that reached it. following: what is sent next,
    None where everything was sent; on: the day on which it leaves by itself, None where it does not. late: in days.
    why_not: why it gets none by hand now. came_back: the newest reminder came back; unreached: it reached nobody.
    turn: the Signature that it waits for."""

    row: AuditReturn
    late: int
    rung: Rung | None
    sent_at: datetime | None
    following: Rung | None
    on: date | None
    why_not: str
    unreached: bool
    came_back: bool
    turn: Signature | None

    @property
    def waits(self) -> bool:
        return self.row.waits

    @property
    def notes(self) -> list[str]:
        """What is to be known of it, in words."""
        step = spoken(self.turn.get_step_display()) if self.turn else ""
        said = (
            (self.turn, f"waits for a signature: {step}"),
            (self.unreached, "nobody to write to"),
            (self.came_back, "the last reminder came back"),
            (self.waits, "asked for more time"),
            (self.row.late_joiner, "asked later than the others"),
            (self.row.given_back_at is not None, "given back to be changed"),
        )
        return [words for holds, words in said if holds]


def returns_of(user, round: Round) -> list[AuditReturn]:
    """Every return of a round that this person runs, with first submission, in the order of names. One question."""
    first = Submission.objects.unscoped(states.WHY).filter(audit_return=OuterRef("pk")).order_by("number")
    rows = states.with_marks(AuditReturn.objects.allowing(user, Perm.AUDIT_RUN).filter(round=round)).annotate(
        first_in=Subquery(first.values("submitted_at")[:1]), first_late=Subquery(first.values("late")[:1])
    )
    found = list(rows.select_related("agency", "window", "trust", "area").order_by("agency__name", "pk"))
    for row in found:
        row.round = round
    return found


def standing_of(row, now) -> Standing:
    """Of a return of `returns_of`. One that was submitted without a record of it counts by its own moment."""
    final = row.window.final_at and max(row.window.final_at, row.closes_at)
    if row.status == AuditReturn.Status.EXCUSED:
        return Standing(excused=True)
    facts = {"final_at": final, "over": row.closes_at < now, "final_over": bool(final and final < now)}
    if row.status != AuditReturn.Status.SUBMITTED:
        return Standing(**facts)
    in_at = row.first_in or row.submitted_at
    late = in_at > row.closes_at if row.first_late is None else row.first_late
    return Standing(in_at=in_at, late=late, **facts)


def total(rows) -> Tally:
    return tallies(_standings(rows), lambda row: None).get(None, Tally())


def _standings(rows):
    now = timezone.now()
    return ((row, standing_of(row, now)) for row in rows)


def by_group(rows, name) -> list[tuple]:
    """[(what it is called, Tally)] in the order of names, those without one last."""
    _, without, of = GROUPS[name]
    found = tallies(_standings(rows), of)
    return [(key or without, found[key]) for key in sorted(found, key=lambda key: (not key, key.casefold()))]


def choices(rows, name) -> list[tuple]:
    """The values of a group that a round has, as a filter offers them."""
    _, without, of = GROUPS[name]
    found = sorted({of(row) for row in rows}, key=lambda key: (not key, key.casefold()))
    return [(key or NONE, key or without) for key in found]


def narrowed(rows, asked: dict) -> list:
    """Those of `rows` that a filter asks for. asked: group -> value, as `choices` gives it."""
    wanted = {name: "" if asked[name] == NONE else asked[name] for name in GROUPS if asked.get(name)}
    return [row for row in rows if all(GROUPS[name][2](row) == value for name, value in wanted.items())]


def windows_of(round) -> list:
    return list(round.windows.order_by("position", "pk"))


def owing(rows, rungs, *, today=None) -> list[Owing]:
    """Who of these owes a return, and where each stands on the ladder; the latest first. At most two
    questions."""
    today = today or timezone.localdate()
    rows = [row for row in rows if row.status in AuditReturn.OWES]
    reminders, turn_of = states.reminders_of([row.pk for row in rows]), waiting.turns_of(rows)
    found = [_owing(row, rungs, reminders[row.pk], turn_of.get(row.pk), today) for row in rows]
    return sorted(found, key=lambda one: (one.row.closes_at, one.row.agency.name.casefold()))


def _owing(row, rungs, reminders, turn, today) -> Owing:
    had = states.had(row, reminders)
    last = next((each for each in reversed(reminders) if not each.nobody and each.bounced_at is None), None)
    newest = reminders[-1] if reminders else None
    rung = turns.following(rungs, row.closes_at, had, today)
    on = turns.day_of(rung, row.closes_at) if rung else None
    return Owing(
        row=row,
        late=turns.days_late(row.closes_at, today),
        rung=last.rung if last else None,
        sent_at=last.at if last else None,
        following=rung,
        on=on if on and on > max(today, had.begins) else None,
        why_not=services.why_not(row, had, rung, today),
        unreached=bool(newest and newest.nobody),
        came_back=bool(newest and newest.bounced_at),
        turn=turn,
    )


STATES = {
    "late": ("After their deadline", lambda one: one.late > 0),
    "unreached": ("With nobody to write to", lambda one: one.unreached),
    "came_back": ("Whose last reminder came back", lambda one: one.came_back),
    "waits": ("Who asked for more time", lambda one: one.waits),
    "joined": ("Late joiners", lambda one: one.row.late_joiner),
}
NO_RUNG = "0"


def in_state(found, state, rung) -> list[Owing]:
    """Of these those in a state of STATES, and whose last reminder is this rung (its place; '0' for none)."""
    if state:
        found = [one for one in found if STATES[state][1](one)]
    if rung:
        found = [one for one in found if str(one.rung.position if one.rung else 0) == rung]
    return found


@dataclass(frozen=True)
class Batch:
    """One rung and who gets it. more: with nobody to write to. early: how many get it before its day. to_sign: how many
    wait for a signature of somebody who gets the link once more. first: one of them, the first who does not wait for a
    signature where there is one; subject, words: as they get it."""

    rung: Rung
    rows: list
    more: int
    early: int
    to_sign: int
    first: AuditReturn
    subject: str
    words: str


@dataclass(frozen=True)
class Plan:
    """What one click would send, said beforehand. nobody: organisations with nobody to write to. left_out: (why,
    organisations) of those who get none."""

    batches: list
    nobody: list
    left_out: list

    @property
    def count(self) -> int:
        return sum(len(batch.rows) for batch in self.batches)

    @property
    def changes_something(self) -> bool:
        """Whether a click would write anything: that nobody was reached is recorded once."""
        return bool(self.batches) or any(not one.unreached for one in self.nobody)

    @property
    def shown(self) -> dict:
        """return id -> the place of its rung, of all who are to be written to, those without anybody too."""
        return {
            one.row.pk: one.following.position
            for rows in (*(batch.rows for batch in self.batches), self.nobody)
            for one in rows
        }


def plan(found, *, today=None) -> Plan:
    """found: of `owing`. At most ten questions, however many."""
    today = today or timezone.localdate()
    ready = [one for one in found if not one.why_not]
    by_rung: dict = {}
    for one in ready:
        by_rung.setdefault(one.following.pk, []).append(one)
    batches, nobody = [], []
    for rows in sorted(by_rung.values(), key=lambda rows: rows[0].following.position):
        rung = rows[0].following
        whom = reach.reach_of([one.row for one in rows], rung.to)
        on_paper = rung.to == Rung.To.LETTER
        reached = [one for one in rows if on_paper or not whom[one.row.pk].nobody]
        unreached = [one for one in rows if not on_paper and whom[one.row.pk].nobody]
        nobody += unreached
        if reached:
            first = next((one.row for one in reached if not whom[one.row.pk].turn), reached[0].row)
            batches.append(
                Batch(
                    rung, reached, len(unreached),
                    early=sum(1 for one in reached if one.on),
                    to_sign=sum(1 for one in reached if whom[one.row.pk].by_link),
                    first=first,
                    subject=letters.subject_of(rung, first, today),
                    words=letters.words_of(rung, first, whom[first.pk], today),
                )
            )  # fmt: skip
    left_out: dict = {}
    for one in found:
        if one.why_not:
            left_out.setdefault(one.why_not, []).append(one)
    return Plan(batches, nobody, sorted(left_out.items()))


@dataclass(frozen=True)
class Sent:
    """One reminder as the page of its return tells it. by: who sent it. lost: what became of its emails, in words.
    file: the Version of its letter, where this reader may have it."""

    row: Reminder
    by: str
    lost: str
    file: object = None


def sent_to(user, row: AuditReturn) -> list[Sent]:
    """What was sent about a return, newest first: to who may read the return."""
    rows = Reminder.objects.visible_to(user).filter(audit_return=row).select_related("rung", "by")
    rows = list(rows.order_by("-at", "-id"))
    lost = letters.lost_of([each.pk for each in rows if not each.nobody])
    made = [each.letter_id for each in rows if each.letter_id]
    letter = prints.files(user, made) if made else {}
    who = "The portal, by its day"
    return [
        Sent(each, each.by.name if each.by else who, _lost(each, lost), letter.get(each.letter_id)) for each in rows
    ]


def _lost(row, lost) -> str:
    many, kept, of = lost.get(row.pk, (0, 0, 0))
    if row.rung.to == Rung.To.LETTER and row.letter_id is None:
        return "The letter is not made yet."
    if row.nobody:
        return "There was nobody to write to."
    if row.bounced_at:
        return f"It came back on {plain(timezone.localtime(row.bounced_at))} and reached nobody."
    if of and kept == of:
        return "It did not leave: the return came in before."
    return f"{many} of its {of} emails came back." if many else ""


def who_answers(agency_ids) -> dict:
    """agency id -> 'Designated safeguarding lead: A. Name'; '' where nobody is named. Two questions."""
    return {pk: _who(rows) for pk, rows in leads(agency_ids).items()}


def _who(rows) -> str:
    for named in rows:
        user = named.user or named.known
        if user is not None:
            return f"{named.post}: {user.name}" if named.post else user.name
    return ""


def rungs_of(round) -> list[tuple]:
    """[(Rung, when it leaves in words, whether it was sent)] of a round's ladder."""
    rungs = list(Rung.objects.filter(round=round).order_by("position"))
    gone = ladder.sent(rungs)
    return [(each, ladder.in_words(each.days), each.pk in gone) for each in rungs]
