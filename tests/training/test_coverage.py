"""Coverage: counted as it is said of each person; against the headcount; who sees whose; the matrix in its days."""

import random
from collections import Counter
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership.deadlines.periods import add_months
from tests.training import making
from tests.world import sign_in
from training.coverage import headcounts, reads, requirements
from training.coverage.counting import count
from training.coverage.periods import Period
from training.coverage.standing import NEW, OVERDUE, TRAINED, measures
from training.models import Completion, Learner, Requirement, WorkforceRole
from training.people import keeping
from training.people import reads as people

pytestmark = pytest.mark.django_db


def role(code="tester"):
    return WorkforceRole.objects.get_or_create(code=code, defaults={"name": code.capitalize()})[0]


def asked(world, code="tester", *, of=None, **facts):
    facts = {"refresh_months": 24, "source": "Board", "starts": None} | facts
    return Requirement.objects.create(role=role(code), course=of or making.course(world, code), **facts)


def done(of, course, days_ago):
    return Completion.objects.create(
        folder=of.folder, agency=of.agency, learner=of, course=course, how="online",
        completed_on=timezone.localdate() - timedelta(days=days_ago),
    )  # fmt: skip


def test_what_is_counted_is_what_is_said_of_each_person(world):
    chance, today = random.Random(11), timezone.localdate()
    one = asked(world, refresh_months=12, first_months=6)
    asked(world, of=making.course(world, "For ever"), refresh_months=None)
    asked(world, of=making.course(world, "By a rule"), refresh_months=None, renewal_rule="dsl_training")
    asked(world, "other", of=one.course, refresh_months=36)
    for n in range(60):
        key = ("uhnm", "mpft")[n % 2]
        began = today - timedelta(days=chance.choice((5, 100, 170, 185, 400, 800))) if n % 5 else None
        of = making.learner(world, world.agencies[key], f"P {n}", role=role(("tester", "other")[n % 3 == 0]))
        of.began_on, of.left_on = began, today if n % 17 == 0 else None
        of.save()
        for course in (one.course, *(each.course for each in Requirement.objects.filter(role="tester")[1:])):
            for _ in range(chance.randrange(3)):
                days = chance.choice((1, 300, 364, 365, 366, 640, 731, 1100))
                if not Completion.objects.unscoped("t").filter(
                    learner=of, course=course, completed_on=today - timedelta(days=days)
                ):
                    done(of, course, days)
    matrix = measures()
    counted = count(world.officer, matrix).cells
    rows = [row for row in Learner.objects.unscoped("t") if not row.left_on or row.left_on > today]
    said = Counter()
    for row, several in ((row, people.standings(world.officer, rows, matrix)[row.pk]) for row in rows):
        for each in several:
            at = (row.agency_id, each.requirement.pk)
            said.update([(at, each.state), *([(at, "soon")] if each.soon else [])])
    assert counted
    for at, cell in counted.items():
        got = {TRAINED: cell.trained, NEW: cell.new, OVERDUE: cell.overdue, "soon": cell.soon}
        assert got == {name: said[at, name] for name in got}


def test_a_period_ends_on_the_day_of_the_month_and_a_rule_before_its_first_edition_is_its_first():
    two = Period(months=24)
    today = timezone.localdate()
    [(first, last)] = two.reaching(today, today)
    assert two.until(first) >= today > two.until(first - timedelta(days=1)) and last == today
    old = today.replace(year=2010, month=1, day=5)
    assert Period("dsl_training").until(old) == add_months(old, 24)


def test_people_of_whom_nothing_is_known_are_said_and_never_hidden(world):
    uhnm = world.agencies["uhnm"]
    asked(world)
    making.learner(world, uhnm, role=role())
    making.learner(world, uhnm, "Without a role")
    headcounts.say(uhnm, by=world.officer, counted_on=timezone.localdate() - timedelta(days=9), people={"tester": 1})
    headcounts.say(uhnm, by=world.officer, counted_on=timezone.localdate(), people={"tester": 12})
    found = reads.of_one(world.officer, uhnm)
    [cell] = [line.cell for line in found.lines if line.requirement.role_id == "tester"]
    assert (cell.headcount, cell.known, cell.unknown, cell.overdue, cell.percent) == (12, 1, 11, 1, 0)
    assert found.unsaid == 1
    headcounts.say(uhnm, by=world.officer, counted_on=timezone.localdate(), people={"tester": 0})
    [cell] = [line.cell for line in reads.of_one(world.officer, uhnm).lines if line.requirement.role_id == "tester"]
    assert (cell.surplus, cell.unknown, cell.of) == (1, 0, 1)
    with pytest.raises(PermissionDenied):
        headcounts.say(uhnm, by=world.lead_other, counted_on=timezone.localdate(), people={"tester": 2})


