"""The gallery in Chromium: axe finds nothing, nothing is wider than the screen, and it works without JavaScript."""

import pytest

from tests import browser

pytestmark = [pytest.mark.browser, browser.needs_chromium]


@pytest.fixture(scope="module")
def portal():
    with browser.serve() as address:
        yield address


@pytest.mark.parametrize("query", ["", "?errors=1"])
def test_the_gallery_is_accessible_at_every_width(chromium, portal, query):
    page, console = browser.open_page(chromium)
    page.goto(f"{portal}/ui/gallery{query}")
    wrong = browser.wrong_with(page, console)
    page.context.close()
    assert wrong == []


# How far above its field's lower edge each filter's last box ends.
BELOW = """[...document.querySelectorAll(".portal-filter > .govuk-form-group")].map((field) => {
  const edges = [...field.querySelectorAll("input, select")].map((box) => box.getBoundingClientRect().bottom);
  return Math.abs(field.getBoundingClientRect().bottom - Math.max(...edges));
})"""


def test_the_boxes_of_filters_that_stand_beside_each_other_end_on_one_line(chromium, portal):
    page, _ = browser.open_page(chromium)
    page.goto(f"{portal}/ui/gallery")
    browser.settled(page)
    below = page.evaluate(BELOW)
    page.context.close()
    assert len(below) == 4 and max(below) <= 2, below


def test_a_page_at_twice_the_text_size_is_not_wider_than_the_screen(chromium, portal):
    page, _ = browser.open_page(chromium, width=640)
    page.goto(f"{portal}/ui/gallery?errors=1")
    browser.settled(page)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert browser.overflow(page) <= 0
    page.context.close()


def test_the_first_key_leads_past_the_navigation_and_a_problem_leads_to_its_field(chromium, portal):
    page, _ = browser.open_page(chromium)
    page.goto(f"{portal}/ui/gallery")
    browser.settled(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main-content"
    page.goto(f"{portal}/ui/gallery?errors=1")
    browser.settled(page)
    assert page.evaluate("document.activeElement.className") == "govuk-error-summary"
    page.get_by_role("link", name="The date of last contact must include a month").press("Enter")
    assert page.evaluate("document.activeElement.id") == "id_last_contact_month"
    page.context.close()


def test_without_javascript_every_field_and_every_way_on_is_there(chromium, portal):
    page, _ = browser.open_page(chromium, javascript=False)
    page.goto(f"{portal}/ui/gallery")
    assert page.get_by_label("Which teams knew the child?").is_visible()
    assert page.get_by_role("link", name="Check again").is_visible()
    assert page.get_by_role("button", name="Show", exact=True).is_visible()
    assert page.get_by_label("Upload the chronology").is_visible()
    page.context.close()


def test_a_count_is_told_while_one_types(chromium, portal):
    page, _ = browser.open_page(chromium)
    page.goto(f"{portal}/ui/gallery")
    browser.settled(page)
    page.get_by_label("Summary of involvement").fill("x" * 10)
    count = page.locator(".govuk-character-count__status", has_text="You have 790 characters remaining")
    count.wait_for()  # it is counted again once a second
    assert count.is_visible()
    page.context.close()
