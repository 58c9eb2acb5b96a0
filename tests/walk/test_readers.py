"""'Who has read this' is complete: whatever shows a word of a case, by any address, leaves a reading that names it."""

import pytest
from django.db import transaction
from django.urls import reverse

from partnership.access.story import readings_of_a_row
from partnership.trail.models import Event
from tests.walk import canaries
from tests.walk.samples import SAMPLES
from tests.walk.tables import ROWS

READERS = ("officer", "author", "author_other")
OF_A_CASE = ("reviews:", "documents:", "access:", "jobs:", "actions:")
# A poll of a progress bar says a case's code word and no more, and whoever asked for the work is on record.
POLLS = {"jobs:job"}
# Who somebody is, is read apart.
IDENTIFIED = {
    "reviews:identities": "officer",
    "reviews:notification": "officer",
    "reviews:change_person": "officer",
    "reviews:search_record": "author",
}


OPEN = ("group_", "work_", "log_", "risk_", "tr_")


def readings(ground, user):
    """verb -> the ids of the folders that this visit's readings of it name."""
    rows = Event.objects.filter(pk__gt=ground.last_event, actor_id=user.pk)
    found = {}
    for row in rows.filter(verb__in=[*readings_of_a_row(), "listed"]):
        named = {str(row.folder_id)} if row.folder_id else set(row.data.get("folders", ()))
        found.setdefault(row.verb, set()).update(named)
    return found


def visit(ground, row, persona, method):
    """(the answer, the readings that it left, the pages that they name). Nothing stays."""
    with transaction.atomic():
        path = reverse(row.url, args=SAMPLES[row.sampler](ground)[0])
        answer = getattr(ground.clients[persona], method.lower())(path, {})
        reader = ground.world.people[persona]
        found = readings(ground, reader)
        named = Event.objects.filter(pk__gt=ground.last_event, actor_id=reader.pk, data__has_key="page")
        pages = set(named.values_list("data__page", flat=True))
        transaction.set_rollback(True)
    return answer, found, pages


def unread(ground, answer, found) -> bool:
    """Whether the answer shows a word of a case, or the code word of ours, and no reading names a case, or ours."""
    named = set().union(*found.values())
    ours = ground.world.ours.folder
    if ours.reference in canaries.body_of(answer) and str(ours.pk) not in named:
        return True
    return bool(_of_a_case(answer)) and not named


def _of_a_case(answer) -> set:
    """The markers that it shows, without those of open groups (and actions, workplans, logs, risks) and of training."""
    return {each for each in canaries.met(answer) if not each.split("-", 2)[2].startswith(OPEN)}


def asked(method):
    for row in ROWS:
        if row.method != method or row.url in POLLS or row.app == "account" or row.sampler not in SAMPLES:
            continue
        for persona in READERS:
            if row.expected(persona)[0] in ("200", "302"):
                yield row, persona


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_whatever_shows_a_word_of_a_case_is_on_its_read_log(ground, method):
    """A post without data is answered with the page that it came from, and that is read too."""
    missing, seen = [], set()
    for row, persona in asked(method):
        answer, found, _ = visit(ground, row, persona, method)
        if answer.status_code == 302:
            continue
        if canaries.met(answer) or ground.world.ours.folder.reference in canaries.body_of(answer):
            seen.add(row.url)
        if unread(ground, answer, found):
            missing.append(f"{method} {row} as {persona}")
    assert missing == []
    assert len(seen) > (60 if method == "GET" else 25), f"only {len(seen)} pages showed anything, so it proves little"


def test_each_guarded_page_of_a_case_is_read_by_name_whether_it_shows_words_or_not(ground):
    """None is skipped: pages, files and exports of a case, by the first of those who may open them."""
    missing, walked = [], set()
    for row, persona in asked("GET"):
        if row.url == "actions:feed":  # a calendar program reads it, and nothing of a case is in it
            continue
        if row.sampler == "" or not row.url.startswith(OF_A_CASE) or len(SAMPLES[row.sampler](ground)) < 2:
            continue
        if row.expected(persona)[0] != "200" or row.url in walked:
            continue
        walked.add(row.url)
        answer, found, pages = visit(ground, row, persona, "GET")
        assert answer.status_code == 200, row
        read = any(verb != "listed" and folders for verb, folders in found.items())
        if not read or ("read" in found and row.url not in pages):
            missing.append(f"{row} as {persona}")
    assert missing == []
    could = {
        row.url for row in ROWS
        if row.method == "GET" and row.url.startswith("reviews:") and row.sampler
        and any(row.expected(persona)[0] == "200" for persona in READERS)
    }  # fmt: skip
    assert could - walked == set(), "each of these is walked"


@pytest.mark.parametrize("url, persona", IDENTIFIED.items())
def test_who_somebody_is_leaves_a_reading_of_its_own(ground, url, persona):
    row = next(row for row in ROWS if row.url == url and row.method == "GET" and "guest" not in row.sample)
    answer, found, _ = visit(ground, row, persona, "GET")
    assert "canary-ours-name" in canaries.met(answer)
    assert "identity_read" in found
