"""Whether this session was opened with a second factor. The library does not enforce it, so the portal does."""

from allauth.account.authentication import get_authentication_records
from django.conf import settings

from partnership.access.casereach import has_case_reach

DEMO_METHOD = "demo"
CODE_METHOD = "code"


def has_second_factor(request) -> bool:
    """True when this session's records, not merely the account's devices, show a second factor (safety.md 1.6).

    A mailed code counts while its owner is near no case, and not a moment longer: asked at every request.
    """
    methods = {record.get("method") for record in get_authentication_records(request, request.user)}
    if "mfa" in methods or (settings.DEMO and DEMO_METHOD in methods):
        return True
    return CODE_METHOD in methods and not has_case_reach(request.user)
