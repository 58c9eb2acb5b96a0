"""Packs: one for each audience, supplements, what becomes of them when something changes."""

import io

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from pypdf import PdfReader

from boards.agenda import drawing, packs, papers, services
from boards.models import Item, Meeting, Paper
from partnership.access import scope
from partnership.access.models import Folder
from partnership.access.services import bar
from partnership.documents import services as documents
from partnership.jobs import services as jobs
from partnership.ui.dates import plain
from tests.boards.agenda.ground import FACTS, SECRET, ask, lines, sent, text_of
from tests.world import sign_in


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
