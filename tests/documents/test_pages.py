"""What people meet: the form, where a file stands, its download; and what those who may not see it do not meet."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler as OnDisk
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnership.access import services as access
from partnership.documents import reads, services, uploads
from partnership.documents.contents.kinds import labels
from partnership.documents.forms import UploadForm
from partnership.documents.models import Marking, State, Version
from partnership.documents.scanners import EICAR
from partnership.documents.tables import limits
from partnership.people.roles import Perm
from partnership.trail.models import Event
from tests.documents import bad_files
from tests.world import CANARY, small_pdf

wing = pytest.mark.urls("tests.documents.wing")
PLACES = ("state", "download", "unmarked")


def at(place, version):
    return reverse(f"documents:{place}", args=[version.pk])


def sent(name="letter.txt", content=b"words", **more):
    return {"file": SimpleUploadedFile(name, content), "marking": "sensitive", "title": ""} | more


@pytest.fixture
def post(world, sign_in, store):
    """post(data) -> (the answer of the wing's page, the client) for the officer."""
    client = sign_in(world.officer)

    def run(data):
        return client.post(reverse("uploads", args=[world.ours.folder.pk]), data), client

    return run


# --- the form ---------------------------------------------------------------------------------------------------------


@wing
def test_a_person_chooses_a_file_reads_that_it_is_checked_and_downloads_it(post, world, check):
    answer, client = post(sent("Letter_of_May.pdf", small_pdf("words")))
    assert answer.status_code == 302
    version = Version.objects.get(name="Letter_of_May.pdf")
    page = client.get(answer["Location"]).content.decode()
    assert "Being checked. This takes a moment" in page and "Letter of May" in page
    assert at("download", version) not in page
    assert f'href="{at("state", version)}"' in page  # the way on without JavaScript
    check(version)
    page = client.get(answer["Location"]).content.decode()
    assert at("download", version) in page and "Your name and the time stand on each page of your copy." in page
    assert client.get(at("download", version)).status_code == 200


@wing
@pytest.mark.parametrize(
    "data, words",
    [
        (sent("x.svg", bad_files.SVG), "This file is an SVG drawing"),
        (sent("x.docm", b"x"), "This file has macros, which can harm a computer. Save it as PDF and upload that."),
        (sent("x.txt", b""), "The file is empty."),
        ({"marking": "sensitive"}, "Select the file."),
        (sent(marking=""), "Select how it is marked."),
        (sent(marking="secret"), "Choose an answer to ‘"),
    ],
)
def test_what_is_wrong_at_once_is_said_at_the_field(data, words, post):
    answer, _ = post(data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Version.objects.exclude(name="report.pdf").exists()


@wing
def test_the_field_says_its_types_and_its_limit(post, world, settings):
    settings.DOCUMENTS_MAX_MB = 7
    _, client = post({})
    page = client.get(reverse("uploads", args=[world.ours.folder.pk])).content.decode()
    assert f"{labels()}, at most 7 MB." in page
    assert 'type="file"' in page and ".docx,.xlsx" in page and "govuk-file-upload" in page


@wing
def test_one_byte_above_the_limit_is_refused_and_the_limit_is_not(post, settings):
    settings.DOCUMENTS_MAX_MB = 1
    answer, _ = post(sent("x.txt", b"a" * (bad_files.MB + 1)))
    assert "The file is too large: at most 1 MB can be kept. Save a smaller copy" in answer.content.decode()
    assert post(sent("x.txt", b"a" * bad_files.MB))[0].status_code == 302


@wing
def test_what_is_larger_than_anybody_may_send_is_not_written_anywhere(post, settings, monkeypatch):
    monkeypatch.setattr(uploads, "IMPORT_MB", 1)
    settings.DOCUMENTS_MAX_MB = 1
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    written, before = [], OnDisk.receive_data_chunk

    def noted(self, raw_data, start):
        written.append(len(raw_data))
        return before(self, raw_data, start)

    monkeypatch.setattr(OnDisk, "receive_data_chunk", noted)
    answer, _ = post(sent("x.txt", b"a" * (3 * bad_files.MB)))
    assert "The file is too large" in answer.content.decode()
    assert 0 < sum(written) <= bad_files.MB


def test_the_largest_register_may_come_in():
    assert uploads.IMPORT_MB * bad_files.MB == limits.FILE_BYTES


@wing
@pytest.mark.parametrize("share", [0.99, 0.5])
def test_an_upload_that_breaks_off_is_no_file(share, world, store, sign_in, lying):
    client = sign_in(world.officer)
    url = reverse("uploads", args=[world.ours.folder.pk])
    edge = "edge"
    parts = [f'--{edge}\r\nContent-Disposition: form-data; name="marking"\r\n\r\nsensitive\r\n']
    parts.append(f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="x.txt"\r\n\r\n{"a" * 9000}\r\n')
    body = "".join([*parts, f"--{edge}--\r\n"]).encode()
    whole = {
        "REQUEST_METHOD": "POST", "CONTENT_TYPE": f"multipart/form-data; boundary={edge}",
        "CONTENT_LENGTH": str(len(body)),
    }  # fmt: skip
    cut = body[: int(len(body) * share)]
    answer = client.generic("POST", url, **whole | {"wsgi.input": io.BytesIO(cut)})
    assert answer.status_code == 400
    assert (Version.objects.filter(name="x.txt").count(), lying()) == (0, set())
    assert client.generic("POST", url, **whole | {"wsgi.input": io.BytesIO(body)}).status_code == 302


@wing
def test_two_clicks_are_one_file(post, world):
    _, client = post({})
    page = client.get(reverse("uploads", args=[world.ours.folder.pk])).content.decode()
    token = re.search(r'name="form_token" value="([^"]+)"', page)[1]
    places = {post(sent(form_token=token))[0]["Location"] for _ in range(2)}
    assert len(places) == 1 and Version.objects.filter(name="letter.txt").count() == 1


@wing
@pytest.mark.parametrize("persona", ["nobody", "stranger", "board_member", "barred", "ended", "author"])
def test_nobody_uploads_to_a_folder_that_she_may_not_see(persona, world, store, sign_in, lying):
    answer = sign_in(world.people[persona]).post(reverse("uploads", args=[world.ours.folder.pk]), sent())
    assert answer.status_code == 404 and lying() == set()


@wing
@pytest.mark.parametrize(
    "name, shown",
    [
        ("=cmd|'x'!A0.txt", "cmd_'x'!A0.txt"),
        ("report\u202etxt.exe.txt", "reporttxt.exe.txt"),
        ('a"\r\nSet-Cookie: x=1.txt', "a"),
        ("CON.txt", "_CON.txt"),
        ("📄.txt", "📄.txt"),
        ("a" * 300 + ".txt", "a" * 116 + ".txt"),
    ],
)
def test_a_hostile_name_is_kept_harmless_and_leaves_no_header(name, shown, taken, check, world, sign_in):
    version = taken(name)
    check(version)
    assert version.name.startswith(shown)
    response = sign_in(world.officer).get(at("download", version))
    assert "Set-Cookie" not in response.headers and "\n" not in response["Content-Disposition"]
    assert response["Content-Disposition"].startswith("attachment")


# --- where it stands --------------------------------------------------------------------------------------------------


def test_a_refused_file_says_what_is_wrong_and_what_to_do(taken, check, world, sign_in):
    version = taken("letter.txt", EICAR)
    check(version)
    page = sign_in(world.officer).get(at("state", version)).content.decode()
    assert "This file contains a test virus. Do not send it on. Ask your IT department who put it there." in page
    assert at("download", version) not in page


@pytest.mark.parametrize("persona", ["officer", "manager", "case_officer", "panel", "signer_icb"])
@pytest.mark.parametrize("state", sorted(set(State) - {State.CLEAN}))
def test_nobody_downloads_what_is_not_clean(persona, state, taken, check, world, sign_in):
    version = taken("letter.pdf", small_pdf(f"{CANARY}-ours-secret"))
    key = "" if state in reads.REFUSED else version.key
    Version.objects.filter(pk=version.pk).update(state=state, reason="virus", key=key)
    version.document.goes_out = True
    version.document.save()
    client = sign_in(world.people[persona])
    for place in ("download", "unmarked"):
        answer = client.get(at(place, version))
        assert answer.status_code == (403 if place == "unmarked" and persona in ("panel", "signer_icb") else 409)
        assert b"secret" not in answer.content and "attachment" not in str(answer.headers)
    assert not Event.objects.filter(object_id=version.pk, verb__startswith="downloaded").exists()


@pytest.mark.parametrize(
    "persona", ["stranger", "nobody", "board_member", "officer_outside", "barred", "ended", "author"]
)
@pytest.mark.parametrize("done", [False, True])
def test_without_the_folder_there_is_neither_a_state_nor_a_file(persona, done, taken, check, world, sign_in):
    version = taken(f"{CANARY}-ours-name.txt", f"{CANARY}-ours-words".encode(), title=f"{CANARY}-ours-title")
    if done:
        check(version)
    client = sign_in(world.people[persona])
    for place in PLACES:
        answer = client.get(at(place, version))
        assert answer.status_code == 404
        assert CANARY.encode() not in answer.content and str(version.pk) not in answer.content.decode().replace(
            at(place, version), ""
        )
    assert reads.files(world.people[persona], folder=world.ours.folder) == []


def test_the_fragment_that_asks_again_is_that_of_the_page(taken, world, sign_in):
    version = taken()
    client = sign_in(world.officer)
    one, other = client.get(at("state", version)), client.get(at("state", version), headers={"HX-Request": "true"})
    part = re.compile(rf'<div id="file-{version.pk}".*?</div>', re.DOTALL)
    assert part.search(one.content.decode())[0] == part.search(other.content.decode())[0]
    assert f'hx-get="{at("state", version)}"' in one.content.decode()
    assert Event.objects.filter(verb="read", object_id=version.pk).count() == 1  # however often it is asked


def test_a_signed_out_person_is_sent_to_sign_in(taken):
    version = taken()
    assert {Client().get(at(place, version)).status_code for place in PLACES} == {302}


# --- lists ------------------------------------------------------------------------------------------------------------


def test_a_list_shows_the_newest_and_while_it_is_checked_the_one_before(taken, check, world):
    first = taken()
    check(first)
    second = taken(content=b"newer", document=first.document)

    def shown(user):
        return [each.version.pk for each in reads.files(user, documents=[first.document_id])]

    assert shown(world.panel) == [second.pk, first.pk]
    check(second)
    assert shown(world.panel) == [second.pk]
    third = taken("x.pdf", b"not one", document=first.document)
    check(third)
    assert shown(world.panel) == [second.pk]
    assert shown(world.officer) == [third.pk, second.pk]  # whoever uploaded it reads what was wrong


def test_a_list_asks_the_same_whatever_its_length(taken, check, world):
    def count():
        with CaptureQueriesContext(connection) as queries:
            reads.files(world.panel, folder=world.ours.folder)
        return len(queries)

    check(taken())
    one = count()
    for number in range(4):
        check(taken(f"{number}.txt", f"{number}".encode()))
    assert count() == one


def test_other_types_say_that_they_carry_no_name(taken, check, world, sign_in):
    version = taken("list.csv", b"a,b\n")
    check(version)
    client = sign_in(world.officer)
    assert "Copies of this type of file carry no name" in client.get(at("state", version)).content.decode()
    assert client.get(at("download", version)).content == b"a,b\n"


# --- somebody without the folder who uploaded it ---------------------------------------------------------------------


def test_an_author_keeps_her_own_file_and_nothing_else_of_the_case(taken, check, world, sign_in):
    own = taken(by=world.author, shown_to=world.author, shown_at=world.agencies["uhnm"])
    other = taken("other.txt", b"of the unit")
    check(own), check(other)
    client = sign_in(world.author)
    assert client.get(at("download", own)).content == b"words"
    assert {client.get(at(place, other)).status_code for place in PLACES} == {404}
    assert client.get(at("unmarked", own)).status_code == 403
    page = client.get(at("state", own)).content.decode()
    assert world.ours.folder.reference not in page
    assert [each.version for each in reads.files(world.author, folder=world.ours.folder)] == [own]


def test_it_goes_with_the_return_to_its_next_author_and_with_the_organisation(taken, check, world):
    own = taken(by=world.author, shown_to=world.author, shown_at=world.agencies["uhnm"])
    check(own)
    services.show_to(own.document, user=world.colleague, agency=world.agencies["uhnm"], by=world.lead_same)
    assert not Version.objects.visible_to(world.author).filter(pk=own.pk).exists()
    assert Version.objects.allowing(world.colleague, Perm.DOCUMENT_DOWNLOAD).filter(pk=own.pk).exists()
    services.show_to(own.document, user=world.colleague, agency=world.agencies["mpft"], by=world.lead_same)
    assert not Version.objects.visible_to(world.colleague).filter(pk=own.pk).exists()


def test_a_bar_beats_ones_own_file(taken, world):
    own = taken(by=world.author, shown_to=world.author, shown_at=world.agencies["uhnm"])
    access.bar(world.ours.folder, world.author, by=world.officer, reason="personal")
    assert not Version.objects.visible_to(world.author).filter(pk=own.pk).exists()


# --- the very file that is sent --------------------------------------------------------------------------------------
# Written by hand. Who may have a copy without a name on its pages: persona -> of what goes out, of what does not.
WITHOUT_A_NAME = {
    "officer": (200, 404),
    "manager": (200, 404),
    "case_officer": (200, 404),
    "panel": (403, 403),
    "signer_icb": (403, 403),
    "deputy_police": (403, 403),
    "author": (404, 404),
    "barred": (404, 404),
    "ended": (404, 404),
    "stranger": (404, 404),
    "officer_outside": (404, 404),
    "directory_admin": (404, 404),
    "nobody": (404, 404),
}


@pytest.mark.parametrize("persona, expected", WITHOUT_A_NAME.items())
def test_only_who_sends_it_has_the_file_as_it_is_sent(persona, expected, taken, check, world, sign_in):
    goes_out = taken("report.pdf", small_pdf("to send"), goes_out=True)
    stays = taken("letter.pdf", small_pdf("to keep"))
    check(goes_out), check(stays)
    client = sign_in(world.people[persona])
    answers = [client.get(at("unmarked", version)) for version in (goes_out, stays)]
    assert tuple(answer.status_code for answer in answers) == expected
    if expected[0] == 200:
        assert services.sha256(answers[0].content) == goes_out.sha256
        assert Event.objects.filter(verb="downloaded_unmarked", object_id=goes_out.pk).count() == 1
        assert not Event.objects.filter(verb="downloaded", object_id=goes_out.pk).exists()


def test_an_upload_that_bears_the_reports_title_is_not_the_report(taken, check, world):
    from reviews import reads as reviews

    check(taken("x.pdf", small_pdf("forged"), title=reviews.REPORT_TITLE))
    assert reviews.review_page(world.officer, world.ours.review).report.pk == world.ours.version.pk


def test_every_marking_can_be_chosen(world):
    form = UploadForm(user=world.officer)
    assert [value for value, _ in form.fields["marking"].choices] == list(Marking.values)
