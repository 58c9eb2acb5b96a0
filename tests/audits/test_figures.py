"""Figures of a round: counted by hand, compared by meaning, without names where a reader may not know them."""

import random
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from audits.asking import asked_by, shown
from audits.figures import counting, findings, reads
from audits.figures.counting import Column, Plan
from audits.figures.grid import letter
from audits.models import Answer, AuditReturn, Question, Round, Wording
from partnership.ui.small_numbers import kept, kept_crosswise
from tests.audits import making
from tests.audits.making import browse, schools

pytestmark = pytest.mark.django_db


@pytest.fixture
def round(world):
    """Eight schools: six submitted, one is at it, one owes none any more."""
    row = making.audit_round(world)
    said = (
        {"policy": {"code": "met"}, "governors": {"code": "yes"}, "trained": {"number": 90}},
        {"policy": {"code": "met"}, "governors": {"code": "no"}, "why-not": {"text": "New"}, "trained": {"number": 80}},
        {"policy": {"code": "partly"}, "governors": {"code": "yes"}, "trained": {"number": 71}},
        {"policy": {"na_reason": "We are a hospital school"}, "governors": {"code": "partly"}},
        {"policy": {"code": "not"}, "governors": {"code": "yes"}, "why-not": {"text": "Of before"}},
        {"governors": {"code": "yes"}},
    )
    agencies = schools(8)
    for agency, answers in zip(agencies, said, strict=False):
        making.audit_return(row, agency, status="submitted", answers=answers)
    making.audit_return(row, agencies[6], status="begun", answers={"policy": {"code": "met"}})
    making.audit_return(row, agencies[7], status="excused", answers={"policy": {"code": "met"}}, why_excused="Closed")
    return row


def tallies(round, **how):
    found = reads.answered(reads.every_return(round), reads.plan_of(round), **how)
    return {column.wording.question.code: found.tally(column) for column in found.plan.columns}


def test_what_counts_is_counted_by_hand(round):
    found = tallies(round)
    policy = found["policy"]
    assert (policy.asked, policy.answered, policy.does_not_apply) == (6, 5, 1)
    assert (policy.base, policy.counted, policy.percent, policy.gaps) == (4, 2, 50, 2), "what does not apply is no base"
    governors = found["governors"]
    assert (governors.asked, governors.base, governors.counted, governors.percent) == (6, 6, 4, 67), "half up"
    why = found["why-not"]
    assert (why.asked, why.answered, why.percent) == (2, 1, 50), "an answer of before, to what is not asked, is none"
    trained = found["trained"]
    assert (trained.answered, trained.mean, trained.median) == (3, Decimal("80.3"), Decimal("80.0"))
    submitted = AuditReturn.objects.unscoped("a test").filter(round=round, status="submitted")
    young = sum(row.facts["early_years"] == "yes" for row in submitted)
    assert (found["early-years"].asked, found["early-years"].percent) == (young, None), "nobody answered it"
    assert tallies(round, as_they_stand=True)["policy"].counted == 3, "who is at it is in, who owes none is not"


def test_words_that_a_scale_leaves_out_are_in_no_base():
    scale = [
        {"code": "y", "label": "Yes", "counts": True},
        {"code": "s", "label": "Somewhat", "counts": False},
        {"code": "n", "label": "No", "counts": False},
        {"code": "u", "label": "Too early to say", "counts": None},
    ]
    column = Column(Wording(kind="scale", scale=scale, gap_codes=["n"]))
    found = counting.Tally.tallied(column, {"cy": 3, "cs": 1, "cn": 4, "cu": 9, "": 2, None: 5, "-": 1})
    assert (found.asked, found.answered, found.base, found.counted, found.gaps) == (20, 17, 8, 3, 4)
    assert found.percent == 38 and found.buckets == {"met": 3, "partly": 1, "not": 4}
    turned = Column(Wording(kind="scale", scale=scale[2::-1]))
    assert turned.bucket == column.bucket, "a scale may begin with its worst"
    for kind in ("rag", "score", "yes_no"):
        assert set(Column(Wording(kind=kind)).bucket.values()) == {"met", "partly", "not"}


