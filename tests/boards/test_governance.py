"""How groups work: quorum, whose turn it is to chair, terms of reference, boards of others."""

from datetime import date, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from boards.groups import governance, handing, reads, services
from boards.groups.quorum import NO_RULE, Rule, quorum_on, standing
from boards.groups.rotation import chair_on, next_turn, turns
from boards.models import Decision, Group, Rotation, Seat, Terms
from partnership.access.flow import Stale
from partnership.access.models import FolderGrant
from partnership.access.services import grant
from partnership.documents.models import Document
from partnership.notify.models import Notice
from partnership.people.models import Agency
from partnership.people.roles import Role
from tests.boards import making
from tests.world import sign_in

PARTNERS = ("council", "icb", "police")
IDS = {name: uuid4() for name in PARTNERS}


def day(days):
    return timezone.localdate() + timedelta(days=days)


def place(agency=None, **facts):
    facts = {"standing": "member", "voting": "unknown", "agency_id": IDS.get(agency), "deputy_for_id": None} | facts
    return SimpleNamespace(place=uuid4(), **facts)


@pytest.fixture
def group(world):
    return making.group(world)


def seat(world, group, user, agency, **facts):
    facts = {"role": "member", "post": f"Head at {agency}", "starts": day(-200)} | facts
    return services.add_seat(group, by=world.manager, user=user, agency=world.agencies[agency], **facts)


def test_all_three_partners_must_be_there_by_a_member_or_deputy():
    seats = [place(name) for name in PARTNERS] + [place("council", standing="observer", voting="no")]
    rule = Rule(agencies=tuple((IDS[name], name) for name in PARTNERS))
    assert standing(rule, seats, {seat.place for seat in seats}).ok
    short = standing(rule, seats, {seats[1].place, seats[2].place, seats[3].place})
    assert not short.ok and "council is not there" in short.words, "its observer does not stand for it"
    assert [each.met for each in short.conditions] == [False, True, True]


def test_observers_advisers_deputies_seats_and_those_without_a_vote_count_nowhere():
    members = [place() for _ in range(5)]
    others = [place(standing="observer"), place(standing="adviser"), place(voting="no"), place(deputy_for_id=uuid4())]
    there = {seat.place for seat in [*members[:2], *others]}
    assert not standing(Rule(at_least=3), members + others, there).ok
    assert standing(Rule(at_least=2), members + others, there).ok
    assert not standing(Rule(share=50), members + others, there).ok, "half of five are three"
    assert standing(Rule(share=40), members + others, there).ok
    assert standing(None, members, there) == standing(None, [], set()) and standing(None, [], set()).words == NO_RULE
    assert not standing(Rule(share=50), [], set()).ok, "nobody is no quorum"


def test_a_quorum_holds_from_its_day_and_the_earlier_one_stays_known(world, group):
    partners = [world.agencies[name] for name in PARTNERS]
    assert quorum_on(group, day(0)) is None
    first = governance.set_quorum(
        group, by=world.manager, version=0, starts=day(-30), at_least=3, share=None, source=""
    )
    with pytest.raises(Stale):
        governance.set_quorum(group, by=world.manager, version=0, starts=day(0), at_least=4, share=None)
    with pytest.raises(ValidationError, match="at least one condition"):
        governance.set_quorum(group, by=world.manager, version=1, starts=day(0), at_least=None, share=None)
    governance.set_quorum(
        group, by=world.manager, version=first.version, starts=day(0), at_least=None, share=None, all_of=partners
    )
    assert quorum_on(group, day(-1)).at_least == 3
    assert {pk for pk, _ in quorum_on(group, day(0)).agencies} == {each.pk for each in partners}
    governance.end_quorum(group, by=world.manager, version=1, starts=day(10))
    assert quorum_on(group, day(10)) is None
    with pytest.raises(PermissionDenied):
        governance.set_quorum(group, by=world.board_member, version=0, starts=day(20), at_least=1)


def test_turns_are_counted_from_the_first_day_over_leap_years():
    a, b = uuid4(), uuid4()
    rotation = Rotation(every_months=6, starts=date(2023, 8, 31), order=[a, b])
    days = [(turn.starts, turn.agency_id) for turn in turns(rotation, date(2025, 9, 1))]
    assert days == [
        (date(2023, 8, 31), a), (date(2024, 2, 29), b), (date(2024, 8, 31), a), (date(2025, 2, 28), b),
        (date(2025, 8, 31), a),
    ]  # fmt: skip
    assert chair_on(rotation, date(2024, 2, 28)).agency_id == a and chair_on(rotation, date(2024, 2, 29)).agency_id == b
    assert chair_on(rotation, date(2023, 8, 30)) is None and next_turn(rotation, date(2023, 8, 30)).agency_id == a


