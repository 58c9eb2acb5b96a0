"""A guest: somebody outside the directory answers one request, and learns of nothing else (docs/adr/0024)."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership.access import services as access
from partnership.access.flow import Stale
from partnership.access.holding import holders_of, rows_of_named
from partnership.access.models import Link, SignedIn
from partnership.access.open_work import open_work_of
from partnership.access.rows import allowing, can
from partnership.deadlines import services as deadlines
from partnership.notify.models import Notice
from partnership.people.models import User
from partnership.people.roles import Perm
from partnership.trail.models import Event
from reviews import clocks, returns, sending, waves
from reviews.answering.signing import declare_nil
from reviews.guests import services
from reviews.guests.codes import code_of
from reviews.models import AgencyReturn, Guest
from tests.directory.joining import PASSWORD, sent
from tests.reviews import guests as made
from tests.reviews.guests import BOTH, EMAIL, LETTER, NURSERY, WHY, come_in, door_of, fresh, invited, joined, ring
from tests.walk.post import day, moment
from tests.world import sign_in, submit_return

S = Guest.Status


def page(client, name, row) -> tuple:
    answer = client.get(reverse(f"reviews:{name}", args=[row.pk]))
    return answer.status_code, answer.content.decode()


def row_of(guest) -> AgencyReturn:
    return AgencyReturn.objects.unscoped(WHY).select_related("review__folder").get(pk=guest.row_id)


def send_report(world):
    now = timezone.localdate()
    return sending.record_sending(
        world.ours.review, by=world.officer, version=world.ours.version, sent_at=timezone.now(), due_on=now
    )


class TestTheWayIn:
    def test_from_naming_to_the_return_by_hand(self, world):
        """As it is done: the lead names her and rings, the mail goes, the manager comes in, searches and answers."""
        lead, today = sign_in(Client(), world.officer), timezone.localdate()
        typed = {
            "body": NURSERY, "kind": "early", "name": "Mira Fenn", "post": "Nursery manager", "email": EMAIL,
            "telephone": "01782 555 010", "found_at": "Ofsted’s register", "purpose": "Say what you know.",
            **LETTER, **day("due_on", today + timedelta(days=4)), **day("letter_sent_on", today),
        }  # fmt: skip
        answer = lead.post(reverse("reviews:ask_outside", args=[world.ours.review.pk]), typed)
        guest = Guest.objects.unscoped(WHY).get()
        assert answer.status_code == 302 and made.owed_letters() == 0 and guest.status == S.NAMED
        status, words = page(lead, "guest_call", guest)
        assert code_of(guest, call=1) in words and status == 200
        called = {
            "number": "01782 555 010", "found_at": "Ofsted’s register", "answered_by": "Nursery office",
            "confirmed": "on", "version": guest.version, **moment("called_at", timezone.now()),
        }  # fmt: skip
        assert lead.post(reverse("reviews:guest_call", args=[guest.pk]), called).status_code == 302
        assert lead.post(reverse("reviews:guest_invite", args=[guest.pk])).status_code == 302
        (letter,) = [each for each in sent() if each.to == [EMAIL]]
        for secret in (NURSERY, world.ours.folder.reference, fresh(guest).row.purpose, code_of(fresh(guest))):
            assert secret not in letter.body + letter.subject

        hers, door = Client(), made.door_in(letter)
        assert hers.get(door).status_code == hers.get(door).status_code == 200
        typed = {"code": code_of(fresh(guest)).replace(" ", "-"), **BOTH}
        assert hers.post(door, typed)["Location"] == reverse("account_login")
        hers.post(reverse("account_login"), {"login": EMAIL, "password": PASSWORD})
        home = reverse("reporting:home")
        assert hers.get(home)["Location"] == reverse("mfa_activate_totp"), "not without a second factor"

        hers = made.as_guest(guest)
        words = hers.get(home).content.decode()
        assert f"Return of {NURSERY}" in words and reverse("reviews:agency_return", args=[guest.row_id]) in words
        assert {name for name, at in made.pages_of(guest).items() if hers.get(at).status_code == 200} == {
            "agency_return", "search_record", "write_return", "declare",
        }  # fmt: skip
        assert Event.objects.filter(verb="identity_read", actor_id=guest.user_id).exists()
        answers = {
            "searched_on": today, "records_secured": True, "contacts": "Five days a week.", "analysis": "As planned.",
            "voice": "She liked the sand.", "learning": "None.",
        }  # fmt: skip
        row = submit_return(row_of(guest), by=guest.user, answers=answers)
        status, words = page(lead, "agency_return", row)
        assert "She liked the sand." in words and NURSERY in words and "Mira Fenn" in words

    def test_the_menu_of_a_guest_has_her_home_and_her_notices(self, world):
        answer = made.as_guest(joined(world)).get(reverse("reporting:home"))
        assert [item["text"] for item in answer.context["nav"]] == ["Home", "Notices"]
        words = answer.content.decode()
        assert f'href="{reverse("directory:agencies")}"' not in words and "You are a guest" in words

    def test_nobody_is_invited_who_was_not_rung(self, world):
        guest = made.name_guest(world)
        with pytest.raises(Stale):
            services.invite(guest, by=world.officer)
        assert not Link.objects.filter(object_id=guest.pk).exists()

    def test_the_call_comes_after_the_naming_and_not_in_the_future(self, world):
        guest = made.name_guest(world)
        for moment_ in (timezone.now() - timedelta(hours=2), timezone.now() + timedelta(hours=2)):
            with pytest.raises(ValidationError) as refused:
                ring(guest, by=world.officer, called_at=moment_)
            assert "called_at" in refused.value.message_dict

    def test_the_agencies_that_can_be_asked_at_once_are_offered_as_before(self, world):
        before = [each.agency for each in waves.wave_of(world.officer, world.ours.review).offers]
        made.name_guest(world)
        assert before and [each.agency for each in waves.wave_of(world.officer, world.ours.review).offers] == before

    def test_the_letter_is_needed_whole(self, world):
        for letter in ({}, LETTER):
            with pytest.raises(ValidationError) as refused:
                made.name_guest(world, letter=letter)
            assert "letter_sent_on" in refused.value.message_dict
        assert not User.objects.filter(guest=True).exists()

    def test_until_she_has_come_in_the_manager_is_reminded_and_then_she_is(self, world):
        guest = invited(world)
        clock = deadlines.running(row_of(guest), clocks.AGENCY_RETURN)
        assert clock.owner_id is None
        come_in(guest)
        clock.refresh_from_db()
        user = User.objects.get(pk=guest.user_id)
        held = holders_of([clock.folder], [Perm.DEADLINE_VIEW])
        assert clock.owner_id == user.pk and can(user, Perm.DEADLINE_VIEW, clock)
        assert rows_of_named([clock], "owner", Perm.DEADLINE_VIEW, held) == {clock.pk}
        services.block(fresh(guest), by=world.officer, version=fresh(guest).version, note="It was not her.")
        clock.refresh_from_db()
        assert clock.owner_id is None and not can(User.objects.get(pk=user.pk), Perm.DEADLINE_VIEW, clock)


class TestAForwardedLink:
    def test_the_link_alone_lets_nobody_in_and_after_five_wrong_codes_it_is_shut(self, world):
        guest, thief = invited(world), Client()
        door = door_of(guest)
        for number in range(services.MOST_WRONG):
            assert thief.post(door, {"code": f"00000{number}", **BOTH}).status_code == 302
        assert fresh(guest).wrong_codes == services.MOST_WRONG and fresh(guest).status == S.INVITED
        assert thief.post(door, {"code": code_of(guest), **BOTH}).status_code == 404
        assert Notice.objects.unscoped(WHY).filter(kind="guest_tried", recipient=world.officer).exists()
        assert "Ring Mira Fenn again" in page(sign_in(Client(), world.officer), "guest", guest)[1]
        with pytest.raises(ValidationError, match="Ring them again"):
            services.send_again(fresh(guest), by=world.officer)

    def test_it_works_once_and_those_who_ask_are_told(self, world):
        guest = invited(world)
        door, code = door_of(guest), code_of(guest)
        assert Client().post(door, {"code": code, **BOTH}).status_code == 302
        assert Client().get(door).status_code == Client().post(door, {"code": code, **BOTH}).status_code == 404
        told = set(Notice.objects.unscoped(WHY).filter(kind="guest_in").values_list("recipient", flat=True))
        assert {world.officer.pk, world.manager.pk, world.case_officer.pk} <= told and world.panel.pk not in told

    def test_somebody_signed_in_as_another_is_told_and_nothing_is_used_up(self, world):
        guest = invited(world)
        colleague = sign_in(Client(), world.colleague)
        assert colleague.post(door_of(guest), {"code": code_of(guest), **BOTH}).status_code == 403
        assert fresh(guest).status == S.INVITED and come_in(guest).status == S.JOINED

    def test_the_door_says_nothing_of_the_case_or_the_body(self, world):
        guest = invited(world)
        words = Client().get(door_of(guest)).content.decode()
        for secret in (NURSERY, EMAIL, world.ours.folder.reference, "Mira Fenn", str(guest.row_id), code_of(guest)):
            assert secret not in words

    def test_another_call_ends_the_earlier_link_and_code(self, world):
        guest = invited(world)
        door, code = door_of(guest), code_of(guest)
        ring(guest, by=world.officer)
        assert Client().post(door, {"code": code, **BOTH}).status_code == 404
        again = services.invite(fresh(guest), by=world.officer)
        assert code_of(again) != code
        assert services.join(made.link_of(again), code=code, password=PASSWORD) is None, "the code of an earlier call"
        assert come_in(again).status == S.JOINED

    def test_blocking_ends_what_is_open_at_once_and_only_a_call_opens_it_again(self, world):
        guest = joined(world)
        hers = made.as_guest(guest)
        returns.save_return(row_of(guest), by=guest.user, version=1, answers={"contacts": "Every Monday."})
        services.block(fresh(guest), by=world.officer, version=fresh(guest).version, note="It was not her.")
        assert hers.get(made.pages_of(guest)["agency_return"]).status_code == 302
        assert not SignedIn.objects.filter(user=guest.user).exists()
        user = User.objects.get(pk=guest.user_id)
        assert (user.is_active, user.has_usable_password()) == (False, False)
        with pytest.raises(Stale):
            services.invite(fresh(guest), by=world.officer)
        come_in(services.invite(ring(guest, by=world.officer), by=world.officer))
        assert "Every Monday." in made.as_guest(guest).get(made.pages_of(guest)["write_return"]).content.decode()

    def test_a_lost_phone_is_seen_to_by_another_call(self, world):
        guest = joined(world)
        Authenticator.objects.create(user=guest.user, type="totp", data={})
        hers = made.as_guest(guest)
        ring(guest, by=world.officer)
        assert hers.get(made.pages_of(guest)["agency_return"]).status_code == 302
        assert not Authenticator.objects.filter(user=guest.user).exists()
        assert come_in(services.invite(fresh(guest), by=world.officer)).status == S.JOINED


class TestTheEnd:
    def test_sending_the_report_ends_every_guests_access_and_frees_the_address(self, world):
        guest, waiting = joined(world), invited(world, email="deputy@puddle-lane.example")
        door, hers = door_of(waiting), made.as_guest(guest)
        send_report(world)
        assert {fresh(guest).status, fresh(waiting).status} == {S.ENDED}
        assert hers.get(reverse("reporting:home")).status_code == 302 and Client().get(door).status_code == 404
        user = User.objects.get(pk=guest.user_id)
        assert (user.is_active, user.email, bool(user.closed_at)) == (False, None, True)
        assert row_of(guest).author_id == user.pk, "her name stays where it stood"
        with pytest.raises(Stale):
            made.name_guest(world, email="third@puddle-lane.example")
        assert made.name_guest(world, world.theirs, by=world.stranger).user_id != user.pk

    def test_nobody_is_rung_or_invited_for_a_review_that_was_sent(self, world):
        guest = made.name_guest(world)
        send_report(world)
        with pytest.raises(Stale):
            ring(guest, by=world.officer)
        _, words = page(sign_in(Client(), world.officer), "guest", guest)
        assert reverse("reviews:guest_call", args=[guest.pk]) not in words

    def test_withdrawing_the_request_ends_it(self, world):
        guest = joined(world)
        hers = made.as_guest(guest)
        returns.withdraw(row_of(guest), by=world.officer, note="Asked by mistake.")
        assert fresh(guest).status == S.ENDED
        assert hers.get(made.pages_of(guest)["agency_return"]).status_code == 302
        assert not can(User.objects.get(pk=guest.user_id), Perm.RETURN_VIEW, row_of(guest))

    def test_a_conflict_of_interest_closes_the_request_to_her(self, world):
        guest = joined(world)
        hers = made.as_guest(guest)
        assert hers.post(made.pages_of(guest)["declare"], {"reason": "personal"}).status_code == 302
        assert {hers.get(at).status_code for at in made.pages_of(guest).values()} == {404}
        barred = invited(world, email="deputy@puddle-lane.example")
        access.bar(world.ours.folder, barred.user, by=world.officer, reason="personal")
        assert Client().get(door_of(barred)).status_code == 404
        with pytest.raises(ValidationError, match="barred"):
            services.invite(ring(barred, by=world.officer), by=world.officer)

    def test_nothing_is_sent_back_to_a_guest_whose_access_is_shut(self, world):
        guest = joined(world)
        declare_nil(row_of(guest), by=guest.user, version=1, searched_on=timezone.localdate())
        services.block(fresh(guest), by=world.officer, version=fresh(guest).version, note="Why not.")
        with pytest.raises(ValidationError, match="Ring them"):
            returns.send_back(row_of(guest), by=world.officer, note="Add.", due_on=timezone.localdate())


class TestTwoCases:
    """The manager of one nursery is asked in two sealed reviews: neither learns of the other."""

    def test_the_second_asks_as_the_first_did_and_nothing_tells(self, world):
        first = joined(world)
        second = made.name_guest(world, world.theirs, by=world.stranger, name="M. Fenn-Adair", body="The nursery")
        assert first.user_id == second.user_id
        theirs = sign_in(Client(), world.stranger)
        for name, row in (("guest", second), ("agency_return", second.row), ("review", world.theirs.review)):
            status, words = page(theirs, name, row)
            assert status == 200 and "Mira" not in words and NURSERY not in words and "M. Fenn-Adair" in words

    def test_each_request_opens_and_shuts_by_itself(self, world):
        first = joined(world)
        second = invited(world, world.theirs, by=world.stranger)
        hers = made.as_guest(first)
        assert hers.get(made.pages_of(second)["agency_return"]).status_code == 404
        assert hers.post(door_of(second), {"code": code_of(second)}).status_code == 302
        assert hers.get(made.pages_of(second)["agency_return"]).status_code == 200
        returns.withdraw(row_of(first), by=world.officer, note="Done.")
        user = User.objects.get(pk=first.user_id)
        assert user.is_active and user.email == EMAIL
        hers = made.as_guest(second)
        assert hers.get(made.pages_of(first)["agency_return"]).status_code == 404
        assert hers.get(made.pages_of(second)["agency_return"]).status_code == 200
        returns.withdraw(row_of(second), by=world.stranger, note="Done.")
        assert User.objects.get(pk=user.pk).closed_at

    def test_her_account_must_sign_in_before_the_second_door_opens(self, world):
        joined(world)
        second = invited(world, world.theirs, by=world.stranger)
        answer = Client().get(door_of(second))
        assert answer.status_code == 302 and answer["Location"].startswith(reverse("account_login"))

    def test_the_same_person_is_asked_once_in_a_review(self, world):
        made.name_guest(world)
        with pytest.raises(ValidationError, match="already"):
            made.name_guest(world, body="Another name for it")
        assert Guest.objects.unscoped(WHY).count() == 1


class TestNobodyElseLearnsOfIt:
    def test_an_address_of_the_directory_is_asked_through_its_organisation(self, world):
        with pytest.raises(ValidationError) as refused:
            made.name_guest(world, email=world.colleague.email.upper())
        assert "Ask one agency or school" in str(refused.value)
        assert not AgencyReturn.objects.unscoped(WHY).filter(outside__gt="").exists()

    def test_no_picker_page_or_worklist_of_people_has_her(self, world):
        guest = joined(world)
        for persona in ("manager", "directory_admin", "officer_outside", "lead_other"):
            user = world.people[persona]
            assert not allowing(User, user, Perm.DIRECTORY_VIEW).filter(pk=guest.user_id).exists()
            assert sign_in(Client(), user).get(reverse("directory:person", args=[guest.user_id])).status_code in (
                403,
                404,
            )
        assert list(open_work_of(guest.user)) == []

    def test_what_she_asks_of_her_account_comes_to_no_worklist_of_the_unit(self, world):
        hers = made.as_guest(joined(world))
        for name in ("directory:account_address", "directory:i_am_leaving", "deadlines:due"):
            assert hers.get(reverse(name)).status_code == 403
        words = hers.get(reverse("directory:account")).content.decode()
        assert reverse("directory:account_address") not in words

    def test_a_lost_phone_leads_her_to_whoever_asked_and_not_to_the_unit(self, world):
        from partnership.directory.requests.kinds import LOST_FACTOR
        from partnership.directory.requests.services import open_request

        guest = joined(world)
        with pytest.raises(ValidationError, match="Whoever asked you"):
            open_request(LOST_FACTOR, user=guest.user)

    def test_the_figures_of_all_reviews_do_not_name_the_body(self, world):
        guest = joined(world)
        declare_nil(row_of(guest), by=guest.user, version=1, searched_on=timezone.localdate())
        words = sign_in(Client(), world.partner_outside).get(reverse("reviews:timeliness")).content.decode()
        assert NURSERY not in words and "Bodies outside the directory" in words

    def test_her_return_is_given_to_nobody_else(self, world):
        guest = joined(world)
        assert not returns.may_reassign(world.officer, row_of(guest))
        with pytest.raises(PermissionDenied):
            returns.reassign(row_of(guest), by=world.officer, author=world.colleague)

    def test_whoever_enters_her_in_the_directory_is_told_nothing_and_her_request_stays_open(self, world):
        from partnership.people.services import know_person

        guest = joined(world)
        user = know_person(
            name="Miriam Fenn", email=EMAIL, job_title="Manager", by=world.directory_admin, of_this_name=True
        )
        assert (user.pk, user.name, user.guest) == (guest.user_id, "Miriam Fenn", False)
        assert made.as_guest(guest).get(made.pages_of(guest)["agency_return"]).status_code == 200
        assert fresh(guest).row.author_name == "Mira Fenn", "the case knows her as it entered her"
        returns.withdraw(row_of(guest), by=world.officer, note="Done.")
        assert User.objects.get(pk=user.pk).is_active, "her account is the directory's by now"

    def test_the_report_and_the_chronology_call_the_body_by_its_name(self, world):
        from reviews.chronology.rows import Reader

        row = row_of(joined(world))
        facts, _ = Reader([world.ours.child], answer=row).facts({"when": "3 June 2026", "event": "Came in late."})
        assert (facts["agency"], facts["source"]) == (None, NURSERY)


class TestTwoWhoActAtOnce:
    def test_a_second_tab_is_told_that_it_is_old(self, world):
        guest = made.name_guest(world)
        ring(guest, by=world.officer)
        with pytest.raises(Stale):
            ring(guest, by=world.case_officer, version=guest.version)
        with pytest.raises(Stale):
            services.block(guest, by=world.case_officer, version=guest.version, note="Old page.")

    def test_a_second_click_sends_one_invitation(self, world):
        guest = ring(made.name_guest(world), by=world.officer)
        lead = sign_in(Client(), world.officer)
        for _ in range(2):
            assert lead.post(reverse("reviews:guest_invite", args=[guest.pk])).status_code == 302
        assert made.owed_letters() == 1 and Link.objects.filter(object_id=guest.pk).count() == 1

    @pytest.mark.parametrize("persona", ["panel", "signer_icb", "author", "stranger", "barred", "officer_outside"])
    def test_only_those_who_ask_for_returns_ring_invite_and_block(self, world, persona):
        guest, user = made.name_guest(world), world.people[persona]
        with pytest.raises(PermissionDenied):
            ring(guest, by=user)
        ring(guest, by=world.officer)
        with pytest.raises(PermissionDenied):
            services.invite(fresh(guest), by=user)
        with pytest.raises(PermissionDenied):
            services.block(fresh(guest), by=user, version=fresh(guest).version, note="Mine.")

    def test_a_link_whose_invitation_ended_a_moment_ago_opens_nothing(self, world):
        guest = invited(world)
        link = made.link_of(guest)
        services.block(fresh(guest), by=world.officer, version=fresh(guest).version, note="Forwarded.")
        with pytest.raises(Http404):
            services.join(link, code=code_of(guest), password=PASSWORD)
