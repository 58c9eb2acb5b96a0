"""Minutes that leave the folder: published for everybody with nothing restricted, and as a PDF of one's own."""

from datetime import date

from django.urls import reverse

from boards.minutes import editions, prints, publishing, services, views
from boards.models import Attendance, Edition, Minute, MinutesPrint, Publication
from partnership.access.models import FolderGrant
from partnership.actions.models import Action
from partnership.jobs.models import Job
from partnership.jobs.services import Refused
from partnership.people.models import Agency
from tests.boards.minutes.ground import SECRET, agreed, circulated, fresh, own_client
from tests.walk.canaries import text_of_pdf

# --- published --------------------------------------------------------------------------------------------------------


def publish(world, row):
    edition = publishing.to_publish(row)
    content = publishing.make(edition, by=world.manager, progress=lambda *args: None)
    return edition, content


def published_url(row):
    return reverse("boards:publication", args=[row.pk])


def test_only_agreed_minutes_of_a_group_are_published_and_never_those_of_a_case(world, held):
    row = circulated(world, held)
    client = own_client(world.manager)
    edition = editions.newest(row)
    assert client.post(reverse("boards:publish", args=[edition.pk])).status_code == 302
    assert not Job.objects.filter(kind="minutes_published").exists()
    assert "case" in publishing.why_not(type(row)(folder=world.ours.folder, group=None, minutes_status="agreed"))


def test_the_published_file_has_posts_and_no_people_and_nothing_restricted(world, held):
    row = agreed(world, held)
    edition, content = publish(world, row)
    text = " ".join(text_of_pdf(content).decode().split())
    assert "A campaign begins" in text and "A club" in text and "Post of Colleague" in text
    for word in (SECRET, "placement", "Larkfield", "Sam Guest", "R1"):
        assert word not in text
    assert publishing.keep(edition, content, by=world.manager) == row.pk
    published = Publication.objects.get()
    stranger = own_client(world.author)  # she sits on no group
    for name in ("publication", "publication_file"):
        assert stranger.get(reverse(f"boards:{name}", args=[published.pk])).status_code == 200
    assert "Quality of practice" in stranger.get(reverse("boards:published")).content.decode()
    assert stranger.get(reverse("documents:download", args=[published.document.versions.get().pk])).status_code == 404
    search = reverse("reporting:search")
    assert published_url(published) in stranger.get(search, {"q": "campaign"}).content.decode()
    for word in ("Larkfield", "Guest"):  # what stands in the minutes, and not in what was published
        assert published_url(published) not in stranger.get(search, {"q": word}).content.decode()
    again = publishing.keep(edition, content, by=world.manager)
    assert isinstance(again, Refused) and Publication.objects.count() == 1
    assert fresh(row).minutes_status == "published"


def test_a_restricted_word_in_a_finished_file_is_found_wherever_it_hides(world, held):
    from io import BytesIO

    from pypdf import PdfReader, PdfWriter

    harmless = f"{SECRET}\nDecision\nDecision 2.1\nWomen’s & Girls' Aid\n12 June 2026\nPost of Colleague"
    Minute.objects.filter(item__restricted=True).update(text=harmless)  # all of it stands in every such file
    shared = {"folder": held.folder, "source_kind": "boards.item", "due_on": date(2026, 6, 12), "what": "Ask"}
    agency = Agency.objects.create(name="Women’s & Girls' Aid", kind=world.agencies["uhnm"].kind)
    workforce = services.items_to_correct(world.manager, held).get(title="Workforce")
    Action.objects.create(source_id=workforce.pk, agency=agency, reference="A-1", **shared)
    row = agreed(world, held)
    edition, content = publish(world, row)
    edition = publishing._whole(edition)
    found = publishing.published(edition)
    assert not publishing.leaks(content, edition, found)
    for hide in (
        lambda writer: writer.add_metadata({"/Subject": SECRET}),
        lambda writer: writer.add_attachment("note.txt", SECRET.encode()),
    ):
        writer, out = PdfWriter(clone_from=PdfReader(BytesIO(content))), BytesIO()
        hide(writer)
        writer.write(out)
        assert publishing.leaks(out.getvalue(), edition, found)


def test_names_in_the_words_are_pointed_out_and_must_be_let_stand(world, held):
    Minute.objects.filter(item__title="Workforce").update(text=f"{world.colleague.name} spoke to A PLACEMENT.")
    Attendance.objects.filter(name="Sam Guest").update(organisation="Guest of Sam Guest")
    row = agreed(world, held)
    edition = publishing.to_publish(row)
    url = reverse("boards:publish", args=[edition.pk])
    client = own_client(world.manager)
    page = client.get(url)
    warned = " ".join(page.context["warned"])
    assert world.colleague.name in warned and "Sam Guest" in warned and "restricted item" not in warned
    assert client.post(url).status_code == 422
    assert client.post(url, {"stays": "on"}).status_code == 302
    assert Job.objects.get(kind="minutes_published").subject_id == edition.pk
    warned = publishing.warnings(world.board_member, publishing._whole(edition), publishing.published(edition))
    assert any("A placement" in each for each in warned)  # the chair sees it and is warned


def test_minutes_that_were_corrected_say_so_on_whichever_page_they_stand(world, held, monkeypatch):
    monkeypatch.setattr(views, "ON_A_PAGE", 1)
    shared = {"folder": held.folder, "meeting": held, "sha256": "0" * 64}
    for number, kind in ((1, "agreed"), (2, "corrected")):
        edition = Edition.objects.create(number=number, kind=kind, **shared)
        Publication.objects.create(folder=held.folder, edition=edition)
    client = own_client(world.author)
    pages = [client.get(reverse("boards:published"), {"page": page}).content.decode() for page in (1, 2)]
    assert ["Corrected since" in page for page in pages] == [False, True]


def test_words_that_look_like_markup_stay_words_in_the_page_and_the_file(world, held):
    nasty = '<script>alert(1)</script> {{7*7}} {% load x %} <link rel=attachment href=file:///etc/passwd> @import "x"'
    Minute.objects.filter(item__title="Workforce").update(text=nasty)
    row = agreed(world, held)
    page = own_client(world.colleague).get(reverse("boards:minutes", args=[row.pk])).content.decode()
    assert "<script>alert" not in page and "{{7*7}}" in page
    _, content = publish(world, row)
    assert "href=file:///etc/passwd" in " ".join(text_of_pdf(content).decode().split())


# --- a PDF of one's own -----------------------------------------------------------------------------------------------


def test_a_pdf_holds_what_its_reader_may_read_and_is_given_while_that_is_so(world, held):
    row = circulated(world, held)
    edition = editions.newest(row)
    job = prints.ask(edition, by=world.board_member)
    mine = MinutesPrint.objects.get()
    content, parts = prints.make(mine, by=world.board_member, progress=lambda *args: None)
    text = " ".join(text_of_pdf(content).decode().split())
    assert SECRET in text and "OFFICIAL-SENSITIVE" in text
    prints.keep(mine, (content, parts), by=world.board_member)
    url = reverse("boards:minutes_file", args=[mine.pk])
    client = own_client(world.board_member)
    assert client.get(url).status_code == 200
    assert own_client(world.colleague).get(url).status_code == 404
    hidden = services.items_to_correct(world.board_member, row).get(restricted=True)
    FolderGrant.objects.filter(user=world.board_member, content_object=hidden.folder).delete()
    assert client.get(url).status_code == 302 and prints.why_not(world.board_member, job)
