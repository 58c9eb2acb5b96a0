"""What came after the decision or after the sending is labelled where it is listed; what came in time is not."""

import pytest
from django.urls import reverse
from django.utils import timezone

from partnership.ui.dates import plain
from reviews.chronology import reads
from reviews.models import AgencyReturn, Review
from tests.reviews.chronology import told
from tests.world import answer


@pytest.fixture
def late(world):
    """The hospital's return, submitted today, after the decision."""
    answer(world.ours, world.ours.returns["uhnm"], by=world.author)
    return AgencyReturn.objects.unscoped("the test's own").get(pk=world.ours.returns["uhnm"].pk)


def test_a_return_after_the_decision_says_so_on_the_review_on_its_page_and_in_the_chronology(world, late, sign_in):
    said = f"Came after the decision of {plain(timezone.localtime(world.ours.decision.recorded_at))}"
    review, client = world.ours.review, sign_in(world.officer)
    page = client.get(reverse("reviews:review", args=[review.pk])).content.decode()
    assert page.count(said) == 1, "the return that came before it has no label"
    assert said in client.get(reverse("reviews:agency_return", args=[late.pk])).content.decode()
    entry = told(review, "3 April 2024", by=world.officer)
    type(entry).objects.unscoped("the test's own").filter(pk=entry.pk).update(answer=late)
    (shown,) = reads.page(world.officer, review, moments=reads.frame(world.officer, review).moments).object_list
    assert shown.after == said.replace("Came", "Its return came")
    assert (
        said.replace("Came", "Its return came")
        in client.get(reverse("reviews:chronology", args=[review.pk])).content.decode()
    )


def test_its_author_learns_of_no_decision(world, late, sign_in):
    page = sign_in(world.author).get(reverse("reviews:agency_return", args=[late.pk])).content.decode()
    assert "Came after" not in page and not Review.objects.visible_to(world.author).exists()


def test_an_entry_that_was_added_after_the_decision_says_so_and_one_from_before_it_does_not(world):
    entry = told(world.ours.review, "3 April 2024", by=world.officer)
    moments = reads.frame(world.officer, world.ours.review).moments
    (shown,) = reads.page(world.officer, world.ours.review, moments=moments).object_list
    assert shown.after.startswith("Came after the decision of")
    type(entry).objects.unscoped("the test's own").update(recorded_at=world.ours.decision.recorded_at)
    (shown,) = reads.page(world.officer, world.ours.review, moments=moments).object_list
    assert shown.after == ""
