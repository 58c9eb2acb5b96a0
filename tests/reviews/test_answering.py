"""A return is searched for in vain, or written and signed by somebody else of its body."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from partnership.access import services as access
from partnership.access.flow import Stale
from partnership.access.open_work import open_work_of
from partnership.deadlines import services as deadlines
from partnership.people.models import Membership
from partnership.people.roles import Role
from partnership.trail.models import Event
from reviews import clocks, returns, sending, services
from reviews.answering import notices, parts, signing
from reviews.models import AgencyReturn, ReturnVersion
from tests.reviews.answering import WHY, S, fresh, told, typed
from tests.reviews.test_pages import at
from tests.walk.post import day
from tests.world import CANARY, canary, person


class TestNil:
    def sent(self, row, **more):
        sent = {"version": row.version, "records_secured": "on", "declared": "on"}
        return sent | day("searched_on", timezone.localdate()) | more

    def test_no_record_is_one_page_and_is_in_at_once(self, world, sign_in):
        row, client = world.ours.returns["uhnm"], sign_in(world.author)
        assert "We have no record of this child or family" in client.get(at("agency_return", row)).content.decode()
        assert client.post(at("nil_return", row), self.sent(row)).status_code == 302
        row = fresh(row)
        assert (row.status, row.nil_return, row.records_secured) == (S.SUBMITTED, True, True)
        assert row.stands_behind == f"Declared by {world.author.name}"
        assert deadlines.running(row, clocks.AGENCY_RETURN) is None
        assert "has no record of this child" in sign_in(world.panel).get(at("agency_return", row)).content.decode()

    @pytest.mark.parametrize("left_out", ["records_secured", "declared", "searched_on_day"])
    def test_each_part_of_the_declaration_is_asked(self, world, sign_in, left_out):
        row = world.ours.returns["uhnm"]
        sent = {name: value for name, value in self.sent(row).items() if name != left_out}
        assert sign_in(world.author).post(at("nil_return", row), sent).status_code == 422
        assert fresh(row).status == S.ASKED

    def test_it_is_not_offered_beside_what_was_written(self, world, written, sign_in):
        page = sign_in(world.author).get(at("agency_return", written)).content.decode()
        assert "Searched, and nothing found?" not in page


class TestSigning:
    def test_it_is_submitted_by_the_signature_and_not_before(self, world, written, sign_in):
        client = sign_in(world.author)
        sent = client.post(at("write_return", written), {"version": written.version, "submit": "1"} | typed(written))
        assert sent["Location"] == at("finish_return", written)
        version = fresh(written).version
        done = client.post(at("finish_return", written), {"version": version, "signer": world.lead_same.pk})
        assert done.status_code == 302
        row = fresh(written)
        assert (row.status, row.signer) == (S.TO_SIGN, world.lead_same)
        assert told(notices.TO_SIGN) == {world.lead_same}
        assert deadlines.running(row, clocks.AGENCY_RETURN) is not None
        for reader in (world.officer, world.panel):
            page = sign_in(reader).get(at("agency_return", row)).content.decode()
            assert canary("ours-uhnm", "analysis") not in page and "once it is signed" in page
        client = sign_in(world.lead_same)
        page = client.get(at("sign_return", row)).content.decode()
        assert canary("ours-uhnm", "analysis") in page
        assert client.post(at("sign_return", row), {"read": signing.as_read(row)}).status_code == 302
        row = fresh(row)
        assert row.status == S.SUBMITTED and row.signed_at
        assert deadlines.running(row, clocks.AGENCY_RETURN) is None
        assert Event.objects.get(verb="return_sign").actor_id == world.lead_same.pk
        page = sign_in(world.officer).get(at("agency_return", row)).content.decode()
        assert canary("ours-uhnm", "analysis") in page and f"Signed by {world.lead_same.name}" in page

    def test_in_its_body_only_author_and_signer_read_it(self, world, signed, sign_in):
        other = person("second_lead", Role.AGENCY_LEAD, world.agencies["uhnm"], world.partnership)
        for reader, status in ((world.author, 200), (world.lead_same, 200), (world.colleague, 404), (other, 404)):
            for page in ("agency_return", "sign_return", "write_return"):
                answered = sign_in(reader).get(at(page, signed))
                assert (answered.status_code == 404) == (status == 404), (reader, page)
                assert status == 200 or CANARY not in answered.content.decode()

    def test_the_lead_reads_nothing_before_she_is_asked_to_sign(self, world, written, sign_in):
        for page in ("agency_return", "sign_return", "give_back", "return_files", "finish_return"):
            assert sign_in(world.lead_same).get(at(page, written)).status_code == 404

    def test_nobody_signs_for_another(self, world, waiting):
        for user in (world.author, world.colleague, world.officer, world.lead_other, world.manager):
            with pytest.raises((PermissionDenied, ValidationError)):
                signing.sign(waiting, by=user, read=signing.as_read(waiting))
        assert fresh(waiting).status == S.TO_SIGN

    def test_an_author_cannot_be_her_own_signer(self, world, written, sign_in):
        with pytest.raises(ValidationError, match="cannot be chosen"):
            signing.finish(written, by=world.author, version=written.version, signer=world.author)
        sent = {"version": written.version, "signer": world.author.pk}
        assert sign_in(world.author).post(at("finish_return", written), sent).status_code == 422
        # Two records of one person were put together while it waited: she still does not sign what she wrote.
        row = signing.finish(written, by=world.author, version=written.version, signer=world.lead_same)
        AgencyReturn.objects.unscoped(WHY).filter(pk=row.pk).update(author=world.lead_same)
        with pytest.raises(ValidationError, match="somebody else must sign"):
            signing.sign(row, by=world.lead_same, read=signing.as_read(row))

    def test_a_sole_practitioner_declares_it_and_the_review_is_told(self, world, written, sign_in):
        client = sign_in(world.author)
        neither = client.post(at("finish_return", written), {"version": written.version})
        both = {"version": written.version, "sole": "on", "signer": world.lead_same.pk}
        assert neither.status_code == client.post(at("finish_return", written), both).status_code == 422
        sent = {"version": written.version, "sole": "on"}
        refused = client.post(at("finish_return", written), sent)
        assert set(refused.context["form"].errors) == {"sole_reason"}, "others of the trust sign in"
        sent["sole_reason"] = "Both leads know the family."
        assert client.post(at("finish_return", written), sent).status_code == 302
        page = sign_in(world.officer).get(at("agency_return", written)).content.decode()
        assert f"Declared by {world.author.name}, as a sole practitioner" in page
        assert "Nobody else signed it" in page and "Both leads know the family." in page

    def test_where_nobody_else_signs_in_no_reason_is_asked(self, world, written, sign_in):
        trust = world.agencies["uhnm"]
        Membership.objects.filter(agency=trust).exclude(user=world.author).delete()
        client = sign_in(world.author)
        assert "why nobody else" not in client.get(at("finish_return", written)).content.decode()
        assert client.post(at("finish_return", written), {"version": written.version, "sole": "on"}).status_code == 302

    @pytest.mark.parametrize("how", ["was let help", "typed as its author before"])
    def test_whoever_had_a_hand_in_it_does_not_sign_it(self, world, written, how, sign_in):
        if how == "was let help":
            row = parts.name_helper(written, by=world.author, helper=world.lead_same)
            row = parts.take_off_helper(row, by=world.author)
            author, wrote = world.author, world.lead_same
        else:
            row = returns.reassign(written, by=world.officer, author=world.lead_same)
            author, wrote = world.lead_same, world.author
        offered = sign_in(author).get(at("finish_return", row)).context["form"].fields["signer"].queryset
        assert wrote not in offered and world.colleague in offered
        with pytest.raises(ValidationError, match="cannot be chosen"):
            signing.finish(row, by=author, version=row.version, signer=wrote)
        # He was asked to sign before that was refused: he still does not.
        row = signing.finish(row, by=author, version=row.version, signer=world.colleague)
        AgencyReturn.objects.unscoped(WHY).filter(pk=row.pk).update(signer=wrote)
        with pytest.raises(ValidationError, match="You helped to write"):
            signing.sign(fresh(row), by=wrote, read=signing.as_read(row))

    @pytest.mark.parametrize("who", ["of another body", "barred", "a shared address", "switched off", "who helps"])
    def test_who_cannot_sign_is_refused_in_the_same_words(self, world, written, who):
        signer = world.lead_other if who == "of another body" else world.lead_same
        if who == "barred":
            access.bar(world.ours.folder, signer, by=world.officer, reason="personal")
        elif who == "a shared address":
            type(signer).objects.filter(pk=signer.pk).update(shared_address=True)
        elif who == "switched off":
            type(signer).objects.filter(pk=signer.pk).update(is_active=False)
        elif who == "who helps":
            parts.name_helper(written, by=world.author, helper=signer)
        with pytest.raises(ValidationError) as refused:
            signing.finish(written, by=world.author, version=written.version, signer=signer)
        words = f"{signer.name} cannot be chosen for this return. Choose somebody else."
        assert refused.value.message_dict == {"signer": [words]}

    def test_what_is_missing_is_said_before_anybody_is_asked_to_sign(self, world, sign_in):
        row = world.ours.returns["uhnm"]
        page = sign_in(world.author).get(at("finish_return", row)).content.decode()
        assert returns.NEEDED["analysis"] in page and "Who signs it" not in page
        with pytest.raises(ValidationError):
            signing.finish(row, by=world.author, version=row.version, signer=world.lead_same)

    def test_given_back_with_a_note_it_is_owed_again_and_its_draft_closed_to_the_signer(self, world, waiting, sign_in):
        client = sign_in(world.lead_same)
        assert client.post(at("give_back", waiting), {"signer_note": " "}).status_code == 422
        assert client.post(at("give_back", waiting), {"signer_note": "Name the wards."}).status_code == 302
        row = fresh(waiting)
        assert row.status == S.ASKED and told(notices.GIVEN_BACK) == {world.author}
        page = client.get(at("agency_return", row)).content.decode()
        assert canary("ours-uhnm", "analysis") not in page and "Given back" in page
        assert "Name the wards." in sign_in(world.author).get(at("write_return", row)).content.decode()
        work = [each.note for each, _ in sign_in(world.author).get("/home").context["owed"]]
        assert any("Name the wards." in note for note in work)

    def test_two_tabs_and_a_double_click_sign_once(self, world, waiting, sign_in):
        client, read = sign_in(world.lead_same), {"read": signing.as_read(waiting)}
        page = client.get(at("sign_return", waiting))
        token = page.context["form"]["form_token"].value()
        answers = [client.post(at("sign_return", waiting), read | {"form_token": token}) for _ in range(2)]
        assert [each["Location"] for each in answers] == [at("agency_return", waiting)] * 2
        other_tab = client.post(at("sign_return", waiting), read)
        assert other_tab.status_code == 409 and "can no longer be done" in other_tab.content.decode()
        assert Event.objects.filter(verb="return_sign").count() == 1
        assert ReturnVersion.objects.filter(answer=waiting).count() == 1

    def test_what_changed_while_it_was_read_is_not_signed(self, world, waiting, sign_in):
        read = signing.as_read(waiting)
        row = signing.take_back(waiting, by=world.author)
        row = returns.save_return(row, by=world.author, version=row.version, answers={"learning": "Other words."})
        row = signing.finish(row, by=world.author, version=row.version, signer=world.lead_same)
        answered = sign_in(world.lead_same).post(at("sign_return", row), {"read": read})
        assert answered.status_code == 409 and "changed while you were reading" in answered.content.decode()
        assert fresh(row).status == S.TO_SIGN

    def test_while_it_waits_nothing_is_saved_and_another_signer_can_be_asked(self, world, waiting, sign_in):
        with pytest.raises(Stale, match="waits to be signed"):
            returns.save_return(waiting, by=world.author, version=waiting.version, answers={"learning": "More."})
        assert sign_in(world.author).get(at("change_signer", waiting)).status_code == 200
        signing.change_signer(waiting, by=world.author, signer=world.colleague)
        assert told(notices.TO_SIGN) == {world.lead_same, world.colleague}
        assert sign_in(world.lead_same).get(at("agency_return", waiting)).status_code == 404
        assert sign_in(world.colleague).get(at("sign_return", waiting)).status_code == 200

    def test_a_withdrawn_request_ends_the_signature(self, world, waiting, sign_in):
        returns.withdraw(waiting, by=world.officer, note="Asked by mistake.")
        for user in (world.author, world.lead_same):
            assert sign_in(user).get(at("agency_return", waiting)).status_code == 404
        with pytest.raises(PermissionDenied):
            signing.sign(waiting, by=world.lead_same, read=signing.as_read(waiting))

    def test_a_signer_who_leaves_hands_the_signature_over_unread(self, world, waiting):
        (held,) = [each for each in open_work_of(world.lead_same) if each.key == f"sign:{waiting.pk}"]
        assert held.must_hand_over and world.colleague in held.candidates(world.officer)
        assert held.candidates(world.lead_other) is None
        held.hand_over(world.colleague, by=world.officer)
        assert fresh(waiting).signer == world.colleague

    def test_a_signer_who_left_signs_nothing_and_the_author_is_told(self, world, waiting, sign_in):
        world.lead_same.memberships.update(ends=timezone.localdate())
        assert sign_in(world.lead_same).get(at("sign_return", waiting)).status_code == 404
        page = sign_in(world.author).get(at("agency_return", waiting)).content.decode()
        assert f"{world.lead_same.name} can no longer sign it" in page

    def test_a_signer_with_a_conflict_of_interest_declares_it_and_it_closes(self, world, waiting, sign_in):
        client = sign_in(world.lead_same)
        assert client.post(at("declare", waiting), {"reason": "personal"}).status_code == 302
        assert client.get(at("sign_return", waiting)).status_code == 404

    def test_an_author_who_leaves_before_it_is_signed_hands_it_on(self, world, waiting):
        assert f"return:{waiting.pk}" in {each.key for each in open_work_of(world.author)}
        with pytest.raises(ValidationError, match="cannot be asked"):
            returns.reassign(waiting, by=world.officer, author=world.lead_same)
        returns.reassign(waiting, by=world.officer, author=world.colleague)
        assert fresh(waiting).author == world.colleague

    def test_it_is_taken_after_the_decision_and_after_the_report_was_sent(self, world, waiting):
        """What an agency says is never lost: the clock says how late it came."""
        sending.record_sending(
            world.ours.review, by=world.officer, version=world.ours.version, sent_at=timezone.now(),
            due_on=timezone.localdate(),
        )  # fmt: skip
        assert signing.sign(waiting, by=world.lead_same, read=signing.as_read(waiting)).status == S.SUBMITTED

    def test_one_that_waits_counts_as_owed(self, world, waiting):
        clocks.returns_step(waiting.review_id, by=world.officer)
        review = services.Review.objects.unscoped(WHY).get(pk=waiting.review_id)
        clock = deadlines.running(review, clocks.RAPID_REVIEW)
        assert clock.milestones.unscoped(WHY).get(code=clocks.RETURNS_IN).done_at is None

    def test_an_empty_choice_of_signers_says_why(self, world, sign_in):
        row = world.ours.returns["uhnm"]
        others = signing.colleagues(row)
        Membership.objects.filter(user__in=[each.pk for each in others]).delete()
        searched = {"searched_on": timezone.localdate(), "records_secured": True}
        answers = dict.fromkeys(returns.NEEDED, "Words.") | searched
        row = returns.save_return(row, by=world.author, version=row.version, answers=answers)
        page = sign_in(world.author).get(at("finish_return", row)).content.decode()
        assert "Nobody else of your organisation can sign in" in page
