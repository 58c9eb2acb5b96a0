"""Kinds of notice about the reviews of the test world; what a test registers is gone after it."""

import pytest

from partnership.notify import kinds
from partnership.notify.kinds import NoticeKind
from partnership.people.roles import Perm


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
