"""Answers: what may be said, who was quicker, what is taken over, and when nothing is written any more."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from audits.answering import services, values
from audits.models import Answer, AuditReturn, Round, Section, Slice, TrustAnswer, Wording
from partnership.people.models import Agency, Succession
from partnership.people.roles import Role
from partnership.trail.models import Event
from tests.audits import making
from tests.world import person

pytestmark = pytest.mark.django_db
WHY = "a test looks"


@pytest.fixture
def school(world):
    return world.agencies["school"]


@pytest.fixture
def begun(world, school):
    return making.audit_return(making.audit_round(world), school, status="begun")


def asked(row, code) -> Wording:
    return Wording.objects.get(set_version=row.round.set_version, question__code=code)


def answers(row) -> dict:
    return {each.question.code: each for each in Answer.objects.unscoped(WHY).filter(audit_return=row)}


def fresh(row) -> AuditReturn:
    return AuditReturn.objects.unscoped(WHY).select_related("round").get(pk=row.pk)


def save(row, question, by, /, version=0, still=None, **typed):
    return services.save(row, asked(row, question), by=by, values=typed, version=version, still=still)


@pytest.mark.parametrize(
    ("facts", "typed", "stored"),
    [
        ({"kind": "percent"}, {"number": " 97.5 % "}, {"number": Decimal("97.50")}),
        ({"kind": "percent"}, {"number": "101"}, "number"),
        ({"kind": "number"}, {"number": "NaN"}, "number"),
        ({"kind": "number"}, {"number": "1e400000"}, "number"),
        ({"kind": "number"}, {"number": "1,204"}, {"number": Decimal(1204)}),
        ({"kind": "number"}, {"number": "12,5"}, "number"),
        ({"kind": "number"}, {"number": "1_0"}, "number"),
        ({"kind": "date"}, {"day": "0202-03-01"}, "day"),
        ({"kind": "scale", "scale": making.MET}, {"code": "green"}, "code"),
        ({"kind": "rag"}, {"code": "green", "text": " Since May \r\n"}, {"code": "green", "text": "Since May"}),
        ({"kind": "date", "not_future": True}, {"day": f"{timezone.localdate().year + 1}-01-01"}, "day"),
        ({"kind": "date", "not_future": True}, {"day": "2024-05-03"}, {"day": date(2024, 5, 3)}),
        ({"kind": "text"}, {"code": "green"}, "code"),
        ({"kind": "text"}, {"text": "a\0b"}, "text"),
        ({"kind": "text"}, {"text": "\ud800"}, "text"),
        ({"kind": "text"}, {"text": "x" * 10_001}, "text"),
        ({"kind": "text"}, {"agency_id": "1"}, "__all__"),
        ({"kind": "table", "columns": ["Who", "When"]}, {"rows": [["", ""], ["A", "B"]]}, {"rows": [["A", "B"]]}),
        ({"kind": "table", "columns": ["Who", "When"]}, {"rows": [["A"]]}, "rows"),
        ({"kind": "yes_no"}, {"na_reason": "We have none"}, "na_reason"),
        ({"kind": "yes_no", "may_not_apply": True}, {"na": True}, "na_reason"),
        ({"kind": "yes_no", "may_not_apply": True}, {"code": "yes", "na_reason": "None"}, "na_reason"),
        ({"kind": "yes_no", "may_not_apply": True}, {"na": True, "na_reason": "None"}, {"na_reason": "None"}),
    ],
)
def test_what_is_answered_is_of_the_kind_of_the_question(facts, typed, stored):
    wording = Wording(**facts)
    if isinstance(stored, str):
        with pytest.raises(ValidationError) as refused:
            values.clean(wording, typed)
        assert stored in refused.value.update_error_dict({})
    else:
        assert values.clean(wording, typed) == values.EMPTY | stored


def test_two_leads_in_one_answer_lose_nothing(world, begun):
    first = save(begun, "policy", world.author_other, code="met", text="Mine")
    assert first.version == 1
    with pytest.raises(services.Meanwhile) as late:
        save(begun, "policy", world.school_outside, code="not", text="Hers")
    fresh_one = late.value.fresh
    assert (fresh_one.text, fresh_one.changed_by, fresh_one.version) == ("Mine", world.author_other, 1)
    assert answers(begun)["policy"].text == "Mine"
    # The same again is one whose reply was lost on its way; after both were read it is an edit of what is saved.
    assert save(begun, "policy", world.author_other, code="met", text="Mine").version == 1
    assert save(begun, "policy", world.school_outside, version=1, code="not", text="Hers").version == 2
    # Another question of the same return is nobody else's.
    assert save(begun, "trained", world.school_outside, number="90").version == 1


def test_the_counters_follow_and_a_hidden_conditional_answer_is_kept_and_not_counted(world, begun):
    save(begun, "governors", world.author_other, code="no")
    save(begun, "why-not", world.author_other, text="They have not met")
    assert (fresh(begun).wanted, fresh(begun).answered) == (5, 2)
    save(begun, "governors", world.author_other, version=1, code="yes")
    assert (fresh(begun).wanted, fresh(begun).answered) == (4, 1)
    assert answers(begun)["why-not"].text == "They have not met"
    saved = Event.objects.filter(verb="answers_saved")
    assert saved.count() == 3 and "They" not in str(list(saved.values_list("data", flat=True)))


def test_nothing_typed_is_no_answer_and_makes_no_row(world, begun):
    assert save(begun, "why-not", world.author_other, text="  ").version == 0
    assert not answers(begun) and not Event.objects.filter(verb="answers_saved")


@pytest.mark.parametrize("status", ["signing", "submitted", "excused"])
def test_an_autosave_that_comes_after_the_return_was_signed_or_submitted_is_refused(world, begun, status):
    AuditReturn.objects.unscoped(WHY).filter(pk=begun.pk).update(status=status, submitted_at=timezone.now())
    with pytest.raises(services.Shut):
        save(begun, "policy", world.author_other, code="met")
    with pytest.raises(services.Shut):
        services.confirm(begun, [asked(begun, "policy").pk], by=world.author_other)
    assert not answers(begun)


def test_a_deadline_shuts_nothing_and_the_close_of_the_round_does(world, begun):
    for seconds in (1, -1):
        AuditReturn.objects.unscoped(WHY).filter(pk=begun.pk).update(
            closes_at=timezone.now() + timedelta(seconds=seconds)
        )
        save(begun, "trained", world.author_other, version=1 if seconds < 0 else 0, number=90 + seconds)
    Round.objects.filter(pk=begun.round_id).update(status="closed", closed_at=timezone.now())
    with pytest.raises(services.Shut, match="closed"):
        save(begun, "policy", world.author_other, code="met")


def test_a_section_is_answered_from_its_first_day_on_and_after_its_last(world, begun):
    today, section = timezone.localdate(), Section.objects.get(wordings=asked(begun, "trained"))
    row = Slice.objects.create(
        round=begun.round, section=section, opens_on=today + timedelta(days=1), closes_on=today + timedelta(days=9)
    )
    with pytest.raises(services.Shut, match="later in the year"):
        save(begun, "trained", world.author_other, number=9)
    save(begun, "policy", world.author_other, code="met")
    Slice.objects.filter(pk=row.pk).update(opens_on=today - timedelta(days=9), closes_on=today - timedelta(days=1))
    assert save(begun, "trained", world.author_other, number=9).number == 9


def test_a_question_of_another_version_or_of_other_organisations_is_not_answered(world, begun):
    newer = making.question_set(edition=2)
    forged = Wording.objects.get(set_version=newer, question__code="policy")
    young = asked(begun, "early-years")
    AuditReturn.objects.unscoped(WHY).filter(pk=begun.pk).update(facts=begun.facts | {"early_years": "no"})
    for wording in (forged, young):
        with pytest.raises(ValidationError, match="not asked"):
            services.save(begun, wording, by=world.author_other, values={"text": "x"}, version=0)
    # The round keeps its own version, whatever came into use since.
    assert save(begun, "policy", world.author_other, code="met").wording == asked(begun, "policy")


# --- what stands already ----------------------------------------------------------------------------------------------

NEXT_YEAR = (
    ("leading", "1a", "new-one", "yes_no", {}),
    ("leading", "1k", "policy", "scale", {"scale": making.MET, "may_not_apply": True}),
    ("leading", "1b", "governors", "rag", {}),
    ("training", "2a", "trained", "percent", {}),
    ("training", "2d", "incidents", "number", {"required": False}),
)


@pytest.fixture
def years(world, school):
    """Last year's round with the school's submitted return, and this year's of a newer version."""
    before = making.audit_round(world, year=2025)
    done = making.audit_return(
        before, school, status="submitted",
        answers={"policy": {"code": "partly", "text": "Nearly"}, "governors": {"code": "yes"},
                 "trained": {"number": 88}, "incidents": {"na_reason": "None"}},
    )  # fmt: skip
    this = making.audit_round(world, making.question_set(edition=2, asked=NEXT_YEAR), before=before)
    return done, this


