"""The council's notification as it came: a copy that is refused is said on the case, and told to who filed it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from partnership.documents import notices
from partnership.documents.scanners import EICAR
from partnership.notify.models import Notice
from reviews.considering import files
from tests.documents import bad_files
from tests.documents.conftest import check, no_worker, store
from tests.reviews.test_pages import at
from tests.world import small_pdf

__all__ = ["check", "no_worker", "store"]
NOT_KEPT = "The copy of the council’s notification was not kept."


def filed(world, check, name, content):
    version = files.attach_copy(world.ours.review, by=world.officer, upload_file=SimpleUploadedFile(name, content))
    check(version)
    return version


@pytest.mark.parametrize(
    "name, content, words",
    [
        ("notice.txt", EICAR, "This file contains a test virus."),
        ("notice.pdf", b"<!DOCTYPE html><html><script>alert(1)</script></html>", "This file is a web page"),
        ("notice.xlsx", bad_files.bomb(), "This file unpacks to far more than it should."),
    ],
    ids=["EICAR", "a renamed HTML", "a zip bomb"],
)
def test_a_refused_copy_is_said_on_the_overview_until_another_is_filed(
    world, store, check, sign_in, name, content, words
):
    version = filed(world, check, name, content)
    review = world.ours.review
    for reader in (world.officer, world.manager):
        client = sign_in(reader)
        for page in ("review", "notification"):
            text = client.get(at(page, review)).content.decode()
            assert "not kept" in text.lower() and words in text, page
    overview = client.get(at("review", review)).content.decode()
    assert NOT_KEPT in overview and at("attach_notification", review) in overview
    assert NOT_KEPT not in sign_in(world.panel).get(at("review", review)).content.decode()
    told = Notice.objects.get(kind=notices.REFUSED)
    assert (told.recipient, told.subject_id) == (world.officer, version.pk)
    assert words in sign_in(world.officer).get("/notices/").content.decode()
    filed(world, check, "Notice.pdf", small_pdf("As it was sent"))
    assert NOT_KEPT not in sign_in(world.manager).get(at("review", review)).content.decode()
