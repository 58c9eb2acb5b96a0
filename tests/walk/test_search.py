"""What somebody may not see is in no search: no word and no code word of it, no count, not when it comes to be."""

import pytest
from django.db import transaction
from django.urls import reverse

from tests.walk import auditing
from tests.walk.canaries import MARKER, OF_THE_UNIT, allowed, body_of, may_know_word
from tests.walk.tables import COLUMN_OF, PERSONAS, ROWS
from tests.walk.test_hidden import APART, FRESH, another_case
from tests.world import CANARY

(ROW,) = (row for row in ROWS if row.url == "reporting:search" and row.method == "GET")
SEARCHERS = [persona for persona in PERSONAS if ROW.expected(persona) == ["200"]]


def searched(ground, persona, q, kind=""):
    """(the kinds of which there was something, the page without what marks a word that was found)."""
    with transaction.atomic():
        response = ground.clients[persona].get(reverse(ROW.url), {"q": q, "kind": kind})
        transaction.set_rollback(True)
    assert response.status_code == 200
    body = body_of(response).replace("<mark>", "").replace("</mark>", "")
    for pattern in FRESH:
        body = pattern.sub(r"\1…", body)
    return [each for each in KINDS if f'id="found-{each}"' in body], body


KINDS = ("actions", "risks", "documents", "challenges", "items", "minutes", "drafts", "decisions", "meetings",
         "audits", "audit_returns", "question_sets", "courses", "training_events")  # fmt: skip


@pytest.mark.parametrize("persona", SEARCHERS)
def test_a_search_for_what_all_markers_share_finds_ones_own_rows_alone(ground, persona):
    kinds, body = searched(ground, persona, CANARY)
    bodies = [body, *(searched(ground, persona, CANARY, kind)[1] for kind in kinds)]
    met = {found.decode() for each in bodies for found in MARKER.findall(each.encode())}
    assert {each for each in met if not allowed(ground, persona, ROW.url, each)} == set()
    if persona in ("officer", "stranger"):
        there = {"actions", "documents", "challenges", "meetings", "items", "minutes", "decisions"}
        assert there <= set(kinds) and len(met) > 10
    for case in ground.cases:
        word = case.folder.reference
        if not may_know_word(persona, case):
            assert not any(word in each for each in bodies)
            assert "Nothing that you may see" in searched(ground, persona, word)[1]


@pytest.mark.parametrize("case", ["ours", "theirs"])
def test_returns_of_audits_are_found_by_their_own_organisation_and_the_unit_alone(ground, case):
    name = auditing.laid(ground)["audit_return"][case].agency.name
    found = {each for each in SEARCHERS if "audit_returns" in searched(ground, each, name)[0]}
    there = {"ours": {"author_other", "school_outside"}, "theirs": set()}[case]
    assert found == {each for each in SEARCHERS if COLUMN_OF[each] in OF_THE_UNIT} | there


def test_a_case_that_one_may_not_see_changes_no_search(ground):
    def all_of_them():
        return {
            each: searched(ground, each, f"{CANARY} OR report")[1] for each in (*APART, "stranger") if each in SEARCHERS
        }

    before = all_of_them()
    with transaction.atomic():
        another_case(ground)
        after = all_of_them()
        transaction.set_rollback(True)
    assert {persona for persona in before if before[persona] != after[persona]} == {"stranger"}
