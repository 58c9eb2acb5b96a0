"""Statuses of a challenge and the table of its steps; docs/flows/ holds its drawing."""

from boards.models import Challenge
from partnership.access.flow import Flow, Step
from partnership.people.roles import Perm

C = Challenge.Status

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
FLOWS = (CHALLENGE,)
