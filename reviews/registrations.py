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
from partnership.documents.hooks import hold_back
from partnership.jobs.services import Kind
from partnership.jobs.services import register as register_job
from partnership.notify.kinds import register_bounced
from partnership.notify.reconciling import register_invariant
from partnership.notify.watch import expect_heartbeat
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
    "review_withdraw": "recorded that the council withdrew its notification",
    "review_renotify": "recorded a new notification, which takes it up again",
    "review_finish": "closed the review",
    "review_reopen": "reopened the review",
    "review_reopen_withdrawn": "reopened the review",
    "notified_again": "recorded the times of the new notification",
    "hold_set": "set a legal hold",
    "hold_lifted": "lifted a legal hold",
    "drafts_disposed": "disposed of {count} of what is kept for a time only ({kind})",
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
    "analysis_saved": "changed the analysis",  # of reports from before their sections
    "section_written": "wrote in a section of the report",
    "section_drafted": "drafted a section of the report from the sources",
    "scrutiny_commented": "commented on the report as independent scrutineer",
    "pack_made": "made a pack for the meeting",
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
    "return_finish": "finished a return and asked for its signature",
    "return_submit": "declared and submitted a return",
    "return_sign": "signed a return",
    "return_give_back": "gave a return back to its author unsigned",
    "return_take_back": "took a return back to write on",
    "return_signer_changed": "asked {user} to sign a return instead",
    "return_record": "recorded a return that was given another way",
    "return_change": "began to change a return that was submitted",
    "return_helper_named": "let {user} help with a return",
    "return_helper_off": "ended the help of {user} with a return",
    "return_file_added": "added a file to a return",
    "return_file_off": "took a file off a return",
    "return_passage_added": "added a marked passage to a return",
    "return_passage_off": "took a marked passage off a return",
    "coordinator_named": "named {user} as co-ordinator of {agency}",
    "coordinator_off": "took {user} off as co-ordinator of {agency}",
    "return_send_back": "sent a return back to its author",
    "return_withdraw": "withdrew a request",
    "extension_asked": "asked for more time for the return of {agency}",
    "extension_grant": "gave a return more time",
    "extension_refuse": "gave a return no more time",
    "closure_cleared": "decided about a request to {agency}, which was closed",
    "letter_made": "made the letter to {agency}",
    "return_chased": "reminded {agency} of its return",
    "return_called": "recorded a telephone call with {agency}",
    "review_decide": "recorded the decision",
    "decision_signed": "signed the decision for the {seat}: {stance}",
    "silence_recorded": "recorded that the {seat} has not answered",
    "lead_told": "recorded that the lead partner of {agency} was told of decision {decision}",
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
    "panel_reply_corrected": "corrected what is recorded of the Panel’s reply",
    "panel_answer_corrected": "corrected what is recorded of our answer to the Panel",
    "meeting_chaired": "recorded who chairs the meeting",
    "report_sent": "recorded the hash of the file that was sent",
}


