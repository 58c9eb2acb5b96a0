"""Asking several agencies at once: whom, on what basis, all of them or none."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from partnership.access import services as access
from partnership.identities.services import add_identity
from partnership.people.models import Agency, Closure, NamedDuty, SharingAgreement
from partnership.people.roles import Role
from reviews import waves
from reviews.models import AgencyReturn
from tests.walk.post import day
from tests.world import person, sign_in


def offered(world):
    return {each.agency.slug: each for each in waves.wave_of(world.officer, world.ours.review).offers}


def by_hand(offer, author):
    """An offer of which its author was chosen: the two people of the police both sign for a partner."""
    return replace(offer, author=author)


def send(world, *slugs, **more):
    rows = offered(world)
    rows["staffs-police"] = by_hand(rows["staffs-police"], world.deputy_police)
    facts = {"due_on": timezone.localdate() + timedelta(days=3), "purpose": "Search your records."} | more
    return waves.ask_wave(world.ours.review, [rows[slug] for slug in slugs], by=world.officer, **facts)


def test_offered_is_the_case_contact_else_the_lead_and_nobody_who_was_asked_or_is_barred(world):
    rows = offered(world)
    assert rows["mpft"].author == world.lead_other and "safeguarding lead is asked" in rows["mpft"].why
    assert "uhnm" not in rows, "it was asked already"
    assert "school" not in rows
    access.bar(world.ours.folder, world.lead_other, by=world.officer, reason="personal")
    assert world.lead_other not in offered(world)["mpft"].people


def test_who_signs_for_a_partner_is_never_proposed_and_is_chosen_knowingly(world, client):
    """The deputy of the police would decide about what he wrote himself."""
    agency, at = world.agencies["police"], reverse("reviews:ask_agencies", args=[world.ours.review.pk])
    NamedDuty.objects.create(agency=agency, kind="case", holder=world.deputy_police)
    offer = offered(world)["staffs-police"]
    assert offer.author is None and offer.signs == {world.signer_police.pk, world.deputy_police.pk}
    assert "signs the decision for a safeguarding partner" in offer.why
    typed = {"agencies": [offer.key], "purpose": "Search."} | day("due_on", timezone.localdate() + timedelta(days=3))
    sign_in(client, world.officer)
    refused = client.post(at, typed)
    assert refused.status_code == 422 and set(refused.context["form"].errors) == {f"author_{agency.pk}"}
    staff = person("records_officer", Role.AGENCY_STAFF, agency)
    offer = offered(world)["staffs-police"]
    assert (offer.author, offer.people[0]) == (None, staff) and "choose who is asked" in offer.why
    page = client.get(at).content.decode()
    assert "(signs for a safeguarding partner)" in page
    chosen = {f"author_{agency.pk}": staff.pk}
    assert client.post(at, typed | chosen).status_code == 302
    assert AgencyReturn.objects.get(agency=agency, review=world.ours.review).author == staff


def test_another_than_the_proposed_author_is_asked_where_she_was_chosen(world, client):
    agency, at = world.agencies["mpft"], reverse("reviews:ask_agencies", args=[world.ours.review.pk])
    nurse, elsewhere = person("named_nurse", Role.AGENCY_STAFF, agency), world.colleague
    typed = {"agencies": [offered(world)["mpft"].key], "purpose": "Search."}
    typed |= day("due_on", timezone.localdate() + timedelta(days=3))
    sign_in(client, world.officer)
    assert client.post(at, typed | {f"author_{agency.pk}": elsewhere.pk}).status_code == 422
    assert client.post(at, typed | {f"author_{agency.pk}": nurse.pk}).status_code == 302
    assert AgencyReturn.objects.get(agency=agency, review=world.ours.review).author == nurse


def test_the_page_says_why_an_agency_cannot_be_chosen_there(world, client):
    bare = Agency.objects.create(name="A bare trust", slug="bare-trust", kind=world.agencies["mpft"].kind)
    lone = Agency.objects.create(name="A lone trust", slug="lone-trust", kind=bare.kind)
    barred = person("barred_alone", Role.AGENCY_LEAD, lone)
    access.bar(world.ours.folder, barred, by=world.officer, reason="personal")
    page = sign_in(client, world.officer).get(reverse("reviews:ask_agencies", args=[world.ours.review.pk]))
    wave, words = page.context["wave"], page.content.decode()
    assert world.ours.returns["uhnm"] in wave.asked and "Asked already" in words
    # Who is barred is told apart from who has no sign-in by nobody.
    assert {bare.name, lone.name} <= set(wave.nobody) and "Nobody who can be asked signs in" in words


def test_the_period_to_search_stands_in_dates_beside_whom_to_search_for(world, client):
    at, agency = reverse("reviews:ask_agencies", args=[world.ours.review.pk]), world.agencies["mpft"]
    today = timezone.localdate()
    first = today - timedelta(days=730)
    typed = {"agencies": [offered(world)["mpft"].key], "purpose": "Search."}
    typed |= day("due_on", today + timedelta(days=3)) | day("search_from", first)
    refused = sign_in(client, world.officer).post(at, typed)
    assert refused.status_code == 422 and set(refused.context["form"].errors) == {"search_to"}
    backwards = client.post(at, typed | day("search_to", first - timedelta(days=1)))
    assert "cannot end before it begins" in backwards.content.decode()
    assert client.post(at, typed | day("search_to", today)).status_code == 302
    row = AgencyReturn.objects.get(agency=agency, review=world.ours.review)
    words = f"from {first.day} {first:%B %Y} to {today.day} {today:%B %Y}"
    searching = sign_in(client, world.lead_other).get(reverse("reviews:search_record", args=[row.pk]))
    assert words in searching.content.decode()
    request = client.get(reverse("reviews:agency_return", args=[row.pk])).content.decode()
    assert words.replace("from", "From", 1) in request


def test_whom_to_search_for_begins_with_the_child_and_goes_on_to_siblings_parents_and_others(world, client):
    for subject, label in (("other", "Lodger"), ("parent", "Mother"), ("sibling", "Sibling 1")):
        facts = {"name": f"A {subject}"}
        add_identity(world.ours.folder, subject=subject, label=label, facts=facts, by=world.officer)
    at = reverse("reviews:search_record", args=[world.ours.returns["uhnm"].pk])
    people = sign_in(client, world.author).get(at).context["people"]
    assert [person.subject for person in people] == ["Child", "Sibling", "Parent or carer", "Other adult"]


class TestOneAgency:
    def at(self, world):
        return reverse("reviews:ask_agency", args=[world.ours.review.pk])

    def test_the_agency_comes_first_and_then_its_people_alone(self, world, client):
        agency = world.agencies["mpft"]
        page = sign_in(client, world.officer).get(self.at(world))
        assert "Choose the agency first" in page.content.decode()
        assert not page.context["form"].fields["author"].queryset.exists()
        shown = client.post(self.at(world), {"show": "people", "agency": agency.pk, "purpose": "Search the archive."})
        form, words = shown.context["form"], shown.content.decode()
        assert shown.status_code == 200 and not form.errors and "Search the archive." in words
        offered = form.fields["author"].queryset
        assert world.lead_other in offered and world.colleague not in offered
        assert form["author"].value() == str(world.lead_other.pk), "who is proposed is chosen already"
        assert not AgencyReturn.objects.unscoped("only looked").filter(agency=agency, review=world.ours.review).exists()

    def test_somebody_of_another_agency_is_not_taken(self, world, client):
        typed = {"agency": world.agencies["mpft"].pk, "author": world.colleague.pk, "purpose": "Search."}
        typed |= day("due_on", timezone.localdate() + timedelta(days=3))
        refused = sign_in(client, world.officer).post(self.at(world), typed)
        assert refused.status_code == 422 and set(refused.context["form"].errors) == {"author"}

    def test_who_signs_for_a_partner_is_said_and_not_chosen_for_her(self, world, client):
        shown = sign_in(client, world.officer).post(
            self.at(world), {"show": "people", "agency": world.agencies["police"].pk}
        )
        assert "(signs for a safeguarding partner)" in shown.content.decode()
        assert shown.context["form"]["author"].value() == ""


def test_while_it_is_closed_the_cover_is_asked(world):
    today, agency = timezone.localdate(), world.agencies["mpft"]
    NamedDuty.objects.create(agency=agency, kind="case", holder=world.lead_other)
    Closure.objects.create(agency=agency, name="Summer", starts=today, ends=today + timedelta(days=9))
    NamedDuty.objects.create(agency=agency, kind="cover", holder=world.lead_other)
    row = offered(world)["mpft"]
    assert row.closed and "its cover is asked" in row.why


def test_one_that_needs_the_letter_sends_nothing_without_it(world):
    SharingAgreement.objects.filter(agency=world.agencies["mpft"]).update(ends=timezone.localdate())
    before = AgencyReturn.objects.unscoped("counted").count()
    with pytest.raises(ValidationError, match="no sharing agreement"):
        send(world, "staffs-police", "mpft")
    assert AgencyReturn.objects.unscoped("counted").count() == before
    letter = {"letter_sent_on": timezone.localdate(), "letter_from": "A director", "letter_purpose": "The review."}
    police, mpft = send(world, "staffs-police", "mpft", letter=letter)
    assert (police.letter_sent_on, mpft.letter_sent_on) == (None, timezone.localdate())
    assert police.agreement is not None


def test_a_wave_goes_out_from_the_page_and_nothing_is_offered_twice(world, client):
    at = reverse("reviews:ask_agencies", args=[world.ours.review.pk])
    sign_in(client, world.officer)
    assert "needs the letter" not in client.get(at).content.decode()
    due, rows = timezone.localdate() + timedelta(days=3), offered(world)
    sent = {
        "agencies": [rows["mpft"].key, rows["staffs-police"].key], "purpose": "Search.",
        f"author_{rows['staffs-police'].agency.pk}": world.deputy_police.pk,
        "due_on_day": due.day, "due_on_month": due.month, "due_on_year": due.year,
    }  # fmt: skip
    assert client.post(at, sent | {"agencies": []}).status_code == 422
    answer = client.post(at, sent, follow=True)
    assert "2 requests have gone out." in answer.content.decode()
    assert client.post(at, sent).status_code == 422
    assert not {"mpft", "staffs-police"} & set(offered(world))