def test_a_plan_asks_what_the_audit_asks():
    chain = (
        ("a", "1", "first", "yes_no", {}),
        ("a", "2", "second", "yes_no", {"shown_if": "first", "shown_codes": ["no", "partly"]}),
        ("a", "3", "third", "text", {"shown_if": "second", "shown_codes": ["no"], "applies": {"phase": ["Primary"]}}),
        ("b", "4", "fourth", "yes_no", {"applies": {"early_years": ["yes"], "phase": ["Primary", ""]}}),
        ("b", "5", "fifth", "yes_no", {"shown_if": "fourth", "shown_codes": ["no"]}),
    )
    asking = asked_by(making.question_set("chain", asked=chain))
    plan, chance = Plan(asking), random.Random(8)
    for _ in range(200):
        facts = {"phase": chance.choice(["Primary", "Secondary", ""]), "early_years": chance.choice(["yes", "no"])}
        codes = {row.question_id: chance.choice(["yes", "no", "partly", ""]) for row in asking.wordings}
        said = {str(key): f"c{code}" if code else "" for key, code in codes.items()}
        assert plan.asked(facts, said) == {str(row.question_id) for row in shown(asking, facts, codes)}


def test_what_is_small_goes_with_as_much_as_would_give_it_away():
    assert kept({"a": (20, 10), "b": (20, 8)}) == {"a", "b"}
    assert kept({"a": (20, 10), "b": (3, 3), "c": (9, 9)}) == {"a"}, "one alone would follow from the whole"
    assert kept({"a": (20, 10), "b": (20, 18), "c": (30, 15)}) == {"c"}, "two of twenty say no: as small as two"
    assert kept({"a": (3, 0), "b": (2, 0)}) == set(), "and all of both is their whole, which may be said"
    assert kept({"a": (2, 0), "b": (1, 0)}) == set() and kept({}) == set()
    assert kept({"a": (40, 39), "b": (40, 38)}) == set(), "three in all"
    chance = random.Random(8)
    for _ in range(300):
        parts = {n: (of := chance.randint(0, 30), chance.randint(0, of)) for n in range(chance.randint(1, 6))}
        shown_parts = kept(parts)
        hidden = [part for key, part in parts.items() if part[0] and key not in shown_parts]
        assert len(hidden) != 1 or not shown_parts
        if hidden and shown_parts:
            of, many = (sum(each) for each in zip(*hidden, strict=True))
            assert all(not 0 < each < 5 for each in (of, many, of - many))


def test_two_ways_of_cutting_the_same_whole_do_not_give_each_other_away():
    # All six special schools are in the city, which has eight: without them two are left.
    cells = {("special", "city"): (6, 6), ("primary", "city"): (2, 1), ("primary", "county"): (40, 20)}
    cells |= {("secondary", "county"): (20, 10)}
    one, other = ({at[n] for at in cells} for n in (0, 1))
    apart = [
        {key: tuple(map(sum, zip(*(part for at, part in cells.items() if at[n] == key), strict=True))) for key in keys}
        for n, keys in enumerate((one, other))
    ]
    assert (kept(apart[0]), kept(apart[1])) == (one, set()), "one of the city's eight says no: its area is small itself"
    cells["special", "city"] = (12, 6)
    assert kept_crosswise(cells) == ({"primary"}, {"city", "county"}), "special ones would leave two primary ones"
    cells["primary", "city"] = (14, 7)
    assert kept_crosswise(cells) == ({"special", "primary", "secondary"}, {"city", "county"})


def test_a_question_on_another_scale_is_not_compared(world):
    before = many(world, 10, gaps=2, year=2025)
    scale = [{"code": "met", "label": "Met", "counts": True}, {"code": "not", "label": "Not yet", "counts": False}]
    reworded = [each | {"label": f"{each['label']}, we think"} for each in making.MET]
    asked = (("leading", "1a", "policy", "scale", {"scale": scale}), ("leading", "1b", "governors", "yes_no", {}))
    row = making.audit_round(world, making.question_set(asked=asked, edition=2), year=2026, before=before)
    for agency in schools(6):
        making.audit_return(row, agency, status="submitted", answers={"policy": {"code": "met"}})
    line = line_of(findings.figures(world.officer, row), "1a")
    assert (line.change, line.other_scale, line.before.percent) == ("", True, 80)
    question = reverse("audits:question_figures", args=[row.pk, line.wording.question_id])
    words = browse(world.officer).get(question).content.decode()
    assert "answered on another scale in 2025/26" in words and "80 % (on another scale)" in words
    now, then = (Column(Wording(kind="scale", scale=each)) for each in (reworded, making.MET))
    assert now.measures_as(then), "other words for the same codes are the same scale"


