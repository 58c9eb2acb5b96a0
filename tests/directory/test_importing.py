"""Taking a register in: what is shown, what is chosen, and that nothing happens by halves."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnership.access.flow import Stale
from partnership.directory import services as directory
from partnership.directory.history import history_of
from partnership.directory.importing import incoming, reads, services
from partnership.directory.models import ImportBatch, ImportRow
from partnership.documents.tables.limits import Unreadable
from partnership.people.models import (
    Agency,
    Area,
    Classification,
    NamedDuty,
    Ownership,
    Registration,
    ScheduleItem,
    School,
    Succession,
)
from partnership.trail.models import Event
from tests.directory.registers import COLUMNS, lines, preview, school, table, take

pytestmark = pytest.mark.usefixtures("world")
TRUST = {"Trusts (code)": "17001", "Trusts (name)": "Canal Learning Trust"}


def closed(urn=999001, on="31-08-2024", **said):
    return school(urn, **{"EstablishmentStatus (name)": "Closed", "CloseDate": on} | said)


def held(urn=999001):
    return Agency.objects.get(school__urn=urn)


def hold(*rows):
    take(preview(table(*rows)))
    return held(int(rows[0]["URN"]))


def test_a_new_school_gets_everything_that_the_register_says_of_it(world):
    batch = preview(table(school(**TRUST, SchoolWebsite="https://canal.example/")), by=world.people["directory_admin"])
    take(batch, by=world.people["directory_admin"])
    agency = held()
    facts = School.objects.values().get(agency=agency)
    assert (agency.kind, agency.slug, agency.starts, agency.ends) == ("school", "urn-999001", date(1995, 9, 1), None)
    assert (facts["register_status"], facts["phase"], facts["low_age"], facts["high_age"]) == ("Open", "Primary", 3, 11)
    assert facts["establishment_group"] == "Local authority maintained schools"
    assert [area.slug for area in agency.areas.all()] == ["stoke-central", "stoke-on-trent"]
    assert agency.website == "https://canal.example/"
    site = agency.sites.get()
    assert (site.name, site.town, site.postcode) == (agency.name, "Stoke-on-Trent", "ST1 9ZZ")
    assert Classification.objects.get(agency=agency).item_id == 4
    assert {"canal bridge primary school", "999001", "st1 9zz", "st19zz"} <= set(agency.words.strip().split(" | "))
    owner = Ownership.objects.get(agency=agency).owner
    assert (owner.kind, owner.registrations.get().number) == ("group", "17001")
    assert agency.history.get().history_user == world.people["directory_admin"]
    assert Event.objects.filter(verb="import_taken", object_id=batch.pk).count() == 1
    assert batch.counts["taken"] == {"new": 1}


def test_a_change_is_shown_field_by_field_and_stands_in_the_history_of_its_organisation(world):
    agency = hold(school())
    batch = preview(table(school(EstablishmentName="Canal Bridge Academy", StatutoryLowAge="2", Postcode="ST2 9ZZ")))
    row = batch.rows.get()
    assert row.old == {"name": "Canal Bridge Primary School", "low_age": 3, "postcode": "ST1 9ZZ"}
    assert row.new == {"name": "Canal Bridge Academy", "low_age": 2, "postcode": "ST2 9ZZ"}
    take(batch, by=world.people["directory_admin"])
    site = agency.sites.get()
    assert (site.name, site.postcode) == ("Canal Bridge Academy", "ST2 9ZZ")
    told = {(change.by, change.title) for change in history_of(agency)}
    who = world.people["directory_admin"].name
    assert (who, "Changed this organisation") in told
    assert (who, "Took over from the National schools register: Youngest pupils from 3 to 2") in told


def test_an_empty_cell_takes_nothing_away():
    agency = hold(school(SchoolWebsite="https://canal.example"))
    assert lines(preview(table(school(Town="", Postcode="", SchoolWebsite="", StatutoryLowAge="")))) == []
    assert agency.website == "https://canal.example"


def test_half_a_file_closes_nothing_and_says_that_it_looks_like_a_part():
    open_before = Agency.objects.live().filter(kind="school").count()
    batch = preview(table(school()))
    missing = reads.missing(batch)
    assert (missing.number, missing.held, missing.part, len(missing.names)) == (245, 245, True, 20)
    take(batch)
    assert Agency.objects.live().filter(kind="school").count() == open_before + 1


def test_only_rows_of_the_chosen_authorities_are_shown_and_one_that_moved_out_of_them():
    agency = hold(school())
    batch = preview(table(school(**{"LA (code)": "888"}), school(999002, **{"LA (code)": "888"})), scope=("861",))
    assert (lines(batch), batch.left_out) == ([(2, "moved", "999001")], {"in other areas": 1})
    take(batch)
    assert [area.slug for area in agency.areas.all()] == ["england"], "the directory keeps no area of Lancashire"
    assert School.objects.get(urn=999001).local_authority_code == "888"
    take(preview(table(school())))
    assert sorted(area.slug for area in agency.areas.all()) == ["stoke-central", "stoke-on-trent"]


def test_districts_and_localities_that_the_directory_keeps_place_a_school():
    Area.objects.filter(kind="locality").update(postcodes=[])  # those that the portal proposes
    Area.objects.create(slug="tunstall", name="Tunstall", kind="locality", postcodes=["ST6"])
    Area.objects.create(slug="burslem", name="Burslem", kind="locality", postcodes=["ST1"])
    lichfield = Area.objects.create(slug="lichfield", name="Lichfield", kind="district")
    by_hand = Area.objects.create(slug="cluster", name="A cluster", kind="region")
    agency = hold(school(**{"DistrictAdministrative (name)": "Lichfield"}))
    agency.areas.add(by_hand)
    assert {area.slug for area in agency.areas.all()} == {"stoke-on-trent", "lichfield", "burslem", "cluster"}
    take(preview(table(school(Postcode="ST6 1AA", **{"DistrictAdministrative (name)": "Lichfield"}))))
    assert {area.slug for area in agency.areas.all()} == {"stoke-on-trent", "lichfield", "tunstall", "cluster"}
    assert lichfield.agencies.count() == 1


def test_a_closure_on_which_duties_hang_is_not_chosen_and_is_refused_until_they_end():
    agency = hold(school())
    duty = NamedDuty.objects.create(agency=agency, kind="head", post="Headteacher")
    batch = preview(table(closed(on="31-08-2030")))
    row = batch.rows.get()
    assert (row.action, row.chosen) == ("closed", False)
    assert "1 named duty runs on after 31 August 2030. End them first." in row.problem
    services.choose(batch, every=True)
    take(batch)
    agency.refresh_from_db()
    assert (batch.status, agency.ends) == ("ready", None)
    assert "1 row cannot be taken" in batch.problem
    directory.end_duty(duty, by=None, ends=date(2030, 9, 1))
    services.choose(batch, every=True)
    take(batch)
    agency.refresh_from_db()
    assert (batch.status, agency.ends) == ("taken", date(2030, 9, 1))


def test_a_school_that_the_register_opens_again_is_open_again():
    agency = hold(school())
    take(preview(table(closed())))
    take(preview(table(school())))
    agency.refresh_from_db()
    assert agency.ends is None


def test_a_closed_school_without_a_day_is_named_and_one_never_held_is_left_out():
    hold(school())
    batch = preview(table(closed(on=""), closed(999002)))
    assert lines(batch) == [(2, "wrong", "999001")]
    assert "gives no day" in batch.rows.get().problem
    assert batch.left_out == {"closed, and never in the directory": 1}


def test_two_schools_that_become_one_are_merged_into_it_and_two_that_convert_each_follow_their_own():
    ages = {"StatutoryLowAge": "7", "StatutoryHighAge": "11"}
    hold(school(EstablishmentName="Hill Infant School"), school(999002, EstablishmentName="Hill Junior School", **ages))
    olds = [
        closed(EstablishmentName="Hill Infant School"),
        closed(999002, EstablishmentName="Hill Junior School", **ages),
    ]
    new = {"OpenDate": "01-09-2024"}
    take(preview(table(*olds, school(999003, EstablishmentName="Hill Primary School", **new))))
    assert set(Succession.objects.filter(successor=held(999003)).values_list("kind", flat=True)) == {"merged"}
    pair = [
        school(999004, EstablishmentName="Hill Junior Academy", **ages, **new),
        school(999005, EstablishmentName="Hill Infant Academy", **new),
    ]
    Succession.objects.all().delete()
    take(preview(table(*olds, *pair)))
    followed = Succession.objects.values_list("predecessor__school__urn", "successor__school__urn")
    assert set(followed) == {(999001, 999005), (999002, 999004)}


def test_a_school_that_opens_years_later_at_the_postcode_follows_nobody():
    hold(school())
    batch = preview(table(closed(on="31-08-2014"), school(999002, OpenDate="01-09-2024")))
    assert lines(batch) == [(2, "closed", "999001"), (3, "new", "999002")]


def test_another_trust_ends_the_old_ownership_today_and_begins_the_new_one():
    agency = hold(school(**TRUST))
    other = {"Trusts (code)": "17002", "Trusts (name)": "Another Trust"}
    assert lines(preview(table(school(**TRUST | {"Trusts (name)": "CANAL LEARNING TRUST"})))) == []
    take(preview(table(school(**other))))
    today = timezone.localdate()
    rows = Ownership.objects.filter(agency=agency).order_by("owner__registrations__number")
    assert list(rows.values_list("starts", "ends")) == [(None, today), (today, None)]
    take(preview(table(school(**TRUST))))
    assert list(rows.filter(ends=None).values_list("owner__name", flat=True)) == ["Canal Learning Trust"]
    take(preview(table(school())))
    assert not rows.filter(ends=None).exists()
    assert Registration.objects.filter(register="group").count() == 2


def test_a_closed_school_is_run_by_nobody_though_the_register_still_names_its_trust():
    agency = hold(school(**TRUST))
    take(preview(table(closed(**TRUST))))
    assert Ownership.objects.get(agency=agency).ends == date(2024, 9, 1)
    assert lines(preview(table(closed(**TRUST)))) == []


@pytest.mark.parametrize(
    ("kind", "item"),
    [
        ("Academy converter", 1),
        ("Free schools 16 to 19", 2),
        ("Academy alternative provision converter", 3),
        ("Voluntary aided school", 4),
        ("Local authority nursery school", 5),
        ("Pupil referral unit", 6),
        ("Other independent school", 7),
        ("Non-maintained special school", 8),
        ("Special post 16 institution", 9),
        ("Further education", 10),
    ],
)
def test_a_school_falls_under_the_item_of_the_body_that_runs_its_type(kind, item):
    agency = hold(school(**{"TypeOfEstablishment (name)": kind}))
    assert Classification.objects.get(agency=agency).item_id == item


def test_another_type_ends_the_inferred_item_and_leaves_a_stated_one():
    agency = hold(school())
    directory.add_classification(agency, by=None, item=ScheduleItem.objects.get(pk=12), basis="stated")
    take(preview(table(school(**{"TypeOfEstablishment (name)": "Pupil referral unit"}))))
    today = timezone.localdate()
    rows = Classification.objects.filter(agency=agency).order_by("item_id")
    assert list(rows.values_list("item_id", "starts", "ends")) == [(4, None, today), (6, today, None), (12, None, None)]


def test_a_number_that_stands_twice_names_both_lines_and_takes_neither():
    batch = preview(table(school(), school(999002), school(EstablishmentName="Another")))
    assert lines(batch) == [(2, "wrong", "999001"), (3, "new", "999002"), (4, "wrong", "999001")]
    assert {row.problem for row in batch.rows.filter(action="wrong")} == {
        "The URN 999001 stands in lines 2 and 4: only one of them can be right."
    }


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"URN": "12345"}, "not a number of six figures"),
        ({"URN": "abc"}, "is not a number"),
        ({"URN": ""}, "The row has no number (URN)."),
        ({"EstablishmentName": " "}, "no name"),
        ({"EstablishmentName": "x" * 201}, "longer than 200"),
        ({"OpenDate": "31-02-2020"}, "no day of the calendar"),
        ({"OpenDate": "soon"}, "not a day like"),
        ({"OpenDate": "01-09-0202"}, "not a day of our time"),
        ({"Postcode": "ST1"}, "not a full UK postcode"),
        ({"StatutoryLowAge": "400"}, "cannot be"),
        ({"EstablishmentStatus (name)": "Closed", "CloseDate": "01-01-1990"}, "closed before it opened"),
    ],
)
def test_a_wrong_row_is_named_by_its_line_and_the_others_can_still_be_taken(said, words):
    batch = preview(table(school(999002), school(**said)))
    wrong = batch.rows.get(action="wrong")
    assert wrong.line == 3
    assert words in wrong.problem
    services.choose(batch, every=True)
    assert take(batch).counts["taken"] == {"new": 1}


@pytest.mark.parametrize(
    "name", ["O’Brien-Ní Dhomhnaill School", "مدرسة", "<script>alert(1)</script>", "=HYPERLINK(1)"]
)
def test_a_name_is_kept_as_it_is_written(name):
    take(preview(table(school(EstablishmentName=name), encoding="utf-8")))
    assert held().name == name


def test_what_cannot_be_seen_in_a_name_is_left_out_and_accents_are_composed():
    take(preview(table(school(EstablishmentName="Zoe\u0308 \u202eloohcs\u200b\n House"), encoding="utf-8")))
    assert held().name == "Zoë loohcs House"


def test_a_website_that_is_none_is_left_out_with_a_remark_and_its_school_is_taken():
    batch = preview(table(school(SchoolWebsite="javascript:alert(1)")))
    assert "is left out" in batch.rows.get().problem
    take(batch)
    assert held().website == ""


# --- choosing and taking ---


def test_rows_that_are_not_ticked_are_not_taken():
    batch = preview(table(school(), school(999002), school(999003)))
    first, second, _ = batch.rows.values_list("pk", flat=True)
    services.choose(batch, shown=[first, second], ticked=[second])
    take(batch)
    assert set(School.objects.filter(urn__gte=999001).values_list("urn", flat=True)) == {999002, 999003}


def test_a_page_on_which_nothing_is_ticked_chooses_nothing_of_it():
    batch = preview(table(school(), school(999002)))
    services.choose(batch, shown=[batch.rows.first().pk], ticked=[])
    assert list(batch.rows.values_list("chosen", flat=True)) == [False, True]


def test_a_whole_group_is_chosen_or_not_and_a_wrong_row_never_is():
    hold(school())
    batch = preview(table(school(StatutoryLowAge="2"), school(999002), school(URN="1E5")))
    services.choose(batch, every=False, action="new")
    assert list(batch.rows.filter(chosen=True).values_list("action", flat=True)) == ["changed"]
    services.choose(batch, every=True)
    services.choose(batch, shown=batch.rows.values_list("pk"), ticked=batch.rows.values_list("pk"))
    assert set(batch.rows.filter(chosen=True).values_list("action", flat=True)) == {"changed", "new"}


def test_a_row_whose_organisation_was_changed_since_the_preview_is_refused_and_nothing_is_taken():
    agency = hold(school())
    batch = preview(table(school(StatutoryLowAge="2"), school(999002)))
    School.objects.filter(agency=agency).update(low_age=5)
    take(batch)
    assert (batch.status, School.objects.filter(urn=999002).exists()) == ("ready", False)
    row = batch.rows.get(agency=agency)
    assert (row.chosen, row.problem) == (
        False,
        "Youngest pupils: changed since the preview was made. In the directory now: 5.",
    )
    take(batch)
    assert (batch.status, School.objects.filter(urn=999002).exists()) == ("taken", True)


def test_a_school_that_was_added_by_hand_since_the_preview_is_refused():
    batch = preview(table(school()))
    hold(school(EstablishmentName="By hand"))
    take(batch)
    assert (batch.status, held().name) == ("ready", "By hand")


def test_a_preview_of_the_same_file_that_another_took_meanwhile_takes_nothing_twice():
    first, second = preview(table(school())), preview(table(school()))
    take(first)
    take(second)
    assert (second.status, School.objects.filter(urn=999001).count()) == ("ready", 1)


def test_a_batch_is_taken_once(world):
    batch = preview(table(school()))
    take(batch)
    with pytest.raises(Stale):
        take(batch)
    with pytest.raises(Stale):
        services.discard(batch, by=None)


def test_another_number_than_the_page_showed_is_refused():
    batch = preview(table(school(), school(999002)))
    with pytest.raises(Stale, match="2 of the rows are chosen now, not 1"):
        services.accept(batch, by=None, seen=1, ask_for_it=False)
    services.choose(batch, every=False)
    with pytest.raises(ValidationError, match="at least one row"):
        services.accept(batch, by=None, ask_for_it=False)


def test_a_discarded_preview_leaves_its_counts_and_no_rows():
    batch = preview(table(school()))
    services.discard(batch, by=None)
    batch.refresh_from_db()
    assert (batch.status, batch.rows.count(), School.objects.filter(urn=999001).exists()) == ("discarded", 0, False)


def test_a_taking_that_breaks_half_way_leaves_nothing(monkeypatch):
    from partnership.directory.importing import creating, taking

    monkeypatch.setattr(taking, "CHUNK", 1)
    real, calls = creating.create, []

    def breaking(batch_taking, rows):
        calls.append(rows)
        if len(calls) == 2:
            raise RuntimeError("the database went away")
        real(batch_taking, rows)

    monkeypatch.setattr(creating, "create", breaking)
    batch = preview(table(school(), school(999002)))
    with pytest.raises(RuntimeError):
        take(batch)
    batch.refresh_from_db()
    assert (batch.status, School.objects.filter(urn__gte=999001).count()) == ("ready", 0)


# --- the file ---


def test_the_file_is_for_its_owners_eyes_and_goes_with_its_reading(world, django_capture_on_commit_callbacks):
    batch = services.start(source="schools", name="x.csv", chunks=[table(school())], scope=("861",))
    path = incoming.path_of(batch.pk)
    assert path.stat().st_mode & 0o777 == 0o600
    with django_capture_on_commit_callbacks(execute=True):
        services.keep_reading(batch, services.read(batch, progress=lambda *said: None))
    assert not path.exists()


def test_a_file_that_is_refused_leaves_nothing_behind():
    before = set(incoming.place().iterdir())
    with pytest.raises(Unreadable):
        preview(b"<html>")
    assert (set(incoming.place().iterdir()), ImportBatch.objects.count()) == (before, 0)


def test_the_sweep_deletes_old_files_and_the_rows_of_old_batches(monkeypatch):
    batch = preview(table(school()))
    kept = services.start(source="schools", name="x.csv", chunks=[table(school())], scope=("861",))
    services.sweep()
    assert (incoming.path_of(kept.pk).exists(), batch.rows.count()) == (True, 1)
    ImportBatch.objects.update(uploaded_at=timezone.now() - timedelta(days=91))
    monkeypatch.setattr(incoming, "KEPT_SECONDS", -1)
    services.sweep()
    assert (incoming.path_of(kept.pk).exists(), ImportRow.objects.count()) == (False, 0)


def test_a_reading_whose_file_is_gone_says_so():
    batch = services.start(source="schools", name="x.csv", chunks=[table(school())], scope=("861",))
    incoming.forget(batch.pk)
    services.keep_reading(batch, services.read(batch, progress=lambda *said: None))
    batch.refresh_from_db()
    assert (batch.status, "Upload it again" in batch.problem) == ("failed", True)


def test_a_name_of_a_file_is_shown_without_its_path_and_without_what_cannot_be_seen():
    assert incoming.shown_name("C:\\secret\\edu\u202efdp\n.csv") == "edufdp.csv"


def test_the_columns_that_are_kept_name_no_head_and_no_telephone():
    from partnership.directory.importing.sources.schools import COLUMNS as KEPT

    named = {name for column in KEPT for name in column.names}
    assert not {name for name in named if name.startswith(("Head", "Props", "Telephone"))}
    assert {"HeadLastName", "PropsName", "TelephoneNum"} <= set(COLUMNS)


def test_a_preview_and_a_taking_ask_the_same_for_few_and_for_many_rows():
    def queries(*urns):
        with CaptureQueriesContext(connection) as seen:
            take(preview(table(*(school(urn) for urn in (ours, *urns)))))
        return len(seen)

    ours = School.objects.order_by("urn").values_list("urn", flat=True)[0]
    queries(990000)  # what is asked once
    assert queries(990001, 990002) == queries(*range(990101, 990401)) <= 60
