"""Two records of one organisation become one: what follows is shown first, done at once, and can be taken back."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from audits import models as audits
from boards.models import Challenge, Group, Quorum, Seat
from partnership.access.flow import Stale
from partnership.actions.models import Action, Risk
from partnership.deadlines.models import Deadline
from partnership.directory import services
from partnership.directory.accounts import open_account
from partnership.directory.joining import services as joining
from partnership.directory.merging import rows
from partnership.directory.merging import services as merging
from partnership.directory.models import (
    AccountRequest,
    AgencyMerge,
    Confirmation,
    Departure,
    DutyAsk,
    Round,
)
from partnership.directory.particulars import services as particulars
from partnership.documents.models import Document, Version
from partnership.people.models import Agency, Area, NamedDuty, Partnership, School, User
from partnership.people.roles import Role
from partnership.people.services import join
from partnership.trail.models import Event
from reviews.models import (
    AgencyReturn,
    Clearance,
    Consideration,
    Coordinator,
    Entry,
    Episode,
    Extension,
    Notification,
    Recommendation,
    Referral,
    SafetyAction,
)
from tests.audits import making
from tests.directory.conftest import names, page_of
from tests.training import making as train
from tests.world import answer, ask, sign_in
from training import models as training


@pytest.fixture
def pair(administrator):
    """(kept, second): the second with one of everything that hangs on nobody's access."""
    kept = services.add_agency(by=administrator, name="Quill House", kind="provider")
    second = services.add_agency(
        by=administrator, name="The Quill House", kind="provider", areas=[Area.objects.get(slug="stoke-on-trent")]
    )
    services.add_site(second, by=administrator, name="Office", town="Leek", postcode="ST13 5AB")
    services.add_alias(second, by=administrator, name="QH")
    holder = User.objects.create(name="Ida Farrow", email=None, is_active=False)
    services.add_duty(second, by=administrator, kind="spoc", holder=holder)
    services.add_classification(second, by=administrator, item=_item(36), basis="inferred")
    particulars.add_contact(second, by=administrator, purpose="office", email="office@quill.example")
    particulars.add_number(second, by=administrator, register="charity", number="1099999")
    particulars.add_agreement(second, by=administrator, title="Tier two", officer="Head", starts=timezone.localdate())
    day = timezone.localdate()
    particulars.add_closure(by=administrator, agency=second, name="Holiday", starts=day, ends=day + timedelta(days=3))
    follower = services.add_agency(by=administrator, name="Follower", kind="provider")
    services.add_succession(by=administrator, predecessor=second, successor=follower, on=day, kind="replaced")
    owner = services.add_agency(by=administrator, name="Owner", kind="group")
    particulars.add_ownership(by=administrator, owner=owner, agency=second, kind="provider")
    kept.refresh_from_db()
    second.refresh_from_db()
    return kept, second


@pytest.fixture
def sam(pair):
    return open_account(email="staff@quill.example", name="Sam Reed", role=Role.AGENCY_STAFF, agency=pair[1])


