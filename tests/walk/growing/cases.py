"""More of reviews."""

from datetime import timedelta

from django.utils import timezone

from partnership.access import services as access
from partnership.identities.services import add_identity
from partnership.people.models import Agency, SharingAgreement
from partnership.people.roles import Role
from reviews import returns, sending, services
from reviews.asking import services as asking
from reviews.asking.letters import keep_letters
from reviews.chronology.services import receive
from reviews.findings import actions as recommended
from reviews.findings import services as findings
from reviews.keeping.services import set_hold
from reviews.models import Clearance, Recommendation, Review
from tests.actions.ground import in_days
from tests.reviews import guests
from tests.world import answer, ask, open_case, person, small_pdf, submit_return


def more_reviews(world, n):
    open_case(world, f"more{n}", by=world.officer)


def more_on_the_case(world, n):
    """One more of everything that a case lists: return, child, identity, person let in, person barred, event."""
    case, officer = world.ours, world.officer
    agency = world.agencies["mpft"].__class__.objects.live().filter(kind="provider").order_by("pk")[n]
    author = person(f"author{n}", Role.AGENCY_STAFF, agency, world.partnership)
    SharingAgreement.objects.create(agency=agency, title="Sharing agreement", officer="A post")
    row = returns.ask_agency(
        case.review, by=officer, agency=agency, author=author, due_on=timezone.localdate(), purpose="Search."
    )
    answers = dict.fromkeys(returns.NEEDED, "Words.")
    answers |= {"searched_on": timezone.localdate(), "records_secured": True}
    submit_return(row, by=author, answers=answers)
    guests.name_guest(world, email=f"guest{n}@portal.example")
    services.add_child(case.review, by=officer, age_band="0", legal_status="none")
    add_identity(case.folder, subject="other", label=f"Adult {n}", facts={"name": "Somebody"}, by=officer)
    access.grant(case.folder, person(f"reader{n}"), Role.PANEL_MEMBER, by=officer, reason="Sits on it.")
    access.bar(case.folder, person(f"barred{n}"), by=officer, reason="personal")
    services.decide(case.review, by=officer, code="none", rationale="As before.")


def more_owed(world, n):
    """One more return that is not in: chased, telephoned about, given more time, with its letter and a closed body."""
    case, officer = world.ours, world.officer
    agency = Agency.objects.live().filter(kind="provider").order_by("pk")[n]
    author = person(f"owing{n}", Role.AGENCY_STAFF, agency, world.partnership)
    SharingAgreement.objects.create(agency=agency, title="Sharing agreement", officer="A post")
    due_on = timezone.localdate() + timedelta(days=1)
    row = returns.ask_agency(case.review, by=officer, agency=agency, author=author, due_on=due_on, purpose="Search.")
    asking.chase(row, by=officer)
    asking.note_call(row, by=officer, said="They look for it.", at=timezone.now())
    asking.extend(row, by=officer, due_on=due_on + timedelta(days=1), reason="Paper notes.", knows_past=True)
    row.refresh_from_db()
    asking.ask_for_more_time(row, by=author, wanted_on=due_on + timedelta(days=2), reason="More of them.")
    keep_letters(case.review, [(row.pk, small_pdf(f"Letter {n}"))], by=officer)
    Clearance.objects.create(
        folder=case.folder, review=case.review, agency=agency, closure="Holiday", opens_on=timezone.localdate(),
        way=Clearance.Way.WAIT, reason="Nobody is there.", by=officer,
    )  # fmt: skip


def more_work(world, n):
    """One more return to write and one submitted for the author, one more case with everything for the officer."""
    case = open_case(world, f"work{n}", by=world.officer)
    returns.ask_agency(
        case.review, by=world.officer, agency=world.agencies["uhnm"], author=world.author,
        due_on=timezone.localdate() + timedelta(days=n), purpose="Search.",
    )  # fmt: skip
    guests.name_guest(world, case, email=f"guest{n}@portal.example")
    done = open_case(world, f"done{n}", by=world.officer)
    answer(done, ask(world, done, "author", "uhnm", by=world.officer), by=world.author)
    access.grant(case.folder, world.signer_icb, Role.SIGNATORY, by=world.officer, reason="Signs.")
    services.decide(
        Review.objects.unscoped("the test's own case").get(pk=case.review.pk), by=world.officer, code="none",
        rationale="Learning is complete.",
    )  # fmt: skip


def more_drafts(world, n):
    """Ours has another file, another row that lies and another hold."""
    review, by = world.ours.review, world.officer
    sending.keep_report(review, b"%PDF-", by=by)
    receive(review, by=by, name=f"rows{n}.xlsx", rows=[{"problem": "", "facts": "x"}])
    set_hold(review, by=by, body=f"Body {n}", reason="Asked.", asked_on=timezone.localdate())


def more_to_close(world, n):
    """Ours was sent, and another person is on it."""
    Review.objects.filter(pk=world.ours.review.pk).update(status="sent")
    user = person(f"member{n}", Role.AGENCY_STAFF, world.agencies["uhnm"], world.partnership)
    access.grant(world.ours.folder, user, Role.PANEL_MEMBER, by=world.officer, reason="Sits on it.")


def more_of_a_recommendation(world, n):
    review, officer = world.ours.review, world.officer
    row = findings.add(Recommendation, review, by=officer, words=f"Recommendation {n}")
    parts = [{"agency": world.agencies[key], "owner": None, "what": "", "due_on": None} for key in ("uhnm", "mpft")]
    shared = {"by": officer, "folder": world.ours.folder, "due_on": in_days(30)}
    recommended.make(row, what=f"Two of them, {n}", parts=parts, **shared)
    recommended.make(row, what=f"One of them, {n}", parts=parts[:1], **shared)


PAGES = [
    ("officer", "reviews:reviews", more_reviews),
    ("officer", "reviews:review", more_on_the_case),
    ("panel", "reviews:review", more_on_the_case),
    ("officer", "reviews:identities", more_on_the_case),
    ("officer", "reviews:outstanding", more_owed),
    ("officer", "reviews:all_outstanding", more_owed),
    ("officer", "reviews:letters", more_owed),
    ("officer", "reporting:home", more_owed),
    ("panel", "reviews:review", more_owed),
    ("officer", "reviews:findings", more_of_a_recommendation),
    ("officer", "reviews:kept", more_drafts),
    ("officer", "reviews:close", more_to_close),
    ("officer", "access:people", more_on_the_case),
    ("officer", "access:folder_story", more_on_the_case),
    ("officer", "reporting:home", more_work),
    ("author", "reporting:home", more_work),
    ("signer_icb", "reporting:home", more_work),
]
