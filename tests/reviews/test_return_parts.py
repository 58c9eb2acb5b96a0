"""Who has a part in a return beside its author and signer, and what in it only some may read."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from partnership.access import services as access
from partnership.access.rows import can
from partnership.people.roles import Perm
from reviews import returns
from reviews.answering import beside, notices, parts, signing
from reviews.report.reads import report
from tests.reviews.answering import S, fresh, told, typed
from tests.reviews.test_pages import at
from tests.world import ALONE, CANARY, answer, canary


class TestHelper:
    @pytest.fixture
    def helped(self, world, written):
        return parts.name_helper(written, by=world.author, helper=world.colleague)

    def test_she_sees_and_writes_it_and_neither_submits_nor_searches(self, world, helped, sign_in):
        assert told(notices.HELP) == {world.colleague}
        client = sign_in(world.colleague)
        page = client.get(at("write_return", helped)).content.decode()
        assert canary("ours-uhnm", "analysis") in page and "Save and go on to the signature" not in page
        sent = typed(helped) | {"version": helped.version, "learning": "Her words.", "submit": "1"}
        assert client.post(at("write_return", helped), sent).status_code == 302
        assert (fresh(helped).learning, fresh(helped).status) == ("Her words.", S.ASKED)
        for page in ("finish_return", "nil_return", "return_helper", "return_passages", "search_record", "sign_return"):
            assert client.get(at(page, helped)).status_code == 403, page
        with pytest.raises(PermissionDenied):
            signing.submit_alone(fresh(helped), by=world.colleague, version=fresh(helped).version, sole_reason=ALONE)
        assert world.colleague.name in sign_in(world.officer).get(at("agency_return", helped)).content.decode()

    def test_who_saved_meanwhile_is_named(self, world, helped, sign_in):
        returns.save_return(helped, by=world.colleague, version=helped.version, answers={"learning": "Hers."})
        answered = sign_in(world.author).post(
            at("write_return", helped), typed(helped) | {"version": helped.version, "learning": "Mine."}
        )
        assert answered.status_code == 409 and f"{world.colleague.name} saved this return" in answered.content.decode()

    def test_taken_off_she_sees_nothing_and_keeps_what_she_typed(self, world, helped, sign_in):
        client = sign_in(world.author)
        assert client.post(at("helper_off", helped)).status_code == 302
        client = sign_in(world.colleague)
        assert client.get(at("write_return", helped)).status_code == 404
        typed = client.post(at("write_return", helped), {"version": helped.version, "learning": "My half page."})
        page = typed.content.decode()
        assert typed.status_code == 409 and "My half page." in page and CANARY not in page
        assert not can(world.colleague, Perm.RETURN_VIEW, helped)

    def test_taken_off_she_is_told_and_the_address_says_so_without_a_word_of_the_return(self, world, helped, sign_in):
        parts.take_off_helper(helped, by=world.author)
        assert told(notices.HELP_OVER) == {world.colleague}
        client = sign_in(world.colleague)
        listed = client.get(reverse("notify:notices")).content.decode()
        assert f"You no longer help with the return of {world.agencies['uhnm'].name}" in listed
        assert world.ours.folder.reference not in listed
        for page in ("agency_return", "write_return"):
            answered = client.get(at(page, helped))
            words = answered.content.decode()
            assert answered.status_code == 404 and "You no longer help with this return" in words
            assert world.ours.folder.reference not in words and CANARY not in words
        assert "no longer help" not in sign_in(world.lead_same).get(at("agency_return", helped)).content.decode()
        access.bar(world.ours.folder, world.colleague, by=world.officer, reason="personal")
        assert "no longer help" not in sign_in(world.colleague).get(at("agency_return", helped)).content.decode()

    def test_once_it_is_finished_she_sees_it_no_more(self, world, helped, sign_in):
        signing.finish(helped, by=world.author, version=helped.version, signer=world.lead_same)
        assert sign_in(world.colleague).get(at("agency_return", helped)).status_code == 404

    @pytest.mark.parametrize("who", ["lead_other", "barred", "author"])
    def test_who_cannot_help(self, world, written, who):
        helper = {"barred": world.colleague}.get(who) or world.people[who]
        if who == "barred":
            access.bar(world.ours.folder, helper, by=world.officer, reason="line")
        with pytest.raises(ValidationError, match="cannot be chosen"):
            parts.name_helper(written, by=world.author, helper=helper)

    def test_only_its_author_lets_somebody_help(self, world, written):
        for user in (world.officer, world.lead_same, world.colleague):
            with pytest.raises(PermissionDenied):
                parts.name_helper(written, by=user, helper=world.colleague)


class TestPassages:
    SECRET = "The stepfather must not hear of this."

    @pytest.fixture
    def marked(self, world, written):
        beside.add_passage(written, by=world.author, heading="analysis", mark="lead", words=self.SECRET)
        beside.add_passage(written, by=world.author, heading="voice", mark="meeting", words="To be read out.")
        return written

    def test_a_lead_reads_both_an_officer_what_is_read_out_and_panel_members_neither(self, world, marked, sign_in):
        def reading(row, words):
            readers = ("officer", "case_officer", "panel", "signer_icb", "board_member", "colleague")
            pages = ((name, sign_in(world.people[name]).get(at("agency_return", row))) for name in readers)
            return [name for name, page in pages if words in page.content.decode()]

        assert reading(marked, self.SECRET) == []
        row = signing.finish(marked, by=world.author, version=marked.version, signer=world.lead_same)
        assert reading(row, self.SECRET) == []
        assert self.SECRET in sign_in(world.lead_same).get(at("sign_return", row)).content.decode()
        row = signing.sign(row, by=world.lead_same, read=signing.as_read(row))
        parts.name_coordinator(world.ours.review, by=world.officer, agency=row.agency, user=world.colleague)
        assert reading(row, self.SECRET) == ["officer"]
        assert reading(row, "To be read out.") == ["officer", "case_officer"]
        version = f"{at('agency_return', row)}/version/1"
        assert self.SECRET not in sign_in(world.case_officer).get(version).content.decode()
        for user in (world.panel, world.colleague):
            assert self.SECRET not in sign_in(user).get(f"{at('agency_return', row)}/version/1").content.decode()

    def test_the_report_has_none(self, world, marked):
        row = signing.submit_alone(marked, by=world.author, version=marked.version, sole_reason=ALONE)
        context = report(world.officer, world.ours.review)
        assert row in context["returned"] and self.SECRET not in str([vars(each) for each in context["returned"]])

    def test_one_is_taken_off_and_another_returns_cannot_be(self, world, marked, sign_in):
        passage = beside.passages_of(marked).first()
        client = sign_in(world.author_other)
        theirs = returns.send_back(
            world.ours.returns["school"], by=world.officer, note="Dates.", due_on=timezone.localdate()
        )
        client.post(at("passage_off", theirs), {"passage": passage.pk})
        assert beside.passages_of(marked).count() == 2
        assert client.post(at("passage_off", theirs), {"passage": "no-id"}).status_code == 404
        sign_in(world.author).post(at("passage_off", marked), {"passage": passage.pk})
        assert [each.mark for each in beside.passages_of(marked)] == ["meeting"]

    def test_taken_off_a_new_version_it_stays_with_the_one_that_had_it(self, world, marked, sign_in):
        row = signing.submit_alone(marked, by=world.author, version=marked.version, sole_reason=ALONE)
        row = signing.change(row, by=world.author, reason="Less to say.")
        beside.take_off_passage(row, by=world.author, passage=beside.passages_of(row).first().pk)
        assert self.SECRET in sign_in(world.officer).get(at("agency_return", row)).content.decode()
        row = signing.submit_alone(row, by=world.author, version=row.version, sole_reason=ALONE)
        assert self.SECRET not in sign_in(world.officer).get(at("agency_return", row)).content.decode()


class TestCoordinator:
    @pytest.fixture
    def named(self, world):
        return parts.name_coordinator(
            world.ours.review, by=world.officer, agency=world.agencies["uhnm"], user=world.colleague
        )

    def test_she_sees_how_it_stands_and_what_it_says_once_it_is_signed_and_nothing_else(self, world, named, sign_in):
        row, client = world.ours.returns["uhnm"], sign_in(world.colleague)
        page = client.get(at("agency_return", row)).content.decode()
        assert "Requested" in page and CANARY not in page and world.officer.name not in page
        for name in ("write_return", "search_record", "finish_return", "sign_return", "return_files"):
            assert client.get(at(name, row)).status_code == 403, name
        row = answer(world.ours, row, by=world.author)
        page = client.get(at("agency_return", row)).content.decode()
        assert canary("ours-uhnm", "analysis") in page and canary("ours-uhnm", "purpose") not in page
        assert client.get(at("review", world.ours.review)).status_code == 404
        assert client.get(at("agency_return", world.ours.returns["school"])).status_code == 404

    def test_a_later_request_to_her_body_is_hers_too_and_all_end_with_her(self, world, named, sign_in):
        returns.withdraw(world.ours.returns["uhnm"], by=world.officer, note="Wrong author.")
        row = returns.ask_agency(
            world.ours.review, by=world.officer, agency=world.agencies["uhnm"], author=world.lead_same,
            due_on=timezone.localdate() + timedelta(days=2), purpose="Search.",
        )  # fmt: skip
        client = sign_in(world.colleague)
        assert client.get(at("agency_return", row)).status_code == 200
        sign_in(world.officer).post(at("coordinator_off", named))
        assert sign_in(world.colleague).get(at("agency_return", row)).status_code == 404

    @pytest.mark.parametrize("why", ["of another body", "barred", "named already"])
    def test_who_cannot_be_named(self, world, why):
        agency, user = world.agencies["uhnm"], world.lead_other if why == "of another body" else world.colleague
        if why == "barred":
            access.bar(world.ours.folder, user, by=world.officer, reason="personal")
        if why == "named already":
            parts.name_coordinator(world.ours.review, by=world.officer, agency=agency, user=world.lead_same)
        with pytest.raises(ValidationError):
            parts.name_coordinator(world.ours.review, by=world.officer, agency=agency, user=user)

    @pytest.mark.parametrize("persona, status", [("officer", 200), ("panel", 403), ("author", 404), ("stranger", 404)])
    def test_who_names(self, world, named, sign_in, persona, status):
        assert sign_in(world.people[persona]).get(at("coordinators", world.ours.review)).status_code == status
