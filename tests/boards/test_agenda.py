"""The agenda: its items and their order, what is restricted, papers, conversion, packs."""

import io
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from boards.agenda import drawing, packs, papers, reads, services
from boards.attending import interests
from boards.demo_agenda import fill_agendas
from boards.groups.governance_forms import TermsForm
from boards.models import Decision, Item, Meeting, Pack, Paper
from partnership.access import scope
from partnership.access.flow import Stale
from partnership.access.models import Folder, FolderGrant
from partnership.access.rows import can
from partnership.access.searching import Query
from partnership.access.services import bar, grant
from partnership.actions.models import Plan, Priority
from partnership.actions.services import add as add_action
from partnership.documents import checking, converting, renditions, tending
from partnership.documents import services as documents
from partnership.documents.models import Rendition, State, Version
from partnership.documents.scanners import Verdict
from partnership.documents.searching import find_documents
from partnership.jobs import services as jobs
from partnership.notify.models import Notice
from partnership.people.roles import Perm, Role
from partnership.trail.models import Event
from partnership.ui.dates import plain
from tests.boards import making
from tests.documents import bad_files
from tests.world import sign_in, small_pdf

SECRET = "A child of whom nobody else may read"
FACTS = {
    "about": "", "purpose": "note", "minutes_allowed": 30, "presenter": None, "presenter_words": "", "priority": None,
    "duty": None,
}  # fmt: skip


@pytest.fixture(autouse=True)
def here(monkeypatch, settings, tmp_path):
    """No broker, a store of this test's own, and a worker that converts nothing unless the test says so."""
    monkeypatch.setattr(documents, "nudge", lambda pk: None)
    monkeypatch.setattr(renditions, "nudge", lambda pk: None)
    monkeypatch.setattr(jobs, "nudge", lambda pk: None)
    settings.DOCUMENT_ROOT = tmp_path / "documents"


@pytest.fixture
def meeting(world):
    group = making.group(world)
    for name in ("lead_same", "colleague"):
        _sit(world, group, world.people[name])
    return making.meeting(group, by=world.officer)


def _sit(world, group, user):
    from boards.groups.services import add_seat

    add_seat(group, by=world.manager, user=user, role="member", post="Head", agency=world.agencies["uhnm"])


def add(meeting, title, by, **facts):
    return services.add_item(meeting, by=by, **FACTS | {"title": title} | facts)


def secret(meeting, world, *people, title=SECRET):
    return add(meeting, title, world.officer, restricted=True, people=people, reason="It is about their case.")


def sent(item, by, content=None, name="paper.pdf", title="The report", **facts):
    """A paper that is there and was found clean."""
    facts = {"asked_of": None, "asked_words": "", "due_on": None} | facts
    upload = SimpleUploadedFile(name, content or small_pdf(title))
    row = papers.add_paper(item, by=by, title=title, upload_file=upload, marking="official", **facts)
    for version in Version.objects.filter(document=row.document, state=State.QUARANTINED):
        checking.check(version.pk)
    return Paper.objects.get(pk=row.pk)


def lines(user, meeting):
    with scope.entered():
        return reads.agenda(user, meeting)


def titles(user, meeting):
    return [(line.number, line.item.title) for line in lines(user, meeting)]


# --- items and their order ----------------------------------------------------------------------------------------


def test_what_is_restricted_leaves_no_trace_in_number_time_or_order(meeting, world):
    add(meeting, "Apologies", world.officer)
    secret(meeting, world, world.colleague)
    add(meeting, "Any other business", world.officer)
    seen, unseen = titles(world.colleague, meeting), titles(world.lead_same, meeting)
    assert unseen == [("1", "Apologies"), ("2", "Any other business")]
    assert seen == [*unseen, ("R1", SECRET)]
    times = [[line.starts_at for line in lines(user, meeting)] for user in (world.colleague, world.lead_same)]
    assert times[0][:2] == times[1] and times[1][1] == meeting.starts_at + timedelta(minutes=30)


