"""Twice a year each lead says who still needs access; silence ends it after a warning, but not what must not end."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership.access.work import work_of
from partnership.deadlines import calendars
from partnership.deadlines.models import Division
from partnership.deadlines.registry import rule_in_force
from partnership.deadlines.working_days import add_working_days
from partnership.directory.confirming import reads, services
from partnership.directory.confirming.sweep import sweep
from partnership.directory.leads import unit
from partnership.directory.leaving import services as leaving
from partnership.directory.models import Confirmation, Departure, Round
from partnership.notify.models import Notice
from partnership.notify.reads import described
from partnership.people.models import DutyKind, Membership, NamedDuty, User
from partnership.people.roles import Role
from partnership.people.services import join
from partnership.ui.dates import plain
from tests.world import person, sign_in

OPENS = date(2027, 4, 1)


def at(day):
    return time_machine.travel(datetime(day.year, day.month, day.day, 10, tzinfo=UTC), tick=False)


def working(day, number):
    return add_working_days(day, number, calendars.load(Division.ENGLAND_AND_WALES)).due


@pytest.fixture
def opened(world):
    with at(OPENS):
        sweep()
    return Round.objects.get(planned_on=OPENS)


def of(world, opened, agency="uhnm"):
    agency = world.agencies[agency] if agency else None
    return Confirmation.objects.get(round=opened, agency=agency)


def told(kind, user):
    return Notice.objects.filter(kind=kind, recipient=user).count()


def test_a_round_opens_on_its_day_once_and_asks_each_organisation_with_people(world, opened):
    with at(OPENS):
        sweep()
    assert Round.objects.count() == 1
    asked = set(Confirmation.objects.filter(round=opened).values_list("agency__slug", flat=True))
    assert asked == {None, *(agency.slug for agency in world.agencies.values())}
    assert of(world, opened).due_on == working(OPENS, 10)
    assert told("confirm_asked", world.lead_same) == 1
    assert told("confirm_asked", world.colleague) == 0


def test_the_days_are_the_rule_s_and_not_the_code_s(world):
    assert [(day.month, day.day) for day in rule_in_force(services.CONFIRM, OPENS).opening_days(2027)] == [
        (4, 1),
        (10, 1),
    ]
    assert rule_in_force(services.CONFIRM, OPENS).length == 10
    assert rule_in_force(services.END, OPENS).length == 5


def test_a_portal_that_was_set_up_later_waits_for_the_next_round(world):
    assert services.due_round(timezone.localdate()) is None


def test_a_round_that_an_outage_kept_is_opened_late_and_counted_from_then(world):
    late = OPENS + timedelta(days=20)
    with at(late):
        sweep()
    assert of(world, Round.objects.get(planned_on=OPENS)).due_on == working(late, 10)


def test_an_organisation_without_a_lead_is_the_units(world, opened):
    about = Notice.objects.filter(kind="confirm_asked", subject_id=of(world, opened, "council").pk)
    assert set(about.values_list("recipient", flat=True)) == unit()  # the council has no lead
    with at(OPENS):
        lines = [work.what for work in work_of(world.officer)[0]]
    assert any("without a lead" in line for line in lines)
    assert any("the partnership’s own roles" in line for line in lines)


def test_reminders_come_once_each_and_the_last_alone_after_an_outage(world, opened):
    row = of(world, opened)
    with at(working(OPENS, 5)):
        sweep()
        sweep()
    assert told("confirm_asked", world.lead_same) == 2
    with at(row.due_on):
        sweep()
    assert told("confirm_asked", world.lead_same) == 3  # of the two whose day has come, the newest


def test_answers_are_kept_one_by_one_until_nobody_waits(world, opened):
    row = of(world, opened)
    services.answer(row, by=world.lead_same, answers={world.author: "keep"})
    row.refresh_from_db()
    assert row.status == "open"
    services.answer(row, by=world.lead_same, answers={world.colleague: "keep", world.lead_same: "keep"})
    row.refresh_from_db()
    assert (row.status, row.answered_by) == ("answered", world.lead_same)
    with at(working(row.due_on, 8)):
        sweep()
    assert Membership.objects.live().filter(agency=world.agencies["uhnm"]).count() == 3


def test_end_ends_access_at_once_where_nothing_is_open_and_begins_a_leaving_where_it_is(world, opened):
    row = of(world, opened)
    left = services.answer(row, by=world.lead_same, answers={world.colleague: "end", world.author: "end"})
    assert [each.user for each in left] == [world.author]
    world.colleague.refresh_from_db()
    assert world.colleague.closed_at
    assert Membership.objects.live().filter(user=world.author).exists()


def test_silence_warns_everybody_and_then_ends_access_but_not_what_must_have_an_owner(world, opened):
    row = of(world, opened)
    warned = working(row.due_on, 1)
    with at(warned):
        sweep()
    row.refresh_from_db()
    assert (row.status, row.ends_on) == ("warned", working(warned, 5))
    assert told("confirm_warned", world.lead_same) == told("confirm_yours", world.colleague) == 1
    assert told("confirm_warned", world.officer) >= 1
    with at(row.ends_on):
        sweep()
        assert Membership.objects.live().filter(user=world.colleague).exists()
    with at(row.ends_on + timedelta(days=1)):
        sweep()
        sweep()
        assert not Membership.objects.live().filter(user=world.colleague).exists()
        # Her return is owed, and law wants it: the unit decides.
        assert Membership.objects.live().filter(user=world.author).exists()
    departure = Departure.objects.get(user=world.author)
    assert departure.status == Departure.Status.DRAFT
    assert Notice.objects.filter(kind="leaving_started", subject_id=departure.pk, recipient=world.officer).exists()


def test_silence_never_empties_a_sealed_folder_nor_the_unit(world, opened):
    row = of(world, opened, None)
    with at(working(row.due_on, 1)):
        sweep()
    row.refresh_from_db()
    with at(row.ends_on + timedelta(days=1)):
        sweep()
        assert unit()
        assert Membership.objects.live().filter(user=world.stranger).exists()  # one of two on 'theirs'


def test_the_unit_gives_longer_with_a_reason_and_the_warning_is_taken_back(world, opened):
    row = of(world, opened)
    with at(working(row.due_on, 1)):
        sweep()
        services.extend(row, by=world.officer, due_on=working(row.due_on, 20), why="The lead is on leave.")
    row.refresh_from_db()
    assert (row.status, row.ends_on) == ("open", None)
    with at(working(OPENS, 18)):
        sweep()
    assert Membership.objects.live().filter(user=world.colleague).exists()


def test_nobody_confirms_their_own_role_for_the_whole_partnership(world, opened):
    row = of(world, opened, None)
    with pytest.raises(PermissionDenied):
        services.answer(row, by=world.officer, answers={world.officer: "keep"})
    with pytest.raises(PermissionDenied):
        services.answer(row, by=world.officer, answers={world.officer_outside: "keep"})
    services.answer(row, by=world.manager, answers={world.officer: "keep"})
    with pytest.raises(PermissionDenied):
        services.answer(row, by=world.manager, answers={world.manager: "keep"})


def test_the_only_manager_is_confirmed_by_another_of_the_unit(world, opened):
    row = of(world, opened, None)
    services.answer(row, by=world.officer, answers={world.manager: "keep"})
    person("second_manager", Role.BUSINESS_MANAGER, None, world.partnership)
    with pytest.raises(PermissionDenied):
        services.answer(row, by=world.officer_outside, answers={world.manager: "end"})


def test_a_lead_ends_the_access_of_no_safeguarding_partner_and_is_not_told_that_she_did(world, opened):
    row, partner = of(world, opened, "police"), world.signer_police
    page, field = reverse("directory:confirm", args=[row.pk]), f"user_{partner.pk.hex}"
    lead = sign_in(Client(), world.deputy_police)
    assert f'id="{field}_keep"' in (body := lead.get(page).content.decode()) and f'id="{field}_end"' not in body
    assert "ask the business unit to end it" in body
    assert lead.post(page, {field: "end", "version": 1}).status_code == 422
    with pytest.raises(PermissionDenied):
        services.answer(row, by=world.deputy_police, answers={partner: "end"})
    assert not row.answers.exists() and Membership.objects.live().filter(user=partner).exists()
    services.answer(row, by=world.deputy_police, answers={partner: "keep"})


def test_the_unit_ends_the_access_of_a_safeguarding_partner(world, opened):
    (left,) = services.answer(
        of(world, opened, "police"), by=world.officer_outside, answers={world.signer_police: "end"}
    )
    assert left.user == world.signer_police  # a duty is held: somebody decides about it first


def test_end_finds_the_leaving_that_is_open_already(world, opened):
    facts = {"agency": world.agencies["uhnm"], "last_day": timezone.localdate() + timedelta(days=9)}
    begun = leaving.start(world.author, by=world.author, altogether=True, **facts)
    assert services.answer(of(world, opened), by=world.lead_same, answers={world.author: "end"}) == [begun]


def test_a_leaving_elsewhere_does_not_stand_in_for_the_one_that_end_begins(world, opened):
    other = world.agencies["mpft"]
    join(world.author, role=Role.AGENCY_STAFF, partnership=world.partnership, agency=other)
    leaving.start(world.author, by=world.manager, agency=other, last_day=timezone.localdate())
    (left,) = services.answer(of(world, opened), by=world.lead_same, answers={world.author: "end"})
    assert (left.agency, left.altogether) == (world.agencies["uhnm"], False)


def test_what_refuses_a_leaving_is_said_at_the_person_and_nothing_is_kept(world, opened, monkeypatch):
    def refuse(*args, **facts):
        raise ValidationError("It cannot begin.")

    monkeypatch.setattr(leaving, "start", refuse)
    row, field = of(world, opened), f"user_{world.colleague.pk.hex}"
    answer = sign_in(Client(), world.lead_same).post(
        reverse("directory:confirm", args=[row.pk]), {field: "end", "version": 1, "sure": "1"}
    )
    assert answer.status_code == 422 and answer.context["form"].errors[field] == ["It cannot begin."]
    assert not row.answers.exists()


def test_a_lead_does_not_end_her_own_access_here(world, opened):
    with pytest.raises(PermissionDenied):
        services.answer(of(world, opened), by=world.lead_same, answers={world.lead_same: "end"})


def as_rows(answer):
    """Name -> what stands in that person's row of the page, without the markup."""
    rows = re.findall(r"<tr.*?</tr>", answer.content.decode(), re.S)
    words = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]
    names = User.objects.values_list("name", flat=True)
    return {name: row for row in words for name in names if row.startswith(f"{name} ")}


