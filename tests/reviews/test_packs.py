"""Packs for the meeting: who is told, what stands in each, and who can no longer open one."""

import io
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from boards.calling import services as calling
from boards.meetings.services import plan
from partnership.access import services as access
from partnership.access.models import FolderGrant
from partnership.access.services import let_in_for_emergency
from partnership.jobs import services as jobs
from partnership.jobs.models import Job
from partnership.notify.models import Notice
from reviews.chronology import exporting
from reviews.models import Pack, ReportSection, ReturnPassage
from reviews.packs import services
from tests.reviews.chronology import told
from tests.walk.canaries import IDENTIFIERS
from tests.world import canary, small_pdf


def drawn(world, audience, by=None):
    content = services.maker(audience)(world.ours.review, by=by or world.officer, progress=lambda *said: None)
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]
    return content, pages


def made(world, audience="members"):
    """A pack without drawing it: what is kept and who is told is the same."""
    Notice.objects.all().delete()
    services.keeper(audience)(world.ours.review, b"%PDF-1.7 a pack", by=world.officer)
    return Pack.objects.get(audience=audience), set(Notice.objects.values_list("recipient_id", flat=True))


def test_the_members_pack_has_the_returns_that_are_in_and_the_chronology_and_no_identity(world, monkeypatch):
    monkeypatch.setattr(exporting, "PART", 1)
    told(world.ours.review, "3 April 2024", "Seen at home", by=world.officer)
    told(world.ours.review, "5 May 2024", "Seen at school", by=world.officer)
    content, pages = drawn(world, "members")
    words = "".join(pages).replace(" ", "")
    label = f"ours-{world.ours.returns['school'].agency.slug}"
    for said in (canary(label, "analysis"), "Seenathome", "Seenatschool"):
        assert said in words
    for kept in (canary(label, "family"), canary(label, "contacts"), *(canary("ours", each) for each in IDENTIFIERS)):
        assert kept not in words
    assert all("panel members" in page for page in pages), "the audience stands on each page"
    assert [f"Page {number}" in page for number, page in enumerate(pages, start=1)] == [True] * len(pages)
    assert "/StructTreeRoot" in PdfReader(io.BytesIO(content)).trailer["/Root"]


def test_the_partners_pack_has_summary_decision_paper_and_draft_report(world):
    _, pages = drawn(world, "partners")
    words = " ".join(pages)
    for said in ("Summary", "Paper for the decision", "The report as it stands", "Recorded so far, as decision 1"):
        assert said in words
    assert all("delegated partners" in page for page in pages)
    assert canary("ours", "facts") in words.replace(" ", "")


def test_the_partners_pack_says_once_which_sections_nobody_wrote(world):
    ReportSection.objects.unscoped("the test's own").filter(review=world.ours.review).update(text="", typed=False)
    words = " ".join(drawn(world, "partners")[1])
    assert words.count("Nobody has written yet") == 1
    assert "‘Next steps, and why’" in words


def test_the_pack_to_read_out_names_its_audience(world):
    _, pages = drawn(world, "aloud")
    assert all("to read out at the meeting" in page for page in pages)
    assert canary("ours", "what_happened") in "".join(pages).replace(" ", "")


def test_marked_passages_stand_in_the_pack_to_read_out_alone_and_never_those_for_the_lead(world):
    row = world.ours.returns["school"]
    for mark, words in (("meeting", "Say this aloud."), ("lead", "For the lead alone.")):
        ReturnPassage.objects.create(
            folder_id=row.folder_id, answer=row, heading="voice", mark=mark, words=words, since=1, given=True,
            added_by=row.author,
        )  # fmt: skip
    told = {audience: " ".join(" ".join(drawn(world, audience)[1]).split()) for audience in Pack.Audience.values}
    assert "Say this aloud." in told["aloud"]
    assert "Say this aloud." not in told["members"] + told["partners"]
    assert not any("For the lead alone." in words for words in told.values())


@pytest.mark.parametrize(
    ("audience", "told_of", "not_told"),
    [
        ("members", {"panel"}, {"signer_icb", "case_officer", "scrutineer", "author"}),
        ("partners", {"signer_icb", "signer_council", "deputy_police"}, {"panel", "scrutineer", "case_officer"}),
        ("aloud", {"case_officer"}, {"panel", "signer_icb", "scrutineer"}),
    ],
)
def test_those_for_whom_it_is_are_told_and_nobody_else(world, audience, told_of, not_told):
    _, people = made(world, audience)
    assert {world.people[name].pk for name in told_of} <= people
    assert not people & {world.people[name].pk for name in not_told | {"officer"}}


