"""Certificates as pages show them, and as somebody checks one by its code."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from partnership.people.models.dated import last_day
from training.certificates.codes import read_code
from training.models import Certificate

STATES = {
    "valid": ("Valid", "green"),
    "expired": ("Expired", "yellow"),
    "revoked": ("Revoked", "red"),
    "replaced": ("Replaced", "grey"),
}


@dataclass(frozen=True)
class State:
    """code: of STATES; words, colour: its tag. last_day: the last on which it holds, None for ever."""

    code: str
    words: str
    colour: str
    last_day: date | None


def state_of(row, today=None) -> State:
    """row: with `replaced` (of `with_state`): whether another one was issued in its place."""
    today = today or timezone.localdate()
    if row.revoked_at:
        code = "replaced" if row.replaced else "revoked"
    else:
        code = "expired" if row.expires_on and row.expires_on <= today else "valid"
    return State(code, *STATES[code], last_day(row.expires_on))


def with_state(rows):
    return rows.annotate(replaced=Q(replaced_by__isnull=False))


def certificates(user, *, q="", state=""):
    """The certificates that this person may see, newest first, with their organisation: of whose name or course begins
    a word with `q`, in a state of STATES."""
    today = timezone.localdate()
    rows = with_state(Certificate.objects.visible_to(user)).select_related("agency")
    for word in q.split()[:5]:
        rows = rows.filter(Q(name__icontains=word) | Q(title__icontains=word))
    ended = Q(expires_on__lte=today)
    narrowed = {
        "valid": Q(revoked_at=None) & (Q(expires_on=None) | ~ended),
        "expired": Q(revoked_at=None) & ended,
        "revoked": Q(revoked_at__isnull=False, replaced=False),
        "replaced": Q(revoked_at__isnull=False, replaced=True),
    }
    return rows.filter(narrowed[state]) if state in narrowed else rows


def by_code(typed) -> Certificate | None:
    """The certificate of a code that somebody holds in their hand; None for any other. Nobody's power is asked for."""
    code = read_code(typed)
    if not code:
        return None
    rows = Certificate.objects.unscoped("whoever has its code was given it by the person whose it is")
    return with_state(rows).filter(code=code).first()
