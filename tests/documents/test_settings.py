"""The portal does not start where nobody looks for viruses, unless that was said aloud, or with half a bucket."""

import os
import subprocess
import sys

import pytest

from tests.database import ROOT

REAL = {"ALLOWED_HOSTS": "portal.example.org", "EMAIL_URL": "smtp://localhost", "PORTAL_FAULT_TESTS": ""}
NOTHING = {"DOCUMENTS_UNSCANNED": "", "CLAMAV_URL": "", "DEMO": "0", "DEBUG": "0"}
S3 = {
    "DOCUMENTS_STORAGE": "s3",
    "DOCUMENTS_S3_BUCKET": "documents",
    "DOCUMENTS_S3_ENDPOINT": "https://store.example.org",
    "DOCUMENTS_S3_KEY": "k",
    "DOCUMENTS_S3_SECRET": "s",
}


def start(environment):
    return subprocess.run(
        [sys.executable, "-c", "import partnership.settings"],
        cwd=ROOT,
        env=os.environ | NOTHING | environment,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    "environment, words",
    [
        (REAL, "CLAMAV_URL is missing"),
        (REAL | {"PORTAL_EMBEDDED": "database,broker"}, "CLAMAV_URL is missing"),
        ({"PORTAL_EMBEDDED": ""}, "CLAMAV_URL is missing"),
        ({"PORTAL_EMBEDDED": "broker"}, "CLAMAV_URL is missing"),
        (REAL | {"DOCUMENTS_UNSCANNED": "yes"}, "has one value"),
        ({"DOCUMENTS_UNSCANNED": "1"}, "has one value"),
        ({"CLAMAV_URL": "clamav:3310"}, "CLAMAV_URL is tcp://"),
        ({"DOCUMENTS_MAX_MB": "0", "DEMO": "1"}, "from 1 to 100"),
        ({"DOCUMENTS_MAX_MB": "101", "DEMO": "1"}, "from 1 to 100"),
        ({"DOCUMENTS_STORAGE": "cloud", "DEMO": "1"}, "is local or s3"),
        (
            {"DOCUMENTS_STORAGE": "s3", "DEMO": "1"},
            "needs DOCUMENTS_S3_BUCKET, DOCUMENTS_S3_ENDPOINT, DOCUMENTS_S3_KEY, DOCUMENTS_S3_SECRET",
        ),
        (S3 | {"DOCUMENTS_S3_SECRET": "", "DEMO": "1"}, "needs DOCUMENTS_S3_SECRET"),
        (S3 | {"DOCUMENTS_S3_ENDPOINT": "http://store.example.org", "DEMO": "1"}, "do not travel in the clear"),
        (S3 | {"DEMO": "1"}, "requirements/s3.txt"),
    ],
)
def test_the_portal_does_not_start(environment, words):
    done = start(environment)
    assert done.returncode and words in done.stderr


@pytest.mark.parametrize(
    "environment",
    [
        REAL | {"CLAMAV_URL": "tcp://clamav:3310"},
        REAL | {"CLAMAV_URL": "unix:///run/clamav/clamd.ctl"},
        REAL | {"DOCUMENTS_UNSCANNED": "yes, we accept this"},
        {"DEMO": "1", "PORTAL_EMBEDDED": ""},
        {"DEBUG": "1", "PORTAL_EMBEDDED": ""},
        {"PORTAL_EMBEDDED": "database,broker"},
    ],
)
def test_the_portal_starts(environment):
    assert start(environment).stderr == ""


def test_a_bucket_is_read_from_the_environment(monkeypatch):
    import environ

    from partnership.documents import bucket

    monkeypatch.setattr(bucket, "find_spec", lambda name: True)
    for name, value in S3.items():
        monkeypatch.setenv(name, value)
    options = bucket.bucket(environ.Env())["OPTIONS"]
    assert options["bucket_name"] == "documents" and options["querystring_auth"] and options["file_overwrite"] is False
    assert options["default_acl"] is None
