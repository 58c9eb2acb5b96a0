"""The search: however a name, number, postcode or town is written, and whoever wrote it a moment ago."""

import unicodedata
from datetime import date

import pytest
from django.urls import reverse
from django.utils.html import escape

from partnership.directory import services
from partnership.directory.particulars import services as particulars
from partnership.people.models import Agency, School, Succession
from tests.directory.conftest import names, page_of

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


# --- where nothing is found -------------------------------------------------------------------------------------------


def offered(client, words):
    response = client.get(URL, {"q": words})
    assert names(response) == []
    return response.context["found"].offers, " ".join(response.content.decode().split())


@pytest.mark.parametrize("slip", ["The Medows Primary", "Meadwos Academy"])
def test_a_slip_of_the_pen_is_met_with_what_may_have_been_meant(reader_client, slip):
    offers, page = offered(reader_client, slip)
    assert MEADOWS in [row.name for row in offers.near] and "Called or numbered nearly so" in page


def test_a_number_with_one_wrong_figure_is_met_with_its_neighbours_and_says_so(reader_client):
    school = School.objects.filter(agency__name=MEADOWS).get()
    urn = str(school.urn)
    wrong = next(
        each for each in (f"{urn[:-2]}{figure}{urn[-1]}" for figure in "0123456789")
        if not School.objects.filter(urn=int(each)).exists()
    )  # fmt: skip
    offers, page = offered(reader_client, wrong)
    assert offers.near and all(str(row.school.urn)[:2] == urn[:2] for row in offers.near)
    assert "Nothing fits" in page and "nearly so" in page


def test_a_closed_school_is_offered_with_its_last_day_and_who_follows_it(reader_client, administrator):
    old, new = (School.objects.filter(agency__ends=None).order_by("urn")[n].agency for n in (0, 1))
    Agency.objects.filter(pk=old.pk).update(ends=date(2025, 9, 1))
    services.add_succession(
        by=administrator, predecessor=old, successor=new, on=date(2025, 9, 1), kind=Succession.Kind.REPLACED, note=""
    )
    _, page = offered(reader_client, str(old.school.urn))
    assert "until 31 August 2025" in page or "to 31 August 2025" in page
    assert f"{escape(new.name)}</a>" in page and "followed by" in page


def test_the_number_of_a_record_that_was_merged_leads_to_the_one_that_was_kept(reader_client):
    gone, kept = (School.objects.order_by("urn")[n].agency for n in (0, 1))
    Agency.objects.filter(pk=gone.pk).update(merged_into=kept)
    offers, page = offered(reader_client, str(gone.school.urn))
    assert [row.merged_into for row in offers.merged] == [kept] and not offers.near
    assert "was merged with another" in page and page_of(kept) in page


def test_what_is_like_nothing_is_met_with_nothing(reader_client):
    offers, page = offered(reader_client, "zzzyqx")
    assert not (offers.gone or offers.merged or offers.near) and "Nothing fits these filters" in page
