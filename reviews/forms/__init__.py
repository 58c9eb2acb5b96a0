"""Forms of a rapid review, by the step they belong to. What a form offers is what this person may choose."""

from reviews.forms.around import ChangeChildForm, ChangeNotificationForm, InterestForm, LinkForm, ProceedingForm
from reviews.forms.asking import AskForm, NoteForm, ReturnForm, SendBackForm, WaveForm
from reviews.forms.chronology import AnnotateForm, ChronologyFilter, EntryForm, PasteForm, UploadChronologyForm
from reviews.forms.considering import (
    AwareForm,
    ConsiderNotifyForm,
    GivenViewForm,
    OutcomeForm,
    ReasonForm,
    RecordReferralForm,
    ReferralForm,
    ViewForm,
)
from reviews.forms.deciding import AnalysisForm, DecisionForm, PartnersForm, SignForm, SilenceForm
from reviews.forms.disclosing import (
    DisclosureDecisionForm,
    DisclosureForm,
    DisclosureLeftForm,
    FamilyContactForm,
    without_version,
)
from reviews.forms.findings import EpisodeForm, RecommendationForm, SafetyActionForm, ThemesForm
from reviews.forms.guests import BlockForm, CallBackForm, GuestCodeForm, GuestJoinForm, OutsideForm
from reviews.forms.meeting import AttendanceForm, InviteForm, MeetingForm, MeetingNotesForm
from reviews.forms.opening import AddChildForm, CorrectTimesForm, IdentityForm, NotifyForm, PersonForm
from reviews.forms.panel import PanelAnswerForm, PanelReplyForm
from reviews.forms.sending import CorrectionForm, SendingForm

__all__ = [
    "AddChildForm",
    "AnalysisForm",
    "AnnotateForm",
    "AskForm",
    "AttendanceForm",
    "AwareForm",
    "BlockForm",
    "CallBackForm",
    "ChangeChildForm",
    "ChangeNotificationForm",
    "ChronologyFilter",
    "ConsiderNotifyForm",
    "CorrectTimesForm",
    "CorrectionForm",
    "DecisionForm",
    "DisclosureDecisionForm",
    "DisclosureForm",
    "DisclosureLeftForm",
    "EntryForm",
    "EpisodeForm",
    "FamilyContactForm",
    "GivenViewForm",
    "GuestCodeForm",
    "GuestJoinForm",
    "IdentityForm",
    "InterestForm",
    "InviteForm",
    "LinkForm",
    "MeetingForm",
    "MeetingNotesForm",
    "NoteForm",
    "NotifyForm",
    "OutcomeForm",
    "OutsideForm",
    "PanelAnswerForm",
    "PanelReplyForm",
    "PartnersForm",
    "PasteForm",
    "PersonForm",
    "ProceedingForm",
    "ReasonForm",
    "RecommendationForm",
    "RecordReferralForm",
    "ReferralForm",
    "ReturnForm",
    "SafetyActionForm",
    "SendBackForm",
    "SendingForm",
    "SignForm",
    "SilenceForm",
    "ThemesForm",
    "UploadChronologyForm",
    "ViewForm",
    "WaveForm",
    "without_version",
]
