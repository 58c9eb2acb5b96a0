"""Who may be let into a case or scrutinise it; what is said before it is done."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from partnership.access import services as access
from partnership.access.models import FolderGrant
from partnership.access.work import work_of
from partnership.people.models import NamedDuty
from partnership.people.roles import Role
from partnership.people.services import join
from reviews import sending as sendings
from reviews.models import ScrutinyComment
from tests.world import appoint, person

APART = ("operator", "directory_admin")


def let_in(client, world, **sent):
    path = reverse("access:let_in", args=[world.ours.folder.pk])
    return client.post(path, {"role": "pm", "reason": "Sits on the panel."} | sent)


@pytest.fixture
def outsider(world):
    """Somebody without a tie to any organisation that was asked, nor to a partner."""
    return person("outsider", Role.BOARD_MEMBER)


@pytest.mark.parametrize("who", APART)
def test_who_keeps_the_machinery_or_the_directory_is_offered_for_no_case(world, sign_in, who):
    keeper, client = world.people[who], sign_in(world.officer)
    assert keeper.name not in client.get(reverse("access:let_in", args=[world.ours.folder.pk])).content.decode()
    assert let_in(client, world, person=keeper.pk).status_code == 422, "nor by a forged id"
    for role in (Role.PANEL_MEMBER, Role.CASE_LEAD):
        with pytest.raises(ValidationError, match="no role that may be let into a case"):
            access.grant(world.ours.folder, keeper, role, by=world.officer, reason="x")
    join(keeper, role=Role.BUSINESS_UNIT, partnership=world.partnership)
    assert let_in(client, world, person=keeper.pk, known="on").status_code == 302, "by another role he is of the unit"


def test_only_whom_the_directory_names_scrutinises_and_no_longer_than_that(world, outsider, sign_in):
    folder, by = world.ours.folder, world.officer
    answer = let_in(sign_in(by), world, person=outsider.pk, role="sc")
    assert (
        answer.status_code == 422 and "does not name Outsider as an independent scrutineer" in answer.content.decode()
    )
    today = timezone.localdate()
    appoint(outsider, starts=today - timedelta(days=30), ends=today + timedelta(days=10))
    assert let_in(sign_in(by), world, person=outsider.pk, role="sc").status_code == 302
    row = FolderGrant.objects.live().get(user=outsider, content_object=folder)
    assert row.last_day == today + timedelta(days=9)
    NamedDuty.objects.filter(holder=outsider).update(ends=today)
    with pytest.raises(ValidationError, match="does not name"):
        access.grant(world.theirs.folder, outsider, Role.SCRUTINEER, by=world.stranger, reason="x")


def test_whoever_has_a_part_in_a_return_never_scrutinises_the_case(world):
    appoint(world.author)
    with pytest.raises(ValidationError, match=r"has a part in the return of .* cannot scrutinise"):
        access.grant(world.ours.folder, world.author, Role.SCRUTINEER, by=world.officer, reason="x")


def test_a_partners_own_person_scrutinises_only_after_it_was_read(world, sign_in):
    client, theirs = sign_in(world.officer), person("head_of_service", Role.AGENCY_STAFF, world.agencies["council"])
    appoint(theirs)
    first = let_in(client, world, person=theirs.pk, role="sc")
    words = first.content.decode()
    assert first.status_code == 422 and f"{world.agencies['council'].name}, where this person works, is a" in words
    assert not FolderGrant.objects.filter(user=theirs).exists()
    assert first.context["form"]["reason"].value() == "Sits on the panel.", "nothing typed is lost"
    assert let_in(client, world, person=theirs.pk, role="sc", known="on").status_code == 302


def test_letting_in_somebody_of_an_organisation_that_was_asked_is_said_first_and_asked_once(world, outsider, sign_in):
    client = sign_in(world.officer)
    page = client.get(reverse("access:let_in", args=[world.ours.folder.pk])).content.decode()
    assert "all the same" not in page, "nothing to read yet"
    first = let_in(client, world, person=world.colleague.pk)
    assert first.status_code == 422
    assert f"{world.agencies['uhnm'].name}, where this person works, was asked for a return" in first.content.decode()
    assert let_in(client, world, person=world.colleague.pk, known="on").status_code == 302
    assert let_in(client, world, person=outsider.pk).status_code == 302, "of whom there is nothing to say"


def lines(user):
    owed, waiting, _ = work_of(user)
    return [each.what for each in owed], [each.what for each in waiting]


def test_a_scrutineer_finds_the_case_at_home_and_her_comment_is_said_to_stand_where_it_stands(world, sign_in):
    scrutineer, client = world.scrutineer, sign_in(world.scrutineer)
    assert lines(scrutineer) == (["Read the report and comment on it"], [])
    assert world.ours.folder.reference in client.get("/home").content.decode()
    at = reverse("reviews:comment_report", args=[world.ours.folder.pk])
    assert "in the report that goes to the Panel" in client.get(at).content.decode()
    answer = client.post(at, {"words": "It is thin."}, follow=True).content.decode()
    assert "beside the report, and goes into it" in answer
    assert lines(scrutineer) == ([], ["Report that you scrutinise"])
    today, now = timezone.localdate(), timezone.now()
    sendings.record_sending(world.ours.review, by=world.officer, version=world.ours.version, sent_at=now, due_on=today)
    report = reverse("reviews:report_sections", args=[world.ours.folder.pk])
    assert "The report was sent to the Panel" in client.get(report).content.decode()
    assert "changes nothing of what was sent" in client.get(at).content.decode()
    answer = client.post(at, {"words": "Still thin."}, follow=True).content.decode()
    assert "beside the report that was sent" in answer and "goes into it" not in answer
    assert ScrutinyComment.objects.unscoped("kept").count() == 2