def test_a_panel_member_who_owes_a_return_is_not_told_of_the_others_accounts(world):
    access.grant(world.ours.folder, world.author, "pm", by=world.officer, reason="Sits on it.")
    _, people = made(world, "members")
    assert world.panel.pk in people and world.author.pk not in people


def test_who_still_owes_a_return_cannot_have_the_members_pack_made(world):
    access.grant(world.ours.folder, world.author, "co", by=world.officer, reason="Works on it.")
    with pytest.raises(exporting.Withheld):
        services.maker("members")(world.ours.review, by=world.author, progress=lambda *said: None)


def test_the_notice_leads_to_the_meeting_and_says_no_word_of_the_case(world, sign_in):
    pack, _ = made(world)
    notice = Notice.objects.get(recipient=world.panel)
    page = sign_in(world.panel).get(reverse("notify:notices")).content.decode()
    assert "the pack for the meeting is there (panel members)" in page
    assert reverse("reviews:meeting", args=[pack.review_id]) in page or str(notice.pk) in page
    assert not any(canary("ours", "facts") in each.body for each in mail.outbox)


def test_somebody_taken_off_a_minute_ago_downloads_nothing(world, sign_in):
    pack, _ = made(world)
    client, at = sign_in(world.panel), reverse("documents:download", args=[pack.file_id])
    meeting = reverse("reviews:meeting", args=[pack.review_id])
    assert at in client.get(meeting).content.decode()
    grant = FolderGrant.objects.live().get(user=world.panel, content_object=world.ours.folder)
    access.revoke(grant, by=world.officer)
    assert client.get(at).status_code == 404 and client.get(meeting).status_code == 404


@pytest.mark.parametrize("who", ["scrutineer", "author", "stranger", "ended", "barred"])
def test_no_other_person_opens_a_pack(world, sign_in, who):
    pack, _ = made(world)
    assert sign_in(world.people[who]).get(reverse("documents:download", args=[pack.file_id])).status_code == 404


def test_the_button_asks_for_a_job_and_a_forged_audience_for_nothing(world, sign_in):
    client, at = sign_in(world.officer), reverse("reviews:make_pack", args=[world.ours.review.pk])
    assert client.post(at, {"audience": "everybody"}).status_code == 302
    assert not Job.objects.filter(kind__startswith="pack_").exists()
    answer = client.post(at, {"audience": "aloud", "seen": "yes"})
    job = Job.objects.get(kind="pack_aloud")
    assert answer.url == reverse("jobs:job", args=[job.pk])
    assert jobs.run(job.pk) == "done"
    job.refresh_from_db()
    file = client.get(reverse("documents:download", args=[job.result_id]))
    assert file.status_code == 200 and f"Copy for {world.officer.name}" in " ".join(
        PdfReader(io.BytesIO(file.content)).pages[0].extract_text().split()
    )
    assert Pack.objects.get().audience == "aloud"


def test_the_pack_to_read_out_is_had_by_those_who_run_the_review_and_its_chair_alone(world, sign_in):
    services.keeper("aloud")(world.ours.review, small_pdf("aloud"), by=world.officer)
    pack = Pack.objects.get(audience="aloud")
    at, meeting = (
        reverse("documents:download", args=[pack.file_id]),
        reverse("reviews:meeting", args=[pack.review_id]),
    )
    assert sign_in(world.case_officer).get(at).status_code == 200
    for user in (world.panel, world.signer_icb):
        client = sign_in(user)
        page = client.get(meeting).content.decode()
        assert client.get(at).status_code != 200 and at not in page and "they read it out there" in page
    when = timezone.now() + timedelta(days=2)
    row = plan(world.ours.folder, by=world.officer, title="Rapid review meeting", starts_at=when, place="Room 4")
    calling.chair(calling.invite(row, by=world.officer, user=world.panel), by=world.officer, chairs=True)
    assert sign_in(world.panel).get(at).status_code == 200


def test_what_was_done_at_once_by_the_notification_is_read_out(world):
    _, pages = drawn(world, "aloud")
    words = " ".join(pages).replace(" ", "")
    assert canary("ours", "safety") in words and "Immediatesafetyaction" in words
    assert "Nonehasbeenrecorded" not in words[words.index("Immediatesafetyaction") : words.index("Whateachagency")]


def test_who_reads_in_an_emergency_is_told_of_no_pack(world):
    let_in_for_emergency(
        world.ours.folder,
        world.officer_outside,
        reason="A child may be at risk.",
        ends=timezone.now() + timedelta(hours=24),
    )
    _, told_of_it = made(world)
    assert world.panel.pk in told_of_it and world.officer_outside.pk not in told_of_it
    assert not Notice.objects.filter(recipient=world.officer_outside).exists()