def test_what_a_past_year_did_not_keep_is_no_nought_per_cent_and_nothing_is_compared_with_it(world):
    asked = (("leading", "1a", "why", "text", {}), ("leading", "1b", "policy", "scale", {"scale": making.MET}))
    version, said = making.question_set(asked=asked), {"policy": {"code": "met"}}
    before = making.audit_round(world, version, year=2018, status="closed", source="A report")
    row = making.audit_round(world, version, year=2019, before=before)
    for agency in schools(2):
        making.audit_return(before, agency, status="submitted", answers=said)
        making.audit_return(row, agency, status="submitted", answers=said | {"why": {"text": "So"}})
    past = line_of(findings.figures(world.officer, before, by="phase"), "1a")
    assert (past.figure, past.counted_of, {tally.percent for _, tally in past.by}) == ("No answers kept", 0, {None})
    now = line_of(findings.figures(world.officer, row), "1a")
    assert (now.figure, now.points) == ("2 of 2 (100 %)", None)


def test_agencies_are_told_apart_by_their_kind(world):
    row = making.audit_round(world)
    for agency in (world.agencies["uhnm"], world.agencies["school"]):
        making.audit_return(row, agency, status="submitted", answers={"policy": {"code": "met"}})
    found = findings.figures(world.officer, row, by="kind")
    assert [value for value, _ in line_of(found, "1a").by] == ["Relevant agency", "School"]


def many(world, number, **how):
    """A round of so many schools in two phases, of which `gaps` say that there is no policy."""
    gaps, status = how.pop("gaps", 0), how.pop("status", "closed")
    row = making.audit_round(world, status=status, closed_at=timezone.now() if status == "closed" else None, **how)
    for at, agency in enumerate(schools(number)):
        answers = {"policy": {"code": "not" if at < gaps else "met"}, "governors": {"code": "yes"}}
        phase = "Secondary" if at % 3 == 0 else "Primary"
        each = making.audit_return(row, agency, status="submitted", answers=answers)
        AuditReturn.objects.filter(pk=each.pk).update(phase=phase)
    return row


def line_of(found, ref):
    return next(line for line in found.lines if line.wording.ref == ref)


def test_years_are_compared_by_meaning_and_not_by_number(world):
    before = many(world, 10, gaps=2, year=2025)
    asked = (
        ("leading", "1j", "asked-anew", "yes_no", {"gap_codes": ["no"]}),
        ("leading", "1k", "policy", "scale", {"scale": making.MET, "gap_codes": ["not"]}),
        ("leading", "1a", "merged", "yes_no", {"gap_codes": ["no"]}),
    )
    version = making.question_set(asked=asked, edition=2)
    merged = Question.objects.get(code="merged")
    merged.follows.add(Question.objects.get(code="governors"))
    row = making.audit_round(world, version, year=2026, before=before)
    for agency in schools(4):
        answers = {"policy": {"code": "met"}, "merged": {"code": "no"}}
        making.audit_return(row, agency, status="submitted", answers=answers)
    found = findings.figures(world.officer, row)
    moved = line_of(found, "1k")
    assert (moved.now.percent, moved.before.percent, moved.change) == (100, 80, "+20")
    went_on = line_of(found, "1a")
    assert went_on.points is None and went_on.follows == ["What is asked by governors"], "named, and not compared"
    assert line_of(found, "1j").now.base == 0
    (part,) = found.parts
    assert part.finding == (
        "50 % of 8 answers say that it is in place, by 2 of 3 questions (1 has no answers to count), 20 points more "
        "than in 2025/26, by the questions of both years; the least with ‘What is asked by merged’ (1a), 0 %."
    )


def test_figures_without_names_leave_out_what_is_small_and_what_would_give_it_away(world):
    row = many(world, 24, gaps=6)  # of 8 secondary schools 2 have a gap, of 16 primary schools 4
    full = findings.figures(world.officer, row, by="phase")
    bare = findings.figures(world.board_member, row, by="group")
    by = [(value, tally.part) for value, tally in line_of(full, "1a").by]
    assert by == [("Primary", (16, 12)), ("Secondary", (8, 6))]
    assert line_of(bare, "1a").now.part == (24, 18) and [tally for _, tally in line_of(bare, "1a").by] == [None, None]
    assert line_of(bare, "1c").left_out is False and line_of(bare, "1c").now.asked == 0
    assert bare.left_out and not full.left_out


