"""Whoever owes a return writes it without the others' accounts: what the review found and its report wait for it."""

import pytest
from django.urls import reverse

from partnership.access import services as access
from reviews import sending as sendings
from reviews.findings import services as findings
from reviews.models import Episode, Pack
from reviews.packs import services as packs
from tests.actions.ground import make_action
from tests.world import answer, ask, canary, small_pdf

HELD = "when your own return is in"


@pytest.fixture
def report(world):
    findings.add(Episode, world.ours.review, by=world.officer, title="A visit", happened=canary("ours", "episode"))
    return sendings.keep_report(world.ours.review, small_pdf("report"), by=world.officer)


def pages(client, world, version):
    """(status of the file, whether each page shows what the agencies said)."""
    case = world.ours
    download = client.get(reverse("documents:download", args=[version]))
    shown = {
        "sections": canary("ours", "facts")
        in client.get(reverse("reviews:report_sections", args=[case.folder.pk])).content.decode(),
        "findings": canary("ours", "episode")
        in client.get(reverse("reviews:findings", args=[case.review.pk])).content.decode(),
        "link": reverse("documents:download", args=[version])
        in client.get(reverse("reviews:review", args=[case.review.pk])).content.decode(),
    }
    return download.status_code, set(shown.values())


def test_a_panel_member_has_the_report_when_her_return_is_in_by_every_door(world, report, sign_in):
    access.grant(world.ours.folder, world.author, "pm", by=world.officer, reason="Sits on it.")
    client = sign_in(world.author)
    status, shown = pages(client, world, report)
    assert status != 200 and shown == {False}
    action = make_action(world, world.ours.folder, by=world.officer, owner=world.lead_other, agency=None)
    at = reverse("actions:action", args=[action.pk])
    register = lambda: action.reference in client.get(reverse("actions:register")).content.decode()  # noqa: E731
    assert (client.get(at).status_code, register()) == (404, False), "an action tells what was found"
    assert HELD in client.get(reverse("reviews:review", args=[world.ours.review.pk])).content.decode()
    answer(world.ours, world.ours.returns["uhnm"], by=world.author)
    assert pages(client, world, report) == (200, {True})
    assert (client.get(at).status_code, register()) == (200, True)


def test_a_partner_who_signs_reads_what_she_signs_though_she_owes_a_return(world, report, sign_in):
    ask(world, world.ours, "signer_icb", "icb", by=world.officer)
    assert pages(sign_in(world.signer_icb), world, report) == (200, {True})


def test_the_partners_pack_waits_for_whoever_does_not_sign(world, sign_in):
    packs.keeper("partners")(world.ours.review, small_pdf("pack"), by=world.officer)
    at = reverse("documents:download", args=[Pack.objects.get().file_id])
    access.grant(world.ours.folder, world.author, "pm", by=world.officer, reason="Sits on it.")
    ask(world, world.ours, "signer_icb", "icb", by=world.officer)
    assert sign_in(world.author).get(at).status_code != 200
    assert sign_in(world.signer_icb).get(at).status_code == 200
