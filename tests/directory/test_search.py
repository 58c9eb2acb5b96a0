"""The search: however a name, number, postcode or town is written, and whoever wrote it a moment ago."""

import unicodedata

import pytest
from django.urls import reverse

from partnership.directory import services
from partnership.directory.particulars import services as particulars
from partnership.people.models import Agency
from tests.directory.conftest import names

URL = "/directory/"
MEADOWS = "The Meadows Primary Academy"


@pytest.fixture
def search(reader_client):
    return lambda words, **more: names(reader_client.get(URL, {"q": words, **more}))


@pytest.fixture
def body(administrator):
    def add(name, **site):
        agency = services.add_agency(by=administrator, name=name, kind="provider")
        if site:
            services.add_site(agency, by=administrator, name="Office", **site)
        return agency

    return add


@pytest.mark.parametrize("words", ["ST3 3AZ", "st33az", " st3  3az "])
def test_a_postcode_is_found_with_and_without_its_blank(search, words):
    assert search(words) == [MEADOWS]


@pytest.mark.parametrize(
    ("town", "spellings"),
    [
        ("Stoke-on-Trent", ["Stoke on Trent", "STOKE-ON-TRENT", "stoke on-trent"]),
        ("Newcastle-under-Lyme", ["Newcastle Under Lyme", "newcastle-under-lyme"]),
        ("Burton upon Trent", ["Burton-on-Trent", "Burton on Trent", "burton-upon-trent"]),
    ],
)
def test_a_town_is_found_in_each_spelling(search, body, town, spellings):
    body("Quill and Tanner", town=town)
    for spelling in spellings:
        assert "Quill and Tanner" in search(f"quill {spelling}"), spelling


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("St Bertelin’s Trust", "saint bertelins"),
        ("Saint Bertelin's Trust", "St. Bertelin’s"),
        ("Zoë House", "zoe house"),
        ("Zoe House", unicodedata.normalize("NFD", "Zoë")),
        (unicodedata.normalize("NFD", "Zoë House"), unicodedata.normalize("NFC", "Zoë")),
        ("O’Brien-Ní Dhomhnaill Foundation", "obrien ni dhomhnaill"),
        ("Quill & Tanner", "quill and tanner"),
        ("Tŷ Hafan", "ty hafan"),
    ],
)
def test_accents_apostrophes_and_saints_do_not_matter(search, body, name, words):
    body(name)
    assert name in search(words)


def test_a_word_is_found_from_its_start_only(search, body, administrator):
    body("St Mary’s Trust", town="Stafford", postcode="ST4 4LJ")
    body("Castlechurch Primary Trust", town="Stafford")
    hospitals = body("University Hospitals of North Midlands")
    services.add_alias(hospitals, by=administrator, name="UHNM")
    assert "Castlechurch Primary Trust" not in search("mary")
    for said in ("saint mary", "st mary", "st marys"):
        found = search(said)
        assert "St Mary’s Trust" in found and "Castlechurch Primary Trust" not in found, said
    assert "St Mary’s Trust" in search("st44lj") and "St Mary’s Trust" in search("ST4 4LJ")
    assert "Castlechurch Primary Trust" in search("castle prim")
    assert search("uhnm")[0] == "University Hospitals of North Midlands"


def test_any_register_number_finds_its_organisation_first(search, body, administrator):
    agency = body("Little Acorns")
    body("EY493847 Lane Playgroup")
    particulars.add_number(agency, by=administrator, register="ey", number="EY493847")
    assert search("ey493847")[0] == "Little Acorns"


def test_signs_alone_find_nothing_and_not_everything(search):
    assert search("!!!") == []


# Every service that writes a name, a site or a number writes the search's words with it.


def _found(search, words):
    return [name for name in search(words) if "Quill" in name]


def test_a_new_and_a_changed_name_are_found_at_once(search, body, administrator):
    agency = body("Quill and Tanner")
    assert _found(search, "tanner")
    services.change_agency(
        agency, by=administrator, version=1, areas=[], name="Quill and Weaver", kind="provider", ends=None, starts=None
    )
    assert _found(search, "weaver") == _found(search, "tanner") == ["Quill and Weaver"]  # it was called so


def test_another_name_is_found_until_it_is_removed(search, body, administrator):
    alias = services.add_alias(body("Quill"), by=administrator, name="Harpers Yard")
    assert _found(search, "harpers")
    services.remove_alias(alias, by=administrator)
    assert not _found(search, "harpers")


def test_a_site_is_found_and_its_change_too(search, body, administrator):
    agency = body("Quill", town="Leek", postcode="ST13 5AB")
    assert _found(search, "st135ab")
    site = agency.sites.get()
    services.change_site(site, by=administrator, version=services.version_of(site), postcode="ST13 9ZZ")
    assert _found(search, "ST13 9ZZ") and not _found(search, "st135ab")


def test_a_schools_number_is_found_from_the_moment_that_it_is_added(search, administrator):
    school = {"urn": 999123, "local_authority_code": "861", "establishment_type": "Academy"}
    services.add_agency(by=administrator, name="Quill School", kind="school", school=school)
    assert _found(search, "999123")


def test_a_removed_register_number_finds_nothing(search, body, administrator):
    number = particulars.add_number(body("Quill"), by=administrator, register="ods", number="RX999")
    assert _found(search, "rx999")
    particulars.remove_number(number, by=administrator)
    assert not _found(search, "rx999")


def test_merged_records_are_in_no_list_no_count_and_no_picker(reader_client, admin_client, body):
    agency, kept = body("Quill one"), body("Quill two")
    Agency.objects.filter(pk=agency.pk).update(merged_into=kept)
    for query in ({"q": "quill"}, {"q": "quill", "closed": "on"}):
        found = reader_client.get(URL, query).context["found"]
        assert [row.name for row in found.page] == ["Quill two"] and found.count == 1
    for page in ("succession_add", "ownership_add"):
        offered = admin_client.get(reverse(f"directory:{page}", args=[kept.pk])).context["form"].fields["other"]
        assert agency not in offered.queryset