def test_a_restricted_item_is_led_by_the_unit_of_the_day_and_opens_to_the_chosen_alone(meeting, world):
    row = secret(meeting, world, world.colleague)
    folder = Folder.objects.get(pk=row.pk)
    assert (folder.sealed, folder.parent_id, folder.title) == (True, meeting.folder_id, SECRET)
    led = {grant.user: grant.role for grant in folder.grants.live().select_related("user", "permission")}
    assert led[world.officer] == led[world.manager] == Role.CASE_LEAD and led[world.colleague] == Role.GROUP_MEMBER
    assert not Item.objects.visible_to(world.officer_outside).filter(pk=row.pk).exists()
    assert SECRET not in str(list(Event.objects.values_list("data", flat=True)))


def test_whoever_is_barred_from_the_group_is_not_let_into_its_restricted_item(meeting, world):
    bar(meeting.folder, world.manager, by=world.officer, reason="personal")
    row = secret(meeting, world, world.colleague)
    assert world.manager not in {grant.user for grant in Folder.objects.get(pk=row.pk).grants.all()}
    bar(meeting.folder, world.colleague, by=world.officer, reason="personal")
    with pytest.raises(ValidationError, match="barred"):
        secret(meeting, world, world.colleague)


def test_in_a_sealed_folder_nothing_is_restricted_once_more(world):
    row = Meeting.objects.create(folder=world.ours.folder, title="Rapid review", starts_at=timezone.now())
    with pytest.raises(ValidationError, match="sealed folder"):
        secret(row, world)


def test_an_item_serves_what_holds_today_and_its_presenter_may_open_it(meeting, world, sign_in):
    plans = [Plan.objects.create(title="Plan", starts=date(2020, 4, 1), ends=ends) for ends in (date(2021, 4, 1), None)]
    over, holds = (Priority.objects.create(plan=each, kind="practice", position=1, title="Neglect") for each in plans)
    client, url = sign_in(world.officer), reverse("boards:item_add", args=[meeting.pk])
    data = {"title": "Plan", "purpose": "note", "audience": "open"}
    assert "Choose the priority or the duty" in client.post(url, data).text
    refused = client.post(url, data | {"serves": "priority", "priority": over.pk})
    assert refused.status_code == 422 and list(refused.context["form"].errors) == ["priority"]
    assert client.post(url, data | {"serves": "priority", "priority": holds.pk}).status_code == 302
    with pytest.raises(ValidationError, match="not let into this item"):
        add(meeting, SECRET, world.officer, restricted=True, presenter=world.lead_same, reason="x")


def test_who_only_assists_a_member_is_let_into_no_restricted_item(meeting, world):
    grant(meeting.folder, world.author, Role.ASSISTANT, by=world.manager, reason="Assists a member")
    assert can(world.author, Perm.MEETING_VIEW, meeting)
    assert world.author not in services.who_may_be_let_in(meeting, world.officer)
    with pytest.raises(ValidationError, match="Choose somebody who is called"):
        secret(meeting, world, world.author)


def test_items_move_and_a_second_tab_moves_nothing(meeting, world):
    first, _, third = (add(meeting, title, world.officer) for title in "ABC")
    services.move_item(third, by=world.officer, to=1, was=3)
    assert [title for _, title in titles(world.officer, meeting)] == ["C", "A", "B"]
    with pytest.raises(Stale):
        services.move_item(third, by=world.officer, to=2, was=3)
    services.move_item(first, by=world.officer, to=9, was=2)
    assert [title for _, title in titles(world.officer, meeting)] == ["C", "B", "A"]
    assert sorted(Item.objects.filter(meeting=meeting).values_list("position", flat=True)) == [1, 2, 3]


def test_who_does_not_see_a_restricted_item_moves_another_past_it(meeting, world):
    hidden = secret(meeting, world)
    mine = add(meeting, "Mine", world.manager, restricted=True, people=[world.colleague, world.officer], reason="x")
    services.move_item(mine, by=world.colleague, to=5, was=1)
    assert [title for _, title in titles(world.officer, meeting)] == [SECRET, "Mine"]
    assert titles(world.colleague, meeting) == [("R1", "Mine")]
    assert hidden.pk not in {line.item.pk for line in lines(world.colleague, meeting)}


