"""The story of a case is told in words that a business manager reads: no verb, code or class of the machine."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from partnership.access import story
from partnership.trail.models import Event
from reviews import flow

FLOORS = ("deadlines", "documents", "identities", "jobs", "access")
RECORDED = re.compile(r"""\b(?:record|change|_keep)\(\s*(?:[^()"]|\([^()]*\))*?"([a-z]+(?:_[a-z]+)+)\"""")
CHOSEN = re.compile(r'\brecord\(\s*"(\w+)" if [^,]* else "(\w+)"')
NOT_A_STORY = {"link_made", "link_used", "sessions_ended", "account_opened", "account_closed"} | {
    "change_reason"
}  # of accounts and links; a field


def sources():
    root = Path(settings.BASE_DIR)
    for top in ("boards", "reviews", *(f"partnership/{floor}" for floor in FLOORS)):
        for path in (root / top).rglob("*.py"):
            if "migrations" not in path.parts and "demo" not in path.parts:
                yield path.read_text()


def verbs():
    found = {f"{each.name}_{code}" for each in flow.FLOWS for code in each.steps}
    for text in sources():
        found |= set(RECORDED.findall(text)) | {verb for pair in CHOSEN.findall(text) for verb in pair}
    return found - NOT_A_STORY


def test_every_event_that_is_written_has_a_sentence_of_its_own():
    found = verbs()
    assert len(found) > 110 and {"entry_noted", "deadline_step_reopened", "section_drafted"} <= found
    assert not {verb for verb in found if verb not in story._sentences}


@pytest.mark.parametrize(
    "verb, data, words",
    [
        (
            "deadline_started",
            {"rule": "rapid_review", "due_on": "1 May 2026"},
            "the clock of ‘Complete the rapid review and",
        ),
        ("deadline_step_done", {"rule": "rapid_review", "step": "meeting"}, "‘Rapid review meeting held’ as done"),
        ("decision_signed", {"seat": "la", "stance": "disagrees", "decision": 2}, "on decision 2: disagrees"),
        ("criteria_view_given", {"seat": "police", "stance": "met"}, "on the criteria: the criteria are met"),
        ("pack_made", {"audience": "aloud"}, "a pack for the meeting: to read out at the meeting"),
        ("section_written", {"code": "facts"}, "under ‘The facts, with key practice episodes’"),
        ("disclosure_asked", {"kind": "cps"}, "a request for material: prosecutor"),
    ],
)
def test_a_code_is_told_in_words(db, verb, data, words):
    (told,) = story.tell([Event(verb=verb, data=data)])
    assert words in told.what


def test_a_verb_is_told_in_the_words_of_one_place():
    with pytest.raises(ValueError, match="pack_made"):
        story.register_sentences({"pack_made": "made another pack"})


def test_no_sentence_leaves_a_gap_or_a_code_where_the_case_is_told(world):
    told = story.story(folder_id=world.ours.folder.pk)
    assert len(told) > 15
    for each in told:
        assert not re.search(r"[a-z]_[a-z]|{|}|‘’|: *$|  ", each.what), each.what
