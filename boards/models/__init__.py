"""Groups and who sits on them; professional challenges."""

from boards.models.challenges import Challenge, ChallengeStage
from boards.models.groups import Group, Seat

__all__ = ["Challenge", "ChallengeStage", "Group", "Seat"]
