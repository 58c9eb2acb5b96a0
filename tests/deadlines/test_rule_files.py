"""A rule file that makes no sense is refused with the file, the rule and what is wrong."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.checks import run_checks

from partnership.deadlines import checks
from partnership.deadlines.rule_files import FOLDER, BrokenRules, load, problems
from partnership.deadlines.rules import RULES, Level, Milestone, Unit, rule
from partnership.people.roles import Perm

PERMS = {str(each) for each in Perm}
GOOD = """
subject = "A subject"
[[rule]]
ref = "D1"
code = "one"
title = "One"
edition = "first"
source = "A book, page 1"
status = "guidance"
verified = true
length = 15
unit = "working days"
trigger = "it begins"
day_zero = "the day"
effective_from = 2020-01-01
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "defaults.toml").write_text((FOLDER / "defaults.toml").read_text())
    return tmp_path


def written(folder, text):
    (folder / "10_test.toml").write_text(text)
    return load(folder)


def test_what_ships_makes_sense():
    assert problems(RULES, perms=PERMS) == []
    assert [error for error in run_checks(tags=["deadlines"]) if error.is_serious()] == []


def test_the_system_check_says_which_rule(monkeypatch):
    monkeypatch.setattr(checks, "RULES", [replace(RULES[0], division="wales")])
    (error,) = checks.the_rules_make_sense()
    assert "incident_notification WT2018" in error.msg and "wales" in error.msg


def test_a_rule_without_milestones_takes_the_defaults(folder):
    (one,) = written(folder, GOOD)
    assert [each.code for each in one.milestones] == ["due_in_5", "due_in_1", "due_today", "late_manager"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('unit = "working days"', 'unit = "fortnights"'), "one first.*fortnights"),
        (('status = "guidance"', 'status = "rumour"'), "one first.*rumour"),
        (("length = 15", "lenght = 15"), "unknown word lenght"),
        (('title = "One"\n', ""), "one first.*title"),
        (('subject = "A subject"', ""), "names no subject"),
        (("[[rule]]", "[[rule]"), "cannot be read"),
        (("", '\n[[rule.milestone]]\ncode = "x"\nlabel = "X"\n'), "needs one of"),
        (("", '\n[[rule.milestone]]\ncode = "x"\nlabel = "X"\nday = 1\nbefore_due = 1\n'), "needs one of"),
        (("", '\n[[rule.milestone]]\ncode = "x"\nlabel = "X"\nday = 0\n'), "no number of days"),
        (("", '\n[[rule.milestone]]\ncode = "x"\nlabel = "X"\nday = 1\nlevel = "king"\n'), "king"),
        (("", 'milestones_as = "nought"\n'), "does not stand before"),
    ],
)
def test_a_broken_file_is_refused(folder, change, says):
    old, new = change
    text = GOOD.replace(old, new) if old else GOOD + new
    with pytest.raises(BrokenRules, match=f"(?s){says}"):
        written(folder, text)


ONE = rule("rapid_review", date(2026, 6, 1))
LATER = replace(ONE, edition="later", effective_from=date(2027, 1, 1))


def with_milestone(**facts):
    return replace(ONE, milestones=(Milestone("x", "X", **facts),))


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        ([ONE, LATER], "overlap"),
        ([replace(ONE, effective_to=date(2026, 11, 30)), LATER], "none was in force between"),
        ([replace(ONE, effective_to=date(2026, 12, 31)), replace(LATER, edition=ONE.edition)], "one name"),
        ([replace(ONE, effective_to=date(2020, 1, 1))], "ends before it begins"),
        ([replace(ONE, division="united-kingdom")], "not counted by the bank holidays"),
        ([replace(ONE, unit=Unit.UK_WORKING_DAYS)], "not counted by the bank holidays"),
        ([replace(ONE, doubt="")], "names no doubt"),
        ([replace(ONE, verified=True, confidence="R")], "cannot be called verified"),
        ([replace(ONE, source="")], "nothing is said of source"),
        ([replace(ONE, length=0)], "cannot be counted"),
        ([with_milestone(day=16)], "beyond the period"),
        ([with_milestone(before_due=15)], "before what starts"),
        ([with_milestone(day=1, perm="reign")], "unknown power: reign"),
        ([replace(ONE, milestones=ONE.milestones[:1] * 2)], "one code"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_makes_no_sense_is_said(rules, says):
    assert any(says in problem for problem in problems(rules, perms=PERMS))


def test_a_gap_that_says_why_is_none():
    ended = replace(ONE, effective_to=date(2026, 11, 30))
    assert problems([ended, replace(LATER, gap_before="The guidance was withdrawn.")], perms=PERMS) == []


def test_a_milestone_survives_being_written_down():
    for each in (m for edition in RULES for m in edition.milestones):
        data = each.as_data()
        assert Milestone(**data | {"level": Level(data.get("level", "owner"))}) == each
