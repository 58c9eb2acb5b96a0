"""What those who are called are told in the portal, beside their letters; and what deputies and runners are told."""

from django.urls import reverse

from boards.calling.letters import when
from boards.models import Meeting, Proposal
from partnership.access.rows import holders
from partnership.notify.kinds import NoticeKind, register
from partnership.notify.telling import Told, tell
from partnership.people.models import User
from partnership.people.roles import Perm

CALLED, MOVED, CANCELLED = "meeting_called", "meeting_moved", "meeting_cancelled"
STANDS_IN, APOLOGIES, PROPOSED = "meeting_stand_in", "meeting_apologies", "meeting_proposed"


def tell_called(meeting, users) -> None:
    _tell(CALLED, meeting, users, meeting.sequence)


def tell_moved(meeting, users) -> None:
    _tell(MOVED, meeting, users, meeting.sequence)


def tell_cancelled(meeting, users, *, but) -> None:
    _tell(CANCELLED, meeting, set(users) - {None, but and but.pk}, meeting.sequence)


def tell_deputies(row, deputies) -> None:
    """A member sends apologies: the deputies of the seat can still come."""
    _of_member(APOLOGIES, row, [user.pk for user in deputies])


def tell_stands_in(row) -> None:
    """A member sends this deputy."""
    _of_member(STANDS_IN, row, [row.deputy_id])


def tell_proposed(row, *, but) -> None:
    """An item is proposed: whoever runs the meetings of an open group knows, and answers."""
    people = set(holders(row.folder, Perm.MEETING_RUN).values_list("pk", flat=True)) - {but.pk}
    tell(PROPOSED, [Told(f"{PROPOSED}:{row.pk}", pk, row.pk, row.folder_id) for pk in people])


def _tell(code, meeting, users, turn, data=None):
    told = [Told(f"{code}:{meeting.pk}:{turn}", pk, meeting.pk, meeting.folder_id, data or {}) for pk in users if pk]
    tell(code, told)


def _of_member(code, row, users):
    at = f"{row.pk}:{row.answered_at:%Y%m%dT%H%M%S.%f}"
    _tell(code, row.meeting, users, at, {"member": row.user_id})


def _named(row) -> str:
    """A meeting's title; of a case with its code word."""
    return f"‘{row.title}’ ({row.folder.reference})" if row.folder.sealed else f"‘{row.title}’"


def _of_meetings(sentence):
    def describe(notices, user):
        rows = Meeting.objects.visible_to(user).select_related("folder").in_bulk([each.subject_id for each in notices])
        people = User.objects.in_bulk([each.data["member"] for each in notices if each.data.get("member")])
        said = {}
        for each in notices:
            if row := rows.get(each.subject_id):
                member = next((user for pk, user in people.items() if str(pk) == each.data.get("member")), None)
                said[each.pk] = sentence(row, member.name if member else "")
        return said

    return describe


def _proposed(notices, user):
    rows = Proposal.objects.visible_to(user).select_related("user", "meeting__folder")
    rows = rows.in_bulk([each.subject_id for each in notices])
    return {
        each.pk: f"{row.user.name} proposes an item for {_named(row.meeting)}, {when(row.meeting)}: {row.title}"
        for each in notices
        if (row := rows.get(each.subject_id))
    }


def _at_the_meeting(notice):
    return reverse("boards:meeting", args=[notice.subject_id])


def _still_ahead(notices):
    rows = Meeting.objects.unscoped("the relay asks whether it still matters").filter(status=Meeting.Status.CALLED)
    here = set(rows.filter(pk__in=[each.subject_id for each in notices]).values_list("pk", flat=True))
    return {each.pk for each in notices if each.subject_id in here}


def _still_waits(notices):
    rows = Proposal.objects.unscoped("the relay asks whether it still waits").filter(outcome=Proposal.Outcome.WAITING)
    here = set(rows.filter(pk__in=[each.subject_id for each in notices]).values_list("pk", flat=True))
    return {each.pk for each in notices if each.subject_id in here}


def register_notices():
    of_meeting = {"model": Meeting, "perm": Perm.MEETING_VIEW, "url": _at_the_meeting}
    # A letter of its own says the first three already.
    for code, title, sentence in (
        (CALLED, "You are called to a meeting", lambda row, _: f"You are called to {_named(row)}, {when(row)}."),
        (MOVED, "A meeting has changed", lambda row, _: f"{_named(row)} has changed. It is on {when(row)}."),
        (CANCELLED, "A meeting is off", lambda row, _: f"{_named(row)}, {when(row)}, does not take place."),
    ):
        register(NoticeKind(code, title, describe=_of_meetings(sentence), mailed=False, **of_meeting))
    of_deputy = of_meeting | {"still_wanted": _still_ahead}
    stands_in = _of_meetings(lambda row, name: f"{name} sends you as deputy to ‘{row.title}’, {when(row)}.")
    register(NoticeKind(STANDS_IN, "You stand in at a meeting", describe=stands_in, apart=True, **of_deputy))
    apologies = _of_meetings(
        lambda row, name: f"{name} cannot come to ‘{row.title}’, {when(row)}. You are a deputy of this seat."
    )
    register(NoticeKind(APOLOGIES, "Somebody you are deputy for cannot come", describe=apologies, **of_deputy))
    register(
        NoticeKind(
            PROPOSED, "An item is proposed for a meeting", model=Proposal, perm=Perm.MEETING_RUN, describe=_proposed,
            url=lambda notice: reverse("boards:proposal", args=[notice.subject_id]), still_wanted=_still_waits,
        )
    )  # fmt: skip
