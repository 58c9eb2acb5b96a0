"""The grid of a round, what is taken out of it, gaps that become actions, and a school's benchmark."""

import csv
import io
from datetime import date, datetime, timedelta

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from audits.figures import benchmark, gaps
from audits.models import Answer, AuditReturn, Question, Round
from partnership.access.flow import Stale
from partnership.actions.models import Action
from partnership.people.models import Agency
from tests.audits import making
from tests.audits.making import browse, schools

pytestmark = pytest.mark.django_db
WHY = "a test looks"


@pytest.fixture
def round(world):
    before = making.audit_round(world, status="closed", closed_at=timezone.now(), year=2025)
    row = making.audit_round(world, before=before)
    first, second, third = schools(3)
    making.audit_return(before, first, status="submitted", answers={"policy": {"code": "not"}})
    making.audit_return(
        row, first, status="submitted",
        answers={"policy": {"code": "met"}, "trained": {"number": "-5"}, "trained-on": {"day": date(2026, 3, 1)}},
    )  # fmt: skip
    making.audit_return(
        row, second, status="begun", answers={"policy": {"code": "partly"}, "governors": {"code": "yes"}}
    )
    making.audit_return(row, third)
    return row


def grid(world, round, **asked):
    return browse(world.officer).get(reverse("audits:round_grid", args=[round.pk]), asked)


def test_a_grid_says_by_letter_what_each_answered_and_leads_to_the_question(world, round):
    page = grid(world, round).content.decode()
    first, second, third = (escape(each.name) for each in schools(3))
    assert page.index(first) < page.index(second) < page.index(third)
    ours = AuditReturn.objects.unscoped(WHY).get(round=round, agency__name=schools(2)[1].name)
    policy = Question.objects.get(code="policy")
    address = reverse("audits:return_answer", args=[ours.pk, policy.pk])
    assert f'<td class="g-p"><a href="{address}?grid=' in page and 'aria-label="Partly met">P</a>' in page
    only = grid(world, round, gaps="on").content.decode()
    assert second in only and first not in only and third not in only
    assert "<small>N</small>" in grid(world, round, before="on").content.decode()
    assert "<small>" not in page
    (section,) = round.set_version.sections.filter(code="training")
    trained = grid(world, round, section=section.pk).content.decode()
    assert "What is asked by trained" in trained and "What is asked by policy" not in trained
    assert grid(world, round, section="nonsense").status_code == 422


def test_what_is_taken_out_runs_no_formula_and_keeps_its_numbers(world, round):
    Agency.objects.filter(pk=schools(1)[0].pk).update(name='=HYPERLINK("http://x")')
    client, page = browse(world.officer), reverse("audits:round_grid", args=[round.pk])
    lines = list(
        csv.reader(io.StringIO(b"".join(client.post(page, {"take": "csv"}).streaming_content).decode("utf-8-sig")))
    )
    (row,) = [line for line in lines if line and "HYPERLINK" in line[0]]
    assert row[0].startswith("'=") and "-5" in row and "2026-03-01" in row
    book = openpyxl.load_workbook(io.BytesIO(b"".join(client.post(page, {"take": "xlsx"}).streaming_content)))
    cells = [cell for line in book.active.iter_rows() for cell in line]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert -5 in [cell.value for cell in cells if cell.data_type == "n"]
    assert datetime(2026, 3, 1) in [cell.value for cell in cells if cell.is_date]  # noqa: DTZ001  (as openpyxl reads it)
    figures = reverse("audits:round_figures", args=[round.pk])
    assert "HYPERLINK" not in b"".join(client.post(figures, {"take": "csv"}).streaming_content).decode()


