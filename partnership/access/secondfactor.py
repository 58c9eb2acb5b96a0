"""Whether this session was opened with a second factor. The library does not enforce it, so the portal does."""

from allauth.account.authentication import get_authentication_records
from django.conf import settings

DEMO_METHOD = "demo"


def has_second_factor(request) -> bool:
    """True when this session's records, not merely the account's devices, show a second factor (safety.md 1.6)."""
    methods = {record.get("method") for record in get_authentication_records(request, request.user)}
    return "mfa" in methods or (settings.DEMO and DEMO_METHOD in methods)
