import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from partnership.documents import checking, services, storage
from partnership.documents.models import Marking
from tests.access.commits import at_once, committed

__all__ = ["at_once", "committed"]


@pytest.fixture(autouse=True)
def no_worker(monkeypatch):
    """The check is run by the test; nothing is sent to a broker."""
    monkeypatch.setattr(services, "nudge", lambda pk: None)


@pytest.fixture
def store(settings, tmp_path):
    """A place for files of this test alone."""
    settings.DOCUMENT_ROOT = tmp_path / "documents"
    return settings.DOCUMENT_ROOT


@pytest.fixture
def taken(world, store):
    """taken(name, content, …) -> the quarantined Version of an upload to 'ours' by the officer."""

    def take(name="letter.txt", content=b"words", **more):
        facts = {"folder": world.ours.folder, "marking": Marking.SENSITIVE, "by": world.officer} | more
        return services.take(SimpleUploadedFile(name, content), **facts)

    return take


@pytest.fixture
def check(django_capture_on_commit_callbacks):
    """check(version) -> what the check said; the row is fresh afterwards, and what waits for the commit is done."""

    def run(version):
        with django_capture_on_commit_callbacks(execute=True):
            said = checking.check(version.pk)
        version.refresh_from_db()
        return said

    return run


@pytest.fixture
def lying(store):
    """lying() -> the keys of all files that lie in the store."""
    return lambda: {key for key, _ in storage.all_keys()}
