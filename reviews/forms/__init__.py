"""Forms of a rapid review, by the step they belong to. What a form offers is what this person may choose."""

from reviews.forms.around import ChangeChildForm, ChangeNotificationForm, InterestForm, LinkForm, ProceedingForm
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
from reviews.forms.disclosing import (
    DisclosureDecisionForm,
    DisclosureForm,
    DisclosureLeftForm,
    FamilyContactForm,
    without_version,
)
from reviews.forms.opening import AddChildForm, CorrectTimesForm, IdentityForm, NotifyForm, PersonForm
from reviews.forms.sending import CorrectionForm, SendingForm

__all__ = [
    "AddChildForm",
    "AnalysisForm",
    "AskForm",
    "AwareForm",
    "ChangeChildForm",
    "ChangeNotificationForm",
    "ConsiderNotifyForm",
    "CorrectTimesForm",
    "CorrectionForm",
    "DecisionForm",
    "DisclosureDecisionForm",
    "DisclosureForm",
    "DisclosureLeftForm",
    "FamilyContactForm",
    "GivenViewForm",
    "IdentityForm",
    "InterestForm",
    "LinkForm",
    "NoteForm",
    "NotifyForm",
    "OutcomeForm",
    "PartnersForm",
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
    "ViewForm",
    "without_version",
]