def test_the_page_says_to_the_unit_how_many_cases_to_a_lead_nothing_and_to_nobody_which(world, opened):
    lead = person("lead_of_the_icb", Role.AGENCY_LEAD, world.agencies["icb"], world.partnership)
    page = reverse("directory:confirm", args=[of(world, opened, "icb").pk])
    unit_s = sign_in(Client(), world.officer_outside).get(page)
    lead_s = sign_in(Client(), lead).get(page)
    for shown in (unit_s, lead_s):
        assert world.ours.folder.reference not in shown.content.decode()
    assert "Case access" in unit_s.content.decode() and "Case access" not in lead_s.content.decode()
    panel, outside = world.panel.name, world.partner_outside.name
    numbers = {
        name: re.search(r"None (\d+)", row)[1] for name, row in as_rows(unit_s).items() if name in (panel, outside)
    }
    assert numbers == {panel: "1", outside: "0"}
    rows = as_rows(lead_s)
    assert panel in rows and outside in rows and not re.search(r"\d", rows[panel] + rows[outside])
    assert sign_in(Client(), world.lead_other).get(page).status_code == 404


def test_a_forged_answer_about_somebody_of_another_organisation_ends_nothing(world, opened):
    row = of(world, opened)
    client = sign_in(Client(), world.lead_same)
    answer = client.post(
        reverse("directory:confirm", args=[row.pk]), {f"user_{world.lead_other.pk.hex}": "end", "version": 1}
    )
    assert answer.status_code == 302
    assert Membership.objects.live().filter(user=world.lead_other).exists()  # a forged person is nobody


