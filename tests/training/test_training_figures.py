"""The figures of a year: what counts, for whom, and what is not shown."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partnership.people.models import Agency
from partnership.ui.dates import midnight
from tests.training import making
from training import questions
from training.figures import findings
from training.figures.shapes import TOGETHER
from training.figures.years import months
from training.models import Booking, Completion, Evaluation, Event
from training.office import training_of

pytestmark = pytest.mark.django_db
MAY = midnight(date(2024, 5, 14)) + timedelta(hours=10)


def event(world, of=None, at=MAY, **facts) -> Event:
    return making.event(world, of, starts_at=at, ends_at=at + timedelta(hours=6), **{"status": "delivered"} | facts)


def came(of, learner, attended="present", **facts) -> Booking:
    facts = {"status": "booked", "attended": attended} | facts
    return Booking.objects.create(
        folder=of.folder, event=of, agency=learner.agency, learner=learner, name=learner.name, **facts
    )


def people(world, key, many, of, **facts) -> list[Booking]:
    agency = world.agencies[key] if isinstance(key, str) else key
    return [came(of, making.learner(world, agency, f"Person {n}"), **facts) for n in range(many)]


def said(world, year=2024, **how):
    return findings.figures(world.officer, year, **{"named": True} | how)


def totals(found) -> dict:
    return {line.label: line.now for line in found.totals}


def test_a_year_is_from_april_to_march_in_london():
    assert [months(2024)[0].isoformat(), months(2024)[-1].isoformat()] == ["2024-04-01", "2025-03-01"]


def test_the_first_hour_of_april_is_of_the_new_year(world):
    event(world, at=midnight(date(2024, 4, 1)) + timedelta(minutes=30))
    assert totals(said(world))["Events planned"] == 1
    assert totals(said(world, 2023))["Events planned"] == 0


def test_who_came_late_or_left_early_counts_and_who_stayed_away_or_gave_up_does_not(world):
    of = event(world)
    for n, attended in enumerate(("present", "late", "early", "absent", "")):
        came(of, making.learner(world, world.agencies["uhnm"], f"P {n}"), attended)
    gone = making.learner(world, world.agencies["uhnm"], "Gone")
    came(of, gone, "", status="ended", why_ended="cancelled", ended_at=timezone.now())
    assert totals(said(world))["Delegates"] == 3


def test_planned_delivered_and_cancelled_are_different_numbers_and_a_reason_is_counted(world):
    of = making.course(world)
    event(world, of)
    for _ in range(2):
        event(world, of, status="cancelled", why_cancelled="The trainer was ill.")
    event(world, of, status="open")
    found = said(world)
    assert totals(found) == {
        "Delegates": 0, "Events planned": 4, "Events delivered": 1, "Events cancelled": 2,
        "Events whose register is not complete": 1, "E-learning courses completed": 0,
    }  # fmt: skip
    assert found.reasons == [("The trainer was ill.", 2)]


def test_this_year_stands_beside_the_last_with_the_change(world):
    of = making.course(world)
    people(world, "uhnm", 12, event(world, of))
    people(world, "uhnm", 8, event(world, of, at=MAY - timedelta(days=365)))
    (part,) = said(world).parts
    assert part.people.in_words == ("12", "8", "+4 (+50\u00a0%)")
    (part,) = said(world, by="month").parts
    assert (part.label, part.people.now, part.people.before) == ("May 2024", 12, 8), "May beside May"


def test_small_numbers_are_not_shown_without_names_nor_what_gives_them_away(world):
    few, many, more = (making.course(world, title) for title in ("Few", "Many", "More"))
    for course, number in ((few, 3), (many, 20), (more, 9)):
        people(world, "uhnm", number, event(world, course))
    shown = {part.label: part.people.now for part in said(world, named=False).parts}
    assert shown == {"Few": None, "Many": 20, "More": None, TOGETHER: 12}
    assert {part.people.now for part in said(world, by="area", named=False).parts} == {0}, "no third cut"
    assert "Organisation" not in said(world, by="agency", named=False).columns


def test_kinds_of_organisations_wait_for_the_end_of_the_year_without_names(world):
    school = Agency.objects.filter(kind="school").first()
    of = event(world, at=midnight(date(2034, 5, 14)))
    people(world, "uhnm", 9, of)
    people(world, school, 9, of)
    with time_machine.travel("2035-03-31 12:00", tick=False):
        found = said(world, 2034, by="kind", named=False)
        assert (found.parts, found.cut_waits) == ([], True)
        assert said(world, 2034, by="kind").parts, "the unit has them at any time"
    with time_machine.travel("2035-04-01 12:00", tick=False):
        shown = {part.label: part.people.now for part in said(world, 2034, by="kind", named=False).parts}
    assert shown == {"Relevant agency": 9, "School": 9}


def replied(row, stage, score, **facts) -> Evaluation:
    facts = {"answered_at": MAY, "scores": {"risk": score}} | facts
    return Evaluation.objects.create(
        folder=row.folder, learner=row.learner, booking=row, stage=stage, edition=questions.edition().name, **facts
    )


def test_evaluations_are_of_those_who_answered_and_say_how_many_did_not(world):
    rows = people(world, "uhnm", 20, event(world))
    for n, row in enumerate(rows):
        if n < 16:
            replied(row, "end", 4 if n < 10 else 3)
        else:
            replied(row, "end", 0, answered_at=None, scores={}, due_on=MAY.date())
    (line,) = said(world).said
    assert (line.percent, line.answered, line.stage) == (63, "16 of 20 (80\u00a0%)", "At the end")
    (line,) = said(world, named=False).said
    assert (line.figure, line.answered) == ("63\u00a0% agree", "16"), "who did not reply are four: not told"
    Evaluation.objects.unscoped(making.WHY).filter(booking=row).update(due_on=timezone.localdate() + timedelta(days=1))
    found = said(world, named=False)
    assert (found.said, found.said_waits) == ([], True), "one reply more would tell what it says"


def test_the_page_asks_the_same_however_much_there_is_and_is_for_readers_of_figures_alone(world, sign_in):
    url = reverse("training:figures")
    assert sign_in(world.author).get(url).status_code == 403
    client = sign_in(world.officer)
    of = making.course(world)
    people(world, "uhnm", 3, event(world, of))

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url, {"year": "2024"}).status_code == 200
        return len(queries)

    asked()
    few = asked()
    for n in range(4):
        people(world, "police", 3, event(world, making.course(world, f"Course {n}")))
    top = training_of(world.partnership)
    for row in [made.learner for made in Booking.objects.unscoped(making.WHY).all()]:
        Completion.objects.create(
            folder=top,
            agency=row.agency,
            learner=row,
            course=of,
            how="online",
            completed_on=MAY.date(),
        )
    assert asked() == few <= 21


def test_what_is_typed_into_the_address_breaks_nothing(world, sign_in):
    client, url = sign_in(world.officer), reverse("training:figures")
    assert client.get(url).status_code == 200
    assert client.get(url, {"year": "twenty", "by": "shoe size"}).status_code == 422


def test_a_year_of_which_there_is_no_record_is_not_one_of_nothing(world, sign_in):
    people(world, "uhnm", 12, event(world))
    found = said(world)
    assert {line.in_words[1:] for line in found.totals} == {("Not recorded", "–")}
    assert (found.columns.count("Delegates"), found.bars[0].before) == (1, "–")
    page = sign_in(world.officer).get(reverse("training:figures"), {"year": "2024"}).content.decode()
    assert "+12" not in page and "(0)" not in page
    taken = sign_in(world.officer).post(reverse("training:figures"), {"year": "2024", "take": "csv"})
    lines = b"".join(taken.streaming_content).decode("utf-8-sig").splitlines()
    assert all("Not recorded" in line for line in lines if line.startswith(("Events planned", "Delegates,")))
    event(world, at=MAY - timedelta(days=365), status="cancelled", why_cancelled="Snow.")
    assert said(world).totals[0].in_words == ("12", "0", "+12"), "nobody came, in a year that was recorded"
