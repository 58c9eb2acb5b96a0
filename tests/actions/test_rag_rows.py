"""The rating in SQL is the rating in Python, for every combination of what it is made of."""

from datetime import date, timedelta
from itertools import product

import pytest
from django.utils import timezone

from partnership.actions import rag, reads, reminding, services
from partnership.actions.models import Action, Outlook, RagOverride, Update
from partnership.actions.rag_rows import WORST_FIRST, colour_on, overdue_on, wants_update_on, worst_first
from tests.actions.ground import make_group

S = Action.Status
# Days from today on which it is due; what was said; how the owner sees it; when it was rated by hand, and until when.
DUE = ("past", "today", "near", "beyond")
SAID = (None, "before since", "on since", "now")
ADDED = ("before new", "on new")  # of one of which nothing was said
RATED = (None, ("red", "yesterday", 1), ("green", "now", 0), ("amber", "now", -1))


@pytest.fixture
def day():
    return rag.day()


def _due(day, word):
    return {
        "past": day.today - timedelta(days=1),
        "today": day.today,
        "near": day.near,
        "beyond": day.near + timedelta(days=1),
    }[word]


def _moment(day, word):
    morning, first = (
        timezone.make_aware(timezone.datetime.combine(each, timezone.datetime.min.time()))
        for each in (day.since, day.new)
    )
    now = timezone.now()
    return {
        "before since": morning - timedelta(microseconds=1),
        "on since": morning,
        "before new": first - timedelta(microseconds=1),
        "on new": first,
        "yesterday": now - timedelta(days=1),
        "now": now - timedelta(minutes=1),
    }[word]


@pytest.fixture
def every(world, day):
    """An action for each combination: 5 statuses, 4 days, 4 updates with 4 outlooks, 4 ratings by hand."""
    folder = make_group(world)
    actions, updates, ratings = [], [], []
    combinations = product(S.values, DUE, SAID, ("", *Outlook.values), RATED, ADDED)
    for status, due, said, outlook, rated, added in combinations:
        if (outlook and not said) or (said and added == "on new"):
            continue
        parked = status == S.PARKED
        row = Action(
            reference=f"A-{len(actions):06}", folder=folder, what="Combination", status=status,
            due_on=None if parked else _due(day, due),
            closed_at=timezone.now() if status == S.DONE else None, added_at=_moment(day, added),
        )  # fmt: skip
        actions.append(row)
        if said:
            at = _moment(day, said)
            updates.append(Update(folder=folder, action=row, words="Said", outlook=outlook, recorded_at=at))
            # An older one says otherwise, and does not count.
            before = at - timedelta(days=40)
            updates.append(Update(folder=folder, action=row, words="Older", outlook="off_track", recorded_at=before))
        if rated:
            colour, at, until = rated
            facts = {"folder": folder, "action": row, "reason": "Known", "by": world.manager}
            last = day.today + timedelta(days=until)
            ratings.append(RagOverride(colour=colour, at=_moment(day, at), until=last, **facts))
    Action.objects.bulk_create(actions)
    Update.objects.bulk_create(updates)
    RagOverride.objects.bulk_create(ratings)
    return Action.objects.unscoped("the test's own").filter(folder=folder)


def test_the_rating_in_sql_is_the_rating_in_python(every, day):
    rows = list(reads.with_facts(every.annotate(colour=colour_on(day))))
    assert len(rows) > 1000 and {row.colour for row in rows} == set(rag.COLOURS)
    wrong = [(row.status, row.due_on, row.outlook, row.said_at, row.rated, row.colour) for row in rows
             if row.colour != reads.standing_of(row, day).colour]  # fmt: skip
    assert not wrong, wrong[:5]


def test_overdue_and_wanting_an_update_are_the_same_in_sql(every, day):
    late = set(every.filter(overdue_on(day)).values_list("pk", flat=True))
    owed = set(every.filter(wants_update_on(day)).values_list("pk", flat=True))
    assert late and owed
    for row in reads.with_facts(every):
        facts = reads.facts_of(row)
        assert (row.pk in late) == rag.overdue(facts, day)
        assert (row.pk in owed) == rag.wants_update(facts, day), (row.due_on, row.said_at)


def test_sorting_by_rating_puts_the_worst_first(every, day):
    rows = every.annotate(colour=colour_on(day)).order_by(worst_first())
    places = [WORST_FIRST.index(row.colour) for row in rows]
    assert places == sorted(places)


def test_lateness_is_counted_in_working_days_as_on_home(db):
    late = rag.Facts(S.OPEN, date(2026, 11, 13))
    assert rag.standing(late, rag.day(date(2026, 11, 23))).why == "6 working days late."


def test_a_new_action_is_green_for_some_days_though_its_day_is_near(world, day):
    """Nobody owes a word the moment an action is agreed; its reminder and the lists follow the same rule."""
    facts = {"what": "Near", "due_on": day.near, "owner": world.colleague, "agency": world.agencies["uhnm"]}
    services.add(make_group(world), by=world.manager, **facts)
    row = reads.with_facts(Action.objects.unscoped("the test's own")).get()
    assert reads.standing_of(row, day).colour == rag.GREEN and not reminding.waiting(Action.objects.all(), day)
    row.added_at -= timedelta(days=7)
    assert reads.standing_of(row, day).colour == rag.AMBER