def test_who_answers_for_nobody_is_asked_nothing_and_reads_who_does(world, opened):
    row = of(world, opened, agency=None)
    person("manager_two", Role.BUSINESS_MANAGER, None, world.partnership)
    other = person("unit_other", Role.BUSINESS_UNIT, None, world.partnership)
    page = sign_in(Client(), other).get(reverse("directory:confirm", args=[row.pk])).content.decode()
    assert "nobody here for whom you answer" in page and "All others still need access" not in page
    assert f"{world.manager.name} or " in page and "answers for you" in page and ">Save<" not in page
    with at(OPENS):
        assert not [each for each in work_of(other)[0] if "own roles" in each.what]


def test_only_those_are_asked_about_the_partnerships_own_roles_who_can_answer(world, opened):
    second = person("manager_two", Role.BUSINESS_MANAGER, None, world.partnership)
    other = person("unit_other", Role.BUSINESS_UNIT, None, world.partnership)
    row = of(world, opened, agency=None)
    assert services.answerers(row) == {world.manager.pk, second.pk}
    Membership.objects.filter(user=second).update(ends=timezone.localdate())
    assert other.pk in services.answerers(row), "the only manager waits for somebody else of the unit"
    Membership.objects.filter(user=world.manager).update(ends=timezone.localdate())
    assert services.who_may(row, other)(world.officer), "without a manager the unit answers, or silence would"


