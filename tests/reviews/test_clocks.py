"""The clocks of a review: what starts, meets and moves them, which local steps are done, and why something was late."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from partnership.deadlines import services as deadlines
from partnership.deadlines.editions import add_edition, days_now
from partnership.deadlines.models import Deadline, Milestone
from partnership.deadlines.rules import INCIDENT_NOTIFICATION, RAPID_REVIEW
from partnership.people.roles import POWERS, Perm
from reviews import clocks, reads, returns, services
from reviews.answering import signing
from reviews.asked import proposed_day
from reviews.models import AgencyReturn, Notification, Review
from tests.reviews.test_pages import at
from tests.reviews.test_services import page_of
from tests.walk.post import day, moment
from tests.world import answer, ask, make_world, open_case

TODAY = timezone.localdate


def steps(world, case="ours") -> set:
    """The codes of the local steps that are done."""
    clock = deadlines.running(world.cases[case].review, RAPID_REVIEW)
    return set(clock.milestones.filter(step=True, done_at__isnull=False).values_list("code", flat=True))


def overdue(world, row, days=3):
    """The request was due some days ago: its own date and its clock's."""
    past = TODAY() - timedelta(days=days)
    AgencyReturn.objects.filter(pk=row.pk).update(due_on=past, asked_at=row.asked_at - timedelta(days=days + 2))
    clock = deadlines.running(row, clocks.AGENCY_RETURN)
    Deadline.objects.filter(pk=clock.pk).update(due_on=past, due_at=timezone.now() - timedelta(days=days))


def test_whoever_sees_a_review_sees_its_clocks():
    """The page of a review takes its clocks along without asking once more who may see them."""
    assert [role for role, held in POWERS.items() if Perm.REVIEW_VIEW in held and Perm.DEADLINE_VIEW not in held] == []


class TestReturnsIn:
    def test_it_is_done_with_the_last_return_and_open_again_with_the_next_request(self, world):
        case, done = world.ours, []
        answer(case, case.returns["uhnm"], by=world.author)
        done.append(clocks.RETURNS_IN in steps(world))
        returns.send_back(case.returns["school"], by=world.officer, note="Add the dates.", due_on=TODAY())
        done.append(clocks.RETURNS_IN in steps(world))
        answer(case, AgencyReturn.objects.get(pk=case.returns["school"].pk), by=world.author_other)
        done.append(clocks.RETURNS_IN in steps(world))
        later = ask(world, case, "lead_other", "mpft", by=world.officer)
        done.append(clocks.RETURNS_IN in steps(world))
        returns.withdraw(later, by=world.officer, note="Asked by mistake.")
        done.append(clocks.RETURNS_IN in steps(world))
        assert done == [True, False, True, False, True]

    def test_withdrawing_the_only_request_is_no_return(self, world):
        case = open_case(world, "alone", by=world.officer)
        world.cases["alone"] = case
        returns.withdraw(ask(world, case, "author", "uhnm", by=world.officer), by=world.officer, note="No.")
        assert clocks.RETURNS_IN not in steps(world, "alone")

    def test_two_authors_who_submit_at_the_same_moment_complete_it(self, committed, at_once):
        world = make_world()
        case = world.ours
        first, second = case.returns["uhnm"], ask(world, case, "lead_other", "mpft", by=world.officer)
        done = at_once(lambda: answer(case, first, by=world.author), lambda: answer(case, second, by=world.lead_other))
        assert [each.status for each in done] == ["submitted", "submitted"], done
        assert clocks.RETURNS_IN in steps(world)


