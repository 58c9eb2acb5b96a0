"""Papers: asked for, sent, refused, withdrawn, converted."""

import io
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from boards.agenda import papers, reads
from boards.groups.governance_forms import TermsForm
from boards.models import Paper
from partnership.access import scope
from partnership.access.searching import Query
from partnership.documents import checking, converting, renditions, tending
from partnership.documents import services as documents
from partnership.documents.models import Rendition, State, Version
from partnership.documents.scanners import Verdict
from partnership.documents.searching import find_documents
from partnership.notify.models import Notice
from partnership.ui.dates import plain
from tests.boards.agenda.ground import add, lines, sent
from tests.documents import bad_files
from tests.world import sign_in, small_pdf


def test_a_paper_is_asked_for_sent_by_whom_it_was_asked_of_and_read(meeting, world, client):
    row = add(meeting, "Learning", world.officer)
    officer = sign_in(client, world.officer)
    page = officer.get(reverse("boards:paper_add", args=[row.pk]))
    assert page.context["form"].initial["due_on"] == papers.due_before(meeting) < meeting.day
    paper = papers.add_paper(
        row, by=world.officer, title="Audit", asked_of=world.lead_same, asked_words="", due_on=timezone.localdate()
    )
    assert Notice.objects.filter(kind="paper_asked", recipient=world.lead_same).count() == 1
    assert papers.remind() == 1 and papers.remind() == 1
    assert Notice.objects.filter(kind="paper_due").count() == 1
    member = sign_in(client, world.lead_same)
    assert "Send your paper ‘Audit’" in member.get(reverse("reporting:home")).text
    url = reverse("boards:paper", args=[paper.pk])
    upload = SimpleUploadedFile("audit.pdf", small_pdf("Audit"))
    assert member.post(url, {"file": upload, "marking": "official"}).status_code == 302
    version = Version.objects.get(document__kind=papers.KIND)
    checking.check(version.pk)
    assert lines(world.lead_same, meeting)[0].papers[0].read is False
    assert member.get(reverse("documents:download", args=[version.pk])).status_code == 200
    assert lines(world.lead_same, meeting)[0].papers[0].read is True
    told = sign_in(client, world.officer).get(url)
    assert [each.name for each in told.context["opened"]] == [world.lead_same.name]
    assert world.colleague in told.context["unopened"]
    other = sign_in(client, world.colleague).post(url, {"file": upload, "marking": "official"})
    assert other.status_code == 403


@pytest.mark.parametrize(
    "name, content, words",
    [
        ("virus.pdf", lambda: small_pdf("x") + bad_files.EICAR, "virus"),
        ("page.pdf", lambda: b"<html><script>1</script></html>", "web page"),
        ("sheet.xlsx", bad_files.bomb, "unpacks to far more"),
    ],
)
def test_what_is_bad_is_refused_in_a_sentence_and_did_not_come(
    name, content, words, meeting, world, client, monkeypatch
):
    monkeypatch.setattr("boards.agenda.forms.can_convert", lambda: True)
    row = add(meeting, "Learning", world.officer)
    facts = {"title": "Audit", "asked_of": world.lead_same, "asked_words": "", "due_on": None}
    paper = papers.add_paper(row, by=world.officer, **facts)
    member, url = sign_in(client, world.lead_same), reverse("boards:paper", args=[paper.pk])
    assert member.post(url, {"file": SimpleUploadedFile(name, content()), "marking": "official"}).status_code == 302
    checking.check(Version.objects.get(document__kind=papers.KIND).pk)
    assert words in member.get(url).text
    paper.refresh_from_db()
    assert paper.received_at is None
    seen = lines(world.colleague, meeting)[0].papers[0]
    assert seen.shown is None and seen.words == ""  # what was wrong with it is no matter of the others
    assert words in lines(world.officer, meeting)[0].papers[0].words


def test_who_has_a_paper_is_asked_for_it_again_when_its_file_is_refused_and_nobody_else(meeting, world, client):
    row = add(meeting, "Learning", world.officer, presenter=world.lead_same)
    officer = sign_in(client, world.officer)
    page = SimpleUploadedFile("page.pdf", b"<html><script>1</script></html>")
    data = {"title": "Audit", "asked_of": world.lead_same.pk, "there": "yes", "file": page, "marking": "official"}
    assert officer.post(reverse("boards:paper_add", args=[row.pk]), data).status_code == 302
    checking.check(Version.objects.get(document__kind=papers.KIND).pk)
    assert Paper.objects.get().asked_of == world.officer and not Notice.objects.filter(recipient=world.lead_same)
    assert "Send your paper ‘Audit’" in officer.get(reverse("reporting:home")).text
    assert f"for the paper ‘Audit’ of the meeting on {plain(meeting.day)} was not kept" in said_to(officer)


def said_to(client):
    return client.get(reverse("notify:notices")).text


def test_a_paper_that_a_later_scan_withdraws_came_all_the_same(meeting, world):
    paper = sent(add(meeting, "Learning", world.officer), world.officer)
    version, came = Version.objects.get(document=paper.document), paper.received_at
    for infected in (True, False):
        scanner = SimpleNamespace(scan=lambda _, bad=infected: Verdict(clean=not bad, infected=bad))
        tending._again(version, scanner, "new")
        version.refresh_from_db()
        (line,) = lines(world.colleague, meeting)[0].papers
        assert (line.paper.received_at, bool(line.shown)) == (came, not infected)


