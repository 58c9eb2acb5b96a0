"""Kinds of notice about the reviews of the test world; what a test registers is gone after it."""

import pytest
from django.db import connection
from django.utils import timezone

from partnership.notify import kinds, senders
from partnership.notify.kinds import NoticeKind
from partnership.notify.models import Outgoing
from partnership.notify.senders import Sender
from partnership.notify.telling import Told, tell
from partnership.people.roles import Perm
from partnership.trail.models import Event


@pytest.fixture
def registry(monkeypatch):
    """An empty registry of kinds; returns `register`."""
    monkeypatch.setattr(kinds, "_kinds", {})
    monkeypatch.setattr(kinds, "_bounced", [])
    return kinds.register


def make_kind(code="due", **more):
    from reviews.models import Review

    facts = {
        "title": "A statutory date is near",
        "model": Review,
        "perm": Perm.REVIEW_VIEW,
        "describe": lambda notices, user: {notice.pk: f"Something is due: {notice.key}" for notice in notices},
        "url": lambda notice: f"/reviews/{notice.subject_id}",
    }
    return NoticeKind(code=code, **facts | more)


@pytest.fixture
def kind(registry):
    """kind(code, **facts) registers and returns a kind about reviews."""

    def make(code="due", **more):
        made = make_kind(code, **more)
        registry(made)
        return made

    return make


class FakeSender(Sender):
    """Keeps the letters it was handed. answers: raised or returned, one a send. known: what it says when asked."""

    def __init__(self, *answers, can_be_asked=False, known=None):
        self.answers, self.can_be_asked, self.known = list(answers), can_be_asked, known or {}
        self.sent, self.asked = [], []

    def send(self, letter):
        self.sent.append(letter)
        answer = self.answers.pop(0) if self.answers else "250"
        if isinstance(answer, Exception):
            raise answer
        return answer

    def ask(self, reference):
        self.asked.append(reference)
        return self.known.get(reference, senders.UNKNOWN)


def since_set_up(age):
    """As though the portal's first event had been recorded so long ago."""
    Event.objects.create(id=0, verb="portal_set_up", recorded_at=timezone.now() - age)


def due_now():
    """Everything that waits is due: a test's clock stands still from its first statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notify_outgoing SET next_attempt_at = now() - interval '1 second' WHERE state = 'queued'"
        )


@pytest.fixture
def owed(world, kind):
    """owed(n, **facts of the kind) tells the officer and others of 'ours' something; returns their emails, due."""

    def make(n=1, code="due", key="one", **facts):
        if code not in kinds._kinds:
            kind(code, **{"statutory": True} | facts)
        people = [world.officer, world.manager, world.panel, world.case_officer, world.signer_icb][:n]
        tell(code, [Told(key, user.pk, world.ours.review.pk, world.ours.folder.pk) for user in people])
        due_now()
        return list(Outgoing.objects.order_by("created_at"))

    return make
