"""The first entry of a notification goes on to the rest of the national form; an age and a birth date must agree."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from partnership.identities.services import add_identity
from partnership.notify.models import Notice
from reviews import services
from reviews.ages import band_at
from reviews.answering import notices
from reviews.models import Child, Notification, Referral
from tests.reviews.test_pages import at
from tests.reviews.test_sources import notified, referred
from tests.walk.post import day


def test_the_first_entry_leads_through_the_rest_of_the_form_to_who_the_child_is(world, sign_in):
    client, now = sign_in(world.officer), timezone.now()
    answer = client.post(reverse("reviews:notify"), notified(world, now - timedelta(days=1), now - timedelta(hours=1)))
    notice = Notification.objects.unscoped("the test's own").get(what_happened="A fall.")
    assert answer.url == f"{at('change_notification', notice)}?first=1"
    page = client.get(answer.url).content.decode()
    assert "Next: the rest of the national form" in page and "Do this later" in page
    rest = {
        "authority": notice.authority_id, "harm": "harm", "what_happened": "A fall.", "police_involved": "yes",
        "categories": ["neglect"], "version": 1,
    } | day("incident_on", notice.incident_on)  # fmt: skip
    answer = client.post(answer.url, rest)
    child = Child.objects.unscoped("the test's own").get(review=notice.review_id)
    assert answer.url == f"{at('change_child', child)}?first=1"
    assert "Next: Child A" in client.get(answer.url).content.decode()
    known = {"outcome": "harmed", "age_band": "1-4", "legal_status": "cin", "sex": "female", "version": 1}
    answer = client.post(answer.url, known)
    assert answer.url == at("identify_child", child)
    notice.refresh_from_db()
    assert (notice.police_involved, notice.categories) == ("yes", ["neglect"])


def test_a_child_that_is_added_leads_to_where_its_identity_is_entered(world, sign_in):
    typed = {"outcome": "concern", "age_band": "0", "legal_status": "none", "sibling": "on"}
    answer = sign_in(world.officer).post(at("add_child", world.ours.review), typed)
    child = Child.objects.unscoped("the test's own").get(review=world.ours.review, sibling=True)
    assert answer.url == at("identify_child", child)


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (date(2026, 3, 2), "unborn"), (date(2026, 3, 1), "0"), (date(2025, 3, 2), "0"), (date(2025, 3, 1), "1-4"),
        (date(2008, 3, 2), "15-17"), (date(2008, 3, 1), "18-24"), (date(2001, 3, 2), "18-24"), (date(2001, 3, 1), ""),
    ],
)  # fmt: skip
def test_the_age_band_of_a_birth_date_changes_on_the_birthday(born, band):
    assert band_at(born, date(2026, 3, 1)) == band


def test_a_referral_whose_age_and_birth_date_contradict_each_other_is_asked_about(world, sign_in):
    client, today = sign_in(world.lead_same), timezone.localdate()
    refused = client.post(
        reverse("reviews:refer"), referred(world) | day("date_of_birth", today - timedelta(days=4000))
    )
    page = refused.content.decode()
    assert refused.status_code == 422 and "the child was 10 years old at the incident" in page
    assert "the age is given as ‘1 to 4’" in page and "Fern Example" in page
    assert not Referral.objects.unscoped("the test's own").exists()
    born = day("date_of_birth", today - timedelta(days=800))
    assert client.post(reverse("reviews:refer"), referred(world) | born).status_code == 302


def test_a_childs_record_must_agree_with_the_age_of_the_review_and_anothers_not(world, sign_in):
    review, client = world.ours.review, sign_in(world.officer)
    child = services.add_child(review, by=world.officer, age_band="0", legal_status="none")
    long_ago = day("date_of_birth", timezone.localdate() - timedelta(days=4000))
    refused = client.post(at("identify_child", child), {"name": "Fern Example"} | long_ago)
    assert refused.status_code == 422 and "given as ‘Under 1’" in refused.content.decode()
    mother = add_identity(review.folder, subject="parent", label="Mother", facts={"name": "Ada"}, by=world.officer)
    changed = client.post(at("change_person", mother), {"name": "Ada Example", "version": 1} | long_ago)
    assert changed.status_code == 302


def test_the_age_stands_beside_the_birth_date_wherever_it_is_read(world, sign_in):
    review = world.ours.review
    born = review.notification.incident_on - timedelta(days=400)
    child = services.add_child(review, by=world.officer, age_band="1-4", legal_status="none")
    services.identify_child(child, by=world.officer, facts={"name": "Fern Example", "date_of_birth": born})
    for reader, page in (
        (world.officer, at("identities", review)),
        (world.officer, at("notification", review)),
        (world.author, at("search_record", world.ours.returns["uhnm"])),
    ):
        assert "(13 months at the incident)" in sign_in(reader).get(page).content.decode(), page


def test_who_writes_already_is_told_of_a_sibling_without_a_name_and_the_lead_of_returns_that_are_in(world, sign_in):
    review, writing = world.ours.review, world.ours.returns["uhnm"]
    child = services.add_child(review, by=world.officer, age_band="0", legal_status="none", sibling=True)
    client = sign_in(world.officer)
    page = client.post(at("identify_child", child), {"name": "Fern Example"}, follow=True).content.decode()
    assert "did not search for this person" in page and escape(world.ours.returns["school"].body) in page
    told = Notice.objects.filter(kind=notices.SEARCH)
    assert {each.subject_id for each in told} == {writing.pk}
    assert told.get().recipient == world.author
    waiting = sign_in(world.author).get("/notices/").content.decode()
    assert "Whom to search for has changed" in waiting and "Fern" not in waiting