class TestOtherSteps:
    def test_a_new_decision_is_not_signed_off(self, world):
        clocks.step_done(world.ours.review, clocks.SIGNED, by=world.officer)
        services.decide(world.ours.review, by=world.officer, code="lcspr", rationale="Read again.")
        assert clocks.SIGNED not in steps(world)
        again = Milestone.objects.get(deadline=deadlines.running(world.ours.review, RAPID_REVIEW), code=clocks.SIGNED)
        assert again.state == ("pending" if again.fire_at > timezone.now() else "suppressed")

    def test_a_draft_was_sent_when_somebody_says_so_not_when_the_file_is_made(self, world, sign_in):
        from reviews import sending

        sending.keep_report(world.ours.review, b"%PDF-", by=world.officer)
        assert clocks.DRAFT not in steps(world)
        page = sign_in(world.officer).post(at("draft_sent", world.ours.review), follow=True).content.decode()
        assert "the draft was sent to the safeguarding partners" in page and clocks.DRAFT in steps(world)

    def test_a_step_that_was_marked_by_mistake_is_taken_back(self, world, sign_in):
        client, path = sign_in(world.officer), at("meeting_held", world.ours.review)
        held = moment("held_at", timezone.now() - timedelta(hours=1))
        page = client.post(path, held, follow=True).content.decode()
        assert "Take it back" in page and clocks.MEETING in steps(world)
        client.post(path, {"undo": "yes"})
        assert clocks.MEETING not in steps(world)

    def test_a_return_that_is_due_after_the_review_is_asked_for_with_a_warning(self, world, sign_in):
        client, path = sign_in(world.officer), at("ask_agency", world.ours.review)
        last = page_of(world).clock.due_on
        assert f"{last.day} {last:%B %Y}" in client.get(path).content.decode()
        asked = {"agency": world.agencies["mpft"].pk, "author": world.lead_other.pk, "purpose": "Please search."}
        page = client.post(path, asked | day("due_on", last + timedelta(days=1)), follow=True).content.decode()
        assert "This return is due after" in page

    def test_a_step_that_nothing_marks_is_not_said_to_be_recorded(self, world, sign_in):
        clock = deadlines.running(world.ours.review, RAPID_REVIEW)
        Milestone.objects.filter(deadline=clock, code=clocks.MEETING).delete()
        page = sign_in(world.officer).post(at("meeting_held", world.ours.review), follow=True).content.decode()
        assert "the local dates have no meeting" in page and "It is recorded" not in page


class TestLateReturn:
    WHY = "Our archive answered on the last day."

    def test_the_author_is_asked_why_and_everybody_on_the_case_reads_it(self, world, sign_in):
        row = world.ours.returns["uhnm"]
        overdue(world, row)
        answer(world.ours, row, by=world.author, submit=False)
        client, path = sign_in(world.author), at("finish_return", row)
        assert "Why the return is late" in client.get(path).content.decode()
        sent = {"version": 2, "sole": "on", "sole_reason": "Both leads are away."}
        refused = client.post(path, sent)
        assert refused.status_code == 422 and "The return is late. Say why" in refused.content.decode()
        assert client.post(path, sent | {"late_reason": self.WHY}).status_code == 302
        for reader in (world.author, world.officer):
            assert self.WHY in sign_in(reader).get(at("agency_return", row)).content.decode()

    def test_one_in_time_is_not_asked(self, world, sign_in):
        row = world.ours.returns["uhnm"]
        answer(world.ours, row, by=world.author, submit=False)
        page = sign_in(world.author).get(at("finish_return", row)).content.decode()
        assert "Why the return is late" not in page and "Who signs it" in page

    def test_one_that_became_late_while_it_waited_asks_its_signer_why(self, world, sign_in):
        row = answer(world.ours, world.ours.returns["uhnm"], by=world.author, submit=False)
        row = signing.finish(row, by=world.author, version=row.version, signer=world.lead_same)
        overdue(world, row)
        client, path = sign_in(world.lead_same), at("sign_return", row)
        sent = {"read": signing.as_read(row)}
        assert client.post(path, sent).status_code == 422
        assert client.post(path, sent | {"late_reason": self.WHY}).status_code == 302
        assert self.WHY in sign_in(world.officer).get(at("agency_return", row)).content.decode()


