"""The chain of signatures of a return: who signs after whom, what a link does, what ends it, what is submitted."""

import io
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from audits.flow import RETURN
from audits.models import Answer, AuditReturn, Evidence, Round, Shown, Signature, Submission
from audits.signing import reads, services
from audits.signing.chain import steps_of
from audits.signing.content import content_of, sha256_of
from partnership.access import links
from partnership.access.flow import Stale
from partnership.access.models import Link
from partnership.directory.models import AccountRequest
from partnership.documents.models import Document, Version
from partnership.documents.services import keep
from partnership.jobs import services as jobs
from partnership.jobs.models import Job
from partnership.notify.kinds import bounced_hooks
from partnership.notify.letters import NoLongerWanted, compose
from partnership.notify.models import Notice, Outgoing
from partnership.people.models import Membership, NamedDuty
from partnership.trail.models import Event
from tests.audits import making
from tests.world import sign_in, small_pdf

pytestmark = pytest.mark.django_db
WHY = "a test looks"
FULL = {
    "policy": {"code": "met", "text": "=HYPERLINK(1) <b>and</b> words"},
    "governors": {"code": "yes"},
    "trained": {"number": 94},
    "trained-on": {"day": "2026-03-02"},
    "early-years": {"code": "yes"},
}
SIGNERS = {
    "head": {"name": "Ann Head", "post": "Headteacher", "email": "head@school.example"},
    "governors": {"name": "Bo Chair", "post": "Chair of governors", "email": "chair@school.example"},
}
SIGNED = {"says": "sign", "name": "Ann Head", "post": "Headteacher", "agree": "on"}


@pytest.fixture
def ready(world):
    row = making.audit_return(
        making.audit_round(world), world.agencies["school"], status="begun", answers=FULL,
        people_confirmed_at=timezone.now(),
    )  # fmt: skip
    return AuditReturn.objects.unscoped(WHY).select_related(*services.RELATED).get(pk=row.pk)


@pytest.fixture
def lead(world):
    return world.school_outside


@pytest.fixture
def signing(ready, lead):
    return services.sign_as_lead(ready, by=lead, post="Safeguarding lead", signers=SIGNERS)


def fresh(row):
    return type(row).objects.unscoped(WHY).get(pk=row.pk)


def fresh_full(row):
    return AuditReturn.objects.unscoped(WHY).select_related(*services.RELATED).get(pk=row.pk)


def turn(row) -> Signature:
    return services.next_of(services.signatures_of(row))


def door(row) -> str:
    link = links.live(Link.Purpose.SIGNATURE).get(object_id=turn(row).pk)
    return reverse("audits:sign_by_link", args=[links.token_of(link)])


def signs(row, by, name="Somebody"):
    return services.sign(turn(row), by=by, name=name, post="Post", how=Signature.How.LINK)


def statuses(row) -> dict:
    return {each.step: each.status for each in services.signatures_of(row)}


def test_lead_head_and_chair_sign_one_after_the_other_and_the_last_submits(signing, lead):
    assert statuses(signing) == {"lead": "signed", "head": "asked", "governors": "asked"}
    url, client = door(signing), Client()
    assert "94%" in client.get(url).content.decode() and "Ann Head" in client.get(url).content.decode()
    assert fresh(turn(signing)).status == "asked", "a scanner that opens the link uses nothing up"
    answer = client.post(url, SIGNED)
    assert answer.status_code == 302 and "Your signature is recorded" in client.get(answer.url).content.decode()
    again = client.post(url, SIGNED | {"says": "back", "note": "No"})
    assert (again.status_code, again.url) == (302, url), "a second click is told the same, and does nothing"
    assert statuses(signing) == {"lead": "signed", "head": "signed", "governors": "asked"}
    done = client.post(door(signing), SIGNED | {"name": "Somebody Else"})
    assert "signed and submitted" in client.get(done.url).content.decode()
    row, submission = fresh(signing), Submission.objects.unscoped(WHY).get(audit_return=signing)
    assert row.status == "submitted" and not submission.late and submission.number == 1
    assert [each["name"] for each in submission.content["signatures"]] == [lead.name, "Ann Head", "Somebody Else"]
    assert submission.content["signatures"][2]["note"] == "Asked of Bo Chair", "a forwarded link is told apart"
    marks = {each.content for each in services.signatures_of(row)}
    assert marks == {submission.sha256, sha256_of(submission.content)}
    assert Notice.objects.unscoped(WHY).filter(recipient=lead, kind="audit_submitted").exists()