@pytest.fixture
def full(pair, sam, world):
    """The same with a row of every link that moves, the kept one being able to take a school's number."""
    kept, second = pair
    other, day = Agency.objects.get(name="Owner"), timezone.localdate()
    Agency.objects.filter(pk=kept.pk).update(kind="school")
    School.objects.create(agency=second, urn=999777, local_authority_code="861", establishment_type="Academy")
    services.add_succession(by=None, predecessor=other, successor=second, on=day, kind="replaced")
    particulars.add_ownership(by=None, owner=second, agency=Agency.objects.get(name="Follower"), kind="provider")
    world.ours.folder.agencies.add(second)
    ours = {"folder": world.ours.folder, "review": world.ours.review}
    Consideration._base_manager.get_or_create(**ours)
    words = dict.fromkeys(("agreed_by", "what_happened", "why", "safety"), "Words.")
    Referral._base_manager.create(
        **ours, **words, case_word="Case", agency=second, referrer=world.officer, recorded_by=world.officer,
        given_at=timezone.now(),
        agreed_on=day, incident_on=day, harm="harm",
    )  # fmt: skip
    Entry._base_manager.create(**ours, precision="unknown", agency=second, event="Seen.", recorded_by=world.officer)
    one = ours | {"position": 1, "changed_by": world.officer}
    found = (
        Episode._base_manager.create(**one, title="An episode"),
        SafetyAction._base_manager.create(**one, what="An action"),
        Recommendation._base_manager.create(**one, words="Words."),
    )
    for row in found:
        row.agencies.add(second)
    asked = world.ours.returns["uhnm"]
    said = {"folder": world.ours.folder, "agency": second}
    Coordinator._base_manager.create(**said, review=world.ours.review, user=world.colleague, named_by=world.officer)
    Extension._base_manager.create(
        **said, row=asked, author=asked.author, asked_by=world.officer, reason="Words.", wanted_on=day, due_before=day
    )
    Clearance._base_manager.create(
        **said, review=world.ours.review, by=world.officer, way="wait", reason="Words.", closure="Summer", opens_on=day
    )
    Seat.objects.create(group=Group.objects.first(), post="Head of service", agency=second)
    Quorum.objects.create(group=Group.objects.first(), starts=timezone.localdate()).all_of.add(second)
    Challenge._base_manager.create(
        folder=world.ours.folder, case_word="Case", agency=second, post="Nurse", challenged=second,
        challenged_post="Manager", subject="A referral", words="Words.", recorded_by=world.officer,
    )  # fmt: skip
    Risk._base_manager.create(folder=world.ours.folder, what="Words.", likelihood=1, impact=1, agency=second)
    Action._base_manager.create(folder=world.ours.folder, what="Words.", due_on=day, agency=second)
    for model, name in (
        (AgencyReturn, "agency"),
        (AgencyReturn, "subject"),
        (Notification, "authority"),
        (Deadline, "agency"),
        (Consideration, "authority"),
        (Coordinator, "agency"),
        (Extension, "agency"),
        (Clearance, "agency"),
        (Document, "shown_at"),
        (Version, "shown_at"),
    ):
        row = model._base_manager.first()
        assert model._base_manager.filter(pk=row.pk).update(**{name: second})
    _audited(world, second, day)
    _trained(world, second, day)
    joining.invite(by=None, agency=second, email="ivy@quill.example", name="Ivy Tern", role=Role.AGENCY_STAFF)
    Departure._base_manager.create(user=sam, agency=second, last_day=day)
    Departure._base_manager.create(user=world.colleague, agency=world.agencies["uhnm"], to_agency=second, last_day=day)
    due = Round._base_manager.create(planned_on=day, opened_on=day, edition="2026")
    Confirmation._base_manager.create(agency=second, round=due, due_on=day, next_on=day)
    DutyAsk._base_manager.create(agency=second, kind="s11")
    AccountRequest._base_manager.create(agency=second, kind="role", user=sam)
    return Agency.objects.get(pk=kept.pk), Agency.objects.get(pk=second.pk)


def _item(number):
    from partnership.people.models import ScheduleItem

    return ScheduleItem.objects.get(pk=number)


def _merge(kept, second, by=None):
    return merging.merge(second, into=kept, by=by, seen=merging.seen_of(kept, second))


def _left(agency):
    """Every row that still leads to this organisation, but for the records of mergings."""
    found = {}
    for link in rows.links():
        count = link.model._base_manager.filter(**{link.column: agency}).count()
        if count and link.moves:
            found[link.key] = count
    return found


def test_every_link_to_an_organisation_is_decided_about():
    assert rows.undecided() == []