def test_last_years_answers_come_over_by_question_and_wait_to_be_confirmed(world, school, years):
    done, this = years
    row = services.begin(making.audit_return(this, school), by=world.author_other)
    found = answers(row)
    # 1a is 1k now; what is answered in other words, or may not be left out any more, is asked anew.
    assert set(found) == {"policy", "trained"}
    assert (found["policy"].wording.ref, found["policy"].code, found["policy"].text) == ("1k", "partly", "Nearly")
    assert found["policy"].taken_from == answers(done)["policy"]
    assert (row.status, row.answered, row.to_confirm) == ("begun", 0, 2)
    save(row, "trained", world.author_other, version=1, number=95)
    assert services.confirm(row, [asked(row, "policy").pk], by=world.author_other) == 1
    assert (fresh(row).to_confirm, answers(row)["trained"].number) == (0, 95)
    assert answers(done)["trained"].number == 88


def test_still_so_can_be_said_and_taken_back_until_it_is_answered_otherwise(world, school, years):
    row = services.begin(making.audit_return(years[1], school), by=world.author_other)
    same = {"code": "partly", "text": "Nearly"}
    save(row, "policy", world.author_other, version=1, still=True, **same)
    assert fresh(row).to_confirm == 1
    save(row, "policy", world.author_other, version=2, still=False, **same)
    assert fresh(row).to_confirm == 2
    save(row, "policy", world.author_other, version=3, still=False, code="met")
    assert fresh(row).to_confirm == 1


