"""Sample name -> the arguments of an address: on 'ours' and on 'theirs', or once where no case is meant."""

from datetime import date, timedelta
from importlib import import_module

from django.utils import timezone

from partnership.deadlines import services as clocks
from partnership.deadlines.models import BankHoliday
from partnership.deadlines.registry import rule_in_force
from partnership.deadlines.rules import RAPID_REVIEW
from partnership.directory.importing.services import READ
from partnership.directory.leaving.services import start as start_leaving
from partnership.directory.merging import services as merging
from partnership.directory.models import (
    AgencyMerge,
    Confirmation,
    Cover,
    Departure,
    ImportBatch,
    ImportRow,
    Round,
    SecondNumber,
)
from partnership.documents.models import Document, Version
from partnership.jobs.services import ask
from partnership.notify.models import Alarm
from partnership.people.models import (
    Agency,
    Alias,
    Area,
    Classification,
    Closure,
    ContactPoint,
    Membership,
    NamedDuty,
    Ownership,
    Registration,
    SharingAgreement,
    Site,
    Succession,
)
from partnership.people.roles import Role
from reviews.clocks import AGENCY_RETURN
from tests.walk import accounts, joining
from tests.world import CANARY, person


def _waiting(ground, case):
    """An upload that is still being checked."""
    title = {"folder": case.folder, "title": "An upload", "marking": "sensitive"}
    document = Document.objects.get_or_create(**title)[0]
    name = {"name": f"{CANARY}-{case.name}-waiting.txt", "content_type": "text/plain", "key": f"{case.name}/waiting"}
    facts = {"folder": case.folder, "document": document, "number": 1, "sha256": "0" * 64, "size": 1}
    return Version.objects.get_or_create(**facts, defaults=name)[0].pk


def _each(of):
    return lambda ground: [[of(ground, case)] for case in ground.cases]


def _once(of):
    return lambda ground: [[of(ground)]]


def _classified(ground):
    row = Classification.objects.filter(agency=ground.world.agencies["uhnm"], ends=None).first()
    return (row or Classification.objects.filter(ends=None).first()).pk


def _alias(ground):
    agency = ground.world.agencies["mpft"]
    return Alias.objects.get_or_create(agency=agency, name="Another name of ours")[0].pk


def _site(ground):
    return Site.objects.get_or_create(agency=ground.world.agencies["mpft"], name="A site of ours")[0].pk


def _duty(ground):
    agency = ground.world.agencies["mpft"]
    return NamedDuty.objects.get_or_create(agency=agency, post="A post of ours", defaults={"kind": "lay"})[0].pk


def _import(ground):
    """A file that was read, with one new school in it."""
    batch, made = ImportBatch.objects.get_or_create(
        file_name="edubasealldata.csv",
        defaults={"source": "schools", "sha256": "0" * 64, "size": 1, "status": "ready", "counts": {"unchanged": 0}},
    )
    if made:
        facts = {
            "name": "Canal Bridge Primary School",
            "local_authority_code": "861",
            "establishment_type": "Free schools",
        }
        ImportRow.objects.create(batch=batch, line=2, number="999001", action="new", label=facts["name"], new=facts)
    return batch.pk


def _import_job(ground):
    """The work that the directory's administrator asked for: his bar, and the business unit's to look at."""
    admin = ground.world.people["directory_admin"]
    batch = ImportBatch.objects.get(pk=_import(ground))
    return ask(READ, batch, by=admin).pk


def _hanging(model, **facts):
    """A row of `model` that hangs on the organisation of the samples."""

    def of(ground):
        return model.objects.get_or_create(agency=ground.world.agencies["mpft"], **facts)[0].pk

    return of


def _holiday(ground):
    days = {"starts": date(2028, 8, 1), "ends": date(2028, 9, 1)}
    return Closure.objects.get_or_create(area=Area.objects.get(slug="stoke-on-trent"), name="Summer", **days)[0].pk


def _ownership(ground):
    agencies = ground.world.agencies
    return Ownership.objects.get_or_create(owner=agencies["council"], agency=agencies["mpft"], kind="provider")[0].pk


def _merging(ground):
    """Two records that were made one before the visit."""
    kept, gone = (
        Agency.objects.get_or_create(slug=slug, defaults={"name": slug, "kind": "provider"})[0]
        for slug in ("walk-kept", "walk-gone")
    )
    if done := AgencyMerge.objects.filter(kept=kept).first():
        return done.pk
    return merging.merge(gone, into=kept, by=None, seen=merging.seen_of(kept, gone)).pk


