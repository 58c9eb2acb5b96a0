"""Forms of a rapid review, by the step they belong to. What a form offers is what this person may choose."""

from reviews.forms.asking import AskForm, NoteForm, ReturnForm, SendBackForm
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
from reviews.forms.opening import ChildForm, CorrectTimesForm, IdentityForm, NotifyForm, PersonForm
from reviews.forms.sending import CorrectionForm, SendingForm

__all__ = [
    "AnalysisForm",
    "AskForm",
    "AwareForm",
    "ChildForm",
    "ConsiderNotifyForm",
    "CorrectTimesForm",
    "CorrectionForm",
    "DecisionForm",
    "GivenViewForm",
    "IdentityForm",
    "NoteForm",
    "NotifyForm",
    "OutcomeForm",
    "PartnersForm",
    "PersonForm",
    "ReasonForm",
    "RecordReferralForm",
    "ReferralForm",
    "ReturnForm",
    "SendBackForm",
    "SendingForm",
    "SignForm",
    "SilenceForm",
    "ViewForm",
]  # fmt: skip
