"""Question sets as they are built: identity through versions, what is frozen, what stands in the way of use."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audits.asking import asked_by
from audits.models import Answer, Question, SetVersion, Wording
from audits.sets import comparing, services, typed, wordings
from audits.sets.checking import problems
from partnership.access.flow import Stale
from tests.audits import making
from tests.world import sign_in

pytestmark = pytest.mark.django_db
YES_NO = {"ref": "9z", "text": "Is it so?", "kind": "yes_no"}


def _of(version) -> dict:
    return {row.question.code: row for row in asked_by(version).wordings}


def _changed(version) -> dict:
    """code -> what is otherwise; and '-' for what is left out."""
    found = comparing.changes(asked_by(version), asked_by(version.made_from))
    said = {row.question.code: found.of[row.pk].words for row in asked_by(version).wordings if found.of[row.pk].words}
    return said | {row.question.code: "-" for row in found.left_out}


@pytest.fixture
def draft(world):
    version = making.question_set()
    return services.begin_version(version.question_set, by=world.officer)


def test_a_question_stays_itself_under_another_number_and_in_other_words(world, draft):
    officer, first = world.officer, draft.made_from
    trained = _of(draft)["trained-on"]
    new = wordings.add_wording(
        trained.section, by=officer, meaning={"label": "Those who are new"}, **YES_NO | {"kind": "number"}
    )
    services.move(new, by=officer, to=1, was=5)
    assert ("9z", "2a") in [(row.ref, ref) for row, ref in services.misnumbered(asked_by(draft))]
    services.number_anew(draft, by=officer)
    assert not services.misnumbered(asked_by(draft))
    reworded = _of(draft)["trained"]
    wordings.change_wording(reworded, by=officer, version=reworded.version, text="What share is trained?")
    assert _of(draft)["trained"].ref == "2b" and _of(first)["trained"].ref == "2a"
    assert _of(draft)["trained"].question_id == _of(first)["trained"].question_id
    assert _changed(draft) == {
        "those-who-are-new": "new", "trained": "was 2a, reworded", "trained-on": "was 2b", "early-years": "was 2c",
        "incidents": "was 2d",
    }  # fmt: skip


def test_two_questions_become_one_and_one_becomes_two(world, draft):
    officer, now = world.officer, _of(draft)
    both = [now["trained"].question, now["trained-on"].question]
    wordings.leave_out(now["trained-on"], by=officer)
    merged = wordings.change_wording(
        now["trained"], by=officer, version=1, meaning={"label": "Training is whole", "follows": both}
    )
    for number, label in enumerate(("Policy is there", "Policy is read")):
        meaning = {"label": label, "follows": [now["policy"].question]}
        wordings.add_wording(now["policy"].section, by=officer, meaning=meaning, **YES_NO | {"ref": f"1{number}"})
    wordings.leave_out(now["policy"], by=officer)
    assert set(merged.question.follows.all()) == set(both)
    said = _changed(draft)
    assert said["training-is-whole"] == "new, merged from 2a and 2b"
    assert said["policy-is-there"] == said["policy-is-read"] == "new, split from 1a"
    assert [said[code] for code in ("trained", "trained-on", "policy")] == ["-"] * 3


def test_a_question_that_was_left_out_comes_back_as_itself_and_no_question_is_asked_twice(world, draft):
    officer, row = world.officer, _of(draft)["incidents"]
    wordings.leave_out(row, by=officer)
    meaning = {"question": row.question}
    again = wordings.add_wording(row.section, by=officer, meaning=meaning, **YES_NO | {"kind": "number"})
    assert _changed(draft) == {"incidents": "was 2d, reworded, asked of others, or otherwise required"}
    with pytest.raises(ValidationError, match="Question 9z of this version asks that already"):
        wordings.add_wording(row.section, by=officer, meaning=meaning, **YES_NO)
    assert again.question_id == row.question_id


def test_a_question_with_answers_is_left_out_and_its_answers_stay(world, draft):
    row = making.audit_return(
        making.audit_round(world, draft.made_from), world.agencies["school"], answers={"governors": {"code": "no"}}
    )
    hanging = wordings.leave_out(_of(draft)["governors"], by=world.officer)
    assert hanging == ["1c"], "who leaves it out is told what hung on it"
    assert Answer.objects.unscoped("a test").get(audit_return=row).wording.ref == "1b"
    assert [(each.where, each.words[:40]) for each in problems(asked_by(draft))] == [
        ("1c", "It is asked only after an answer to a qu")
    ]
    with pytest.raises(ValidationError, match="1c: It is asked only after"):
        services.use_version(draft, by=world.officer, read=SetVersion.objects.get(pk=draft.pk).version)


def test_nothing_of_a_version_in_use_changes(world, draft, client):
    version, officer = draft.made_from, world.officer
    row = _of(version)["policy"]
    for act in (
        lambda: wordings.change_wording(row, by=officer, version=1, text="Otherwise?"),
        lambda: wordings.add_wording(row.section, by=officer, meaning={"label": "More"}, **YES_NO),
        lambda: wordings.leave_out(row, by=officer),
        lambda: services.change_section(row.section, by=officer, version=1, title="Otherwise"),
        lambda: services.move(row, by=officer, to=2, was=1),
        lambda: services.number_anew(version, by=officer),
        lambda: services.throw_away(version, by=officer),
    ):
        with pytest.raises(Stale, match="Version 1 is in use"):
            act()
    sign_in(client, officer)
    here = reverse("audits:set_version", args=[version.pk])
    client.post(here, {"action": "leave_out", "row": row.pk})
    client.post(here, {"action": "down", "row": row.pk, "was": "1"})
    page = client.get(here).content.decode()
    assert "Leave out" not in page and "Nothing of this version changes any more" in page
    sent = {"ref": "1a", "text": "Forged?", "kind": "text", "section": row.section_id, "who": "all", "asks": "always"}
    answer = client.post(reverse("audits:wording_edit", args=[row.pk]), sent | {"meaning": "same", "version": 1})
    assert answer.status_code == 409 and "Forged?" in answer.content.decode()
    row.refresh_from_db()
    assert (row.text, row.position) == ("Is it so with policy?", 0)


def test_who_is_slower_is_shown_both_texts(world, draft, client):
    row = _of(draft)["incidents"]
    sign_in(client, world.officer)
    wordings.change_wording(row, by=world.manager, version=1, text="How many were there?")
    sent = {"ref": "2d", "text": "How many did you count?", "kind": "number", "section": row.section_id, "who": "all"}
    sent |= {"asks": "always", "meaning": "same", "version": 1}
    answer = client.post(reverse("audits:wording_edit", args=[row.pk]), sent)
    page = answer.content.decode()
    assert answer.status_code == 409 and "How many were there?" in page and "How many did you count?" in page
    answer = client.post(reverse("audits:wording_edit", args=[row.pk]), sent | {"version": 2})
    assert answer.status_code == 302 and _of(draft)["incidents"].text == "How many did you count?"


@pytest.mark.parametrize(
    ("code", "facts", "words"),
    [
        ("policy", {"scale": []}, "fewer than two answers"),
        ("policy", {"ref": "1B"}, "number stands twice"),
        ("governors", {"shown_if": "governors", "shown_codes": ["no"]}, "after an answer to itself"),
        ("governors", {"shown_if": "why-not", "shown_codes": ["no"]}, "hangs on 1c, and that on it again"),
        ("policy", {"shown_if": "trained", "shown_codes": ["no"]}, "after an answer to 2a, which has no answers"),
        ("policy", {"shown_if": "governors", "shown_codes": ["never"]}, "1b does not offer any more"),
        ("policy", {"shown_if": "governors"}, "not said which"),
        ("policy", {"gap_codes": ["unmet"]}, "counts ‘unmet’ as a gap"),
        ("incidents", {"kind": "table"}, "no columns"),
    ],
)
def test_what_could_not_be_asked_is_refused_where_it_is_typed_and_before_use(world, draft, code, facts, words):
    now = _of(draft)
    if "shown_if" in facts:
        facts = facts | {"shown_if": now[facts["shown_if"]].question}
    with pytest.raises(ValidationError, match=words):
        wordings.change_wording(now[code], by=world.officer, version=1, **facts)
    if "ref" not in facts:
        Wording.objects.filter(pk=now[code].pk).update(**facts)
        assert any(words in each.words for each in problems(asked_by(draft)))


def test_an_empty_section_is_told_and_a_version_is_used_as_it_was_seen(world, draft):
    officer, seen = world.officer, SetVersion.objects.get(pk=draft.pk).version
    section = services.add_section(draft, by=officer, ref="3", title="Attendance")
    with pytest.raises(Stale, match="changed this version since"):
        services.use_version(draft, by=officer, read=seen)
    now = SetVersion.objects.get(pk=draft.pk).version
    with pytest.raises(ValidationError, match="Section 3: It has no question"):
        services.use_version(draft, by=officer, read=now)
    services.remove_section(section, by=officer)
    used = services.use_version(draft, by=officer, read=SetVersion.objects.get(pk=draft.pk).version, note="Shorter")
    assert used.status == "in_use" and used.in_use_at and used.note == "Shorter"
    assert SetVersion.objects.get(pk=draft.made_from_id).status == "in_use", "a round that runs keeps its own"


def test_a_draft_that_is_thrown_away_takes_its_own_questions_alone(world, draft):
    row = _of(draft)["policy"]
    wordings.add_wording(row.section, by=world.officer, meaning={"label": "Only here"}, **YES_NO)
    with pytest.raises(Stale, match="has a draft already"):
        services.begin_version(draft.question_set, by=world.officer)
    services.throw_away(draft, by=world.officer)
    codes = set(Question.objects.filter(question_set=draft.question_set).values_list("code", flat=True))
    assert "policy" in codes and "only-here" not in codes


def test_a_scale_that_is_worded_otherwise_keeps_its_codes():
    now = [{"code": "met", "label": "Met", "counts": True}, {"code": "not", "label": "Not met", "counts": False}]
    said = typed.scale_said(now, ["not"])
    assert said == "Met: counts\nNot met: gap" and typed.scale_typed(said, now) == (now, ["not"])
    scale, gaps = typed.scale_typed("In place: counts\nNot met: gap", now)
    assert [each["code"] for each in scale] == ["met", "not"] and gaps == ["not"]
    scale, _ = typed.scale_typed("Met: counts\nHalf: for a start\nNot met\nNot known: left out", now)
    assert [(each["code"], each["label"], each["counts"]) for each in scale][1:] == [
        ("half-for-a-start", "Half: for a start", False), ("not", "Not met", False), ("not-known", "Not known", None),
    ]  # fmt: skip


def test_trying_a_version_asks_what_an_organisation_would_be_asked_and_keeps_nothing(world, draft, client):
    sign_in(client, world.officer)
    now, here = _of(draft), reverse("audits:set_try", args=[draft.pk])
    page = client.get(here).content.decode()
    assert "It would be asked 5 of 7 questions; 4 of them" in page and now["why-not"].text not in page
    asked = {"early_years": "yes", f"a_{now['governors'].pk.hex}": "no"}
    page = client.get(here, asked).content.decode()
    assert "It would be asked 7 of 7" in page and now["why-not"].text in page and now["early-years"].text in page
    assert not Answer.objects.unscoped("a test").exists()


def test_a_question_is_built_in_the_browser_step_by_step(world, draft, client):
    """In one step, without JavaScript: the question after which it is asked, and its answers by their words."""
    sign_in(client, world.officer)
    now = _of(draft)
    section = now["policy"].section
    add = reverse("audits:wording_add", args=[section.pk])
    assert client.get(add).status_code == 200
    sent = {
        "section": section.pk, "ref": "1d", "text": "How well is it known?", "kind": "scale", "who": "some",
        "scale": "Well: counts\nHardly: gap", "of_phase": ["Primary"], "asks": "after", "meaning": "new",
        "shown_if": now["governors"].question_id, "label": "Known to staff", "rules": ["required"],
        "links": "The guidance https://www.gov.uk/guidance",
    }  # fmt: skip
    assert "(Yes, Partly, No)" in client.get(add).content.decode()
    for ticked, words in (([], "Tick after which answers to 1b"), (["Met"], "1b is not answered ‘Met’")):
        answer = client.post(add, sent | {"shown_after": ticked})
        assert answer.status_code == 422 and words in answer.content.decode()
    assert client.post(add, sent | {"shown_after": ["Partly", "No"]}).status_code == 302
    row = _of(draft)["known-to-staff"]
    assert (row.applies, row.shown_codes, row.gap_codes) == ({"phase": ["Primary"]}, ["partly", "no"], ["hardly"])
    assert row.links == [{"words": "The guidance", "url": "https://www.gov.uk/guidance"}]
    page = client.get(reverse("audits:set_version", args=[draft.pk])).content.decode()
    assert "Asked of: Primary" in page and "Asked after ‘Partly’ or ‘No’ to 1b" in page
    form = client.get(reverse("audits:wording_edit", args=[row.pk])).content.decode()
    assert re.findall(r'name="shown_after"[^>]*value="(\w+)" checked', form) == ["Partly", "No"]


def test_the_lists_ask_the_database_as_often_for_many_questions_as_for_few(world, draft, client):
    sign_in(client, world.officer)
    pages = [
        reverse("audits:sets"),
        reverse("audits:question_set", args=[draft.question_set_id]),
        *(reverse(f"audits:{name}", args=[draft.pk]) for name in ("set_version", "set_try", "set_use")),
    ]

    def costs():
        found = []
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(page).status_code == 200
            found.append(len(asked))
        return found

    few, section = costs(), _of(draft)["policy"].section
    for number in range(5):
        meaning = {"label": f"More {number}", "follows": list(section.set_version.question_set.questions.all()[:2])}
        wordings.add_wording(section, by=world.officer, meaning=meaning, **YES_NO | {"ref": f"8.{number}"})
        services.add_set(by=world.officer, title=f"Set {number}", duty="other", about="", source="")
    assert costs() == few