def test_the_letter_goes_to_the_address_without_an_account_and_holds_no_answer(signing, lead):
    letter = Outgoing.objects.get(template="audit_signature")
    assert letter.recipient == lead
    written, _ = compose(letter)
    assert written.to == "head@school.example" and door(signing) in written.body
    assert "HYPERLINK" not in written.body and lead.name not in written.body
    services.take_back(signing, by=lead)
    with pytest.raises(NoLongerWanted):
        compose(letter)


def test_sent_back_drops_every_signature_ends_the_links_and_tells_the_lead(signing, lead):
    first = door(signing)
    client = Client()
    assert client.post(first, {"says": "back", "note": ""}).status_code == 422, "a note is needed"
    assert client.post(first, {"says": "back", "note": "Question 1a is not so."}).status_code == 302
    assert fresh(signing).status == "begun"
    assert statuses(signing) == {"lead": "dropped", "head": "sent_back", "governors": "dropped"}
    told = Notice.objects.unscoped(WHY).get(recipient=lead, kind="audit_sent_back")
    page = sign_in(Client(), lead).get(reverse("notify:notices")).content.decode()
    assert "Question 1a is not so." in page and told.read_at is None
    own = sign_in(Client(), lead).get(reverse("audits:audit_return", args=[signing.pk])).content.decode()
    assert "Sent back by headteacher" in own and "Question 1a is not so." in own
    again = services.sign_as_lead(fresh_full(signing), by=lead, post="Lead", signers=SIGNERS)
    assert {each.attempt for each in services.signatures_of(again)} == {2}
    page = client.get(first).content.decode()
    assert "You sent the return back" in page and "94%" not in page, "it says what was done, and reads no answer"
    assert client.post(first, SIGNED).status_code == 302 and statuses(again)["head"] == "asked"
    assert client.get(door(again)).status_code == 200


def test_a_link_dies_with_the_days_with_the_attempt_with_a_newer_one_and_with_its_asker(signing, lead, world):
    client, first = Client(), door(signing)
    with time_machine.travel(timezone.now() + timedelta(days=20)):
        assert client.get(first).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=22)):
        assert client.get(first).status_code == 404
    with pytest.raises(ValidationError, match="a moment ago"):
        services.ask_again(turn(signing), by=lead, **SIGNERS["head"])
    services.ask_again(turn(signing), by=lead, name="Cy New", post="Acting head", email="acting@school.example")
    assert client.get(first).status_code == 404, "asked of somebody else"
    second = door(signing)
    Membership.objects.filter(user=lead).update(ends=timezone.localdate())
    assert client.get(second).status_code == 404, "whoever asked has left"
    services.ask_again(turn(signing), by=world.author_other, name="Cy New", post="Head", email="acting@school.example")
    third = door(signing)
    services.take_back(signing, by=world.author_other)
    assert client.get(third).status_code == 404
    assert Signature.objects.unscoped(WHY).filter(audit_return=signing, status="asked").count() == 0


def test_nobody_signs_for_two_and_somebody_elses_session_is_refused(ready, lead, world):
    mine = SIGNERS | {"head": SIGNERS["head"] | {"email": lead.email.upper()}}
    with pytest.raises(ValidationError, match="somebody else who signs"):
        services.sign_as_lead(ready, by=lead, post="Lead", signers=mine)
    row = services.sign_as_lead(fresh_full(ready), by=lead, post="Lead", signers=SIGNERS)
    for user in (lead, world.colleague):
        page = sign_in(Client(), user).get(door(row))
        assert page.status_code == 403 and "94%" not in page.content.decode()


