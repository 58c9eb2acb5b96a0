"""What the wing tells the floors: its place in the navigation, its long work, its sentences, its open work."""

from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from partnership.access.context import add_to_navigation, register_folder_page
from partnership.access.mine import Named, register_named
from partnership.access.open_work import register_open_work
from partnership.access.provision import register_setup
from partnership.access.story import register_sentences
from partnership.access.work import Work, register_work
from partnership.deadlines.registry import register_own
from partnership.deadlines.rules import RAPID_REVIEW
from partnership.deadlines.subjects import register_subject
from partnership.directory.merging.rows import register_agency_rows
from partnership.jobs.services import Kind
from partnership.jobs.services import register as register_job
from partnership.notify.kinds import register_bounced
from partnership.notify.reconciling import register_invariant
from partnership.people.roles import Perm
from partnership.ui.dates import plain

SENTENCES = {
    "referral_given": "recorded a referral of {agency}",
    "referral_take": "took a referral on",
    "referral_decline": "did not take a referral on",
    "referral_withdraw": "took a referral back",
    "council_aware": "recorded when {agency} became aware",
    "criteria_view_given": "gave the view of the {seat} on the criteria",
    "review_notify": "recorded the notification to the Panel",
    "review_note": "recorded the notification; no rapid review follows",
    "review_begin": "began the rapid review",
    "review_close": "recorded that nobody notifies",
    "review_consider": "took it up again",
    "review_opened": "recorded the notification to the Panel and opened the review",
    "notification_corrected": "corrected the times of the notification",
    "child_added": "added a child",
    "child_changed": "changed what is known of a child",
    "notification_changed": "changed what was notified",
    "proceeding_added": "recorded a proceeding beside the review",
    "proceeding_changed": "changed a proceeding beside the review",
    "interest_added": "recorded another area’s interest",
    "interest_changed": "changed another area’s interest",
    "review_linked": "linked it to another review",
    "review_unlinked": "took off the link to another review",
    "disclosure_asked": "recorded a request for material",
    "disclosure_changed": "changed a request for material",
    "disclosure_decided": "recorded what is decided about a request for material",
    "disclosure_left": "recorded what material left",
    "contact_planned": "recorded contact planned with family or a witness",
    "contact_changed": "changed what is recorded of contact with family or a witness",
    "analysis_saved": "changed the analysis",
    "return_asked": "asked {agency} for a return, written by {user}",
    "outside_asked": "entered a request to a body outside the directory",
    "guest_call": "recorded a call-back to a guest",
    "guest_invite": "sent a guest the invitation",
    "guest_sent_again": "sent a guest the invitation again",
    "guest_wrong_code": "a guest’s invitation was opened and a wrong code typed",
    "guest_join": "came in as a guest, to answer one request",
    "guest_block": "blocked a guest’s access",
    "guest_end": "ended a guest’s access",
    "return_saved": "saved a return",
    "return_reassigned": "gave the return of {agency} to {user}",
    "return_submit": "submitted a return",
    "return_send_back": "sent a return back to its author",
    "return_withdraw": "withdrew a request",
    "review_decide": "recorded the decision",
    "decision_signed": "signed the decision for the {seat}: {stance}",
    "silence_recorded": "recorded that the {seat} has not answered",
    "review_send": "recorded that the report was sent to the Panel",
    "sending_corrected": "corrected the time at which the report was sent",
    "entry_added": "added an entry to the chronology",
    "entry_noted": "put a note beside an entry of the chronology",
    "entry_withdrawn": "withdrew an entry of the chronology as wrong",
    "chronology_received": "sent {count} rows in for the chronology",
    "chronology_taken": "added {count} rows to the chronology",
    "chronology_discarded": "discarded rows for the chronology",
    "finding_added": "added a {kind}",
    "finding_changed": "changed a {kind}",
    "finding_removed": "took off a {kind}",
    "finding_moved": "changed the order of what was found",
    "themes_chosen": "chose the themes",
    "meeting_planned": "planned the rapid review meeting",
    "meeting_changed": "changed when or where the meeting is",
    "meeting_invited": "invited somebody to the meeting",
    "meeting_uninvited": "took an invitation to the meeting back",
    "meeting_attended": "recorded who came to the meeting",
    "meeting_noted": "changed the notes of the meeting",
    "panel_replied": "recorded the Panel’s reply: {code}",
    "panel_answered": "recorded our answer to the Panel",
    "report_sent": "recorded the hash of the file that was sent",
}


