"""What people are told of minutes and of what is sent up. No notice carries a word of them, and a case is its code."""

from django.urls import reverse
from django.utils import timezone

from boards.minutes import rules
from boards.models import Decision, Edition, Meeting, SentUp
from partnership.access.rows import holders
from partnership.actions.telling import deciders_of
from partnership.deadlines.working_days import CalendarEnds
from partnership.notify.kinds import NoticeKind, register
from partnership.notify.telling import Told, tell
from partnership.people.roles import Perm
from partnership.ui.dates import plain

CIRCULATED, RECEIVED, ANSWERED = "minutes_circulated", "sent_up_received", "sent_up_answered"


def tell_circulated(edition, meeting, people, *, by) -> None:
    """Those who were there and may open it, and who checks it."""
    asked = holders(meeting.folder, Perm.MEETING_VIEW).filter(pk__in=people).values_list("pk", flat=True)
    (chairs,) = deciders_of([(meeting.folder, set())], Perm.MEETING_CHAIR)
    rows = ({*asked} | chairs) - {by and by.pk}
    tell(CIRCULATED, [Told(f"{CIRCULATED}:{edition.pk}", each, meeting.pk, meeting.folder_id) for each in rows])


def _of_folder(folder) -> set:
    """Who chairs, and who runs the meetings of a folder."""
    (chairs,) = deciders_of([(folder, set())], Perm.MEETING_CHAIR)
    return chairs | set(holders(folder, Perm.MEETING_RUN).values_list("pk", flat=True))


def tell_received(row, *, by) -> None:
    people = _of_folder(row.folder) - {by and by.pk}
    tell(RECEIVED, [Told(f"{RECEIVED}:{row.pk}", each, row.pk, row.folder_id) for each in people])


def tell_answered(row, decision, *, by) -> None:
    people = _of_folder(decision.folder) - {by and by.pk}
    tell(ANSWERED, [Told(f"{ANSWERED}:{row.pk}", each, decision.pk, decision.folder_id) for each in people])


# --- sentences --------------------------------------------------------------------------------------------------------


def called(meeting) -> str:
    """A group by its name and the day of its meeting; a case by its code word."""
    if meeting.folder.sealed or meeting.group_id is None:
        return f"a meeting of {meeting.folder.reference}"
    return f"{meeting.group.name}, {meeting.day_words}"


def until_of(edition) -> object:
    """The last day on which corrections of an edition are asked for; None where the calendar ends before."""
    try:
        return rules.last_day(rules.CORRECTIONS, timezone.localdate(edition.made_at))
    except CalendarEnds:
        return None


def _circulated(notices, user):
    rows = Meeting.objects.visible_to(user).select_related("folder", "group__folder")
    rows = rows.in_bulk([each.subject_id for each in notices])
    editions = Edition.objects.visible_to(user).filter(meeting__in=rows, kind=Edition.Kind.CIRCULATED)
    newest = {edition.meeting_id: edition for edition in editions.order_by("number")}
    found = {}
    for each in notices:
        row = rows.get(each.subject_id)
        if row is None:
            continue
        found[each.pk] = f"The minutes of {called(row)} are circulated."
        if row.minutes_status == Meeting.Minutes.CIRCULATED and row.pk in newest:
            until = until_of(newest[row.pk])
            found[each.pk] += f" Ask for corrections by {plain(until)}." if until else " Ask for corrections."
    return found


def _received(notices, user):
    rows = SentUp.objects.visible_to(user).select_related("from_group__folder", "body", "to_group__folder", "folder")
    rows = rows.in_bulk([each.subject_id for each in notices])
    return {
        each.pk: f"{row.sender} sent something to {row.receiver}. An answer is asked for by {plain(row.due_on)}."
        for each in notices
        if (row := rows.get(each.subject_id))
    }


def _answered(notices, user):
    rows = Decision.objects.visible_to(user).select_related("folder", "meeting__group__folder", "meeting__folder")
    rows = rows.in_bulk([each.subject_id for each in notices])
    return {
        each.pk: f"A decision of {called(row.meeting)}, which was sent up, is answered."
        for each in notices
        if (row := rows.get(each.subject_id))
    }


def _wanted_corrections(notices):
    rows = Meeting.objects.unscoped("the relay asks whether corrections are still asked for")
    rows = rows.filter(minutes_status=Meeting.Minutes.CIRCULATED, pk__in=[each.subject_id for each in notices])
    here = set(rows.values_list("pk", flat=True))
    return {each.pk for each in notices if each.subject_id in here}


def _waiting(notices):
    rows = SentUp.objects.unscoped("the relay asks whether it still waits").filter(status=SentUp.Status.WAITING)
    here = set(rows.filter(pk__in=[each.subject_id for each in notices]).values_list("pk", flat=True))
    return {each.pk for each in notices if each.subject_id in here}


def register_notices():
    for code, title, model, perm, describe, address, still in (
        (CIRCULATED, "Minutes are circulated", Meeting, Perm.MEETING_VIEW, _circulated, "boards:minutes",
         _wanted_corrections),
        (RECEIVED, "Something was sent up to a group", SentUp, Perm.MEETING_VIEW, _received, "boards:sent_up",
         _waiting),
        (ANSWERED, "What was sent up is answered", Decision, Perm.MEETING_VIEW, _answered, "boards:decision_view",
         None),
    ):  # fmt: skip
        register(
            NoticeKind(
                code, title, model=model, perm=perm, describe=describe, still_wanted=still,
                url=lambda notice, address=address: reverse(address, args=[notice.subject_id]),
            )
        )  # fmt: skip