def test_a_grid_asks_as_little_for_many_as_for_few(world, round, django_assert_max_num_queries):
    client, page = browse(world.officer), reverse("audits:round_grid", args=[round.pk])
    client.get(page)
    with django_assert_max_num_queries(12):
        client.get(page, {"all": 1, "before": "on"})
    for agency in schools(30)[3:]:
        making.audit_return(round, agency, status="submitted", answers={"policy": {"code": "met"}})
    with django_assert_max_num_queries(12):
        assert client.get(page, {"all": 1, "before": "on"}).content.count(b'scope="row"') == 30


def gap_of(round, agency):
    return Answer.objects.unscoped(WHY).get(audit_return__round=round, agency=agency, question__code="policy")


def test_a_gap_becomes_an_action_of_the_school_and_reaches_nobody_else(world, round):
    school = world.agencies["school"]
    row = AuditReturn.objects.unscoped(WHY).get(round=round, agency=school)
    Answer.objects.unscoped(WHY).filter(audit_return=row, question__code="policy").update(code="not")
    answer = gap_of(round, school)
    day = timezone.localdate() + timedelta(days=30)
    typed = {"what": "Write the policy", "owner": f"{school.pk}:{world.author_other.pk}", "due_on_day": day.day}
    typed |= {"due_on_month": day.month, "due_on_year": day.year}
    page = reverse("audits:gap_action", args=[answer.pk])
    assert browse(world.lead_other).get(page).status_code == 404
    client = browse(world.school_outside)
    other = typed | {"owner": f"{world.agencies['uhnm'].pk}:{world.colleague.pk}"}
    assert client.post(page, other).status_code == 422, "nobody of another organisation is offered"
    assert client.post(page, typed).status_code == 302
    made = Action.objects.unscoped(WHY).get(source_id=answer.pk)
    assert (made.agency, made.owner, made.folder_id, made.origin) == (school, world.author_other, round.pk, "audit")
    words = client.get(reverse("audits:return_gaps", args=[row.pk])).content.decode()
    assert "Write the policy" in words and "portal-rag--green" in words
    unit = browse(world.officer)
    assert "Write the policy" in unit.get(reverse("audits:round_gaps", args=[round.pk])).content.decode()
    for user in (world.lead_other, world.partner_outside, world.board_member, world.lead_same):
        assert not Action.objects.visible_to(user).filter(pk=made.pk).exists()
    words = browse(world.author_other).get(reverse("actions:action", args=[made.pk])).content.decode()
    assert escape(round.title) in words and "Restricted" not in words


def test_a_cell_of_the_grid_leads_to_an_action_and_back_to_its_filters(world, round):
    row = AuditReturn.objects.unscoped(WHY).get(round=round, agency=schools(2)[1])
    client, answer = browse(world.officer), gap_of(round, row.agency)
    filters = {"gaps": "on", "status": "begun"}
    page = client.get(reverse("audits:round_grid", args=[round.pk]), filters).content.decode()
    cell = reverse("audits:return_answer", args=[row.pk, answer.question_id]) + "?grid=gaps%3Don%26status%3Dbegun"
    assert cell in page
    words = client.get(cell).content.decode()
    back = f"{reverse('audits:round_grid', args=[round.pk])}?gaps=on&amp;status=begun"
    make = f"{reverse('audits:gap_action', args=[answer.pk])}?grid=gaps%3Don%26status%3Dbegun"
    assert back in words and make in words and "Partly met" in words and "A gap" in words
    form = client.get(make).context["form"]
    day = timezone.localdate() + timedelta(days=30)
    typed = {"what": "Write the policy", "owner": f"{row.agency_id}:", "form_token": form["form_token"].value()}
    typed |= {"due_on_day": day.day, "due_on_month": day.month, "due_on_year": day.year}
    for _ in range(2):  # clicked twice
        assert client.post(make, typed).headers["location"] == cell
    made = Action.objects.unscoped(WHY).filter(source_id=answer.pk)
    assert made.count() == 1 and "Write the policy" in client.get(cell).content.decode()
    other = round.set_version.wordings.get(question__code="early-years").question
    assert client.get(reverse("audits:return_answer", args=[row.pk, world.officer.pk])).status_code == 404
    assert client.get(reverse("audits:return_answer", args=[row.pk, other.pk])).status_code == (
        200 if row.facts["early_years"] == "yes" else 404
    )


