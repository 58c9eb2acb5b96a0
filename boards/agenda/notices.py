"""What whoever owes a paper is told: that it was asked of them, and on its day that it has not come."""

from django.urls import reverse

from boards.models import Paper
from partnership.notify.kinds import NoticeKind, register
from partnership.notify.telling import Told, tell
from partnership.people.roles import Perm
from partnership.ui.dates import plain

ASKED, DUE = "paper_asked", "paper_due"


def tell_asked(paper, *, but) -> None:
    if paper.asked_of_id and paper.asked_of_id != but.pk:
        tell(ASKED, [_told(ASKED, paper)])


def tell_due(papers) -> None:
    """Each is told once a day that a paper is due on: a day that moves is another day."""
    if papers:
        tell(DUE, [_told(f"{DUE}:{paper.due_on}", paper) for paper in papers])


def _told(key, paper):
    return Told(f"{key}:{paper.pk}", paper.asked_of_id, paper.pk, paper.folder_id, {"due_on": paper.due_on})


def _describe(sentence):
    def describe(notices, user):
        rows = Paper.objects.visible_to(user).select_related("item__meeting")
        rows = rows.in_bulk([each.subject_id for each in notices])
        return {each.pk: sentence(rows[each.subject_id]) for each in notices if each.subject_id in rows}

    return describe


def _asked(paper):
    by = f" by {plain(paper.due_on)}" if paper.due_on else ""
    return f"A paper is asked of you{by}: ‘{paper.title}’, for the meeting on {plain(paper.item.meeting.day)}."


def _due(paper):
    return f"Your paper ‘{paper.title}’ was due on {plain(paper.due_on)} and has not come."


def _still_owed(notices):
    rows = Paper.objects.unscoped("the relay asks whether it is still owed").filter(received_at=None, removed_at=None)
    owed = dict(rows.filter(pk__in=[each.subject_id for each in notices]).values_list("pk", "asked_of_id"))
    return {each.pk for each in notices if owed.get(each.subject_id) == each.recipient_id}


def register_notices():
    shared = {
        "model": Paper,
        "perm": Perm.MEETING_VIEW,
        "url": lambda notice: reverse("boards:paper", args=[notice.subject_id]),
        "still_wanted": _still_owed,
    }
    register(NoticeKind(ASKED, "A paper for a meeting is asked of you", describe=_describe(_asked), **shared))
    register(NoticeKind(DUE, "A paper that you owe to a meeting is due", describe=_describe(_due), **shared))
