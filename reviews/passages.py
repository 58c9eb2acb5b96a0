"""What of a return may be read by others than its author and the case's team: the one place where that is decided.

Every text of a return that goes into the report or into a pack comes through here, whoever it is made for.
"""

from enum import StrEnum


class Audience(StrEnum):
    REPORT = "report"  # the report to the Panel, and what its sections are drafted from
    MEMBERS = "members"
    PARTNERS = "partners"
    ALOUD = "aloud"


def passage(row, name, audience: Audience) -> str:
    """The text of one answer of a submitted return for this audience; '' where it holds nothing for them."""
    return getattr(row, name).strip()
