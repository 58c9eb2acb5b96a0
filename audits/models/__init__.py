"""The wing's tables: question sets and their versions, rounds, returns and answers, signatures, reminders."""

from audits.models.chasing import Reminder
from audits.models.returns import Answer, AuditReturn, Evidence, Extension, Shown, TrustAnswer, Value
from audits.models.rounds import Round, Rung, Slice, Window
from audits.models.sets import Question, QuestionSet, Section, SetVersion, Wording
from audits.models.signing import Signature, Submission

__all__ = [
    "Answer",
    "AuditReturn",
    "Evidence",
    "Extension",
    "Question",
    "QuestionSet",
    "Reminder",
    "Round",
    "Rung",
    "Section",
    "SetVersion",
    "Shown",
    "Signature",
    "Slice",
    "Submission",
    "TrustAnswer",
    "Value",
    "Window",
    "Wording",
]
