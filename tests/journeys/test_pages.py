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


def wrong_with(person, path) -> list:
    """What is wrong with a page as this person meets it, as words."""
    answer = person.go(path)
    if answer.status != 200:
        return [f"{path}: {answer.status}"]
    return browser.wrong_with(person.page, person.console)


def demo_review(officer):
    officer.go("/reviews/")
    officer.page.locator("tr", has_text="Working day 9 of 15").get_by_role("link").first.click()
    officer.page.wait_for_load_state()
    return officer.page.url


@pytest.mark.parametrize("path", ["/home", "/reviews/", "/reviews/notify"])
def test_the_pages_of_the_business_unit(somebody, path):
    assert wrong_with(somebody("Priya Fennel"), path) == []


STEPS = ("", "/identities", "/child", "/person", "/partners", "/ask", "/decide", "/sent")


def test_the_pages_of_a_review(somebody):
    officer = somebody("Priya Fennel")
    review = demo_review(officer)
    assert [fault for step in STEPS for fault in wrong_with(officer, review + step)] == []


def test_the_pages_of_a_review_stand_on_two_lines_and_none_of_them_breaks(somebody):
    officer = somebody("Priya Fennel")
    demo_review(officer)
    tops = "lists => lists.map(list => new Set([...list.querySelectorAll('li')].map(li => li.offsetTop)).size)"
    assert officer.page.locator("nav.moj-sub-navigation ul").evaluate_all(tops) == [1, 1]


@pytest.mark.parametrize("link", ["Report by section", "People with access", "What happened"])
def test_the_pages_that_a_review_leads_to(somebody, link):
    officer = somebody("Priya Fennel")
    demo_review(officer)
    officer.follow(link, exact=True)
    assert wrong_with(officer, officer.page.url) == []


@pytest.mark.parametrize("question", ["let-in", "bar", "declare"])
def test_the_questions_about_who_is_let_in(somebody, question):
    officer = somebody("Priya Fennel")
    demo_review(officer)
    officer.follow("People with access")
    people = officer.page.url.removesuffix("people")
    assert wrong_with(officer, people + question) == []


def test_the_pages_of_an_author(somebody):
    author = somebody("Callum Brace")
    assert wrong_with(author, "/home") == []
    author.page.locator("table a[href^='/reviews/']", has_text="Return of").click()
    author.page.wait_for_load_state()
    page = author.page.url
    assert [fault for step in ("", "/search", "/write") for fault in wrong_with(author, page + step)] == []


UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


def test_the_pages_of_the_directory(somebody):
    admin = somebody("Rowan Tull")
    assert wrong_with(admin, "/directory/") == []
    admin.go("/directory/?q=UHNM")
    admin.follow("University Hospitals of North Midlands NHS Trust")
    assert wrong_with(admin, admin.page.url) == []
    # One of each kind: what is changed, added, ended, and the history.
    kinds = {UUID.sub("…", link): link for link in hrefs(admin) if re.match(r"/directory/[a-z-]+/[0-9a-f-]{36}/", link)}
    assert {"…/duty", "…/edit", "…/history", "…/other-name", "…/schedule-item", "…/site", "…/succession"} <= {
        kind.removeprefix("/directory/organisation/") for kind in kinds
    }
    assert [fault for address in kinds.values() for fault in wrong_with(admin, address)] == []


@pytest.mark.parametrize("path", ["/accessibility", "/privacy", "/help", "/account/second-factor/"])
def test_the_pages_of_everybody(somebody, path):
    assert wrong_with(somebody("Owen Tressler"), path) == []


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
