"""Who is called to a meeting, what was said, and what one's own page asks. Every function takes `user` first."""

from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from boards.calling import answering, services
from boards.calling.assisting import assisted_by
from boards.calling.letters import when
from boards.meetings.reads import case_of, invitees
from boards.models import Highlight, Invitee, Meeting, Proposal
from partnership.access.gatherings import host_of
from partnership.access.rows import holders
from partnership.access.work import Work
from partnership.actions import reminding
from partnership.actions.models import Action
from partnership.people.roles import Perm


def invitations_of(user, meeting, rows=None) -> list:
    """The invitations to this meeting that are `user`'s to answer: her own first, then those of members whom she
    assists; last those that were taken back. rows: `invitees`, where they are known."""
    rows = invitees(user, meeting) if rows is None else rows
    found = [row for row in rows if row.user_id == user.pk or (row.assisted and not meeting.folder.sealed)]
    return sorted(found, key=lambda row: (row.withdrawn_at is not None, row.user_id != user.pk, row.user.name))


def own_actions(user, meeting) -> list:
    """The actions of the meeting's group of which `user` can say how they stand, soonest first."""
    if meeting.group_id is None:
        return []
    rows = Action.objects.allowing(user, Perm.ACTION_ANSWER).filter(owner=user, folder=meeting.folder_id)
    return list(reminding.answerable(rows).order_by("due_on", "reference")[: answering.MOST_ACTIONS])


@dataclass(frozen=True)
class Called:
    """called: rows of Invitee; off: those that were taken back. others: [(seat, why)] of seats of the day for which
    nobody is called. proposals: those that wait, and those that were answered. waiting: how many have not answered."""

    called: list
    off: list
    others: list
    proposals: list
    waiting: int


def called_to(user, meeting) -> Called:
    """Everybody who is called to a meeting, in the order of the seats; for whoever runs it."""
    rows = invitees(user, meeting)
    here = [row for row in rows if row.withdrawn_at is None]
    people = set(services.may_be_called(meeting.folder).values_list("pk", flat=True))
    _mark_of_case(meeting, here)
    for row in here:
        row.cannot_open = row.user_id is not None and row.user_id not in people
        row.for_another = row.answered_by_id is not None and row.answered_by_id != row.user_id
    proposals = Proposal.objects.allowing(user, Perm.MEETING_RUN).filter(meeting=meeting)
    return Called(
        called=sorted(here, key=lambda row: (row.seat_id is None, row.called)),
        off=[row for row in rows if row.withdrawn_at is not None],
        others=_not_called(meeting, rows, people),
        proposals=list(proposals.select_related("user")),
        waiting=sum(1 for row in here if row.user_id and not row.answer),
    )


def _mark_of_case(meeting, rows) -> None:
    """Of a case's meeting, each with `on_list`: whether a person of the portal is on the case's list today; and
    `no_chair`: what somebody is who must not chair."""
    if (host := host_of(meeting.folder)) is None:
        return
    listed = set(holders(meeting.folder, Perm.FOLDER_VIEW).values_list("pk", flat=True))
    barred_from_chair = host.no_chair(meeting.folder)
    for row in rows:
        row.on_list, row.no_chair = row.user_id in listed, barred_from_chair.get(row.user_id, "")


def invited_section(page):
    """Who is invited to a case's meeting, and who of them is not on its list; for everybody who reads the meeting."""
    if host_of(page.meeting.folder) is None:
        return None
    rows = [row for row in page.once(invitees) if row.withdrawn_at is None]
    _mark_of_case(page.meeting, rows)
    return "boards/_invited.html", {"rows": rows, "may_let_in": Perm.FOLDER_GRANT in page.held}


def _not_called(meeting, rows, people) -> list:
    called = {row.user_id for row in rows if row.withdrawn_at is None}
    by_hand = {row.user_id for row in rows if row.withdrawn_at and not row.off_by_portal}
    seats = services.seats_of(meeting)
    return [
        (seat, _why(seat, people, by_hand))
        for seat in seats.select_related("user", "agency").order_by("post", "pk")
        if seat.user_id is None or seat.user_id not in called
    ]


def _why(seat, people, by_hand) -> str:
    if seat.user_id is None:
        return "Vacant"
    if seat.user_id not in people:
        return "Cannot open the meeting today"
    return "Taken off: invite them to call them again" if seat.user_id in by_hand else "Not called yet"


def answer_section(page):
    """One's own answer on the page of the meeting, with what became of one's proposal; and those one assists."""
    user, meeting = page.user, page.meeting
    called = meeting.status == Meeting.Status.CALLED
    rows = invitations_of(user, meeting, page.once(invitees)) if called else []
    rows = [row for row in rows if row.withdrawn_at is None]
    proposal = Proposal.objects.visible_to(user).filter(meeting=meeting, user=user).first()
    if not rows and proposal is None:
        return None
    shut = answering.why_shut(meeting, rows[0]) if rows else ""
    return "boards/_my_answer.html", {"rows": rows, "shut": shut, "proposal": proposal, "user": user}


def highlights_section(page):
    rows = Highlight.objects.visible_to(page.user).filter(meeting=page.meeting).select_related("agency", "changed_by")
    found = list(rows)
    return ("boards/_highlights.html", {"rows": found}) if found else None


def work(user):
    """What waits on Home: an invitation without an answer, of oneself or of a member whom one assists; an item that
    somebody proposes."""
    mine = [user.pk, *assisted_by(user)]
    rows = Invitee.objects.visible_to(user).filter(
        Q(user=user) | Q(user__in=mine, folder__sealed=False),
        answer="", withdrawn_at=None, meeting__status=Meeting.Status.CALLED, meeting__starts_at__gt=timezone.now(),
    )  # fmt: skip
    for row in rows.select_related("meeting__folder", "user").order_by("meeting__starts_at"):
        who = "you come" if row.user_id == user.pk else f"{row.user.name} comes"
        url = f"{reverse('boards:reply', args=[row.meeting_id])}?for={row.pk}"
        case = case_of(row.meeting.folder)
        yield Work(f"Say whether {who}: {row.meeting.title}", url, case, row.meeting.day, when(row.meeting))
    proposed = Proposal.objects.allowing(user, Perm.MEETING_RUN).filter(
        outcome=Proposal.Outcome.WAITING, meeting__status__in=Meeting.GOES_ON
    )
    for row in proposed.select_related("meeting__folder").order_by("made_at"):
        url = reverse("boards:proposal", args=[row.pk])
        what = f"Answer the item that is proposed for ‘{row.meeting.title}’: {row.title}"
        yield Work(what, url, case=case_of(row.meeting.folder))