def register():
    from reviews import clocks, notices, open_work, sending
    from reviews.chronology import exporting
    from reviews.guests import letters
    from reviews.models import AgencyReturn, Review, Sending

    register_agency_rows("reviews.AgencyReturn", "subject", moves=True, why="it speaks of the one that is kept")
    register_agency_rows("reviews.AgencyReturn", "agency", moves=True, why="its author belongs to the one that is kept")
    register_agency_rows("reviews.Entry", "agency", moves=True, why="its entries stand under the one that is kept")
    register_agency_rows("reviews.Notification", "authority", moves=True, why="who notified is the one that is kept")
    register_agency_rows("reviews.Referral", "agency", moves=True, why="who referred is the one that is kept")
    register_agency_rows("reviews.Consideration", "authority", moves=True, why="whose duty it is, is the one kept")
    register_agency_rows("reviews.CriteriaView", "agency", moves=False, why="a view says who gave it on that day")
    register_agency_rows("reviews.SignOff", "agency", moves=False, why="a signature says who signed on that day")

    for name in ("Episode", "SafetyAction", "Recommendation"):
        why = "what was found concerns the one that is kept"
        register_agency_rows(f"reviews.{name}", "agencies", moves=True, why=why)

    add_to_navigation("Case reviews", "reviews:reviews", Perm.REVIEW_LIST, order=20)
    add_to_navigation("Report an incident", "reviews:start", Perm.REFER, order=21)
    add_to_navigation("Timeliness", "reviews:timeliness", Perm.TIMELINESS_TOTALS, order=22)
    register_folder_page("review", "reviews:of_folder", pages_of_review)
    notices.register_notices()
    letters.register()
    register_bounced(letters.came_back)
    register_sentences(SENTENCES, saved_as_typed=("analysis_saved", "return_saved", "meeting_noted"))
    register_setup("start_clocks")
    decide_about_doubles()
    register_work(returns_of_author)
    register_work(guests_to_ring)
    register_named(returns_that_name)
    register_work(referrals_that_wait)
    register_named(referrals_that_name)
    register_work(reviews_to_carry)
    register_open_work(open_work.returns_to_write, order=20)
    register_open_work(open_work.seats_to_sign, order=30)
    register_invariant(
        "return_of_a_closed_account",
        "A return is owed by somebody whose account was closed.",
        "SELECT r.id FROM reviews_agencyreturn r JOIN people_user u ON u.id = r.author_id"
        " WHERE r.status = 'asked' AND r.agency_id IS NOT NULL AND u.closed_at IS NOT NULL",
        advice="Ask the organisation’s lead, or the business unit, to give the return to somebody else.",
    )
    register_own(RAPID_REVIEW, *clocks.NOTICE.values(), clocks.AGENCY_RETURN, clocks.PANEL)
    register_subject(Review._meta.label_lower, clocks.describe_reviews)
    register_subject(Sending._meta.label_lower, clocks.describe_sendings)
    register_subject(AgencyReturn._meta.label_lower, clocks.describe_returns)
    register_job(
        "review_report",
        Kind(
            title="Rapid review report",
            model=Review,
            perm=Perm.REPORT_MAKE,
            make=sending.make_report,
            keep=sending.keep_report,
            result_url="documents:download",
            back_url="reviews:review",
        ),
    )

    for kind, title, make, words in (
        ("pdf", "Chronology as PDF", exporting.make_pdf, "Download the PDF"),
        ("xlsx", "Chronology as a spreadsheet", exporting.make_xlsx, "Download the spreadsheet"),
    ):
        register_job(
            f"chronology_{kind}",
            Kind(
                title=title,
                model=Review,
                perm=Perm.REPORT_MAKE,
                make=make,
                keep=exporting.keeper(kind),
                result_url="documents:download",
                back_url="reviews:chronology",
                result_words=words,
            ),
        )


