"""Every address × every persona, against the hand-written tables; nothing shown that the persona's rows lack."""

import os
from zlib import crc32

import pytest
from django.urls import get_resolver

from audits.flow import FLOWS as AUDITS
from boards.flow import FLOWS as BOARDS
from partnership.access.checks import every_view
from partnership.access.models import Link
from partnership.actions.flow import FLOWS as ACTIONS
from reviews.flow import FLOWS as REVIEWS
from tests.walk import tables
from tests.walk.canaries import MARKER
from tests.walk.posts import POSTS
from tests.walk.samples import SAMPLES
from tests.walk.tables import FIRSTS, PERSONAS, ROWS
from tests.walk.visiting import Visit
from tests.world import PERSONAS as PEOPLE
from training.flow import FLOWS as TRAINING

CASE_BEARING = ("reviews", "access", "documents", "jobs", "directory", "notify", "actions_answering")
FLOWS = (*REVIEWS, *ACTIONS, *BOARDS, *AUDITS, *TRAINING)
# Steps that are taken with another: what came in by a log goes with it (tests/actions/test_importing.py).
TAKEN_WITH = {
    "action_take_back": "log_import_take_back",
    "risk_take_back": "log_import_take_back",
    "minutes_publish": "minutes_publish_asked",  # by the job that draws the file
}
TAKEN_WITH |= {"minutes_begin": "meeting_hold"}
# The last signature submits; what is taken back or sent back asks for no signature any more.
TAKEN_WITH |= {"audit_return_submit": "audit_signature_sign", "audit_signature_drop": "audit_return_back"}
TAKEN_WITH |= {"audit_extension_end": "audit_return_excuse"}
TAKEN_WITH |= {"audit_round_open": "job_asked"}  # by the job that sends it out (tests/audits/test_rounds.py)
# A place that comes free is offered in the change that frees it.
TAKEN_WITH |= {"booking_offer": "booking_end"}
TAKEN_WITH |= {"training_event_deliver": "register_completed"}
LET_IN = {"200", "302", "422", "409"}
EVERY = os.environ.get("WALK") == "every"


def asked(row):
    """Everybody who is let in; of those who are refused the first of each column, and one more, another for each row.

    `make walk` (WALK=every) asks everybody for every page: a refusal of the second of a column is a third of its time.
    """
    if EVERY and row.method == "GET":
        return PERSONAS
    alone = FIRSTS | set(row.cells)
    others = [persona for persona in PERSONAS if persona not in alone]
    alone.add(others[crc32(str(row).encode()) % len(others)])
    return [persona for persona in PERSONAS if persona in alone or LET_IN & set(row.expected(persona))]


def about(row, persona):
    """Which of the two rows are asked about: who is refused alike on both is asked about one, another for each row.

    `make walk` asks about both.
    """
    words = row.expected(persona)
    if not EVERY and len(words) > 1 and words[0] == words[1] and words[0] not in LET_IN:
        return [crc32(f"{row} {persona}".encode()) % 2]
    return range(len(words))


def asked_in_parts(row):
    """(persona, which) of the visits as htmx: what is shown and each refusal, once a case."""
    if row.method != "GET":
        return []
    found = {}
    for persona in PERSONAS:
        if persona in FIRSTS:
            for which, word in enumerate(row.expected(persona)):
                found.setdefault((which, word), (persona, which))
    return list(found.values())


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_every_persona_meets_what_is_expected(row, ground, said, record_property):
    problems = []
    for persona in asked(row):
        for which in about(row, persona):
            problems += Visit(ground, row, persona, which).make()[1]
    for persona, which in asked_in_parts(row):
        problems += Visit(ground, row, persona, which, htmx=True).make()[1]
    problems += [f"{row.url} said {line!r}" for line in said() if MARKER.search(line.encode())]
    record_property("walked", row.url)
    record_property("unexpected", len(problems))
    assert not problems, f"{len(problems)} unexpected:\n" + "\n".join(problems)


def names():
    return {name for _, name, _ in every_view(get_resolver().url_patterns)}


def test_every_url_name_stands_in_a_table():
    listed = {row.url for row in ROWS}
    assert names() - listed == set(), "write what is expected of these into tests/walk/expected/"
    assert listed - names() == set(), "these are in a table but no address has the name"


def test_every_address_has_a_name():
    assert [route for route, name, _ in every_view() if not name or name.endswith(":")] == []


def test_every_page_of_a_case_has_a_row_for_get_and_one_for_post():
    methods = {}
    for row in ROWS:
        if row.app in CASE_BEARING:
            methods.setdefault(row.url, set()).add(row.method)
    assert {url: found for url, found in methods.items() if found != {"GET", "POST"}} == {}


def test_every_row_that_accepts_a_post_has_valid_data_for_it():
    accepted = {(row.url, row.sample) for row in ROWS if row.method == "POST" and "302" in "".join(row.cells.values())}
    assert accepted - set(POSTS) == set()
    assert {key for key in POSTS if key not in {(row.url, row.sample) for row in ROWS}} == set()


def test_every_sample_exists_and_is_used():
    assert {row.sampler for row in ROWS} == set(SAMPLES)


def test_each_cell_of_a_case_asks_about_a_row_that_is_seen_and_one_that_is_not(ground):
    for row in ROWS:
        asked = len(SAMPLES[row.sampler](ground))
        assert {len(cell.split("/")) for cell in row.cells.values()} == {asked}, row
    for row in ROWS:
        if row.app in ("reviews", "access", "documents", "jobs") and row.sample:
            assert len(SAMPLES[row.sampler](ground)) == 2, f"{row} needs a row of each case"


def test_every_step_of_every_flow_is_posted_by_one_who_may_and_one_who_may_not():
    verbs = {post.verb: key for key, post in POSTS.items()}
    for flow in FLOWS:
        for step in flow.steps:
            verb = f"{flow.name}_{step}"
            url, sample = verbs[TAKEN_WITH.get(verb, verb)]
            (row,) = [row for row in ROWS if (row.url, row.sample, row.method) == (url, sample, "POST")]
            cells = {words for cell in row.cells.values() for words in cell.split("/")}
            assert "302" in cells and cells & {"403", "404"}, f"{flow.name}.{step}"


def test_every_persona_has_a_column_and_every_link_purpose_a_persona():
    assert set(PEOPLE) <= set(PERSONAS)
    assert {f"{purpose}_link" for purpose in Link.Purpose.values} <= set(PERSONAS)
    assert len(PERSONAS) == len(set(PERSONAS)), tables.COLUMNS
