"""What becomes of a case's rows when two records of one organisation, or of one person, are put together."""

from partnership.directory.merging.rows import register_agency_rows
from partnership.directory.requests.moves import MOVES, STAYS, decide, simply
from reviews.models import AgencyReturn, Coordinator, Extension, Guest, Referral


def follow_agencies():
    """What is asked, owed and found moves to the organisation that is kept; who said something then stays."""
    register_agency_rows("reviews.AgencyReturn", "subject", moves=True, why="it speaks of the one that is kept")
    register_agency_rows("reviews.AgencyReturn", "agency", moves=True, why="its author belongs to the one that is kept")
    why = "what was asked and decided stands under the one that is kept"
    for name in ("Extension", "Clearance"):
        register_agency_rows(f"reviews.{name}", "agency", moves=True, why=why)
    register_agency_rows("reviews.Coordinator", "agency", moves=True, why="its person belongs to the one kept")
    register_agency_rows("reviews.Entry", "agency", moves=True, why="its entries stand under the one that is kept")
    register_agency_rows("reviews.Notification", "authority", moves=True, why="who notified is the one that is kept")
    register_agency_rows("reviews.Referral", "agency", moves=True, why="who referred is the one that is kept")
    register_agency_rows("reviews.Consideration", "authority", moves=True, why="whose duty it is, is the one kept")
    register_agency_rows("reviews.CriteriaView", "agency", moves=False, why="a view says who gave it on that day")
    register_agency_rows("reviews.SignOff", "agency", moves=False, why="a signature says who signed on that day")

    register_agency_rows("reviews.LeadTold", "agency", moves=False, why="it says whose lead was told on that day")

    for name in ("Episode", "SafetyAction", "Recommendation"):
        why = "what was found concerns the one that is kept"
        register_agency_rows(f"reviews.{name}", "agencies", moves=True, why=why)


def decide_about_doubles():
    """When two records of one person are put together: an author stays an author, what somebody did stays as it was."""
    for key, words in (
        ("signer", "returns to sign"),
        ("helper", "returns that they help to write"),
        ("coordinator", "returns that they co-ordinate"),
    ):
        decide(f"reviews.AgencyReturn.{key}", MOVES, what=words, **simply(AgencyReturn, key))
    decide("reviews.Coordinator.user", MOVES, what="bodies that they co-ordinate", **simply(Coordinator, "user"))
    decide("reviews.Referral.referrer", MOVES, what="referrals", **simply(Referral, "referrer"))
    decide("reviews.AgencyReturn.author", MOVES, what="returns to agencies’ requests", **simply(AgencyReturn, "author"))
    decide("reviews.Extension.author", MOVES, what="requests for more time", **simply(Extension, "author"))
    decide("reviews.Guest.user", MOVES, what="invitations to one request", **simply(Guest, "user"))
    for key in (
        "Guest.called_by",
        "Extension.asked_by",
        "Extension.decided_by",
        "Contact.by",
        "Clearance.by",
        "RequestLetter.author",
        "Review.opened_by",
        "Referral.recorded_by",
        "Referral.decided_by",
        "Outcome.recorded_by",
        "Proceeding.changed_by",
        "Interest.changed_by",
        "ReviewLink.made_by",
        "Entry.recorded_by",
        "EntryNote.by",
        "Intake.by",
        "Disclosure.changed_by",
        "FamilyContact.changed_by",
        "CriteriaView.signer",
        "CriteriaView.recorded_by",
        "AgencyReturn.asked_by",
        "AgencyReturn.recorded_by",
        "ReturnVersion.author",
        "ReturnVersion.signer",
        "ReturnVersion.recorded_by",
        "ReturnPassage.added_by",
        "ReturnFile.added_by",
        "Coordinator.named_by",
        "Coordinator.ended_by",
        "ReportSection.saved_by",
        "ScrutinyComment.by",
        "Pack.made_by",
        "Decision.recorded_by",
        "SignOff.signer",
        "SignOff.recorded_by",
        "LeadTold.recorded_by",
        "Sending.sent_by",
        "SendingCorrection.corrected_by",
        "Episode.changed_by",
        "SafetyAction.changed_by",
        "Recommendation.changed_by",
        "ReviewTheme.chosen_by",
        "PanelReply.recorded_by",
        "PanelReply.answered_by",
        "ReplyCorrection.recorded_by",
        "ReplyCorrection.corrected_by",
        "Closing.closed_by",
        "Closing.reopened_by",
        "NotificationWithdrawal.recorded_by",
        "LegalHold.set_by",
        "LegalHold.lifted_by",
    ):
        decide(f"reviews.{key}", STAYS)
