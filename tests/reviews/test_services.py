"""The writes of a rapid review: impossible dates, stale pages, three partners' words, and the sending."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from partnership.access import services as access
from partnership.access.flow import Stale
from partnership.access.models import Folder, FolderGrant
from partnership.access.rows import can, holders
from partnership.documents import services as documents
from partnership.people.models import NamedDuty
from partnership.people.roles import Perm, Role
from partnership.trail.models import Event
from reviews import reads, returns, sending, services
from reviews.answering import reads as answered
from reviews.models import AgencyReturn, Child, Decision, Review, Sending, SignOff
from reviews.report.reads import report
from tests.walk.post import day, moment
from tests.world import answer, london, make_world, open_case, submit_return
from tests.world import sign_in as sign_in_on

WHY = "the test looks"


def fresh(row):
    return type(row)._base_manager.get(pk=row.pk)


def page_of(world, user=None):
    review = Review.objects.unscoped(WHY).select_related("folder", "notification", "sending")
    return reads.review_page(user or world.officer, review.get(pk=world.ours.review.pk))


class TestOpening:
    def facts(self, world, **change):
        now = timezone.now()
        return {
            "authority": world.agencies["council"], "incident_on": timezone.localdate() - timedelta(days=9),
            "aware_at": now - timedelta(days=3), "sent_at": now - timedelta(days=2), "harm": "harm",
            "what_happened": "A child was hurt.",
        } | change  # fmt: skip

    def open(self, world, by=None, **change):
        child = {"age_band": "0", "legal_status": "cin"}
        facts = self.facts(world, **change)
        return services.open_review(by=by or world.officer, partnership=world.partnership, facts=facts, child=child)

    def test_a_notification_sent_before_the_council_was_aware_is_refused(self, world):
        before = Folder.objects.unscoped(WHY).count()
        with pytest.raises(ValidationError) as refused:
            self.open(world, sent_at=timezone.now() - timedelta(days=4))
        assert list(refused.value.message_dict) == ["sent_at"]
        assert Folder.objects.unscoped(WHY).count() == before, "nothing of the review is left"

    def test_it_opens_sealed_for_its_opener_and_the_managers_of_that_day(self, world):
        review = self.open(world)
        assert review.folder.sealed and review.folder.reference not in (world.ours.folder.reference,)
        held = {g.user: g.role for g in FolderGrant.objects.live().filter(content_object=review.folder)}
        assert held == {world.officer: Role.CASE_LEAD, world.manager: Role.CASE_LEAD}
        assert not can(world.officer_outside, Perm.FOLDER_VIEW, review.folder)
        assert [child.pseudonym for child in review.children.unscoped(WHY)] == ["Child A"]

    def test_the_fifteen_working_days_run_from_the_london_day_of_the_sending(self, world):
        """23:30 UTC on 1 June is 2 June in London (bad input 26)."""
        late = london(2026, 6, 2, 0, 30)
        review = self.open(world, aware_at=late - timedelta(days=1), sent_at=late)
        assert str(review.notified_on) == "2026-06-02"
        review = Review.objects.unscoped(WHY).select_related("folder", "notification").get(pk=review.pk)
        assert str(reads.review_page(world.officer, review).clock.due_on) == "2026-06-23"

    def test_pseudonyms_are_the_next_letter_and_end_with_an_answer(self, world):
        review = self.open(world)
        for _ in range(23):
            services.add_child(review, by=world.officer, age_band="0", legal_status="none")
        names = [child.pseudonym for child in Child.objects.unscoped(WHY).filter(review=review)]
        assert len(set(names)) == 24 and "Child I" not in names and "Child O" not in names
        with pytest.raises(ValidationError, match="at most 24"):
            services.add_child(review, by=world.officer, age_band="0", legal_status="none")

    def test_the_form_says_it_at_its_place_and_loses_nothing(self, world, client):
        sign_in_on(client, world.officer)
        now = timezone.now()
        typed = (
            moment("aware_at", now - timedelta(days=1)) | moment("sent_at", now - timedelta(days=2))
            | day("incident_on", timezone.localdate() - timedelta(days=5))
            | {"authority": world.agencies["council"].pk, "harm": "harm", "what_happened": "Words that took an hour.",
               "age_band": "0", "legal_status": "cin"}
        )  # fmt: skip
        response = client.post(reverse("reviews:notify"), typed)
        assert response.status_code == 422
        page = response.content.decode()
        assert "cannot have been sent before the council became aware" in page
        assert "Words that took an hour." in page


class TestReturns:
    def test_a_named_author_gets_her_row_and_nothing_else(self, world):
        row, author = world.ours.returns["uhnm"], world.author
        assert list(AgencyReturn.objects.visible_to(author)) == [row]
        assert not Review.objects.visible_to(author).exists()
        assert not Folder.objects.visible_to(author).exists()
        assert author not in holders(world.ours.folder, Perm.FOLDER_VIEW)

    @pytest.mark.parametrize(
        "field, change",
        [
            ("author", {"author": "lead_other"}),
            ("author", {"author": "barred_here"}),
            ("author", {"author": "switched_off"}),
            ("due_on", {"due_on": timezone.localdate() - timedelta(days=1)}),
            ("agency", {"agency": "uhnm", "author": "colleague"}),
        ],
        ids=["of another agency", "barred", "switched off", "due in the past", "asked already"],
    )
    def test_asking_is_refused(self, world, field, change):
        world.people["barred_here"] = world.people["switched_off"] = world.panel
        if change.get("author") == "barred_here":
            access.bar(world.ours.folder, world.panel, by=world.officer, reason="personal")
        if change.get("author") == "switched_off":
            world.panel.is_active = False
            world.panel.save()
        asked = {"agency": "icb", "author": "panel", "due_on": timezone.localdate(), "purpose": "Search."} | change
        asked |= {"agency": world.agencies[asked["agency"]], "author": world.people[asked["author"]]}
        with pytest.raises(ValidationError) as refused:
            returns.ask_agency(world.ours.review, by=world.officer, **asked)
        assert list(refused.value.message_dict) == [field]

    def test_saving_keeps_what_was_typed_and_tells_names_of_fields_only(self, world):
        row = world.ours.returns["uhnm"]
        done = returns.save_return(row, by=world.author, version=1, answers={"family": "Mother and two."})
        assert (fresh(row).family, done.version) == ("Mother and two.", 2)
        (event,) = Event.objects.filter(verb="return_saved", object_id=row.pk)
        assert event.data == {"fields": ["family"]}

    def test_saving_the_same_again_is_nothing(self, world):
        row = world.ours.returns["uhnm"]
        for version in (1, 2, 2):
            returns.save_return(row, by=world.author, version=version, answers={"family": "Mother and two."})
        assert fresh(row).version == 2
        assert Event.objects.filter(verb="return_saved", object_id=row.pk).count() == 1

    def test_two_tabs_overwrite_nothing(self, world):
        row = world.ours.returns["uhnm"]
        returns.save_return(row, by=world.author, version=1, answers={"family": "The first tab."})
        with pytest.raises(Stale, match="another window"):
            returns.save_return(row, by=world.author, version=1, answers={"family": "The second tab."})
        assert fresh(row).family == "The first tab."

    def test_the_page_of_a_stale_edit_keeps_the_words_of_both(self, world, client):
        row = world.ours.returns["uhnm"]
        returns.save_return(row, by=world.author, version=1, answers={"family": "The first tab."})
        sign_in_on(client, world.author)
        path = reverse("reviews:write_return", args=[row.pk])
        response = client.post(path, {"version": 1, "family": "The second tab."})
        assert response.status_code == 409 and "The second tab." in response.content.decode()
        assert fresh(row).family == "The first tab."

    def test_nothing_is_saved_after_it_was_submitted(self, world):
        """The autosave of a tab that was still open (bad input 40)."""
        row = answer(world.ours, world.ours.returns["uhnm"], by=world.author)
        with pytest.raises(Stale, match="submitted"):
            returns.save_return(row, by=world.author, version=row.version, answers={"family": "Afterthought."})

    def test_submitting_names_each_answer_that_is_missing_and_saves_none_of_it(self, world):
        row = world.ours.returns["uhnm"]
        with pytest.raises(ValidationError) as refused:
            submit_return(row, by=world.author, answers={"contacts": "None."})
        assert set(refused.value.message_dict) == {"searched_on", "analysis", "voice", "learning", "records_secured"}
        assert fresh(row).status == AgencyReturn.Status.ASKED

    def test_others_read_an_answer_once_it_is_submitted(self, world):
        row = world.ours.returns["uhnm"]
        words = [answered.return_page(user, row).words for user in (world.officer, world.panel)]
        assert words == [None, None] and answered.may_read_draft(world.author, row)
        row = answer(world.ours, row, by=world.author)
        assert [answered.return_page(user, row).words for user in (world.officer, world.panel)] == [row, row]


class TestIdentityAndText:
    def test_a_child_is_identified_once(self, world):
        with pytest.raises(Stale):
            services.identify_child(world.ours.child, by=world.officer, facts={"name": "Somebody Else"})
        child = services.add_child(world.ours.review, by=world.officer, age_band="0", legal_status="none")
        first = services.identify_child(child, by=world.officer, facts={"name": "Somebody"})
        assert fresh(child).identity_id == first.pk


class TestSigning:
    def sign(self, world, who, seat, stance="agrees", reason="", decision=None):
        decision = decision or world.ours.decision
        return services.sign_off(decision, by=world.people[who], seat=seat, stance=stance, reason=reason)

    def test_each_partner_signs_as_themselves(self, world):
        for who, seat in (("signer_council", "la"), ("signer_icb", "icb"), ("signer_police", "police")):
            row = self.sign(world, who, seat)
            assert (row.signer, row.seat, row.as_deputy) == (world.people[who], seat, False)
            assert row.agency.partner_seat == seat and row.duty.holder == row.signer
        page = page_of(world)
        assert [seat.sign_off.stance for seat in page.seats] == ["agrees"] * 3

    @pytest.mark.parametrize(
        "who, seat", [("signer_icb", "la"), ("signer_council", "police"), ("officer", "la"), ("partner_outside", "icb")]
    )
    def test_nobody_signs_for_a_partner_who_is_not_theirs(self, world, who, seat):
        with pytest.raises(ValidationError, match="you do not sign for this safeguarding partner"):
            self.sign(world, who, seat)
        assert not SignOff.objects.unscoped(WHY).exists()

    def test_a_dated_deputy_signs_between_two_dates_as_deputy(self, world, client):
        row = self.sign(world, "deputy_police", "police")
        assert row.as_deputy and row.signer == world.deputy_police and row.duty.deputy_for.holder == world.signer_police
        with pytest.raises(Stale, match="has signed this decision already"):
            self.sign(world, "signer_police", "police")

    @pytest.mark.parametrize("starts, ends", [(-20, 0), (1, 20), (-20, -1)], ids=["ended today", "to come", "over"])
    def test_a_deputy_outside_the_dates_cannot_sign(self, world, client, starts, ends):
        today = timezone.localdate()
        NamedDuty.objects.filter(holder=world.deputy_police).update(
            starts=today + timedelta(days=starts), ends=today + timedelta(days=ends)
        )
        with pytest.raises(ValidationError, match="neither as delegate nor as deputy"):
            self.sign(world, "deputy_police", "police")
        sign_in_on(client, world.deputy_police)
        data = {"decision": world.ours.decision.pk, "seat": "police", "stance": "agrees"}
        answered = client.post(reverse("reviews:sign_off", args=[world.ours.review.pk]), data | {"reason": "Typed."})
        assert answered.status_code == 409 and "Typed." in answered.content.decode()
        assert not SignOff.objects.unscoped(WHY).exists()

    def test_who_disagrees_says_why_and_it_stands_beside_the_name(self, world):
        with pytest.raises(ValidationError) as refused:
            self.sign(world, "signer_icb", "icb", "disagrees", "  ")
        assert list(refused.value.message_dict) == ["reason"]
        self.sign(world, "signer_icb", "icb", "disagrees", "The learning is not complete.")
        (seat,) = [seat for seat in page_of(world).seats if seat.code == "icb"]
        assert (seat.sign_off.reason, seat.sign_off.signer.name) == ("The learning is not complete.", "Signer Icb")

    def test_a_silence_says_what_was_tried_and_a_signature_may_follow(self, world):
        police = world.agencies["police"]

        def silence(reason):
            return services.record_silence(
                world.ours.decision, by=world.officer, seat="police", agency=police, reason=reason
            )

        with pytest.raises(ValidationError):
            silence(" ")
        assert silence("Three calls.").signer is None
        with pytest.raises(Stale):
            silence("A fourth call.")
        self.sign(world, "signer_police", "police")
        (seat,) = [seat for seat in page_of(world).seats if seat.code == "police"]
        assert seat.sign_off.stance == "agrees", "the signature stands before the silence"
        with pytest.raises(Stale):
            silence("After all.")

    def test_a_decision_that_was_changed_cannot_be_signed_from_an_old_page(self, world, client):
        """Bad input 36: approve an edited version."""
        read = world.ours.decision
        newer = services.decide(world.ours.review, by=world.officer, code="lcspr", rationale="Read again.")
        with pytest.raises(Stale, match="was changed while you were reading"):
            self.sign(world, "signer_icb", "icb", decision=read)
        sign_in_on(client, world.signer_icb)
        path = reverse("reviews:sign_off", args=[world.ours.review.pk])
        assert client.post(path, {"decision": read.pk, "seat": "icb", "stance": "agrees"}).status_code == 409
        assert not SignOff.objects.unscoped(WHY).exists()
        assert client.post(path, {"decision": newer.pk, "seat": "icb", "stance": "agrees"}).status_code == 302

    def test_a_silence_about_an_old_decision_is_refused_and_recorded_about_the_new_one(self, world, client):
        read = world.ours.decision
        sign_in_on(client, world.officer)
        path = reverse("reviews:record_silence", args=[world.ours.review.pk])
        assert str(client.get(path).context["form"]["decision"].value()) == str(read.pk)
        newer = services.decide(world.ours.review, by=world.case_officer, code="lcspr", rationale="Read again.")
        sent = {"decision": read.pk, "agency": world.agencies["police"].pk, "reason": "Three calls."}
        answer = client.post(path, sent)
        assert answer.status_code == 409 and "Read again." in answer.content.decode()
        assert not SignOff.objects.unscoped(WHY).exists()
        again = answer.context["form"]
        sent = {name: again[name].value() for name in ("decision", "agency", "reason")}
        assert client.post(path, sent).status_code == 302
        assert SignOff.objects.unscoped(WHY).get().decision == newer
        theirs = world.theirs.decision.pk
        assert client.post(path, sent | {"decision": theirs, "agency": world.agencies["icb"].pk}).status_code == 404

    def test_a_signature_stays_with_the_decision_that_was_signed(self, world):
        self.sign(world, "signer_icb", "icb")
        services.decide(world.ours.review, by=world.officer, code="lcspr", rationale="Read again.")
        assert [seat.sign_off for seat in page_of(world).seats] == [None, None, None]
        assert SignOff.objects.unscoped(WHY).get().decision.number == 1

    def test_two_who_sign_for_one_partner_at_the_same_moment_one_is_told(self, committed, at_once):
        world = make_world()
        answers = at_once(
            lambda: self.sign(world, "signer_police", "police"), lambda: self.sign(world, "deputy_police", "police")
        )
        assert sorted(type(each).__name__ for each in answers) == ["SignOff", "Stale"], answers
        assert SignOff.objects.unscoped(WHY).filter(decision=world.ours.decision).count() == 1

    def test_two_decisions_at_the_same_moment_have_two_numbers(self, committed, at_once):
        world = make_world()
        deeds = [
            lambda: services.decide(world.ours.review, by=world.officer, code="lcspr", rationale="One."),
            lambda: services.decide(world.ours.review, by=world.case_officer, code="local", rationale="Two."),
        ]
        assert {each.number for each in at_once(*deeds)} == {2, 3}
        assert Decision.objects.unscoped(WHY).filter(review=world.ours.review).count() == 3


class TestSending:
    def send(self, world, **change):
        page = page_of(world)
        facts = {
            "version": world.ours.version, "sent_at": timezone.now(), "due_on": page.clock.due_on,
            "warned": sending.warnings(page),
        } | change  # fmt: skip
        return sending.record_sending(page.review, by=world.officer, **facts)

    def test_what_is_sent_is_the_very_file(self, world):
        row = self.send(world)
        assert row.sha256 == world.ours.version.sha256
        assert documents.hashlib.sha256(documents.read(world.ours.version)).hexdigest() == row.sha256
        event = Event.objects.get(verb="report_sent")
        assert event.data["sha256"] == row.sha256 and event.actor_id == world.officer.pk
        assert event.happened_at == row.sent_at

    def test_what_was_out_of_order_is_warned_about_and_kept_and_blocks_nothing(self, world):
        row = self.send(world, late_reason="It was not.")
        words = " ".join(row.warnings)
        assert "agency return" in words and "local authority has not signed" in words
        assert row.late_reason == "", "it went in time"

    def test_a_report_without_a_decision_is_sent_with_a_warning(self, world):
        case = open_case(world, "undecided", by=world.officer)
        review = Review.objects.unscoped(WHY).select_related("folder", "notification", "sending")
        review = review.get(pk=case.review.pk)
        page = reads.review_page(world.officer, review)
        assert "No decision has been recorded." in sending.warnings(page)
        row = sending.record_sending(
            review, by=world.officer, version=world.ours.version, sent_at=timezone.now(), due_on=page.clock.due_on,
            warned=sending.warnings(page),
        )  # fmt: skip
        assert "No decision has been recorded." in row.warnings

    def test_a_second_sending_is_refused(self, world):
        self.send(world)
        with pytest.raises(Stale):
            self.send(world)
        assert Sending.objects.unscoped(WHY).count() == 1

    @pytest.mark.parametrize(
        "words, when",
        [
            ("before the notification", lambda world: world.ours.review.notification.sent_at - timedelta(minutes=1)),
            ("had not been made yet", lambda world: world.ours.version.made_at - timedelta(minutes=2)),
            ("in the future", lambda world: timezone.now() + timedelta(minutes=2)),
        ],
    )
    def test_a_time_that_cannot_be_says_so(self, world, words, when):
        with pytest.raises(ValidationError, match=words) as refused:
            self.send(world, sent_at=when(world))
        assert list(refused.value.message_dict) == ["sent_at"]
        assert fresh(world.ours.review).status == Review.Status.DECIDED

    def test_what_changed_after_the_report_was_made_is_warned_about(self, world):
        assert not page_of(world).changed_since_report
        services.decide(world.ours.review, by=world.officer, code="lcspr", rationale="Read again.")
        page = page_of(world)
        assert page.changed_since_report
        assert "Something was changed after this report was made." in sending.warnings(page)


def test_the_report_is_told_no_identity_and_no_draft(world):
    """Whatever the template may print one day, the context holds none of it."""
    row = world.ours.returns["uhnm"]
    answer(world.ours, row, by=world.author, submit=False)
    context = report(world.panel, world.ours.review)
    assert [each.pk for each in context["returned"]] == [world.ours.returns["school"].pk]
    assert [each.pk for each in context["outstanding"]] == [row.pk]
    told = " ".join(f"{vars(each)}" for each in [*context["page"].children, *context["returned"]])
    told += " ".join(f"{each.row.text} {each.draft}" for each in context["sections"])
    for what in ("name", "other_names", "addresses", "other"):
        assert f"canary-ours-{what}'" not in told
    assert not any("identity" in child._state.fields_cache for child in context["page"].children)
