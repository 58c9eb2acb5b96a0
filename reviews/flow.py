"""Statuses and the tables of steps; docs/flows/ holds their drawings."""

from partnership.access.flow import Flow, Step
from partnership.people.roles import Perm
from reviews.models import AgencyReturn, Review

R, A = Review.Status, AgencyReturn.Status

# A statutory sending is warned about, never blocked: it starts from every status but sent.
REVIEW = Flow(
    "review",
    decide=Step((R.OPEN, R.DECIDED), R.DECIDED, Perm.DECIDE, "Record the decision"),
    send=Step((R.OPEN, R.DECIDED), R.SENT, Perm.SEND, "Record that it was sent"),
)

RETURN = Flow(
    "return",
    submit=Step((A.ASKED,), A.SUBMITTED, Perm.RETURN_EDIT, "Submit the return"),
    send_back=Step(
        (A.SUBMITTED,), A.ASKED, Perm.RETURN_REQUEST, "Send back", needs="note", ask="Say what the author should add."
    ),
    withdraw=Step((A.ASKED,), A.WITHDRAWN, Perm.RETURN_REQUEST, "Withdraw the request", needs="note", ask="Say why."),
)
FLOWS = (REVIEW, RETURN)
