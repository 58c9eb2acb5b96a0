"""The engine of the flow tables, and the tables themselves: drawn, whole, and walked by no other hand."""

import ast
import re
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from audits.flow import FLOWS as AUDITS
from audits.models import AuditReturn, Round, SetVersion, Signature
from audits.models import Extension as MoreTime
from boards.flow import FLOWS as BOARDS
from boards.models import Challenge, Correction, Meeting, Proposal, SentUp
from partnership.access.checks import our_models
from partnership.access.flow import Flow, Stale, Step
from partnership.actions.flow import FLOWS as ACTIONS
from partnership.actions.models import Action, DateChange, LogImport, Risk, WorkItem
from partnership.directory.models import AccountRequest
from partnership.directory.requests.flow import REQUEST
from partnership.people.roles import POWERS, Perm
from partnership.trail.models import Event
from reviews.flow import FLOWS as REVIEWS
from reviews.flow import RETURN, REVIEW
from reviews.models import AgencyReturn, Extension, Guest, Referral, Review
from training.flow import FLOWS as TRAINING
from training.models import Booking, Charge, Course, Upload
from training.models import Event as TrainingEvent

ROOT = Path(__file__).resolve().parents[2]
MODELS = {
    "review": Review,
    "referral": Referral,
    "return": AgencyReturn,
    "extension": Extension,
    "request": AccountRequest,
    "guest": Guest,
    "action": Action,
    "date_change": DateChange,
    "log_import": LogImport,
    "risk": Risk,
    "work_item": WorkItem,
    "challenge": Challenge,
    "meeting": Meeting,
    "proposal": Proposal,
    "minutes": Meeting,
    "sent_up": SentUp,
    "correction": Correction,
    "question_set": SetVersion,
    "audit_round": Round,
    "audit_return": AuditReturn,
    "audit_signature": Signature,
    "audit_extension": MoreTime,
    "course": Course,
    "training_event": TrainingEvent,
    "booking": Booking,
    "training_charge": Charge,
    "training_upload": Upload,
}
FLOWS = (*REVIEWS, *BOARDS, *AUDITS, *TRAINING, REQUEST, *ACTIONS)


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
class TestEveryTable:
    def test_its_drawing_is_the_one_in_the_docs(self, flow):
        drawn = ROOT / "docs" / "flows" / f"{flow.name}.md"
        assert drawn.read_text() == flow.drawing(), f"write Flow.drawing() into docs/flows/{flow.name}.md"

    def test_every_status_is_reached_and_none_is_unknown(self, flow):
        field = MODELS[flow.name]._meta.get_field(flow.field)
        known, reached = set(dict(field.choices)), {field.default}
        while more := {s.to for s in flow.steps.values() if reached & set(s.source)} - reached:
            reached |= more
        assert reached == known
        for code, step in flow.steps.items():
            assert set(step.source) | {step.to} <= known, code

    def test_every_step_is_held_by_some_role_or_by_a_named_person(self, flow):
        access = MODELS[flow.name].access
        by_role = frozenset().union(*POWERS.values())
        by_person = frozenset().union(*(gift.perms for gifts in access.person.values() for gift in gifts))
        assert {step.perm for step in flow.steps.values()} <= by_role | by_person

    def test_every_need_has_words_to_ask_for_it(self, flow):
        assert [code for code, step in flow.steps.items() if step.needs and not step.ask] == []


