"""A rapid review from the notification to what was sent. Every table is one key away from its Folder."""

from reviews.models.around import Interest, Proceeding, ReviewLink
from reviews.models.asking import Clearance, Contact, Extension, RequestLetter
from reviews.models.beginning import Category, Child, Notification, Review, YesNo
from reviews.models.case import CASE, LONG
from reviews.models.chronology import Entry, EntryNote, Intake
from reviews.models.considering import Channel, Consideration, CriteriaView, Outcome, Referral
from reviews.models.deciding import Decision, LeadTold, SignOff
from reviews.models.disclosing import Disclosure, FamilyContact
from reviews.models.ending import Closing, LegalHold, NotificationWithdrawal
from reviews.models.findings import Episode, Recommendation, ReviewTheme, SafetyAction
from reviews.models.guests import TO_REACH, Guest
from reviews.models.panel import PanelReply, ReplyCorrection
from reviews.models.report import Pack, ReportSection, ScrutinyComment
from reviews.models.returns import AgencyReturn, Coordinator, ReturnFile, ReturnPassage, ReturnVersion
from reviews.models.sending import Sending, SendingCorrection

__all__ = [
    "CASE",
    "LONG",
    "TO_REACH",
    "AgencyReturn",
    "Category",
    "Channel",
    "Child",
    "Clearance",
    "Closing",
    "Consideration",
    "Contact",
    "Coordinator",
    "CriteriaView",
    "Decision",
    "Disclosure",
    "Entry",
    "EntryNote",
    "Episode",
    "Extension",
    "FamilyContact",
    "Guest",
    "Intake",
    "Interest",
    "LeadTold",
    "LegalHold",
    "Notification",
    "NotificationWithdrawal",
    "Outcome",
    "Pack",
    "PanelReply",
    "Proceeding",
    "Recommendation",
    "Referral",
    "ReplyCorrection",
    "ReportSection",
    "RequestLetter",
    "ReturnFile",
    "ReturnPassage",
    "ReturnVersion",
    "Review",
    "ReviewLink",
    "ReviewTheme",
    "SafetyAction",
    "ScrutinyComment",
    "Sending",
    "SendingCorrection",
    "SignOff",
    "YesNo",
]
