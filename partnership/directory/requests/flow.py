"""The one table of steps of every request about an account; docs/flows/request.md is its drawing."""

from partnership.access.flow import Flow, Step
from partnership.directory.models.requests import WAITING, AccountRequest
from partnership.people.roles import Perm

S = AccountRequest.Status

# Who may take a step besides holding its power is said in rules.py: the two people are never one, nor the subject.
REQUEST = Flow(
    "request",
    check=Step(
        (S.OPEN,), S.CHECKED, Perm.PEOPLE_APPROVE, "Record the check", needs="checked_note", ask="Say what you checked."
    ),
    approve=Step((S.CHECKED,), S.DONE, Perm.PEOPLE_APPROVE, "Approve it"),
    settle=Step((S.OPEN,), S.DONE, Perm.PEOPLE_APPROVE, "It is settled"),
    refuse=Step(WAITING, S.REFUSED, Perm.PEOPLE_APPROVE, "Refuse it", needs="reason", ask="Say why it is refused."),
    ask_again=Step(WAITING, S.OPEN, Perm.SIGN_IN, "Ask for something else instead"),
    withdraw=Step(WAITING, S.WITHDRAWN, Perm.SIGN_IN, "Withdraw it"),
)
