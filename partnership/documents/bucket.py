"""The optional S3-compatible bucket, read from the environment by settings.py; this module imports nothing of Django's
apps. Its library is installed from requirements/s3.txt and is no part of the portal's own lock."""

from importlib.util import find_spec

from django.core.exceptions import ImproperlyConfigured

NEEDED = ("DOCUMENTS_S3_BUCKET", "DOCUMENTS_S3_ENDPOINT", "DOCUMENTS_S3_KEY", "DOCUMENTS_S3_SECRET")


def bucket(env) -> dict:
    """STORAGES["documents"] for django-storages. Raises ImproperlyConfigured, naming all that is missing."""
    missing = [name for name in NEEDED if not env(name, default="")]
    if missing:
        raise ImproperlyConfigured(f"DOCUMENTS_STORAGE=s3 needs {', '.join(missing)}: docs/documents.md.")
    if not env("DOCUMENTS_S3_ENDPOINT").startswith("https://") and not env.bool("DOCUMENTS_S3_PLAIN", default=False):
        raise ImproperlyConfigured("DOCUMENTS_S3_ENDPOINT begins with https://: documents do not travel in the clear.")
    if not (find_spec("storages") and find_spec("boto3")):
        raise ImproperlyConfigured("DOCUMENTS_STORAGE=s3 needs `pip install --require-hashes -r requirements/s3.txt`.")
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": env("DOCUMENTS_S3_BUCKET"),
            "endpoint_url": env("DOCUMENTS_S3_ENDPOINT"),
            "access_key": env("DOCUMENTS_S3_KEY"),
            "secret_key": env("DOCUMENTS_S3_SECRET"),
            "region_name": env("DOCUMENTS_S3_REGION", default=None),
            "default_acl": None,  # the bucket's own, which is private
            "querystring_auth": True,
            "file_overwrite": False,
            "max_memory_size": 0,
        },
    }