def _body(slug, **facts):
    """An organisation on which nobody's access hangs."""
    return lambda ground: (
        Agency.objects.get_or_create(slug=slug, defaults={"name": slug, "kind": "provider"} | facts)[0].pk
    )


def _second_number(ground):
    kept, merged = (_body(slug)(ground) for slug in ("walk-number", "walk-wrong-number"))
    said = {"reason": "Entered twice.", "asked_by": ground.world.manager}
    return SecondNumber.objects.get_or_create(kept_id=kept, merged_id=merged, defaults=said)[0].pk


SAMPLES = {
    "": lambda ground: [[]],
    "review": _each(lambda ground, case: case.review.pk),
    "folder": _each(lambda ground, case: case.folder.pk),
    "child": _each(lambda ground, case: ground.new_child[case.name].pk),
    "identity": _each(lambda ground, case: case.identity.pk),
    "section": _each(lambda ground, case: case.review.sections.get(code="lives").pk),
    "asked": _each(lambda ground, case: ground.asked[case.name].pk),
    "returned": _each(lambda ground, case: ground.returned[case.name].pk),
    "version": _each(lambda ground, case: case.version.pk),
    "waiting": _each(_waiting),
    "job": _each(lambda ground, case: case.job.pk),
    "agency": _once(lambda ground: ground.world.agencies["mpft"].pk),
    "site": _once(_site),
    "duty": _once(_duty),
    "classification": _once(_classified),
    "alias": _once(_alias),
    "area": _once(lambda ground: Area.objects.get(slug="stoke-north").pk),
    "contact": _once(_hanging(ContactPoint, email="walk@mpft.example")),
    "agreement": _once(_hanging(SharingAgreement, title="An agreement of ours", officer="A post")),
    "number": _once(_hanging(Registration, register="ods", number="WALK1")),
    "closure": _once(_holiday),
    "ownership": _once(_ownership),
    "school": _once(lambda ground: ground.world.agencies["school"].pk),
    "merge": _once(_merging),
    "quiet": _once(_body("walk-quiet")),
    "ended_agency": _once(_body("walk-ended", ends=date(2024, 1, 1))),
    "second_number": _once(_second_number),
    "succession": _once(lambda ground: Succession.objects.first().pk),
    "review_clock": _each(lambda ground, case: clocks.running(case.review, RAPID_REVIEW).pk),
    "asked_clock": _each(lambda ground, case: clocks.running(ground.asked[case.name], AGENCY_RETURN).pk),
    "duty_clock": _once(lambda ground: ground.duty_clock.pk),
    "rule": _once(lambda ground: "rapid_review"),
    "division": _once(lambda ground: "england-and-wales"),
    "holiday": _once(lambda ground: BankHoliday.objects.get(division="england-and-wales", date="2028-05-29").pk),
    "person": _once(lambda ground: ground.world.officer.pk),
    "notice": _each(lambda ground, case: ground.notice[case.name].pk),
    "letter": _once(lambda ground: ground.letter.pk),
    "alarm": _once(lambda ground: Alarm.objects.get(what="letter_dead").pk),
    "import": _once(_import),
    "import_job": _once(_import_job),
    "link": lambda ground: [[token] for token in ground.tokens],
    "key": lambda ground: [["1", "no-such-key"]],
    "request_open": _once(accounts.open_one),
    "request_checked": _once(accounts.checked_one),
    "request_bounced": _once(accounts.bounced_one),
    "request_done": _once(accounts.done_one),
    "somebody": _once(accounts.somebody),
    "somebodys_role": _once(accounts.role_of_somebody),
    "address_link": accounts.address_links,
}


# --- leaving, confirming, covering ----------------------------------------------------------------------------------


def _of_the_trust(ground, name):
    """The one role of somebody of the hospital trust who is nobody else in the walk."""
    found = Membership.objects.filter(user__name=name.replace("_", " ").title()).first()
    if found is None:
        user = person(name, Role.AGENCY_STAFF, ground.world.agencies["uhnm"], ground.world.partnership)
        found = user.memberships.get()
    return found


def _departure(ground):
    member = _of_the_trust(ground, "one_who_leaves")
    found = Departure.objects.filter(user=member.user).first()
    return found or start_leaving(
        member.user,
        by=ground.world.manager,
        agency=member.agency,
        altogether=True,
        last_day=timezone.localdate() + timedelta(days=9),
    )