def _audited(world, agency, day):
    """A return of an audit with everything that hangs on one."""
    row = making.audit_return(making.audit_round(world), agency, answers={"policy": {"code": "met"}})
    audits.AuditReturn._base_manager.filter(pk=row.pk).update(trust=agency)
    where, of = {"folder": row.folder, "agency": agency}, {"audit_return": row}
    answer = audits.Answer._base_manager.get(**of)
    evidence = audits.Evidence._base_manager.create(title="Policy", address="https://school.example/", **where)
    audits.Shown._base_manager.create(answer=answer, evidence=evidence, **where)
    audits.Extension._base_manager.create(reason="Words.", wanted_on=day, **where, **of)
    audits.Signature._base_manager.create(step="head", **where, **of)
    audits.Submission._base_manager.create(reference="M-1", content={}, sha256="0" * 64, **where, **of)
    rung = audits.Rung.objects.create(round=row.round, position=1, name="First", days=1, words="Words.")
    audits.Reminder._base_manager.create(rung=rung, **where, **of)
    asked = {"round": row.round, "question": answer.question, "wording": answer.wording}
    audits.TrustAnswer._base_manager.create(**asked, **where)


def _trained(world, agency, day):
    """Somebody of it with a place at an event, and everything that hangs on one."""
    event, person = train.event(world), train.learner(world, agency)
    training.Trainer.objects.create(event=event, name="A trainer", agency=agency)
    train.reserved(event, places=1, agency=agency)
    where, whose = {"folder": event.folder, "agency": agency}, {"learner": person}
    booking = training.Booking._base_manager.create(event=event, name=person.name, status="booked", **where, **whose)
    training.Charge._base_manager.create(booking=booking, amount=50, words="Words.", **where)
    training.Completion._base_manager.create(course=event.course, how="online", completed_on=day, **where, **whose)
    training.Certificate._base_manager.create(booking=booking, code="c", completed_on=day, **where, **whose)
    role = training.WorkforceRole.objects.first()
    training.Headcount._base_manager.create(role=role, people=1, counted_on=day, **where)
    training.Upload._base_manager.create(name="list.csv", **where)


def test_everything_follows_and_comes_back(full, administrator):
    kept, second = full
    before, with_kept = _left(second), _left(kept)
    assert set(before) == {link.key for link in rows.links() if link.moves}
    done = _merge(kept, second)
    assert _left(second) == {}
    assert kept.aliases.filter(name="The Quill House").exists()
    assert kept.areas.filter(slug="stoke-on-trent").exists()
    merging.undo(done, by=None)
    assert (_left(second), _left(kept)) == (before, with_kept)
    assert not kept.aliases.exists() and not kept.areas.exists()
    second.refresh_from_db()
    assert second.merged_into is None


def test_the_kept_record_is_found_by_what_the_other_was_found_by(pair, administrator, reader_client):
    kept, second = pair
    done = _merge(kept, second, administrator)
    for words in ("QH", "1099999", "ST135AB", "the quill house"):
        assert names(reader_client.get("/directory/", {"q": words}))[0] == "Quill House", words
    merging.undo(done, by=administrator)
    assert names(reader_client.get("/directory/", {"q": "1099999"})) == ["The Quill House"]


def test_the_address_of_the_merged_record_leads_to_the_kept_one_and_its_history_stays(pair, reader_client):
    kept, second = pair
    _merge(kept, second)
    response = reader_client.get(page_of(second), {"as_on": "2026-01-01"})
    assert (response.status_code, response["Location"]) == (302, f"{page_of(kept)}?as_on=2026-01-01")
    history = reader_client.get(reverse("directory:agency_history", args=[second.pk])).content.decode()
    assert "The record that was kept" in history and "Office" in history
    assert "Its own history" in reader_client.get(page_of(kept)).content.decode()


def test_an_edit_of_a_merged_record_leads_to_the_kept_one_and_changes_nothing(pair, admin_client):
    kept, second = pair
    _merge(kept, second)
    response = admin_client.post(reverse("directory:alias_add", args=[second.pk]), {"name": "Late"})
    assert (response.status_code, response["Location"]) == (302, page_of(kept))
    assert not second.aliases.exists()


def test_what_the_kept_record_has_already_is_not_doubled(pair, sam, administrator):
    kept, second = pair
    services.add_alias(kept, by=administrator, name="QH")
    join(sam, role=Role.AGENCY_STAFF, partnership=Partnership.objects.get(), agency=kept)
    kept.refresh_from_db()
    done = _merge(kept, second)
    assert kept.aliases.filter(name="QH").count() == 1 and second.aliases.filter(name="QH").count() == 1
    assert sam.memberships.filter(agency=kept).count() == 1
    merging.undo(done, by=None)
    assert second.aliases.count() == 1 and sam.memberships.filter(agency=second).count() == 1


