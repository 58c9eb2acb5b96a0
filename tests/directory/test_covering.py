"""Cover: a colleague is told what the absent one is told, where she may see it herself; nothing is opened by it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership.access.rows import can
from partnership.directory.covering import reads, services
from partnership.directory.models import Cover
from partnership.directory.requests import moves
from partnership.notify.models import Notice
from partnership.notify.reads import described, shown_to
from partnership.notify.telling import Told, tell
from partnership.people.roles import Perm
from partnership.trail.models import Event
from tests.world import sign_in

TODAY = timezone.localdate


def cover(world, absent="officer", coverer="manager", days=5):
    absent, coverer = getattr(world, absent), getattr(world, coverer)
    return services.take_over(
        absent, by=coverer, coverer=coverer, starts=TODAY(), last_day=TODAY() + timedelta(days=days), reason="Leave"
    )


def came_in(world, key="came"):
    row = world.ours.returns["school"]
    tell("return_came_in", [Told(key, world.officer.pk, row.pk, row.folder_id)])


def test_who_covers_is_told_what_the_absent_one_is_told(world):
    cover(world)
    came_in(world)
    line = described(shown_to(world.manager).filter(kind="return_came_in"), world.manager)[0]
    assert line.text.startswith(f"Covering for {world.officer.name}: ")
    assert shown_to(world.officer).filter(kind="return_came_in").count() == 1


def test_who_covers_is_not_told_of_a_case_that_she_is_not_on(world):
    cover(world, coverer="officer_outside")
    came_in(world)
    assert not Notice.objects.filter(recipient=world.officer_outside, kind="return_came_in").exists()
    assert not can(world.officer_outside, Perm.FOLDER_VIEW, world.ours.folder)
    home = sign_in(Client(), world.officer_outside).get("/home").content.decode()
    assert "Covering for" in home and world.ours.folder.reference not in home


def test_who_is_told_by_her_own_right_is_not_told_twice(world):
    cover(world)
    row = world.ours.returns["school"]
    tell("return_came_in", [Told("both", user.pk, row.pk, row.folder_id) for user in (world.officer, world.manager)])
    notice = Notice.objects.get(key="both", recipient=world.manager)
    assert "covering" not in notice.data


def test_an_escalation_to_the_absent_manager_reaches_who_covers_for_him(world):
    from partnership.deadlines import services as clocks
    from partnership.deadlines import telling
    from partnership.deadlines.models import Milestone
    from partnership.deadlines.rules import RAPID_REVIEW

    cover(world, absent="manager", coverer="case_officer")
    clock = clocks.running(world.ours.review, RAPID_REVIEW)
    late = Milestone.objects.filter(deadline=clock, level="manager").select_related("deadline__folder").first()
    recipients = telling.recipients_of([late])
    assert world.case_officer.pk not in recipients[late.pk].people  # by no power of her own
    telling.tell_of([late], recipients)
    assert Notice.objects.filter(recipient=world.case_officer, key=f"milestone:{late.pk}").exists()


def test_a_cover_ends_by_itself_and_early(world):
    row = cover(world)
    Cover.objects.filter(pk=row.pk).update(starts=TODAY() - timedelta(days=5), ends=TODAY())
    came_in(world, "later")
    assert not Notice.objects.filter(key="later", recipient=world.manager).exists()
    row = cover(world)
    services.end(row, by=world.officer)
    came_in(world, "latest")
    assert not Notice.objects.filter(key="latest", recipient=world.manager).exists()


def test_home_lists_the_work_of_whom_one_covers_for_and_says_who_covers(world):
    cover(world)
    home = sign_in(Client(), world.manager).get("/home").content.decode()
    assert f"Covering for {world.officer.name}" in home
    assert (
        f"{world.manager.name} covers for you until" in sign_in(Client(), world.officer).get("/home").content.decode()
    )


def test_colleagues_show_only_what_the_viewer_may_see_too_and_count_nothing_else(world):
    on_the_case = {line.case for line in reads.work_seen(world.manager, world.officer)}
    assert on_the_case == {world.ours.folder.reference}
    assert reads.work_seen(world.officer_outside, world.officer) == []
    page = reverse("directory:colleagues")
    seen = sign_in(Client(), world.manager)
    assert world.ours.folder.reference in seen.get(page, {"show": world.officer.pk}).content.decode()
    assert world.ours.folder.reference not in seen.get(page, {"show": world.officer_outside.pk}).content.decode()
    shown = sign_in(Client(), world.officer_outside).get(page, {"show": world.officer.pk}).content.decode()
    assert world.ours.folder.reference not in shown and world.theirs.folder.reference not in shown


def test_the_page_asks_what_one_colleague_has_open_and_only_when_that_is_asked_for(world, monkeypatch):
    asked = []
    monkeypatch.setattr(reads, "work_seen", lambda viewer, colleague: asked.append(colleague) or [])
    client, page = sign_in(Client(), world.manager), reverse("directory:colleagues")
    assert f"?show={world.officer.pk}#" in client.get(page).content.decode() and asked == []
    for show in (world.officer.pk, world.panel.pk, "nobody"):  # the panel's member is nobody of the unit
        assert client.get(page, {"show": show}).status_code == 200
    assert asked == [world.officer]


def test_looking_at_colleagues_writes_no_reading_of_what_was_not_shown(world):
    before = Event.objects.latest("pk").pk
    page, of = reverse("directory:colleagues"), {"show": world.officer.pk}
    sign_in(Client(), world.officer_outside).get(page, of)
    assert not Event.objects.filter(
        pk__gt=before, verb__in=("listed", "read"), actor_id=world.officer_outside.pk
    ).exists()
    sign_in(Client(), world.manager).get(page, of)
    told = Event.objects.filter(pk__gt=before, verb="listed", actor_id=world.manager.pk)
    assert {folder for each in told for folder in each.data["folders"]} == {str(world.ours.folder.pk)}


def test_two_do_not_cover_for_one_at_a_time_and_nobody_for_themselves(world):
    cover(world)
    with pytest.raises(ValidationError, match="already"):
        cover(world, coverer="officer_outside")
    with pytest.raises(ValidationError, match="themselves"):
        cover(world, absent="manager", coverer="manager")


def test_a_cover_that_was_ended_early_stays_with_the_double(world):
    row = services.end(cover(world), by=world.officer)
    move = moves.decisions()["directory.Cover.absent"]
    assert move.count(world.officer) == 0
    move.move(world.officer, world.case_officer)
    row.refresh_from_db()
    assert row.absent == world.officer


def test_an_organisation_s_lead_has_no_page_of_the_unit(world, client):
    sign_in(client, world.lead_same)
    assert client.get(reverse("directory:colleagues")).status_code == 403


def test_that_somebody_covers_is_told_to_each_of_the_two_once(world):
    cover(world)
    facts = {"starts": TODAY() + timedelta(days=9), "last_day": TODAY() + timedelta(days=12), "reason": "Leave"}
    services.take_over(world.officer, by=world.officer_outside, coverer=world.manager, **facts)
    told = [(each.recipient_id, each.subject_id) for each in Notice.objects.filter(kind="cover_began")]
    assert len(told) == len(set(told)) == 3, "the first taken over by the coverer herself: she knows"
    assert not Notice.objects.filter(kind="cover_began", data__has_key="covering").exists()


def test_who_was_told_the_same_by_another_key_is_not_told_again_for_the_absent_one(world):
    cover(world)
    row = world.ours.returns["school"]
    told = [Told(f"came:{user.pk}", user.pk, row.pk, row.folder_id) for user in (world.officer, world.manager)]
    tell("return_came_in", told)
    assert shown_to(world.manager).filter(kind="return_came_in").count() == 1