def test_when_all_of_ones_own_are_answered_nobody_is_told_to_come_back(world, opened):
    row = of(world, opened, agency=None)
    person("manager_two", Role.BUSINESS_MANAGER, None, world.partnership)
    page = sign_in(Client(), world.manager)
    path = reverse("directory:confirm", args=[row.pk])
    fields = [name for name in page.get(path).context["form"].fields if name.startswith("user_")]
    one = page.post(path, {fields[0]: "keep", "version": 1}, follow=True).content.decode()
    assert "still to be answered for: come back when you like" in one
    done = page.post(path, {"all": "1", "version": 2}, follow=True).content.decode()
    assert "others answer for the rest" in done and "come back" not in done.lower().split("what you save")[0]


def test_home_names_the_day_by_which_organisations_without_a_lead_are_answered_for(world, opened):
    with at(OPENS):
        line = next(each for each in work_of(world.manager)[0] if "without a lead" in each.what)
    assert line.due_on == of(world, opened).due_on


def test_what_was_told_of_a_day_stays_what_it_was_when_the_day_changes(world, opened):
    row = of(world, opened)
    first = row.due_on
    with at(working(row.due_on, 1)):
        sweep()
        row.refresh_from_db()
        ends = row.ends_on
        services.extend(row, by=world.officer, due_on=working(first, 20), why="The lead is on leave.")
    asked = described(Notice.objects.filter(kind="confirm_asked", recipient=world.lead_same), world.lead_same)
    assert f"Answer by {plain(first)}." in {line.text.partition("access? ")[2] for line in asked}
    (warned,) = described(Notice.objects.filter(kind="confirm_warned", recipient=world.lead_same), world.lead_same)
    assert f"it ends after {plain(ends)}. They have longer since: until {plain(working(first, 20))}." in warned.text


def at_page(world, row, user, answers, version=1, **more):
    fields = {f"user_{person.pk.hex}": says for person, says in answers.items()}
    path = reverse("directory:confirm", args=[row.pk])
    return sign_in(Client(), user).post(path, fields | {"version": version} | more)


def test_ending_access_is_asked_once_more_with_what_ends_and_what_waits(world, opened):
    row, duty = of(world, opened), DutyKind.SECTION_11_LEAD
    NamedDuty.objects.create(agency=row.agency, kind=duty, holder=world.author)
    answers = {world.colleague: "end", world.author: "end", world.lead_same: "keep"}
    asked = at_page(world, row, world.lead_same, answers)
    body = " ".join(re.sub(r"<[^>]+>", " ", asked.content.decode()).split())
    assert asked.status_code == 200 and "Nothing is saved yet" in body
    assert not row.answers.exists() and not Departure.objects.unscoped("test").exists()
    author, colleague = body.partition(f" {world.colleague.name} ")[::2]  # in the order of their names
    assert f"Last day Today, {plain(timezone.localdate())}" in colleague and "Agency practitioner: ends" in colleague
    assert "Not yet: somebody must take over" in author and duty.label in author and "return" in author.lower()
    assert world.ours.folder.reference not in body
    sent = {field.name: field.value() for field in asked.context["form"] if field.value()}
    assert sent[f"user_{world.lead_same.pk.hex}"] == "keep", "what was chosen travels with the page"


