"""Loaded before the settings: the real PostgreSQL and Valkey, this worker's own broker prefix and file store."""

import os
import shutil
import tempfile

from partnership import embedded

embedded.ensure()
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
os.environ["REDIS_PREFIX"] = f"test-{WORKER}-{os.getpid()}"
DOCUMENTS = os.environ["DOCUMENT_ROOT"] = tempfile.mkdtemp(prefix="portal-test-documents-")
os.environ["EMAIL_URL"] = "memorymail://"
os.environ.setdefault("DEMO", "0")
# The built-in check, which knows the test virus alone; a ClamAV of the tests' own is named where it is meant.
os.environ["DOCUMENTS_UNSCANNED"] = "yes, we accept this"
os.environ.pop("CLAMAV_URL", None)
# Playwright's plain API keeps an event loop open in the worker: Django would take every later query for an async one.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


def pytest_unconfigure():
    shutil.rmtree(DOCUMENTS, ignore_errors=True)
