"""A page costs the same for one row and for five: no question a row."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audits.chasing import ladder
from audits.models import Reminder, Signature
from audits.models import Round as AuditRound
from boards.calling import services as calling
from boards.challenges import services as challenges
from boards.groups import governance
from boards.groups import services as groups
from boards.meetings import services as meetings
from boards.meetings import standing
from boards.models import Attendance, Decision, Edition, Group, Meeting, Publication, Seat, SentUp
from partnership.access import services as access
from partnership.actions import closing, dates, evidence
from partnership.actions import services as services_of_actions
from partnership.actions.models import Action
from partnership.actions.risks import services as risks
from partnership.directory.covering.services import take_over
from partnership.directory.joining import services as joining
from partnership.directory.joining.strangers import ask_access
from partnership.directory.leaving.services import start as start_leaving
from partnership.directory.models import Confirmation, Round
from partnership.identities.services import add_identity
from partnership.people.models import Agency, NamedDuty, SharingAgreement, Site
from partnership.people.roles import Role
from partnership.people.services import know_person
from reviews import returns, sending, services
from reviews.asking import services as asking
from reviews.asking.letters import keep_letters
from reviews.chronology.services import receive
from reviews.findings import actions as recommended
from reviews.findings import services as findings
from reviews.keeping.services import set_hold
from reviews.models import Clearance, Recommendation, Review
from tests.actions.ground import in_days, make_action, make_group
from tests.actions.logs import sent_in
from tests.audits import making as audits
from tests.boards import making
from tests.boards.making import meeting as make_meeting
from tests.reviews import guests
from tests.training import making as training
from tests.walk import planning
from tests.world import answer, ask, open_case, person, sign_in, small_pdf, submit_return
from training.booking import services as places
from training.models import Event as TrainingEvent
from training.models import Learner, Trainer
from training.people.services import own_at


def _more_reviews(world, n):
    open_case(world, f"more{n}", by=world.officer)


def _more_on_the_case(world, n):
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


def _more_owed(world, n):
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


def _more_of_the_agency(world, n):
    agency = world.agencies["mpft"]
    holder = person(f"holder{n}", Role.AGENCY_STAFF, agency, world.partnership)
    NamedDuty.objects.create(
        agency=agency, kind="s11", holder=holder, post=f"Post {n}", starts=timezone.localdate() - timedelta(days=n)
    )
    Site.objects.create(agency=agency, name=f"Site {n}")


def _more_work(world, n):
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


def _more_leavers(world, n):
    agency = world.agencies["uhnm"]
    leaver = person(f"leaver{n}", Role.AGENCY_STAFF, agency, world.partnership)
    person(f"stayer{n}", Role.AGENCY_STAFF, agency, world.partnership)
    start_leaving(leaver, by=leaver, agency=agency, altogether=True, last_day=timezone.localdate() + timedelta(days=n))


def _half(world):
    today = timezone.localdate()
    return Round.objects.get_or_create(planned_on=today, defaults={"opened_on": today, "edition": "local practice"})[0]


def _asked_who(world, agency):
    due_on = timezone.localdate() + timedelta(days=9)
    facts = {"due_on": due_on, "next_on": due_on}
    return Confirmation.objects.get_or_create(round=_half(world), agency=agency, defaults=facts)[0]


def _more_organisations(world, n):
    agency = Agency.objects.live().filter(kind="provider").order_by("pk")[n]
    lead = person(f"lead{n}", Role.AGENCY_LEAD, agency, world.partnership)
    _asked_who(world, agency).answers.create(user=lead, says="keep", by=lead)


def _more_people(world, n):
    user = person(f"colleague{n}", Role.AGENCY_STAFF, world.agencies["uhnm"], world.partnership)
    access.grant(world.ours.folder, user, Role.PANEL_MEMBER, by=world.officer, reason="Sits on it.")


def _more_of_the_unit(world, n):
    """One more colleague, who has cases of her own and is covered for."""
    user = person(f"officer{n}", Role.BUSINESS_UNIT, None, world.partnership)
    open_case(world, f"hers{n}", by=user)
    day = timezone.localdate()
    take_over(user, by=world.manager, coverer=world.manager, starts=day, last_day=day, reason="Leave")


def _more_who_join(world, n):
    """One more of everything on the pages of joining: invited, member, duty held without a sign-in, stranger."""
    agency = world.agencies["mpft"]
    facts = {"name": f"New {n}", "post": "Nurse", "role": Role.AGENCY_STAFF, "email": f"new{n}@portal.example"}
    joining.invite(by=world.lead_other, agency=agency, **facts)
    person(f"member{n}", Role.AGENCY_STAFF, agency, world.partnership)
    NamedDuty.objects.create(agency=agency, kind="s11", post="Lead", holder=know_person(name=f"Known {n}"))
    ask_access(name="A", post="B", organisation="C", email=f"stranger{n}@portal.example", why="D")


def _more_drafts(world, n):
    """Ours has another file, another row that lies and another hold."""
    review, by = world.ours.review, world.officer
    sending.keep_report(review, b"%PDF-", by=by)
    receive(review, by=by, name=f"rows{n}.xlsx", rows=[{"problem": "", "facts": "x"}])
    set_hold(review, by=by, body=f"Body {n}", reason="Asked.", asked_on=timezone.localdate())


def _more_to_close(world, n):
    """Ours was sent, and another person is on it."""
    Review.objects.filter(pk=world.ours.review.pk).update(status="sent")
    user = person(f"member{n}", Role.AGENCY_STAFF, world.agencies["uhnm"], world.partnership)
    access.grant(world.ours.folder, user, Role.PANEL_MEMBER, by=world.officer, reason="Sits on it.")


def _more_risks_and_logs(world, n):
    """Another group with a risk, an action whose owner is words, and a log that waits."""
    group, by = make_group(world, f"Group {n}"), world.officer
    risks.add(
        group,
        by=by,
        what=f"Risk {n}",
        likelihood=3,
        impact=n + 1,
        agency=world.agencies["mpft"],
        owner=world.lead_other,
    )
    make_action(world, group, by=by, owner=None, owner_words=f"Sarah {n}")
    sent_in(group, by=by, text=f"Action\tLead\tBy when\nDo {n}\tSarah\t1.2.2030")


def _more_on_groups(world, n):
    """One more group of today below the quality group, and one more seat of that with its deputy."""
    facts = {"purpose": "", "meets": "", "chair_rule": "", "source": "", "starts": None}
    quality = Group.objects.select_related("folder").get(ref="quality")
    groups.add_group(by=world.manager, partnership=world.partnership, name=f"Task {n}", parent=quality, **facts)
    seat = {"role": "chair", "post": f"Post {n}", "agency": world.agencies["uhnm"]}
    held = groups.add_seat(
        quality, by=world.manager, user=person(f"sitting{n}", Role.AGENCY_STAFF, world.agencies["uhnm"]), **seat
    )
    deputy = person(f"deputy{n}", Role.AGENCY_STAFF, world.agencies["uhnm"])
    groups.add_seat(quality, by=world.manager, user=deputy, deputy_for=held, **seat)
    groups.add_seat(quality, by=world.manager, role="member", post=f"Vacant {n}", agency=world.agencies["uhnm"])
    began, by = timezone.localdate() - timedelta(days=9 - n), world.manager
    governance.add_terms(quality, by=by, words=f"Version {n}", in_force_from=began, review_on=timezone.localdate())
    governance.add_other(quality, by=by, name=f"Board {n}")
    task = groups.add_group(by=by, partnership=world.partnership, name=f"Turn {n}", parent=quality, **facts)
    order = [world.agencies["uhnm"], world.agencies["mpft"]]
    governance.set_rotation(task, by=by, version=0, starts=began, order=order, every_months=6)


def _more_decisions(world, n):
    """One more meeting of the quality group that decided something, sent up and answered; its minutes published."""
    quality = Group.objects.select_related("folder").get(ref="quality")
    held = make_meeting(quality, days=-10 - n, status="held", minutes_status="published")
    row = making.item(held, f"Item {n}")
    shared = {"folder": quality.folder, "decision": Decision.objects.create(
        folder=quality.folder, meeting=held, item=row, number=1, text=f"Decision {n}"
    )}  # fmt: skip
    exec_ = Group.objects.select_related("folder").get(ref="exec")
    for to, of in ((exec_, quality), (quality, exec_)):
        SentUp.objects.create(
            to_group=to, from_group=of, words=f"Asked {n}", due_on=timezone.localdate() - timedelta(days=1),
            **shared | {"folder": to.folder},
        )  # fmt: skip
    edition = Edition.objects.create(folder=quality.folder, meeting=held, number=1, kind="agreed", sha256="0" * 64)
    Publication.objects.create(folder=quality.folder, edition=edition)


def _more_challenges(world, n):
    """One more that the hospital trust's lead raised and the other's answers, and one that was answered."""
    for number in range(2):
        row = challenges.raise_challenge(
            by=world.lead_same, partnership=world.partnership, agency=world.agencies["uhnm"],
            challenged=world.agencies["mpft"], about_child=False, urgency="standard", subject=f"A referral {n}",
            post="Nurse", challenged_post="Manager", words="It was closed.",
        )  # fmt: skip
        if number:
            challenges.answer(row, by=world.manager, answer="We visit.", post="Head")


def _whole(world):
    """One action of a group, of which a page can have more and more."""
    found = Action.objects.unscoped("the test's own").filter(what="The whole", parent=None).first()
    return found or make_action(world, make_group(world), what="The whole")


def _more_meetings(world, n):
    group = Group.objects.select_related("folder").get(ref="quality")
    facts = {"purpose": "note", "months": [], "minutes_allowed": None, "presenter": "", "priority": None, "duty": None}
    standing.add(group, by=world.officer, title=f"Standing {n}", **facts)
    at = timezone.now() + timedelta(days=10 + n)
    row = meetings.plan(group.folder, by=world.officer, title=f"Meeting {n}", starts_at=at)
    calling.invite(row, by=world.officer, user=world.officer)
    meetings.plan(group.folder, by=world.officer, title=f"Earlier {n}", starts_at=at - timedelta(days=60))
    making.restricted_item(row, f"Item {n}", by=world.officer)


def _meeting(world):
    """One with a standing item for each of the others; made when it is first asked for."""
    rows = Meeting.objects.filter(group__ref="quality").order_by("-starts_at")
    if not rows.exists():
        _more_meetings(world, 30)
    return rows.first()


def _more_of_an_action(world, n):
    row = _whole(world)
    services_of_actions.update(row, by=row.owner, words=f"Update {n}")
    upload = SimpleUploadedFile(f"file{n}.txt", f"What was done, {n}.".encode())
    evidence.add(row, by=row.owner, words=f"Evidence {n}", upload_file=upload)
    asked = dates.ask_date(row, by=row.owner, wanted=in_days(40 + n), reason="Leave")
    dates.grant(asked, by=world.manager)


def _more_parts(world, n):
    row = _whole(world)
    row.refresh_from_db()
    agency = Agency.objects.live().filter(kind="provider").order_by("pk")[n]
    owner = person(f"of_part{n}", Role.AGENCY_STAFF, agency, world.partnership)
    services_of_actions.split(row, by=world.manager, version=row.version, parts=[{"agency": agency, "owner": owner}])


def _more_to_approve(world, n):
    row = make_action(world, make_group(world, f"Group {n}"), what=f"Said to be done {n}")
    upload = SimpleUploadedFile(f"file{n}.txt", f"What was done, {n}.".encode())
    evidence.add(row, by=row.owner, words=f"Evidence {n}", upload_file=upload)
    closing.ask_close(row, by=row.owner, closing_words="Done")


def _more_of_a_recommendation(world, n):
    review, officer = world.ours.review, world.officer
    row = findings.add(Recommendation, review, by=officer, words=f"Recommendation {n}")
    parts = [{"agency": world.agencies[key], "owner": None, "what": "", "due_on": None} for key in ("uhnm", "mpft")]
    shared = {"by": officer, "folder": world.ours.folder, "due_on": in_days(30)}
    recommended.make(row, what=f"Two of them, {n}", parts=parts, **shared)
    recommended.make(row, what=f"One of them, {n}", parts=parts[:1], **shared)


def _more_attendance(world, n):
    """One more meeting of the group, one more seat, its marks."""
    group = Group.objects.select_related("folder").get(ref="quality")
    groups.add_seat(group, by=world.manager, role="member", post=f"Post {n}", organisation=f"Body {n}")
    meeting = make_meeting(group, days=-20 - n, status="held")
    for seat in Seat.objects.filter(group=group):
        Attendance.objects.create(
            folder=group.folder, meeting=meeting, seat=seat, place=seat.place, post=seat.post, mark="absent"
        )


def _audit(world):
    """The first round, to which returns are added; made when it is first asked for."""
    return AuditRound.objects.filter(title="The first").first() or audits.audit_round(world, title="The first")


def _more_returns(world, n):
    """One more return of the first round, whose school has closed; and one more round that asks the world's school."""
    school = Agency.objects.live().filter(kind="school").order_by("-name")[n]
    audits.audit_return(_audit(world), school)
    Agency.objects.filter(pk=school.pk).update(ends=timezone.localdate())
    audits.audit_return(audits.audit_round(world, title=f"Audit {n}"), world.agencies["school"])