def test_the_joint_boards_chair_went_round_between_four_partners(db):
    rotation = Rotation.objects.get(group__ref="joint-board")
    found = list(turns(rotation, date(2022, 1, 1)))
    assert [turn.starts for turn in found] == [
        date(2019, 4, 1), date(2019, 10, 1), date(2020, 4, 1), date(2020, 10, 1), date(2021, 4, 1),
    ]  # fmt: skip
    assert len({turn.agency_id for turn in found}) == 4 and found[0].agency_id == found[4].agency_id
    assert found[-1].ends == date(2021, 10, 1) == rotation.ends and chair_on(rotation, date(2021, 10, 1)) is None
    line = next(each for each in reads.tree(date(2019, 11, 5)) if each.group.ref == "joint-board")
    assert line.chairs == Agency.objects.get(slug="sot-staffs-ccgs").name


@pytest.fixture
def going_round(world, group):
    """The council chairs since half a year less ten days, then the ICB: its turn begins within four weeks."""
    chair = seat(world, group, world.signer_council, "council", role="chair")
    icb = seat(world, group, world.signer_icb, "icb")
    today = timezone.localdate()
    month = today.replace(day=1)
    starts = date(month.year - (month.month < 6), (month.month - 6) % 12 + 1, 1)
    order = [world.agencies["council"], world.agencies["icb"]]
    row = governance.set_rotation(
        group, by=world.manager, version=0, starts=starts, order=order, every_months=7, source=""
    )
    return SimpleNamespace(row=row, chair=chair, icb=icb, next=next_turn(row, today).starts)


def test_who_chairs_who_chairs_next_and_the_unit_are_told_once_before_it_passes(world, group, going_round):
    eve = going_round.next - timedelta(days=29)
    assert handing.remind(eve) == 0
    told = handing.remind(going_round.next - timedelta(days=20))
    people = set(Notice.objects.unscoped("a test").filter(kind="chair_passes").values_list("recipient", flat=True))
    assert told == len(people) and {world.signer_council.pk, world.signer_icb.pk, world.manager.pk} <= people
    assert world.colleague.pk not in people
    assert handing.remind(going_round.next - timedelta(days=2)) == 0
    governance.end_rotation(group, by=world.manager, version=1, starts=day(1))
    assert handing.remind(day(1)) == 0


def test_handing_over_moves_the_role_and_who_chaired_before_stays_known(world, group, going_round):
    deputy = seat(world, group, world.partner_outside, "icb", deputy_for=going_round.icb, post="Deputy")
    handing.hand_over(group, by=world.manager, to=going_round.icb, starts=day(0))
    assert Seat.objects.on(day(-1)).get(group=group, role="chair").user == world.signer_council
    now = Seat.objects.live().get(group=group, role="chair")
    assert now.user == world.signer_icb and now.place == going_round.icb.place
    old = Seat.objects.live().get(group=group, user=world.signer_council)
    assert old.role == "member" and old.place == going_round.chair.place
    deputy.refresh_from_db()
    assert deputy.deputy_for_id == now.pk
    held = {row.pk: set(roles_of(group, row)) for row in (world.signer_icb, world.signer_council)}
    assert held == {world.signer_icb.pk: {Role.CHAIR}, world.signer_council.pk: {Role.GROUP_MEMBER}}
    handing.hand_over(group, by=world.manager, to=old, starts=day(0))
    assert Seat.objects.live().get(group=group, role="chair").user == world.signer_council, "back on the same day"


def roles_of(group, user):
    rows = FolderGrant.objects.live().filter(content_object=group.folder_id, user=user).select_related("permission")
    return [row.role for row in rows]


def test_an_observer_never_takes_the_chair_over(world, group, going_round):
    watcher = seat(world, group, world.board_member, "council", standing="observer", post="Lead Member")
    assert watcher not in handing.offer(group, day(0)).seats
    with pytest.raises(ValidationError, match="does not chair"):
        handing.hand_over(group, by=world.manager, to=watcher, starts=day(0))


def test_the_pages_of_quorum_rotation_and_handing_over_work_without_javascript(world, group, client):
    seat(world, group, world.signer_council, "council", role="chair")
    seat(world, group, world.signer_icb, "icb")
    sign_in(client, world.manager)
    today = {f"starts_{part}": getattr(day(0), part) for part in ("day", "month", "year")}
    council, icb, police = (str(world.agencies[name].pk) for name in PARTNERS)
    home = reverse("boards:group", args=[group.pk])
    sent = {"holds": "yes", "all_of": [council, icb, police], "version": 0} | today
    assert client.post(reverse("boards:quorum", args=[group.pk]), sent)["Location"] == home
    assert client.post(reverse("boards:quorum", args=[group.pk]), sent | {"at_least": 3}).status_code == 409
    sent = {"holds": "yes", "every_months": 6, "first": icb, "second": council, "version": 0} | today
    again = client.post(reverse("boards:rotation", args=[group.pk]), sent | {"second": icb})
    assert again.status_code == 422 and b"each organisation once" in again.content
    assert client.post(reverse("boards:rotation", args=[group.pk]), sent)["Location"] == home
    page = client.get(home).content.decode()
    assert "each by a member or deputy" in page and "It is the turn of" in page
    shown = client.get(reverse("boards:hand_over", args=[group.pk]))
    (taker,) = shown.context["seats"]
    assert taker.user == world.signer_icb
    assert client.post(reverse("boards:hand_over", args=[group.pk]), {"to": taker.pk} | today)["Location"] == home
    assert "It is the turn of" not in client.get(home).content.decode()