def test_a_head_who_is_the_lead_signs_once_and_an_agency_has_an_executive(ready, lead, world):
    NamedDuty.objects.create(agency=world.agencies["school"], kind="head", holder=lead)
    assert steps_of(ready, lead) == ("lead", "governors")
    ready.round.set_version.question_set.duty = "s11"
    assert steps_of(ready, lead) == ("lead", "executive")


def test_a_signer_with_a_role_there_signs_in_the_portal(ready, lead, world):
    head = world.author_other
    signers = SIGNERS | {"head": SIGNERS["head"] | {"email": head.email, "name": head.name}}
    row = services.sign_as_lead(ready, by=lead, post="Lead", signers=signers)
    url = reverse("audits:return_sign", args=[row.pk])
    assert sign_in(Client(), lead).post(url, SIGNED | {"do": "sign"}).status_code == 200, "it is not the lead's turn"
    assert statuses(row)["head"] == "asked"
    assert sign_in(Client(), head).post(url, SIGNED | {"do": "sign"}).status_code == 302
    found = services.signatures_of(row)[1]
    assert (found.status, found.how, found.user) == ("signed", "portal", head)


def test_the_governing_bodys_minute_is_recorded_with_its_day_and_number(signing, lead):
    signs(signing, lead)
    client, url = sign_in(Client(), lead), reverse("audits:return_sign", args=[signing.pk])
    day = timezone.localdate()
    AuditReturn.objects.unscoped(WHY).filter(pk=signing.pk).update(asked_at=timezone.now() - timedelta(days=5))
    typed = {"do": "record", "name": "Bo Chair", "post": "Chair", "minute": "7.2"}
    date = lambda on: {"signed_on_day": on.day, "signed_on_month": on.month, "signed_on_year": on.year}  # noqa: E731
    for on, words in (
        (day - timedelta(days=6), "an earlier day is of another one"),
        (day + timedelta(days=1), "in the past"),
        (day - timedelta(days=1), "before the safeguarding lead signed"),
    ):
        refused = client.post(url, typed | date(on))
        assert refused.status_code == 422 and words in refused.content.decode(), words
    assert statuses(signing)["governors"] == "asked"
    assert client.post(url, typed | date(day - timedelta(days=1)) | {"draft": "on"}).status_code == 302
    row = services.signatures_of(signing)[2]
    assert (row.how, row.minute, row.signed_on, row.recorded_by) == ("recorded", "7.2", day - timedelta(days=1), lead)
    assert "as a draft" in row.note, "that it was earlier stays on record"
    submission = Submission.objects.unscoped(WHY).get(audit_return=signing)
    assert submission.content["signatures"][2]["note"] == row.note


def test_who_is_asked_and_who_is_not_is_said_the_same_everywhere(ready, lead):
    client, url = sign_in(Client(), lead), reverse("audits:return_sign", args=[ready.pk])
    typed = {"do": "lead", "post": "Lead", "agree": "on"}
    page = client.post(url, typed, follow=True).content.decode()
    assert "Nobody is asked yet as the headteacher" in page and "Not asked yet" in page
    services.ask_again(turn(ready), by=lead, **SIGNERS["head"])
    assert "A link went to head@school.example" in client.get(url).content.decode()
    links.revoke_about(turn(ready).pk, Link.Purpose.SIGNATURE)
    page = client.get(url).content.decode()
    assert "opens nothing any more" in page and "The link has ended" in page and ">Asked<" not in page