def test_an_item_under_which_something_stands_stays_and_another_comes_back(meeting, world):
    *kept, other = (add(meeting, title, world.officer) for title in "ABCD")
    Decision.objects.create(folder=meeting.folder, meeting=meeting, item=kept[0], number=1, text="Agreed.")
    interests.declare(kept[1], by=world.officer, words="Works there", name="A guest")
    add_action(
        meeting.folder, by=world.officer, what="Ask the school", owner=None, agency=world.agencies["uhnm"],
        due_on=timezone.localdate() + timedelta(days=9), source=kept[2],
    )  # fmt: skip
    for row in kept:
        with pytest.raises(ValidationError, match="stays on the agenda"):
            services.remove_item(row, by=world.officer)
    services.remove_item(other, by=world.officer)
    assert [title for _, title in titles(world.officer, meeting)] == ["A", "B", "C"]
    services.restore_item(other, by=world.officer)
    assert titles(world.officer, meeting)[-1] == ("4", "D")


def test_agreed_minutes_close_the_agenda(meeting, world):
    Meeting.objects.filter(pk=meeting.pk).update(minutes_status=Meeting.Minutes.AGREED)
    with pytest.raises(ValidationError, match="agreed"):
        add(meeting, "Late", world.officer)


def test_two_who_change_one_item_see_both_texts(meeting, world, sign_in):
    row = add(meeting, "Old words", world.officer)
    client = sign_in(world.officer)
    services.change_item(row, by=world.manager, version=1, **FACTS | {"title": "Words of the manager"})
    data = {"title": "Words of the officer", "purpose": "note", "serves": "standing", "version": 1}
    response = client.post(reverse("boards:item_edit", args=[row.pk]), data)
    assert response.status_code == 409
    assert "Words of the manager" in response.text and "Words of the officer" in response.text
    secret_row = secret(meeting, world)
    services.change_item(secret_row, by=world.officer, version=1, **FACTS | {"title": "Renamed"})
    assert Folder.objects.get(pk=secret_row.pk).title == "Renamed"


# --- papers -------------------------------------------------------------------------------------------------------


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


# --- packs --------------------------------------------------------------------------------------------------------


def ask(meeting, by, *, whole=True, runs=True, anew=False):
    """The pack that is asked for, drawn by its job."""
    with scope.entered():
        found = reads.agenda(by, meeting)
        job = packs.ask(meeting, by=by, lines=found, whole=whole, runs=runs, anew=anew)
    assert jobs.run(job.pk) == "done", job
    return Pack.objects.get(pk=job.subject_id)


def text_of(pack):
    content = documents.read(packs.file_of(pack))
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


@pytest.fixture
def ready(meeting, world):
    """Two open items with a paper each, and a restricted one with its own that the colleague may read."""
    for title in ("Learning", "Neglect"):
        sent(add(meeting, title, world.officer), world.officer, title=f"Paper on {title}")
    row = secret(meeting, world, world.colleague)
    sent(row, world.officer, title="Paper on the child")
    return meeting


def test_each_audience_has_its_own_pack_and_open_pages_have_one_number(ready, world, client):
    whole, open_one = ask(ready, world.officer), ask(ready, world.officer, whole=False)
    words = "\n".join(text_of(open_one))
    assert "Paper on Neglect" in words and "child" not in words and "R1" not in words and "estricted" not in words
    assert any("Paper on the child" in page for page in text_of(whole))
    numbers = {pk: first for pk, first, *_ in open_one.pages}
    assert numbers.items() <= {pk: first for pk, first, *_ in whole.pages}.items()
    member = sign_in(client, world.lead_same)
    page = member.get(reverse("boards:packs", args=[ready.pk]))
    assert str(open_one.pk) in page.text and str(whole.pk) not in page.text and "with R1" not in page.text
    assert member.get(reverse("boards:pack_file", args=[whole.pk])).status_code == 404
    assert member.get(reverse("boards:pack_file", args=[open_one.pk])).status_code == 200
    assert all(each.read for line in lines(world.lead_same, ready) for each in line.papers)
    reader = sign_in(client, world.colleague)
    called = [
        reader.get(reverse("boards:pack_file", args=[pk]))["Content-Disposition"] for pk in (whole.pk, open_one.pk)
    ]
    assert "with restricted items R1.pdf" in called[0] and "open items.pdf" in called[1]
    assert member.get(reverse("documents:download", args=[packs.file_of(whole).pk])).status_code == 404


