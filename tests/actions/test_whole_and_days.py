"""A whole and its parts, the days of an action, and who decides, over everything that happens to them."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnership.access.flow import Stale
from partnership.actions import closing, services
from partnership.actions.models import Action
from partnership.actions.reads import with_facts
from tests.actions.ground import closed, in_days, make_action, make_group
from tests.world import sign_in

S = Action.Status


@pytest.fixture
def group(world):
    return make_group(world)


def split(world, whole):
    """Its two parts, of the two trusts."""
    parts = [{"agency": world.agencies[key], "owner": world.people[owner]} for key, owner in
             (("uhnm", "colleague"), ("mpft", "lead_other"))]  # fmt: skip
    whole.refresh_from_db()
    made = services.split(whole, by=world.manager, version=whole.version, parts=parts)
    whole.refresh_from_db()
    return made


def test_a_whole_none_of_whose_parts_is_needed_is_no_longer_needed_itself(world, group):
    whole = make_action(world, group)
    first, second = split(world, whole)
    closing.cancel(first, by=world.manager, note="The ward was closed")
    whole.refresh_from_db()
    assert whole.status == S.OPEN
    closing.cancel(second, by=world.board_member, note="The team was closed")
    whole.refresh_from_db()
    assert (whole.status, whole.note) == (S.CANCELLED, closing.NO_PART_LEFT)
    closing.reopen(second, by=world.manager, note="It came back", due_on=in_days(40))
    whole.refresh_from_db()
    assert (whole.status, whole.due_on) == (S.OPEN, in_days(40))


def test_whoever_needs_a_part_and_its_whole_locks_the_whole_first(world, group):
    whole = make_action(world, group)
    first, second = split(world, whole)
    closed(world, first)

    def locked(step):
        with CaptureQueriesContext(connection) as asked:
            step()
        rows = [each["sql"] for each in asked if "FOR UPDATE" in each["sql"] and 'FROM "actions_action"' in each["sql"]]
        return [row for sql in rows for row in (whole, second) if row.pk.hex in sql]

    assert locked(lambda: closing.cancel(second, by=world.manager, note="Not needed"))[0] == whole
    assert locked(lambda: closing.reopen(second, by=world.manager, note="It is", due_on=in_days(9)))[0] == whole
    services.add_evidence(second, by=world.lead_other, words="Seen")
    closing.ask_close(second, by=world.lead_other, closing_words="Done")
    assert locked(lambda: closing.approve(second, by=world.manager))[0] == whole


def test_what_was_said_of_a_whole_before_it_was_split_is_still_read(world, group):
    whole = make_action(world, group)
    services.update(whole, by=world.colleague, words="Half of the wards are done")
    services.add_evidence(whole, by=world.colleague, words="Minutes of June")
    split(world, whole)
    page = sign_in(Client(), world.board_member).get(reverse("actions:action", args=[whole.pk])).content.decode()
    assert "Said before it was split" in page and "Half of the wards are done" in page and "Minutes of June" in page
    assert "Say how it stands" not in page and "Add evidence" not in page


def test_the_first_day_outlives_parking_and_coming_back_later_is_a_slip(world, group):
    row, first = make_action(world, group), in_days(30)

    def days():
        found = with_facts(Action.objects.unscoped("a test")).get(pk=row.pk)
        return found.first_due_on, found.due_on, found.slips or 0

    closing.park(row, by=world.manager, note="No money this year")
    assert days() == (first, None, 0)
    closing.start(row, by=world.manager, due_on=in_days(60), owner=world.colleague, agency=world.agencies["uhnm"])
    assert days() == (first, in_days(60), 1)
    closing.cancel(row, by=world.manager, note="Not needed")
    closing.reopen(row, by=world.manager, note="It is", due_on=in_days(90))
    assert days() == (first, in_days(90), 2)
    closing.cancel(row, by=world.manager, note="Not needed")
    closing.reopen(row, by=world.manager, note="It is")
    assert days() == (first, in_days(90), 2), "the same day is no slip"


def test_evidence_that_comes_while_approval_waits_is_read_before_it_is_given(world, group):
    row = make_action(world, group)
    services.add_evidence(row, by=world.colleague, words="Minutes of June")
    row = closing.ask_close(row, by=world.colleague, closing_words="Done")
    services.add_evidence(row, by=world.colleague, words="Minutes of July")
    with pytest.raises(Stale, match="Read it again"):
        closing.approve(row, by=world.board_member, version=row.version)
    row.refresh_from_db()
    assert closing.approve(row, by=world.board_member, version=row.version).status == S.DONE


def test_an_owner_does_not_rate_their_own(world, group):
    row, chair = make_action(world, group, owner=world.board_member, agency=None), sign_in(Client(), world.board_member)
    at, typed = reverse("actions:rate", args=[row.pk]), {"colour": "green", "reason": "All is well"}
    assert chair.get(at).status_code == 302 and chair.post(at, typed).status_code == 422
    assert sign_in(Client(), world.manager).post(at, typed).status_code == 302


def test_whoever_manages_it_gives_it_to_the_units_own_people_too(world, group):
    row = make_action(world, group)
    at, typed = reverse("actions:give", args=[row.pk]), {"owner": f":{world.officer.pk}", "version": row.version}
    assert sign_in(Client(), world.lead_same).post(at, typed).status_code == 422, "a lead gives it within hers"
    assert sign_in(Client(), world.manager).post(at, typed).status_code == 302
    row.refresh_from_db()
    assert (row.owner, row.agency) == (world.officer, None)