def _confirmation(ground):
    today = timezone.localdate()
    half, _ = Round.objects.get_or_create(
        planned_on=today, defaults={"opened_on": today, "edition": rule_in_force("access_confirmed", today).edition}
    )
    due_on = today + timedelta(days=14)
    defaults = {"due_on": due_on, "next_on": due_on}
    return Confirmation.objects.get_or_create(round=half, agency=ground.world.agencies["uhnm"], defaults=defaults)[0]


def _cover(ground):
    today, world = timezone.localdate(), ground.world
    defaults = {"starts": today, "ends": today + timedelta(days=3), "reason": "Leave", "made_by": world.officer}
    return Cover.objects.get_or_create(absent=world.ended, by=world.officer_outside, defaults=defaults)[0]


SAMPLES |= {
    "departure": _once(lambda ground: _departure(ground).pk),
    "membership": _once(lambda ground: _of_the_trust(ground, "one_who_stays").pk),
    "confirmation": _once(lambda ground: _confirmation(ground).pk),
    "cover": _once(lambda ground: _cover(ground).pk),
}
JOINING = ("invitation", "invitation_link", "claim_link", "own_duty", "access_request")
SAMPLES |= {name: lambda ground, name=name: joining.laid(ground)[name] for name in JOINING}


def _considering(name):
    def of(ground):
        from tests.walk import considering  # it takes its posts' shapes from modules that need the samples

        return considering.sample(name)(ground)

    return of


SAMPLES |= {name: _considering(name) for name in ("referral", "considered", "recorded", "closed", "noted")}


def _around(name):
    def of(ground):
        from tests.walk import around

        return around.sample(name)(ground)

    return of


SAMPLES |= {name: _around(name) for name in ("proceeding", "interest", "review_link", "notice_of")}


def _chronology(name):
    def of(ground):
        from tests.walk import chronology

        return chronology.sample(name)(ground)

    return of


SAMPLES |= {name: _chronology(name) for name in ("entry", "rows", "wrong_rows")}


def _panel(ground):
    from tests.walk import panel

    return panel.sample(ground)


SAMPLES["panel_reply"] = _panel


def _findings(name):
    def of(ground):
        from tests.walk import findings

        return findings.sample(name)(ground)

    return of


SAMPLES |= {name: _findings(name) for name in ("episode", "safety", "recommendation")}


def _answering(name):
    def of(ground):
        from tests.walk import answering

        return {
            "kept_version": answering.on_returned(2),
            "kept_file": answering.on_returned(1),
            "coordinator": answering.coordinators,
        }[name](ground)

    return of


SAMPLES |= {name: _answering(name) for name in ("kept_version", "kept_file", "coordinator")}


def _disclosing(name):
    def of(ground):
        from tests.walk import disclosing

        return disclosing.sample(name)(ground)

    return of


SAMPLES |= {name: _disclosing(name) for name in ("disclosure", "family_contact")}


def _extension(ground):
    from tests.walk import asking

    return asking.sample(ground)


SAMPLES["extension"] = _extension


def _ending(ground):
    from tests.walk import ending

    return ending.sample(ground)


SAMPLES["hold"] = _ending


def _guests(name):
    def of(ground):
        from tests.walk import guests

        return getattr(guests, name)(ground) if name in ("requests", "doors") else guests.sample(name)(ground)

    return of


SAMPLES |= {f"guest_{state}": _guests(state) for state in ("named", "called", "invited", "blocked")}
SAMPLES |= {"guest_return": _guests("requests"), "guest_link": _guests("doors")}


def _acting(name):
    def of(ground):
        from tests.walk import acting

        return [[acting.laid(ground)[name][case.name].pk] for case in ground.cases]

    return of


SAMPLES |= {name: _acting(name) for name in ("group", "action", "case_action")}


def _of(module, name, laid="sample"):
    """A sample that a module of the walk makes; it is imported when it is asked for, for it imports the world."""
    return lambda ground: getattr(import_module(f"tests.walk.{module}"), laid)(name)(ground)