def register():
    from partnership.documents.hooks import on_refused
    from reviews import clocks, notices, open_work, own_account, sending
    from reviews.answering import notices as answering_notices
    from reviews.answering.beside import KIND
    from reviews.asking import exporting as asking
    from reviews.asking import letters
    from reviews.chronology import exporting
    from reviews.guests import letters as guest_letters
    from reviews.models import AgencyReturn, Pack, Review, Sending
    from reviews.packs import services as packs

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

    add_to_navigation("Case reviews", "reviews:reviews", Perm.REVIEW_LIST, order=20)
    add_to_navigation("Report an incident", "reviews:start", Perm.REFER, order=21)
    add_to_navigation("Timeliness", "reviews:timeliness", Perm.TIMELINESS_TOTALS, order=22)
    register_folder_page("review", "reviews:of_folder", pages_of_review)
    notices.register_notices()
    answering_notices.register_notices()
    on_refused(KIND)(answering_notices.tell_file_withdrawn)
    guest_letters.register()
    register_bounced(guest_letters.came_back)
    register_sentences(SENTENCES, saved_as_typed=("section_written", "return_saved", "meeting_noted"))
    register_setup("start_clocks")
    decide_about_doubles()
    register_work(returns_of_author)
    register_work(extensions_to_answer)
    register_work(bodies_to_ask)
    register_work(returns_of_others)
    register_work(guests_to_ring)
    register_named(returns_that_name)
    register_work(referrals_that_wait)
    register_named(referrals_that_name)
    register_work(reviews_to_carry)
    register_work(cases_to_consider)
    register_open_work(open_work.returns_to_write, order=20)
    register_open_work(open_work.returns_to_sign, order=21)
    register_open_work(open_work.seats_to_sign, order=30)
    register_invariant(
        "return_of_a_closed_account",
        "A return is owed by somebody whose account was closed, or waits for their signature.",
        "SELECT r.id FROM reviews_agencyreturn r JOIN people_user u ON u.id = r.author_id"
        " OR (u.id = r.signer_id AND r.status = 'to_sign')"
        " WHERE r.status IN ('asked', 'to_sign') AND r.agency_id IS NOT NULL AND u.closed_at IS NOT NULL",
        advice="Ask the organisation’s lead, or the business unit, to give the return to somebody else.",
    )
    hold_back(own_account.versions_withheld, own_account.FILE)
    register_own(RAPID_REVIEW, *clocks.NOTICE.values(), clocks.AGENCY_RETURN, clocks.PANEL)
    register_own("drafts_disposed", "rows_left_lying", "case_file_kept")
    expect_heartbeat("drafts", "The disposal of drafts", minutes=150)
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

    for code, label in Pack.Audience.choices:
        register_job(
            f"pack_{code}",
            Kind(
                title=f"Pack for the meeting: {label.lower()}",
                model=Review,
                perm=Perm.REPORT_MAKE,
                make=packs.maker(code),
                keep=packs.keeper(code),
                result_url="documents:download",
                back_url="reviews:meeting",
                result_words="Download the pack",
                back_words="The meeting",
                why_not=own_account.why_no_result,
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
                why_not=own_account.why_no_result,
            ),
        )

    for kind, title, make, words in (
        ("pdf", "Returns that are not in, as PDF", asking.make_pdf, "Download the PDF"),
        ("xlsx", "Returns that are not in, as a spreadsheet", asking.make_xlsx, "Download the spreadsheet"),
    ):
        register_job(
            f"outstanding_{kind}",
            Kind(
                title=title,
                model=Review,
                perm=Perm.REPORT_MAKE,
                make=make,
                keep=asking.keeper(kind),
                result_url="documents:download",
                back_url="reviews:outstanding",
                result_words=words,
            ),
        )

    register_job(
        "request_letters",
        Kind(
            title="Letters of the requests",
            model=Review,
            perm=Perm.RETURN_REQUEST,
            make=letters.make_letters,
            keep=letters.keep_letters,
            result_url="reviews:letters",
            back_url="reviews:letters",
            result_words="See the letters",
        ),
    )


def decide_about_doubles():
    """When two records of one person are put together: an author stays an author, what somebody did stays as it was."""
    from partnership.directory.requests.moves import MOVES, STAYS, decide, simply
    from reviews.models import AgencyReturn, Coordinator, Extension, Guest, Referral

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
        "Meeting.changed_by",
        "Meeting.notes_saved_by",
        "Invitee.user",
        "Invitee.invited_by",
        "Invitee.recorded_by",
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


def cases_to_consider(user):
    """The cases whose council has still to say when it became aware: until then nothing is counted."""
    from reviews.models import Review

    rows = Review.objects.allowing(user, Perm.REVIEW_MANAGE).filter(
        status=Review.Status.CONSIDERED, consideration__aware_at=None
    )
    for row in rows.select_related("folder"):
        url, shared = reverse("reviews:council_aware", args=[row.pk]), {"folder_id": row.folder_id}
        note = "The days to notify are not counted yet."
        case = row.folder.reference
        yield Work("Record when the council became aware", url, case, note=note, perm=Perm.REVIEW_VIEW, **shared)


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
    for row in rows.select_related("agency", "signer").order_by("-submitted_at", "id"):
        url = reverse("reviews:agency_return", args=[row.pk])
        if row.status == AgencyReturn.Status.TO_SIGN:
            note = f"{row.signer.name} is asked to sign it"
            yield Work(f"Return of {row.body}", url, row.case_word, row.due_on, note, owed=False)
        elif row.status == AgencyReturn.Status.SUBMITTED:
            yield Work(
                f"Return of {row.body}",
                url,
                row.case_word,
                done=True,
                note=f"submitted {_on(row.submitted_at)}",
            )
        else:
            back = _why_back(row)
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