def test_every_page_bears_its_number_and_bookmarks_lead_to_it(ready, world):
    pack = ask(ready, world.officer, whole=False)
    reader = PdfReader(io.BytesIO(documents.read(packs.file_of(pack))))
    assert all(f"Page {n} of the pack" in page.extract_text() for n, page in enumerate(reader.pages, start=1))
    assert [mark.title for mark in reader.outline if not isinstance(mark, list)] == [
        "Agenda",
        "1. Learning",
        "2. Neglect",
    ]
    paper = Paper.objects.get(title="Paper on Neglect")
    (first,) = (first for pk, first, *_ in pack.pages if pk == str(paper.pk))
    assert "Paper on Neglect" in reader.pages[first - 1].extract_text()
    (shown,) = lines(world.lead_same, ready)[1].papers
    assert (shown.page, shown.supplement) == (first, False)


def test_a_supplement_goes_on_and_the_pages_before_stay(ready, world, client):
    pack = ask(ready, world.officer, whole=False)
    before = packs.file_of(pack).sha256
    with pytest.raises(ValidationError, match="Nothing has come"):
        ask(ready, world.officer, whole=False)
    item = Item.objects.get(title="Neglect")
    sent(item, world.officer, title="A late paper")
    more = ask(ready, world.officer, whole=False)
    assert (more.number, more.first_page) == (1, pack.last_page + 1)
    assert f"Page {more.first_page} of the pack" in text_of(more)[0]
    assert "Paper on Learning" not in "\n".join(text_of(more))
    late = lines(world.lead_same, ready)[1].papers[1]
    assert late.supplement and late.page > pack.last_page
    assert packs.file_of(pack).sha256 == before
    sign_in(client, world.lead_same).get(reverse("boards:pack_file", args=[pack.pk]))
    anew = ask(ready, world.officer, whole=False, anew=True)
    assert (anew.number, anew.first_page) == (0, 1)
    assert [each.read for line in lines(world.lead_same, ready) for each in line.papers] == [True, True, False]


def test_a_supplement_that_is_being_drawn_does_not_become_the_whole_pack(ready, world, monkeypatch):
    ask(ready, world.officer, whole=False)
    sent(Item.objects.get(title="Neglect"), world.officer, title="A late paper")
    found, real = lines(world.officer, ready), drawing._Drawing.draw
    again = {"by": world.officer, "lines": found, "whole": False, "runs": True}

    def anew_meanwhile(self, parts):
        packs.ask(ready, anew=True, **again)
        return real(self, parts)

    with scope.entered(), monkeypatch.context() as meanwhile:
        meanwhile.setattr(drawing._Drawing, "draw", anew_meanwhile)
        job = packs.ask(ready, **again)
        assert jobs.run(job.pk) == "failed"
    job.refresh_from_db()
    assert job.problem == packs.ANEW
    pack = ask(ready, world.officer, whole=False)
    assert (pack.number, pack.first_page) == (0, 1) and "Paper on Learning" in "\n".join(text_of(pack))


def test_an_agenda_that_moves_while_the_pack_is_drawn_is_told(ready, world, client, monkeypatch):
    item, real = Item.objects.get(title="Neglect"), drawing._Drawing.draw

    def moved_meanwhile(self, parts):
        services.move_item(item, by=world.officer, to=1, was=2)
        return real(self, parts)

    monkeypatch.setattr(drawing._Drawing, "draw", moved_meanwhile)
    pack = ask(ready, world.officer, whole=False)
    said = "\n".join(text_of(pack))
    assert said.index("Learning") < said.index("Neglect")
    page = sign_in(client, world.lead_same).get(reverse("boards:packs", args=[ready.pk]))
    assert "The agenda has changed since" in page.text


