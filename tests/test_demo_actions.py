"""The demo's actions: a working year in every state, and a recommendation that became actions for three agencies."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from partnership.actions import rag
from partnership.actions.answering import demo, demo_words
from partnership.actions.models import Action, Evidence, Risk, Update
from partnership.actions.reads import facts_of, standing_of, with_facts
from reporting import demo as whole_demo
from reviews.demo import agreed
from reviews.models import Recommendation
from tests.test_demo_cases import SCHOOL_DAY

WHY = "the test counts"
S = Action.Status


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    """The demo, made once and undone."""
    from time_machine import travel

    with django_db_blocker.unblock(), transaction.atomic():
        with travel(SCHOOL_DAY):
            assert whole_demo.fill()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def rows(made, db, time_machine):
    time_machine.move_to(SCHOOL_DAY)
    return Action.objects.unscoped(WHY)


def test_there_is_a_working_year_of_them_in_every_state(rows):
    states = Counter(rows.values_list("status", flat=True))
    assert rows.count() > 40 and set(states) == set(S.values) - {S.TAKEN_BACK}
    day = rag.day()
    told = {row.pk: row for row in with_facts(rows.all())}
    colours = Counter(standing_of(row, day).colour for row in told.values())
    assert {rag.RED, rag.AMBER, rag.GREEN, rag.GREY, rag.BLUE} == set(colours)
    assert any(rag.overdue(facts_of(row), day) for row in told.values())
    assert any(row.slips == 2 for row in told.values()) and any(row.part_count == 3 for row in told.values())
    assert any(row.owner_id is None and row.status == S.OPEN and not row.part_count for row in told.values())
    assert any(standing_of(row, day).by_hand for row in told.values())
    risks = Risk.objects.unscoped(WHY)
    assert {row.status for row in risks} == {"open", "closed"} and rows.filter(
        source_id__in=risks.values("pk")
    ).exists()


def test_one_person_has_nine_that_are_due(rows):
    soon = timezone.localdate() + timedelta(days=14)
    who = Counter(rows.filter(status=S.OPEN, due_on__lte=soon).values_list("owner__name", flat=True))
    assert who["Winifred Tallow"] == 9


def test_a_recommendation_became_actions_for_three_agencies(rows):
    source = Recommendation.objects.unscoped(WHY).get(words=agreed.words.RECOMMENDATION)
    parts = {row.agency.slug: row for row in rows.filter(source_id=source.pk, parent__isnull=False)}
    assert set(parts) == {"sotcc", "staffs-police", "mpft"}
    by_link = Update.objects.unscoped(WHY).get(action=parts["sotcc"])
    assert by_link.channel == Update.Channel.LINK and not parts["sotcc"].sensitive
    assert parts["staffs-police"].status == S.OPEN and parts["staffs-police"].note == agreed.MISSING
    assert parts["mpft"].status == S.DONE
    assert Evidence.objects.unscoped(WHY).filter(action=parts["mpft"]).exists()


def test_what_stands_in_a_group_tells_nothing_of_the_case(rows):
    source = Recommendation.objects.unscoped(WHY).select_related("folder").get(words=agreed.words.RECOMMENDATION)
    said = " ".join(rows.filter(source_id=source.pk).values_list("what", flat=True))
    assert source.words not in said and source.folder.reference not in said


def test_filled_a_second_time_it_stays_as_it_is(rows):
    from partnership.directory import demo as people

    before = rows.count()
    everybody = people.people()
    demo.fill_actions(everybody)
    agreed.fill_agreed(everybody)
    assert rows.count() == before


def test_each_plot_can_be_told():
    assert {plot.story for plot in demo_words.PLOTS} <= set(vars(demo.Telling))
