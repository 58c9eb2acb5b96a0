"""The three safeguarding partners: let in at once, told truly, signed once, and counted only when they speak."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnership.access import services as access
from partnership.access.models import FolderGrant
from partnership.access.rows import can
from partnership.people.models import NamedDuty
from partnership.people.roles import Perm, Role
from partnership.trail.models import Event
from reviews import services
from reviews.models import Review
from reviews.open_work import seats_to_sign
from tests.reviews.test_pages import at
from tests.reviews.test_services import page_of
from tests.world import open_case

SIGNERS = ("signer_council", "signer_icb", "signer_police", "deputy_police")


@pytest.fixture
def fresh(world):
    """A case on which only the officer and the manager are."""
    return open_case(world, "fresh", by=world.officer)


def ids(world, *names):
    return [str(world.people[name].pk) for name in names]


def everybody(world):
    return {
        "la": ids(world, "signer_council"),
        "icb": ids(world, "signer_icb"),
        "police": ids(world, "signer_police", "deputy_police"),
        "reason": "To read and sign.",
    }


def said(client, url, sent):
    """What the page says on which a post lands; reading it takes the messages away, as in a browser."""
    return " ".join(str(each) for each in client.get(client.post(url, sent)["Location"]).context["messages"])


def steps_of(answer):
    return {task.title: task for task in answer.context["steps"]}


def test_all_who_hold_the_duty_today_are_ticked_and_let_in_for_one_reason(world, fresh, sign_in):
    client = sign_in(world.officer)
    page = client.get(at("let_in_partners", fresh.review))
    form = page.context["form"]
    assert {seat: form[seat].value() for seat in ("la", "icb", "police")} == {
        seat: chosen for seat, chosen in everybody(world).items() if seat != "reason"
    }
    answer = client.post(at("let_in_partners", fresh.review), everybody(world))
    assert answer.status_code == 302
    for name in SIGNERS:
        assert can(world.people[name], Perm.SIGN_OFF, fresh.review)
    grants = FolderGrant.objects.live().filter(content_object=fresh.folder, permission__codename="role_sg")
    assert {grant.reason for grant in grants} == {"To read and sign."}
    deputy = grants.get(user=world.deputy_police)
    duty_ends = NamedDuty.objects.get(holder=world.deputy_police).ends
    assert timezone.localdate(deputy.ends) == duty_ends
    assert deputy.last_day == duty_ends - timedelta(days=1), "the day that ‘dated deputy until’ names"
    assert Event.objects.filter(verb="access_granted", folder_id=fresh.folder.pk, actor_id=world.officer.pk).count() > 3


@pytest.mark.parametrize(
    "change, field",
    [
        ({"reason": " "}, "reason"),
        ({"la": [], "icb": [], "police": []}, "la"),
        ({"la": ["partner_outside"]}, "la"),
        ({"la": ["signer_icb"]}, "la"),
    ],
    ids=["no reason", "nobody", "holds no duty", "holds another partner's"],
)
def test_nobody_is_let_in_when_the_form_is_wrong(world, fresh, sign_in, change, field):
    sent = everybody(world) | {
        key: ids(world, *value) if isinstance(value, list) else value for key, value in change.items()
    }
    answer = sign_in(world.officer).post(at("let_in_partners", fresh.review), sent)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not FolderGrant.objects.filter(content_object=fresh.folder, permission__codename="role_sg").exists()


def test_a_barred_person_is_named_but_cannot_be_chosen_and_no_reason_is_said(world, fresh, sign_in):
    access.bar(fresh.folder, world.signer_icb, by=world.officer, reason="line")
    client = sign_in(world.officer)
    page = client.get(at("let_in_partners", fresh.review)).content.decode()
    assert f"{world.signer_icb.name} (delegate) cannot be let in." in page
    assert "Manages" not in page and "conflict" not in page
    assert str(world.signer_icb.pk) not in page
    answer = client.post(at("let_in_partners", fresh.review), everybody(world) | {"icb": ids(world, "signer_icb")})
    # The seat has nobody left to choose, so what was forged into it is not read.
    assert answer.status_code == 302
    assert not can(world.signer_icb, Perm.SIGN_OFF, fresh.review)


def test_a_seat_without_a_holder_says_so_and_what_to_do(world, fresh, sign_in):
    NamedDuty.objects.filter(holder=world.signer_icb).update(ends=timezone.localdate())
    client, url = sign_in(world.officer), at("let_in_partners", fresh.review)
    assert "the directory names no account" in client.get(url).content.decode(), "a post without holder is named"
    NamedDuty.objects.filter(agency=world.agencies["icb"]).update(ends=timezone.localdate())
    page = client.get(url).content.decode()
    assert "Nobody holds this duty today." in page
    assert str(world.agencies["icb"].pk) in page


def test_two_windows_let_everybody_in_once(world, fresh, sign_in):
    client = sign_in(world.officer)
    for _ in range(2):
        client.post(at("let_in_partners", fresh.review), everybody(world))
    grants = FolderGrant.objects.live().filter(content_object=fresh.folder, permission__codename="role_sg")
    assert sorted(grant.user.name for grant in grants) == sorted(world.people[name].name for name in SIGNERS)


def test_after_a_decision_the_truth_is_told(world, fresh, sign_in):
    client = sign_in(world.officer)
    decision = {"standing": 0, "code": "none", "rationale": "Complete."}
    words = said(client, at("decide", fresh.review), decision)
    assert "Nobody can sign it yet." in words
    assert "the local authority, the integrated care board and the chief officer of police" in words
    assert at("let_in_partners", fresh.review) in words
    access.grant(fresh.folder, world.signer_icb, Role.SIGNATORY, by=world.officer, reason="Signs.")
    words = said(client, at("decide", fresh.review), decision | {"standing": 1})
    assert f"{world.signer_icb.name} can sign it now." in words
    assert "to sign for the local authority and the chief officer of police." in words
    client.post(at("let_in_partners", fresh.review), everybody(world) | {"icb": []})
    words = said(client, at("decide", fresh.review), decision | {"standing": 2})
    assert "Nobody" not in words


def test_who_cannot_let_people_in_is_told_whom_to_ask(world, fresh, sign_in):
    access.grant(fresh.folder, world.case_officer, Role.CASE_OFFICER, by=world.officer, reason="Works on it.")
    client = sign_in(world.case_officer)
    words = said(client, at("decide", fresh.review), {"standing": 0, "code": "none", "rationale": "Complete."})
    assert "Ask a case lead" in words and "href" not in words
    assert client.get(at("let_in_partners", fresh.review)).status_code == 403


def test_the_step_people_names_who_is_not_let_in(world, fresh, sign_in):
    client = sign_in(world.officer)
    step = steps_of(client.get(at("review", fresh.review)))["People"]
    assert (step.status, step.href) == ("To do", at("let_in_partners", fresh.review))
    assert step.hint == "Not let in yet: local authority, integrated care board and chief officer of police"
    client.post(at("let_in_partners", fresh.review), everybody(world))
    assert steps_of(client.get(at("review", fresh.review)))["People"].status == "Completed"


def test_to_sign_is_given_only_to_somebody_who_holds_the_duty_today(world, fresh, sign_in):
    """WT2023 ch. 2: the lead partner appoints the delegate; a dated deputy acts between two dates."""
    with pytest.raises(ValidationError, match="directory’s administrator") as refused:
        access.grant(fresh.folder, world.partner_outside, Role.SIGNATORY, by=world.officer, reason="Signs.")
    assert list(refused.value.message_dict) == ["user"]
    today = timezone.localdate()
    NamedDuty.objects.filter(holder=world.deputy_police).update(starts=today - timedelta(days=9), ends=today)
    with pytest.raises(ValidationError, match="does not hold the duty"):
        access.grant(fresh.folder, world.deputy_police, Role.SIGNATORY, by=world.officer, reason="Signs.")
    access.grant(fresh.folder, world.partner_outside, Role.PANEL_MEMBER, by=world.officer, reason="Reads.")


class TestSignatures:
    def sign(self, world, who, seat, stance="agrees", reason=""):
        services.sign_off(world.ours.decision, by=world.people[who], seat=seat, stance=stance, reason=reason)

    def step(self, world, sign_in):
        return steps_of(sign_in(world.officer).get(at("review", world.ours.review)))["Signatures"]

    def test_a_recorded_silence_is_no_signature(self, world, sign_in):
        self.sign(world, "signer_council", "la")
        self.sign(world, "signer_icb", "icb", "disagrees", "Not complete.")
        police = world.agencies["police"]
        services.record_silence(world.ours.decision, by=world.officer, seat="police", agency=police, reason="Calls.")
        step = self.step(world, sign_in)
        assert (step.status, step.hint) == ("To do", "1 agrees, 1 disagrees, 1 has not answered")
        self.sign(world, "signer_police", "police")
        step = self.step(world, sign_in)
        assert (step.status, step.hint) == ("Completed", "2 agree, 1 disagrees")

    @pytest.mark.parametrize("persona", ["signer_police", "deputy_police"])
    def test_a_signed_seat_is_not_offered_again_to_delegate_or_deputy(self, world, sign_in, persona):
        client = sign_in(world.people[persona])
        url, home = at("sign_off", world.ours.review), "/home"
        assert url in client.get(home).content.decode()
        assert url in client.get(at("review", world.ours.review)).content.decode()
        self.sign(world, "deputy_police", "police")
        assert url not in client.get(home).content.decode()
        assert url not in client.get(at("review", world.ours.review)).content.decode()
        page = client.get(url).content.decode()
        assert "This decision is signed" in page and "<textarea" not in page
        signer = "You have" if persona == "deputy_police" else f"{world.deputy_police.name} has"
        assert f"{signer} signed decision 1 for {world.agencies['police'].name}" in page

    def test_the_silence_of_a_partner_who_has_a_word_is_not_offered(self, world, sign_in):
        client, path = sign_in(world.officer), at("record_silence", world.ours.review)
        offered = client.get(path).context["form"].fields["agency"].queryset
        assert set(offered) == {world.agencies[each] for each in ("council", "icb", "police")}
        for seat, agency in (("icb", "icb"), ("la", "council"), ("police", "police")):
            services.record_silence(
                world.ours.decision, by=world.officer, seat=seat, agency=world.agencies[agency], reason="Calls."
            )
            page = client.get(path)
            assert world.agencies[agency] not in page.context["form"].fields["agency"].queryset
        assert "All three partners have a word on this decision" in page.content.decode()
        assert path not in client.get(at("review", world.ours.review)).content.decode()

    def test_a_seat_of_which_a_silence_was_recorded_can_still_be_signed(self, world, sign_in):
        icb = world.agencies["icb"]
        services.record_silence(world.ours.decision, by=world.officer, seat="icb", agency=icb, reason="Calls.")
        page = sign_in(world.signer_icb).get(at("sign_off", world.ours.review)).content.decode()
        assert "Do you agree with this decision?" in page

    def test_the_page_of_signing_leads_to_what_there_is_to_read(self, world, sign_in):
        page = sign_in(world.signer_icb).get(at("sign_off", world.ours.review)).content.decode()
        for row in world.ours.returns.values():
            assert at("agency_return", row) in page
        assert str(world.ours.version.pk) in page

    def test_an_earlier_decision_can_be_read_with_what_was_signed(self, world, sign_in):
        self.sign(world, "signer_icb", "icb", "disagrees", "Not the whole story.")
        services.decide(world.ours.review, by=world.officer, code="lcspr", rationale="Read again.")
        (earlier,) = page_of(world).earlier
        assert earlier[0].number == 1 and [seat.spoken for seat in earlier[1]] == [False, True, False]
        page = sign_in(world.panel).get(at("review", world.ours.review)).content.decode()
        assert world.ours.decision.rationale in page and "Not the whole story." in page
        assert Review.objects.get(pk=world.ours.review.pk).status == Review.Status.DECIDED


def test_a_partners_seats_on_many_reviews_cost_as_many_questions_as_on_one(world):
    def of(user):
        with CaptureQueriesContext(connection) as asked:
            found = [held.folder_id for held in seats_to_sign(user)]
        return found, len(asked)

    # Nobody else signs for the ICB; for the police its deputy does.
    one, queries = of(world.signer_icb)
    assert one == [world.ours.folder.pk] and of(world.signer_police)[0] == []
    for n in range(3):
        case = open_case(world, f"more{n}", by=world.officer)
        access.grant(case.folder, world.signer_icb, Role.SIGNATORY, by=world.officer, reason="Signs.")
        access.grant(case.folder, world.signer_police, Role.SIGNATORY, by=world.officer, reason="Signs.")
    assert (len(of(world.signer_icb)[0]), of(world.signer_icb)[1]) == (4, queries)
    assert len(of(world.signer_police)[0]) == 3, "where his deputy was not let in"
