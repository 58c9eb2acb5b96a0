"""A rapid review from the notification to what was sent. Every table is one key away from its Folder."""

from reviews.models.around import Interest, Proceeding, ReviewLink
from reviews.models.beginning import Category, Child, Notification, Review, YesNo
from reviews.models.case import CASE, LONG
from reviews.models.chronology import Entry, EntryNote, Intake
from reviews.models.considering import Channel, Consideration, CriteriaView, Referral
from reviews.models.deciding import Analysis, Decision, SignOff
from reviews.models.disclosing import Disclosure, FamilyContact
from reviews.models.findings import Episode, Recommendation, ReviewTheme, SafetyAction
from reviews.models.guests import Guest
from reviews.models.meeting import Invitee, Meeting
from reviews.models.panel import PanelReply
from reviews.models.returns import AgencyReturn
from reviews.models.sending import Sending, SendingCorrection

__all__ = [
    "CASE",
    "LONG",
    "AgencyReturn",
    "Analysis",
    "Category",
    "Channel",
    "Child",
    "Consideration",
    "CriteriaView",
    "Decision",
    "Disclosure",
    "Entry",
    "EntryNote",
    "Episode",
    "FamilyContact",
    "Guest",
    "Intake",
    "Interest",
    "Invitee",
    "Meeting",
    "Notification",
    "PanelReply",
    "Proceeding",
    "Recommendation",
    "Referral",
    "Review",
    "ReviewLink",
    "ReviewTheme",
    "SafetyAction",
    "Sending",
    "SendingCorrection",
    "SignOff",
    "YesNo",
]