def test_a_withdrawn_paper_and_its_pdf_are_given_to_nobody_and_found_by_nothing(meeting, world, client, monkeypatch):
    monkeypatch.setattr(converting, "to_pdf", lambda name, content: small_pdf("Words"))
    paper = sent(
        add(meeting, "Learning", world.officer), world.officer, bad_files.office("docx"), name="a.docx", title="Audit"
    )
    made = renditions.make(Rendition.objects.get().pk) and Rendition.objects.get()
    member = sign_in(client, world.lead_same)
    downloads = [reverse("documents:download", args=[pk]) for pk in (made.original_id, made.made_id)]

    def found():
        with scope.entered():
            hits, total = find_documents(world.lead_same, Query.of("audit"), slice(0, 5))
            offered = TermsForm(user=world.manager, group=meeting.group).fields.get("document")
            return total, len(hits), [row.title for row in offered.queryset] if offered else []

    assert found() == (1, 1, ["Audit"])
    assert {member.get(url).status_code for url in downloads} == {200}
    papers.withdraw_paper(paper, by=world.officer)
    page = sign_in(Client(), world.officer).get(reverse("boards:paper_edit", args=[paper.pk]), follow=True).text
    assert "This paper was withdrawn" in page and reverse("boards:agenda", args=[meeting.pk]) in page
    assert found() == (0, 0, [])
    assert {member.get(url).status_code for url in downloads} == {404}
    with pytest.raises(ValidationError, match="was withdrawn"):
        papers.change_paper(
            paper, by=world.officer, version=2, title="Audit", asked_of=world.colleague, asked_words="", due_on=None
        )


def test_without_a_converter_only_pdf_is_taken(meeting, world, client):
    row = add(meeting, "Learning", world.officer)
    upload = SimpleUploadedFile("paper.docx", bad_files.office("docx"))
    data = {"title": "Audit", "there": "yes", "file": upload, "marking": "official"}
    response = sign_in(client, world.officer).post(reverse("boards:paper_add", args=[row.pk]), data)
    assert response.status_code == 422 and "Only PDF can be taken here" in response.text


def test_lateness_is_told_in_working_days(meeting, world):
    row = add(meeting, "Learning", world.officer)
    due = timezone.localdate() - timedelta(days=7)
    sent(row, world.officer, due_on=due)
    (late,) = lines(world.colleague, meeting)[0].papers
    assert late.late.endswith("working days late") and int(late.late.split()[0]) in (4, 5)


# --- conversion ---------------------------------------------------------------------------------------------------


def _can_convert():
    try:
        converting.found()
    except converting.Unavailable:
        return False
    return True


@pytest.mark.skipif(not _can_convert(), reason="LibreOffice or a sandbox for it is not on this machine")
def test_an_office_file_is_read_as_pdf_and_the_original_stays(meeting, world):
    row = add(meeting, "Learning", world.officer)
    paper = sent(row, world.officer, content=bad_files.zipped(DOCX), name="paper.docx")
    waiting = Rendition.objects.get(original__document=paper.document)
    assert lines(world.colleague, meeting)[0].papers[0].words == reads.BEING_MADE
    assert renditions.make(waiting.pk) and not renditions.make(waiting.pk)
    (line,) = lines(world.colleague, meeting)[0].papers
    assert (line.shown.label, line.original.label) == ("PDF", "Word (DOCX)")
    text = PdfReader(io.BytesIO(documents.read(line.pdf))).pages[0].extract_text()
    assert "Words of the paper" in text
    Version.objects.filter(pk=waiting.original_id).update(state=State.WITHDRAWN)
    assert renditions.of_withdrawn(world.colleague, [line.pdf]) == {line.pdf.pk}


def test_what_cannot_be_converted_says_so_and_three_dead_workers_end_it(meeting, world, monkeypatch):
    def fails(name, content):
        raise OSError

    row = add(meeting, "Learning", world.officer)
    paper = sent(row, world.officer, content=bad_files.office("docx"), name="paper.docx")
    waiting = Rendition.objects.get(original__document=paper.document)
    monkeypatch.setattr(converting, "to_pdf", fails)
    assert not renditions.make(waiting.pk)
    waiting.refresh_from_db()
    assert waiting.attempts == 0 and waiting.look_at > timezone.now()
    Rendition.objects.filter(pk=waiting.pk).update(attempts=3, look_at=timezone.now())
    nudged = []
    monkeypatch.setattr(renditions, "nudge", nudged.append)
    assert renditions.sweep() == 1 and nudged == [waiting.pk]
    assert renditions.make(waiting.pk)
    assert lines(world.colleague, meeting)[0].papers[0].words == reads.NOT_MADE


def test_nothing_is_converted_without_a_sandbox(monkeypatch):
    converting.found.cache_clear()
    monkeypatch.setattr(converting.shutil, "which", lambda name: "/usr/bin/soffice" if name == "soffice" else None)
    with pytest.raises(converting.Unavailable, match="network"):
        converting.to_pdf("a.docx", b"")


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DOCX = {
    "[Content_Types].xml": f'<Types xmlns="{bad_files.PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{bad_files.MAIN["docx"][1]}"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{bad_files.PACKAGE}/relationships"><Relationship Id="r1" '
    f'Type="{bad_files.RELS}/officeDocument" Target="word/document.xml"/></Relationships>',
    "word/document.xml": f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>Words of the paper</w:t></w:r></w:p>'
    "</w:body></w:document>",
}