def test_changing_the_answers_keeps_them_and_saves_nothing(world, opened):
    row = of(world, opened)
    back = at_page(world, row, world.lead_same, {world.colleague: "end"}, change="1")
    assert re.search(rf'id="user_{world.colleague.pk.hex}_end"[^>]* checked', back.content.decode())
    assert not row.answers.exists() and world.colleague.memberships.live().exists()


def test_whose_access_was_ended_keeps_a_row_that_says_so(world, opened):
    row = of(world, opened)
    assert at_page(world, row, world.lead_same, {world.colleague: "end"}, sure="1").status_code == 302
    shown = sign_in(Client(), world.lead_same).get(reverse("directory:confirm", args=[row.pk]))
    assert f"Access ended on {plain(timezone.localdate())}" in as_rows(shown)[world.colleague.name]


def test_a_second_window_is_told_what_was_answered_since_and_keeps_what_was_chosen(world, opened):
    row = of(world, opened)
    services.answer(row, by=world.officer, answers={world.colleague: "keep"})
    late = at_page(world, row, world.lead_same, {world.colleague: "end", world.author: "keep"}, sure="1")
    body = late.content.decode()
    assert late.status_code == 409 and f"{world.officer.name} answered" in body
    assert re.search(rf'id="user_{world.colleague.pk.hex}_end"[^>]* checked', body)
    assert world.colleague.memberships.live().exists() and row.answers.get().says == "keep"


def test_an_older_window_is_told_that_somebody_of_whom_it_asks_has_gone(world, opened):
    row = of(world, opened)
    services.answer(row, by=world.officer, answers={world.colleague: "end"})
    said = at_page(world, row, world.lead_same, {world.colleague: "keep", world.author: "keep"})
    page = sign_in(Client(), world.lead_same)
    assert said.status_code == 302 and [each.user for each in row.answers.filter(says="keep")] == [world.author]
    fields = {f"user_{world.colleague.pk.hex}": "keep", "version": 1}
    shown = page.post(reverse("directory:confirm", args=[row.pk]), fields, follow=True).content.decode()
    assert f"Your answer for {world.colleague.name} was not taken" in shown


def test_two_windows_that_answer_for_different_people_do_not_meet(world, opened):
    row = of(world, opened)
    services.answer(row, by=world.officer, answers={world.colleague: "keep"})
    assert at_page(world, row, world.lead_same, {world.author: "keep"}).status_code == 302
    assert row.answers.count() == 2


def test_who_leaves_before_the_next_round_is_not_asked_about_nor_counted(world, opened):
    row, day = of(world, opened), timezone.localdate() + timedelta(days=12)
    soon = {"agency": row.agency, "last_day": day}
    for user, by in ((world.colleague, world.lead_same), (world.lead_same, world.lead_same)):
        leaving.start(user, by=by, **soon)
    shown = sign_in(Client(), world.lead_same).get(reverse("directory:confirm", args=[row.pk]))
    rows = as_rows(shown)
    assert f"Leaves on {plain(day)}" in rows[world.colleague.name] and "Open the leaving" in rows[world.colleague.name]
    assert f"You leave on {plain(day)}" in rows[world.lead_same.name]
    assert [line.user for line in shown.context["mine"]] == [world.author]
    assert [each for each in work_of(world.lead_same)[0] if "still needs access" in each.what]
    leaving.start(world.author, by=world.officer, **soon)
    assert not [each for each in work_of(world.lead_same)[0] if "still needs access" in each.what]
    leaving.cancel(Departure.objects.unscoped("test").get(user=world.author), by=world.officer)
    services.answer(row, by=world.lead_same, answers={world.author: "keep"})
    row.refresh_from_db()
    assert row.status == "answered"


def test_who_leaves_after_the_next_round_opens_is_asked_about_now(world, opened):
    row = of(world, opened)
    with at(OPENS):
        leaving.start(world.colleague, by=world.lead_same, agency=row.agency, last_day=date(2027, 10, 1))
        assert world.colleague in reads.waiting_of(row)
