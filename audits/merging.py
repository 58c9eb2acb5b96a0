"""What becomes of returns and answers when two records of one organisation, or of one person, are put together."""

from partnership.directory.merging.rows import register_agency_rows
from partnership.directory.requests.moves import STAYS, decide

OF_A_RETURN = ("Answer", "Extension", "Signature", "Submission", "Reminder")
# Who changed, asked, signed and sent then.
PEOPLE = (
    *("Answer.changed_by", "Evidence.added_by", "Extension.asked_by", "Extension.decided_by", "QuestionSet.changed_by"),
    *("Reminder.by", "Round.changed_by", "Rung.changed_by", "Section.changed_by", "SetVersion.changed_by"),
    *("Signature.asked_by", "Signature.recorded_by", "Signature.user", "Slice.changed_by", "Submission.submitted_by"),
    *("TrustAnswer.changed_by", "Window.changed_by", "Wording.changed_by"),
)


def register():
    # Where both have a return in a round, each stays with its record whole: the one that goes is read in its history.
    register_agency_rows("audits.AuditReturn", "agency", moves=True, why="the one that is kept owes it")
    register_agency_rows(
        "audits.AuditReturn", "trust", moves=True, why="its schools are found under the one that is kept"
    )
    for name in OF_A_RETURN:
        why = "it goes with the return"
        register_agency_rows(f"audits.{name}", "agency", moves=True, why=why, along="audit_return")
    register_agency_rows("audits.Shown", "agency", moves=True, why="it goes with the answer", along="answer")
    for name in ("Evidence", "TrustAnswer"):
        register_agency_rows(f"audits.{name}", "agency", moves=True, why="it is the one’s that is kept")
    for key in PEOPLE:
        decide(f"audits.{key}", STAYS)