def _more_owing(world, n):
    """One more return that is owed and waits for its head, whom a lead asked; its reminder reached nobody."""
    round = _audit(world)
    if not round.rungs.exists():
        ladder.lay_ladder(round)
    school = Agency.objects.live().filter(kind="school").order_by("-name")[n]
    lead = person(f"answers{n}", Role.SCHOOL_LEAD, school, world.partnership)
    row = audits.audit_return(round, school, status="signing")
    shared = {"folder": round.folder, "agency": school, "audit_return": row}
    Signature.objects.create(step="head", name="A head", email=f"head{n}@school.example", asked_by=lead, **shared)
    Reminder.objects.create(rung=round.rungs.first(), nobody=True, at=timezone.now() - timedelta(days=1), **shared)


def _more_letters(world, n):
    """One more letter on paper to be made."""
    _more_owing(world, n)
    last = _audit(world).rungs.last()
    Reminder.objects.unscoped("the test's own").filter(nobody=True).update(rung=last, nobody=False)


def _training(world):
    """The first event of training, on which people are booked; made when it is first asked for."""
    first = TrainingEvent.objects.filter(course__title="The first").first()
    return first or training.event(world, training.course(world, "The first"))


def _more_places(world, n):
    """One more booking of the first event, and one more event with a place and an offer for the colleague."""
    uhnm, officer = world.agencies["uhnm"], world.officer
    other = training.learner(world, uhnm, f"Person {n}", email=f"person{n}@uhnm.example", user=None)
    places.book(_training(world), other, by=officer)
    event = training.event(world, days=20 + n, places=1)
    own = own_at(world.colleague, uhnm)
    places.book(event, own, by=officer)
    full = training.event(world, days=40 + n, places=1)
    first = places.book(full, other, by=officer)
    places.book(full, own, by=officer)
    places.give_up(first, by=officer)


