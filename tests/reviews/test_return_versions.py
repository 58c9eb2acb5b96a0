"""A return is kept as it was signed: what changes it is a new version, with its reason and its own signature."""

import pytest
from django.db import connection
from django.db.utils import ProgrammingError
from django.utils import timezone

from reviews import returns, sending
from reviews.answering import notices, reads, signing
from reviews.models import AgencyReturn
from reviews.report.reads import report
from tests.reviews.answering import WHY, S, fresh, told
from tests.reviews.test_pages import at
from tests.reviews.test_services import page_of
from tests.world import canary


class TestVersions:
    def changed(self, world, signed, words="What we know better now."):
        row = signing.change(signed, by=world.author, reason="An archive was found.")
        return returns.save_return(row, by=world.author, version=row.version, answers={"analysis": words})

    def test_a_change_needs_its_reason_and_another_signature_and_what_was_signed_stays(self, world, signed, sign_in):
        client = sign_in(world.author)
        assert client.post(at("change_return", signed), {"change_reason": ""}).status_code == 422
        assert client.post(at("change_return", signed), {"change_reason": "An archive was found."}).status_code == 302
        assert told(notices.CHANGING) == {world.officer}
        row = fresh(signed)
        row = returns.save_return(row, by=world.author, version=row.version, answers={"analysis": "Better known."})
        old = canary("ours-uhnm", "analysis")
        for reader in (world.officer, world.panel, world.lead_same):
            page = sign_in(reader).get(at("agency_return", row)).content.decode()
            assert old in page and "Better known." not in page, "what was signed stands until the next is signed"
        row = signing.finish(row, by=world.author, version=row.version, signer=world.lead_same)
        signing.sign(row, by=world.lead_same, read=signing.as_read(row))
        client = sign_in(world.officer)
        page = client.get(at("agency_return", row)).content.decode()
        assert "Better known." in page and old not in page and "What version 2 changed" in page
        page = client.get(f"{at('agency_return', row)}/version/2").content.decode()
        assert old in page and "Better known." in page and "An archive was found." in page
        page = client.get(f"{at('agency_return', row)}/version/1").content.decode()
        assert old in page and "Better known." not in page

    def test_a_draft_of_a_change_is_in_no_version(self, world, signed, sign_in):
        row = self.changed(world, signed)
        for user in (world.officer, world.panel, world.signer_icb):
            client = sign_in(user)
            for number in (1, 2, 3):
                page = client.get(f"{at('agency_return', row)}/version/{number}")
                assert (page.status_code == 200) == (number == 1)
                assert "What we know better now." not in page.content.decode()

    def test_while_it_changes_the_report_and_the_warnings_have_what_was_signed(self, world, signed):
        row = self.changed(world, signed)
        for each in (row, signing.finish(row, by=world.author, version=row.version, signer=world.lead_same)):
            context = report(world.officer, world.ours.review)
            (shown,) = [one for one in context["returned"] if one.pk == each.pk]
            assert shown.analysis == canary("ours-uhnm", "analysis") and each not in context["outstanding"]
        warned = sending.warnings(page_of(world))
        assert not [words for words in warned if "not come in" in words]
        assert f"A return is being changed; what was submitted before stands: {row.agency.name}." in warned

    def test_another_returns_versions_are_not_found_by_its_address(self, world, signed, sign_in):
        for user in (world.author_other, world.stranger, world.colleague):
            assert sign_in(user).get(f"{at('agency_return', signed)}/version/1").status_code == 404

    def test_one_that_was_sent_back_keeps_its_earlier_version(self, world, signed):
        row = returns.send_back(signed, by=world.officer, note="Dates.", due_on=timezone.localdate())
        assert (row.number, row.signed_at) == (2, None)
        (kept,) = reads.versions_of(row)
        assert kept.analysis == canary("ours-uhnm", "analysis") and kept.signer == world.lead_same

    def test_what_was_submitted_before_there_were_signatures_stays_valid_and_says_so(self, world, sign_in):
        row = world.ours.returns["uhnm"]
        submitted = {"status": S.SUBMITTED, "submitted_at": timezone.now()}
        AgencyReturn.objects.unscoped(WHY).filter(pk=row.pk).update(**submitted)
        page = sign_in(world.officer).get(at("agency_return", row)).content.decode()
        assert "Submitted before signatures were asked for" in page
        row = returns.send_back(fresh(row), by=world.officer, note="Dates.", due_on=timezone.localdate())
        (kept,) = reads.versions_of(row)
        assert (kept.number, kept.signed_at, row.number) == (1, None, 2)

    def test_what_was_signed_cannot_be_rewritten(self, world, signed):
        with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
            cursor.execute("UPDATE reviews_returnversion SET analysis = 'Other.'")
