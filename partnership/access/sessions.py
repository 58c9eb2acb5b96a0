"""Signing a person out everywhere, at once."""

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone


def end_sessions(user) -> int:
    """End every session of `user`; an open tab meets the sign-in page at its next click. Returns how many there were.

    A session lives for twelve hours at most (SESSION_COOKIE_AGE), so the table holds half a day's people: they are
    looked through one by one, because a session's row does not name its person.
    """
    store = __import__(settings.SESSION_ENGINE, fromlist=["SessionStore"]).SessionStore()
    mine = [
        row.pk
        for row in Session.objects.filter(expire_date__gt=timezone.now()).iterator()
        if store.decode(row.session_data).get(SESSION_KEY) == str(user.pk)
    ]
    return Session.objects.filter(pk__in=mine).delete()[0]