def _more_training(world, n):
    """One more event of one more course, with a reserved place, a trainer, a booking and somebody who waits."""
    course = training.course(world, f"Course {n}")
    for of in (_training(world), training.event(world, course, places=2)):
        training.reserved(of, places=1, agency=Agency.objects.live().filter(kind="provider").order_by("pk")[n])
        Trainer.objects.create(event=of, name=f"Trainer {n}", agency=world.agencies["uhnm"])
        for number in range(2):
            address = f"p{n}-{number}@uhnm.example"
            who = Learner.objects.filter(key=address).first()
            who = who or training.learner(world, world.agencies["uhnm"], f"Person {n} {number}", email=address)
            places.book(of, who, by=world.officer)


# The row of a page: of its own address, else of its wing or floor.
OURS = {
    "reviews": lambda world: [world.ours.review.pk],
    "access": lambda world: [world.ours.folder.pk],
    "actions:action": lambda world: [_whole(world).pk],
    "actions": lambda world: [planning.workplan_of(world).pk],
    "boards:meeting": lambda world: [_meeting(world).pk],
    "audits": lambda world: [_audit(world).pk],
    "training": lambda world: [_training(world).pk],
    "boards": lambda world: [Group.objects.get(ref="quality").pk],
}
PAGES = [
    ("officer", "audits:audits", _more_returns),
    ("school_outside", "audits:audits", _more_returns),
    ("school_outside", "reporting:home", _more_returns),
    ("officer", "audits:audit_round", _more_returns),
    ("officer", "audits:round_returns", _more_returns),
    ("officer", "audits:round_standing", _more_owing),
    ("officer", "audits:round_remind", _more_owing),
    ("officer", "audits:round_letters", _more_letters),
    ("officer", "training:catalogue", _more_training),
    ("officer", "training:courses", _more_training),
    ("officer", "training:events", _more_training),
    ("officer", "training:event_run", _more_training),
    ("officer", "training:event_reserved", _more_training),
    ("officer", "training:event_trainers", _more_training),
    ("colleague", "training:mine", _more_places),
    ("colleague", "reporting:home", _more_places),
    ("lead_same", "training:agency_bookings", _more_places),
    ("officer", "training:event_bookings", _more_places),
    ("officer", "boards:groups", _more_on_groups),
    ("officer", "boards:group", _more_on_groups),
    ("officer", "boards:decisions", _more_decisions),
    ("author", "boards:published", _more_decisions),
    ("officer", "boards:received", _more_decisions),
    ("officer", "reporting:home", _more_decisions),
    ("officer", "boards:vacant_seats", _more_on_groups),
    ("officer", "boards:on_day", _more_on_groups),
    ("officer", "boards:terms", _more_on_groups),
    ("officer", "boards:matrix", _more_attendance),
    ("officer", "boards:attendance", _more_attendance),
    ("manager", "reporting:home", _more_attendance),
    ("officer", "boards:challenges", _more_challenges),
    ("lead_same", "boards:challenges", _more_challenges),
    ("officer", "boards:meetings", _more_meetings),
    ("officer", "boards:meetings_of", _more_meetings),
    ("officer", "boards:standing_items", _more_meetings),
    ("officer", "boards:meeting", _more_meetings),
    ("officer", "actions:forward_plan", _more_meetings),
    ("officer", "reporting:home", _more_meetings),
    ("officer", "reviews:reviews", _more_reviews),
    ("officer", "reviews:review", _more_on_the_case),
    ("panel", "reviews:review", _more_on_the_case),
    ("officer", "reviews:identities", _more_on_the_case),
    ("officer", "reviews:outstanding", _more_owed),
    ("officer", "reviews:all_outstanding", _more_owed),
    ("officer", "reviews:letters", _more_owed),
    ("officer", "reporting:home", _more_owed),
    ("panel", "reviews:review", _more_owed),
    ("officer", "reviews:findings", _more_of_a_recommendation),
    ("officer", "actions:action", _more_of_an_action),
    ("colleague", "actions:action", _more_of_an_action),
    ("officer", "actions:action", _more_parts),
    ("manager", "actions:to_approve", _more_to_approve),
    ("officer", "reviews:kept", _more_drafts),
    ("officer", "reviews:close", _more_to_close),
    ("officer", "access:people", _more_on_the_case),
    ("officer", "access:folder_story", _more_on_the_case),
    ("officer", "reporting:home", _more_work),
    ("author", "reporting:home", _more_work),
    ("signer_icb", "reporting:home", _more_work),
    ("board_member", "directory:agency", _more_of_the_agency),
    ("officer", "directory:departures", _more_leavers),
    ("officer", "directory:leavings", _more_leavers),
    ("lead_same", "reporting:home", _more_leavers),
    ("officer", "directory:rounds", _more_organisations),
    ("lead_same", "directory:confirm", _more_people),
    ("officer", "directory:colleagues", _more_of_the_unit),
    ("officer", "directory:invitations", _more_who_join),
    ("officer", "directory:access_requests", _more_who_join),
    ("lead_other", "directory:invitations", _more_who_join),
    ("lead_other", "directory:agency_people", _more_who_join),
    ("lead_other", "directory:agency_duties", _more_who_join),
    ("officer", "actions:risks", _more_risks_and_logs),
    ("board_member", "actions:risks", _more_risks_and_logs),
    ("officer", "actions:imports", _more_risks_and_logs),
    ("officer", "actions:owners_to_name", _more_risks_and_logs),
    ("officer", "reporting:home", _more_risks_and_logs),
]
PAGES += [
    ("manager", f"actions:{name}", planning.more)
    for name in ("plan", "duties", "workplans", "workplan_year", "work_item_add", "forward_plan")
]
LISTS = (
    "training:mine",
    "training:agency_bookings",
    "audits:audits",
    "training:catalogue",
    "training:courses",
    "training:events",
    "actions:plan",
    "actions:duties",
    "actions:workplans",
    "actions:forward_plan",
    "actions:imports",
    "actions:owners_to_name",
    "actions:risks",
    "boards:groups",
    "boards:vacant_seats",
    "boards:on_day",
    "boards:attendance",
    "boards:challenges",
    "boards:decisions",
    "boards:published",
    "boards:meetings",
    "actions:to_approve",
    "reviews:reviews",
    "reviews:all_outstanding",
    "reporting:home",
    "directory:departures",
    "directory:leavings",
    "directory:rounds",
    "directory:colleagues",
    "directory:invitations",
    "directory:access_requests",
)


@pytest.mark.parametrize("persona, url, more", PAGES, ids=lambda value: getattr(value, "__name__", value))
def test_a_page_asks_as_much_for_five_rows_as_for_one(persona, url, more, world, client):
    sign_in(client, getattr(world, persona))
    if url in LISTS:
        args = []
    elif url == "directory:confirm":
        args = [_asked_who(world, world.agencies["uhnm"]).pk]
    elif url.startswith("directory"):
        args = [world.agencies["mpft"].pk]
    else:
        args = (OURS.get(url) or OURS[url.split(":")[0]])(world)
    path = reverse(url, args=args)
    more(world, 0)
    client.get(path)  # the session notes once a minute that it is in use
    first, page = _asked(client, path)
    for n in range(1, 5):
        more(world, n)
    then, longer = _asked(client, path)
    assert len(longer) > len(page), "the page did not grow, so it proves nothing"
    assert len(then) == len(first), "\n".join(sorted(set(then) - set(first)))


def _asked(client, path):
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    assert response.status_code == 200
    return [query["sql"] for query in queries], response.content
