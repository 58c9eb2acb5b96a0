"""What `make bench` measures, without a clock: the four pages ask the same for 1 and 50 rows, 12 queries at most."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench import crowd
from partnership.access.models import Folder, FolderGrant
from partnership.access.services import permission_for
from partnership.people.models import Agency, Area, User
from partnership.people.roles import Role
from partnership.trail.models import new_id

MOST_QUERIES = 12
ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def ask(sign_in):
    """ask(url, visitor) -> (response, number of queries, those that begin and end the transaction among them)."""

    def ask(url, visitor):
        client = sign_in(visitor)
        client.get(url)  # the first request of a session also notes when it was last seen
        with CaptureQueriesContext(connection) as queries:
            response = client.get(url)
        assert response.status_code == 200
        return response, len(queries)

    return ask


@pytest.fixture
def crowd_of_people(world):
    people = [User(email=f"crowd-{n}@portal.example", name=f"Crowd {n:02d}", password="!") for n in range(50)]
    return User.objects.bulk_create(people)


def reviews_for(user, number):
    """`number` sealed reviews of every status into which `user` is let as case officer."""
    partnership = user.memberships.get().partnership
    ids = [new_id() for _ in range(number)]
    folders = Folder.objects.bulk_create(
        Folder(id=pk, path=[pk], kind="review", reference=f"Case {pk.hex[:8]}", partnership=partnership, sealed=True)
        for pk in ids
    )
    role = permission_for(Role.CASE_OFFICER)
    FolderGrant.objects.bulk_create(
        FolderGrant(user=user, content_object=folder, permission=role, reason="Works on it") for folder in folders
    )
    agencies = list(Agency.objects.live())
    return crowd.reviews(folders, [user], agencies, random.Random(1), new_id)


def test_the_directory_list_asks_the_same_for_one_and_fifty(world, ask):
    area = Area.objects.create(slug="alone", name="Alone")
    world.agencies["uhnm"].areas.add(area)
    listed = reverse("directory:agencies")
    one, few = ask(f"{listed}?area=alone", world.officer)
    fifty, many = ask(listed, world.officer)
    assert [len(page.context["found"].page.object_list) for page in (one, fifty)] == [1, 50]
    assert few == many <= MOST_QUERIES


def test_a_search_of_the_directory_asks_eight_times_at_most(world, ask):
    listed = reverse("directory:agencies")
    many, queries = ask(f"{listed}?q=primary", world.officer)
    one, few = ask(f"{listed}?q=146473", world.officer)
    assert (len(many.context["found"].page.object_list), len(one.context["found"].page.object_list)) == (50, 1)
    assert few == queries <= 8


def test_an_agency_page_asks_the_same_for_one_and_fifty(world, crowd_of_people, ask):
    counts = {}
    for rows in (1, 50):
        agency = Agency.objects.create(slug=f"with-{rows}", name=f"With {rows}", kind="provider")
        crowd.enlarge_agency(agency, rows, people=crowd_of_people, partnership=world.partnership)
        page, counts[rows] = ask(reverse("directory:agency", args=[agency.pk]), world.officer)
        facts = page.context["facts"]
        assert [len(each) for each in (facts.sites, facts.duties, facts.people)] == [rows] * 3
    assert counts[1] == counts[50] <= MOST_QUERIES


def test_the_review_list_asks_the_same_for_one_and_fifty(world, ask):
    listed = reverse("reviews:reviews")
    reviews_for(world.officer_outside, 1)
    one, few = ask(listed, world.officer_outside)
    reviews_for(world.officer_outside, 49)
    fifty, many = ask(listed, world.officer_outside)
    assert [len(page.context["rows"]) for page in (one, fifty)] == [1, 50]
    assert few == many <= MOST_QUERIES


def test_a_review_page_asks_the_same_for_one_and_fifty(world, crowd_of_people, ask):
    small, large, _, usual = reviews_for(world.officer_outside, 4)  # these three are decided and signed
    counts = {}
    for rows, review in ((1, small), (12, usual), (50, large)):
        crowd.enlarge_review(review, rows, people=crowd_of_people, agencies=list(Agency.objects.live()))
        page, counts[rows] = ask(reverse("reviews:review", args=[review.pk]), world.officer_outside)
        facts = page.context["page"]
        assert (len(facts.returns), len(facts.children)) == (rows, rows)
        assert facts.report and all(seat.sign_off for seat in facts.seats)
    assert counts[1] == counts[12] == counts[50] <= MOST_QUERIES


def test_each_page_that_is_measured_says_the_same_as_its_floor():
    """In a process and a small database of its own, as `make bench` begins."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    done = subprocess.run(
        [sys.executable, "bench/run.py", "--check"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0 and "pages say the same" in done.stdout, done.stderr[-2000:]
