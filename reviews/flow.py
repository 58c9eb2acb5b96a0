"""Statuses and the tables of steps; docs/flows/ holds their drawings."""

from partnership.access.flow import Flow, Step
from partnership.people.roles import Perm
from reviews.models import AgencyReturn, Extension, Guest, Referral, Review

R, A, F, E, G = Review.Status, AgencyReturn.Status, Referral.Status, Extension.Status, Guest.Status

# A statutory sending is warned about, never blocked: it starts from every status of a review that goes on.
REVIEW = Flow(
    "review",
    notify=Step((R.CONSIDERED,), R.OPEN, Perm.REVIEW_MANAGE, "Record the notification"),
    note=Step((R.CONSIDERED,), R.NOTED, Perm.REVIEW_MANAGE, "Record the notification, no rapid review"),
    begin=Step((R.NOTED,), R.OPEN, Perm.REVIEW_MANAGE, "Begin the rapid review"),
    close=Step((R.CONSIDERED,), R.CLOSED, Perm.REVIEW_MANAGE, "Record that nobody notifies"),
    consider=Step((R.CLOSED,), R.CONSIDERED, Perm.REVIEW_MANAGE, "Consider it again"),
    decide=Step((R.OPEN, R.DECIDED), R.DECIDED, Perm.DECIDE, "Record the decision"),
    send=Step((R.OPEN, R.DECIDED), R.SENT, Perm.SEND, "Record that it was sent"),
    withdraw=Step((R.OPEN, R.DECIDED), R.WITHDRAWN, Perm.REVIEW_MANAGE, "Record that the notification was withdrawn"),
    renotify=Step((R.WITHDRAWN,), R.OPEN, Perm.REVIEW_MANAGE, "Record the new notification"),
    finish=Step((R.SENT, R.WITHDRAWN), R.FINISHED, Perm.REVIEW_CLOSE, "Close this review"),
    reopen=Step((R.FINISHED,), R.SENT, Perm.REVIEW_CLOSE, "Reopen this review"),
    reopen_withdrawn=Step((R.FINISHED,), R.WITHDRAWN, Perm.REVIEW_CLOSE, "Reopen this review"),
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
    finish=Step((A.ASKED,), A.TO_SIGN, Perm.RETURN_SUBMIT, "Ask for the signature"),
    submit=Step((A.ASKED,), A.SUBMITTED, Perm.RETURN_SUBMIT, "Declare and submit"),
    sign=Step((A.TO_SIGN,), A.SUBMITTED, Perm.RETURN_SIGN, "Sign the return"),
    give_back=Step(
        (A.TO_SIGN,), A.ASKED, Perm.RETURN_SIGN, "Give it back", needs="signer_note", ask="Say what should be changed."
    ),
    take_back=Step((A.TO_SIGN,), A.ASKED, Perm.RETURN_SUBMIT, "Take it back and write on"),
    record=Step((A.ASKED,), A.SUBMITTED, Perm.RETURN_REQUEST, "Record what came another way"),
    change=Step(
        (A.SUBMITTED,), A.ASKED, Perm.RETURN_SUBMIT, "Change the return",
        needs="change_reason", ask="Say why it must be changed.",
    ),
    send_back=Step(
        (A.SUBMITTED,), A.ASKED, Perm.RETURN_REQUEST, "Send back", needs="note", ask="Say what the author should add."
    ),
    withdraw=Step(
        (A.ASKED, A.TO_SIGN), A.WITHDRAWN, Perm.RETURN_REQUEST, "Withdraw the request", needs="note", ask="Say why."
    ),
)  # fmt: skip

EXTENSION = Flow(
    "extension",
    grant=Step((E.WAITING,), E.GRANTED, Perm.RETURN_REQUEST, "Give more time"),
    refuse=Step(
        (E.WAITING,), E.REFUSED, Perm.RETURN_REQUEST, "Refuse",
        needs="answer", ask="Say why: the author reads it.",
    ),
)  # fmt: skip

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
FLOWS = (REVIEW, REFERRAL, RETURN, EXTENSION, GUEST)