def test_an_organisation_sees_its_own_people_and_nobody_else_names(world):
    asked(world)
    theirs = making.learner(world, world.agencies["mpft"], "Their Person", role=role(), email="t@mpft.example")
    making.learner(world, world.agencies["uhnm"], "Our Person", role=role())
    client = sign_in(Client(), world.lead_same)
    page = client.get(reverse("training:coverage")).content.decode()
    assert "Our Person" in page and "Their Person" not in page
    other = client.get(reverse("training:coverage"), {"agency": str(theirs.agency_id)}).content.decode()
    assert "Their Person" not in other and "For which organisation" in other
    assert client.get(reverse("training:coverage_all")).status_code == 403
    assert client.get(reverse("training:learner", args=[theirs.pk])).status_code == 404
    whole = sign_in(Client(), world.officer).get(reverse("training:coverage_all")).content.decode()
    assert "Their Person" not in whole and theirs.agency.name in whole
    taken = client.post(reverse("training:coverage"), {"take": "names-csv"})
    assert b"Our Person" in b"".join(taken.streaming_content)


def test_a_changed_requirement_holds_from_its_day_and_the_old_one_until_then(world):
    old, today = asked(world, starts=timezone.localdate() - timedelta(days=400)), timezone.localdate()
    facts = {"first_rule": "", "first_months": None, "renewal_rule": "", "refresh_months": 12, "source": "Item 7"}
    new = requirements.add(by=world.officer, role=role(), course=old.course, starts=today, **facts)
    old.refresh_from_db()
    assert old.ends == today and [m.requirement for m in measures()["tester"]] == [new]
    with pytest.raises(ValidationError, match="begins on"):
        requirements.add(by=world.officer, role=role(), course=old.course, starts=today, **facts)
    with pytest.raises(ValidationError, match="not both"):
        requirements.add(
            by=world.officer, role=role(), course=old.course, starts=today + timedelta(days=1),
            **facts | {"renewal_rule": "dsl_training"},
        )  # fmt: skip


def test_somebody_is_entered_once_leaves_and_the_record_is_the_persons_own(world):
    uhnm, lead = world.agencies["uhnm"], world.lead_same
    row = keeping.enter(uhnm, by=lead, name="Zoë  Ash", email=world.colleague.email.upper(), role=None, post="Nurse")
    assert row.name == "Zoë Ash" and row.user == world.colleague
    with pytest.raises(ValidationError, match="has this address already"):
        keeping.enter(uhnm, by=lead, name="Somebody Else", email=world.colleague.email)
    own = sign_in(Client(), world.colleague).get(reverse("training:learner", args=[row.pk]))
    assert own.status_code == 200 and b"Keep this record" not in own.content
    refused = sign_in(Client(), world.colleague).post(reverse("training:learner", args=[row.pk]), {"do": "link"})
    assert refused.status_code == 403
    made = keeping.completed(row, by=lead, course=making.course(world), completed_on=timezone.localdate())
    with pytest.raises(ValidationError, match="already"):
        keeping.completed(row, by=lead, course=made.course, completed_on=made.completed_on)
    left = keeping.left(row, by=lead, version=making.fresh(row).version, on=timezone.localdate())
    assert not people.people(lead, uhnm).exists() and people.people(lead, uhnm, who="left").get() == left
    keeping.take_off(left, made.pk, by=lead)
    assert not Completion.objects.unscoped("t").filter(learner=row).exists()


def test_one_address_at_two_organisations_is_listed_for_the_unit_alone(world):
    for key in ("uhnm", "mpft"):
        making.learner(world, world.agencies[key], email="Same@portal.example")
    [found] = people.alike(world.officer)
    assert found.address == "same@portal.example" and len(found.rows) == 2
    assert people.alike(world.lead_same) == []
