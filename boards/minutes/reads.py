"""What the pages of minutes show, and what Home is told; always by the row rule."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone

from boards.flow import MINUTES, SENT_UP
from boards.minutes import editions, notices, publishing, rules, sending, services
from boards.models import Correction, Decision, Meeting, MinutesPrint, Part, Publication, SentUp
from partnership.access.models import Folder
from partnership.access.rows import powers
from partnership.access.work import Work
from partnership.actions.telling import deciders_of
from partnership.actions.work import MOST
from partnership.deadlines.working_days import CalendarEnds
from partnership.documents.reads import files
from partnership.people.roles import Perm

N = Meeting.Minutes
LOADED = ("folder", "group__folder", "agreed_in", "checked_by")


@dataclass
class MinutesPage:
    """steps: codes of the flow that this reader may take. draft: the lines as they would be circulated, for whoever
    writes and checks them. until: the last day for corrections."""

    held: frozenset
    steps: set
    reading: editions.Reading | None
    draft: list
    corrections: list
    to_answer: set
    may_ask: bool
    until: date | None
    to_publish: object
    publications: list

    @property
    def waiting(self) -> int:
        return sum(row.outcome == Correction.Outcome.WAITING for row in self.corrections)


def files_of(user, meeting) -> list:
    """The file that the minutes are, of a meeting whose minutes were taken in; also after a correction of who came."""
    if meeting.minutes_status not in Meeting.CLOSED_MINUTES:
        return []
    parts = Part.objects.visible_to(user).filter(edition__meeting=meeting, item=None, content__has_key="document")
    ids = [part.content["document"] for part in parts]
    return files(user, documents=ids) if ids else []


def minutes_page(user, meeting) -> MinutesPage:
    """`meeting` comes with LOADED."""
    held = powers(user, [meeting])[meeting.pk]
    steps = {code for code, _ in MINUTES.open_with(held, meeting)}
    found = editions.reading(user, meeting)
    was_held = meeting.status == Meeting.Status.HELD
    writes = was_held and Perm.MINUTES_WORK in held and meeting.minutes_status in services.OPEN
    asked = Correction.objects.visible_to(user).filter(meeting=meeting).select_related("by", "item")
    asked = list(asked.order_by("outcome", "at"))
    waits = [row for row in asked if row.outcome == Correction.Outcome.WAITING]
    to_answer = {pk for pk, perms in powers(user, waits).items() if Perm.MEETING_RUN in perms} if waits else set()
    runs = Perm.MEETING_RUN in held and not publishing.why_not(meeting)
    closed = meeting.minutes_status in Meeting.CLOSED_MINUTES
    return MinutesPage(
        held=held,
        steps=steps if was_held else set(),
        reading=found,
        draft=draft(user, meeting) if writes else [],
        corrections=asked,
        to_answer=to_answer,
        may_ask=services.may_ask(user, meeting, held, found.edition if found else None),
        until=notices.until_of(found.edition) if found and services.asks(meeting, found.edition) else None,
        to_publish=publishing.to_publish(meeting) if runs else None,
        publications=list(Publication.objects.filter(edition__meeting=meeting)) if closed else [],
    )


def draft(user, meeting) -> list:
    """The minutes as this reader would circulate them, of what they see; the meeting's own line first."""
    parts = [
        Part(folder_id=each.folder_id, item_id=each.item, position=each.position, content=each.content)
        for each in editions.content(meeting, user=user)
    ]
    return editions.lines_of(parts, meeting)


def print_of(user, edition):
    """This person's PDF of an edition, if one was made; editions of others let theirs go."""
    rows = MinutesPrint.objects.visible_to(user).filter(edition=edition, made_by=user).exclude(version=None)
    return rows.first()


@dataclass
class SentUpPage:
    """decision: the sender's, for whoever sees it. agendas: whether there is a meeting whose agenda could take it."""

    held: frozenset
    steps: set
    decision: object
    may_list: bool