def test_what_is_left_out_stands_in_one_figure_that_follows_from_the_rest(world):
    row = many(world, 30, gaps=9)  # 10 secondary schools, 3 of them with a gap; 20 primary schools, 6 of them
    AuditReturn.objects.unscoped("a test").filter(round=row, phase="Secondary").update(phase="Special")
    for at, agency in enumerate(schools(41)[30:]):
        code, phase = ("not", "Secondary") if at < 8 else ("met", "Nursery")
        each = making.audit_return(row, agency, status="submitted", answers={"policy": {"code": code}})
        AuditReturn.objects.unscoped("a test").filter(pk=each.pk).update(phase=phase)
    found = findings.figures(world.board_member, row, by="group")
    by = {value: tally and tally.part for value, tally in line_of(found, "1a").by}
    together = {"Special and other": None, findings.TOGETHER: (21, 10)}
    assert by == {"Primary": (20, 14)} | together, "the three of ten, the three of a nursery, and eight with them"
    assert found.never == ["Early years", "Secondary"], "of which nothing is shown in any question is no column"


def test_who_asks_a_question_after_another_is_not_told_of_that_one(world):
    row = many(world, 12)
    for each in AuditReturn.objects.unscoped("a test").filter(round=row)[:9]:
        Answer.objects.unscoped("a test").filter(audit_return=each, question__code="governors").update(code="no")
        wording = row.set_version.wordings.get(question__code="why-not")
        Answer.objects.create(
            folder=row.folder, agency=each.agency, audit_return=each, question=wording.question, wording=wording,
            text="Because",
        )  # fmt: skip
    found = findings.figures(world.board_member, row)
    assert line_of(found, "1b").figure == "Fewer than 5 of 12 in place"
    assert line_of(found, "1c").figure == "Not shown", "nine were asked why not, so three said yes"


def test_the_board_has_figures_when_the_round_is_closed_and_never_a_name(world):
    row = many(world, 12, status="open")
    page = reverse("audits:round_figures", args=[row.pk])
    board = browse(world.board_member)
    words = board.get(page).content.decode()
    assert "come when the round is closed" in words and "12 of 12" in words and "100 %" not in words
    question = reverse("audits:question_figures", args=[row.pk, Question.objects.get(code="policy").pk])
    assert board.get(question).status_code == 404
    Round.objects.filter(pk=row.pk).update(status="closed", closed_at=timezone.now())
    school = escape(schools(1)[0].name)
    for client, named in ((board, False), (browse(world.partner_outside), False), (browse(world.officer), True)):
        words = client.get(question).content.decode()
        assert "100 %" in words and (school in words) is named
        assert client.get(page).status_code == 200
        taken = client.post(page, {"take": "csv"})
        lines = b"".join(taken.streaming_content).decode("utf-8-sig")
        assert school not in lines and "What is asked by policy" in lines
    assert browse(world.lead_other).get(page).status_code == 403
    assert board.get(reverse("audits:round_grid", args=[row.pk])).status_code == 403


def test_a_question_none_of_whose_answers_is_a_gap_is_a_fact_and_no_judgement(world):
    asked = (
        ("leading", "1a", "policy", "scale", {"scale": making.MET, "gap_codes": ["not"]}),
        ("leading", "1b", "recorded", "yes_no", {}),
    )
    row = making.audit_round(world, making.question_set(asked=asked))
    for agency in schools(6):
        answers = {"policy": {"code": "met"}, "recorded": {"code": "no"}}
        making.audit_return(row, agency, status="submitted", answers=answers)
    (part,) = findings.figures(world.officer, row).parts
    assert part.finding.startswith("100 % of 6 answers say that it is in place, by 1 of 2 questions (1 asks what there")
    assert [line.figure for line in part.lines] == ["100 %", "0 %"]
    assert letter(part.lines[1].column, "cno") == ("N", "g-o"), "no red for a school with nothing to record"


def test_to_how_few_a_question_does_not_apply_and_who_of_a_group_was_asked_the_next_is_not_told(world):
    row = many(world, 30)  # 10 secondary and 20 primary schools
    rows = AuditReturn.objects.unscoped("a test").filter(round=row, phase="Primary").order_by("pk")
    none = {"code": "", "na_reason": "We are a hospital school"}
    Answer.objects.unscoped("a test").filter(audit_return__in=rows[:2], question__code="policy").update(**none)
    Answer.objects.unscoped("a test").filter(audit_return__in=rows[:9], question__code="governors").update(code="no")
    found = findings.figures(world.board_member, row, by="group")
    policy = line_of(found, "1a")
    assert (policy.figure, policy.counted_of) == ("100 %", "–"), "28 of 30 would say that it does not apply to two"
    by = dict(policy.by)
    assert by["Primary"].told_of is None and by["Secondary"].told_of == 10
    assert {tally for _, tally in line_of(found, "1c").by} <= {None} or not line_of(found, "1c").now.answered
    assert "28" not in found.parts[0].finding and all("28" not in each.number for each in found.parts[0].segments)
    assert line_of(findings.figures(world.officer, row), "1a").counted_of == 28