class TestSentBack:
    def test_it_is_due_again_on_one_date_everywhere(self, world, sign_in):
        row, when = world.ours.returns["school"], TODAY() + timedelta(days=4)
        path = at("send_back", row)
        assert sign_in(world.officer).post(path, {"note": "Add dates."} | day("due_on", when)).status_code == 302
        row = AgencyReturn.objects.get(pk=row.pk)
        assert (row.due_on, deadlines.running(row, clocks.AGENCY_RETURN).due_on) == (when, when)

    def test_not_in_the_past(self, world, sign_in):
        sent = {"note": "Add dates."} | day("due_on", TODAY() - timedelta(days=1))
        page = sign_in(world.officer).post(at("send_back", world.ours.returns["school"]), sent)
        assert "The return cannot be due in the past" in page.content.decode() and "Add dates." in page.content.decode()

    def test_a_long_note_of_withdrawal_fits(self, world, sign_in):
        row, note = world.ours.returns["uhnm"], "n" * 1000
        assert sign_in(world.officer).post(at("withdraw", row), {"note": note}).status_code == 302
        assert AgencyReturn.objects.get(pk=row.pk).note == note


class TestLocalEdition:
    def set(self, world, **change):
        facts = {
            "code": RAPID_REVIEW, "by": world.manager, "trigger": "the notification is sent", "length": 15,
            "days": days_now(RAPID_REVIEW, TODAY()) | {"returns_in": 5}, "source": "Executive minutes",
            "reason": "Returns earlier.", "effective_from": TODAY() + timedelta(days=1),
        } | change  # fmt: skip
        return add_edition(facts.pop("code"), **facts)

    def test_the_review_names_its_guidance_and_its_clock_the_local_days(self, world, time_machine):
        self.set(world)
        time_machine.move_to(timezone.now() + timedelta(days=30))
        case = open_case(world, "local", by=world.officer, days_ago=2)
        assert case.review.guidance.startswith("Working Together 20")
        page = reads.review_page(world.officer, case.review)
        assert page.clocks.standing[RAPID_REVIEW].edition.startswith("local")
        counted = [each.on for each in page.days if each.code == clocks.RETURNS_IN]
        assert counted == [clocks.dates_of_request(world.officer, case.review)[0]]

    @pytest.mark.parametrize(
        "today, proposed",
        [("2027-03-19", "2027-03-22"), ("2027-03-25", "2027-03-30"), ("2027-04-01", "2027-04-02")],
        ids=["a Friday", "before Easter", "a Thursday"],
    )
    def test_a_return_after_the_local_day_is_proposed_for_the_next_working_day(
        self, world, time_machine, today, proposed
    ):
        time_machine.move_to(f"{today}T12:00:00Z", tick=False)
        assert proposed_day(TODAY() - timedelta(days=3)).isoformat() == proposed
        assert proposed_day(None).isoformat() == proposed
        assert proposed_day(TODAY() + timedelta(days=2)) == TODAY() + timedelta(days=2)

    def test_a_notification_that_cannot_be_counted_says_so_at_its_date(self, world, monkeypatch):
        from partnership.deadlines.shapes import NoLength

        def refuse(*_):
            raise NoLength("No number of days is set.")

        monkeypatch.setattr(services, "due", refuse)
        with pytest.raises(ValidationError) as refused:
            open_case(world, "none", by=world.officer)
        assert list(refused.value.message_dict) == ["sent_at"]


