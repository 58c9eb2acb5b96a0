"""Somebody leaves with a return still to write: refused until it has another author; her open tab is signed out."""

import re

import pytest

from tests import browser
from tests.journeys.people import Somebody, days_ago
from tests.journeys.test_story import record_the_notification

pytestmark = [pytest.mark.browser, browser.needs_chromium]
LEAVER, LEAD = "Bryony Catterick", "Imogen Sayle"


@pytest.fixture(scope="module")
def somebody(chromium, portal):
    return lambda name: Somebody(chromium, portal, name, javascript=False)


def test_a_lead_lets_a_colleague_leave_and_her_return_has_a_new_author(somebody):
    officer = somebody("Priya Fennel")
    review = record_the_notification(officer)
    word = officer.heading.split("\n")[-1]
    officer.go(f"{review}/ask")
    officer.page.select_option("[name=agency]", label="Midlands Partnership NHS Foundation Trust")
    officer.press("Show the people of this agency")
    options = officer.page.locator("[name=author] option").all_inner_texts()
    officer.page.select_option("[name=author]", label=next(each for each in options if LEAVER in each))
    officer.date("due_on", days_ago(-3))
    officer.fill(purpose="What your trust knows, and why this is asked.")
    officer.press("Send the request")

    leaver, lead = somebody(LEAVER), somebody(LEAD)
    leaver.page.locator("tr", has_text=word).get_by_role("link").click()
    leaver.press("Write the return")
    leaver.fill(contacts="Two visits were missed.")
    written = leaver.page.url

    lead.go("/directory/leaving")
    lead.follow(re.compile(f"Leaves\\s?: {LEAVER}"))
    lead.choose(scope="all")
    lead.date("last_day", days_ago(0))
    lead.press("Continue")
    assert "A return for a rapid review" in lead.text and word not in lead.text
    lead.press("Finish")
    assert "choose who takes it over" in lead.text
    for question in lead.page.locator("select").all():  # the return, and an action of hers
        question.select_option(label=next(o for o in question.locator("option").all_inner_texts() if LEAD in o))
    lead.press("Finish")
    assert f"The access of {LEAVER} has ended" in lead.text

    leaver.press("Save and go on to the signature")  # the tab that was open all the time
    assert "/login" in leaver.page.url
    assert leaver.go(written).status == 200 and "/login" in leaver.page.url

    lead.go("/home")
    lead.page.locator("tr", has_text=word).get_by_role("link").click()
    lead.press("Write the return")
    assert lead.page.url == written
