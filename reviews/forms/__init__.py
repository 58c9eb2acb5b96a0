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
from reviews.forms.opening import AddChildForm, CorrectTimesForm, IdentityForm, NotifyForm, PersonForm
from reviews.forms.sending import CorrectionForm, SendingForm

__all__ = [
    "AddChildForm",
    "AnalysisForm",
    "AnnotateForm",
    "AskForm",
    "AwareForm",
    "ChangeChildForm",
    "ChangeNotificationForm",
    "ChronologyFilter",
    "ConsiderNotifyForm",
    "CorrectTimesForm",
    "CorrectionForm",
    "DecisionForm",
    "EntryForm",
    "GivenViewForm",
    "IdentityForm",
    "InterestForm",
    "LinkForm",
    "NoteForm",
    "NotifyForm",
    "OutcomeForm",
    "PartnersForm",
    "PasteForm",
    "PersonForm",
    "ProceedingForm",
    "ReasonForm",
    "RecordReferralForm",
    "ReferralForm",
    "ReturnForm",
    "SendBackForm",
    "SendingForm",
    "SignForm",
    "SilenceForm",
    "UploadChronologyForm",
    "ViewForm",
    "WaveForm",
]