@pytest.mark.parametrize(("state", "words"), [("quarantined", "still being checked"), ("infected", "nobody can open")])
def test_nothing_is_signed_over_a_file_that_nobody_can_open(ready, lead, state, words):
    document = Document.objects.create(folder=ready.folder, title="Policy", marking="sensitive", apart=True)
    version = keep(
        small_pdf("Policy"), folder=ready.folder, title="Policy", name="policy.pdf", content_type="application/pdf",
        marking="sensitive", by=lead, document=document,
    )  # fmt: skip
    shared = {"folder": ready.folder, "agency": ready.agency}
    piece = Evidence.objects.create(title="Our policy", document=document, **shared)
    answer = Answer.objects.unscoped(WHY).get(audit_return=ready, question__code="policy")
    Shown.objects.create(answer=answer, evidence=piece, **shared)
    files = Version.objects.unscoped(WHY).filter(pk=version.pk)
    files.update(state=state)
    page = sign_in(Client(), lead).get(reverse("audits:return_sign", args=[ready.pk])).content.decode()
    assert "‘Our policy’ (question 1a)" in page and words in page and "Your post" not in page
    with pytest.raises(ValidationError, match=words):
        services.sign_as_lead(ready, by=lead, post="Lead", signers=SIGNERS)
    files.update(state="clean")
    row = services.sign_as_lead(fresh_full(ready), by=lead, post="Lead", signers=SIGNERS)
    files.update(state=state)
    with pytest.raises(ValidationError, match=words):
        signs(row, lead)


def test_whoever_signed_by_link_has_a_copy_for_an_hour_and_nothing_else(
    signing, lead, django_capture_on_commit_callbacks
):
    url, client = door(signing), Client()
    assert client.get(url + "?copy").status_code == 200 and b"%PDF" not in client.get(url + "?copy").content
    client.post(url, SIGNED)
    assert "Make my copy" in client.get(url).content.decode()
    with django_capture_on_commit_callbacks():
        client.post(url, {"do": "copy"})
    assert "is being made" in client.get(url).content.decode()
    job = Job.objects.unscoped(WHY).get(kind="audit_standing")
    assert jobs.run(job.pk) == "done"
    given = client.get(url + "?copy")
    assert given["Cache-Control"] == "no-store" and given["Content-Disposition"].startswith("attachment")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(given.content)).pages)
    for words in ("Not submitted", "94%", "Ann Head, Headteacher", "Copy for Ann Head"):
        assert words in text, words
    NamedDuty.objects.create(agency=signing.agency, kind="ddsl", post="Deputy")
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert client.get(url).status_code == client.get(url + "?copy").status_code == 404
    services.take_back(signing, by=lead)
    assert client.get(url + "?copy").status_code == 404, "what was taken back is signed by nobody"


def test_the_return_as_it_stands_is_a_pdf_at_any_time_for_those_who_read_it(ready, lead, world):
    url = reverse("audits:return_pdf", args=[ready.pk])
    client = sign_in(Client(), lead)
    assert client.post(url).status_code == 302
    assert jobs.run(Job.objects.unscoped(WHY).get(kind="audit_standing").pk) == "done"
    given = sign_in(Client(), world.officer).get(url + "?file")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(given.content)).pages)
    assert "Not submitted. As it stood at" in text and "94%" in text
    assert sign_in(Client(), world.lead_same).get(url + "?file").status_code == 404
    client.post(url)
    again = Job.objects.unscoped(WHY).filter(kind="audit_standing", status="queued").get()
    assert jobs.run(again.pk) == "done"
    assert Version.objects.unscoped(WHY).filter(document__kind="audit_standing").count() == 1, "the one before goes"


def test_an_executive_is_whom_the_directory_names_else_who_signed_last(ready, lead, world):
    ready.round.set_version.question_set.duty = "s11"
    assert reads.signers(ready, lead) == (("executive",), {})
    older = making.audit_return(making.audit_round(world, ready.round.set_version), ready.agency)
    said = {"name": "Di Rector", "post": "Director", "email": "di@agency.example"}
    Signature.objects.create(
        folder=older.folder, agency=older.agency, audit_return=older, step="executive", asked_by=lead, **said
    )
    assert reads.signers(ready, lead)[1] == {"executive": said}
    NamedDuty.objects.create(agency=ready.agency, kind="lsp", post="Chief executive", holder=world.board_member)
    found = reads.signers(ready, lead)[1]["executive"]
    assert found == {"name": world.board_member.name, "post": "Chief executive", "email": world.board_member.email}


