"""Statuses of challenges, meetings, items that are proposed for them, their minutes, corrections of those and what is
sent up, and the tables of their steps; docs/flows/ holds the drawings."""

from boards.models import Challenge, Correction, Meeting, Proposal, SentUp
from partnership.access.flow import Flow, Step
from partnership.people.roles import Perm

C, M, N, U, K = Challenge.Status, Meeting.Status, Meeting.Minutes, SentUp.Status, Correction.Outcome
P = Proposal.Outcome

CHALLENGE = Flow(
    "challenge",
    answer=Step((C.OPEN,), C.ANSWERED, Perm.CHALLENGE_ANSWER, "Answer"),
    agree=Step(
        (C.ANSWERED,), C.AGREED, Perm.CHALLENGE_PURSUE, "Agree: it is resolved",
        needs="note", ask="Say what was agreed, and who does what.",
    ),
    escalate=Step(
        (C.OPEN, C.ANSWERED), C.OPEN, Perm.CHALLENGE_PURSUE, "Take it to the next stage",
        needs="note", ask="Say why it is not resolved.",
    ),
    decide=Step(
        (C.OPEN, C.ANSWERED), C.DECIDED, Perm.CHALLENGE_MANAGE, "Record the Executive’s decision",
        needs="decision", ask="Say what was decided.",
    ),
    withdraw=Step(
        (C.OPEN, C.ANSWERED), C.WITHDRAWN, Perm.CHALLENGE_PURSUE, "Take it back",
        needs="note", ask="Say why it is taken back.",
    ),
    close=Step(
        (C.AGREED, C.DECIDED, C.WITHDRAWN), C.CLOSED, Perm.CHALLENGE_MANAGE, "Close it with what was learned",
        needs="learning", ask="Say what was learned, or that nothing was.",
    ),
    reopen=Step(
        (C.AGREED, C.DECIDED, C.WITHDRAWN, C.CLOSED), C.OPEN, Perm.CHALLENGE_MANAGE, "Reopen it",
        needs="note", ask="Say why it is reopened.",
    ),
)  # fmt: skip

MEETING = Flow(
    "meeting",
    call=Step((M.PLANNED,), M.CALLED, Perm.MEETING_RUN, "Send the invitations"),
    hold=Step((M.PLANNED, M.CALLED), M.HELD, Perm.MEETING_RUN, "Record that it was held"),
    unhold=Step((M.HELD,), M.PLANNED, Perm.MEETING_RUN, "It was not held"),
    cancel=Step(
        (M.PLANNED, M.CALLED), M.CANCELLED, Perm.MEETING_RUN, "Cancel the meeting",
        needs="note", ask="Say why it is cancelled.",
    ),
    reinstate=Step((M.CANCELLED,), M.PLANNED, Perm.MEETING_RUN, "Plan it again"),
)  # fmt: skip

PROPOSAL = Flow(
    "proposal",
    field="outcome",
    take=Step((P.WAITING,), P.TAKEN, Perm.MEETING_RUN, "Put it on the agenda of this meeting"),
    later=Step((P.WAITING,), P.LATER, Perm.MEETING_RUN, "Keep it for a later meeting"),
    decline=Step(
        (P.WAITING,), P.DECLINED, Perm.MEETING_RUN, "Do not take it",
        needs="outcome_words", ask="Say why it is not taken: whoever proposed it reads it.",
    ),
)  # fmt: skip

MINUTES = Flow(
    "minutes",
    field="minutes_status",
    begin=Step((N.NONE,), N.DRAFT, Perm.MEETING_RUN, "Begin the minutes"),
    circulate=Step((N.DRAFT,), N.CIRCULATED, Perm.MEETING_RUN, "Circulate for correction"),
    check=Step((N.CIRCULATED,), N.CHECKED, Perm.MEETING_CHAIR, "Check them as the chair"),
    back=Step((N.CIRCULATED, N.CHECKED), N.DRAFT, Perm.MINUTES_WORK, "Back to draft"),
    agree=Step((N.CHECKED,), N.AGREED, Perm.MEETING_RUN, "Record that they were agreed"),
    publish=Step((N.AGREED,), N.PUBLISHED, Perm.MEETING_RUN, "Publish"),
    take_in=Step((N.NONE,), N.AGREED, Perm.MEETING_RUN, "Take in minutes that were agreed before"),
)

SENT_UP = Flow(
    "sent_up",
    answer=Step(
        (U.WAITING,), U.ANSWERED, Perm.MEETING_CHAIR, "Answer", needs="answer", ask="Enter the answer.",
    ),
    heard=Step(
        (U.WAITING,), U.ANSWERED, Perm.MEETING_RUN, "Record their answer", needs="answer", ask="Enter their answer.",
    ),
    take_back=Step((U.WAITING,), U.TAKEN_BACK, Perm.MEETING_RUN, "Take it back"),
)  # fmt: skip

CORRECTION = Flow(
    "correction",
    field="outcome",
    take=Step((K.WAITING,), K.TAKEN, Perm.MEETING_RUN, "Taken in"),
    decline=Step(
        (K.WAITING,), K.DECLINED, Perm.MEETING_RUN, "Not taken in",
        needs="outcome_words", ask="Say why it is not taken in.",
    ),
)  # fmt: skip
FLOWS = (CHALLENGE, MEETING, PROPOSAL, MINUTES, SENT_UP, CORRECTION)
