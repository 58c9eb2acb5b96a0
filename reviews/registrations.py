"""What the wing tells the floors: its place in the navigation, its long work, its sentences, its open work."""

from partnership.access.context import add_to_navigation, register_folder_page
from partnership.access.gatherings import register_host
from partnership.access.interests import register_interests
from partnership.access.mine import register_named
from partnership.access.open_work import register_open_work
from partnership.access.owing import register_owed
from partnership.access.parts import register_left, register_parts
from partnership.access.provision import register_setup
from partnership.access.readers import register_readings
from partnership.access.story import register_sentences, register_words
from partnership.access.work import register_work
from partnership.actions.answering.advice import register_adviser
from partnership.actions.sources import register_source
from partnership.deadlines.registry import register_own
from partnership.deadlines.rules import RAPID_REVIEW
from partnership.deadlines.subjects import register_subject
from partnership.documents.hooks import hold_back, on_refused
from partnership.notify.kinds import register_bounced
from partnership.notify.reconciling import register_invariant
from partnership.notify.watch import expect_heartbeat
from partnership.people.roles import Perm
from reviews import (
    clocks,
    interests,
    jobs,
    merging,
    named,
    naming,
    notices,
    open_work,
    own_account,
    searching,
    sentences,
    whom,
    work,
)  # fmt: skip
from reviews.answering import notices as answering_notices
from reviews.answering.beside import KIND
from reviews.findings.actions import SOURCE
from reviews.guests import letters as guest_letters
from reviews.meeting import hosting
from reviews.models import AgencyReturn, Review, Sending
from reviews.packs import reads as packs


def register():
    merging.follow_agencies()
    add_to_navigation("Case reviews", "reviews:reviews", Perm.REVIEW_LIST, order=20)
    add_to_navigation("Report an incident", "reviews:start", Perm.REFER, order=21)
    add_to_navigation("Timeliness", "reviews:timeliness", Perm.TIMELINESS_TOTALS, order=22)
    register_folder_page("review", "reviews:of_folder", pages_of_review)
    register_host("review", hosting.HOST)
    notices.register_notices()
    answering_notices.register_notices()
    on_refused(KIND)(answering_notices.tell_file_withdrawn)
    guest_letters.register()
    register_bounced(guest_letters.came_back)
    register_sentences(sentences.SENTENCES, saved_as_typed=("section_written", "return_saved", "meeting_noted"))
    register_words(**sentences.WORDS)
    register_setup("start_clocks")
    merging.decide_about_doubles()
    register_source(SOURCE)
    register_adviser(naming.advice_in)
    register_work(work.returns_of_author)
    register_work(work.extensions_to_answer)
    register_work(work.bodies_to_ask)
    register_work(work.returns_of_others)
    register_work(work.guests_to_ring)
    register_interests(interests.interests_on_a_review)
    register_parts(named.parts_in_returns)
    register_readings("reviews.agencyreturn", named.returns_by_name, named.PAGES_OF_RETURN)
    register_left(whom.stuck_without)
    register_named(work.returns_that_name)
    register_work(work.referrals_that_wait)
    register_named(work.referrals_that_name)
    register_work(work.reports_to_scrutinise)
    register_work(work.reviews_to_carry)
    register_work(work.cases_to_consider)
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
    register_owed(own_account.OWED)
    hold_back(packs.read_out_only, packs.ALOUD)
    register_own(RAPID_REVIEW, *clocks.NOTICE.values(), clocks.AGENCY_RETURN, clocks.PANEL)
    register_own("drafts_disposed", "rows_left_lying", "case_file_kept")
    expect_heartbeat("drafts", "The disposal of drafts", minutes=150)
    register_subject(Review._meta.label_lower, clocks.describe_reviews)
    register_subject(Sending._meta.label_lower, clocks.describe_sendings)
    register_subject(AgencyReturn._meta.label_lower, clocks.describe_returns)
    jobs.register_jobs()
    searching.register()


ALSO = "Also on this case"


def pages_of_review(user, folder, held):
    """The tabs of a review's own pages. A review opens by its folder alone, so `held` is what is held on both."""
    if Perm.REVIEW_VIEW not in held:
        if Perm.REPORT_READ in held:
            yield "Report", "reviews:report_sections", folder.pk, ""
        return
    # The review's own pages reached the folder through it: they ask no second time.
    loaded = folder._state.fields_cache.get("review")
    row = loaded or Review.objects.visible_to(user).only("pk", "status").get(folder=folder)
    pk = row.pk
    if row.runs:
        yield "Overview", "reviews:review", pk, ""
    else:
        yield "Consideration", "reviews:consideration", pk, ""
    if row.runs or row.status == Review.Status.NOTED:
        yield "Notification", "reviews:notification", pk, ""
    if row.runs:
        yield "Chronology", "reviews:chronology", pk, ""
        yield "Meeting", "reviews:meeting", pk, ""
        yield "Findings", "reviews:findings", pk, ""
        yield "Report", "reviews:report_sections", folder.pk, ""
        yield "The Panel", "reviews:panel", pk, ""
    if Perm.IDENTITY_SEARCH in held:
        yield "Identities", "reviews:identities", pk, ALSO
    yield "Around the case", "reviews:around", pk, ALSO
    yield "Disclosure and contact", "reviews:disclosures", pk, ALSO
    yield "What is kept", "reviews:kept", pk, ALSO