def test_an_academy_goes_on_from_its_school_and_nobody_from_two(world, school, years):
    _, this = years
    academy, other = Agency.objects.filter(kind="school").order_by("name")[3:5]
    for agency, kind, taken in ((academy, "replaced", 2), (other, "merged", 0)):
        Succession.objects.create(predecessor=school, successor=agency, on="2026-09-01", kind=kind)
        lead = person("lead_there", Role.SCHOOL_LEAD, agency, world.partnership)
        assert services.begin(making.audit_return(this, agency), by=lead).to_confirm == taken


def test_what_was_not_submitted_is_not_taken_over_and_a_return_begins_with_its_first_answer(world, school, years):
    done, this = years
    AuditReturn.objects.unscoped(WHY).filter(pk=done.pk).update(status="begun")
    row = making.audit_return(this, school)
    save(row, "policy", world.author_other, code="met")
    assert (fresh(row).status, fresh(row).answered, fresh(row).begun_at is not None) == ("begun", 1, True)


def test_what_the_trust_says_this_year_stands_before_what_the_school_said_last_year(world, school):
    before = making.audit_round(world, year=2025)
    making.audit_return(before, school, status="submitted", answers={"governors": {"code": "no"}})
    this = making.audit_round(world, before=before)
    row, trust = making.audit_return(this, school), world.agencies["council"]
    AuditReturn.objects.unscoped(WHY).filter(pk=row.pk).update(trust=trust)
    wording = asked(row, "governors")
    shared = TrustAnswer.objects.create(
        folder=this.folder, agency=trust, round=this, question=wording.question, wording=wording, code="yes"
    )
    TrustAnswer.objects.create(
        folder=this.folder, agency=trust, round=this, question=asked(row, "policy").question,
        wording=asked(row, "policy"), code="met", given_at=timezone.now(),
    )  # fmt: skip
    TrustAnswer.objects.unscoped(WHY).filter(pk=shared.pk).update(given_at=timezone.now())
    row = services.begin(row, by=world.author_other)
    found = answers(row)
    assert set(found) == {"governors"} and found["governors"].code == "yes"  # 1a is no question of a trust
    assert found["governors"].of_trust == shared and row.to_confirm == 1
