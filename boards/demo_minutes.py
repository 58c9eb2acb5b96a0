"""Demo material: what became of the minutes of meetings that were held, what is published, what was sent up.

The minutes of each group are agreed by its next meeting, those of the Executive's last one are circulated and wait for
a correction, one edition is published, one decision was answered and one waits beyond its day.
"""

from collections import defaultdict
from datetime import timedelta
from itertools import pairwise

from django.utils import timezone

from boards.agenda import services as agenda
from boards.attending import minuting
from boards.demo import BEGAN
from boards.flow import MINUTES
from boards.minutes import editions, publishing, sending, services
from boards.models import Attendance, Decision, Edition, Group, Item, Meeting, Minute
from partnership.trail.then import then

M = Attendance.Mark
WHY = "the demo fills what it made"
CHAIRS = {
    "exec": "dsp_council",
    "quality": "panel_council",
    "education": "author_school",
    "learning": "lead_mpft",
    "review": "deputy_police",
    "exploitation": "author_police",
}
PUBLISHED = "quality"
ASKED = "‘Two of three recommendations’ should be ‘three of four’: the fourth was closed in the week before."
WORDS = "Members took the paper as read and asked for the figures by area at the next meeting."
UP = (
    ("quality", "May the audit of first visits take two days of each organisation’s audit lead in the next quarter?"),
    ("learning", "May the training for schools be paid for from the pooled budget for another year?"),
)
ANSWERED = "Yes. The partners release two days each, and the Executive reads the findings when they are there."


def fill_minutes(people) -> None:
    """Once: where an edition of minutes is there, it is filled. people: the demo's users by key."""
    if Edition.objects.unscoped(WHY).exists():
        return
    held = defaultdict(list)
    rows = Meeting.objects.unscoped(WHY).filter(status=Meeting.Status.HELD, group__ref__in=CHAIRS)
    for row in rows.select_related("folder", "group__folder").order_by("starts_at"):
        held[row.group.ref].append(row)
    for ref, meetings in held.items():
        for row, later in pairwise(meetings):
            _agree(row, later, people["officer"], people[CHAIRS[ref]])
        last = meetings[-1]
        if ref != "exec" and last.starts_at < timezone.now() - timedelta(days=21):
            with _then(last.starts_at + timedelta(days=6)):
                _circulate(last, people["officer"])
    if held["exec"]:
        _ask_for_correction(held["exec"][-1], people)
    if len(held[PUBLISHED]) > 1:
        _publish(held[PUBLISHED][-2], people["officer"])
    _send_up(held, people)


def _then(moment):
    """Not before the chairs had their seats."""
    return then(max(moment, timezone.now() - BEGAN + timedelta(hours=2)))


def _fresh(row):
    return Meeting.objects.unscoped(WHY).select_related("folder", "group__folder").get(pk=row.pk)


def _circulate(row, officer):
    row = _fresh(row)
    if row.minutes_status == Meeting.Minutes.NONE:
        row = MINUTES.take(row, "begin", by=officer)
    if not Minute.objects.unscoped(WHY).filter(item__meeting=row).exclude(text="").exists():
        _write(row, officer)
    services.circulate(_fresh(row), by=officer)
    return _fresh(row)


def _write(row, officer):
    """A meeting of which nobody wrote: one line under its first item."""
    item = Item.objects.unscoped(WHY).filter(meeting=row, folder=row.folder_id, removed_at=None).first()
    if item is None:
        item = agenda.add_item(row, by=officer, title="Progress since the last meeting")
    minuting.write(item, by=officer, version=0, text=WORDS)


def _agree(row, later, officer, chair):
    with _then(row.starts_at + timedelta(days=6)):
        row = _circulate(row, officer)
    with _then(row.starts_at + timedelta(days=15)):
        services.check(row, by=chair, edition=editions.newest(row).pk)
    with _then(later.starts_at + timedelta(minutes=30)):
        services.agree(_fresh(row), by=officer, agreed_in=later)


def _ask_for_correction(row, people):
    began = timezone.localtime(max(row.starts_at, timezone.now() - timedelta(days=5))).replace(hour=14, minute=10)
    with then(began + timedelta(days=1)):
        row = _circulate(row, people["officer"])
    with then(began + timedelta(days=2)):
        edition = editions.newest(row)
        services.ask_correction(row, by=people["dsp_council"], words=ASKED, edition=edition)


def _publish(row, officer):
    edition = publishing.to_publish(_fresh(row))
    with then(_fresh(row).minutes_agreed_at + timedelta(days=2)):
        content = publishing.make(edition, by=officer, progress=lambda *said: None)
        publishing.keep(edition, content, by=officer)


def _send_up(held, people):
    """One that the Executive answered, and one whose day is over."""
    above = Group.objects.select_related("folder").filter(ref="exec").first()
    for number, (ref, words) in enumerate(UP):
        if above is None or not held[ref]:
            continue
        row, by = held[ref][-1], people[CHAIRS[ref]]
        sent_at = timezone.now() - timedelta(days=45)
        decision = _decision(row, people["officer"], sent_at)
        with then(sent_at):
            due_on = timezone.localdate(sent_at) + timedelta(days=28)
            row = sending.send(decision, by=by, words=words, due_on=due_on, to_group=above)
        if number == 0:
            with then(sent_at + timedelta(days=20)):
                sending.answer(row, by=people["dsp_council"], words=ANSWERED)


def _decision(meeting, officer, by_then):
    rows = Decision.objects.unscoped(WHY).select_related("folder", "meeting__group__folder")
    rows = rows.filter(meeting__group=meeting.group_id, folder=meeting.folder_id, taken_back_at=None)
    if found := rows.filter(made_on__lte=timezone.localdate(by_then)).order_by("-made_on", "number").first():
        return found
    item = Item.objects.unscoped(WHY).filter(meeting=meeting, folder=meeting.folder_id).order_by("position").first()
    if item is None:
        item = agenda.add_item(meeting, by=officer, title="Work of the next quarter")
    made = Decision.objects.create(
        folder_id=item.folder_id, meeting=meeting, item=item, number=1, made_on=meeting.day, made_by=officer,
        text="The group asks the Executive for what its work in the next quarter needs.",
    )  # fmt: skip
    return rows.get(pk=made.pk)
