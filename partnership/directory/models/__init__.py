"""What the directory keeps of its own work: imports, invitations, leaving. Organisations stand in `people`."""

from partnership.directory.models.closing import AgencyClosing
from partnership.directory.models.confirming import Answer, Confirmation, Round
from partnership.directory.models.covering import Cover
from partnership.directory.models.importing import ImportBatch, ImportRow
from partnership.directory.models.joining import AccessRequest, DutyAsk, Invitation
from partnership.directory.models.leaving import Departure, HandOver
from partnership.directory.models.merging import AgencyMerge, SecondNumber
from partnership.directory.models.requests import AccountRequest

__all__ = [
    "AccessRequest",
    "AccountRequest",
    "AgencyClosing",
    "AgencyMerge",
    "Answer",
    "Confirmation",
    "Cover",
    "Departure",
    "DutyAsk",
    "HandOver",
    "ImportBatch",
    "ImportRow",
    "Invitation",
    "Round",
    "SecondNumber",
]