def decide_about_doubles():
    """When two records of one person are put together: an author stays an author, what somebody did stays as it was."""
    from partnership.directory.requests.moves import MOVES, STAYS, decide, simply
    from reviews.models import AgencyReturn, Guest, Referral

    decide("reviews.Referral.referrer", MOVES, what="referrals", **simply(Referral, "referrer"))
    decide("reviews.AgencyReturn.author", MOVES, what="returns to agencies’ requests", **simply(AgencyReturn, "author"))
    decide("reviews.Guest.user", MOVES, what="invitations to one request", **simply(Guest, "user"))
    for key in (
        "Guest.called_by",
        "Review.opened_by",
        "Referral.recorded_by",
        "Referral.decided_by",
        "Consideration.decided_by",
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
        "Analysis.saved_by",
        "Decision.recorded_by",
        "SignOff.signer",
        "SignOff.recorded_by",
        "Sending.sent_by",
        "SendingCorrection.corrected_by",
        "Episode.changed_by",
        "SafetyAction.changed_by",
        "Recommendation.changed_by",
        "ReviewTheme.chosen_by",
        "Meeting.changed_by",
        "Meeting.notes_saved_by",
        "Invitee.user",
        "Invitee.invited_by",
        "Invitee.recorded_by",
        "PanelReply.recorded_by",
        "PanelReply.answered_by",
    ):
        decide(f"reviews.{key}", STAYS)


def referrals_that_wait(user):
    """The referrals that this person decides about, and the outcome of her own."""
    from reviews.models import Referral

    rows = Referral.objects.allowing(user, Perm.REFERRAL_DECIDE).filter(status=Referral.Status.WAITING)
    for row in rows.select_related("agency"):
        url = reverse("reviews:referral", args=[row.pk])
        shared = {"folder_id": row.folder_id, "perm": Perm.REFERRAL_VIEW}
        yield Work(f"Say whether the referral of {row.agency.name} is taken on", url, row.case_word, **shared)
    mine = Referral.objects.allowing(user, Perm.REFERRAL_WITHDRAW).filter(referrer_id=user.pk)
    for row in mine.order_by("-recorded_at", "id"):
        url, note = reverse("reviews:referral", args=[row.pk]), row.get_status_display().lower()
        done = row.status != Referral.Status.WAITING
        yield Work("Your referral to the partnership", url, row.case_word, note=note, owed=False, done=done)


def referrals_that_name(user):
    """For 'What you may see': what this person referred."""
    from reviews.models import Referral

    rows = Referral.objects.allowing(user, Perm.REFERRAL_WITHDRAW).filter(referrer_id=user.pk).order_by("recorded_at")
    for row in rows:
        url = reverse("reviews:referral", args=[row.pk])
        yield Named("Your referral", row.case_word, url, "You referred it", row.recorded_at)


def returns_of_author(user):
    """The requests that wait for this person as named author, and what they have submitted, newest first."""
    from reviews.models import AgencyReturn

    rows = AgencyReturn.objects.allowing(user, Perm.RETURN_EDIT).filter(author_id=user.pk)
    for row in rows.select_related("agency").order_by("-submitted_at", "id"):
        url = reverse("reviews:agency_return", args=[row.pk])
        if row.status == AgencyReturn.Status.SUBMITTED:
            yield Work(
                f"Return of {row.body}",
                url,
                row.case_word,
                done=True,
                note=f"submitted {_on(row.submitted_at)}",
            )
        else:
            back = f"Sent back to you {_on(row.sent_back_at)}: {Truncator(row.note).words(40)}" if row.came_back else ""
            shared = {"folder_id": row.folder_id, "perm": Perm.RETURN_VIEW}
            yield Work(f"Return of {row.body}", url, row.case_word, row.due_on, back, **shared)


def guests_to_ring(user):
    """Those outside the directory whom somebody on the case has still to ring, or to send the invitation."""
    from reviews.models import Guest

    rows = Guest.objects.allowing(user, Perm.RETURN_REQUEST).select_related("row")
    words = {
        Guest.Status.NAMED: "Ring {}, and record the call-back",
        Guest.Status.CALLED_BACK: "Send the invitation to {}",
    }
    for guest in rows.filter(status__in=words):
        url, shared = reverse("reviews:guest", args=[guest.pk]), {"folder_id": guest.folder_id}
        what = words[guest.status].format(guest.row.body)
        yield Work(what, url, guest.row.case_word, guest.row.due_on, perm=Perm.RETURN_REQUEST, **shared)


