"""From a referral to the council's word: who is told, who reads it, what runs, and what neither gates nor delays."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership.access.flow import Stale
from partnership.access.models import FolderGrant
from partnership.access.rows import can
from partnership.deadlines.models import Deadline
from partnership.identities.models import Identity
from partnership.notify.models import Notice
from partnership.people.models import Membership, NamedDuty
from partnership.people.roles import Perm, Role
from partnership.people.services import join
from reviews import services as reviews
from reviews.considering import reads, services
from reviews.models import CriteriaView, Notification, Outcome, Referral, Review
from tests.walk.post import moment
from tests.world import sign_in


@pytest.fixture(autouse=True)
def second_manager(world):
    """With two business managers the folder of a referral opens to them alone."""
    return join(world.stranger, role=Role.BUSINESS_MANAGER, partnership=world.partnership)


def facts(**more):
    today = timezone.localdate()
    return {
        "safety": "A sibling is with relatives.", "records_secured": True, "agreed_by": "Director of Nursing",
        "agreed_on": today, "harm": "harm", "incident_on": today - timedelta(days=3), "setting": "at home",
        "what_happened": "A fall.", "why": "The injuries do not fit.", "other_agencies": "", "other_area": "",
    } | more  # fmt: skip


def refer(world, by="lead_same", agency="uhnm", **more):
    asked = {
        "kind": "incident", "facts": facts(), "child": {"age_band": "1-4", "legal_status": "cin"},
        "identity": {"name": "Fern Example", "date_of_birth": None, "addresses": "", "other": "", "other_names": ""},
    } | more  # fmt: skip
    return services.refer(by=getattr(world, by), partnership=world.partnership, agency=world.agencies[agency], **asked)


def notice(world, aware, sent):
    return {
        "authority": world.agencies["council"], "incident_on": timezone.localdate(aware), "aware_at": aware,
        "sent_at": sent, "harm": "harm", "what_happened": "A fall.",
    }  # fmt: skip


def typed(world, **more):
    """The referral form as a browser posts it."""
    today = timezone.localdate()
    day = {"_day": today.day, "_month": today.month, "_year": today.year}
    return {
        "safety": "Seen today.", "records_secured": "on", "agency": world.agencies["uhnm"].pk, "kind": "incident",
        "agreed_by": "Director of Nursing", "harm": "harm", "what_happened": "A fall.", "why": "Unexplained.",
        "name": "Fern Example", "age_band": "1-4", "legal_status": "cin",
        **{f"{name}{part}": value for name in ("agreed_on", "incident_on") for part, value in day.items()},
    } | more  # fmt: skip


# --- who refers, and who reads it -------------------------------------------------------------------------------------


def test_the_first_page_says_that_this_is_no_child_protection_referral(world, client):
    page = sign_in(client, world.lead_same).get(reverse("reviews:start")).content.decode()
    assert "This is not a child protection referral" in page and "999" in page
    assert reverse("reviews:refer") in page and reverse("reviews:notify") not in page


def test_a_lead_refers_in_a_browser_and_reads_only_her_own_referral_and_its_outcome(world, client):
    sign_in(client, world.lead_same)
    answer = client.post(reverse("reviews:refer"), typed(world))
    row = Referral.objects.get()
    assert answer.url == reverse("reviews:referral", args=[row.pk])
    page = client.get(answer.url).content.decode()
    assert "Waiting for the partnership" in page and "Unexplained." in page
    assert "Fern Example" not in page, "who it is lies apart"
    assert client.get(reverse("reviews:consideration", args=[row.review_id])).status_code == 404
    services.decline(row, by=world.manager, note="This belongs to the child death review.")
    assert "This belongs to the child death review." in client.get(answer.url).content.decode()
    assert Identity.objects.get(folder=row.folder).label == "Child A"


def test_nobody_else_of_the_organisation_and_no_officer_outside_reads_a_referral(world, client):
    row = refer(world)
    for name in ("colleague", "author", "lead_other", "officer", "officer_outside", "directory_admin"):
        user = getattr(world, name)
        assert not can(user, Perm.REFERRAL_VIEW, row), name
        assert sign_in(Client(), user).get(reverse("reviews:referral", args=[row.pk])).status_code == 404, name
    let_in = set(FolderGrant.objects.live().filter(content_object=row.folder).values_list("user__name", flat=True))
    assert let_in == {"Manager", "Stranger"}


def test_where_there_is_one_manager_the_units_officers_hold_the_folder_too(world):
    Membership.objects.filter(user=world.stranger, role=Role.BUSINESS_MANAGER).delete()
    row = refer(world)
    assert can(world.officer, Perm.REFERRAL_DECIDE, row) and can(world.manager, Perm.REFERRAL_DECIDE, row)
    Membership.objects.filter(role__in=[Role.BUSINESS_MANAGER, Role.BUSINESS_UNIT]).delete()
    with pytest.raises(ValidationError, match="Ring the unit"):
        refer(world)


def test_a_referral_is_not_made_for_another_organisation_nor_without_secured_records(world, client):
    sign_in(client, world.lead_same)
    wrong = client.post(reverse("reviews:refer"), typed(world, agency=world.agencies["mpft"].pk))
    assert wrong.status_code == 422 and "agency" in wrong.context["form"].errors
    loose = client.post(reverse("reviews:refer"), {k: v for k, v in typed(world).items() if k != "records_secured"})
    assert "Secure your records first" in loose.context["form"].errors["records_secured"][0]
    assert not Referral.objects.exists()


def test_the_manager_is_led_to_the_referral_and_the_tabs_are_those_of_a_consideration(world, client):
    row = refer(world)
    page = sign_in(client, world.manager).get(reverse("reviews:consideration", args=[row.review_id])).content.decode()
    assert "Next for you:" in page and reverse("reviews:decide_referral", args=[row.pk]) in page
    assert "Consideration</a>" in page and reverse("reviews:notification", args=[row.review_id]) not in page


def test_whoever_leaves_the_organisation_reads_the_referral_no_longer(world):
    row = refer(world)
    assert can(world.lead_same, Perm.REFERRAL_VIEW, row)
    Membership.objects.filter(user=world.lead_same).delete()
    assert not can(world.lead_same, Perm.REFERRAL_VIEW, row)


def test_the_unit_is_told_at_once_and_the_referrer_of_the_outcome(world):
    row = refer(world)
    told = set(Notice.objects.filter(kind="referral_in").values_list("recipient__name", flat=True))
    assert told == {"Manager", "Stranger"}
    services.take_on(row, by=world.manager)
    assert Notice.objects.get(kind="referral_outcome").recipient == world.lead_same
    with pytest.raises(Stale):
        services.take_back(row, by=world.lead_same, note="A mistake.")


def test_a_referrer_takes_back_his_own_and_nobody_elses(world):
    row = refer(world)
    with pytest.raises(PermissionDenied):
        services.take_back(row, by=world.colleague, note="A mistake.")
    services.take_back(row, by=world.lead_same, note="A mistake.")
    row.refresh_from_db()
    assert (row.status, row.review.status) == ("withdrawn", "considered")


def test_what_came_by_telephone_keeps_giver_channel_and_both_times(world):
    came = timezone.now() - timedelta(hours=5)
    on_behalf = {"source": "cdop", "given_by": "Panel chair", "channel": "phone", "given_at": came}
    row = refer(world, by="officer", agency="icb", on_behalf=on_behalf)
    assert (row.referrer, row.given_by, row.given_at) == (None, "Panel chair", came)
    assert row.recorded_at > came
    assert can(world.officer, Perm.REFERRAL_DECIDE, row), "whoever recorded it leads the folder"


# --- the council's word ---------------------------------------------------------------------------------------------


def test_the_days_to_notify_run_from_the_councils_own_date_and_a_correction_supersedes_them(world):
    review = refer(world, facts=facts(incident_on=timezone.localdate() - timedelta(days=6))).review
    assert not Deadline.objects.filter(subject_id=review.pk).exists(), "the referrer's date is not the council's"
    first, then = timezone.now() - timedelta(days=2), timezone.now() - timedelta(days=4)
    council = world.agencies["council"]
    services.council_aware(review, by=world.manager, authority=council, aware_at=first)
    with pytest.raises(ValidationError, match="why the time that was recorded is wrong"):
        services.council_aware(review, by=world.manager, authority=council, aware_at=then)
    services.council_aware(review, by=world.manager, authority=council, aware_at=then, reason="The log says so.")
    new, old = Deadline.objects.get(subject_id=review.pk, status="open"), Deadline.objects.get(status="superseded")
    assert (old.trigger_at, new.trigger_at) == (first, then)
    with pytest.raises(ValidationError, match="it cannot be earlier"):
        early = then - timedelta(days=30)
        services.council_aware(review, by=world.manager, authority=council, aware_at=early, reason="Wrong again.")


def test_the_page_shows_the_clock_that_runs_however_often_the_date_was_corrected(world):
    review = refer(world, facts=facts(incident_on=timezone.localdate() - timedelta(days=30))).review
    council = world.agencies["council"]
    for days in (20, 17, 14, 11):
        aware = timezone.now() - timedelta(days=days)
        services.council_aware(review, by=world.manager, authority=council, aware_at=aware, reason="The log says so.")
        row = Review.objects.select_related("folder", "consideration").get(pk=review.pk)
        shown = Deadline.objects.get(pk=reads.consideration_page(world.manager, row).clock_id)
        assert (shown.status, shown.trigger_at) == ("open", aware)


def test_home_asks_for_the_councils_date_until_it_is_recorded(world, client):
    review = refer(world).review
    sign_in(client, world.manager)
    url = reverse("reviews:council_aware", args=[review.pk])
    assert url in client.get("/home").content.decode()
    services.council_aware(review, by=world.manager, authority=world.agencies["council"], aware_at=timezone.now())
    assert url not in client.get("/home").content.decode()


def test_a_referrer_does_not_read_what_the_council_notified_it_as(world, client):
    row, now = refer(world), timezone.now()
    told = notice(world, now - timedelta(days=1), now) | {"harm": "death"}
    services.notify(row.review, by=world.manager, facts=told, kind="lac", rapid=True)
    page = sign_in(client, world.lead_same).get(reverse("reviews:referral", args=[row.pk])).content.decode()
    assert "Serious incident" in page and "looked-after" not in page


def test_the_notification_ends_the_days_to_notify_and_begins_the_fifteen_without_any_view(world):
    row = refer(world)
    aware = timezone.now() - timedelta(days=3)
    services.council_aware(row.review, by=world.manager, authority=world.agencies["council"], aware_at=aware)
    sent = timezone.now() - timedelta(hours=1)
    review = services.notify(row.review, by=world.manager, facts=notice(world, aware, sent), kind="incident")
    clocks = {each.rule: each for each in Deadline.objects.filter(subject_id=review.pk)}
    assert clocks["incident_notification"].status == "met"
    assert (clocks["rapid_review"].status, clocks["rapid_review"].trigger_at) == ("open", sent)
    assert (review.status, Outcome.objects.get().code) == ("open", Outcome.Code.NOTIFIED)
    assert not CriteriaView.objects.exists()


@pytest.mark.parametrize("kind, rule", [
    ("lac", "looked_after_death_notification"), ("leaver", "care_leaver_death_notification"),
])  # fmt: skip
def test_the_death_of_a_looked_after_child_or_care_leaver_brings_no_rapid_review_unless_the_criteria_are_met(
    world, client, kind, rule
):
    aware, sent = timezone.now() - timedelta(days=3), timezone.now() - timedelta(days=2)
    shared = {"by": world.officer, "partnership": world.partnership, "kind": kind, "rapid": False}
    review = reviews.open_review(
        **shared, facts=notice(world, aware, sent), child={"age_band": "15-17", "legal_status": "lac"}
    )
    assert review.status == "noted"
    assert [each.rule for each in Deadline.objects.filter(subject_id=review.pk)] == [rule]
    sign_in(client, world.officer)
    at = reverse("reviews:review", args=[review.pk])
    assert client.get(at).url == reverse("reviews:consideration", args=[review.pk])
    for page in ("decide", "record_sending", "ask_agency"):
        assert client.get(reverse(f"reviews:{page}", args=[review.pk])).status_code == 302, page
    assert client.get(reverse("reviews:correct_notification", args=[review.pk])).status_code == 200
    begin, now = reverse("reviews:begin_rapid_review", args=[review.pk]), timezone.now()
    again = moment("aware_at", now - timedelta(hours=3)) | moment("sent_at", now - timedelta(hours=1))
    early = moment("aware_at", aware) | moment("sent_at", sent - timedelta(hours=1))
    assert "before the notification of the death" in client.post(begin, early).content.decode()
    assert client.post(begin, again).status_code == 302
    days = {each.rule: each for each in Deadline.objects.filter(subject_id=review.pk)}
    assert days["rapid_review"].trigger_at > sent, "a rapid review has a notification of its own"
    assert days["incident_notification"].status == days[rule].status == "met"
    assert client.get(at).status_code == 200


def test_nobody_notifies_with_reasons_and_it_can_be_considered_again(world):
    row = refer(world)
    services.take_on(row, by=world.manager)
    aware = timezone.now() - timedelta(days=1)
    services.council_aware(row.review, by=world.manager, authority=world.agencies["council"], aware_at=aware)
    with pytest.raises(ValidationError, match="why the council does not notify"):
        services.nobody_notifies(row.review, by=world.manager, reason=" ")
    services.nobody_notifies(row.review, by=world.manager, reason="The injuries are explained.")
    assert Deadline.objects.get(subject_id=row.review_id).status == "cancelled"
    services.consider_again(row.review, by=world.manager, reason="A second opinion.")
    assert Deadline.objects.filter(subject_id=row.review_id, status="open").count() == 1
    row.review.refresh_from_db()
    assert row.review.status == "considered"


def test_a_declined_referral_closes_the_case_and_taking_it_on_after_all_opens_it_again(world):
    row = refer(world)
    services.decline(row, by=world.manager, note="Not for us.")
    row.refresh_from_db()
    assert row.review.status == "closed"
    assert Outcome.objects.get().code == Outcome.Code.NOT_TAKEN_ON, "it is not the council's word"
    services.take_on(row, by=world.manager, note="More is known.")
    assert Review.objects.get(pk=row.review_id).status == "considered"
    row.refresh_from_db()
    assert row.outcome_note == "Not for us.\n\nMore is known.", "its referrer has read the first words"


def test_declining_a_referral_leaves_the_councils_days_to_notify_running(world):
    row = refer(world)
    council = world.agencies["council"]
    services.council_aware(row.review, by=world.manager, authority=council, aware_at=timezone.now())
    services.decline(row, by=world.manager, note="Not for us.")
    row.review.refresh_from_db()
    assert row.review.status == "considered" and not Outcome.objects.exists()
    assert Deadline.objects.get(subject_id=row.review_id).status == "open"


def test_no_reason_of_the_council_is_overwritten_and_the_days_count_again(world, client):
    row = refer(world)
    services.take_on(row, by=world.manager)
    council = world.agencies["council"]
    services.council_aware(row.review, by=world.manager, authority=council, aware_at=timezone.now())
    services.nobody_notifies(row.review, by=world.manager, reason="The council's first reasons.")
    services.consider_again(row.review, by=world.manager, reason="A post-mortem.")
    running = Deadline.objects.filter(subject_id=row.review_id, status="open")
    assert running.count() == 1
    page = sign_in(client, world.manager).get(reverse("reviews:consideration", args=[row.review_id]))
    assert "The council&#x27;s first reasons." in page.content.decode()


# --- the three partners' views ----------------------------------------------------------------------------------------


@pytest.fixture
def asked(world):
    """A referral that was taken on, with the three partners and the deputy of the police let in."""
    from reviews import partners

    row = refer(world)
    services.take_on(row, by=world.manager)
    people = [world.signer_council, world.signer_icb, world.deputy_police]
    partners.let_in(row.review, people, by=world.manager, reason="To say what they think.")
    return row.review


def test_those_let_in_are_asked_for_their_view_and_sign_as_themselves(world, asked, client):
    assert Notice.objects.filter(kind="criteria_view_sought").count() == 3
    sign_in(client, world.deputy_police)
    at = reverse("reviews:give_view", args=[asked.pk])
    assert client.post(at, {"seat": "police", "stance": "met"}).status_code == 422
    client.post(at, {"seat": "police", "stance": "met", "reason": "Two agencies knew."})
    row = CriteriaView.objects.get()
    assert (row.signer, row.as_deputy, row.agency) == (world.deputy_police, True, world.agencies["police"])


def test_nobody_gives_the_view_of_another_partner_or_after_his_duty_ended(world, asked):
    said = {"stance": "met", "reason": "It is plain."}
    with pytest.raises(ValidationError, match="do not speak for"):
        services.give_view(asked, by=world.signer_council, seat="police", **said)
    NamedDuty.objects.filter(holder=world.signer_icb).update(ends=timezone.localdate())
    with pytest.raises(ValidationError, match="do not speak for"):
        services.give_view(asked, by=world.signer_icb, seat="health", **said)


def test_a_later_view_stands_beside_the_earlier_and_a_silence_is_recorded_with_what_was_tried(world, asked):
    services.give_view(asked, by=world.signer_council, seat=seat_of(world, "council"), stance="unsure", reason="Wait.")
    services.give_view(asked, by=world.signer_council, seat=seat_of(world, "council"), stance="met", reason="Now.")
    now = timezone.now()
    services.record_view(
        asked, by=world.manager, agency=world.agencies["icb"], stance="silent", reason="Rang twice.", given_by="",
        channel="phone", given_at=now,
    )  # fmt: skip
    with pytest.raises(ValidationError, match="which post"):
        services.record_view(
            asked, by=world.manager, agency=world.agencies["icb"], stance="met", reason="Yes.", given_by=" ",
            channel="phone", given_at=now,
        )  # fmt: skip
    seats = {seat.code: seat for seat in reads.consideration_page(world.manager, asked).seats}
    council, icb = seats[seat_of(world, "council")], seats[seat_of(world, "icb")]
    assert (council.now.stance, [each.stance for each in council.earlier]) == ("met", ["unsure"])
    assert (icb.now.stance, icb.now.signer) == ("silent", None)


def seat_of(world, key):
    return world.agencies[key].partner_seat


def test_the_words_of_the_referral_stand_in_the_form_of_the_notification(world, client):
    row = refer(world)
    form = (
        sign_in(client, world.manager).get(reverse("reviews:notify_considered", args=[row.review_id])).context["form"]
    )
    assert form["what_happened"].value() == "A fall." and form["setting"].value() == "at home"
    assert not Notification.objects.filter(review=row.review).exists()
