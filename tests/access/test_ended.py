"""A right that ends while it is used is answered in words, with what was typed; who never had it meets a plain 404."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from partnership.access import services as access
from partnership.access.models import FolderGrant
from partnership.people.roles import Role
from tests.world import canary

TYPED = "The health visitor was told twice, and nobody rang back."


@pytest.fixture
def at(world):
    return reverse("reviews:write_section", args=[world.ours.review.sections.get(code="lives").pk])


def end(world, user):
    access.revoke(FolderGrant.objects.live().get(user=user, content_object=world.ours.folder), by=world.officer)


def test_whose_grant_was_ended_in_another_tab_is_told_and_keeps_the_words(world, sign_in, at):
    client = sign_in(world.case_officer)
    assert client.get(at).status_code == 200
    end(world, world.case_officer)
    answer = client.post(at, {"text": TYPED, "version": 1})
    page = answer.content.decode()
    assert answer.status_code == 404 and "No longer open to you" in page and TYPED in page
    assert canary("ours", "lives") not in page and world.ours.folder.reference not in page
    assert world.ours.review.sections.get(code="lives").text == canary("ours", "lives")


def test_who_may_still_read_but_no_longer_write_is_told_too(world, sign_in, at):
    client = sign_in(world.case_officer)
    client.get(at)
    end(world, world.case_officer)
    access.grant(world.ours.folder, world.case_officer, Role.PANEL_MEMBER, by=world.officer, reason="Reads on.")
    answer = client.post(at, {"text": TYPED, "version": 1})
    assert answer.status_code == 403 and TYPED in answer.content.decode()


@pytest.mark.parametrize("who", ["officer_outside", "ended", "colleague", "author"])
def test_who_never_had_it_learns_nothing(world, sign_in, at, who):
    answer = sign_in(world.people[who]).post(at, {"text": TYPED, "version": 1})
    page = answer.content.decode()
    assert answer.status_code == 404 and "Page not found" in page and "No longer open" not in page and TYPED not in page


def test_a_link_of_yesterday_is_a_plain_404(world, sign_in, at):
    sign_in(world.case_officer).get(at)
    end(world, world.case_officer)
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        assert "Page not found" in sign_in(world.case_officer).get(at).content.decode()


def test_short_answers_and_days_are_given_back_as_the_long_ones_are(world, sign_in):
    client, at = sign_in(world.case_officer), reverse("reviews:entry_add", args=[world.ours.review.pk])
    assert client.get(at).status_code == 200
    end(world, world.case_officer)
    sent = {
        "when": "2 May 2025",
        "time": "14:30",
        "source": "Helpline",
        "event": TYPED,
        "held_day": "3",
        "held_month": "4",
    }
    sent["answer"] = str(world.ours.returns["uhnm"].pk)
    page = client.post(at, sent).content.decode()
    assert all(words in page for words in ("2 May 2025", "14:30", "Helpline", TYPED, "3 4")) and "Answer" not in page
