"""Demo material: who came to this year’s meetings that were held, what was written, decided and agreed to be done."""

from datetime import date, timedelta

from django.utils import timezone

from boards.attending import minuting, services
from boards.attending.rows import rows_of
from boards.flow import MINUTES
from boards.models import Attendance, Item, Meeting
from partnership.actions import services as actions
from partnership.actions.models import Origin
from partnership.people.models import Agency
from partnership.trail.then import then

M = Attendance.Mark
WHY = "the demo fills what it made"
# What each seat in turn did, shifted by one from meeting to meeting, so that nobody's year looks like another's.
IN_TURN = (M.PRESENT, M.PRESENT, M.DEPUTY, M.PRESENT, M.APOLOGIES, M.PRESENT, M.PRESENT, M.ABSENT, M.PRESENT)
WRITTEN = (
    "The paper was taken as read. Members asked what has changed for children since the last report.\n\n- Two of three "
    "recommendations are in place.\n- The third waits for the new recording system.",
    "The figures were gone through by quarter. Members noted the rise in contacts from schools after the training, and "
    "that fewer of them were closed without an answer to the referrer.",
    "Each organisation said in turn what it has done. Those that have not answered were asked to do so before the next "
    "meeting.",
)
DECIDED = (
    ("A joint audit of first visits after discharge is made in the next quarter.", "Two reviews found the same gap."),
    ("The group asks each organisation for one named contact for the audit.", "Letters to teams went unanswered."),
    ("The training offer goes on as it is for a year.", "Attendance is good and the evaluation positive."),
)
TO_DO = (
    "Send the audit tool to the named contacts of each organisation",
    "Bring the figures by area to the next meeting",
    "Ask the schools’ leads which hours of training suit them",
)


def fill_attending(people) -> None:
    """Every held meeting since 1 April to which nobody is ticked yet. people: the demo's users by key."""
    today = timezone.localdate()
    april = date(today.year - (today.month < 4), 4, 1)
    rows = Meeting.objects.unscoped(WHY).filter(status=Meeting.Status.HELD, starts_at__date__gte=april)
    rows = rows.exclude(pk__in=Attendance.objects.unscoped(WHY).values("meeting_id")).select_related("group__folder")
    for number, row in enumerate(rows.order_by("starts_at", "pk")):
        with then(row.starts_at + timedelta(minutes=45)):
            _fill(row, number, by=people["officer"])


def _fill(meeting, number, *, by):
    lines = rows_of(meeting)
    marks = {
        row.key: _marked(row, M.PRESENT if row.role == "chair" else IN_TURN[(place + number) % len(IN_TURN)])
        for place, row in enumerate(lines)
        if row.place
    }  # who chairs checks the minutes too
    there = [key for key, (mark, _, _) in marks.items() if mark == M.PRESENT]
    led = next((row.key for row in lines if row.role == "chair" and row.key in there), there[0] if there else "")
    if marks:
        services.mark(meeting, by=by, marks=marks, read={}, chair=led, chair_read="")
    if number % 3 == 0:
        services.add_guest(meeting, by=by, name="Rowan Ellis", post="Commissioner", organisation="Public Health")
    if meeting.minutes_status == Meeting.Minutes.NONE:
        meeting = MINUTES.take(meeting, "begin", by=by)
    if meeting.minutes_status == Meeting.Minutes.DRAFT:
        _write(meeting, number, by=by)


def _marked(row, mark):
    if row.vacant:
        return M.NOT_APPLICABLE, "", ""
    if mark != M.DEPUTY:
        return mark, "", ""
    return mark, *((str(row.deputies[0][0]), "") if row.deputies else ("", "Robin Shaw"))


def _write(meeting, number, *, by):
    items = Item.objects.unscoped(WHY).filter(meeting=meeting, removed_at=None, folder=meeting.folder_id)
    items = list(items.select_related("folder").order_by("position", "id"))
    for place, item in enumerate(items):
        minuting.write(item, by=by, version=0, text=WRITTEN[(place + number) % len(WRITTEN)])
    if not items:
        return
    text, reason = DECIDED[number % len(DECIDED)]
    item = next((each for each in items if each.purpose == "decide"), items[0])
    minuting.decide(item, by=by, text=text, reason=reason, how="consensus", priority=item.priority)
    holder = next((row.seat.user for row in rows_of(meeting) if row.mark == M.PRESENT and row.user_id), None)
    if holder is not None:
        agency = Agency.objects.filter(memberships__user=holder).first()
        actions.add(
            meeting.folder, by=by, source=items[-1], origin=Origin.MEETING, what=TO_DO[number % len(TO_DO)],
            owner=holder, agency=agency, due_on=timezone.localdate() + timedelta(days=42), priority=item.priority,
        )  # fmt: skip
