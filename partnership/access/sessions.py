"""Sessions that know whose they are: so that all of a person's can be listed, and ended at once (docs/adr/0020).

The session engine of the portal: Django's own database engine on a table with the person's id beside the data. What is
deleted is gone at the next request; a request that is under way cannot bring it back (SessionInterrupted).
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import connection
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from partnership.access.prepared import Prepared
from partnership.trail.services import record

# Kept in the session itself: when it was last used, when it was first seen signed in, and on what.
SEEN, SINCE, DEVICE = "last_seen", "since", "device"
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox|FxiOS", "Firefox"),
    ("Chrome|CriOS", "Chrome"),
    ("Safari", "Safari"),
)
# Two of one kind on one machine are told apart by it, and by when each began.
VERSIONS = {
    "Edge": r"Edg\w*/(\d+)",
    "Opera": r"OPR/(\d+)",
    "Firefox": r"(?:Firefox|FxiOS)/(\d+)",
    "Chrome": r"(?:Chrome|CriOS)/(\d+)",
    "Safari": r"Version/(\d+)",
}
SYSTEMS = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "an Android device"),
    ("CrOS", "a Chromebook"),
    ("Windows", "Windows"),
    ("Mac OS X|Macintosh", "a Mac"),
    ("Linux", "Linux"),
)


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls):
        from partnership.access.models import SignedIn

        return SignedIn

    def load(self):
        """What this session holds, as Django reads it: {} and no key where it has expired or was ended."""
        with connection.cursor() as cursor:
            cursor.execute(*_held.statement(key=self.session_key, now=timezone.now()))
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row[0])

    def create_model_instance(self, data):
        row = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        row.device = data.get(DEVICE, "")
        row.since, row.seen_at = _moment(data.get(SINCE)), _moment(data.get(SEEN))
        return row


def _question(key, now):
    return _rows().filter(session_key=key, expire_date__gt=now).values_list("session_data")


# Every request begins with it, and Django writes its SQL anew each time.
_held = Prepared(_question, key="a key", now=datetime.max.replace(tzinfo=UTC))


def _moment(seconds):
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def device_of(request) -> str:
    """The browser and the machine in words, 'Firefox 128 on Windows'; never the header itself."""
    header = request.headers.get("User-Agent", "")[:500]
    browser = next((words for pattern, words in BROWSERS if re.search(pattern, header)), "")
    if browser and (version := re.search(VERSIONS[browser], header)):
        browser = f"{browser} {version[1]}"
    system = next((words for pattern, words in SYSTEMS if re.search(pattern, header)), "")
    return " on ".join(filter(None, (browser or "A browser", system)))


@dataclass(frozen=True)
class Place:
    """Where somebody is signed in. handle: names it on a page; the key itself would sign in whoever reads it."""

    handle: str
    device: str
    since: datetime | None
    seen_at: datetime | None
    here: bool


def handle_of(key) -> str:
    return salted_hmac("partnership.sessions", key or "", algorithm="sha256").hexdigest()[:32]


def places_of(user, *, here) -> list[Place]:
    """The sessions of `user` that still open something, this one first, then the newest. here: the key of this one."""
    rows = [row for row in _open(user) if row.session_key == here or _fresh(row)]
    found = [Place(handle_of(r.session_key), r.device, r.since, r.seen_at, r.session_key == here) for r in rows]
    never = datetime.min.replace(tzinfo=UTC)
    found.sort(key=lambda place: place.seen_at or never, reverse=True)
    return sorted(found, key=lambda place: not place.here)


def _fresh(row):
    """A session that lay idle opens nothing any more, although its row is there until it expires."""
    idle = timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    return row.seen_at is None or row.seen_at > timezone.now() - idle


def _open(user):
    return _rows().filter(user=user, expire_date__gt=timezone.now())


def _rows():
    return SessionStore.get_model_class().objects


def end_session(user, handle) -> bool:
    """End the one session of `user` that this handle names. False where there is none: it has ended already."""
    for row in _open(user):
        if constant_time_compare(handle_of(row.session_key), handle):
            row.delete()
            record("sessions_ended", by=user, obj=user, number=1)
            return True
    return False


def end_sessions(user, *, by=None, but="") -> int:
    """End every session of `user` at once, but the one with the key `but`. Returns how many."""
    number, _ = _rows().filter(user=user).exclude(session_key=but).delete()
    if number:
        record("sessions_ended", by=by, obj=user, number=number)
    return number


def dispose() -> int:
    """Delete the sessions that have expired. Returns how many."""
    return _rows().filter(expire_date__lte=timezone.now()).delete()[0]