PLANNING = ("plan", "priority", "ended_priority", "plan_duty", "workplan", "work_item", "work_item_done", "plan_print")
LOGS = ("risk", "closed_risk", "unnamed_risk", "unnamed_action", "log", "taken_log")
OWNING = (
    *("closing_action", "case_closing", "parked_action", "closed_action", "last_part", "asked_action", "asked_date"),
    *("evidence", "evidence_file"),
)
AGENDAS = (
    *("agenda_meeting", "agenda_item", "secret_item", "agenda_paper", "secret_paper"),
    *("agenda_pack", "secret_pack"),
)
CHALLENGES = (
    "challenge",
    "challenge_answered",
    "challenge_last",
    "challenge_agreed",
    "challenge_done",
    "challenge_open",
)
MINUTES = (
    *("minutes_draft", "minutes_circulated", "minutes_checked", "minutes_agreed", "agreed_item"),
    *("edition", "edition_agreed", "minutes_print", "publication", "minutes_ahead"),
    *("decision", "hidden_decision", "sent", "sent_outside"),
)
SAMPLES |= {name: _of("planning", name) for name in (*PLANNING, "feed_link")}
SAMPLES |= {name: _of("importing", name) for name in LOGS}
SAMPLES |= {name: _of("owning", name) for name in OWNING}
SAMPLES |= {name: _of("boards", name) for name in ("board", "seat")}
AUDITS = (
    *("audit_return", "audit_asked", "audit_signing", "audit_submitted", "audit_past", "audit_excused"),
    *("audit_planned", "audit_round", "audit_closed", "audit_set", "audit_version", "audit_draft"),
    *("audit_answer", "audit_evidence", "audit_extension", "audit_submission"),
)
SAMPLES |= {name: _of("auditing", name) for name in AUDITS}
SAMPLES |= {name: _of("auditing_chasing", name) for name in ("audit_rung", "audit_reminded", "audit_letter")}
SAMPLES |= {name: _of("auditing_figures", name) for name in ("audit_question", "audit_cell")}
ANSWERED = ("audit_section", "audit_section_past", "audit_trust")
SAMPLES |= {name: _of("auditing_answering", name) for name in ANSWERED}
SIGNING = ("audit_ready", "audit_half_signed", "signed_letter", "signature_link")
SAMPLES |= {name: _of("auditing_signing", name) for name in SIGNING}
SAMPLES["audit_file"] = _of("auditing_beside", "audit_file")
SAMPLES |= {name: _of("auditing_sets", name) for name in ("set_section", "audit_wording")}
REGISTERS = (
    *("register_event", "register_marked", "register_over", "register_ticket", "ticket", "tariff"),
    *("certificate", "certificate_filed", "certificate_revoked", "certificate_code", "charge", "charge_waived"),
)
SAMPLES |= {name: _of("training_register", name) for name in REGISTERS}
SAMPLES["attended"] = _of("matrix", "attended")
SAMPLES |= {name: _of("boards", name, "challenge_sample") for name in CHALLENGES}
PLANNED = (
    *("group_meeting", "begun_meeting", "held_meeting", "cancelled_meeting"),
    *("case_meeting", "meeting_series", "standing_item"),
)
SAMPLES |= {name: _of("boards_planning", name) for name in PLANNED}
SAMPLES |= {name: _of("governing", name) for name in ("led_board", "terms", "other_body", "arrangement")}
CALLING = (
    "calling_planned",
    "calling_called",
    "calling_invitee",
    "calling_proposal",
    "meeting_link",
    "group_feed_link",
)
SAMPLES |= {name: _of("boards_calling", name) for name in CALLING}
SAMPLES |= {name: _of("minutes", name) for name in MINUTES}
ATTENDING = ("room", "room_item", "came", "room_decision", "declared")
SAMPLES |= {name: _of("attending", name) for name in ATTENDING}
SAMPLES |= {name: _of("agendas", name) for name in AGENDAS}
TRAINING = (
    *("training_event", "training_full", "training_asking_later", "training_booking", "training_waiting"),
    *("training_offered", "training_asked", "training_refused", "training_attended"),
)
SAMPLES |= {name: _of("training", name) for name in TRAINING}
SAMPLES |= {name: _of("training_booking", name) for name in ("approval_link", "place_link")}
EVALUATED = ("evaluation", "evaluation_said", "after_training_link", "evaluated_event")
SAMPLES |= {name: _of("training_evaluation", name) for name in EVALUATED}
SAMPLES["actions_link"] = lambda ground: import_module("tests.walk.telling").tokens(ground)
TRAINING_PLANNED = ("offered_course", "draft_course", "open_event", "planned_event", "training_folder")
TRAINED = ("training_learner", "training_upload", "training_upload_taken")
SAMPLES |= {name: _of("training_people", name) for name in TRAINED}
SAMPLES |= {name: _of("training_catalogue", name) for name in TRAINING_PLANNED}
