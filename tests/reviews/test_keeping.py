"""What a case keeps for a time only: legal holds, and the sweep that disposes of drafts."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access.flow import Stale
from partnership.deadlines.editions import add_edition
from partnership.documents import storage
from partnership.documents.models import Document, Version
from partnership.documents.services import bytes_of, keep
from partnership.jobs.models import Job
from partnership.trail.models import Event
from reviews import returns, sending
from reviews.chronology import exporting
from reviews.chronology import services as chronology
from reviews.keeping import drafts, services
from reviews.models import AgencyReturn, Disclosure, Intake, LegalHold
from tests.reviews.test_ending import at, close, fresh
from tests.reviews.test_panel import send
from tests.walk.post import day
from tests.world import answer, make_world

TODAY = timezone.localdate
DAYS = 28


def later(days=DAYS + 1):
    return TODAY() + timedelta(days=days)


@pytest.fixture
def sent(world):
    """Sent, with every kind of draft left over: two older reports, a chronology, an unsent return, rows."""
    case, by = world.ours, world.officer
    first = case.version
    answer(case, case.returns["uhnm"], by=world.author, submit=False)
    returns.withdraw(case.returns["uhnm"], by=by, note="Not needed.")
    exporting.keeper("pdf")(case.review, b"%PDF-chronology", by=by)
    rows = [{"line": 1, "facts": {}, "problem": "", "remark": "", "reading": ""}]
    taken = chronology.receive(case.review, by=by, name="Child Smith.xlsx", rows=rows, remarks=["Read."])
    chronology.discard(taken, by=by)
    send(world)
    for number in (2, 3):
        keep(b"%PDF-later", folder=case.folder, title="Rapid review report", name=f"r{number}.pdf",
             content_type="application/pdf", marking="sensitive", by=by, goes_out=True,
             document=Document.objects.get(pk=first.document_id))  # fmt: skip
    return first


def versions(case, **which):
    return Version.objects.filter(folder=case.folder, **which)


def events(case):
    return {row.data["code"]: row.data["count"] for row in Event.objects.filter(
        verb="drafts_disposed", folder_id=case.folder.pk)}  # fmt: skip


def test_drafts_go_after_their_days_and_what_was_signed_stays(world, sent, django_capture_on_commit_callbacks):
    case = world.ours
    job = Job.objects.create(kind="review_report", folder=case.folder, requester=world.officer, perm="report_make",
                             subject_id=case.review.pk, status="done", percent=100,
                             result_id=versions(case, number=3).get().pk)  # fmt: skip
    keys = list(versions(case).exclude(pk=sent.pk).values_list("key", flat=True))
    assert services.sweep(today=later(DAYS)) == 0, "the last day counts"
    with django_capture_on_commit_callbacks(execute=True):
        assert services.sweep(today=later()) == 5
    assert events(case) == {"reports": 2, "copies": 1, "answers": 1, "intakes": 1}
    assert [row.pk for row in versions(case)] == [sent.pk] and bytes_of(sent)
    assert {title for title in Document.objects.filter(folder=case.folder).values_list("title", flat=True)} == {
        "Rapid review report"
    }
    lying = {key for key, _ in storage.all_keys()}
    assert not lying & set(keys) and sent.key in lying
    row = AgencyReturn.objects.get(pk=case.returns["uhnm"].pk)
    assert {getattr(row, name) for name in drafts.TYPED} == {""} and row.purpose
    assert AgencyReturn.objects.get(pk=case.returns["school"].pk).analysis, "a submitted return is no draft"
    assert set(Intake.objects.values_list("name", flat=True)) == {""}
    job.refresh_from_db()
    assert job.result_id is None
    assert services.sweep(today=later()) == 0, "safe to run twice"


def test_the_trail_keeps_numbers_and_ids_and_no_words(world, sent):
    services.sweep(today=later())
    said = str(list(Event.objects.filter(verb="drafts_disposed").values_list("data", flat=True)))
    assert "Smith" not in said and "canary" not in said and str(sent.pk) not in said


def test_a_file_that_left_by_a_decision_is_no_draft(world, sent):
    case = world.ours
    given = versions(case, number=2).get()
    row = Disclosure.objects.create(
        folder=case.folder, review=case.review, kind="police", body="Police", asked_by="Officer", asked_on=TODAY(),
        what="The draft.", basis="Order.", changed_by=world.officer,
    )  # fmt: skip
    row.files.add(given)
    services.sweep(today=later())
    assert versions(case).filter(pk=given.pk).exists() and row.files.count() == 1


def test_an_upload_that_bears_the_title_of_a_report_is_no_draft(world, sent):
    case = world.ours
    versions(case, number=2).update(received_sha256="a" * 64)
    services.sweep(today=later())
    assert set(versions(case).values_list("number", flat=True)) == {1, 2}


def test_nothing_goes_while_a_hold_stands_and_all_of_it_after_the_last_is_lifted(world, sent):
    case = world.ours
    facts = {"by": world.officer, "reason": "An inquest.", "asked_on": TODAY()}
    holds = [services.set_hold(case.review, body=body, **facts) for body in ("Coroner", "Inquiry")]
    assert services.sweep(today=later()) == 0
    services.lift_hold(holds[0], by=world.officer, reason="The inquest is over.")
    assert services.sweep(today=later()) == 0
    with pytest.raises(Stale):
        services.lift_hold(holds[0], by=world.manager, reason="Again.")
    services.lift_hold(holds[1], by=world.officer, reason="The inquiry said so.")
    assert services.sweep(today=later()) == 5


def test_rows_that_were_left_lying_go_also_from_a_case_that_goes_on(world):
    case = world.ours
    row = chronology.receive(case.review, by=world.officer, name="rows.xlsx", rows=[{"problem": "", "facts": "x"}])
    assert services.sweep(today=later(DAYS)) == 0
    assert services.sweep(today=later()) == 1
    row = Intake.objects.get(pk=row.pk)
    assert (row.status, row.rows, row.name) == (Intake.Status.DISCARDED, [], "")
    with pytest.raises(Stale):
        chronology.take(row, by=world.officer)


def test_a_case_that_goes_on_keeps_its_drafts(world):
    sending.keep_report(world.ours.review, b"%PDF-second", by=world.officer)
    assert services.sweep(today=later(400)) == 0


def test_the_partnership_sets_its_own_days(world, sent):
    add_edition(
        "drafts_disposed", by=world.manager, effective_from=TODAY(), length=90, days={}, source="Minutes",
        reason="Agreed.", trigger="the report is recorded as sent",
    )  # fmt: skip
    assert services.sweep(today=later()) == 0
    assert services.sweep(today=later(91)) == 5


def test_a_hold_that_is_set_while_the_sweep_runs_is_before_it_or_after_it(committed, at_once, world_of_drafts):
    world = world_of_drafts
    review = fresh(world.ours.review)
    facts = {"by": world.officer, "body": "Coroner", "reason": "An inquest.", "asked_on": TODAY()}
    done = at_once(lambda: services.sweep(today=later()), lambda: services.set_hold(review, **facts))
    gone, hold = done
    assert isinstance(hold, LegalHold) and gone in (0, 1), done
    left = versions(world.ours, number=2).count()
    assert left == 1 - gone, "all of it went before the hold, or nothing"


@pytest.fixture
def world_of_drafts(committed):
    world = make_world()
    send(world)
    sending.keep_report(world.ours.review, b"%PDF-second", by=world.officer)
    return world


def test_a_sweep_passes_over_a_case_that_somebody_holds(committed, at_once, world_of_drafts):
    from django.db import connections

    world = world_of_drafts
    with transaction.atomic():
        drafts.Review.objects.select_for_update(of=("self",)).get(pk=world.ours.review.pk)

        def sweep():
            try:
                return services.sweep(today=later())
            finally:
                connections.close_all()

        assert at_once(sweep) == [0]
    assert services.sweep(today=later()) == 1


def test_the_page_says_what_is_kept_until_when_and_by_which_rule(world, sent, sign_in):
    page = sign_in(world.panel).get(at("kept", world.ours.review)).content.decode()
    last = later(DAYS)
    for words in (f"{last.day} {last:%B %Y}", "28 days", "local practice", "No national rule", "30 minutes"):
        assert words in page, words
    assert at("hold_set", world.ours.review) not in page and "Smith" not in page
    services.sweep(today=later())
    page = sign_in(world.panel).get(at("kept", world.ours.review)).content.decode()
    assert "2 drafts of the report that were not sent" in page


def test_a_hold_is_set_shown_and_lifted_on_its_pages(world, sign_in):
    review = world.ours.review
    assert sign_in(world.panel).get(at("hold_set", review)).status_code == 403
    client = sign_in(world.case_officer)
    typed = {"body": "The coroner", "reason": "An inquest is opened."} | day("asked_on", TODAY())
    assert client.post(at("hold_set", review), {"body": "The coroner"}).status_code == 422
    assert client.post(at("hold_set", review), typed).status_code == 302
    row = LegalHold.objects.get()
    shown = sign_in(world.panel).get(at("kept", review)).content.decode()
    assert "The coroner" in shown and "An inquest is opened." in shown and at("hold_lift", row) not in shown
    assert "A legal hold stands" in sign_in(world.signer_icb).get(at("review", review)).content.decode()
    client = sign_in(world.case_officer)
    assert client.post(at("hold_lift", row), {"reason": ""}).status_code == 422
    assert client.post(at("hold_lift", row), {"reason": "The inquest is over."}).status_code == 302
    again = client.post(at("hold_lift", row), {"reason": "Typed twice."})
    assert again.status_code == 409 and "Typed twice." in again.content.decode()
    assert "A legal hold stands" not in sign_in(world.panel).get(at("review", review)).content.decode()
    with pytest.raises(ValidationError):
        services.set_hold(review, by=world.officer, body="x", reason="y", asked_on=TODAY() + timedelta(days=1))


def test_a_withdrawn_and_closed_case_keeps_none_of_its_drafts_either(world):
    from tests.reviews.test_ending import withdraw

    withdraw(world)
    assert services.sweep(today=later(400)) == 0, "it can be taken up again"
    close(world)
    assert services.sweep(today=later()) >= 1 and not versions(world.ours).exists()


def test_the_task_runs_once_an_hour(world, sent):
    from reviews.tasks import dispose_of_drafts

    with time_machine.travel(timezone.now() + timedelta(days=DAYS + 2), tick=False):
        dispose_of_drafts()
    assert events(world.ours)["reports"] == 2