def test_an_executive_without_an_account_signs_by_link_and_that_submits(world, lead):
    version = making.question_set("agencies", duty="s11")
    made = making.audit_return(
        making.audit_round(world, version), world.agencies["school"], status="begun", answers=FULL,
        people_confirmed_at=timezone.now(),
    )  # fmt: skip
    said = {"name": "Di Rector", "post": "Director", "email": "di@agency.example"}
    row = services.sign_as_lead(fresh_full(made), by=lead, post="Section 11 lead", signers={"executive": said})
    client, url = Client(), door(row)
    assert "the last to sign" in client.get(url).content.decode()
    page = client.post(url, SIGNED | {"name": "Di Rector", "post": "Director"}, follow=True).content.decode()
    assert "signed and submitted" in page and fresh(row).status == "submitted"
    client.post(url, {"do": "copy"})
    assert jobs.run(Job.objects.unscoped(WHY).get(kind="audit_receipt").pk) == "done"
    assert client.get(url + "?copy")["Content-Type"] == "application/pdf", "the copy of the last is the receipt"


def test_nobody_signs_in_the_portal_for_another_and_no_address_signs_twice(ready, signing, lead, world):
    for by in (lead, world.author_other):
        with pytest.raises(PermissionDenied):
            services.sign(turn(signing), by=by, name="Ann Head", post="Head", how=Signature.How.PORTAL)
    services.take_back(signing, by=lead)
    both = SIGNERS | {"governors": SIGNERS["governors"] | {"email": "HEAD@school.example"}}
    with pytest.raises(ValidationError, match="somebody else who signs"):
        services.sign_as_lead(fresh_full(ready), by=lead, post="Lead", signers=both)


def test_nothing_is_signed_before_everything_is_answered_and_confirmed(world, lead):
    row = making.audit_return(
        making.audit_round(world),
        world.agencies["school"],
        status="begun",
        answers=FULL | {"governors": {"code": "no"}},
    )
    page = sign_in(Client(), lead).get(reverse("audits:return_sign", args=[row.pk])).content.decode()
    assert "1c Is it so with why-not?" in page and "Confirm your people" in page and "Your post" not in page
    with pytest.raises(ValidationError, match="without an answer"):
        services.sign_as_lead(row, by=lead, post="Lead", signers={})
    assert fresh(row).status == "begun"


def test_what_changed_since_the_lead_signed_is_refused_until_it_is_signed_anew(signing, lead):
    NamedDuty.objects.create(agency=signing.agency, kind="ddsl", post="Deputy")
    url, client = door(signing), Client()
    page = client.post(url, SIGNED)
    assert page.status_code == 422 and "has changed since the lead signed" in page.content.decode()
    assert turn(signing).status == "asked" and client.get(url).status_code == 200, "the link is not used up"
    services.take_back(signing, by=lead)
    again = services.sign_as_lead(fresh_full(signing), by=lead, post="Lead", signers=SIGNERS)
    assert signs(again, lead).status == "signing"


@pytest.mark.parametrize(("at", "late"), [("23:59:59", False), ("00:00:01", True)])
@pytest.mark.parametrize("day", [datetime(2026, 10, 25), datetime(2027, 6, 1)])  # noqa: DTZ001
def test_the_last_second_is_in_time_and_the_next_day_is_late(world, lead, day, at, late):
    """The last Sunday of October has 25 hours; on 1 June in the evening it is another day in UTC."""
    london = ZoneInfo("Europe/London")
    ends = day.replace(hour=23, minute=59, second=59, microsecond=999999, tzinfo=london)
    moment = ends.replace(microsecond=0) if at == "23:59:59" else ends + timedelta(seconds=1, microseconds=1)
    with time_machine.travel(moment, tick=False):
        row = making.audit_return(
            making.audit_round(world, opens_on=timezone.localdate() - timedelta(days=9)), world.agencies["school"],
            status="begun", answers=FULL, people_confirmed_at=timezone.now(), closes_at=ends,
        )  # fmt: skip
        services.sign_as_lead(row, by=lead, post="Lead", signers={})
        for _ in range(2):
            signs(row, lead)
    assert Submission.objects.unscoped(WHY).get(audit_return=row).late is late


