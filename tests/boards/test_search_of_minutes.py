"""The search finds agendas, minutes and decisions by their rows; of a restricted item nobody else meets a trace."""

import pytest
from django.urls import reverse
from django.utils import timezone

from boards.groups.services import add_seat
from boards.models import Decision, Edition, Meeting, Minute, Part
from partnership.access import services as access
from partnership.people.roles import Role
from tests.boards import making
from tests.world import sign_in

pytestmark = pytest.mark.django_db
HELD = {"status": Meeting.Status.HELD, "minutes_status": Meeting.Minutes.DRAFT, "days": -3}
KINDS = ("items", "decisions", "minutes", "drafts")


@pytest.fixture
def meeting(world):
    group = making.group(world, "Practice")
    add_seat(group, by=world.manager, user=world.colleague, role="member", post="Nurse")
    return making.meeting(group, title="Practice in May", by=world.manager, **HELD)


def found(client, user, q, kind=""):
    """{kind: [(title, where)]} of what this person finds of meetings."""
    sign_in(client, user)
    page = client.get(reverse("reporting:search"), {"q": q, "kind": kind})
    assert page.status_code == 200
    groups = {each.source.code: each.hits for each in page.context["groups"]}
    return {kind: [(hit.hit.title, hit.hit.where) for hit in groups[kind]] for kind in KINDS if kind in groups}


def edition(meeting, number, kind, said, world):
    """said: {item: text}."""
    row = Edition.objects.create(
        folder=meeting.folder, meeting=meeting, number=number, kind=kind, sha256="0" * 64, made_by=world.manager
    )
    for n, (item, text) in enumerate(said.items(), 1):
        content = {"title": item.title, "text": text}
        Part.objects.create(folder=item.folder, edition=row, item=item, position=n, content=content)


def decision(item, text, number):
    Decision.objects.create(
        folder=item.folder, meeting=item.meeting, item=item, number=number, text=text, made_on=timezone.localdate()
    )


def test_a_restricted_item_is_found_by_those_who_see_it_and_tells_them_nothing_else(world, client, meeting):
    shut = making.restricted_item(meeting, "Quokka of a child", by=world.manager)
    access.grant(shut.folder, world.panel, Role.PANEL_MEMBER, by=world.manager, reason="Brings it.")
    unseen = found(client, world.colleague, "quokka")
    decision(shut, "The quokka is moved", 1)
    edition(meeting, 1, Edition.Kind.CIRCULATED, {shut: "All agreed on the quokka."}, world)
    Minute.objects.create(folder=shut.folder, item=shut, text="A quokka, half written.")
    for user in (world.colleague, world.officer, world.board_member):
        assert found(client, user, "quokka") == unseen == {}
    of_panel = found(client, world.panel, "quokka")
    assert {kind: [title for title, _ in hits] for kind, hits in of_panel.items()} == {
        "items": ["Quokka of a child"], "decisions": ["The quokka is moved"], "minutes": ["Quokka of a child"],
    }  # fmt: skip
    assert "Practice" not in str(of_panel)  # neither the meeting nor its group: that it came before them is not said
    access.grant(shut.folder, world.manager, Role.CASE_LEAD, by=world.stranger, reason="Leads it.")
    assert set(found(client, world.manager, "quokka")) == {"items", "decisions", "minutes", "drafts"}


def test_minutes_are_found_as_they_stand(world, client, meeting):
    one, two = making.item(meeting, "Audits"), making.item(meeting, "Budget")
    edition(meeting, 1, Edition.Kind.CIRCULATED, {one: "The wombat was discussed.", two: "Wombat money."}, world)
    assert len(found(client, world.colleague, "wombat")["minutes"]) == 2
    edition(meeting, 2, Edition.Kind.AGREED, {one: "The wombat was discussed.", two: "No money."}, world)
    assert [title for title, _ in found(client, world.colleague, "wombat")["minutes"]] == ["Audits"]
    edition(meeting, 3, Edition.Kind.CORRECTED, {one: "The numbat was discussed."}, world)
    assert found(client, world.colleague, "wombat") == {}
    ((title, where),) = found(client, world.colleague, "numbats")["minutes"]
    assert title == "Audits" and "Practice in May" in where
    assert [title for title, _ in found(client, world.colleague, "money", "minutes")["minutes"]] == ["Budget"]


def test_minutes_that_are_being_written_are_found_by_who_writes_them_until_they_are_circulated(world, client, meeting):
    item = making.item(meeting, "Audits")
    Minute.objects.create(folder=item.folder, item=item, text="A bilby, half written.")
    assert found(client, world.colleague, "bilby") == {}
    assert list(found(client, world.officer, "bilby")) == ["drafts"]
    Meeting.objects.unscoped("read").filter(pk=meeting.pk).update(minutes_status=Meeting.Minutes.CIRCULATED)
    assert found(client, world.officer, "bilby") == {}


def test_what_was_taken_off_or_taken_back_is_found_no_more(world, client, meeting):
    item = making.item(meeting, "Dugong", about="How it is kept")
    decision(item, "The dugong stays", 1)
    assert {"items", "decisions"} == set(found(client, world.colleague, "dugong"))
    Decision.objects.unscoped("taken back").update(taken_back_at=timezone.now())
    type(item).objects.unscoped("taken off").filter(pk=item.pk).update(removed_at=timezone.now())
    assert found(client, world.colleague, "dugong") == {}
