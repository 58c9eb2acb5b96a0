"""Every page that a person meets: axe finds nothing, nothing is wider than the screen, the console is quiet."""

import json
import re

import pytest

from tests import browser
from tests.journeys.people import Somebody

pytestmark = [pytest.mark.browser, browser.needs_chromium]


@pytest.fixture(scope="module")
def somebody(chromium, portal):
    return lambda name: Somebody(chromium, portal, name)


def looks_right(person, path):
    answer = person.go(path)
    assert answer.status == 200, f"{path}: {answer.status}"
    browser.check(person.page, person.console)


def demo_review(officer):
    officer.go("/reviews/")
    officer.page.locator("table a").last.click()
    officer.page.wait_for_load_state()
    return officer.page.url


def test_the_pages_of_the_business_unit(somebody):
    officer = somebody("Priya Fennel")
    review = demo_review(officer)
    looks_right(officer, "/home")
    looks_right(officer, "/reviews/")
    looks_right(officer, "/reviews/notify")
    for step in ("", "/identities", "/child", "/person", "/partners", "/ask", "/decide", "/sent"):
        looks_right(officer, review + step)
    officer.go(review)
    for link in ("Analysis", "People with access", "What happened"):
        officer.go(review)
        officer.follow(link, exact=True)
        looks_right(officer, officer.page.url)
    officer.go(review)
    officer.follow("People with access")
    people = officer.page.url.removesuffix("people")
    looks_right(officer, f"{people}let-in")
    looks_right(officer, f"{people}bar")


def test_the_pages_of_an_author(somebody):
    author = somebody("Callum Brace")
    looks_right(author, "/home")
    author.go("/home")
    author.page.locator("table a").last.click()
    author.page.wait_for_load_state()
    page = author.page.url
    for step in ("", "/search", "/write"):
        looks_right(author, page + step)


def test_the_pages_of_the_directory(somebody):
    admin = somebody("Rowan Tull")
    looks_right(admin, "/directory/")
    admin.go("/directory/?q=UHNM")
    admin.follow("University Hospitals of North Midlands NHS Trust")
    looks_right(admin, admin.page.url)
    for address in sorted({link for link in hrefs(admin) if re.search(r"/directory/.*(add|edit|history)", link)}):
        looks_right(admin, address)


def test_the_pages_of_everybody(somebody):
    person = somebody("Owen Tressler")
    for path in ("/accessibility", "/privacy", "/help", "/account/second-factor/"):
        looks_right(person, path)


def test_signed_out_the_back_button_and_the_store_show_nothing(somebody):
    officer = somebody("Priya Fennel")
    demo_review(officer)
    officer.press("Sign out")
    officer.page.go_back()
    officer.page.wait_for_load_state()
    assert "of 15" not in officer.text
    stored = officer.page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
    # htmx notes the address of the page that stands there now, the sign-in page; addresses hold no names.
    session, local = json.loads(stored)
    assert set(session) <= {"htmx-current-path-for-history"}, stored
    assert local == {}, stored


def hrefs(person):
    return [link.get_attribute("href") for link in person.page.locator("main a").all()]
