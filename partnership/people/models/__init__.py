"""Partnership, agencies, areas, sites and people. The pages stand in `directory`; access stands in `access`."""

from partnership.people.models.agencies import (
    Agency,
    AgencyKind,
    Alias,
    Classification,
    Ownership,
    PartnerSeat,
    Succession,
)
from partnership.people.models.dated import Dated, DatedQuerySet, ends_after_start
from partnership.people.models.duties import NON_VOTING, DutyKind, NamedDuty
from partnership.people.models.edited import Edited
from partnership.people.models.particulars import (
    Closure,
    ContactPoint,
    Register,
    Registration,
    School,
    SharingAgreement,
    Shown,
    Site,
)
from partnership.people.models.people import Membership, User, UserManager
from partnership.people.models.places import Area, Partnership, ScheduleItem

__all__ = [
    "NON_VOTING",
    "Agency",
    "AgencyKind",
    "Alias",
    "Area",
    "Classification",
    "Closure",
    "ContactPoint",
    "Dated",
    "DatedQuerySet",
    "DutyKind",
    "Edited",
    "Membership",
    "NamedDuty",
    "Ownership",
    "PartnerSeat",
    "Partnership",
    "Register",
    "Registration",
    "ScheduleItem",
    "School",
    "SharingAgreement",
    "Shown",
    "Site",
    "Succession",
    "User",
    "UserManager",
    "ends_after_start",
]
