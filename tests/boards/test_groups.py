"""Groups and seats: a seat is the fact, what its holder may open follows from it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from boards.demo import fill_groups
from boards.groups import reads, services
from boards.groups.grants import sync
from boards.groups.loading import load
from boards.models import Group, OtherBody, Seat
from boards.open_work import seats_of
from partnership.access.flow import Stale
from partnership.access.models import FolderGrant
from partnership.access.rows import can
from partnership.access.services import bar, grant
from partnership.actions.planning import reads as planning
from partnership.actions.risks.forms import AddRiskForm
from partnership.directory.demo import people
from partnership.directory.requests.moves import decisions
from partnership.notify.models import Alarm
from partnership.people.models import Membership
from partnership.people.roles import Perm, Role
from tests.actions.ground import make_action
from tests.boards import making
from tests.world import london, sign_in

FACTS = {"purpose": "Looks at practice.", "meets": "Monthly", "chair_rule": "", "source": "", "starts": None}

BEGAN = date(2023, 12, 15)


def day(days):
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def group(world):
    return services.add_group(by=world.manager, partnership=world.partnership, name="Practice", parent=None, **FACTS)


def seat(world, group, user=None, **facts):
    facts = {"role": "member", "post": "Head of nursing", "starts": day(-10)} | facts
    return services.add_seat(group, by=world.manager, user=user, **facts)


def roles(group, user):
    rows = FolderGrant.objects.live().filter(content_object=group.folder_id, user=user).select_related("permission")
    return [row.role for row in rows]


def test_the_published_groups_are_there_and_loading_them_again_changes_nothing(db):
    assert {row.name for row in Group.objects.filter(parent__ref="exec").select_related("folder")} == {
        "Quality Assurance Sub-group", "Education Sub-group", "Learning and Development Sub-group",
        "Review Sub-group", "Child Exploitation and Missing Sub-group",
    }  # fmt: skip
    before = Group.objects.count(), Seat.objects.count()
    call_command("load_groups", verbosity=0)
    assert (Group.objects.count(), Seat.objects.count()) == before
    seats = Seat.objects.filter(group__ref="exec")
    assert seats.count() == 8 and not seats.exclude(user=None).exists()


def test_all_published_groups_of_four_arrangements_stand_in_one_history(db):
    rows = Group.objects.exclude(ref="")
    assert rows.count() == 34 and rows.live().count() == 6
    assert not Seat.objects.live().exclude(group__in=rows.live()).exists(), "no seat of an ended group goes on"
    sscb = Seat.objects.filter(group__ref="sscb-board")
    assert sscb.count() == 26 and sscb.values("place").distinct().count() == 26
    assert sscb.get(organisation="Special schools").ends == date(2019, 4, 1), "it is ended on its page, not here"
    observers = Seat.objects.filter(group__ref="joint-board", standing="observer", voting="no")
    assert observers.count() == 2 and Seat.objects.get(post="Lay Member").standing == "adviser"
    assert Seat.objects.filter(group__ref="joint-partnership").count() == 18, "17 are counted there, and Education"
    board = Group.objects.get(ref="exec")
    chain = [board.follows.ref, board.follows.follows.ref, board.follows.follows.follows.ref]
    assert chain == ["st22-exec", "joint-board", "sscb-board"]


def test_groups_of_the_first_release_are_told_what_they_lack_and_keep_what_was_changed(db):
    rows = Group.objects.filter(ref="exec")
    OtherBody.objects.filter(group__ref="exec").delete()
    rows.update(arrangement=None, kind="subgroup", follows=None, starts=None, meets="Every six weeks")
    Seat.objects.filter(group__ref="exec").update(standing="member", represents="agency")
    load()
    row = rows.get()
    assert (row.kind, row.follows.ref, row.meets, row.starts) == ("board", "st22-exec", "Every six weeks", BEGAN)
    assert row.seats.get(post__startswith="Independent").standing == "adviser" and row.others.count() == 6
    rows.update(kind="panel")
    load()
    assert rows.get().kind == "panel"


def test_a_chair_manages_the_groups_actions_and_a_member_reads_them(world, group):
    seat(world, group, world.board_member, role="chair")
    seat(world, group, world.colleague)
    assert can(world.board_member, Perm.ACTION_APPROVE, group.folder)
    assert can(world.colleague, Perm.ACTION_VIEW, group.folder)
    assert not can(world.colleague, Perm.ACTION_APPROVE, group.folder)


def test_access_ends_with_the_seat_and_the_vacancy_stays(world, group):
    row = seat(world, group, world.colleague)
    vacancy = services.end_seat(row, by=world.manager, ends=day(0))
    assert roles(group, world.colleague) == []
    assert vacancy.user is None and vacancy.post == "Head of nursing"
    places = reads.places(group)
    assert [each.pk for each in places.vacant] == [vacancy.pk] and [each.pk for each in places.earlier] == [row.pk]


def test_a_seat_with_a_last_day_opens_the_group_until_its_evening(world, group):
    seat(world, group, world.colleague, ends=day(5))
    (row,) = FolderGrant.objects.filter(content_object=group.folder_id)
    assert timezone.localtime(row.ends).date() == day(5) and timezone.localtime(row.ends).hour == 0


def test_giving_a_seat_on_keeps_who_sat_when_and_its_deputy(world, group):
    row = seat(world, group, world.lead_same, role="chair")
    deputy = seat(world, group, world.colleague, deputy_for=row, ends=day(30))
    assert roles(group, world.colleague) == [Role.GROUP_MEMBER]
    new = services.give_seat(row, by=world.manager, user=world.lead_other)
    assert roles(group, world.lead_same) == [] and roles(group, world.lead_other) == [Role.CHAIR]
    assert Seat.objects.get(pk=deputy.pk).deputy_for_id == new.pk
    then = reads.places(group, day=day(-1))
    assert [each.user for each in then.held] == [world.lead_same]
    with pytest.raises(Stale):
        services.give_seat(row, by=world.manager, user=world.author)


def test_after_the_services_the_sweep_finds_nothing_to_do(world, group):
    first = seat(world, group, world.board_member, role="chair")
    second = seat(world, group, world.colleague)
    services.change_seat(second, by=world.manager, version=second.version, role="vice")
    services.give_seat(first, by=world.manager, user=world.lead_other)
    services.end_seat(second, by=world.manager, ends=day(4), vacant=False)
    assert sync() == (0, [])


def test_the_sweep_opens_a_seat_on_its_day_and_says_who_cannot_be_let_in(world, group):
    row = seat(world, group, world.colleague, starts=day(3))
    assert roles(group, world.colleague) == []
    Seat.objects.filter(pk=row.pk).update(starts=day(0))
    assert sync() == (1, [])
    assert roles(group, world.colleague) == [Role.GROUP_MEMBER]
    FolderGrant.objects.filter(user=world.colleague).update(ends=timezone.now())
    bar(group.folder, world.colleague, by=world.manager, reason="personal")
    changed, refused = sync()
    assert changed == 0 and "barred" in refused[0]


def test_one_who_cannot_be_let_in_keeps_nobody_else_out_and_is_told(world, group, client):
    bar(group.folder, world.colleague, by=world.manager, reason="personal")
    for user in (world.colleague, world.lead_other):
        Seat.objects.create(group=group, user=user, role="member", starts=day(0), changed_by=world.manager)
    bar(group.folder, world.panel, by=world.manager, reason="personal")
    with pytest.raises(ValidationError, match="barred"):
        seat(world, group, world.panel)
    seat(world, group, world.board_member, role="chair")
    theirs = Seat.objects.get(user=world.colleague)
    assert services.change_seat(theirs, by=world.manager, version=1, post="Ward sister").post == "Ward sister"
    assert roles(group, world.board_member) == [Role.CHAIR]
    assert roles(group, world.lead_other) == [Role.GROUP_MEMBER] and not roles(group, world.colleague)
    _, refused = sync()
    assert len(refused) == 1 and str(world.colleague.pk) in refused[0]
    assert Alarm.objects.get(closed_at=None, what="seat_left_out").data["people"] == 1
    url = reverse("boards:group", args=[group.pk])
    told = f"{world.colleague.name} has a seat and cannot open the group"
    assert told in sign_in(client, world.manager).get(url).content.decode()
    assert told not in sign_in(Client(), world.lead_other).get(url).content.decode()
    Seat.objects.filter(user=world.colleague).update(ends=day(0), starts=day(-1))
    sync()
    assert not Alarm.objects.filter(closed_at=None, what="seat_left_out").exists()


def test_a_seat_keeps_its_place_whoever_holds_it_and_has_one_holder_a_day(world, group):
    first = seat(world, group, world.lead_same, starts=day(-40))
    second = services.give_seat(first, by=world.manager, user=world.colleague, starts=day(-20))
    vacancy = services.end_seat(second, by=world.manager, ends=day(-10))
    assert first.place == second.place == vacancy.place
    assert seat(world, group).place != first.place
    before = {"same_as": first, "starts": day(-90), "user": world.author}
    with pytest.raises(ValidationError, match="holds this seat on one of those days"):
        seat(world, group, **before, ends=day(-35))
    assert seat(world, group, **before, ends=day(-40)).place == first.place


def test_two_records_of_one_person_keep_one_seat_and_its_deputies_lean_on_that(world, group):
    mine = seat(world, group, world.colleague)
    theirs = seat(world, group, world.author)
    deputy = seat(world, group, world.panel, deputy_for=theirs, post="Deputy")
    decisions()["boards.Seat.user"].move(world.author, world.colleague)
    assert not Seat.objects.live().filter(pk=theirs.pk).exists()
    deputy.refresh_from_db()
    assert (deputy.deputy_for_id, deputy.version, deputy.history.count()) == (mine.pk, 2, 2)
    services.end_seat(mine, by=world.manager, ends=day(0))
    assert not roles(group, world.panel), "no deputy is left on a seat that has ended"


def test_an_organisations_seat_has_a_deputy_of_its_own_and_a_sectors_one_from_anywhere(world, group):
    uhnm = world.agencies["uhnm"]
    own = seat(world, group, world.lead_same, agency=uhnm)
    with pytest.raises(ValidationError, match="does not belong to"):
        seat(world, group, world.lead_other, deputy_for=own, post="Deputy")
    seat(world, group, world.colleague, deputy_for=own, post="Deputy")
    sector = seat(world, group, world.panel, organisation="Schools", represents="sector", post="Head")
    outsider = seat(world, group, world.lead_other, deputy_for=sector, post="Deputy")
    with pytest.raises(ValidationError, match="does not belong to"):
        facts = {"agency": uhnm, "organisation": "", "represents": "agency"}
        services.change_seat(sector, by=world.manager, version=sector.version, **facts)
    Membership.objects.filter(user=world.author).update(ends=day(-30))
    with pytest.raises(ValidationError, match="does not belong to"):
        seat(world, group, world.author, deputy_for=own, post="Second deputy")
    assert roles(group, outsider.user) == [Role.GROUP_MEMBER]


def test_one_person_may_sit_for_two_areas_and_keeps_what_the_better_seat_opens(world, group):
    shared = {"post": "Designated Doctor", "represents": "area"}
    north = seat(world, group, world.colleague, organisation="North", role="chair", **shared)
    south = seat(world, group, world.colleague, organisation="South", **shared)
    assert set(roles(group, world.colleague)) == {Role.CHAIR, Role.GROUP_MEMBER} and sync() == (0, [])
    services.end_seat(north, by=world.manager, ends=day(0))
    assert roles(group, world.colleague) == [Role.GROUP_MEMBER]
    with pytest.raises(ValidationError, match="own deputy"):
        seat(world, group, world.colleague, deputy_for=south, post="Deputy")


def test_whoever_observes_or_advises_has_no_vote_and_an_observer_does_not_chair(world, group):
    for facts in ({"standing": "observer", "voting": "yes"}, {"standing": "adviser", "voting": "yes"}):
        with pytest.raises(ValidationError, match="has no vote"):
            seat(world, group, world.colleague, **facts)
    with pytest.raises(ValidationError, match="does not chair"):
        seat(world, group, world.colleague, standing="observer", voting="no", role="chair")


def test_a_task_group_has_an_end_and_is_extended_before_it_is_over(world):
    facts = FACTS | {"by": world.manager, "parent": None, "kind": "task"}
    with pytest.raises(ValidationError, match="has an end"):
        services.add_group(partnership=world.partnership, name="Records", **facts)
    row = services.add_group(partnership=world.partnership, name="Records", ends=day(30), **facts)
    held, left = seat(world, row, world.colleague), seat(world, row, world.author, post="Nurse")
    services.end_seat(left, by=world.manager, ends=day(5))
    assert Seat.objects.get(pk=held.pk).ends == day(30), "no seat outlasts its group"
    row = services.change_group(row, version=1, name="Records", ends=day(90), **facts)
    assert row.ends == day(90) and Seat.objects.get(pk=held.pk).ends == day(90)
    assert {each.ends for each in Seat.objects.filter(place=left.place)} == {day(5), day(90)}
    (held,) = FolderGrant.objects.live().filter(content_object=row.folder_id, user=world.colleague)
    assert timezone.localtime(held.ends).date() == day(90) and sync() == (0, [])
    with pytest.raises(ValidationError, match="ends before that day"):
        seat(world, row, world.panel, starts=day(91))
    Group.objects.filter(pk=row.pk).update(ends=day(0))
    with pytest.raises(ValidationError, match="ended already"):
        services.change_group(row, version=row.version, name="Records", ends=day(120), **facts)


def test_the_page_of_a_group_that_has_ended_shows_its_last_day_and_its_seats_are_put_right_there(world, client):
    sign_in(client, world.manager)
    board = Group.objects.get(ref="sscb-board")
    url = reverse("boards:group", args=[board.pk])
    page = client.get(url).content.decode()
    assert "sat on it on 31 March 2019" in page and "Special schools" in page
    special = Seat.objects.get(organisation="Special schools")
    last = {"ends_day": 30, "ends_month": 6, "ends_year": 2018}
    assert client.post(reverse("boards:seat_end", args=[special.pk]), last)["Location"] == url
    special.refresh_from_db()
    assert special.ends == date(2018, 7, 1)
    shown = client.get(reverse("boards:on_day"), {"on_day": 15, "on_month": 9, "on_year": 2018}).content.decode()
    assert "25 seats" in shown and "An Independent Chair" in shown and "Safeguarding Partnership Executive" not in shown


def test_on_a_day_the_held_meetings_are_those_that_the_reader_may_see(world, group, client):
    making.meeting(group, title="The May meeting", starts_at=london(2026, 5, 12, 10), status="held")
    making.meeting(group, title="The cancelled one", starts_at=london(2026, 5, 12, 14), status="cancelled")
    asked = {"on_day": 12, "on_month": 5, "on_year": 2026}
    page = sign_in(client, world.manager).get(reverse("boards:on_day"), asked).content.decode()
    assert "The May meeting" in page and "The cancelled one" not in page
    page = sign_in(Client(), world.colleague).get(reverse("boards:on_day"), asked).content.decode()
    assert "The May meeting" not in page and group.name in page


def test_seats_without_a_holder_are_listed_of_todays_groups_alone(world, group, client):
    seat(world, group, post="Head of midwifery")
    sign_in(client, world.manager)
    page = client.get(reverse("boards:vacant_seats")).content.decode()
    assert "Head of midwifery" in page and "Chief Executive" in page and "Named GP" not in page
    page = client.get(reverse("boards:vacant_seats"), {"group": str(group.pk)}).content.decode()
    assert "Head of midwifery" in page and "Chief Executive" not in page


def test_nobody_sits_twice_on_a_group_at_one_time(world, group):
    seat(world, group, world.colleague)
    with pytest.raises(ValidationError, match="already"):
        seat(world, group, world.colleague, role="vice")
    other = seat(world, group)
    with pytest.raises(ValidationError, match="already"):
        services.give_seat(other, by=world.manager, user=world.colleague)


def test_who_does_not_keep_the_groups_changes_nothing_of_them_past_the_pages_either(world, group):
    """A seat opens the group: what its chair may not do on a page no service does for them."""
    row, by = seat(world, group, world.board_member, role="chair"), world.board_member
    for deed in (
        lambda: services.add_group(by=by, partnership=world.partnership, name="Mine", parent=None, **FACTS),
        lambda: services.change_group(group, by=by, version=group.version, name="Mine", parent=None, **FACTS),
        lambda: services.close_group(group, by=by, ends=day(1)),
        lambda: services.add_seat(group, by=by, user=world.colleague, role="member", post="Nurse"),
        lambda: services.change_seat(row, by=by, version=row.version, post="Mine"),
        lambda: services.give_seat(row, by=by, user=world.colleague),
        lambda: services.end_seat(row, by=by, ends=day(1)),
    ):
        with pytest.raises(PermissionDenied):
            deed()
    assert Seat.objects.filter(group=group).count() == 1


def test_nobody_gives_a_seat_to_themselves(world, group):
    with pytest.raises(ValidationError, match="yourself"):
        seat(world, group, world.manager)


def test_a_group_never_stands_below_itself(world, group):
    below = services.add_group(
        by=world.manager, partnership=world.partnership, name="Practice task group", parent=group, **FACTS
    )
    facts = FACTS | {"parent": below, "name": "Practice", "version": group.version}
    with pytest.raises(ValidationError, match="below itself"):
        services.change_group(group, by=world.manager, **facts)
    with pytest.raises(ValidationError, match="Groups below it"):
        services.close_group(group, by=world.manager, ends=day(1))


def test_the_seats_of_a_group_end_with_it(world, group):
    row = seat(world, group, world.colleague)
    services.close_group(group, by=world.manager, ends=day(0))
    assert Seat.objects.get(pk=row.pk).ends == day(0) and roles(group, world.colleague) == []
    with pytest.raises(ValidationError, match="has ended"):
        seat(world, Group.objects.get(pk=group.pk), world.author)


def test_a_seat_and_a_group_end_sooner_also_for_a_holder_who_is_barred_since(world, group):
    row, other = seat(world, group, world.colleague), seat(world, group, world.author)
    bar(group.folder, world.colleague, by=world.manager, reason="personal")
    services.end_seat(row, by=world.manager, ends=day(10), vacant=False)
    (held,) = FolderGrant.objects.filter(content_object=group.folder_id, user=world.colleague)
    assert timezone.localtime(held.ends).date() == day(10)
    services.close_group(group, by=world.manager, ends=day(5))
    held.refresh_from_db()
    (theirs,) = FolderGrant.objects.filter(content_object=group.folder_id, user=other.user)
    assert {timezone.localtime(each.ends).date() for each in (held, theirs)} == {day(5)}
    assert sync() == (0, []), "no second grant, and nothing to do"


def test_a_group_that_has_ended_keeps_its_actions_and_takes_no_new_ones(world, group, client):
    row = make_action(world, group.folder)
    sign_in(client, world.manager)
    assert b"Its 1 live action stays" in client.get(reverse("boards:group_close", args=[group.pk])).content
    register = reverse("actions:register")
    add = reverse("actions:add", args=[group.pk])
    assert b"?add=yes" in client.get(register).content and add.encode() in client.get(f"{register}?add=yes").content
    services.close_group(group, by=world.manager, ends=day(0))
    assert group.folder not in AddRiskForm(user=world.manager).fields["folder"].queryset
    assert str(group.pk) not in dict(planning.groups()) and str(group.pk) in dict(planning.groups(str(group.pk)))
    page = client.get(add, follow=True).content.decode()
    assert "This group has ended" in page and row.what in page and "Add an action" not in page
    assert "Owed to the next meeting" in page, "the tabs of the group stay"
    with pytest.raises(ValidationError, match="has ended"):
        make_action(world, group.folder)


def test_a_case_role_is_not_given_on_a_group(world, group):
    with pytest.raises(ValidationError, match="seat"):
        grant(group.folder, world.colleague, Role.CASE_OFFICER, by=world.manager, reason="Helps.")


def test_people_with_access_leads_to_the_seats_of_a_group(world, group, client):
    seat(world, group, world.colleague)
    sign_in(client, world.manager)
    page = client.get(reverse("access:people", args=[group.pk])).content.decode()
    assert "Access comes with a seat" in page and "Let somebody in" not in page and "End access" not in page
    for name in ("let_in", "take_off"):
        assert client.get(reverse(f"access:{name}", args=[group.pk]))["Location"] == reverse(
            "boards:group", args=[group.pk]
        )


def test_a_seat_is_something_that_a_leaver_hands_over(world, group):
    row = seat(world, group, world.colleague, agency=world.agencies["uhnm"])
    (held,) = seats_of(world.colleague)
    assert held.must_hand_over and held.candidates(world.lead_same) is None
    assert world.lead_same in held.candidates(world.manager) and world.lead_other not in held.candidates(world.manager)
    held.hand_over(world.lead_same, by=world.manager)
    assert roles(group, world.lead_same) == [Role.GROUP_MEMBER] and roles(group, world.colleague) == []
    (held,) = seats_of(world.lead_same)
    held.vacate(by=world.manager)
    assert not list(seats_of(world.lead_same)) and row.group_id == group.pk


def test_a_seat_is_given_and_ended_in_the_browser(world, group, client):
    sign_in(client, world.manager)
    vacant = seat(world, group, agency=world.agencies["uhnm"])
    today = {f"starts_{part}": getattr(day(0), part) for part in ("day", "month", "year")}
    page = client.post(
        reverse("boards:seat_give", args=[vacant.pk]), {"user": world.colleague.pk, "post": "Nurse"} | today
    )
    assert page["Location"] == reverse("boards:group", args=[group.pk])
    shown = client.get(page["Location"]).content.decode()
    assert world.colleague.name in shown and ">Vacant</strong>" not in shown
    sign_in(client, world.colleague)
    shown = client.get(reverse("boards:group", args=[group.pk])).content.decode()
    assert "Give to somebody else" not in shown and "Add a seat" not in shown
    assert client.get(reverse("boards:seat_add", args=[group.pk])).status_code == 403


def test_a_stale_edit_of_a_group_shows_both_texts(world, group, client):
    sign_in(client, world.manager)
    services.change_group(
        group, by=world.officer, version=1, name="Practice", **FACTS | {"parent": None, "meets": "Weekly"}
    )
    sent = {"name": "Practice", "kind": "subgroup", "papers_due": 5, "meets": "Yearly", "version": 1}
    page = client.post(reverse("boards:group_edit", args=[group.pk]), sent)
    assert page.status_code == 409 and b"Weekly" in page.content and b"Yearly" in page.content


def test_the_demo_seats_its_people_once_and_the_sweep_agrees(db):
    everybody = people()
    fill_groups(everybody)
    seats = Seat.objects.exclude(user=None)
    assert seats.filter(group__ref="quality", role="chair").get().user == everybody["panel_council"]
    assert not seats.filter(user=everybody["board_member"]).exclude(role="member").exists(), "a lead member observes"
    assert seats.get(user=everybody["board_member"]).standing == "observer"
    held = seats.count()
    fill_groups(everybody)
    assert seats.count() == held and sync() == (0, [])


def test_nobody_gives_a_seat_to_themselves_not_even_one_that_begins_tomorrow(world):
    group = Group.objects.select_related("folder").get(ref="quality")
    tomorrow = timezone.localdate() + timedelta(days=1)
    facts = {"role": "chair", "post": "Chair"}
    with pytest.raises(ValidationError, match="to yourself"):
        services.add_seat(group, by=world.officer, user=world.officer, starts=tomorrow, **facts)
    seat = services.add_seat(group, by=world.officer, **facts)
    with pytest.raises(ValidationError, match="to yourself"):
        services.give_seat(seat, by=world.officer, user=world.officer, starts=tomorrow)
    held = services.add_seat(group, by=world.manager, user=world.officer, role="member", post="Minutes")
    with pytest.raises(ValidationError, match="to yourself"):
        services.change_seat(held, by=world.officer, version=held.version, role="chair")
