"""The question sets that come with the portal."""

import pytest

from audits.asking import asked_by
from audits.models import QuestionSet, SetVersion, Wording
from audits.sets import loading

pytestmark = pytest.mark.django_db
SET_175 = loading.FILES / "section_175.toml"
# The figures of 2018/19 are counted from the answers to these.
COUNTED = (
    "improvement-plan", "governor-oversight", "policy-compliant", "vulnerable-groups", "records-transferred",
    "chronology", "early-years-content", "bullying-recorded", "teach-exploitation", "teach-peer-abuse", "teach-online",
    "teach-relationships", "teach-drugs", "external-agencies",
)  # fmt: skip


def _changed(path, was, now):
    text = SET_175.read_text()
    assert was in text
    path.write_text(text.replace(was, now, 1))
    return [path]


def test_both_sets_are_in_use_from_the_first_start_and_loading_again_makes_nothing():
    versions = SetVersion.objects.filter(question_set__code__in=("section-11", "section-175"))
    assert [(row.edition, row.status) for row in versions] == [(1, "in_use")] * 2
    assert loading.load() == []
    by_code = {row.question.code: row for row in asked_by(versions.get(question_set__duty="s175")).wordings}
    assert set(COUNTED) <= set(by_code)
    assert by_code["vulnerable-groups"].kind == "table"
    assert by_code["early-years-content"].applies == {"early_years": ["yes"]}
    assert {by_code[code].kind for code in ("bullying-recorded", "external-agencies")} == {"yes_no"}
    assert set(Wording.Kind.values) == {row.kind for version in versions for row in asked_by(version).wordings}


def test_a_changed_file_is_the_next_version_and_the_one_in_use_stays(tmp_path):
    first = SetVersion.objects.get(question_set__code="section-175")
    before = loading.as_version(first)
    files = _changed(tmp_path / "one.toml", "Is the child protection policy current,", "Is the policy current,")
    assert loading.load(files) == ["section-175, version 2"] and loading.load(files) == []
    second = SetVersion.objects.get(question_set=first.question_set, edition=2)
    assert (second.status, second.made_from) == ("in_use", first) and loading.as_version(first) == before
    assert {row.question_id for row in asked_by(first).wordings} == {
        row.question_id for row in asked_by(second).wordings
    }


def test_where_the_unit_has_a_version_of_its_own_in_use_a_changed_file_is_a_draft_and_then_waits(tmp_path):
    row = QuestionSet.objects.get(code="section-175")
    SetVersion.objects.create(question_set=row, edition=2, status="in_use", note="Ours")
    files = _changed(tmp_path / "one.toml", "Prevent: staff know how to refer", "Prevent: referring")
    assert loading.load(files) == [], "a label belongs to the question"
    files = _changed(tmp_path / "one.toml", 'title = "Prevent"', 'title = "The Prevent duty"')
    loading.load(files)
    assert SetVersion.objects.get(question_set=row, edition=3).status == "draft"
    files = _changed(tmp_path / "two.toml", 'title = "Prevent"', 'title = "Prevention"')
    assert loading.load(files) == []


def test_a_file_that_could_not_be_put_into_use_is_refused_with_the_place(tmp_path):
    files = _changed(tmp_path / "one.toml", 'ref = "1b"', 'ref = "1a"')
    with pytest.raises(ValueError, match="section-175: 1a: Its number stands twice"):
        loading.load(files)
