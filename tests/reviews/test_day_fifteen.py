"""The last day of a rapid review through its pages: a partner on leave, one who disagrees, one who is silent."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership.documents.models import Version
from reviews.models import LeadTold, Sending, SignOff
from tests.reviews.test_pages import at, form_of
from tests.walk.post import moment
from tests.world import sign_in


def on(user):
    return sign_in(Client(), user)


def words_of(answer):
    return " ".join(answer.content.decode().split())


def sign(world, who, seat, stance="agrees", reason=""):
    client, path = on(world.people[who]), at("sign_off", world.ours.review)
    read = form_of(client.get(path))
    return client.post(path, read | {"seat": seat, "stance": stance, "reason": reason})


def signatures():
    return SignOff.objects.unscoped("what was recorded").order_by("seat")


def test_a_deputy_signs_as_herself_for_a_delegate_on_leave_and_the_delegate_is_told(world):
    assert sign(world, "deputy_police", "police").status_code == 302
    row = signatures().get()
    assert (row.signer, row.as_deputy, row.seat) == (world.deputy_police, True, "police")
    page = words_of(on(world.officer).get(at("review", world.ours.review)))
    assert f"{world.deputy_police.name}, as dated deputy, for" in page and f"{world.signer_police.name}," not in page
    delegate = on(world.signer_police)
    assert "seat" not in (delegate.get(at("sign_off", world.ours.review)).context.get("form") or {})
    late = {"decision": world.ours.decision.pk, "seat": "police", "stance": "disagrees", "reason": "From leave."}
    answer = delegate.post(at("sign_off", world.ours.review), late)
    assert answer.status_code == 409 and "From leave." in words_of(answer), "what was typed is not lost"
    assert signatures().count() == 1


def test_a_partner_signs_once_and_for_nobody_else(world):
    assert sign(world, "signer_icb", "la").status_code == 422, "the council's seat is not offered to the health board"
    client, path = on(world.signer_icb), at("sign_off", world.ours.review)
    typed = {"seat": "icb", "stance": "agrees", "decision": world.ours.decision.pk}
    assert client.post(path, typed).status_code == 302
    again = client.post(path, typed | {"stance": "disagrees", "reason": "On second thoughts."})
    assert again.status_code == 409 and "On second thoughts." in words_of(again)
    assert [row.stance for row in signatures()] == ["agrees"]
    for stranger in (world.panel, world.case_officer, world.scrutineer, world.partner_outside):
        assert on(stranger).post(path, typed | {"seat": "la"}).status_code in (403, 404)


def test_it_is_sent_on_the_last_day_with_a_view_missing_and_its_reason_shown(world):
    review, officer = world.ours.review, on(world.officer)
    made = timezone.now() - timedelta(minutes=5)
    Version.objects.filter(pk=world.ours.version.pk).update(made_at=made)
    assert sign(world, "signer_icb", "icb", "disagrees", "The school was not asked.").status_code == 302
    assert sign(world, "deputy_police", "police").status_code == 302
    silence = form_of(officer.get(at("record_silence", review)))
    council = {"agency": world.agencies["council"].pk, "reason": "On leave; rang at nine and at noon."}
    assert officer.post(at("record_silence", review), silence | council).status_code == 302
    form = officer.get(at("record_sending", review))
    said = words_of(form)
    assert "The integrated care board disagrees with the decision." in said and "has not answered" in said
    assert (
        officer.post(at("record_sending", review), form_of(form) | moment("sent_at", timezone.now())).status_code == 302
    )
    sent = Sending.objects.get(review=review)
    assert any("has not answered" in each for each in sent.warnings)
    page = words_of(on(world.panel).get(at("review", review)))
    for shown in ("Sent to the Panel", "On leave; rang at nine and at noon.", "The school was not asked."):
        assert shown in page


def test_that_the_lead_partners_were_told_is_recorded_by_people_and_shown(world):
    review, client = world.ours.review, on(world.officer)
    path = reverse("reviews:leads_told", args=[review.pk])
    assert "It is not recorded that the lead safeguarding partners were told" in words_of(
        client.get(at("review", review))
    )
    typed = {"agencies": [world.agencies["council"].pk], "how": "By telephone."}
    before = moment("told_at", timezone.now() - timedelta(days=3))
    assert client.post(path, typed | before).status_code == 422, "before there was a decision"
    assert client.post(path, typed | moment("told_at", timezone.now())).status_code == 302
    assert LeadTold.objects.unscoped("it").get().agency == world.agencies["council"]
    page = words_of(on(world.signer_icb).get(at("review", review)))
    assert "By telephone." in page and path not in page
    assert on(world.signer_icb).post(path, typed).status_code == 403
