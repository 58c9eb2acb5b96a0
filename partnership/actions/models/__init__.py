"""The business plan, the duties, workplans, and one register of actions whatever the source, one of risks."""

from partnership.actions.models.actions import Action, Origin
from partnership.actions.models.planning import (
    Duty,
    Plan,
    PlanPrint,
    Priority,
    SuccessMeasure,
    WorkItem,
    Workplan,
)
from partnership.actions.models.progress import DateChange, Evidence, Outlook, RagOverride, Update
from partnership.actions.models.reminding import Lineup, LineupItem
from partnership.actions.models.risks import Impact, Likelihood, LogImport, Risk

__all__ = [
    "Action",
    "DateChange",
    "Duty",
    "Evidence",
    "Impact",
    "Likelihood",
    "Lineup",
    "LineupItem",
    "LogImport",
    "Origin",
    "Outlook",
    "Plan",
    "PlanPrint",
    "Priority",
    "RagOverride",
    "Risk",
    "SuccessMeasure",
    "Update",
    "WorkItem",
    "Workplan",
]