@pytest.mark.parametrize("hangs", ["role", "invitation", "folder", "return"])
def test_where_somebodys_access_hangs_on_a_record_the_unit_merges_it_and_one_sentence_says_so(
    pair, world, client, hangs
):
    kept, second = pair
    if hangs == "role":
        open_account(email="staff@quill.example", name="Sam Reed", role=Role.AGENCY_STAFF, agency=second)
    elif hangs == "invitation":
        joining.invite(by=None, agency=second, email="ivy@quill.example", name="Ivy Tern", role=Role.AGENCY_STAFF)
    elif hangs == "folder":
        world.ours.folder.agencies.add(second)
    else:
        AgencyReturn._base_manager.filter(pk=world.ours.returns["uhnm"].pk).update(agency=second)
    words = "Somebody’s roles or access hang on The Quill House: the business unit merges it."
    assert merging.hindrances(kept, second, by=world.directory_admin) == [words]
    url = reverse("directory:agency_merge", args=[second.pk])
    sent = {"keep": kept.pk, "seen": merging.seen_of(kept, second)}
    admin = sign_in(client, world.directory_admin)
    page = admin.get(url, {"keep": kept.pk}).content.decode()
    assert words in page and "What moves" not in page and "Merge them" not in page and "Sam Reed" not in page
    assert admin.post(url, sent).status_code == 409
    unit = sign_in(client, world.officer_outside)
    assert "Merge this record into another one" in unit.get(page_of(second)).content.decode()
    assert "Merge them" in unit.get(url, {"keep": kept.pk}).content.decode()
    assert unit.post(url, sent).status_code == 302
    done = AgencyMerge.objects.get()
    with pytest.raises(ValidationError, match="the business unit takes it back"):
        merging.undo(done, by=world.directory_admin)
    assert unit.post(reverse("directory:merge_undo", args=[done.pk])).status_code == 302
    assert _left(second)


def test_roles_that_have_ended_and_answered_invitations_are_no_hindrance(pair, sam, administrator):
    kept, second = pair
    sam.memberships.update(ends=timezone.localdate())
    row = joining.invite(by=None, agency=second, email="ivy@quill.example", name="Ivy Tern", role=Role.AGENCY_STAFF)
    joining.withdraw(row, by=None)
    assert merging.hindrances(kept, second, by=administrator) == []
    done = _merge(kept, second, administrator)
    second.refresh_from_db()
    assert second.merged_into == kept
    merging.undo(done, by=administrator)
    second.refresh_from_db()
    assert second.merged_into is None


def test_two_schools_with_a_number_each_are_told_the_way(admin_client):
    first, second = Agency.objects.filter(kind="school").order_by("name")[:2]
    url = reverse("directory:agency_merge", args=[second.pk])
    page = admin_client.get(url, {"keep": first.pk}).content.decode()
    assert "two numbers are two schools" in page and "Record a successor" in page
    assert "Merge them" not in page
    sent = {"keep": first.pk, "seen": merging.seen_of(first, second)}
    assert admin_client.post(url, sent).status_code == 409
    second.refresh_from_db()
    assert second.merged_into is None


def test_a_school_is_merged_the_other_way_round_and_a_partner_too(pair):
    kept, _ = pair
    school, partner = Agency.objects.get(slug="urn-124030"), Agency.objects.get(slug="staffs-police")
    for gone in (school, partner):
        with pytest.raises(ValidationError, match="Keep its record"):
            _merge(kept, gone)
    done = _merge(school, kept)
    assert done.kept == school


def test_two_open_headteachers_stop_it_by_name(pair, administrator):
    kept, second = pair
    for agency, name in ((kept, "Nora Lyle"), (second, "Otto Penn")):
        holder = User.objects.create(name=name, email=None, is_active=False)
        services.add_duty(agency, by=administrator, kind="head", holder=holder)
    with pytest.raises(ValidationError, match="Nora Lyle and Otto Penn"):
        _merge(kept, second)
    NamedDuty.objects.filter(agency=second, kind="head").update(ends=timezone.localdate())
    NamedDuty.objects.filter(agency=kept, kind="head").update(starts=timezone.localdate())
    assert _merge(kept, second)


