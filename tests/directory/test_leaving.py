"""Leaving and moving: nothing is left without an owner, nothing stays open, and nobody learns of a case by it."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partnership.access import links
from partnership.access import services as access
from partnership.access.flow import Stale
from partnership.access.models import FolderGrant
from partnership.access.rows import holders
from partnership.directory.leaving import reads, services
from partnership.directory.leaving.sweep import sweep
from partnership.directory.models import Departure, HandOver
from partnership.jobs import services as jobs
from partnership.notify.models import Notice
from partnership.notify.reconciling import reconcile
from partnership.people.models import Membership, NamedDuty
from partnership.people.roles import Perm, Role
from partnership.people.services import join
from reviews import returns
from reviews.models import AgencyReturn
from tests.world import open_case, person, sign_in

TODAY = timezone.localdate


def begin(world, person="author", by="lead_same", agency="uhnm", **facts):
    facts = {"last_day": TODAY()} | facts
    return services.start(
        getattr(world, person), by=getattr(world, by), agency=agency and world.agencies[agency], **facts
    )


def keys(row, by):
    return {item.key.split(":")[0]: item for item in reads.items_of(row, by)}


def decide(row, by, **choices):
    """choices: kind of item -> what is decided."""
    items = keys(row, by)
    row.refresh_from_db()
    chosen = {items[kind].key: choice for kind, choice in choices.items()}
    return services.save(row, by=by, version=row.version, choices=chosen)


def test_a_leaving_is_refused_until_the_open_return_has_another_author(world):
    row = begin(world, altogether=True)
    with pytest.raises(services.NotReady) as refused:
        services.finish(row, by=world.lead_same)
    assert [item.key for item in refused.value.items] == [f"return:{world.ours.returns['uhnm'].pk}"]
    decide(row, world.lead_same, **{"return": world.colleague})
    services.finish(row, by=world.lead_same)
    given = AgencyReturn.objects.get(pk=world.ours.returns["uhnm"].pk)
    assert given.author == world.colleague
    assert Notice.objects.filter(kind="return_asked", recipient=world.colleague, subject_id=given.pk).exists()
    world.author.refresh_from_db()
    assert not world.author.is_active and world.author.closed_at


def test_a_last_role_does_not_end_past_the_leaving_while_a_return_is_owed(world, client):
    role = world.author.memberships.get()
    sign_in(client, world.lead_same)
    answer = client.post(reverse("directory:role_end", args=[role.pk]), {"when": "now"})
    assert answer.status_code == 422 and "somebody must take over what they hold first" in answer.content.decode()
    assert world.ours.folder.reference not in answer.content.decode()
    role.refresh_from_db()
    assert role.ends is None
    # A second role at the same organisation keeps what she holds in hand.
    join(world.author, role=Role.AGENCY_LEAD, partnership=world.partnership, agency=world.agencies["uhnm"])
    assert client.post(reverse("directory:role_end", args=[role.pk]), {"when": "now"}).status_code == 302


def test_the_lead_gives_a_return_on_without_a_word_of_the_case(world, client):
    row = begin(world, altogether=True)
    sign_in(client, world.lead_same)
    page = client.get(reverse("directory:departure", args=[row.pk])).content.decode()
    assert "A return for a rapid review, due" in page
    assert world.ours.folder.reference not in page
    seen = sign_in(Client(), world.officer).get(reverse("directory:departure", args=[row.pk])).content.decode()
    assert world.ours.folder.reference in seen  # she is on the case
    outside = sign_in(Client(), world.officer_outside).get(reverse("directory:departure", args=[row.pk]))
    assert world.ours.folder.reference not in outside.content.decode()


def test_an_open_tab_a_link_and_a_download_end_at_once(world):
    case, tab = world.ours, sign_in(Client(), world.panel)
    pages = {
        reverse("reviews:review", args=[case.review.pk]): "text/html; charset=utf-8",
        reverse("documents:download", args=[case.version.pk]): "application/pdf",
    }
    assert {page: tab.get(page)["Content-Type"] for page in pages} == pages
    links.make("first_sign_in", acts_as=world.panel)
    assert links.live("first_sign_in").filter(acts_as=world.panel).exists()
    services.finish(begin(world, "panel", "manager", "icb", altogether=True), by=world.manager)
    for page in pages:
        answer = tab.get(page)
        assert answer.status_code == 302 and "login" in answer["Location"]
    assert not links.live("first_sign_in").filter(acts_as=world.panel).exists()


def test_a_job_that_a_leaver_asked_for_makes_nothing_any_more(world):
    case = world.ours
    job = case.job
    job.status, job.requester = "queued", world.case_officer
    job.save(update_fields=["status", "requester"])
    row = begin(world, "case_officer", "manager", None, altogether=True)
    services.finish(row, by=world.manager)
    assert jobs.run(job.pk) == "failed"


def test_a_finished_leaving_says_what_went_to_whom_and_of_a_case_only_to_those_who_see_it(world, client):
    row = begin(world)
    decide(row, world.lead_same, **{"return": world.colleague})
    row = services.finish(row, by=world.lead_same)
    table = [(each.row.what, each.case, each.outcome) for each in reads.done_in(row, world.case_officer)]
    assert (
        "A return for a rapid review",
        world.ours.folder.reference,
        f"Taken over by {world.colleague.name}",
    ) in table
    address = reverse("directory:departure", args=[row.pk])
    page = sign_in(client, world.lead_same).get(address).content.decode()
    assert f"Taken over by {world.colleague.name}" in page and world.ours.folder.reference not in page
    assert not [each for each in reads.done_in(row, world.lead_other) if each.row.folder_id]


def test_the_address_of_an_office_is_not_offered_access_that_it_could_not_be_given(world):
    office, reader = world.colleague, world.panel
    assert office in keys(begin(world, "panel", "officer", "icb"), world.officer)["grant"].people
    office.shared_address = True
    office.save(update_fields=["shared_address"])
    row = Departure.objects.get(user=reader)
    assert office not in keys(row, world.officer)["grant"].people


def test_whoever_lets_people_in_is_asked_about_all_folders_at_once(world):
    row = services.start(world.case_officer, by=world.manager, altogether=True, last_day=TODAY())

    def asked():
        with CaptureQueriesContext(connection) as queries:
            for item in reads.items_of(row, world.officer_outside):
                assert not item.mine_to_give
        return len(queries)

    one = asked()
    for n in range(4):
        case = open_case(world, f"more{n}", by=world.officer)
        access.grant(case.folder, world.case_officer, Role.PANEL_MEMBER, by=world.officer, reason="Sits on it.")
    assert len(reads.items_of(row, world.officer_outside)) == 5 and asked() == one


def test_a_session_at_one_organisation_ends_though_another_role_stays(world):
    join(world.author, role=Role.AGENCY_STAFF, partnership=world.partnership, agency=world.agencies["mpft"])
    tab = sign_in(Client(), world.author)
    row = begin(world)
    decide(row, world.lead_same, **{"return": world.colleague})
    services.finish(row, by=world.lead_same)
    assert tab.get("/home").status_code == 302
    world.author.refresh_from_db()
    assert world.author.is_active
    assert [each.agency.slug for each in Membership.objects.live().filter(user=world.author)] == ["mpft"]


def test_a_role_that_began_today_ends_today(world):
    Membership.objects.filter(user=world.colleague).update(starts=TODAY())
    row = begin(world, "colleague", altogether=True)
    services.finish(row, by=world.lead_same)
    assert not Membership.objects.live().filter(user=world.colleague).exists()


def test_nobody_finishes_their_own_leaving(world):
    row = begin(world, "lead_same", "lead_same", altogether=True)
    with pytest.raises(PermissionDenied):
        services.finish(row, by=world.lead_same)
    assert Notice.objects.filter(kind="leaving_started", subject_id=row.pk).exists()


def test_a_lead_ends_nothing_that_another_organisation_gave(world):
    join(world.colleague, role=Role.AGENCY_STAFF, partnership=world.partnership, agency=world.agencies["mpft"])
    with pytest.raises(ValidationError, match="other organisations too"):
        begin(world, "colleague", altogether=True)


def test_a_lead_of_another_organisation_meets_no_page_of_the_leaving(world, client):
    row = begin(world, altogether=True)
    membership = Membership.objects.get(user=world.author)
    sign_in(client, world.lead_other)
    assert client.get(reverse("directory:departure", args=[row.pk])).status_code == 404
    assert client.post(reverse("directory:departure_cancel", args=[row.pk])).status_code == 404
    assert client.get(reverse("directory:let_leave", args=[membership.pk])).status_code == 404


def test_a_sealed_folder_keeps_its_second_holder(world):
    """'theirs' has two people: whoever runs the leaving is told who can let a third in, and is told no case."""
    second = holders(world.theirs.folder, Perm.FOLDER_VIEW).exclude(pk=world.stranger.pk).get()
    row = services.start(second, by=world.manager, altogether=True, last_day=TODAY())
    item = keys(row, world.manager)["grant"]
    assert item.missing and not item.mine_to_give and item.case == ""
    assert any(world.stranger.name in each for each in item.others)
    told = Notice.objects.get(kind="leaving_hand_over", recipient=world.stranger)
    assert told.folder_id == world.theirs.folder.pk
    with pytest.raises(services.NotReady):
        services.finish(row, by=world.manager)
    access.grant(world.theirs.folder, world.officer, Role.CASE_LEAD, by=world.stranger, reason="Takes over.")
    services.finish(row, by=world.manager)
    assert not FolderGrant.objects.live().filter(user=second).exists()


def test_the_reconciler_says_when_a_sealed_folder_has_too_few(world):
    assert reconcile()["sealed_folder_too_few"] == 0
    Membership.objects.filter(user=world.stranger).update(ends=TODAY())
    assert reconcile()["sealed_folder_too_few"] == 1


def test_the_reconciler_says_when_a_closed_account_owes_a_return(world):
    assert reconcile()["return_of_a_closed_account"] == 0
    world.author.closed_at = timezone.now()
    world.author.save(update_fields=["closed_at"])
    found = reconcile()
    assert found["return_of_a_closed_account"] == 1 and found["clock_of_a_closed_account"] == 1


def test_a_duty_is_handed_over_or_left_vacant_on_purpose_and_its_past_stays(world):
    agency = world.agencies["uhnm"]
    old = NamedDuty.objects.create(agency=agency, kind="s11", holder=world.colleague, post="Head of safeguarding")
    row = begin(world, "colleague", altogether=True)
    with pytest.raises(services.NotReady):
        services.finish(row, by=world.lead_same)
    decide(row, world.lead_same, duty="vacant")
    services.finish(row, by=world.lead_same)
    old.refresh_from_db()
    assert (old.holder, old.ends) == (world.colleague, TODAY())
    new = NamedDuty.objects.live().get(agency=agency, kind="s11")
    assert (new.holder, new.post) == (None, "Head of safeguarding")


def test_a_later_last_day_is_finished_by_the_sweep_once(world):
    row = begin(world, last_day=TODAY() + timedelta(days=3), altogether=True)
    decide(row, world.lead_same, **{"return": world.colleague})
    row = services.finish(row, by=world.lead_same)
    assert row.status == Departure.Status.PLANNED
    assert sweep() == 0
    assert Membership.objects.live().filter(user=world.author).exists()
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        assert not Membership.objects.live().filter(user=world.author).exists()  # by its date, whatever else
        assert sweep() == 1
        assert sweep() == 0
    world.author.refresh_from_db()
    assert world.author.closed_at
    assert Notice.objects.filter(kind="leaving_finished", recipient=world.lead_same).count() == 1


def test_the_sweep_says_when_it_could_not_finish(world):
    row = begin(world, last_day=TODAY() + timedelta(days=3), altogether=True)
    decide(row, world.lead_same, **{"return": world.colleague})
    services.finish(row, by=world.lead_same)
    world.colleague.closed_at = timezone.now()
    world.colleague.save(update_fields=["closed_at"])
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        assert sweep() == 0
        assert sweep() == 0
    row.refresh_from_db()
    assert row.stuck_on and row.status == Departure.Status.PLANNED
    assert Notice.objects.filter(kind="leaving_stuck", recipient=world.lead_same).count() == 1


def test_a_leaving_that_is_given_up_gives_the_role_back(world):
    row = begin(world, "colleague", last_day=TODAY() + timedelta(days=3), altogether=True)
    services.finish(row, by=world.lead_same)
    assert Membership.objects.get(user=world.colleague).ends == TODAY() + timedelta(days=4)
    services.cancel(row, by=world.lead_same)
    assert Membership.objects.get(user=world.colleague).ends is None


def test_of_two_windows_the_second_is_told(world):
    row = begin(world, altogether=True)
    decide(row, world.lead_same, **{"return": world.colleague})
    with pytest.raises(Stale):
        services.save(row, by=world.lead_same, version=1, choices={})
    services.finish(row, by=world.lead_same)
    with pytest.raises(Stale):
        services.finish(row, by=world.lead_same)


def test_somebody_who_is_not_offered_cannot_be_chosen(world):
    row = begin(world, altogether=True)
    item = keys(row, world.lead_same)["return"]
    with pytest.raises(ValidationError):
        services.save(row, by=world.lead_same, version=1, choices={item.key: world.lead_other})


def test_a_barred_colleague_is_refused_without_saying_why(world):
    access.bar(world.ours.folder, world.colleague, by=world.officer, reason="personal")
    row = begin(world, altogether=True)
    decide(row, world.lead_same, **{"return": world.colleague})
    with pytest.raises(ValidationError) as refused:
        services.finish(row, by=world.lead_same)
    assert "conflict" not in str(refused.value) and "Choose somebody else" in str(refused.value)
    row.refresh_from_db()
    assert row.status == Departure.Status.DRAFT and Membership.objects.live().filter(user=world.author).exists()


def test_a_move_ends_case_access_unless_somebody_who_lets_people_in_keeps_it(world):
    facts = {"to_agency": world.agencies["mpft"], "to_role": Role.AGENCY_STAFF, "agency": "icb"}
    row = begin(world, "panel", "officer_outside", **facts)
    assert [code for code, _ in keys(row, world.officer_outside)["grant"].choices] == ["vacant"]
    decide(row, world.officer, grant="keep")
    services.finish(row, by=world.officer)
    assert FolderGrant.objects.live().filter(user=world.panel, content_object=world.ours.folder).exists()
    assert [each.agency.slug for each in Membership.objects.live().filter(user=world.panel)] == ["mpft"]


def test_a_move_without_a_word_ends_case_access(world):
    facts = {"to_agency": world.agencies["mpft"], "to_role": Role.AGENCY_STAFF, "agency": "icb"}
    services.finish(begin(world, "panel", "officer_outside", **facts), by=world.officer_outside)
    assert not FolderGrant.objects.live().filter(user=world.panel).exists()


def test_a_lead_lets_nobody_into_another_organisation(world):
    with pytest.raises(ValidationError, match="own lead or the business unit"):
        begin(world, "colleague", to_agency=world.agencies["mpft"], to_role=Role.AGENCY_STAFF)


def test_a_signature_that_nobody_else_can_give_is_asked_about(world):
    row = services.start(world.signer_council, by=world.manager, agency=world.agencies["council"], altogether=True,
                         last_day=TODAY())  # fmt: skip
    items = keys(row, world.manager)
    assert {"duty", "seat", "grant"} <= set(items)
    decide(row, world.manager, duty="vacant", seat="vacant")
    services.finish(row, by=world.manager)
    done = HandOver.objects.filter(departure=row, done_at__isnull=False)
    assert sorted(done.filter(decided_by=world.manager).values_list("choice", flat=True)) == ["vacant", "vacant"]
    assert [each.outcome for each in reads.done_in(row, world.manager) if each.row.key.startswith("grant:")] == [
        "Ended with the leaving"
    ]


def test_the_former_author_sees_nothing_and_the_new_one_writes_on(world, client):
    row = world.ours.returns["uhnm"]
    returns.reassign(row, by=world.lead_same, author=world.colleague)
    address = reverse("reviews:write_return", args=[row.pk])
    assert sign_in(client, world.author).get(address).status_code == 404
    assert sign_in(Client(), world.colleague).get(address).status_code == 200
    assert sign_in(Client(), world.lead_same).get(address).status_code == 404


def test_who_leaves_one_of_two_organisations_keeps_named_access_and_those_who_gave_it_are_asked(world):
    join(world.panel, role=Role.AGENCY_STAFF, partnership=world.partnership, agency=world.agencies["mpft"])
    row = begin(world, "panel", "officer_outside", "icb")
    assert not [item for item in reads.items_of(row, world.officer_outside) if item.key.startswith("grant")]
    services.finish(row, by=world.officer_outside)
    assert FolderGrant.objects.live().filter(user=world.panel).exists()
    assert Notice.objects.filter(kind="leaving_access_stays", recipient=world.officer).exists()


def test_the_last_of_the_unit_cannot_leave_the_portal_without_anybody_to_let_people_in(world):
    for name in ("officer_outside", "case_officer", "ended", "barred"):
        Membership.objects.filter(user=world.people[name]).update(ends=TODAY())
    second = Membership.objects.get(user__name="Second")
    Membership.objects.filter(user__in=[world.officer, world.stranger, second.user]).update(ends=TODAY())
    row = services.start(world.manager, by=None, altogether=True, last_day=TODAY())
    for item in reads.items_of(row, None):
        HandOver.objects.create(departure=row, key=item.key, choice="keep")
    with pytest.raises(ValidationError, match="last person who looks after accounts"):
        services.finish(row, by=None)


@pytest.mark.parametrize("persona", ["directory_admin", "officer_outside", "lead_other", "colleague"])
def test_a_return_is_given_on_by_its_own_lead_or_the_case_s_people_and_by_nobody_else(world, persona):
    row = world.ours.returns["uhnm"]
    with pytest.raises(PermissionDenied):
        returns.reassign(row, by=world.people[persona], author=world.colleague)
    returns.reassign(row, by=world.officer, author=world.colleague)


def test_a_lead_gives_a_return_to_nobody_whom_she_let_in_after_it_was_asked_for(world):
    later = person("later", Role.AGENCY_STAFF, world.agencies["uhnm"], world.partnership)
    later.memberships.update(starts=TODAY())
    row = begin(world, altogether=True)
    item = keys(row, world.lead_same)["return"]
    assert world.colleague in item.people and later not in item.people
    with pytest.raises(ValidationError):
        returns.reassign(world.ours.returns["uhnm"], by=world.lead_same, author=later)
    returns.reassign(world.ours.returns["uhnm"], by=world.officer, author=later)  # who asks for it may choose anybody


def test_whoever_asks_for_returns_is_told_at_once_that_another_writes_one(world):
    returns.reassign(world.ours.returns["uhnm"], by=world.lead_same, author=world.colleague)
    told = Notice.objects.filter(kind="return_given_on", subject_id=world.ours.returns["uhnm"].pk)
    assert {world.officer.pk, world.manager.pk} <= set(told.values_list("recipient", flat=True))
    assert not told.filter(recipient__in=[world.stranger, world.lead_same, world.officer_outside]).exists()


def test_a_lead_learns_nothing_of_a_case_from_what_others_decide_about(world, client):
    join(world.panel, role=Role.AGENCY_STAFF, partnership=world.partnership, agency=world.agencies["uhnm"])
    row = begin(world, "panel")
    body = sign_in(client, world.lead_same).get(reverse("directory:departure", args=[row.pk])).content.decode()
    assert "rapid review" not in body.lower() and "sealed" not in body.lower()


def test_those_who_let_people_in_are_told_when_access_ends_by_a_leaving(world):
    row = services.start(world.panel, by=world.manager, altogether=True, last_day=TODAY(), agency=world.agencies["icb"])
    services.finish(row, by=world.manager)
    told = Notice.objects.filter(kind="leaving_access_ended", subject_id=world.ours.folder.pk)
    assert world.officer.pk in set(told.values_list("recipient", flat=True))


def test_a_lead_does_not_end_the_role_of_a_safeguarding_partner(world):
    join(world.deputy_police, role=Role.AGENCY_LEAD, partnership=world.partnership, agency=world.agencies["police"])
    with pytest.raises(ValidationError, match="Ask the business unit"):
        services.start(world.signer_police, by=world.deputy_police, agency=world.agencies["police"], last_day=TODAY())


def test_a_lead_gives_nobody_a_partner_s_role(world):
    join(world.lead_same, role=Role.AGENCY_LEAD, partnership=world.partnership, agency=world.agencies["council"])
    facts = {"to_agency": world.agencies["council"], "to_role": Role.DELEGATED_PARTNER}
    with pytest.raises(ValidationError, match="Only the business unit"):
        begin(world, "colleague", **facts)
    assert begin(world, "colleague", **(facts | {"to_role": Role.AGENCY_STAFF})).moves
