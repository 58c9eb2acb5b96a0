"""Forms of a rapid review, by the step they belong to. What a form offers is what this person may choose."""

from reviews.forms.around import ChangeChildForm, ChangeNotificationForm, InterestForm, LinkForm, ProceedingForm
from reviews.forms.asking import AskForm, NoteForm, ReturnForm, SendBackForm, WaveForm
from reviews.forms.chronology import AnnotateForm, ChronologyFilter, EntryForm, PasteForm, UploadChronologyForm
from reviews.forms.considering import (
    AwareForm,
    CaseFileForm,
    ConsiderNotifyForm,
    CopyForm,
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
from reviews.forms.following import AnswerForm, CallForm, ExtendForm, MoreTimeForm
from reviews.forms.meeting import AttendanceForm, InviteForm, MeetingForm, MeetingNotesForm
from reviews.forms.opening import AddChildForm, BeginForm, CorrectTimesForm, IdentityForm, NotifyForm, PersonForm
from reviews.forms.panel import PanelAnswerForm, PanelReplyForm
from reviews.forms.sending import CorrectionForm, SendingForm

__all__ = [
    "AddChildForm",
    "AnalysisForm",
    "AnnotateForm",
    "AnswerForm",
    "AskForm",
    "AttendanceForm",
    "AwareForm",
    "BeginForm",
    "CallForm",
    "CaseFileForm",
    "ChangeChildForm",
    "ChangeNotificationForm",
    "ChronologyFilter",
    "ConsiderNotifyForm",
    "CopyForm",
    "CorrectTimesForm",
    "CorrectionForm",
    "DecisionForm",
    "DisclosureDecisionForm",
    "DisclosureForm",
    "DisclosureLeftForm",
    "EntryForm",
    "EpisodeForm",
    "ExtendForm",
    "FamilyContactForm",
    "GivenViewForm",
    "IdentityForm",
    "InterestForm",
    "InviteForm",
    "LinkForm",
    "MeetingForm",
    "MeetingNotesForm",
    "MoreTimeForm",
    "NoteForm",
    "NotifyForm",
    "OutcomeForm",
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
