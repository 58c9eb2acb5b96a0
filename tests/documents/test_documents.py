"""A file is given out as it was kept, to those who may, as an attachment, and each time it is written down."""

import hashlib
import shutil

import pytest
from django.urls import reverse

from partnership.documents import services
from partnership.documents.models import Marking, Version
from partnership.trail.models import Event


@pytest.fixture
def version(world):
    return world.ours.version


def get(client, version):
    return client.get(reverse("documents:download", args=[version.pk]))


def test_a_download_is_an_attachment_that_runs_nothing_and_is_not_cached(version, world, sign_in):
    response = get(sign_in(world.panel), version)
    assert response.content.startswith(b"%PDF-")
    assert response["Content-Disposition"] == 'attachment; filename="report.pdf"'
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store"


def test_every_download_is_an_event(version, world, sign_in):
    client = sign_in(world.panel)
    get(client, version)
    get(client, version)
    assert Event.objects.filter(verb="downloaded", actor_id=world.panel.pk, object_id=version.pk).count() == 2


def test_a_file_that_was_altered_is_not_given_out(version, world, sign_in, settings, tmp_path):
    settings.DOCUMENT_ROOT = shutil.copytree(settings.DOCUMENT_ROOT, tmp_path / "store")  # the world's file stays
    (settings.DOCUMENT_ROOT / version.key).write_bytes(b"something else")
    response = get(sign_in(world.panel), version)
    assert response.status_code == 500
    assert b"something else" not in response.content
    assert "cannot be given out" in response.content.decode()


def test_the_next_version_has_the_next_number_and_its_own_hash(version, world):
    later = services.keep(
        b"second", folder=world.ours.folder, title="x", name="x.pdf", content_type="application/pdf",
        marking=Marking.SENSITIVE, by=world.officer, document=version.document,
    )  # fmt: skip
    assert later.number == version.number + 1
    assert later.sha256 == hashlib.sha256(b"second").hexdigest()
    assert Version.objects.filter(document=version.document).count() == 2


def test_a_name_that_is_hostile_cannot_leave_its_header(version, world, sign_in):
    Version.objects.filter(pk=version.pk).update(name='a"\r\nSet-Cookie: x=1\r\n.pdf')
    response = get(sign_in(world.panel), version)
    assert "Set-Cookie" not in response.headers
    assert "\r" not in response.get("Content-Disposition", "")
