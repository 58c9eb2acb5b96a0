"""The page of a meeting with everything on it asks the database few questions, whoever reads it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from boards.agenda import papers
from boards.attending.rows import copied
from boards.calling import services as calling
from boards.models import (
    Attendance,
    Decision,
    Highlight,
    Interest,
    Meeting,
    OtherBody,
    Paper,
    Proposal,
    Quorum,
    Seat,
    SentUp,
)
from tests.boards import making
from tests.boards.agenda.ground import ask, sent
from tests.world import sign_in

MOST = 15
OWN = ("SAVEPOINT", "RELEASE SAVEPOINT", "SET TRANSACTION")  # of a transaction, not of the page


@pytest.fixture
def full(meeting, world):
    """Twenty items with two papers each, files among them, a pack, a highlight, a proposal, an interest, an answer
    that is awaited."""
    for n in range(20):
        item = making.item(meeting, f"Item {n}")
        sent(item, world.officer, title=f"Report {n}")
        papers.add_paper(item, by=world.officer, title=f"To come {n}", asked_of=None, asked_words="", due_on=None)
    ask(meeting, world.officer)
    where = {"folder": meeting.folder, "meeting": meeting}
    user = world.lead_same
    Highlight.objects.create(agency=world.agencies["uhnm"], words="Fewer beds", changed_by=user, **where)
    Proposal.objects.create(user=user, title="Beds", **where)
    Interest.objects.create(folder=meeting.folder, item=item, user=user, words="I run the ward", declared_by=user)
    before = making.meeting(meeting.group, days=-20, status=Meeting.Status.HELD)
    decision = Decision.objects.create(
        folder=meeting.folder, meeting=before, item=making.item(before), number=1, text="To ask", made_by=world.officer
    )
    body = OtherBody.objects.create(group=meeting.group, name="County")
    SentUp.objects.create(
        folder=meeting.folder, decision=decision, from_group=meeting.group, body=body,
        words="Please answer", due_on=meeting.day, sent_by=world.officer, changed_by=world.officer,
    )  # fmt: skip
    assert Paper.objects.unscoped("a test counts").filter(item__meeting=meeting).count() == 40
    return meeting


def _asked(user, meeting):
    client, url = sign_in(Client(), user), reverse("boards:meeting", args=[meeting.pk])
    client.get(url)  # what is kept for the process is asked once
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(url)
    assert answer.status_code == 200
    return answer, [each["sql"] for each in queries if not each["sql"].startswith(OWN)]


WORDS = ("Item 19", "Report 19", "To come 19", "Fewer beds", "Interests")


def test_few_questions_whatever_stands_on_it(world, full):
    """Planned, called and held, one after the other: laying it takes longer than all its readers."""
    assert _missed(world, full, "1 decision sent up") == []
    calling.call(full, by=world.officer)
    assert _missed(world, full, "1 decision sent up") == []
    _hold(full, world)
    assert _missed(world, full, "Who came", "The meeting is quorate") == []


def _missed(world, meeting, *words) -> list:
    """(reader, what the page lacks of what stands on it, its questions where they are too many), of whom it fails."""
    found = []
    for who in ("lead_same", "colleague", "officer", "manager"):
        answer, queries = _asked(getattr(world, who), meeting)
        lacks = [each for each in (*WORDS, *words) if each not in answer.text]
        if lacks or len(queries) > MOST:
            found.append((who, lacks, queries if len(queries) > MOST else []))
    return found


def _hold(meeting, world):
    """It began an hour ago, and everybody is ticked, the chair among them."""
    starts = timezone.now() - timedelta(hours=1)
    Meeting.objects.filter(pk=meeting.pk).update(status="held", starts_at=starts, held_at=starts)
    meeting.refresh_from_db()
    Quorum.objects.create(group=meeting.group, at_least=1)
    for seat in Seat.objects.on(meeting.day).filter(group=meeting.group):
        Attendance.objects.create(
            folder=meeting.folder,
            meeting=meeting,
            mark=Attendance.Mark.PRESENT,
            chairs=seat.user == world.lead_same,
            **copied(seat),
        )
