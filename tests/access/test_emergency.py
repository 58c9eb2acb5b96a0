"""Emergency access: by the code word alone, for a day, told at once, never over a bar, and nothing given away."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from partnership.access import emergency, held, services
from partnership.access.checks import somebody_is_told_of_emergency_access
from partnership.access.models import FolderGrant
from partnership.access.rows import can, holders
from partnership.notify.models import Notice
from partnership.notify.reads import described, shown_to
from partnership.notify.reconciling import reconcile
from partnership.people.roles import POWERS, Perm, Role
from partnership.trail.models import Event
from partnership.ui.templatetags.ui import moment

AT = "access:emergency"
WHY = "A brother is at risk tonight and nobody answers."


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(emergency, "NOT_BEFORE", 0)


def send(client, word, reason=WHY):
    return client.post(reverse(AT), {"word": word, "reason": reason})


def grant_of(user):
    return FolderGrant.objects.live().get(user=user, emergency=True)


def verbs(**which):
    return list(Event.objects.filter(verb__in=emergency.VERBS, **which).values_list("verb", flat=True))


def told(user):
    return [line.text for line in described(list(shown_to(user)), user)]


def test_the_unit_and_the_delegated_partners_hold_it_and_nobody_else():
    assert {role for role, held in POWERS.items() if Perm.EMERGENCY in held} == {
        Role.BUSINESS_MANAGER, Role.BUSINESS_UNIT, Role.DELEGATED_PARTNER,
    }  # fmt: skip


@pytest.mark.parametrize("persona", ["officer_outside", "partner_outside", "ended"])
def test_it_opens_for_a_day_to_read_without_the_identities(world, sign_in, persona):
    user, folder = world.people[persona], world.ours.folder
    answer = send(sign_in(user), f"  {folder.reference.lower()} ")
    assert answer.url == reverse("reviews:of_folder", args=[folder.pk])
    grant = grant_of(user)
    assert grant.role == Role.PANEL_MEMBER and grant.reason == WHY
    assert timedelta(hours=23) < grant.ends - timezone.now() <= timedelta(hours=24)
    assert can(user, Perm.REVIEW_VIEW, world.ours.review)
    for perm in (Perm.IDENTITY_SEARCH, Perm.REVIEW_MANAGE, Perm.FOLDER_GRANT):
        assert not can(user, perm, world.ours.review)
    assert verbs(actor_id=user.pk, folder_id=folder.pk) == ["emergency_opened"]
    FolderGrant.objects.filter(pk=grant.pk).update(
        starts=timezone.now() - timedelta(hours=25), ends=timezone.now() - timedelta(hours=1)
    )
    assert not can(user, Perm.REVIEW_VIEW, world.ours.review)


def test_those_who_let_people_in_are_told_at_once_and_see_it_as_what_it_is(world, sign_in):
    send(sign_in(world.officer_outside), world.ours.folder.reference)
    for user in holders(world.ours.folder, Perm.FOLDER_GRANT):
        (line,) = told(user)
        assert world.officer_outside.name in line and world.ours.folder.reference in line
    assert told(world.panel) == [] == told(world.barred)
    page = sign_in(world.panel).get(reverse("access:people", args=[world.ours.folder.pk])).content.decode()
    assert "Emergency access" in page and WHY in page and "Opened by themselves" in page


def test_the_data_protection_officer_is_told_who_and_when_and_not_which_case(world, sign_in, settings):
    page = sign_in(world.officer_outside).get(reverse(AT)).content.decode()
    assert "No data protection officer is set" in page
    assert [found.id for found in somebody_is_told_of_emergency_access()] == ["access.W001"]
    settings.DATA_PROTECTION_OFFICER = world.board_member.email.upper()
    assert somebody_is_told_of_emergency_access() == []
    assert world.board_member.name in sign_in(world.officer_outside).get(reverse(AT)).content.decode()
    send(sign_in(world.officer_outside), world.ours.folder.reference)
    (line,) = told(world.board_member)
    assert world.officer_outside.name in line and world.ours.folder.reference not in line


def test_a_bar_answers_as_an_unknown_word_does_and_its_granters_are_told(world, sign_in):
    def said(word):
        answer = send(sign_in(world.barred), word)
        lines = [line for line in answer.content.decode().splitlines() if "form_token" not in line]
        return answer.status_code, [line for line in lines if "csrf" not in line.lower()]

    status, barred = said(world.ours.folder.reference)
    unknown = said("Zinc Zephyr")
    assert (status, [line.replace(world.ours.folder.reference, "Zinc Zephyr") for line in barred]) == unknown
    assert emergency.MISSED in "".join(barred)
    assert not FolderGrant.objects.live().filter(user=world.barred, emergency=True).exists()
    assert verbs(actor_id=world.barred.pk) == ["emergency_missed", "emergency_barred"]
    assert any("is barred" in line and world.barred.name in line for line in told(world.officer))
    assert (
        Notice.objects.filter(kind="emergency_barred").count() == holders(world.ours.folder, Perm.FOLDER_GRANT).count()
    )


def test_both_misses_ask_the_database_the_same_before_they_differ(world):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def reads(word):
        with CaptureQueriesContext(connection) as found:
            assert emergency.open_in_emergency(word, by=world.barred, reason=WHY) == (None, False)
        return [each["sql"].split()[0] for each in found if each["sql"].startswith("SELECT")]

    unknown, barred = reads("Zinc Zephyr"), reads(world.ours.folder.reference)
    assert barred[: len(unknown)] == unknown


def test_no_miss_is_answered_before_its_moment(world, monkeypatch):
    waited = []
    monkeypatch.setattr(emergency, "NOT_BEFORE", 9)
    monkeypatch.setattr(emergency.time, "sleep", waited.append)
    emergency.open_in_emergency("Zinc Zephyr", by=world.barred, reason=WHY)
    emergency.open_in_emergency(world.ours.folder.reference, by=world.barred, reason=WHY)
    assert all(8 < each <= 9 for each in waited) and len(waited) == 2


def test_five_tries_an_hour_whatever_came_of_them(world, sign_in):
    client = sign_in(world.officer_outside)
    for _ in range(emergency.TRIES):
        assert send(client, "Zinc Zephyr").status_code == 200
    answer = send(client, world.ours.folder.reference)
    assert answer.status_code == 422 and "times an hour" in answer.content.decode()
    assert not FolderGrant.objects.filter(user=world.officer_outside, emergency=True).exists()


def test_a_reason_is_a_sentence_and_an_open_folder_has_nothing_to_open(world, sign_in):
    client = sign_in(world.officer_outside)
    assert send(client, world.ours.folder.reference, reason="Urgent.").status_code == 422
    assert verbs() == []
    audit = services.open_folder(kind="audit", title="A", partnership=world.partnership, by=world.officer)
    assert emergency.open_in_emergency(audit.reference, by=world.partner_outside, reason=WHY) == (None, False)


def test_who_is_on_it_is_led_there_and_nothing_is_told(world, sign_in):
    answer = send(sign_in(world.officer), world.ours.folder.reference)
    assert answer.status_code == 302 and verbs() == [] and not Notice.objects.exists()


def test_the_panel_and_the_board_are_refused_and_are_not_offered_it(world, sign_in):
    for persona in ("panel", "board_member", "lead_same", "directory_admin"):
        assert sign_in(world.people[persona]).get(reverse(AT)).status_code == 403
    assert reverse(AT) not in sign_in(world.board_member).get(reverse("directory:account")).content.decode()
    assert reverse(AT) in sign_in(world.partner_outside).get(reverse("directory:account")).content.decode()
    assert reverse(AT) in sign_in(world.officer).get(reverse("reviews:reviews")).content.decode()


def test_who_is_in_for_a_day_is_not_one_of_the_two_of_a_sealed_folder(world):
    folder = world.theirs.folder
    emergency.open_in_emergency(folder.reference, by=world.officer_outside, reason=WHY)
    second = FolderGrant.objects.live().filter(content_object=folder, emergency=False).exclude(user=world.stranger)
    with pytest.raises(ValidationError, match="at least two people"):
        services.revoke(second.get(), by=world.stranger)


def test_an_emergency_holder_is_no_second_holder_for_a_leaving_nor_for_the_reconciler(world):
    folder = world.theirs.folder
    second = FolderGrant.objects.live().filter(content_object=folder).exclude(user=world.stranger).get()
    item = next(each for each in held.grants_of(second.user) if each.folder_id == folder.pk)
    assert item.must_hand_over and item.vacate is None
    emergency.open_in_emergency(folder.reference, by=world.officer_outside, reason=WHY)
    item = next(each for each in held.grants_of(second.user) if each.folder_id == folder.pk)
    assert item.must_hand_over and item.vacate is None, "somebody in for a day is not the second holder"
    assert reconcile()["sealed_folder_too_few"] == 0
    FolderGrant.objects.filter(pk=second.pk).update(ends=timezone.now())
    assert reconcile()["sealed_folder_too_few"] == 1


def test_emergency_access_is_handed_over_to_nobody_and_ends_with_the_leaving(world):
    folder = world.theirs.folder
    emergency.open_in_emergency(folder.reference, by=world.officer_outside, reason=WHY)
    row = grant_of(world.officer_outside)
    item = next(each for each in held.grants_of(world.officer_outside) if each.key == f"grant:{row.pk}")
    assert not item.must_hand_over and item.candidates(world.stranger) is None and not item.may_keep(world.stranger)
    with pytest.raises(ValidationError, match="cannot be handed over"):
        item.hand_over(world.colleague, by=world.stranger)
    # Also where the folder is short of people already: who is in for a day was never one of the two.
    FolderGrant.objects.live().filter(content_object=folder, user=world.stranger).update(ends=timezone.now())
    item.vacate(by=None)
    assert not FolderGrant.objects.live().filter(user=world.officer_outside, emergency=True).exists()
    assert not FolderGrant.objects.live().filter(user=world.colleague, content_object=folder).exists()


def test_each_page_of_the_case_says_until_when_and_nobody_else_is_told(world, sign_in):
    client, review = sign_in(world.officer_outside), world.ours.review
    send(client, world.ours.folder.reference)
    words = f"You read this by emergency access until {moment(grant_of(world.officer_outside).ends)}"
    pages = [reverse("reviews:review", args=[review.pk]), reverse("access:people", args=[world.ours.folder.pk])]
    assert all(words in client.get(page).content.decode() for page in pages)
    assert words not in client.get("/").content.decode()
    assert "emergency access until" not in sign_in(world.panel).get(pages[0]).content.decode()


def test_ending_it_names_its_hour_and_who_opened_it(world, sign_in):
    send(sign_in(world.officer_outside), world.ours.folder.reference)
    grant = grant_of(world.officer_outside)
    at = f"{reverse('access:take_off', args=[world.ours.folder.pk])}?grant={grant.pk}"
    page = sign_in(world.officer).get(at).content.decode()
    assert "opened by themselves" in page and moment(grant.ends) in page and "let in by" not in page


def test_without_a_data_protection_officer_nobody_is_said_to_be_told(world, sign_in, settings):
    settings.DATA_PROTECTION_OFFICER = ""
    page = sign_in(world.officer_outside).get(reverse(AT)).content.decode()
    assert "and so is the data protection officer" not in page and "No data protection officer is set" in page