class TestBackfill:
    def forget(self, review):
        """As it was before the portal kept clocks; the web role may not delete a clock, so it becomes another's."""
        rows = Deadline.objects.filter(subject_id__in=[review.pk, *review.returns.values_list("pk", flat=True)])
        for row in rows:
            Deadline.objects.filter(pk=row.pk).update(subject_id=row.pk)

    def test_every_review_gets_its_clocks_with_what_was_done_and_what_is_overdue(self, world):
        review, row = world.ours.review, world.ours.returns["uhnm"]
        overdue(world, row)
        self.forget(review)
        call_command("start_clocks")
        assert {clocks.REQUESTS_OUT} == steps(world)
        clock = deadlines.running(row, clocks.AGENCY_RETURN)
        asked_at = AgencyReturn.objects.get(pk=row.pk).asked_at
        assert (clock.due_on, clock.trigger_at) == (TODAY() - timedelta(days=3), asked_at)
        met = Deadline.objects.get(subject_id=review.pk, rule=INCIDENT_NOTIFICATION)
        assert met.status == "met" and met.met_at == review.notification.sent_at
        call_command("start_clocks")
        assert Deadline.objects.filter(subject_id=review.pk).count() == 2

    def test_one_review_with_impossible_dates_does_not_stop_the_others(self, world):
        broken, whole = world.ours.review, world.theirs.review
        for review in (broken, whole):
            self.forget(review)
        long_ago = timezone.now() - timedelta(days=9000)
        Notification.objects.filter(review=broken).update(aware_at=long_ago, sent_at=long_ago)
        said = StringIO()
        call_command("start_clocks", stderr=said)
        assert str(broken.pk) in said.getvalue()
        assert Deadline.objects.filter(subject_id=whole.pk, rule=RAPID_REVIEW).exists()
        assert not Deadline.objects.filter(subject_id=broken.pk).exists()

    def test_a_review_sent_before_the_panels_days_were_counted_gets_them_from_its_sending(self, world):
        from tests.reviews.test_panel import reply, send

        sending = send(world)
        forgotten = Deadline.objects.get(subject_id=sending.pk, rule=clocks.PANEL)
        Deadline.objects.filter(pk=forgotten.pk).update(subject_id=forgotten.pk, rule="forgotten")
        call_command("start_clocks")
        clock = deadlines.running(sending, clocks.PANEL)
        assert (clock.trigger_at, clock.due_on, clock.edition) == (
            sending.sent_at, forgotten.due_on, forgotten.edition,
        )  # fmt: skip
        call_command("start_clocks")
        assert Deadline.objects.filter(subject_id=sending.pk, rule=clocks.PANEL).count() == 1
        Deadline.objects.filter(pk=clock.pk).update(subject_id=clock.pk, rule="forgotten")
        first = reply(world, "question", ago=1)
        reply(world, "agrees")
        call_command("start_clocks")
        met = Deadline.objects.get(subject_id=sending.pk, rule=clocks.PANEL)
        assert met.status == "met" and timezone.localdate(met.met_at) == first.received_on


def test_a_corrected_sending_that_turns_out_late_asks_why_and_the_clock_knows(world, sign_in):
    from partnership.documents.models import Version
    from reviews import sending

    review = world.ours.review
    long_ago = timezone.now() - timedelta(days=60)
    Version.objects.filter(pk=world.ours.version.pk).update(made_at=long_ago)
    version = Version.objects.get(pk=world.ours.version.pk)
    deadlines.move(deadlines.running(review, RAPID_REVIEW), by=world.officer, trigger=long_ago, reason="An earlier day")
    Notification.objects.filter(review=review).update(aware_at=long_ago, sent_at=long_ago)
    due = deadlines.running(review, RAPID_REVIEW).due_at
    review = Review.objects.select_related("notification", "folder").get(pk=review.pk)
    sending.record_sending(
        review, by=world.officer, version=version, sent_at=due - timedelta(days=1), due_on=due.date()
    )
    row = page_of(world).sending
    late = timezone.localtime(due + timedelta(days=2))
    facts = {
        "by": world.officer,
        "sent_at": late.replace(second=0, microsecond=0),
        "reason": "Typed wrongly.",
        "read": 0,
    }
    with pytest.raises(ValidationError) as refused:
        sending.correct_sending(row, **facts)
    assert list(refused.value.message_dict) == ["late_reason"]
    row = sending.correct_sending(row, **facts, late_reason="The police answered late.")
    clock = Deadline.objects.get(subject_id=review.pk, rule=RAPID_REVIEW, status="met")
    assert row.late_reason == clock.late_reason == "The police answered late."
    assert clock.met_at == row.sent_at