def test_what_was_not_read_is_not_merged(pair, admin_client, administrator):
    kept, second = pair
    seen = merging.seen_of(kept, second)
    services.change_agency(
        kept,
        by=administrator,
        version=kept.version,
        areas=[],
        name="Quill House Trust",
        kind="provider",
        starts=None,
        ends=None,
    )
    kept.refresh_from_db()
    with pytest.raises(Stale):
        merging.merge(second, into=kept, by=administrator, seen=seen)
    response = admin_client.post(reverse("directory:agency_merge", args=[second.pk]), {"keep": kept.pk, "seen": seen})
    assert response.status_code == 409 and "changed since you read this" in response.content.decode()


def test_merging_twice_by_two_clicks_is_one_merging(pair, admin_client):
    kept, second = pair
    url, sent = reverse("directory:agency_merge", args=[second.pk]), {
        "keep": kept.pk, "seen": merging.seen_of(kept, second),
    }  # fmt: skip
    assert [admin_client.post(url, sent).status_code for _ in range(2)] == [302, 409]
    assert AgencyMerge.objects.count() == 1


def test_after_seven_days_it_is_not_taken_back(pair, admin_client):
    kept, second = pair
    done = _merge(kept, second)
    page = page_of(kept)
    assert "Take the merging back" in admin_client.get(page).content.decode()
    AgencyMerge.objects.filter(pk=done.pk).update(made_at=timezone.now() - timedelta(days=7, minutes=1))
    assert "Take the merging back" not in admin_client.get(page).content.decode()
    admin_client.post(reverse("directory:merge_undo", args=[done.pk]))
    second.refresh_from_db()
    assert second.merged_into == kept


def test_the_inner_of_two_mergings_is_taken_back_last(pair, administrator):
    kept, second = pair
    third = services.add_agency(by=administrator, name="Quill", kind="provider")
    inner = _merge(kept, second)
    kept.refresh_from_db()
    outer = _merge(third, kept)
    with pytest.raises(ValidationError, match="Take that merging back first"):
        merging.undo(inner, by=administrator)
    merging.undo(outer, by=administrator)
    merging.undo(AgencyMerge.objects.get(pk=inner.pk), by=administrator)
    assert second.sites.count() == 1


def test_the_story_of_both_names_the_other(pair, administrator):
    kept, second = pair
    _merge(kept, second, administrator)
    assert Event.objects.get(verb="agency_merged").object_id == kept.pk
    assert Event.objects.get(verb="agency_merged_away").object_id == second.pk


def test_an_author_keeps_her_return_and_nobody_learns_of_the_case(world, client):
    """A return of a sealed case follows with its author; the preview tells neither it nor its number."""
    from partnership.access.rows import can
    from partnership.people.roles import Perm

    uhnm = world.agencies["uhnm"]
    kept = services.add_agency(by=None, name="University Hospitals", kind="relevant agency")
    client = sign_in(client, world.officer_outside)
    url = reverse("directory:agency_merge", args=[uhnm.pk])
    preview = client.get(url, {"keep": kept.pk}).content.decode()
    row = AgencyReturn.objects.unscoped("the test's own").filter(agency=uhnm, author=world.author).first()
    if row is None:
        row = ask(world, world.ours, "author", "uhnm", by=world.officer)
        answer(row, by=world.author)
    assert "return" not in preview.lower().split("what moves")[1].split("whatever else")[0]
    assert world.ours.folder.reference not in preview
    _merge(kept, Agency.objects.get(pk=uhnm.pk), world.officer_outside)
    row = AgencyReturn.objects.unscoped("the test's own").get(pk=row.pk)
    assert row.agency_id == kept.pk
    assert can(world.author, Perm.RETURN_VIEW, row)
    assert not can(world.officer_outside, Perm.RETURN_VIEW, row)
