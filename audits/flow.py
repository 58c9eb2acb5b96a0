"""Statuses of question sets, rounds, returns, signatures and more time, and the tables of their steps; docs/flows/
holds the drawings."""

from audits.models import AuditReturn, Extension, Round, SetVersion, Signature
from partnership.access.flow import Flow, Step
from partnership.people.roles import Perm

V, R, A = SetVersion.Status, Round.Status, AuditReturn.Status
S, E = Signature.Status, Extension.Outcome

SET_VERSION = Flow(
    "question_set",
    use=Step((V.DRAFT,), V.IN_USE, Perm.AUDIT_SETS, "Put it into use"),
    retire=Step((V.IN_USE,), V.RETIRED, Perm.AUDIT_SETS, "Use it no longer"),
)

ROUND = Flow(
    "audit_round",
    open=Step((R.PLANNED,), R.OPEN, Perm.AUDIT_RUN, "Send it out"),
    discard=Step((R.PLANNED,), R.DISCARDED, Perm.AUDIT_RUN, "Discard it"),
    close=Step((R.OPEN,), R.CLOSED, Perm.AUDIT_RUN, "Close the round"),
    reopen=Step((R.CLOSED,), R.OPEN, Perm.AUDIT_RUN, "Open it again"),
)

RETURN = Flow(
    "audit_return",
    begin=Step((A.ASKED,), A.BEGUN, Perm.ANSWERS_WRITE, "Begin"),
    sign=Step((A.BEGUN,), A.SIGNING, Perm.ANSWERS_SIGN, "Sign, and ask the next to sign"),
    back=Step((A.SIGNING,), A.BEGUN, Perm.ANSWERS_SIGN, "Take it back to change it"),
    submit=Step((A.SIGNING,), A.SUBMITTED, Perm.ANSWERS_SIGN, "Submit"),
    give_back=Step((A.SUBMITTED,), A.BEGUN, Perm.AUDIT_RUN, "Give it back to be changed"),
    excuse=Step(
        AuditReturn.OWES, A.EXCUSED, Perm.AUDIT_RUN, "It owes no return",
        needs="why_excused", ask="Say why it owes no return.",
    ),
    ask_again=Step((A.EXCUSED,), A.ASKED, Perm.AUDIT_RUN, "Ask it after all"),
)  # fmt: skip

SIGNATURE = Flow(
    "audit_signature",
    sign=Step((S.ASKED,), S.SIGNED, Perm.ANSWERS_SIGN, "Sign"),
    send_back=Step(
        (S.ASKED,), S.SENT_BACK, Perm.ANSWERS_SIGN, "Send it back", needs="note", ask="Say what has to be put right."
    ),
    drop=Step((S.ASKED, S.SIGNED), S.DROPPED, Perm.ANSWERS_SIGN, "Ask no longer"),
)

EXTENSION = Flow(
    "audit_extension",
    field="outcome",
    give=Step((E.WAITING,), E.GIVEN, Perm.AUDIT_RUN, "Give more time"),
    refuse=Step(
        (E.WAITING,), E.REFUSED, Perm.AUDIT_RUN, "Do not give it", needs="words", ask="Say why: whoever asked reads it."
    ),
    # Whoever submits, excuses or closes has been asked for the power of that.
    end=Step((E.WAITING,), E.ENDED, Perm.ANSWERS_VIEW, "It is needed no longer"),
)

FLOWS = (SET_VERSION, ROUND, RETURN, SIGNATURE, EXTENSION)
