"""What an author finds on home, what is warned about before a sending, and a time of sending that is put right."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.utils import ProgrammingError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partnership.access import services as access
from partnership.access.flow import Stale
from partnership.deadlines import services as clocks_of
from partnership.deadlines.rules import RAPID_REVIEW
from partnership.documents.models import Version
from partnership.trail.models import Event
from reviews import reads, returns, sending, services
from reviews.forms import NotifyForm, ReturnForm
from reviews.models import AgencyReturn, Sending, SendingCorrection
from reviews.report import services as report
from tests.reviews.test_pages import at
from tests.reviews.test_services import page_of
from tests.walk.post import day, moment
from tests.world import answer, open_case

HOME = "/home"


class TestAuthor:
    def test_what_was_submitted_can_be_reached_from_home_in_own_words(self, world, sign_in):
        row = world.ours.returns["school"]
        page = sign_in(world.author_other).get(HOME)
        (work,) = page.context["done"]
        assert (work.url, work.case) == (at("agency_return", row), world.ours.folder.reference)
        assert work.note.startswith("submitted on ")
        assert work.url in page.content.decode()

    @pytest.mark.parametrize("persona", ["colleague", "lead_same", "lead_other", "school_outside", "officer"])
    def test_nobody_else_has_it_there(self, world, sign_in, persona):
        answer(world.ours, world.ours.returns["uhnm"], by=world.author)
        assert sign_in(world.people[persona]).get(HOME).context["done"] == []

    def test_what_must_be_there_is_said_before_it_is_written(self, world, sign_in):
        page = sign_in(world.author).get(at("write_return", world.ours.returns["uhnm"]))
        labels = {each: ReturnForm.base_fields[each].label for each in (*returns.NEEDED, "records_secured")}
        assert page.context["needed"] == list(labels.values())
        assert "identity record" not in page.content.decode()

    def test_a_draft_is_told_to_its_author_who_goes_on_writing(self, world, sign_in):
        row, client = world.ours.returns["uhnm"], sign_in(world.author)
        page = client.get(at("agency_return", row)).content.decode()
        assert "Write the return" in page and "Draft saved on" not in page
        returns.save_return(row, by=world.author, version=row.version, answers={"learning": "Some."})
        page = client.get(at("agency_return", row)).content.decode()
        assert "Go on writing" in page and "Draft saved on" in page and "not submitted yet." in page
        assert "Draft saved on" not in sign_in(world.officer).get(at("agency_return", row)).content.decode()

    def test_a_return_that_came_back_says_so_to_its_author_and_on_the_overview(self, world, sign_in):
        row = world.ours.returns["school"]
        client = sign_in(world.officer)
        done = client.post(
            at("send_back", row), {"note": "Add the dates of the visits."} | day("due_on", timezone.localdate())
        )
        page = client.get(done["Location"]).content.decode()
        assert f"was sent back to {world.author_other.name}" in page
        assert "Sent back</strong>" in page and "Done: send back" not in page
        (shown,) = [each for each in page_of(world).returns if each.pk == row.pk]
        assert shown.came_back
        page = sign_in(world.author_other).get(HOME)
        (work,), _ = zip(*page.context["owed"], strict=True)
        today = timezone.localdate()
        assert work.note == f"Sent back to you on {today.day} {today:%B %Y}: Add the dates of the visits."
        assert "Sent back to you on" in client.get(at("write_return", row)).content.decode()
        answer(world.ours, AgencyReturn.objects.get(pk=row.pk), by=world.author_other)
        assert client.get(HOME).context["owed"] == []

    def test_asking_before_anybody_is_identified_warns_and_goes_on(self, world, sign_in):
        client = sign_in(world.officer)
        words = "No child’s identity record has been entered"
        assert words not in client.get(at("ask_agency", world.ours.review)).content.decode()
        facts = {"age_band": "0", "legal_status": "none"}
        case = open_case(world, "bare", by=world.officer)
        case.child.identity = None
        case.child.save(update_fields=["identity"])
        services.add_child(case.review, by=world.officer, **facts)
        page = client.get(at("ask_agency", case.review))
        assert words in page.content.decode() and page.status_code == 200

    @pytest.mark.parametrize("end", ["barred", "left", "switched off"])
    def test_a_return_that_its_author_can_no_longer_open_is_told_to_the_unit_without_the_reason(
        self, world, sign_in, end
    ):
        client = sign_in(world.officer)
        words = "can no longer open it"
        assert words not in client.get(at("review", world.ours.review)).content.decode()
        if end == "barred":
            access.bar(world.ours.folder, world.author, by=world.officer, reason="personal")
        elif end == "left":
            world.author.memberships.update(ends=timezone.localdate())
        else:
            world.author.is_active = False
            world.author.save(update_fields=["is_active"])
        page = client.get(at("review", world.ours.review)).content.decode()
        assert f"{world.author.name} {words}" in page
        assert "conflict of interest" not in page and "Knows the child" not in page


class TestWarnings:
    def test_sections_that_nobody_wrote_and_drafts_that_nobody_changed_are_named(self, world):
        sections = {each.code: each for each in world.ours.review.sections.all()}
        report.draft(sections["notified"], by=world.officer, version=1)
        for code in ("lives", "immediate_action"):
            report.write(sections[code], by=world.officer, version=2, text=" ")
        told = sending.warnings(page_of(world))
        (empty,) = [each for each in told if each.startswith("Nobody has written")]
        assert (
            "‘The context of the children’s lives’" in empty and "‘The facts, with key practice episodes’" not in empty
        )
        assert (
            "Nobody has changed what was drafted from the sources under ‘What happened and what was notified’." in told
        )
        for row in world.ours.review.sections.exclude(text=""):
            report.write(row, by=world.officer, version=row.version, text="")
        assert "No section of the report has been written: it holds what the sources give." in sending.warnings(
            page_of(world)
        )

    def test_outstanding_returns_are_counted_in_words_and_no_request_at_all_is_told(self, world):
        assert "1 agency return has not come in." in sending.warnings(page_of(world))
        returns.send_back(
            world.ours.returns["school"], by=world.officer, note="Add dates.", due_on=timezone.localdate()
        )
        assert "2 agency returns have not come in." in sending.warnings(page_of(world))
        for row in world.ours.returns.values():
            returns.withdraw(row, by=world.officer, note="Not needed.")
        assert "No agency has been asked for a return." in sending.warnings(page_of(world))

    def test_a_late_report_is_said_to_be_late_by_how_much(self, world, sign_in):
        clock = clocks_of.running(world.ours.review, RAPID_REVIEW)
        long_ago = timezone.now() - timedelta(days=60)
        clocks_of.move(clock, by=world.officer, trigger=long_ago, reason="The receipt gives an earlier day")
        facts = page_of(world)
        (late,) = [each for each in sending.warnings(facts) if "late" in each]
        assert late.startswith(f"The report is {facts.clock.days_late} working days late: it was due on")
        page = sign_in(world.officer).get(at("review", world.ours.review)).content.decode()
        assert f'portal-clock__box--late">+{facts.clock.days_late}<' in page


class TestCorrection:
    @pytest.fixture
    def sent(self, world):
        Version.objects.unscoped("older").filter(pk=world.ours.version.pk).update(
            made_at=timezone.now() - timedelta(hours=5)
        )
        page = page_of(world)
        when = timezone.now().replace(second=0, microsecond=0) - timedelta(hours=1)
        return sending.record_sending(
            page.review, by=world.officer, version=page.report, sent_at=when, due_on=page.clock.due_on
        )

    def test_what_is_missing_once_it_went_is_not_done_rather_than_to_do(self, world, sent, sign_in):
        steps = {
            step.title: step for step in sign_in(world.officer).get(at("review", world.ours.review)).context["steps"]
        }
        assert (steps["Signatures"].status, steps["Signatures"].href) == ("Not done", "")
        assert steps["Sent to the Panel"].status == "Completed"

    def correct(self, world, sent, hours=2, reason="Typed wrongly.", read=0):
        review = page_of(world).review
        when = sent.sent_at - timedelta(hours=hours)
        return sending.correct_sending(review.sending, by=world.officer, sent_at=when, reason=reason, read=read)

    def test_the_first_time_is_kept_and_file_and_hash_stay(self, world, sent, sign_in):
        client = sign_in(world.case_officer)
        when = sent.sent_at - timedelta(hours=2)
        done = client.post(
            at("correct_sending", world.ours.review), moment("sent_at", when) | {"read": 0, "reason": "Off by two."}
        )
        assert done.status_code == 302
        row = Sending.objects.get(pk=sent.pk)
        assert (row.sent_at, row.sha256, row.version_id) == (when, sent.sha256, sent.version_id)
        (kept,) = reads.corrections_of(world.officer, row)
        assert (kept.was, kept.reason, kept.corrected_by) == (sent.sent_at, "Off by two.", world.case_officer)
        event = Event.objects.get(verb="sending_corrected")
        assert event.object_id == sent.pk and "Off by two." not in str(event.data)
        page = client.get(at("review", world.ours.review)).content.decode()
        assert "First recorded as" in page and "Off by two." in page
        story = client.get(reverse("access:folder_story", args=[world.ours.folder.pk])).content.decode()
        assert "corrected the time at which the report was sent" in story

    @pytest.mark.parametrize(
        "change, field",
        [
            ({"reason": " "}, "reason"),
            ({"hours": 0}, "sent_at"),
            ({"hours": 24 * 40}, "sent_at"),
            ({"hours": 5}, "sent_at"),
            ({"hours": -2}, "sent_at"),
        ],
        ids=["no reason", "the same", "before the notification", "before the file", "in the future"],
    )
    def test_a_correction_that_cannot_be_is_refused_at_its_place(self, world, sent, change, field):
        with pytest.raises(ValidationError) as refused:
            self.correct(world, sent, **change)
        assert list(refused.value.message_dict) == [field]
        assert Sending.objects.unscoped("the test looks").get(pk=sent.pk).sent_at == sent.sent_at

    def test_a_page_of_a_sent_review_with_its_correction_keeps_to_twelve_questions(self, world, sent, sign_in):
        self.correct(world, sent)
        client, path = sign_in(world.officer), at("review", world.ours.review)
        client.get(path)  # the session notes once a minute that it is in use
        with CaptureQueriesContext(connection) as queries:
            assert "First recorded as" in client.get(path).content.decode()
        assert len(queries) <= 12

    def test_two_who_correct_it_the_second_is_told_and_can_go_on(self, world, sent, sign_in):
        self.correct(world, sent)
        with pytest.raises(Stale):
            self.correct(world, sent, hours=3)
        typed = moment("sent_at", sent.sent_at - timedelta(hours=3)) | {"read": 0, "reason": "Mine."}
        client = sign_in(world.case_officer)
        answered = client.post(at("correct_sending", world.ours.review), typed)
        assert answered.status_code == 409
        assert f"{world.officer.name} corrected the time at" in answered.content.decode()
        assert client.post(at("correct_sending", world.ours.review), typed | {"read": 1}).status_code == 302
        rows = reads.corrections_of(world.officer, sent)
        assert [row.was for row in rows] == [sent.sent_at, sent.sent_at - timedelta(hours=2)]

    @pytest.mark.parametrize("persona", ["panel", "signer_icb"])
    def test_who_only_reads_cannot_correct(self, world, sent, sign_in, persona):
        client = sign_in(world.people[persona])
        assert client.get(at("correct_sending", world.ours.review)).status_code == 403
        assert "Correct the time" not in client.get(at("review", world.ours.review)).content.decode()

    def test_a_correction_once_written_cannot_be_rewritten(self, world, sent):
        self.correct(world, sent)
        with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
            cursor.execute("UPDATE reviews_sendingcorrection SET reason = 'Another.'")
        assert SendingCorrection._meta.db_table == "reviews_sendingcorrection"


def test_a_wrong_date_is_said_in_a_sentence(world):
    typed = {"aware_at_day": "1", "aware_at_month": "2", "aware_at_year": "2026", "aware_at_time": "half past"}
    form = NotifyForm(typed, user=world.officer)
    assert form.errors["aware_at"] == ["The time the council became aware must be like 14:30"]
