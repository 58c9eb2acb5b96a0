"""Matters arising: what a group left open, for its next meeting. Nothing is written: it is read from the registers."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F, Value
from django.utils import timezone

from boards.agenda import services as agenda
from boards.minutes import sending
from boards.models import Item, Meeting, SentUp
from partnership.access.flow import lock
from partnership.actions import rag
from partnership.actions.models import Action
from partnership.actions.rag_rows import overdue_on, past_its_day
from partnership.actions.register.rows import dressed, kept, shown
from partnership.people.roles import Perm

TITLE = "Matters arising"
SHOWN = 50  # of one part; the register has the rest
DUE_FIRST = (F("due_on").asc(nulls_last=True), "reference")


@dataclass
class Part:
    """lines: as the register of actions draws them. total: how many there are, of which the first are shown."""

    title: str
    lines: list
    total: int


@dataclass
class Matters:
    """since: the meeting before, if there was one. waiting: what this group sent, unanswered; asked: what it was asked
    and has not answered."""

    since: Meeting | None
    parts: list = field(default_factory=list)
    waiting: list = field(default_factory=list)
    asked: list = field(default_factory=list)

    @property
    def nothing(self) -> bool:
        return not (any(part.total for part in self.parts) or self.waiting or self.asked)


def matters(user, meeting) -> Matters:
    """What `user` sees of it: open actions that are overdue or due by the meeting, those done since the last."""
    day = rag.day()
    before = Meeting.objects.visible_to(user).filter(
        folder_id=meeting.folder_id, status=Meeting.Status.HELD, starts_at__lt=meeting.starts_at
    )
    since = before.order_by("-starts_at").first()
    rows = kept(user).filter(folder_id=meeting.folder_id)
    live = rows.filter(status__in=Action.LIVE)
    late = live.filter(overdue_on(day))
    parts = [_part(user, "Overdue", late, day)]
    due = live.exclude(pk__in=late.order_by().values("pk")).filter(due_on__lte=meeting.day)
    parts.append(_part(user, "Due by this meeting", due, day))
    if since:
        done = rows.filter(status=Action.Status.DONE, closed_at__gte=since.starts_at)
        parts.append(_part(user, "Done since the last meeting", done, day))
    sent = [row for _, rows in sending.sent_by(user, meeting.folder) for row in rows]
    waiting = [row for row in sent if row.status == SentUp.Status.WAITING]
    asked = [row for row in sending.received(user, meeting.folder) if row.status == SentUp.Status.WAITING]
    return Matters(since, parts, waiting, asked)


def _part(user, title, rows, day) -> Part:
    lines = dressed(user, list(shown(rows, user).order_by(*DUE_FIRST)[:SHOWN]), day)
    return Part(title, lines, rows.count())


def section(page):
    """(template, context) of the section of a meeting's page, which counts them; None for a meeting that is over."""
    if page.meeting.status not in Meeting.GOES_ON or Perm.MEETING_VIEW not in page.held:
        return None
    return "boards/_matters_counted.html", {"counts": page.once(counts)}


def counts(user, meeting) -> list[tuple[int, str]]:
    """(how many, of what) of the matters that `user` sees, those there are none of left out; one query."""
    late = past_its_day(timezone.localdate())
    rows = kept(user).filter(folder_id=meeting.folder_id, status__in=Action.LIVE).order_by()
    counted = (
        (rows.filter(late), "action overdue", "actions overdue"),
        (rows.filter(~late, due_on__lte=meeting.day), "action due by this meeting", "actions due by this meeting"),
        (
            sending.asked_of(user, meeting.folder),
            "thing asked of this group and not answered", "things asked of this group and not answered",
        ),
        (
            sending.awaited_by(user, meeting.folder),
            "decision sent up and not answered", "decisions sent up and not answered",
        ),
    )  # fmt: skip
    first, *others = (_how_many(rows, place) for place, (rows, *_) in enumerate(counted))
    found = dict(first.union(*others, all=True))
    named = [(found.get(place, 0), *words) for place, (_, *words) in enumerate(counted)]
    return [(number, one if number == 1 else many) for number, one, many in named if number]


def _how_many(rows, place):
    return (
        rows.order_by().annotate(place=Value(place)).values("place").annotate(n=Count("pk")).values_list("place", "n")
    )


@transaction.atomic
def put_first(meeting, *, by) -> Item:
    """Matters arising become the first item of the agenda. Raises ValidationError where they stand on it already."""
    meeting = lock(meeting)
    rows = Item.objects.unscoped("whether it stands there already").filter(meeting=meeting, removed_at=None)
    if rows.filter(folder_id=meeting.folder_id, title__iexact=TITLE).exists():
        raise ValidationError("Matters arising stand on this agenda already.")
    if meeting.status not in Meeting.GOES_ON:
        raise ValidationError("This meeting is over: its agenda is changed no more.")
    item = agenda.add_item(meeting, by=by, title=TITLE)
    last = Item.objects.visible_to(by).filter(meeting=meeting, removed_at=None, restricted=False).count()
    return agenda.move_item(item, by=by, to=1, was=last)