def test_every_status_field_belongs_to_a_flow_and_is_set_nowhere_else():
    """Jobs move by their own lease; clocks, imports (a chronology's too), leavings and confirmations by services that
    sweeps call too (docs/adr/0016, 0017, 0021); every other `status` is the engine's."""
    with_status = {model for model in our_models() if any(field.name == "status" for field in model._meta.fields)}
    assert {model.__name__ for model in with_status - set(MODELS.values())} == {
        "Confirmation",
        "Deadline",
        "Departure",
        "ImportBatch",
        "Intake",
        "Job",
    }
    importing = (ROOT / "partnership" / "directory" / "importing").glob("*.py")
    moved = [path.name for path in importing for _ in re.findall(r"\.status = ", path.read_text())]
    assert set(moved) == {"services.py"} and len(moved) <= 2, "the status of an import is set in services._move alone"
    places = ("boards", "reviews", "partnership/directory/requests", "partnership/actions")
    for path in sorted(path for place in places for path in (ROOT / place).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            targets = node.targets if isinstance(node, ast.Assign) else []
            assert "status" not in [getattr(target, "attr", "") for target in targets], f"{path.name}:{node.lineno}"
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("update", "take"):
                assert "status" not in [word.arg for word in node.keywords], f"{path.name}:{node.lineno}"


def test_a_step_locks_sets_writes_and_tells(world):
    row = world.ours.returns["school"]
    moment = timezone.now()
    done = RETURN.take(row, "send_back", by=world.officer, note="Dates.", happened_at=moment, data={"extra": 1})
    done.refresh_from_db()
    assert (done.status, done.note) == (AgencyReturn.Status.ASKED, "Dates.")
    event = Event.objects.get(verb="return_send_back")
    assert (event.actor_id, event.folder_id, event.object_id) == (world.officer.pk, row.folder_id, row.pk)
    assert event.data == {"to": "asked", "fields": ["note"], "extra": 1} and event.happened_at == moment
    assert "Dates." not in str(event.data), "the trail keeps names of fields, not words"


def test_a_step_from_another_status_is_stale(world):
    row = world.ours.returns["uhnm"]
    with pytest.raises(Stale, match="requested now"):
        RETURN.take(row, "send_back", by=world.officer, note="Dates.")
    RETURN.take(row, "withdraw", by=world.officer, note="Mistake.")
    with pytest.raises(Stale):
        RETURN.take(row, "withdraw", by=world.officer, note="Mistake.")
    assert Event.objects.filter(verb="return_withdraw").count() == 1


def test_the_status_that_counts_is_the_one_in_the_database(world):
    """The page was old: its own row still says what it said when it was fetched."""
    row = AgencyReturn.objects.unscoped("an old page").get(pk=world.ours.returns["uhnm"].pk)
    RETURN.take(world.ours.returns["uhnm"], "submit", by=world.author)
    assert row.status == AgencyReturn.Status.ASKED
    with pytest.raises(Stale):
        RETURN.take(row, "submit", by=world.author)


@pytest.mark.parametrize("persona", ["panel", "author", "colleague", "stranger", "barred", "ended"])
def test_a_step_without_its_power_is_refused_whoever_calls(world, persona):
    with pytest.raises(PermissionDenied):
        RETURN.take(world.ours.returns["uhnm"], "withdraw", by=world.people[persona], note="No.")
    with pytest.raises(PermissionDenied):
        REVIEW.take(world.ours.review, "decide", by=world.people[persona])


@pytest.mark.parametrize("note", ["", "   ", None])
def test_what_a_step_needs_must_be_given(world, note):
    with pytest.raises(ValidationError) as refused:
        RETURN.take(world.ours.returns["school"], "send_back", by=world.officer, note=note)
    assert refused.value.message_dict == {"note": ["Say what the author should add."]}


def test_the_buttons_of_a_page_are_the_steps_that_would_be_taken(world):
    asked, returned = world.ours.returns["uhnm"], world.ours.returns["school"]
    returned.refresh_from_db()

    def buttons(persona, row):
        return [code for code, _ in RETURN.open_to(world.people[persona], row)]

    assert buttons("officer", asked) == ["record", "withdraw"] and buttons("officer", returned) == ["send_back"]
    assert buttons("author", asked) == ["finish", "submit"] and buttons("author_other", returned) == ["change"]
    assert buttons("panel", asked) == buttons("stranger", asked) == []


def test_an_unknown_step_is_a_bug_not_a_message(world):
    flow = Flow("thing", go=Step(("open",), "sent", Perm.SEND, "Go"))
    with pytest.raises(KeyError):
        flow.take(world.ours.review, "stop", by=world.officer)
