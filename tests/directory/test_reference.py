"""The reference data: what is in them, and that a second loading changes nothing that people did."""

from datetime import date

import pytest

from partnership.directory.reference import load, place_name
from partnership.people.models import Agency, Alias, Area, NamedDuty, ScheduleItem, School, Site, Succession


def test_the_directory_starts_with_127_organisations_245_schools_and_38_schedule_items(db):
    assert Agency.objects.exclude(kind="school").count() == 127
    assert School.objects.count() == Agency.objects.filter(kind="school").count() == 245
    assert list(ScheduleItem.objects.values_list("number", flat=True)) == list(range(1, 39))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Stoke-On-Trent", "Stoke-on-Trent"),
        ("Newcastle Under Lyme", "Newcastle under Lyme"),
        ("Stow-On-The-Wold", "Stow-on-the-Wold"),
        ("Isle Of Wight", "Isle of Wight"),
        ("The Wirral", "The Wirral"),
        ("Le Hocq", "Le Hocq"),
        ("Stone", "Stone"),
        ("Ontario", "Ontario"),
        ("", ""),
    ],
)
def test_small_words_inside_a_place_name_stay_small(written, shown):
    assert place_name(written) == shown


def test_no_town_of_a_school_is_shown_with_a_large_small_word(db):
    towns = set(Site.objects.values_list("town", flat=True))
    assert "Stoke-on-Trent" in towns
    assert {town for town in towns if town != place_name(town)} == set()


def test_item_12_says_that_the_published_arrangements_leave_it_out(db):
    assert "leave this item out" in ScheduleItem.objects.get(number=12).note


def test_a_body_of_both_areas_has_both(db):
    police = Agency.objects.get(slug="staffs-police")
    assert {area.slug for area in police.areas.all()} == {"stoke-on-trent", "staffordshire"}
    assert Area.objects.exclude(kind="locality").count() == 4


def test_one_organisation_stands_under_several_items(db):
    academies = Agency.objects.get(slug="schools-academy")
    assert [(c.item_id, c.basis) for c in academies.classifications.all()] == [(n, "stated") for n in (1, 2, 3)]


def test_a_month_without_a_day_is_taken_as_its_first_and_says_so(db):
    county = Agency.objects.get(slug="scc")
    assert county.ends == date(2021, 10, 1)
    assert "only the month" in county.note


def test_successions_lead_from_boards_and_groups_to_todays_bodies(db):
    pairs = set(Succession.objects.values_list("predecessor__slug", "successor__slug", "on"))
    assert pairs == {
        ("sot-staffs-ccgs", "sot-staffs-icb", date(2022, 7, 1)),
        ("sscb", "ssscb", date(2019, 4, 1)),
        ("sotscb", "ssscb", date(2019, 4, 1)),
        ("ssscb", "sotscp", date(2021, 10, 1)),
    }


def test_lead_and_delegated_partners_stand_by_post_without_anybodys_name(db):
    duties = NamedDuty.objects.filter(kind__in=["lsp", "dsp"])
    assert {(d.agency.partner_seat, d.kind) for d in duties} == {
        (seat, kind) for seat in ("la", "icb", "police") for kind in ("lsp", "dsp")
    }
    assert all(duty.post and duty.holder is None for duty in duties)


def test_loading_again_leaves_what_people_changed(db):
    council = Agency.objects.get(slug="sotcc")
    council.name = "City of Stoke-on-Trent Council"
    council.save()
    Alias.objects.filter(agency=council).delete()
    assert not any(load().values())
    council.refresh_from_db()
    assert council.name == "City of Stoke-on-Trent Council"
    assert not council.aliases.exists()


def test_loading_again_makes_what_is_missing(db):
    School.objects.get(urn=146473).agency.delete()
    made = load()
    assert (made["agencies"], made["schools"]) == (0, 1)
    assert School.objects.get(urn=146473).agency.sites.get().postcode == "ST3 3AZ"
