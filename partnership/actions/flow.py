"""Statuses and the tables of steps; docs/flows/ holds their drawings."""

from partnership.access.flow import Flow, Step
from partnership.actions.models import Action, DateChange, LogImport, Risk, WorkItem
from partnership.people.roles import Perm

A, D, L, R, W = Action.Status, DateChange.Status, LogImport.Status, Risk.Status, WorkItem.Status

ACTION = Flow(
    "action",
    start=Step((A.PARKED,), A.OPEN, Perm.ACTION_MANAGE, "Take it up"),
    park=Step(
        (A.OPEN,), A.PARKED, Perm.ACTION_MANAGE, "Park it as an idea", needs="note", ask="Say why it is parked."
    ),
    ask_close=Step(
        (A.OPEN,), A.TO_APPROVE, Perm.ACTION_ANSWER, "Say that it is done",
        needs="closing_words", ask="Say what was done, and what shows it.",
    ),
    approve=Step((A.TO_APPROVE,), A.DONE, Perm.ACTION_APPROVE, "Approve the closing"),
    send_back=Step(
        (A.TO_APPROVE,), A.OPEN, Perm.ACTION_APPROVE, "Send it back", needs="note", ask="Say what is still missing."
    ),
    complete=Step((A.OPEN,), A.DONE, Perm.ACTION_MANAGE, "Close it with its last part"),
    cancel=Step(
        (A.OPEN, A.PARKED, A.TO_APPROVE), A.CANCELLED, Perm.ACTION_MANAGE, "Record that it is no longer needed",
        needs="note", ask="Say why it is no longer needed, and who agreed.",
    ),
    reopen=Step(
        (A.DONE, A.CANCELLED), A.OPEN, Perm.ACTION_MANAGE, "Reopen it", needs="note", ask="Say why it is reopened."
    ),
    take_back=Step(
        (A.OPEN, A.PARKED, A.DONE), A.TAKEN_BACK, Perm.ACTION_IMPORT, "Take it back with the log that it came in by"
    ),
)  # fmt: skip

DATE_CHANGE = Flow(
    "date_change",
    grant=Step((D.WAITING,), D.GRANTED, Perm.ACTION_MANAGE, "Give the date"),
    refuse=Step(
        (D.WAITING,), D.REFUSED, Perm.ACTION_MANAGE, "Refuse",
        needs="answer", ask="Say why: the owner reads it.",
    ),
    withdraw=Step((D.WAITING,), D.WITHDRAWN, Perm.ACTION_ANSWER, "Ask no longer"),
    lapse=Step((D.WAITING,), D.WITHDRAWN, Perm.ACTION_MANAGE, "End it with the action"),
)  # fmt: skip

WORK_ITEM = Flow(
    "work_item",
    begin=Step((W.PLANNED,), W.BEGUN, Perm.WORKPLAN_EDIT, "It is under way"),
    finish=Step((W.PLANNED, W.BEGUN), W.DONE, Perm.WORKPLAN_EDIT, "It is done"),
    drop=Step(
        (W.PLANNED, W.BEGUN), W.DROPPED, Perm.WORKPLAN_EDIT, "Drop it",
        needs="drop_reason", ask="Say why it is dropped.",
    ),
    take_up=Step((W.DONE, W.DROPPED), W.BEGUN, Perm.WORKPLAN_EDIT, "Take it up again"),
)  # fmt: skip

RISK = Flow(
    "risk",
    close=Step(
        (R.OPEN,), R.CLOSED, Perm.RISK_EDIT, "Close it",
        needs="close_reason", ask="Say why it is a risk no longer, or why the partnership bears it.",
    ),
    reopen=Step(
        (R.CLOSED,), R.OPEN, Perm.RISK_EDIT, "Reopen it", needs="close_reason", ask="Say why it is a risk again."
    ),
    take_back=Step(
        (R.OPEN, R.CLOSED), R.TAKEN_BACK, Perm.ACTION_IMPORT, "Take it back with the list that it came in by"
    ),
)  # fmt: skip

LOG_IMPORT = Flow(
    "log_import",
    take=Step((L.WAITING,), L.TAKEN, Perm.ACTION_IMPORT, "Take the rows in"),
    discard=Step((L.WAITING,), L.DISCARDED, Perm.ACTION_IMPORT, "Discard the rows"),
    take_back=Step((L.TAKEN,), L.TAKEN_BACK, Perm.ACTION_IMPORT, "Take it all back"),
)
FLOWS = (ACTION, DATE_CHANGE, LOG_IMPORT, RISK, WORK_ITEM)
