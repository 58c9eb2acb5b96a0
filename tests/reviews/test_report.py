"""The report: tagged, marked, without identities, and with every partner's word; hostile text embeds nothing."""

import io

import pytest
from pdfua import validate
from pypdf import PdfReader

from partnership.access.services import bar
from reviews import returns, sending, services
from reviews.models import AgencyReturn, Review
from reviews.report import services as report_services
from tests.world import canary


def draw(world):
    review = Review.objects.select_related("folder").get(pk=world.ours.review.pk)
    return sending.make_report(review, by=world.officer, progress=lambda percent, doing="": None)


def text_of(content):
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


@pytest.fixture
def report(world):
    services.sign_off(world.ours.decision, by=world.signer_icb, seat="icb", stance="disagrees", reason="Not complete.")
    services.sign_off(world.ours.decision, by=world.deputy_police, seat="police", stance="agrees")
    services.record_silence(
        world.ours.decision, by=world.officer, seat="la", agency=world.agencies["council"], reason="Rang twice."
    )
    return draw(world)


def test_the_report_is_tagged_marked_and_named(report, tmp_path):
    document = PdfReader(io.BytesIO(report))
    assert document.trailer["/Root"]["/Lang"] == "en-GB"
    assert document.metadata.title.startswith("Rapid review")
    assert all(page.extract_text().count("OFFICIAL-SENSITIVE") >= 2 for page in document.pages)
    (tmp_path / "report.pdf").write_bytes(report)
    found = validate(str(tmp_path / "report.pdf"))
    # The package overlooks the Headers of table cells; tests/ui/test_pdf.py reads those.
    assert {finding.rule_id for finding in found.findings} <= {"UA-15-003"}


def test_the_report_holds_what_was_written_and_no_identity(report):
    words = text_of(report).replace("\n", "")
    for written in ("what_happened", "facts", "lives", "improvements", "rationale"):
        assert canary("ours", written) in words
    for hidden in ("name", "other_names", "addresses", "other"):
        assert canary("ours", hidden) not in words


def test_the_first_table_says_which_child_was_harmed_and_the_contents_stand_on_one_page(world):
    services.add_child(
        world.ours.review, by=world.officer, age_band="1-4", legal_status="cin", outcome="concern", sibling=True
    )
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(draw(world))).pages]
    assert "Child A Was seriously harmed." in pages[0] and "Child B Brother or sister of concern." in pages[0]
    (contents,) = [page for page in pages if "Contents" in page]
    assert "1. What happened and what was notified" in contents and "9. Next steps, and why" in contents


def test_the_report_shows_each_partners_word_with_its_reason(report):
    words = " ".join(text_of(report).split())
    for said in ("Disagrees", "Not complete.", "as dated deputy of the delegate", "Has not answered", "Rang twice."):
        assert said in words


def test_the_report_says_who_recorded_the_decision_and_for_which_organisation_each_signed(world, report):
    words = " ".join(text_of(report).split())
    assert f"by {world.officer.name}" in words and "Decision 1, recorded on" in words
    assert f"Nobody. Recorded by {world.officer.name}" in words, "a silence names who recorded it"
    squeezed = words.replace(" ", "")
    for seat in ("council", "icb", "police"):
        assert world.agencies[seat].name.replace(" ", "") in squeezed


@pytest.mark.parametrize("lines", range(0, 40, 8))
def test_the_caption_of_the_signatures_stands_on_their_page(world, lines):
    """Wherever the page breaks: the decision is made longer until the table has moved over an edge."""
    services.decide(world.ours.review, by=world.officer, code="lcspr", rationale="A line.\n" * (lines + 1))
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(draw(world))).pages]
    (found,) = [page for page in pages if "safeguarding partners on decision 2" in page]
    assert "Chief officer of police" in found.split("safeguarding partners on decision 2")[1]


def test_a_return_that_was_not_submitted_is_named_as_outstanding_and_not_quoted(world, report):
    row = AgencyReturn.objects.get(pk=world.ours.returns["uhnm"].pk)
    returns.save_return(row, by=world.author, version=row.version, answers={"analysis": "half a thought"})
    words = " ".join(text_of(draw(world)).split())
    assert "Outstanding: University Hospitals of North Midlands NHS Trust" in words
    assert "half a thought" not in words


@pytest.mark.parametrize(
    "hostile",
    [
        '<link rel="attachment" href="file:///etc/passwd">',
        '<img src="http://127.0.0.1:9/x.png">',
        "<style>@import url(file:///etc/passwd);</style>",
        "{% load static %}{{ settings.SECRET_KEY }}",
    ],
)
def test_hostile_words_are_printed_as_words(world, hostile):
    section = world.ours.review.sections.get(code="facts")
    report_services.write(section, by=world.officer, version=section.version, text=hostile)
    content = draw(world)
    assert hostile.replace(" ", "") in text_of(content).replace("\n", "").replace(" ", "")
    assert "/EmbeddedFiles" not in PdfReader(io.BytesIO(content)).trailer["/Root"].get("/Names", {})


def test_somebody_barred_draws_nothing(world):
    bar(world.ours.folder, world.officer, by=world.manager, reason="personal")
    with pytest.raises(Review.DoesNotExist):
        draw(world)
