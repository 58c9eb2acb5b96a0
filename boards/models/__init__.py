"""The wing's tables: groups and their seats, how they work, meetings, agendas, minutes, professional challenges."""

from boards.models.agenda import (
    Highlight,
    Interest,
    Item,
    Pack,
    Paper,
    Proposal,
)
from boards.models.challenges import Challenge, ChallengeStage
from boards.models.governance import OtherBody, Quorum, Rotation, Terms
from boards.models.groups import Arrangement, Group, Seat
from boards.models.meetings import (
    Assistant,
    Attendance,
    Invitee,
    Meeting,
    Purpose,
    Series,
    StandingItem,
)
from boards.models.minutes import (
    Correction,
    Decision,
    Edition,
    Minute,
    MinutesPrint,
    Part,
    Publication,
    SentUp,
)

__all__ = [
    "Arrangement",
    "Assistant",
    "Attendance",
    "Challenge",
    "ChallengeStage",
    "Correction",
    "Decision",
    "Edition",
    "Group",
    "Highlight",
    "Interest",
    "Invitee",
    "Item",
    "Meeting",
    "Minute",
    "MinutesPrint",
    "OtherBody",
    "Pack",
    "Paper",
    "Part",
    "Proposal",
    "Publication",
    "Purpose",
    "Quorum",
    "Rotation",
    "Seat",
    "SentUp",
    "Series",
    "StandingItem",
    "Terms",
]