def test_a_change_of_what_is_restricted_is_no_change_to_the_others(ready, world):
    pack = ask(ready, world.officer, whole=False)
    row = Item.objects.get(title=SECRET)
    services.change_item(row, by=world.officer, version=row.version, **FACTS | {"title": "Other words"})
    seen = lines(world.lead_same, ready)
    assert packs.state_of(Meeting.objects.get(pk=ready.pk), seen) == pack.made_of


def test_a_pack_with_a_withdrawn_paper_is_given_to_nobody(ready, world, client):
    pack = ask(ready, world.officer, whole=False)
    papers.withdraw_paper(Paper.objects.get(title="Paper on Neglect"), by=world.officer)
    member = sign_in(client, world.lead_same)
    assert member.get(reverse("boards:pack_file", args=[pack.pk])).status_code == 404
    assert packs.TAKEN_AWAY in member.get(reverse("boards:packs", args=[ready.pk])).text


def test_a_paper_that_cannot_be_bound_has_a_page_that_says_so(ready, world, monkeypatch):
    real = drawing.read
    broken = Paper.objects.get(title="Paper on Learning").document_id
    monkeypatch.setattr(drawing, "read", lambda v: b"%PDF-1.4 no" if v.document_id == broken else real(v))
    words = "\n".join(text_of(ask(ready, world.officer, whole=False)))
    assert "could not be put into the pack" in words and "Paper on Neglect" in words


def test_a_reader_of_a_restricted_item_makes_a_pack_once_the_open_one_is_there(ready, world, client):
    page = sign_in(client, world.colleague).get(reverse("boards:packs", args=[ready.pk])).text
    assert packs.UNIT_MAKES in page and plain(papers.due_before(ready)) in page and packs.YOURS_LATER in page
    with pytest.raises(ValidationError, match="not made yet"):
        ask(ready, world.colleague, runs=False)
    ask(ready, world.officer, whole=False)
    pack = ask(ready, world.colleague, runs=False)
    assert pack.folder_id == pack.restricted[0]
    with pytest.raises(PermissionDenied):
        ask(ready, world.lead_same, runs=False)


def test_who_loses_sight_of_an_item_loses_the_pack_and_its_job(ready, world, client):
    pack = ask(ready, world.officer)
    url = reverse("boards:pack_file", args=[pack.pk])
    assert sign_in(client, world.colleague).get(url).status_code == 200
    bar(Folder.objects.get(pk=pack.folder_id), world.colleague, by=world.officer, reason="personal")
    assert client.get(url).status_code == 404


def test_the_demo_has_an_agenda_with_a_late_paper_one_to_come_and_a_restricted_item(meeting, world):
    FolderGrant.objects.filter(content_object=meeting.folder).update(starts=timezone.now() - timedelta(days=90))
    fill_agendas({"officer": world.officer})
    fill_agendas({"officer": world.officer})
    found = lines(world.manager, meeting)
    assert [line.number for line in found] == ["1", "2", "3", "4", "R1"]
    (done, late), (_, owed) = found[1].papers, found[2].papers
    assert done.shown and not done.late and late.shown and late.late and owed.to_come and owed.late
    assert found[-1].papers[0].shown and len(lines(world.officer_outside, meeting)) == 4


def test_the_agenda_asks_as_much_for_forty_papers_as_for_one(meeting, world, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked():
        with CaptureQueriesContext(connection) as queries:
            found = lines(world.lead_same, meeting)
        return len(queries), len(found)

    sent(add(meeting, "First", world.officer), world.officer)
    few = asked()
    for n in range(4):
        item = add(meeting, f"Item {n}", world.officer)
        for paper in range(2):
            sent(item, world.officer, title=f"Paper {n} {paper}")
    many = asked()
    assert many[0] <= few[0] and many[1] == few[1] + 4 and few[0] <= 9
