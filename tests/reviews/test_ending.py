"""How a case ends: what closing takes away and keeps, reopening, and the council's withdrawal of its notification."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from partnership.access import emergency
from partnership.access import services as access
from partnership.access.ending import who_stays
from partnership.access.flow import Stale
from partnership.access.models import FolderGrant
from partnership.access.rows import can, holders
from partnership.access.story import story
from partnership.deadlines import services as deadlines
from partnership.deadlines.models import Deadline
from partnership.deadlines.rules import INCIDENT_NOTIFICATION, RAPID_REVIEW
from partnership.notify.models import Notice
from partnership.notify.reads import described, shown_to
from partnership.notify.reconciling import reconcile
from partnership.people.roles import Perm, Role
from reviews import clocks, services
from reviews.answering import signing
from reviews.considering import services as considering
from reviews.ending import services as ending
from reviews.models import AgencyReturn, Closing, NotificationWithdrawal, ReportSection, Review
from reviews.panel import services as panel
from reviews.report import services as sections
from reviews.timeliness.reads import timeliness
from tests.reviews.test_panel import reply, send
from tests.walk.post import day, moment
from tests.world import make_world

S = Review.Status
TODAY = timezone.localdate


def at(name, row=None):
    return reverse(f"reviews:{name}", args=[row.pk] if row else [])


def fresh(review) -> Review:
    return Review.objects.unscoped("as it stands now").select_related("folder", "notification").get(pk=review.pk)


def close(world, by="officer", **facts):
    review = fresh(world.ours.review)
    return ending.close(review, by=world.people[by], seen=ending.what_follows(review), **facts)


def withdraw(world, by="officer", **facts):
    today = TODAY()
    facts = {
        "withdrawn_on": today, "withdrawn_by": "Director", "reason": "Not met after all.", "panel_told_on": today,
    } | facts  # fmt: skip
    return ending.withdraw_notification(fresh(world.ours.review), by=world.people[by], **facts)


def again(world, **facts):
    now = timezone.now()
    facts = {"aware_at": now - timedelta(hours=2), "sent_at": now - timedelta(minutes=1)} | facts
    return ending.notify_again(fresh(world.ours.review), by=world.officer, **facts)


def live(folder) -> set:
    return {row.user.name for row in FolderGrant.objects.live().filter(content_object=folder).select_related("user")}


def told(user) -> list:
    return [line.text for line in described(list(shown_to(user)), user)]


def running(folder):
    return Deadline.objects.filter(folder=folder, status__in=Deadline.RUNNING)


class TestClosing:
    def test_everybody_but_the_leads_is_let_out_and_what_is_owed_is_withdrawn(self, world):
        send(world)
        case, author = world.ours, world.author
        emergency.open_in_emergency(case.folder.reference, by=world.officer_outside, reason="A brother is at risk now.")
        assert running(case.folder).exists()
        close(world, note="The Panel agreed.")
        leads = {row.user for row in FolderGrant.objects.live().filter(content_object=case.folder)}
        assert {world.officer, world.manager, world.barred} == leads, "the barred one stays barred"
        for name in ("case_officer", "panel", "signer_icb", "deputy_police", "officer_outside"):
            assert not can(world.people[name], Perm.REVIEW_VIEW, case.review), name
        row = AgencyReturn.objects.get(pk=case.returns["uhnm"].pk)
        assert row.status == AgencyReturn.Status.WITHDRAWN and not can(author, Perm.RETURN_VIEW, row)
        assert not running(case.folder).exists()
        assert can(world.author_other, Perm.RETURN_VIEW, case.returns["school"]), "an author keeps her own words"
        verbs = [each.about[0] for each in story(folder_id=case.folder.pk)]
        assert verbs.count("access_ended") == 8 and "review_finish" in verbs
        assert reconcile()["sealed_folder_too_few"] == 0

    def test_those_concerned_are_told_and_who_is_out_is_told_no_case(self, world):
        send(world)
        close(world)
        word = world.ours.folder.reference
        assert told(world.manager) and word in " ".join(told(world.manager))
        (out,) = (line for line in told(world.panel) if "is over" in line)
        assert word not in out and "your access to it ended" in out
        (asked,) = told(world.author)
        assert world.agencies["uhnm"].name in asked and "no longer" in asked and word not in asked
        assert not Notice.objects.filter(recipient=world.officer, kind="review_closed").exists()
        assert told(world.barred) == []

    def test_a_sealed_folder_with_one_lead_keeps_who_worked_on_it_besides(self, world):
        send(world)
        folder = world.ours.folder
        FolderGrant.objects.live().filter(content_object=folder, user=world.manager).update(ends=timezone.now())
        staying = who_stays(folder)
        assert [row.user for row in staying.kept] == [world.case_officer]
        close(world)
        inside = set(holders(folder, Perm.FOLDER_VIEW))
        assert inside == {world.officer, world.case_officer}
        assert reconcile()["sealed_folder_too_few"] == 0

    def test_the_page_says_in_words_what_follows(self, world, sign_in):
        send(world)
        page = sign_in(world.officer).get(at("close", world.ours.review)).content.decode()
        for words in (world.panel.name, "Who loses access", world.manager.name, world.author.name, "has not answered"):
            assert words in page, words
        assert world.barred.name not in page, "who is barred keeps nothing, and not everybody may know"
        reply(world, "question")
        page = sign_in(world.officer).get(at("close", world.ours.review)).content.decode()
        assert "1 reply of the Panel has no answer of ours" in page

    def test_a_review_that_goes_on_cannot_be_closed_and_is_not_offered_it(self, world, sign_in):
        with pytest.raises(Stale):
            close(world)
        client = sign_in(world.officer)
        assert at("close", world.ours.review) not in client.get(at("review", world.ours.review)).content.decode()
        assert client.get(at("close", world.ours.review)).url == at("review", world.ours.review)

    def test_only_a_lead_closes_and_reopens(self, world, sign_in):
        send(world)
        for name in ("case_officer", "signer_icb"):
            page = sign_in(world.people[name]).get(at("review", world.ours.review)).content.decode()
            assert at("close", world.ours.review) not in page
            with pytest.raises(PermissionDenied):
                close(world, by=name)
        close(world)
        access.grant(world.ours.folder, world.case_officer, Role.CASE_OFFICER, by=world.officer, reason="Reads it.")
        with pytest.raises(PermissionDenied):
            ending.reopen(fresh(world.ours.review), by=world.case_officer, reason="I want to.")
        assert sign_in(world.case_officer).post(at("reopen", world.ours.review), {"reason": "x"}).status_code == 403
        assert fresh(world.ours.review).status == S.FINISHED

    def test_nothing_of_a_closed_review_changes_and_it_is_read_as_before(self, world, sign_in):
        sent = send(world)
        close(world, note="All done.")
        review = fresh(world.ours.review)
        section = ReportSection.objects.unscoped("the test reads it").filter(review=review).first()
        with pytest.raises(Stale, match="closed"):
            sections.write(section, by=world.officer, version=section.version, text="New.")
        client = sign_in(world.officer)
        page = client.get(at("review", review)).content.decode()
        assert "All done." in page and at("reopen", review) in page and sent.sha256 in page
        assert at("decide", review) not in page and at("ask_agencies", review) not in page
        for name in ("chronology", "findings", "meeting", "panel", "around", "disclosures", "kept", "notification"):
            assert client.get(at(name, review)).status_code == 200, name


class TestTwoTabs:
    def test_two_who_close_at_once_close_it_once(self, committed, at_once):
        world = make_world()
        send(world)
        done = at_once(lambda: close(world), lambda: close(world, by="manager"))
        assert sorted(type(each).__name__ for each in done) == ["Closing", "Stale"], done
        assert Closing.objects.count() == 1

    def test_the_second_tab_is_told_and_keeps_what_was_typed(self, world, sign_in):
        send(world)
        seen = ending.what_follows(fresh(world.ours.review))
        close(world)
        again = sign_in(world.manager).post(at("close", world.ours.review), {"seen": seen, "note": "Kept words."})
        assert again.status_code == 409 and "Kept words." in again.content.decode()

    def test_who_came_in_meanwhile_is_shown_before_anything_ends(self, world, sign_in):
        send(world)
        client, path = sign_in(world.officer), at("close", world.ours.review)
        seen = client.get(path).context["form"].initial["seen"]
        access.grant(world.ours.folder, world.board_member, Role.PANEL_MEMBER, by=world.manager, reason="Sits on it.")
        page = client.post(path, {"seen": seen, "note": "Typed."})
        words = page.content.decode()
        assert page.status_code == 422 and world.board_member.name in words and "Typed." in words
        assert fresh(world.ours.review).status == S.SENT
        assert client.post(path, {"seen": page.context["form"]["seen"].value(), "note": "Typed."}).status_code == 302

    def test_an_author_who_is_typing_keeps_the_words_and_is_told(self, world, sign_in):
        send(world)
        row = world.ours.returns["uhnm"]
        client = sign_in(world.author)
        assert client.get(at("write_return", row)).status_code == 200
        close(world)
        page = client.post(at("write_return", row), {"version": row.version, "family": "Two hours of work."})
        words = page.content.decode()
        assert page.status_code == 409 and "Two hours of work." in words and "withdrawn while you were writing" in words
        assert world.ours.folder.reference not in words

    def test_a_return_that_is_submitted_while_it_is_closed_is_in_or_withdrawn_and_nothing_hangs(
        self, committed, at_once
    ):
        world = make_world()
        send(world)
        row = world.ours.returns["uhnm"]
        done = at_once(
            lambda: close(world),
            lambda: signing.declare_nil(row, by=world.author, version=row.version, searched_on=TODAY()),
        )
        row = AgencyReturn.objects.get(pk=row.pk)
        assert all(isinstance(each, (Closing, AgencyReturn, Stale)) for each in done), done
        assert row.status in (AgencyReturn.Status.SUBMITTED, AgencyReturn.Status.WITHDRAWN)

    def test_an_old_tab_of_somebody_who_was_let_out_opens_nothing(self, world, sign_in):
        send(world)
        client = sign_in(world.case_officer)
        page = client.get(at("disclosure_add", world.ours.review))
        assert page.status_code == 200
        close(world)
        assert client.get(at("review", world.ours.review)).status_code == 404
        assert client.post(at("disclosure_add", world.ours.review), {"body": "The police"}).status_code == 404
        assert client.get(at("reviews")).content.decode().count(world.ours.folder.reference) == 0


class TestReopening:
    def test_it_stands_as_before_and_nobody_is_let_in_again(self, world, sign_in):
        sent = send(world)
        before = live(world.ours.folder)
        close(world)
        after = live(world.ours.folder)
        path, client = at("reopen", world.ours.review), sign_in(world.manager)
        assert client.post(path, {"reason": ""}).status_code == 422
        assert client.post(path, {"reason": "The Panel asked."}, follow=True).status_code == 200
        assert fresh(world.ours.review).status == S.SENT and live(world.ours.folder) == after < before
        assert deadlines.running(sent, clocks.PANEL).trigger_at == sent.sent_at
        page = client.get(at("review", world.ours.review)).content.decode()
        assert "The Panel asked." in page and at("close", world.ours.review) in page
        with pytest.raises(Stale):
            ending.reopen(fresh(world.ours.review), by=world.officer, reason="Twice.")

    def test_an_answer_of_the_panel_is_waited_for_no_more_once_it_came(self, world):
        sent = send(world)
        reply(world)
        close(world)
        ending.reopen(fresh(world.ours.review), by=world.officer, reason="Typed wrongly.")
        assert deadlines.running(sent, clocks.PANEL) is None

    def test_a_late_reply_of_the_panel_is_recorded_on_a_closed_review(self, world):
        send(world)
        close(world)
        panel.record_reply(
            fresh(world.ours.review), by=world.officer, received_on=TODAY(), code="agrees", words="We agree."
        )
        assert fresh(world.ours.review).status == S.FINISHED


class TestWithoutRapidReview:
    def considered(self, world):
        facts = dict.fromkeys(("setting", "what_happened", "why", "safety", "agreed_by"), "Words.")
        facts |= {"agreed_on": TODAY(), "incident_on": TODAY(), "harm": "harm", "records_secured": True}
        row = considering.refer(
            by=world.author, partnership=world.partnership, agency=world.agencies["uhnm"], kind="incident",
            facts=facts, child={"age_band": "1-4", "legal_status": "cin"}, identity={},
        )  # fmt: skip
        access.grant(row.folder, world.signer_icb, Role.SIGNATORY, by=world.manager, reason="Gives a view.")
        access.grant(row.folder, world.lead_other, Role.CASE_OFFICER, by=world.manager, reason="Works on it.")
        return row

    def test_that_nobody_notifies_ends_access_but_the_leads(self, world, sign_in):
        row = self.considered(world)
        client = sign_in(world.lead_other)
        page = client.get(at("nobody_notifies", row.review)).content.decode()
        assert world.signer_icb.name in page and "Who loses access" in page
        answer = client.post(at("nobody_notifies", row.review), {"reason": "The criteria are not met."}, follow=True)
        assert answer.status_code == 200 and "Your own access to the case has ended" in answer.content.decode()
        assert not can(world.signer_icb, Perm.REVIEW_VIEW, row.review)
        assert can(world.manager, Perm.REVIEW_VIEW, row.review)
        considering.consider_again(fresh(row.review), by=world.manager, reason="A second injury.")
        assert not can(world.signer_icb, Perm.REVIEW_VIEW, row.review), "nobody is let in again by it"


class TestWithdrawnNotification:
    def test_the_clocks_end_with_the_reason_and_requests_are_withdrawn(self, world):
        review = world.ours.review
        met = Deadline.objects.get(subject_id=review.pk, rule=INCIDENT_NOTIFICATION)
        was = met.met_at
        row = withdraw(world)
        assert fresh(review).status == S.WITHDRAWN and row.sent_at == review.notification.sent_at == was
        rows = Deadline.objects.filter(subject_id=review.pk, rule__in=[INCIDENT_NOTIFICATION, RAPID_REVIEW])
        assert {(each.status, "Not met after all." in each.reason) for each in rows} == {("cancelled", True)}
        assert rows.count() == 2 and not running(review.folder).exists()
        assert AgencyReturn.objects.get(pk=world.ours.returns["uhnm"].pk).status == AgencyReturn.Status.WITHDRAWN
        assert any("no longer" in line for line in told(world.author))
        assert any("withdrew its notification" in line for line in told(world.panel))
        said = [each.what for each in story(folder_id=review.folder_id, verbs=("deadline_annulled", "review_withdraw"))]
        assert len(said) == 2

    def test_its_people_read_it_and_are_offered_no_more_work(self, world, sign_in):
        withdraw(world, withdrawn_by="Director of Children’s Services")
        for name in ("officer", "panel", "signer_icb"):
            page = sign_in(world.people[name]).get(at("review", world.ours.review)).content.decode()
            assert "withdrew its notification" in page and "Director of Children’s Services" in page
            for step in ("decide", "ask_agencies", "record_sending", "sign_off", "correct_notification"):
                assert f'"{at(step, world.ours.review)}"' not in page, (name, step)
            assert "working day clock" not in page and "govuk-tag--red" not in page
        client = sign_in(world.officer)
        assert at("notify_again", world.ours.review) in client.get(at("review", world.ours.review)).content.decode()
        typed = {"sent_at_time": "10:00", "version": world.ours.version.pk} | day("sent_at", TODAY())
        old_tab = client.post(at("record_sending", world.ours.review), typed)
        assert old_tab.status_code in (409, 422) and fresh(world.ours.review).status == S.WITHDRAWN
        assert client.get(at("reviews")).content.decode().count("Notification withdrawn") >= 1

    def test_it_is_recorded_on_its_page_by_who_manages_the_case(self, world, sign_in):
        path = at("withdraw_notification", world.ours.review)
        typed = {"withdrawn_by": "Director", "reason": "Not met."} | day("panel_told_on", TODAY())
        assert sign_in(world.panel).post(path, typed | day("withdrawn_on", TODAY())).status_code == 403
        client = sign_in(world.case_officer)
        wrong = client.post(path, typed | day("withdrawn_on", TODAY() - timedelta(days=60)))
        assert wrong.status_code == 422 and "before it was sent" in wrong.content.decode()
        assert client.post(path, typed | day("withdrawn_on", TODAY())).status_code == 302
        second = client.post(path, typed | day("withdrawn_on", TODAY()))
        assert second.status_code == 409 and "Not met." in second.content.decode()
        assert NotificationWithdrawal.objects.count() == 1

    def test_a_new_notification_takes_it_up_again_with_clocks_of_its_own(self, world, sign_in):
        withdraw(world)
        with pytest.raises(ValidationError, match="earlier"):
            again(world, aware_at=world.ours.review.notification.aware_at,
                  sent_at=world.ours.review.notification.sent_at)  # fmt: skip
        now = timezone.now()
        typed = moment("aware_at", now - timedelta(hours=3)) | moment("sent_at", now)
        path = at("notify_again", world.ours.review)
        answer = sign_in(world.officer).post(path, typed | {"panel_reference": "P-2"})
        assert answer.status_code == 302
        review = fresh(world.ours.review)
        assert review.status == S.OPEN and review.notification.panel_reference == "P-2"
        clock = deadlines.running(review, RAPID_REVIEW)
        assert clock.trigger_at == review.notification.sent_at and review.notified_on == TODAY()
        (met,) = Deadline.objects.filter(subject_id=review.pk, rule=INCIDENT_NOTIFICATION, status="met")
        assert met.met_at == review.notification.sent_at
        page = sign_in(world.panel).get(at("review", review)).content.decode()
        assert "It ended before" in page and "Not met after all." in page and "working day clock" in page
        # Its times can be put right as those of any other, and it can be withdrawn again.
        services.correct_notification(
            review, by=world.officer, aware_at=review.notification.aware_at - timedelta(hours=1),
            sent_at=review.notification.sent_at, reason="Typed wrongly.", read=services.times_of(review.notification),
        )  # fmt: skip
        withdraw(world)
        assert fresh(review).status == S.WITHDRAWN

    def test_a_withdrawn_case_can_be_closed_and_reopened_to_where_it_was(self, world):
        withdraw(world)
        close(world)
        assert fresh(world.ours.review).status == S.FINISHED
        assert not can(world.panel, Perm.REVIEW_VIEW, world.ours.review)
        ending.reopen(fresh(world.ours.review), by=world.officer, reason="A new notification comes.")
        assert fresh(world.ours.review).status == S.WITHDRAWN
        again(world)
        assert fresh(world.ours.review).status == S.OPEN

    def test_timeliness_leaves_it_out_and_says_how_many(self, world, sign_in):
        (before,) = (year for year in timeliness(world.manager) if year.running)
        withdraw(world)
        (after,) = (year for year in timeliness(world.manager) if year.running)
        assert after.notified.number == before.notified.number - 1
        assert (before.withdrawn, after.withdrawn) == (0, 1)
        page = sign_in(world.manager).get(at("timeliness")).content.decode()
        assert "1 notification was withdrawn" in page and "left out" in page