class TestCorrectedNotification:
    WHY = "The Panel's receipt gives the day before."

    def typed(self, page, **change) -> dict:
        """What the form would send: its own values, with these changed."""
        form = page.context["form"]
        times = {name: timezone.localtime(form[name].value()) for name in ("aware_at", "sent_at")} | {
            name: change.pop(name) for name in ("aware_at", "sent_at") if name in change
        }
        typed = {"read": form["read"].value(), "reason": self.WHY} | change
        return typed | moment("aware_at", times["aware_at"]) | moment("sent_at", times["sent_at"])

    def test_both_periods_follow_and_the_page_tells_both_dates(self, world, sign_in):
        review, client = world.ours.review, sign_in(world.officer)
        path, was = at("correct_notification", review), page_of(world).clock.due_on
        page = client.get(path)
        earlier = timezone.localtime(review.notification.sent_at - timedelta(days=10))
        aware = timezone.localtime(review.notification.aware_at - timedelta(days=12))
        Notification.objects.filter(review=review).update(incident_on=aware.date())
        done = client.post(path, self.typed(page, aware_at=aware, sent_at=earlier))
        assert done.status_code == 302, done.content.decode()
        facts = page_of(world)
        assert facts.clock.due_on < was and facts.review.notified_on == earlier.date()
        assert facts.clocks.standing[INCIDENT_NOTIFICATION].trigger_at == facts.notification.aware_at
        assert facts.clocks.standing[INCIDENT_NOTIFICATION].met_at == facts.notification.sent_at
        page = client.get(done["Location"]).content.decode()
        assert f"It was due on {was:%A} {was.day} {was:%B %Y} until" in page and "receipt gives the day before" in page

    def test_a_notification_that_turns_out_late_asks_why(self, world, sign_in):
        review, client = world.ours.review, sign_in(world.officer)
        path = at("correct_notification", review)
        Notification.objects.filter(review=review).update(incident_on=TODAY() - timedelta(days=90))
        typed = self.typed(client.get(path), aware_at=timezone.localtime(timezone.now() - timedelta(days=60)))
        refused = client.post(path, typed)
        assert refused.status_code == 422 and "Say why it was late" in refused.content.decode()
        assert client.post(path, typed | {"late_reason": "The office was closed."}).status_code == 302
        assert page_of(world).why_notified_late == "The office was closed."

    def test_of_two_who_correct_it_the_second_is_told_and_keeps_what_was_typed(self, world, sign_in):
        review, client = world.ours.review, sign_in(world.officer)
        path = at("correct_notification", review)
        page = client.get(path)
        sent = timezone.localtime(review.notification.sent_at)
        assert client.post(path, self.typed(page, sent_at=sent + timedelta(hours=1))).status_code == 302
        second = client.post(path, self.typed(page, sent_at=sent + timedelta(hours=2)) | {"reason": "Mine."})
        assert second.status_code == 409 and "Mine." in second.content.decode()

    def test_nothing_is_corrected_that_is_recorded_already(self, world, sign_in):
        client, path = sign_in(world.officer), at("correct_notification", world.ours.review)
        again = client.post(path, self.typed(client.get(path)))
        assert again.status_code == 422 and "recorded already" in again.content.decode()

    def test_after_the_sending_the_page_says_so_before_anything_is_typed(self, world, sign_in):
        Review.objects.filter(pk=world.ours.review.pk).update(status="sent")
        page = sign_in(world.officer).get(at("correct_notification", world.ours.review))
        assert page.status_code == 302