def test_two_at_once_are_one_signature_and_one_submission(signing, lead):
    signs(signing, lead)
    last = turn(signing)
    signs(signing, lead)
    for act in (
        lambda: services.sign(last, by=lead, name="B", post="Chair", how=Signature.How.LINK),
        lambda: services.send_back(last, by=lead, note="Late"),
        lambda: services.sign_as_lead(signing, by=lead, post="Lead", signers={}),
    ):
        with pytest.raises(Stale):
            act()
    assert Submission.objects.unscoped(WHY).filter(audit_return=signing).count() == 1
    assert Event.objects.filter(verb="audit_return_submit", object_id=signing.pk).count() == 1


def test_given_back_and_signed_again_it_is_submission_two_and_one_stays(signing, lead, world):
    for _ in range(2):
        signs(signing, lead)
    RETURN.take(signing, "give_back", by=world.officer)
    row = services.sign_as_lead(fresh_full(signing), by=lead, post="Lead", signers=SIGNERS)
    for _ in range(2):
        signs(row, lead)
    found = list(Submission.objects.unscoped(WHY).filter(audit_return=row).order_by("number"))
    assert [each.number for each in found] == [1, 2] and found[0].reference != found[1].reference
    page = sign_in(Client(), lead).get(reverse("audits:submission", args=[found[0].pk])).content.decode()
    assert "94%" in page and found[0].reference in page


def test_a_closed_round_takes_no_signature_and_says_so(signing, lead):
    url = door(signing)
    Round.objects.filter(pk=signing.round_id).update(status="closed")
    page = Client().get(url).content.decode()
    assert "The round was closed" in page and "Your signature" not in page
    assert Client().post(url, SIGNED).status_code == 422
    with pytest.raises(ValidationError, match="closed"):
        signs(signing, lead)
    assert fresh(signing).status == "signing"


def test_staff_the_unit_and_another_school_may_not_sign(ready, world):
    url = reverse("audits:return_sign", args=[ready.pk])
    staff = world.colleague
    Membership.objects.filter(user=staff).update(agency=ready.agency)
    for user, answer in ((staff, 403), (world.officer, 403), (world.lead_same, 404), (world.author_other, 200)):
        assert sign_in(Client(), user).get(url).status_code == answer, user
    with pytest.raises(PermissionDenied):
        services.sign_as_lead(ready, by=staff, post="Teacher", signers={})


def test_the_receipt_says_what_was_signed_and_is_given_to_the_school_and_the_unit_alone(
    signing, lead, world, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks():
        for _ in range(2):
            signs(signing, lead)
    submission = Submission.objects.unscoped(WHY).get(audit_return=signing)
    url = reverse("audits:return_pdf", args=[signing.pk])
    assert "is being made" in sign_in(Client(), lead).get(url).content.decode()
    job = Job.objects.unscoped(WHY).get(kind="audit_receipt")
    assert jobs.run(job.pk) == "done"
    given = sign_in(Client(), lead).get(url)
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(given.content)).pages)
    for words in (submission.reference, "94%", "=HYPERLINK(1) <b>and</b> words", "Somebody, Post"):
        assert words in text, words
    assert submission.sha256 in text.replace("\n", "")
    assert sign_in(Client(), world.officer).get(url).status_code == 200
    for user in (world.lead_same, world.board_member):
        assert sign_in(Client(), user).get(url).status_code == 404


def test_the_content_changes_with_answers_and_evidence_and_with_nothing_else(ready, lead):
    before = content_of(ready)
    assert [each["ref"] for each in before["questions"]][:2] == ["1a", "1b"], "what is not asked is not signed"
    assert before == content_of(ready, lead)
    AuditReturn.objects.unscoped(WHY).filter(pk=ready.pk).update(version=7)
    assert sha256_of(content_of(fresh_full(ready))) == sha256_of(before)


def test_a_bounced_letter_tells_who_asked_and_blames_no_account(signing, lead):
    letter = Outgoing.objects.get(template="audit_signature")
    for hook in bounced_hooks():
        hook(letter, [])
    assert Notice.objects.unscoped(WHY).filter(recipient=lead, kind="audit_signer_unreached").exists()
    assert not AccountRequest.objects.unscoped(WHY).filter(user=lead).exists()