def returns_that_name(user):
    """For 'What you may see': the returns of which this person is the named author."""
    from reviews.models import AgencyReturn

    rows = AgencyReturn.objects.allowing(user, Perm.RETURN_VIEW).filter(author_id=user.pk).select_related("agency")
    for row in rows.order_by("asked_at", "id"):
        url = reverse("reviews:agency_return", args=[row.pk])
        yield Named(f"Return of {row.body}", row.case_word, url, "You are its named author", row.asked_at)


def _on(moment):
    return f"on {plain(timezone.localtime(moment))}"


def reviews_to_carry(user):
    """What the open reviews ask of those on them: to send, to sign; and what has come in."""
    from partnership.people.services import acts_as_partner
    from reviews import reads
    from reviews.clocks import SIGNED, step_days
    from reviews.models import AgencyReturn, Decision, Review, SignOff

    rows = list(reads.list_of_reviews(user).filter(status__in=(Review.Status.OPEN, Review.Status.DECIDED)))
    if not rows:
        return
    held = reads.powers(user, rows)
    clocks = reads.list_clocks(user, rows)
    seats = {duty.agency.partner_seat for duty in acts_as_partner(user)}
    decisions = {}
    for decision in Decision.objects.visible_to(user).filter(review__in=rows).order_by("number"):
        decisions[decision.review_id] = decision
    signed = set(
        SignOff.objects.visible_to(user)
        .filter(decision__in=decisions.values())
        .exclude(stance=SignOff.Stance.SILENT)
        .values_list("decision_id", "seat")
    )
    days = step_days(user, decisions, SIGNED) if seats else {}
    came_in = AgencyReturn.objects.visible_to(user).filter(review__in=rows, status=AgencyReturn.Status.SUBMITTED)
    for review in (each for each in rows if each.pk in clocks):
        case, url, clock = (
            review.folder.reference,
            reverse("reviews:review", args=[review.pk]),
            clocks[review.pk],
        )
        shared = {"folder_id": review.folder_id, "perm": Perm.REVIEW_VIEW}
        if Perm.SEND in held[review.pk]:
            yield Work("Send the rapid review to the Panel", url, case, clock.due_on, clock.progress, **shared)
        decision = decisions.get(review.pk)
        if decision and Perm.SIGN_OFF in held[review.pk] and any((decision.pk, seat) not in signed for seat in seats):
            due_on = days.get((review.pk, SIGNED), clock.due_on)
            yield Work("Sign the decision", reverse("reviews:sign_off", args=[review.pk]), case, due_on, **shared)
        elif Perm.SEND not in held[review.pk]:
            yield Work("Rapid review", url, case, clock.due_on, clock.progress, owed=False, **shared)
    for row in came_in.select_related("agency"):
        if row.author_id != user.pk:
            yield Work(
                f"Return of {row.body} has come in",
                reverse("reviews:agency_return", args=[row.pk]),
                row.case_word,
                owed=False,
                folder_id=row.folder_id,
                perm=Perm.RETURN_VIEW,
            )


def pages_of_review(user, folder, held):
    """The tabs of a review's own pages. A review opens by its folder alone, so `held` is what is held on both."""
    from reviews.models import Review

    if Perm.REVIEW_VIEW not in held:
        return
    # The review's own pages reached the folder through it: they ask no second time.
    loaded = folder._state.fields_cache.get("review")
    row = loaded or Review.objects.visible_to(user).only("pk", "status").get(folder=folder)
    pk = row.pk
    if row.runs:
        yield "Overview", "reviews:review", pk
    else:
        yield "Consideration", "reviews:consideration", pk
    if row.runs or row.status == Review.Status.NOTED:
        yield "Notification", "reviews:notification", pk
    if row.runs:
        yield "Chronology", "reviews:chronology", pk
    yield "Around the case", "reviews:around", pk
    if row.runs:
        yield "Meeting", "reviews:meeting", pk
        yield "Findings", "reviews:findings", pk
        yield "The Panel", "reviews:panel", pk
    yield "Disclosure and contact", "reviews:disclosures", pk
    if Perm.IDENTITY_SEARCH in held:
        yield "Identities", "reviews:identities", pk