def sent_up_page(user, row) -> SentUpPage:
    """`row` comes with sending.LOADED."""
    held = powers(user, [row])[row.pk]
    steps = {code for code, _ in SENT_UP.open_with(held, row)}
    steps -= {"answer"} if row.outside else {"heard"}
    if "take_back" in steps and not sending.may_take_back(user, row):
        steps -= {"take_back"}
    decision = Decision.objects.visible_to(user).filter(pk=row.decision_id).first() if row.decision_id else None
    waits = row.status == SentUp.Status.WAITING and not row.outside
    listed = row.item_id is not None and row.item.removed_at is None
    may_list = waits and Perm.MEETING_RUN in held and not listed and sending.agendas(user, row).exists()
    return SentUpPage(held, steps, decision, may_list)


# --- Home -------------------------------------------------------------------------------------------------------------


def work(user):
    """Minutes to circulate, to correct, to check; what was sent up and waits for this person's answer or is late."""
    yield from _minutes(user)
    yield from _sent_up(user)


def _minutes(user):
    runs = Meeting.objects.allowing(user, Perm.MEETING_RUN).filter(status=Meeting.Status.HELD)
    drafts = runs.filter(minutes_status=N.DRAFT).select_related("folder", "group__folder").order_by("starts_at")
    for row in drafts[:MOST]:
        yield _line(row, f"Circulate the minutes of {_called(row)}", _due(rules.CIRCULATED, row.day), Perm.MEETING_RUN)
    rows = Correction.objects.allowing(user, Perm.MEETING_RUN).filter(outcome=Correction.Outcome.WAITING)
    asked = runs.filter(minutes_status__in=(N.CIRCULATED, N.CHECKED), pk__in=rows.order_by().values("meeting_id"))
    asked = asked.select_related("folder", "group__folder")
    for row in asked.order_by("starts_at")[:MOST]:
        yield _line(row, f"Look at corrections of the minutes of {_called(row)}", None, Perm.MEETING_RUN)
    rows = Meeting.objects.allowing(user, Perm.MEETING_CHAIR).filter(minutes_status=N.CIRCULATED)
    rows = rows.select_related("folder", "group__folder").order_by("starts_at")
    for row in _nearest(user, list(rows), Perm.MEETING_CHAIR)[:MOST]:
        yield _line(row, f"Check the minutes of {_called(row)}", None, Perm.MEETING_CHAIR)


def _sent_up(user):
    waits = SentUp.objects.allowing(user, Perm.MEETING_CHAIR).filter(status=SentUp.Status.WAITING)
    rows = list(waits.exclude(to_group=None).select_related("folder", "from_group__folder", "body"))
    for row in _nearest(user, rows, Perm.MEETING_CHAIR)[:MOST]:
        what = f"Answer what {row.sender} asks"
        yield Work(what, _at(row), "", row.due_on, folder_id=row.folder_id, perm=Perm.MEETING_CHAIR)
    today = timezone.localdate()
    mine = Decision.objects.allowing(user, Perm.MEETING_RUN).filter(
        sent_up__status=SentUp.Status.WAITING, sent_up__due_on__lt=today
    )
    late = list(mine.order_by().distinct()[: MOST + 1])
    for decision, sent in sending.of_decisions(late).items():
        for row in sent:
            if row.late:
                address = reverse("boards:decision_view", args=[decision])
                yield Work(
                    f"No answer yet from {row.receiver} to what was sent up", address, "", row.due_on, owed=False
                )


def _at(row):
    return reverse("boards:sent_up", args=[row.pk])


def _called(row):
    """A case stands beside the line by its code word."""
    return "a meeting" if row.folder.sealed else notices.called(row)


def _line(row, what, due_on, perm):
    case = row.folder.reference if row.folder.sealed else ""
    return Work(what, reverse("boards:minutes", args=[row.pk]), case, due_on, folder_id=row.folder_id, perm=perm)


def _due(code, day):
    try:
        return rules.last_day(code, day)
    except CalendarEnds:
        return None


def _nearest(user, rows, perm) -> list:
    """Those rows about which this person is among the nearest to decide: the chair before the business manager."""
    folders = Folder.objects.unscoped("who decides there").in_bulk({row.folder_id for row in rows})
    people = deciders_of([(folders[row.folder_id], set()) for row in rows], perm) if rows else []
    return [row for row, near in zip(rows, people, strict=True) if user.pk in near]
