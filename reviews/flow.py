"""Statuses and the tables of steps; docs/flows/ holds their drawings."""

from partnership.access.flow import Flow, Step
from partnership.people.roles import Perm
from reviews.models import AgencyReturn, Guest, Referral, Review

R, A, F, G = Review.Status, AgencyReturn.Status, Referral.Status, Guest.Status

# A statutory sending is warned about, never blocked: it starts from every status but sent.
REVIEW = Flow(
    "review",
    notify=Step((R.CONSIDERED,), R.OPEN, Perm.REVIEW_MANAGE, "Record the notification"),
    note=Step((R.CONSIDERED,), R.NOTED, Perm.REVIEW_MANAGE, "Record the notification, no rapid review"),
    begin=Step((R.NOTED,), R.OPEN, Perm.REVIEW_MANAGE, "Begin the rapid review"),
    close=Step((R.CONSIDERED,), R.CLOSED, Perm.REVIEW_MANAGE, "Record that nobody notifies"),
    consider=Step((R.CLOSED,), R.CONSIDERED, Perm.REVIEW_MANAGE, "Consider it again"),
    decide=Step((R.OPEN, R.DECIDED), R.DECIDED, Perm.DECIDE, "Record the decision"),
    send=Step((R.OPEN, R.DECIDED), R.SENT, Perm.SEND, "Record that it was sent"),
)

REFERRAL = Flow(
    "referral",
    take=Step((F.WAITING, F.DECLINED), F.TAKEN, Perm.REFERRAL_DECIDE, "Take it on"),
    decline=Step(
        (F.WAITING,), F.DECLINED, Perm.REFERRAL_DECIDE, "Do not take it on",
        needs="outcome_note", ask="Say why, and what the organisation should do instead.",
    ),
    withdraw=Step(
        (F.WAITING,), F.WITHDRAWN, Perm.REFERRAL_WITHDRAW, "Take it back",
        needs="outcome_note", ask="Say why you take it back.",
    ),
)  # fmt: skip

RETURN = Flow(
    "return",
    submit=Step((A.ASKED,), A.SUBMITTED, Perm.RETURN_EDIT, "Submit the return"),
    send_back=Step(
        (A.SUBMITTED,), A.ASKED, Perm.RETURN_REQUEST, "Send back", needs="note", ask="Say what the author should add."
    ),
    withdraw=Step((A.ASKED,), A.WITHDRAWN, Perm.RETURN_REQUEST, "Withdraw the request", needs="note", ask="Say why."),
)

# Ringing again shuts the door that was open: a lost phone, a wrong address, a code that was not understood.
GUEST = Flow(
    "guest",
    call=Step(
        (G.NAMED, G.CALLED_BACK, G.INVITED, G.JOINED, G.BLOCKED), G.CALLED_BACK, Perm.RETURN_REQUEST,
        "Record the call-back",
    ),
    invite=Step((G.CALLED_BACK,), G.INVITED, Perm.RETURN_REQUEST, "Send the invitation"),
    join=Step((G.INVITED,), G.JOINED, Perm.RETURN_EDIT, "Come in"),
    block=Step(
        (G.NAMED, G.CALLED_BACK, G.INVITED, G.JOINED), G.BLOCKED, Perm.RETURN_REQUEST, "Block the access",
        needs="note", ask="Say why the access is blocked.",
    ),
    end=Step(
        (G.NAMED, G.CALLED_BACK, G.INVITED, G.JOINED, G.BLOCKED), G.ENDED, Perm.RETURN_REQUEST, "End the access"
    ),
)  # fmt: skip
FLOWS = (REVIEW, REFERRAL, RETURN, GUEST)
