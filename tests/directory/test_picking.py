"""The box for one organisation: what is typed means one organisation, or says what to type instead."""

import pytest
from django.urls import reverse

from partnership.directory import services
from partnership.directory.particulars import services as particulars
from partnership.people.models import Agency, Ownership


@pytest.fixture
def trust(administrator):
    return services.add_agency(by=administrator, name="Quill Learning Trust", kind="group")


@pytest.fixture
def runs(admin_client, trust):
    """Posts who runs the trust; gives the words of the error, or the one that was recorded."""

    def post(words):
        sent = {"direction": "up", "other": words, "kind": "provider"}
        response = admin_client.post(reverse("directory:ownership_add", args=[trust.pk]), sent)
        if response.status_code == 200:
            assert not Ownership.objects.filter(agency=trust).exists()
            other = response.context["other"]
            assert other.name in response.context["said"] and trust.name in response.context["said"]
            sure = sent | {"other": response.context["label"], "sure": str(other.pk)}
            response = admin_client.post(reverse("directory:ownership_add", args=[trust.pk]), sure)
        if response.status_code == 302:
            return Ownership.objects.get(agency=trust).owner.name
        assert response.status_code == 422
        assert f'value="{words}"' in response.content.decode()
        return response.context["form"].errors["other"][0]

    return post


@pytest.mark.parametrize("words", ["146473", "the meadows primary", "The Meadows Primary Academy (146473)", "st3 3az"])
def test_a_number_a_part_of_the_name_and_what_was_offered_mean_the_same(runs, words):
    assert runs(words) == "The Meadows Primary Academy"


def test_a_register_number_in_any_letters_means_its_holder(runs, administrator):
    other = services.add_agency(by=administrator, name="Tanner Trust", kind="provider")
    particulars.add_number(other, by=administrator, register="ods", number="RX777")
    assert runs("rx777") == "Tanner Trust"


def test_several_that_fit_are_named_and_a_whole_name_is_not_its_longer_namesake(runs, administrator):
    for name in ("Tanner House", "Tanner House North"):
        services.add_agency(by=administrator, name=name, kind="provider")
    assert "2 organisations fit: Tanner House; Tanner House North." in runs("tanner")
    assert runs("tanner house") == "Tanner House"


def test_one_of_several_that_fit_is_chosen_by_a_click(admin_client, administrator, trust):
    for name in ("Tanner House", "Tanner House North"):
        services.add_agency(by=administrator, name=name, kind="provider")
    path, sent = reverse("directory:ownership_add", args=[trust.pk]), {"direction": "up", "kind": "provider"}
    page = admin_client.post(path, sent | {"other": "tanner"}).content.decode()
    assert 'type="radio"' in page and 'name="other" value="Tanner House North"' in page
    chosen = admin_client.post(path, sent | {"other": ["tanner", "Tanner House North"]})
    assert chosen.context["other"].name == "Tanner House North"
    back = admin_client.post(path, sent | {"other": "Tanner House North", "change": "1"})
    assert back.status_code == 200 and 'value="Tanner House North"' in back.content.decode()
    assert not Ownership.objects.filter(agency=trust).exists()


def test_who_runs_whom_is_taken_back_and_stays_in_both_histories(admin_client, administrator, trust):
    school = Agency.objects.live().filter(kind="school").first()
    row = particulars.add_ownership(by=administrator, owner=trust, agency=school, kind="trust")
    path = reverse("directory:ownership_remove", args=[row.pk])
    assert path in admin_client.get(reverse("directory:agency", args=[school.pk])).content.decode()
    assert "recorded by mistake" in admin_client.get(path).content.decode()
    assert admin_client.post(path, {"from": str(trust.pk)})["Location"] == reverse("directory:agency", args=[trust.pk])
    assert not Ownership.objects.exists()
    for agency in (trust, school):
        history = admin_client.get(reverse("directory:agency_history", args=[agency.pk])).content.decode()
        assert "removed who runs whom" in history.lower()


def test_too_many_and_none_say_what_to_type(runs):
    assert "Enter more of the name" in runs("school")
    assert "No organisation" in runs("zzzz")
    assert "No organisation" in runs("zz ((zz))")


def test_itself_a_closed_and_a_merged_one_cannot_be_chosen(runs, administrator, trust):
    gone = services.add_agency(by=administrator, name="Tanner House", kind="provider")
    Agency.objects.filter(pk=gone.pk).update(merged_into=trust)
    assert "No organisation" in runs("Tanner House")
    assert "No organisation" in runs("Quill Learning Trust")


def test_what_is_offered_while_one_types_has_the_number_and_no_merged_record(reader_client, trust):
    url = reverse("directory:organisations_offered")
    assert 'value="The Meadows Primary Academy (146473)"' in reader_client.get(url, {"other": "mead"}).content.decode()
    assert reader_client.get(url, {"to_agency": ""}).content == b""
    assert "Quill" in reader_client.get(url, {"other": "quill"}).content.decode()
    Agency.objects.filter(pk=trust.pk).update(merged_into=Agency.objects.get(slug="uhnm"))
    assert reader_client.get(url, {"other": "quill"}).content == b""
