"""A rapid review from the notification to what was sent. Every table is one key away from its Folder."""

from reviews.models.beginning import Child, Notification, Review
from reviews.models.case import CASE, LONG
from reviews.models.considering import Channel, Consideration, CriteriaView, Referral
from reviews.models.deciding import Analysis, Decision, SignOff
from reviews.models.returns import AgencyReturn
from reviews.models.sending import Sending, SendingCorrection

__all__ = [
    "CASE",
    "LONG",
    "AgencyReturn",
    "Analysis",
    "Channel",
    "Child",
    "Consideration",
    "CriteriaView",
    "Decision",
    "Notification",
    "Referral",
    "Review",
    "Sending",
    "SendingCorrection",
    "SignOff",
]
