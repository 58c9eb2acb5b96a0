"""The directory at a browser: the list's boxes, its rows, its address and its export say the same, also after Back."""

import pytest

from tests import browser
from tests.journeys.people import Somebody

pytestmark = [pytest.mark.browser, browser.needs_chromium]


def list_says(page):
    """(what the box holds, what was found, the address's query, what the export would take out)."""
    page.wait_for_load_state()
    export = page.locator("#results form").get_attribute("action")
    return (
        page.input_value("main [name=q]"),
        page.locator("#results [data-announce]").get_attribute("data-announce"),
        page.evaluate("new URL(location.href).searchParams.get('q') || ''"),
        page.evaluate("address => new URL(address, location.href).searchParams.get('q') || ''", export),
    )


def stands_there(page, says):
    """The address changes first and the page is fetched anew: wait for what it then says."""
    page.wait_for_selector(f"#results [data-announce='{says[1]}']", state="attached")
    browser.settled(page)
    assert list_says(page) == says


def show(page, words):
    page.fill("main [name=q]", words)
    with page.expect_response(lambda answer: "/directory/" in answer.url and "q=" in answer.url):
        page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url(f"**q={words}*")


def test_boxes_rows_address_and_export_agree_after_back_and_forward(chromium, portal):
    admin = Somebody(chromium, portal, "Rowan Tull")
    page = admin.page
    admin.go("/directory/")
    browser.settled(page)
    everything = list_says(page)
    show(page, "nursery")
    nurseries = list_says(page)
    assert nurseries[0] == nurseries[2] == nurseries[3] == "nursery"
    assert nurseries[1] != everything[1]
    show(page, "hospital")
    hospitals = list_says(page)
    page.go_back()
    stands_there(page, nurseries)
    page.go_back()
    stands_there(page, everything)
    page.go_forward()
    stands_there(page, nurseries)
    page.go_forward()
    stands_there(page, hospitals)


def test_back_from_an_organisation_leads_to_the_list_that_was_filtered(chromium, portal):
    admin = Somebody(chromium, portal, "Rowan Tull")
    page = admin.page
    admin.go("/directory/")
    browser.settled(page)
    show(page, "hospital")
    before = list_says(page)
    page.locator("#results table a").first.click()
    page.wait_for_url("**/organisation/**")
    page.go_back()
    stands_there(page, before)
    assert list_says(page) == before
