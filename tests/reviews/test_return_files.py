"""Files of a return: checked before anybody signs, had by its readers alone; and what came another way, recorded."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from partnership.access.flow import Stale
from partnership.access.rows import can, powers
from partnership.deadlines.models import Deadline
from partnership.documents import notices as of_files
from partnership.documents.models import State, Version
from partnership.documents.scanners import EICAR
from partnership.identities.services import change_identity
from partnership.notify.models import Notice
from partnership.people.roles import Perm
from partnership.trail.models import Event
from reviews import clocks, returns
from reviews.answering import beside, notices, parts, signing
from reviews.models import AgencyReturn
from tests.documents import bad_files
from tests.documents.conftest import check, no_worker, store
from tests.reviews.test_pages import at
from tests.walk.canaries import text_of_pdf
from tests.walk.post import day, moment
from tests.world import ALONE, answer, small_pdf

__all__ = ["check", "no_worker", "store"]
S = AgencyReturn.Status


def upload(name="Our answer.pdf", content=None):
    return SimpleUploadedFile(name, content or small_pdf("Our own words"))


def newest():
    return Version.objects.unscoped("the test looks").order_by("-made_at").first()


@pytest.fixture
def row(world, store):
    """The trust's return with the search's date, and nothing else."""
    row = world.ours.returns["uhnm"]
    answers = {"searched_on": timezone.localdate(), "records_secured": True}
    return returns.save_return(row, by=world.author, version=row.version, answers=answers)


class TestOwnDocument:
    def test_the_agencys_own_document_is_the_return_once_it_is_clean_and_signed(self, world, row, check, sign_in):
        client = sign_in(world.author)
        sent = client.post(at("return_files", row), {"file": upload(), "title": "Our answer", "main": "on"})
        assert sent["Location"] == at("return_files", row) + "?added=1"
        version = newest()
        page = client.get(sent["Location"]).content.decode()
        assert "Being checked" in page and f"{at('agency_return', row)}/file/1" not in page
        row = signing.finish(row, by=world.author, version=row.version, signer=world.lead_same)
        client = sign_in(world.lead_same)
        page = client.get(at("sign_return", row)).content.decode()
        assert "when its files have been checked" in page and "By signing you say" not in page
        with pytest.raises(ValidationError, match="is still being checked"):
            signing.sign(row, by=world.lead_same, read=signing.as_read(row))
        check(version)
        page = client.get(at("sign_return", row)).content.decode()
        assert "By signing you say" in page and f"{at('agency_return', row)}/file/1" in page
        row = signing.sign(row, by=world.lead_same, read=signing.as_read(row))
        given = sign_in(world.panel).get(f"{at('agency_return', row)}/file/1")
        assert given.status_code == 200 and given["Content-Disposition"].startswith("attachment")
        assert f"Copy for {world.panel.name}" in text_of_pdf(given.content).decode()
        assert Event.objects.filter(verb="downloaded", object_id=row.pk, actor_id=world.panel.pk).count() == 1

    def test_the_search_and_the_declaration_are_still_asked(self, world, store, check):
        row = world.ours.returns["uhnm"]
        beside.add_file(row, by=world.author, upload_file=upload(), main=True)
        check(newest())
        with pytest.raises(ValidationError) as refused:
            signing.finish(row, by=world.author, version=row.version, signer=world.lead_same)
        assert set(refused.value.message_dict) == {"searched_on", "records_secured"}

    def test_a_second_document_of_ones_own_is_refused_and_nil_is_not_offered_beside_one(self, world, row, sign_in):
        beside.add_file(row, by=world.author, upload_file=upload(), main=True)
        client = sign_in(world.author)
        second = client.post(at("return_files", row), {"file": upload("Other.txt", b"words"), "main": "on"})
        assert second.status_code == 422 and "Take that one off first" in second.content.decode()
        with pytest.raises(ValidationError, match="attached a file"):
            signing.declare_nil(row, by=world.author, version=row.version, searched_on=timezone.localdate())

    def test_one_that_was_taken_off_is_no_answer(self, world, row, check):
        beside.add_file(row, by=world.author, upload_file=upload(), main=True)
        beside.take_off_file(row, by=world.author, place=1)
        with pytest.raises(ValidationError):
            signing.finish(row, by=world.author, version=row.version, signer=world.lead_same)


class TestBadFiles:
    @pytest.mark.parametrize(
        "name, content, words",
        [
            ("answer.txt", EICAR, "virus"),
            ("answer.pdf", b"<!DOCTYPE html><html><script>alert(1)</script></html>", "PDF"),
            ("answer.xlsx", bad_files.bomb(), "Not kept."),
        ],
        ids=["EICAR", "a renamed HTML", "a zip bomb"],
    )
    def test_it_is_refused_with_a_plain_sentence_and_is_no_answer(
        self, world, row, check, sign_in, name, content, words
    ):
        client = sign_in(world.author)
        assert client.post(at("return_files", row), {"file": upload(name, content), "main": "on"}).status_code == 302
        version = newest()
        check(version)
        assert version.state in (State.INFECTED, State.UNSCANNABLE) and version.key == ""
        page = client.get(at("return_files", row)).content.decode()
        assert "Not kept." in page and words in page and "It does not go with the return." in page
        with pytest.raises(ValidationError) as missing:
            signing.finish(row, by=world.author, version=row.version, signer=world.lead_same)
        assert "analysis" in missing.value.message_dict, "a refused document is no answer"
        told = Notice.objects.get(kind=of_files.REFUSED)
        (said,) = of_files._refused([told], world.author).values()
        assert told.recipient == world.author and "was not kept" in said and name not in said
        for reader in (world.author, world.officer):
            assert sign_in(reader).get(f"{at('agency_return', row)}/file/1").status_code in (404, 409)

    def test_a_refused_file_holds_nothing_up_and_no_reader_meets_it(self, world, row, check, sign_in):
        answer(world.ours, row, by=world.author, submit=False)
        row.refresh_from_db()
        beside.add_file(row, by=world.author, upload_file=upload("notes.txt", EICAR))
        check(newest())
        row = signing.finish(row, by=world.author, version=row.version, signer=world.lead_same)
        page = sign_in(world.lead_same).get(at("sign_return", row)).content.decode()
        assert "By signing you say" in page and "It does not go with the return." in page
        row = signing.sign(row, by=world.lead_same, read=signing.as_read(row))
        assert row.status == S.SUBMITTED
        assert "notes" not in sign_in(world.officer).get(at("agency_return", row)).content.decode()

    def test_the_answer_that_was_refused_after_finishing_cannot_be_signed(self, world, row, check, sign_in):
        beside.add_file(row, by=world.author, upload_file=upload("answer.txt", EICAR), main=True)
        row = signing.finish(row, by=world.author, version=row.version, signer=world.lead_same)
        check(newest())
        page = sign_in(world.lead_same).get(at("sign_return", row)).content.decode()
        assert "there is nothing to sign" in page and "By signing you say" not in page
        with pytest.raises(ValidationError, match="nothing to sign"):
            signing.sign(row, by=world.lead_same, read=signing.as_read(row))

    def test_another_document_takes_the_place_of_one_that_was_refused(self, world, row, check):
        beside.add_file(row, by=world.author, upload_file=upload("answer.txt", EICAR), main=True)
        check(newest())
        beside.add_file(row, by=world.author, upload_file=upload(), main=True)
        check(newest())
        row = signing.submit_alone(row, by=world.author, version=row.version, sole_reason="The others are on leave.")
        assert [each.place for each in beside.files_of(row)] == [2]

    def test_taking_a_file_off_is_asked_first(self, world, row, check, sign_in):
        beside.add_file(row, by=world.author, upload_file=upload(), main=True)
        client, off = sign_in(world.author), at("return_file_off", row)
        page = client.get(at("return_files", row)).content.decode()
        assert f'href="{off}?place=1"' in page and page.count(">Our answer") == 1
        asked = client.get(f"{off}?place=1").content.decode()
        assert "Take this file off?" in asked and "It is the answer itself" in asked
        assert beside.files_of(row).exists()
        assert client.post(off, {"place": "1"}).status_code == 302 and not beside.files_of(row).exists()
        assert client.get(f"{off}?place=1").status_code == 302

    def test_what_is_wrong_at_once_is_said_at_the_field(self, world, row, sign_in):
        client = sign_in(world.author)
        for data, words in (
            ({"file": upload("x.docm", b"x")}, "macros"),
            ({"file": upload("x.svg", bad_files.SVG)}, "SVG"),
            ({}, "Select the file."),
        ):
            refused = client.post(at("return_files", row), data)
            assert refused.status_code == 422 and words in refused.content.decode()

    def test_a_file_that_is_withdrawn_later_is_told_to_those_who_had_it(self, world, row, check):
        beside.add_file(row, by=world.author, upload_file=upload(), main=True)
        version = newest()
        check(version)
        signing.submit_alone(row, by=world.author, version=row.version, sole_reason=ALONE)
        version.state = State.WITHDRAWN
        notices.tell_file_withdrawn(version)
        told = {each.recipient for each in Notice.objects.filter(kind=notices.FILE_GONE).select_related("recipient")}
        assert told == {world.officer, world.manager, world.case_officer}


class TestWhoHasIt:
    @pytest.fixture
    def attached(self, world, row, check):
        beside.add_file(row, by=world.author, upload_file=upload(), main=True)
        version = newest()
        check(version)
        return version

    def test_before_it_is_signed_nobody_on_the_case_has_it_by_any_address(self, world, row, attached, sign_in):
        own = reverse("documents:download", args=[attached.pk])
        for name in ("officer", "case_officer", "panel", "signer_icb", "manager", "colleague", "lead_same", "stranger"):
            user = world.people[name]
            client = sign_in(user)
            assert client.get(own).status_code == 404, name
            assert client.get(reverse("documents:state", args=[attached.pk])).status_code == 404, name
            assert client.get(f"{at('agency_return', row)}/file/1").status_code == 404, name
            assert not can(user, Perm.DOCUMENT_VIEW, attached) and not powers(user, [attached])[attached.pk]
        assert sign_in(world.author).get(f"{at('agency_return', row)}/file/1").status_code == 200
        assert can(world.author, Perm.DOCUMENT_DOWNLOAD, attached)

    def test_once_it_is_signed_its_readers_have_it_through_the_return_alone(self, world, row, attached, sign_in):
        signing.submit_alone(row, by=world.author, version=row.version, sole_reason=ALONE)
        parts.name_coordinator(world.ours.review, by=world.officer, agency=row.agency, user=world.colleague)
        for name, status in {"officer": 200, "panel": 200, "colleague": 200, "lead_same": 404, "stranger": 404}.items():
            client = sign_in(world.people[name])
            assert client.get(f"{at('agency_return', row)}/file/1").status_code == status, name
            assert client.get(reverse("documents:unmarked", args=[attached.pk])).status_code == 404

    def test_another_returns_file_is_not_had_by_a_forged_number(self, world, row, attached, sign_in):
        other = world.ours.returns["school"]
        assert sign_in(world.author_other).get(f"{at('agency_return', other)}/file/1").status_code == 404

    def test_a_file_of_a_change_is_the_authors_until_it_is_signed(self, world, row, attached, check, sign_in):
        row = signing.submit_alone(row, by=world.author, version=row.version, sole_reason=ALONE)
        row = signing.change(row, by=world.author, reason="More was found.")
        beside.add_file(row, by=world.author, upload_file=upload("More.txt", b"more words"))
        check(newest())
        beside.take_off_file(row, by=world.author, place=1)
        client = sign_in(world.officer)
        statuses = [client.get(f"{at('agency_return', row)}/file/{place}").status_code for place in (1, 2)]
        assert statuses == [200, 404], "the file of what was signed stays with it"
        with pytest.raises(ValidationError):  # neither words nor a document of one's own are left
            signing.submit_alone(row, by=world.author, version=row.version, sole_reason=ALONE)

    def test_who_helped_keeps_no_file_when_her_help_ends(self, world, row, check, sign_in):
        row = parts.name_helper(row, by=world.author, helper=world.colleague)
        sent = sign_in(world.colleague).post(at("return_files", row), {"file": upload("Hers.txt", b"words")})
        assert sent.status_code == 302
        version = newest()
        check(version)
        assert sign_in(world.colleague).get(f"{at('agency_return', row)}/file/1").status_code == 200
        parts.take_off_helper(row, by=world.author)
        client = sign_in(world.colleague)
        assert client.get(reverse("documents:download", args=[version.pk])).status_code == 404
        assert client.get(f"{at('agency_return', row)}/file/1").status_code == 404
        version.refresh_from_db()
        assert version.shown_to == world.author

    def test_nothing_is_added_or_taken_off_once_it_is_finished(self, world, row, attached):
        signing.finish(row, by=world.author, version=row.version, signer=world.lead_same)
        with pytest.raises(Stale):
            beside.add_file(row, by=world.author, upload_file=upload("More.txt", b"more"))
        with pytest.raises(Stale):
            beside.take_off_file(row, by=world.author, place=1)


class TestOnBehalf:
    def given(self, row, **more):
        at_that_time = max(row.asked_at, timezone.now() - timedelta(hours=2))
        typed = {
            "given_by": "Named nurse",
            "given_channel": "phone",
            "analysis": "Nothing stood out.",
            "voice": "Quiet.",
        }
        return typed | moment("given_at", at_that_time) | more

    def test_what_came_by_telephone_keeps_when_it_was_given_and_when_recorded(self, world, store, sign_in):
        row = world.ours.returns["uhnm"]
        earlier = timezone.now().replace(second=0, microsecond=0) - timedelta(hours=3)
        AgencyReturn.objects.unscoped("asked yesterday").filter(pk=row.pk).update(asked_at=earlier - timedelta(days=1))
        Deadline.objects.unscoped("asked yesterday").filter(subject_id=row.pk).update(
            trigger_at=earlier - timedelta(days=1)
        )
        client = sign_in(world.officer)
        assert "Record what came another way" in client.get(at("agency_return", row)).content.decode()
        sent = client.post(at("record_return", row), self.given(row, **moment("given_at", earlier)))
        assert sent.status_code == 302
        row = AgencyReturn.objects.get(pk=row.pk)
        assert (row.status, row.given_at, row.recorded_by) == (S.SUBMITTED, earlier, world.officer)
        event = Event.objects.get(verb="return_record")
        assert event.happened_at == earlier and event.recorded_at > earlier
        clock = Deadline.objects.unscoped("the test looks").get(subject_id=row.pk, rule=clocks.AGENCY_RETURN)
        assert clock.met_at == earlier
        page = client.get(at("agency_return", row)).content.decode()
        assert "Given by Named nurse, by telephone" in page and "Recorded for the agency by" in page
        assert "Nothing stood out." in sign_in(world.panel).get(at("agency_return", row)).content.decode()
        assert {each.recipient for each in Notice.objects.filter(kind=notices.RECORDED)} == {world.author}

    def test_a_letter_or_message_has_its_original(self, world, store, check, sign_in):
        row, client = world.ours.returns["uhnm"], sign_in(world.officer)
        AgencyReturn.objects.unscoped("asked today").filter(pk=row.pk).update(
            asked_at=timezone.now() - timedelta(hours=3)
        )
        row.refresh_from_db()
        Deadline.objects.unscoped("asked today").filter(subject_id=row.pk).update(trigger_at=row.asked_at)
        mail = self.given(row, given_channel="mail", analysis="", voice="")
        refused = client.post(at("record_return", row), mail)
        assert refused.status_code == 422 and "Attach the letter or message" in refused.content.decode()
        assert client.post(at("record_return", row), mail | {"original": upload("Mail.pdf")}).status_code == 302
        version = newest()
        assert not version.apart, "what the case lead received is a file of the case"
        check(version)
        assert sign_in(world.panel).get(f"{at('agency_return', row)}/file/1").status_code == 200

    def test_it_never_replaces_what_its_author_has_begun(self, world, store, sign_in):
        row = answer(world.ours, world.ours.returns["uhnm"], by=world.author, submit=False)
        client = sign_in(world.officer)
        assert "Record what came another way" not in client.get(at("agency_return", row)).content.decode()
        assert client.get(at("record_return", row)).status_code == 302
        answered = client.post(at("record_return", row), self.given(row))
        assert answered.status_code == 409 and "has begun to write" in answered.content.decode()

    def test_it_was_given_after_it_was_asked_and_not_in_the_future(self, world, store):
        row = world.ours.returns["uhnm"]
        for when in (row.asked_at - timedelta(days=1), timezone.now() + timedelta(hours=1)):
            with pytest.raises(ValidationError) as refused:
                signing.record_for(
                    row, by=world.officer, answers={"analysis": "A."}, given_by="Nurse", given_channel="phone",
                    given_at=when,
                )  # fmt: skip
            assert list(refused.value.message_dict) == ["given_at"]

    @pytest.mark.parametrize(
        "persona, status", [("panel", 403), ("author", 403), ("lead_same", 404), ("stranger", 404)]
    )
    def test_only_those_who_ask_for_returns_record_one(self, world, persona, status, sign_in):
        row = world.ours.returns["uhnm"]
        assert sign_in(world.people[persona]).post(at("record_return", row), self.given(row)).status_code == status
        assert AgencyReturn.objects.get(pk=row.pk).status == S.ASKED

    def test_no_record_can_be_said_by_telephone(self, world, store, sign_in):
        row = world.ours.returns["uhnm"]
        sent = self.given(row, analysis="", voice="", nil_return="on", records_secured="on")
        sent |= day("searched_on", timezone.localdate()) | moment("given_at", timezone.now())
        AgencyReturn.objects.unscoped("asked just now").filter(pk=row.pk).update(
            asked_at=timezone.now() - timedelta(minutes=5)
        )
        Deadline.objects.unscoped("asked just now").filter(subject_id=row.pk).update(
            trigger_at=timezone.now() - timedelta(minutes=5)
        )
        assert sign_in(world.officer).post(at("record_return", row), sent).status_code == 302
        assert AgencyReturn.objects.get(pk=row.pk).nil_return


class TestSayingWhatIsKnown:
    @pytest.mark.parametrize(
        "content, said, green",
        [(EICAR, "The file was not kept", False), (None, "The file was checked. It goes with the return.", True)],
    )
    def test_the_answer_to_an_upload_is_what_its_check_has_found_by_then(
        self, world, row, check, sign_in, content, said, green
    ):
        client = sign_in(world.author)
        sent = client.post(at("return_files", row), {"file": upload("Answer.txt" if content else "A.pdf", content)})
        waiting = client.get(sent["Location"])
        assert [each.level_tag for each in waiting.context["messages"]] == ["info"]
        check(newest())
        page = client.get(sent["Location"])
        words = [str(each) for each in page.context["messages"]]
        assert any(said in each for each in words)
        assert ("success" in [each.level_tag for each in page.context["messages"]]) == green

    def test_a_file_whose_name_or_title_names_somebody_says_so_before_it_goes(self, world, row, check, sign_in):
        facts = {"name": "Robin Testfield", "date_of_birth": None}
        change_identity(world.ours.identity, facts=facts, version=1, by=world.officer)
        client, advice = sign_in(world.author), "Use ‘Child A’ instead of the name in ‘the name or the title of a file’"
        sent = {"file": upload("Robin Testfield return.pdf"), "title": "Our answer", "main": "on"}
        assert advice in client.post(at("return_files", row), sent, follow=True).content.decode()
        assert advice in client.get(at("finish_return", row)).content.decode()

    def test_a_notice_about_a_file_says_no_name_of_it(self, world, row, check):
        beside.add_file(row, by=world.author, upload_file=upload("Robin scan.txt", EICAR), title="Robin scan")
        check(newest())
        notice = Notice.objects.unscoped("the test looks").get(kind=of_files.REFUSED)
        (words,) = of_files._refused([notice], world.author).values()
        assert "was not kept" in words and "Robin" not in words
