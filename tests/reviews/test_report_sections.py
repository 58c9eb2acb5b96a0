"""The report by section: written by several, drafted from the sources, commented on, signed by its version."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from partnership.access import services as access
from partnership.access.flow import Stale
from partnership.notify.models import Notice
from partnership.people.roles import Role
from reviews import sending, services
from reviews.findings import services as findings
from reviews.models import Episode, Review, ScrutinyComment, SignOff
from reviews.report import reads
from reviews.report import services as report
from reviews.report.blocks import blocks
from tests.reviews.test_pages import form_of
from tests.reviews.test_report import draw, text_of
from tests.reviews.test_services import page_of
from tests.world import appoint, canary, person
from tests.world import sign_in as sign_in_on


def section(world, code="lives"):
    return world.ours.review.sections.select_related("review", "folder").get(code=code)


def to(name, row):
    return reverse(f"reviews:{name}", args=[row.pk])


def home(world):
    return reverse("reviews:report_sections", args=[world.ours.folder.pk])


def shown(client, world):
    return " ".join(client.get(home(world)).content.decode().split())


def titles_of(outline):
    for each in outline:
        if isinstance(each, list):
            yield from titles_of(each)
        else:
            yield each.title


# --- several people ---------------------------------------------------------------------------------------------------


def test_two_in_one_section_see_both_texts_and_the_second_loses_nothing(world):
    row = section(world)
    first, second = sign_in_on(Client(), world.officer), sign_in_on(Client(), world.case_officer)
    read = [form_of(client.get(to("write_section", row))) for client in (first, second)]
    assert first.post(to("write_section", row), read[0] | {"text": "The officer's."}).status_code == 302
    answer = second.post(to("write_section", row), read[1] | {"text": "The other's."})
    assert answer.status_code == 409
    assert answer.context["clash"].rows == [("Text", "The other's.", "The officer's.")]
    assert f"{world.officer.name} saved this section at" in answer.content.decode()
    assert section(world).text == "The officer's.", "nothing was written over"
    assert second.post(to("write_section", row), form_of(answer)).status_code == 302
    assert section(world).text == "The other's." and section(world).saved_by == world.case_officer


def test_two_tabs_of_one_person_clash_too_and_the_autosave_says_so(world, sign_in):
    row, client = section(world), sign_in(world.officer)
    tabs = [form_of(client.get(to("write_section", row))) for _ in range(2)]
    htmx = {"HX-Request": "true"}
    saved = client.post(to("write_section", row), tabs[0] | {"text": "One tab."}, headers=htmx)
    assert saved.status_code == 200
    again = tabs[0] | {"text": "One tab, and more.", "version": saved.json()["version"]}
    assert client.post(to("write_section", row), again, headers=htmx).status_code == 200
    assert client.post(to("write_section", row), tabs[1] | {"text": "The other."}, headers=htmx).status_code == 409
    answer = client.post(to("write_section", row), tabs[1] | {"text": "The other."})
    assert "You saved this section in another window" in answer.content.decode()
    assert section(world).text == "One tab, and more."


def test_two_in_two_sections_never_meet(world):
    one, other = section(world, "lives"), section(world, "improvements")
    first, second = sign_in_on(Client(), world.officer), sign_in_on(Client(), world.case_officer)
    read = form_of(second.get(to("write_section", other)))
    first.post(to("write_section", one), form_of(first.get(to("write_section", one))) | {"text": "A."})
    assert second.post(to("write_section", other), read | {"text": "B."}).status_code == 302
    assert (section(world, "lives").text, section(world, "improvements").text) == ("A.", "B.")


def test_a_text_sent_again_with_other_line_ends_is_no_change(world):
    row = section(world)
    report.write(row, by=world.officer, version=row.version, text="One.\nTwo.")
    before = section(world)
    assert report.write(row, by=world.case_officer, version=1, text="One.\r\nTwo.").version == before.version


# --- drafts -----------------------------------------------------------------------------------------------------------


def test_everything_that_is_there_is_drafted_and_nothing_that_somebody_typed_is_touched(world, sign_in):
    findings.add(Episode, world.ours.review, by=world.officer, title="The first visit", happened="Nobody at home.")
    client = sign_in(world.officer)
    answer = client.post(reverse("reviews:draft_report", args=[world.ours.review.pk]), follow=True)
    words = " ".join(answer.content.decode().split())
    assert "3 sections were drafted from the sources." in words and "what stands there was left as it is" in words
    assert "4 of 9 sections are written, 3 are drafts from the sources." in words
    assert section(world, "facts").text == canary("ours", "facts"), "typed words stay"
    assert canary("ours", "what_happened") in section(world, "notified").text
    assert canary("ours", "rationale") in section(world, "next_steps").text
    agencies = section(world, "agencies").text
    label = f"ours-{world.ours.returns['school'].agency.slug}"
    assert canary(label, "analysis") in agencies and canary(label, "learning") in agencies
    everything = " ".join(each.text for each in world.ours.review.sections.all())
    for kept in (canary(label, "family"), canary(label, "contacts"), canary("ours", "name"), canary("ours", "other")):
        assert kept not in everything
    uhnm = world.ours.returns["uhnm"].agency
    assert uhnm.name not in agencies, "a return that is not in is not quoted"
    assert "Nothing was drafted" in client.post(
        reverse("reviews:draft_report", args=[world.ours.review.pk]), follow=True
    ).content.decode()  # fmt: skip


def test_to_draft_again_asks_first_where_somebody_has_written(world, sign_in):
    findings.add(Episode, world.ours.review, by=world.officer, title="The first visit", happened="Nobody at home.")
    row, client = section(world, "facts"), sign_in(world.officer)
    page = client.get(to("draft_section", row))
    assert canary("ours", "facts") in page.content.decode() and "Nobody at home." in page.content.decode()
    answer = client.post(to("draft_section", row), form_of(page) | {"how": ""})
    assert answer.status_code == 422 and section(world, "facts").text == canary("ours", "facts")
    with pytest.raises(ValidationError, match="Somebody has written"):
        report.draft(row, by=world.officer, version=row.version)
    assert client.post(to("draft_section", row), form_of(page) | {"how": "below"}).status_code == 302
    both = section(world, "facts")
    assert both.text.startswith(canary("ours", "facts")) and "## The first visit" in both.text and both.typed
    again = client.get(to("draft_section", row))
    assert (
        client.post(to("draft_section", row), form_of(page) | {"how": "replace", "form_token": ""}).status_code == 409
    )
    assert client.post(to("draft_section", row), form_of(again) | {"how": "replace"}).status_code == 302
    assert canary("ours", "facts") not in section(world, "facts").text and not section(world, "facts").typed


def test_a_draft_that_is_overtaken_by_its_sources_says_so(world, sign_in):
    report.draft(section(world, "next_steps"), by=world.officer, version=1)
    client = sign_in(world.officer)
    assert "The sources have changed since it was drafted." not in shown(client, world)
    services.decide(world.ours.review, by=world.officer, code="lcspr", rationale="Read again.")
    assert "The sources have changed since it was drafted." in shown(client, world)
    with pytest.raises(ValidationError, match="sources hold nothing"):
        report.draft(section(world, "family"), by=world.officer, version=1)


def test_a_section_where_nobody_wrote_says_in_the_report_what_the_sources_give(world):
    words = text_of(draw(world)).replace("\n", "")
    assert canary("ours", "what_happened") in words and words.count(canary("ours", "rationale")) == 1
    row = section(world, "next_steps")
    report.write(row, by=world.officer, version=row.version, text="Our own words.")
    words = text_of(draw(world)).replace("\n", "")
    assert "Our own words." in words and canary("ours", "rationale") in words, "the decision itself stands always"


def test_the_report_has_contents_with_page_numbers_and_headings_of_its_sections(world):
    report.write(section(world, "family"), by=world.officer, version=1, text="## Mother\nSpoke to us.\n\n- one\n- two")
    document = PdfReader(io.BytesIO(draw(world)))
    whole = next(text for page in document.pages if "Contents" in (text := " ".join(page.extract_text().split())))
    assert "1. What happened and what was notified" in whole and "9. Next steps, and why" in whole, "on one page"
    titles = list(titles_of(document.outline))
    assert "9. Next steps, and why" in titles and "Mother" in titles
    assert "/StructTreeRoot" in document.trailer["/Root"]


def test_plain_lines_become_headings_lists_and_paragraphs():
    assert blocks("## A\nOne\ntwo\n\nthree\n- x\n- y\n\n##not") == [
        ("heading", "A"), ("text", "One\ntwo"), ("text", "three"), ("list", ["x", "y"]), ("text", "##not"),
    ]  # fmt: skip


def test_progress_counts_what_people_wrote():
    assert reads.progress(["written", "draft", "empty"]) == "1 of 3 sections is written, 1 is a draft from the sources"
    assert reads.progress(["written", "written", "empty"]) == "2 of 3 sections are written"


# --- after the sending ------------------------------------------------------------------------------------------------


def test_nothing_changes_after_the_sending_and_what_was_typed_is_shown(world, sign_in):
    row, client = section(world), sign_in(world.officer)
    read = form_of(client.get(to("write_section", row)))
    version = world.ours.version
    version.refresh_from_db()
    sending.record_sending(
        Review.objects.get(pk=world.ours.review.pk), by=world.officer, version=version, sent_at=timezone.now(),
        due_on=timezone.localdate(),
    )  # fmt: skip
    answer = client.post(to("write_section", row), read | {"text": "Too late."})
    assert answer.status_code == 409 and "Too late." in answer.content.decode()
    with pytest.raises(Stale):
        report.draft_all(world.ours.review, by=world.officer)
    page = shown(client, world)
    assert to("write_section", row) not in page and "its sections stay as they are" in page
    assert section(world).text == canary("ours", "lives")


# --- independent scrutiny ---------------------------------------------------------------------------------------------


def test_the_scrutineer_reads_the_report_comments_and_opens_nothing_else(world, sign_in):
    client = sign_in(world.scrutineer)
    assert canary("ours", "facts") in shown(client, world)
    review, folder = world.ours.review, world.ours.folder
    for name in ("review", "chronology", "meeting", "findings", "panel", "decide", "sign_off", "record_sending"):
        assert client.get(reverse(f"reviews:{name}", args=[review.pk])).status_code == 404, name
    assert client.get(to("write_section", section(world))).status_code == 403
    assert client.get(reverse("reviews:of_folder", args=[folder.pk])).url == home(world)
    at = reverse("reviews:comment_report", args=[folder.pk])
    Notice.objects.all().delete()
    assert client.post(at, {"words": "The child's voice is thin."}).status_code == 302
    told = set(Notice.objects.values_list("recipient_id", flat=True))
    assert {world.signer_icb.pk, world.officer.pk} <= told and world.panel.pk not in told
    for reader in (world.signer_icb, world.panel, world.officer):
        page = shown(sign_in(reader), world)
        assert "The child&#x27;s voice is thin." in page and world.scrutineer.name in page
        assert at not in page, "only the scrutineer comments"
    assert sign_in(world.officer).post(at, {"words": "Forged."}).status_code == 403
    assert "voice is thin" in text_of(draw(world)).replace("\n", " ")
    assert ScrutinyComment.objects.unscoped("kept").count() == 1


def test_who_scrutinises_a_case_has_no_other_role_on_it(world):
    folder, by = world.ours.folder, world.officer
    for role in (Role.CASE_OFFICER, Role.PANEL_MEMBER):
        with pytest.raises(ValidationError, match="independent scrutineer here"):
            access.grant(folder, world.scrutineer, role, by=by, reason="x")
    for other in (world.panel, world.signer_icb):
        appoint(other)
        with pytest.raises(ValidationError, match="cannot"):
            access.grant(folder, other, Role.SCRUTINEER, by=by, reason="x")


def test_a_scrutineer_whose_days_are_over_reads_nothing_more(world, sign_in):
    other = person("second_scrutineer", Role.BOARD_MEMBER)
    appoint(other)
    row = access.grant(world.ours.folder, other, Role.SCRUTINEER, by=world.officer, reason="Allocated.")
    client = sign_in(other)
    assert client.get(home(world)).status_code == 200
    access.revoke(row, by=world.officer)
    assert client.get(home(world)).status_code == 404


# --- a signature and the version that it had --------------------------------------------------------------------------


def test_a_signature_names_the_version_it_had_and_a_change_after_it_is_shown(world, sign_in):
    at = reverse("reviews:sign_off", args=[world.ours.review.pk])
    client = sign_in(world.signer_icb)
    read = form_of(client.get(at))
    assert read["report"] == str(world.ours.version.pk)
    assert client.post(at, read | {"seat": "icb", "stance": "agrees"}).status_code == 302
    assert SignOff.objects.unscoped("it").get().report_id == world.ours.version.pk
    page = " ".join(client.get(reverse("reviews:review", args=[world.ours.review.pk])).content.decode().split())
    assert "Had version 1 of the report" in page and "was changed after that" not in page
    report.write(section(world), by=world.officer, version=2, text="Changed behind their back.")
    page = " ".join(client.get(reverse("reviews:review", args=[world.ours.review.pk])).content.decode().split())
    assert "What it is made from was changed after that." in page
    assert any("changed after the integrated care board signed" in each for each in sending.warnings(page_of(world)))
    assert "having version 1 of the report" in " ".join(text_of(draw(world)).split())


def test_a_signature_cannot_name_a_file_that_is_no_report_of_this_case(world, sign_in):
    at = reverse("reviews:sign_off", args=[world.ours.review.pk])
    client = sign_in(world.signer_icb)
    read = form_of(client.get(at)) | {"seat": "icb", "stance": "agrees", "report": str(world.theirs.version.pk)}
    assert client.post(at, read).status_code == 404
    assert not SignOff.objects.unscoped("none").exists()
