"""How often a password may be tried: slow for who guesses, open for a browser that signed in before (docs/adr/0013)."""

import secrets

from allauth.core.internal import ratelimit
from django.conf import settings
from django.core import signing
from django.utils.crypto import salted_hmac

# Wrong passwords only: a right one gives its place back.
LIMITS = {
    # From one address of the network, about any account.
    "from": "10/m/ip",
    # From one address about one account: a stranger shuts out himself.
    "guesses": "5/5m/key",
    # About one account from all unknown browsers together: OWASP ASVS 4.0.3, 2.2.1 allows a hundred an hour.
    "account": "100/h/key",
    # From a browser that signed in to this account before: counted by itself, so that nobody else can shut it out.
    "known": "5/5m/key",
}
APP = "allauth.account"
KNOWN_SECONDS = 90 * 24 * 3600
MOST_KNOWN = 5  # people who share a browser
SALT = "partnership.known_browser"


def take(request, address):
    """Take a place for one try of a password for `address`. Returns the usage, to be rolled back when the password
    was right, or None where the limit is reached; then nothing is counted."""
    who = address_hash(address)
    if browser := _known(request).get(who):
        wanted = [("known", f"{who}:{browser}")]
    else:
        wanted = [("from", None), ("guesses", f"{who}:{ratelimit.get_ip(request)}"), ("account", who)]
    taken = ratelimit.RateLimitUsage(usage=[])
    for action, key in wanted:
        usage = ratelimit.consume(request, app=APP, action=action, config=LIMITS, key=key)
        if usage is None:
            taken.rollback()
            return None
        taken.usage += usage.usage
    return taken


def forget(request, address) -> None:
    """The password was set anew by the link of an email: its owner begins without the guesses of others."""
    who = address_hash(address)
    for action, key in (("guesses", f"{who}:{ratelimit.get_ip(request)}"), ("account", who)):
        ratelimit.clear(request, app=APP, action=action, config=LIMITS, key=key)


def remember_browser(request, response, address) -> None:
    """Mark this browser as one that signed in to the account of `address`: a signed cookie that opens nothing."""
    who = address_hash(address)
    known = _known(request)
    browser = known.pop(who, None) or secrets.token_hex(8)
    newest = [(who, browser), *list(known.items())[: MOST_KNOWN - 1]]
    response.set_cookie(
        cookie_name(),
        signing.dumps(newest, salt=SALT),
        max_age=KNOWN_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def cookie_name() -> str:
    return "__Host-browser" if settings.SESSION_COOKIE_SECURE else "portal_browser"


def address_hash(address) -> str:
    """Sixteen hexadecimal digits that cannot be turned back without the portal's key."""
    return salted_hmac("partnership.sign_in", address.strip().lower()[:320], algorithm="sha256").hexdigest()[:16]


def _known(request) -> dict:
    try:
        return dict(signing.loads(request.COOKIES.get(cookie_name(), ""), salt=SALT, max_age=KNOWN_SECONDS))
    except signing.BadSignature:
        return {}
