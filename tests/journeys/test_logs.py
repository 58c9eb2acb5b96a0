"""Day one: a messy action log is sent in, its words are said, it is taken in, an owner is named; a risk is added."""

import re

import pytest

from tests import browser
from tests.actions.logs import XLSX, action_log
from tests.journeys.people import Somebody, days_ago

pytestmark = [pytest.mark.browser, browser.needs_chromium]


@pytest.fixture(scope="module")
def somebody(chromium, portal):
    return lambda name: Somebody(chromium, portal, name, javascript=False)


def test_a_log_comes_in_and_its_owners_are_named(somebody):
    officer = somebody("Priya Fennel")
    officer.go("/actions/imports/add")
    officer.choose(kind="actions", how="file")
    officer.page.select_option("[name=folder]", index=1)
    officer.date("as_of", days_ago(3))
    file = {"name": "Action log.xlsx", "mimeType": XLSX, "buffer": action_log(12, extra=[_born()])}
    officer.page.set_input_files("[name=file]", files=[file])
    officer.press("Go on")
    assert "13 rows of Action log.xlsx" in officer.text and "a date of birth" in officer.text
    officer.follow("Say what the words mean")
    for at in range(officer.page.locator("fieldset").count()):
        group = officer.page.locator(f"[name=words_{at}]")
        if group.count():
            offered = [each.get_attribute("value") for each in group.all()]
            officer.choose(**{f"words_{at}": next(v for v in ("offered", "closed", "parked", "none") if v in offered)})
    officer.press("Save and look at the rows")
    assert "words or dates can mean" not in officer.text
    officer.page.uncheck("#row-6")
    officer.press("Go on with the ticked rows")
    assert "Take 11 rows in" in officer.heading
    officer.press("Take them in")
    assert "11 rows were taken in" in officer.text
    officer.go("/actions/owners")
    officer.follow("‘Sarah’")
    officer.choose(person="other")
    officer.page.select_option("[name=somebody]", index=1)
    officer.press("Give them")
    assert re.search(r"rows? (was|were) given to|stays:", officer.text)
    officer.go("/actions/imports")
    officer.follow("Action log.xlsx")
    officer.follow("Take this log back")
    assert "Somebody has worked on" in officer.text


def _born():
    return [99, "Ring the family, DOB 3/4/19", None, None, None, "1/2/2027", None, None, "Open"]


def test_a_risk_is_added_and_closed(somebody):
    officer = somebody("Priya Fennel")
    officer.go("/actions/risks/add")
    officer.page.select_option("[name=folder]", index=1)
    officer.fill(what="Too few social workers")
    officer.choose(likelihood="4", impact="5")
    officer.press("Add it")
    assert "Score 20" in officer.text and officer.heading.endswith("Too few social workers")
    officer.press("Close it")
    officer.fill(close_reason="The posts are filled.")
    officer.press("Close it")
    assert "The risk was closed." in officer.text
    officer.go("/actions/risks?status=closed")
    assert "Too few social workers" in officer.text