def test_only_who_signs_for_the_school_or_the_unit_makes_an_action_of_a_gap_that_is_one(world, round):
    row = making.audit_return(round, world.agencies["uhnm"], status="begun", answers={"policy": {"code": "partly"}})
    answer = gap_of(round, world.agencies["uhnm"])
    facts = {"what": "Write it", "due_on": timezone.localdate() + timedelta(days=9)}
    with pytest.raises(PermissionDenied):
        gaps.make(answer, by=world.colleague, owner=None, **facts)
    with pytest.raises(ValidationError):
        gaps.make(answer, by=world.lead_same, owner=world.lead_other, **facts)
    made = gaps.make(answer, by=world.officer, owner=None, **facts)
    assert (made.agency, made.owner) == (world.agencies["uhnm"], None)
    Answer.objects.unscoped(WHY).filter(pk=answer.pk).update(code="met")
    with pytest.raises((ValidationError, Stale)):
        gaps.make(answer, by=world.lead_same, owner=None, **facts)
    (gap,) = gaps.of_return(world.lead_same, AuditReturn.objects.unscoped(WHY).get(pk=row.pk))
    assert not gap.now and [each.row for each in gap.actions] == [made], "what came of it stays beside it"


@pytest.fixture
def compared(world):
    """A closed round of 16 schools; ours says no to what 5 say no to, and one of a phase of its own."""
    row = making.audit_round(world, status="closed", closed_at=timezone.now())
    for at, agency in enumerate(schools(16)):
        code = "not" if at < 5 else "met"
        each = making.audit_return(row, agency, status="submitted", answers={"policy": {"code": code}})
        AuditReturn.objects.unscoped(WHY).filter(pk=each.pk).update(phase="All-through" if at == 15 else "Primary")
    return row


def test_a_school_sees_its_own_answers_beside_its_phase_and_never_a_small_number(world, compared):
    school = world.agencies["school"]
    row = (
        AuditReturn.objects.unscoped(WHY)
        .select_related("round__folder", "round__set_version")
        .get(round=compared, agency=school)
    )
    found = benchmark.benchmark(world.school_outside, row)
    line = found.lines[0]
    assert (line.own, line.gap, line.every) == ("Not met", True, "69 % of 16")
    assert line.stands == benchmark.BELOW and found.below == [line], "of all, since its phase is not shown"
    assert line.group == "Not shown", "the one of the other phase would follow from all and the primaries"
    client, page = browse(world.school_outside), reverse("audits:benchmark", args=[row.pk])
    words = client.get(page).content.decode()
    assert "69 % of 16" in words and not any(escape(each.name) in words for each in schools(16) if each != school)
    assert browse(world.lead_other).get(page).status_code == 404
    Round.objects.filter(pk=compared.pk).update(status="open")
    words = client.get(page).content.decode()
    assert "when the business unit has closed the round" in words and "69 %" not in words
    assert client.post(page).status_code == 200, "and no PDF before"


def test_the_benchmark_is_a_file_for_governors(world, compared):
    row = AuditReturn.objects.unscoped(WHY).get(round=compared, agency=world.agencies["school"])
    content = benchmark.make(row, by=world.school_outside, progress=lambda *said: None)
    assert content.startswith(b"%PDF")
    benchmark.keep(row, content, by=world.school_outside)
    row = AuditReturn.objects.unscoped(WHY).select_related("round").get(pk=row.pk)
    made = benchmark.kept_for(world.school_outside, row)
    page = reverse("documents:download", args=[made.pk])
    answer = browse(world.school_outside).get(page)
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
    assert browse(world.lead_other).get(page).status_code == 404
    assert browse(world.officer).get(page).status_code == 200