def extensions_to_answer(user):
    """Authors who wait to hear whether they have more time."""
    from reviews.asking.reads import to_answer

    for each in to_answer(user):
        url, title = reverse("reviews:answer_extension", args=[each.pk]), "Say whether {} has more time for its return"
        shared = {"folder_id": each.folder_id, "perm": Perm.RETURN_REQUEST}
        yield Work(title.format(each.row.body), url, each.row.case_word, each.due_before, **shared)


def bodies_to_ask(user):
    """Requests that waited for a body which is open again."""
    from reviews.asking.reads import to_ask_now

    for each in to_ask_now(user):
        url, words = reverse("reviews:ask_agency", args=[each.review_id]), each.folder.reference
        shared = {"folder_id": each.folder_id, "perm": Perm.RETURN_REQUEST}
        yield Work(f"Ask {each.agency.name} for its return: it is open again", url, words, each.opens_on, **shared)


def _why_back(row) -> str:
    if row.given_back:
        return f"Given back to you unsigned {_on(row.given_back_at)}: {Truncator(row.signer_note).words(40)}"
    if row.came_back:
        return f"Sent back to you {_on(row.sent_back_at)}: {Truncator(row.note).words(40)}"
    return "You are changing it" if row.being_changed else ""


def returns_of_others(user):
    """Returns that another writes and this person signs, helps with or keeps in view."""
    from reviews.models import AgencyReturn

    S = AgencyReturn.Status
    rows = AgencyReturn.objects.allowing(user, Perm.RETURN_PART).exclude(author_id=user.pk)
    for row in rows.select_related("agency").order_by("due_on", "id"):
        url, shared = reverse("reviews:agency_return", args=[row.pk]), {"folder_id": row.folder_id}
        shared["perm"] = Perm.RETURN_PART
        if row.signer_id == user.pk and row.status == S.TO_SIGN:
            url = reverse("reviews:sign_return", args=[row.pk])
            yield Work(f"Sign the return of {row.body}", url, row.case_word, row.due_on, **shared)
        elif row.helper_id == user.pk and row.status == S.ASKED:
            yield Work(f"Help with the return of {row.body}", url, row.case_word, row.due_on, **shared)
        elif row.status == S.SUBMITTED:
            note = f"submitted {_on(row.submitted_at)}"
            yield Work(f"Return of {row.body}", url, row.case_word, done=True, note=note)
        else:
            note = row.get_status_display()
            yield Work(f"Return of {row.body}", url, row.case_word, row.due_on, note, owed=False, **shared)


def returns_that_name(user):
    """For 'What you may see': the returns on which this person is named."""
    from reviews.models import AgencyReturn

    rows = AgencyReturn.objects.allowing(user, Perm.RETURN_PART).select_related("agency")
    for row in rows.order_by("asked_at", "id"):
        url = reverse("reviews:agency_return", args=[row.pk])
        why = next(words for name, words in PARTS.items() if getattr(row, f"{name}_id") == user.pk)
        yield Named(f"Return of {row.body}", row.case_word, url, why, row.asked_at)


PARTS = {
    "author": "You are its named author",
    "helper": "You help its author",
    "signer": "You sign it",
    "coordinator": "You co-ordinate the returns of your organisation",
}


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
        if Perm.REPORT_READ in held:
            yield "Report", "reviews:report_sections", folder.pk
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
        yield "Report", "reviews:report_sections", folder.pk
        yield "The Panel", "reviews:panel", pk
    yield "Disclosure and contact", "reviews:disclosures", pk
    yield "What is kept", "reviews:kept", pk
    if Perm.IDENTITY_SEARCH in held:
        yield "Identities", "reviews:identities", pk
