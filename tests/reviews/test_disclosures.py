"""Requests for a case's material, what left, and contact with family and witnesses."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership.access.flow import Stale
from partnership.documents.models import State, Version
from partnership.identities.services import change_identity
from partnership.trail.models import Event
from partnership.ui.dates import plain
from reviews.around import services as around
from reviews.disclosures import reads, services
from reviews.models import Disclosure, FamilyContact
from tests.walk.post import day
from tests.world import sign_in

TODAY = timezone.localdate


def asked(world, **facts):
    facts = {
        "kind": "police", "body": "Staffordshire Police", "asked_by": "Disclosure officer", "asked_on": TODAY(),
        "what": "The minutes.", "basis": "CPIA 1996", "due_on": TODAY() + timedelta(days=5),
    } | facts  # fmt: skip
    return services.add_request(world.ours.review, by=world.officer, **facts)


def decided(world, row, answer):
    return services.decide_request(
        row, by=world.officer, version=row.version, answer=answer, decided_by="Chair", decided_on=TODAY(),
        reasons="It is proportionate.",
    )  # fmt: skip


def leave(world, row, files=(), left=""):
    return services.record_left(
        row, by=world.officer, version=row.version, files=files, left=left, left_how="Secure email", left_on=TODAY(),
        left_agreed="Chair",
    )  # fmt: skip


def hold(world, **facts):
    return around.add_proceeding(world.ours.review, by=world.officer, kind="police", holds_contact=True, **facts)


def plan(world, **facts):
    facts = {"whom": "Mother", "planned_on": TODAY(), "why": "To ask what helped."} | facts
    return services.plan_contact(world.ours.review, by=world.officer, **facts)


def tab(world, user):
    page = sign_in(Client(), user).get(reverse("reviews:disclosures", args=[world.ours.review.pk]))
    return page.content.decode()


def test_nothing_leaves_before_it_is_decided_to_give(world):
    row = asked(world)
    for answer in (None, "legal", "refuse"):
        row = decided(world, row, answer) if answer else row
        with pytest.raises(ValidationError, match="Nothing may leave"):
            leave(world, row, left="Minutes.")
    row = decided(world, row, "part")
    with pytest.raises(ValidationError, match="in words"):
        leave(world, row)
    row = leave(world, row, files=[world.ours.version])
    assert list(row.files.through.objects.values_list("version_id", flat=True)) == [world.ours.version.pk]
    with pytest.raises(ValidationError, match="left already"):
        decided(world, row, "refuse")
    with pytest.raises(ValueError, match="another case"):
        leave(world, row, files=[world.theirs.version])


def test_the_readers_of_the_case_see_what_was_asked_and_what_left_and_cannot_change_it(world):
    row = leave(world, decided(world, asked(world), "give"), files=[world.ours.version], left="And a letter.")
    page = tab(world, world.panel)
    for words in ("Disclosure officer", "CPIA 1996", "It is proportionate.", "Rapid review report", "And a letter."):
        assert words in page
    edit = reverse("reviews:disclosure_edit", args=[row.pk])
    assert edit not in page and edit in tab(world, world.officer)
    assert sign_in(Client(), world.panel).get(edit).status_code == 403
    verbs = list(Event.objects.filter(object_id=row.pk, verb__startswith="disclosure").values_list("verb", flat=True))
    assert verbs == ["disclosure_left", "disclosure_decided", "disclosure_asked"]


def test_what_is_late_is_said_until_it_is_answered(world):
    row = asked(world, asked_on=TODAY() - timedelta(days=9), due_on=TODAY() - timedelta(days=1))
    assert row.late and "Late" in tab(world, world.panel)
    assert decided(world, row, "legal").late
    assert not decided(world, Disclosure.objects.unscoped("the test's").get(pk=row.pk), "refuse").late


def test_only_clean_files_of_this_case_are_offered(world, client):
    row = decided(world, asked(world), "give")
    at = reverse("reviews:disclosure_left", args=[row.pk])
    sign_in(client, world.officer)
    offered = [choice[0].value for choice in client.get(at).context["form"].fields["files"].choices]
    assert offered == [world.ours.version.pk]
    sent = {"left_how": "By hand", "left_agreed": "Chair", "version": row.version} | day("left_on", TODAY())
    assert client.post(at, sent | {"files": [world.theirs.version.pk]}).status_code == 422
    assert client.post(at, sent | {"files": [world.ours.version.pk]}).status_code == 302
    assert client.post(at, sent | {"files": [world.ours.version.pk]}).status_code == 409


def test_a_stale_change_is_refused(world):
    row = asked(world)
    services.change_request(row, by=world.officer, version=1, what="The chronology.")
    with pytest.raises(Stale):
        services.change_request(row, by=world.officer, version=1, what="Everything.")
    contact = plan(world)
    services.change_contact(contact, by=world.officer, version=1, outcome="She was glad.", done_on=TODAY())
    with pytest.raises(Stale):
        services.change_contact(contact, by=world.officer, version=1, outcome="Another.")


def test_while_a_proceeding_holds_contact_the_leads_agreement_is_needed(world, client):
    before = plan(world)
    assert before.agreed_on is None, "no proceeding holds it: no agreement is needed"
    proceeding = hold(world)
    with pytest.raises(ValidationError, match="record first who leads it"):
        plan(world)
    with pytest.raises(ValidationError, match="record first"):
        services.change_contact(before, by=world.officer, version=1, done_on=TODAY(), outcome="She was rung.")
    at = reverse("reviews:family_contact_add", args=[world.ours.review.pk])
    sign_in(client, world.officer)
    assert "Nobody is contacted until" in client.get(at).content.decode()
    sent = {"whom": "Mother", "why": "To ask."} | day("planned_on", TODAY())
    refused = client.post(at, sent)
    assert refused.status_code == 422 and "Without that nobody is contacted" in refused.content.decode()
    assert "do not contact" in tab(world, world.panel)
    agreed = {"agreed_by": "Senior investigating officer"} | day("agreed_on", TODAY())
    assert client.post(at, sent | agreed).status_code == 302
    around.change_proceeding(proceeding, by=world.officer, version=1, ended_on=TODAY() - timedelta(days=1))
    assert not reads.contact_is_held(world.ours.review.pk)
    assert plan(world).pk
    assert FamilyContact.objects.unscoped("the test's").filter(review=world.ours.review).count() == 3


def test_a_proceeding_of_another_case_or_one_that_holds_publication_alone_holds_no_contact(world):
    around.add_proceeding(world.theirs.review, by=world.stranger, kind="police", holds_contact=True)
    around.add_proceeding(world.ours.review, by=world.officer, kind="coroner", holds_publication=True)
    assert plan(world).pk


def test_what_left_stays_on_record_when_a_later_check_withdraws_the_file(world, client):
    row = leave(world, decided(world, asked(world), "give"), files=[world.ours.version])
    Version._base_manager.filter(pk=world.ours.version.pk).update(state=State.WITHDRAWN, reason="virus")
    at = reverse("reviews:disclosure_left", args=[row.pk])
    form = sign_in(client, world.officer).get(at).context["form"]
    assert form["files"].value() == [world.ours.version.pk]
    sent = {"left_how": "By hand", "left_agreed": "Chair", "left": "And a letter.", "version": row.version}
    sent |= {"files": [world.ours.version.pk]} | day("left_on", timezone.localdate())
    assert client.post(at, sent).status_code == 302
    assert [each.pk for each in row.files.unscoped("the test reads it")] == [world.ours.version.pk]


def test_the_days_of_a_request_stand_in_their_order(world):
    row = asked(world)
    past = row.asked_on - timedelta(days=400)
    decision = {"answer": "give", "decided_by": "Chair", "reasons": "The law asks for it."}
    with pytest.raises(ValidationError, match="asked first"):
        services.decide_request(row, by=world.officer, version=row.version, decided_on=past, **decision)
    row = decided(world, row, "give")
    with pytest.raises(ValidationError, match="asked first"):
        services.record_left(
            row, by=world.officer, version=row.version, files=[], left="A letter", left_how="By hand", left_on=past,
            left_agreed="Chair",
        )  # fmt: skip


def test_the_words_about_a_contact_that_happened_may_be_put_right_while_contact_is_held(world):
    row = plan(world)
    row = services.change_contact(
        row, by=world.officer, version=row.version, done_on=timezone.localdate(), outcome="Met."
    )
    hold(world)
    row = services.change_contact(row, by=world.officer, version=row.version, outcome="Met at home.")
    assert row.outcome == "Met at home."


def test_an_answer_is_not_due_before_it_was_asked_for(world, client):
    row, before = asked(world), TODAY() - timedelta(days=1)
    with pytest.raises(ValidationError, match="cannot be due before"):
        asked(world, due_on=before)
    at = reverse("reviews:disclosure_edit", args=[row.pk])
    sent = {"kind": "police", "body": "A force", "asked_by": "Officer", "what": "Notes", "basis": "CPIA 1996"}
    sent |= day("asked_on", TODAY()) | day("due_on", before) | {"version": 1}
    refused = sign_in(client, world.officer).post(at, sent)
    assert refused.status_code == 422 and "cannot be due before" in refused.content.decode()


def test_contact_before_the_day_of_the_agreement_is_refused_unless_it_is_meant_and_is_shown_as_that(world, client):
    hold(world)
    at = reverse("reviews:family_contact_add", args=[world.ours.review.pk])
    sent = {"whom": "Mother", "why": "To ask.", "agreed_by": "Senior investigating officer"}
    sent |= day("planned_on", TODAY()) | day("agreed_on", TODAY()) | day("done_on", TODAY() - timedelta(days=3))
    refused = sign_in(client, world.officer).post(at, sent)
    assert refused.status_code == 422 and "before the day of the agreement" in refused.content.decode()
    assert "Before the agreement" not in tab(world, world.panel)
    assert client.post(at, sent | {"early": "on"}).status_code == 302
    assert "Before the agreement" in tab(world, world.panel)
    row = FamilyContact.objects.unscoped("the test's").get()
    edit = client.get(reverse("reviews:family_contact_edit", args=[row.pk])).context["form"]
    assert edit.initial["early"], "its words can be put right without saying so again"


def test_a_request_and_a_contact_that_name_somebody_say_so_to_who_may_read_the_identities(world, client):
    facts = {"name": "Robin Testfield", "date_of_birth": None}
    change_identity(world.ours.identity, facts=facts, version=1, by=world.officer)
    sign_in(client, world.officer)
    review = [world.ours.review.pk]
    sent = {"kind": "police", "body": "A force", "asked_by": "Officer", "what": "About Robin Testfield", "basis": "Law"}
    sent |= day("asked_on", TODAY())
    page = client.post(reverse("reviews:disclosure_add", args=review), sent, follow=True).content.decode()
    assert "instead of the name in ‘What is asked for’" in page
    sent = {"whom": "Robin", "why": "To ask."} | day("planned_on", TODAY())
    page = client.post(reverse("reviews:family_contact_add", args=review), sent, follow=True).content.decode()
    assert "instead of the name in ‘Whom’" in page


def test_what_is_missing_is_named_in_whole_words_and_a_file_by_its_day(world, client):
    row = decided(world, asked(world), "give")
    at = reverse("reviews:disclosure_left", args=[row.pk])
    page = sign_in(client, world.officer).post(at, {"version": row.version}).content.decode()
    assert "Enter the day it left" in page
    assert f"version 1, of {plain(TODAY())}" in page
