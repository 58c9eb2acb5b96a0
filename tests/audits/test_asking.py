"""What an organisation is asked, and how far it has come."""

import pytest

from audits.asking import asked_by, is_answered, matches, progress, shown
from audits.models import Answer, Wording
from audits.population import asked, snapshots
from partnership.access import scope
from partnership.access.rows import can
from partnership.people.models import Agency, Area, School
from partnership.people.roles import Perm
from tests.audits import making

pytestmark = pytest.mark.django_db


def _refs(version, facts, codes=None):
    asking = asked_by(version)
    by_code = {row.question.code: row.question_id for row in asking.wordings}
    return [row.ref for row in shown(asking, facts, {by_code[code]: value for code, value in (codes or {}).items()})]


def test_a_question_is_asked_of_whom_it_applies_to_and_after_the_answer_on_which_it_hangs():
    version = making.question_set()
    assert _refs(version, {}) == ["1a", "1b", "2a", "2b", "2d"]
    assert _refs(version, {"early_years": "yes"}, {"governors": "partly"}) == ["1a", "1b", "1c", "2a", "2b", "2c", "2d"]
    assert _refs(version, {}, {"governors": "yes"}) == ["1a", "1b", "2a", "2b", "2d"]


def test_a_question_that_hangs_on_one_that_is_not_asked_is_not_asked():
    chain = (
        ("leading", "1", "first", "yes_no", {}),
        ("leading", "2", "second", "yes_no", {"shown_if": "first", "shown_codes": ["no"]}),
        ("leading", "3", "third", "text", {"shown_if": "second", "shown_codes": ["no"]}),
    )
    version = making.question_set("chain", asked=chain)
    assert _refs(version, {}, {"first": "yes", "second": "no"}) == ["1"]  # an answer of before does not count
    assert _refs(version, {}, {"first": "no", "second": "no"}) == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("kind", "values", "is_one"),
    [
        ("yes_no", {"text": "Because"}, False),
        ("yes_no", {"code": "no"}, True),
        ("number", {"number": 0}, True),
        ("text", {"text": "  "}, False),
        ("table", {"rows": [["", " "]]}, False),
        ("table", {"rows": [["", "7"]]}, True),
        ("file", {"text": "It is on the shelf"}, False),
        ("number", {"na_reason": "We have none"}, False),
    ],
)
def test_what_counts_as_an_answer(kind, values, is_one):
    assert is_answered(Wording(kind=kind), Answer(**values)) is is_one


def test_that_a_question_does_not_apply_is_an_answer_only_where_it_may_not():
    answer = Answer(na_reason="We have no early years")
    assert is_answered(Wording(kind="yes_no", may_not_apply=True), answer)
    assert not is_answered(Wording(kind="yes_no"), answer)


def test_progress_counts_what_is_required_what_was_answered_besides_and_what_waits_to_be_confirmed(world):
    row = making.audit_return(
        making.audit_round(world), world.agencies["mpft"],
        answers={"policy": {"code": "met"}, "trained": {"number": 90, "to_confirm": True}, "incidents": {"number": 3}},
    )  # fmt: skip
    assert (row.wanted, row.answered, row.to_confirm) == (5, 2, 1)
    answers = {each.question_id: each for each in Answer.objects.unscoped("a test").filter(audit_return=row)}
    found = progress(asked_by(row.round.set_version), row.facts, answers)
    assert [each.ref for each in found.missing] == ["1b", "2b"] and not found.complete


def test_a_population_is_by_facts_with_some_besides_and_some_left_out(world):
    schools = list(Agency.objects.filter(kind="school").order_by("name")[:3])
    School.objects.filter(agency=schools[0]).update(phase="Primary", low_age=4)
    School.objects.filter(agency__in=schools[1:]).update(phase="Secondary", low_age=11)
    council = world.agencies["council"]
    rows = [*schools, council]
    found = snapshots(rows, "2026-11-01")
    assert found[schools[0].pk].facts["early_years"] == "yes" and found[schools[1].pk].facts["early_years"] == "no"
    who = {
        "kind": ["school"],
        "phase": ["Primary", "Secondary"],
        "also": [str(council.pk)],
        "not": [str(schools[1].pk)],
    }
    assert asked(who, rows, found) == [schools[0], schools[2], council]
    assert asked({"also": [str(council.pk)]}, rows, found) == [council], "no condition is nobody, not everybody"
    School.objects.filter(agency=schools[0]).update(low_age=None)
    assert snapshots(rows, "2026-11-01")[schools[0].pk].facts["early_years"] == "yes", "no ages: by its phase"
    School.objects.filter(agency=schools[0]).update(low_age=7)
    assert snapshots(rows, "2026-11-01")[schools[0].pk].facts["early_years"] == "no", "a junior school, by its ages"
    assert matches({}, {}) and not matches({"phase": ["Primary"]}, {})


def test_who_works_in_two_areas_is_asked_in_each_and_counted_in_neither(world):
    council, school = world.agencies["council"], world.agencies["school"]
    areas = [
        Area.objects.get_or_create(slug=slug, defaults={"name": slug})[0]
        for slug in ("staffordshire", "stoke-on-trent")
    ]
    for agency in (council, school):
        agency.areas.set(areas)
    School.objects.filter(agency=school).update(local_authority_code=areas[1].authority_code)
    found = snapshots([council, school], "2026-11-01")
    assert matches({"area": ["staffordshire"]}, found[council.pk].facts)
    assert matches({"area": ["stoke-on-trent"]}, found[council.pk].facts) and found[council.pk].area_id is None
    assert not matches({"area": ["staffordshire"]}, found[school.pk].facts), "a school lies in its own authority's"
    assert found[school.pk].area_id == areas[1].pk and not matches({"area": [""]}, found[council.pk].facts)


def test_a_return_is_its_organisations_and_the_units_and_nobody_elses(world):
    row = making.audit_return(making.audit_round(world), world.agencies["school"], answers={"policy": {"code": "not"}})
    answer = Answer.objects.unscoped("a test").get(audit_return=row)
    with scope.entered():
        for user, sees, writes, signs in (
            (world.school_outside, True, True, True),
            (world.officer, True, False, False),
            (world.lead_other, False, False, False),
            (world.board_member, False, False, False),
            (world.partner_outside, False, False, False),
            (world.directory_admin, False, False, False),
        ):
            for each in (row, answer):
                assert can(user, Perm.ANSWERS_VIEW, each) is sees, user
                assert can(user, Perm.ANSWERS_WRITE, each) is writes, user
            assert can(user, Perm.ANSWERS_SIGN, row) is signs, user
            assert can(user, Perm.AUDIT_RUN, row) is (user == world.officer), user
    ours = making.audit_return(making.audit_round(world), world.agencies["uhnm"])
    with scope.entered():  # a practitioner writes with her lead, who signs
        assert can(world.colleague, Perm.ANSWERS_WRITE, ours) and not can(world.colleague, Perm.ANSWERS_SIGN, ours)
        assert can(world.lead_same, Perm.ANSWERS_SIGN, ours)
