"""The section 175/157 round of 2018/19: what the report prints comes out by the counting that the pages use."""

import tomllib

import pytest
from django.core.management import call_command
from django.db import transaction

from audits.figures.reads import answered, every_return, plan_of
from audits.models import Answer, Round, Submission
from audits.past import loading
from partnership.people.models import Agency

WHY = "the test counts"
TEACHING = ("teach-exploitation", "teach-peer-abuse", "teach-online", "teach-relationships", "teach-drugs")


@pytest.fixture(scope="module")
def entered(django_db_setup, django_db_blocker):
    """The round, entered once and undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        assert loading.load() == 406
        yield
        transaction.set_rollback(True)


@pytest.fixture
def past(entered, db):
    return Round.objects.select_related("set_version").get(year=2018)


def tallies(past) -> dict:
    """Code of a question -> its Tally, of those that submitted."""
    plan = plan_of(past)
    found = answered(every_return(past), plan)
    return {column.wording.question.code: found.tally(column) for column in plan.columns}


def test_the_printed_figures_come_out_by_counting(past):
    rows = every_return(past)
    assert (rows.count(), rows.filter(status="submitted").count()) == (406, 399)
    found = tallies(past)
    assert {code: found[code].percent for code in (
        "improvement-plan", "governor-oversight", "policy-compliant", "records-transferred", "chronology",
        "early-years-content", "bullying-recorded", "external-agencies",
    )} == {
        "improvement-plan": 94, "governor-oversight": 91, "policy-compliant": 98, "records-transferred": 98,
        "chronology": 87, "early-years-content": 98, "bullying-recorded": 41, "external-agencies": 15,
    }  # fmt: skip
    assert (found["vulnerable-groups"].answered, found["vulnerable-groups"].asked) == (355, 399)
    assert round(sum(found[code].share for code in TEACHING) / len(TEACHING)) == 91
    young = rows.filter(facts__early_years="yes", status="submitted").count()
    assert found["early-years-content"].base == found["early-years-content"].asked == young < 399


def test_one_schools_other_answer_moves_them(past):
    before = tallies(past)["external-agencies"]
    row = Answer.objects.unscoped(WHY).filter(question__code="external-agencies", code="yes").first()
    Answer.objects.unscoped(WHY).filter(pk=row.pk).update(code="no")
    after = tallies(past)["external-agencies"]
    assert (before.counted - after.counted, after.base) == (1, before.base)
    assert after.share < before.share


def test_what_is_made_up_says_so_and_nothing_bad_is_allotted_to_a_school_of_the_directory(past):
    rows = past.returns.unscoped(WHY).select_related("agency")
    invented = rows.filter(invented=True)
    assert all(row.agency.name.startswith("Invented school ") and "Made up" in row.agency.source for row in invented)
    assert not Agency.objects.live().filter(slug__startswith="invented-").exists(), "none is in a list of today"
    known = rows.filter(invented=False)
    assert known.count() > 100 and set(known.values_list("status", flat=True)) == {"submitted"}
    fair = [code for each in _figures() if each.get("fair") for code in each["questions"]]
    theirs = Answer.objects.unscoped(WHY).filter(audit_return__in=known).exclude(question__code__in=fair)
    assert set(theirs.values_list("code", flat=True)) == {"met", ""}
    assert "totals only" in past.source and "no answer here is known" in past.message
    assert all(row.agency.starts is None or row.agency.starts.year <= 2019 for row in known)


def test_it_is_entered_once_and_what_came_is_frozen_as_it_was_answered(past, capsys):
    call_command("load_audit_round")
    assert "is entered" in capsys.readouterr().out and Round.objects.filter(year=2018).count() == 1
    rows = Submission.objects.unscoped(WHY).filter(audit_return__round=past)
    assert rows.count() == 399 and not rows.filter(late=True).exists()
    row = rows.select_related("audit_return").first()
    assert len(row.content["questions"]) == row.audit_return.answered > 10


def _figures():
    return tomllib.loads(loading.FILE.read_text())["figure"]
