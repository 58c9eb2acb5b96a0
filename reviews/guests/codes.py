"""The code that is spoken in the call-back and typed beside the link: a forwarded email alone lets nobody in."""

import secrets

from django.conf import settings
from django.utils.crypto import salted_hmac


def code_of(guest, *, call=None) -> str:
    """Six digits in two groups, as they are read out; each call-back has its own. call: its number, else the last.

    Derived, so that it is stored nowhere; whoever may ask for returns in this case sees it on the guest's page.
    """
    return _code(guest, guest.calls if call is None else call, settings.SECRET_KEY)


def is_code(guest, typed) -> bool:
    """Whether this is the code of the last call-back, blanks and dashes apart."""
    digits = "".join(each for each in str(typed) if each.isdigit())
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    codes = [_code(guest, guest.calls, key).replace(" ", "") for key in keys]
    return any([secrets.compare_digest(code, digits) for code in codes])


def _code(guest, call, key):
    digest = salted_hmac("reviews.guest_code", f"{guest.pk}:{call}", secret=key, algorithm="sha256").digest()
    digits = f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06d}"
    return f"{digits[:3]} {digits[3:]}"