def version(world, group, **facts):
    facts = {"words": "The group looks at practice.", "in_force_from": day(-100), "review_on": None} | facts
    return governance.add_terms(group, by=world.manager, **facts)


def test_terms_are_versions_and_only_the_newest_is_put_right(world, group):
    first = version(world, group)
    second = version(world, group, words="It also looks at records.", in_force_from=day(-5))
    assert (first.number, second.number) == (1, 2)
    with pytest.raises(Stale, match="newer version"):
        governance.change_terms(first, by=world.manager, version=1, words="Nothing.")
    governance.change_terms(second, by=world.manager, version=1, words="It looks at records too.")
    assert Terms.objects.get(pk=first.pk).words == "The group looks at practice."
    assert reads.terms_on(group, day(-6)).pk == first.pk and reads.terms_on(group, day(0)).pk == second.pk
    with pytest.raises(ValidationError, match="not before it"):
        version(world, group, in_force_from=day(-6))
    with pytest.raises(ValidationError, match="Enter the terms"):
        version(world, group, words=" ", in_force_from=day(0))


def test_a_review_that_is_near_or_overdue_is_marked(world, group, client):
    sign_in(client, world.manager)
    for days, said in ((-1, "Review overdue"), (40, "Review due soon"), (100, None)):
        Terms.objects.all().delete()
        version(world, group, review_on=day(days))
        page = client.get(reverse("boards:group", args=[group.pk])).content.decode()
        assert [each for each in ("Review overdue", "Review due soon") if each in page] == ([said] if said else [])


def test_the_words_are_everybodys_and_a_document_is_for_those_who_may_open_it(world, group, client):
    page = reverse("boards:terms_add", args=[group.pk])
    start = {f"in_force_from_{part}": getattr(day(0), part) for part in ("day", "month", "year")}
    file = SimpleUploadedFile("terms.txt", b"The group looks at practice.")
    assert sign_in(client, world.manager).post(page, start | {"upload": file}).status_code == 302
    row = Terms.objects.get(group=group)
    assert row.document.folder_id == group.folder_id
    url = reverse("boards:terms", args=[group.pk])
    assert "Terms of reference, version 1" in client.get(url).content.decode().replace("</strong>", "")
    shown = sign_in(Client(), world.colleague).get(url).content.decode()
    assert "for those who sit on it" in shown and "documents/" not in shown
    edit = reverse("boards:terms_edit", args=[row.pk])
    Document.objects.unscoped("a test").update(folder=world.theirs.folder)
    sent = start | {"words": "In words now.", "version": row.version}
    assert client.post(edit, sent).status_code == 302
    row.refresh_from_db()
    assert row.document_id and row.words == "In words now.", "an edit takes nothing away that it does not show"


def test_the_decision_that_approved_terms_is_told_to_those_alone_who_may_see_it(world, group, client):
    meeting = making.meeting(group, days=-3, status="held")
    item = making.restricted_item(meeting, "Terms", by=world.manager)
    grant(item.folder, world.manager, Role.CASE_OFFICER, by=world.officer, reason="Minutes it")
    facts = {"meeting": meeting, "item": item, "folder": item.folder, "number": 1, "text": "Approved behind doors."}
    decision = Decision.objects.create(**facts)
    version(world, group, decision=decision)
    url = reverse("boards:terms", args=[group.pk])
    assert "behind doors" in sign_in(client, world.manager).get(url).content.decode()
    assert "behind doors" not in sign_in(Client(), world.stranger).get(url).content.decode()
    row = Terms.objects.get(group=group)
    sent = {f"in_force_from_{part}": getattr(row.in_force_from, part) for part in ("day", "month", "year")}
    other = sign_in(Client(), world.stranger)
    edit = reverse("boards:terms_edit", args=[row.pk])
    assert "behind doors" not in other.get(edit).content.decode()
    assert other.post(edit, sent | {"words": "Other words.", "version": row.version}).status_code == 302
    assert Terms.objects.get(pk=row.pk).decision_id == decision.pk


def test_arrangements_do_not_end_before_their_groups(world):
    row = Group.objects.get(ref="exec").arrangement
    facts = {"name": row.name, "area": row.area, "starts": row.starts, "source": row.source}
    with pytest.raises(ValidationError, match="go on after that day"):
        governance.change_arrangement(row, by=world.manager, version=row.version, ends=day(0), **facts)


def test_a_board_that_a_group_works_with_is_kept_and_an_edit_of_two_shows_both(world, group, client):
    other = governance.add_other(group, by=world.manager, name="Health and Wellbeing Board", shared="The dataset")
    sign_in(client, world.officer)
    governance.change_other(other, by=world.manager, version=1, shared="The yearly report")
    url = reverse("boards:other_body_edit", args=[other.pk])
    page = client.post(url, {"name": other.name, "shared": "Audits", "version": 1})
    assert page.status_code == 409 and b"The yearly report" in page.content and b"Audits" in page.content
    page = sign_in(Client(), world.colleague).get(reverse("boards:group", args=[group.pk])).content.decode()
    assert "The yearly report" in page and "Add a board" not in page
